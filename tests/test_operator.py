"""The operator's details: right in form, or a message with line and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import operator, problems
from catalog.operator import Operator

COMPLETE = (Path(__file__).parent / "cases/operator/complete.yml").read_text()


def read(text: str) -> tuple[Operator, str]:
    """The details in a mkdocs.yml, and the messages about them."""
    details, found = operator.read(yaml.safe_load(text)["extra"]["operator"], operator.origin(operator.lines(text)))
    return details, problems.as_text(sorted(found))


def changed(before: str, after: str) -> str:
    assert COMPLETE.count(before) == 1, before
    return COMPLETE.replace(before, after)


def test_complete_details_are_read() -> None:
    details, found = read(COMPLETE)
    assert found == ""
    assert details.address == ("Marktplatz 1", "32657 Lemgo")
    assert details.accessibility.reviewed is not None
    assert details.accessibility.barriers[0].group == "unvereinbar"
    assert details.feedback_email == "barriere@stadt-lemgo.de"


def test_every_field_is_tried() -> None:
    """So that a field which the model gains is in the complete details too."""
    details, _ = read(COMPLETE)

    def unset(part: Any) -> list[str]:
        inside = [value for _, value in part if isinstance(value, operator.Part)]
        return [*(type(part).model_fields.keys() - part.model_fields_set), *(key for p in inside for key in unset(p))]

    assert unset(details) == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("\n    phone:", "\n    fone:", "13: extra.operator.fone: „fone“ ist kein bekannter Schlüssel. Meinten Sie „phone“?"),
        ("      log_days", "      logdays", "29: extra.operator.hosting.logdays: „logdays“ ist kein bekannter Schlüssel. Meinten Sie „log_days“?"),
        ("vielfalt@stadt-lemgo.de", "vielfalt(at)stadt-lemgo.de", "12: extra.operator.email (E-Mail): „vielfalt(at)stadt-lemgo.de“ ist keine E-Mail-Adresse."),
        ('"05261 213-0"', "0211123", "13: extra.operator.phone (Telefon): YAML liest hier „70227“, eine Zahl oder ja/nein. Bitte in Anführungszeichen setzen."),
        ('"05261 213-0"', "siehe Website", "13: extra.operator.phone (Telefon): „siehe Website“ ist keine Telefonnummer."),
        ("[Marktplatz 1, 32657 Lemgo]", "Marktplatz 1", "10: extra.operator.address (Anschrift): „Marktplatz 1“ ist keine Liste."),
        ("[Marktplatz 1, 32657 Lemgo]", "[]", "10: extra.operator.address (Anschrift): Die Liste ist leer."),
        ("DE123456789", "123/456", "16: extra.operator.vat_id (Umsatzsteuer-ID): „123/456“ ist keine deutsche Identifikationsnummer."),
        ("updated: 2026-11-01", "updated: 2026-11", "17: extra.operator.updated (Stand): „2026-11“ nennt keinen Tag. Zum Beispiel: 2026-11-20"),
        ("prepared: 2025-10-01", "prepared: 1.10.2025", "36: extra.operator.accessibility.prepared (Erstellt am): „1.10.2025“ ist kein Datum."),
        ("public_body: true", "public_body: teils", "9: extra.operator.public_body (Öffentliche Stelle): „teils“ ist nicht erlaubt. Erlaubt: true oder false."),
        ("log_days: 7", "log_days: eine Woche", "29: extra.operator.hosting.log_days (Speicherdauer in Tagen): „eine Woche“ ist keine Zahl von Tagen."),
        ("log_days: 7", "log_days: -1", "29: extra.operator.hosting.log_days (Speicherdauer in Tagen): „-1“ ist keine Zahl von Tagen."),
        ("status: teilweise", "status: teilweis", "33: extra.operator.accessibility.status (Stand): „teilweis“ ist nicht erlaubt. Meinten Sie „teilweise“?"),
        ("method: dritte", "method: gefühlt", "34: extra.operator.accessibility.method (Methode): „gefühlt“ ist nicht erlaubt. Erlaubt: selbst, dritte."),
        ("group: ausgenommen", "group: egal", "47: extra.operator.accessibility.barriers[2].group (Gruppe): „egal“ ist nicht erlaubt. Erlaubt: unvereinbar, belastung, ausgenommen."),
        ("          reason: Sie ist ein Bild.\n", "", "42: extra.operator.accessibility.barriers[1].reason (Grund): fehlt. Bitte eintragen: Warum es nicht barrierefrei ist."),
        ("https://www.stadt-lemgo.de/barriere/", "www.stadt-lemgo.de", "38: extra.operator.accessibility.feedback_form (Kontaktformular): „www.stadt-lemgo.de“ ist keine Webadresse."),
        ("https://www.stadt-lemgo.de/barriere/", "http://www.stadt-lemgo.de", "38: extra.operator.accessibility.feedback_form (Kontaktformular): „http://www.stadt-lemgo.de“ ist nicht verschlüsselt."),
        ("https://video.stadt-lemgo.de/dgs/", "javascript:alert(1)", "40: extra.operator.accessibility.sign_language (Gebärdensprache): „javascript:alert(1)“ ist keine Webadresse."),
        ("status: teilweise", "status: vollstaendig", "33: extra.operator.accessibility.status (Stand): „vollstaendig“, aber unter barriers stehen 2 Barrieren."),
        ("reviewed: 2026-10-01", "reviewed: 2025-09-30", "37: extra.operator.accessibility.reviewed (Überprüft am): 2025-09-30 liegt vor prepared (2025-10-01)."),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(before: str, after: str, message: str) -> None:
    _, found = read(changed(before, after))
    assert found.startswith(f"mkdocs.yml:{message}"), found
    assert found.count("\n") == 1


@pytest.mark.parametrize("status", ["teilweise", "nicht"])
def test_a_declaration_that_is_not_full_names_barriers(status: str) -> None:
    text = re.sub(r"      barriers:\n(?:        .*\n)+", "", COMPLETE).replace("status: teilweise", f"status: {status}")
    _, found = read(text)
    assert f"„{status}“, aber unter barriers steht keine Barriere. Bitte unter barriers nennen" in found


def test_several_mistakes_at_once() -> None:
    text = changed("DE123456789", "123").replace("log_days: 7", "log_days: x").replace("CC0", "[CC0]")
    _, found = read(text)
    assert found.count("\n") == 3


@pytest.mark.parametrize("data", ["ein Name", ["ein", "Name"], 7])
def test_details_that_are_none(data: Any) -> None:
    _, found = operator.read(data, operator.origin({}))
    assert "hat keine Unterangaben. Bitte einrücken und benennen: name, legal_form" in problems.as_text(found)


def test_a_key_without_a_value_means_that_there_is_none() -> None:
    text = changed('phone: "05261 213-0"', "phone:").replace("name: Alte Hansestadt Lemgo", "name:")
    details, found = read(text.replace("[Marktplatz 2, 32657 Lemgo]", "[Marktplatz 2, '', 32657 Lemgo]"))
    assert found == ""
    assert (details.phone, details.name) == (None, "Name der betreibenden Stelle")
    assert details.responsible.address == ("Marktplatz 2", "32657 Lemgo")


def test_lines_in_spite_of_tags_and_anchors() -> None:
    text = "a: &x\n  b: !ENV [B, 1]\nextra:\n  operator:\n    address:\n      - !ENV STREET\n      - y\n  other: *x\n"
    lines = operator.lines(text)
    assert lines["a", "b"] == 2
    assert lines["extra", "operator", "address", 1] == 7
    assert operator.lines("") == {}
