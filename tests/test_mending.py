"""Changing files: what has one right answer is mended, what editors wrote besides stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog import forms, frontmatter, rules, store, views
from catalog.editing import mending
from catalog.model import KINDS, Measure, Other, Page, fields_by_key
from catalog.problems import DropItem, MakeList, ReplaceLine, SetValue
from catalog.site import Site
from conftest import ROOT

CASE = yaml.safe_load((Path(__file__).parent / "cases/fix/one-right-answer.yml").read_text())
EDITED = [cls for cls in KINDS.values() if cls not in (Other, Page)]


def mended(project: Path, text: str) -> str:
    """A measure's file after all remedies that the check names have been applied, again and again."""
    path = project / "measures/kreis-lippe/neu.md"
    path.write_text(text)
    for _ in range(8):
        _, found = rules.load(project, views.PAGE_VIEWS)
        text = mending.mend(text, [p.remedy for p in found if p.remedy and p.path.endswith("/neu.md")])
        path.write_text(text)
    return text


def test_what_has_one_right_answer_is_mended(project: Path) -> None:
    text, faults = frontmatter.decode("x.md", CASE["before"].encode())
    assert faults == []
    assert mending.tidied(mended(project, text), fields_by_key(Measure)) == CASE["after"]
    assert rules.load(project, views.PAGE_VIEWS)[1] == []


VALID = "---\ntitle: T\nsummary: S\ncategory: vernetzung\nstatus: laufend\ntarget_groups: [schueler]\nformats: [fortbildung]\nsources:\n  - document: bericht\n---\nText\n"


@pytest.mark.parametrize(
    "line",
    [
        "summary: S # ein Kommentar",  # a remark of the editor, not part of the sentence
        "status: abgesagt",  # a synonym: which status it is, an editor must say
        "figures: [{value: 1.000, unit: Menschen}]",
        "period: 32.13.2020",
        "target_groups: [jugendlich]",
        'title: "offen',
        "formats: [fortbildung",
    ],
)
def test_what_could_be_meant_otherwise_stays(project: Path, line: str) -> None:
    key = line.split(":")[0]
    text = "\n".join(line if known.startswith(f"{key}:") else known for known in VALID.split("\n"))
    if line not in text:
        text = text.replace("sources:", f"{line}\nsources:")
    assert mended(project, text) == text


def test_remedies_that_do_not_fit_change_nothing() -> None:
    for remedy in (
        SetValue(("gibt", "es", 0), "x"),
        MakeList(("sources",)),
        DropItem(("formats", 7)),
        SetValue((), "x"),
    ):
        assert mending.mend(VALID, [remedy]) == VALID
    assert mending.mend("ohne Kopf", [ReplaceLine(1, "mit")]) == "mit"


@pytest.mark.parametrize(("number", "expected"), [(0, "[b, c]"), (1, "[a, c]"), (2, "[a, b]")])
def test_an_item_leaves_its_list(number: int, expected: str) -> None:
    assert mending.mend("---\nl: [a, b, c] # k\n---\n", [DropItem(("l", number))]) == f"---\nl: {expected} # k\n---\n"
    assert mending.mend("---\nl: [a]\n---\n", [DropItem(("l", 0))]) == "---\nl: []\n---\n"


@pytest.mark.parametrize("cls", EDITED, ids=lambda cls: cls.kind)
def test_real_records_are_in_order(cls: type, real_site: Site) -> None:
    for record in real_site.catalog.of(cls.kind).values():
        content = (ROOT / record.path).read_bytes()
        assert not list(mending.untidy(record.path, content, fields_by_key(cls))), record.path


@pytest.mark.parametrize("cls", EDITED, ids=lambda cls: cls.kind)
def test_setting_the_same_values_changes_no_value(cls: type, real_site: Site) -> None:
    fields = forms.fields(cls, real_site.catalog.vocabulary)
    for record in real_site.catalog.of(cls.kind).values():
        text = (ROOT / record.path).read_text()
        raw, _ = frontmatter.read(record.path, text.encode())
        assert raw is not None
        again, faults = frontmatter.read(record.path, mending.set_values(text, fields, raw.data).encode())
        assert faults == []
        assert again is not None
        assert (again.data, again.text, list(again.data)) == (raw.data, raw.text, list(raw.data)), record.path


def test_values_are_set_inserted_and_removed_where_they_belong() -> None:
    fields = forms.fields(Measure, store.load_vocabulary(ROOT)[0])
    text = VALID.replace("status:", "# warum\nstatus:").replace("  - document", "  # innen\n  - document")
    changed = mending.set_values(
        text,
        fields,
        {"status": "geplant", "period": "2018/..", "sources": [{"document": "b", "page": "3"}], "formats": None},
    )
    assert changed == (
        "---\ntitle: T\nsummary: S\ncategory: vernetzung\n# warum\nstatus: geplant\nperiod: 2018/..\n"
        "target_groups: [schueler]\n# innen\nsources:\n  - document: b\n    page: 3\n---\nText\n"
    )
    assert mending.set_values(changed, fields, {}) == changed
    assert mending.replace_text(changed, "Neu\n\n---\nmehr").endswith("\n---\nNeu\n\n---\nmehr\n")


def test_breaks_in_markdown_survive_tidying() -> None:
    assert mending.tidied("---\nb: 1 \na: 2\n---\nEins  \nzwei  \n\ndrei \n\n", ["a", "b"]) == (
        "---\na: 2\nb: 1\n---\nEins  \nzwei\n\ndrei\n"
    )
