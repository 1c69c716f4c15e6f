"""Fields as forms ask for them, and the file that is made of the answers."""

from __future__ import annotations

import pytest
import yaml

from catalog import forms, frontmatter, writing
from catalog.model import KINDS, Measure, Other, Page, Partner
from catalog.site import Site
from conftest import ROOT


def test_every_field_of_every_kind_can_be_asked_for(real_site: Site) -> None:
    def kinds(fields: tuple[forms.FormField, ...]) -> set[str]:
        return {field.kind for field in fields}.union(*(kinds(field.parts) for field in fields))

    assert {kind for cls in KINDS.values() for kind in kinds(forms.fields(cls, real_site.catalog.vocabulary))} == {
        "address", "alias", "choice", "count", "date", "email", "flag", "id", "language", "line", "lines", "number", "part", "phone", "reference", "sentence", "text",
    }  # fmt: skip


def test_fields_say_what_the_model_says(small_site: Site) -> None:
    vocabulary = small_site.catalog.vocabulary
    status = forms.field(Measure, "status", vocabulary)
    assert (status.title, status.kind, status.many, status.required) == ("Status", "choice", False, True)
    assert [choice.value for choice in status.choices] == ["laufend", "verschoben", "ausgefallen"]
    groups = forms.field(Measure, "target_groups", vocabulary)
    assert (groups.kind, groups.many, groups.required) == ("choice", True, True)
    figures = forms.field(Measure, "figures", vocabulary)
    assert [(part.key, part.kind, part.required) for part in figures.parts] == [
        ("value", "number", True), ("unit", "line", True), ("as_of", "date", False), ("note", "line", False),
    ]  # fmt: skip
    assert forms.field(Measure, "summary", vocabulary).maximum == 200
    assert forms.field(Partner, "short", vocabulary).maximum == 40
    assert forms.field(Measure, "cooperation", vocabulary).refers_to == ("partner", "other")
    period = forms.field(Measure, "period", vocabulary)
    assert period.complaint.startswith("Die Angabe ist keine gültige Zeitangabe. Zum Beispiel: 2020-09-14")


@pytest.mark.parametrize("cls", [c for c in KINDS.values() if c not in (Other, Page)], ids=lambda cls: cls.kind)
def test_real_records_survive_being_written_anew(cls: type, real_site: Site) -> None:
    fields = forms.fields(cls, real_site.catalog.vocabulary)
    for record in real_site.catalog.of(cls.kind).values():
        raw, _ = frontmatter.read(record.path, (ROOT / record.path).read_bytes())
        assert raw is not None
        again, faults = frontmatter.read(record.path, writing.record_file(fields, raw.data, raw.text).encode())
        assert faults == []
        assert again is not None
        assert (again.data, again.text) == (raw.data, raw.text), record.path


NASTY = (
    "offen: für alle", "#1", "a #b", "- Liste", "? Frage", "* Stern", "&anker", "!tag", "%", "@", "`", "'", '"', '"a" und b', "a\\b", "{a}", "[a]",
    "true", "No", "null", "~", "1", "1.5", "2020", "2020-09-14", "1_000", "0x1F", ".5", "=SUM(A1)", "", "https://example.org/a:b?c=d#e", "„Zitat“",
    "ende:", "komma,", "a, b", "Ä", "🙂", "---", "...", "a\tb", " vorn", "hinten ", "<script>alert(1)</script>", "y", "on", "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["line", "date", "count", "flag", "lines", "text"])
def test_any_value_comes_back_as_it_was_written(kind: str) -> None:
    for value in NASTY:
        listed = writing.scalar(value, kind, inside_list=True)
        text = f"k: {writing.scalar(value, kind)}\nl: [{listed}, b]\n"
        assert yaml.load(text, Loader=yaml.BaseLoader) == {"k": value, "l": [value, "b"]}, value
        if kind == "line":
            assert yaml.safe_load(text) == {"k": value, "l": [value, "b"]}, value


def test_several_lines_become_a_block(small_site: Site) -> None:
    fields = forms.fields(Measure, small_site.catalog.vocabulary)
    lines = writing.front_matter(fields, {"einfach": "Erster Satz.\n\n# Zweiter: Satz.\n", "title": "T"})
    assert lines == ["title: T", "einfach: |", "  Erster Satz.", "", "  # Zweiter: Satz."]
    assert yaml.safe_load("\n".join(lines))["einfach"] == "Erster Satz.\n\n# Zweiter: Satz."


def test_no_character_ends_a_line_unseen(small_site: Site) -> None:
    """U+2028 in a value of several lines once began a key of its own."""
    fields = forms.fields(Measure, small_site.catalog.vocabulary)
    for separator in ("\u2028", "\u2029", "\x85"):
        text = writing.record_file(fields, {"title": "T", "source_note": f"a\nb{separator}checked: 2019-01-01"}, "Text")
        raw, faults = frontmatter.read("x.md", text.encode())
        assert raw is None
        assert "unsichtbares Zeichen" in faults[0].message


def test_a_record_without_text_ends_with_its_front_matter(small_site: Site) -> None:
    fields = forms.fields(Measure, small_site.catalog.vocabulary)
    assert writing.record_file(fields, {"title": "T"}, " \n") == "---\ntitle: T\n---\n"


def test_sentences_stand_in_lines_of_their_own_and_line_ranges_bare(small_site: Site) -> None:
    phase = forms.fields(KINDS["phase"], small_site.catalog.vocabulary)
    sources = [{"document": "bericht", "lines": "2-22, 44-56"}]
    data = {"goals": ["Ein Ziel, zwei.", "Noch: eins"], "partners": ["a", "b"], "sources": sources}
    assert writing.front_matter(phase, data) == [
        "goals:", "  - Ein Ziel, zwei.", '  - "Noch: eins"', "partners: [a, b]", "sources:", "  - document: bericht", "    lines: 2-22, 44-56",
    ]  # fmt: skip
