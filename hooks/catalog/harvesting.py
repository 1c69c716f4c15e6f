"""From the answers of another site's ``api/v1`` to the files of its snapshot.

An item there is a record with its references and values resolved
(``export.item``). It is turned back into the file that the record has in its own
project, and that file is read and checked as if it were one of ours. So a
stranger's data gets no further than an editor's: what does not fit is
put aside with the reason, in words for whoever runs the other site.

Who fetches, and for how long, is the business of ``scripts/harvest.py``.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, get_origin
from urllib.parse import urljoin, urlsplit

from markdown import Markdown
from pydantic import BaseModel

from catalog import export, federation, forms, render, schema, store, writing
from catalog.conversion import ConversionError
from catalog.downloads import DATA_FOLDER
from catalog.federation import KINDS_ABROAD, Manifest
from catalog.fields import OneOf, RefersTo, marker
from catalog.frontmatter import Path, dotted, read
from catalog.links import RepositoryLinks
from catalog.model import KINDS, Measure, Partner, Record, fields_by_key, part_of
from catalog.naming import is_id
from catalog.problems import Problem, printable
from catalog.store import Catalog

INDEX = f"{DATA_FOLDER}/index.json"
MAX_ITEMS = 20_000
# Values in one file, counted before it is parsed: as Python's objects they take fifty times as much.
MAX_VALUES = 3_000_000
# What is put aside is told one by one up to here.
MAX_TOLD = 500
# And of one of them so many reasons, with so many letters each.
MAX_REASONS, MAX_REASON = 5, 400
# How an address begins that browsers look for nowhere but there; "https:x" would lie on our own site.
_WHOLE = ("http://", "https://", "mailto:")
_OBJECT, _LIST = "eine Angabe mit Unterangaben", "eine Liste"


class Unfit(Exception):  # noqa: N818  # it is no error of this program
    """Why an answer, or an item in it, cannot be used; its arguments are German sentences."""

    def __str__(self) -> str:
        return " ".join(self.args)


@dataclass(frozen=True, slots=True)
class Index:
    """What a site says about itself and its data.

    Attributes:
        title: its name.
        licence: the address of its licence.
        files: kind -> full address of the file with its records.
    """

    title: str
    licence: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """An item that is put aside: its kind, its id as it was given, and why."""

    kind: str
    id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Harvest:
    """What becomes of the items of a site.

    Attributes:
        files: path, relative to the snapshot -> content.
        refused: what was put aside, sorted.
    """

    files: Mapping[str, bytes]
    refused: tuple[Refused, ...] = ()


def parsed(content: bytes) -> Any:
    """An answer as JSON; numbers stay as they are written.

    Raises:
        Unfit: if it is none, or too much of it.
    """
    if sum(map(content.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise Unfit(f"Die Antwort enthält mehr als {MAX_VALUES} Werte.")
    try:
        return json.loads(content.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=_no_number)
    except RecursionError as error:
        raise Unfit("Die Antwort ist zu tief verschachtelt.") from error
    except ValueError as error:
        raise Unfit(f"Die Antwort ist kein JSON ({printable(str(error))[:100]}).") from error


def _shown(value: Any) -> str:
    """A stranger's value for a message; anything but a string could be of any depth."""
    return printable(value[:200]) if isinstance(value, str) else "…"


def _no_number(name: str) -> str:
    raise ValueError(f"{name} ist keine Zahl")


def index(data: Any, home: str) -> Index:
    """What ``index.json`` says.

    Args:
        data: its content.
        home: the site's address, below which all its files must lie.

    Raises:
        Unfit: if it is not of our kind, or names files elsewhere.
    """
    _of_our_version(data)
    listed = data.get("files")
    if not isinstance(listed, list):
        raise Unfit("Das Verzeichnis nennt keine Dateien.")
    entries = [entry for entry in listed if isinstance(entry, dict) and entry.get("kind") in KINDS_ABROAD]
    files = {entry["kind"]: _below(home, entry.get("url")) for entry in entries}
    if missing := {Measure.kind, Partner.kind} - files.keys():
        raise Unfit(f"Das Verzeichnis nennt keine Datei für {', '.join(sorted(missing))}.")
    title, licence = data.get("title"), data.get("licence")
    if not isinstance(title, str) or not isinstance(licence, str):
        raise Unfit("Das Verzeichnis nennt keinen Namen oder keine Lizenz.")
    return Index(title, licence, dict(sorted(files.items())))


def _of_our_version(data: Any) -> None:
    """A newer minor version only adds what may be left out."""
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, str):
        raise Unfit("Die Antwort nennt keine schema_version.")
    if version.partition(".")[0] != export.SCHEMA_VERSION.partition(".")[0]:
        told = printable(version)[:20]
        raise Unfit(f"Die Daten haben die Fassung {told}; gelesen wird {export.SCHEMA_VERSION}.")


def _below(home: str, address: Any) -> str:
    """A file of the site; its address may be relative to the site's own."""
    shown = _shown(address)
    try:
        whole = urljoin(home, address) if isinstance(address, str) else ""
        parts = urlsplit(whole)
    except ValueError as error:
        raise Unfit(f"„{shown}“ ist keine Adresse.") from error
    odd = not whole.isascii() or not whole.isprintable() or set(" \\#?") & set(whole) or ".." in parts.path
    if odd or not whole.startswith(home):
        raise Unfit(f"Die Datei „{shown}“ liegt nicht unter {home}")
    return whole


def items(data: Any) -> list[Any]:
    """The records in a data file.

    Raises:
        Unfit: if it is none of our kind, or only a part of one.
    """
    _of_our_version(data)
    found = data.get("items")
    if not isinstance(found, list):
        raise Unfit("Die Datei enthält keine Liste items.")
    if data.get("total") != str(len(found)):
        raise Unfit("Die Zahl total stimmt nicht; vielleicht wird die Website gerade erneuert.")
    return found


def manifest(home: str, told: Index, today: str) -> str:
    """``neighbour.json`` for what was fetched on a day.

    Raises:
        Unfit: if the site gives no name or no licence that could be shown.
    """
    said = {"url": home, "title": told.title, "licence": told.licence, "harvested": today}
    text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    found, problems = federation.manifest(federation.MANIFEST, text.encode(errors="surrogatepass"))
    if not isinstance(found, Manifest):
        raise Unfit(" ".join(problem.text for problem in problems))
    return text


def fingerprint(catalog: Catalog) -> str:
    """What it depends on whether an item fits, besides the item: if it changes, all items are judged anew."""
    schemas = schema.editor_schemas(catalog.vocabulary)
    known = [export.SCHEMA_VERSION, schemas, sorted(catalog.of("category"))]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


@dataclass
class Judge:
    """Tells what fits from what doesn't, for one site.

    Attributes:
        site: the site's id.
        home: its address.
        catalog: our own records, whose vocabulary and categories foreign ones must keep to.
        extensions: those with which texts will be converted.
    """

    site: str
    home: str
    catalog: Catalog
    extensions: Iterable[str] = ()
    _records: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in KINDS_ABROAD})
    _files: dict[str, bytes] = field(default_factory=dict)
    _refused: list[Refused] = field(default_factory=list)

    def harvest(self, answers: Iterable[tuple[str, Collection[Any]]]) -> Harvest:
        """Turn the items of each kind into files.

        Args:
            answers: kind and its items, one kind after the other, so that no two need be held at once.

        Raises:
            Unfit: if there are too many items, or not a single one fits.
        """
        convert, total = self._converter(), 0
        for kind, found in answers:
            total += len(found)
            if total > MAX_ITEMS:
                raise Unfit(f"Es sind mindestens {total} Datensätze; erlaubt sind {MAX_ITEMS}.")
            for item in found:
                self._take(KINDS[kind], item, convert)
        for problem in federation.strand(self._records, self.catalog.of("category")):
            path = problem.path.removeprefix(f"{federation.FOLDER}/{self.site}/")
            del self._files[path]
            own_ref = path.removeprefix(f"{Measure.folder}/").removesuffix(".md")
            self._refused.append(Refused(Measure.kind, own_ref, (problem.message,)))
        if not self._files:
            raise Unfit("Kein einziger Datensatz passt. " + "; ".join(r.reasons[0] for r in self._refused[:1]))
        return Harvest(dict(sorted(self._files.items())), tuple(sorted(self._refused)))

    def _take(self, cls: type[Record], item: Any, convert: Callable[[str, str], str]) -> None:
        try:
            path, content, record = self._judged(cls, item, convert)
        except (Unfit, ConversionError) as error:
            id_ = _shown(item.get("id") if isinstance(item, dict) else None)
            reasons = tuple(_short(str(reason)) for reason in error.args[:MAX_REASONS])
            self._refused.append(Refused(cls.kind, id_, reasons))
        else:
            self._records[cls.kind][record.ref] = record
            self._files[path] = content

    def _judged(self, cls: type[Record], item: Any, convert: Callable[[str, str], str]) -> tuple[str, bytes, Record]:
        """An item's file, what it holds, and the record in it."""
        path = _path(cls, item)
        if path in self._files:
            raise Unfit("Die Kennung steht zweimal.")
        content = record_file(cls, item, self.catalog)
        record, problems = store.foreign(self.site, self.home, path, content, self.catalog.vocabulary)
        if record is None:
            raise Unfit(*_told(problems))
        _convertible(convert(record.path, record.text))
        return path, content, record

    def _converter(self) -> Callable[[str, str], str]:
        """Converts the text of a file as a build does it, where no page is known."""
        links = RepositoryLinks({}, ConversionError, {self.site: self.home})
        converter = Markdown(extensions=[*self.extensions, links])

        def convert(path: str, text: str) -> str:
            links.source = path
            return render.sanitise(converter.reset().convert(text))

        return convert


def _told(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Why a file does not fit, without its lines, since nobody else ever sees it."""
    return tuple(problem.text for problem in problems)


def _short(text: str) -> str:
    half = MAX_REASON // 2
    shown = printable(text)
    return shown if len(shown) <= MAX_REASON else f"{shown[:half]} … {shown[-half:]}"


def _convertible(html: str) -> None:
    """A text may hold HTML, but what leads elsewhere must be Markdown: only that is led to the other site."""
    finder = _Finder()
    finder.feed(html)
    if finder.relative:
        shown = printable(finder.relative)[:200]
        raise Unfit(f"Im Text steht „{shown}“ als HTML. Bitte Links als Markdown schreiben.")


class _Finder(HTMLParser):
    """Finds what leads to a place on the same site."""

    relative = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None and not value.casefold().startswith(_WHOLE):
                self.relative = self.relative or f"{name}={value}"


def _path(cls: type[Record], item: Any) -> str:
    """Where the record of an item lies in the snapshot."""
    if not isinstance(item, dict):
        raise Unfit("Der Datensatz ist keine Angabe mit Unterangaben.")
    id_ = item.get("id")
    parts = id_.split("/") if isinstance(id_, str) else []
    if len(parts) != 1 + cls.nested or not all(map(is_id, parts)):
        raise Unfit(f"„{_shown(id_)}“ ist keine Kennung.")
    return federation.path_of(cls, "/".join(parts))


def record_file(cls: type[Record], item: Mapping[str, Any], catalog: Catalog) -> bytes:
    """The file that an item's record has in its own project; keys that we do not know are left out.

    Raises:
        Unfit: if that cannot be told from the item.
    """
    data = _keys(cls, item, ())
    text = item.get("text")
    if not isinstance(text, str):
        raise Unfit("text: Der Text fehlt.")
    file = writing.record_file(forms.fields(cls, catalog.vocabulary), data, _tidy(text))
    content = file.encode(errors="surrogatepass")  # what is no character is told when the file is read
    raw, _ = read("", content)
    if raw is not None and raw.data != data:
        raise Unfit("Die Angaben lassen sich nicht aufschreiben, wie sie sind.")
    return content


def _keys(model: type[BaseModel], item: Mapping[str, Any], at: Path) -> dict[str, Any]:
    """The front matter, or a part of it, that an item stands for; what is empty is left out."""
    found = {}
    for key, info in fields_by_key(model).items():
        value = _value(info, item.get(key), (*at, key))
        if value:
            found[key] = value
    return found


def _value(info: Any, value: Any, at: Path) -> Any:
    if value is None or value == info.default:
        return None
    if get_origin(info.annotation) is not tuple:
        return _one(info, value, at)
    if not isinstance(value, list):
        raise Unfit(f"{dotted(at)}: Hier gehört {_LIST} hin.")
    return [_one(info, entry, (*at, number)) for number, entry in enumerate(value)]


def _one(info: Any, value: Any, at: Path) -> Any:
    """One value: a part, the key of a resolved value, the id of a resolved reference, or a plain one."""
    if part := part_of(info.annotation):
        if not isinstance(value, dict):
            raise Unfit(f"{dotted(at)}: Hier gehört {_OBJECT} hin.")
        return _keys(part, value, at)
    resolved = _resolved(info)
    if resolved:
        if not isinstance(value, dict):
            raise Unfit(f"{dotted(at)}: Hier gehört {_OBJECT} hin.")
        value, at = value.get(resolved), (*at, resolved)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise Unfit(f"{dotted(at)}: Hier gehört ein einfacher Text hin.")
    return _tidy(value)


def _resolved(info: Any) -> str:
    """Under which key a resolved value says what the file says; empty for a plain value."""
    if marker(info.annotation, info.metadata, OneOf):
        return "key"
    return "id" if marker(info.annotation, info.metadata, RefersTo) else ""


def _tidy(value: str) -> str:
    """What a file keeps of a value: reading levels forms of letters, line ends and trailing blanks."""
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip().split("\n")
    return "\n".join(line.rstrip() for line in lines)


def quarantine(harvest: Harvest) -> str:
    """``quarantine.json``: what was put aside and why."""
    told = [{"kind": r.kind, "id": r.id, "reasons": list(r.reasons)} for r in harvest.refused[:MAX_TOLD]]
    said = {"total": len(harvest.refused), "items": told}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
