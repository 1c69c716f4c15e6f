"""From a record to HTML: templates, sanitised author's text, addresses.

Templates escape everything that is not marked safe, and fail on a name they do
not know. The author's text comes in as HTML made from Markdown and is reduced
to harmless elements before it reaches a template.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import nh3
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalog import wording
from catalog.model import Record
from catalog.relations import Relations
from catalog.site import Site
from catalog.table_names import NUMBER
from catalog.vocabulary import TERM_PAGES, Term

TEMPLATES = Path(__file__).parent / "templates"
ANCHOR = "s-"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TEXT_TAGS = {
    "a",
    "abbr",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_TEXT_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "table": {"aria-labelledby"},
    "*": {"lang"},
} | {tag: {"id", "lang"} for tag in ("h2", "h3", "h4")}


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a page's table of contents; ``title`` is plain text."""

    title: str
    id: str
    level: int = 2


@dataclass
class Contents:
    """Collects the headings of a page while its template is rendered.

    So that a heading is written once, in the template, and can neither be
    missing from the table of contents nor dangle in it.
    """

    text: tuple[Heading, ...] = ()
    headings: list[Heading] = field(default_factory=list)

    def add(self, id: str, title: str) -> str:
        self.headings.append(Heading(title, id))
        return ""

    def add_text(self) -> str:
        """The headings of the author's text belong here."""
        self.headings += self.text
        return ""


def address(target: Record | tuple[str, str]) -> str:
    """The address on the site of a record, or of the page of a vocabulary's value."""
    if isinstance(target, Record):
        return target.page_address
    name, key = target
    return f"{TERM_PAGES[name]}/{key}/"


def relative(page_address: str, target_address: str) -> str:
    """A link from one page to another that works under any host and folder."""
    return "../" * page_address.count("/") + target_address or "./"


def to_file(link: str, index: str) -> str:
    """A link in which that to a folder names the page in it; what follows after ``?`` or ``#`` stays.

    Args:
        link: a relative link.
        index: name of the page, or nothing to leave the link as it is.
    """
    place = re.split("[?#]", link, maxsplit=1)[0]
    return f"{place}{index}{link[len(place) :]}" if place.endswith("/") else link


def sanitise(html: str) -> str:
    """Reduce an author's HTML to text, links and pictures of the site itself."""
    return _cleaner().clean(html)


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TEXT_TAGS,
        attributes=_TEXT_ATTRIBUTES,
        allowed_classes={"th": {NUMBER}, "td": {NUMBER}},
        attribute_filter=_attribute,
        set_tag_attribute_values={"img": {"loading": "lazy"}},  # pictures wait until a reader comes near
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in ("id", "aria-labelledby"):  # only ids that Markdown made; others could stand in for the shell's own
        return value if value.startswith(ANCHOR) else None
    if name == "lang":  # for words of another language; a span has no other use
        return value if _LANGUAGE.fullmatch(value) else None
    if name == "src":  # no request to another host; browsers read \ as / and skip control characters
        local = not value.startswith(("/", "\\")) and ":" not in value and value.isprintable()
        return value if local else None
    return value


def anchor(text: str, separator: str = "-") -> str:
    """The id of an author's heading; its prefix keeps it apart from the ids of the page itself."""
    words = wording.sort_key(text.replace("ß", "ss")).split()
    return ANCHOR + separator.join(words)


def _compiled() -> FileSystemBytecodeCache | None:
    """Compiled templates beside their sources, as Python keeps its own; none where it may not write any."""
    folder = TEMPLATES / "__pycache__"
    if sys.dont_write_bytecode:
        return None
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


@functools.cache
def environment() -> Environment:
    """The template environment; its filters are the wording of the site."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    env.filters |= {
        "number": wording.number,
        "count": wording.count,
        "instant": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "when": wording.when,
        "enumeration": wording.enumeration,
        "dialled": wording.dialled,
        "query": lambda values: Markup(urlencode(values, quote_via=quote)),
    }
    env.globals["figure"] = wording.figure
    return env


def page(
    site: Site, template: str, context: Mapping[str, Any], text: str, headings: Iterable[Heading] = ()
) -> tuple[str, list[Heading]]:
    """Render one page's content.

    Args:
        site: the whole site.
        template: name of the template without its endings.
        context: what the view made; ``context["page"].address`` is where relative links start.
        text: the author's HTML, not yet sanitised.
        headings: the headings in that text.

    Returns:
        The HTML of the page's content and its headings in reading order.
    """
    site = site.everything if context["page"].federated else site
    root = relative(context["page"].address, "")
    tools = Tools(site, root, context["page"], Contents(tuple(headings)), Markup(sanitise(text)), site.index)
    return _rendered(tools, template, context), tools.contents.headings


def document(site: Site, template: str, context: Mapping[str, Any]) -> str:
    """Render a document that stands alone; its links lead to the site by full addresses."""
    return _rendered(Tools(site, site.url, None, Contents(), Markup()), template, context)


def _rendered(tools: Tools, template: str, context: Mapping[str, Any]) -> str:
    site = tools.site
    names = {"p": tools, "url": tools.url, "term": site.term, "relations": site.relations, "language": tools.language}
    return environment().get_template(f"{template}.html.j2").render(context, **names)


@dataclass(frozen=True, slots=True)
class Tools:
    """What templates may use, bound to the page that is rendered.

    Attributes:
        site: the whole site.
        root: what leads from the page to the start of the site, to be followed by an address.
        page: its plan; views know more of it than this module does.
        contents: collects its headings.
        text: the author's text, sanitised.
        index: what follows behind the address of a page, see ``Site.index``.
    """

    site: Site
    root: str
    page: Any
    contents: Contents
    text: Markup
    index: str = ""

    @property
    def relations(self) -> Relations:
        return self.site.relations

    @property
    def states_by_key(self) -> Mapping[str, Term]:
        return self.site.catalog.vocabulary["status"]

    def url(self, target: Record | tuple[str, str] | str) -> str:
        """A relative link to a record, to a value of the vocabulary or to an address."""
        link = self.root + (target if isinstance(target, str) else address(target)) or "./"
        return to_file(link, self.index) if self.index else link

    def term(self, name: str, key: str) -> Term:
        """A value of the vocabulary."""
        return self.site.term(name, key)

    def language(self, tag: str) -> str:
        """The German name of a language."""
        return wording.language(tag, self.site.catalog.vocabulary)
