"""The site map: the address of every page, and when what it shows last changed, as far as git knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from catalog import render
from catalog.model import Page, Partner, Record
from catalog.site import Site
from catalog.views.common import PROSE, PagePlan

FILE = "sitemap.xml"

# Pages that list the records of one kind and count nothing else, by their view. Other overviews draw on everything.
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "organisations": "other",
        "sources": "source",
        "lessons": "lesson",
        "decisions": "decision",
        "contacts": "contact",
        "speakers": "speaker",
        "documents": "document",
    }
)


def text(site: Site, pages: Collection[PagePlan]) -> str:
    """The site map as XML, in the order of addresses."""
    newest = _newest(site, site.catalog)
    pages = [page for page in pages if not page.origin]  # those belong to their own site
    days: dict[str, str] = {}  # one for all stretches of a list, since each knows the whole list
    for page in pages:
        if page.first_address not in days:
            days[page.first_address] = _changed(site, page, newest)
    entries = sorted((site.at(page.address), days[page.first_address]) for page in pages)
    return render.environment().get_template("sitemap.xml.j2").render(entries=entries)


def _changed(site: Site, page: PagePlan, newest: str) -> str:
    """The day on which something that a page shows changed last, as ``2026-11-20``; empty if that is not known."""
    record = page.record
    if page.term or (record and not isinstance(record, Page)):
        listed = site.relations.by_partner.get(record.id, ()) if isinstance(record, Partner) else page.measures
        return _newest(site, [*([record] if record else []), *listed])
    if record and page.view in PROSE:
        return _newest(site, [record])
    if record and page.view in _KINDS:
        return _newest(site, [record, *site.catalog.of(_KINDS[page.view]).values()])
    return newest


def _newest(site: Site, records: Iterable[Record]) -> str:
    known = (site.history.get(record.path) for record in records)
    last = max((change.changed for change in known if change), default=None)
    return f"{last:%Y-%m-%d}" if last else ""
