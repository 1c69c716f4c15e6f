"""A description of all data files after OpenAPI 3.1, so that programs know what they get without asking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog import downloads, schema
from catalog.downloads import DATA_KINDS, Download
from catalog.model import KINDS, Record
from catalog.site import Site

_DESCRIPTION = (
    "Alle Einträge der Wissensbasis als Dateien. Jede wird mit GET geholt, ohne Anmeldung, Schlüssel und Parameter. "
    "Die Daten ändern sich nur, wenn die Website neu gebaut wird. Solange die erste Zahl der Version gleich bleibt, "
    "kommen Dateien und Felder hinzu, aber keine fallen weg."
)
_PLACE = "#/components/schemas/"
_ADDRESS = {"type": "string", "description": "Vollständige Adresse."}
_VERSION = {"type": "string", "description": "Version der Formate."}


def description(site: Site, version: str) -> dict[str, Any]:
    """The description as data.

    Args:
        site: the whole site.
        version: of the formats.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Daten: {site.name}",
            "version": version,
            "description": _DESCRIPTION,
            "license": {"name": site.licence.name, "url": site.licence.url},
        },
        "servers": [{"url": site.url.rstrip("/") or "/", "description": site.name}],
        "tags": [
            {"name": "alle", "description": "Dateien über die ganze Website"},
            *({"name": kind, "description": KINDS[kind].label[1]} for kind in DATA_KINDS),
        ],
        "paths": {f"/{download.path}": {"get": _operation(download)} for download in downloads.downloads(site)},
        "components": {"schemas": dict(schemas())},
    }


def _operation(download: Download) -> dict[str, Any]:
    return {
        "operationId": download.path.rpartition("/")[2].replace(".", "_"),
        "summary": download.title,
        "tags": [download.kind or "alle"],
        "responses": {"200": {"description": download.title, "content": {download.media_type: _content(download)}}},
    }


def _content(download: Download) -> dict[str, Any]:
    """What comes: for JSON its shape, for texts that they are such, for the others nothing more than the media type."""
    if download.format == "json":
        own = {downloads.INDEX: "Index", downloads.VOCABULARY: "Vocabulary", downloads.OPENAPI: "OpenApi"}
        name = own.get(download.path) or _list_name(KINDS[download.kind])
        return {"schema": {"$ref": f"{_PLACE}{name}"}}
    if download.format == "schema.json":
        return {"schema": {"type": "object", "description": "Ein JSON Schema nach Draft 2020-12."}}
    if download.format == "jsonl":
        line = f"Auf jeder Zeile ein Eintrag der Form {_PLACE}{KINDS[download.kind].__name__}."
        return {"schema": {"type": "string", "description": line}}
    if download.format == "csv":
        form = "UTF-8 mit Byte Order Mark, Semikolon als Trennzeichen, die erste Zeile nennt die Spalten."
        return {"schema": {"type": "string", "description": form}}
    return {}


def schemas() -> Iterator[tuple[str, Any]]:
    """(name, schema) of all that JSON files hold; parts that several kinds share come with each and are the same."""
    yield from (("Index", _INDEX), ("Vocabulary", _VOCABULARY), ("OpenApi", {"type": "object"}))
    for kind in DATA_KINDS:
        cls = KINDS[kind]
        whole = _moved(schema.data_file(cls))
        parts, items = whole.pop("$defs"), whole["properties"]["items"]
        yield cls.__name__, items["items"]
        items["items"] = {"$ref": f"{_PLACE}{cls.__name__}"}
        del whole["$schema"]
        yield _list_name(cls), whole
        yield from parts.items()


def _list_name(cls: type[Record]) -> str:
    return f"{cls.__name__}List"


def _moved(node: Any) -> Any:
    """The schema with references to where its parts stand in this description."""
    if isinstance(node, list):
        return [_moved(each) for each in node]
    if not isinstance(node, dict):
        return node
    moved = {key: _moved(value) for key, value in node.items()}
    if isinstance(reference := moved.get("$ref"), str):
        moved["$ref"] = reference.replace("#/$defs/", _PLACE)
    return moved


def _object(**properties: Any) -> dict[str, Any]:
    """An object that always has these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT = {"type": "string"}
_TOTAL = {"type": "integer", "minimum": 0}
_VOCABULARY = _object(
    schema_version=_VERSION,
    total=_TOTAL,
    items={
        "type": "object",
        "description": "Name der Liste und ihre Werte.",
        "additionalProperties": {"type": "array", "items": _object(key=_TEXT, label=_TEXT, definition=_TEXT)},
    },
)
_INDEX = _object(
    schema_version=_VERSION,
    title=_TEXT,
    url=_ADDRESS,
    licence=_ADDRESS,
    files={"type": "array", "items": _object(kind=_TEXT, title=_TEXT, total=_TOTAL, url=_ADDRESS, schema=_ADDRESS)},
    vocabulary=_ADDRESS,
    downloads={
        "type": "array",
        "items": _object(url=_ADDRESS, title=_TEXT, media_type=_TEXT, format=_TEXT, kind=_TEXT),
    },
)
