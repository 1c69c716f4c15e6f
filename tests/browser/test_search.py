"""Real Chromium: the search, by keyboard, by address, when nothing is found and when something fails."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import serving
from catalog import finding, german
from conftest import run_build
from test_facets import fits, random_choices, values_by_file
from test_finding import read

pytestmark = pytest.mark.browser


def status(page: Page, text: str) -> None:
    expect(page.locator(".wb-search__status")).to_have_text(text)


def test_nothing_is_fetched_before_a_reader_searches(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}suche/", wait_until="networkidle")
    assert not [url for url in asked if "suche/index" in url or url.endswith(".json") or "query.js" in url]
    assert not page.locator(".wb-facets").is_visible()
    page.get_by_label("Was suchen Sie?").fill("Pool")
    page.get_by_role("heading", name="Maßnahmen").wait_for()
    assert [url for url in asked if url.endswith("pagefind.js")]


def test_results_while_typing_with_their_facts(page: Page, address: str) -> None:
    page.goto(f"{address}suche/")
    page.get_by_label("Was suchen Sie?").press_sequentially("Sprachmittlerpool", delay=20)
    first = page.locator(".wb-search__results li").first
    expect(first.get_by_role("link")).to_have_text("Aufbau eines ehrenamtlichen Sprachmittlerpools in Dortmund")
    facts = first.locator(".wb-meta").inner_text().split(" · ")
    assert facts == ["Integrationszentrum Dortmund", "Förderung von Chancengerechtigkeit und Teilhabe", "laufend"]
    assert page.locator(".wb-search__results mark").count() > 3
    assert page.url == f"{address}suche/?q=Sprachmittlerpool"
    headings = page.locator(".wb-search__results h2").all_inner_texts()
    assert headings[0].startswith("Maßnahmen")
    assert len(headings) > 1
    first.get_by_role("link").click()
    page.wait_for_url("**/massnahmen/kommunales-integrationszentrum-dortmund/sprachmittlerpool-aufbau/")
    page.go_back()
    expect(page.get_by_label("Was suchen Sie?")).to_have_value("Sprachmittlerpool")
    first.wait_for()


def test_a_later_word_overtakes_an_earlier_one(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Pool")
    page.get_by_role("heading", name="Maßnahmen").wait_for()
    for word in ("Schule", "Rassismus in der Schule", "Museum", "Tunesien"):
        page.get_by_label("Was suchen Sie?").fill(word)
        page.keyboard.press("Enter")
    status(page, "1 Treffer für „Tunesien“")
    page.wait_for_timeout(300)
    status(page, "1 Treffer für „Tunesien“")
    page.go_back()
    page.wait_for_function("() => document.querySelector('.wb-search__status').textContent.includes('Museum')")
    assert page.get_by_label("Was suchen Sie?").input_value() == "Museum"


@pytest.mark.parametrize("start", ["", "partner/stadt-duisburg/"])
def test_from_any_page_by_keyboard(page: Page, address: str, start: str) -> None:
    """Ctrl+K, the words, Enter, on to the first result and the filters: no mouse."""
    page.goto(address + start)
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.keyboard.press("Control+k")
    page.keyboard.type("Dolmetscher")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=Dolmetscher")
    page.locator(".wb-search__results li").first.wait_for()
    page.keyboard.press("Control+k")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"))
        if page.evaluate("document.activeElement.matches('.wb-search__results li a')"):
            break
    assert reached[:3] == ["Suchen", "genau", "Filter"]
    assert page.evaluate("document.activeElement.matches('.wb-search__results li a')"), reached
    page.keyboard.press("Enter")
    page.wait_for_url("**/massnahmen/**")


def test_what_else_was_asked_for_and_how_to_do_without(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Dolmetscher")
    note = page.locator(".wb-search__note")
    expect(note).to_contain_text("Auch gesucht zu „Dolmetscher“: Sprachmittlung")
    many = page.locator(".wb-search__results h2").first.inner_text()
    page.get_by_role("button", name="Nur genau diese Wörter suchen").click()
    page.wait_for_url("**/suche/?q=Dolmetscher&genau=1")
    page.wait_for_function("text => document.querySelector('.wb-search__results h2').innerText !== text", arg=many)
    assert page.get_by_label("Nur genau diese Wörter").is_checked()
    assert page.evaluate("document.activeElement.id") == "wb-q"
    page.get_by_role("button", name="Auch ähnliche Wörter").click()
    expect(note).to_contain_text("Auch gesucht")


@pytest.mark.parametrize(
    ("query", "said", "found"),
    [
        ("Sprachmitler", "„Sprachmitler“ kommt nicht vor. Gesucht wurde: Sprachmittler", "sprachmittlerpool"),
        ("Expertendatenbank", "„Expertendatenbank“ zerlegt: Expert", "datenbank-vielfalt-expertinnen"),
        ("VHS", "„VHS“ ausgeschrieben: Volkshochschule", "landesverband-volkshochschulen"),
        ("Lehrer*innen", "Auch gesucht zu „Lehrerinnen“: Lehrkräfte", "lehrkraefte"),
        ("Juelich Xyzzyplugh", "„Xyzzyplugh“ kommt auf keiner Seite vor.", "stadt-juelich"),
    ],
)
def test_what_was_done_is_said(page: Page, address: str, query: str, said: str, found: str) -> None:
    page.goto(f"{address}suche/?q={query}")
    expect(page.locator(".wb-search__note")).to_contain_text(said)
    links = [link.get_attribute("href") or "" for link in page.locator(".wb-search__results li > a").all()]
    assert any(found in link for link in links)


def test_words_at_the_ends_of_the_pieces_are_found(page: Page, address: str, real_build: Path) -> None:
    """The last piece of the index once ended at its first letter, so that none of its words was found."""
    index = real_build / finding.FOLDER
    pieces = [[word[0] for word in read(path)[0] if word[0].isalnum()] for path in (index / "index").iterdir()]
    words = sorted({end for piece in pieces if piece for end in (piece[0], piece[-1])})
    code = """async (words) => {
      const pagefind = await import(`${location.origin}/suche/index/pagefind.js`);
      await pagefind.options({ noWorker: true });
      const answers = await Promise.all(words.map((word) => pagefind.search(word)));
      return words.filter((_, number) => !answers[number].results.length);
    }"""
    page.goto(f"{address}suche/")
    assert len(words) > 200
    assert page.evaluate(code, words) == []


def test_quotes_are_taken_literally(page: Page, address: str) -> None:
    page.goto(f'{address}suche/?q="Fit für die Vielfalt"')
    expect(page.locator(".wb-search__results li > a").first).to_contain_text("Fit für die Vielfalt")
    assert not page.locator(".wb-search__note").count()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("!!!", False),
        ('""', False),
        ('"!" Pool', True),
        ("und", True),
        ("<img src=x onerror=alert(1)> Pool", True),
        ("Pool " * 3000, True),
    ],
    ids=["marks", "empty quotes", "marks in quotes", "a stop word alone", "markup", "a whole page"],
)
def test_odd_queries(page: Page, address: str, query: str, found: bool) -> None:
    page.goto(f"{address}suche/")
    page.get_by_label("Was suchen Sie?").fill(query)
    first = page.locator(".wb-search__results").locator("li > a, p").first
    first.wait_for()
    assert (page.locator(".wb-search__results li > a").count() > 0) == found
    assert not page.locator(".wb-search img, .wb-search__status img, .wb-search__results img").count()


def test_nothing_found_offers_words_that_are_spelled_alike(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Tunesjienq")
    page.get_by_text("Dazu ist nichts erfasst.").wait_for()
    status(page, "0 Treffer für „Tunesjienq“")
    assert page.get_by_role("link", name="Maßnahme vorschlagen").get_attribute("href") == "../mitmachen/vorschlag/"
    page.get_by_role("link", name="Tunesien").click()
    status(page, "1 Treffer für „Tunesien“")


def test_a_filter_to_blame_is_named(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Sprachmittlerpool&ort=Köln&status=quatsch")
    page.get_by_text("„Köln“ gibt es nicht und wurde übergangen.").wait_for()
    page.get_by_text("„quatsch“ gibt es nicht und wurde übergangen.").wait_for()
    page.goto(f"{address}suche/?q=Sprachmittlerpool&partner=rheinbahn")
    page.get_by_text("Zu dieser Auswahl gibt es keinen Treffer.").wait_for()
    page.get_by_role("button", name="ohne „Rheinbahn“").click()
    page.wait_for_url("**/suche/?q=Sprachmittlerpool")
    page.locator(".wb-search__results li").first.wait_for()


def test_filters_with_marks_and_the_way_back(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Sprachmittlung")
    page.locator(".wb-facets__panel > summary").click()
    page.locator(".wb-facet > summary", has_text="Status").click()
    box = page.get_by_label("geplant")
    built = box.locator("xpath=..").locator("span")
    expect(built).not_to_have_text("52")  # of all measures, until the counts of what was found are there
    amount = box.locator("xpath=..").locator("span").inner_text()
    box.check()
    status(page, f"{amount} Treffer für „Sprachmittlung“")
    assert page.url.endswith("/suche/?q=Sprachmittlung&status=geplant")
    assert page.locator(".wb-search__results h2").count() == 1
    page.get_by_label("Reihenfolge").select_option("neueste zuerst")
    page.wait_for_url("**&sortierung=jahr")
    page.get_by_role("button", name="Filter entfernen: geplant").click()
    page.wait_for_url("**/suche/?q=Sprachmittlung&sortierung=jahr")
    page.go_back()
    status(page, f"{amount} Treffer für „Sprachmittlung“")
    assert box.is_checked()


RANDOM = """async ([query, choices]) => {
  const { Engine } = await import(`${location.origin}/assets/search-engine.js`);
  const keys = [...new Set([...document.querySelectorAll(".wb-facets input")].map((box) => box.name))];
  const engine = await Engine.start(new URL(location.origin), []);
  const { hits } = await engine.find(query, false);
  const address = new Map(await Promise.all(hits.map(async ({ id, result }) => [id, (await result.data()).url])));
  const { counts, fitting } = await import(`${location.origin}/assets/facet-index.js`);
  const valuesOf = await engine.values();
  return [[...address.values()], choices.map((chosen) => {
    const choice = new Map(Object.entries(chosen).map(([key, values]) => [key, new Set(values)]));
    return [fitting(hits, valuesOf, choice).map(({ id }) => address.get(id)), keys.map((key) => [key, [...counts(hits, valuesOf, choice, key)]])];
  })];
}"""


def test_counts_of_200_random_choices(page: Page, address: str) -> None:
    """Against counts made from the files, without the generator and without the index."""
    measures = values_by_file()
    choices = random_choices(measures, seed=7, keys=3, values=4)
    page.goto(f"{address}suche/")
    hits, answers = page.evaluate(RANDOM, ["Beschäftigte Fortbildung", choices])
    nothing: dict[str, set[str]] = {}
    found = {url: measures.get(url.removeprefix("/massnahmen/").rstrip("/"), nothing) for url in hits}
    assert len(found) > 100
    assert sum(bool(urls) for urls, _ in answers) > 60
    for chosen, (urls, counts) in zip(choices, answers, strict=True):
        fitting = [url for url in found if fits(found[url], chosen)]
        assert urls == fitting, chosen
        for key, shown in counts:
            if key != "art":
                expected = Counter(v for m in found.values() if fits(m, chosen, key) for v in m.get(key, ()))
                assert dict(shown) == expected, (chosen, key)


def test_found_measures_as_a_file(page: Page, address: str) -> None:
    page.goto(f"{address}suche/?q=Sprachmittlerpool&status=geplant&status=laufend")
    page.locator(".wb-search__results li").first.wait_for()
    titles = page.locator(".wb-search__results section").first.locator("li > a").all_inner_texts()
    with page.expect_download() as waiting:
        page.locator("[data-download=csv]").click()
    rows = list(
        csv.reader(io.StringIO(waiting.value.path().read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert [row[0] for row in rows[1:]][: len(titles)] == titles
    assert {row[4] for row in rows[1:]} <= {"geplant", "laufend"}


def test_works_below_a_folder(browser: Browser, real_build: Path, tmp_path: Path) -> None:
    (tmp_path / "wissen").symlink_to(real_build)
    with serving(tmp_path) as address:
        page = browser.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}wissen/suche/?q=Tunesien")
        page.locator(".wb-search__results li > a").first.click()
        page.wait_for_url("**/wissen/massnahmen/landschaftsverband-rheinland/pflegeausbildung-tunesien/")
        page.close()
    assert errors == []


def test_what_cannot_be_loaded_is_told_and_asked_for_again(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/woerter.json", lambda route: route.abort())
    page.goto(f"{address}suche/?q=Pool")
    status(page, "Die Suche lässt sich gerade nicht laden. Bitte später noch einmal versuchen.")
    page.unroute("**/woerter.json")
    page.get_by_role("button", name="Suchen").click()
    page.locator(".wb-search__results li").first.wait_for()
    page.close()


def test_without_javascript_there_are_other_ways(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("Pool")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url("**/suche/?q=Pool")
    page.get_by_text("braucht dafür JavaScript").wait_for()
    assert page.get_by_role("link", name="Alle Maßnahmen").is_visible()
    context.close()


def test_several_sites_as_one(browser: Browser, full_project: Path, real_build: Path) -> None:
    """The small project searches the real site too; both on ports of their own."""
    with serving(real_build) as other:
        config = full_project / "mkdocs.yml"
        gone = "http://127.0.0.1:9/"
        config.write_text(
            config.read_text().replace("extra:\n", f"extra:\n  search:\n    merge: [{other}, {gone}]\n", 1)
        )
        result = run_build(full_project)
        assert result.returncode == 0, result.stderr
        with serving(full_project / "site") as address:
            page = browser.new_page()
            page.goto(f"{address}suche/?q=Sprachmittlung")
            page.locator(".wb-search__results li").first.wait_for()
            page.get_by_text("127.0.0.1:9 ist gerade nicht erreichbar").wait_for()
            measures = page.locator(".wb-search__results section").first
            more = measures.get_by_role("button", name="Weitere zeigen")
            for shown in range(20, 100, 10):
                if more.is_visible():
                    more.click()
                    expect(measures.locator("li").nth(min(shown, total_of(measures)) - 1)).to_be_visible()
            links = {link.get_attribute("href") or "" for link in measures.locator("li > a").all()}
            assert f"{address}massnahmen/kreis-lippe/sprachmittlung/" in links
            assert f"{other}massnahmen/stadt-duisburg/sprachmittlerpool/" in links
            marked = measures.locator("li", has_text=f"auf {other.removeprefix('http://').rstrip('/')}")
            assert marked.count() == sum(link.startswith(other) for link in links)
            page.close()


def test_of_a_page_that_two_sites_have_ours_is_found(full_project: Path, tmp_path: Path, browser: Browser) -> None:
    """The other site is a copy with more in it, so that the same words are rarer there and score higher."""
    twin = Path(shutil.copytree(full_project, tmp_path / "twin"))
    for number in range(30):
        (twin / f"docs/mitmachen/mehr-{number}.md").write_text(
            f"---\ntitle: Mehr {number}\nsummary: Mehr.\n---\nMehr.\n"
        )
    assert run_build(twin).returncode == 0
    config = full_project / "mkdocs.yml"
    with serving(twin / "site") as there:
        config.write_text(config.read_text().replace("extra:\n", f"extra:\n  search:\n    merge: [{there}]\n", 1))
        assert run_build(full_project).returncode == 0
        with serving(full_project / "site") as address:
            page = browser.new_page()
            page.goto(f"{address}suche/?q=Sprachmittlung")
            results = page.locator(".wb-search__results")
            results.locator("li").first.wait_for()
            links = results.locator("li > a").evaluate_all("(links) => links.map((link) => link.href)")
            same = "massnahmen/kreis-lippe/sprachmittlung/"
            assert [link for link in links if link.endswith(same)] == [f"{address}{same}"]
            entry = results.locator("li", has=page.locator(f'a[href="{address}{same}"]'))
            assert "auf 127.0.0.1" not in entry.inner_text()
            page.close()


@pytest.mark.parametrize("query", ["Sprachmittlung", "Rassismus in der Schule", "Kita"])
def test_with_its_own_copy_a_site_finds_the_same(browser: Browser, real_build: Path, query: str) -> None:
    """The scores of all indexes are made alike, and a page that is in two of them counts once."""
    ask = """async ([query, others]) => {
      const { Engine } = await import(new URL("assets/search-engine.js", location.origin));
      const engine = await Engine.start(new URL(location.origin), others);
      const { hits } = await engine.find(query, false);
      return hits.map(({ id, score }) => `${id} ${score.toFixed(9)}`);
    }"""
    with serving(real_build) as address, serving(real_build) as copy:
        context = browser.new_context(bypass_csp=True)  # the site itself would have to name the other one
        page = context.new_page()
        page.goto(f"{address}suche/")
        alone = page.evaluate(ask, [query, []])
        assert len(alone) > 20
        assert page.evaluate(ask, [query, [copy]]) == alone
        context.close()


def total_of(section: Locator) -> int:
    return int(section.locator("h2 span").inner_text())


WORDS = [
    "Lehrerinnen",
    "Straßenfeste",
    "Ärztinnen",
    "Aerzte",
    "Quellen",
    "Neuzugewanderte",
    "Kommunen",
    "Feuerwehr",
    "Häuser",
    "er",
    "BRAversity",
    "Museum",
]


def test_browser_and_build_stem_alike(page: Page, address: str) -> None:
    page.goto(f"{address}suche/")
    code = "async (words) => { const { stem } = await import(`${location.origin}/assets/query.js`); return words.map(stem); }"
    assert page.evaluate(code, WORDS) == [german.rough_stem(word) for word in WORDS]
