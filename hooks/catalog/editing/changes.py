"""What a request changes on the site: two built sites compared, strings in, value out.

A record counts as changed if its own data differ. Lists, overviews and records
that only show it elsewhere are one number, or they would bury the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from catalog.editing import markdown
from catalog.model import KINDS, Page, fields_by_key
from catalog.problems import printable
from catalog.wording import NBSP, count, figure

Item = Mapping[str, Any]
Key = tuple[str, str]
MOST = 50
# Together with the comment before it (``catalog.editing.comment``) less than what GitHub takes.
LONGEST = 20_000
# What a data file says of each record beside its fields, and the former addresses, which are told as redirects.
_APART = frozenset({"id", "url", "file", "text", "partner", "aliases"})
# What stands around an author's text; any other class of ours belongs to a list or a picture.
_FRAME_CLASSES = frozenset(
    {"wb-crumbs", "wb-toc", "wb-toc--narrow", "wb-lead", "wb-actions", "wb-facts", "wb-note", "wb-note__title"}
)
_ACTIONS = "wb-actions"


@dataclass(frozen=True, slots=True)
class Site:
    """A built site.

    Attributes:
        url: its address, with a closing slash.
        pages: address, without a leading and with a closing slash -> HTML.
        data: kind of record -> the items of its data file.
    """

    url: str
    pages: Mapping[str, str]
    data: Mapping[str, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that changes.

    Attributes:
        label: what it is: ``Maßnahme``, ``Partner``, ``Seite`` …
        title: its title.
        address: where it stands, as in ``Site.pages``.
        details: what changes, in German words.
    """

    label: str
    title: str
    address: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two sites.

    Attributes:
        added: records and pages that are new.
        changed: records whose data differ, details: the fields; and pages of text that differ.
        status: measures whose status differs, details: before and after.
        figures: records whose figures differ, details: each figure in words.
        rewritten: measures in which a reporting year says something else than it did, details: each such year.
        moved: records with a new address to which the former one leads, details: the former one.
        removed: records and pages that are gone, details: what becomes of their address.
        redirects: former addresses that lead on now and did not, or no longer do.
        consequences: how many lists, overviews and other pages differ besides.
    """

    added: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    status: tuple[Entry, ...] = ()
    figures: tuple[Entry, ...] = ()
    rewritten: tuple[Entry, ...] = ()
    moved: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    redirects: tuple[Entry, ...] = ()
    consequences: int = 0


def compare(old: Site, new: Site) -> Changes:
    """What the new site shows otherwise than the old one."""
    before, after = _items(old), _items(new)
    redirects = _redirects(new)
    former = _former(old, new, before, after, redirects)
    both = [(key, before[former[key]], item) for key, item in after.items() if key in former]
    gone = [key for key in before if key not in former.values()]
    own = {_address(new, item) for item in after.values()} | {_address(old, item) for item in before.values()}
    pages = _Pages.of(old, new, own | redirects.keys() | _redirects(old).keys())
    changed = [_entry(new, key, item, fields) for key, was, item in both if (fields := _fields(key[0], was, item))]
    differing = {entry.address for entry in changed}
    return Changes(
        added=(*(_entry(new, key, item) for key, item in after.items() if key not in former), *pages.added),
        changed=(*changed, *pages.texts),
        status=tuple(
            _entry(new, key, item, (_label(was), _label(item)))
            for key, was, item in both
            if key[0] == "measure" and _plain(was["status"]) != _plain(item["status"])
        ),
        figures=tuple(
            _entry(new, key, item, words) for key, was, item in both if (words := tuple(_figures(was, item)))
        ),
        rewritten=tuple(
            _entry(new, key, item, words) for key, was, item in both if (words := tuple(_rewritten(was, item)))
        ),
        moved=tuple(
            _entry(new, key, item, (_address(old, was),))
            for key, was, item in both
            if _address(old, was) != _address(new, item)
        ),
        removed=(*(_gone(_entry(old, key, before[key]), redirects) for key in gone), *pages.removed),
        redirects=tuple(_redirect_entries(_redirects(old), redirects, {_address(old, w) for _, w, _ in both})),
        consequences=pages.others + len(_shown_otherwise(old, new, both) - differing),
    )


def as_text(changes: Changes) -> str:
    """The list for a terminal."""
    return _written(changes, printable, printable, "{title}:")


def as_markdown(changes: Changes) -> str:
    """The list for a comment on a request, to follow the comment of the check."""
    listed = _written(changes, markdown.words, lambda text: markdown.code(text, 160), "**{title}**\n")
    return markdown.cut(f"### Was sich auf der Website ändert\n\n{listed}", LONGEST)


def _items(site: Site) -> dict[Key, Item]:
    """All records, by kind and reference, in the order of kinds and references."""
    return {
        (kind, item["id"]): item
        for kind in KINDS
        for item in sorted(site.data.get(kind, ()), key=lambda item: str(item["id"]))
    }


def _address(site: Site, item: Item) -> str:
    return str(item["url"]).removeprefix(site.url)


def _entry(site: Site, key: Key, item: Item, details: tuple[str, ...] = ()) -> Entry:
    return Entry(KINDS[key[0]].label[0], item["title"], _address(site, item), details)


def _label(item: Item) -> str:
    return str(item["status"]["label"])


def _former(
    old: Site, new: Site, before: Mapping[Key, Item], after: Mapping[Key, Item], redirects: Mapping[str, str]
) -> dict[Key, Key]:
    """Which record of the old site a record of the new one was: itself, or the one whose address leads to it."""
    at = {_address(new, item): key for key, item in after.items()}
    found = {key: key for key in after if key in before}
    for key, item in before.items():
        target = at.get(redirects.get(_address(old, item), ""))
        if key not in after and target is not None and target not in found and target[0] == key[0]:
            found[target] = key
    return found


def _fields(kind: str, was: Item, item: Item) -> tuple[str, ...]:
    """The German names of the fields that differ."""
    names = {key: info.title or key for key, info in fields_by_key(KINDS[kind]).items()}
    differing = [
        names.get(key, key)
        for key in {**item, **was}
        if key not in _APART and _plain(was.get(key)) != _plain(item.get(key))
    ]
    return (*differing, *(["Text"] if was["text"] != item["text"] else []))


def _plain(value: Any) -> Any:
    """A value without the labels and titles of what it names, which belong to others; ``None`` if it is empty."""
    if isinstance(value, Mapping):
        if "url" in value and "id" in value:
            return value["id"]
        if value.keys() == {"key", "label"}:
            return value["key"]
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value] or None
    return value


def _figures(was: Item, item: Item) -> Iterator[str]:
    """What becomes of each figure: changed if it counts the same as before, else new or gone."""
    old, new = (Counter(_figure_words(entry) for entry in i.get("figures") or ()) for i in (was, item))
    fresh, gone = list((new - old).elements()), list((old - new).elements())
    for counted, value in fresh:
        before = next((entry for entry in gone if entry[0] == counted), None)
        if before is not None:
            gone.remove(before)
            yield f"{before[1]} → {value}{_about(counted)}"
        else:
            yield f"neu: {value}{_about(counted)}"
    yield from (f"entfernt: {value}{_about(counted)}" for counted, value in gone)


def _rewritten(was: Item, item: Item) -> Iterator[str]:
    """The reporting years that are gone or say something else; a year that is new takes nothing away."""
    now = {report["year"]: report for report in item.get("reports") or ()}
    for report in was.get("reports") or ():
        year = report["year"]
        if year not in now:
            yield f"{year} entfernt"
        elif _label(report) != _label(now[year]):
            yield f"{year}: {_label(report)} → {_label(now[year])}"
        elif any(_plain(report[key]) != _plain(now[year].get(key)) for key in report if report[key]):
            yield f"{year} geändert"


def _figure_words(entry: Item) -> tuple[tuple[str, str, str], str]:
    """What a figure counts, and its value in words."""
    unit = str(entry["unit"])
    counted = unit, str(entry.get("note") or ""), str(entry.get("as_of") or "")
    return counted, figure(entry["value"], unit).replace(NBSP, " ")


def _about(counted: tuple[str, str, str]) -> str:
    said = ", ".join(filter(None, counted[1:]))
    return f" ({said})" if said else ""


def _gone(entry: Entry, redirects: Mapping[str, str]) -> Entry:
    target = redirects.get(entry.address)
    fate = "Die Adresse führt ins Leere." if target is None else f"Die Adresse leitet weiter nach /{target}"
    return Entry(entry.label, entry.title, entry.address, (fate,))


def _redirect_entries(old: Mapping[str, str], new: Mapping[str, str], moved: set[str]) -> Iterator[Entry]:
    for address, target in sorted(new.items()):
        if old.get(address) != target and address not in moved:
            yield Entry("Weiterleitung", "", address, (f"führt nach /{target}",))
    for address in sorted(old.keys() - new.keys()):
        yield Entry("Weiterleitung", "", address, ("gibt es nicht mehr",))


class _Reader(HTMLParser):
    """Reads of a page what readers see of it: the words, links and pictures inside ``main``, and where it leads on."""

    def __init__(self) -> None:
        super().__init__()
        self.content: list[str] = []
        self.title = ""
        self.refresh = ""
        self.shows_only_text = True  # whether there is neither table, list nor picture of ours
        self._in_main = False
        self._in_title = False
        self._skipped = 0  # how deep in lists below the actions, which no reader counts as content

    @classmethod
    def read(cls, html: str) -> _Reader:
        """Read a whole page."""
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "meta" and said.get("http-equiv", "").lower() == "refresh":
            self.refresh = said.get("content", "").partition("url=")[2]
        self._in_main = self._in_main or tag == "main"
        if not self._in_main or tag == "main":
            return
        classes = set(said.get("class", "").split())
        foreign = {name for name in classes if name.startswith("wb-")} - _FRAME_CLASSES
        self.shows_only_text = self.shows_only_text and tag != "table" and not foreign
        if tag == "ul" and (self._skipped or _ACTIONS in classes):
            self._skipped += 1
        self._in_title = self._in_title or tag == "h1"
        if not self._skipped:
            self.content += [f"{name}={said[name]}" for name in ("href", "src", "alt") if name in said]

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        elif tag == "h1":
            self._in_title = False
        elif tag == "ul" and self._skipped:
            self._skipped -= 1

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if said and self._in_main and not self._skipped:
            self.content.append(said)
            if self._in_title:
                self.title = f"{self.title} {said}".strip()


@dataclass(frozen=True, slots=True)
class _Pages:
    """Pages that belong to no record: new ones, texts that differ, gone ones, and how many others differ."""

    added: tuple[Entry, ...]
    texts: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    others: int

    @classmethod
    def of(cls, old: Site, new: Site, recorded: Iterable[str]) -> _Pages:
        """Compare the pages of two sites that stand at none of the addresses of records and redirects."""
        known = frozenset(recorded)
        ours = [address for address in sorted(old.pages.keys() | new.pages.keys()) if address not in known]
        both = [address for address in ours if address in old.pages and address in new.pages]
        read = {address: _Reader.read(new.pages[address]) for address in both if _differs(old, new, address)}
        fresh = [address for address in ours if address not in old.pages]
        gone = [address for address in ours if address not in new.pages]
        return cls(
            tuple(_page(address, _Reader.read(new.pages[address])) for address in fresh),
            tuple(_page(address, page) for address, page in read.items() if page.shows_only_text),
            tuple(_gone(_page(address, _Reader.read(old.pages[address])), {}) for address in gone),
            sum(not page.shows_only_text for page in read.values()),
        )


def _page(address: str, page: _Reader) -> Entry:
    return Entry(Page.label[0], page.title, address)


def _differs(old: Site, new: Site, address: str) -> bool:
    """Whether readers see something else; what stands around ``main`` is the same on all pages and does not count."""
    one, other = old.pages[address], new.pages[address]
    return one != other and _Reader.read(one).content != _Reader.read(other).content


def _shown_otherwise(old: Site, new: Site, both: Iterable[tuple[Key, Item, Item]]) -> set[str]:
    """The addresses of records whose page differs."""
    addresses = {_address(new, item) for _, was, item in both if _address(old, was) == _address(new, item)}
    return {a for a in addresses if a in old.pages and a in new.pages and _differs(old, new, a)}


def _redirects(site: Site) -> dict[str, str]:
    """Former address -> where it leads."""
    found = {}
    for address, html in site.pages.items():
        # Parsing every page would take long; only these have no main.
        if "<main" not in html and (target := _Reader.read(html).refresh):
            found[address] = urljoin(f"{site.url}{address}", target).removeprefix(site.url)
    return found


Escape = Callable[[str], str]


def _written(changes: Changes, words: Escape, code: Escape, heading: str) -> str:
    """All groups that hold something, each with at most ``MOST`` entries."""
    groups = [(title, list(lines)) for title, lines in _groups(changes, words, code)]
    blocks = [
        "\n".join([heading.format(title=f"{title} ({len(lines)})"), *(f"- {line}" for line in _capped(lines))])
        for title, lines in groups
        if lines
    ]
    if changes.consequences:
        others = count(changes.consequences, "weitere Seite", "weitere Seiten")
        verb = "ändert" if changes.consequences == 1 else "ändern"
        blocks.append(f"Außerdem {verb} sich {others} (Listen, Übersichten und Seiten, die darauf verweisen).")
    return "\n\n".join(blocks or ["Auf der Website ändert sich nichts."]) + "\n"


def _capped(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"und {len(lines) - MOST} weitere"


def _groups(changes: Changes, words: Escape, code: Escape) -> Iterator[tuple[str, Iterator[str]]]:
    def name(entry: Entry) -> str:
        return f"{entry.label}: {words(entry.title)}, {code(f'/{entry.address}')}"

    yield "Neue Seiten", (name(entry) for entry in changes.added)
    yield "Status", (f"{words(e.title)}: {' → '.join(map(words, e.details))}" for e in changes.status)
    yield "Zahlen", (f"{words(e.title)}: {'; '.join(map(words, e.details))}" for e in changes.figures)
    yield (
        "Überschriebene Berichtsjahre; bitte prüfen, ob das eine Berichtigung ist",
        (f"{words(e.title)}: {'; '.join(map(words, e.details))}" for e in changes.rewritten),
    )
    yield (
        "Geänderte Seiten",
        (f"{name(e)}{': ' if e.details else ''}{', '.join(map(words, e.details))}" for e in changes.changed),
    )
    yield "Neue Adressen", (f"{name(e)}, bisher {code(f'/{e.details[0]}')}" for e in changes.moved)
    yield "Entfernte Seiten", (f"{name(e)}. {words(e.details[0])}" for e in changes.removed)
    yield "Weiterleitungen", (f"{code(f'/{e.address}')} {words(e.details[0])}" for e in changes.redirects)
