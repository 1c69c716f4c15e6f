"""The timeline: who joined when, which phases ran, and when measures began."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from catalog.dates import Moment, parse
from catalog.model import Measure, Membership, Network, Partner, Phase, Record
from catalog.site import Site
from catalog.views.common import PagePlan, anchor_of, by_name, by_order, listing, place_in_list

# Units of the picture; it is 360 wide, so that its letters are legible on a phone.
ROW = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase in the picture.

    Attributes:
        phase: the phase.
        lane: number of its programme.
        top, height: where it lies, in units from the first year.
        open_end: whether no end is stated.
    """

    phase: Phase
    lane: int
    top: float
    height: float
    open_end: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One row.

    Attributes:
        number: the year.
        joined: partners that joined the network, with what is known about it.
        phases: phases that run in this year.
        begun: number of measures that began, or ended if only that is known.
        address: where those are listed.
    """

    number: int
    joined: tuple[tuple[Partner, Membership], ...]
    phases: tuple[Phase, ...]
    begun: int
    address: str


def dated(site: Site) -> tuple[Measure, ...]:
    """The measures whose period is known, by the year in which they began, oldest first."""
    found = [measure for measure in site.relations.all_measures if measure.period]
    return tuple(sorted(found, key=year_of))


def year_of(measure: Measure) -> int:
    """The year in which a measure began, or ended if only that is known."""
    span = parse(measure.period or "")
    moment = span.start or span.end
    return moment.year if moment else 0  # a span has at least one end


def timeline(site: Site, page: PagePlan) -> dict[str, Any]:
    """Accessions, phases and the beginnings of measures, year by year."""
    shown = {"listing": listing(site, page, lambda relations, measure: f"Jahr {year_of(measure)}")}
    if page.part > 1:
        return shown
    years = _years(site, page)
    bars = _bars(site, years[0].number, years[-1].number) if years else []
    network = main_network(site)
    return shown | {
        "network": network,
        "years": years,
        "bars": bars,
        "programmes": [site.term("programmes", key) for key in _lanes(site)],
        "most": max((year.begun for year in years), default=1) or 1,
        "undated": len(site.relations.all_measures) - len(page.measures),
        "undated_partners": _undated(site, network) if network else [],
        "row": ROW,
    }


def accessions(site: Site, network: Record) -> list[tuple[Partner, Membership]]:
    """Partners that belong to ``network``, with what is known about their accession."""
    partners = (p for p in site.relations.referrers(network, "partner", "member_of") if isinstance(p, Partner))
    return [(p, m) for p in by_name(partners) for m in p.member_of if m.network == network.id]


def main_network(site: Site) -> Network | None:
    """The network that most partners have joined: the one whose accessions are shown."""
    networks = site.catalog.all(Network)
    return max(networks, key=lambda n: (len(site.relations.referrers(n, "partner", "member_of")), n.id), default=None)


def _undated(site: Site, network: Record) -> list[Partner]:
    return [partner for partner, membership in accessions(site, network) if not membership.since]


def _years(site: Site, page: PagePlan) -> list[Year]:
    begun = Counter(year_of(measure) for measure in page.measures)
    network = main_network(site)
    joined: dict[int, list[tuple[Partner, Membership]]] = {}
    for partner, membership in accessions(site, network) if network else []:
        if membership.since and (start := parse(membership.since).start):
            joined.setdefault(start.year, []).append((partner, membership))
    running: dict[int, list[Phase]] = {}
    for phase in by_order(site.catalog.all(Phase)):
        first, last = _ends(phase)
        for number in range(first.year, last.year + 1):
            running.setdefault(number, []).append(phase)
    known = {*begun, *joined, *running}
    before = _before(begun)
    return (
        [
            Year(
                number,
                tuple(joined.get(number, ())),
                tuple(running.get(number, ())),
                begun[number],
                place_in_list(page.address, before.get(number, 0), anchor_of(f"Jahr {number}")),
            )
            for number in range(min(known), max(known) + 1)
        ]
        if known
        else []
    )


def _before(begun: Counter[int]) -> dict[int, int]:
    """Year -> number of measures that began earlier."""
    before, amount = {}, 0
    for number in sorted(begun):
        before[number] = amount
        amount += begun[number]
    return before


def _lanes(site: Site) -> list[str]:
    used = {phase.programme for phase in site.catalog.all(Phase)}
    return [key for key in site.catalog.vocabulary["programmes"] if key in used]


def _bars(site: Site, first: int, last: int) -> list[Bar]:
    lanes = _lanes(site)
    bars = []
    for phase in by_order(site.catalog.all(Phase)):
        start, end = _ends(phase)
        top = _offset(start, first, (start.month or 1) - 1)
        bottom = min(_offset(end, first, end.month or 12), (last + 1 - first) * ROW)
        bars.append(Bar(phase, lanes.index(phase.programme), top, bottom - top, parse(phase.period).end is None))
    return bars


def _ends(phase: Phase) -> tuple[Moment, Moment]:
    """Beginning and end of a phase; where one is open, the other's year."""
    span = parse(phase.period)
    start, end = span.start or span.end, span.end or span.start
    assert start  # a span has at least one end
    assert end
    return start, Moment(end.year, 12) if span.end is None else end


def _offset(moment: Moment, first: int, months: int) -> float:
    return round((moment.year - first + months / 12) * ROW, 1)
