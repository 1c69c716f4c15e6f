"""JSON Schema: for front matter, so that editors are helped while they type, and for the data files.

Both are derived from the model and the vocabulary; nothing is listed twice.
``scripts/schema.py`` writes the schemas for editors to ``docs/schema/``, and the
test suite compares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from catalog.model import KINDS, Other, Record, kept_in
from catalog.naming import ID
from catalog.vocabulary import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "docs/schema"
Schema = dict[str, Any]


def editor_schemas(vocabulary: Vocabulary) -> dict[str, str]:
    """File below ``docs/schema/`` -> its text, for every kind of record."""
    schemas = {f"{cls.kind}.json": front_matter(cls, vocabulary) for cls in KINDS.values() if cls is not Other}
    schemas["others.json"] = others(vocabulary)
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas.items()}


def front_matter(cls: type[Record], vocabulary: Vocabulary) -> Schema:
    """What the front matter of a record of ``cls`` may say."""

    def allowed(name: str) -> Schema:
        terms = vocabulary[name]
        return {"enum": list(terms), "markdownEnumDescriptions": [f"{t.label}: {t.definition}" for t in terms.values()]}

    def named(kinds: list[str]) -> Schema:
        return {"description": f"Kennung aus {kept_in(kinds)}."}

    schema = _walk(cls.model_json_schema(), allowed, named)
    schema.pop("description", None)  # the class's docstring, which is English
    return {"$schema": DIALECT, "title": cls.label[0], **{k: v for k, v in schema.items() if k != "title"}}


def others(vocabulary: Vocabulary) -> Schema:
    """What ``partners/others.yml`` may say: an organisation under each id."""
    entry = front_matter(Other, vocabulary)
    del entry["$schema"]
    defs = {"$defs": entry.pop("$defs")} if "$defs" in entry else {}
    pattern = {f"^{ID.pattern}$": entry}
    return {
        "$schema": DIALECT,
        "title": Other.label[1],
        "type": "object",
        "patternProperties": pattern,
        "additionalProperties": False,
        **defs,
    }


def data_file(cls: type[Record]) -> Schema:
    """The shape of a data file such as ``api/v1/measures.json``."""
    item = _walk(
        cls.model_json_schema(mode="serialization"),
        lambda name: {"$ref": "#/$defs/Term"},
        lambda kinds: {"$ref": "#/$defs/Link"},
    )
    defs = {**item.pop("$defs", {}), "Term": _TERM, "Link": _LINK}
    item["properties"] = {**common(cls), **item["properties"]}
    for part in (item, *defs.values()):
        part.pop("description", None)
        part["required"] = list(part["properties"])  # what a record does not say is null, empty or false
    return {
        "$schema": DIALECT,
        "title": cls.label[1],
        "type": "object",
        "properties": {
            "schema_version": {"type": "string"},
            "total": {"type": "integer", "minimum": 0},
            "items": {"type": "array", "items": item},
        },
        "required": ["schema_version", "total", "items"],
        "additionalProperties": False,
        "$defs": defs,
    }


_TERM: Schema = {
    "type": "object",
    "properties": {"key": {"type": "string"}, "label": {"type": "string"}},
    "required": ["key", "label"],
    "additionalProperties": False,
}
_LINK: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "kind": {"type": "string"},
        "title": {"type": "string"},
        "url": {"type": "string"},
    },
    "required": ["id", "kind", "title", "url"],
    "additionalProperties": False,
}
_COMMON: Schema = {
    "id": {
        "type": "string",
        "pattern": f"^{ID.pattern}(?:/{ID.pattern})?$",
        "title": "Kennung",
        "description": "Bleibender Name des Eintrags, eindeutig unter allen dieser Art.",
    },
    "url": {"type": "string", "title": "Seite", "description": "Adresse der Seite auf der Website."},
    "file": {"type": "string", "title": "Datei", "description": "Datei des Eintrags in der Sammlung der Datensätze."},
    "text": {"type": "string", "title": "Text", "description": "Der Text der Seite in Markdown."},
}
_PARTNER: Schema = {
    "title": "Partner",
    "description": "Organisation, die die Maßnahme trägt.",
    "$ref": "#/$defs/Link",
}


def common(cls: type[Record]) -> Schema:
    """What the data say of every record of this kind besides its fields: name -> its schema."""
    return {**_COMMON, "partner": _PARTNER} if cls.kind == "measure" else _COMMON


def _walk(node: Any, term: Callable[[str], Schema], link: Callable[[list[str]], Schema]) -> Any:
    """Replace the marks that ``fields`` left in a schema by what they stand for there."""
    if isinstance(node, list):
        return [_walk(item, term, link) for item in node]
    if not isinstance(node, Mapping):
        return node
    for mark, replace in (("x-vocabulary", term), ("x-refers-to", link)):
        if mark in node:
            said = {key: value for key, value in node.items() if key != mark}
            meant = replace(node[mark])
            return _reference(said, meant) if "$ref" in meant else {**said, **meant, **_both(said, meant)}
    return {key: _walk(value, term, link) for key, value in node.items() if value is not None or key != "default"}


def _both(said: Schema, meant: Schema) -> Schema:
    """What both describe, one after the other."""
    texts = [schema["description"] for schema in (said, meant) if "description" in schema]
    return {"description": " ".join(texts)} if texts else {}


def _reference(said: Schema, meant: Schema) -> Schema:
    """A ``$ref`` in place of a string, with the field's title kept; an optional field stays optional."""
    kept: Schema = {key: said[key] for key in ("title", "description") if key in said}
    return {**kept, "anyOf": [meant, {"type": "null"}]} if "anyOf" in said else {**kept, **meant}
