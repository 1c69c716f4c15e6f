"""How fresh a statement is: from what documents and partners say, at the reference date; never from a clock."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from catalog import wording
from catalog.dates import parse
from catalog.model import Measure, Source
from catalog.site import Site


@dataclass(frozen=True, slots=True)
class Stand:
    """As of when the statements on a measure hold.

    Attributes:
        day: the last day for which they are known to hold.
        heading: the same in words, with where it comes from.
        checked: whether the partner has checked them, rather than a document stating them.
        due: whether the partner should look at them again by the reference date.
    """

    day: datetime.date
    heading: str
    checked: bool
    due: bool


def stand(site: Site, measure: Measure) -> Stand:
    """As of when ``measure`` holds: its last check, else the period of the document of its latest year."""
    latest = [evidence for state in site.progress.of(measure)[-1:] for evidence in state.sources[:1]]
    source = site.catalog.of("source").get((latest or measure.sources)[0].document)
    written = source.date if isinstance(source, Source) else ""
    day = _last_day(measure.checked) or _last_day(written) or datetime.date.min
    words = wording.when(measure.checked or written) if measure.checked or written else "unbekannt"
    checked = measure.checked is not None
    heading = f"Geprüft: {words}" if checked else f"Dokument: {words}"
    return Stand(day, heading, checked, months_later(day, site.check_after) < site.reference_date)


def newest_first(site: Site, measures: Iterable[Measure]) -> list[Measure]:
    """Measures whose statements are freshest first, otherwise in their order."""
    return sorted(measures, key=lambda measure: stand(site, measure).day, reverse=True)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return datetime.date(day.year + years, month + 1, min(day.day, last))


def _last_day(date: str | None) -> datetime.date | None:
    end = parse(date).end if date else None
    return end.last_day if end else None
