"""The yearly round: out as a table, back as changes, nothing lost and nothing overwritten."""

from __future__ import annotations

import contextlib
import datetime
import functools
import io
import string
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import annual_round as script
from catalog import forms, render, rules, views
from catalog.editing import drafts
from catalog.editing.annual_round import answering, asking, columns, workbook
from catalog.editing.annual_round.answering import Taken
from catalog.editing.annual_round.asking import data
from catalog.editing.annual_round.columns import Column
from catalog.model import Measure, Partner
from catalog.site import Site
from catalog.store import Catalog
from conftest import BASE, site_of

DAY = datetime.date(2021, 12, 1)
POOL, COURSE = "kreis-lippe/sprachmittlung", "kreis-lippe/schulung"
Edit = Callable[[Any], None]
steady = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), max_examples=20
)


def table(site: Site, partner: str = "kreis-lippe", year: int = 2020) -> bytes:
    """The table of a year; that of 2020 asks for corrections of the report of that year."""
    found = site.catalog.of("partner")[partner]
    assert isinstance(found, Partner)
    return workbook.write(asking.of_partner(site, found, year))


def take(root: Path, content: bytes, day: datetime.date = DAY) -> Taken:
    catalog, problems = rules.load(root, views.PAGE_VIEWS)
    assert problems == []
    return answering.take(root, {}, catalog, answering.read("runde.xlsx", content, catalog), day)


def edited(content: bytes, edit: Edit) -> bytes:
    """The table as a spreadsheet program would save it after an edit of the sheet of measures."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book[workbook.SHEET])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def place(sheet: Any, ref: str, title: str) -> Any:
    """The cell of a measure, or of the first free row, below a heading."""
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in range(2, sheet.max_row + 1) if (sheet.cell(row, 1).value or "") == ref)
    return sheet.cell(row, heads.index(title) + 1)


def fill(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # the cells are formatted as text, in which nothing typed becomes a formula


def setting(cells: dict[str, Any], ref: str = POOL) -> Edit:
    def edit(sheet: Any) -> None:
        for title, cell in [(title, place(sheet, ref, title)) for title in cells]:
            fill(cell, cells[title])

    return edit


def messages(taken: Taken) -> list[str]:
    assert taken.files == {} or taken.problems == ()
    return [problem.text for problem in taken.problems]


@pytest.fixture
def site(project: Path) -> Site:
    return site_of(project)


@functools.cache
def untouched() -> bytes:
    """The table of the small project as it is."""
    return table(site_of(BASE))


def answer(project: Path, cells: dict[str, Any], ref: str = POOL) -> Taken:
    return take(project, edited(untouched(), setting(cells, ref)))


def write(root: Path, taken: Taken) -> None:
    for path, text in taken.files.items():
        (root / path).write_text(text)


# What goes out


def test_table_is_the_same_every_time(site: Site) -> None:
    assert table(site) == table(site)


def test_sheets_stand_in_the_order_of_reading_and_are_guarded(site: Site) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table(site)))
    assert book.sheetnames == ["Anleitung", "Maßnahmen", "Erlaubte Werte", "Rückweg"]
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "visible", "visible", "veryHidden"]
    assert all(book[name].protection.sheet and not book[name].protection.password for name in book.sheetnames)
    sheet = book["Maßnahmen"]
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("C2", "landscape", 9)
    heads = [cell.value for cell in sheet[1]]
    assert len(heads) == len(set(heads))
    locked = {title: place(sheet, POOL, title).protection.locked for title in heads}
    assert [title for title in heads if locked[title]] == [workbook.ID, *workbook.CONTEXT]
    assert all(c.number_format == "@" for c in sheet[2] if not c.protection.locked)


def test_lists_to_choose_from_come_from_the_vocabulary(site: Site) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table(site)))
    rules_ = {str(rule.sqref).split("2:")[0]: rule for rule in book["Maßnahmen"].data_validations.dataValidation}
    column = place(book["Maßnahmen"], POOL, "Status").column_letter
    sheet, cells = rules_[column].formula1.split("!")
    offered = [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]
    assert offered == [term.label for term in site.catalog.vocabulary["status"].values()]
    assert rules_[column].prompt.startswith("Stand der Umsetzung.")
    assert all(len(rule.prompt) <= 255 and len(rule.promptTitle) <= 32 for rule in rules_.values())


def test_every_field_is_asked_or_left_to_the_editors(site: Site) -> None:
    asked = {column.key for column in columns.columns(site.catalog)}
    nested = {field.key for field in forms.fields(Measure, site.catalog.vocabulary) if field.nested}
    assert nested == {"reports"}
    assert asked | columns.EDITORIAL | nested == {*Measure.model_fields, columns.BODY}
    assert not asked & columns.EDITORIAL


def test_what_to_confirm_follows_from_the_record(real_site: Site) -> None:
    def of(ref: str) -> list[str]:
        measure = real_site.catalog.of("measure")[ref]
        assert isinstance(measure, Measure)
        return list(asking.questions(real_site, measure, 2021))

    plan = "Status „geplant“: Ist die Maßnahme inzwischen angelaufen, durchgeführt, verschoben oder abgesagt?"
    assert of("kreis-lippe/interner-sprachvermittlerpool")[0] == plan
    assert "Gibt es neuere Zahlen?" in of("kreis-lippe/sprachvermittlerpool")
    assert "Lässt sich klären, was im Hinweis zur Quelle steht?" in of("kreis-lippe/sprachvermittlerpool")
    assert any(q.startswith("Läuft das seit 2015 weiter") for q in of("kreis-lippe/seminar-umgang-mit-vielfalt"))


@pytest.mark.parametrize(
    "start", ["=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "+49", "-5 Grad", "@SUM(A1)"]
)
def test_no_text_goes_out_as_a_formula_and_it_comes_back_as_it_was(project: Path, start: str) -> None:
    file = project / "measures/kreis-lippe/schulung.md"
    quoted = start.replace('"', '\\"')
    file.write_text(file.read_text().replace("title: Schulung der Beschäftigten", f'title: "{quoted}"'))
    content = table(site_of(project))
    sheets = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert place(sheets["Maßnahmen"], COURSE, "Titel").value == start
    assert take(project, content).files == {}


# There and back again


@pytest.mark.slow
def test_nothing_changes_if_nobody_touched_it(real_site: Site) -> None:
    """All measures of all partners, through the file."""
    amount = 0
    for partner in real_site.catalog.of("partner"):
        answers = answering.read("runde.xlsx", table(real_site, partner), real_site.catalog)
        assert (answers.problems, answers.hints) == ((), ())
        assert not any(row.cells or row.stays is not None or row.proof for row in answers.rows)
        amount += len(answers.rows)
    assert amount == len(real_site.catalog.of("measure"))


def test_every_real_value_survives_its_cell(real_site: Site) -> None:
    asked = columns.columns(real_site.catalog)
    for measure in real_site.catalog.all(Measure):
        values = data(measure)
        for column in asked:
            shown = asking.normal(column.shown(values.get(column.key)))
            assert column.meant(shown) == values.get(column.key), (measure.ref, column.key)


def test_everything_that_may_be_chosen_can_be_told_apart(real_site: Site) -> None:
    for column in (*columns.columns(real_site.catalog), columns.evidence(real_site.catalog)):
        for option in column.options:
            value = [option.value] if column.field.many else option.value
            assert column.meant(column.label(option.value)) == value


LETTERS = st.text(
    st.one_of(
        st.sampled_from(string.ascii_letters + "äöüßÄÖÜ0123456789 .,;:|\\=+-@#'\"!?%&*[]{}<>_/()\u00a0\u2013„“"),
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")),
    ),
    min_size=1,
    max_size=30,
)


def readable(text: str) -> bool:
    """Neither empty nor a dash, which would take the value away, nor an entity, which a record may not hold."""
    return bool(text) and text not in columns.REMOVED and "&" not in text and "x005F_" not in text


words = LETTERS.map(lambda text: unicodedata.normalize("NFC", text).strip()).filter(readable)
texts = st.lists(words, min_size=1, max_size=3).map("\n\n".join)
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))
moments = st.one_of(days.map(lambda d: d.isoformat()), days.map(lambda d: f"{d:%Y-%m}"), days.map(lambda d: f"{d:%Y}"))
spans = st.one_of(moments, moments.map(lambda m: f"{m}/.."), moments.map(lambda m: f"../{m}"))
numbers = st.builds("{}{}".format, st.sampled_from(["", "~", ">", "<"]), st.integers(0, 99999))


def single(column: Column) -> st.SearchStrategy[Any]:
    if column.options:
        return st.sampled_from([o.value for o in column.options if o.value != "kreis-lippe"])
    kinds = {"line": words, "sentence": words, "text": texts, "date": spans, "number": numbers}
    if column.field.parts:
        required = {part.key: kinds[part.kind] for part in column.field.parts if part.required}
        optional = {part.key: kinds[part.kind] for part in column.field.parts if not part.required}
        return st.fixed_dictionaries(required, optional=optional)
    return kinds[column.field.kind]


def value_of(column: Column) -> st.SearchStrategy[Any]:
    if column.field.many:
        unique = None if column.field.parts else (lambda value: value)
        return st.lists(single(column), min_size=1, max_size=4, unique_by=unique)
    return single(column)


@settings(steady, max_examples=200)
@given(st.data())
def test_cell_and_value_are_inverse(small_site: Site, draw: st.DataObject) -> None:
    column = draw.draw(st.sampled_from(columns.columns(small_site.catalog)), label="column")
    value = draw.draw(value_of(column), label="value")
    assert column.meant(asking.normal(column.shown(value))) == value


def measures(catalog: Catalog) -> st.SearchStrategy[dict[str, Any]]:
    """The values of a measure that may be anything the fields allow."""
    asked = columns.columns(catalog)
    required = {c.key: value_of(c) for c in asked if c.field.required or c.key == columns.BODY}
    optional = {c.key: value_of(c) for c in asked if c.key not in required and c.key != "postponed_to"}
    flags = {f"{key}_inferred": st.just("true") for key in ("status", "period", "category")}
    return st.fixed_dictionaries(required, optional=optional | flags)


@contextlib.contextmanager
def holding(root: Path, values: dict[str, Any]) -> Iterator[None]:
    """The project with a third measure while the block runs."""
    front = {key: value for key, value in values.items() if key != columns.BODY}
    front["sources"] = [{"document": "bericht"}]
    draft = drafts.Draft("measure", "dritte", front, values[columns.BODY], "kreis-lippe")
    catalog, problems = drafts.check(root, drafts.files([draft], site_of(root).catalog.vocabulary))
    assume(not problems)
    file = root / draft.path
    file.write_text(draft.file(catalog.vocabulary))
    try:
        yield
    finally:
        file.unlink()


@pytest.mark.slow
@steady
@given(st.data())
def test_one_edit_comes_back_as_exactly_this_edit(project: Path, draw: st.DataObject) -> None:
    catalog = site_of(project).catalog
    before = draw.draw(measures(catalog), label="measure")
    column = draw.draw(st.sampled_from([c for c in columns.columns(catalog) if c.key != "postponed_to"]))
    removable = not column.field.required
    value = draw.draw(st.one_of(value_of(column), st.none()) if removable else value_of(column), label="value")
    with holding(project, before):
        content = table(site_of(project))
        assert take(project, content) == Taken({}, {}, (), ())
        shown = column.shown(value) or columns.REMOVED[0]
        taken = take(project, edited(content, setting({column.title: shown}, "kreis-lippe/dritte")))
        wanted = {**before, column.key: value, "sources": [{"document": "bericht"}]}
        if value != before.get(column.key):
            wanted.pop(f"{column.key}_inferred", None)
        assert taken.problems == ()
        changed, found = drafts.check(project, taken.files)
    assert found == []
    after = changed.of("measure").get("kreis-lippe/dritte") if taken.files else None
    assert len(taken.files) == (value != before.get(column.key))
    if isinstance(after, Measure):
        assert data(after) == {key: entry for key, entry in wanted.items() if entry}


# What an office answers


def test_a_confirmed_measure_is_checked_on_that_day(project: Path) -> None:
    taken = answer(project, {"Stimmt noch": "Ja"}, COURSE)
    before = (project / "measures/kreis-lippe/schulung.md").read_text()
    assert list(taken.files) == ["measures/kreis-lippe/schulung.md"]
    assert taken.files["measures/kreis-lippe/schulung.md"] == before.replace(
        "aliases:", "checked: 2021-12-01\naliases:"
    )
    assert taken.changes == {"measures/kreis-lippe/schulung.md": ("Zuletzt geprüft",)}


def test_reading_twice_changes_nothing_more(project: Path) -> None:
    cells = {
        "Zeitraum": "14.09.2021",
        "Stimmt noch": "ja",
        "Status": "verschoben",
        "Beleg für die Änderung": "Bericht 2020",
    }
    content = edited(untouched(), setting(cells, COURSE))
    first = take(project, content)
    write(project, first)
    assert "period: 2021-09-14" in first.files["measures/kreis-lippe/schulung.md"]
    assert take(project, content).files == {}
    assert take(project, content).problems == ()


def test_comments_and_everything_else_stay(project: Path) -> None:
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("status:", "# mit Amt 51 geklärt\nstatus:"))
    text = answer(project, {"Status": "laufend"}, COURSE).files["measures/kreis-lippe/schulung.md"]
    assert text == file.read_text().replace("status: ausgefallen", "status: laufend")


def test_what_a_partner_states_is_no_longer_inferred(project: Path) -> None:
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("status: ausgefallen", "status: ausgefallen\nstatus_inferred: true"))
    text = answer(project, {"Status": "laufend"}, COURSE).files["measures/kreis-lippe/schulung.md"]
    assert "status_inferred" not in text


@pytest.mark.parametrize(
    ("value", "number_format", "meant"),
    [
        (datetime.datetime(2021, 9, 14), "dd.mm.yyyy", "2021-09-14"),
        (datetime.date(2021, 9, 14), "DD/MM/YYYY", "2021-09-14"),
        (datetime.datetime(2021, 9, 1), "mmm yy", "2021-09"),
        (datetime.datetime(2021, 9, 1), 'mmmm\\ yyyy" (circa)"', "2021-09"),
        (datetime.datetime(2021, 1, 1), "yyyy", "2021"),
        (2021, "General", "2021"),
        (2021.0, "0.00", "2021"),
        ("14.09.2021", "@", "2021-09-14"),
        ("09/2021", "@", "2021-09"),
        ("seit\u00a02018", "@", "2018/.."),
        (" 2021-09 ", "@", "2021-09"),
    ],
)
def test_dates_as_offices_type_them(project: Path, value: Any, number_format: str, meant: str) -> None:
    def edit(sheet: Any) -> None:
        cell = place(sheet, COURSE, "Zeitraum")
        fill(cell, value)
        cell.number_format = number_format

    taken = take(project, edited(untouched(), edit))
    assert f"\nperiod: {meant}\n" in taken.files["measures/kreis-lippe/schulung.md"]


def test_several_values_in_a_cell(project: Path) -> None:
    cells = {"Zielgruppen": "schüler\u00adinnen", "Formate": "Sprachmittlung, Fortbildung"}
    assert "unsichtbares Zeichen" in messages(answer(project, cells, COURSE))[0]
    cells = {"Zielgruppen": "Schülerinnen und\u00a0Schüler\n\nBeschäftigte ", "Formate": "sprachmittlung; Fortbildung"}
    text = answer(project, cells, COURSE).files["measures/kreis-lippe/schulung.md"]
    assert "target_groups: [schueler, beschaeftigte]\nformats: [sprachmittlung, fortbildung]" in text


def test_figures(project: Path) -> None:
    text = answer(project, {"Zahlen": "80 | Kräfte | 2021\n10,5 | % || im Kreis \\| in Lippe"}, COURSE).files.popitem()[
        1
    ]
    assert '- value: "80"\n    unit: Kräfte\n    as_of: 2021' in text
    assert 'note: "im Kreis | in Lippe"' in text
    assert 'value: "10.5"' in text


def test_a_new_measure_is_drafted_and_taken_once(project: Path) -> None:
    cells = {
        "Titel": "Sprachcafé Köln",
        "Kurzfassung": "Ein Café für alle.",
        "Kategorie": "Anteil erhöhen",
        "Status": "laufend",
        "Zielgruppen": "Beschäftigte",
        "Formate": "Fortbildung",
        "Text": "Das Café öffnet jede Woche.",
        "Stimmt noch": "ja",
    }
    site = site_of(project)
    cells["Kategorie"] = site.catalog.of("category")["anteil"].title
    taken = answer(project, cells, "")
    assert messages(taken) == [
        "Maßnahmen!V4 (Beleg für die Änderung): fehlt. Bitte eintragen: Dokumente und Abschnitte, aus denen die Angaben stammen."
    ]
    content = edited(table(site), setting({**cells, "Beleg für die Änderung": "Bericht 2020"}, ""))
    taken = take(project, content)
    assert taken.changes == {"measures/kreis-lippe/sprachcafe-koeln.md": ()}
    write(project, taken)
    assert take(project, content, datetime.date(2022, 1, 1)) == Taken({}, {}, (), ())
    other = edited(content, setting({"Status": "ausgefallen"}, ""))
    assert "gibt es schon: measures/kreis-lippe/sprachcafe-koeln.md" in messages(take(project, other))[0]


# Conflicts


def test_a_conflict_overwrites_nothing(project: Path) -> None:
    content = edited(untouched(), setting({"Status": "verschoben"}, COURSE))
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("status: ausgefallen", "status: laufend"))
    assert messages(take(project, content)) == [
        "Maßnahmen!K3 (Status): Die Datei wurde inzwischen geändert: ausgegeben war „ausgefallen“, jetzt steht dort "
        "„laufend“, in der Tabelle „verschoben“. Bitte klären, was gilt, und die Zelle oder die Datei angleichen; "
        "überschrieben wird nichts."
    ]


def test_who_confirms_does_not_confirm_what_came_later(project: Path) -> None:
    content = edited(untouched(), setting({"Stimmt noch": "ja"}, COURSE))
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("status: ausgefallen", "status: laufend"))
    assert "in der Tabelle „ausgefallen“" in messages(take(project, content))[0]


def test_other_fields_may_have_changed_in_the_meantime(project: Path) -> None:
    content = edited(untouched(), setting({"Status": "verschoben"}, COURSE))
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("[fortbildung]", "[sprachmittlung]"))
    text = take(project, content).files["measures/kreis-lippe/schulung.md"]
    assert text == file.read_text().replace("status: ausgefallen", "status: verschoben")


def test_a_renamed_label_is_neither_an_edit_nor_a_conflict(project: Path) -> None:
    content = edited(untouched(), setting({"Stimmt noch": "ja"}, COURSE))
    words_ = project / "vocabulary.yml"
    words_.write_text(words_.read_text().replace("label: ausgefallen", "label: fiel aus"))
    taken = take(project, content)
    assert taken.changes == {"measures/kreis-lippe/schulung.md": ("Zuletzt geprüft",)}


# Ten typical mistakes, and some more


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Status": "abgesagt"}, "K3 (Status): „abgesagt“ ist nicht erlaubt. Meinten Sie „ausgefallen“? Alle Werte: vocabulary.yml"),
        ({"Status": None}, "K3 (Status): Die Zelle ist leer; ausgegeben war „ausgefallen“. Soll die Angabe wegfallen, bitte einen Strich (–) eintragen, sonst die alte."),
        ({"Status": "–"}, "K3 (Status): fehlt. Bitte eintragen: Stand der Umsetzung."),
        ({"Zeitraum": "Herbst 2021"}, "L3 (Zeitraum): „Herbst 2021“ ist keine gültige Zeitangabe: „Herbst 2021“ ist kein Datum. Zum Beispiel: 2020-09-14, 2019-09, 2017-03/2017-07 oder 2018-07/.. (seit Juli 2018)"),
        ({"Zielgruppen": "Kinder"}, "N3 (Zielgruppen, Zeile 1): „Kinder“ ist nicht erlaubt. Meinten Sie „schueler“? Alle Werte: vocabulary.yml In der Zelle steht je Zeile ein Wert."),
        ({"Zahlen": "80 Personen"}, "P3 (Zahlen, Zeile 1, Einheit): fehlt. Bitte eintragen: Was gezählt wird, zum Beispiel Teilnehmende oder %. In der Zelle steht je Zeile ein Wert: Wert | Einheit | Stand | Bezug."),
        ({"Zusammenarbeit": "Uni Bielefeld"}, "R3 (Zusammenarbeit, Zeile 1): „uni-bielefeld“ gibt es nicht. Meinten Sie „universitaet-bielefeld“? In der Zelle steht je Zeile ein Wert."),
        ({"Titel": "Zwei\nZeilen"}, "H3 (Titel): Der Text geht über mehrere Zeilen. Bitte in eine Zeile schreiben."),
        ({"Kurzfassung": "x" * 201}, "I3 (Kurzfassung): Der Satz hat 201 Zeichen; erlaubt sind 200. Bitte kürzen; Einzelheiten gehören in den Text."),
        ({"Stimmt noch": "x"}, "G3 (Stimmt noch): „x“ ist hier nicht erlaubt. Bitte ja oder nein wählen."),
        ({"Neuer Termin": "2022"}, "M3 (Neuer Termin): „2022“ passt nicht zum Status „ausgefallen“. Hat es zum neuen Termin stattgefunden, gehört er jetzt in den Zeitraum (period). Sonst bitte den Status „verschoben“ setzen oder die Angabe entfernen."),
        ({"Sprachen": "Marsianisch"}, "Q3 (Sprachen, Zeile 1): „Marsianisch“ ist kein Sprachkürzel. Zum Beispiel: ar (Arabisch), tr (Türkisch), de-simple (Leichte Sprache); Liste: BCP 47 In der Zelle steht je Zeile ein Wert."),
        ({"Status": "laufend", "Beleg für die Änderung": "Haushaltsplan"}, "V3 (Beleg für die Änderung): „haushaltsplan“ gibt es nicht. Bitte die Kennung prüfen oder den Eintrag anlegen."),
        ({"Kennung": "kreis-lippe/anders"}, "A3 (Kennung): „kreis-lippe/anders“ gehört nicht zu dieser Tabelle. Bitte die Kennung wiederherstellen; bei einer neuen Maßnahme bleibt sie leer."),
        ({"Kennung": POOL}, f"A3 (Kennung): „{POOL}“ steht auch in Zeile 2. Bitte eine der beiden Zeilen löschen."),
    ],
)  # fmt: skip
def test_mistakes_are_told_by_cell_with_the_way_out(project: Path, cells: dict[str, Any], said: str) -> None:
    taken = answer(project, cells, COURSE)
    assert f"Maßnahmen!{said}" in messages(taken)
    assert taken.files == {}


def test_a_mistake_in_one_row_holds_back_the_whole_table(project: Path) -> None:
    def edit(sheet: Any) -> None:
        setting({"Status": "verschoben"}, POOL)(sheet)
        setting({"Status": "unbekannt"}, COURSE)(sheet)

    taken = take(project, edited(untouched(), edit))
    assert len(taken.problems) == 1
    assert taken.files == {}


def test_an_emptied_row_is_one_mistake(project: Path) -> None:
    def edit(sheet: Any) -> None:
        for cell in sheet[3][1:]:
            cell.value = None

    assert [m.split(". ")[0] for m in messages(take(project, edited(untouched(), edit)))] == [
        "Maßnahmen!A3 (Kennung): Alle Angaben der Zeile sind leer; nichts davon wird gelöscht"
    ]


def test_no_without_a_change_and_a_change_without_proof_are_hints(project: Path) -> None:
    taken = answer(project, {"Stimmt noch": "nein"}, COURSE)
    assert [hint.text for hint in taken.hints] == [
        "Maßnahmen!G3 (Stimmt noch): „nein“ ohne geänderte Angabe. Bitte nachfragen."
    ]
    assert (
        answer(project, {"Status": "laufend"}, COURSE).hints[0].text.startswith("Maßnahmen!V3 (Beleg für die Änderung)")
    )


@pytest.mark.parametrize("name", ["Bericht 2020", "bericht", "BERICHT", "  Bericht!"])
def test_a_document_that_is_named_already_is_not_added_again(project: Path, name: str) -> None:
    taken = answer(project, {"Stimmt noch": "ja", "Beleg für die Änderung": name}, COURSE)
    assert list(taken.changes.values()) == [("Zuletzt geprüft",)]


def test_a_wrong_answer_is_not_taken_for_a_no(project: Path) -> None:
    taken = answer(project, {"Stimmt noch": "stimmt"}, COURSE)
    assert (len(taken.problems), taken.hints) == (1, ())


def test_what_is_read_otherwise_than_written_is_said(project: Path) -> None:
    hints = answer(project, {"Zeitraum": "14.09.2021"}, COURSE).hints
    assert "Maßnahmen!L3 (Zeitraum): „14.09.2021“ gelesen als „2021-09-14“. Bitte prüfen." in [h.text for h in hints]


# Hands on the sheet itself


def test_rows_and_columns_in_another_order(project: Path) -> None:
    content = untouched()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Maßnahmen"]
    rows = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
    book.remove(sheet)
    sheet = book.create_sheet("Maßnahmen")
    for row in [rows[0], rows[2], [None] * len(rows[0]), rows[1]]:
        sheet.append(row)
    fill(sheet.cell(2, rows[0].index("Status") + 1), "laufend")
    saved = io.BytesIO()
    book.save(saved)
    assert list(take(project, saved.getvalue()).changes.values()) == [("Status",)]


def test_removed_and_doubled_columns_and_rows(project: Path) -> None:
    content = untouched()
    assert (
        "Die Spalte fehlt: Status." in messages(take(project, edited(content, lambda sheet: sheet.delete_cols(11))))[0]
    )
    double = edited(content, lambda sheet: fill(sheet["X1"], "Status"))
    assert "Die Spalte „Status“ steht zweimal da." in messages(take(project, double))[0]
    gone = take(project, edited(content, lambda sheet: sheet.delete_rows(3)))
    assert [hint.text for hint in gone.hints] == [
        f"Maßnahmen: Die Zeile zu „{COURSE}“ fehlt. An dieser Maßnahme ändert sich nichts."
    ]
    assert (gone.files, gone.problems) == ({}, ())


def test_foreign_sheets_and_columns_are_named_not_read(project: Path) -> None:
    def edit(sheet: Any) -> None:
        fill(sheet["X1"], "Bemerkung")
        fill(sheet["X2"], "Bitte anrufen")
        sheet.parent.create_sheet("Notizen")["A1"] = "=1+1"

    taken = take(project, edited(untouched(), edit))
    assert (taken.files, taken.problems) == ({}, ())
    assert [hint.message for hint in taken.hints] == [
        "Die Spalte „Bemerkung“ wird nicht gelesen; gefüllt: X2.",
        "Das Blatt „Notizen“ wird nicht gelesen.",
    ]


def test_merged_cells_lose_nothing(project: Path) -> None:
    taken = take(project, edited(untouched(), lambda sheet: sheet.merge_cells("K2:K3")))
    assert messages(taken)[0].startswith("Maßnahmen!K3 (Status): Die Zelle ist leer; ausgegeben war „ausgefallen“.")


def test_a_tampered_memory_is_refused(project: Path) -> None:
    content = untouched()

    def spoil(row: int, value: Any) -> list[str]:
        return messages(take(project, edited(content, lambda s: fill(s.parent[workbook.MEMORY].cell(row, 1), value))))

    assert spoil(1, "1") == ["Die Tabelle hat das Format „1“; gelesen wird das Format 2. Bitte die Tabelle neu ausgeben und die Angaben übertragen."]  # fmt: skip
    for row, value in ((2, "0" * 64), (3, "kein base64"), (3, "AAAA"), (2, None)):
        assert spoil(row, value)[0].startswith("Das verborgene Blatt „Rückweg“ wurde verändert.")
    missing = edited(content, lambda sheet: sheet.parent.remove(sheet.parent[workbook.MEMORY]))
    assert messages(take(project, missing))[0].startswith("Das Blatt „Rückweg“ fehlt.")


@pytest.mark.parametrize(
    ("partner", "ref"),
    [("../../etc", "../../etc/x"), ("kreis-lippe", "stadt-dortmund/x"), ("kreis-lippe", "kreis-lippe/x")],
)
def test_a_forged_memory_leads_nowhere(project: Path, partner: str, ref: str) -> None:
    """Someone can compute the checksum; still no path comes from the table."""
    site = site_of(project)
    memory = asking.Memory.model_construct(
        year=2021,
        partner=partner,
        columns={"title": "Titel"},
        measures={ref: {"title": asking.Kept("alt", asking.digest("alt"))}},
    )
    packed = asking.packed(memory)

    def edit(sheet: Any) -> None:
        for row, text in enumerate(packed, 1):
            sheet.parent[workbook.MEMORY].cell(row, 1).value = text
        sheet.delete_rows(3)
        fill(sheet["A2"], ref)
        fill(place(sheet, ref, "Titel"), "neu")

    taken = take(project, edited(table(site), edit))
    assert taken.files == {}
    assert len(taken.problems) == 1


# Hostile files


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return made.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("http://x.example","x")', "=cmd|' /C calc'!A0", "=1+1", "=WEBSERVICE(A1)"]
)
def test_formulas_are_told_not_computed(project: Path, formula: str) -> None:
    def edit(sheet: Any) -> None:
        place(sheet, COURSE, "Status").value = formula

    taken = take(project, edited(untouched(), edit))
    assert messages(taken) == ["Maßnahmen!K3 (Status): In der Zelle steht eine Formel; Formeln werden nicht gelesen. Bitte den Wert eintippen."]  # fmt: skip


def test_a_text_that_looks_like_a_formula_is_a_text(project: Path) -> None:
    text = answer(project, {"Titel": "=1+1"}, COURSE).files["measures/kreis-lippe/schulung.md"]
    assert text.startswith('---\ntitle: "=1+1"\n')


def test_an_error_value_is_told(project: Path) -> None:
    def edit(sheet: Any) -> None:
        place(sheet, COURSE, "Status").value = "#REF!"

    assert "ein Fehlerwert (#REF!)" in messages(take(project, edited(untouched(), edit)))[0]


def test_script_and_yaml_in_a_cell_stay_text(project: Path) -> None:
    evil = 'x" }\nstatus: laufend\n---\n<script>alert(1)</script> {{ 7 * 7 }} *a &b !!python/object'
    taken = answer(project, {"Hinweis zur Quelle": evil, "Text": f"---\n{evil}"}, COURSE)
    changed, problems = drafts.check(project, taken.files)
    assert problems == []
    record = changed.of("measure")[COURSE]
    assert isinstance(record, Measure)
    assert (record.status, record.source_note) == ("ausgefallen", evil)
    assert record.text == f"---\n{evil}"


def test_a_huge_cell(project: Path) -> None:
    content = untouched()
    shared = part_of(content, "xl/sharedStrings.xml").replace("Schulung der Beschäftigten".encode(), b"x" * 1_000_000)
    said = messages(take(project, with_part(content, "xl/sharedStrings.xml", shared)))
    assert said == ["Maßnahmen!H3 (Titel): Die Zelle hat 1000000 Zeichen; mehr als 32767 kann keine Tabelle speichern. Bitte kürzen."]  # fmt: skip
    said = messages(answer(project, {"Zeitraum": "9" * 32_000}, COURSE))
    assert len(said[0]) < 1000


def test_bombs_are_not_opened(project: Path) -> None:
    content = untouched()
    zeros = with_part(content, "xl/media/bild.xml", b"\0" * 40_000_000)
    assert len(zeros) < 200_000
    assert messages(take(project, zeros))[0].startswith("Die Datei wird beim Öffnen größer als 32 MB.")
    tags = with_part(content, "xl/worksheets/sheet9.xml", b"<c/>" * 1_100_000)
    assert messages(take(project, tags))[0].startswith("Die Tabelle hat zu viele Zellen.")
    many = io.BytesIO(content)
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(workbook.MAX_PARTS):
            archive.writestr(f"xl/{number}.xml", b"")
    assert messages(take(project, many.getvalue()))[0].startswith("Die Datei besteht aus 10")
    assert messages(take(project, b"x" * (workbook.MAX_BYTES + 1)))[0].startswith("Die Datei ist größer als 10 MB.")


def test_entities_are_refused(project: Path) -> None:
    """A billion laughs, and a file of the machine by an external entity."""
    content = untouched()
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (f'<!ENTITY l0 "ha">{laughs}', '<!ENTITY l9 SYSTEM "file:///etc/passwd">'):
        bomb = part_of(content, "xl/sharedStrings.xml").replace(b"<sst", f"<!DOCTYPE x [{declared}]><sst".encode(), 1)
        bomb = bomb.replace("Schulung der Beschäftigten".encode(), b"&l9;")
        said = messages(take(project, with_part(content, "xl/sharedStrings.xml", bomb)))
        assert said[0].startswith("Die Datei ist keine lesbare Excel-Arbeitsmappe.")
    assert openpyxl.DEFUSEDXML  # whatever Expat itself would stop


def test_a_row_far_below_costs_little(project: Path) -> None:
    content = untouched()
    name = "xl/worksheets/sheet2.xml"
    far = b'<row r="99999999"><c r="A99999999" t="n"><v>1</v></c></row></sheetData>'
    sheet = part_of(content, name).replace(b"</sheetData>", far)
    assert take(project, with_part(content, name, sheet)).problems == ()


def test_macros_and_wrong_files(project: Path) -> None:
    content = untouched()
    said = messages(take(project, with_part(content, "xl/vbaProject.bin", b"x")))
    assert said == ["Die Datei enthält Makros. Bitte als „Excel-Arbeitsmappe (.xlsx)“ ohne Makros speichern."]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("../../evil.md", "x")
    for wrong in (b"", b"Kennung;Titel", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 500, archive.getvalue(), content[:5000]):
        assert ".xlsx" in messages(take(project, wrong))[0]


def test_a_broken_sheet_is_no_traceback(project: Path) -> None:
    content = untouched()
    for name in ("xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"):
        part = part_of(content, name)
        for spoiled in (part[: len(part) // 2], b"", b"\0" + part, b"<a/>"):
            assert len(messages(take(project, with_part(content, name, spoiled)))) == 1


def test_a_damaged_archive_is_no_traceback(project: Path) -> None:
    """A directory that claims to begin further on once ended in a ValueError of zipfile."""
    spoiled = bytearray(untouched())
    begin = int.from_bytes(spoiled[-6:-2], "little")
    spoiled[-6:-2] = (begin + 9_999).to_bytes(4, "little")
    assert messages(take(project, bytes(spoiled)))[0].startswith("Die Datei ist keine lesbare Excel-Arbeitsmappe.")


# The command


def test_the_path_of_an_office(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    site = site_of(project)
    monkeypatch.setattr(script, "ROOT", project)
    monkeypatch.setattr(script, "sound_site", lambda undone: site)
    assert script.write(2021, ["kreis-lippe"], tmp_path / "aus") == 0
    made = tmp_path / "aus" / "runde-2021-kreis-lippe.xlsx"
    made.write_bytes(edited(made.read_bytes(), setting({"Status": "verschoben", "Stimmt noch": "ja"}, COURSE)))
    wrong = tmp_path / "falsch.xlsx"
    wrong.write_bytes(edited(made.read_bytes(), setting({"Status": "?"}, COURSE)))
    file = project / "measures/kreis-lippe/schulung.md"
    before = file.read_text()
    assert script.read([made], DAY, dry_run=True) == 0
    assert (
        "würde ändern:\n  measures/kreis-lippe/schulung.md: Status, Berichtsjahre, Zuletzt geprüft"
        in capsys.readouterr().out
    )
    assert file.read_text() == before
    assert script.read([wrong, made, tmp_path / "fehlt.xlsx"], DAY, dry_run=False) == 1
    out = capsys.readouterr().out
    assert "falsch.xlsx:3: Maßnahmen!K3 (Status): „?“ ist nicht erlaubt." in out
    assert "falsch.xlsx: 1 Fehler; nichts übernommen." in out
    assert "runde-2021-kreis-lippe.xlsx: geändert:\n" in out
    assert "fehlt.xlsx: 1 Fehler" in out
    assert "status: verschoben\n" in file.read_text()
    assert "checked: 2021-12-01\n" in file.read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    (tmp_path / "datei").touch()
    monkeypatch.setattr(
        sys, "argv", ["annual_round.py", "--year", "2021", "--partner", "kreis-lippe", "--output", f"{tmp_path}/datei"]
    )
    assert script.main() == 1
    assert f"{tmp_path}/datei: nicht zu schreiben (File exists)." in capsys.readouterr().err


def test_two_tables_of_one_partner_do_not_overwrite_each_other(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(script, "ROOT", project)
    content = untouched()
    for name, status in (("eins.xlsx", "verschoben"), ("zwei.xlsx", "laufend")):
        (tmp_path / name).write_bytes(edited(content, setting({"Status": status}, COURSE)))
    assert script.read([tmp_path / "eins.xlsx", tmp_path / "zwei.xlsx"], DAY, dry_run=False) == 1
    assert "jetzt steht dort „verschoben“, in der Tabelle „laufend“" in capsys.readouterr().out
    assert "status: verschoben" in (project / "measures/kreis-lippe/schulung.md").read_text()


def test_the_handout_stands_alone(real_site: Site) -> None:
    partner = real_site.catalog.of("partner")["kreis-lippe"]
    assert isinstance(partner, Partner)
    round_ = asking.of_partner(real_site, partner, 2021)
    about = {"round": round_, "instructions": asking.instructions(round_), "table": "runde.xlsx"}
    html = render.document(real_site, "annual-handout", about)
    assert "<link" not in html
    assert "src=" not in html
    assert html.count("<article>") == len(round_.rows) == 13
    assert html.count("Bitte prüfen:") == 13
    assert "<dd>80\u00a0Sprachvermittlerinnen und Sprachvermittler (im Pool)</dd>" in html
    assert "<dd>seit 2015</dd>" in html


# A further year


def later(project: Path, cells: dict[str, Any], ref: str = COURSE, year: int = 2021) -> Taken:
    """What an office answers to the table of a year that has no report yet."""
    (project / "docs/quellen/spaeter.md").write_text(
        "---\ntitle: Bericht 2021\npublisher: Ministerium\ndate: 2020-10/2021-09\nsummary: Der nächste.\n---\n"
    )
    return take(project, edited(table(site_of(project), year=year), setting(cells, ref)))


def test_a_change_is_a_report_of_the_year_and_the_former_one_stays(project: Path) -> None:
    cells = {"Status": "laufend", "Beleg für die Änderung": "Bericht 2021", "Was geschah": "Die Schulung fand statt."}
    taken = later(project, {**cells, "Stimmt noch": "ja"})
    assert taken.problems == ()
    text = taken.files["measures/kreis-lippe/schulung.md"]
    assert (
        "reports:\n  - year: 2020\n    status: ausgefallen\n"
        "  - year: 2021\n    status: laufend\n    text: Die Schulung fand statt.\n"
        "    sources:\n      - document: spaeter\n"
    ) in text
    assert "\nstatus: laufend\n" in text
    write(project, taken)
    content = edited(table(site_of(project), year=2021), setting({}, COURSE))
    assert take(project, content).files == {}


def test_an_answer_read_twice_adds_its_year_once(project: Path) -> None:
    later(project, {})
    cells = {"Status": "laufend", "Beleg für die Änderung": "Bericht 2021", "Was geschah": "Sie fand statt."}
    content = edited(table(site_of(project), year=2021), setting(cells, COURSE))
    write(project, take(project, content))
    assert (take(project, content).files, take(project, content).problems) == ({}, ())


def test_going_back_needs_a_reason_and_someone_who_vouches(project: Path) -> None:
    assert messages(later(project, {"Status": "verschoben"}, POOL)) == [
        "Maßnahmen!V2 (Beleg für die Änderung): Für 2021 ist kein Beleg genannt. "
        "Bitte ein Dokument nennen oder mit „ja“ unter „Stimmt noch“ bestätigen.",
        "Maßnahmen!W2 (Was geschah): Der Status geht von „laufend“ auf „verschoben“ zurück. "
        "Bitte hier in einem Satz den Grund nennen.",
    ]
    told = {"Status": "verschoben", "Stimmt noch": "ja", "Was geschah": "Der Raum fehlt."}
    text = later(project, told, POOL).files["measures/kreis-lippe/sprachmittlung.md"]
    assert "    text: Der Raum fehlt.\n    reason: Der Raum fehlt.\n" in text
    assert "checked: 2021-12-01" in text
    assert '  - year: 2020\n    status: laufend\n    figures:\n      - value: ">1000"\n' in text


def test_a_yes_of_an_earlier_day_vouches_for_nothing_later(project: Path) -> None:
    """Only whoever reads the table can have mistaken the day."""
    content = edited(table(site_of(project), year=2021), setting({"Was geschah": "Wie gehabt.", "Stimmt noch": "ja"}))
    assert messages(take(project, content, datetime.date(2020, 12, 31))) == [
        "Maßnahmen!V2 (Beleg für die Änderung): Das „ja“ gilt am 31. Dezember 2020 und belegt nichts für 2021. "
        "Bitte ein Dokument nennen, oder die Tabelle mit dem richtigen Tag einlesen (--date).",
    ]


def test_a_document_of_an_earlier_year_corrects_that_year(project: Path) -> None:
    taken = later(project, {"Status": "laufend", "Beleg für die Änderung": "Bericht 2020"})
    assert taken.changes == {"measures/kreis-lippe/schulung.md": ("Status",)}


def test_what_happened_may_be_told_without_any_change(project: Path) -> None:
    taken = later(project, {"Was geschah": "Wie gehabt.", "Stimmt noch": "ja"}, POOL)
    assert taken.changes == {"measures/kreis-lippe/sprachmittlung.md": ("Berichtsjahre", "Zuletzt geprüft")}
    assert "  - year: 2021\n    status: laufend\n    text: Wie gehabt.\n" in taken.files.popitem()[1]
