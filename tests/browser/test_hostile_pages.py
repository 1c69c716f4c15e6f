"""Real Chromium on the pages of all hostile samples, without any policy of a server: nothing runs, loads, leaves or lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import hostile
from browsing import serving

pytestmark = pytest.mark.browser

SAMPLES = {
    sample["sample"]: sample for sample in hostile.samples() if not sample.get("refused") and "changes" not in sample
}
# What an author's handler could wait for; links are kept from leading away.
EVENTS = """() => {
  document.addEventListener("click", event => event.preventDefault(), true);
  for (const element of document.querySelectorAll("main, main *"))
    for (const name of ["mouseover", "focus", "focusin", "click", "toggle", "error", "load", "begin", "start", "animationstart"])
      element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
}"""
SHELL = """() => ({
  pwned: typeof pwned, config: typeof __config, root: document.documentElement.tagName, body: document.body.tagName,
  main: document.getElementById("inhalt").tagName, mains: document.querySelectorAll("main").length,
  question: document.getElementById("wb-q")?.tagName, base: document.baseURI === location.href,
  scripts: [...document.scripts].every(script => script.src.startsWith(location.origin + "/assets/") || script.matches("head > [type='application/ld+json']")),
  data: [...document.querySelectorAll("[type='application/ld+json']")].map(script => JSON.parse(script.text)["@context"]).join(),
  inside: document.querySelectorAll("main :is(script, style, iframe, object, embed, svg, math, base, meta, link, video)").length,
  forged: document.querySelectorAll("main :is([style], [onclick], [onerror], [onload], [autofocus])").length,
  headings: document.querySelectorAll("h1").length, footers: document.querySelectorAll("footer").length,
  hidden: getComputedStyle(document.body).display === "none",
})"""
INTACT = {
    "pwned": "undefined", "config": "undefined", "root": "HTML", "body": "BODY", "main": "MAIN", "mains": 1, "base": True,
    "scripts": True, "data": "https://schema.org", "inside": 0, "forged": 0, "headings": 1, "footers": 1, "hidden": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def place(hostile_project: Path) -> Iterator[str]:
    with serving(hostile_project / "site") as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, place: str) -> Iterator[Page]:
    """A page that notes whatever an attack would show itself by."""
    context = browser.new_context()
    page = context.new_page()
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("popup", lambda popup: told.append(f"popup {popup.url}"))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(place) else None)
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # An author may name a picture that does not exist.
    assert [line for line in told if "status of 404" not in line] == []


def intact(page: Page) -> None:
    """The shell is whole."""
    found = page.evaluate(SHELL)
    assert found.pop("question") in ("INPUT", None)
    assert found == INTACT
    assert len(page.frames) == 1


@pytest.mark.parametrize("key", SAMPLES)
def test_nothing_runs(key: str, visitor: Page, place: str) -> None:
    address = f"{place}{hostile.address(SAMPLES[key])}"
    visitor.goto(address, wait_until="load")
    intact(visitor)
    visitor.evaluate(EVENTS)
    intact(visitor)
    assert visitor.url == address
    assert "Falsches Impressum" not in visitor.locator("body > footer").inner_text()


def test_lists_that_scripts_make_show_markup_as_text(visitor: Page, place: str) -> None:
    """The same titles go through the data files and the scripts of the list, the comparison and the form."""
    title = hostile_title("29")
    visitor.goto(f"{place}massnahmen/?status=laufend", wait_until="networkidle")
    expect(visitor.get_by_text(title).first).to_be_visible()
    intact(visitor)
    visitor.goto(f"{place}vergleich/?massnahme=kreis-lippe/h-29", wait_until="networkidle")
    expect(visitor.get_by_text(title).first).to_be_attached()
    assert visitor.evaluate("() => typeof pwned") == "undefined"
    visitor.goto(f"{place}mitmachen/vorschlag/?massnahme=kreis-lippe/h-29", wait_until="networkidle")
    expect(visitor.get_by_role("textbox", name="Titel Pflicht", exact=True).first).to_have_value(title)
    assert visitor.evaluate("() => typeof pwned") == "undefined"


def hostile_title(key: str) -> str:
    return str(SAMPLES[key]["measure"]["title"])[1:-1]


def test_search_believes_no_author(visitor: Page, place: str) -> None:
    """Title, address and facets of a result are the page's own, and its excerpt is text."""
    visitor.goto(f"{place}suche/?q=Wort39")
    link = visitor.locator(".wb-search__results li a").first
    expect(link).to_have_text("Probe 39")
    assert link.get_attribute("href") == "/massnahmen/kreis-lippe/h-39/" or str(link.get_attribute("href")).endswith(
        "massnahmen/kreis-lippe/h-39/"
    )
    assert "falsch" not in visitor.locator(".wb-facets").inner_text().casefold().replace("falscher titel", "")
    visitor.goto(f"{place}suche/?q=Zauberwort")
    expect(visitor.locator(".wb-search__results li a").first).to_have_text("Probe o29")
    expect(visitor.locator(".wb-search__excerpt").first).to_contain_text("<img src=x onerror=window.pwned=1>")
    intact(visitor)
