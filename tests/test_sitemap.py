"""The site map: its form, its addresses, and the days on which pages changed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from catalog import sitemap, views
from catalog.history import Change
from catalog.site import Site

NAME = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def moment(day: int) -> datetime.datetime:
    return datetime.datetime(2020, 1, 1, 23, 59, tzinfo=datetime.UTC) + datetime.timedelta(days=day)


def read(text: str) -> dict[str, str]:
    """Address -> day, of a map that keeps the rules of sitemaps.org."""
    root = etree.fromstring(text.encode())
    assert root.tag == f"{NAME}urlset"
    assert len(root) <= 50_000
    found = {}
    for entry in root:
        assert entry.tag == f"{NAME}url"
        assert [child.tag for child in entry] in ([f"{NAME}loc"], [f"{NAME}loc", f"{NAME}lastmod"])
        address, day = entry.findtext(f"{NAME}loc", ""), entry.findtext(f"{NAME}lastmod", "")
        assert urlsplit(address).netloc
        assert len(address) < 2048
        assert address not in found
        if day:
            assert datetime.date.fromisoformat(day).isoformat() == day
        found[address] = day
    return found


@pytest.fixture(scope="module")
def dated(real_site: Site) -> Site:
    """The real records; each measure has a day of its own, all other files are older."""
    measures = {m.path: Change(moment(0), moment(i + 1)) for i, m in enumerate(real_site.relations.all_measures)}
    return replace(real_site, history={r.path: Change(moment(0), moment(0)) for r in real_site.catalog} | measures)


@pytest.fixture(scope="module")
def days(dated: Site) -> dict[str, str]:
    found = read(sitemap.text(dated, views.plan(dated)))
    return {address.removeprefix(dated.url): day for address, day in found.items()}


def last(site: Site, *refs: str) -> str:
    """The day on which the youngest of some measures changed."""
    changes = [site.history[site.catalog.of("measure")[ref].path].changed for ref in refs]
    return max(changes).date().isoformat()


def test_every_page_stands_once_and_in_order(days: dict[str, str], dated: Site) -> None:
    assert list(days) == sorted(page.address for page in views.plan(dated))


def test_a_record_is_as_new_as_its_file(days: dict[str, str], dated: Site) -> None:
    for measure in dated.relations.all_measures:
        assert days[measure.page_address] == last(dated, measure.ref)
    assert days["beschluesse/integrationsrat-bielefeld-2021-11-24/"] == "2020-01-01"
    assert days["rechtliches/impressum/"] == "2020-01-01"
    assert days["quellen/"] == "2020-01-01"


def test_a_list_is_as_new_as_the_newest_that_it_lists(days: dict[str, str], dated: Site) -> None:
    relations = dated.relations
    everything = last(dated, *(m.ref for m in relations.all_measures))
    assert days[""] == days["massnahmen/"] == days["massnahmen/seite-2/"] == days["ueberblick/zeit/"] == everything
    own = relations.by_partner["kreis-lippe"]
    assert days["partner/kreis-lippe/"] == last(dated, *(m.ref for m in own)) < everything
    category = dated.catalog.of("category")["anteil-erhoehen"]
    listed = relations.measures(category, "category")
    assert len(listed) > 60
    wanted = last(dated, *(m.ref for m in listed))
    assert days["kategorien/anteil-erhoehen/"] == days["kategorien/anteil-erhoehen/seite-2/"] == wanted < everything
    assert days["status/geplant/"] == last(dated, *(m.ref for m in relations.with_term("status", "geplant")))


def test_without_history_no_day_is_claimed(real_site: Site) -> None:
    found = read(sitemap.text(real_site, views.plan(real_site)))
    assert set(found.values()) == {""}


def test_former_addresses_and_the_error_page_are_left_out(real_build: Path) -> None:
    found = read((real_build / "sitemap.xml").read_text())
    addresses = {urlsplit(address).path for address in found}
    assert all((real_build / address[1:] / "index.html").is_file() for address in addresses)
    assert not any("404" in address for address in addresses)
    moved = [path for path in real_build.rglob("index.html") if 'http-equiv="refresh"' in path.read_text()[:2000]]
    assert not addresses & {f"/{path.parent.relative_to(real_build).as_posix()}/" for path in moved}
