"""The catalogue for portals: one graph in three files, and SHACL refuses what DCAT-AP.de does not allow."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from catalog import dcat, downloads, export
from catalog.downloads import DATA_KINDS
from catalog.history import Change
from catalog.open_data import LICENCES, OpenData
from catalog.site import Site

SHAPES = Graph().parse(Path(__file__).parent / "cases/dcat/shapes.ttl")
SETTINGS = OpenData(
    contributor_id="openNRW",
    political_geocoding="stateKey/05",
    political_geocoding_level="state",
    themes=("SOCI", "GOVE"),
    keywords=("Integration",),
    licence="cc-by/4.0",
    publisher_type="LocalAuthority",
)
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
GEODCATAP = Namespace("http://data.europa.eu/930/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
BASE = "https://example.org/"
DATASET = URIRef(f"{BASE}daten/#dataset-measure")
FILE = URIRef(f"{BASE}api/v1/measures.json#distribution")


def described(site: Site, **settings: object) -> Site:
    """The site with all settings for portals, some of them changed."""
    return dataclasses.replace(site, open_data=SETTINGS.model_copy(update=settings))


@pytest.fixture(scope="module")
def facts(real_site: Site) -> Mapping[str, dcat.Facts]:
    return {path: dcat.Facts.of(content) for path, content in export.data_files(real_site)}


@pytest.fixture(scope="module")
def graph(real_site: Site, facts: Mapping[str, dcat.Facts]) -> Graph:
    return dcat.graph(described(real_site), facts)


def told(graph: Graph) -> dict[str, set[str]]:
    """Severity -> what SHACL says of the graph."""
    _, report, _ = pyshacl.validate(Graph() + graph, shacl_graph=SHAPES, advanced=False, inference="none")
    assert isinstance(report, Graph)
    found: dict[str, set[str]] = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2]
        found.setdefault(severity, set()).add(str(report.value(result, SH.resultMessage)))
    return found


def test_the_shapes_are_shapes() -> None:
    conforms, _, text = pyshacl.validate(SHAPES, shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_the_catalogue_is_as_the_standard_asks(graph: Graph) -> None:
    assert told(graph) == {}


def test_without_settings_only_recommendations_are_missing(real_site: Site, facts: Mapping[str, dcat.Facts]) -> None:
    """An ordinary build writes a valid catalogue; a portal that needs more says so, and these are the words for it."""
    bare = dataclasses.replace(real_site, open_data=OpenData(licence="cc-by/4.0"))
    assert told(dcat.graph(bare, facts)) == {
        "Warning": {
            "dcatde:contributorID: who delivers to GovData directly needs one",
            "dcatde:politicalGeocodingLevelURI: recommended",
            "dct:spatial: recommended",
            "dcat:keyword: recommended",
            "dcat:theme: recommended",
        }
    }


@pytest.mark.parametrize("licence", LICENCES)
def test_every_licence_is_allowed(real_site: Site, facts: Mapping[str, dcat.Facts], licence: str) -> None:
    graph = dcat.graph(described(real_site, licence=licence), facts)
    assert told(graph) == {}
    assert set(graph.objects(FILE, DCTERMS.license)) == {URIRef(f"http://dcat-ap.de/def/licenses/{licence}")}
    assert bool(list(graph.objects(FILE, DCATDE.licenseAttributionByText))) == LICENCES[licence].by


Break = Callable[[Graph], object]


def removed(subject: Node, predicate: URIRef) -> Break:
    return lambda graph: graph.remove((subject, predicate, None))


def replaced(subject: Node, predicate: URIRef, value: Node) -> Break:
    return lambda graph: graph.set((subject, predicate, value))


def added(subject: Node, predicate: URIRef, value: Node) -> Break:
    return lambda graph: graph.add((subject, predicate, value))


AREA = dcat.area_id("stateKey/05")
CATALOGUE = URIRef(f"{BASE}daten/#catalog")
CONTACT = URIRef(f"{BASE}daten/#contact")
SERVICE = URIRef(f"{BASE}daten/#service")
OPERATOR = URIRef(f"{BASE}#operator")
OTHER = URIRef("https://example.net/x")
DEPRECATED = (
    DCATDE.geocodingDescription,
    DCATDE.legalBasis,
    DCATDE.maintainer,
    DCATDE.originator,
    DCATDE.politicalGeocodingURI,
    DCATDE.qualityProcessURI,
    DCTERMS.hasVersion,
    DCTERMS.isVersionOf,
    OWL.versionInfo,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "severity", "message"),
    [
        (removed(CATALOGUE, DCTERMS.title), "Violation", "dct:title: at least one text"),
        (removed(CATALOGUE, DCTERMS.publisher), "Violation", "dct:publisher: exactly one foaf:Agent"),
        (replaced(CATALOGUE, DCAT.themeTaxonomy, OTHER), "Violation", "dcat:themeTaxonomy: the EU's data themes"),
        (added(CATALOGUE, DCAT.themeTaxonomy, Literal("Themen")), "Violation", "dcat:themeTaxonomy: the EU's data themes"),
        (added(CATALOGUE, DCAT.dataset, OTHER), "Violation", "dcat:dataset: a described dcat:Dataset"),
        (removed(DATASET, DCTERMS.description), "Violation", "dct:description: at least one text"),
        (added(DATASET, DCTERMS.publisher, OTHER), "Violation", "dct:publisher: exactly one foaf:Agent"),
        (replaced(DATASET, DCAT.contactPoint, OTHER), "Violation", "dcat:contactPoint: a vcard:Kind"),
        (replaced(DATASET, DCAT.theme, Literal("SOCI")), "Violation", "dcat:theme: of the EU's data themes"),
        (removed(DATASET, DCATDE.contributorID), "Warning", "dcatde:contributorID: who delivers to GovData directly needs one"),
        (replaced(DATASET, DCATDE.contributorID, Literal("openNRW")), "Violation", "dcatde:contributorID: of the list of GovData"),
        (removed(CATALOGUE, DCTERMS.spatial), "Warning", "dct:spatial: recommended"),
        (removed(AREA, RDF.type), "Violation", "dct:spatial: a described dct:Location, by list and key"),
        (replaced(DATASET, DCTERMS.spatial, dcat.area_id("stateKey/5")), "Violation", "dct:spatial: a described dct:Location, by list and key"),
        (removed(DATASET, DCTERMS.spatial), "Warning", "dct:spatial: recommended"),
        (removed(DATASET, DCATDE.politicalGeocodingLevelURI), "Warning", "dcatde:politicalGeocodingLevelURI: recommended"),
        (replaced(DATASET, GEODCATAP.originator, OTHER), "Violation", "geodcatap:originator: a foaf:Agent"),
        (replaced(DATASET, GEODCATAP.custodian, OTHER), "Violation", "geodcatap:custodian: a foaf:Agent"),
        (replaced(DATASET, DCAT.keyword, OTHER), "Violation", "dcat:keyword: a text"),
        (replaced(DATASET, DCTERMS.conformsTo, Literal("measures.schema.json")), "Violation", "dct:conformsTo: an address"),
        (replaced(DATASET, DCTERMS.modified, Literal("gestern")), "Violation", "dct:modified: one day"),
        (replaced(DATASET, DCTERMS.language, Literal("de")), "Violation", "dct:language: of the EU's list of languages"),
        (replaced(DATASET, DCATAP.availability, OTHER), "Violation", "dcatap:availability: of the EU's list"),
        (removed(DATASET, DCTERMS.identifier), "Violation", "dct:identifier: to find duplicates"),
        (removed(FILE, DCTERMS.license), "Violation", "dct:license: every distribution has one"),
        (replaced(FILE, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")), "Violation", "dct:license: of the list of DCAT-AP.de"),
        (removed(FILE, DCATDE.licenseAttributionByText), "Violation", "dcatde:licenseAttributionByText: whom to name, if the licence asks for it (K35)"),
        (replaced(FILE, DCATDE.licenseAttributionByText, OTHER), "Violation", "dcatde:licenseAttributionByText: a text"),
        (removed(FILE, DCAT.accessURL), "Violation", "dcat:accessURL: at least one address"),
        (replaced(FILE, DCAT.downloadURL, OTHER), "Violation", "dcat:downloadURL: a mere file has one address for both"),
        (replaced(FILE, DCTERMS.format, Literal("JSON")), "Violation", "dct:format: of the EU's file types"),
        (replaced(FILE, DCAT.mediaType, Literal("application/json")), "Violation", "dcat:mediaType: of IANA"),
        (replaced(FILE, DCAT.byteSize, Literal("1.5", datatype=XSD.decimal)), "Violation", "dcat:byteSize: a whole number"),
        (removed(URIRef(f"{BASE}api/v1/measures.json#checksum"), SPDX.checksumValue), "Violation", "spdx:checksumValue: hexadecimal digits"),
        (removed(OPERATOR, FOAF.name), "Violation", "foaf:name: at least one"),
        (replaced(OPERATOR, DCTERMS.type, OTHER), "Violation", "dct:type: of the list of ADMS"),
        (replaced(URIRef(f"{DATASET}-period"), DCAT.startDate, Literal("2099-01-01", datatype=XSD.date)), "Violation", "dcat:startDate: one day, not after dcat:endDate"),
        (removed(SERVICE, DCAT.endpointURL), "Violation", "dcat:endpointURL: at least one address"),
        (replaced(SERVICE, DCAT.endpointDescription, Literal("OpenAPI")), "Violation", "dcat:endpointDescription: an address"),
        (replaced(SERVICE, DCTERMS.description, OTHER), "Violation", "dct:description: a text"),
        (added(CONTACT, VCARD.fn, Literal("Redaktion")), "Violation", "vcard:fn: one text"),
        *((added(DATASET, given_up, OTHER), "Warning", "deprecated in 3.0") for given_up in DEPRECATED),
    ],
)  # fmt: skip
def test_what_breaks_the_standard_is_refused(graph: Graph, change: Break, severity: str, message: str) -> None:
    broken = Graph() + graph
    change(broken)
    assert message in told(broken).get(severity, set())


def test_contact_needs_a_way_to_reach(graph: Graph) -> None:
    broken = Graph() + graph
    broken.remove((CONTACT, VCARD.hasEmail, None))
    assert told(broken) == {}
    broken.remove((CONTACT, VCARD.hasURL, None))
    assert told(broken) == {"Violation": {"vcard:hasEmail or vcard:hasURL: as addresses"}}


def test_three_files_hold_one_graph(real_site: Site, facts: Mapping[str, dcat.Facts], graph: Graph) -> None:
    files = dict(dcat.files(described(real_site), facts))
    assert files.keys() == {"api/v1/catalog.rdf", "api/v1/catalog.ttl", "api/v1/catalog.jsonld"}
    for path, content in files.items():
        read = Graph().parse(data=content, format=downloads.CATALOGUE[path].media_type)
        assert isomorphic(read, graph), path
    assert not any(isinstance(node, BNode) for node in graph.all_nodes())


@pytest.mark.slow
def test_every_data_file_of_a_build_is_described_truly(real_site: Site, real_build: Path) -> None:
    """What the published catalogue says of a file is true of the file beside it, and of no other."""
    graph = Graph().parse(real_build / "api/v1/catalog.rdf", format="application/rdf+xml")
    assert told(graph).keys() <= {"Warning"}
    about = {downloads.INDEX, downloads.OPENAPI, downloads.VOCABULARY}
    listed = [d for d in downloads.downloads(real_site) if d.path not in about and d.format != "schema.json"]
    base = "https://wissensbasis.example.org/"
    nodes = {str(graph.value(d, DCAT.downloadURL)): d for d in graph.subjects(RDF.type, DCAT.Distribution)}
    assert nodes.keys() == {base + download.path for download in listed}
    for download in listed:
        node, content = nodes[base + download.path], (real_build / download.path).read_bytes()
        dataset = str(graph.value(predicate=DCAT.distribution, object=node))
        assert dataset.removeprefix(base) == dcat.dataset_id(real_site, download.kind).removeprefix(BASE)
        assert str(graph.value(node, DCAT.mediaType)).endswith(f"media-types/{download.media_type}")
        assert graph.value(node, DCAT.byteSize) == Literal(len(content), datatype=XSD.nonNegativeInteger)
        checksum = graph.value(node, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
    for schema in set(graph.objects(None, DCTERMS.conformsTo)):
        assert (real_build / str(schema).removeprefix(base)).is_file()


def test_figures_and_dates_are_those_of_the_records(real_site: Site, graph: Graph) -> None:
    measures = real_site.relations.all_measures
    assert f"({len(measures)})" in str(graph.value(DATASET, DCTERMS.description))
    assert len(list(graph.objects(CATALOGUE, DCAT.dataset))) == len(DATA_KINDS) + 1
    period = graph.value(DATASET, DCTERMS.temporal)
    years = sorted(m.period[:4] for m in measures if m.period and m.period[0] != ".")
    assert str(graph.value(period, DCAT.startDate))[:4] == years[0]
    # Without the history of git, nobody knows when the records came.
    assert graph.value(DATASET, DCTERMS.issued) is None


def test_git_tells_when_data_came_and_changed(real_site: Site, facts: Mapping[str, dcat.Facts]) -> None:
    first, last = real_site.relations.all_measures[:2]
    days = [datetime.datetime(2026, month, 1, tzinfo=datetime.UTC) for month in (1, 2, 3, 4)]
    history = {first.path: Change(days[1], days[2]), last.path: Change(days[0], days[3])}
    graph = dcat.graph(described(dataclasses.replace(real_site, history=history)), facts)
    for node in (DATASET, CATALOGUE):
        assert str(graph.value(node, DCTERMS.issued)) == "2026-01-01"
        assert str(graph.value(node, DCTERMS.modified)) == "2026-04-01"
    assert str(graph.value(FILE, DCTERMS.modified)) == "2026-04-01"
    assert told(graph) == {}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_bytes_do_not_hang_on_the_order_of_sets(small_site: Site, seed: str, tmp_path: Path) -> None:
    """Two builds of one commit are the same; Python orders sets anew in each process."""
    facts = {download.path: dcat.Facts(1, "00") for download in downloads.downloads(small_site)}
    here = b"".join(content for _, content in dcat.files(small_site, facts))
    script = tmp_path / "written.py"
    script.write_text(
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from conftest import BASE, site_of\n"
        "from catalog import dcat, downloads\n"
        "site = site_of(BASE)\n"
        "facts = {download.path: dcat.Facts(1, '00') for download in downloads.downloads(site)}\n"
        "for _, content in dcat.files(site, facts):\n"
        "    sys.stdout.buffer.write(content)\n"
    )
    command = [sys.executable, str(script)]
    there = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
    assert there == here
