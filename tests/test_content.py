"""What the records promise as a whole: nothing of the documents is missing, and texts keep their measure."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import yaml

from catalog import editorial
from catalog.model import Lesson, Measure, Network, Partner, Phase, Record, Source
from catalog.site import Site
from conftest import ROOT

COVERAGE = yaml.safe_load((Path(__file__).parent / "cases" / "coverage.yml").read_text())
REPORT = "partnerbericht-2020"


def test_every_measure_of_the_report_is_there(real_site: Site) -> None:
    """Partner by category against the document; a gap has its reason, and a reason that is no longer true must go."""
    found = Counter((m.partner, m.category) for m in real_site.catalog.all(Measure) if m.sources[0].document == REPORT)
    expected = {(partner, category): amount for partner, row in COVERAGE.items() for category, amount in row.items()}
    assert set(found) == {cell for cell, amount in expected.items() if isinstance(amount, int)}
    assert {cell: amount for cell, amount in found.items() if amount != expected[cell]} == {}
    assert {amount for amount in expected.values() if not isinstance(amount, int)} == {"kein Beitrag", "Fehlanzeige"}
    assert sum(found.values()) == 482


def test_every_section_of_every_document_is_used(real_site: Site) -> None:
    used = {(e.document, e.section) for record in real_site.catalog for e in getattr(record, "sources", ())}
    sections = {(source.id, section.id) for source in real_site.catalog.all(Source) for section in source.sections}
    assert sections - used == set()


def test_texts_have_their_measure(real_site: Site) -> None:
    for measure in real_site.catalog.all(Measure):
        assert len(re.findall(r"\w+", measure.text)) >= 25, measure.path
        assert len(measure.text.split()) <= 200, measure.path
    for record in real_site.catalog:
        summary = getattr(record, "summary", "")
        assert not summary or summary.endswith((".", "?", "!", "“")), record.path


def test_titles_of_a_partner_differ(real_site: Site) -> None:
    for partner, measures in real_site.relations.by_partner.items():
        twice = [title for title, amount in Counter(m.title for m in measures).items() if amount > 1]
        assert twice == [], partner


def test_accession_is_stated_only_as_surely_as_it_is_known(real_site: Site) -> None:
    """32 numbers, 30 names; only what the document settles is called certain."""
    accession = {
        partner.id: membership
        for partner in real_site.catalog.all(Partner)
        for membership in partner.member_of
        if membership.network == "erfolgsfaktor-interkulturelle-oeffnung"
    }
    assert set(accession) == set(COVERAGE)
    certain = {partner for partner, membership in accession.items() if membership.certainty == "gesichert"}
    assert certain == {
        "paritaetischer-nrw", "landesverband-volkshochschulen", "stadt-gelsenkirchen", "stadt-solingen", "jobcenter-duisburg",
        "jobcenter-dortmund", "landesmusikrat", "unternehmer-nrw",
    }  # fmt: skip
    for partner, membership in accession.items():
        if membership.certainty == "extern":
            assert "http" in (membership.evidence or ""), partner
        if membership.certainty == "jahr-gesichert":
            assert re.fullmatch(r"\d{4}", membership.since or ""), partner
        if membership.certainty == "mehrdeutig":
            assert membership.since is None, partner
    network = real_site.catalog.of("network")["erfolgsfaktor-interkulturelle-oeffnung"]
    assert isinstance(network, Network)
    assert "Zwei der 32 Partner" in network.unlisted_members[0]


def test_no_editorial_hint_is_open(real_site: Site) -> None:
    """Hints fail no build, but main is without any."""
    assert editorial.review(ROOT, real_site.catalog) == []


def test_what_each_kind_holds(real_site: Site) -> None:
    amounts = {kind: len(records) for kind, records in real_site.catalog.records.items()}
    assert amounts["category"] == 6
    assert amounts["indicator"] == 9
    assert amounts["source"] == 5
    assert amounts["field"] == 4
    assert amounts["network"] >= 52
    phases = Counter(phase.programme for phase in real_site.catalog.all(Phase))
    assert phases == {"nrweltoffen-bielefeld": 4, "masterplan-dortmund": 3}


def test_plans_and_first_readings_are_not_called_done(real_site: Site) -> None:
    for measure in real_site.catalog.all(Measure):
        if measure.phase and measure.phase.startswith("nrweltoffen-bielefeld"):
            assert measure.status == "geplant", measure.path
        if any(e.section == "top-9" for e in measure.sources):
            assert measure.status == "geplant", measure.path


def test_needs_lead_somewhere_or_say_that_nothing_is_there(real_site: Site) -> None:
    for lesson in real_site.catalog.all(Lesson):
        if lesson.group in {"bedarf", "vorschlaege"}:
            assert "## Was es hier dazu gibt" in lesson.text, lesson.path


def test_no_private_person_is_named(real_site: Site) -> None:
    """Names of people who are mentioned in the documents without holding an office."""
    private = ("Nabuti", "Wahrenberg", "Aydin-Kandler", "Zaunick", "Volker Seidel", "Emir Ali")

    def everything(record: Record) -> str:
        return f"{record.model_dump_json()} {record.text}"

    for record in real_site.catalog:
        assert not [name for name in private if name in everything(record)], record.path
