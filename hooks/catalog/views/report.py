"""The annual report: what the documents of a year say about the partners, regenerated from the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from catalog.federation import Neighbour
from catalog.model import Category, Indicator, Measure, Page, Partner, Source
from catalog.progress import document_year
from catalog.relations import document_order
from catalog.site import Site
from catalog.views.common import PagePlan, by_order, count_states
from catalog.views.timeline import accessions, main_network

UNFINISHED = ("teilweise", "verschoben", "ausgefallen", "beendet")


@dataclass(frozen=True)
class Report:
    """A year's report.

    Attributes:
        site: the whole site.
        year: the reporting year.
        sources: the documents whose period ends in that year.
        measures: the measures that rest first of all on those documents, in the documents' order.
        abroad: what other sites report of that year, each for itself; counted in none of the numbers here.
    """

    site: Site
    year: int
    sources: tuple[Source, ...]
    measures: tuple[Measure, ...]
    abroad: tuple[Abroad, ...] = ()

    @cached_property
    def partners(self) -> list[Partner]:
        """Who reports, in the order of accession.

        The documents list partners in that order in each chapter, and no chapter names all.
        So the longest chapter comes first, and each of the others adds whom it alone names,
        behind the partner after which it names them.
        """
        order: dict[str, Partner] = {}
        for _, chapter in sorted(self.chapters, key=lambda c: -len(c[1])):
            order = _merged(order, {partner.ref: partner for partner, _ in chapter})
        return list(order.values())

    @cached_property
    def chapters(self) -> list[tuple[Category, list[tuple[Partner, tuple[Measure, ...]]]]]:
        """(category, its partners with their measures), both in the documents' order."""
        return [
            (category, self._by_partner(m for m in self.measures if m.category == category.id))
            for category in by_order(self.site.catalog.all(Category))
        ]

    def _by_partner(self, measures: Iterable[Measure]) -> list[tuple[Partner, tuple[Measure, ...]]]:
        runs = [(partner, tuple(run)) for partner, run in groupby(measures, key=lambda m: m.partner)]
        merged: dict[str, tuple[Measure, ...]] = {}
        for ref, run in runs:
            merged[ref] = (*merged.get(ref, ()), *run)
        return [(self.site.relations.partner(run[0]), run) for run in merged.values()]

    @cached_property
    def indicators(self) -> list[tuple[Indicator, list[Measure], int]]:
        """(indicator, its measures, number of their partners)."""
        return [
            (indicator, found, len({m.partner for m in found}))
            for indicator in by_order(self.site.catalog.all(Indicator))
            for found in [[m for m in self.measures if indicator.id in m.indicators]]
        ]

    @cached_property
    def gaps(self) -> Mapping[str, Any]:
        """What is missing: categories without a word from a partner, what did not happen, measures without a number."""
        done = {(m.partner, m.category) for m in self.measures}
        return {
            "categories": [
                (category, [partner for partner in self.partners if (partner.id, category.id) not in done])
                for category, _ in self.chapters
            ],
            "unfinished": [
                (key, found) for key in UNFINISHED if (found := [m for m in self.measures if m.status == key])
            ],
            "without_figures": sum(1 for m in self.measures if not m.figures),
            "without_period": sum(1 for m in self.measures if not m.period),
        }

    @cached_property
    def accession(self) -> dict[str, Any]:
        """Partner -> what is known about its accession to the network."""
        network = main_network(self.site)
        return {partner.id: membership for partner, membership in accessions(self.site, network)} if network else {}

    @property
    def total_abroad(self) -> int:
        """How many measures other sites report."""
        return sum(len(entry.report.measures) for entry in self.abroad)

    @property
    def figures(self) -> int:
        """How many figures the measures carry."""
        return sum(len(measure.figures) for measure in self.measures)

    @property
    def states(self) -> list[tuple[str, int]]:
        """(status, number of measures)."""
        return count_states(self.site, self.measures)

    def in_chapter(self, category: Category) -> int:
        """The number of measures in a category."""
        return sum(1 for measure in self.measures if measure.category == category.id)

    def amount(self, partner: Partner) -> int:
        """The number of a partner's measures in this report."""
        return self._amounts[partner.ref]

    @cached_property
    def _amounts(self) -> Counter[str]:
        return Counter(measure.partner for measure in self.measures)


@dataclass(frozen=True, slots=True)
class Abroad:
    """What another site reports of the year: the site, and its report."""

    origin: Neighbour
    report: Report


def of_year(site: Site, year: int, with_federation: bool = False) -> Report:
    """The report of a year, as things stood then; without measures if nothing is known of it.

    Args:
        site: the whole site.
        year: the reporting year.
        with_federation: whether to tell beside it what other sites report.
    """
    found = _of_origin(site, year, "")
    if not with_federation:
        return found
    reports = [Abroad(origin, _of_origin(site.everything, year, origin.id)) for origin in site.neighbours]
    return replace(found, abroad=tuple(entry for entry in reports if entry.report.measures))


def _of_origin(site: Site, year: int, origin: str) -> Report:
    """The report of a year from the documents and measures of one site."""
    found: list[tuple[tuple[str, int, str], Measure]] = []
    cited: set[str] = set()
    for measure in site.relations.all_measures:
        state, then = site.progress.in_year(measure, year), site.progress.as_of(measure, year)
        if measure.site == origin and state and then:
            found.append((document_order(measure, (state.sources or measure.sources)[0]), then))
            cited |= {evidence.document for evidence in state.sources}
    documents = (source for source in site.catalog.all(Source) if source.site == origin)
    sources = (s for s in documents if s.ref in cited or document_year(site.catalog, s.ref) == year)
    return Report(site, year, tuple(sources), tuple(measure for _, measure in sorted(found, key=lambda pair: pair[0])))


def _merged(order: Mapping[str, Partner], chapter: Mapping[str, Partner]) -> dict[str, Partner]:
    """``order`` with those that only ``chapter`` names, each behind the partner after which it does."""
    following: dict[str, list[str]] = {}
    last = ""
    for ref in chapter:
        if ref in order:
            last = ref
        else:
            following.setdefault(last, []).append(ref)
    refs = [ref for known in ("", *order) for ref in (known, *following.get(known, ())) if ref]
    return {ref: order.get(ref) or chapter[ref] for ref in refs}


def years(site: Site) -> list[int]:
    """The years with a report, newest first."""
    return sorted(site.progress.years, reverse=True)


def year_in(page: Page) -> int:
    """The year of a report's page: the name of its file, which a rule has checked."""
    return int(page.id)


def report(site: Site, page: PagePlan) -> dict[str, Any]:
    """The first page of a report: numbers, partners by accession, indicators, gaps."""
    assert isinstance(page.record, Page)
    year = year_in(page.record)
    found = of_year(site, year, page.record.with_federation)
    return {"report": found, "pairs": [pair for pair in site.progress.pairs if year in pair]}


def chapter(site: Site, page: PagePlan) -> dict[str, Any]:
    """One category of a report."""
    year, category = page.about
    found = of_year(site, int(year), any(year_in(p) == int(year) and p.with_federation for p in _pages(site)))
    record, partners = next(entry for entry in found.chapters if entry[0].id == category)
    told = {m.ref: state.text for m in found.measures if (state := site.progress.in_year(m, found.year)) and state.text}
    abroad = in_category(found, category)
    return {"report": found, "category": record, "partners": partners, "told": told, "abroad": abroad}


def in_category(found: Report, category: str) -> list[tuple[Neighbour, list[tuple[Partner, tuple[Measure, ...]]]]]:
    """(other site, its partners with their measures in a category)."""
    chapters = ((entry.origin, entry.report.chapters) for entry in found.abroad)
    return [(origin, by) for origin, whole in chapters for record, by in whole if record.id == category and by]


def _pages(site: Site) -> list[Page]:
    return [page for page in site.catalog.all(Page) if page.view == "report"]


def reports(site: Site, page: PagePlan) -> dict[str, Any]:
    """All reports, newest first."""
    newest = sorted(_pages(site), key=lambda p: p.id, reverse=True)
    return {"reports": [(p, of_year(site, year_in(p))) for p in newest], "pairs": site.progress.pairs}
