"""Pages that show what other sites have: who they are, and their measures beside ours, always marked by origin.

Everything else on this site counts our own records only. What stands here is
chosen by whoever comes to one of these addresses below ``verbund/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog import wording
from catalog.federation import KINDS_ABROAD, Neighbour, Snapshot
from catalog.model import KINDS, Measure, Record
from catalog.naming import ABROAD
from catalog.relations import Relations
from catalog.site import Site
from catalog.views import overview
from catalog.views.common import PagePlan, listing, outside
from catalog.views.facets import ALL, facets

SOURCE = f"docs/{ABROAD}/index.md"
MEASURES = f"{ABROAD}/massnahmen/"
COVERAGE = f"{ABROAD}/abdeckung/"
# Of what was refused so much is told on the page; all of it stands in the snapshot.
MOST = 20


@dataclass(frozen=True, slots=True)
class Member:
    """Another site, as readers meet it here.

    Attributes:
        neighbour: its name, address and licence.
        fetched: the day on which its records last changed here, in words; empty if nothing was fetched.
        licence: the name of its licence.
        amounts: (German name of a kind, number of its records), without kinds that have none.
        refused: (what was not taken over, why), the first of them.
        total_refused: how many that are.
    """

    neighbour: Neighbour
    fetched: str
    licence: str
    amounts: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, str], ...]
    total_refused: int


def federation(site: Site, page: PagePlan) -> dict[str, Any]:
    """All other sites, with what of them is shown here and what is not."""
    return {"members": [_member(site, neighbour) for neighbour in site.neighbours]}


def _member(site: Site, neighbour: Neighbour) -> Member:
    snapshot = site.catalog.foreign.get(neighbour.id)
    records = snapshot.records if snapshot and neighbour.harvested else {}
    amounts = {kind: len(records.get(kind, ())) for kind in KINDS_ABROAD}
    return Member(
        neighbour,
        wording.when(neighbour.harvested) if neighbour.harvested else "",
        wording.licence(neighbour.licence) if neighbour.licence else "",
        tuple((KINDS[kind].label[1], amounts[kind]) for kind in KINDS_ABROAD if amounts[kind]),
        tuple(_refused(snapshot))[:MOST] if snapshot else (),
        snapshot.quarantine.total + len(snapshot.problems) if snapshot else 0,
    )


def _refused(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for item in snapshot.quarantine.items:
        kind = KINDS[item.kind].label[0] if item.kind in KINDS else item.kind
        yield f"{kind} „{item.id}“", " ".join(item.reasons)
    for problem in snapshot.problems:
        yield problem.path, problem.text


def measures(site: Site, page: PagePlan) -> dict[str, Any]:
    """The measures of all sites, ours first."""
    abroad = outside(site, page.measures)
    return {
        "listing": listing(site, page, lambda relations, measure: _heading(site, relations, measure)),
        "facets": facets(site, page.measures) if page.part == 1 else [],
        "own": len(page.measures) - sum(amount for _, amount in abroad),
        "abroad": abroad,
        "folder": ALL,
    }


def _heading(site: Site, relations: Relations, measure: Measure) -> Record | str:
    category = relations.category(measure)
    origin = site.neighbour(measure)
    return f"{category.title} (aus: {origin.name})" if origin else category


def coverage(site: Site, page: PagePlan) -> dict[str, Any]:
    """Partner by category over all sites."""
    return overview.coverage(site, page)
