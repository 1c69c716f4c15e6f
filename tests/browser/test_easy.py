"""The switch between a measure's text and the one in easy language."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import serving
from conftest import run_build

pytestmark = pytest.mark.browser


def test_easy_language_is_switched_on_and_stays(full_project: Path, browser: Browser) -> None:
    measures = full_project / "measures/kreis-lippe"
    text = (measures / "schulung.md").read_text()
    (measures / "schulung.md").write_text(text.replace("\n---\n", "\neinfach: Kurz & <b>gut</b>.\n---\n", 1))
    assert run_build(full_project).returncode == 0
    with serving(full_project / "site") as address:
        page = browser.new_context().new_page()
        page.goto(f"{address}massnahmen/kreis-lippe/sprachmittlung/")
        switch = page.get_by_role("button", name="Einfache Sprache")
        easy, full = page.locator(".wb-easy"), page.locator(".wb-body")
        expect(switch).to_have_attribute("aria-pressed", "false")
        expect(easy).to_be_hidden()
        switch.focus()
        page.keyboard.press("Space")
        expect(switch).to_have_attribute("aria-pressed", "true")
        expect(full).to_be_hidden()
        assert easy.locator("p").all_inner_texts()[:2] == [
            "Manche Menschen sprechen noch wenig Deutsch.",
            "Beim Kreis Lippe hilft dann jemand beim Gespräch.",
        ]
        assert "Menschen haben diesen Text" in easy.inner_text()
        page.goto(f"{address}massnahmen/kreis-lippe/schulung/")
        expect(page.locator(".wb-easy")).to_contain_text("Kurz & <b>gut</b>.")
        expect(page.locator(".wb-body")).to_be_hidden()


def test_without_scripts_both_texts_are_there(full_project: Path, browser: Browser) -> None:
    assert run_build(full_project).returncode == 0
    with serving(full_project / "site") as address:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{address}massnahmen/kreis-lippe/sprachmittlung/")
        expect(page.locator(".wb-easy")).to_be_visible()
        expect(page.locator(".wb-body")).to_be_visible()
        expect(page.locator(".wb-easy-switch")).to_be_hidden()
