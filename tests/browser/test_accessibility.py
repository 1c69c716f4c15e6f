"""Real Chromium: axe-core and our own checks on one page of each kind, and on what pages become under a reader's hands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_proposal import checked, errors, fill_in_what_is_required, opened, result

from browsing import serving
from catalog.site import Site
from conftest import run_build
from inspecting import faults, note_clicks, prepare, unfold, violations
from kinds import one_of_each

pytestmark = pytest.mark.browser

# As many tests as this share the kinds among them, so that workers can, too. Kinds come from the plan, which is known
# only when the site has been loaded; hence no parameter for each.
SHARES = 8
HEIGHT = 800


@dataclass(frozen=True, slots=True)
class Mode:
    """How a reader looks at a page. ``letters`` enlarges the root's font size, of which all lengths of text are multiples."""

    width: int
    scheme: Literal["light", "dark"]
    letters: int = 100

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}, {self.letters} %"


# 320 px is also what remains of 1280 px at 400 % (1.4.10).
MODES = (
    Mode(1280, "light"),
    Mode(1280, "dark"),
    Mode(320, "light"),
    Mode(320, "dark"),
    Mode(1280, "light", letters=200),
)
STRUCTURE = ("headings", "links", "tables", "clickable", "languages", "words")
LAYOUT = ("overflow", "clipped", "scrolled")
# The site's policy lets no style be written into a page, be it by a test.
ADOPT = "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }"
# What WCAG 1.4.12 lets readers set.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"


@contextmanager
def looking(browser: Browser) -> Iterator[Page]:
    """A page on which nothing moves, so that colours are what they will be."""
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT}, reduced_motion="reduce")
    note_clicks(context)
    yield context.new_page()
    context.close()


def set_mode(page: Page, mode: Mode) -> None:
    page.set_viewport_size({"width": mode.width, "height": HEIGHT})
    page.emulate_media(color_scheme=mode.scheme)
    page.evaluate("(letters) => { document.documentElement.style.fontSize = `${letters}%`; }", mode.letters)


def faults_in_all_modes(page: Page) -> dict[str, list[str]]:
    """What is wrong with the page as it stands there; the same page, looked at in each mode."""
    prepare(page)
    found = {"structure": faults(page, *STRUCTURE, "measureText", "motion")}
    for mode in MODES:
        set_mode(page, mode)
        said = [f"{rule}: {node}" for rule, nodes in violations(page).items() for node in nodes]
        said += faults(page, *LAYOUT, *(("textDoubled",) if mode.letters == 200 else ("graphics", "pictures")))
        found[str(mode)] = said
    set_mode(page, MODES[0])
    return {where: said for where, said in found.items() if said}


def share_of(kinds: dict[str, str], number: int) -> list[tuple[str, str]]:
    return list(kinds.items())[number::SHARES]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_kind_of_page(browser: Browser, address: str, real_site: Site, real_build: Path, share: int) -> None:
    found = {}
    with looking(browser) as page:
        for kind, path in share_of(one_of_each(real_site, real_build), share):
            page.goto(address + path)
            unfold(page)
            found[kind] = faults_in_all_modes(page)
    assert {kind: said for kind, said in found.items() if said} == {}


@pytest.mark.parametrize("share", range(SHARES))
def test_room_for_letters(browser: Browser, address: str, real_site: Site, real_build: Path, share: int) -> None:
    """No page is wider than the window at any width, nor with the spacing that readers may set (1.4.10, 1.4.12).

    Letters of pictures are left out here: their words stand in the list or table below, which is looked at.
    """
    found: dict[str, list[str]] = {}
    with looking(browser) as page:
        for kind, path in share_of(one_of_each(real_site, real_build), share):
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.ok, kind
            unfold(prepare(page))
            for width in (320, 480, 640, 768, 1024, 1280):
                set_mode(page, Mode(width, "light"))
                found[f"{kind}, {width}"] = faults(page, "overflow")
            page.evaluate(ADOPT, SPACING)
            for width in (320, 1280):
                set_mode(page, Mode(width, "light"))
                found[f"{kind}, {width}, wide spacing"] = faults(page, "overflow", "clipped")
    assert {where: said for where, said in found.items() if said} == {}


# --- What pages become under a reader's hands. Each brings a fresh page into its state. ---


def searched(page: Page, address: str, query: str, said: str) -> None:
    page.goto(f"{address}suche/?{query}")
    page.get_by_text(re.compile(said)).first.wait_for()


def narrowed(page: Page, address: str, query: str, said: str) -> None:
    page.goto(f"{address}{query}")
    page.get_by_text(said).wait_for()


def compared(page: Page, address: str, query: str, shown: str) -> None:
    page.goto(f"{address}vergleich/?{query}")
    page.locator(shown).first.wait_for()


def wrongly_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}vergleich/")
    page.get_by_role("button", name="Nebeneinander zeigen").click()
    expect(page.get_by_role("alert")).to_contain_text("gewählt sind 0")


def faulty_proposal(page: Page, address: str) -> None:
    opened(page, address)
    page.locator("#measure-partner").select_option("+")
    page.locator("#measure-sources-1-document").select_option("+")
    unfold(page)
    checked(page)
    assert len(errors(page)) > 8


def filled_proposal(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    result(page)


def changed_measure(page: Page, address: str) -> None:
    opened(page, address, f"?massnahme={LIPPE}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#measure-title").fill("Sprachvermittlung")
    page.get_by_text("Geändert. Bisher:").wait_for()


def confirmed_measure(page: Page, address: str) -> None:
    page.goto(f"{address}mitmachen/vorschlag/?massnahme={LIPPE}&stimmt=1")
    page.get_by_role("button", name="Etwas stimmt nicht mehr").wait_for()


def handed_in(page: Page, address: str) -> None:
    confirmed_measure(page, address)
    page.get_by_role("button", name="Stimmt noch: heute geprüft").click()
    result(page)


def dark_by_choice(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/{LIPPE}/")
    page.get_by_role("button", name="Dunkle Darstellung").click()


def focused(page: Page, address: str, path: str, selector: str) -> None:
    page.goto(address + path)
    page.locator(selector).first.focus()


LIPPE, DUISBURG, JUELICH = (
    "kreis-lippe/sprachvermittlerpool",
    "stadt-duisburg/sprachmittlerpool",
    "stadt-juelich/ad-hoc-sprachpaten",
)
STATES: dict[str, Callable[[Page, str], None]] = {
    "search: results, with what else was asked for": lambda p, a: searched(p, a, "q=Dolmetscher", r"\d+ Treffer für"),
    "search: results, narrowed": lambda p, a: searched(p, a, "q=Sprachmittlung&status=geplant", r"\d+ Treffer für"),
    "search: nothing left by the filters": lambda p, a: searched(p, a, "q=Pool&partner=rheinbahn&status=beendet", "keinen Treffer"),
    "search: nothing found": lambda p, a: searched(p, a, "q=Tunesjienq", "Dazu ist nichts erfasst"),
    "search: literally": lambda p, a: searched(p, a, "q=Dolmetscher&genau=1", "Treffer für"),
    "list: narrowed": lambda p, a: narrowed(p, a, "massnahmen/?status=ausgefallen&status=verschoben", "18 Treffer."),
    "list: nothing left": lambda p, a: narrowed(p, a, "massnahmen/?status=beendet&partner=rheinbahn", "ist keine Maßnahme erfasst"),
    "list: unknown value": lambda p, a: narrowed(p, a, "gute-praxis/?gute-praxis=ausgezeichnet&status=x", "„x“ gibt es nicht"),
    "comparison: one": lambda p, a: compared(p, a, f"massnahme={DUISBURG}", "#vergleich li"),
    "comparison: two": lambda p, a: compared(p, a, f"massnahme={DUISBURG}&massnahme={LIPPE}", ".wb-compare"),
    "comparison: three partners": lambda p, a: compared(p, a, "partner=kreis-lippe&partner=kreis-soest&partner=rheinbahn", ".wb-compare"),
    "comparison: too few chosen": wrongly_chosen,
    "comparison: handouts": lambda p, a: compared(p, a, f"massnahme={DUISBURG}&massnahme={JUELICH}&ansicht=handzettel", ".wb-handout"),
    "form: with faults": faulty_proposal,
    "form: filled, with preview": filled_proposal,
    "form: correction": changed_measure,
    "form: is this still right": confirmed_measure,
    "form: yes, it is": handed_in,
    "dark by choice": dark_by_choice,
    "map with focus": lambda p, a: focused(p, a, "ueberblick/karte/", ".wb-map a"),
    "networks with focus": lambda p, a: focused(p, a, "ueberblick/netzwerke/", ".wb-grid__marks"),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_state(browser: Browser, address: str, state: str) -> None:
    with looking(browser) as page:
        STATES[state](page, address)
        unfold(page)
        assert faults_in_all_modes(page) == {}


@pytest.mark.parametrize("switched", [False, True])
def test_easy_language(browser: Browser, full_project: Path, switched: bool) -> None:
    assert run_build(full_project).returncode == 0
    with serving(full_project / "site") as address, looking(browser) as page:
        page.goto(f"{address}massnahmen/kreis-lippe/sprachmittlung/")
        if switched:
            page.get_by_role("button", name="Einfache Sprache").click()
            expect(page.locator(".wb-body")).to_be_hidden()
        assert faults_in_all_modes(page) == {}


# --- The checks themselves ---

# What is planted -> the check that must say so, or the rule of axe.
PLANTED = [
    ("<h1>A</h1><h3>B</h3>", "headings"),
    ("<a href='/a'>mehr</a>", "links"),
    ("<a href='/a'>Pool</a> <a href='/b'>Pool</a>", "links"),
    ("<a href='/a.csv'>Tabelle</a>", "links"),
    ("<a href='mailto:a@example.org'>Schreiben</a>", "links"),
    ("<a href='https://example.org/'>Beispiel</a>", "links"),
    ("<a href='/a' target='_blank'>Beispiel</a>", "links"),
    ("<table><tr><th>A</th></tr></table>", "tables"),
    ("<table class='wb-table'><caption>A</caption><tr><td>B</td><td>C</td><td>D</td></tr></table>", "tables"),
    ("<div style='overflow: auto; width: 9px'>Unteilbar</div>", "scrolled"),
    ("<div id='knopf'>Los</div><script>knopf.addEventListener('click', () => {})</script>", "clickable"),
    ("<span style='cursor: pointer'>Los</span>", "clickable"),
    ("<p>This is the way that we work with you.</p>", "languages"),
    ("<p style='width: 5000px'>Weit</p>", "overflow"),
    ("<p style='overflow: hidden; width: 9px'>Unteilbar</p>", "clipped"),
    ("<svg width='50' height='20'><text x='40' y='9'>Draußen</text></svg>", "pictures"),
    ("<svg width='50' height='20'><rect width='9' height='9' fill='#eee'/></svg>", "graphics"),
    ("<input style='border: 1px solid #eee; background: #fff'>", "graphics"),
    ("<button style='border: 0' aria-pressed='true'>Los</button>", "boxes"),
    ("<mark style='color: yellow; background: yellow'>Los</mark>", "legible"),
    ("<span class='wb-status--geplant'></span>", "words"),
    ("<p style='transition: color 1s'>Bunt</p>", "motion"),
    ("<main><details><summary>A</summary><p>B</p></details></main>", "paper"),
    ("<p style='color: #eee'>Blass</p>", "paper"),
    ("<p style='color: #ccc'>Blass</p>", "color-contrast"),
    ("<img src='/a.png'>", "image-alt"),
    ("<div role='dialog'>Los</div>", "aria-dialog-name"),
    ("<main></main><main></main>", "landmark-no-duplicate-main"),
    ("<a href='/a' style='font-size: 9px'>A</a><br><a href='/b' style='font-size: 9px'>B</a>", "target-size"),
    ("<input autocomplete='quatsch'>", "autocomplete-valid"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "name"), PLANTED, ids=lambda value: value if " " not in value else "")
def test_planted_faults_are_found(context: BrowserContext, address: str, markup: str, name: str) -> None:
    note_clicks(context)
    page = context.new_page()
    page.route(
        f"{address}leer/**",
        lambda route: route.fulfill(body=f"<!doctype html>{markup}", content_type="text/html; charset=utf-8"),
    )
    page.goto(f"{address}leer/")
    prepare(page)
    found = faults(page, name) if page.evaluate("(name) => name in checks", name) else violations(page).get(name, [])
    assert len(found) >= 1
