"""Facets: by what readers narrow a list of measures, and the data with which their browser does it.

Inside a facet any of the chosen values may hold, between facets all must. The
first page of the list and all numbers are built, so that everything is there
without JavaScript; the data are fetched when a reader first narrows the list.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import wording
from catalog.dates import parse
from catalog.federation import OURS
from catalog.model import KINDS, Category, Measure, Record
from catalog.naming import ABROAD
from catalog.site import Site
from catalog.views.common import PER_PAGE, PagePlan, by_name, by_order
from catalog.vocabulary import TERM_PAGES

INDEX = "massnahmen/filter.json"
PAGES = "suche/seiten.json"
TEXTS = "massnahmen/texte-{}.json"
ALL = f"{ABROAD}/"  # below it the same files once more, with the measures of other sites behind ours
PER_FILE = 500

# (key in the address, heading, list of the vocabulary if it is one, the values of a measure)
_Described = tuple[str, str, str, Callable[[Site, Measure], Iterable[str]]]
_FACETS: Sequence[_Described] = (
    ("kategorie", "Kategorie", "", lambda site, measure: (measure.category,)),
    ("status", "Status", "status", lambda site, measure: (measure.status,)),
    ("zielgruppe", "Zielgruppe", "target_groups", lambda site, measure: measure.target_groups),
    ("format", "Format", "formats", lambda site, measure: measure.formats),
    ("gute-praxis", "Gute Praxis", "best_practice_levels", lambda site, measure: _level(measure)),
    ("partner", "Partner", "", lambda site, measure: (measure.partner,)),
    ("region", "Region", "regions", lambda site, measure: filter(None, [site.relations.partner(measure).region])),
    ("ort", "Ort", "", lambda site, measure: filter(None, [site.relations.partner(measure).place])),
    ("netzwerk", "Netzwerk", "", lambda site, measure: measure.networks),
    ("jahr", "Jahr des Beginns", "", lambda site, measure: _year(measure)),
)


ORIGIN = "herkunft"  # the facet of the site from which a record comes; only where there are records of others
OWN = "diese_wissensbasis"  # its value for our own; no id of another site has an underscore
KIND = "art"  # the facet of what a page is: a measure, a partner, ...
TERMS = ("begriffe", "Begriffe")  # its value and label for the pages of the vocabulary
_TEXTS = "seiten"
_BY_ORIGIN: _Described = (ORIGIN, "Herkunft", "", lambda site, measure: (measure.site or OWN,))

# List of the vocabulary -> the facet with its values.
FACET_OF_TERM = {terms: key for key, _, terms, _ in _FACETS if terms}


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of choices.

    Attributes:
        key: its name in the address of a page.
        label: its heading.
        values: (value, label, number of measures in the list) in the order in which they are shown.
    """

    key: str
    label: str
    values: tuple[tuple[str, str, int], ...]


def facets(site: Site, measures: Iterable[Measure]) -> list[Facet]:
    """The facets by which a list can be narrowed: those with more than one value in it."""
    return [facet for facet in _facets(site, list(measures)) if len(facet.values) > 1]


def filters(site: Site, record: Record) -> Iterator[tuple[str, str]]:
    """(facet, value) by which search narrows its results to the record's page."""
    yield KIND, record.address or _TEXTS
    if len(site.origins) > 1:
        yield ORIGIN, record.site or OWN
    if isinstance(record, Measure):
        yield from ((key, value) for key, _, _, values_of in _FACETS for value in values_of(site, record))


def own(site: Site) -> Iterator[tuple[str, str]]:
    """(facet, value) of a page of ours that shows no record."""
    if len(site.origins) > 1:
        yield ORIGIN, OWN


def pages_by_kind(site: Site) -> Facet:
    """The facet of what a page is, over all pages that search finds; measures first."""
    kinds = sorted(KINDS.values(), key=lambda cls: cls is not Measure)
    found = [(cls.address or _TEXTS, cls.label[1], len(site.catalog.of(cls.kind))) for cls in kinds]
    terms = sum(len(site.catalog.vocabulary[name]) for name in TERM_PAGES)
    return Facet(KIND, "Art der Seite", tuple(entry for entry in (*found, (*TERMS, terms)) if entry[2]))


def _facets(site: Site, measures: Sequence[Measure]) -> Iterator[Facet]:
    for key, label, terms, values_of in _of(site):
        amounts = Counter(value for measure in measures for value in values_of(site, measure))
        labels = _labels(site, key, terms, amounts)
        yield Facet(key, label, tuple((value, name, amounts[value]) for value, name in labels if amounts[value]))


def origins(site: Site) -> Facet:
    """The facet of where pages come from, over all pages that search finds."""
    amounts = Counter(record.site or OWN for record in site.catalog)
    amounts[OWN] += sum(len(site.catalog.vocabulary[name]) for name in TERM_PAGES)
    return Facet(ORIGIN, "Herkunft", tuple((value, name, amounts[value]) for value, name in _origins(site)))


def in_order(site: Site) -> list[Measure]:
    """All measures as the data count them: ours in the order of the list, then site by site those of others."""
    return sorted(site.relations.all_measures, key=lambda measure: measure.site)


def files(site: Site) -> Iterator[tuple[str, str]]:
    """(path, text) of the data: which measure has which values, and what the list shows of each."""
    yield from _files(site)
    if site.everything is not site:
        yield from ((f"{ALL}{path}", text) for path, text in _files(site.everything))


def _files(site: Site) -> Iterator[tuple[str, str]]:
    measures = in_order(site)
    labels = {facet.key: [[value, name] for value, name, _ in facet.values] for facet in _facets(site, measures)}
    place = {key: {value: i for i, (value, _) in enumerate(values)} for key, values in labels.items()}
    items = [
        [[place[key][v] for v in values_of(site, measure) if v in place[key]] for key, _, _, values_of in _of(site)]
        for measure in measures
    ]
    yield INDEX, _json({"facets": labels, "items": items, "per_file": PER_FILE, "per_page": PER_PAGE})
    for number, start in enumerate(range(0, len(measures), PER_FILE)):
        yield TEXTS.format(number), _json([_text(measure) for measure in measures[start : start + PER_FILE]])


def pages(site: Site, plans: Iterable[PagePlan], names: Mapping[str, str]) -> str:
    """The data by which the search knows its hits: kind of page -> names in the index, measures as in ``INDEX``.

    Pages of another site's records stand under ``partner@nachbarstadt``, in the order of the facets' data for all.

    Args:
        site: the whole site.
        plans: its pages.
        names: address of a page -> its name in the index.
    """
    found: dict[str, list[str]] = {Measure.address: []}
    for measure in in_order(site.everything):
        found.setdefault(_of_site(Measure.address, measure.site), []).append(names.get(measure.page_address, "-"))
    for plan in plans:
        if plan.address in names and not isinstance(plan.record, Measure):
            kind = _of_site(dict(plan.filters)[KIND], plan.origin.id if plan.origin else "")
            found.setdefault(kind, []).append(names[plan.address])
    return _json({kind: " ".join(ids) for kind, ids in sorted(found.items())})


def _of_site(kind: str, site: str) -> str:
    return f"{kind}@{site}" if site else kind


def _of(site: Site) -> Sequence[_Described]:
    """The facets of a site: where a measure comes from only if that is not always the same."""
    return (_BY_ORIGIN, *_FACETS) if len(site.origins) > 1 else _FACETS


def _text(measure: Measure) -> list[str]:
    """Reference, title, summary, period in words, and why it is good practice."""
    period = wording.when(measure.period) if measure.period else ""
    reason = measure.best_practice.reason if measure.best_practice else ""
    return [measure.ref, measure.title, measure.summary, period, reason]


def _labels(site: Site, key: str, terms: str, used: Mapping[str, int]) -> list[tuple[str, str]]:
    """(value, label) of all values of a facet, in the order in which readers expect them."""
    if terms:
        return [(value, term.label) for value, term in site.catalog.vocabulary[terms].items()]
    if key == "kategorie":
        return [(record.id, record.title) for record in by_order(site.catalog.all(Category))]
    if key in ("partner", "netzwerk"):
        records = site.catalog.of("partner" if key == "partner" else "network")
        return [(record.ref, site.called(record)) for record in by_name(records.values())]
    if key == ORIGIN:
        return _origins(site)
    return [(value, value) for value in sorted(used, key=wording.sort_key, reverse=key == "jahr")]


def _origins(site: Site) -> list[tuple[str, str]]:
    names = {neighbour.id: neighbour.name for neighbour in site.neighbours}
    return [(origin or OWN, names.get(origin, OURS)) for origin in site.origins]


def _level(measure: Measure) -> list[str]:
    return [measure.best_practice.level] if measure.best_practice else []


def _year(measure: Measure) -> list[str]:
    span = parse(measure.period) if measure.period else None
    moment = span and (span.start or span.end)
    return [str(moment.year)] if moment else []


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
