"""Hostile content: every sample is refused with its message, or built and harmless; none takes longer than two seconds.

Write the expected messages anew with ``WRITE_CASES=1 pytest tests/test_hostile.py`` and read the difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

import hostile
from catalog import rules, views
from catalog.editing import comment
from catalog.editing.comment import Change, Check
from catalog.store import Catalog
from conftest import ROOT
from harmless import faults

SAMPLES = {sample["sample"]: sample for sample in hostile.samples()}
REFUSED = [key for key, sample in SAMPLES.items() if sample.get("refused")]
BUILT = [key for key, sample in SAMPLES.items() if not sample.get("refused") and "changes" not in sample]
EXPECTED = hostile.CASES / "messages.yml"


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each sample in a process with bounded memory and time."""
    path = os.pathsep.join(str(ROOT / folder) for folder in ("hooks", "scripts", "tests"))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(
        [sys.executable, hostile.__file__], capture_output=True, text=True, check=False, env=environment, timeout=300
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 0, f"{lines[-1:]} {result.stderr}"
    found = {line["sample"]: line for line in lines if "sample" in line}
    if os.environ.get("WRITE_CASES"):
        messages = {key: found[key]["messages"] for key in REFUSED}
        text = yaml.dump(messages, allow_unicode=True, sort_keys=False, width=10_000, default_style="|")
        EXPECTED.write_text(f"# Sample -> the complete list of messages with which it is refused.\n{text}")
    return found


def test_there_are_all_samples_of_the_study_and_as_many_of_ours_as_promised() -> None:
    assert [key for key in SAMPLES if key.isdecimal()] == [f"{number:02}" for number in range(1, 51)]
    assert len([key for key in SAMPLES if key.startswith("o")]) >= 20
    assert all(sample["name"] for sample in SAMPLES.values())


@pytest.mark.parametrize("key", REFUSED)
def test_is_refused_with_its_messages(key: str, outcomes: dict[str, dict[str, Any]]) -> None:
    messages = outcomes[key]["messages"]
    assert messages
    assert messages == yaml.safe_load(EXPECTED.read_text())[key]
    assert messages.isprintable() or all(line.isprintable() for line in messages.splitlines())
    assert "root:" not in messages  # of /etc/passwd


@pytest.mark.parametrize("key", BUILT)
def test_is_let_through(key: str, outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes[key]["messages"] == ""


@pytest.mark.parametrize("key", SAMPLES)
def test_takes_no_time(key: str, outcomes: dict[str, dict[str, Any]]) -> None:
    """Processor time beyond that of the harmless project, so that a busy machine fails nothing."""
    assert outcomes[key]["spent"] - outcomes[""]["spent"] < hostile.SECONDS


def test_a_request_that_edits_what_runs_is_marked() -> None:
    changes = [Change(path) for sample in SAMPLES.values() for path in sample.get("changes", ())]
    text = comment.comment(Check(Catalog(), [], [], changes, "https://example.org/"))
    assert text.startswith(f"{comment.MARKER}\n## Achtung: 3\N{NO-BREAK SPACE}Dateien der Technik\n")


def page(root: Path, key: str) -> str:
    return (root / "site" / hostile.address(SAMPLES[key]) / "index.html").read_text()


@pytest.mark.parametrize("key", BUILT)
def test_page_is_harmless(key: str, hostile_project: Path) -> None:
    """The page has the same elements that run or load as any other, and what an author wrote lies inside of main."""
    html = page(hostile_project, key)
    for words in SAMPLES[key].get("shows", ()):
        assert words in html
    ordinary = page(hostile_project, "48" if "at" not in SAMPLES[key] else "14")
    for sign in (
        "<script",
        "<link",
        "<style",
        "<iframe",
        "<form",
        "<input",
        "<main",
        "</main",
        "<footer",
        "<body",
        "<base",
        "http-equiv",
        "<h1",
    ):
        assert html.count(sign) == ordinary.count(sign), sign
    ids = [piece.partition('"')[0] for piece in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("key", [key for key in BUILT if "measure" in SAMPLES[key]])
def test_text_is_harmless(key: str, hostile_project: Path) -> None:
    """Nothing is left of an author's markup but text, links and pictures of the site itself."""
    catalog, _ = rules.load(hostile_project, views.PAGE_VIEWS)
    measure = catalog.of("measure")[f"kreis-lippe/{hostile.name(SAMPLES[key])}"]
    outcome = hostile.converted(measure.text)
    assert faults(outcome) == []


def test_nothing_is_written_beside_the_site(hostile_project: Path) -> None:
    beside = {path.name for path in hostile_project.iterdir()}
    assert beside == {
        "docs", "hooks", "measures", "mkdocs.yml", "overrides", "partners", "site", "thesaurus.yml", "vocabulary.yml",
    }  # fmt: skip
    assert {path.name for path in hostile_project.parent.iterdir()} == {"project"}
    for path in (hostile_project / "site").rglob("*"):
        assert not path.is_symlink()
        assert path.suffix != ".svg" or path.name == "icon.svg"


def test_a_letter_goes_to_the_operator_alone(hostile_project: Path) -> None:
    html = (hostile_project / "site/h-o28/index.html").read_text()
    letters = [unescape(part.partition('"')[0]) for part in html.split('href="')[1:] if part.startswith("mailto:")]
    assert len(letters) == 2  # to correct what stands there, and to report a barrier
    for letter in map(urlsplit, letters):
        assert letter.path == "redaktion@example.org"
        assert set(parse_qs(letter.query)) == {"subject", "body"}
        assert "bcc=evil" in parse_qs(letter.query)["subject"][0]


def test_data_files_stay_data(hostile_project: Path) -> None:
    site = hostile_project / "site"
    measures = json.loads((site / "api/v1/measures.json").read_text())["items"]
    assert '<script>window.pwned=1</script>"><img src=x onerror=pwned=1>' in [item["title"] for item in measures]
    addresses = [
        place.text or "" for place in ElementTree.fromstring((site / "sitemap.xml").read_text()).iter() if place.text
    ]
    assert len([address for address in addresses if "kreis-lippe/h-" in address]) == len(
        [k for k in BUILT if "measure" in SAMPLES[k]]
    )
    rows = list(
        csv.reader(
            io.StringIO((site / "massnahmen/massnahmen.csv").read_bytes().decode("utf-8-sig"), newline=""),
            delimiter=";",
        )
    )
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert len({len(row) for row in rows}) == 1
    with zipfile.ZipFile(site / "massnahmen/massnahmen.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    for path in site.rglob("*.json"):
        json.loads(path.read_text())
