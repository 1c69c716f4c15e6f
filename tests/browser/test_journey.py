"""Real Chromium: the way that a reader goes, with mouse, by keyboard and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_start_category_measure_partner_and_back(page: Page, address: str) -> None:
    page.goto(address)
    assert page.title() == "Wissensbasis Vielfalt NRW"
    page.get_by_role("link", name="Förderung von Chancengerechtigkeit und Teilhabe").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Förderung von Chancengerechtigkeit und Teilhabe"
    measure = page.locator("main .wb-items a").first
    title = measure.inner_text()
    measure.click()
    assert page.get_by_role("heading", level=1).inner_text() == title
    partner = page.locator(".wb-facts a").first
    name = partner.inner_text()
    partner.click()
    assert "/partner/" in page.url
    assert page.locator(".wb-crumbs").inner_text().split() == ["Start", "Partner"]
    assert page.get_by_role("link", name=title).count() >= 1, f"{name} does not lead back to {title}"
    for _ in range(3):
        page.go_back()
    assert page.url == address


def test_chosen_scheme_stays(page: Page, address: str) -> None:
    page.goto(address)
    button = page.get_by_role("button", name="Dunkle Darstellung")
    assert button.get_attribute("aria-pressed") == "false"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    page.goto(f"{address}massnahmen/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert page.get_by_role("button", name="Dunkle Darstellung").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_works_without_javascript(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(
        java_script_enabled=False, color_scheme="dark", viewport={"width": width, "height": 700}
    )
    page = context.new_page()
    page.goto(f"{address}partner/landschaftsverband-rheinland/")
    buttons = page.get_by_role("button").all()
    assert [button.inner_text() for button in buttons if button.is_visible()] == ["Suchen"]  # which leads to the search
    if width == 320:
        page.locator(".wb-menu--narrow summary").click()
        page.locator(".wb-menu--narrow").get_by_role("link", name="Maßnahmen").click()
    else:
        page.locator(".wb-menu--wide").get_by_role("link", name="Maßnahmen").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Maßnahmen"
    context.close()
