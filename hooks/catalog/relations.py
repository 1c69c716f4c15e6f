"""What follows from all records together: back references, groupings, order. Computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from catalog.fields import line_ranges
from catalog.model import Evidence, Measure, Network, Partner, Phase, Record, Source
from catalog.store import Catalog
from catalog.wording import sort_key

Key = tuple[str, str]
K = TypeVar("K")
F = TypeVar("F")
Group = Mapping[str, tuple[Measure, ...]]


@dataclass(frozen=True)
class Relations:
    """Who refers to whom, in both directions.

    References that lead nowhere are left out: they are reported by ``rules``,
    and a preview must come up in spite of them.
    """

    catalog: Catalog
    _forward: Mapping[Key, Mapping[str, tuple[Record, ...]]]
    _backward: Mapping[Key, Mapping[tuple[str, str], tuple[Record, ...]]]

    def targets(self, record: Record, field: str) -> tuple[Record, ...]:
        """The records that ``record`` names under ``field``, in its own order."""
        return self._forward.get(record.key, {}).get(field, ())

    def target(self, record: Record, field: str) -> Record | None:
        """The one record that ``record`` names under ``field``."""
        return next(iter(self.targets(record, field)), None)

    def referrers(self, record: Record, kind: str, *fields: str) -> tuple[Record, ...]:
        """The records of ``kind`` that name ``record`` under one of ``fields``, sorted, each once."""
        found = self._backward.get(record.key, {})
        return tuple({r.key: r for field in fields for r in found.get((kind, field), ())}.values())

    def measures(self, record: Record, *fields: str) -> tuple[Measure, ...]:
        """The measures that name ``record`` under one of ``fields``, in the order of ``all_measures``."""
        found = (m for m in self.referrers(record, "measure", *fields) if isinstance(m, Measure))
        return tuple(sorted(found, key=lambda measure: self._rank[measure.key]))

    @cached_property
    def _rank(self) -> Mapping[Key, int]:
        return {measure.key: rank for rank, measure in enumerate(self.all_measures)}

    @cached_property
    def all_measures(self) -> tuple[Measure, ...]:
        """All measures: by category, then partner by name, then place in the document."""
        return tuple(sorted(self.catalog.all(Measure), key=self._measure_order))

    @cached_property
    def by_partner(self) -> Group:
        """Partner id -> its measures."""
        return _grouped((m.partner, m) for m in self.all_measures)

    @cached_property
    def by_term(self) -> Mapping[tuple[str, str], tuple[Measure, ...]]:
        """(list of the vocabulary, key) -> measures with that value."""
        return _grouped(
            ((name, key), m)
            for m in self.all_measures
            for name, keys in (
                ("status", (m.status,)),
                ("target_groups", m.target_groups),
                ("formats", m.formats),
                ("offer_categories", m.offers),
            )
            for key in keys
        )

    def with_term(self, name: str, key: str) -> tuple[Measure, ...]:
        """The measures that carry ``key`` of the list ``name``."""
        return self.by_term.get((name, key), ())

    def partner(self, measure: Measure) -> Partner:
        """The partner whose folder holds ``measure``."""
        partner = self.catalog.of("partner")[measure.partner]
        assert isinstance(partner, Partner)  # of("partner") holds nothing else
        return partner

    def category(self, measure: Measure) -> Record:
        """The category of ``measure``."""
        return self.catalog.of("category")[measure.category]

    @cached_property
    def in_document_order(self) -> tuple[Measure, ...]:
        """All measures as their first documents list them."""
        return tuple(sorted(self.all_measures, key=_document_order))

    @cached_property
    def _chapters(self) -> Mapping[tuple[str, str, str], tuple[Measure, ...]]:
        return _grouped(((m.partner, m.category, m.sources[0].document), m) for m in self.in_document_order)

    def chapter(self, measure: Measure) -> tuple[Measure, ...]:
        """The measures of the same partner in the same category and document, in the document's order."""
        return self._chapters[measure.partner, measure.category, measure.sources[0].document]

    def documented(self, source: Source) -> tuple[Measure, ...]:
        """The measures that rest on ``source``, in the document's order."""
        return tuple(sorted(self.measures(source, "sources", "best_practice", "reports"), key=_document_order))

    def companions(self, partner: Record) -> Mapping[Key, tuple[Record, tuple[Measure, ...]]]:
        """With whom an organisation works: the other organisation, and the measures in which they meet."""
        met: dict[Key, tuple[Record, dict[Key, Measure]]] = {}
        for measure in self.by_partner.get(partner.ref, ()) if isinstance(partner, Partner) else ():
            for other in self.targets(measure, "cooperation"):
                met.setdefault(other.key, (other, {}))[1][measure.key] = measure
        for measure in self.measures(partner, "cooperation"):
            owner = self.partner(measure)
            met.setdefault(owner.key, (owner, {}))[1][measure.key] = measure
        ordered = sorted(met.values(), key=lambda pair: sort_key(pair[0].name))
        return {other.key: (other, tuple(shared.values())) for other, shared in ordered}

    def members(self, network: Network) -> tuple[Record, ...]:
        """All members with a record: those the network names and those that name the network."""
        named = {
            r.key: r for r in (*self.targets(network, "members"), *self.referrers(network, "partner", "member_of"))
        }
        return tuple(sorted(named.values(), key=lambda r: sort_key(r.name)))

    def inherited(self, phase: Phase) -> tuple[tuple[Record, Phase], ...]:
        """Who takes part in ``phase`` only because it builds on earlier ones, each with the phase that names it."""
        seen = {r.key for r in self.targets(phase, "partners")}
        passed: list[tuple[Record, Phase]] = []
        visited = {phase.key}
        earlier = self.target(phase, "builds_on")
        while isinstance(earlier, Phase) and earlier.key not in visited:
            visited.add(earlier.key)
            passed += [(r, earlier) for r in self.targets(earlier, "partners") if r.key not in seen]
            seen |= {r.key for r, _ in passed}
            earlier = self.target(earlier, "builds_on")
        return tuple(passed)

    def _measure_order(self, measure: Measure) -> tuple[object, ...]:
        category = self.catalog.of("category").get(measure.category)
        partner = self.catalog.of("partner").get(measure.partner)
        place = (getattr(category, "order", 0), sort_key(partner.name if partner else measure.partner))
        return (*place, *_document_order(measure))


def relate(catalog: Catalog) -> Relations:
    """Work out all relations of a catalogue."""
    forward: dict[Key, dict[str, dict[Key, Record]]] = defaultdict(lambda: defaultdict(dict))
    backward: dict[Key, dict[tuple[str, str], dict[Key, Record]]] = defaultdict(lambda: defaultdict(dict))
    for record in sorted(catalog, key=lambda r: (sort_key(r.name), r.key)):
        for reference in record.references:
            target = catalog.find(reference.kinds, reference.ref)
            if target is not None:
                forward[record.key][reference.field][target.key] = target
                backward[target.key][record.kind, reference.field][record.key] = record
    return Relations(catalog, _frozen(forward), _frozen(backward))


def _frozen(relation: dict[K, dict[F, dict[Key, Record]]]) -> Mapping[K, Mapping[F, tuple[Record, ...]]]:
    return MappingProxyType(
        {key: {field: tuple(found.values()) for field, found in fields.items()} for key, fields in relation.items()}
    )


def _grouped(pairs: Iterable[tuple[K, Measure]]) -> Mapping[K, tuple[Measure, ...]]:
    groups: dict[K, list[Measure]] = defaultdict(list)
    for key, measure in pairs:
        groups[key].append(measure)
    return MappingProxyType({key: tuple(found) for key, found in groups.items()})


def _document_order(measure: Measure) -> tuple[str, int, str]:
    return document_order(measure, measure.sources[0])


def document_order(measure: Measure, evidence: Evidence) -> tuple[str, int, str]:
    """By what measures are sorted as documents list them: document, line, and their name where those are the same."""
    first = line_ranges(evidence.lines)[0][0] if evidence.lines else 0
    return evidence.document, first, measure.ref
