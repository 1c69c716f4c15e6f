"""What the pages show and what each format holds is the same: every measure, read back from all of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import duckdb
import openpyxl
import pytest
from lxml import html
from rdflib import DCAT, DCTERMS, Graph, Literal

from catalog import downloads, wording
from catalog.site import Site
from conftest import ROOT, front_matter


class Told(NamedTuple):
    """What is compared of a measure."""

    ref: str
    title: str
    partner: str
    category: str
    status: str
    target_groups: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]


Measures = dict[str, Told]
SCHEME = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def by_ref(found: Iterable[Told]) -> Measures:
    told = list(found)
    assert len({measure.ref for measure in told}) == len(told)
    return {measure.ref: measure for measure in told}


def of_item(item: Mapping[str, Any]) -> Told:
    """From the form that JSON, JSON Lines and Parquet share."""
    return Told(
        item["id"],
        item["title"],
        item["partner"]["title"],
        item["category"]["title"],
        item["status"]["label"],
        tuple(entry["label"] for entry in item["target_groups"]),
        tuple((figure["value"], figure["unit"]) for figure in item["figures"]),
    )


def of_row(row: Mapping[str, str]) -> Told:
    """From a row of a table, in which a list is one cell."""
    numbers = zip(listed(row["figures.value"]), listed(row["figures.unit"]), strict=False)
    return Told(
        row["id"],
        row["title"],
        row["partner.title"],
        row["category.title"],
        row["status.label"],
        tuple(listed(row["target_groups.label"])),
        tuple(numbers),
    )


def listed(cell: str | None) -> list[str]:
    return cell.split("; ") if cell else []


def from_json(built: Path) -> Measures:
    return by_ref(map(of_item, json.loads((built / downloads.path("measure", "json")).read_text())["items"]))


def from_json_lines(built: Path) -> Measures:
    rows = duckdb.sql(f"SELECT * FROM read_json('{built / downloads.path('measure', 'jsonl')}', sample_size=-1)")
    return by_ref(of_item(dict(zip(rows.columns, row, strict=True))) for row in rows.fetchall())


def from_parquet(built: Path) -> Measures:
    rows = duckdb.sql(f"SELECT * FROM '{built / downloads.path('measure', 'parquet')}'")
    return by_ref(of_item(dict(zip(rows.columns, row, strict=True))) for row in rows.fetchall())


def from_csv(built: Path) -> Measures:
    text = (built / downloads.path("measure", "csv")).read_text("utf-8-sig")
    return by_ref(map(of_row, csv.DictReader(io.StringIO(text), delimiter=";")))


def from_xlsx(built: Path) -> Measures:
    book = openpyxl.load_workbook(built / downloads.path("measure", "xlsx"), read_only=True)
    _, *explained = book["Spalten"].iter_rows(values_only=True)
    names = [str(name) for _, name, *_ in explained]
    _, *rows = book.worksheets[0].iter_rows(values_only=True)
    return by_ref(of_row({n: str(v) if v else "" for n, v in zip(names, row, strict=False)}) for row in rows)


def from_zip(built: Path) -> Measures:
    with zipfile.ZipFile(built / downloads.ARCHIVE) as archive:
        name = next(name for name in archive.namelist() if name.endswith("measures.json"))
        return by_ref(map(of_item, json.loads(archive.read(name))["items"]))


FORMATS: list[Callable[[Path], Measures]] = [from_json_lines, from_parquet, from_zip]
# A semicolon inside of a unit can't be told from one between two units.
TABLES: list[Callable[[Path], Measures]] = [from_csv, from_xlsx]


@pytest.fixture(scope="module")
def measures(real_build: Path) -> Measures:
    return from_json(real_build)


def test_the_data_say_what_the_files_of_the_records_say(measures: Measures) -> None:
    files = {path.relative_to(ROOT / "measures").with_suffix(""): path for path in ROOT.glob("measures/*/*.md")}
    assert {str(ref) for ref in files} == measures.keys()
    for ref, path in files.items():
        written, told = front_matter(path), measures[str(ref)]
        figures = tuple((figure["value"], figure["unit"]) for figure in written.get("figures", ()))
        assert (written["title"], figures, len(written["target_groups"])) == (
            told.title,
            told.figures,
            len(told.target_groups),
        )


@pytest.mark.parametrize("read", FORMATS, ids=lambda read: read.__name__)
def test_formats_agree(read: Callable[[Path], Measures], real_build: Path, measures: Measures) -> None:
    assert read(real_build) == measures


@pytest.mark.parametrize("read", TABLES, ids=lambda read: read.__name__)
def test_tables_agree(read: Callable[[Path], Measures], real_build: Path, measures: Measures) -> None:
    found = read(real_build)
    assert found.keys() == measures.keys()
    for ref, told in measures.items():
        if any(";" in unit for _, unit in told.figures):
            told, found[ref] = told._replace(figures=()), found[ref]._replace(figures=())
        assert found[ref] == told


def test_pages_agree(real_build: Path, real_site: Site, measures: Measures) -> None:
    for ref, told in measures.items():
        page = html.fromstring((real_build / "massnahmen" / ref / "index.html").read_bytes())
        facts = {words(row.find("dt")): row.find("dd") for row in page.findall(".//dl[@class='wb-facts']/div")}
        partner = real_site.catalog.of("partner")[ref.split("/")[0]]
        assert words(page.find(".//h1")) == told.title
        assert (partner.title, words(facts["Partner"])) == (told.partner, partner.name)
        assert words(facts["Kategorie"].find("a")) == told.category
        assert words(facts["Status"].find("span")) == told.status
        assert tuple(words(link) for link in facts["Für wen"].iter("a")) == told.target_groups
        shown = [words(entry) for entry in page.findall(".//dl[@class='wb-figures']//dt")]
        assert shown == [" ".join(wording.figure(value, unit).split()) for value, unit in told.figures]


def test_pages_say_it_to_machines(real_build: Path, measures: Measures) -> None:
    for ref, told in measures.items():
        page = html.fromstring((real_build / "massnahmen" / ref / "index.html").read_bytes())
        said = json.loads(page.find(".//script[@type='application/ld+json']").text)
        (node,) = (each for each in said["@graph"] if each["@type"] in ("Project", "Service"))
        assert node["name"] == told.title


def test_lists_and_overviews_count_the_same(real_build: Path, measures: Measures) -> None:
    facets = html.fromstring((real_build / "massnahmen/index.html").read_bytes())
    chosen = {words(legend): legend.getparent() for legend in facets.iter("legend")}
    for name, key in (("Kategorie", "category"), ("Status", "status")):
        amounts = Counter(getattr(told, key) for told in measures.values())
        labels = [words(label) for label in chosen[name].iter("label")]
        counted = {m[1].strip(): int(m[2]) for text in labels if (m := re.fullmatch(r"(.+?)\s*\(?(\d+)\)?", text))}
        assert counted == amounts, name
    narrowed = json.loads((real_build / "massnahmen/filter.json").read_text())
    assert len(narrowed["items"]) == len(measures)
    for category, amount in Counter(told.category for told in measures.values()).items():
        pages = (html.fromstring(path.read_bytes()) for path in (real_build / "kategorien").glob("*/index.html"))
        page = next(page for page in pages if words(page.find(".//h1")) == category)
        assert f"{amount} Maßnahmen" in words(page)


def test_coverage_counts_the_same(real_build: Path, measures: Measures) -> None:
    page = html.fromstring((real_build / "ueberblick/abdeckung/index.html").read_bytes())
    table = page.find(".//table")
    _, *categories, _ = (words(head) for head in table.find("thead").iter("th"))
    shown: Counter[tuple[str, str]] = Counter()
    for row in table.find("tbody").iter("tr"):
        partner = row.find("th/a").get("href").rstrip("/").rpartition("/")[2]
        for category, cell in zip(categories, row.iter("td"), strict=False):
            number = cell.find(".//strong")
            shown[partner, category] += int(words(number)) if number is not None else 0
    assert +shown == Counter((told.ref.split("/")[0], told.category) for told in measures.values())


def test_index_site_map_and_catalogue_count_the_same(real_build: Path, real_site: Site) -> None:
    index = json.loads((real_build / downloads.INDEX).read_text())
    located = {entry.text or "" for entry in ElementTree.parse(real_build / "sitemap.xml").iter(SCHEME)}
    catalogue = Graph().parse(real_build / "api/v1/catalog.ttl")
    titles = {str(title) for title in catalogue.objects(None, DCTERMS.title) if isinstance(title, Literal)}
    addresses = {str(address) for address in catalogue.objects(None, DCAT.downloadURL)}
    for entry in index["files"]:
        kind = entry["kind"]
        records = real_site.catalog.of(kind)
        assert entry["total"] == len(records)
        assert {f"{index['url']}{record.page_address}" for record in records.values()} <= located
        assert any(entry["title"] in title for title in titles), entry["title"]
        assert f"{index['url']}{downloads.path(kind, 'csv')}" in addresses


def words(element: Any) -> str:
    return " ".join(element.text_content().split())
