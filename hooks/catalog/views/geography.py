"""The map of North Rhine-Westphalia, and the list by place as its equal."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.atlas import atlas
from catalog.model import Other, Partner
from catalog.site import Site
from catalog.views.common import PagePlan, anchor_of, by_name
from catalog.wording import sort_key

RADIUS = (9.0, 17.0)  # of the smallest and the largest mark, in units of the map
GAP = 1.0
ELSEWHERE = "Weitere Orte"


@dataclass(frozen=True, slots=True)
class Place:
    """A town or district with what happens there.

    Attributes:
        name: its name.
        anchor: id of its entry in the list.
        partners: its partners, each with the number of its measures.
        others: number of organisations there that only take part.
        number: what stands in its mark; 0 if it has none.
        at: where it lies on the map, if the map knows it.
        mark: where its mark is drawn, so that marks do not cover each other.
        radius: of the mark.
    """

    name: str
    anchor: str
    partners: tuple[tuple[Partner, int], ...]
    others: int
    number: int = 0
    at: tuple[float, float] | None = None
    mark: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0

    @property
    def measures(self) -> int:
        return sum(amount for _, amount in self.partners)


def region_map(site: Site, page: PagePlan) -> dict[str, Any]:
    """Partners and measures by place and region."""
    places = _places(site)
    regions = [(term, _in_region(site, places, key)) for key, term in site.catalog.vocabulary["regions"].items()]
    listed = [place for place in places if not place.partners]
    return {
        "atlas": atlas(),
        "marks": [place for place in places if place.number],
        "dots": [place for place in listed if place.at],
        "regions": [
            (term, found, _without_place(site, term.key))
            for term, found in regions
            if found or _without_place(site, term.key)
        ],
        "elsewhere": listed,
    }


def offers(site: Site, page: PagePlan) -> dict[str, Any]:
    """The categories of the map of offers in Dortmund, each with the measures that editors assigned to it."""
    categories = site.catalog.vocabulary["offer_categories"]
    return {"categories": [(t, site.relations.with_term("offer_categories", key)) for key, t in categories.items()]}


def _places(site: Site) -> list[Place]:
    """All places with a partner or another organisation: those with partners by number of measures, then the others."""
    partners: dict[str, list[tuple[Partner, int]]] = defaultdict(list)
    for partner in by_name(site.catalog.all(Partner)):
        if partner.place and partner.place in atlas().places:
            partners[partner.place].append((partner, len(site.relations.by_partner.get(partner.id, ()))))
    others = Counter(other.place for other in site.catalog.all(Other) if other.place)
    names = sorted({*partners, *others}, key=lambda name: (-sum(n for _, n in partners[name]), sort_key(name)))
    with_partners = [name for name in names if partners[name]]
    drawn = _marks(
        [sum(n for _, n in partners[name]) for name in with_partners], [atlas().places[n] for n in with_partners]
    )
    marks = dict(zip(with_partners, drawn, strict=True))
    return [
        Place(
            name,
            anchor_of(f"Ort {name}"),
            tuple(partners[name]),
            others[name],
            with_partners.index(name) + 1 if name in marks else 0,
            atlas().places.get(name),
            *marks.get(name, ((0.0, 0.0), 0.0)),
        )
        for name in names
    ]


def _marks(amounts: Sequence[int], points: Sequence[tuple[float, float]]) -> list[tuple[tuple[float, float], float]]:
    """Where and how large each mark is: its area grows with the number of measures, and none covers another."""
    most = max(amounts, default=1) or 1
    radii = [max(RADIUS[0], RADIUS[1] * math.sqrt(amount / most)) for amount in amounts]
    placed = _apart(points, radii)
    return [((round(x, 1), round(y, 1)), round(radius, 1)) for (x, y), radius in zip(placed, radii, strict=True)]


def _apart(points: Sequence[tuple[float, float]], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Push circles that overlap away from each other, a little in each of up to 200 rounds."""
    placed = [list(point) for point in points]
    for _ in range(200):
        moved = False
        for i in range(len(placed)):
            for j in range(i):
                moved |= _push(placed[j], placed[i], radii[i] + radii[j] + GAP)
        if not moved:
            break
    return [(x, y) for x, y in placed]


def _push(one: list[float], other: list[float], distance: float) -> bool:
    dx, dy = other[0] - one[0], other[1] - one[1]
    apart = math.hypot(dx, dy)
    if apart >= distance - 0.01:
        return False
    if apart == 0:
        dx, dy, apart = 1.0, 0.0, 1.0  # two in the same town: any direction is as good
    step = (distance - apart) / 2
    for circle, sign in ((one, -1), (other, 1)):
        circle[0] += sign * step * dx / apart
        circle[1] += sign * step * dy / apart
    return True


def _in_region(site: Site, places: Sequence[Place], region: str) -> list[Place]:
    return [place for place in places if place.partners and place.partners[0][0].region == region]


def _without_place(site: Site, region: str) -> list[tuple[Partner, int]]:
    """Partners of a region that have no place on the map, such as associations that work in the whole Land."""
    return [
        (partner, len(site.relations.by_partner.get(partner.id, ())))
        for partner in by_name(site.catalog.all(Partner))
        if partner.region == region and partner.place not in atlas().places
    ]
