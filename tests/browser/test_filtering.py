"""Real Chromium: narrowing a list, by mouse, by keyboard and by address."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from test_facets import fits, random_choices, values_by_file

pytestmark = pytest.mark.browser

COUNT = """async (choices) => {
  const { Index } = await import(`${location.origin}/assets/facet-index.js`);
  const index = new Index(await (await fetch(`${location.origin}/massnahmen/filter.json`)).json());
  return choices.map((chosen) => {
    const choice = new Map(Object.entries(chosen).map(([key, values]) => [key, new Set(values)]));
    return [index.matching(choice).length, index.keys.map((key) => [key, [...index.counts(choice, key)]])];
  });
}"""


def test_counts_of_200_random_choices(page: Page, address: str) -> None:
    measures = values_by_file()
    choices = random_choices(measures, seed=5, keys=4, values=3)
    page.goto(f"{address}massnahmen/")
    answers: Any = page.evaluate(COUNT, choices)
    assert sum(total > 0 for total, _ in answers) > 40
    for chosen, (total, counts) in zip(choices, answers, strict=True):
        assert total == sum(fits(found, chosen) for found in measures.values()), chosen
        for key, shown in counts:
            expected = Counter(v for m in measures.values() if fits(m, chosen, key) for v in m[key])
            assert dict(shown) == expected, (chosen, key)


def test_nothing_is_fetched_before_a_reader_filters(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}massnahmen/")
    page.locator(".wb-facets__panel > summary").click()
    page.locator(".wb-facet > summary", has_text="Status").click()
    assert not [url for url in asked if url.endswith(".json")]
    page.get_by_label("ausgefallen").check()
    page.get_by_role("heading", name="Gefilterte Maßnahmen").wait_for()
    assert [url for url in asked if url.endswith("filter.json")]


def test_choice_marks_and_the_way_back(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/")
    page.locator(".wb-facets__panel > summary").click()
    page.locator(".wb-facet > summary", has_text="Status").click()
    page.get_by_label("ausgefallen").check()
    page.get_by_text("10 Treffer.").wait_for()
    page.get_by_label("verschoben").check()
    page.get_by_text("18 Treffer.").wait_for()
    assert page.url == f"{address}massnahmen/?status=verschoben&status=ausgefallen"
    assert page.locator(".wb-facet > summary", has_text="Status").inner_text() == "Status (2 gewählt)"
    assert page.locator("[data-facets-list] li").count() == 18
    page.get_by_role("button", name="Filter entfernen: ausgefallen").click()
    page.get_by_text("8 Treffer.", exact=True).wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Filter"
    page.go_back()
    page.get_by_text("18 Treffer.").wait_for()
    assert page.get_by_label("ausgefallen").is_checked()
    page.get_by_role("button", name="Alle Filter löschen").click()
    page.get_by_role("heading", name="Alle Maßnahmen").wait_for()
    assert page.url == f"{address}massnahmen/"


def test_values_without_hits_are_disabled_and_stay(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?partner=rheinbahn")
    page.get_by_text("11 Treffer.").wait_for()
    page.locator(".wb-facets__panel > summary").click()
    page.locator(".wb-facet > summary", has_text="Status").click()
    beendet = page.locator("input[value=beendet]")
    assert beendet.is_visible()
    assert beendet.is_disabled()


def test_an_unknown_value_is_passed_over_with_a_note(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?status=quatsch&status=ausgefallen&utm_source=x")
    page.get_by_text("10 Treffer. „quatsch“ gibt es nicht und wurde übergangen.").wait_for()


def test_no_hit_names_the_filter_to_blame(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?partner=rheinbahn&status=beendet")
    page.get_by_text("Zu dieser Auswahl ist keine Maßnahme erfasst.").wait_for()
    page.get_by_role("button", name="ohne „beendet“: 11 Treffer").click()
    page.get_by_text("11 Treffer.", exact=True).wait_for()


def test_more_than_a_page_of_hits(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?kategorie=vernetzung")
    page.get_by_text("96 Treffer.").wait_for()
    items = page.locator("[data-facets-list] li")
    assert items.count() == 60
    page.get_by_role("button", name="Weitere zeigen (noch 36)").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('[data-facets-list] li').length === 96")
    assert page.evaluate("document.activeElement.tagName") == "A"
    assert not page.get_by_role("button", name="Weitere zeigen").is_visible()


def test_order_by_choice(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/?status=ausgefallen")
    page.get_by_text("10 Treffer.").wait_for()
    titles = page.locator("[data-facets-list] li > a")
    before = titles.all_inner_texts()
    page.locator(".wb-facets__panel > summary").click()
    page.get_by_label("Reihenfolge").select_option("Titel von A bis Z")
    page.wait_for_url("**/massnahmen/?status=ausgefallen&sortierung=titel")
    page.wait_for_function(
        "first => document.querySelector('[data-facets-list] li > a').textContent !== first", arg=before[0]
    )
    assert sorted(before) == titles.all_inner_texts()
    page.goto(f"{address}massnahmen/?sortierung=jahr")
    page.get_by_text("558 Treffer.").wait_for()
    assert "2022" in page.locator("[data-facets-list] li").first.inner_text()
    page.go_back()
    page.get_by_text("10 Treffer.").wait_for()
    assert page.get_by_label("Reihenfolge").input_value() == "titel"
    page.goto(f"{address}massnahmen/?sortierung=quatsch")
    page.get_by_text("„quatsch“ gibt es nicht").wait_for()


def test_good_practice_is_narrowed_within_itself(page: Page, address: str) -> None:
    page.goto(f"{address}gute-praxis/?gute-praxis=ausgezeichnet")
    page.get_by_text("4 Treffer.").wait_for()
    assert page.locator("[data-facets-list] li").count() == 4
    assert "KTQ-Best Practice 2018" in page.locator("[data-facets-list]").inner_text()


def test_panel_on_a_phone_says_what_it_will_show(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{address}massnahmen/")
    page.locator(".wb-facets__panel > summary").focus()
    page.keyboard.press("Enter")
    page.locator(".wb-facet > summary", has_text="Status").focus()
    page.keyboard.press("Enter")
    page.get_by_label("beendet").focus()
    page.keyboard.press("Space")
    show = page.get_by_role("button", name="1 Treffer zeigen")
    show.wait_for()
    show.press("Enter")
    assert not page.get_by_label("beendet").is_visible()
    assert page.locator("[data-facets-list] li").count() == 1


def test_data_that_cannot_be_loaded_are_told_and_asked_for_again(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/filter.json", lambda route: route.abort())
    page.goto(f"{address}massnahmen/?status=ausgefallen")
    page.get_by_text("lassen sich gerade nicht laden").wait_for()
    assert page.get_by_role("heading", name="Alle Maßnahmen").is_visible()
    page.unroute("**/filter.json")
    page.locator(".wb-facets__panel > summary").click()
    page.locator(".wb-facet > summary", has_text="Status").click()
    page.get_by_label("verschoben").check()
    page.get_by_text("18 Treffer.").wait_for()
    page.close()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("query", "amount"), [("?status=ausgefallen&status=verschoben", 18), ("", 558)])
def test_the_narrowed_list_as_a_file(page: Page, address: str, kind: str, query: str, amount: int) -> None:
    page.goto(f"{address}massnahmen/{query}")
    with page.expect_download() as waiting:
        page.locator(f"[data-download={kind}]").click()
    assert waiting.value.suggested_filename == f"massnahmen.{kind}"
    content = waiting.value.path().read_bytes()
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Maßnahmen"]
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    head, *found = rows
    assert head[:5] == ["Titel", "Kurzfassung", "Partner", "Kategorie", "Status"]
    assert len(found) == amount
    assert all(len(row) == len(head) for row in found)
    if query:
        assert {row[4] for row in found} == {"ausgefallen", "verschoben"}


def test_without_javascript_the_links_narrow(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}massnahmen/")
    assert not page.locator(".wb-facets").is_visible()
    assert page.get_by_role("link", name="Sprachmittlung", exact=True).is_visible()
    context.close()
