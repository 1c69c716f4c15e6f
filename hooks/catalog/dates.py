"""Dates and spans in the part of EDTF (ISO 8601-2) that records use.

A moment is a year, a month or a day (``2020``, ``2019-09``, ``2020-09-14``); a
span joins two moments by ``/``, and ``..`` leaves one end open. Years are those
from 1000 to 2999; any other is a slip of the keys (``0202``). The library
``edtf`` reads far more (seasons, uncertainty, sets), which an editor could
write by mistake and a reader would not understand; so the profile is our own.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

_MOMENT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
OPEN = ".."
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A year, a month or a day; ``month`` and ``day`` are 0 where they are not stated."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> datetime.date:
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end``, both included.

    ``None`` is an open end; equal ends are a single moment.
    """

    start: Moment | None
    end: Moment | None

    @property
    def single(self) -> bool:
        return self.start == self.end


@lru_cache(maxsize=4096)
def parse(text: str) -> Span:
    """Read ``2020-09-14``, ``2019-09``, ``2017-03/2017-07``, ``2018-07/..`` or ``../2020``.

    Raises:
        ValueError: with a German sentence that says what is wrong.
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError("Ein Zeitraum hat höchstens einen Schrägstrich")
    if len(parts) == 1:
        moment = _moment(parts[0])
        return Span(moment, moment)
    start, end = (None if part == OPEN else _moment(part) for part in parts)
    if start is None and end is None:
        raise ValueError("Mindestens ein Ende muss angegeben sein")
    if start and end and end.last_day < start.first_day:
        raise ValueError("Das Ende liegt vor dem Anfang")
    return Span(start, end)


_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})")
_GERMAN_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_YEARS = re.compile(r"([0-9]{4})\s*[-–]\s*([0-9]{4})")


def as_written_in_german(text: str) -> str | None:
    """What ``14.09.2020``, ``09/2020``, ``2017-2019`` or ``seit 2018`` means; ``None`` if that is not clear."""
    if text.startswith("seit "):
        since = as_written_in_german(text.removeprefix("seit ").strip()) or text.removeprefix("seit ").strip()
        return _valid(f"{since}/{OPEN}")
    if match := _GERMAN_DAY.fullmatch(text):
        day, month, year = match.groups()
        return _valid(f"{year}-{month:0>2}-{day:0>2}")
    if match := _GERMAN_MONTH.fullmatch(text):
        return _valid(f"{match[2]}-{match[1]:0>2}")
    if match := _YEARS.fullmatch(text):
        return _valid(f"{match[1]}/{match[2]}")
    return None


def _valid(text: str) -> str | None:
    try:
        parse(text)
    except ValueError:
        return None
    return text


def day(text: str) -> datetime.date:
    """Read a single day such as ``2020-09-14``.

    Raises:
        ValueError: with a German sentence that says what is wrong.
    """
    moment = _moment(text)
    if not moment.day:
        raise ValueError(f"„{text}“ nennt keinen Tag")
    return moment.first_day


def _moment(text: str) -> Moment:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"„{text}“ ist kein Datum")
    year, month, day = (None if group is None else int(group) for group in match.groups())
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"„{text}“ liegt nicht in den Jahren {_FIRST_YEAR} bis {_LAST_YEAR}")
    moment = Moment(year, month or 0, day or 0)
    if month == 0 or day == 0 or not _exists(moment):
        raise ValueError(f"„{text}“ gibt es im Kalender nicht")
    return moment


def _exists(moment: Moment) -> bool:
    try:
        return moment.first_day <= moment.last_day
    except ValueError:
        return False
