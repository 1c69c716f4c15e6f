"""Dates: what took place, was cancelled or is planned on certain days, as far as records name the days.

A month or a year is no date, neither is a stretch of several weeks.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.dates import parse
from catalog.model import Decision, Measure
from catalog.site import Site
from catalog.wording import sort_key

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"

# What a measure's status says of its days; what is under way has a beginning and an end, but no date. A measure that
# was put off is cancelled on its day, unless the record names the new one: then it moves there.
_STATES: Mapping[str, str] = MappingProxyType(
    {
        "durchgefuehrt": CONFIRMED,
        "teilweise": CONFIRMED,
        "geplant": TENTATIVE,
        "verschoben": CANCELLED,
        "ausgefallen": CANCELLED,
    }
)
_LONGEST = datetime.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Event:
    """A date.

    Attributes:
        record: the measure or meeting.
        when: its days as the record writes them.
        first, last: the same, both included.
        state: whether it is certain, in the words of RFC 5545.
    """

    record: Measure | Decision
    when: str
    first: datetime.date
    last: datetime.date
    state: str


def events(site: Site) -> tuple[Event, ...]:
    """All dates of the site, oldest first."""
    found = (*_meetings(site), *_measures(site))
    return tuple(sorted(found, key=lambda event: (event.first, sort_key(event.record.title), event.record.ref)))


def _meetings(site: Site) -> Iterator[Event]:
    for decision in site.catalog.all(Decision):
        if days := _days(decision.date):
            yield Event(decision, decision.date, *days, CONFIRMED)


def _measures(site: Site) -> Iterator[Event]:
    for measure in site.relations.all_measures:
        state = _STATES.get(measure.status)
        if state and measure.postponed_to and (days := _days(measure.postponed_to)):
            yield Event(measure, measure.postponed_to, *days, TENTATIVE)
        elif state and measure.period and not measure.period_inferred and (days := _days(measure.period)):
            yield Event(measure, measure.period, *days, state)


def _days(text: str) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a date, if it names both and is short enough."""
    span = parse(text)
    if not (span.start and span.start.day and span.end and span.end.day):
        return None
    first, last = span.start.first_day, span.end.last_day
    return (first, last) if last - first < _LONGEST else None
