"""The real site: links, markup and budgets of every page."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# The closing tag may be left out.
OPTIONAL = {"li", "p", "dt", "dd", "tr", "td", "th", "thead", "tbody"}
KIB = 1024


class Reader(HTMLParser):
    """Collects what the checks below need from one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.shell: list[str] = []  # those of the header and the footer
        self.name = ""
        self.loads: list[str] = []
        self.pictures: list[str] = []  # fetched when a reader comes near
        self.headings: list[int] = []
        self.elements = 0
        self.inline: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.text: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements += 1
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
            if {"header", "footer"} & set(self.open):
                self.shell.append(found["href"])
        if tag in {"script", "img", "iframe", "source"} and "src" in found:
            (self.pictures if found.get("loading") == "lazy" else self.loads).append(found["src"])
        if tag == "link" and found.get("rel") == "alternate":  # which no browser fetches by itself
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") != "canonical":
            self.loads.append(found["href"])
        if tag == "html":
            self.lang = found.get("lang", "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        data = found.get("type") == "application/ld+json"  # which no browser runs
        if tag == "style" or (tag == "script" and "src" not in found and not data):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in OPTIONAL:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.open[-1:] == ["title"]:
            self.name += data


@pytest.fixture(scope="module")
def pages(real_build: Path) -> dict[str, Reader]:
    """Address of each page -> what is on it."""
    found = {}
    for path in sorted(real_build.rglob("*.html")):
        address = path.relative_to(real_build).as_posix().removesuffix("index.html")
        found[address] = Reader(path.read_text())
    assert len(found) > 900
    return found


def test_no_internal_link_or_anchor_is_broken(pages: dict[str, Reader], real_build: Path) -> None:
    broken = []
    base = "https://wissensbasis.example.org/"
    ids = {address: set(page.ids) for address, page in pages.items()}
    for address, page in pages.items():
        for target in {*page.links, *page.loads, *page.pictures}:
            full = urlsplit(urljoin(base + address, target))
            if full.scheme not in {"http", "https"} or full.netloc != "wissensbasis.example.org":
                continue
            path = unquote(full.path).removeprefix("/")
            exists = path in pages or (real_build / path).is_file()
            if not exists or (full.fragment and full.fragment not in ids.get(path, ())):
                broken.append(f"{address or '/'} -> {target}")
    assert broken == []


def test_markup_is_sound(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        assert page.unbalanced == [], address
        assert [i for i, amount in Counter(page.ids).items() if amount > 1] == [], address
        assert page.lang == "de"
        assert page.headings[:1] == [1], address
        assert page.headings.count(1) == 1, address
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(later - earlier <= 1 for earlier, later in steps), (address, page.headings)


def test_navigation_and_help_are_where_they_were(pages: dict[str, Reader]) -> None:
    """WCAG 3.2.3 and 3.2.6: the same links in one order around every page; "zum Seitenanfang" stays on it."""
    orders = {
        tuple(urljoin(f"/{address}", href) for href in page.shell if not href.startswith("#"))
        for address, page in pages.items()
        if page.shell  # a redirect has none
    }
    assert len(orders) == 1
    assert len(*orders) > 20


def test_titles_tell_pages_apart(pages: dict[str, Reader]) -> None:
    """WCAG 2.4.2; a network may be called like the measure by which it came about."""
    places: dict[str, list[str]] = {}
    for address, page in pages.items():
        places.setdefault(page.name, []).append(address.split("/")[0])
    assert "" not in places
    shared = [sorted(found) for found in places.values() if len(found) > 1]
    assert [found for found in shared if found != ["massnahmen", "netzwerke"]] == []


def test_nothing_inline_and_nothing_from_elsewhere(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        assert page.inline == [], address
        assert all(not urlsplit(load).netloc for load in (*page.loads, *page.pictures)), address


def test_budgets(pages: dict[str, Reader], real_build: Path) -> None:
    """Design section 7: at most 1,500 elements; pages 30 KiB, lists with facets and the form 60 KiB on the wire, 6 requests.

    What a reader's choice loads later is left out: modules count with those that they import.
    """
    assets = {path.name: path for path in (real_build / "assets").iterdir() if path.is_file()}
    imports = {name: re.findall(r'from "\./(.+)"', path.read_text()) for name, path in assets.items()}
    sizes = {name: len(gzip.compress(path.read_bytes(), 6)) for name, path in assets.items()}
    for address, page in pages.items():
        loaded = {load.split("/")[-1] for load in page.loads}
        loaded |= {name for load in loaded for name in imports[load]}
        assert page.elements <= 1500, (address, page.elements)
        path = real_build / address / "index.html" if not address.endswith(".html") else real_build / address
        size = len(gzip.compress(path.read_bytes(), 6)) + sum(sizes[name] for name in loaded)
        narrowed = not loaded.isdisjoint({"facets.js", "proposal.js"})
        assert len(loaded) + 1 <= 6, address
        assert size <= (60 if narrowed else 30) * KIB, (address, size)


def test_pictures_are_small_and_keep_their_place(pages: dict[str, Reader], real_build: Path) -> None:
    shown = {urljoin(f"/{address}", load) for address, page in pages.items() for load in page.pictures}
    made = {f"/{path.relative_to(real_build)}" for path in real_build.glob("mitmachen/**/*.png")}
    assert shown == made != set()
    assert all((real_build / path[1:]).stat().st_size <= 40 * KIB for path in made)
    for path in (real_build / "mitmachen").rglob("index.html"):
        for tag in re.findall(r"<img[^>]*>", path.read_text()):
            assert 'width="820"' in tag, (path, tag)
            assert 'height="620"' in tag, (path, tag)


def test_no_leftovers_of_templates(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        text = " ".join(page.text)
        for leftover in ("{{", "{%", "None", "Undefined", "&amp;", "  ,"):
            assert leftover not in text or "mitmachen" in address, (address, leftover)


def test_singular_and_plural(pages: dict[str, Reader]) -> None:
    wrong = re.compile(r"(?<![\d.,])1\s(?:Maßnahmen|Partnern|Netzwerke|Nennungen|Mitglieder|Phasen|Sitzungen)\b")
    for address, page in pages.items():
        assert not wrong.search(" ".join(page.text)), address


def test_every_record_is_reached_from_a_list(pages: dict[str, Reader]) -> None:
    """Nobody should need search to reach a page."""
    seen = {""}
    waiting = [""]
    base = "https://wissensbasis.example.org/"
    while waiting:
        address = waiting.pop()
        for href in pages[address].links:
            path = unquote(urlsplit(urljoin(base + address, href)).path).removeprefix("/")
            if path in pages and path not in seen:
                seen.add(path)
                waiting.append(path)
    redirects = {address for address, page in pages.items() if "Diese Seite ist umgezogen" in " ".join(page.text)}
    assert set(pages) - seen - redirects == {"404.html"}


def test_site_map_lists_every_page(pages: dict[str, Reader], real_build: Path) -> None:
    site_map = (real_build / "sitemap.xml").read_text()
    assert site_map.count("<loc>") == len([a for a in pages if not a.endswith(".html")])


def test_error_page_works_from_any_depth(pages: dict[str, Reader]) -> None:
    """A server shows it at the address that was asked for, so nothing on it may be relative."""
    page = pages["404.html"]
    for target in {*page.links, *page.loads, *page.pictures}:
        assert target.startswith(("/", "#", "mailto:")), target
        assert not target.startswith("//"), target


def test_only_our_own_assets_are_published(real_build: Path) -> None:
    assert sorted(path.name for path in (real_build / "assets").rglob("*") if path.is_file()) == [
        "archive.js",
        "compare.js",
        "facet-index.js",
        "facets.js",
        "icon.svg",
        "json-schema.js",
        "material.css",
        "og",
        "proposal-check.js",
        "proposal-fields.js",
        "proposal-text.js",
        "proposal.js",
        "query.js",
        "record-file.js",
        "search-engine.js",
        "search.js",
        "site.css",
        "site.js",
        "table-files.js",
    ]
