"""What pages show, before any template sees it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from catalog import views
from catalog.site import Site
from catalog.views.common import PER_PAGE, Listing


def context(site: Site, address: str) -> dict[str, Any]:
    page = next(page for page in views.plan(site) if page.address == address)
    return views.context(site, page)


def test_every_page_stands_once(real_site: Site) -> None:
    pages = views.plan(real_site)
    assert len({page.address for page in pages}) == len({page.path for page in pages}) == len(pages)
    assert {page.view for page in pages} <= {"text", *views.PART_VIEWS, *views.RECORD_VIEWS, *views.PAGE_VIEWS}


def test_long_lists_are_cut_and_lose_nothing(real_site: Site) -> None:
    pages = views.plan(real_site)
    cut = [page for page in pages if page.parts > 1 and page.part == 1]
    assert len(cut) > 10
    for page in cut:
        parts = sorted((p for p in pages if p.first_address == page.address), key=lambda p: p.part)
        listings = [views.context(real_site, part)["listing"] for part in parts]
        assert [m for listing in listings for group in listing.groups for m in group.measures] == list(page.measures)
        assert all(sum(len(group.measures) for group in listing.groups) <= PER_PAGE for listing in listings)


@pytest.mark.parametrize(
    "address",
    [
        "kategorien/vernetzung/",
        "netzwerke/charta-der-vielfalt/",
        "formate/fortbildung/",
        "indikatoren/einstellungshemmnisse-abbauen/",
    ],
)
def test_a_heading_stands_once(real_site: Site, address: str) -> None:
    """Measures of one partner (or category) stand together, in the order of the report."""
    shown = context(real_site, address)["listing"]
    assert isinstance(shown, Listing)
    headings = Counter(group.anchor for group in shown.groups)
    assert headings
    assert set(headings.values()) == {1}


def test_measure_page(small_site: Site) -> None:
    shown = context(small_site, "massnahmen/kreis-lippe/schulung/")
    assert shown["partner"].ref == "kreis-lippe"
    assert shown["continues"].id == "sprachmittlung"
    assert (shown["position"], len(shown["chapter"])) == (2, 2)
    assert shown["before"].id == "sprachmittlung"
    assert shown["after"] is None
    assert shown["evidence"][0][1] == ["„Anteil erhöhen“"]


def test_partner_page(small_site: Site) -> None:
    shown = context(small_site, "partner/kreis-lippe/")
    assert [(category.id, len(found)) for category, found in shown["by_category"]] == [("anteil", 2)]
    assert shown["states"] == [("laufend", 1), ("ausgefallen", 1)]
    assert [phase.id for phase in shown["phases"]] == ["phase-2"]
    assert [m.id for m in shown["praised"]] == ["sprachmittlung"]


def test_start_page_counts(real_site: Site) -> None:
    shown = context(real_site, "")
    assert shown["totals"]["measure"] == len(real_site.relations.all_measures)
    assert sum(amount for _, amount in shown["states"]) == shown["totals"]["measure"]
    assert sum(len(found) for _, found in shown["categories"]) == shown["totals"]["measure"]
    assert len(shown["questions"]) == 8


def test_source_page_follows_the_document(real_site: Site) -> None:
    page = next(page for page in views.plan(real_site) if page.address == "quellen/partnerbericht-2020/")
    assert [m.partner for m in page.measures[:3]] == ["bezirksregierung-arnsberg"] * 3
    assert page.measures[8].partner == "kreis-lippe"


def test_crumbs(small_site: Site) -> None:
    page = next(page for page in views.plan(small_site) if page.address == "massnahmen/kreis-lippe/schulung/")
    assert page.crumbs == (("Maßnahmen", "massnahmen/"), ("Kreis Lippe", "partner/kreis-lippe/"))
