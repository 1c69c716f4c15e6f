"""The catalogue of the data files for portals, in DCAT-AP.de 3.0: ``api/v1/catalog.rdf``, ``.ttl`` and ``.jsonld``.

One dataset for the whole site and one for each kind of record; each file is a distribution. What portals ask for
beyond the records stands in ``open_data``. Every node has an address of its own on the page of the data, so that
nothing depends on the order in which RDF is written, and the three files hold the same graph.

Where a rule of the standard decides, its number in the "Konventionenhandbuch" is named (K31: licences).
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from catalog import downloads, wording
from catalog.dates import Span, parse
from catalog.downloads import DATA_KINDS, Download
from catalog.model import KINDS, Record
from catalog.site import Site

# Where people find the same files.
PAGE = "daten/"
# rdflib's name of a syntax, by the type of the file.
_SYNTAXES: Mapping[str, str] = MappingProxyType(
    {"application/rdf+xml": "xml", "text/turtle": "turtle", "application/ld+json": "json-ld"}
)

_ADMS = Namespace("http://www.w3.org/ns/adms#")
_DCATAP = Namespace("http://data.europa.eu/r5r/")
_DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
_GEODCATAP = Namespace("http://data.europa.eu/930/")
_GERMAN = Namespace("http://dcat-ap.de/def/")
_EU = Namespace("http://publications.europa.eu/resource/authority/")
_IANA = Namespace("https://www.iana.org/assignments/media-types/")
_PUBLISHER = Namespace("http://purl.org/adms/publishertype/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_PREFIXES = MappingProxyType(
    {"adms": _ADMS, "dcat": DCAT, "dcatap": _DCATAP, "dcatde": _DCATDE, "dct": DCTERMS, "foaf": FOAF,
     "geodcatap": _GEODCATAP, "spdx": _SPDX, "vcard": _VCARD}
)  # fmt: skip

# K32: the EU's list of file types knows no JSON Lines, which is plain text with a JSON value in each line.
_FILE_TYPES: Mapping[str, str] = MappingProxyType(
    {"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "jsonl": "TXT", "parquet": "PARQUET", "zip": "ZIP"}
)
# Files about the data, which hold none.
_ABOUT = (downloads.INDEX, downloads.OPENAPI, downloads.VOCABULARY)
_READ_BY_SCHEMA = frozenset({"json", "jsonl"})

# A node's properties: those with nothing are left out, those with several values have a list of them.
Said = Mapping[URIRef, Node | Iterable[Node] | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a file besides its address: its size in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Facts:
        """The facts of a file with this content."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


def files(site: Site, made: Mapping[str, Facts]) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of the catalogue in each syntax.

    Args:
        site: the whole site.
        made: path on the site -> facts, of the files of data.
    """
    described = graph(site, made)
    for path, form in downloads.CATALOGUE.items():
        syntax = _SYNTAXES[form.media_type]
        if syntax == "json-ld":  # which rdflib writes in the order of a set
            found = json.loads(described.serialize(format=syntax, auto_compact=True))
            text = json.dumps(_in_order(found), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        else:
            text = described.serialize(format=syntax)
        yield path, text.encode()


def _in_order(value: Any) -> Any:
    """The same JSON-LD with its lists, which mean sets, in an order of their own."""
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return {key: _in_order(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def graph(site: Site, made: Mapping[str, Facts]) -> Graph:
    """The catalogue as RDF; for the arguments see ``files``."""
    found = Graph("SimpleMemory", bind_namespaces="none")  # which keeps the order of what is put in
    for prefix, namespace in _PREFIXES.items():
        found.bind(prefix, namespace)
    dates = {kind: _dates(site, kind) for kind in ("", *DATA_KINDS)}
    _Writer(site, made, dates, found).catalogue()
    return found


def dataset_id(site: Site, kind: str = "") -> str:
    """The address of a dataset as a thing: of the records of a kind, or of the whole."""
    return site.at(f"{PAGE}#{'-'.join(filter(None, ('dataset', kind)))}")


def catalogue_id(site: Site) -> str:
    """The address of the catalogue as a thing."""
    return site.at(f"{PAGE}#catalog")


def operator_id(site: Site) -> str:
    """The address of the operator as a thing."""
    return site.at("#operator")


def area_id(key: str) -> URIRef:
    """The address of an area in the lists of DCAT-AP.de, given list and key: ``stateKey/05``."""
    return _GERMAN[f"politicalGeocoding/{key}"]


def title(site: Site, kind: str = "") -> str:
    """The title of a dataset, which has to speak for itself among thousands of others."""
    return f"{KINDS[kind].label[1]} ({site.name})" if kind else f"{site.name}: alle Daten"


def description(site: Site, kind: str = "") -> str:
    """What is in a dataset."""
    counts = {k: len(site.catalog.of(k)) for k in DATA_KINDS}
    if kind:
        amount = wording.number(counts[kind])
        return f"Alle Einträge der Art „{KINDS[kind].label[0]}“ ({amount}) mit ihren Feldern, Verweisen und Belegen."
    listed = wording.enumeration([f"{KINDS[k].label[1]} ({wording.number(amount)})" for k, amount in counts.items()])
    return f"Alle Einträge der {site.name}, zusammengestellt aus öffentlichen Dokumenten: {listed}."


def covered(records: Iterable[Record]) -> Span | None:
    """The time from the earliest to the latest that the records are about; ``None`` if none says when."""
    texts = [text for r in records if (text := getattr(r, "period", None) or getattr(r, "date", None))]
    spans = [parse(text) for text in texts]
    starts = [span.start for span in spans if span.start]
    ends = [end for span in spans if (end := span.end or span.start)]
    return Span(min(starts), max(ends, key=lambda end: end.last_day)) if starts and ends else None


def distributions(site: Site) -> Mapping[str, tuple[Download, ...]]:
    """The files of each dataset, by kind of record; that of the whole under an empty name."""
    found: dict[str, tuple[Download, ...]] = dict.fromkeys(("", *DATA_KINDS), ())
    for download in downloads.downloads(site):
        if download.path not in _ABOUT and download.format in _FILE_TYPES:
            found[download.kind] += (download,)
    return found


def records(site: Site, kind: str) -> tuple[Record, ...]:
    """The records of a dataset."""
    return tuple(site.catalog.of(kind).values()) if kind else tuple(r for k in DATA_KINDS for r in records(site, k))


def _dates(site: Site, kind: str) -> Said:
    """When the records of a dataset came, as far as git tells, and when they last changed."""
    found = records(site, kind)
    added = [site.history[record.path].added for record in found if record.path in site.history]
    changed = [change.changed for record in found if (change := site.changes(record))]
    return {
        DCTERMS.issued: _day(min(added).date()) if added else None,
        DCTERMS.modified: _day(max(changed).date()) if changed else None,
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts the catalogue into a graph, node by node."""

    site: Site
    made: Mapping[str, Facts]
    dates: Mapping[str, Said]
    graph: Graph

    def catalogue(self) -> None:
        site = self.site
        by_kind = distributions(site)
        self._operator()
        said: Said = {
            DCTERMS.title: _german(site.name),
            DCTERMS.description: _german(f"Offene Daten der {site.name}, als Dateien ohne Anmeldung."),
            DCTERMS.publisher: self._agent,
            DCTERMS.language: _EU["language/DEU"],
            DCTERMS.license: self._licence,
            DCTERMS.spatial: self._area,
            FOAF.homepage: URIRef(site.at(PAGE)),
            DCAT.themeTaxonomy: _EU["data-theme"],
            _DCATAP.availability: _EU["planned-availability/AVAILABLE"],
            **self.dates[""],
            DCAT.service: self._service,
            DCAT.dataset: [URIRef(dataset_id(site, kind)) for kind in by_kind],
        }
        self._node(URIRef(catalogue_id(site)), DCAT.Catalog, said)
        self._data_service(by_kind)
        for kind, found in by_kind.items():
            self._dataset(kind, found)

    def _dataset(self, kind: str, found: Iterable[Download]) -> None:
        site, settings = self.site, self.site.open_data
        level, contributor = settings.political_geocoding_level, settings.contributor_id
        node = URIRef(dataset_id(site, kind))
        words = dict.fromkeys((*([KINDS[kind].label[1]] if kind else []), *settings.keywords))
        said: Said = {
            DCTERMS.title: _german(title(site, kind)),
            DCTERMS.description: _german(description(site, kind)),
            DCTERMS.identifier: Literal(str(node)),
            DCTERMS.publisher: self._agent,  # K36: who decided on the rights of use
            _GEODCATAP.originator: self._agent,  # which replaces dcatde:originator in 3.0
            _GEODCATAP.custodian: self._agent,  # and this dcatde:maintainer
            DCAT.contactPoint: self._contact,
            _DCATDE.contributorID: _GERMAN[f"contributors/{contributor}"] if contributor else None,  # K12, K13
            _DCATDE.politicalGeocodingLevelURI: _GERMAN[f"politicalGeocoding/Level/{level}"] if level else None,
            DCTERMS.spatial: self._area,  # K11, without dcatde:politicalGeocodingURI, which 3.0 deprecates
            DCTERMS.temporal: self._period(kind),
            DCAT.theme: [_EU[f"data-theme/{theme}"] for theme in settings.themes],  # K30
            DCAT.keyword: [_german(word) for word in words],
            DCTERMS.language: _EU["language/DEU"],
            DCTERMS.accessRights: _EU["access-right/PUBLIC"],
            DCTERMS.accrualPeriodicity: _EU["frequency/IRREG"],
            **self.dates[kind],
            DCAT.landingPage: URIRef(site.at(PAGE)),
            FOAF.page: URIRef(site.at(downloads.VOCABULARY)),
            _DCATAP.availability: _EU["planned-availability/AVAILABLE"],
            DCTERMS.conformsTo: self._schema(kind),
            DCAT.distribution: [self._distribution(download) for download in found],
        }
        self._node(node, DCAT.Dataset, said)

    def _distribution(self, download: Download) -> URIRef:
        file, facts = URIRef(self.site.at(download.path)), self.made[download.path]
        said: Said = {
            DCTERMS.title: _german(download.title),
            DCAT.accessURL: file,  # K39: a file that can only be downloaded has one address for both
            DCAT.downloadURL: file,
            DCTERMS.format: _EU[f"file-type/{_FILE_TYPES[download.format]}"],
            DCAT.mediaType: _IANA[download.media_type],
            DCTERMS.license: self._licence,  # K31
            _DCATDE.licenseAttributionByText: _german(self.site.operator.name) if self.site.licence.by else None,  # K35
            _DCATAP.availability: _EU["planned-availability/AVAILABLE"],
            _ADMS.status: _EU["distribution-status/COMPLETED"],
            DCTERMS.language: _EU["language/DEU"],
            DCTERMS.modified: self.dates[download.kind][DCTERMS.modified],
            DCTERMS.conformsTo: self._schema(download.kind) if download.format in _READ_BY_SCHEMA else None,
            DCAT.accessService: self._service,
            DCAT.byteSize: Literal(facts.size, datatype=XSD.nonNegativeInteger),
            _SPDX.checksum: self._checksum(file, facts),
        }
        return self._node(file + "#distribution", DCAT.Distribution, said)

    def _checksum(self, file: URIRef, facts: Facts) -> URIRef:
        said: Said = {
            _SPDX.algorithm: _SPDX.checksumAlgorithm_sha256,
            _SPDX.checksumValue: Literal(facts.sha256, datatype=XSD.hexBinary),
        }
        return self._node(file + "#checksum", _SPDX.Checksum, said)

    def _data_service(self, kinds: Iterable[str]) -> None:
        """The files together: an index that leads to all of them, and their description after OpenAPI."""
        site = self.site
        said: Said = {
            DCTERMS.title: _german(f"Datenschnittstelle der {site.name}"),
            DCTERMS.description: _german("Alle Dateien unter festen Adressen, nur zum Lesen, ohne Anmeldung."),
            DCTERMS.publisher: self._agent,
            DCTERMS.license: self._licence,
            DCTERMS.accessRights: _EU["access-right/PUBLIC"],
            DCAT.contactPoint: self._contact,
            DCAT.endpointURL: URIRef(site.at(downloads.INDEX)),
            DCAT.endpointDescription: URIRef(site.at(downloads.OPENAPI)),
            DCAT.servesDataset: [URIRef(dataset_id(site, kind)) for kind in kinds],
            _DCATAP.availability: _EU["planned-availability/AVAILABLE"],
        }
        self._node(self._service, DCAT.DataService, said)

    def _operator(self) -> None:
        """Who answers for the data, and how to reach them (K01)."""
        site, kind = self.site, self.site.open_data.publisher_type
        named: Said = {FOAF.name: _german(site.operator.name), DCTERMS.type: _PUBLISHER[kind] if kind else None}
        self._node(self._agent, FOAF.Agent, named)
        reached: Said = {
            _VCARD.fn: _german(site.operator.name),
            _VCARD.hasEmail: URIRef(f"mailto:{site.operator.email}"),
            _VCARD.hasURL: URIRef(site.at("rechtliches/impressum/")),
        }
        self._node(self._contact, _VCARD.Organization, reached)
        self.graph.add((self._contact, RDF.type, _VCARD.Kind))
        if self._area:
            self.graph.add((self._area, RDF.type, DCTERMS.Location))

    def _period(self, kind: str) -> URIRef | None:
        span = covered(records(self.site, kind))
        if span is None or span.start is None or span.end is None:
            return None
        said: Said = {DCAT.startDate: _day(span.start.first_day), DCAT.endDate: _day(span.end.last_day)}
        return self._node(URIRef(dataset_id(self.site, kind) + "-period"), DCTERMS.PeriodOfTime, said)

    def _schema(self, kind: str) -> URIRef | None:
        return URIRef(self.site.at(downloads.path(kind, "schema.json"))) if kind else None

    @property
    def _agent(self) -> URIRef:
        return URIRef(operator_id(self.site))

    @property
    def _contact(self) -> URIRef:
        return URIRef(self.site.at(f"{PAGE}#contact"))

    @property
    def _service(self) -> URIRef:
        return URIRef(self.site.at(f"{PAGE}#service"))

    @property
    def _licence(self) -> URIRef:
        return _GERMAN[f"licenses/{self.site.open_data.licence}"]

    @property
    def _area(self) -> URIRef | None:
        key = self.site.open_data.political_geocoding
        return area_id(key) if key else None

    def _node(self, node: URIRef, kind: URIRef, said: Said) -> URIRef:
        self.graph.add((node, RDF.type, kind))
        for predicate, values in said.items():
            for value in [values] if isinstance(values, Node) else values or ():
                self.graph.add((node, predicate, value))
        return node


def _german(text: str) -> Literal:
    return Literal(text, lang="de")


def _day(day: datetime.date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)
