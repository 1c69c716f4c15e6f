#!/usr/bin/env python3
"""Hold the published data formats to their version: every one stays described in tests/cases/formats/.

A version promises files, fields, their types and which of them are always there. With --check this
fails when today's formats are not those of SCHEMA_VERSION (hooks/catalog/export.py); without, it
writes the description of a new version. What is described once is never described anew, unless
--unpublished says that no site has published that version yet.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from project import ROOT, keep_in_step  # first: completes sys.path

import changed
from catalog import columnar, downloads, export, flat, openapi, schema, tables
from catalog.downloads import DATA_FOLDER, DATA_KINDS, TABLES
from catalog.editing.comment import Change
from catalog.model import KINDS

FOLDER = "tests/cases/formats"
SCRIPT = "scripts/formats.py"
# Marks a field that is there in every item.
ALWAYS = "!"

Fields = dict[str, str]
Formats = dict[str, Fields]
Version = tuple[int, int]


def main() -> int:
    """Compare or write; the exit status is 1 if the version promises something else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if something is to be done")
    parser.add_argument(
        "--unpublished",
        action="store_true",
        help="describe the newest version anew: no site has published it yet",
    )
    parser.add_argument(
        "--since", metavar="REV", help="only say whether a description has changed that this branch or commit holds"
    )
    arguments = parser.parse_args()

    if arguments.since:
        overwritten = list(rewritten(changed.since(arguments.since)))
        print("\n".join(overwritten), end="\n" if overwritten else "", file=sys.stderr)
        return int(bool(overwritten))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / FOLDER).glob("*.json")}
    if altered := list(tampered(texts)):
        print("\n".join(altered), file=sys.stderr)
        return 1
    history = {numbers(name): json.loads(text)["files"] for name, text in texts.items()}
    version = numbers(export.SCHEMA_VERSION)
    if arguments.unpublished and history and version == max(history):
        texts.pop(export.SCHEMA_VERSION)
        del history[version]
    formats = today()
    if wrong := verdict(version, formats, history):
        print(wrong, file=sys.stderr)
        return 1
    texts.setdefault(export.SCHEMA_VERSION, written(export.SCHEMA_VERSION, formats, texts))
    return keep_in_step({f"{FOLDER}/{name}.json": text for name, text in texts.items()}, [FOLDER], arguments.check)


def today() -> Formats:
    """What the generator publishes now: file -> its fields with their types."""
    schemas = dict(openapi.schemas())
    found = {
        downloads.ARCHIVE: {},
        downloads.OPENAPI: {},
        downloads.INDEX: dict(_in_schema(schemas["Index"], {})),
        downloads.VOCABULARY: dict(_in_schema(schemas["Vocabulary"], {})),
        **{table: dict.fromkeys(tables.HEAD, "text!") for table in TABLES.values()},
    }
    for kind in DATA_KINDS:
        cls = KINDS[kind]
        whole = schema.data_file(cls)
        columns = {column.name: column.shape.type + ALWAYS for column in flat.columns(cls)}
        found |= {
            downloads.path(kind, "json"): dict(_in_schema(whole, whole["$defs"])),
            downloads.path(kind, "jsonl"): dict(_in_schema(whole["properties"]["items"]["items"], whole["$defs"])),
            downloads.path(kind, "csv"): columns,
            downloads.path(kind, "xlsx"): columns,
            downloads.path(kind, "parquet"): dict(_in_arrow(columnar.columns(cls))),
            downloads.path(kind, "schema.json"): {},
        }
    return found


def _in_schema(node: Mapping[str, Any], parts: Mapping[str, Any], way: str = "") -> Iterator[tuple[str, str]]:
    """(way to a value, its types) of all that a JSON Schema describes below the node."""
    for inner in _alternatives(node, parts):
        if "items" in inner:
            yield from _in_schema(inner["items"], parts, f"{way}[]")
        named = {**inner.get("properties", {})}
        if isinstance(others := inner.get("additionalProperties"), Mapping):
            named["*"] = others
        for key, child in named.items():
            place = f"{way}.{key}".removeprefix(".")
            yield place, _types(child, parts) + (ALWAYS if key in inner.get("required", ()) else "")
            yield from _in_schema(child, parts, place)


def _types(node: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """What a value may be: ``null|string``, ``array<object>``."""
    found = []
    for each in _alternatives(node, parts):
        inner = f"<{_types(each['items'], parts)}>" if "items" in each else ""
        found.append(f"{each.get('type')}{inner}")
    return "|".join(sorted(found))


def _alternatives(node: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a value may be, references followed; a list of types is one each."""
    if "$ref" in node:
        yield from _alternatives(parts[node["$ref"].rpartition("/")[2]], parts)
    elif "anyOf" in node:
        for each in node["anyOf"]:
            yield from _alternatives(each, parts)
    elif isinstance(node.get("type"), list):
        for each in node["type"]:
            yield {**node, "type": each}
    else:
        yield node


def _in_arrow(fields: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """(way to a column, its type) of all columns, nested ones too."""
    for field in fields:
        place = f"{way}.{field.name}".removeprefix(".")
        inner = getattr(field.type, "value_type", field.type)
        listed, nested = inner is not field.type, inner.num_fields > 0
        name = "struct" if nested else str(inner)
        yield place, (f"list<{name}>" if listed else name) + ("" if field.nullable else ALWAYS)
        if nested:
            yield from _in_arrow(inner, f"{place}[]" if listed else place)


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two versions, in sentences.

    Attributes:
        breaking: what programs that read the former one do not survive.
        other: what they do not notice.
    """

    breaking: tuple[str, ...]
    other: tuple[str, ...]


def changes(before: Formats, after: Formats) -> Changes:
    """What differs between two descriptions."""
    breaking, other = [], []
    for file in sorted({*before, *after}):
        if file not in after:
            breaking.append(f"{file}: the file is gone")
            continue
        if file not in before:
            other.append(f"{file}: the file is new")
            continue
        for field in sorted({*before[file], *after[file]}):
            said = _difference(before[file].get(field), after[file].get(field))
            if said:
                (breaking if said[0] else other).append(f"{file}: {field} {said[1]}")
    return Changes(tuple(breaking), tuple(other))


def _difference(before: str | None, after: str | None) -> tuple[bool, str] | None:
    """(whether it breaks readers, in words) what happened to a field; ``None`` if nothing did."""
    if before == after:
        return None
    if before is None:
        return False, f"is new ({after})"
    if after is None:
        return True, "is gone; a new name counts as gone, too"
    narrower = set(after.rstrip(ALWAYS).split("|")) <= set(before.rstrip(ALWAYS).split("|"))
    breaks = not narrower or (before.endswith(ALWAYS) and not after.endswith(ALWAYS))
    return breaks, f"was {_words(before)} and is {_words(after)}"


def _words(type_: str) -> str:
    return f"{type_.rstrip(ALWAYS)}, always there" if type_.endswith(ALWAYS) else f"{type_}, not always there"


def verdict(version: Version, formats: Formats, history: Mapping[Version, Formats]) -> str:
    """What is wrong with calling these formats by this version, with the remedy; empty if nothing is.

    Args:
        version: what ``SCHEMA_VERSION`` says.
        formats: what is published under it.
        history: version -> what it promised.
    """
    if f"api/v{version[0]}" != DATA_FOLDER:
        return f"Version {_dotted(version)} belongs into api/v{version[0]}/: set DATA_FOLDER in catalog/downloads.py."
    if not history:
        return ""
    last = max(history)
    if version < last:
        return f"SCHEMA_VERSION in hooks/catalog/export.py is {_dotted(version)}. Raise it: {_dotted(last)} was before."
    found = changes(history[last], formats)
    if found.breaking and version[0] == last[0]:
        return _told(last, "breaks programs that read", found.breaking, (last[0] + 1, 0))
    if (found.other or found.breaking) and version == last:
        return _told(last, "adds to", found.other, (last[0], last[1] + 1))
    return ""


def _told(last: Version, does: str, what: tuple[str, ...], needed: Version) -> str:
    lines = "\n".join(f"  {line}" for line in what)
    remedy = (
        f'Either take it back, or set SCHEMA_VERSION = "{_dotted(needed)}" in hooks/catalog/export.py and run {SCRIPT}.'
    )
    if needed[0] > last[0]:
        remedy += f" The data then move to api/v{needed[0]}/: set DATA_FOLDER in catalog/downloads.py."
    return f"This {does} data version {_dotted(last)}:\n{lines}\n{remedy}"


def numbers(version: str) -> Version:
    """``1.10`` as (1, 10), so that versions can be compared."""
    major, minor = version.split(".")
    return int(major), int(minor)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def written(version: str, formats: Formats, earlier: Mapping[str, str]) -> str:
    """The file that describes a version; its seal covers that of the version before, so that none can be altered."""
    former = max(earlier, key=numbers, default="")
    follows = json.loads(earlier[former])["seal"] if former else ""
    body = {"version": version, "follows": follows, "files": formats}
    return json.dumps({"seal": _seal(body), **body}, ensure_ascii=False, indent=1) + "\n"


def tampered(texts: Mapping[str, str]) -> Iterator[str]:
    """What was changed by hand in the descriptions, one sentence each."""
    follows = ""
    for name in sorted(texts, key=numbers):
        data = json.loads(texts[name])
        seal = data.pop("seal")
        if seal != _seal(data) or data["follows"] != follows or data["version"] != name:
            yield (
                f"{FOLDER}/{name}.json is not as {SCRIPT} wrote it, or one before it is missing. What a version "
                f"promised stays: take the change back (git checkout -- {FOLDER}), and raise SCHEMA_VERSION instead."
            )
        follows = seal


def rewritten(found: Iterable[Change]) -> Iterator[str]:
    """Which of these changes touch a description that was there before, one sentence each."""
    for change in found:
        if (change.was or change.path).startswith(f"{FOLDER}/") and change.state != "neu":
            yield (
                f"{change.was or change.path}: {change.state}. What a published version promised stays: take the "
                f"change back, raise SCHEMA_VERSION in hooks/catalog/export.py instead, and run {SCRIPT}."
            )


def _seal(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
