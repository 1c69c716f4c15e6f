"""What views share: the plan of a page, and long lists cut into stretches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from catalog.model import Lesson, Measure, Record
from catalog.relations import Relations
from catalog.render import Site
from catalog.wording import sort_key

# Keeps a list page under 1,500 elements and 60 KiB (findings on page weight), however many records there are.
PER_PAGE = 60
R = TypeVar("R", bound=Record)


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
            address=self.address_of(number),
            title=f"{self.title} – Seite {number} von {parts}",
            crumbs=(*self.crumbs, (self.title, self.address)),
            part=number,
            parts=parts,
        )

    @property
    def first_address(self) -> str:
        """The address of the first stretch."""
        return self.address if self.part == 1 else self.address.removesuffix(f"seite-{self.part}/")

    def address_of(self, number: int) -> str:
        """The address of the ``number``-th stretch."""
        return self.first_address if number == 1 else f"{self.first_address}seite-{number}/"


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


def listing(site: Site, page: PagePlan, group_by: Callable[[Relations, Measure], Record]) -> Listing:
    """The stretch of its list that ``page`` shows, grouped by ``Relations.partner`` or ``Relations.category``."""
    stretch = page.measures[(page.part - 1) * PER_PAGE : page.part * PER_PAGE]
    found = [(group_by(site.relations, measure), measure) for measure in stretch]
    runs = (tuple(run) for _, run in groupby(found, key=lambda pair: pair[0].key))
    return Listing(tuple((run[0][0], tuple(m for _, m in run)) for run in runs), len(page.measures), page)


def by_order(records: Iterable[R]) -> list[R]:
    """Records in their own order, such as categories and phases."""
    return sorted(records, key=lambda record: (record.parent, getattr(record, "order", 0), record.ref))


def by_mentions(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Lessons, most mentioned first."""
    return sorted(lessons, key=lambda lesson: (-lesson.mentions, sort_key(lesson.title)))
