"""The tables that offices open: every measure, the right words, no formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from catalog import tables
from catalog.downloads import TABLES
from catalog.site import Site
from conftest import site_of


@pytest.fixture(scope="module")
def files(real_site: Site) -> dict[str, bytes]:
    return dict(tables.files(real_site))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_opens_in_a_german_office(files: dict[str, bytes], real_site: Site) -> None:
    content = files[TABLES["csv"]]
    assert content.startswith(b"\xef\xbb\xbfTitel;Kurzfassung;Partner;")
    assert content.count(b"\r\n") == content.count(b"\n") == len(real_site.relations.all_measures) + 1
    head, *rows = rows_of(content)
    assert all(len(row) == len(head) for row in rows)
    assert [row[0] for row in rows] == [m.title for m in real_site.relations.all_measures]


def test_both_tables_say_the_same(files: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(files[TABLES["xlsx"]]))["Maßnahmen"]
    cells = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == rows_of(files[TABLES["csv"]])
    assert sheet.freeze_panes == "B2"


def test_tables_are_the_same_in_every_build(files: dict[str, bytes], real_site: Site) -> None:
    assert dict(tables.files(real_site)) == files


@pytest.mark.parametrize("start", ["=1+1", "+49 231", "-5 Grad", "@SUM(A1)", "=HYPERLINK(1)"])
def test_no_cell_begins_like_a_formula(project: Path, start: str) -> None:
    file = project / "measures/kreis-lippe/schulung.md"
    file.write_text(file.read_text().replace("title: Schulung der Beschäftigten", f'title: "{start}"'))
    made = dict(tables.files(site_of(project)))
    titles = [row[0] for row in rows_of(made[TABLES["csv"]])]
    assert f"'{start}" in titles
    sheet = openpyxl.load_workbook(io.BytesIO(made[TABLES["xlsx"]])).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert f"'{start}" in [row[0].value for row in sheet.iter_rows()]
