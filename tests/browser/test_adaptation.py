"""Real Chromium: colours of the reader's own, no motion, paper."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from test_accessibility import SHARES, STATES, looking, share_of

from catalog.site import Site
from inspecting import faults, prepare, unfold
from kinds import one_of_each

pytestmark = pytest.mark.browser

# Stops of which the ring is looked at in forced colours; where they lie, the walk has found out.
RINGS = 40
# What differs in looks from other pages, beyond the kinds.
COLOURED = (
    "search: results, with what else was asked for",
    "list: narrowed",
    "form: with faults",
    "form: correction",
    "comparison: two",
)


def in_forced_colours(page: Page) -> list[str]:
    """Boxes, pictures and rings in both of Chromium's palettes."""
    found: list[str] = []
    page.evaluate("document.querySelector('.wb-scheme').setAttribute('aria-pressed', 'true')")
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
        found += faults(page, "boxes", "graphics", "legible") + page.evaluate("(most) => walk.rings(most)", RINGS)
    page.emulate_media(forced_colors="none", color_scheme="light")
    return found


@pytest.mark.parametrize("share", range(SHARES))
def test_forced_colours_and_paper(
    browser: Browser, address: str, real_site: Site, real_build: Path, share: int
) -> None:
    found = {}
    with looking(browser) as page:
        for kind, path in share_of(one_of_each(real_site, real_build), share):
            page.goto(address + path)
            unfold(prepare(page))
            forced = in_forced_colours(page)
            page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = false; })")
            page.evaluate("document.documentElement.dataset.scheme = 'dark'")
            page.emulate_media(media="print")
            found[kind] = forced + faults(page, "paper")
            page.emulate_media(media="screen")
    assert {kind: said for kind, said in found.items() if said} == {}


@pytest.mark.parametrize("state", COLOURED)
def test_forced_colours_of_states(browser: Browser, address: str, state: str) -> None:
    with looking(browser) as page:
        STATES[state](page, address)
        unfold(prepare(page))
        assert in_forced_colours(page) == []


@pytest.mark.parametrize(
    "shape", ["wb-chart__bar", "wb-chart__phase", "wb-chart__dots", "wb-map__mark", "wb-grid__member"]
)
def test_pictures_take_the_readers_colours(browser: Browser, address: str, shape: str) -> None:
    """Not only what happens to contrast with the palette at hand."""
    path = {"wb-map": "karte", "wb-grid": "netzwerke"}.get(shape.split("__")[0], "zeit")
    with looking(browser) as page:
        page.emulate_media(forced_colors="active")
        page.goto(f"{address}ueberblick/{path}/")
        paints = """(shape) => {
          const [style, probe] = [getComputedStyle(document.querySelector(`.${shape}`)), document.createElement("p")];
          document.body.append(probe);
          return [style.fill, style.stroke, ["CanvasText", "LinkText", "Highlight"].map((name) => {
            probe.style.color = name;
            return getComputedStyle(probe).color;
          })];
        }"""
        fill, stroke, own = page.evaluate(paints, shape)
        assert {fill, stroke} & set(own)


def test_what_is_pressed_shows_it(page: Page, address: str) -> None:
    page.goto(address)
    button = page.get_by_role("button", name="Dunkle Darstellung")
    before = page.evaluate("getComputedStyle(document.querySelector('.wb-scheme'), '::before').content")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.querySelector('.wb-scheme'), '::before').content") != before


def test_links_elsewhere_say_so_and_print_their_address(page: Page, address: str) -> None:
    page.goto(f"{address}daten/")
    expect(page.get_by_role("link", name="CC BY 4.0")).to_have_accessible_name("CC BY 4.0 (andere Website)")
    paper = pypdf.PdfReader(io.BytesIO(page.pdf()))
    assert "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/deed.de)" in " ".join(
        "".join(sheet.extract_text() for sheet in paper.pages).split()
    )


def test_the_form_is_printed_as_a_list_of_its_questions(page: Page, address: str) -> None:
    page.goto(f"{address}mitmachen/vorschlag/")
    page.locator("#measure-sources [data-entry]").first.wait_for()
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf())).pages)
    assert "Pflicht" in text
    assert "Setzt fort" in text  # which is folded away on a screen
    for button in ("Prüfen", "Weiterer Eintrag", "Suchen"):
        assert button not in text


def test_comparison_stays_without_a_host_in_its_links(page: Page, address: str) -> None:
    """Else copies of links within the site would be shown and printed as links to another one."""
    page.goto(
        f"{address}vergleich/?massnahme=kreis-lippe/sprachvermittlerpool&massnahme=stadt-duisburg/sprachmittlerpool"
    )
    page.locator(".wb-compare").wait_for()
    hrefs = [link.get_attribute("href") or "" for link in page.locator(".wb-compare a").all()]
    assert hrefs
    assert not [href for href in hrefs if href.startswith(address)]
