"""Other sites: how mkdocs.yml names them, how their snapshots are read, and that nothing of them is taken for ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown

import neighbours
from catalog import export, federation, naming, operator, render, rules, views
from catalog.conversion import ConversionError
from catalog.federation import Neighbour
from catalog.links import RepositoryLinks
from catalog.model import KINDS, Measure, Network, Partner
from catalog.problems import SiteError
from catalog.site import Site
from conftest import BASE, run_build

HOME = "https://nachbar.example/"


def told(entries: Any, **settings: Any) -> list[str]:
    """What is said of ``extra.federation``."""
    text = f"site_name: W\nextra:\n  federation: {json.dumps(entries)}\n"
    whole = {"extra": {"federation": entries}, **settings}
    return [f"{p.line}: {p.text}" for p in federation.neighbours(whole, operator.lines(text), {})[1]]


def test_neighbours_are_named_in_the_settings() -> None:
    lines = operator.lines("extra:\n  federation:\n")
    entries = [{"id": "a", "url": "https://a.example/wissen", "name": "A"}, {"id": "b", "url": "http://127.0.0.1:8000"}]
    found, problems = federation.neighbours({"extra": {"federation": entries}}, lines, {})
    assert problems == []
    assert found == (
        Neighbour("a", "https://a.example/wissen/", "A"),
        Neighbour("b", "http://127.0.0.1:8000/", "b"),
    )
    assert federation.neighbours({"extra": {}}, lines, {}) == ((), [])


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("x", "3: extra.federation: Das ist keine Liste."),
        ([{"id": "a"}], "3: extra.federation[1].url (Adresse): fehlt."),
        ([{"id": "A b", "url": HOME}], "3: extra.federation[1].id (Kennung): „A b“ ist keine Kennung."),
        ([{"id": "seite-2", "url": HOME}], "„seite-2“ ist keine Kennung."),
        ([{"id": "con", "url": HOME}], "„con“ ist keine Kennung."),
        ([{"id": "a", "url": "http://a.example/"}], "„http://a.example/“ ist keine Adresse einer Wissensbasis."),
        ([{"id": "a", "url": "ftp://a.example/"}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://u:p@a.example/"}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://a.example/?x=1"}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://a.example/#x"}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://["}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://a.example:x/"}], "ist keine Adresse"),
        ([{"id": "a", "url": "https://a.example/a b"}], "ist keine Adresse"),
        ([{"id": "a", "url": HOME, "nme": "x"}], "„nme“ ist kein bekannter Schlüssel. Meinten Sie „name“?"),
        ([{"id": "a", "url": HOME, "name": "x\u202ey"}], "Der Name enthält unsichtbare Zeichen."),
        ([{"id": "a", "url": HOME}, {"id": "a", "url": "https://b.example"}], "Die Kennung „a“ steht zweimal."),
        ([{"id": "a", "url": HOME}, {"id": "b", "url": HOME[:-1]}], f"Die Adresse „{HOME}“ steht zweimal."),
        (["https://a.example/"], "extra.federation[1]"),
        ([5], "extra.federation[1]"),
        ([{"id": 5, "url": None}], "extra.federation[1].id"),
    ],
)
def test_what_is_wrong_in_the_settings(entries: Any, said: str) -> None:
    found = told(entries)
    assert any(said in line for line in found), found


def test_a_site_is_no_neighbour_of_its_own() -> None:
    assert "ist die eigene Adresse" in told([{"id": "a", "url": HOME}], site_url=HOME[:-1])[0]


def test_a_site_that_takes_a_name_is_shown_with_its_address(project: Path) -> None:
    titles = {"a": "Wissen!", "b": "Ｄiese Wissensbasis", "c": "Gleich", "d": "gleich", "e": "Eigen", "f": "Wissen"}
    for id_, title in titles.items():
        neighbours.snapshot(project, site=id_)
        file = project / f"federation/{id_}/neighbour.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"title": title}))
    named = neighbours.named(**{id_: f"https://{id_}.example/" for id_ in titles})
    named[-1]["name"] = "Wissen"  # the operator may call it so
    site = neighbours.site_at(project, "https://example.org/", federation=named)
    assert [neighbour.name for neighbour in site.neighbours] == [
        "Wissen! (a.example)", "Ｄiese Wissensbasis (b.example)", "Gleich (c.example)", "gleich (d.example)",
        "Eigen", "Wissen",
    ]  # fmt: skip


def test_wrong_settings_stop_a_build(project: Path) -> None:
    with pytest.raises(SiteError, match="ist keine Adresse einer Wissensbasis"):
        neighbours.site_at(project, "https://example.org/", federation=neighbours.named(a="http://a.example/"))


@pytest.fixture
def site(project: Path) -> Site:
    neighbours.snapshot(project)
    return neighbours.site_at(project, "https://example.org/", federation=neighbours.named(nachbar=HOME))


def test_our_own_catalogue_knows_nothing_of_the_others(site: Site, small_site: Site) -> None:
    assert [r.key for r in site.catalog] == [r.key for r in small_site.catalog]
    assert not any(r.site for r in site.catalog)
    written, alone = (
        {path: content for path, content in export.files(each, ()) if path.startswith(("api/", "massnahmen/"))}
        for each in (site, small_site)
    )
    assert written.keys() == alone.keys()
    for path, content in written.items():
        assert b"nachbar" not in content, path


def test_everything_holds_all_records(site: Site, small_site: Site) -> None:
    assert small_site.everything is small_site
    together = site.everything
    assert together.everything is together
    ours, theirs = ([r for r in together.catalog if bool(r.site) is foreign] for foreign in (False, True))
    assert [r.key for r in ours] == [r.key for r in site.catalog]
    assert {r.site for r in theirs} == {"nachbar"}
    assert {r.kind for r in theirs} == {"measure", "partner", "network", "source", "phase", "indicator"}
    assert site.neighbours == (
        Neighbour(
            "nachbar", HOME, "Wissen nachbar", "https://creativecommons.org/licenses/by/4.0/deed.de", "2026-11-01"
        ),
    )


def test_a_foreign_record_can_be_taken_for_none_of_ours(site: Site) -> None:
    catalog, relations = site.everything.catalog, site.everything.relations
    measure = catalog.of("measure")["nachbar:kreis-lippe/schulung"]
    assert isinstance(measure, Measure)
    assert (measure.id, measure.own_ref, measure.partner) == ("schulung", "kreis-lippe/schulung", "nachbar:kreis-lippe")
    assert measure.page_address == "verbund/nachbar/massnahmen/kreis-lippe/schulung/"
    assert measure.origin_address == f"{HOME}massnahmen/kreis-lippe/schulung/"
    assert measure.path == "federation/nachbar/measures/kreis-lippe/schulung.md"
    assert [(r.field, r.ref) for r in measure.references] == [
        ("category", "anteil"),
        ("continues", "nachbar:kreis-lippe/sprachmittlung"),
        ("sources", "nachbar:bericht"),
    ]
    assert measure.sources[0].document == "nachbar:bericht"
    assert relations.partner(measure).site == "nachbar"
    assert relations.category(measure).site == ""
    own = catalog.of("measure")["kreis-lippe/schulung"]
    assert (own.site, own.origin_address, own.page_address) == ("", "", "massnahmen/kreis-lippe/schulung/")
    network = catalog.of("network")["nachbar:vielfalt"]
    assert isinstance(network, Network)
    assert {member.site for member in relations.members(network)} == {"nachbar"}
    for record in catalog:
        for reference in record.references:
            found = catalog.find(reference.kinds, reference.ref)
            assert found is None or found.kind == "category" or found.site == record.site
    assert isinstance(catalog.of("partner")["nachbar:kreis-lippe"], Partner)


def test_below_verbund_only_the_build_writes() -> None:
    assert naming.reserved("verbund/") is None
    assert naming.reserved("verbund/nachbar/") == "verbund"
    assert naming.reserved("verbunden/x") is None


def test_places_and_paths_belong_together() -> None:
    for kind in federation.KINDS_ABROAD:
        cls = KINDS[kind]
        ref = "a/b" if cls.nested else "b"
        path = federation.path_of(cls, ref)
        assert federation.place(path) == (cls, "a" if cls.nested else "", "b")
        assert federation.address(path) == f"{cls.address}/{ref}/"
    for path in (
        "x.md",
        "docs/index.md",
        "docs/kategorien/a.md",
        "measures/a.md",
        "measures/a/b/c.md",
        "partners/others.yml",
    ):
        assert federation.place(path) is None
    assert federation.address("measures/a.md") is None
    assert federation.address("docs/index.md") == ""
    assert federation.address("docs/a/index.md") == "a/"
    assert federation.address("docs/kategorien/a.md") == "kategorien/a/"


MEASURE = (BASE / "measures/kreis-lippe/schulung.md").read_text()


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("measures/kreis-lippe/x.md", "kein Kopf", "federation/nachbar/measures/kreis-lippe/x.md:1: Die Datei beginnt"),
        (
            "measures/kreis-lippe/x.md",
            MEASURE.replace("ausgefallen", "weg"),
            "x.md:5: status (Status): „weg“ ist nicht",
        ),
        ("measures/kreis-lippe/x.md", MEASURE + "[" * 5_000, "„[“"),
        ("measures/kreis-lippe/x.md", MEASURE + "\u202e", "unsichtbares Zeichen"),
        ("measures/kreis-lippe/x.md", b"\xff", "kein UTF-8"),
        ("measures/kreis-lippe/x.md", "a" * 300_000, "zu groß"),
        ("measures/kreis-lippe/X y.md", MEASURE, "„X y“ ist als Name nicht erlaubt"),
        ("measures/fehlt/x.md", MEASURE, "Zur Maßnahme fehlt der Partner „fehlt“."),
        (
            "measures/kreis-lippe/x.md",
            MEASURE.replace("category: anteil", "category: fremd"),
            "„fremd“ gibt es hier nicht",
        ),
        ("docs/kategorien/x.md", MEASURE, "Die Datei liegt in keinem Ordner"),
    ],
)
def test_a_broken_record_is_left_out_and_told(project: Path, path: str, content: str | bytes, said: str) -> None:
    neighbours.snapshot(project, {path: content})
    site = neighbours.site_at(project, "https://example.org/", federation=neighbours.named(nachbar=HOME))
    assert len(site.catalog.foreign["nachbar"].problems) == 1
    assert any(said in note and note.startswith("Verbund, bleibt weg: ") for note in site.notes), list(site.notes)
    assert len(site.everything.catalog.of("measure")) == 2 * len(site.catalog.of("measure"))


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "Die Datei fehlt."),
        ("{", "Die Datei ist kein JSON."),
        ("[" * 150_000, "Die Zeile hat 150000 Zeichen"),
        ("[]", "neighbour.json:1"),
        ('{"url": "https://nachbar.example/", "title": "N", "licence": "javascript:x", "harvested": "2026-11-01"}', "licence"),
        ('{"url": "https://nachbar.example/", "title": "N", "licence": "https://a.de/", "harvested": "gestern"}', "harvested"),
        ('{"url": "https://a.example/", "title": "N", "licence": "https://a.de/", "harvested": "2026-11-01"}', "stammt von https://a.example/"),
    ],
)  # fmt: skip
def test_without_its_manifest_a_snapshot_is_left_out(project: Path, manifest: str | None, said: str) -> None:
    neighbours.snapshot(project)
    file = project / "federation/nachbar/neighbour.json"
    file.unlink() if manifest is None else file.write_text(manifest)
    site = neighbours.site_at(project, "https://example.org/", federation=neighbours.named(nachbar=HOME))
    assert any(said in note for note in site.notes), list(site.notes)
    assert site.everything is site
    assert site.neighbours == (Neighbour("nachbar", HOME, "nachbar"),)


def test_what_is_not_fetched_and_what_is_not_named_is_told(project: Path) -> None:
    neighbours.snapshot(project, site="alt")
    site = neighbours.site_at(project, "https://example.org/", federation=neighbours.named(nachbar=HOME))
    assert list(site.notes)[-2:] == [
        "Verbund: Von „nachbar“ ist noch nichts geholt. Bitte scripts/harvest.py aufrufen.",
        "Verbund: federation/alt bleibt weg, denn mkdocs.yml nennt unter extra.federation keine solche Wissensbasis.",
    ]
    assert site.everything is site


def test_a_site_kept_for_good_shows_no_other_sites(project: Path) -> None:
    neighbours.snapshot(project)
    extra = {"federation": neighbours.named(nachbar=HOME), "archive": {"year": 2021}}
    site = neighbours.site_at(project, "https://example.org/", **extra)
    assert site.everything is site
    assert site.neighbours == ()
    assert not any("Verbund" in note for note in site.notes)


def test_links_to_other_files_are_not_followed(project: Path) -> None:
    neighbours.snapshot(project)
    (project / "federation/nachbar/measures/kreis-lippe/x.md").symlink_to(project / "measures/kreis-lippe/schulung.md")
    (project / "federation/verweis").symlink_to(project / "federation/nachbar")
    catalog, problems = rules.load(project, views.PAGE_VIEWS)
    assert problems == []
    assert list(catalog.foreign) == ["nachbar"]
    assert "nachbar:kreis-lippe/x" not in catalog.foreign["nachbar"].records["measure"]


LINKS = {
    "[a](../../partners/p.md#x)": '<a href="../../partners/p.md">a</a>',
    "[a](../../partners/q.md#x)": f'<a href="{HOME}sub/partner/q/#x">a</a>',
    "[a](../../docs/index.md)": f'<a href="{HOME}sub/">a</a>',
    "[a](../../docs/kategorien/a.md)": f'<a href="{HOME}sub/kategorien/a/">a</a>',
    "[a](../y.md)": "<span>a</span>",
    "[a](y.md)": f'<a href="{HOME}sub/massnahmen/p/y/">a</a>',
    "[a](../../../../measures/p/own.md)": "<span>a</span>",
    "[a](../../../andere/measures/p/x.md)": "<span>a</span>",
    "[a](javascript:alert(1))": "<span>a</span>",
    "[a](data:text/html,x)": "<span>a</span>",
    "[a](file:///etc/passwd)": "<span>a</span>",
    "[a](https://[)": "<span>a</span>",
    "[a](https:redaktion/)": "<span>a</span>",
    "[a](http:redaktion/)": "<span>a</span>",
    "[a](#x)": f'<a href="{HOME}sub/massnahmen/p/x/#x">a</a>',
    "[a](/foo/)": f'<a href="{HOME}foo/">a</a>',
    "[a](//b.example/)": '<a href="https://b.example/">a</a>',
    "[a](https://b.example/)": '<a href="https://b.example/">a</a>',
    "[m](mailto:a@b.de)": '<a href="mailto:a@b.de">m</a>',
    '![Bild](bild.png "t")': "<span>Bild</span>",
    "![Bild](https://b.example/b.png)": "<span>Bild</span>",
}


@pytest.mark.parametrize("text", LINKS)
def test_links_in_foreign_texts(text: str) -> None:
    folder = "federation/n"
    paths = {path: path for path in (f"{folder}/measures/p/x.md", f"{folder}/partners/p.md", "measures/p/own.md")}
    paths["federation/andere/measures/p/x.md"] = "x.md"
    links = RepositoryLinks(paths, ConversionError, {"n": f"{HOME}sub/"})
    links.source = f"{folder}/measures/p/x.md"
    assert Markdown(extensions=[links]).convert(text) == f"<p>{LINKS[text]}</p>"


def test_an_address_for_mail_stays_one() -> None:
    links = RepositoryLinks({}, ConversionError, {"n": HOME})
    links.source = "federation/n/measures/p/x.md"
    html = render.sanitise(Markdown(extensions=[links]).convert("<a@b.de>"))
    assert html == '<p><a href="mailto:a@b.de" rel="noopener">a@b.de</a></p>'


def test_a_build_stays_up_whatever_the_snapshots_hold(full_project: Path) -> None:
    text = (full_project / "mkdocs.yml").read_text()
    named = "extra:\n  federation:\n    - {id: nachbar, url: 'https://nachbar.example/'}\n    - {id: kaputt, url: 'https://kaputt.example/'}\n"
    (full_project / "mkdocs.yml").write_text(text.replace("extra:\n", named, 1))
    dead = "[Ort](../../partners/kreis-lippe.md#nirgends)"
    hostile = MEASURE + "\n\n" + "\n\n".join([*LINKS, dead]) + "\n\n<script>alert(1)</script><img src=x onerror=y>\n"
    neighbours.snapshot(
        full_project, {"measures/kreis-lippe/feindlich.md": hostile, "measures/kreis-lippe/x.md": "kaputt"}
    )
    (full_project / "federation/kaputt").mkdir()
    (full_project / "federation/kaputt/neighbour.json").write_bytes(b"\0")
    result = run_build(full_project)
    assert result.returncode == 0, result.stderr
    assert "Verbund, bleibt weg: federation/nachbar/measures/kreis-lippe/x.md:1: Die Datei beginnt" in result.stderr
    assert (
        "Verbund, bleibt weg: federation/kaputt/neighbour.json:1: Hier steht ein unsichtbares Zeichen" in result.stderr
    )
    for file in (full_project / "site/api/v1").glob("*.json"):
        assert "nachbar" not in file.read_text(), file
