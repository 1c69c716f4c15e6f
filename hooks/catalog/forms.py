"""The fields of a record as forms ask for them, derived from the model and the vocabulary.

Every door through which editors come in is made from this one description: the
questions in a terminal, the form on the site, the forms of the forges, the CMS
and the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from catalog.fields import Input, Json, OneOf, RefersTo, marker
from catalog.model import Record, fields_by_key, part_of
from catalog.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen: key, German label, one sentence of definition."""

    value: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One question.

    Attributes:
        key: the key in the front matter.
        title: its German name.
        description: what belongs there, as one German sentence.
        kind: ``line``, ``sentence`` or ``text`` (words), ``date`` (EDTF), ``flag``, ``count``, ``number``
            (a figure's value), ``address``, ``lines``, ``language``, ``id``, ``alias``; ``choice`` (a value of the
            vocabulary), ``reference`` (the id of a record), ``part`` (keys inside, see ``parts``).
        many: whether it holds a list of these.
        required: whether an answer must be given.
        maximum: the number of characters of one value at most; ``None`` if that is free.
        pattern: what one value must look like, as a regular expression of JSON Schema; empty if that is free.
        complaint: what to say if it does not, as German sentences.
        examples: values that are right.
        choices: what may be chosen; only for ``choice``.
        refers_to: kinds of records that may be named; only for ``reference``.
        parts: the fields inside; only for ``part``.
    """

    key: str
    title: str
    description: str
    kind: str
    many: bool
    required: bool
    maximum: int | None = None
    pattern: str = ""
    complaint: str = ""
    examples: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    refers_to: tuple[str, ...] = ()
    parts: tuple[FormField, ...] = ()

    @property
    def nested(self) -> bool:
        """Whether it holds lists of groups, so that no line of a text and no cell of a table can say an entry.

        Doors that ask line by line leave such a field out; the editor in the browser and the file itself have it.
        """
        return any(part.many and part.parts for part in self.parts)


def fields(cls: type[BaseModel], vocabulary: Vocabulary) -> tuple[FormField, ...]:
    """The fields of a kind of record, or of a part, in the order in which files have them."""
    return tuple(_field(key, info, vocabulary) for key, info in fields_by_key(cls).items())


def plain(cls: type[BaseModel], vocabulary: Vocabulary) -> tuple[FormField, ...]:
    """The fields that can be asked line by line: all but nested ones."""
    return tuple(field for field in fields(cls, vocabulary) if not field.nested)


def field(cls: type[Record], key: str, vocabulary: Vocabulary) -> FormField:
    """One field of a kind of record."""
    return _field(key, fields_by_key(cls)[key], vocabulary)


def flat(fields: Iterable[FormField]) -> Iterator[FormField]:
    """All fields, each before those inside it."""
    for field in fields:
        yield field
        yield from flat(field.parts)


def leaves(fields: Iterable[FormField]) -> Iterator[FormField]:
    """The fields that hold a value of their own, in the order in which a line says them."""
    return (field for field in flat(fields) if not field.parts)


def _field(key: str, info: Any, vocabulary: Vocabulary) -> FormField:
    annotation, metadata = info.annotation, info.metadata
    part = part_of(annotation)
    chosen = None if part else marker(annotation, metadata, OneOf)
    refers = None if part else marker(annotation, metadata, RefersTo)
    said = {} if part else _said(annotation, metadata)
    return FormField(
        key=key,
        title=info.title or key,
        description=info.description or "",
        kind=_kind(annotation, metadata, part, chosen, refers),
        many=get_origin(annotation) is tuple,
        required=info.is_required(),
        maximum=_maximum(metadata) or said.get("maxLength"),
        pattern=said.get("pattern", ""),
        complaint=said.get("patternErrorMessage", ""),
        examples=tuple(said.get("examples", ())),
        choices=tuple(Choice(t.key, t.label, t.definition) for t in vocabulary[chosen.name].values()) if chosen else (),
        refers_to=refers.kinds if refers else (),
        parts=fields(part, vocabulary) if part else (),
    )


def _kind(
    annotation: Any, metadata: list[Any], part: type[BaseModel] | None, chosen: OneOf | None, refers: RefersTo | None
) -> str:
    if part:
        return "part"
    if chosen or refers:
        return "choice" if chosen else "reference"
    asked = marker(annotation, metadata, Input)
    if asked is None:
        raise TypeError(f"{annotation} does not say what a person is asked for; use a type of catalog.fields")
    return asked.name


def _maximum(metadata: list[Any]) -> int | None:
    return next((found.max_length for found in metadata if hasattr(found, "max_length")), None)


def _said(annotation: Any, metadata: list[Any]) -> dict[str, Any]:
    """All that the type tells JSON Schema about one value."""
    own = {key: value for found in metadata if isinstance(found, Json) for key, value in found.schema.items()}
    for inner in get_args(annotation):
        markers = getattr(inner, "__metadata__", ())
        own |= _said(inner, [m for m in markers if isinstance(m, Json)]) if markers or get_args(inner) else {}
    return own
