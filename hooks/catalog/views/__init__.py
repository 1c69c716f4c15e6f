"""One module per kind of page: from the site to what its template shows.

``plan`` lists every page of the site; ``context`` makes the data of one page.
A view is a function ``(site, page) -> dict`` and has a template of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from catalog.model import Category, Measure, Other, Page, Partner, Record, Source
from catalog.naming import ABROAD, PROGRESS
from catalog.render import address
from catalog.site import Site
from catalog.views import (
    calendar,
    connections,
    currency,
    facets,
    federated,
    geography,
    legal,
    lists,
    organisations,
    overview,
    pools,
    progress,
    proposal,
    records,
    report,
    timeline,
)
from catalog.views.common import PER_PAGE, PagePlan, by_name, by_order
from catalog.vocabulary import TERM_PAGES
from catalog.wording import sort_key

View = Callable[[Site, PagePlan], dict[str, Any]]

# What a record's own page shows, by kind.
RECORD_VIEWS: Mapping[str, View] = MappingProxyType(
    {
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
        "contact": pools.contact,
        "speaker": pools.speaker,
        "document": pools.document,
    }
)

# What a hand-written page may ask for as ``view``.
PAGE_VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "start": lists.start,
        "measures": lists.measures,
        "search": lists.search,
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
        "contacts": pools.contacts,
        "speakers": pools.speakers,
        "documents": pools.documents,
        "questions": lists.questions,
        "glossary": lists.glossary,
        "field-help": lists.field_help,
        "operator": legal.operator,
        "privacy": legal.privacy,
        "accessibility": legal.accessibility,
        "licences": legal.licences,
        "easy": legal.easy,
        "data": lists.data,
        "overviews": overview.overviews,
        "best-practice": overview.best_practice,
        "coverage": overview.coverage,
        "status-board": overview.status_board,
        "needs": overview.needs,
        "currency": overview.currency,
        "compare": overview.compare,
        "timeline": timeline.timeline,
        "calendar": calendar.calendar,
        "map": geography.region_map,
        "offers": geography.offers,
        "connections": connections.connections,
        "companions": connections.companions,
        "proposal": proposal.proposal,
        "progress": progress.progress,
        "federation": federated.federation,
        "report": report.report,
        "reports": report.reports,
    }
)

# Pages that belong to another one and have no file of their own.
PART_VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "term": lists.term,
        "report-chapter": report.chapter,
        "partner-progress": progress.partner_progress,
        "difference": progress.difference,
        "all-measures": federated.measures,
        "all-coverage": federated.coverage,
    }
)

# What a hand-written page lists in stretches, by its view.
_PAGE_MEASURES: Mapping[str, Callable[[Site], Iterable[Measure]]] = MappingProxyType(
    {
        "measures": lambda site: site.relations.all_measures,
        "best-practice": lambda site: (m for m in site.relations.all_measures if m.best_practice),
        "timeline": timeline.dated,
        "currency": lambda site: currency.newest_first(site, site.relations.all_measures),
    }
)
_BY_PARTNER = frozenset({"coverage", "status-board", "companions", "progress"})
# Views of our own pages that show what other sites have, too, marked by where it comes from.
_FEDERATED = frozenset({"search"})


# The field by which a measure names a record; that record's page lists those measures.
_LISTED_BY: Mapping[str, str] = MappingProxyType(
    {
        "category": "category",
        "indicator": "indicators",
        "field": "field",
        "network": "networks",
        "other": "cooperation",
        "phase": "phase",
    }
)


def plan(site: Site) -> tuple[PagePlan, ...]:
    """Every page of the site, each once, in the order of their files."""
    wholes = [*_record_pages(site), *_term_pages(site), *_chapter_pages(site), *_progress_pages(site)]
    if site.everything is not site:
        wholes += [*_foreign_pages(site.everything), *_joint_pages(site.everything)]
    pages = (page for whole in wholes for page in whole.stretches())
    return tuple(sorted(pages, key=lambda page: (page.path, page.part)))


def context(site: Site, page: PagePlan) -> dict[str, Any]:
    """What the page's template shows."""
    return {"page": page, "record": page.record, **_view(page)(site.everything if page.federated else site, page)}


def _view(page: PagePlan) -> View:
    for found in (PART_VIEWS, RECORD_VIEWS, PAGE_VIEWS):
        if page.view in found:
            return found[page.view]
    return lists.text_only


def _record_pages(site: Site) -> Iterator[PagePlan]:
    titles = {page.page_address: page.title for page in site.catalog.of("page").values()}
    for record in site.catalog:
        yield PagePlan(
            view=(record.view or "text") if isinstance(record, Page) else record.kind,
            path=_path(record),
            source=record.path,
            address=record.page_address,
            title=record.title,
            summary=_summary(site, record),
            record=record,
            crumbs=tuple(_crumbs(site, record, titles)),
            measures=_measures(site, record),
            partners=_partners(site, record),
            entries=_entries(site, record),
            filters=tuple(facets.filters(site.everything, record)),
            federated=isinstance(record, Page) and record.view in _FEDERATED,
        )


def _foreign_pages(site: Site) -> Iterator[PagePlan]:
    """The pages of other sites' records, among all records."""
    for record in site.catalog:
        if origin := site.neighbour(record):
            yield PagePlan(
                view=record.kind,
                path=f"{record.page_address.rstrip('/')}.md",
                source=record.path,
                address=record.page_address,
                title=record.title,
                summary=_summary(site, record),
                record=record,
                crumbs=(*_joint_crumbs(site), *_partner_crumb(site, record)),
                measures=_measures(site, record),
                filters=tuple(facets.filters(site, record)),
                origin=origin,
                federated=True,
            )


def _joint_pages(site: Site) -> Iterator[PagePlan]:
    """The lists of all sites together, beside those of our own."""
    page = PagePlan("", "", federated.SOURCE, "", "", "", crumbs=tuple(_joint_crumbs(site)), federated=True)
    yield replace(
        page,
        view="all-measures",
        path=f"{ABROAD}/massnahmen.md",
        address=federated.MEASURES,
        title="Maßnahmen aller Wissensbasen",
        summary="Die eigenen Maßnahmen und dahinter die anderer Wissensbasen, nach Herkunft und Kategorie.",
        measures=tuple(facets.in_order(site)),
    )
    yield replace(
        page,
        view="all-coverage",
        path=f"{ABROAD}/abdeckung.md",
        address=federated.COVERAGE,
        title="Wer macht was? Partner aller Wissensbasen",
        summary="Wie viele Maßnahmen die Partner dieser und anderer Wissensbasen in jeder Kategorie nennen.",
        partners=tuple(sorted(by_name(site.catalog.all(Partner)), key=lambda partner: partner.site)),
    )


def _joint_crumbs(site: Site) -> Iterator[tuple[str, str]]:
    """The way to what belongs to several sites: their page, if the project has it."""
    return ((page.title, page.page_address) for page in site.catalog.all(Page) if page.page_address == f"{ABROAD}/")


def _partner_crumb(site: Site, record: Record) -> Iterator[tuple[str, str]]:
    """The partner of a measure, above it on the way."""
    if isinstance(record, Measure):
        partner = site.relations.partner(record)
        yield partner.name, partner.page_address


def _chapter_pages(site: Site) -> Iterator[PagePlan]:
    """The chapters of each annual report."""
    categories = by_order(site.catalog.all(Category))
    for page in site.catalog.all(Page):
        for number, category in enumerate(categories if page.view == "report" else (), 1):
            yield PagePlan(
                view="report-chapter",
                path=f"{page.ref}/{category.id}.md",
                source=page.path,
                address=f"{page.page_address}{category.id}/",
                title=f"{number}. {category.title}",
                summary=f"{page.title}, Kapitel {number}: {category.summary}",
                about=(page.id, category.id),
                crumbs=(("Berichte", "bericht/"), (page.title, page.page_address)),
            )


def _progress_pages(site: Site) -> Iterator[PagePlan]:
    """The years of each partner that has several, and each two years that can be compared."""
    for partner in filter(lambda partner: progress.has_years(site, partner), site.catalog.all(Partner)):
        yield PagePlan(
            view="partner-progress",
            path=f"{partner.path.removesuffix('.md')}/{PROGRESS}.md",
            source=partner.path,
            address=progress.address_of(partner),
            title=f"Verlauf: {partner.name}",
            summary=f"Welchen Status die Maßnahmen von {partner.name} in welchem Berichtsjahr hatten.",
            about=(partner.id,),
            crumbs=(("Partner", "partner/"), (partner.name, partner.page_address)),
            measures=site.relations.by_partner[partner.id],
        )
    overview = next((page for page in site.catalog.all(Page) if page.view == "progress"), None)
    if overview is None:
        return
    for first, last in site.progress.pairs:
        yield PagePlan(
            view="difference",
            path=f"bericht/vergleich/{first}-{last}.md",
            source=overview.path,
            address=progress.difference_address((first, last)),
            title=f"{first} und {last} im Vergleich",
            summary=f"Was sich zwischen den Berichten für {first} und {last} geändert hat, Maßnahme für Maßnahme.",
            about=(str(first), str(last)),
            crumbs=(("Berichte", "bericht/"), (overview.title, overview.page_address)),
            measures=progress.changed(site, (first, last)),
        )


def _term_pages(site: Site) -> Iterator[PagePlan]:
    for name, folder in TERM_PAGES.items():
        for key, term in site.catalog.vocabulary[name].items():
            yield PagePlan(
                view="term",
                path=f"{folder}/{key}.md",
                source="vocabulary.yml",
                address=address((name, key)),
                title=term.label[0].upper() + term.label[1:],
                summary=term.definition,
                term=(name, key),
                crumbs=(("Maßnahmen", "massnahmen/"),),
                measures=site.relations.with_term(name, key),
                filters=((facets.KIND, facets.TERMS[0]), *facets.own(site.everything)),
            )


def _summary(site: Site, record: Record) -> str:
    """The record's own summary, or the kind of organisation for those that have none."""
    if isinstance(record, Other):
        return f"{site.term('organisation_types', record.type).label}, die an Maßnahmen mitwirkt."
    return str(getattr(record, "summary", ""))


def _measures(site: Site, record: Record) -> tuple[Measure, ...]:
    """The measures that a record's page lists."""
    if isinstance(record, Source):
        return site.relations.documented(record)
    if isinstance(record, Page):
        listed = _PAGE_MEASURES.get(record.view or "")
        return tuple(listed(site)) if listed else ()
    if record.kind not in _LISTED_BY:
        return ()
    found = site.relations.measures(record, _LISTED_BY[record.kind])
    # These pages group by partner, whatever the categories; the sort keeps their order otherwise.
    return tuple(sorted(found, key=lambda measure: sort_key(site.relations.partner(measure).name)))


def _partners(site: Site, record: Record) -> tuple[Partner, ...]:
    """The partners that a page shows one by one."""
    wanted = isinstance(record, Page) and record.view in _BY_PARTNER
    return tuple(by_name(site.catalog.all(Partner))) if wanted else ()


def _entries(site: Site, record: Record) -> tuple[Record, ...]:
    """The contacts, speakers or documents that a page lists."""
    listed = pools.LISTS.get(record.view or "") if isinstance(record, Page) else None
    return tuple(entry for _, entries in listed(site) for entry in entries) if listed else ()


def _path(record: Record) -> str:
    """The page's source for MkDocs: the real file, or a name beside it for entries of others.yml."""
    if record.kind == "other":
        return f"partners/others/{record.id}.md"
    return record.path.removeprefix("docs/")


def _crumbs(site: Site, record: Record, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The way from the start page to a record: (title, address) of the pages above it."""
    *above, _ = record.page_address.rstrip("/").split("/")
    for depth in range(1, len(above) + 1):
        folder = "/".join(above[:depth]) + "/"
        if folder in titles:
            yield titles[folder], folder
    yield from _partner_crumb(site, record)


__all__ = ["PAGE_VIEWS", "PER_PAGE", "RECORD_VIEWS", "PagePlan", "context", "plan"]
