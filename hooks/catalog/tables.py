"""The measures as tables that offices open: CSV and XLSX, a row for each measure in the order of the list.

CSV as German offices open it by a double click: UTF-8 with byte order mark,
semicolons, CRLF. No cell ever begins like a formula, in either format.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator

import xlsxwriter

from catalog import wording
from catalog.model import Measure, Record
from catalog.render import TABLES, Site

HEAD = (
    "Titel", "Kurzfassung", "Partner", "Kategorie", "Status", "Zeitraum", "Zielgruppen", "Formate", "Zahlen",
    "Netzwerke", "Zusammenarbeit", "Gute Praxis", "Adresse",
)  # fmt: skip
_WIDTHS = (40, 60, 25, 30, 14, 18, 30, 30, 40, 30, 30, 18, 50)
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of the tables."""
    rows = [_row(site, measure) for measure in site.relations.all_measures]
    yield TABLES["csv"], _csv(rows)
    yield TABLES["xlsx"], _xlsx(rows)


def _row(site: Site, measure: Measure) -> list[str]:
    relations = site.relations
    figures = [wording.figure(f.value, f.unit) + (f" ({f.note})" if f.note else "") for f in measure.figures]
    level = measure.best_practice.level if measure.best_practice else ""
    cells = [
        measure.title,
        measure.summary,
        relations.partner(measure).name,
        relations.category(measure).title,
        site.term("status", measure.status).label,
        wording.when(measure.period) if measure.period else "",
        "; ".join(site.term("target_groups", key).label for key in measure.target_groups),
        "; ".join(site.term("formats", key).label for key in measure.formats),
        "; ".join(figures),
        _names(relations.targets(measure, "networks")),
        _names(relations.targets(measure, "cooperation")),
        site.term("best_practice_levels", level).label if level else "",
        site.at(measure.page_address),
    ]
    return [_harmless(cell) for cell in cells]


def _names(records: tuple[Record, ...]) -> str:
    return "; ".join(record.name for record in records)


def _harmless(cell: str) -> str:
    """A cell on one line that no spreadsheet takes for a formula."""
    line = " ".join(cell.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEAD, *rows])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # Any fixed day: the file must not change when nothing else does.
    book.set_properties({"title": "Maßnahmen", "created": datetime.datetime(2000, 1, 1)})
    sheet = book.add_worksheet("Maßnahmen")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(zip(HEAD, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(HEAD) - 1)
    book.close()
    return content.getvalue()
