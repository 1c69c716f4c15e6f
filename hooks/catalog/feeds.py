"""What other programs subscribe to: new and changed measures as Atom (RFC 4287), dates as iCalendar (RFC 5545).

Both name things by full addresses, so that a site that does not know its own offers neither. Nothing here asks the
clock: an entry is as new as its record, a feed as its newest entry.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from catalog import render
from catalog.events import CONFIRMED, Event, events
from catalog.history import Change
from catalog.model import Category, Decision, Measure, Partner, Record
from catalog.site import Site

if TYPE_CHECKING:
    import icalendar

FOLDER = "feeds"
MEASURES = f"{FOLDER}/{Measure.address}.xml"
CALENDAR = f"{FOLDER}/termine.ics"

ATOM, ICALENDAR = "application/atom+xml", "text/calendar"

# What servers send with an address, or with the beginning of addresses.
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {MEASURES: ATOM, CALENDAR: ICALENDAR} | {f"{FOLDER}/{cls.address}/*": ATOM for cls in (Category, Partner)}
)

_ALL, _SOME = 50, 20  # entries of the feed of the whole site, and of one of its parts
_DAY = datetime.timedelta(days=1)
_MIDNIGHT = datetime.time()


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure in a feed.

    Attributes:
        id: its lasting name.
        change: when it came and last changed.
        measure: the measure.
        partner: who carries it.
        category: its category.
    """

    id: str
    change: Change
    measure: Measure
    partner: Partner
    category: Record


def address(record: Record) -> str:
    """Where the feed of a category or partner stands on the site."""
    return f"{FOLDER}/{record.address}/{record.id}.xml"


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of every feed and of the calendar."""
    if not site.subscribable:
        return
    yield MEASURES, _atom(site, MEASURES, "", "", site.relations.all_measures, _ALL)
    for category in site.catalog.all(Category):
        found = site.relations.measures(category, "category")
        yield address(category), _atom(site, address(category), category.title, category.page_address, found, _SOME)
    for partner in site.catalog.all(Partner):
        found = site.relations.by_partner.get(partner.id, ())
        yield address(partner), _atom(site, address(partner), partner.name, partner.page_address, found, _SOME)
    yield CALENDAR, _calendar(site)


def _atom(site: Site, path: str, about: str, page: str, measures: Iterable[Measure], most: int) -> bytes:
    """One feed, newest entries first.

    Args:
        site: the whole site.
        path: where the feed stands.
        about: whose measures it tells of; empty for all.
        page: the page that it belongs to.
        measures: which measures it tells of.
        most: how many of them at most.
    """
    entries = [_entry(site, measure, change) for measure in measures if (change := site.changes(measure))]
    newest = sorted(entries, key=lambda entry: entry.change.changed, reverse=True)[:most]
    empty = datetime.datetime.combine(site.reference_date, _MIDNIGHT, datetime.UTC)
    context = {
        "site": site,
        "address": site.at(path),
        "about": about,
        "page": site.at(page or f"{Measure.address}/"),
        "entries": newest,
        "updated": newest[0].change.changed if newest else empty,
    }
    return render.environment().get_template("feed.xml.j2").render(context).encode()


def _entry(site: Site, measure: Measure, change: Change) -> Entry:
    relations = site.relations
    return Entry(
        site.at(_first_address(measure)), change, measure, relations.partner(measure), relations.category(measure)
    )


def _first_address(record: Record) -> str:
    """The first address under which a record was published, which names it for good, whatever it is called today."""
    aliases = getattr(record, "aliases", ())
    return f"{aliases[0]}/" if aliases else record.page_address


def _calendar(site: Site) -> bytes:
    import icalendar  # slow to load, and only builds need it

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{site.name}//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", f"{site.name}: Termine")
    calendar.add("x-wr-calname", f"{site.name}: Termine")  # which most programs read in place of NAME
    calendar.add("url", site.at("termine/"))
    for event in events(site):
        calendar.add_component(_event(site, event, icalendar.Event()))
    return bytes(calendar.to_ical())


def _event(site: Site, event: Event, made: icalendar.Event) -> icalendar.Event:
    """One date, which keeps its name when it is moved or cancelled, so that calendars change theirs."""
    record = event.record
    what, by, groups = _about(site, record)
    change = site.changes(record)
    if change:
        made.add("created", change.added)
        made.add("last-modified", change.changed)
    made.add("dtstamp", change.changed if change else datetime.datetime.combine(event.first, _MIDNIGHT, datetime.UTC))
    made.add("uid", f"{_first_address(record).rstrip('/')}@{site.host}")
    made.add("dtstart", event.first)  # whole days; the end is the day after the last
    made.add("dtend", event.last + _DAY)
    # Many programs show nothing of the status, so that the title says it too.
    made.add("summary", record.title if event.state == CONFIRMED else f"{what.capitalize()}: {record.title}")
    made.add("description", f"{record.summary}\n\n{by} ({what})\n{site.at(record.page_address)}")
    made.add("url", site.at(record.page_address))
    made.add("categories", groups)
    made.add("status", event.state)
    made.add("transp", "TRANSPARENT")  # it makes nobody who subscribes seem busy
    return made


def _about(site: Site, record: Measure | Decision) -> tuple[str, str, list[str]]:
    """What a date is, whose it is, and to which groups it belongs."""
    if isinstance(record, Decision):
        return record.label[0], record.body, [record.label[1]]
    groups = [site.relations.category(record).title, *(site.term("formats", key).label for key in record.formats)]
    return site.term("status", record.status).label, site.relations.partner(record).title, groups
