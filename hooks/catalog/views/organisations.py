"""Pages of partners, other organisations and networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from catalog.model import Measure, Network, Partner, Record
from catalog.relations import Relations
from catalog.site import Site
from catalog.views import progress
from catalog.views.common import PagePlan, by_order, count_states, listing
from catalog.views.pools import pools
from catalog.views.records import evidence


def partner(site: Site, page: PagePlan) -> dict[str, Any]:
    """A partner: profile, its measures by category and status, networks, phases, with whom it works."""
    record = cast(Partner, page.record)
    relations = site.relations
    measures = relations.by_partner.get(record.ref, ())
    return {
        "measures": measures,
        "by_category": _by_category(site, measures),
        "states": count_states(site, measures),
        "memberships": [(site.catalog.of("network").get(m.network), m) for m in record.member_of],
        "networks": _only_in_measures(site, record, measures),
        "phases": by_order(relations.referrers(record, "phase", "partners")),
        "years": progress.years(site, measures),
        "progress": progress.address_of(record),
        "companions": relations.companions(record).values(),
        "praised": [m for m in measures if m.best_practice],
        "pools": pools(site, record),
        "evidence": evidence(site, record),
    }


def other(site: Site, page: PagePlan) -> dict[str, Any]:
    """An organisation that only takes part: in which measures, networks and phases."""
    record = cast(Record, page.record)
    relations = site.relations
    return {
        "listing": listing(site, page, Relations.partner),
        "networks": relations.referrers(record, "network", "members"),
        "phases": by_order(relations.referrers(record, "phase", "partners")),
        "pools": pools(site, record),
    }


def network(site: Site, page: PagePlan) -> dict[str, Any]:
    """A network: what it is, who belongs to it, which measures and phases refer to it."""
    record = cast(Network, page.record)
    relations = site.relations
    details = {
        p.key: membership
        for p in relations.referrers(record, "partner", "member_of")
        for membership in cast(Partner, p).member_of
        if membership.network == record.ref
    }
    return {
        "members": [(member, details.get(member.key)) for member in relations.members(record)],
        "listing": listing(site, page, Relations.partner),
        "phases": by_order(relations.referrers(record, "phase", "partners")),
        "pools": pools(site, record),
        "evidence": evidence(site, record),
    }


def _by_category(site: Site, measures: tuple[Measure, ...]) -> list[tuple[Record, list[Measure]]]:
    grouped: Mapping[str, list[Measure]] = {category: [] for category in site.catalog.of("category")}
    for measure in measures:
        grouped[measure.category].append(measure)
    return [
        (category, grouped[category.id])
        for category in by_order(site.catalog.of("category").values())
        if grouped[category.id]
    ]


def _only_in_measures(site: Site, record: Partner, measures: tuple[Measure, ...]) -> list[Record]:
    """Networks that the partner's measures name but the partner does not claim as a member."""
    own = {membership.network for membership in record.member_of}
    named = {n.key: n for m in measures for n in site.relations.targets(m, "networks") if n.ref not in own}
    return list(named.values())
