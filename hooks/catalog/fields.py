"""The types of single fields: what a string must look like, and what to say if it does not.

Each type checks one string and raises a German sentence with its remedy, and
each describes itself to JSON Schema, so that rule, message and schema stand in
one place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from catalog import dates
from catalog.naming import ID, MAX_ID, MAX_PATH, in_full
from catalog.vocabulary import FILE, Vocabulary

MAX_SENTENCE = 200
# The kinds whose records mean the same on all sites.
SHARED = ("category",)


def fault(message: str, hint: str, mended: str | None = None) -> PydanticCustomError:
    """An error that carries a German sentence and its remedy through pydantic.

    Args:
        message: what is wrong.
        hint: the way out.
        mended: the right value, if there is exactly one.
    """
    return PydanticCustomError("fault", "{message}", {"message": message, "hint": hint, "mended": mended})


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
        raise fault(f"„{value}“ ist nicht erlaubt.", hint, vocabulary.named(self.name, value))


@dataclass(frozen=True, slots=True)
class RefersTo:
    """The value is the id of a record of one of these kinds; ``rules`` checks that it exists.

    In a record of another site it is made full by that site's id, so that it can't be taken for one of ours. Only the
    categories are shared.
    """

    kinds: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._full, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-refers-to": list(self.kinds)}

    def _full(self, value: str | None, info: ValidationInfo) -> str | None:
        site = (info.context or {}).get("site")
        return in_full(site, value) if site and value and self.kinds != SHARED else value


@dataclass(frozen=True, slots=True)
class Input:
    """What a person is asked for: ``line``, ``text``, ``date``, ``flag``."""

    name: str


Marker = TypeVar("Marker", OneOf, RefersTo, Input, "Json")


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
    """How a field looks in JSON Schema, where that says more than ``string``.

    Editors may write a number without quotes; data always hold what the field's own type says, and need no message.
    """

    schema: dict[str, Any]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        written = {"type", "patternErrorMessage"} if handler.mode == "serialization" else set()
        return {**handler(schema), **{key: said for key, said in self.schema.items() if key not in written}}

    def __hash__(self) -> int:
        return id(self)


def _pattern(
    pattern: str, message: str, hint: str, mend: Callable[[str], str | None] | None = None
) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise fault(f"„{value}“ {message}", hint, mend(value) if mend else None)
        return value

    return check


def slug(text: str) -> str | None:
    """The id that ``text`` stands for: ``Sprachcafé Köln`` -> ``sprachcafe-koeln``; ``None`` if nothing is left."""
    folded = text.lower().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"})
    plain = unicodedata.normalize("NFKD", folded)
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split()
    return "-".join(words)[:MAX_ID].strip("-") or None


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


_FLAGS = {"true": "true", "ja": "true", "yes": "true", "false": "false", "nein": "false", "no": "false"}


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        mended = _FLAGS.get(value.casefold()) if isinstance(value, str) else None
        raise fault(f"„{value}“ ist nicht erlaubt.", "Erlaubt: true oder false.", mended)
    return value == "true"


def _count(value: Any) -> Any:
    if not isinstance(value, str) or not value.isdecimal() or len(value) > 6:
        raise fault(f"„{value}“ ist keine ganze Zahl.", "Bitte nur Ziffern schreiben, zum Beispiel 12.")
    return int(value)


def _year(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(_YEAR, value):
        raise fault(f"„{value}“ ist kein Jahr.", "Bitte vierstellig schreiben, zum Beispiel 2021.")
    return int(value)


_YEAR = r"(?:19|20)[0-9]{2}"
_DATE_HINT = "Zum Beispiel: 2020-09-14, 2019-09, 2017-03/2017-07 oder 2018-07/.. (seit Juli 2018)"


def _date(value: str) -> str:
    try:
        dates.parse(value)
    except ValueError as error:
        meant = dates.as_written_in_german(value)
        hint = f"Meinten Sie „{meant}“?" if meant else _DATE_HINT
        raise fault(f"„{value}“ ist keine gültige Zeitangabe: {error}.", hint, meant) from None
    return value


_ADDRESS_HINT = "Bitte vollständig angeben, zum Beispiel https://www.kreis-lippe.de/"


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in {"http", "https"}
            and "." in (parts.hostname or "")
            and "@" not in parts.netloc  # https://www.kreis-lippe.de@evil.example/ leads to the second
            and all(map(_is_latin, parts.netloc))  # and a Cyrillic a looks like ours
            and parts.port != 0
            and not re.search(r"[\s<>\"\\]", value)
        )
    except ValueError:  # also by a port that is none
        valid = False
    if not valid:
        raise fault(f"„{value}“ ist keine Webadresse.", _ADDRESS_HINT)
    return value


_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_NOT_AN_EMAIL = ("ist keine E-Mail-Adresse.", "Zum Beispiel integration@stadt-lemgo.de, ohne mailto: und ohne „[at]“.")
_AT = re.compile(r"\s*(?:\[at\]|\(at\)|\[ät\]|\(ät\)|\{at\})\s*", re.IGNORECASE)
_PHONE = r"(?:\+[1-9][0-9]{0,2}|0[1-9])(?:[ /-]?[0-9]){3,14}"
_NOT_A_PHONE = (
    "ist keine Telefonnummer.",
    "Mit Vorwahl, nur Ziffern, Leerzeichen, / und -, zum Beispiel 0521 51-0 oder +49 521 510",
)


def _plain_email(value: str) -> str | None:
    """``mailto:a[at]b.de`` -> ``a@b.de``: what was hidden from programs is hidden from readers, too."""
    mended = _AT.sub("@", value.strip().removeprefix("mailto:"))
    return mended if re.fullmatch(_EMAIL, mended) else None


def _plain_phone(value: str) -> str | None:
    """``+49 (0)521 51-0`` and ``(0521) 51-0`` in the one form that can be dialled."""
    plain = value.strip().removeprefix("tel:").replace("–", "-").replace(".", " ")
    plain = plain.replace("(0)", " ") if plain.startswith("+") else plain
    mended = re.sub(r" ?([ /-]) ?", r"\1", " ".join(plain.replace("(", " ").replace(")", " ").split()))
    return mended if re.fullmatch(_PHONE, mended) else None


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN ")


@lru_cache(maxsize=4096)
def line_ranges(value: str) -> tuple[tuple[int, int], ...]:
    """``"1631-1637, 1640"`` as pairs of first and last line, both included."""
    pairs = (part.strip().split("-") for part in value.split(","))
    return tuple((int(pair[0]), int(pair[-1])) for pair in pairs)


def figure_numbers(value: str) -> list[str]:
    """The numbers in a figure's value: ``~25-30`` has 25 and 30."""
    return value.lstrip("~<>").split("-")


# Three digits after the point are a German thousand in disguise: 1.000 would be read as 1.
_AMOUNT = r"\d{1,12}(?:\.(?:\d{1,2}|\d{4}))?"
_FIGURE = rf"[~<>]?{_AMOUNT}(?:-{_AMOUNT})?"
_NOT_A_FIGURE = (
    "ist keine Zahl.",
    "Zum Beispiel 1000, 10.42 oder 25-30, ohne Tausenderpunkt; davor ~ (etwa), > (mehr als), < (weniger als)",
)


def _decimal_point(value: str) -> str | None:
    """``10,42`` -> ``10.42``; ``1,000`` could mean either, so it stays."""
    return value.replace(",", ".") if re.fullmatch(r"[~<>]?\d{1,12},\d{1,2}", value) else None


def _in_order(value: str) -> str:
    least, greatest = figure_numbers(value)[0], figure_numbers(value)[-1]
    if float(least) > float(greatest):
        raise fault(f"„{value}“: {greatest} ist kleiner als {least}.", "Bitte die kleinere Zahl zuerst nennen.")
    return value


_LINES = r"\d{1,6}(?:-\d{1,6})?(?:, ?\d{1,6}(?:-\d{1,6})?)*"
_LINES_HINT = "Zum Beispiel: 1631-1637, 1640"


def _line_ranges(value: str) -> str:
    if not re.fullmatch(_LINES, value):
        raise fault(f"„{value}“ ist keine Zeilenangabe.", _LINES_HINT)
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


def _short(value: str) -> str:
    """An address becomes folders, whose names no system takes at any length."""
    if len(value) > MAX_PATH or any(len(part) > MAX_ID for part in value.split("/")):
        raise fault(
            f"„{value[:MAX_ID]}…“ ist zu lang.", f"Erlaubt sind {MAX_ID} Zeichen je Teil, {MAX_PATH} im Ganzen."
        )
    return value


def _described(pattern: str, message: str, hint: str) -> Json:
    """A check against a pattern for JSON Schema, with its message for editors' programs."""
    return Json({"pattern": f"^(?:{pattern})$", "patternErrorMessage": f"Die Angabe {message} {hint}"})


_OR_NUMBER = Json({"type": ["string", "integer"]})
_MOMENT = r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_DATE = rf"{_MOMENT}|{_MOMENT}/(?:{_MOMENT}|\.\.)|\.\./{_MOMENT}"
_NOT_AN_ID = ("ist keine Kennung.", "Nur kleine Buchstaben a–z, Ziffern und Bindestriche, zum Beispiel kreis-lippe")
_ALIAS = rf"{ID.pattern}(?:/{ID.pattern})*"
_NOT_A_REF = ("ist keine Kennung.", "Zum Beispiel kreis-lippe/sprachmittlung, ohne Umlaute und Leerzeichen")
_FINGERPRINT = r"[a-z_]+=[0-9a-f]{8}(?: [a-z_]+=[0-9a-f]{8})*"
_NOT_A_FINGERPRINT = ("ist kein Stand eines Originals.", "Bitte scripts/adopt.py schreiben lassen, nicht von Hand.")
_NOT_AN_ALIAS = ("ist keine frühere Adresse.", "Zum Beispiel: massnahmen/kreis-lippe/alter-name")

Line = Annotated[str, AfterValidator(_line), Json({"pattern": r"^[^\n]*$"}), Input("line")]
Sentence = Annotated[str, AfterValidator(_sentence), Json({"maxLength": MAX_SENTENCE}), Input("sentence")]
Text = Annotated[str, Input("text")]
Flag = Annotated[bool, BeforeValidator(_flag), Input("flag")]
Count = Annotated[int, BeforeValidator(_count), Json({"type": ["integer", "string"]}), Input("count")]
Year = Annotated[
    int,
    BeforeValidator(_year),
    Json({"type": ["integer", "string"], "minimum": 1900, "maximum": 2099, "pattern": f"^{_YEAR}$"}),
    Input("count"),
]
Date = Annotated[
    str,
    AfterValidator(_date),
    _described(_DATE, "ist keine gültige Zeitangabe.", _DATE_HINT),
    Json({"type": ["string", "integer"], "examples": ["2020-09-14", "2017-03/2017-07", "2018-07/.."]}),
    Input("date"),
]
WebAddress = Annotated[
    str,
    AfterValidator(_web_address),
    _described(r'https?://[^\s<>"\\@/?#]+\.[^\s<>"\\@/?#]+([/?#][^\s<>"\\]*)?', "ist keine Webadresse.", _ADDRESS_HINT),
    Json({"format": "uri"}),
    Input("address"),
]
Email = Annotated[
    str,
    AfterValidator(_pattern(_EMAIL, *_NOT_AN_EMAIL, mend=_plain_email)),
    _described(_EMAIL, *_NOT_AN_EMAIL),
    Json({"examples": ["integration@stadt-lemgo.de"]}),
    Input("email"),
]
Phone = Annotated[
    str,
    AfterValidator(_pattern(_PHONE, *_NOT_A_PHONE, mend=_plain_phone)),
    _described(_PHONE, *_NOT_A_PHONE),
    _OR_NUMBER,
    Input("phone"),
]
LineRanges = Annotated[
    str,
    AfterValidator(_line_ranges),
    _described(_LINES, "ist keine Zeilenangabe.", _LINES_HINT),
    _OR_NUMBER,
    Input("lines"),
]
Language = Annotated[
    str, AfterValidator(_language), Json({"examples": ["ar", "tr", "ru", "de-simple"]}), Input("language")
]
Id = Annotated[
    str,
    AfterValidator(_pattern(ID.pattern, *_NOT_AN_ID, mend=slug)),
    _described(ID.pattern, *_NOT_AN_ID),
    Json({"maxLength": MAX_ID}),
    Input("id"),
]
Alias = Annotated[
    str,
    AfterValidator(_pattern(_ALIAS, *_NOT_AN_ALIAS)),
    AfterValidator(_short),
    _described(_ALIAS, *_NOT_AN_ALIAS),
    Json({"maxLength": MAX_PATH}),
    Input("alias"),
]
# The id of a record that may lie in the folder of another one.
Ref = Annotated[str, AfterValidator(_pattern(_ALIAS, *_NOT_A_REF)), _described(_ALIAS, *_NOT_A_REF), Input("id")]
FigureValue = Annotated[
    str,
    AfterValidator(_pattern(_FIGURE, *_NOT_A_FIGURE, mend=_decimal_point)),
    AfterValidator(_in_order),
    _described(_FIGURE, *_NOT_A_FIGURE),
    Json({"type": ["string", "number"]}),
    Input("number"),
]
# What another site said when it was looked at: a short sum of each of its values, see catalog.adoption.
Fingerprint = Annotated[
    str,
    AfterValidator(_pattern(_FINGERPRINT, *_NOT_A_FINGERPRINT)),
    _described(_FINGERPRINT, *_NOT_A_FINGERPRINT),
    Input("line"),
]
