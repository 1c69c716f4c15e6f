"""Pages of single records that are no organisations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from catalog import wording
from catalog.model import KINDS, ActionField, Decision, Lesson, Measure, Partner, Phase, Record, Source
from catalog.relations import Relations
from catalog.similarity import Likeness
from catalog.site import Site
from catalog.views import progress
from catalog.views.adopted import adopted, adopted_by
from catalog.views.common import PagePlan, by_mentions, by_order, count_states, evidence_of, listing
from catalog.views.currency import stand


def measure(site: Site, page: PagePlan) -> dict[str, Any]:
    """A measure: facts, text, figures, with whom, where it is written."""
    record = cast(Measure, page.record)
    relations = site.relations
    chapter = relations.chapter(record)
    position = chapter.index(record)
    return {
        "partner": relations.partner(record),
        "category": relations.category(record),
        "cooperation": relations.targets(record, "cooperation"),
        "networks": relations.targets(record, "networks"),
        "indicators": relations.targets(record, "indicators"),
        "field": relations.target(record, "field"),
        "phase": relations.target(record, "phase"),
        "continues": relations.target(record, "continues"),
        "continued_by": relations.referrers(record, "measure", "continues"),
        "needs": relations.referrers(record, "lesson", "answers"),
        "contacts": relations.targets(record, "contacts"),
        "documents": relations.targets(record, "documents"),
        "similar": [(likeness.measure, _reasons(site, likeness)) for likeness in site.similar[record.key]],
        "similar_abroad": list(_similar_abroad(site, record)),
        "adopted": adopted(site, record),
        "adopted_by": adopted_by(site, record),
        "stand": stand(site, record),
        "years": progress.of_measure(site, record),
        "evidence": evidence(site, record),
        "praised": evidence_of(site, record.best_practice.source) if record.best_practice else None,
        "position": position + 1,
        "chapter": chapter,
        "before": chapter[position - 1] if position else None,
        "after": chapter[position + 1] if position + 1 < len(chapter) else None,
    }


def _similar_abroad(site: Site, record: Measure) -> Iterator[tuple[Measure, Partner, str]]:
    """Measures of other sites that are alike, for a page of ours, whose own list holds ours only."""
    everything = site.everything
    if everything is not site and not record.site:
        for likeness in everything.similar[record.key]:
            if (other := likeness.measure).site:
                yield other, everything.relations.partner(other), _reasons(site, likeness)


def _reasons(site: Site, likeness: Likeness) -> str:
    """Why two measures are alike, in words: what editors have coded for both, and the nouns that both use."""
    reasons = [
        f"{title} ({wording.enumeration([site.term(name, key).label for key in keys])})"
        for name, title in (("formats", "gleiches Format"), ("target_groups", "gleiche Zielgruppe"))
        if (keys := likeness.shared.get(name))
    ]
    if "networks" in likeness.shared:
        reasons.append("gleiches Netzwerk")
    if "cooperation" in likeness.shared:
        reasons.append("gleiche Mitwirkende")
    if likeness.words:
        reasons.append(f"gemeinsame Begriffe: {wording.enumeration(likeness.words)}")
    return "; ".join(reasons)


def category(site: Site, page: PagePlan) -> dict[str, Any]:
    """A category: what it is about, who works on it, all its measures by partner."""
    return {
        "listing": listing(site, page, Relations.partner),
        "partners": len({m.partner for m in page.measures}),
        "states": states(site, page),
        "evidence": evidence(site, cast(Record, page.record)),
    }


def indicator(site: Site, page: PagePlan) -> dict[str, Any]:
    """An indicator with the measures that editors assigned to it."""
    return {"listing": listing(site, page, Relations.partner), "evidence": evidence(site, cast(Record, page.record))}


def phase(site: Site, page: PagePlan) -> dict[str, Any]:
    """A phase: what was to be done, why, with whom, and who is taken over from earlier phases."""
    record = cast(Phase, page.record)
    relations = site.relations
    phases = site.catalog.of("phase").values()
    siblings = by_order(r for r in phases if (r.site, r.parent) == (record.site, record.parent))
    position = siblings.index(record)
    return {
        "programme": site.term("programmes", record.programme),
        "partners": relations.targets(record, "partners"),
        "inherited": relations.inherited(record),
        "builds_on": relations.target(record, "builds_on"),
        "followed_by": relations.referrers(record, "phase", "builds_on"),
        "outcome": phase_outcome(site, record),
        "siblings": siblings,
        "before": siblings[position - 1] if position else None,
        "after": siblings[position + 1] if position + 1 < len(siblings) else None,
        "listing": listing(site, page, Relations.partner),
        "evidence": evidence(site, record),
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a phase, as far as its measures tell.

    Attributes:
        partners: who was named for it.
        states: (status, number of measures).
        measures: number of its measures.
        only_planned: whether all of them are still plans, so that no document tells what came of them.
    """

    partners: tuple[Record, ...]
    states: list[tuple[str, int]]
    measures: int
    only_planned: bool


def phase_outcome(site: Site, phase: Phase) -> Outcome:
    """What came of ``phase``."""
    measures = site.relations.measures(phase, "phase")
    states = count_states(site, measures)
    planned = bool(states) and all(key == "geplant" for key, _ in states)
    return Outcome(site.relations.targets(phase, "partners"), states, len(measures), planned)


def action_field(site: Site, page: PagePlan) -> dict[str, Any]:
    """A field of action with its goals and measures."""
    record = cast(ActionField, page.record)
    return {
        "programme": site.term("programmes", record.programme),
        "listing": listing(site, page, Relations.partner),
        "evidence": evidence(site, record),
    }


def source(site: Site, page: PagePlan) -> dict[str, Any]:
    """A document: its sections, and everything that rests on it."""
    record = cast(Source, page.record)
    relations = site.relations
    kinds = [kind for kind in KINDS if kind not in ("measure", "source", "page", "other")]
    return {
        "listing": listing(site, page, Relations.partner),
        "others": [(KINDS[k], found) for k in kinds if (found := relations.referrers(record, k, "sources"))],
    }


def lesson(site: Site, page: PagePlan) -> dict[str, Any]:
    """What practitioners reported, and what else they said on the same question."""
    record = cast(Lesson, page.record)
    lessons = (r for r in site.catalog.all(Lesson) if r.site == record.site)
    siblings = [r for r in lessons if r.group == record.group and r.key != record.key]
    return {
        "group": site.term("lesson_groups", record.group),
        "siblings": by_mentions(siblings),
        "answers": site.relations.targets(record, "answers"),
        "evidence": evidence(site, record),
    }


def decision(site: Site, page: PagePlan) -> dict[str, Any]:
    """A meeting with its items."""
    record = cast(Decision, page.record)
    return {"evidence": evidence(site, record)}


def states(site: Site, page: PagePlan) -> list[tuple[str, int]]:
    """The status of the page's measures, for its first stretch."""
    return count_states(site, page.measures) if page.part == 1 else []


def evidence(site: Site, record: Record) -> list[tuple[Source, list[str]]]:
    """The documents that a record rests on, each once, with the places in it."""
    places: dict[str, tuple[Source, list[str]]] = {}
    of_years = (entry for report in getattr(record, "reports", ()) for entry in report.sources)
    for item in (*getattr(record, "sources", ()), *of_years):
        if found := evidence_of(site, item):
            document, place = found
            known = places.setdefault(document.ref, (document, []))[1]
            if place and place not in known:
                known.append(place)
    return list(places.values())
