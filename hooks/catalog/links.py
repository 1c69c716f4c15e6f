"""Links between records, written as anyone writes them: relative to the file in the repository.

``[Kreis Lippe](../../partners/kreis-lippe.md)`` then works for readers of the
repository too. MkDocs knows only paths inside docs/, so each link is rewritten
on the parsed document before MkDocs resolves it.

In the text of another site's record such a link leads to our page of the record
that it names, or else to the other site; there are no pictures in it, since
they lie there, and no reader of ours shall ask another host unasked.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from catalog import federation
from catalog.conversion import HINT, ConversionError, guard

# Element -> the attribute that leads elsewhere.
_LEADS = {"a": "href", "img": "src"}
# Of links in texts of other sites; without one a link leads to a place on that site.
_SCHEMES = ("", "http", "https", "mailto")
# After inline links are parsed (20), before MkDocs resolves them (0).
_PRIORITY = 10


class RepositoryLinks(Extension):
    """Markdown extension that turns paths of the repository into paths of MkDocs.

    Attributes:
        paths: file in the repository -> name of that page for MkDocs.
        failed: makes the error that a text raises which cannot be converted; it is told file, message and remedy.
        homes: the addresses of other sites by their ids.
        source: the file that is being rendered; whoever renders sets it before each page.
    """

    def __init__(
        self,
        paths: Mapping[str, str],
        failed: Callable[[str], Exception],
        homes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self.paths = paths
        self.failed = failed
        self.homes = homes
        self.source = ""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Rewriter(self), "repository-links", _PRIORITY)
        guard(md, lambda error: self.failed(f"{self.source}: {error} {HINT}"))

    def rewrite(self, href: str) -> str:
        """The link as MkDocs understands it; unchanged if it leads to no file of the repository."""
        target = repository_path(href, self.source)
        if target not in self.paths:
            return href
        return relative_link(self.paths[target], self.paths[self.source]) + "".join(href.partition("#")[1:])

    def rewrite_abroad(self, href: str, site: str) -> str | None:
        """The link in a text of another site as it holds here; ``None`` if it leads nowhere."""
        folder = f"{federation.FOLDER}/{site}/"
        target = repository_path(href, self.source)
        if target.startswith(folder) and target in self.paths:
            return self.rewrite(href.partition("#")[0])  # a place that the page lacks would stop our build
        if AMP_SUBSTITUTE in href:  # an address for mail, which Markdown has veiled
            return href
        if not is_readable(href) or (target and not target.startswith(folder)):
            return None
        page = federation.address((target or self.source).removeprefix(folder))
        if page is None or _is_odd(href):
            return None
        whole = self.homes[site] + page
        return whole + "".join(href.partition("#")[1:]) if target else urljoin(whole, href)


def repository_path(href: str, source: str) -> str:
    """The file to which a link in the file ``source`` leads; empty if that is no Markdown file of the repository."""
    path = href.partition("#")[0]
    if not path.endswith(".md") or ":" in path:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def relative_link(target: str, source: str) -> str:
    """How a link in the file ``source`` names the file ``target``."""
    return posixpath.relpath(target, posixpath.dirname(source) or ".")


def is_readable(address: str) -> bool:
    """Whether programs can take an address apart; MkDocs would end at ``https://[``."""
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


def _is_odd(address: str) -> bool:
    """Whether an address is of another scheme than links have, or lacks the host: to browsers ``https:a/`` is ours."""
    parts = urlsplit(address)
    return parts.scheme not in _SCHEMES or (parts.scheme in ("http", "https") and not parts.netloc)


def targets(text: str) -> list[str]:
    """Where the links and pictures of a Markdown text lead, in their order.

    Raises:
        ConversionError: if the text cannot be converted.
    """
    if "]" not in text and "<http" not in text:  # most texts have no link, and parsing costs
        return []
    converter, collector = _converter()
    collector.found = []
    try:
        converter.reset().convert(text)
    except ConversionError:
        _converter.cache_clear()  # it may have stopped anywhere
        raise
    return collector.found


@functools.cache
def _converter() -> tuple[Markdown, _Collector]:
    """A converter for all texts, since making one takes as long as converting a short text."""
    converter, collector = Markdown(), _Collector()
    guard(converter, lambda error: error)
    converter.treeprocessors.register(collector, "targets", _PRIORITY)
    return converter, collector


class _Collector(Treeprocessor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def run(self, root: Element) -> None:
        found = (element.get(_LEADS[element.tag]) for element in root.iter() if element.tag in _LEADS)
        self.found += filter(None, found)


class _Rewriter(Treeprocessor):
    def __init__(self, links: RepositoryLinks) -> None:
        super().__init__()
        self.links = links

    def run(self, root: Element) -> None:
        site = federation.site(self.links.source)
        for link in root.iter("a"):
            href = link.get("href")
            if href and site:
                _lead(link, self.links.rewrite_abroad(href, site))
            elif href:
                link.set("href", self.links.rewrite(href))
        for picture in list(root.iter("img")) if site else ():
            picture.tag, picture.text = "span", picture.get("alt")
            picture.attrib.clear()


def _lead(link: Element, href: str | None) -> None:
    """Let a link lead there, or leave only its words."""
    if href is None:
        link.tag = "span"
        link.attrib.clear()
    else:
        link.set("href", href)
