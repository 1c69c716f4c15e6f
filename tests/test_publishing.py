"""What keeps a site from being published: nothing is said, a sample stands there, or it was said too long ago."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import operator, problems, publishing
from catalog.model import fields_by_key
from catalog.operator import Law, Operator
from conftest import ROOT, run_build
from test_operator import COMPLETE, changed

TODAY = datetime.date(2026, 11, 20)


def obstacles(text: str, today: datetime.date = TODAY) -> str:
    """The messages about a mkdocs.yml on a day."""
    return problems.as_text(publishing.obstacles(yaml.safe_load(text), operator.origin(operator.lines(text)), today))


def demanded(part: type[Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every detail that a law asks for, from the model itself."""
    for key, info in fields_by_key(part).items():
        if isinstance(info.default, operator.Part):
            yield from demanded(type(info.default), (*at, key))
        elif any(isinstance(mark, Law) for mark in info.metadata):
            yield (*at, key)


def test_complete_details_may_be_published() -> None:
    assert obstacles(COMPLETE) == ""


def test_settings_for_portals_are_looked_at_too() -> None:
    wrong = COMPLETE.replace("extra:\n", "extra:\n  open_data:\n    themes: [SOZI]\n", 1)
    assert "extra.open_data.themes[1] (Themen): „SOZI“ ist nicht erlaubt. Meinten Sie „SOCI“?" in obstacles(wrong)


@pytest.mark.parametrize("path", [*demanded(Operator)], ids=".".join)
def test_nothing_that_the_law_asks_for_may_be_missing(path: tuple[str, ...]) -> None:
    rows = COMPLETE.splitlines(keepends=True)
    del rows[operator.lines(COMPLETE)["extra", "operator", *path] - 1]
    found = obstacles("".join(rows))
    assert re.fullmatch(
        rf"mkdocs\.yml:\d+: extra\.operator\.{re.escape('.'.join(path))} \([^)]+\): fehlt \(.+\)\. .+\n", found
    )


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[Marktplatz 1, 32657 Lemgo]", "[Postfach 12, 32657 Lemgo]", "10: extra.operator.address (Anschrift): Ein Postfach ist keine Anschrift. Bitte Straße"),
        ("Alte Hansestadt Lemgo", "Name der betreibenden Stelle", "7: extra.operator.name (Name): „Name der betreibenden Stelle“ ist ein Platzhalter (§ 5 Abs. 1 Nr. 1 DDG, § 18 Abs. 1 MStV). Bitte eintragen: Voller Name"),
        ("vielfalt@stadt-lemgo.de", "redaktion@mail.example.org", "12: extra.operator.email (E-Mail): „redaktion@mail.example.org“ ist ein Platzhalter"),
        ("barriere@stadt-lemgo.de", "barriere@example.com", "39: extra.operator.accessibility.feedback_email (E-Mail für Barrieren): „barriere@example.com“ ist ein Platzhalter. "),
        ("https://www.stadt-lemgo.de/barriere/", "https://formular.example.org/", "38: extra.operator.accessibility.feedback_form (Kontaktformular): „https://formular.example.org/“ ist ein Platzhalter (§ 10b"),
        ("processor_contract: true", "processor_contract: false", "30: extra.operator.hosting.processor_contract (Vertrag zur Auftragsverarbeitung): Mit dem Dienstleister ist kein Vertrag eingetragen (Art. 28"),
        ("updated: 2026-11-01", "updated: 2026-11-21", "17: extra.operator.updated (Stand): 2026-11-21 liegt in der Zukunft; heute ist der 2026-11-20."),
        ("reviewed: 2026-10-01", "reviewed: 2027-10-01", "37: extra.operator.accessibility.reviewed (Überprüft am): 2027-10-01 liegt in der Zukunft"),
        ("reviewed: 2026-10-01", "reviewed: 2025-11-19", "37: extra.operator.accessibility.reviewed (Überprüft am): Zuletzt am 2025-11-19, vor mehr als einem Jahr (§ 4 Abs. 4 BITVNRW). Bitte die Erklärung überprüfen"),
        ("      reviewed: 2026-10-01\n", "", "36: extra.operator.accessibility.prepared (Erstellt am): Zuletzt am 2025-10-01, vor mehr als einem Jahr"),
        ("log_days: 7", "log_days: eine Woche", "29: extra.operator.hosting.log_days (Speicherdauer in Tagen): „eine Woche“ ist keine Zahl"),
        ("https://vielfalt.stadt-lemgo.de/", "https://wissensbasis.example.org/", "3: site_url (Adresse der Website): „https://wissensbasis.example.org/“ ist ein Platzhalter. Bitte"),
        ("https://vielfalt.stadt-lemgo.de/", "http://vielfalt.stadt-lemgo.de/", "3: site_url (Adresse der Website): „http://vielfalt.stadt-lemgo.de/“ ist nicht verschlüsselt. Bitte"),
        ("https://vielfalt.stadt-lemgo.de/", "", "3: site_url (Adresse der Website): fehlt. Bitte"),
        ("https://gitlab.opencode.de/lemgo/vielfalt/", "https://git.example.org/a/", "4: repo_url (Adresse des Repositorys): „https://git.example.org/a/“ ist ein Platzhalter. Bitte"),
        ("reference_date: 2026-11-20", "reference_date: 2026-01-01", "49: extra.reference_date (Stichtag): „2026-01-01“ steht fest; heute ist der 2026-11-20. Bitte so schreiben: reference_date: !ENV [REFERENCE_DATE, 2026-01-01]"),
    ],
)  # fmt: skip
def test_each_obstacle_is_named_with_its_line(before: str, after: str, message: str) -> None:
    found = obstacles(changed(before, after))
    assert found.startswith(f"mkdocs.yml:{message}"), found
    assert found.count("\n") == 1


def test_a_declaration_lasts_to_the_day_a_year_later() -> None:
    def on(day: str, reviewed: str) -> int:
        text = COMPLETE.replace("reference_date: 2026-11-20", f"reference_date: {day}")
        text = text.replace("reviewed: 2026-10-01", f"reviewed: {reviewed}")
        return obstacles(text, datetime.date.fromisoformat(day)).count("\n")

    assert (on("2027-10-01", "2026-10-01"), on("2027-10-02", "2026-10-01")) == (0, 1)
    assert (on("2029-02-28", "2028-02-29"), on("2029-03-01", "2028-02-29")) == (0, 1)


def test_a_post_box_beside_the_street_is_fine() -> None:
    assert obstacles(changed("[Marktplatz 1, 32657 Lemgo]", "[Postfach 12, Marktplatz 1, 32657 Lemgo]")) == ""


def test_only_a_public_body_must_have_a_data_protection_officer() -> None:
    text = re.sub(r"    data_protection_officer:\n(?:      .*\n)+", "", COMPLETE)
    assert obstacles(text).startswith(
        "mkdocs.yml:6: extra.operator.data_protection_officer (Datenschutzbeauftragte): Es fehlt, wie man sie erreicht"
    )
    assert obstacles(text.replace("public_body: true", "public_body: false")) == ""


def test_who_runs_the_server_needs_no_contract() -> None:
    own = changed("provider: Rechenzentrum Lippe", "provider: Alte Hansestadt Lemgo")
    assert obstacles(own.replace("processor_contract: true", "processor_contract: false")) == ""


def test_the_project_as_it_comes_is_all_gaps() -> None:
    """Whatever a law asks for is a sample or empty in the shipped mkdocs.yml, but what holds for the software itself."""
    text = (ROOT / "mkdocs.yml").read_text().replace("!ENV [REFERENCE_DATE, 2026-11-20]", "2026-11-20")
    found = obstacles(text)
    ours = {("accessibility", "status"), ("accessibility", "method")}
    for path in set(demanded(Operator)) - ours:
        assert f"extra.operator.{'.'.join(path)} (" in found, path
    assert "hosting.processor_contract" in found
    assert "data_protection_officer.email" in found
    assert "site_url" in found
    assert "repo_url" in found
    numbers = [int(line.split(":")[1]) for line in found.splitlines()]
    assert numbers == sorted(numbers)
    written = text.splitlines()
    for line in found.splitlines():
        key = line.split(": ")[1].split(" (")[0].rpartition(".")[2]
        assert written[int(line.split(":")[1]) - 1].strip().startswith(f"{key}:"), line


# --- With the real command line ---


@pytest.fixture
def site(full_project: Path) -> Path:
    """The small project with scripts, and an operator who has said everything."""
    shutil.copytree(ROOT / "scripts", full_project / "scripts")
    shutil.copy(ROOT / "requirements.txt", full_project)
    (full_project / ".venv").symlink_to(sys.prefix)
    date = full_project / "bin/date"
    date.parent.mkdir()
    date.write_text('#!/bin/sh\n[ "$1" = +%F ] && echo 2026-11-20\n')
    date.chmod(0o755)
    return full_project


def complete(root: Path) -> None:
    path = root / "mkdocs.yml"
    text = path.read_text()
    details = COMPLETE[COMPLETE.index("  operator:") : COMPLETE.index("  reference_date")]
    text = re.sub(r"  operator:\n(?:    .*\n)+", lambda _: details, text)
    path.write_text(
        text.replace("https://wissensbasis.example.org/", "https://vielfalt.stadt-lemgo.de/").replace(
            "https://git.example.org/wissensbasis/vielfalt-nrw/", "https://gitlab.opencode.de/lemgo/vielfalt/"
        )
    )


def publish(root: Path) -> subprocess.CompletedProcess[str]:
    path = f"{root / 'bin'}:/usr/bin:/bin"
    command = ["scripts/build", "--publish", "--site-dir", "public"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={"PATH": path})


def test_nothing_is_built_while_details_are_missing(site: Path) -> None:
    result = publish(site)
    assert result.returncode == 1
    assert "mkdocs.yml:3: site_url" in result.stdout
    assert "extra.operator.name (Name): „Name der betreibenden Stelle“ ist ein Platzhalter" in result.stdout
    assert "extra.reference_date" not in result.stdout  # --publish hands in the day
    amount = result.stdout.count("\n")
    assert f"{amount} Angaben fehlen oder stimmen nicht. Die Website wird nicht veröffentlicht" in result.stderr
    assert not (site / "public").exists()
    assert not list(site.glob(".*.new"))


def test_a_site_whose_operator_has_said_everything_is_published(site: Path) -> None:
    complete(site)
    result = publish(site)
    assert result.returncode == 0, result.stderr
    assert "Probebetrieb" not in result.stderr
    pages = {path: path.read_text() for path in (site / "public").rglob("*.html")}
    assert not [path for path, text in pages.items() if "Probebetrieb" in text or "noch nicht angegeben" in text]
    assert "20. November 2026" in (site / "public/rechtliches/lizenzen/index.html").read_text()


def test_details_can_be_checked_alone(site: Path) -> None:
    complete(site)
    command = [sys.executable, str(site / "scripts/publishable.py"), "2026-11-20"]
    result = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    assert (result.returncode, result.stdout) == (0, "Alle Angaben sind da. Die Website darf veröffentlicht werden.\n")
    late = subprocess.run([*command[:2], "2027-10-02"], capture_output=True, text=True, check=False)
    assert late.returncode == 1
    assert late.stdout.count("\n") == 1
    assert late.stderr.startswith("1 Angabe fehlt oder stimmt nicht.")


def test_an_ordinary_build_says_that_details_are_missing(full_project: Path) -> None:
    result = run_build(full_project)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("Angaben der betreibenden Stelle fehlen; scripts/build --publish nennt sie.") == 1
    built = full_project / "site"
    for page in ("", "massnahmen/kreis-lippe/sprachmittlung/"):
        assert (
            "<p>Probebetrieb: Angaben der betreibenden Stelle fehlen noch.</p>"
            in (built / page / "index.html").read_text()
        )
    assert "Es geht um: Name; Rechtsform; Anschrift; " in (built / "rechtliches/impressum/index.html").read_text()


def test_an_ordinary_build_fails_on_a_detail_of_the_wrong_form(full_project: Path) -> None:
    path = full_project / "mkdocs.yml"
    path.write_text(path.read_text().replace("redaktion@example.org", "redaktion").replace("log_days:", "log_days: x"))
    result = run_build(full_project)
    assert result.returncode == 1
    assert re.search(
        r"^mkdocs.yml:20: extra.operator.email \(E-Mail\): „redaktion“ ist keine E-Mail-Adresse.", result.stderr, re.M
    )
    assert "extra.operator.hosting.log_days (Speicherdauer in Tagen): „x“ ist keine Zahl von Tagen." in result.stderr
    assert "Traceback" not in result.stderr


def test_details_may_come_from_the_environment(full_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = full_project / "mkdocs.yml"
    path.write_text(path.read_text().replace("email: redaktion@example.org", "email: !ENV [OPERATOR_EMAIL]"))
    monkeypatch.setenv("OPERATOR_EMAIL", "post@stadt-lemgo.de")
    assert run_build(full_project).returncode == 0
    assert "mailto:post@stadt-lemgo.de" in (full_project / "site/rechtliches/impressum/index.html").read_text()
