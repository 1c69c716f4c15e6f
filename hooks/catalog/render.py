"""From a record to HTML: templates, sanitised author's text, addresses.

Templates escape everything that is not marked safe, and fail on a name they do
not know. The author's text comes in as HTML made from Markdown and is reduced
to harmless elements before it reaches a template.
"""

from __future__ import annotations

import datetime
import functools
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import nh3
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalog import adoption, archive, federation, open_data, problems, progress, publishing, similarity, wording
from catalog import history as histories
from catalog import operator as operators
from catalog.dates import day
from catalog.history import Change, History
from catalog.model import KINDS, Measure, Record
from catalog.naming import HOST
from catalog.open_data import Licence, OpenData
from catalog.operator import Lines, Operator
from catalog.problems import SiteError
from catalog.relations import Key, Relations, relate
from catalog.store import Catalog
from catalog.table_names import NUMBER
from catalog.vocabulary import TERM_PAGES, Term

TEMPLATES = Path(__file__).parent / "templates"
ANCHOR = "s-"
INDEX = "index.html"
DATA_FOLDER = "api/v1"
DATA_KINDS = tuple(kind for kind in KINDS if kind != "page")
_PLURALS = {"category": "categories"}

# The measures as tables, by format.
TABLES = {"csv": "massnahmen/massnahmen.csv", "xlsx": "massnahmen/massnahmen.xlsx"}

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


FORGES = ("github", "gitlab", "forgejo")


@dataclass(frozen=True, slots=True)
class Editing:
    """How proposals reach the repository; from ``repo_url`` and ``extra.editing`` in mkdocs.yml.

    Attributes:
        repository: the address of the repository on its forge, with a closing slash.
        forge: what runs there, one of ``FORGES``.
        branch: the branch from which the site is built.
        app_id: GitLab's OAuth application for signing in; empty if there is none.
        label: what marks an issue as a proposal.
    """

    repository: str
    forge: str
    branch: str = "main"
    app_id: str = ""
    label: str = "vorschlag"


@dataclass(frozen=True)
class Site:
    """Everything that views may ask for.

    Attributes:
        name: the site's name.
        url: its address with a closing slash.
        catalog: the records.
        relations: what follows from them.
        operator: who runs it.
        gaps: what the operator must still say before the site may be published.
        open_data: how portals find and file the data.
        reference_date: the day for which the site says what is due or has passed; no build asks the clock.
        check_after: months after which a partner should look at its measures again.
        editing: how proposals reach the repository.
        merged: addresses of other sites of this kind, whose pages the search finds too.
        archive: the year that the site keeps for good, if it does.
        index: what a link to a page ends with: nothing, or the name of its file, for a site that is read without a
            server; MkDocs' ``use_directory_urls`` decides.
        neighbours: other sites of this kind, whose records are shown beside our own.
        history: path of a record's file -> when it came and changed, as git has it; empty where that is not known.
    """

    name: str
    url: str
    catalog: Catalog
    relations: Relations
    operator: Operator
    reference_date: datetime.date
    check_after: int
    editing: Editing
    merged: Sequence[str] = ()
    gaps: Sequence[publishing.Gap] = ()
    archive: archive.Archive | None = None
    index: str = ""
    neighbours: tuple[federation.Neighbour, ...] = ()
    history: History = field(default_factory=dict)
    open_data: OpenData = field(default_factory=OpenData)

    @property
    def licence(self) -> Licence:
        """The licence of the data; that of the texts is the operator's."""
        return open_data.licence(self.open_data, self.operator.licence)

    @functools.cached_property
    def everything(self) -> Site:
        """The same site with the records of its neighbours among its own; itself if there are none."""
        together = self.catalog.together(neighbour.id for neighbour in self.neighbours if neighbour.harvested)
        return self if together is self.catalog else replace(self, catalog=together, relations=relate(together))

    @property
    def homes(self) -> Mapping[str, str]:
        """The addresses of the neighbours by their ids."""
        return {neighbour.id: neighbour.url for neighbour in self.neighbours}

    @property
    def notes(self) -> Iterator[str]:
        """What whoever builds should know, line by line; none of it keeps a build from going on."""
        if self.gaps:
            yield publishing.note(self.gaps)
        yield from federation.notes(self.neighbours, self.catalog.foreign)

    @functools.cached_property
    def similar(self) -> Mapping[Key, tuple[similarity.Likeness, ...]]:
        """For each measure those of other partners that are alike."""
        return similarity.similar(self.relations)

    @functools.cached_property
    def progress(self) -> progress.Progress:
        """What was known of each measure in which reporting year."""
        return progress.Progress(self.catalog)

    def changes(self, record: Record) -> Change | None:
        """When a record came and last changed: by git, else by its own dates; ``None`` if neither tells."""
        return self.history.get(record.path) or histories.own_dates(self.catalog, record)

    @property
    def host(self) -> str:
        """The host of its address; empty if the site does not know its own address."""
        return urlsplit(self.url).netloc

    @functools.cached_property
    def origins(self) -> tuple[str, ...]:
        """The ids of the sites from which the records come; empty for our own, which comes first."""
        return tuple(sorted({"", *(record.site for record in self.catalog)}))

    @functools.cached_property
    def originals(self) -> Mapping[str, Measure]:
        """Address at the origin -> the measure of another site."""
        return adoption.originals(self.everything.catalog.all(Measure))

    @functools.cached_property
    def adopting(self) -> Mapping[Key, list[Measure]]:
        """Measure of another site -> our measures that are modelled after it."""
        found: dict[Key, list[Measure]] = {}
        for own in self.relations.all_measures:
            known = own.adopted_from and self.originals.get(adoption.address(own.adopted_from))
            if known and not own.site:
                found.setdefault(known.key, []).append(own)
        return found

    def neighbour(self, record: Record) -> federation.Neighbour | None:
        """The site from which a record comes, if it is another one."""
        return next((found for found in self.neighbours if found.id == record.site), None)

    def called(self, record: Record) -> str:
        """The name of a record where those of several sites stand together."""
        origin = self.neighbour(record)
        return f"{record.name} ({origin.name})" if origin else record.name

    @property
    def subscribable(self) -> bool:
        """Whether it offers feeds: it must know its own address, and one that is kept for good has no news."""
        return bool(self.host) and not self.archive

    def at(self, path: str) -> str:
        """The full address of a page or file of the site."""
        return self.url + path

    def term(self, name: str, key: str) -> Term:
        """A value of the vocabulary."""
        return self.catalog.vocabulary[name][key]


def site(
    settings: Mapping[str, Any],
    catalog: Catalog,
    lines: Lines = MappingProxyType({}),
    history: History = MappingProxyType({}),
) -> Site:
    """The site as mkdocs.yml describes it.

    Args:
        settings: mkdocs.yml as MkDocs reads it.
        catalog: the records.
        lines: where each setting stands in the file, for messages.
        history: when the files of the records changed.

    Raises:
        SiteError: with a German sentence, if a setting is missing or wrong.
    """
    extra = settings["extra"]
    _complete(extra)
    date = _reference_date(extra)
    if kept := archive.read(extra, date):
        catalog = replace(archive.until(catalog, kept.year), foreign={})
    described = _described(settings, lines, catalog, date)
    if kept:  # other sites go on; what shows or asks them would not be frozen
        described |= {"neighbours": (), "merged": ()}
    return Site(
        name=settings["site_name"],
        url=settings.get("site_url") or "/",
        catalog=catalog,
        relations=relate(catalog),
        reference_date=date,
        archive=kept,
        index="" if settings.get("use_directory_urls", True) else INDEX,
        history=history,
        **described,
    )


def _complete(extra: Mapping[str, Any]) -> None:
    missing = [key for key in ("operator", "reference_date", "check_after_months", "editing") if key not in extra]
    if missing:
        raise SiteError(f"mkdocs.yml: Unter extra fehlt {missing[0]}. Bitte nach dem Muster des Projekts eintragen.")


def _described(settings: Mapping[str, Any], lines: Lines, catalog: Catalog, date: datetime.date) -> dict[str, Any]:
    """What mkdocs.yml says of operator, neighbours, open data and editing, as arguments of ``Site``."""
    extra, origin = settings["extra"], operators.origin(lines)
    operator, wrong = operators.read(extra["operator"] or {}, origin)
    neighbours, misnamed = federation.neighbours(settings, lines, catalog.foreign)
    data, misdescribed = open_data.read(extra.get("open_data") or {}, lines, operator.licence.url)
    if faults := sorted((*wrong, *misnamed, *misdescribed)):
        raise SiteError(problems.as_text(faults))
    return {
        "operator": operator,
        "gaps": tuple(publishing.gaps(operator, origin, date)),
        "neighbours": neighbours,
        "merged": tuple(_merged(extra, {neighbour.url for neighbour in neighbours})),
        "open_data": data,
        "check_after": _months(extra),
        "editing": editing(settings.get("repo_url") or "", extra),
    }


def _months(extra: Mapping[str, Any]) -> int:
    months = str(extra["check_after_months"])
    if not months.isdecimal():
        raise SiteError(
            f"mkdocs.yml: extra.check_after_months: „{months}“ ist keine Zahl von Monaten, zum Beispiel 24."
        )
    return int(months)


def _reference_date(extra: Mapping[str, Any]) -> datetime.date:
    try:
        return day(str(extra["reference_date"]))
    except ValueError as error:
        raise SiteError(
            f"mkdocs.yml: extra.reference_date: {error}. Bitte einen Tag angeben, zum Beispiel 2026-11-20."
        ) from error


def editing(repository: str, extra: Mapping[str, Any]) -> Editing:
    """How proposals reach the repository.

    Raises:
        SiteError: with a German sentence, if the kind of forge is not known.
    """
    settings = extra["editing"]
    if settings.get("forge") not in FORGES:
        raise SiteError(
            f"mkdocs.yml: extra.editing.forge: „{settings.get('forge')}“ ist nicht bekannt. "
            f"Bitte eine von diesen eintragen: {', '.join(FORGES)}."
        )
    return Editing(f"{repository.rstrip('/')}/", **{key: str(value) for key, value in settings.items()})


def _merged(extra: Mapping[str, Any], fetched: Collection[str]) -> Iterator[str]:
    """The addresses below ``extra.search.merge``, each with a closing slash; none of those that are ``fetched``."""
    for address in (extra.get("search") or {}).get("merge") or ():
        parts = urlsplit(str(address))
        if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
            raise SiteError(
                f"mkdocs.yml: extra.search.merge: „{address}“ ist keine Adresse einer Wissensbasis. "
                "Bitte vollständig angeben, zum Beispiel https://wissensbasis.example.org/."
            )
        full = f"{str(address).rstrip('/')}/"
        if full in fetched:
            raise SiteError(
                f"mkdocs.yml: extra.search.merge: „{address}“ steht auch unter extra.federation, "
                "jeder Treffer käme doppelt. Bitte an einer der beiden Stellen streichen."
            )
        yield full


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


def data_file(kind: str) -> str:
    """Where the data of a kind of record stands on the site."""
    return f"{DATA_FOLDER}/{_PLURALS.get(kind, f'{kind}s')}.json"


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
