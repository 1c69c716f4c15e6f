"""Pages that gather records: the start page, lists, glossary, help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from catalog import downloads, forms, wording
from catalog.downloads import DATA_KINDS
from catalog.forms import FormField
from catalog.model import (
    KINDS,
    ActionField,
    Decision,
    Lesson,
    Measure,
    Network,
    Page,
    Partner,
    Phase,
    Record,
    Source,
    kept_in,
)
from catalog.relations import Relations
from catalog.site import Site
from catalog.views.common import PagePlan, by_mentions, by_name, by_order, count_states, listing, outside
from catalog.views.facets import ALL, FACET_OF_TERM, ORIGIN, facets, origins, pages_by_kind
from catalog.views.records import phase_outcome, states
from catalog.vocabulary import LISTS, TERM_PAGES, Term
from catalog.writing import front_matter

R = TypeVar("R", bound=Record)
E = TypeVar("E")


# Kinds that the start page leads to.
_DIRECTORIES = ("network", "phase", "field", "indicator", "lesson", "decision", "contact", "speaker", "document")


def text_only(site: Site, page: PagePlan) -> dict[str, Any]:
    """A page of nothing but text."""
    return {}


def start(site: Site, page: PagePlan) -> dict[str, Any]:
    """The start page: live counts and three ways in."""
    return {
        "totals": {kind: len(records) for kind, records in site.catalog.records.items()},
        "categories": _categories(site),
        "questions": _questions(site)[:8],
        "partners": by_name(site.catalog.of("partner").values()),
        "states": count_states(site, site.relations.all_measures),
        "more": [*_overviews(site, _DIRECTORIES), *_others(site)],
        "overviews": [
            page for page in site.catalog.all(Page) if page.view in ("best-practice", "overviews", "reports")
        ],
    }


def measures(site: Site, page: PagePlan) -> dict[str, Any]:
    """All measures, stretch by stretch; the first also leads to narrower lists."""
    shown = {"listing": listing(site, page, Relations.category)}
    if page.part > 1:
        return shown
    return shown | {
        "facets": facets(site, page.measures),
        "categories": _categories(site),
        "states": states(site, page),
        "terms": {name: _counted_terms(site, name) for name in ("target_groups", "formats")},
        "abroad": outside(site, site.everything.relations.all_measures),
    }


def search(site: Site, page: PagePlan) -> dict[str, Any]:
    """The search: its facets, and the sites that it searches besides this one."""
    pages = pages_by_kind(site)
    narrowed = [facet for facet in facets(site, site.relations.all_measures) if facet.key != ORIGIN]
    return {
        "facets": [pages, *([origins(site)] if len(site.origins) > 1 else []), *narrowed],
        "total": sum(amount for _, _, amount in pages.values),
        "merged": site.merged,
        "folder": ALL if len(site.origins) > 1 else "",
    }


def partners(site: Site, page: PagePlan) -> dict[str, Any]:
    """All partners by type of organisation."""
    found = [(p, len(site.relations.by_partner.get(p.id, ()))) for p in by_name(site.catalog.all(Partner))]
    return {"groups": _by_term(site, "organisation_types", found, lambda entry: entry[0].type)}


def organisations(site: Site, page: PagePlan) -> dict[str, Any]:
    """All organisations that only take part, by first letter."""
    found = by_name(site.catalog.of("other").values())
    letters: dict[str, list[Record]] = {}
    for record in found:
        first = wording.sort_key(record.title)[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append(record)
    return {"letters": letters}


def categories(site: Site, page: PagePlan) -> dict[str, Any]:
    """All categories in the report's order."""
    return {"categories": _categories(site)}


def networks(site: Site, page: PagePlan) -> dict[str, Any]:
    """All networks by kind, each with the number of its members and measures."""
    relations = site.relations
    found = [
        (network, len(relations.members(network)), len(relations.measures(network, "networks")))
        for network in by_name(site.catalog.all(Network))
    ]
    return {"groups": _by_term(site, "network_kinds", found, lambda entry: entry[0].network_kind)}


def phases(site: Site, page: PagePlan) -> dict[str, Any]:
    """All phases by programme, in their order: what was to happen, why, with whom, and what came of it."""
    found = [(phase, phase_outcome(site, phase)) for phase in by_order(site.catalog.all(Phase))]
    return {"programmes": _by_term(site, "programmes", found, lambda entry: entry[0].programme)}


def fields(site: Site, page: PagePlan) -> dict[str, Any]:
    """All fields of action by programme."""
    return {
        "programmes": _by_term(
            site, "programmes", by_order(site.catalog.all(ActionField)), lambda field: field.programme
        )
    }


def indicators(site: Site, page: PagePlan) -> dict[str, Any]:
    """The nine indicators with the number of measures assigned to each."""
    found = by_order(site.catalog.of("indicator").values())
    return {"indicators": [(i, len(site.relations.measures(i, "indicators"))) for i in found]}


def sources(site: Site, page: PagePlan) -> dict[str, Any]:
    """All documents, newest first."""
    found = sorted(site.catalog.all(Source), key=lambda s: (s.date, s.id), reverse=True)
    return {"sources": [(s, len(site.relations.measures(s, "sources"))) for s in found]}


def lessons(site: Site, page: PagePlan) -> dict[str, Any]:
    """What practitioners reported, by question, most mentioned first."""
    found = by_mentions(site.catalog.all(Lesson))
    return {"groups": _by_term(site, "lesson_groups", found, lambda lesson: lesson.group)}


def decisions(site: Site, page: PagePlan) -> dict[str, Any]:
    """All meetings, newest first."""
    found = sorted(site.catalog.all(Decision), key=lambda d: (d.date, d.id), reverse=True)
    return {"decisions": found}


def questions(site: Site, page: PagePlan) -> dict[str, Any]:
    """All questions that a list of measures answers."""
    return {"questions": _questions(site)}


def glossary(site: Site, page: PagePlan) -> dict[str, Any]:
    """All lists of the vocabulary with definitions and, where there is one, the page that gathers measures."""
    lists = [(name, title, site.catalog.vocabulary[name].values()) for name, title in LISTS.items()]
    used = {
        name: {key: len(site.relations.with_term(name, key)) for key in site.catalog.vocabulary[name]}
        for name in TERM_PAGES
    }
    return {"lists": lists, "used": used}


def term(site: Site, page: PagePlan) -> dict[str, Any]:
    """All measures with one value of the vocabulary."""
    name, key = cast(tuple[str, str], page.term)
    return {
        "list_name": LISTS[name],
        "entry": site.term(name, key),
        "listing": listing(site, page, Relations.category),
        "states": states(site, page),
        "siblings": [t for t in _counted_terms(site, name) if t[0].key != key] if page.part == 1 else [],
        "list_key": name,
        "narrowed_by": FACET_OF_TERM,
    }


def field_help(site: Site, page: PagePlan) -> dict[str, Any]:
    """Every key that a record may have, from the model itself, each with an example from a real record."""
    return {"kinds": [(cls.label, cls.folder, _explained(site, cls)) for cls in KINDS.values()], "kept_in": kept_in}


def data(site: Site, page: PagePlan) -> dict[str, Any]:
    """The data files: one with all of them, those of each kind by format, and all others."""
    archive, *others = [file for file in downloads.downloads(site) if file.path not in downloads.of_kinds()]
    return {
        "archive": archive,
        "formats": [downloads.FORMATS[ending] for ending in downloads.OF_KINDS],
        "kinds": [
            (
                KINDS[kind].label[1],
                len(site.catalog.of(kind)),
                [downloads.path(kind, ending) for ending in downloads.OF_KINDS],
            )
            for kind in DATA_KINDS
        ],
        "others": others,
        "catalogue": downloads.CATALOGUE,
    }


def _overviews(site: Site, kinds: Sequence[str]) -> list[tuple[Page, str]]:
    """The pages that list these kinds, and how many records there are; pages that a project lacks are left out."""
    pages = {page.view: page for page in site.catalog.all(Page)}
    amounts = {kind: len(site.catalog.of(kind)) for kind in kinds}
    return [
        (pages[f"{kind}s"], wording.count(amounts[kind], *KINDS[kind].label)) for kind in kinds if f"{kind}s" in pages
    ]


def _others(site: Site) -> list[tuple[Page, str]]:
    """The page about other sites, if some of their records are here."""
    abroad = outside(site, site.everything.relations.all_measures)
    pages = [page for page in site.catalog.all(Page) if page.view == "federation"] if abroad else []
    return [(page, wording.count(sum(amount for _, amount in abroad), *Measure.label)) for page in pages]


def _categories(site: Site) -> list[tuple[Record, tuple[Measure, ...]]]:
    found = by_order(site.catalog.of("category").values())
    return [(category, site.relations.measures(category, "category")) for category in found]


def _counted_terms(site: Site, name: str) -> list[tuple[Any, int]]:
    terms = ((term, len(site.relations.with_term(name, key))) for key, term in site.catalog.vocabulary[name].items())
    return [entry for entry in terms if entry[1]]


def _questions(site: Site) -> list[tuple[str, tuple[str, str], int, int]]:
    """(question, page, number of measures, number of partners) for each question of the vocabulary."""
    found = []
    for name in TERM_PAGES:
        for key, term in site.catalog.vocabulary[name].items():
            answers = site.relations.with_term(name, key)
            if term.question and answers:
                found.append((term.question, (name, key), len(answers), len(Counter(m.partner for m in answers))))
    return sorted(found, key=lambda entry: (-entry[2], entry[0]))


def _by_term(site: Site, name: str, entries: Sequence[E], key: Callable[[E], str]) -> list[tuple[Term, list[E]]]:
    """Entries under the value of the list ``name`` that ``key`` gives; values without entries are left out."""
    groups = [(term, [e for e in entries if key(e) == value]) for value, term in site.catalog.vocabulary[name].items()]
    return [group for group in groups if group[1]]


def _explained(site: Site, cls: type[Record]) -> list[tuple[FormField, str]]:
    """Each field of a kind of record, with the lines in which the first record that has it says it."""
    records = [record.written for record in site.catalog.of(cls.kind).values()]
    found = []
    for field in forms.fields(cls, site.catalog.vocabulary):
        said = next((data[field.key] for data in records if data.get(field.key)), None)
        shown = said[:1] if field.kind == "part" and isinstance(said, list) else said
        found.append((field, "\n".join(front_matter([field], {field.key: shown}))))
    return found
