"""The types of single fields: what a string must look like, and what to say if it does not.

Each type checks one string and raises a German sentence with its remedy, and
each describes itself to JSON Schema, so that rule, message and schema stand in
one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from catalog import dates
from catalog.vocabulary import FILE, Vocabulary

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 80
MAX_SENTENCE = 200


def fault(message: str, hint: str) -> PydanticCustomError:
    """An error that carries a German sentence and its remedy through pydantic."""
    return PydanticCustomError("fault", "{message}", {"message": message, "hint": hint})


def _vocabulary(info: ValidationInfo) -> Vocabulary:
    context: dict[str, Vocabulary] = info.context or {}
    return context["vocabulary"]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value must be a key of this list of ``vocabulary.yml``."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-vocabulary": self.name}

    def _check(self, value: str, info: ValidationInfo) -> str:
        vocabulary = _vocabulary(info)
        if value in vocabulary[self.name]:
            return value
        meant = vocabulary.suggestion(self.name, value)
        hint = (
            f"Meinten Sie „{meant}“? Alle Werte: {FILE}" if meant else f"Erlaubt: {', '.join(vocabulary[self.name])}."
        )
        raise fault(f"„{value}“ ist nicht erlaubt.", hint)


@dataclass(frozen=True, slots=True)
class RefersTo:
    """The value is the id of a record of one of these kinds; ``rules`` checks that it exists."""

    kinds: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-refers-to": list(self.kinds)}


Marker = TypeVar("Marker", OneOf, RefersTo)


def marker(annotation: Any, metadata: Iterable[Any], cls: type[Marker]) -> Marker | None:
    """The marker of class ``cls`` on a field, also where it sits on the items of a list."""
    for found in metadata:
        if isinstance(found, cls):
            return found
    if get_origin(annotation) is Annotated:
        inner, *markers = get_args(annotation)
        return marker(inner, markers, cls)
    if get_origin(annotation) in (tuple, Union, UnionType):
        return next((found for arg in get_args(annotation) if (found := marker(arg, (), cls))), None)
    return None


@dataclass(frozen=True, slots=True)
class Json:
    """How a field looks in JSON Schema, where that says more than ``string``."""

    schema: dict[str, Any]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), **self.schema}

    def __hash__(self) -> int:
        return id(self)


def _pattern(pattern: str, message: str, hint: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise fault(f"„{value}“ {message}", hint)
        return value

    return check


def _line(value: str) -> str:
    if "\n" in value:
        raise fault("Der Text geht über mehrere Zeilen.", "Bitte in eine Zeile schreiben.")
    return value


def _sentence(value: str) -> str:
    if len(value) > MAX_SENTENCE:
        raise fault(
            f"Der Satz hat {len(value)} Zeichen; erlaubt sind {MAX_SENTENCE}.",
            "Bitte kürzen; Einzelheiten gehören in den Text.",
        )
    return _line(value)


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        raise fault(f"„{value}“ ist nicht erlaubt.", "Erlaubt: true oder false.")
    return value == "true"


def _count(value: Any) -> Any:
    if not isinstance(value, str) or not value.isdecimal() or len(value) > 6:
        raise fault(f"„{value}“ ist keine ganze Zahl.", "Bitte nur Ziffern schreiben, zum Beispiel 12.")
    return int(value)


def _date(value: str) -> str:
    try:
        dates.parse(value)
    except ValueError as error:
        raise fault(
            f"„{value}“ ist keine gültige Zeitangabe: {error}.",
            "Zum Beispiel: 2020-09-14, 2019-09, 2017-03/2017-07 oder 2018-07/.. (seit Juli 2018)",
        ) from None
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"\\]", value)
        )
    except ValueError:
        valid = False
    if not valid:
        raise fault(
            f"„{value}“ ist keine Webadresse.", "Bitte vollständig angeben, zum Beispiel https://www.kreis-lippe.de/"
        )
    return value


def line_ranges(value: str) -> tuple[tuple[int, int], ...]:
    """``"1631-1637, 1640"`` as pairs of first and last line, both included."""
    pairs = (part.strip().split("-") for part in value.split(","))
    return tuple((int(pair[0]), int(pair[-1])) for pair in pairs)


def figure_numbers(value: str) -> list[str]:
    """The numbers in a figure's value: ``~25-30`` has 25 and 30."""
    return value.lstrip("~<>").split("-")


def _line_ranges(value: str) -> str:
    if not re.fullmatch(r"\d{1,6}(?:-\d{1,6})?(?:, ?\d{1,6}(?:-\d{1,6})?)*", value):
        raise fault(f"„{value}“ ist keine Zeilenangabe.", "Zum Beispiel: 1631-1637, 1640")
    for first, last in line_ranges(value):
        if not 1 <= first <= last:
            raise fault(
                f"„{value}“: Zeile {last} liegt vor Zeile {max(first, 1)}.", "Bitte die kleinere Zahl zuerst nennen."
            )
    return value


@cache
def language_names() -> dict[str, str]:
    """Language code -> German name, from Unicode CLDR."""
    return dict(Locale("de").languages)


def _language(value: str, info: ValidationInfo) -> str:
    if value not in _vocabulary(info)["languages"] and value not in language_names():
        raise fault(
            f"„{value}“ ist kein Sprachkürzel.",
            "Zum Beispiel: ar (Arabisch), tr (Türkisch), de-simple (Leichte Sprache); Liste: BCP 47",
        )
    return value


_OR_NUMBER = Json({"type": ["string", "integer"]})

Line = Annotated[str, AfterValidator(_line)]
Sentence = Annotated[str, AfterValidator(_sentence), Json({"maxLength": MAX_SENTENCE})]
Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[int, BeforeValidator(_count), Json({"type": ["integer", "string"]})]
Date = Annotated[
    str,
    AfterValidator(_date),
    Json({"type": ["string", "integer"], "examples": ["2020-09-14", "2017-03/2017-07", "2018-07/.."]}),
]
WebAddress = Annotated[str, AfterValidator(_web_address), Json({"format": "uri", "pattern": "^https?://"})]
LineRanges = Annotated[str, AfterValidator(_line_ranges), _OR_NUMBER]
Language = Annotated[str, AfterValidator(_language), Json({"examples": ["ar", "tr", "ru", "de-simple"]})]
Id = Annotated[
    str,
    AfterValidator(
        _pattern(
            ID.pattern,
            "ist keine Kennung.",
            "Nur kleine Buchstaben a–z, Ziffern und Bindestriche, zum Beispiel kreis-lippe",
        )
    ),
    Json({"pattern": f"^{ID.pattern}$", "maxLength": MAX_ID}),
]
Alias = Annotated[
    str,
    AfterValidator(
        _pattern(
            rf"{ID.pattern}(?:/{ID.pattern})*",
            "ist keine frühere Adresse.",
            "Zum Beispiel: massnahmen/kreis-lippe/alter-name",
        )
    ),
]
FigureValue = Annotated[
    str,
    AfterValidator(
        _pattern(
            r"[~<>]?\d{1,12}(?:\.\d{1,4})?(?:-\d{1,12}(?:\.\d{1,4})?)?",
            "ist keine Zahl.",
            "Zum Beispiel 1000, 10.42 oder 25-30, ohne Tausenderpunkt; davor ~ (etwa), > (mehr als), < (weniger als)",
        )
    ),
    Json({"type": ["string", "number"]}),
]
