"""Each kind as one table, read back by programs of others: Python's csv, DuckDB and openpyxl."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from catalog import downloads, export, flat
from catalog.downloads import DATA_KINDS
from catalog.model import KINDS
from catalog.site import Site
from catalog.vocabulary import LISTS
from conftest import site_of


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def head_of(content: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def at(item: Any, way: list[str]) -> list[Any]:
    """All values at the end of a way, written once more and shorter than in the generator."""
    if isinstance(item, list):
        return [value for each in item for value in at(each, way)]
    return at(item[way[0]], way[1:]) if way and item is not None else [item]


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_csv_holds_what_the_data_hold(kind: str, published: dict[str, bytes]) -> None:
    rows = rows_of(published[downloads.path(kind, "csv")])
    items = json.loads(published[downloads.path(kind, "json")])["items"]
    assert [row["id"] for row in rows] == [item["id"] for item in items]
    derived = {column.name for column in flat.columns(KINDS[kind]) if column.shape.derive}
    for row, item in zip(rows, items, strict=True):
        assert None not in row
        for name in row.keys() - derived:
            values = [
                "" if v is None else str(v).lower() if isinstance(v, bool) else str(v)
                for v in at(item, name.split("."))
            ]
            said = "; ".join(values) if any(values) else ""
            assert row[name].removeprefix("'") == said.removeprefix("'"), (item["id"], name)


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_duckdb_reads_the_same(kind: str, published: dict[str, bytes], data_folder: Path) -> None:
    path = downloads.path(kind, "csv")
    read = duckdb.sql(f"SELECT * FROM read_csv('{data_folder / path}', all_varchar = true)")
    rows = rows_of(published[path])
    assert read.columns == head_of(published[path])
    assert [tuple(value or "" for value in row) for row in read.fetchall()] == [tuple(row.values()) for row in rows]


def test_duckdb_sees_types(data_folder: Path) -> None:
    described = duckdb.sql(f"DESCRIBE SELECT * FROM read_csv('{data_folder / 'api/v1/measures.csv'}')").fetchall()
    types = {name: type_ for name, type_, *_ in described}
    assert (types["period_start"], types["category_inferred"], types["period"]) == ("DATE", "BOOLEAN", "VARCHAR")


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_xlsx_says_the_same_in_german(kind: str, published: dict[str, bytes], real_site: Site) -> None:
    book = openpyxl.load_workbook(io.BytesIO(published[downloads.path(kind, "xlsx")]), read_only=True)
    assert book.sheetnames == [KINDS[kind].label[1], "Spalten", "Listen"]
    head, *cells = book[KINDS[kind].label[1]].iter_rows(values_only=True)
    _, *explained = book["Spalten"].iter_rows(values_only=True)
    assert [title for title, *_ in explained] == list(head)
    assert len(set(head)) == len(head)
    names = [name for _, name, *_ in explained]
    rows = rows_of(published[downloads.path(kind, "csv")])
    assert sorted(names) == sorted(head_of(published[downloads.path(kind, "csv")]))
    assert names[0] == "title"
    for said, row in zip(cells, rows, strict=True):
        padded = [*said, *[None] * (len(row) - len(said))]
        plain = [str(cell).removesuffix(" 00:00:00") if cell is not None else "" for cell in padded]
        assert [text.lower() if text in ("True", "False") else text for text in plain] == [row[name] for name in names]
    assert all(len(entry) == 4 and all(entry) for entry in explained)


def test_lists_explain_every_value(published: dict[str, bytes], real_site: Site) -> None:
    book = openpyxl.load_workbook(io.BytesIO(published["api/v1/measures.xlsx"]), read_only=True)
    _, *entries = book["Listen"].iter_rows(values_only=True)
    known = {(name, key): (label, definition) for name, key, label, definition in entries}
    used = Counter(name for name, _ in known)
    assert set(used) == {
        LISTS[name] for name in ("status", "target_groups", "formats", "offer_categories", "best_practice_levels")
    }
    for row in rows_of(published["api/v1/measures.csv"]):
        for key, label in zip(row["formats.key"].split("; "), row["formats.label"].split("; "), strict=True):
            assert known["Formate", key][0] == label


def test_figures_of_several_years_tell_their_year(project: Path) -> None:
    file = project / "measures/kreis-lippe/sprachmittlung.md"
    file.write_text(
        file.read_text().replace("unit: Gespräche}], sources", "unit: Gespräche}, {value: 30, unit: Orte}], sources")
    )
    made = dict(export.data_files(site_of(project)))
    (row,) = [row for row in rows_of(made["api/v1/measures.csv"]) if row["id"] == "kreis-lippe/sprachmittlung"]
    assert row["reports.year"] == "2018; 2019"
    assert row["reports.figures.value"] == "200 | 30; "
    assert row["reports.figures.unit"] == "Gespräche | Orte; "
    (told,) = [column for column in flat.columns(KINDS["measure"]) if column.name == "reports.figures.value"]
    assert told.type == "Text, mehrere mit Semikolon, darin mehrere mit „|“"


@pytest.mark.parametrize("start", ["=1+1", "+49 231", "-5 Grad", "@SUM(A1)"])
def test_no_cell_begins_like_a_formula(project: Path, start: str) -> None:
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("title: Schulung der Beschäftigten", f'title: "{start}"'))
    made = dict(export.data_files(site_of(project)))
    titles = [row["title"] for row in rows_of(made["api/v1/measures.csv"])]
    assert f"'{start}" in titles
    sheet = openpyxl.load_workbook(io.BytesIO(made["api/v1/measures.xlsx"]))["Maßnahmen"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}
