"""Who is connected with whom: through networks, and through measures.

The picture is a matrix of networks and partners. A drawing of nodes and lines
was left aside: at 30 partners and 50 networks its lines cannot be followed,
while rows and columns stay legible at any number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.model import Measure, Network, Partner, Record
from catalog.site import Site
from catalog.views.common import PagePlan, by_name
from catalog.wording import sort_key

# Units of the picture, which is drawn at its own size and never scaled down.
STEP, NAMES, HEADS = 18, 300, 232
MAX_NAME = 48


@dataclass(frozen=True, slots=True)
class Row:
    """A network in the picture and in the list below it.

    Attributes:
        network: the network.
        members: all its members with a record.
        named_by: partners that are no members, but whose measures name the network.
        measures: the measures that name it.
    """

    network: Network
    members: tuple[Record, ...]
    named_by: tuple[Partner, ...]
    measures: tuple[Measure, ...]

    @property
    def partners(self) -> list[Partner]:
        """Partners connected with the network, members first."""
        return [member for member in self.members if isinstance(member, Partner)] + list(self.named_by)


@dataclass(frozen=True, slots=True)
class Picture:
    """The matrix.

    Attributes:
        rows: networks with at least one partner, those with most partners first.
        columns: partners with at least one network, those with most networks first.
        members, mentions: (x, y) of the middle of each mark.
        width, height: of the part with the marks, without names.
    """

    rows: tuple[Row, ...]
    columns: tuple[Partner, ...]
    members: tuple[tuple[int, int], ...]
    mentions: tuple[tuple[int, int], ...]

    @property
    def width(self) -> int:
        return len(self.columns) * STEP

    @property
    def height(self) -> int:
        return HEADS + len(self.rows) * STEP


def connections(site: Site, page: PagePlan) -> dict[str, Any]:
    """Networks with their members, as a picture and as a list."""
    rows = [_row(site, network) for network in by_name(site.catalog.all(Network))]
    return {
        "rows": rows,
        "picture": _picture(rows),
        "step": STEP,
        "names": NAMES,
        "heads": HEADS,
        "shortened": _shortened,
    }


def _row(site: Site, network: Network) -> Row:
    members = site.relations.members(network)
    measures = site.relations.measures(network, "networks")
    known = {member.key for member in members}
    naming = {p.key: p for m in measures if (p := site.relations.partner(m)).key not in known}
    return Row(network, members, tuple(by_name(naming.values())), measures)


def _picture(rows: Iterable[Row]) -> Picture:
    drawn = sorted((row for row in rows if row.partners), key=lambda row: -len(row.partners))
    amounts: dict[str, int] = defaultdict(int)
    partners: dict[str, Partner] = {}
    for row in drawn:
        for partner in row.partners:
            amounts[partner.id] += 1
            partners[partner.id] = partner
    columns = sorted(partners.values(), key=lambda p: (-amounts[p.id], sort_key(p.name)))
    x = {partner.id: place * STEP + STEP // 2 for place, partner in enumerate(columns)}
    members, mentions = [], []
    for place, row in enumerate(drawn):
        y = HEADS + place * STEP + STEP // 2
        members += [(x[m.id], y) for m in row.members if isinstance(m, Partner)]
        mentions += [(x[p.id], y) for p in row.named_by]
    return Picture(tuple(drawn), tuple(columns), tuple(members), tuple(mentions))


def _shortened(name: str) -> str:
    """A name that fits beside the picture; the list below has it in full."""
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1].rstrip()}…"


def companions(site: Site, page: PagePlan) -> dict[str, Any]:
    """With whom each partner works: other partners, other organisations, and whom it meets in networks."""
    return {"entries": [_company(site, partner) for partner in page.partners_shown]}


def _company(site: Site, partner: Partner) -> dict[str, Any]:
    found = site.relations.companions(partner).values()
    networks = site.relations.targets(partner, "member_of")
    return {
        "partner": partner,
        "partners": [(other, shared) for other, shared in found if isinstance(other, Partner)],
        "others": [(other, shared) for other, shared in found if not isinstance(other, Partner)],
        "networks": by_name(networks),
    }
