"""The policy of each page, and what servers are told: read back as a server and a browser read it."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from catalog import policy, views
from catalog.site import Site
from serving import headers_for, parsed

SPECIAL = {"search"}


class Metas(HTMLParser):
    """What a page says of itself, in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def policies(self) -> list[str]:
        return [at["content"] for _, at in self.found if at.get("http-equiv") == "Content-Security-Policy"]


def directives(text: str) -> dict[str, list[str]]:
    parts = [part.split() for part in text.split(";")]
    names = [name for name, *_ in parts]
    assert len(names) == len(set(names)), text
    return {name: values for name, *values in parts}


def test_no_page_may_do_more_than_it_must(real_site: Site) -> None:
    for view in {page.view for page in views.plan(real_site)} | {""}:
        allowed = directives(policy.of(real_site, view))
        assert "'unsafe-inline'" not in policy.of(real_site, view)
        assert allowed["default-src"] == allowed["base-uri"] == ["'none'"]
        assert allowed["style-src"] == ["'self'"]
        assert allowed["require-trusted-types-for"] == ["'script'"]
        assert (allowed["script-src"] == ["'self'"]) == (view not in SPECIAL)
        assert (allowed["trusted-types"] == ["'none'"]) == (view not in SPECIAL)


def test_other_sites_are_asked_by_the_search_alone(real_site: Site) -> None:
    merging = dataclasses.replace(real_site, merged=("https://a.example/wissen/", "https://b.example:8443/"))
    asked = directives(policy.of(merging, "search"))["connect-src"]
    assert asked == ["'self'", "https://a.example", "https://b.example:8443"]
    assert directives(policy.of(merging, "measures"))["connect-src"] == ["'self'"]


def test_each_page_says_its_policy_before_it_loads_anything(real_build: Path, real_site: Site) -> None:
    by_address = {page.address: page.view for page in views.plan(real_site)} | {"404.html": ""}
    for address, view in by_address.items():
        path = real_build / address if address.endswith(".html") else real_build / address / "index.html"
        page = Metas(path.read_text())
        assert page.policies == [policy.of(real_site, view)], address
        first = next(i for i, (_, at) in enumerate(page.found) if at.get("http-equiv"))
        assert not [tag for tag, at in page.found[:first] if {"src", "href"} & at.keys()], address
        assert ("meta", {"name": "referrer", "content": "no-referrer"}) in page.found


def test_headers_and_page_say_the_same(real_build: Path) -> None:
    rules = parsed((real_build / "_headers").read_text())
    for path in real_build.rglob("*.html"):
        address = f"/{path.relative_to(real_build).as_posix()}"
        for asked in {address, address.removesuffix("index.html")}:
            sent = headers_for(rules, asked)
            said = Metas(path.read_text()).policies
            assert [
                value.removesuffix("; frame-ancestors 'none'") for value in sent["Content-Security-Policy"]
            ] == said, asked
            assert sent["X-Content-Type-Options"] == ["nosniff"]
            assert all(len(values) == 1 for values in sent.values()), (asked, sent)


def test_the_editor_keeps_its_own_policy_and_can_not_be_framed(real_build: Path) -> None:
    sent = headers_for(parsed((real_build / "_headers").read_text()), "/redaktion/")
    assert sent["Content-Security-Policy"] == ["frame-ancestors 'none'"]
    assert sent["X-Frame-Options"] == ["DENY"]
    assert "Cross-Origin-Opener-Policy" not in sent


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        ("/api/v1/measures.json", True),
        ("/massnahmen/massnahmen.csv", True),
        ("/feeds/massnahmen.xml", True),
        ("/feeds/partner/kreis-lippe.xml", True),
        ("/feeds/termine.ics", True),
        ("/suche/index/pagefind-entry.json", True),
        ("/suche/woerter.json", True),
        ("/massnahmen/", False),
        ("/redaktion/config.json", False),
    ],
)
def test_open_data_may_be_read_by_programs_of_others(real_build: Path, path: str, opened: bool) -> None:
    sent = headers_for(parsed((real_build / "_headers").read_text()), path)
    assert sent.get("Access-Control-Allow-Origin", []) == (["*"] if opened else [])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/feeds/massnahmen.xml", ["application/atom+xml; charset=utf-8"]),
        ("/feeds/kategorien/vernetzung.xml", ["application/atom+xml; charset=utf-8"]),
        ("/feeds/termine.ics", ["text/calendar; charset=utf-8"]),
        ("/sitemap.xml", []),
    ],
)
def test_feeds_say_what_they_are(small_site: Site, path: str, told: list[str]) -> None:
    rules = parsed(dict(policy.files(small_site, views.plan(small_site)))["_headers"])
    assert headers_for(rules, path).get("Content-Type", []) == told


def test_a_site_in_a_folder(small_site: Site) -> None:
    """As on GitLab Pages, where a project has a path of its own."""
    moved = dataclasses.replace(small_site, url="https://example.org/a.b/wissen/")
    pages = views.plan(moved)
    told = dict(policy.files(moved, pages))
    rules = parsed(told["_headers"])
    assert all(path.startswith("/a.b/wissen/") for path, _ in rules)
    assert headers_for(rules, "/a.b/wissen/suche/")["Content-Security-Policy"][0].count("wasm") == 1
    assert "error_page 404 /a.b/wissen/404.html;" in told["server/nginx-server.conf"]
    (exact,) = re.findall(r'"~(\^\S+suche/\$)"', told["server/nginx-http.conf"])
    assert re.match(exact, "/a.b/wissen/suche/")
    assert not re.match(exact, "/axb/wissen/suche/")


def test_whom_to_tell_of_a_weakness(small_site: Site) -> None:
    """RFC 9116; the day of expiry comes from the reference date, not from a clock."""
    text = dict(policy.files(small_site, views.plan(small_site)))[".well-known/security.txt"]
    assert "Contact: mailto:redaktion@example.org\n" in text
    assert "Expires: 2023-02-24T00:00:00Z\n" in text
    assert "Canonical: https://example.org/.well-known/security.txt\n" in text


def test_limits_of_hosts(real_build: Path) -> None:
    """Cloudflare Pages takes 100 rules and lines of 2,000 characters."""
    text = (real_build / "_headers").read_text()
    assert len(parsed(text)) <= 100
    assert max(map(len, text.splitlines())) <= 2000
