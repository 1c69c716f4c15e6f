"""Pages that show everything at once: good practice, coverage, status, needs, what is due for a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.dates import parse
from catalog.model import Category, Lesson, Measure, Page, Partner, Record
from catalog.relations import Relations
from catalog.site import Site
from catalog.views.common import (
    PagePlan,
    anchor_of,
    by_mentions,
    by_name,
    by_order,
    count_states,
    evidence_of,
    listing,
    place_in_list,
)
from catalog.views.currency import stand
from catalog.views.facets import facets

# The pages of the section, in the order of their use; a project may lack some of them.
OVERVIEWS = (
    "best-practice", "coverage", "status-board", "progress", "timeline", "calendar", "map", "connections", "companions",
    "needs", "currency", "compare", "reports", "federation",
)  # fmt: skip
MORE = (
    "questions", "contacts", "speakers", "documents", "fields", "indicators", "lessons", "decisions", "sources",
    "glossary", "data",
)  # fmt: skip

# Questions of the exchange meeting whose answers ask for something.
NEEDS = ("bedarf", "vorschlaege", "schwierigkeiten")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one partner does in one category, or with one status.

    Attributes:
        column: the category or status.
        amount: number of measures.
        states: (status, number) for each status that occurs.
        level: 0 for none to 4 for many, for the eye.
    """

    column: Any
    amount: int
    states: Sequence[tuple[str, int]] = ()

    @property
    def level(self) -> int:
        return sum(self.amount >= least for least in (1, 3, 6, 10))


def overviews(site: Site, page: PagePlan) -> dict[str, Any]:
    """The pages of the section, and the directories that are not in the menu."""
    pages = {found.view: found for found in site.catalog.all(Page)}
    return {
        name: [pages[view] for view in views if view in pages]
        for name, views in (("overviews", OVERVIEWS), ("more", MORE))
    }


def best_practice(site: Site, page: PagePlan) -> dict[str, Any]:
    """Measures that count as good practice, by category, with level, reason and evidence."""
    levels = site.catalog.vocabulary["best_practice_levels"]
    amounts = Counter(m.best_practice.level for m in page.measures if m.best_practice)
    return {
        "listing": listing(site, page, Relations.category),
        "levels": [(term, amounts[key]) for key, term in levels.items()],
        "evidence_of": {m.key: evidence_of(site, m.best_practice.source) for m in page.measures if m.best_practice},
        "partners": len({m.partner for m in page.measures}),
        "facets": facets(site, page.measures) if page.part == 1 else [],
    }


def coverage(site: Site, page: PagePlan) -> dict[str, Any]:
    """Partner by category: how many measures with which status; empty cells are gaps or not yet recorded.

    Of other sites' partners only on a page that is about them, too; the totals then say how many measures are theirs.
    """
    categories = by_order(site.catalog.all(Category))
    rows = [
        (partner, _cells(site, categories, site.relations.by_partner.get(partner.ref, ())))
        for partner in page.partners_shown
    ]
    measures = site.relations.all_measures
    return {
        "categories": categories,
        "rows": [(partner, cells, sum(cell.amount for cell in cells)) for partner, cells in rows],
        "totals": _cells(site, categories, measures),
        "total": len(measures),
        "abroad": _cells(site, categories, (measure for measure in measures if measure.site)),
        "total_abroad": sum(1 for measure in measures if measure.site),
        "empty": sum(1 for _, cells in rows for cell in cells if not cell.amount),
    }


def _cells(site: Site, categories: Iterable[Record], measures: Iterable[Measure]) -> list[Cell]:
    found: dict[str, list[Measure]] = {category.id: [] for category in categories}
    for measure in measures:
        found[measure.category].append(measure)
    return [Cell(c, len(found[c.id]), count_states(site, found[c.id])) for c in categories]


def status_board(site: Site, page: PagePlan) -> dict[str, Any]:
    """Planned, running, done and the rest, by category and by partner, and which dates have passed."""
    measures = site.relations.all_measures
    keys = [key for key, _ in count_states(site, measures)]
    shown = {
        "keys": keys,
        "totals": [Cell(key, amount) for key, amount in count_states(site, measures)],
        "total": len(measures),
        "partners": [(p, _by_status(keys, site.relations.by_partner.get(p.id, ()))) for p in page.partners_shown],
    }
    if page.part > 1:
        return shown
    with_status = {key: site.relations.with_term("status", key) for key in keys}
    categories = by_order(site.catalog.all(Category))
    return shown | {
        "categories": [(c, _by_status(keys, site.relations.measures(c, "category"))) for c in categories],
        "places": {(c.id, key): _place(found, key, c) for c in categories for key, found in with_status.items()},
        "groups": [(key, with_status[key]) for key in keys if key in ("teilweise", "ausgefallen", "beendet")],
        "postponed": [(m, _passed(site, m.postponed_to)) for m in with_status.get("verschoben", ())],
        "overdue": [m for m in with_status.get("geplant", ()) if _passed(site, m.period)],
    }


def _by_status(keys: Sequence[str], measures: Iterable[Measure]) -> list[Cell]:
    amounts = Counter(measure.status for measure in measures)
    return [Cell(key, amounts[key]) for key in keys]


def _place(measures: Sequence[Measure], status: str, category: Record) -> str:
    """Where on the page of a status its measures of one category begin."""
    index = next((i for i, measure in enumerate(measures) if measure.category == category.id), 0)
    return place_in_list(f"status/{status}/", index, anchor_of(category))


def _passed(site: Site, date: str | None) -> bool:
    """Whether the end of a date or span lies before the reference date."""
    end = parse(date).end if date else None
    return end is not None and end.last_day < site.reference_date


def currency(site: Site, page: PagePlan) -> dict[str, Any]:
    """How fresh the statements are: lately checked, lately reported, due for a check."""
    shown = {"listing": listing(site, page, lambda relations, measure: stand(site, measure).heading)}
    if page.part > 1:
        return shown
    stands = [(measure, stand(site, measure)) for measure in page.measures]
    amounts = Counter(measure.partner for measure, found in stands if found.due)
    partners = sorted(amounts, key=lambda ref: (-amounts[ref], ref))
    reports = Counter(found.heading for _, found in stands)
    return shown | {
        "checked": [measure for measure in page.measures if measure.checked],
        "reports": [
            (heading, n, place_in_list(page.address, i, anchor_of(heading))) for heading, n, i in _running(reports)
        ],
        "due": amounts.total(),
        "total": len(page.measures),
        "partners": [(site.catalog.of("partner")[ref], amounts[ref]) for ref in partners],
    }


def _running(amounts: Mapping[str, int]) -> Iterable[tuple[str, int, int]]:
    """(heading, number, number of entries before it)."""
    before = 0
    for heading, amount in amounts.items():
        yield heading, amount, before
        before += amount


def needs(site: Site, page: PagePlan) -> dict[str, Any]:
    """What practitioners need, find hard or propose, and what exists that answers it."""
    lessons = by_mentions(site.catalog.all(Lesson))
    groups = [
        (site.term("lesson_groups", key), [x for x in lessons if x.group == key])
        for key in NEEDS
        if key in site.catalog.vocabulary["lesson_groups"]
    ]
    return {"groups": [(term, [_need(site, lesson) for lesson in found]) for term, found in groups if found]}


def _need(site: Site, lesson: Lesson) -> dict[str, Any]:
    answers = site.relations.targets(lesson, "answers")
    measures = [answer for answer in answers if isinstance(answer, Measure)]
    contacts: dict[str, Record] = {m.partner: site.relations.partner(m) for m in measures}
    contacts |= {answer.ref: answer for answer in answers if answer.kind in ("partner", "other")}
    return {
        "lesson": lesson,
        "measures": measures,
        "networks": [answer for answer in answers if answer.kind == "network"],
        "contacts": by_name(contacts.values()),
    }


def compare(site: Site, page: PagePlan) -> dict[str, Any]:
    """The page on which the reader's browser puts measures or partners side by side."""
    return {"partners": by_name(site.catalog.all(Partner))}
