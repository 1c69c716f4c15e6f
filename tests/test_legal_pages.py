"""The pages that the law asks for: linked from everywhere, filled from the operator's details, and true."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader

from catalog import render, views
from catalog.editing import changes
from catalog.model import Source
from catalog.open_data import OpenData
from catalog.site import Site, read_site
from conftest import EXTRA, ROOT
from test_operator import COMPLETE

LEGAL = (
    "rechtliches/impressum",
    "rechtliches/datenschutz",
    "rechtliches/barrierefreiheit",
    "rechtliches/lizenzen",
    "einfach/index",
)


def site_with(site: Site, **changed: Any) -> Site:
    """The small site of an operator who has said everything."""
    details = yaml.safe_load(COMPLETE)["extra"]["operator"] | changed
    extra = EXTRA | {"operator": details, "reference_date": "2026-11-20"}
    settings = {"site_name": "Wissensbasis", "site_url": "https://vielfalt.stadt-lemgo.de/", "extra": extra}
    return read_site(settings, site.catalog)


def shown(site: Site, ref: str) -> str:
    """A page's content, blanks levelled."""
    page = next(page for page in views.plan(site) if page.path == f"{ref}.md")
    html, _ = render.page(site, page.view, views.context(site, page), "")
    return " ".join(html.split())


def test_imprint(small_site: Site) -> None:
    html = shown(site_with(small_site), "rechtliches/impressum")
    for detail in (
        "<strong>Alte Hansestadt Lemgo</strong><br>Marktplatz 1<br>32657 Lemgo",
        "<dt>Rechtsform</dt><dd>Körperschaft des öffentlichen Rechts</dd>",
        "<dt>Vertreten durch</dt><dd>Maria Muster-Meier, Bürgermeisterin</dd>",
        '<a href="mailto:vielfalt@stadt-lemgo.de">',
        "05261 213-0",
        "Kreis Lippe",
        "Vereinsregister, Amtsgericht Lemgo, VR 123",
        "DE123456789",
        "<strong>Ali Vogt</strong><br>Marktplatz 2<br>32657 Lemgo",
        "Stand: 1. November 2026",
        "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
    ):
        assert detail in html
    assert "noch nicht angegeben" not in html
    without = shown(site_with(small_site, register_entry=None, vat_id=None), "rechtliches/impressum")
    assert "Eingetragen im" not in without
    assert "Identifikationsnummer" not in without


def test_imprint_stays_independent() -> None:
    text = (ROOT / "docs/rechtliches/impressum.md").read_text()
    assert "Sie ist kein Angebot des Landes Nordrhein-Westfalen und keiner der genannten Organisationen." in text


def test_privacy_notice(small_site: Site) -> None:
    site = site_with(small_site)
    html = shown(site, "rechtliches/datenschutz")
    for detail in (
        "Behördlicher Datenschutz, ",
        "datenschutz@stadt-lemgo.de",
        "05261 213-9",
        "IP-Adresse, Zeitpunkt, abgerufene Adresse.",
        "nach 7 Tagen gelöscht",
        "<strong>Rechenzentrum Lippe</strong><br>Serverweg 3<br>32657 Lemgo<br>im Auftrag",
        "Schweiz, Angemessenheitsbeschluss",
        "Artikel 6 Absatz 1 Buchstabe e",
        "Artikel 77",
        "https://www.ldi.nrw.de/",
        "Stand: 1. November 2026",
    ):
        assert detail in html.replace("\N{NO-BREAK SPACE}", " "), detail
    private = shown(site_with(small_site, public_body=False, data_protection_officer={}), "rechtliches/datenschutz")
    assert (
        "Buchstabe f der Datenschutz-Grundverordnung (DSGVO), unser berechtigtes Interesse: eine sichere Website"
        in private
    )
    assert "Fragen zum Datenschutz" not in private


def test_privacy_notice_names_other_sites_that_are_searched(small_site: Site) -> None:
    assert "anderen Websites" not in shown(small_site, "rechtliches/datenschutz")
    extra = EXTRA | {"search": {"merge": ["https://koeln.example.org/wissen"]}}
    site = read_site({"site_name": "W", "extra": extra}, small_site.catalog)
    assert "übermittelt dabei Ihre IP-Adresse an: https://koeln.example.org/wissen/." in shown(
        site, "rechtliches/datenschutz"
    )


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "Es werden keine Protokolle aufbewahrt."), (1, "nach 1 Tag gelöscht"), (None, "noch nicht angegeben")],
)
def test_how_long_logs_are_kept(small_site: Site, days: int | None, text: str) -> None:
    hosting = yaml.safe_load(COMPLETE)["extra"]["operator"]["hosting"] | {"log_days": days}
    html = shown(site_with(small_site, hosting=hosting), "rechtliches/datenschutz")
    assert text in html.replace("\N{NO-BREAK SPACE}", " ")


def test_what_the_scripts_keep_on_a_device_is_named() -> None:
    """Keys of the browser's storage, in the scripts and in the list of the privacy notice."""
    kept = set()
    for path in (ROOT / "overrides/assets").glob("*.js"):
        text = path.read_text()
        assert not re.search(r"sessionStorage|indexedDB|document\.cookie|caches\.", text), path
        names = re.findall(r"localStorage\.\w+\((\w+)", text) + re.findall(r"\bstored?\((\w+)", text)
        kept |= {value for name in names for value in re.findall(rf'const {name} = "([\w-]+)"', text)}
    notice = (ROOT / "docs/rechtliches/datenschutz.md").read_text()
    listed = [row for row in notice.splitlines() if row.startswith("- `")]
    assert (
        {name for row in listed for name in re.findall("`(.+?)`", row)}
        == kept
        == {"wb-scheme", "wb-easy", "wb-vorschlag"}
    )
    assert notice.count("Drei Dinge") == 1
    assert len(listed) == 3
    editor = (ROOT / "redaktion/german.js").read_text()
    assert re.findall(r"const PREFERENCES = '([\w-]+)", editor) == ["sveltia-cms"]
    assert "`sveltia-cms`" in notice


def test_declaration(small_site: Site) -> None:
    html = shown(site_with(small_site), "rechtliches/barrierefreiheit")
    for detail in (
        "Alte Hansestadt Lemgo ist bemüht",
        "Diese Erklärung gilt für https://vielfalt.stadt-lemgo.de/.",
        "<strong>teilweise vereinbar</strong>, und zwar wegen",
        "<h3>Noch nicht vereinbar mit den Anforderungen</h3>",
        "<dt><strong>Landkarte</strong></dt> <dd>Sie ist ein Bild.<br>Stattdessen: Eine Liste der Orte.</dd>",
        "<h3>Nicht vom Gesetz erfasst</h3>",
        "<dt><strong>Alte Berichte</strong></dt> <dd>Fremde Dateien.</dd>",
        "Erstellt am: 1. Oktober 2025. Zuletzt überprüft am: 1. Oktober 2026. Grundlage: Bewertung durch Dritte.",
        "Geprüft von einer Fachstelle.",
        '<h2 id="barriere-melden">',
        '<a href="https://www.stadt-lemgo.de/barriere/" rel="noopener">Formular',
        'href="mailto:barriere@stadt-lemgo.de?subject=Barriere%20melden%3A%20Wissensbasis&body=Adresse%20der%20Seite',
        "https://www.lbbp.nrw.de/ombudsstelle",
        "ombudsstelle-barrierefreie-it@mags.nrw.de",
    ):
        assert detail in html, detail
    assert "Unverhältnismäßige Belastung" not in html
    assert "noch nicht angegeben" not in html


def test_a_declaration_without_barriers(small_site: Site) -> None:
    declared = yaml.safe_load(COMPLETE)["extra"]["operator"]["accessibility"] | {
        "status": "vollstaendig",
        "barriers": [],
    }
    html = shown(site_with(small_site, accessibility=declared), "rechtliches/barrierefreiheit")
    assert "<strong>vollständig vereinbar</strong>." in html
    assert "Was nicht barrierefrei ist" not in html


def test_only_public_bodies_have_an_ombudsman(small_site: Site) -> None:
    html = shown(site_with(small_site, public_body=False), "rechtliches/barrierefreiheit")
    assert "lbbp.nrw.de" not in html
    assert "richtet sich nach den Regeln für öffentliche Stellen" in html


def test_licences_name_every_document(small_site: Site) -> None:
    html = shown(site_with(small_site), "rechtliches/lizenzen")
    for source in small_site.catalog.all(Source):
        assert source.title in html
        assert source.publisher in html
    assert "keine Lizenz angegeben" in html
    assert "Stand: 20. November 2026" in html


def test_data_may_have_a_licence_of_their_own(small_site: Site) -> None:
    assert "Sie dürfen die Texte und Daten dieser Website weiterverwenden" in shown(small_site, "rechtliches/lizenzen")
    own = OpenData(licence="dl-zero-de/2.0")
    html = shown(replace(small_site, open_data=own), "rechtliches/lizenzen")
    assert "Sie dürfen die Texte dieser Website weiterverwenden" in html
    link = '<a href="https://www.govdata.de/dl-de/zero-2-0" rel="noopener license">Datenlizenz Deutschland Zero 2.0</a>'
    assert f'die <a href="../../daten/">Daten</a> unter der Lizenz {link}. ' in html


def test_easy_words_lead_to_help(small_site: Site) -> None:
    html = shown(site_with(small_site), "einfach/index")
    assert '<div lang="de-simple">' in html
    assert "vielfalt@stadt-lemgo.de" in html
    assert "05261 213-0" in html
    assert 'href="../rechtliches/barrierefreiheit/#barriere-melden"' in html
    assert "https://video.stadt-lemgo.de/dgs/" in html
    assert "Gebärdensprache" not in shown(small_site, "einfach/index")


def test_easy_words_are_short() -> None:
    """At most twelve words a sentence, no genitive that a reader would stumble over; and it claims no more than it is."""
    text = (ROOT / "docs/einfach/index.md").read_text().split("---\n", 2)[2]
    assert "Das ist Leichte Sprache." in text
    plain = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)
    sentences = re.split(r"(?<=[.?!:])\s+", plain.replace("#", "").replace("- ", ""))
    assert [s for s in sentences if len(s.split()) > 17] == []
    assert sum(len(s.split()) for s in sentences) / len(sentences) < 8


@pytest.mark.parametrize("ref", LEGAL)
def test_notes_say_what_is_missing(small_site: Site, ref: str) -> None:
    assert "Angaben der betreibenden Stelle fehlen" in shown(small_site, ref) or ref == "rechtliches/lizenzen"
    assert "Probebetrieb" not in shown(site_with(small_site), ref)


def test_hostile_details_stay_text(small_site: Site) -> None:
    site = site_with(small_site, name="<script>alert(1)</script>", legal_form='" onclick="x')
    for ref in LEGAL:
        assert "<script>" not in shown(site, ref)
        assert '" onclick="x' not in shown(site, ref)


# --- On the real site ---


def test_every_page_links_to_them(real_build: Path) -> None:
    """All pages but those that only lead on from a former address."""
    wanted = (
        "rechtliches/impressum/",
        "rechtliches/datenschutz/",
        "rechtliches/barrierefreiheit/",
        "rechtliches/barrierefreiheit/#barriere-melden",
        "rechtliches/lizenzen/",
        "einfach/",
    )
    looked = 0
    for path in real_build.rglob("*.html"):
        text = path.read_text()
        if 'http-equiv="refresh"' in text:
            continue
        looked += 1
        base = "/" if path.name == "404.html" else "../" * (len(path.relative_to(real_build).parts) - 1) or "./"
        footer = text[text.index("<footer") :]
        for address in wanted:
            assert f'href="{base}{address}"' in footer, (path, address)
        assert "Gebärdensprache" not in footer
        if path.name != "404.html":
            assert text.count("Barriere per E-Mail melden") == 1, path
    assert looked > 900


def test_a_report_names_its_page(real_build: Path) -> None:
    text = (real_build / "partner/kreis-lippe/index.html").read_text()
    letter = re.search(r'href="mailto:([^"?]+)\?subject=Barriere%20melden%3A%20Kreis%20Lippe&body=([^"]+)"', text)
    assert letter
    assert letter[1] == "redaktion@example.org"
    assert "https%3A%2F%2Fwissensbasis.example.org%2Fpartner%2Fkreis-lippe%2F%0A" in letter[2]


def test_footer_leads_to_the_video_if_there_is_one(small_site: Site) -> None:
    footer = (ROOT / "overrides/base.html").read_text()
    piece = (
        footer[footer.index("{% if operator.accessibility.sign_language %}") :].split("{% endif %}")[0] + "{% endif %}"
    )
    shell = Environment(loader=FileSystemLoader(ROOT), autoescape=True).from_string(piece)
    assert "https://video.stadt-lemgo.de/dgs/" in shell.render(operator=site_with(small_site).operator)
    assert shell.render(operator=small_site.operator).strip() == ""


def test_shipped_declaration_is_what_holds_for_the_software() -> None:
    """The day it was written is the operator's; the barriers are ours to name."""
    details = yaml.safe_load(
        (ROOT / "mkdocs.yml").read_text().replace("!ENV [REFERENCE_DATE, 2026-11-20]", "2026-11-20")
    )
    declared = details["extra"]["operator"]["accessibility"]
    assert declared["prepared"] is None
    assert declared["status"] == "teilweise"
    assert all(barrier["reason"] and barrier["alternative"] for barrier in declared["barriers"])


def test_search_reads_all_of_them(small_site: Site) -> None:
    """They were pages of text alone before their facts came from the settings."""
    pages = {page.path: page for page in views.plan(small_site)}
    assert [pages[f"{ref}.md"].found_whole for ref in LEGAL] == [True, True, True, False, True]


def test_a_request_that_changes_one_of_them_is_told_so(real_build: Path) -> None:
    """They hold facts from the settings, but are no lists, whose changes follow from elsewhere and are only counted."""
    for ref in LEGAL[:3]:
        text = (real_build / ref / "index.html").read_text()
        after = text.replace("</main>", "<p>Ein Satz mehr.</p></main>")
        old, new = (changes.Site("https://x.example/", {f"{ref}/": html}, {}) for html in (text, after))
        assert [entry.address for entry in changes.compare(old, new).changed] == [f"{ref}/"]
