"""What a page says to machines: JSON-LD in the words of schema.org, made of what its record states and nothing else.

Each thing has one address that stays, the one of its page with ``#`` and its kind, so that statements on several
pages meet. Where schema.org has no word for something (the status of a measure, how sure a date is), nothing is said
rather than something close. Dates that a document does not state are left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from catalog import dcat
from catalog.dates import parse
from catalog.downloads import DATA_KINDS, Download
from catalog.model import (
    KINDS,
    ActionField,
    Category,
    Decision,
    Document,
    Indicator,
    Lesson,
    Measure,
    Network,
    Other,
    Page,
    Partner,
    Phase,
    Record,
    Source,
)
from catalog.render import address
from catalog.site import Site
from catalog.views.common import PER_PAGE, PagePlan
from catalog.vocabulary import LISTS, Term
from catalog.wording import sort_key

CONTEXT = "https://schema.org"
Node = dict[str, Any]

# A class only where it is true of everything that the definition in vocabulary.yml covers. A chamber or a foundation
# may be public or not, a "Hochschule" of this list may only do research, a company need not be a corporation: all of
# these, and keys that are new, are an Organization.
_ORGANISATIONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("bezirksregierung", "polizei", "kreis", "stadt", "jobcenter", "landschaftsverband", "integrationszentrum",
             "integrationsrat", "bundesstelle", "landesstelle", "kommunale-stelle"),
            "GovernmentOrganization",
        ),
        **dict.fromkeys(("wohlfahrtsverband", "integrationsverein", "migrantenorganisation", "verein"), "NGO"),
        **dict.fromkeys(("rundfunk", "medien"), "NewsMediaOrganization"),  # "such as a newspaper or TV station"
        "schule": "EducationalOrganization",
        "gesundheit": "MedicalOrganization",
    }
)  # fmt: skip

# Regions that say where somebody works; all others say where somebody is.
_SERVED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"landesweit": ("State", "Nordrhein-Westfalen"), "bundesweit": ("Country", "Deutschland")}
)

# What somebody outside can make use of, and who is outside.
_USABLE = frozenset(
    {"beratung", "bildungsprogramm", "fortbildung", "foerderung", "mehrsprachige-information", "sprachfoerderung",
     "sprachmittlung"}
)  # fmt: skip
_OUTSIDE = frozenset(
    {"schueler", "eltern", "lehrkraefte", "fachkraefte", "ehrenamtliche", "zugewanderte", "gefluechtete",
     "neuzugewanderte", "migrantenorganisationen", "religionsgemeinden", "ratsuchende", "patienten", "senioren",
     "frauen", "kulturschaffende", "medienschaffende", "organisationen", "verwaltungen", "oeffentlichkeit"}
)  # fmt: skip

# Hand-written pages that list all records of a kind.
_INDEXES: Mapping[str, type[Record]] = MappingProxyType(
    {
        "partners": Partner,
        "organisations": Other,
        "categories": Category,
        "networks": Network,
        "phases": Phase,
        "fields": ActionField,
        "indicators": Indicator,
        "sources": Source,
        "lessons": Lesson,
        "decisions": Decision,
    }
)


def text(site: Site, page: PagePlan) -> str:
    """What the page says, as JSON that cannot end the element it stands in."""
    data = {"@context": CONTEXT, "@graph": list(nodes(site, page))}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def nodes(site: Site, page: PagePlan) -> Iterator[Node]:
    """The page itself, the way to it, and what it is about."""
    site = site.everything if page.record and page.record.site else site
    subjects = list(_subjects(site, page))
    url = site.at(page.address)
    crumbs = f"{url}#breadcrumb"
    record = page.record
    yield _node(
        "CollectionPage" if page.measures or page.view in _INDEXES else "WebPage",
        url,
        url=url,
        name=page.title,
        description=page.summary,
        inLanguage="de",
        isPartOf=_id(site.at("#website")),
        breadcrumb=_id(crumbs) if page.crumbs else None,
        mainEntity=[_id(node["@id"]) for node in subjects[:1]],
        **(_of_record(site, record) if record and page.part == 1 else {}),
    )
    if page.crumbs:
        way = [("Start", ""), *page.crumbs, (page.title, page.address)]
        items = [
            {"@type": "ListItem", "position": number, "name": name, "item": site.at(place)}
            for number, (name, place) in enumerate(way, 1)
        ]
        yield _node("BreadcrumbList", crumbs, itemListElement=items)
    yield from subjects


def is_service(measure: Measure) -> bool:
    """Whether a measure is something that people outside can use today; if not, it is a project, planned or past.

    That is so if it runs, and editors have placed it among the offers, or its format is one that people use and nobody
    of its target groups is inside of the organisation. Keys that this module does not know make no service.
    """
    usable = not _USABLE.isdisjoint(measure.formats) and _OUTSIDE.issuperset(measure.target_groups)
    return measure.status == "laufend" and (bool(measure.offers) or usable)


def type_of(record: Record) -> str:
    """The class of schema.org to which what a record describes belongs."""
    match record:
        case Partner() | Other():
            return _ORGANISATIONS.get(record.type, "Organization")
        case Network():
            return "Project" if record.network_kind == "programm" else "Organization"
        case Measure():
            return "Service" if is_service(record) else "Project"
        case Category() | ActionField() | Indicator():
            return "DefinedTerm"
        case Phase():
            return "Project"
        case Lesson():
            return "Answer"
        case Decision():
            return "Event"
        case Source() | Document():
            return "CreativeWork"
    return "Thing"


def thing_id(site: Site, record: Record) -> str:
    """The address of what a record describes; the one of its page is another.

    What another site has recorded keeps the address that it has there.
    """
    return f"{_home(site, record)}#{record.kind}"


def _home(site: Site, record: Record) -> str:
    return record.origin_address or site.at(record.page_address)


def _subjects(site: Site, page: PagePlan) -> Iterator[Node]:
    """What the page is about, the main thing first. Further stretches of a long list only have their list."""
    if page.term and page.part == 1:
        yield _term(site, page.term[0], site.term(*page.term))
    elif page.record and page.record.kind != Page.kind and page.part == 1:
        yield _thing(site, page.record)
    elif page.view in _PAGES:
        yield from _PAGES[page.view](site, page)
    elif listed := _listed(site, page):
        yield listed


def _of_record(site: Site, record: Record) -> Node:
    """What a page takes from its record besides the thing that it describes."""
    said: Node = {}
    relations = site.relations
    if change := site.history.get(record.path):
        said |= {"datePublished": change.added.date().isoformat(), "dateModified": change.changed.date().isoformat()}
    said["isBasedOn"] = [_ref(site, source) for source in relations.targets(record, "sources")]
    if isinstance(record, Measure | Phase) and record.period and not getattr(record, "period_inferred", False):
        said["temporalCoverage"] = record.period
    if isinstance(record, Measure):
        keys = (("formats", record.formats), ("target_groups", record.target_groups))
        said["keywords"] = [site.term(name, key).label for name, found in keys for key in found]
        said["mentions"] = [
            _ref(site, r) for field in ("cooperation", "networks") for r in relations.targets(record, field)
        ]
    if isinstance(record, Phase):
        said["mentions"] = [_ref(site, r) for r in relations.targets(record, "partners")]
    return said


def _thing(site: Site, record: Record) -> Node:
    """What a record describes."""
    return _node(
        type_of(record),
        thing_id(site, record),
        **{
            "name": record.title,
            "alternateName": record.name if record.name != record.title else None,
            "description": getattr(record, "summary", None),
            "url": _home(site, record),
            **_DESCRIBED.get(record.kind, _nothing_more)(site, record),
        },
    )


def _organisation(site: Site, record: Record) -> Node:
    organisation = cast("Partner | Other", record)
    return {
        "sameAs": organisation.website,
        "location": _place(site, organisation.place, getattr(record, "region", None)),
        "areaServed": _area(record),
        "memberOf": [_ref(site, network) for network in site.relations.targets(record, "member_of")],
    }


def _network(site: Site, record: Record) -> Node:
    network = cast(Network, record)
    founded = network.founded if network.founded and parse(network.founded).single else None
    return {
        "sameAs": network.website,
        "foundingDate": founded,
        "areaServed": _area(record),
        "member": [_ref(site, member) for member in site.relations.members(network)],
    }


def _measure(site: Site, record: Record) -> Node:
    measure = cast(Measure, record)
    praised = measure.best_practice
    said: Node = {"award": praised.reason if praised and praised.level == "ausgezeichnet" else None}
    partner = _ref(site, site.relations.partner(measure))
    if not is_service(measure):
        return said | {"parentOrganization": partner}
    groups = [site.term("target_groups", key).label for key in measure.target_groups]
    spoken = {"@type": "ServiceChannel", "availableLanguage": list(measure.languages)}
    return said | {
        "provider": partner,
        "serviceType": [site.term("formats", key).label for key in measure.formats],
        "audience": [{"@type": "Audience", "audienceType": group} for group in groups],
        "availableChannel": spoken if measure.languages else None,
    }


def _defined(site: Site, record: Record) -> Node:
    """A term of a set that all records of its kind make up."""
    cls = KINDS[record.kind]
    all_of_kind = _node("DefinedTermSet", site.at(f"{cls.address}/#set"), name=cls.label[1])
    return {"termCode": record.id, "inDefinedTermSet": all_of_kind}


def _nothing_more(site: Site, record: Record) -> Node:
    return {}


def _source(site: Site, record: Record) -> Node:
    """A document; whether a span is the time when it came out or what it reports on is not recorded."""
    source = cast(Source, record)
    return {
        "publisher": {"@type": "Organization", "name": source.publisher},
        "datePublished" if parse(source.date).single else "temporalCoverage": source.date,
        "identifier": source.reference,
        "sameAs": source.url,
    }


def _lesson(site: Site, record: Record) -> Node:
    lesson = cast(Lesson, record)
    return {"text": lesson.title, "parentItem": {"@type": "Question", "name": lesson.question}}


def _decision(site: Site, record: Record) -> Node:
    decision = cast(Decision, record)
    return {
        "startDate": decision.date,
        "location": _place(site, decision.place, None),
        "organizer": {"@type": "Organization", "name": decision.body},
    }


# What is said of each kind of record beyond its name; a kind that is new has only that.
_DESCRIBED: Mapping[str, Callable[[Site, Record], Node]] = MappingProxyType(
    {
        "partner": _organisation,
        "other": _organisation,
        "measure": _measure,
        "category": _defined,
        "network": _network,
        "field": _defined,
        "indicator": _defined,
        "source": _source,
        "lesson": _lesson,
        "decision": _decision,
    }
)


def _term(site: Site, name: str, term: Term) -> Node:
    place = site.at(address((name, term.key)))
    return _described_term(term) | {"@id": f"{place}#term", "url": place, "inDefinedTermSet": _term_set(site, name)}


def _described_term(term: Term) -> Node:
    return {"@type": "DefinedTerm", "name": term.label, "termCode": term.key, "description": term.definition}


def _term_set(site: Site, name: str, terms: Iterable[Term] = ()) -> Node:
    """A list of the vocabulary, at the place of the glossary where its heading stands."""
    return _node(
        "DefinedTermSet",
        site.at(f"glossar/#{name.replace('_', '-')}"),
        name=LISTS[name],
        hasDefinedTerm=[_described_term(term) for term in terms],
    )


def _start(site: Site, page: PagePlan) -> Iterator[Node]:
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": site.at("suche/?q={search_term_string}")},
        "query-input": "required name=search_term_string",
    }
    yield _node(
        "WebSite",
        site.at("#website"),
        url=site.at(""),
        name=site.name,
        description=page.summary,
        inLanguage="de",
        license=site.operator.licence.url,
        publisher=_id(dcat.operator_id(site)),
        potentialAction=action,
    )
    yield _operator(site)


def _glossary(site: Site, page: PagePlan) -> Iterator[Node]:
    whole = site.at(f"{page.address}#set")
    sets = [_term_set(site, name, site.catalog.vocabulary[name].values()) for name in LISTS]
    yield _node("DefinedTermSet", whole, name=page.title, hasPart=sets)


def _data(site: Site, page: PagePlan) -> Iterator[Node]:
    """The data under the same addresses as in the catalogue for portals."""
    files = dcat.distributions(site)
    parts = [_dataset(site, kind, files[kind]) for kind in DATA_KINDS]
    area = site.open_data.political_geocoding
    whole = _dataset(site, "", files[""]) | {
        "url": site.at(page.address),
        "inLanguage": "de",
        "creator": _id(dcat.operator_id(site)),
        "publisher": _id(dcat.operator_id(site)),
        "isAccessibleForFree": True,
        "includedInDataCatalog": _id(dcat.catalogue_id(site)),
        "hasPart": parts,
    }
    if area:
        whole["spatialCoverage"] = {"@type": "Place", "sameAs": dcat.area_id(area)}
    yield whole
    yield _node(
        "DataCatalog",
        dcat.catalogue_id(site),
        name=site.name,
        url=site.at(page.address),
        publisher=_id(dcat.operator_id(site)),
        dataset=[_id(whole["@id"]), *(_id(part["@id"]) for part in parts)],
    )
    yield _operator(site)


def _dataset(site: Site, kind: str, files: Iterable[Download]) -> Node:
    span = dcat.covered(dcat.records(site, kind))
    days = (span.start.first_day, span.end.last_day) if span and span.start and span.end else ()
    return _node(
        "Dataset",
        dcat.dataset_id(site, kind),
        name=dcat.title(site, kind),
        description=dcat.description(site, kind),
        license=site.licence.url,
        temporalCoverage="/".join(day.isoformat() for day in days),
        distribution=[_file(site, download) for download in files],
    )


def _file(site: Site, download: Download) -> Node:
    file = site.at(download.path)
    return {"@type": "DataDownload", "name": download.title, "encodingFormat": download.media_type, "contentUrl": file}


# What hand-written pages are about, by their view.
_PAGES: Mapping[str, Callable[[Site, PagePlan], Iterator[Node]]] = MappingProxyType(
    {"start": _start, "glossary": _glossary, "data": _data}
)


def _operator(site: Site) -> Node:
    """Who runs the site."""
    operator = site.operator
    kind = "GovernmentOrganization" if operator.public_body else "Organization"
    return _node(kind, dcat.operator_id(site), name=operator.name, email=operator.email)


def _listed(site: Site, page: PagePlan) -> Node | None:
    """The stretch of a list that a page shows, by the addresses of its entries; never more than one page of them."""
    first = (page.part - 1) * PER_PAGE
    entries: Iterable[Record] = page.measures
    if page.view in _INDEXES:
        entries = sorted(site.catalog.all(_INDEXES[page.view]), key=lambda record: sort_key(record.name))
    found = list(entries)
    if not found:
        return None
    items = [
        {"@type": "ListItem", "position": number, "url": site.at(entry.page_address)}
        for number, entry in enumerate(found[first : first + PER_PAGE], first + 1)
    ]
    return _node("ItemList", site.at(f"{page.address}#list"), numberOfItems=len(found), itemListElement=items)


def _place(site: Site, name: str | None, region: str | None) -> Node | None:
    if not name:
        return None
    around = site.term("regions", region).label if region and region not in _SERVED else None
    said: Node = {"@type": "Place", "name": name}
    return said | {"containedInPlace": {"@type": "AdministrativeArea", "name": around}} if around else said


def _area(record: Record) -> Node | None:
    kind, name = _SERVED.get(getattr(record, "region", None) or "", ("", ""))
    return {"@type": kind, "name": name} if kind else None


def _ref(site: Site, record: Record) -> Node:
    """Another thing, with as much as a reader of this page alone needs."""
    return {"@type": type_of(record), "@id": thing_id(site, record), "name": record.name}


def _id(address: str) -> Node:
    return {"@id": address}


def _node(kind: str, address: str, **said: Any) -> Node:
    """A thing with what is said of it; what is empty is left out, and a list of one is that one."""
    kept = {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in said.items()}
    return {"@type": kind, "@id": address, **{key: value for key, value in kept.items() if value not in (None, [], "")}}
