"""Feeds and calendar, read back by programs of others and held against their standards."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import fastfeedparser
import icalendar
import pytest
from lxml import etree

import inspecting
from catalog import archive, feeds, relations, render, views
from catalog.events import events
from catalog.history import Change
from catalog.site import Site
from conftest import ROOT

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")  # RFC 3339, always in UTC here
REF = "multikulturelles-forum/lesung-eure-heimat"
PARTNER = "feeds/partner/multikulturelles-forum.xml"
HOSTILE = "Ä & <b>„fett“</b> ]]> \"x\" 'y' &amp; {{ 1 }} ,;\\n\U0001f600 " + "lang " * 30


def moment(day: int) -> datetime.datetime:
    return datetime.datetime(2020, 1, 1, 12, 30, tzinfo=datetime.UTC) + datetime.timedelta(days=day)


@pytest.fixture(scope="module")
def dated(real_site: Site) -> Site:
    """The real records, each of which came on a day of its own and changed a hundred days later."""
    paths = [measure.path for measure in real_site.relations.all_measures]
    return replace(real_site, history={path: Change(moment(i), moment(i + 100)) for i, path in enumerate(paths)})


@pytest.fixture(scope="module")
def files(dated: Site) -> dict[str, bytes]:
    return dict(feeds.files(dated))


def with_measure(site: Site, **changed: Any) -> Site:
    measure = site.catalog.of("measure")[REF].model_copy(update=changed)
    measures = {**site.catalog.of("measure"), REF: measure}
    catalog = replace(site.catalog, records={**site.catalog.records, "measure": measures})
    return replace(site, catalog=catalog, relations=relations.relate(catalog))


def faults(content: bytes, address: str) -> Iterator[str]:
    """What RFC 4287 does not allow in a feed."""
    feed = etree.fromstring(content)
    if feed.tag != f"{ATOM}feed":
        yield "4.1.1: the root is no feed"
    yield from _container(feed, "4.1.1", {"rights": (0, 1), "subtitle": (0, 1), "generator": (0, 1), "icon": (0, 1)})
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        yield from _container(entry, "4.1.2", {"published": (0, 1), "summary": (0, 1), "content": (0, 1)})
        if entry.find(f"{ATOM}content") is None and not entry.findall(f"{ATOM}link[@rel='alternate']"):
            yield "4.1.2: neither content nor an alternate link"
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            yield "4.1.2: no author"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(ids) != len(set(ids)):
        yield "4.1.1: two entries of one id"
    newest = max((entry.findtext(f"{ATOM}updated", "") for entry in entries), default=None)
    if newest and feed.findtext(f"{ATOM}updated") != newest:
        yield "the feed is not as new as its newest entry"
    if feed.find(f"{ATOM}link[@rel='self']").get("href") != address:
        yield "4.2.7: the feed does not name its own address"


def _container(element: etree._Element, section: str, more: dict[str, tuple[int, int]]) -> Iterator[str]:
    amounts = {"id": (1, 1), "title": (1, 1), "updated": (1, 1)} | more
    for name, (least, most) in amounts.items():
        if not least <= len(element.findall(ATOM + name)) <= most:
            yield f"{section}: {name} stands {len(element.findall(ATOM + name))} times"
    known = {*amounts, "author", "category", "contributor", "link", "entry"}
    yield from (f"{section}: {child.tag}" for child in element if child.tag.removeprefix(ATOM) not in known)
    for name in ("updated", "published"):
        yield from (f"3.3: {d.text}" for d in element.findall(ATOM + name) if not MOMENT.fullmatch(d.text or ""))
    for person in element.findall(f"{ATOM}author"):
        if len(person.findall(f"{ATOM}name")) != 1 or not person.findtext(f"{ATOM}name"):
            yield "3.2: a person without one name"
    addresses = [link.get("href") for link in element.findall(f"{ATOM}link")] + [element.findtext(f"{ATOM}id")]
    addresses += [found.text for found in element.iterfind(f"{ATOM}author/{ATOM}uri")]
    yield from (f"4.2: {found} is no full address" for found in addresses if not urlsplit(found or "").netloc)
    kinds = [(at.get("type"), at.get("hreflang")) for at in element.findall(f"{ATOM}link[@rel='alternate']")]
    if len(kinds) != len(set(kinds)):
        yield f"{section}: two alternate links of one type and language"
    yield from (f"4.2.2: {found}" for found in element.findall(f"{ATOM}category") if not found.get("term"))


def test_every_feed_keeps_rfc_4287(files: dict[str, bytes], dated: Site) -> None:
    made = [path for path in files if path.endswith(".xml")]
    assert len(made) == 1 + len(dated.catalog.of("category")) + len(dated.catalog.of("partner"))
    for path in made:
        assert list(faults(files[path], dated.at(path))) == [], path


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<updated>", "<updated>x", "3.3: x2021-10-19T12:30:00Z"),
        ("<rights>", "<right>x</right><rights>", "4.1.1: {http://www.w3.org/2005/Atom}right"),
        ("</author>\n<category", "</author><title/>\n<category", "4.1.2: title stands 2 times"),
        ('rel="self"', 'rel="via"', ""),
    ],
)
def test_the_check_finds_faults(files: dict[str, bytes], dated: Site, old: str, new: str, fault: str) -> None:
    text = files[feeds.MEASURES].decode()
    assert old in text
    broken = text.replace(old, new, 1).encode()
    if fault:
        assert fault in list(faults(broken, dated.at(feeds.MEASURES)))
    else:
        with pytest.raises(AttributeError):
            list(faults(broken, dated.at(feeds.MEASURES)))


def test_a_feed_reader_finds_the_newest_first(files: dict[str, bytes], dated: Site) -> None:
    feed = fastfeedparser.parse(files[feeds.MEASURES])
    newest = list(reversed(dated.relations.all_measures))[:50]
    assert [entry.link for entry in feed.entries] == [dated.at(measure.page_address) for measure in newest]
    assert [entry.title for entry in feed.entries] == [measure.title for measure in newest]
    assert [entry.description for entry in feed.entries] == [measure.summary for measure in newest]
    assert [entry.author for entry in feed.entries] == [dated.relations.partner(m).title for m in newest]
    last = len(dated.relations.all_measures) - 1
    assert datetime.datetime.fromisoformat(feed.entries[0].published) == moment(last)
    assert datetime.datetime.fromisoformat(feed.entries[0].updated) == moment(last + 100)
    assert feed.feed.title == "Wissensbasis: Maßnahmen"


def test_feeds_of_parts_hold_what_their_pages_list(files: dict[str, bytes], dated: Site) -> None:
    partner = dated.catalog.of("partner")["kreis-lippe"]
    category = dated.catalog.of("category")["vernetzung"]
    for record, own in (
        (partner, dated.relations.by_partner["kreis-lippe"]),
        (category, dated.relations.measures(category, "category")),
    ):
        feed = fastfeedparser.parse(files[feeds.address(record)])
        wanted = [dated.at(measure.page_address) for measure in reversed(own)][:20]
        assert [entry.link for entry in feed.entries] == wanted
        assert record.name in feed.feed.title


def test_a_corrected_measure_comes_up_again_under_its_id(dated: Site) -> None:
    first = dated.relations.all_measures[0]
    late = {**dated.history, first.path: Change(moment(0), moment(9999))}
    feed = fastfeedparser.parse(dict(feeds.files(replace(dated, history=late)))[feeds.MEASURES])
    assert feed.entries[0].link == dated.at(first.page_address)
    assert feed.entries[0].id == dated.at(first.page_address)


def test_an_id_outlives_title_and_file(dated: Site) -> None:
    """Readers must not take the measure for another one."""

    def ids(site: Site) -> list[str]:
        return [entry.id for entry in fastfeedparser.parse(dict(feeds.files(site))[PARTNER]).entries]

    own = dated.at(f"massnahmen/{REF}/")
    assert own in ids(dated)
    assert ids(dated) == ids(with_measure(dated, title="Neu"))
    aliases = ("massnahmen/multikulturelles-forum/frueher", "massnahmen/multikulturelles-forum/spaeter")
    moved = ids(with_measure(dated, title="Neu", aliases=aliases))
    assert [f"https://example.org/{aliases[0]}/" if found == own else found for found in ids(dated)] == moved


def test_any_text_stays_what_it_is(dated: Site) -> None:
    said = replace(with_measure(dated, title=HOSTILE, summary=HOSTILE), name=HOSTILE)
    made = dict(feeds.files(said))
    assert list(faults(made[PARTNER], said.at(PARTNER))) == []
    feed = etree.fromstring(made[PARTNER])
    (entry,) = (found for found in feed.findall(f"{ATOM}entry") if found.findtext(f"{ATOM}title") == HOSTILE)
    assert entry.findtext(f"{ATOM}summary") == HOSTILE
    calendar = icalendar.Calendar.from_ical(made[feeds.CALENDAR])
    assert HOSTILE in [event["summary"] for event in calendar.events]
    assert str(calendar["x-wr-calname"]) == f"{HOSTILE}: Termine"


def test_an_empty_feed_is_as_old_as_the_site_says(small_site: Site) -> None:
    """It is there all the same, so that nobody who subscribes gets an error later."""
    catalog = replace(small_site.catalog, records={**small_site.catalog.records, "measure": {}})
    empty = replace(small_site, catalog=catalog, relations=relations.relate(catalog))
    content = dict(feeds.files(empty))[feeds.MEASURES]
    assert list(faults(content, empty.at(feeds.MEASURES))) == []
    assert fastfeedparser.parse(content).entries == []
    assert b"<updated>2022-03-01T00:00:00Z</updated>" in content


def test_a_site_without_an_address_offers_nothing(small_site: Site) -> None:
    assert list(feeds.files(replace(small_site, url="/"))) == []


def test_a_site_that_is_kept_for_good_offers_nothing(small_site: Site) -> None:
    kept = archive.Archive(2021, small_site.reference_date)
    assert list(feeds.files(replace(small_site, archive=kept))) == []


def test_the_page_of_data_speaks_of_feeds_where_there_are_any(real_site: Site) -> None:
    kept = replace(real_site, archive=archive.Archive(2020, real_site.reference_date))
    for site, spoken in ((real_site, True), (kept, False)):
        page = next(page for page in views.plan(site) if page.view == "data")
        shown, _ = render.page(site, page.view, views.context(site, page), "")
        assert ("als Feed" in shown) == spoken
        assert "als Feed" not in (page.record.text if page.record else "")


def test_the_calendar_keeps_rfc_5545(files: dict[str, bytes]) -> None:
    content = files[feeds.CALENDAR]
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    calendar = icalendar.Calendar.from_ical(content)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert not calendar.errors
    uids = [event["uid"] for event in calendar.events]
    assert len(uids) == len(set(uids)) > 0
    for event in calendar.events:
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)


def test_two_programs_read_the_same_dates(files: dict[str, bytes], dated: Site) -> None:
    """icalendar, and ical.js, which is Thunderbird's."""
    inspecting.package("ical.js/dist/ical.js")
    command = ["node", str(ROOT / "tests/node/calendar.mjs")]
    answer = subprocess.run(command, input=files[feeds.CALENDAR], capture_output=True, check=True)
    theirs = json.loads(answer.stdout)
    ours = icalendar.Calendar.from_ical(files[feeds.CALENDAR]).events
    found = events(dated)
    assert len(theirs) == len(ours) == len(found) > 10
    for event, read, other in zip(found, ours, theirs, strict=True):
        record, after = event.record, event.last + datetime.timedelta(days=1)
        assert (read.start, read.end) == (event.first, after)
        assert (other["start"], other["end"], other["wholeDays"]) == (str(event.first), str(after), True)
        assert str(read["summary"]) == other["summary"] == record.title
        assert str(read["url"]) == other["url"] == dated.at(record.page_address)
        assert str(read["status"]) == other["status"] == event.state
        assert str(read["uid"]) == other["uid"] == f"{record.page_address.rstrip('/')}@example.org"
        assert record.summary in other["description"]
        assert [str(word) for word in read["categories"].cats] == other["groups"] != []
        change = dated.changes(record)
        assert change
        assert read["dtstamp"].dt == change.changed == datetime.datetime.fromisoformat(other["stamp"])


@pytest.mark.parametrize(
    ("changed", "day", "state", "title"),
    [
        ({"status": "geplant", "period": "2020-05-01"}, 1, "TENTATIVE", "Geplant: T"),
        ({"status": "ausgefallen", "period": "2020-05-01"}, 1, "CANCELLED", "Ausgefallen: T"),
        (
            {"status": "verschoben", "period": "2020-05-01", "postponed_to": "2020-05-09"},
            9,
            "TENTATIVE",
            "Verschoben: T",
        ),
        ({"status": "durchgefuehrt", "period": "2020-05-01"}, 1, "CONFIRMED", "T"),
    ],
)
def test_a_date_keeps_its_name_whatever_becomes_of_it(
    dated: Site, changed: dict[str, str], day: int, state: str, title: str
) -> None:
    site = with_measure(dated, title="T", **changed)
    found = icalendar.Calendar.from_ical(dict(feeds.files(site))[feeds.CALENDAR]).events
    (event,) = (event for event in found if event["uid"] == f"massnahmen/{REF}@example.org")
    assert (event.start.day, event["status"], event["summary"]) == (day, state, title)


def test_pages_of_other_sites_lead_to_no_feed_of_ours(dated: Site) -> None:
    own = next(page for page in views.plan(dated) if page.view == "partner")
    assert own.record
    assert own.feed == f"feeds/partner/{own.record.id}.xml"
    theirs = own.record.model_copy()
    theirs._origin = replace(own.record._origin, site="nachbar")
    theirs.__dict__.pop("site", None)  # cached
    assert replace(own, record=theirs).feed == ""
