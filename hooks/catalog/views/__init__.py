"""One module per kind of page: from the site to what its template shows.

``plan`` lists every page of the site; ``context`` makes the data of one page.
A view is a function ``(site, page) -> dict`` and has a template of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from catalog import wording
from catalog.model import Page, Record
from catalog.render import TERM_PAGES, Site, address
from catalog.views import lists, organisations, records
from catalog.views.common import PER_PAGE, Listing, PagePlan, listed

View = Callable[[Site, PagePlan], dict[str, Any]]

# What a record's own page shows, by kind.
RECORD_VIEWS: Mapping[str, View] = MappingProxyType({
    "partner": organisations.partner,
    "other": organisations.other,
    "measure": records.measure,
    "category": records.category,
    "network": organisations.network,
    "phase": records.phase,
    "field": records.action_field,
    "indicator": records.indicator,
    "source": records.source,
    "lesson": records.lesson,
    "decision": records.decision,
})  # fmt: skip

# What a hand-written page may ask for as ``view``.
PAGE_VIEWS: Mapping[str, View] = MappingProxyType({
    "start": lists.start,
    "measures": lists.measures,
    "partners": lists.partners,
    "organisations": lists.organisations,
    "categories": lists.categories,
    "networks": lists.networks,
    "phases": lists.phases,
    "fields": lists.fields,
    "indicators": lists.indicators,
    "sources": lists.sources,
    "lessons": lists.lessons,
    "decisions": lists.decisions,
    "questions": lists.questions,
    "glossary": lists.glossary,
    "field-help": lists.field_help,
    "operator": lists.operator,
    "data": lists.data,
})  # fmt: skip


def plan(site: Site) -> tuple[PagePlan, ...]:
    """Every page of the site, each once, in the order of their files."""
    pages = [*_record_pages(site), *_term_pages(site)]
    return tuple(sorted(pages, key=lambda page: (page.path, page.part)))


def context(site: Site, page: PagePlan) -> dict[str, Any]:
    """What the page's template shows."""
    return {"page": page, "record": page.record, **_view(page)(site, page)}


def _view(page: PagePlan) -> View:
    if page.term:
        return lists.term
    return RECORD_VIEWS.get(page.view) or PAGE_VIEWS.get(page.view) or lists.text_only


def _record_pages(site: Site) -> Iterator[PagePlan]:
    for record in site.catalog:
        view = (record.view or "text") if isinstance(record, Page) else record.kind
        first = PagePlan(
            view=view,
            path=_path(record),
            source=record.path,
            address=record.page_address,
            title=record.title,
            summary=getattr(record, "summary", "") or f"{site.term('organisation_types', getattr(record, 'type')).label}.",
            record=record,
            crumbs=_crumbs(site, record),
        )
        yield from _parts(first, listed(site, first))


def _term_pages(site: Site) -> Iterator[PagePlan]:
    for name, folder in TERM_PAGES.items():
        for key, term in site.catalog.vocabulary[name].items():
            first = PagePlan(
                view="term",
                path=f"{folder}/{key}.md",
                source="vocabulary.yml",
                address=address((name, key)),
                title=term.label[0].upper() + term.label[1:],
                summary=term.definition,
                term=(name, key),
                crumbs=(("Maßnahmen", "massnahmen/"),),
            )
            yield from _parts(first, listed(site, first))


def _parts(first: PagePlan, total: int) -> Iterator[PagePlan]:
    """The page itself and one more for each further stretch of a long list."""
    parts = max(1, -(-total // PER_PAGE))
    for number in range(1, parts + 1):
        yield first.part_of(number, parts)


def _path(record: Record) -> str:
    """The page's source for MkDocs: the real file, or a name beside it for entries of others.yml."""
    if record.kind == "other":
        return f"partners/others/{record.id}.md"
    return record.path.removeprefix("docs/")


def _crumbs(site: Site, record: Record) -> tuple[tuple[str, str], ...]:
    """The way from the start page to a record: (title, address) of the pages above it."""
    if record.page_address == "":
        return ()
    above = []
    parts = record.page_address.strip("/").split("/")[:-1]
    pages = {page.page_address: page for page in site.catalog.of("page").values()}
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth]) + "/"
        if folder in pages:
            above.append((pages[folder].title, folder))
    if record.kind == "measure":
        partner = site.catalog.of("partner")[record.parent]
        above.append((partner.name, partner.page_address))
    return tuple(above)


__all__ = ["PAGE_VIEWS", "PER_PAGE", "RECORD_VIEWS", "Listing", "PagePlan", "context", "plan", "wording"]
