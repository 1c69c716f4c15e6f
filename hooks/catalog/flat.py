"""A kind of record as one table: a row for each, a column for each value.

A column is named by the way to its value in the data: ``status.label``,
``partner.id``, ``figures.value``. CSV is for programs and has these names as
head. XLSX is for people: its head is German, and two more sheets explain the
columns, with these names, and the values of the vocabulary. Values of a list
stand in one cell, with a semicolon between them; those of a list inside a list,
such as the figures of several years, with a bar between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from catalog.model import Record
from catalog.shapes import Shape, of
from catalog.spreadsheets import Cell, Sheet, csv_file, xlsx_file
from catalog.vocabulary import LISTS, Vocabulary

# Between values of a list, and of a list inside it.
_BETWEEN = ("; ", " | ")
_SEVERAL = ("", ", mehrere mit Semikolon", ", mehrere mit Semikolon, darin mehrere mit „|“")
_FOR_PROGRAMS = ("id", "url", "file", "text")
_TYPES = {"text": "Text", "integer": "ganze Zahl", "boolean": "ja oder nein", "number": "Zahl", "day": "Tag"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of a kind.

    Attributes:
        way: the keys that lead to its value.
        title: its German name.
        about: what it says, a German sentence.
        shape: what its value is.
        listed: in how many lists it stands, one inside the other; if in any, several values may be in a cell.
        vocabulary: the list of the vocabulary from which it is taken, if any.
    """

    way: tuple[str, ...]
    title: str
    about: str
    shape: Shape
    listed: int
    vocabulary: str

    @property
    def name(self) -> str:
        """Its name for programs."""
        return ".".join(self.way)

    @property
    def type(self) -> str:
        """What is in a cell, in German."""
        return _TYPES[self.shape.type] + _SEVERAL[self.listed]

    @property
    def description(self) -> str:
        """What it says, with the list that explains its values."""
        return f"{self.about} Alle Werte: Blatt „Listen“, {LISTS[self.vocabulary]}." if self.vocabulary else self.about


@cache
def columns(cls: type[Record]) -> tuple[Column, ...]:
    """The columns of the table of a kind, in the order of its data."""
    return tuple(_columns(of(cls), Column((), "", "", Shape("", "", ""), listed=0, vocabulary="")))


def _columns(shapes: Sequence[Shape], inside: Column) -> Iterator[Column]:
    for shape in shapes:
        listed = inside.listed + shape.many
        if not shape.tabular or (shape.derive and listed):  # nobody can calculate with several in one cell
            continue
        # „Status“ is the label; the key beside it is „Status: Schlüssel“.
        main = bool(inside.way) and shape.key in ("label", "title")
        title = inside.title if main else f"{inside.title}: {shape.title}".removeprefix(": ")
        about = inside.about if main else shape.description
        column = Column((*inside.way, shape.key), title, about, shape, listed, inside.vocabulary or shape.vocabulary)
        yield from _columns(shape.parts, column) if shape.parts else [column]


def rows(cls: type[Record], items: Iterable[Mapping[str, Any]]) -> list[list[Cell]]:
    """The items, completed, as rows with a cell for each of the columns."""
    found = columns(cls)
    return [[_cell(column, item) for column in found] for item in items]


def _cell(column: Column, item: Mapping[str, Any]) -> Cell:
    if not column.listed:
        value: Any = item
        for key in column.way:
            value = None if value is None else value[key]
        return value  # type: ignore[no-any-return]  # what the shape says
    return _joined(item, column.way)


def _joined(value: Any, way: tuple[str, ...], lists: int = 0) -> str:
    """What stands at the end of the way; what is empty, too, so that the columns of a list keep in step."""
    if isinstance(value, list | tuple):
        words = [_joined(each, way, lists + 1) for each in value]
        return _BETWEEN[lists].join(words) if any(words) else ""
    return _word(value) if value is None or not way else _joined(value[way[0]], way[1:], lists)


def _word(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def as_csv(cls: type[Record], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table for programs."""
    return csv_file([column.name for column in columns(cls)], rows)


def as_xlsx(cls: type[Record], rows: Sequence[Sequence[Cell]], words: Vocabulary) -> bytes:
    """The table for people: the title first, what only programs need last."""
    found = columns(cls)
    order = sorted(range(len(found)), key=lambda i: (found[i].name != "title", found[i].name in _FOR_PROGRAMS))
    shown = [found[i] for i in order]
    widths = [50, *(min(max(len(column.title) + 3, 12), 40) for column in shown[1:])]
    cells = [[row[i] for i in order] for row in rows]
    table = Sheet(cls.label[1], [column.title for column in shown], cells, widths, wrapped=False)
    return xlsx_file(cls.label[1], [table, _explanation(shown), _lists(shown, words)])


def _explanation(found: Sequence[Column]) -> Sheet:
    entries = [(column.title, column.name, column.type, column.description) for column in found]
    return Sheet("Spalten", ("Spalte", "Name in den Daten", "Inhalt", "Bedeutung"), entries, (36, 36, 28, 90))


def _lists(found: Sequence[Column], words: Vocabulary) -> Sheet:
    names = dict.fromkeys(column.vocabulary for column in found if column.vocabulary)
    entries = [(LISTS[name], term.key, term.label, term.definition) for name in names for term in words[name].values()]
    return Sheet("Listen", ("Liste", "Schlüssel", "Bezeichnung", "Bedeutung"), entries, (30, 30, 40, 90))
