"""What views share: the plan of a page, and long lists cut into stretches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from catalog.model import Measure, Record
from catalog.relations import Relations
from catalog.render import Site

# Keeps a list page under 1,500 elements and 60 KiB (findings on page weight), however many records there are.
PER_PAGE = 60


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
        measures: all measures that the page lists, over all its stretches.
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
    crumbs: tuple[tuple[str, str], ...] = ()
    measures: tuple[Measure, ...] = ()
    part: int = 1
    parts: int = 1

    def stretches(self) -> Iterator[PagePlan]:
        """The page itself, and one more for each further stretch of a long list."""
        parts = max(1, -(-len(self.measures) // PER_PAGE))
        return (self._stretch(number, parts) for number in range(1, parts + 1))

    def _stretch(self, number: int, parts: int) -> PagePlan:
        if number == 1:
            return replace(self, parts=parts)
        return replace(
            self,
            path=f"{self.path.removesuffix('.md')}/seite-{number}.md",
            address=f"{self.address}seite-{number}/",
            title=f"{self.title} – Seite {number} von {parts}",
            crumbs=(*self.crumbs, (self.title, self.address)),
            part=number,
            parts=parts,
        )

    @property
    def first_address(self) -> str:
        """The address of the first stretch."""
        return self.address if self.part == 1 else self.address.removesuffix(f"seite-{self.part}/")


@dataclass(frozen=True, slots=True)
class Listing:
    """The measures of one stretch, in groups that have a heading each.

    Attributes:
        groups: the record that gives a heading, and its measures.
        total: number of measures on all stretches together.
        page: the page that shows it, for the links to the other stretches.
    """

    groups: tuple[tuple[Record, tuple[Measure, ...]], ...]
    total: int
    page: PagePlan

    def address(self, number: int) -> str:
        """The address of the ``number``-th stretch."""
        first = self.page.first_address
        return first if number == 1 else f"{first}seite-{number}/"


def listing(site: Site, page: PagePlan, group_by: Callable[[Relations, Measure], Record]) -> Listing:
    """The stretch of its list that ``page`` shows, grouped by a record such as partner or category."""
    stretch = page.measures[(page.part - 1) * PER_PAGE : page.part * PER_PAGE]
    found = [(group_by(site.relations, measure), measure) for measure in stretch]
    runs = (tuple(run) for _, run in groupby(found, key=lambda pair: pair[0].key))
    return Listing(tuple((run[0][0], tuple(m for _, m in run)) for run in runs), len(page.measures), page)


def by_order(records: Iterable[Record]) -> Sequence[Record]:
    """Records in their own order, such as categories and phases."""
    return sorted(records, key=lambda record: (record.parent, getattr(record, "order", 0), record.ref))


def by_partner(relations: Relations, measure: Measure) -> Record:
    """Group by partner."""
    return relations.partner(measure)


def by_category(relations: Relations, measure: Measure) -> Record:
    """Group by category."""
    return relations.category(measure)
