"""What partners are asked, and how the values of a record stand in the cells of a table.

``Column.shown`` and ``Column.meant`` are inverse to each other. Both are derived
from the forms: labels in place of keys, a line for each value of a list, and
``80 | Personen | 2020 | im Pool`` for a figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog import forms
from catalog.editing import answers
from catalog.editing.answers import Option
from catalog.forms import FormField
from catalog.model import Measure
from catalog.store import Catalog
from catalog.vocabulary import Vocabulary

# Left to the editors, since it is their judgement, follows from the documents, names records that partners do not
# keep in a table, or would break addresses.
# Everything else is asked, so that a new field turns up in the table by itself.
EDITORIAL = frozenset(
    {
        *("category_inferred", "status_inferred", "period_inferred", "offers", "field", "phase", "indicators"),
        *("continues", "best_practice", "sources", "einfach", "checked", "aliases"),
        *("contacts", "documents"),
    }
)
BODY = "text"
# A cell holds no more; Excel cuts the rest off.
LONGEST_CELL = 32_767
_PROSE = ("line", "sentence", "text")
# What someone writes who wants a value to be gone; an empty cell could be an accident.
REMOVED = ("–", "-", "—")


@dataclass(frozen=True)
class Column:
    """A field as a column.

    Attributes:
        field: what is asked.
        options: what may be chosen; empty if that is free.
    """

    field: FormField
    options: tuple[Option, ...] = ()

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def title(self) -> str:
        return self.field.title

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """Value -> its label, or itself where the label could mean another value as well."""
        names = Counter(name for o in self.options for name in {n.casefold() for n in (o.value, o.label, *o.also)})
        return {o.value: o.label if names[o.label.casefold()] == 1 else o.value for o in self.options}

    def label(self, value: str) -> str:
        """A single value as people call it."""
        return self._labels.get(value, value)

    def shown(self, value: Any) -> str:
        """A value as it stands in a file -> the text of its cell."""
        if not value:
            return ""
        if self.field.parts:
            return "\n".join(self._joined(entry) for entry in (value if self.field.many else [value]))
        return "\n".join(map(self.label, value)) if self.field.many else self.label(value)

    def meant(self, text: str) -> Any:
        """The text of a cell -> a value as it stands in a file; ``None`` if there is none.

        What cannot be understood stays as it was written, so that the check can say what is wrong.
        """
        if not text:
            return None
        if self.field.parts:
            entries = [self._split(line) for line in text.split("\n") if line.strip()]
            return entries if self.field.many else entries[0]
        if self.field.kind in _PROSE:
            return text
        # Hard blanks come in by pasting; in a date or a name nobody means them.
        words = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        if not self.options:
            return words.split("\n") if self.field.many else words
        if self.field.many:
            return [answers.meant(self.options, word) for word in answers.several(self.options, words)]
        return answers.meant(self.options, words)

    @property
    def pattern(self) -> str:
        """How a line of the cell is built: ``Wert | Einheit | Stand | Bezug``; empty if it is a single value."""
        return " | ".join(part.title for part in self.field.parts)

    def _joined(self, entry: Mapping[str, str]) -> str:
        values = [_escaped(entry.get(part.key, "")) for part in self.field.parts]
        while not values[-1]:
            values.pop()
        return " | ".join(values)

    def _split(self, line: str) -> dict[str, str]:
        keys = [part.key for part in self.field.parts]
        values = list(_pieces(line))
        values[len(keys) - 1 :] = [" | ".join(values[len(keys) - 1 :])]
        return {key: value for key, value in zip(keys, values, strict=False) if value}


def columns(catalog: Catalog) -> tuple[Column, ...]:
    """The columns that partners fill in, in the order of the fields; the text comes last."""
    asked = [field for field in forms.plain(Measure, catalog.vocabulary) if field.key not in EDITORIAL]
    return tuple(Column(field, answers.options(field, catalog)) for field in (*asked, _body()))


def evidence(catalog: Catalog) -> Column:
    """The document that proves a change."""
    document = _documents(catalog.vocabulary)
    return Column(document, answers.options(document, catalog))


def _documents(vocabulary: Vocabulary) -> FormField:
    sources = forms.field(Measure, "sources", vocabulary)
    return next(part for part in sources.parts if part.kind == "reference")


def _body() -> FormField:
    return FormField(
        BODY, "Text", "Was getan wird, für wen, mit wem, seit wann, mit welchem Ergebnis.", "text", False, False
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


def _pieces(line: str) -> Iterator[str]:
    """The values between the strokes; a stroke after a backslash is part of its value."""
    piece: list[str] = []
    signs = iter(line)
    for sign in signs:
        following = next(signs, "") if sign == "\\" else ""
        if sign == "|":
            yield "".join(piece).strip()
            piece = []
        elif following in ("\\", "|"):
            piece.append(following)
        else:
            piece.append(sign + following)
    yield "".join(piece).strip()
