"""The data of the site as files: ``api/v1/`` in every format, the site map, and what servers are told."""

from __future__ import annotations

import functools
import gc
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from catalog import (
    bundle,
    columnar,
    dcat,
    downloads,
    feeds,
    finding,
    flat,
    lexicon,
    openapi,
    policy,
    render,
    schema,
    shapes,
    sharing,
    sitemap,
    tables,
)
from catalog.aside import Aside
from catalog.downloads import DATA_KINDS, data_file
from catalog.fields import OneOf, RefersTo, marker
from catalog.model import KINDS, Measure, Record, absolute, part_of
from catalog.site import Site
from catalog.views import facets, proposal
from catalog.views.common import PagePlan

# Of all formats below api/v1/, whose first number it shares; scripts/formats.py says when it has to rise.
SCHEMA_VERSION = "1.1"


def begin(built: str, site: Site, pages: Collection[PagePlan], split: bool) -> Aside:
    """Begin to write all of them into the folder in which a site grows, while its pages are rendered.

    Args:
        built: the folder.
        site: the site.
        pages: its pages.
        split: whether that may have a process of its own, which is also to say that this one builds once.
    """
    if split:  # one build, then the end: what is there by now stays, and to look through it takes time
        gc.freeze()
    return Aside.start(functools.partial(_write, Path(built), site, pages), split)


def _write(built: Path, site: Site, pages: Collection[PagePlan]) -> Iterator[str]:
    for name, content in files(site, pages):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_bytes(content)
        yield name


def finish(built: str, site: Site, pages: Collection[PagePlan], begun: Aside) -> None:
    """Wait for what was begun, and write the index of the built pages and what follows from it.

    Raises:
        SiteError: if the index can't be made.
    """
    folder = Path(built)
    with finding.Indexing.start(folder) as indexing:
        begun.finish()
        with indexing.finished(split=begun.process is not None) as found:
            names = {address: page.name for address, page in found.items()}
            (folder / facets.PAGES).write_text(facets.pages(site, pages, names), "utf-8")
            texts = (page.text for page in found.values())
            (folder / lexicon.FILE).write_text(lexicon.text(site.catalog.thesaurus, texts), "utf-8")


def files(site: Site, pages: Collection[PagePlan]) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of every file that is not a page."""
    facts = {}
    for path, content in data_files(site):
        facts[path] = dcat.Facts.of(content)
        yield path, content
    yield from dcat.files(site, facts)
    yield from feeds.files(site)
    if site.host:
        yield from sharing.files(site.name)
    yield from ((path, text.encode()) for path, text in _texts(site, pages))


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of every file that ``downloads`` lists; the one with all of them comes last."""
    made = bundle.Bundle(site)
    for path, content in _data(site):
        made.add(path, content)
        yield path, content
    yield downloads.ARCHIVE, made.finish()


def _data(site: Site) -> Iterator[tuple[str, bytes]]:
    for kind in DATA_KINDS:
        items = [item(site, record) for record in site.catalog.of(kind).values()]
        yield from ((downloads.path(kind, ending), content) for ending, content in _of_kind(site, kind, items))
    yield from tables.files(site)
    yield downloads.VOCABULARY, _json(_vocabulary(site)).encode()
    yield downloads.INDEX, _json(_index(site), indent=2).encode()
    yield downloads.OPENAPI, _json(openapi.description(site, SCHEMA_VERSION)).encode()


def _of_kind(site: Site, kind: str, items: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """(ending, content) of the files with the records of one kind."""
    cls = KINDS[kind]
    completed = [shapes.completed(shapes.of(cls), entry) for entry in items]
    rows = flat.rows(cls, completed)
    about = {"title": cls.label[1], "schema_version": SCHEMA_VERSION, "licence": site.licence.url, "url": site.url}
    yield "json", _json({"schema_version": SCHEMA_VERSION, "total": len(items), "items": items}).encode()
    yield "schema.json", _json(schema.data_file(cls), indent=2).encode()
    yield "jsonl", "".join(map(_json, items)).encode()
    yield "csv", flat.as_csv(cls, rows)
    yield "xlsx", flat.as_xlsx(cls, rows, site.catalog.vocabulary)
    yield "parquet", columnar.file(cls, completed, about)


def _texts(site: Site, pages: Collection[PagePlan]) -> Iterator[tuple[str, str]]:
    yield sitemap.FILE, sitemap.text(site, pages)
    yield from facets.files(site)
    yield from policy.files(site, pages)
    yield proposal.FIELDS, _json(proposal.description(site))
    yield from ((name, _json(records)) for name, records in proposal.records(site))


def redirects(site: Site) -> Iterator[tuple[str, str]]:
    """(former address, page that leads on) for every alias of a record."""
    template = render.environment().get_template("redirect.html.j2")
    for record in site.catalog:
        for alias in getattr(record, "aliases", ()):
            target = render.to_file(render.relative(f"{alias}/", record.page_address), site.index)
            canonical = site.at(record.page_address)
            yield f"{alias}/", template.render(title=record.title, target=target, canonical=canonical)


def item(site: Site, record: Record) -> dict[str, Any]:
    """A record with all its fields; keys and references are resolved to label and address."""
    common: dict[str, Any] = {
        "id": record.ref,
        "url": site.at(record.page_address),
        "file": record.path,
        "text": record.text,
    }
    if isinstance(record, Measure):
        common["partner"] = _link(site, ("partner",), record.partner)
    return common | _fields(site, record, record)


def _index(site: Site) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "title": site.name,
        "url": site.url,
        "licence": site.licence.url,
        "files": [
            {
                "kind": kind,
                "title": KINDS[kind].label[1],
                "total": len(site.catalog.of(kind)),
                "url": site.at(data_file(kind)),
                "schema": site.at(downloads.path(kind, "schema.json")),
            }
            for kind in DATA_KINDS
        ],
        "vocabulary": site.at(downloads.VOCABULARY),
        "downloads": [_described_download(site, download) for download in downloads.downloads(site)],
    }


def _described_download(site: Site, download: downloads.Download) -> dict[str, str]:
    return {
        "url": site.at(download.path),
        "title": download.title,
        "media_type": download.media_type,
        "format": download.format,
        "kind": download.kind,
    }


def _vocabulary(site: Site) -> dict[str, Any]:
    lists = {
        name: [{"key": term.key, "label": term.label, "definition": term.definition} for term in terms.values()]
        for name, terms in site.catalog.vocabulary.lists.items()
    }
    return {"schema_version": SCHEMA_VERSION, "total": len(lists), "items": lists}


def _fields(site: Site, record: Record, model: BaseModel) -> dict[str, Any]:
    return {
        key: _value(site, record, mark, getattr(model, name)) if speaks else getattr(model, name)
        for key, name, mark, speaks in _described(type(model))
    }


Mark = OneOf | RefersTo | None


@functools.cache
def _described(cls: type[BaseModel]) -> tuple[tuple[str, str, Mark, bool], ...]:
    """(key, attribute, what its value stands for, whether it must be resolved at all) of each field."""
    found = []
    for name, info in cls.model_fields.items():
        part = part_of(info.annotation)
        mark = None if part else _mark(info.annotation, info.metadata)
        found.append((info.alias or name, name, mark, bool(part or mark)))
    return tuple(found)


def _mark(annotation: Any, metadata: list[Any]) -> Mark:
    return marker(annotation, metadata, OneOf) or marker(annotation, metadata, RefersTo)


def _value(site: Site, record: Record, mark: Mark, value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(site, record, mark, entry) for entry in value]
    if value is None:
        return None
    if mark is None:
        return _fields(site, record, value)
    if isinstance(mark, OneOf):
        return {"key": value, "label": site.term(mark.name, value).label}
    return _link(site, mark.kinds, absolute(record, mark.kinds, value))


def _link(site: Site, kinds: tuple[str, ...], ref: str) -> dict[str, str]:
    target = site.catalog.find(kinds, ref)
    if target is None:  # only in a preview that has left out a broken record
        return {"id": ref, "kind": kinds[0], "title": ref, "url": ""}
    return {"id": ref, "kind": target.kind, "title": target.title, "url": site.at(target.page_address)}


def _json(data: Mapping[str, Any], indent: int | None = None) -> str:
    return json.dumps(data, ensure_ascii=False, indent=indent) + "\n"
