"""Which data files a build publishes: the one list from which they are made, shown, described and allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.model import KINDS
from catalog.site import Site

DATA_FOLDER = "api/v1"
DATA_KINDS = tuple(kind for kind in KINDS if kind != "page")
_PLURALS = {"category": "categories"}

# The measures as tables, by format.
TABLES = {"csv": "massnahmen/massnahmen.csv", "xlsx": "massnahmen/massnahmen.xlsx"}

INDEX = f"{DATA_FOLDER}/index.json"
OPENAPI = f"{DATA_FOLDER}/openapi.json"
VOCABULARY = f"{DATA_FOLDER}/vocabulary.json"
ARCHIVE = f"{DATA_FOLDER}/wissensbasis.zip"


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which data are published.

    Attributes:
        ending: of its files, without the first dot.
        name: what readers see.
        media_type: what servers send with it.
        known: whether servers know that by the ending; if not, they are told.
    """

    ending: str
    name: str
    media_type: str
    known: bool = True

    @property
    def short(self) -> str:
        """Its name beside the name of a file."""
        return {"xlsx": "XLSX", "jsonl": "JSONL", "schema.json": "JSON Schema"}.get(self.ending, self.name)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        found.ending: found
        for found in (
            Format("csv", "CSV", "text/csv"),
            Format("xlsx", "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Format("json", "JSON", "application/json"),
            Format("jsonl", "JSON Lines", "application/jsonl", known=False),
            Format("parquet", "Parquet", "application/vnd.apache.parquet", known=False),
            # A type of its own would need a rule of its own on every server; what it is stands in the file.
            Format("schema.json", "JSON Schema", "application/json"),
            Format("zip", "ZIP", "application/zip"),
        )
    }
)
# The catalogue of all files for portals: path on the site -> syntax. ``dcat`` writes it.
CATALOGUE: Mapping[str, Format] = MappingProxyType(
    {
        f"{DATA_FOLDER}/catalog.{found.ending}": found
        for found in (
            Format("rdf", "RDF/XML", "application/rdf+xml", known=False),
            Format("ttl", "Turtle", "text/turtle", known=False),
            Format("jsonld", "JSON-LD", "application/ld+json", known=False),
        )
    }
)
# In which of them each kind of record is published.
OF_KINDS = ("csv", "xlsx", "json", "jsonl", "parquet", "schema.json")


@dataclass(frozen=True, slots=True)
class Download:
    """A data file on the site.

    Attributes:
        path: its address on the site.
        title: what is in it and in which form, in German.
        media_type: what servers send with it.
        format: its key in ``FORMATS``.
        kind: of the records inside; empty if the file is about the whole site.
    """

    path: str
    title: str
    media_type: str
    format: str
    kind: str = ""


def downloads(site: Site) -> tuple[Download, ...]:
    """Every data file that a build of the site publishes, those about the whole site first."""
    return (*_whole(), *(download for kind in DATA_KINDS for download in _of_kind(kind)))


def of_kinds() -> frozenset[str]:
    """Where the records of all kinds stand in these formats."""
    return frozenset(path(kind, ending) for kind in DATA_KINDS for ending in OF_KINDS)


def data_file(kind: str) -> str:
    """Where the data of a kind of record stands on the site."""
    return f"{DATA_FOLDER}/{_PLURALS.get(kind, f'{kind}s')}.json"


def path(kind: str, ending: str) -> str:
    """Where the records of a kind stand on the site in one of the formats of ``OF_KINDS``."""
    return data_file(kind).removesuffix("json") + ending


def _whole() -> Iterator[Download]:
    yield _download(ARCHIVE, "Alle Daten in einer Datei", "zip")
    yield _download(INDEX, "Verzeichnis der Dateien", "json")
    yield _download(OPENAPI, "Beschreibung aller Dateien nach OpenAPI", "json")
    yield _download(VOCABULARY, "Erlaubte Werte mit ihren Bedeutungen", "json")


def _of_kind(kind: str) -> Iterator[Download]:
    title = KINDS[kind].label[1]
    for ending in OF_KINDS:
        yield _download(path(kind, ending), title, ending, kind)
    if kind == "measure":
        for ending, table in TABLES.items():
            yield _download(table, f"{title} wie in der Liste der Website", ending, kind)


def _download(path: str, title: str, ending: str, kind: str = "") -> Download:
    form = FORMATS[ending]
    return Download(path, f"{title} ({form.short})", form.media_type, ending, kind)
