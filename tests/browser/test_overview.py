"""Real Chromium: comparing, printing, and what the pictures are good for."""

from __future__ import annotations

import io

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from catalog.site import Site

pytestmark = pytest.mark.browser
DUISBURG, LIPPE = "stadt-duisburg/sprachmittlerpool", "kreis-lippe/sprachvermittlerpool"


def test_measures_side_by_side_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}massnahmen/{DUISBURG}/")
    page.locator(".wb-similar").get_by_role("link", name="vergleichen").first.click()
    table = page.locator(".wb-compare")
    table.wait_for()
    assert page.url.startswith(f"{address}vergleich/?massnahme={DUISBURG}&massnahme=")
    assert table.locator("thead th").count() == 3
    row = table.locator("tr", has=page.get_by_role("rowheader", name="Partner", exact=True))
    assert row.locator("td").first.inner_text() == "Stadt Duisburg"
    figures = table.locator("tr", has=page.get_by_role("rowheader", name="Zahlen", exact=True)).locator("td").first
    assert "28\N{NO-BREAK SPACE}Sprachmittlerinnen" in figures.inner_text()
    assert "Ähnliche" not in figures.inner_text()
    page.get_by_role("link", name="weglassen").nth(1).click()
    page.get_by_text("Dazu passt:").wait_for()
    assert page.url == f"{address}vergleich/?massnahme={DUISBURG.replace('/', '%2F')}"
    page.go_back()
    table.wait_for()
    assert table.locator("thead th").count() == 3
    table.get_by_role("link", name="Stadt Duisburg").click()
    assert page.url == f"{address}partner/stadt-duisburg/"


def test_a_measure_like_no_other_is_compared_within_its_category(page: Page, address: str, real_site: Site) -> None:
    alone = next(ref for (_, ref), found in real_site.similar.items() if not found)
    page.goto(f"{address}massnahmen/{alone}/")
    page.get_by_role("link", name="Mit einer anderen vergleichen").click()
    page.get_by_text("Aus derselben Kategorie:").wait_for()
    page.locator("#vergleich ul").last.get_by_role("link").first.click()
    page.locator(".wb-compare thead th").nth(2).wait_for()


def test_partners_are_chosen_in_a_form(page: Page, address: str) -> None:
    page.goto(f"{address}vergleich/")
    show = page.get_by_role("button", name="Nebeneinander zeigen")
    page.get_by_label("Kreis Lippe").check()
    show.click()
    assert page.get_by_text("gewählt sind 1").is_visible()
    page.get_by_label("Kreis Soest").check()
    show.click()
    page.locator(".wb-compare").wait_for()
    assert page.url == f"{address}vergleich/?partner=kreis-lippe&partner=kreis-soest"
    assert page.get_by_label("Kreis Soest").is_checked()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (
            "?massnahme=kreis-lippe/gibt-es-nicht&massnahme=" + LIPPE,
            "Eine Seite gewählt. 1 der gewählten Seiten gibt es nicht",
        ),
        (
            "?partner=kreis-lippe&partner=kreis-soest&partner=rheinbahn&partner=stadt-juelich",
            "3 Seiten gewählt. Gezeigt werden die ersten 3 von 4.",
        ),
    ],
)
def test_a_choice_that_does_not_fit_is_said(browser: Browser, address: str, query: str, status: str) -> None:
    page = browser.new_page()  # a missing page is an error in the console, and rightly so
    page.goto(f"{address}vergleich/{query}")
    page.get_by_role("status").filter(has_text=status).wait_for()
    page.close()


def test_no_other_request_than_for_names_of_records(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}vergleich/?massnahme=../../x&massnahme=//example.org/a&massnahme=%3Cimg src=x%3E&partner=A")
    page.wait_for_timeout(200)
    assert len([url for url in asked if "assets" not in url]) == 1
    assert not page.locator("#vergleich *").count()


def test_handouts_of_a_choice_have_a_sheet_each(page: Page, address: str) -> None:
    page.goto(f"{address}vergleich/?massnahme={DUISBURG}&massnahme={LIPPE}")
    page.get_by_role("link", name="Als Handzettel zeigen").click()
    page.locator(".wb-handout").nth(1).wait_for()
    assert pages_of(page) == 2
    page.goto(
        page.url
        + "".join(
            f"&massnahme={other}"
            for other in ("kreis-lippe/kalender-fuehrungskraefte", "stadt-juelich/ad-hoc-sprachpaten")
        )
    )
    page.locator(".wb-handout").nth(3).wait_for()
    assert pages_of(page) == 4


# The longest text, the most figures, and two of the usual kind.
@pytest.mark.parametrize(
    "measure",
    [
        DUISBURG,
        LIPPE,
        "stadt-dortmund/gesamtstrategie-neuzuwanderung",
        "kommunales-integrationszentrum-dortmund/refugee-volunteer-map",
        "westdeutscher-rundfunk/talentwerkstatt-wdr-grenzenlos",
    ],
)
def test_a_measure_fits_on_a_sheet(page: Page, address: str, measure: str) -> None:
    page.goto(f"{address}massnahmen/{measure}/")
    assert pages_of(page) == 1


def test_overview_pages_print(page: Page, address: str) -> None:
    for name, most in (("abdeckung", 5), ("karte", 2), ("netzwerke", 5), ("stand", 8)):
        page.goto(f"{address}ueberblick/{name}/")
        assert 1 <= pages_of(page) <= most, name


def pages_of(page: Page) -> int:
    return len(pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def test_marks_on_the_map_lead_to_the_list(page: Page, address: str) -> None:
    page.goto(f"{address}ueberblick/karte/")
    page.get_by_role("link", name="1: Dortmund").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#ort-dortmund")
    assert page.locator(":target").inner_text().startswith("1 Dortmund")


def test_the_wide_picture_is_moved_by_keyboard(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{address}ueberblick/netzwerke/")
    marks = page.locator(".wb-grid__marks")
    marks.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.wb-grid__marks').scrollLeft > 0")


def test_hidden_heads_of_a_table_show_themselves_when_focused(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{address}ueberblick/abdeckung/")
    link = page.locator("thead a").first
    link.focus()
    box = link.bounding_box()
    assert box
    assert box["width"] > 24


def test_overviews_need_no_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, wanted in (
        ("abdeckung", "table"),
        ("zeit", "svg"),
        ("karte", "svg a"),
        ("netzwerke", "svg"),
        ("stand", "table"),
        ("bedarf", "dl"),
    ):
        page.goto(f"{address}ueberblick/{name}/")
        assert page.locator(f"main {wanted}").first.is_visible(), name
    context.close()
