"""German wording: numbers, dates, plurals, lists and alphabetical order."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal

from catalog import open_data
from catalog.dates import Moment, parse
from catalog.fields import figure_numbers, language_names
from catalog.vocabulary import Vocabulary

_PREFIXES = {"~": "etwa ", ">": "mehr als ", "<": "weniger als "}
_FORMATS = {0: "yyyy", 1: "MMMM yyyy", 2: "d. MMMM yyyy"}
NBSP = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=4096)
def number(value: str | int | Decimal) -> str:
    """``1000`` -> ``1.000``, ``10.42`` -> ``10,42``."""
    return str(format_decimal(Decimal(value), format="#,##0.####", locale="de"))


def figure(value: str, unit: str = "") -> str:
    """A figure as records write it, for readers: ``~25-30`` and ``%`` -> ``etwa 25–30 %``."""
    prefix = _PREFIXES.get(value[0], "")
    text = prefix + "–".join(number(part) for part in figure_numbers(value))
    return f"{text}{NBSP}{unit}" if unit else text


def count(amount: int, one: str, many: str) -> str:
    """``1 Maßnahme``, ``2 Maßnahmen``, ``keine Maßnahmen``."""
    if amount == 0:
        return f"keine {many}"
    return f"{number(amount)}{NBSP}{one if amount == 1 else many}"


def dialled(phone: str) -> str:
    """A telephone number as it is dialled from anywhere: ``0521 51-0`` -> ``+49521510``."""
    digits = "".join(filter(str.isdigit, phone))
    return f"+{digits}" if phone.startswith("+") else f"+49{digits[1:]}"


def enumeration(words: Sequence[str]) -> str:
    """``a, b und c``."""
    return " und ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@lru_cache(maxsize=4096)
def when(text: str, since: str = "seit") -> str:
    """An EDTF date or span in German words: ``2017-03/2017-07`` -> ``März bis Juli 2017``.

    Args:
        text: the date or span.
        since: the word for an open end; ``ab`` suits a plan.
    """
    span = parse(text)
    if span.start is None:
        return f"bis {_moment(span.end)}"
    if span.end is None:
        return f"{since} {_moment(span.start)}"
    if span.single:
        return _moment(span.start)
    return f"{_shortened(span.start, span.end)} bis {_moment(span.end)}"


def _moment(moment: Moment | None) -> str:
    if moment is None:  # the caller has handled open ends
        return ""
    depth = bool(moment.month) + bool(moment.day)
    return str(format_date(moment.first_day, _FORMATS[depth], locale="de"))


def _shortened(start: Moment, end: Moment) -> str:
    """The beginning of a span without what the end repeats."""
    words = _moment(start)
    if start.day and end.day and (start.year, start.month) == (end.year, end.month):
        return f"{start.day}."
    if start.month and end.month and start.year == end.year:
        return words.removesuffix(f" {start.year}")
    return words


def licence(address: str) -> str:
    """The name of a licence by its address: ``https://creativecommons.org/licenses/by/4.0/`` -> ``CC BY 4.0``."""
    if known := open_data.licence_at(address):
        return open_data.LICENCES[known].name
    parts = urlsplit(address)
    match parts.path.strip("/").split("/"):
        case ["licenses", conditions, version, *_] if parts.hostname == "creativecommons.org":
            return f"CC {conditions.upper()} {version}"
    return parts.hostname or address


def language(tag: str, vocabulary: Vocabulary) -> str:
    """``ar`` -> ``Arabisch``."""
    term = vocabulary["languages"].get(tag)
    return term.label if term else language_names()[tag]


def languages(vocabulary: Vocabulary) -> dict[str, str]:
    """Code -> German name of every language that a record may name; the vocabulary's own names win."""
    return language_names() | {key: term.label for key, term in vocabulary["languages"].items()}


@lru_cache(maxsize=16384)
def sort_key(text: str) -> str:
    """Alphabetical order of DIN 5007-1: ``ä`` as ``a``, case and punctuation ignored."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isalnum() or c == " ")
