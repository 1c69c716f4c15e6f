"""A site with neighbours in a browser: the facet of where something comes from, the mark on each page, the comparison."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from test_accessibility import faults_in_all_modes, looking

import federating
from browsing import serving
from catalog import views
from conftest import BASE, ROOT, run_build
from inspecting import unfold
from kinds import one_of_each

pytestmark = pytest.mark.browser

THERE = "verbund/nachbarstadt/massnahmen/kreis-lippe/sprachmittlung/"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(shutil.copytree(BASE, tmp_path_factory.mktemp("federated") / "project"))
    (root / "docs/verbund").mkdir()
    shutil.copyfile(ROOT / "docs/verbund/index.md", root / "docs/verbund/index.md")
    federating.with_settings(federating.federated(root))
    result = run_build(root)
    assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with serving(root / "site") as address:
        yield address


def chosen(page: Page, label: str) -> None:
    """Open the facet and choose one of its values."""
    panel = page.locator(".wb-facets__panel")
    if panel.get_attribute("open") is None:
        panel.locator("> summary").click()
    facet = page.locator(".wb-facet", has=page.locator("summary", has_text="Herkunft"))
    if facet.get_attribute("open") is None:
        facet.locator("summary").click()
    facet.get_by_label(label).check()


def test_a_list_of_all_narrows_by_origin(page: Page, address: str) -> None:
    page.goto(address + "verbund/massnahmen/")
    expect(page.locator(".wb-items > li")).to_have_count(6)
    chosen(page, "Wissensbasis Nachbarstadt")
    expect(page.locator(".wb-facets__status")).to_have_text("2 Treffer.")
    marks = page.locator("[data-facets-list] .wb-from")
    expect(marks).to_have_text(["aus Wissensbasis Nachbarstadt"] * 2)
    page.locator("[data-facets-list] a", has_text="Sprachmittlung in Nachbarstadt").click()
    page.wait_for_url(address + THERE)
    expect(page.locator(".wb-origin")).to_contain_text("Wissensbasis Nachbarstadt")


def test_the_list_of_ours_knows_no_others(page: Page, address: str) -> None:
    page.goto(address + "massnahmen/?status=laufend")
    expect(page.locator(".wb-facets__status")).to_have_text("1 Treffer.")
    expect(page.locator("input[name=herkunft]")).to_have_count(0)


def test_from_list_to_list_the_filters_come_along(page: Page, address: str) -> None:
    page.goto(address + "massnahmen/?status=laufend")
    expect(page.locator(".wb-facets__status")).to_have_text("1 Treffer.")
    page.get_by_role("link", name="Auch die anderer Wissensbasen zeigen").click()
    page.wait_for_url(address + "verbund/massnahmen/?status=laufend")
    expect(page.locator(".wb-facets__status")).to_have_text("3 Treffer.")
    page.get_by_role("link", name="2 Maßnahmen aus „Wissensbasis Seekreis“").click()
    page.wait_for_url(address + "verbund/massnahmen/?status=laufend&herkunft=seekreis")
    expect(page.locator(".wb-facets__status")).to_have_text("1 Treffer.")
    page.get_by_role("link", name="Nur die eigenen Maßnahmen").click()
    page.wait_for_url(address + "massnahmen/?status=laufend")
    expect(page.locator(".wb-facets__status")).to_have_text("1 Treffer.")


def test_only_ours_of_a_list_are_downloaded(page: Page, address: str) -> None:
    page.goto(address + "verbund/massnahmen/?status=laufend")
    expect(page.locator(".wb-facets__status")).to_have_text("3 Treffer.")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = Path(download.value.path()).read_text("utf-8-sig").strip().splitlines()
    assert [row.split(";")[0] for row in rows] == ["Titel", "Sprachmittlung im Kreishaus"]


@pytest.mark.parametrize(
    "place", ["verbund/massnahmen/?herkunft=seekreis", "suche/?q=Sprachmittlung&herkunft=seekreis"]
)
def test_no_empty_file_is_downloaded(page: Page, address: str, place: str) -> None:
    downloads: list[object] = []
    page.on("download", lambda download: downloads.append(download))
    page.goto(address + place)
    expect(page.locator("main")).to_contain_text("Sprachmittlung in Seekreis")
    page.get_by_role("button", name="CSV").click()
    expect(page.locator(".wb-facets__status")).to_contain_text("Es gibt nichts herunterzuladen.")
    assert downloads == []


def test_search_marks_and_narrows_by_origin(page: Page, address: str) -> None:
    page.goto(address + "suche/?q=Sprachmittlung")
    results = page.locator(".wb-search__results")
    expect(results).to_contain_text("aus Wissensbasis Nachbarstadt")
    expect(results).to_contain_text("aus Wissensbasis Seekreis")
    chosen(page, "Diese Wissensbasis")
    expect(results).not_to_contain_text("aus Wissensbasis")
    expect(results).to_contain_text("Sprachmittlung im Kreishaus")
    page.goto(address + "suche/?q=Sprachmittlung&herkunft=seekreis")
    expect(results.locator("a", has_text="Sprachmittlung in Seekreis")).to_be_visible()
    addresses = results.locator("li > a").evaluate_all("(links) => links.map((link) => link.href)")
    assert addresses
    assert all(found.startswith(f"{address}verbund/seekreis/") for found in addresses)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_longest_name_breaks(browser: Browser, tmp_path: Path, width: int) -> None:
    """A neighbour gives itself its name, and shall not push ours out of sight."""
    root = Path(shutil.copytree(BASE, tmp_path / "project"))
    (root / "docs/verbund").mkdir()
    shutil.copyfile(ROOT / "docs/verbund/index.md", root / "docs/verbund/index.md")
    federating.with_settings(federating.federated(root))
    config = root / "mkdocs.yml"
    config.write_text(config.read_text().replace("Wissensbasis Nachbarstadt", "N" * 160))
    assert run_build(root).returncode == 0
    page = browser.new_page(viewport={"width": width, "height": 800})
    with serving(root / "site") as there:
        for target in (
            "verbund/",
            "verbund/massnahmen/?herkunft=nachbarstadt",
            "verbund/abdeckung/",
            "suche/?q=Vielfalt",
            THERE,
        ):
            page.goto(there + target)
            expect(page.locator("main")).to_contain_text("NNNN")
            page.evaluate("document.querySelectorAll('details').forEach((found) => { found.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") == width, target
    page.close()


def test_a_comparison_says_where_each_comes_from(page: Page, address: str) -> None:
    page.goto(
        address + "vergleich/?massnahme=kreis-lippe/sprachmittlung&massnahme=nachbarstadt:kreis-lippe/sprachmittlung"
    )
    row = page.locator(".wb-compare tr", has=page.locator("th", has_text="Herkunft"))
    expect(row.locator("td").nth(0)).to_have_text("–")
    expect(row.locator("td").nth(1)).to_contain_text("Wissensbasis Nachbarstadt")


def test_the_mark_is_printed(page: Page, address: str) -> None:
    page.goto(address + THERE)
    page.emulate_media(media="print")
    expect(page.locator(".wb-origin")).to_be_visible()


def test_the_lists_need_no_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "massnahmen/")
    page.get_by_role("link", name="Auch die anderer Wissensbasen zeigen").click()
    expect(page.locator(".wb-items .wb-from")).to_have_count(4)
    page.get_by_role("link", name="Nur die eigenen Maßnahmen").click()
    expect(page.locator(".wb-items .wb-from")).to_have_count(0)
    context.close()


@pytest.fixture(scope="module")
def kinds(root: Path) -> dict[str, str]:
    """The pages that only a site with neighbours has, one of each kind."""
    site = federating.site_of(root)
    found = one_of_each(site, root / "site")
    foreign = {plan.view: plan.address for plan in views.plan(site) if plan.origin}
    ours = {view: found[view] for view in ("federation", "all-measures", "all-coverage", "search", "measure")}
    return {**ours, **{f"{view} abroad": address for view, address in foreign.items()}}


def test_pages_have_no_faults(browser: Browser, address: str, kinds: dict[str, str]) -> None:
    with looking(browser) as page:
        for name, target in kinds.items():
            page.goto(address + target)
            unfold(page)
            assert faults_in_all_modes(page) == {}, name
