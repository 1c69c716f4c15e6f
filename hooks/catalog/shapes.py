"""What an item of the data files is made of, for the formats that need columns and types.

Derived from the model and from what ``schema`` says of every item, so that a new
kind or field needs nothing here. Beside dates and figures as they are written
stand values for calculating: the first and the last day of a time, the least
and the greatest number of a figure.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from catalog import dates, schema
from catalog.fields import Input, OneOf, RefersTo, figure_numbers, marker
from catalog.model import Record, fields_by_key, part_of

Type = Literal["text", "integer", "boolean", "number", "day", "group"]
Derive = Callable[[str], datetime.date | float | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A value of an item.

    Attributes:
        key: its name in the data.
        title: its German name.
        description: what it says, a German sentence.
        type: what it is; a group has ``parts``.
        many: whether it is a list of these.
        required: whether it is there in every item.
        parts: what a group holds.
        vocabulary: the list of the vocabulary from which it is taken, if any.
        source: the key of the value beside it from which it follows; empty if it is written.
        derive: how it follows.
        tabular: whether tables have a column for it.
    """

    key: str
    title: str
    description: str
    type: Type = "text"
    many: bool = False
    required: bool = True
    parts: tuple[Shape, ...] = ()
    vocabulary: str = ""
    source: str = ""
    derive: Derive | None = None
    tabular: bool = True


@cache
def of(cls: type[Record]) -> tuple[Shape, ...]:
    """The values of an item of this kind, in their order."""
    common = {key: _common(key, said) for key, said in schema.common(cls).items()}
    own = {shape.key: shape for shape in _fields(cls)}
    return tuple((common | own).values())  # a document's own url stands in the place of its page's, as in the data


def _common(key: str, said: Mapping[str, Any]) -> Shape:
    if "$ref" in said:  # the only ones there are to a record
        return Shape(key, said["title"], said["description"], "group", parts=_link(of_several_kinds=False))
    return Shape(key, said["title"], said["description"])


def completed(shapes: tuple[Shape, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """An item, or a group of it, with what follows from what is written."""
    return {shape.key: _complete(shape, data) for shape in shapes}


def _complete(shape: Shape, data: Mapping[str, Any]) -> Any:
    if shape.derive:
        written = data[shape.source]
        return None if written is None else shape.derive(written)
    value = data[shape.key]
    if not shape.parts or value is None:
        return value
    return [completed(shape.parts, each) for each in value] if shape.many else completed(shape.parts, value)


def _first_day(text: str) -> datetime.date | None:
    start = dates.parse(text).start
    return start.first_day if start else None


def _last_day(text: str) -> datetime.date | None:
    end = dates.parse(text).end
    return end.last_day if end else None


def _least(value: str) -> float | None:
    return None if value.startswith("<") else float(figure_numbers(value)[0])


def _greatest(value: str) -> float | None:
    return None if value.startswith(">") else float(figure_numbers(value)[-1])


def _fields(cls: type[BaseModel]) -> tuple[Shape, ...]:
    return tuple(shape for key, info in fields_by_key(cls).items() for shape in _field(key, info))


def _field(key: str, info: Any) -> Iterator[Shape]:
    """The field itself, and what follows from it."""
    types = set(_types(info.annotation))
    many = tuple in types
    required = info.is_required() or many or bool in types  # without a value they are empty, or false
    title, description = info.title, info.description
    yield Shape(key, title, description, many=many, required=required, **_content(info, types))
    asked = None if many else marker(info.annotation, info.metadata, Input)
    if asked == Input("date"):
        for end, name, derive in (("start", "Beginn", _first_day), ("end", "Ende", _last_day)):
            said = f"{name} als Tag, zum Rechnen; leer, wenn offen."
            yield Shape(f"{key}_{end}", f"{title}: {name}", said, "day", required=False, source=key, derive=derive)
    if asked == Input("number"):
        for bound, name, measured in (("low", "mindestens", _least), ("high", "höchstens", _greatest)):
            said = f"{name.capitalize()} diese Zahl, zum Rechnen; leer, wenn nach dieser Seite offen."
            yield Shape(bound, f"{title}: {name}", said, "number", required=False, source=key, derive=measured)


def _types(annotation: Any) -> Iterator[Any]:
    """All types that an annotation such as ``tuple[Line, ...]`` or ``Count | None`` names."""
    yield get_origin(annotation) or annotation
    for inner in get_args(annotation):
        yield from _types(inner)


def _content(info: Any, types: set[Any]) -> dict[str, Any]:
    """What the field holds, as arguments of ``Shape``."""
    if part := part_of(info.annotation):
        return {"type": "group", "parts": _fields(part)}
    if chosen := marker(info.annotation, info.metadata, OneOf):
        return {"type": "group", "parts": _TERM, "vocabulary": chosen.name}
    if named := marker(info.annotation, info.metadata, RefersTo):
        return {"type": "group", "parts": _link(len(named.kinds) > 1)}
    return {"type": "boolean" if bool in types else "integer" if int in types else "text"}


_TERM = (
    Shape("key", "Schlüssel", "Der Wert, wie ihn die Datensätze schreiben."),
    Shape("label", "Bezeichnung", "Der Wert auf Deutsch."),
)


def _link(of_several_kinds: bool) -> tuple[Shape, ...]:
    """A reference; tables say its kind only where that is not always the same, and no address."""
    kind = "Art des Eintrags, auf Englisch wie in den Namen der Dateien."
    return (
        Shape("id", "Kennung", "Kennung des Eintrags, auf den verwiesen wird."),
        Shape("kind", "Art", kind, tabular=of_several_kinds),
        Shape("title", "Titel", "Titel des Eintrags."),
        Shape("url", "Adresse", "Seite des Eintrags auf der Website.", tabular=False),
    )
