"""Whether a folder of pages is complete in itself: it loads nothing from elsewhere, and no link inside of it is broken.

Read are pages, pictures in SVG and style sheets, with parsers. What scripts would fetch no parser can tell; the policy
of each page holds them, and is looked at, too.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import tinycss2
from project import progress  # first: completes sys.path

from catalog.problems import Problem

# Relations that make a browser load nothing.
_POINTERS = frozenset(
    {"alternate", "author", "bookmark", "canonical", "describedby", "help", "license", "next", "prev", "search"}
)
_LOADING = ("src", "poster", "data", "background", "action", "formaction", "manifest", "xlink:href")
_LEADING = frozenset({"a", "area"})
_OUTWARD = frozenset({"http", "https"})
_PERSONAL = frozenset({"mailto", "tel"})
_LOCAL_SOURCES = frozenset({"data:", "file:"})

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a file names.

    Attributes:
        line: where.
        part: the element or the word of CSS that names it.
        target: the address as it is written.
        loaded: whether a browser loads it by itself, or sends it something; else a reader follows it.
    """

    line: int
    part: str
    target: str
    loaded: bool = True


@dataclass
class Read:
    """What a file names, and by what names parts of it are reached.

    Attributes:
        references: in their order.
        ids: of its elements.
        policies: what it says a browser may load; ``None`` for a file that is no page.
    """

    references: list[Reference] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    policies: list[str] | None = None


@dataclass(frozen=True)
class Examined:
    """What an examination found.

    Attributes:
        problems: all of them.
        outward: address elsewhere -> number of files with a link to it.
        pages, links: how many were looked at.
    """

    problems: list[Problem]
    outward: Counter[str]
    pages: int
    links: int


class _Reader(HTMLParser):
    """Collects what a page or a picture names."""

    def __init__(self) -> None:
        super().__init__()
        self.read = Read()
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.read.ids.add(given["id"])
        self.in_style = tag == "style"
        for part, target in _loaded(tag, given):
            self._note(part, target)
        if "href" in given and _is_followed(tag, given):
            self._note(tag, given["href"], loaded=False)
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.read.policies = [*(self.read.policies or ()), given.get("content", "")]
        self.read.references += _in_css(given.get("style", ""), self.getpos()[0])

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.read.references += _in_css(data, self.getpos()[0])

    def handle_pi(self, data: str) -> None:
        if data.startswith("xml-stylesheet"):
            self._note("xml-stylesheet", data)

    def _note(self, part: str, target: str, *, loaded: bool = True) -> None:
        self.read.references.append(Reference(self.getpos()[0], part, target, loaded))


def _is_followed(tag: str, given: Attributes) -> bool:
    """Whether what an element names in ``href`` is loaded only if a reader wants it."""
    relations = set(given.get("rel", "").lower().split())
    return tag in _LEADING or (tag == "link" and bool(relations) and relations <= _POINTERS)


def _loaded(tag: str, given: Attributes) -> Iterator[tuple[str, str]]:
    """(part, address) of what an element makes a browser load, or send something to."""
    for name in _LOADING:
        if name in given:
            yield f"{tag} {name}", given[name]
    for name in ("srcset", "imagesrcset"):
        for candidate in given.get(name, "").split(","):
            if candidate.strip():
                yield f"{tag} {name}", candidate.split()[0]
    if "ping" in given:
        yield f"{tag} ping", given["ping"]
    if "href" in given and not _is_followed(tag, given):
        yield tag, given["href"]
    if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
        _, _, target = given.get("content", "").partition("=")
        yield "meta refresh", target.strip().strip("'\"")


def _in_css(text: str, line: int = 1) -> Iterator[Reference]:
    """What CSS loads; ``line`` is that on which it begins."""
    yield from _in_tokens(tinycss2.parse_component_value_list(text), line - 1)


def _in_tokens(tokens: Iterable[tinycss2.ast.Node], above: int) -> Iterator[Reference]:
    importing = False
    for token in tokens:
        if token.type == "url" or (token.type == "string" and importing):
            yield Reference(above + token.source_line, "url", token.value)
        elif token.type == "error" and token.kind.startswith("bad"):
            yield Reference(above + token.source_line, "url", token.message)
        elif token.type == "function" and token.lower_name in ("url", "src", "image", "image-set", "-webkit-image-set"):
            strings = (inner for inner in token.arguments if inner.type == "string")
            yield from (Reference(above + inner.source_line, "url", inner.value) for inner in strings)
        yield from _in_tokens(getattr(token, "arguments", None) or getattr(token, "content", None) or (), above)
        if token.type not in ("whitespace", "comment"):
            importing = token.type == "at-keyword" and token.lower_value == "import"


def _read(path: Path) -> Read:
    text = path.read_text("utf-8")
    if path.suffix == ".css":
        return Read(list(_in_css(text)))
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if path.suffix == ".html":
        reader.read.policies = reader.read.policies or []
    return reader.read


def examine(folder: Path) -> Examined:
    """Read all pages, pictures and style sheets of a folder.

    Args:
        folder: the site; paths in messages are relative to it.
    """
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    names = sorted(name for name in files if name.endswith((".html", ".svg", ".css")))
    found = {name: _read(folder / name) for name in progress(names, " Seiten")}
    problems = [problem for name, read in found.items() for problem in _problems(name, read, files, found)]
    outward: Counter[str] = Counter()
    for read in found.values():
        outward.update({link.target for link in read.references if not link.loaded and _leads_out(link.target)})
    links = sum(len(read.references) for read in found.values())
    return Examined(problems, outward, sum(name.endswith(".html") for name in names), links)


def _leads_out(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


def _problems(name: str, read: Read, files: set[str], found: dict[str, Read]) -> Iterator[Problem]:
    for reference in read.references:
        if wrong := _wrong(name, reference, files, found):
            yield Problem(name, reference.line, reference.part, f"„{reference.target}“ {wrong[0]}.", wrong[1])
    if read.policies is not None and not any("default-src 'none'" in policy for policy in read.policies):
        hint = "Bitte die Vorlage der Seite berichtigen."
        yield Problem(name, 1, "meta", "Die Content Security Policy fehlt.", hint)
    for source in (word for policy in read.policies or () for word in policy.replace(";", " ").split()):
        if source not in _LOCAL_SOURCES and (":" in source or "." in source or "*" in source):
            hint = "Bitte in hooks/catalog/policy.py berichtigen."
            yield Problem(name, 1, "meta", f"Die Content Security Policy erlaubt „{source}“.", hint)


_Wrong = tuple[str, str] | None
_RELATIVE = "Bitte durch einen Verweis ersetzen, der von der Seite aus zählt, zum Beispiel ../assets/site.css."


def _wrong(name: str, reference: Reference, files: set[str], found: dict[str, Read]) -> _Wrong:
    """What is wrong with a reference and the remedy, or ``None``."""
    target = reference.target.strip()
    try:
        parts = urlsplit(target)
    except ValueError:
        return "ist keine Adresse", "Bitte berichtigen."
    scheme = parts.scheme.lower()
    if scheme == "data" and reference.loaded:
        return None
    if not reference.loaded and (scheme in _PERSONAL or (scheme in _OUTWARD and parts.netloc)):
        return None
    if scheme or parts.netloc:
        verb = "lädt von einem anderen Ort" if reference.loaded else "führt aus dem Archiv, und nicht zu einer Website"
        return verb, "Bitte die Datei ins Projekt nehmen und von dort laden, oder den Verweis löschen."
    if target.startswith("/") or "\\" in target or not target.isprintable():
        return "zählt vom Anfang eines Servers an, den ein Ordner nicht hat", _RELATIVE
    return _missing(name, parts, files, found)


def _missing(name: str, parts: SplitResult, files: set[str], found: dict[str, Read]) -> _Wrong:
    """What is wrong with a reference to a file of the folder."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
    if path == ".." or path.startswith("../"):
        return "führt aus dem Ordner hinaus", _RELATIVE
    if path not in files:
        inside = "index.html" if path == "." else f"{path}/index.html"
        if inside in files:
            return "führt zu einem Ordner; ohne Server öffnet sich dort keine Seite", "Bitte index.html anhängen."
        return "gibt es im Archiv nicht", "Bitte den Verweis berichtigen oder löschen."
    anchor = unquote(parts.fragment)
    if anchor and path in found and anchor not in ("top", *found[path].ids):
        return "führt zu einer Stelle, die es auf der Seite nicht gibt", "Bitte den Anker berichtigen."
    return None
