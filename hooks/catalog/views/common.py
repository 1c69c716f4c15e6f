"""What views share: the plan of a page, and long lists cut into stretches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from catalog import feeds, wording
from catalog.federation import Neighbour
from catalog.model import Category, Evidence, Lesson, Measure, Page, Partner, Record, Source
from catalog.relations import Relations
from catalog.sharing import Card
from catalog.site import Site
from catalog.wording import sort_key

# Keeps a list page under 1,500 elements and 60 KiB (findings on page weight), however many records there are.
PER_PAGE = 60
# The same for pages that show partner by partner, each with a row or a paragraph.
PARTNERS_PER_PAGE = 40
R = TypeVar("R", bound=Record)


# Views of pages that are read from top to bottom, and list nothing that has a page of its own.
PROSE = frozenset({"text", "operator", "privacy", "accessibility", "easy"})


@dataclass(frozen=True, slots=True)
class PagePlan:
    """One page to be built.

    Attributes:
        view: name of the view and of its template.
        path: MkDocs' name of the source; a real file wherever there is one.
        source: the file that an editor changes, relative to the project.
        address: where the page stands on the site.
        title, summary: for the browser's tab, search results and lists.
        record: the record that the page shows, if it shows one.
        term: (list, key) of the vocabulary that the page shows, if it shows one.
        crumbs: (title, address) of the pages above this one.
        about: what the page shows if that is neither record nor term, such as year and category of a report.
        measures: all measures that the page lists, over all its stretches.
        partners: or all partners that it shows one by one.
        entries: or all contacts, speakers or documents.
        filters: (facet, value) by which search narrows; empty on pages that search does not find.
        origin: the other site whose record the page shows, if it shows one.
        federated: whether the page shows records of other sites; its view then gets the site with all of them.
        part, parts: number of this stretch of a long list, and how many there are.
    """

    view: str
    path: str
    source: str
    address: str
    title: str
    summary: str
    record: Record | None = None
    term: tuple[str, str] | None = None
    about: tuple[str, ...] = ()
    crumbs: tuple[tuple[str, str], ...] = ()
    measures: tuple[Measure, ...] = ()
    partners: tuple[Partner, ...] = ()
    entries: tuple[Record, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    origin: Neighbour | None = None
    federated: bool = False
    part: int = 1
    parts: int = 1

    def stretches(self) -> Iterator[PagePlan]:
        """The page itself, and one more for each further stretch of a long list."""
        listed = self.entries or self.measures
        length, size = (len(self.partners), PARTNERS_PER_PAGE) if self.partners else (len(listed), PER_PAGE)
        parts = max(1, -(-length // size))
        return (self._stretch(number, parts) for number in range(1, parts + 1))

    def _stretch(self, number: int, parts: int) -> PagePlan:
        if number == 1:
            return replace(self, parts=parts)
        return replace(
            self,
            path=f"{self.path.removesuffix('.md')}/seite-{number}.md",
            address=self.address_of(number),
            title=f"{self.title} – Seite {number} von {parts}",
            crumbs=(*self.crumbs, (self.title, self.address)),
            filters=(),
            part=number,
            parts=parts,
        )

    @property
    def found_whole(self) -> bool:
        """Whether search reads all of the page; of a list only what introduces it, since its entries have pages too."""
        is_list = isinstance(self.record, Page) and self.view not in PROSE
        return bool(self.filters) and not is_list

    @property
    def fetched(self) -> str:
        """The day on which the page's record was fetched from its origin, in words."""
        return wording.when(self.origin.harvested) if self.origin else ""

    @property
    def licence(self) -> str:
        """The name of the licence of the origin's texts."""
        return wording.licence(self.origin.licence) if self.origin else ""

    @property
    def first_address(self) -> str:
        """The address of the first stretch."""
        return self.address if self.part == 1 else self.address.removesuffix(f"seite-{self.part}/")

    @property
    def card(self) -> Card:
        """The picture that stands for the page where someone shares it."""
        return Card(self.record.kind if self.record else Page.kind)

    @property
    def feed(self) -> str:
        """Where the feed of the measures stands that the page lists; empty if they have none, or on another site."""
        if isinstance(self.record, Category | Partner) and not self.record.site:
            return feeds.address(self.record)
        return feeds.MEASURES if self.view == "measures" else ""

    def address_of(self, number: int) -> str:
        """The address of the ``number``-th stretch."""
        return stretch_address(self.first_address, number)

    @property
    def partners_shown(self) -> tuple[Partner, ...]:
        """The partners of this stretch."""
        return self.partners[(self.part - 1) * PARTNERS_PER_PAGE : self.part * PARTNERS_PER_PAGE]

    @property
    def entries_shown(self) -> tuple[Record, ...]:
        """The entries of this stretch."""
        return self.entries[(self.part - 1) * PER_PAGE : self.part * PER_PAGE]


def stretch_address(first: str, number: int) -> str:
    """The address of the ``number``-th stretch of the list that begins at ``first``."""
    return first if number == 1 else f"{first}seite-{number}/"


def place_in_list(first: str, index: int, anchor: str) -> str:
    """The address of a heading in a long list, given the number of entries before it."""
    return f"{stretch_address(first, index // PER_PAGE + 1)}#{anchor}"


@dataclass(frozen=True, slots=True)
class Group:
    """Measures under one heading.

    Attributes:
        title: the heading.
        anchor: its id on the page.
        record: the record that gives the heading, if one does; the heading then leads to its page.
        measures: what stands below.
    """

    title: str
    anchor: str
    record: Record | None
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The measures of one stretch, in groups that have a heading each.

    Attributes:
        groups: the groups in their order.
        total: number of measures on all stretches together.
        page: the page that shows it, for the links to the other stretches.
    """

    groups: tuple[Group, ...]
    total: int
    page: PagePlan


def listing(site: Site, page: PagePlan, group_by: Callable[[Relations, Measure], Record | str]) -> Listing:
    """The stretch of its list that ``page`` shows.

    Args:
        site: the whole site.
        page: the page.
        group_by: gives the heading of a measure, such as ``Relations.partner`` or a title of its own.
    """
    stretch = page.measures[(page.part - 1) * PER_PAGE : page.part * PER_PAGE]
    found = [(group_by(site.relations, measure), measure) for measure in stretch]
    groups: list[Group] = []
    for _, pairs in groupby(found, key=lambda pair: getattr(pair[0], "key", pair[0])):
        run = tuple(pairs)
        groups.append(_group(run[0][0], tuple(m for _, m in run), {group.anchor for group in groups}))
    return Listing(tuple(groups), len(page.measures), page)


def _group(heading: Record | str, measures: tuple[Measure, ...], taken: set[str]) -> Group:
    anchor = anchor_of(heading)
    if anchor in taken:  # a document comes back to the same partner; only its first group can be linked to
        anchor = f"{anchor}-{len(taken)}"
    if isinstance(heading, str):
        return Group(heading, anchor, None, measures)
    return Group(heading.name, anchor, heading, measures)


def anchor_of(heading: Record | str) -> str:
    """The id of a group's heading: ``kategorien-vernetzung`` for a record, ``jahr-2019`` for a title."""
    if isinstance(heading, str):
        return "-".join(sort_key(heading).split())
    return f"{heading.address}-{heading.id}"


def count_states(site: Site, measures: Iterable[Measure]) -> list[tuple[str, int]]:
    """(status, number of measures) for each status that occurs, in the vocabulary's order."""
    amounts = Counter(measure.status for measure in measures)
    return [(key, amounts[key]) for key in site.catalog.vocabulary["status"] if amounts[key]]


def by_name(records: Iterable[R]) -> list[R]:
    """Records in alphabetical order."""
    return sorted(records, key=lambda record: (sort_key(record.name), record.ref))


def by_order(records: Iterable[R]) -> list[R]:
    """Records in their own order, such as categories and phases."""
    return sorted(records, key=lambda record: (record.parent, getattr(record, "order", 0), record.ref))


def by_mentions(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Lessons, most mentioned first."""
    return sorted(lessons, key=lambda lesson: (-lesson.mentions, sort_key(lesson.title)))


def evidence_of(site: Site, item: Evidence) -> tuple[Source, str] | None:
    """Document and place of one reference; ``None`` if the document is missing."""
    document = site.catalog.of("source").get(item.document)
    if not isinstance(document, Source):
        return None
    section = next((f"„{s.title}“" for s in document.sections if s.id == item.section), "")
    return document, ", ".join(filter(None, (section, f"Seite {item.page}" if item.page else "")))


def outside(site: Site, measures: Iterable[Measure]) -> list[tuple[Neighbour, int]]:
    """(other site, number of its measures) among some measures."""
    amounts = Counter(measure.site for measure in measures)
    return [(neighbour, amounts[neighbour.id]) for neighbour in site.neighbours if amounts[neighbour.id]]
