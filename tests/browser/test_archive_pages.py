"""The archive of the real records, unpacked and opened as a reader does: from the folder, and from the small server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import bag
import enclosed
from browsing import serving
from conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REPORT = "addEventListener('securitypolicyviolation', (e) => violated(`${e.effectiveDirective} ${e.blockedURI}`))"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the year 2020."""
    out = tmp_path_factory.mktemp("archiv")
    script = [sys.executable, str(ROOT / "scripts/archive.py"), "--year", "2020", "--allow-dirty", "--out", str(out)]
    result = subprocess.run(
        script, capture_output=True, text=True, check=False, cwd="/", env={**os.environ, "TERM": "dumb"}
    )
    assert result.returncode == 0, result.stderr
    (package,) = (out / "2020").glob("*.zip")
    return package


@pytest.fixture(scope="module")
def folder(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site inside, unpacked into a folder whose name has to be written otherwise in an address."""
    target = tmp_path_factory.mktemp("Ordner mit Ümläuten & 100 %")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(target)
    return target / packed.stem / bag.PAYLOAD


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and all that it asks for; nothing may be refused or complained about."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    faults: list[str] = []
    context.expose_function("violated", lambda violation: faults.append(violation))
    context.add_init_script(REPORT)
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: faults.append(message.text))
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page, asked
    context.close()
    assert faults == []


def test_a_reader_walks_through_the_folder(watched: tuple[Page, list[str]], folder: Path) -> None:
    page, asked = watched
    page.goto((folder / "index.html").as_uri())
    banner = page.get_by_role("complementary", name="Archiv")
    expect(banner).to_contain_text("Archiv: Stand des Berichtsjahrs 2020.")
    expect(page.locator(".wb-header")).to_have_css("background-color", "rgb(29, 79, 110)")
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Maßnahmen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maßnahmen")
    expect(page.locator(".wb-facets")).to_be_hidden()
    page.locator(".wb-items a").first.click()
    expect(banner.get_by_role("link")).to_have_attribute(
        "href", re.compile("^https://wissensbasis.example.org/massnahmen/[a-z-]+/[a-z-]+/$")
    )
    expect(page.get_by_text("Stimmt noch")).to_have_count(0)
    page.locator(".wb-facts dd a").first.click()
    assert re.search(r"/partner/[a-z-]+/index\.html$", page.url)
    page.get_by_role("button", name="Dunkle Darstellung").click()
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    page.go_back()
    page.get_by_role("link", name="Wissensbasis Vielfalt NRW").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wissensbasis Vielfalt NRW")
    page.set_viewport_size({"width": 320, "height": 600})
    page.get_by_text("Menü", exact=True).click()
    page.locator(".wb-menu--narrow").get_by_role("link", name="Phasen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phasen")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [address for address in asked if not address.startswith("file://")] == []


def test_in_a_folder_pages_say_what_they_need(watched: tuple[Page, list[str]], folder: Path) -> None:
    page, _ = watched
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("searchbox").fill("Sprachmittlung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/index.html?q=Sprachmittlung")
    expect(page.get_by_text("Die Suche braucht JavaScript und einen Server.")).to_be_visible()
    expect(page.locator(".wb-search")).to_be_hidden()
    page.locator(".wb-note").get_by_role("link", name="alle Partner").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Partner")
    page.goto((folder / "vergleich/index.html").as_uri())
    expect(page.get_by_text("Aus einem Ordner geht das nicht")).to_be_visible()
    expect(page.get_by_role("button", name="Nebeneinander zeigen")).to_be_hidden()
    page.goto((folder / "mitmachen/vorschlag/index.html").as_uri())
    living = page.get_by_role("link", name="Maßnahme vorschlagen oder berichtigen")
    expect(living).to_have_attribute("href", "https://wissensbasis.example.org/mitmachen/vorschlag/")
    page.goto((folder / "mitmachen/index.html").as_uri())
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('main img').naturalWidth > 0")


def test_from_a_server_everything_works(watched: tuple[Page, list[str]], folder: Path) -> None:
    page, asked = watched
    with serving(folder) as address:
        page.goto(f"{address}suche/?q=Sprachmittlung")
        expect(page.locator(".wb-search__status")).to_contain_text("Treffer")
        page.locator(".wb-search__results a").first.click()
        expect(page.get_by_role("complementary", name="Archiv")).to_be_visible()
        page.goto(f"{address}massnahmen/index.html")
        expect(page.locator(".wb-facets")).to_be_visible()
        page.goto(
            f"{address}vergleich/index.html?massnahme=kreis-lippe/sprachvermittlerpool&massnahme=stadt-duisburg/sprachmittlerpool"
        )
        expect(page.locator("#vergleich table")).to_be_visible()
        page.goto(f"{address}mitmachen/vorschlag/index.html")
        expect(page.locator("form.wb-proposal")).to_have_count(0)
        page.goto("about:blank")
        assert [found for found in asked if not found.startswith((address, "about:"))] == []


def test_the_banner_is_printed(watched: tuple[Page, list[str]], folder: Path) -> None:
    page, _ = watched
    page.emulate_media(media="print")
    page.goto((folder / "partner/index.html").as_uri())
    expect(page.get_by_role("complementary", name="Archiv")).to_be_visible()


def test_the_whole_is_enclosed_and_small(packed: Path, folder: Path) -> None:
    examined = enclosed.examine(folder)
    assert examined.problems == []
    assert examined.pages > 1_000
    assert examined.links > 50_000
    assert packed.stat().st_size < 20_000_000
