"""What a site shows of other sites, and that its own pages say no more and no less than without them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

import federating
from catalog import export, problems, render, rules, views
from catalog.site import Site, read_site
from catalog.views import facets, federated, report
from conftest import BASE, EXTRA, ROOT, run_build

OWN, THERE = "kreis-lippe/sprachmittlung", "nachbarstadt:kreis-lippe/sprachmittlung"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with two neighbours, its page about them, and all that a build needs."""
    root = Path(shutil.copytree(BASE, tmp_path_factory.mktemp("federated") / "project"))
    (root / "docs/verbund").mkdir()
    shutil.copyfile(ROOT / "docs/verbund/index.md", root / "docs/verbund/index.md")
    (root / "docs/bericht/2020.md").write_text("---\ntitle: Bericht 2020\nsummary: Alles.\nview: report\n---\n")
    return federating.with_settings(federating.federated(root))


@pytest.fixture(scope="module")
def site(root: Path) -> Site:
    return federating.site_of(root)


@pytest.fixture(scope="module")
def built(root: Path) -> Path:
    result = run_build(root)
    assert result.returncode == 0, result.stderr
    return root / "site"


def page(built: Path, address: str) -> Any:
    return html.parse(str(built / address / "index.html")).getroot()


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def shown(site: Site, address: str) -> dict[str, Any]:
    return views.context(site, next(plan for plan in views.plan(site) if plan.address == address))


def test_every_foreign_page_says_first_where_it_comes_from(site: Site, built: Path) -> None:
    plans = [plan for plan in views.plan(site) if plan.origin]
    records = {plan.record.key for plan in plans if plan.record}
    assert records == {record.key for record in site.everything.catalog if record.site}
    assert len({plan.view for plan in plans}) >= 6
    for plan in plans:
        assert plan.record
        assert plan.origin
        found = page(built, plan.address)
        (mark,) = found.xpath("//main/p[@class='wb-origin']")
        assert mark.getnext().tag == "h1", "before the title"
        assert f"Aus einer anderen Wissensbasis: {plan.origin.name}, abgerufen am 20. Februar 2022." in text_of(mark)
        assert [a.get("href") for a in mark.iter("a")] == [plan.record.origin_address, federating.LICENCE]
        assert [link.get("href") for link in found.xpath("//link[@rel='canonical']")] == [plan.record.origin_address]
        assert not [a for a in found.iter("a") if "vorschlag/?" in a.get("href") or "/edit/" in a.get("href")]
        assert "korrigieren" not in " ".join(a.get("href") for a in found.iter("a"))


def test_foreign_records_are_on_pages_only(site: Site, built: Path) -> None:
    sitemap = (built / "sitemap.xml").read_text()
    assert "verbund/</loc>" in sitemap
    assert "verbund/nachbarstadt" not in sitemap
    open_data = [path for path in (built / "api").rglob("*") if path.is_file()]
    assert open_data
    assert not [path for path in open_data if b"nachbarstadt" in path.read_bytes()]
    assert b"Nachbarstadt" not in (built / "massnahmen/massnahmen.csv").read_bytes()


def test_own_pages_count_ours_only(site: Site) -> None:
    for plan in views.plan(site):
        if not plan.federated:
            assert not [m for m in plan.measures if m.site]
            assert not [p for p in plan.partners if p.site]
    assert shown(site, "massnahmen/")["listing"].total == 2
    assert shown(site, "")["totals"]["measure"] == 2
    assert shown(site, "ueberblick/abdeckung/")["total"] == 2


def test_without_neighbours_nothing_is_there(small_site: Site) -> None:
    assert small_site.everything is small_site
    assert not [plan for plan in views.plan(small_site) if plan.address.startswith("verbund/")]
    names = [path for path, _ in export.files(small_site, views.plan(small_site))]
    assert not [name for name in names if name.startswith("verbund")]
    assert all(key != facets.ORIGIN for plan in views.plan(small_site) for key, _ in plan.filters)


def test_the_list_of_all_begins_with_ours(site: Site, built: Path) -> None:
    context = shown(site, federated.MEASURES)
    assert (context["own"], [(n.id, amount) for n, amount in context["abroad"]]) == (
        2,
        [("nachbarstadt", 2), ("seekreis", 2)],
    )
    titles = [group.title for group in context["listing"].groups]
    assert titles == ["Anteil erhöhen", *(f"Anteil erhöhen (aus: {name})" for name in federating.NAMES.values())]
    found = page(built, federated.MEASURES)
    marks = [text_of(mark) for mark in found.xpath("//ul[@class='wb-items']//span[@class='wb-from']")]
    assert marks == [f"aus {name}" for name in federating.NAMES.values() for _ in range(2)]
    assert found.xpath("//main//a[@href='../../massnahmen/']")
    assert page(built, "massnahmen/").xpath("//main//a[@href='../verbund/massnahmen/']")
    for address in ("massnahmen/", federated.MEASURES):
        each = page(built, address).xpath("//main//a[@data-along != '']")
        assert [text_of(link) for link in each] == [f"2 Maßnahmen aus „{name}“" for name in federating.NAMES.values()]
        assert [link.get("href").rpartition("?")[2] for link in each] == [f"herkunft={id_}" for id_ in federating.NAMES]


def test_the_start_page_leads_to_other_sites(site: Site, small_site: Site) -> None:
    assert [told for page, told in shown(site, "")["more"] if page.view == "federation"] == [
        "4\N{NO-BREAK SPACE}Maßnahmen"
    ]
    assert not [page for page, _ in shown(small_site, "")["more"] if page.view == "federation"]


def test_the_matrix_of_all_tells_how_many_are_not_ours(site: Site, built: Path) -> None:
    context = shown(site, federated.COVERAGE)
    assert (context["total"], context["total_abroad"]) == (6, 4)
    rows = [text_of(row) for row in page(built, federated.COVERAGE).xpath("//tbody//th | //tfoot//th")]
    assert rows == [
        "Kreis Lippe", "Kreis Lippe aus Wissensbasis Nachbarstadt", "Kreis Lippe aus Wissensbasis Seekreis",
        "Alle Partner", "davon aus anderen Wissensbasen",
    ]  # fmt: skip
    assert page(built, "ueberblick/abdeckung/").xpath("//main//a[@href='../../verbund/abdeckung/']")


def test_ours_keep_their_numbers(real_site: Site) -> None:
    assert facets.in_order(real_site) == list(real_site.relations.all_measures)


def test_facets_count_by_origin_and_number_ours_first(site: Site, built: Path) -> None:
    (origin,) = [f for f in facets.facets(site.everything, facets.in_order(site.everything)) if f.key == facets.ORIGIN]
    assert [(value, amount) for value, _, amount in origin.values] == [
        (facets.OWN, 2), ("nachbarstadt", 2), ("seekreis", 2),
    ]  # fmt: skip
    every = json.loads((built / "verbund/massnahmen/filter.json").read_text())
    own = json.loads((built / "massnahmen/filter.json").read_text())
    assert facets.ORIGIN not in own["facets"]
    assert len(own["items"]) == 2
    texts = [
        text
        for name in ("massnahmen", "verbund/massnahmen")
        for text in json.loads((built / name / "texte-0.json").read_text())
    ]
    assert texts[:2] == texts[2:4]
    assert texts[4][0].startswith("nachbarstadt:")
    assert [item[0] for item in every["items"]] == [[0], [0], [1], [1], [2], [2]]
    assert ["nachbarstadt:kreis-lippe", "Kreis Lippe (Wissensbasis Nachbarstadt)"] in every["facets"]["partner"]


def test_search_knows_each_page_and_its_origin(site: Site, built: Path) -> None:
    known = json.loads((built / "suche/seiten.json").read_text())
    assert {"massnahmen", "massnahmen@nachbarstadt", "massnahmen@seekreis", "partner@nachbarstadt"} <= known.keys()
    assert not [name for names in known.values() for name in names.split() if name == "-"]
    (form,) = page(built, "suche/").xpath("//form[@data-folder and @role='search']")
    assert form.get("data-folder") == facets.ALL
    assert form.get("data-merge") is None
    labels = [text_of(label) for label in page(built, "suche/").xpath("//label[input/@name='herkunft']")]
    assert [label.rsplit(" ", 1)[0] for label in labels] == ["Diese Wissensbasis", *federating.NAMES.values()]


def test_a_site_is_searched_in_one_way_only(root: Path) -> None:
    catalog, _ = rules.load(root, views.PAGE_VIEWS)
    settings = {
        "site_name": "W", "extra": {**EXTRA, "federation": federating.SETTINGS, "search": {"merge": ["https://seekreis.example.org"]}},
    }  # fmt: skip
    with pytest.raises(problems.SiteError, match=r"steht auch unter extra\.federation, jeder Treffer käme doppelt"):
        read_site(settings, catalog)


def test_the_page_about_other_sites(site: Site, built: Path, root: Path) -> None:
    members = shown(site, "verbund/")["members"]
    assert [(m.neighbour.id, m.fetched, m.licence) for m in members] == [
        ("nachbarstadt", "20. Februar 2022", "CC BY 4.0"), ("seekreis", "20. Februar 2022", "CC BY 4.0"),
    ]  # fmt: skip
    assert dict(members[0].amounts)["Maßnahmen"] == 2
    assert members[0].refused == ()
    folder = root / "federation/seekreis"
    told = {"total": 30, "items": [{"kind": "measure", "id": "a/b", "reasons": ["Der Titel fehlt."]}]}
    (folder / "quarantine.json").write_text(json.dumps(told))
    (folder / "measures/kreis-lippe/kaputt.md").write_text("---\ntitle: Ohne alles\n---\n")
    try:
        member = shown(federating.site_of(root), "verbund/")["members"][1]
    finally:
        (folder / "quarantine.json").unlink()
        (folder / "measures/kreis-lippe/kaputt.md").unlink()
    assert member.refused[0] == ("Maßnahme „a/b“", "Der Titel fehlt.")
    assert member.refused[1][0] == "federation/seekreis/measures/kreis-lippe/kaputt.md"
    assert member.total_refused == 30 + len(member.refused) - 1


def test_without_neighbours_the_page_says_how_they_come(real_site: Site) -> None:
    context = shown(real_site, "verbund/")
    rendered, _ = render.page(real_site, "federation", context, "")
    assert "Noch ist keine andere Wissensbasis verbunden." in rendered
    assert "mitmachen/verbund/" in rendered


def test_a_report_counts_others_only_when_asked_and_apart(site: Site) -> None:
    alone = report.of_year(site, 2020)
    asked = report.of_year(site, 2020, with_federation=True)
    assert (alone.abroad, len(asked.measures), asked.states) == ((), len(alone.measures), alone.states)
    assert [(entry.origin.id, len(entry.report.measures)) for entry in asked.abroad] == [
        ("nachbarstadt", 2),
        ("seekreis", 2),
    ]
    assert asked.total_abroad == 4
    (origin, partners), _ = report.in_category(asked, "anteil")
    assert origin.id == "nachbarstadt"
    assert next(m.ref for _, found in partners for m in found) == THERE


def test_the_report_page_says_it(root: Path) -> None:
    file = root / "docs/bericht/2020.md"
    before = file.read_text()
    file.write_text(before.replace("view: report", "view: report\nwith_federation: true"))
    try:
        site = federating.site_of(root)
    finally:
        file.write_text(before)
    whole, _ = render.page(site, "report", shown(site, "bericht/2020/"), "")
    assert "Zusammen sind das 6\N{NO-BREAK SPACE}Maßnahmen, davon 4 aus anderen Wissensbasen." in whole
    assert "Der Bericht umfasst 2\N{NO-BREAK SPACE}Maßnahmen" in whole
    chapter, _ = render.page(site, "report-chapter", shown(site, "bericht/2020/anteil/"), "")
    marks = [text_of(mark) for mark in html.fromstring(chapter).xpath("//span[@class='wb-from']")]
    assert marks == [f"aus {name}" for name in federating.NAMES.values() for _ in range(2)]


def test_only_a_report_can_ask_for_others(project: Path) -> None:
    file = project / "docs/gute-praxis/index.md"
    file.write_text(file.read_text().replace("view:", "with_federation: true\nview:"))
    (found,) = rules.load(project, views.PAGE_VIEWS)[1]
    assert found.text == (
        "with_federation (Mit anderen Wissensbasen): Das gilt nur für Jahresberichte, nicht für die Ansicht "
        "„best-practice“. Bitte die Angabe entfernen."
    )
    assert file.read_text().splitlines()[found.line - 1] == "with_federation: true"


def test_similar_measures_of_others_stand_apart(site: Site, built: Path) -> None:
    context = shown(site, f"massnahmen/{OWN}/")
    assert not [m for m, _ in context["similar"] if m.site]
    assert {m.site for m, _, _ in context["similar_abroad"]} == set(federating.NAMES)
    found = page(built, f"massnahmen/{OWN}/").xpath("//section//span[@class='wb-from']")
    assert found
    assert all(text_of(mark).startswith("aus Wissensbasis") for mark in found)


def test_of_similar_measures_ours_stand_in_their_own_list(project: Path) -> None:
    for name in ("partners/kreis-lippe.md", "measures/kreis-lippe/sprachmittlung.md"):
        copy = project / name.replace("kreis-lippe", "kreis-soest")
        copy.parent.mkdir(exist_ok=True)
        copy.write_text((project / name).read_text().replace("aliases:", "# aliases:"))
    site = federating.site_of(federating.federated(project))
    context = shown(site, f"massnahmen/{OWN}/")
    assert [measure.ref for measure, _ in context["similar"]] == ["kreis-soest/sprachmittlung"]
    assert context["similar_abroad"]
    assert all(measure.site for measure, _, _ in context["similar_abroad"])
