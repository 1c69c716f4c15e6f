"""Planned and done over the years: for a measure, a partner and the whole, and what differs between two years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from catalog import wording
from catalog.model import Figure, Measure, Page, Partner, Source
from catalog.naming import PROGRESS
from catalog.progress import Change, FigureChange, YearState, step
from catalog.site import Site
from catalog.views.common import PER_PAGE, PagePlan, count_states, evidence_of

# What became of a measure -> heading, in the order of the page; what stayed is only counted.
KINDS = {
    "status": "Anderer Status",
    "figures": "Andere Zahlen",
    "new": "Neu berichtet",
    "silent": "Nicht mehr berichtet",
}
_STEPS = {1: "weiter als vorher", -1: "zurück", 0: "gleiche Stufe der Umsetzung"}


@dataclass(frozen=True, slots=True)
class Year:
    """A reporting year of a partner, or of all.

    Attributes:
        number: the year.
        measures: how many were reported.
        states: (status, number).
        partners: how many partners reported.
    """

    number: int
    measures: int
    states: Sequence[tuple[str, int]]
    partners: int


@dataclass(frozen=True, slots=True)
class Told:
    """A year of a measure, as its page shows it.

    Attributes:
        state: what was known.
        evidence: (document, place) of each of its sources.
        way: how the status compares to the year before, in words; empty for the first year.
    """

    state: YearState
    evidence: Sequence[tuple[Source, str]]
    way: str


def of_measure(site: Site, measure: Measure) -> list[Told]:
    """The years of a measure, newest first; none if there is but one, which the page shows anyway."""
    states = site.progress.of(measure)
    if len(states) < 2:
        return []
    told = []
    for before, state in zip((None, *states), states, strict=False):
        found = (evidence_of(site, entry) for entry in state.sources)
        told.append(Told(state, tuple(dict.fromkeys(filter(None, found))), _way(site, before, state)))
    return told[::-1]


def _way(site: Site, before: YearState | None, state: YearState) -> str:
    if before is None:
        return ""
    if before.status == state.status:
        return "unverändert"
    return _STEPS[step(site.catalog.vocabulary, before.status, state.status)]


def years(site: Site, measures: Iterable[Measure]) -> list[Year]:
    """How many measures had which status in each year, oldest first."""
    measures = tuple(measures)
    found = []
    for number in site.progress.years_of(measures):
        then = [measure for m in measures if (measure := site.progress.as_of(m, number))]
        found.append(Year(number, len(then), count_states(site, then), len({m.partner for m in then})))
    return found


def address_of(partner: Partner) -> str:
    """Where a partner's years stand."""
    return f"{partner.page_address}{PROGRESS}/"


def has_years(site: Site, partner: Partner) -> bool:
    """Whether a partner has reported in more than one year, so that there is something to see."""
    return len(site.progress.years_of(site.relations.by_partner.get(partner.id, ()))) > 1


def partner_progress(site: Site, page: PagePlan) -> dict[str, Any]:
    """A partner's measures by year, as a table."""
    partner = cast(Partner, site.catalog.of("partner")[page.about[0]])
    measures = site.relations.by_partner[partner.id]
    found = years(site, measures)
    shown = page.measures[(page.part - 1) * PER_PAGE : page.part * PER_PAGE]
    return {
        "partner": partner,
        "years": found,
        "rows": [(m, [site.progress.in_year(m, year.number) for year in found]) for m in shown],
    }


def progress(site: Site, page: PagePlan) -> dict[str, Any]:
    """Which years there are, what of them can be compared, and each partner's years."""
    rows = [(p, years(site, site.relations.by_partner.get(p.id, ()))) for p in page.partners_shown]
    shown: dict[str, Any] = {
        "numbers": site.progress.years,
        "rows": [(partner, {year.number: year for year in found}) for partner, found in rows],
        "progress_of": address_of,
    }
    if page.part > 1:
        return shown
    reports = {found.id: found for found in site.catalog.all(Page) if found.view == "report"}
    pairs = [site.progress.difference(site.relations.all_measures, *pair) for pair in site.progress.pairs]
    return shown | {
        "years": [(year, reports.get(str(year.number))) for year in years(site, site.relations.all_measures)],
        "pairs": pairs,
        "in_both": [sum(1 for c in d.changes if c.before and c.after) for d in pairs],
    }


def difference_address(pair: tuple[int, int]) -> str:
    """Where the difference between two years stands."""
    return f"bericht/vergleich/{pair[0]}-{pair[1]}/"


def changed(site: Site, pair: tuple[int, int]) -> tuple[Measure, ...]:
    """The measures that the page of two years lists, by what became of them."""
    found = site.progress.difference(site.relations.all_measures, *pair)
    return tuple(change.measure for kind in KINDS for change in found.of_kind(kind))


def difference(site: Site, page: PagePlan) -> dict[str, Any]:
    """What differs between two years, for the partners that reported in both."""
    first, last = map(int, page.about)
    found = site.progress.difference(site.relations.all_measures, first, last)
    by_ref = {change.measure.ref: change for change in found.changes}
    shown = [by_ref[m.ref] for m in page.measures[(page.part - 1) * PER_PAGE : page.part * PER_PAGE]]
    partners = site.catalog.of("partner")
    return {
        "difference": found,
        "groups": [(kind, title, of_kind) for kind, title in KINDS.items() if (of_kind := _of(shown, kind))],
        "amounts": [
            (title, len(found.of_kind(kind)))
            for kind, title in (*KINDS.items(), ("same", "Unverändert"))
            if found.in_series or kind not in ("new", "silent")
        ],
        "both": [partners[ref] for ref in found.partners],
        "in_series": [partners[ref] for ref in found.in_series],
        "only": [
            (year, [partners[ref] for ref in refs])
            for year, refs in ((first, found.only_first), (last, found.only_last))
            if refs
        ],
        "steps": _STEPS,
        "figures": {c.measure.ref: [_in_words(f) for f in c.figures] for c in shown},
    }


def _of(changes: Iterable[Change], kind: str) -> list[Change]:
    return [change for change in changes if change.kind == kind]


def _in_words(change: FigureChange) -> str:
    """``1.000 Gespräche → 1.200 Gespräche (im Pool)``."""
    before, after = change.before, change.after
    note = (after or cast(Figure, before)).note
    about = f" ({note})" if note else ""
    if before and after:
        return f"{wording.figure(before.value, before.unit)} → {wording.figure(after.value, after.unit)}{about}"
    if after:
        return f"neu: {wording.figure(after.value, after.unit)}{about}"
    return f"nicht mehr genannt: {wording.figure(cast(Figure, before).value, cast(Figure, before).unit)}{about}"
