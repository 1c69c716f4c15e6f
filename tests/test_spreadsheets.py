"""Tables for offices: cells of every type, and none that begins like a formula."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest

from catalog.spreadsheets import Cell, Sheet, csv_file, harmless, xlsx_file

DAY = datetime.date(2020, 9, 14)
ROW: list[Cell] = ["Größe; „groß“", 12, 10.5, True, False, DAY, None, "", "zwei\nZeilen", datetime.date(1789, 7, 14)]
HEAD = [f"Spalte {number}" for number in range(len(ROW))]


def test_csv_says_every_type_in_words() -> None:
    text = csv_file(HEAD, [ROW]).decode("utf-8-sig")
    assert text.endswith('\r\n"Größe; „groß“";12;10.5;true;false;2020-09-14;;;"zwei\nZeilen";1789-07-14\r\n')


def test_xlsx_keeps_types() -> None:
    """Excel knows no day before 1900, so that an earlier one is text."""
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file("T", [Sheet("Blatt", HEAD, [ROW], [9] * len(HEAD))])))["Blatt"]
    (cells,) = sheet.iter_rows(min_row=2)
    assert [cell.value for cell in cells] == [
        "Größe; „groß“", 12, 10.5, True, False, datetime.datetime(2020, 9, 14), None, None, "zwei\nZeilen", "1789-07-14"
    ]  # fmt: skip
    assert cells[5].number_format == "yyyy-mm-dd"
    assert sheet.auto_filter.ref == "A1:J2"


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    made = xlsx_file("T", [Sheet("Blatt", ["A"], [["x" * 40_000]], [9])])
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Blatt"]
    assert sheet["A2"].value == "x" * 32_766 + "…"


@pytest.mark.parametrize("start", ["=1+1", "+49", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋49", "－5", "＠A"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert harmless(start) == f"'{start}"
    assert csv_file(["A"], [[start]]).decode("utf-8-sig").split("\r\n", 1)[1].strip('"').startswith("'")
    made = xlsx_file("T", [Sheet("Blatt", ["A"], [[start]], [9])])
    cell = openpyxl.load_workbook(io.BytesIO(made))["Blatt"]["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")
