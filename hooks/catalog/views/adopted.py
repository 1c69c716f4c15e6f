"""What the page of a measure says about being taken over from another site, or by us."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import adoption
from catalog.federation import Neighbour
from catalog.model import Measure, Partner
from catalog.site import Site


@dataclass(frozen=True, slots=True)
class Adopted:
    """After what an own measure is modelled.

    Attributes:
        url: the address of the original.
        date: as of when its state is known.
        origin: the site to which it belongs, if that is one of our neighbours.
        original: the measure itself, if it has been fetched.
        partner: whose it is.
        changed: German names of what has changed there since.
        gone: whether that site was fetched and no longer has it.
    """

    url: str
    date: str | None
    origin: Neighbour | None
    original: Measure | None
    partner: Partner | None
    changed: tuple[str, ...]
    gone: bool


def adopted(site: Site, measure: Measure) -> Adopted | None:
    """After what ``measure`` is modelled, if it is."""
    said = measure.adopted_from
    if said is None:
        return None
    origin = next((neighbour for neighbour in site.neighbours if said.url.startswith(neighbour.url)), None)
    original = site.originals.get(adoption.address(said))
    return Adopted(
        said.url,
        said.date,
        origin,
        original,
        site.everything.relations.partner(original) if original else None,
        tuple(change.title for change in adoption.changes(measure, original)) if original else (),
        adoption.is_gone(site.catalog.foreign, said),
    )


def adopted_by(site: Site, measure: Measure) -> list[Measure]:
    """Our measures that are modelled after one of another site."""
    return site.adopting.get(measure.key, []) if measure.site else []
