"""What pages say to machines: valid in the words of schema.org, and nothing that the records do not state.

The vocabulary that judges it is the one that comes with pyshacl: schema.org with its classes, and for each property
to what it belongs and what it may hold (datashapes.org, 2021).
"""

from __future__ import annotations

import dataclasses
import datetime
import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, Namespace, URIRef

from catalog import dcat, downloads, linked, views
from catalog.history import Change
from catalog.linked import Node
from catalog.site import Site
from catalog.views.common import PER_PAGE, PagePlan
from catalog.vocabulary import LISTS
from kinds import one_of_each

SCHEMA = Namespace("http://schema.org/")
VOCABULARY = Path(pyshacl.__file__).parent / "assets/schema.ttl"
# How schema.org's own context reads these; all others are texts, numbers or things.
ADDRESSES = ("url", "sameAs", "item", "license", "contentUrl")
DAYS = ("datePublished", "dateModified", "foundingDate", "startDate")
CONTEXT: dict[str, Any] = {
    "@vocab": str(SCHEMA),
    **{name: {"@type": "@id"} for name in ADDRESSES},
    **{name: {"@type": "http://www.w3.org/2001/XMLSchema#date"} for name in DAYS},
}
# A text with a place to fill in, which schema.org describes beside its vocabulary ("Potential Actions").
ANNOTATIONS = {SCHEMA["query-input"]}


class Reader(HTMLParser):
    """Collects the data blocks of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(VOCABULARY)


@pytest.fixture(scope="module")
def said(real_site: Site) -> dict[str, list[Node]]:
    """Address of each page -> what it says."""
    return {page.address: list(linked.nodes(real_site, page)) for page in views.plan(real_site)}


def within(value: Any) -> Iterator[Node]:
    """Every thing in a piece of JSON-LD."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from within(inner)


def as_graph(blocks: list[str]) -> Graph:
    """RDF of some blocks, with a context that needs no network. ISO 8601 lets a date be a year alone, XML Schema not."""
    found = Graph()
    for block in blocks:
        data = json.loads(block)
        assert data["@context"] == "https://schema.org"
        for node in within(data["@graph"]):
            for name in DAYS:
                if name in node:
                    node[name] = (node[name] + "-01-01")[:10]
        found.parse(data=json.dumps({"@context": CONTEXT, "@graph": data["@graph"]}), format="json-ld")
    return found


def faults(graph: Graph, vocabulary: Graph) -> set[str]:
    """What the vocabulary does not know, and what its shapes refuse."""
    found = set()
    for subject, cls in graph.subject_objects(RDF.type):
        if (cls, RDF.type, RDFS.Class) not in vocabulary:
            found.add(f"{cls} is no class")
        shapes = [
            s for c in vocabulary.transitive_objects(cls, RDFS.subClassOf) for s in vocabulary.objects(c, SH.property)
        ]
        legal = {path for shape in shapes for path in vocabulary.objects(shape, SH.path)}
        for predicate in set(graph.predicates(subject)) - legal - ANNOTATIONS - {RDF.type}:
            found.add(f"{cls} has no {predicate}")
    _, report, _ = pyshacl.validate(graph, shacl_graph=vocabulary, ont_graph=vocabulary, inference="none")
    assert isinstance(report, Graph)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        found.add(
            f"{report.value(result, SH.resultPath)} of {report.value(result, SH.focusNode)}: {report.value(result, SH.value)}"
        )
    return found


@pytest.mark.slow
def test_every_kind_of_page_is_valid(real_site: Site, real_build: Path, vocabulary: Graph) -> None:
    blocks = []
    for name, address in one_of_each(real_site, real_build).items():
        html = (real_build / address / "index.html" if name != "error" else real_build / address).read_text()
        found = Reader(html).blocks
        assert len(found) == (name != "error"), name
        blocks += found
    graph = as_graph(blocks)
    assert len(graph) > 1500
    for page in views.plan(real_site):  # of those that are not read, too
        graph.add((URIRef(f"https://wissensbasis.example.org/{page.address}"), RDF.type, SCHEMA.WebPage))
    assert faults(graph, vocabulary) == set()


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Massnahme"}, "http://schema.org/Massnahme is no class"),
        ({"@type": "Project", "provider": "Kreis Lippe"}, "http://schema.org/Project has no http://schema.org/provider"),
        ({"@type": "Service", "temporalCoverage": "2020"}, "http://schema.org/Service has no http://schema.org/temporalCoverage"),
        ({"@type": "Dataset", "license": {"@type": "NGO", "@id": "urn:y"}, "creator": "x"}, "http://schema.org/creator of urn:x: x"),
        ({"@type": "Event", "startDate": "gestern"}, "http://schema.org/startDate of urn:x: gestern-01"),
        ({"@type": "Event", "organizer": {"@id": "urn:y", "@type": "Place"}}, "http://schema.org/organizer of urn:x: urn:y"),
    ],
)  # fmt: skip
def test_what_schema_org_does_not_allow_is_found(vocabulary: Graph, node: Node, fault: str) -> None:
    block = json.dumps({"@context": "https://schema.org", "@graph": [{"@id": "urn:x", **node}]})
    assert fault in faults(as_graph([block]), vocabulary)


def test_addresses_lead_somewhere_and_mean_one_thing(real_site: Site, said: dict[str, list[Node]]) -> None:
    """Every address of the site names a page or file, and what it stands for is of one class on all pages."""
    places = {page.address for page in views.plan(real_site)} | {d.path for d in downloads.downloads(real_site)}
    classes: dict[str, set[str]] = {}
    for node in within(list(said.values())):
        for name in ("@id", *ADDRESSES):
            address = node.get(name, "")
            if isinstance(address, str) and address.startswith(real_site.url):
                assert address.removeprefix(real_site.url).partition("#")[0] in places, address
        if "@id" in node and "@type" in node:
            classes.setdefault(node["@id"], set()).add(node["@type"])
    assert {address: found for address, found in classes.items() if len(found) > 1} == {}
    named = {node["@id"] for node in within(list(said.values())) if "@id" in node}
    assert named - classes.keys() == set()  # nothing is only pointed at


def test_every_page_says_what_it_is_and_where_it_stands(real_site: Site, said: dict[str, list[Node]]) -> None:
    for page in views.plan(real_site):
        whole, *others = said[page.address]
        assert (whole["@id"], whole["name"]) == (real_site.at(page.address), page.title)
        ways = [node for node in others if node["@type"] == "BreadcrumbList"]
        assert len(ways) == bool(page.crumbs), page.address
        for way in ways:
            items = way["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(page.crumbs) + 3))
            assert items[-1]["item"] == real_site.at(page.address)


def thing(said: dict[str, list[Node]], address: str) -> Node:
    """What a page is about."""
    url = said[address][0]["mainEntity"]["@id"]
    return next(node for node in said[address] if node["@id"] == url)


def test_every_record_is_described(real_site: Site, said: dict[str, list[Node]]) -> None:
    for record in real_site.catalog:
        if record.kind != "page":
            node = thing(said, record.page_address)
            assert (node["@id"], node["name"]) == (linked.thing_id(real_site, record), record.title)
            assert node["@type"] == linked.type_of(record)


def test_only_what_runs_for_others_is_a_service(real_site: Site, said: dict[str, list[Node]]) -> None:
    found = {measure: thing(said, measure.page_address) for measure in real_site.relations.all_measures}
    services = [measure for measure, node in found.items() if node["@type"] == "Service"]
    assert 0 < len(services) < len(found) / 2
    assert {measure.status for measure in services} == {"laufend"}
    for measure, node in found.items():
        by = node["provider" if measure in services else "parentOrganization"]
        assert by["@id"].endswith(f"/partner/{measure.partner}/#partner")
    inner = {"beschaeftigte", "fuehrungskraefte", "personalverantwortliche", "neue-beschaeftigte"}
    assert all(measure.offers or inner.isdisjoint(measure.target_groups) for measure in services)


def test_a_key_that_is_new_makes_no_service(real_site: Site) -> None:
    service = next(m for m in real_site.relations.all_measures if linked.is_service(m) and not m.offers)
    for change in ({"formats": ("neu",)}, {"target_groups": ("neu", *service.target_groups)}, {"status": "neu"}):
        assert not linked.is_service(service.model_copy(update=change))


def test_classes_and_rules_name_keys_that_there_are(real_site: Site) -> None:
    words = real_site.catalog.vocabulary
    assert linked._ORGANISATIONS.keys() <= words["organisation_types"].keys()
    assert linked._SERVED.keys() <= words["regions"].keys()
    assert words["formats"].keys() >= linked._USABLE
    assert words["target_groups"].keys() >= linked._OUTSIDE
    assert linked._INDEXES.keys() <= views.PAGE_VIEWS.keys()


def test_what_is_inferred_or_uncertain_is_not_said(real_site: Site, said: dict[str, list[Node]]) -> None:
    measures = real_site.relations.all_measures
    for measure in measures:
        told = said[measure.page_address][0].get("temporalCoverage")
        assert told == (None if measure.period_inferred else measure.period), measure.ref
        award = thing(said, measure.page_address).get("award")
        praised = measure.best_practice
        assert (award is not None) == bool(praised and praised.level == "ausgezeichnet")
    assert any(measure.period_inferred for measure in measures)
    assert all("funder" not in node and "sponsor" not in node for node in within(list(said.values())))


def test_dates_of_pages_come_from_git_alone(real_site: Site, said: dict[str, list[Node]]) -> None:
    """Without a history nothing is made up; the date of a document is not the one of the page."""
    pages = [nodes[0] for nodes in said.values()]
    assert all("dateModified" not in page for page in pages)


def test_git_tells_when_a_page_came_and_changed(real_site: Site) -> None:
    measure = real_site.relations.all_measures[0]
    days = [datetime.datetime(2026, 3, day, 23, 59, tzinfo=datetime.UTC) for day in (1, 2)]
    site = dataclasses.replace(real_site, history={measure.path: Change(*days)})
    page = next(page for page in views.plan(site) if page.record == measure)
    told = next(linked.nodes(site, page))
    assert (told["datePublished"], told["dateModified"]) == ("2026-03-01", "2026-03-02")


def test_long_lists_stay_short(real_site: Site, said: dict[str, list[Node]]) -> None:
    lists = [node for nodes in said.values() for node in nodes if node["@type"] == "ItemList"]
    assert len(lists) > 50
    assert max(len(node["itemListElement"]) for node in lists if isinstance(node["itemListElement"], list)) == PER_PAGE
    texts = {page.address: linked.text(real_site, page) for page in views.plan(real_site)}
    sizes = {address: len(gzip.compress(text.encode(), 6)) for address, text in texts.items()}
    assert max(size for address, size in sizes.items() if address != "glossar/") < 2_500
    assert sizes["glossar/"] < 9_000


def test_the_data_page_and_the_catalogue_speak_of_the_same(real_site: Site, said: dict[str, list[Node]]) -> None:
    facts = {download.path: dcat.Facts(1, "00") for download in downloads.downloads(real_site)}
    catalogue = dcat.graph(real_site, facts)
    named = {node["@id"] for node in said["daten/"] if node["@type"] in ("Dataset", "DataCatalog")}
    assert named == {dcat.dataset_id(real_site), dcat.catalogue_id(real_site)}
    files = {node["contentUrl"] for node in within(said["daten/"]) if node.get("@type") == "DataDownload"}
    told = {str(file) for file in catalogue.objects(None, URIRef("http://www.w3.org/ns/dcat#downloadURL"))}
    assert files == told


def test_the_glossary_holds_every_term(real_site: Site, said: dict[str, list[Node]]) -> None:
    terms = [node["termCode"] for node in within(said["glossar/"]) if node.get("@type") == "DefinedTerm"]
    assert len(terms) == sum(len(real_site.catalog.vocabulary[name]) for name in LISTS)


HOSTILE = 'x</script><script>alert(1)</script><!-- "\\ \u2028 & <b>'


def test_no_text_ends_the_block(real_site: Site) -> None:
    page: PagePlan = dataclasses.replace(views.plan(real_site)[0], title=HOSTILE)
    text = linked.text(real_site, page)
    assert not re.search("<", text)
    assert json.loads(text)["@graph"][0]["name"] == HOSTILE
    assert Reader(f'<script type="application/ld+json">{text}</script>').blocks == [text]
