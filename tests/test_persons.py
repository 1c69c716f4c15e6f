from __future__ import annotations

from pathlib import Path

import pytest

from catalog import editorial, persons, render, rules, views
from catalog.dates import day
from catalog.site import Site

CONTACT = "docs/kontakte/neu.md"
HEAD = "title: Stelle\nsummary: Eine Stelle.\nchecked: 2022-01-10\n"


@pytest.mark.parametrize(
    ("email", "named"),
    [
        ("erika.muster@kreis.example.org", True),
        ("e.muster-schmidt@kreis.example.org", True),
        ("erika_muster@kreis.example.org", True),
        ("integration@kreis.example.org", False),
        ("ki.integration@kreis.example.org", False),
        ("info.vielfalt@kreis.example.org", False),
        ("amt51@kreis.example.org", False),
    ],
)
def test_mailboxes_called_like_people(email: str, named: bool) -> None:
    assert persons.looks_like_a_name(email) is named


def test_private_mailboxes() -> None:
    assert persons.is_private_mailbox("verein@GMX.de")
    assert persons.is_private_mailbox("verein@t-online.de")
    assert not persons.is_private_mailbox("gmx.de@kreis.example.org")
    assert not persons.is_private_mailbox("verein@nicht-gmx.de")


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [
        ("0151 1234567", True),
        ("0160/1234567", True),
        ("+49 176 1234567", True),
        ("0521 51-0", False),
        ("+49 5151 62-0", False),
        ("+43 151 1234567", False),  # Vienna
    ],
)
def test_mobile_numbers(phone: str, mobile: bool) -> None:
    assert persons.is_mobile(phone) is mobile


def reviewed(project: Path, said: str, on: str = "2022-03-01") -> list[str]:
    """What the check and the hints say of a contact."""
    (project / CONTACT).write_text(f"---\n{HEAD}{said}---\n")
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    hints = editorial.review(project, catalog, day(on))
    return [f"{p.line}: {p.message}" for p in (*found, *hints) if p.path in {CONTACT, editorial.FILE}]


OFFICE = "organisation: kreis-lippe\n"
OTHER = "organisation: universitaet-bielefeld\n"
PERSON = "person: Erika Muster\nfunction: Beratung\n"
CONSENT = "consent:\n  given: 2021-01-10\n  scope: Name und Postfach auf dieser Website.\n"


def test_who_may_be_named_without_consent(project: Path) -> None:
    """Whoever holds an office in public administration, by the official mailbox; nobody else."""
    assert reviewed(project, f"{OFFICE}{PERSON}email: erika.muster@kreis.example.org\n") == []
    assert reviewed(project, f"{OTHER}{PERSON}email: beratung@uni.example.org\n") == [
        "6: „Erika Muster“ wird ohne Einwilligung genannt."
    ]
    assert reviewed(project, f"{OTHER}{PERSON}email: erika.muster@gmx.de\n{CONSENT}") == []
    assert reviewed(project, f"{OFFICE}{PERSON}email: erika.muster@gmx.de\n") == [
        "8: „erika.muster@gmx.de“ ist kein dienstliches Postfach."
    ]


def test_the_type_of_organisation_decides(project: Path) -> None:
    vocabulary = project / "vocabulary.yml"
    vocabulary.write_text(vocabulary.read_text().replace(", public: true", ""))
    said = f"{OFFICE}{PERSON}email: beratung@kreis.example.org\n"
    assert reviewed(project, said) == ["6: „Erika Muster“ wird ohne Einwilligung genannt."]


def test_what_looks_personal_gets_a_hint_or_a_reason(project: Path) -> None:
    said = f"{OTHER}email: erika.muster@uni.example.org\nphone: 0151 1234567\n"
    assert reviewed(project, said) == [
        "6: „erika.muster@uni.example.org“ sieht aus wie das Postfach einer Person.",
        "7: „0151 1234567“ ist die Nummer eines Mobiltelefons.",
    ]
    allowed = project / "editorial.yml"
    allowed.write_text('ways:\n  erika.muster@uni.example.org: so heißt das Haus\n  "0151 1234567": Diensttelefon\n')
    assert reviewed(project, said) == []
    assert reviewed(project, f"{OTHER}email: verein@web.de\n")[0] == (
        "6: „verein@web.de“ liegt bei einem Anbieter privater Postfächer."
    )
    assert "2: Dieser Eintrag wird nicht mehr gebraucht." in reviewed(project, f"{OTHER}email: a@uni.example.org\n")


def test_a_consent_grows_old(project: Path) -> None:
    said = f"{OTHER}{PERSON}email: beratung@uni.example.org\n{CONSENT}"
    assert reviewed(project, said, on="2024-01-09") == []
    assert reviewed(project, said, on="2024-01-10") == ["10: Die Einwilligung ist älter als 3 Jahre."]


def test_privacy_notice_speaks_of_consent_only_where_there_is_one(small_site: Site, real_site: Site) -> None:
    def notice(site: Site) -> str:
        page = next(page for page in views.plan(site) if page.view == "privacy")
        return render.page(site, page.view, views.context(site, page), "")[0]

    assert "Artikel 6 Absatz 1 Buchstabe a" in notice(small_site)
    assert "Beides kommt hier nicht vor" not in notice(small_site)
    assert "Beides kommt hier nicht vor" in notice(real_site)
    assert "Artikel 6 Absatz 1 Buchstabe a" not in notice(real_site)
