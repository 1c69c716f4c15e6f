"""Files that offices open: CSV and XLSX, in which no cell ever begins like a formula.

CSV as German offices open it by a double click: UTF-8 with byte order mark,
semicolons, CRLF.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

# What a spreadsheet takes for the beginning of a formula; some take the wide signs of East Asian keyboards, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Excel knows no day before this one, and no longer text in a cell.
_FIRST_DAY = datetime.date(1900, 3, 1)
_LONGEST = 32_767

Cell = str | int | float | bool | datetime.date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; its first row and column stay in view.

    Attributes:
        name: at most 31 characters.
        head: the first row.
        rows: the others, each as long as ``head``.
        widths: of the columns, in characters.
        wrapped: whether long cells are broken into lines.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    wrapped: bool = True


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV; days as ``2020-09-14``, flags as ``true`` and ``false``."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(title: str, sheets: Sequence[Sheet]) -> bytes:
    """A workbook; the same sheets make the same bytes."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # Any fixed day: the file must not change when nothing else does.
    book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
    styles = {
        "head": book.add_format({"bold": True}),
        "cell": book.add_format({"valign": "top"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
    }
    for sheet in sheets:
        _add(book, sheet, styles)
    book.close()
    return content.getvalue()


def _add(book: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    for column, (name, width) in enumerate(zip(sheet.head, sheet.widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, styles["head"])
    usual = styles["wrapped" if sheet.wrapped else "cell"]
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, usual, styles["day"])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)


def _write(page: Any, row: int, column: int, cell: Cell, usual: Any, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, usual)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, usual)
    elif isinstance(cell, datetime.date) and cell >= _FIRST_DAY:
        page.write_datetime(row, column, cell, day)
    else:
        text = _plain(cell)
        page.write_string(row, column, text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…", usual)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
