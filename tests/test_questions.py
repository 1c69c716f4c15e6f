"""The door in the terminal: question by question, or all answers as options."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalog import rules, views
from conftest import ROOT

pytestmark = pytest.mark.slow  # each starts a program, most of them several


@pytest.fixture
def small(project: Path) -> Path:
    """The small project with what the scripts need."""
    for name in ("scripts", "hooks"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "mkdocs.yml", project / "mkdocs.yml")
    return project


def run(root: Path, script: str, *options: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / script), *options]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, input=answers, capture_output=True, text=True, check=False, cwd="/", env=environment)


# One mistake of each kind on the way; the comment is what the answer is.
ANSWERS = """\
lemgo
lippe
Sprachcafé: offen für alle

{long}
Jeden Mittwoch üben Zugewanderte Deutsch.
anteil
99
laufnd
1
kinder
schüler
fortb
quark
beri


n
zeitr, zahlen
14.9.2020
2020-09-14
j
1.000
1000
Teilnehmende


n
Jeden Mittwoch kommen Menschen zusammen.
.
Sprachcafé
schulung

j
"""


def test_a_person_answers_question_by_question(small: Path) -> None:
    result = run(small, "new_measure.py", answers=ANSWERS.replace("{long}", "x" * 201))
    assert result.returncode == 0, result.stdout + result.stderr
    for said in (
        "„lemgo“ gibt es nicht.",
        "→ Kreis Lippe",
        "Kurzfassung ist Pflicht.",
        "Der Satz hat 201 Zeichen; erlaubt sind 200. Bitte kürzen; Einzelheiten gehören in den Text.",
        "„99“ gibt es nicht.",
        "„laufnd“ gibt es nicht. Meinten Sie „laufend“?",
        "„kinder“ gibt es nicht.",
        "„quark“ gibt es nicht.",
        "„14.9.2020“ ist keine gültige Zeitangabe: „14.9.2020“ ist kein Datum. Meinten Sie „2020-09-14“?",
        "„1.000“ ist keine Zahl.",
        "„Sprachcafé“ ist als Name nicht erlaubt. Erlaubt: a–z, Ziffern, Bindestriche, höchstens 80 Zeichen. Vorschlag: sprachcafe",
        "measures/kreis-lippe/schulung.md gibt es schon. Bitte einen anderen Namen.",
        "Geschrieben: measures/kreis-lippe/sprachcafe-offen-fuer-alle.md",
    ):
        assert said in result.stdout, said
    assert (small / "measures/kreis-lippe/sprachcafe-offen-fuer-alle.md").read_text() == (
        '---\ntitle: "Sprachcafé: offen für alle"\nsummary: Jeden Mittwoch üben Zugewanderte Deutsch.\ncategory: anteil\n'
        "status: laufend\nperiod: 2020-09-14\ntarget_groups: [schueler]\nformats: [fortbildung]\nfigures:\n"
        '  - value: "1000"\n    unit: Teilnehmende\nsources:\n  - document: bericht\n---\nJeden Mittwoch kommen Menschen zusammen.\n'
    )
    assert rules.load(small, views.PAGE_VIEWS)[1] == []


GIVEN = (
    "--yes", "--partner", "Kreis Lippe", "--title", "Neu", "--summary", "Ein Satz.", "--category", "anteil", "--status", "Laufend",
    "--target-groups", "Schülerinnen und Schüler", "--formats", "fortbildung, Sprachmittlung", "--figures", "~80 | Menschen | 2020 | Bezug",
    "--figures", "5 | Kurse", "--sources", "bericht", "--text", "Text.",
)  # fmt: skip


def test_every_answer_may_be_an_option(small: Path) -> None:
    shown = run(small, "new_measure.py", *GIVEN, "--dry-run")
    assert (shown.returncode, (small / "measures/kreis-lippe/neu.md").exists()) == (0, False)
    result = run(small, "new_measure.py", *GIVEN)
    assert result.returncode == 0, result.stderr
    text = (small / "measures/kreis-lippe/neu.md").read_text()
    assert text in shown.stdout
    assert (
        'formats: [fortbildung, sprachmittlung]\nfigures:\n  - value: "~80"\n    unit: Menschen\n    as_of: 2020\n'
        in text
    )
    again = run(small, "new_measure.py", *GIVEN)
    assert again.returncode == 1
    assert again.stderr.startswith("measures/kreis-lippe/neu.md: gibt es schon.")
    assert (small / "measures/kreis-lippe/neu.md").read_text() == text


def test_good_practice_by_an_option(small: Path) -> None:
    level = "selbst | Gut \\| bewährt. | bericht | anteil | 5"
    result = run(small, "new_measure.py", *GIVEN, "--best-practice", level)
    assert result.returncode == 0, result.stderr
    assert (
        'best_practice:\n  level: selbst\n  reason: "Gut | bewährt."\n  source:\n    document: bericht\n'
        "    section: anteil\n    lines: 5\n"
    ) in (small / "measures/kreis-lippe/neu.md").read_text()


def test_wrong_options_are_refused_with_the_messages_of_the_check(small: Path) -> None:
    result = run(
        small,
        "new_measure.py",
        "--yes",
        "--partner",
        "lemgo",
        "--title",
        "T",
        "--status",
        "abgesagt",
        "--sources",
        "gibtesnicht | x",
    )
    assert result.returncode == 1
    assert "measures/lemgo/t.md:1: summary (Kurzfassung): fehlt. Bitte eintragen:" in result.stderr
    assert "status (Status): „abgesagt“ ist nicht erlaubt. Meinten Sie „ausgefallen“?" in result.stderr
    assert result.stderr.endswith("Nichts geschrieben.\n")
    assert not (small / "measures/lemgo").exists()


@pytest.mark.parametrize("name", ["../../../tmp/boese", "/etc/passwd", "a/b", "con\x01", "..", "Ä", "-x", "x" * 81])
def test_no_name_leads_out_of_the_folder(small: Path, name: str) -> None:
    before = sorted(small.rglob("*"))
    result = run(small, "new_measure.py", *GIVEN, f"--id={name}")
    assert result.returncode == 1, result.stdout
    assert sorted(small.rglob("*")) == before


@pytest.mark.parametrize("partner", ["../partners", "..", "/tmp", ""])
def test_no_partner_leads_out_of_the_folder(small: Path, partner: str) -> None:
    before = sorted(small.rglob("*"))
    result = run(small, "new_measure.py", *(partner if option == "Kreis Lippe" else option for option in GIVEN))
    assert result.returncode == 1, result.stdout
    assert sorted(small.rglob("*")) == before


def test_hostile_text_is_only_text(small: Path) -> None:
    nasty = "x\nstatus: geplant\n---\n<script>alert(1)</script>"
    result = run(small, "new_measure.py", *(nasty if option == "Ein Satz." else option for option in GIVEN))
    assert result.returncode == 1
    assert "summary (Kurzfassung): Der Text geht über mehrere Zeilen." in result.stderr
    for amount, wrong in ((2_000, ""), (60_000, "Die Zeile hat 119999 Zeichen; erlaubt sind 5000.")):
        given = ("x " * amount if option == "Text." else option for option in GIVEN)
        long = run(small, "new_measure.py", *given, "--id", f"lang-{amount}")
        assert long.returncode == bool(wrong), long.stderr[:200]
        assert wrong in long.stderr
    too_big = small / "text.txt"
    too_big.write_text("x" * 1_000_000)
    refused = run(small, "new_measure.py", *(f"@{too_big}" if option == "Text." else option for option in GIVEN))
    assert refused.returncode == 1
    assert "Die Datei ist mit 1001 KB zu groß." in refused.stderr


def test_a_partner_and_a_document_come_along(small: Path) -> None:
    answers = "\n".join(
        ["neu", "Stadt Neuss", "Eine Stadt.", "", "kreis", "neu", "Bericht 2026", "Stadt Neuss", "2026", "Ein Bericht.", "", "bericht-2026", "", "n", "",
         "Die Stadt tut etwas.", ".", "stadt-neuss",
         "Projekt", "Ein Projekt.", "anteil", "laufend", "schueler", "fortbildung", "2026", "", "n", "", "Text.", ".", "projekt", "j", ""]
    )  # fmt: skip
    result = run(small, "new_measure.py", answers=answers)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr
    for path in ("docs/quellen/bericht-2026.md", "partners/stadt-neuss.md", "measures/stadt-neuss/projekt.md"):
        assert (small / path).is_file(), result.stdout[-2000:]
    assert rules.load(small, views.PAGE_VIEWS)[1] == []


def test_a_new_partner_by_options(small: Path) -> None:
    given = [
        "--title",
        "Stadt Neuss",
        "--summary",
        "Eine Stadt.",
        "--type",
        "kreis",
        "--sources",
        "bericht",
        "--text",
        "Text.",
    ]
    result = run(small, "new_partner.py", "--yes", *given)
    assert result.returncode == 0, result.stderr
    assert rules.load(small, views.PAGE_VIEWS)[1] == []
    assert (small / "partners/stadt-neuss.md").is_file()


def test_back_and_away(small: Path) -> None:
    before = sorted(small.rglob("*.md"))
    result = run(small, "new_measure.py", answers="<\nlippe\nFalsch\n<\nRichtig\nSatz.\n")
    assert result.stdout.count("Titel (Pflicht)") == 2
    assert result.returncode == 130
    assert result.stderr.endswith("Abgebrochen. Nichts geschrieben.\n")
    assert sorted(small.rglob("*.md")) == before
