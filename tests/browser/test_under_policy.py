"""Every kind of page under the headers of the site: nothing is refused, nobody else is asked, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from browsing import serving
from catalog.site import Site
from kinds import one_of_each

pytestmark = pytest.mark.browser

TWO = "massnahme=kreis-lippe/sprachvermittlerpool&massnahme=stadt-duisburg/sprachmittlerpool"
KEPT = """async () => ({
    local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie,
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": [], "session": [], "cookie": "", "databases": [], "caches": [], "workers": 0}
REPORT = "addEventListener('securitypolicyviolation', (e) => violated(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`))"


class Watch:
    """A context that notes what a page must not do.

    Attributes:
        violations: of the policy, as the browser reports them.
        foreign: addresses of other hosts for which a request would have left the browser.
        console: what the browser complains about.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.violations: list[str] = []
        self.foreign: list[str] = []
        self.console: list[str] = []
        self.address = address
        self.context: BrowserContext = browser.new_context(accept_downloads=True)
        self.context.expose_function("violated", lambda violation: self.violations.append(violation))
        self.context.add_init_script(REPORT)
        self.context.route(lambda url: not url.startswith(address), self._refuse)
        self.context.on("console", self._hear)

    def _refuse(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(message.text)

    @property
    def noted(self) -> list[str]:
        return [*self.violations, *self.foreign, *self.console]


@pytest.fixture
def watch(browser: Browser, address: str) -> Iterator[Watch]:
    watch = Watch(browser, address)
    yield watch
    watch.context.close()


def test_no_kind_of_page_breaks_the_policy_asks_others_or_keeps_anything(
    watch: Watch, address: str, real_site: Site, real_build: Path
) -> None:
    page = watch.context.new_page()
    for kind, path in one_of_each(real_site, real_build).items():
        answer = page.goto(address + path)
        assert answer
        assert answer.headers["content-security-policy"], kind
        for opener in page.locator("details:not([open]) > summary").all():
            if opener.is_visible():
                opener.click()
        page.wait_for_timeout(50)  # for what a script does at once
        assert watch.noted == [], kind
        assert page.evaluate(KEPT) == NOTHING, kind
    assert watch.context.cookies() == []


def search(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Dolmetscher")
    page.locator(".wb-search__results li").first.wait_for()
    page.locator("input[type=checkbox]").first.dispatch_event("click")
    with page.expect_download():
        page.locator("[data-download=xlsx]").click()


def narrow(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?status=ausgefallen")
    page.locator(".wb-items li").first.wait_for()
    with page.expect_download():
        page.locator("[data-download=csv]").click()


def compare(page: Page, address: str) -> None:
    page.goto(f"{address}vergleich/?{TWO}")
    page.locator(".wb-compare").wait_for()
    page.get_by_role("link", name="Als Handzettel zeigen").click()
    page.locator(".wb-handout").nth(1).wait_for()


def propose(page: Page, address: str) -> None:
    page.goto(f"{address}mitmachen/vorschlag/")
    page.locator("#measure-sources [data-entry]").first.wait_for()
    page.get_by_role("button", name="Prüfen").click()
    expect(page.locator("#fehler")).to_be_focused()


@pytest.mark.parametrize("use", [search, narrow, compare, propose])
def test_what_scripts_do_needs_no_more(watch: Watch, address: str, use: Callable[[Page, str], None]) -> None:
    page = watch.context.new_page()
    use(page, address)
    assert watch.noted == []
    assert page.evaluate(KEPT) == NOTHING
    assert watch.context.cookies() == []


def test_only_what_a_reader_chooses_is_kept(watch: Watch, address: str) -> None:
    page = watch.context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Dunkle Darstellung").click()
    assert page.evaluate(KEPT) == NOTHING | {"local": ["wb-scheme"]}
    assert watch.noted == []


PLANTED = """<script>document.title = "gelaufen"</script><p style="color: red" onclick="a()">x</p>
<img src="https://example.org/a.png"><link rel="stylesheet" href="https://example.org/a.css"><iframe src="/"></iframe>
<script src="https://example.org/a.js"></script></main>"""

MARKUP = """() => new Promise((resolve) => {
    addEventListener("securitypolicyviolation", () => resolve(), { once: true });
    try { document.body.innerHTML += "x" } catch { /* Trusted Types forbid it */ }
})"""


def test_what_is_planted_in_a_page_is_refused(watch: Watch, address: str) -> None:
    """The proof that the checks above can fail, and that the policy holds if sanitising ever does not."""
    page = watch.context.new_page()

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", PLANTED))

    page.route("**/fragen/", plant)
    page.goto(f"{address}fragen/", wait_until="networkidle")
    page.evaluate(MARKUP)
    refused = {violation.split()[0] for violation in watch.violations}
    assert refused == {
        "script-src-elem", "style-src-attr", "script-src-attr", "img-src", "style-src-elem", "frame-src", "require-trusted-types-for",
    }  # fmt: skip
    assert page.title() != "gelaufen"
    assert watch.foreign == []


def test_no_other_site_can_frame_a_page(browser: Browser, address: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f'<iframe src="{address}"></iframe>')
    with serving(tmp_path) as other:
        page = browser.new_page()
        page.goto(other.replace("127.0.0.1", "localhost"), wait_until="networkidle")
        assert page.frames[1].url.startswith("chrome-error:")
        page.close()
