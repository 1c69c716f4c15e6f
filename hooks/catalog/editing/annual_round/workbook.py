"""The .xlsx file: written with XlsxWriter, the same bytes for the same round, and read with openpyxl.

A file that comes back is a stranger's. It is looked at before it is opened
(size, number of elements, macros), its XML may declare no entities, and no
formula in it is ever computed. Drawings, comments, links to other files and
whatever else it may hold are never read.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter

from catalog.editing.annual_round import asking
from catalog.editing.annual_round.asking import Memory, Round, Row, normal
from catalog.editing.annual_round.columns import LONGEST_CELL, Column

SHEET, HELP, VALUES, MEMORY = "Maßnahmen", "Anleitung", "Erlaubte Werte", "Rückweg"
ID, STAYS, PROOF, NEWS = "Kennung", "Stimmt noch", "Beleg für die Änderung", "Was geschah"
CONTEXT = ("Maßnahme", "Adresse", "Stand der Angaben", "Zuletzt geprüft", "Bitte prüfen")
YES, NO = "ja", "nein"
FREE_ROWS = 20

MAX_BYTES = 10_000_000
MAX_UNPACKED = 32_000_000
MAX_ELEMENTS = 1_000_000
MAX_PARTS = 1_000  # files inside of it; ours has a dozen, one with pictures some hundred
# Far more than any partner fills; a row with a number in the millions would otherwise bring all before it.
_MAX_ROWS, _MAX_COLUMNS = 20_000, 200

_HOW_MANY = "Je Zeile ein Wert (neue Zeile: Alt und Eingabetaste)."
_HOW_STAYS = (
    "ja: Die Angaben dieser Zeile stimmen, mit Ihren Änderungen. "
    "nein: Etwas stimmt nicht, das Sie hier nicht ändern können."
)
_HOW_PROOF = (
    "Öffentliches Dokument, aus dem die Änderung folgt: ein Titel aus dem Blatt „Erlaubte Werte“ "
    "oder Titel und Fundstelle eines neuen Dokuments."
)
_HOW_NEWS = (
    "Was in diesem Jahr geschah, in einem oder zwei kurzen Sätzen. "
    "Wurde etwas verschoben, abgesagt oder eingestellt: aus welchem Grund."
)
# kind of a field -> width of its column in characters
_WIDTHS = {"text": 90, "sentence": 40, "line": 34, "part": 44, "choice": 26, "reference": 30}
_CONTEXT_WIDTHS = (26, 34, 30, 20, 16, 40)
_LINE, _HIGHEST = 15, 409  # points; Excel allows no higher row
_FREE_HEIGHT = 3 * _LINE


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it came back.

    Attributes:
        address: such as ``E7``.
        text: what it says, in the one normal form.
        fault: why its content cannot be taken, as a German sentence with its remedy; empty if it can.
    """

    address: str
    text: str
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A table that came back: what it remembers, the cells of „Maßnahmen“ row by row, and sheets that are not ours."""

    memory: Memory
    rows: list[list[Cell]]
    foreign: tuple[str, ...]


def head(asked: Sequence[Column]) -> list[str]:
    """The header row."""
    return [ID, *CONTEXT, STAYS, *(column.title for column in asked), PROOF, NEWS]


def write(round_: Round) -> bytes:
    """The table for one partner."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    title = f"Maßnahmen {round_.year}: {round_.partner.title}"
    # Any fixed day: the file must not change when nothing else does.
    author = round_.site.operator.name
    book.set_properties({"title": title, "author": author, "created": datetime.datetime(2000, 1, 1)})
    _Writer(book, round_).write()
    book.close()
    return content.getvalue()


class _Writer:
    """Fills a new workbook."""

    def __init__(self, book: Any, round_: Round) -> None:
        self.book = book
        self.round = round_
        self.widths = [*_CONTEXT_WIDTHS, 14, *(_WIDTHS.get(c.field.kind, 20) for c in round_.columns), 40, 44]
        wrapped = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#999999"}
        self.head = book.add_format({**wrapped, "bold": True, "bg_color": "#DCE6EE"})
        self.fixed = book.add_format({**wrapped, "bg_color": "#F2F2F2"})
        # "@" is text: what an office types stays as it is typed, and no sign begins a formula.
        self.open = book.add_format({**wrapped, "num_format": "@", "locked": False})
        self.strong = book.add_format({"bold": True, "valign": "top"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self) -> None:
        sheets = [self.book.add_worksheet(name) for name in (HELP, SHEET, VALUES, MEMORY)]
        self._help(sheets[0])
        ranges = self._values(sheets[2])
        self._measures(sheets[1], ranges)
        for row, cell in enumerate(asking.packed(self.round.memory)):
            sheets[3].write_string(row, 0, cell)
        sheets[3].very_hidden()
        sheets[0].activate()
        for sheet in sheets:
            sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
            sheet.set_footer(f"&L{self.round.partner.name.replace('&', '&&')} · {self.round.year}&RSeite &P von &N")

    def _help(self, sheet: Any) -> None:
        widths = (28, 100)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        explained = (
            (STAYS, _HOW_STAYS),
            *((c.title, _how(c)) for c in self.round.columns),
            (PROOF, _HOW_PROOF),
            (NEWS, _HOW_NEWS),
        )
        lines = [(f"Maßnahmen {self.round.year}", self.round.partner.title, self.strong)]
        for heading, sentences in asking.instructions(self.round):
            lines += [("", "", self.plain), (heading, "", self.strong)]
            lines += [("", sentence, self.plain) for sentence in sentences]
        lines += [("", "", self.plain), ("Die Spalten", "", self.strong)]
        lines += [(title, words, self.plain) for title, words in explained]
        for row, (left, right, look) in enumerate(lines):
            sheet.set_row(row, _height((left, right), widths))
            sheet.write_string(row, 0, left, look)
            sheet.write_string(row, 1, right, look)
        sheet.fit_to_pages(1, 0)

    def _values(self, sheet: Any) -> dict[str, str]:
        """The sheet with all that may be chosen; title of a column -> the range of its values."""
        for column, (name, width) in enumerate((("Spalte", 24), ("Wert", 60), ("Bedeutung", 90))):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, self.head)
        row, ranges = 0, {}
        proof = (PROOF, [(self.round.evidence.label(o.value), o.definition) for o in self.round.evidence.options])
        chosen = [
            (c.title, [(c.label(o.value), o.definition) for o in self.round.offered(c)]) for c in self.round.columns
        ]
        for title, values in ((STAYS, [(YES, ""), (NO, "")]), *chosen, proof):
            ranges[title] = f"='{VALUES}'!$B${row + 2}:$B${row + 1 + len(values)}" if values else ""
            for value, definition in values:
                row += 1
                for column, cell in enumerate((title, value, definition)):
                    sheet.write_string(row, column, cell, self.fixed)
        sheet.autofilter(0, 0, row, 2)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        return ranges

    def _measures(self, sheet: Any, ranges: dict[str, str]) -> None:
        titles = head(self.round.columns)
        for column, (title, width) in enumerate(zip(titles, self.widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self.head)
        for number, row in enumerate(self.round.rows, 1):
            self._measure(sheet, number, row)
        free = len(self.round.rows) + 1
        for number in range(free, free + FREE_ROWS):
            self._line(sheet, number, ["", "(neue Maßnahme)", "", "", "", ""], [""] * (len(self.round.columns) + 3))
        self._validate(sheet, free + FREE_ROWS - 1, ranges)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)
        sheet.fit_to_pages(3, 0)
        sheet.autofilter(0, 0, free - 1, len(titles) - 1)

    def _measure(self, sheet: Any, number: int, row: Row) -> None:
        measure = row.measure
        address = self.round.site.at(measure.page_address)
        fixed = [measure.ref, measure.title, address, row.stand, row.checked or "noch nie", "\n".join(row.questions)]
        self._line(sheet, number, fixed, ["", *(row.cells[c.key] for c in self.round.columns), "", ""])

    def _line(self, sheet: Any, number: int, fixed: Sequence[str], filled: Sequence[str]) -> None:
        height = _height((*fixed, *filled), self.widths)
        sheet.set_row(number, height if any(filled) else _FREE_HEIGHT)
        for column, text in enumerate((*fixed, *filled)):
            sheet.write_string(number, column, text, self.fixed if column < len(fixed) else self.open)

    def _validate(self, sheet: Any, last: int, ranges: dict[str, str]) -> None:
        """Lists to choose from, limits, and the help that appears beside a selected cell."""
        first = len(CONTEXT) + 1
        wanted = (
            (STAYS, _HOW_STAYS, _list(ranges[STAYS])),
            *((c.title, _how(c), _rule(c, ranges[c.title])) for c in self.round.columns),
            (PROOF, _HOW_PROOF, {**_list(ranges[PROOF]), "show_error": False}),
            (NEWS, _HOW_NEWS, {"validate": "any"}),
        )
        for column, (title, words, rule) in enumerate(wanted, first):
            prompt = {"input_title": title[:32], "input_message": words if len(words) < 255 else f"{words[:253]}…"}
            sheet.data_validation(1, column, last, column, {**rule, **prompt})


def _height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """The height of a row in points; LibreOffice does not find it by itself."""
    cells = zip(texts, widths, strict=True)
    lines = max(sum(1 + len(line) // width for line in text.split("\n")) for text, width in cells)
    return min(lines * _LINE, _HIGHEST)


def _rule(column: Column, values: str) -> dict[str, Any]:
    """What the spreadsheet itself can check."""
    if column.options and not column.field.many:
        return _list(values)
    if column.field.maximum and not column.field.many:
        wrong = f"Erlaubt sind höchstens {column.field.maximum} Zeichen."
        limit = {"validate": "length", "criteria": "<=", "value": column.field.maximum}
        return {**limit, "error_type": "warning", "error_title": "Zu lang", "error_message": wrong}
    return {"validate": "any"}


def _list(values: str) -> dict[str, Any]:
    wrong = "Bitte einen Wert aus der Liste wählen."
    return {"validate": "list", "source": values, "error_title": "Nicht in der Liste", "error_message": wrong}


def _how(column: Column) -> str:
    """What belongs in a column, and how it is written."""
    field = column.field
    # What describes a language speaks of codes; here people write names.
    words = [] if field.kind == "language" else [field.description]
    if field.parts:
        words.append(f"Je Zeile eine Angabe: {column.pattern}.")
    elif field.many:
        words.append(_HOW_MANY)
    if column.options:
        more = "; auch jede andere Sprache mit ihrem deutschen Namen" if field.kind == "language" else ""
        words.append(f"Erlaubt ist, was im Blatt „{VALUES}“ steht{more}.")
    elif field.examples:
        words.append(f"Zum Beispiel: {' oder '.join(field.examples)}")
    return " ".join(words)


def read(content: bytes) -> tuple[Returned | None, tuple[str, str]]:
    """What came back, or why it cannot be read: message and remedy."""
    if len(content) > MAX_BYTES:
        wrong = f"Die Datei ist größer als {MAX_BYTES // 1_000_000} MB."
        return None, (wrong, "Bitte Bilder und fremde Blätter entfernen.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refused = _refused(archive)
        return (None, refused) if refused else _opened(content)
    # A stranger's file can make a parser fail in any way; whichever it is, the answer is the same.
    except Exception:
        hint = "Bitte in Excel oder LibreOffice als „Excel-Arbeitsmappe (.xlsx)“ ohne Kennwort speichern."
        return None, ("Die Datei ist keine lesbare Excel-Arbeitsmappe.", hint)


def _opened(content: bytes) -> tuple[Returned | None, tuple[str, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out
        return _returned(openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False))


def _refused(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    """Why a file is not even opened, if so."""
    parts = archive.infolist()
    # zipfile gives out no more of a part than it declares, so the declared sizes can be trusted as limits.
    if len(parts) > MAX_PARTS:
        wrong = f"Die Datei besteht aus {len(parts)} Teilen; erlaubt sind {MAX_PARTS}."
        return wrong, "Bitte die Angaben in eine neu ausgegebene Tabelle übertragen."
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        wrong = f"Die Datei wird beim Öffnen größer als {MAX_UNPACKED // 1_000_000} MB."
        return wrong, "Bitte die Angaben in eine neu ausgegebene Tabelle übertragen."
    if any(part.filename.casefold().endswith(".bin") and "vba" in part.filename.casefold() for part in parts):
        return "Die Datei enthält Makros.", "Bitte als „Excel-Arbeitsmappe (.xlsx)“ ohne Makros speichern."
    elements = sum(archive.read(part).count(b"<") for part in parts if part.filename.endswith((".xml", ".rels")))
    if elements > MAX_ELEMENTS:
        return "Die Tabelle hat zu viele Zellen.", "Bitte leere Zeilen und Spalten am Ende löschen."
    return None


def _returned(book: Any) -> tuple[Returned | None, tuple[str, str]]:
    again = "Bitte die Tabelle neu ausgeben und die Angaben übertragen."
    if missing := [name for name in (SHEET, MEMORY) if name not in book.sheetnames]:
        return None, (f"Das Blatt „{missing[0]}“ fehlt.", again)
    packed = [cell.text for row in _rows(book[MEMORY]) for cell in row[:1]]
    if packed[:1] != [str(asking.FORMAT)]:
        shown = packed[0][:20] if packed else ""
        return None, (f"Die Tabelle hat das Format „{shown}“; gelesen wird das Format {asking.FORMAT}.", again)
    memory = asking.unpacked(packed)
    if memory is None:
        return None, (f"Das verborgene Blatt „{MEMORY}“ wurde verändert.", again)
    foreign = tuple(name for name in book.sheetnames if name not in (SHEET, HELP, VALUES, MEMORY))
    return Returned(memory, [list(row) for row in _rows(book[SHEET])], foreign), ("", "")


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    """The rows from the first on, empty ones included, each up to its last cell with content."""
    blank = 0
    for number, row in enumerate(sheet.iter_rows(min_row=1, min_col=1, max_row=_MAX_ROWS, max_col=_MAX_COLUMNS), 1):
        width = max((column for column, cell in enumerate(row, 1) if cell.value is not None), default=0)
        if not width:
            blank += 1
            continue
        yield from ([] for _ in range(blank))
        blank = 0
        yield [_cell(cell, f"{get_column_letter(column)}{number}") for column, cell in enumerate(row[:width], 1)]


def _cell(cell: Any, address: str) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Cell(
            address, "", ("In der Zelle steht eine Formel; Formeln werden nicht gelesen.", "Bitte den Wert eintippen.")
        )
    if cell.data_type == "e":
        return Cell(address, "", (f"In der Zelle steht ein Fehlerwert ({value}).", "Bitte den Wert eintippen."))
    text = normal(_text(value, cell.number_format))
    if len(text) > LONGEST_CELL:
        wrong = f"Die Zelle hat {len(text)} Zeichen; mehr als {LONGEST_CELL} kann keine Tabelle speichern."
        return Cell(address, "", (wrong, "Bitte kürzen."))
    return Cell(address, text)


def _text(value: Any, number_format: str | None) -> str:
    """A cell's value as someone would have typed it as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date):  # a datetime is one too
        return value.strftime(_precision(number_format or ""))
    return str(value)


def _precision(number_format: str) -> str:
    """How much of a date its cell shows: Excel turns a typed ``09/2021`` into the first of September."""
    shown = re.sub(r'"[^"]*"|\[[^]]*\]|\\.', "", number_format).casefold()
    if "d" in shown or "y" not in shown:
        return "%Y-%m-%d"
    return "%Y-%m" if "m" in shown else "%Y"
