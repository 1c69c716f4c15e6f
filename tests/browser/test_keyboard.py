"""Real Chromium: every page by keyboard alone, from the first stop to the last, back, and out of what was opened."""

from __future__ import annotations

import string

import pytest
from playwright.sync_api import Browser, Page
from test_accessibility import SHARES, looking, share_of

from catalog.site import Site
from inspecting import prepare, unfold
from kinds import one_of_each

pytestmark = pytest.mark.browser

END = -1  # the place after the last stop; the browser may as well begin again at the first
BACK = 10


def walk(page: Page) -> list[str]:
    """Press Tab from the top to the end and some way back, and say what is wrong with any stop."""
    amount = page.evaluate("walk.start()")
    faults: list[str] = []
    for expected in [*range(amount), END]:
        page.keyboard.press("Tab")
        here = page.evaluate("walk.step()")
        faults += here["faults"]
        if here["at"] != expected and (expected, here["at"]) != (END, 0):
            wanted, found = (page.evaluate("(at) => walk.name(at)", at) for at in (expected, here["at"]))
            return [*faults, f"{found} has the focus where {wanted} is next."]
    # Back over the edge of the page, with two steps more where the browser began again.
    seen = []
    for _ in range(BACK + 2):
        page.keyboard.press("Shift+Tab")
        seen.append(page.evaluate("walk.step()")["at"])
    backwards = [at for at in seen if at > 0][:BACK]
    if backwards != [*range(amount - 1, 0, -1)][: len(backwards)] or len(backwards) < BACK - 2:
        faults.append(f"Backwards the focus goes {seen} of {amount}.")
    return faults


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("share", range(SHARES))
def test_from_top_to_end_and_back(
    browser: Browser, address: str, real_site: Site, real_build: object, share: int, width: int
) -> None:
    """As a page comes at 1280 px; at 320 px with everything unfolded."""
    found = {}
    with looking(browser) as page:
        page.set_viewport_size({"width": width, "height": 800})
        for kind, path in share_of(one_of_each(real_site, real_build), share):
            page.goto(address + path)
            prepare(page)
            if width == 320:
                unfold(page)
            found[kind] = walk(page)
    assert {kind: said for kind, said in found.items() if said} == {}


def test_the_first_stop_leads_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


# Of the disclosures that are seen, those with nothing to stop at inside need no way out.
OUTER = "[...document.querySelectorAll('details > summary')].filter((one) => one.checkVisibility() && !one.parentElement.parentElement.closest('details'))"


def escapes(page: Page) -> list[str]:
    """Open every disclosure and those in it by keyboard, go in and leave by Escape."""
    faults = []
    amount = page.evaluate(f"{OUTER}.length")
    for number in range(amount):
        page.evaluate(f"(number) => {OUTER}[number].focus()", number)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        depth = 1
        while page.evaluate("document.activeElement.matches('summary')") and depth < 3:
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            depth += 1
        if page.evaluate("document.activeElement.matches('[list]')"):
            page.keyboard.press("Tab")  # a field with suggestions keeps Escape for closing those
        for _ in range(depth):
            page.keyboard.press("Escape")
        state = "(number) => { const one = OUTER[number]; return [one.parentElement.open, document.activeElement === one]; }"
        if page.evaluate(state.replace("OUTER", OUTER), number) != [False, True]:
            faults.append(page.evaluate(f"(number) => checks.said({OUTER}[number])", number))
    return faults


def test_escape_closes_and_gives_the_focus_back(
    browser: Browser, address: str, real_site: Site, real_build: object
) -> None:
    found = {}
    with looking(browser) as page:
        page.set_viewport_size({"width": 320, "height": 800})
        for kind, path in one_of_each(real_site, real_build).items():
            page.goto(address + path)
            prepare(page)
            found[kind] = escapes(page)
    assert {kind: said for kind, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "path", ["", "massnahmen/", "suche/?q=Pool", "vergleich/", "mitmachen/vorschlag/", "ueberblick/netzwerke/"]
)
def test_single_letters_do_nothing(page: Page, address: str, path: str) -> None:
    """WCAG 2.1.4: a voice that dictates or a hand that slips must not trigger anything."""
    page.goto(address + path, wait_until="networkidle")
    state = "[location.href, document.activeElement.localName, scrollX, scrollY, document.body.innerHTML]"
    before = page.evaluate(state)
    for key in (*string.ascii_lowercase, *string.digits, *"/?.,+-*#"):
        page.keyboard.press(key)
    assert page.evaluate(state) == before


# What is planted -> what the walk must say.
PLANTED = [
    ("<a href='/a' style='outline: none'>A</a>", "looks the same"),
    ("<style>a:focus { outline: 2px solid #eee !important }</style><a href='/a'>A</a>", "no ring that is seen"),
    ("<a href='/a' style='position: fixed; left: -500px'>A</a>", "outside of the window"),
    ("<a href='/a'>A</a><div style='position: fixed; inset: 0; background: #fff'></div>", "is covered"),
    ("<a href='/a' tabindex='2'>A</a><a href='/b' tabindex='1'>B</a>", "has the focus where"),
    ("<a href='/a'>A</a><a href='/b' onkeydown='event.preventDefault()'>B</a><a href='/c'>C</a>", "has the focus where"),
    ("<style>.unseen { visibility: hidden } .unseen:focus-within { visibility: visible }</style><button>A</button><div style='opacity: 0; position: absolute; left: -99px'><a href='/b'>B</a></div>", "outside of the window"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "said"), PLANTED)
def test_planted_faults_are_found(browser: Browser, address: str, markup: str, said: str) -> None:
    with looking(browser) as page:
        page.route(
            f"{address}leer/**", lambda route: route.fulfill(body=f"<!doctype html>{markup}", content_type="text/html")
        )
        page.goto(f"{address}leer/")
        prepare(page)
        assert said in " ".join(walk(page))
