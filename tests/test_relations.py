from __future__ import annotations

from catalog.model import Network, Phase, Source
from catalog.site import Site


def test_every_reference_is_known_in_both_directions(real_site: Site) -> None:
    relations = real_site.relations
    amount = 0
    for record in real_site.catalog:
        for reference in record.references:
            target = real_site.catalog.find(reference.kinds, reference.ref)
            assert target in relations.targets(record, reference.field)
            assert record in relations.referrers(target, record.kind, reference.field)
            amount += 1
    assert amount > 1500


def test_phase_inherits_who_is_not_named_again(small_site: Site) -> None:
    phase = small_site.catalog.of("phase")["nrweltoffen-bielefeld/phase-2"]
    assert isinstance(phase, Phase)
    assert [(r.ref, p.id) for r, p in small_site.relations.inherited(phase)] == [("universitaet-bielefeld", "phase-1")]


def test_bielefeld_phases_inherit(real_site: Site) -> None:
    phases = real_site.catalog.of("phase")
    fourth = phases["nrweltoffen-bielefeld/phase-4"]
    assert isinstance(fourth, Phase)
    inherited = {record.ref: earlier.id for record, earlier in real_site.relations.inherited(fourth)}
    assert inherited["ak-asyl-bielefeld"] == "phase-2"
    assert inherited["migrationskonferenz-bielefeld"] == "phase-1"


def test_members_are_gathered_from_both_sides(small_site: Site) -> None:
    network = small_site.catalog.of("network")["vielfalt"]
    assert isinstance(network, Network)
    assert [m.ref for m in small_site.relations.members(network)] == ["kreis-lippe", "universitaet-bielefeld"]


def test_companions(small_site: Site) -> None:
    partner = small_site.catalog.of("partner")["kreis-lippe"]
    ((other, shared),) = small_site.relations.companions(partner).values()
    assert other.ref == "universitaet-bielefeld"
    assert [m.id for m in shared] == ["sprachmittlung"]


def test_document_order(small_site: Site) -> None:
    source = small_site.catalog.of("source")["bericht"]
    assert isinstance(source, Source)
    assert [m.id for m in small_site.relations.documented(source)] == ["sprachmittlung", "schulung"]
    chapter = small_site.relations.chapter(small_site.relations.all_measures[0])
    assert [m.id for m in chapter] == ["sprachmittlung", "schulung"]
