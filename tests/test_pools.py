"""Contacts, speakers and documents on their own pages, in their lists, and where they are referred to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from catalog import editorial, export, render, rules, views
from catalog.model import Contact, Document, Measure, Speaker
from catalog.site import Site
from conftest import ROOT, site_of


def shown(site: Site, address: str) -> dict[str, Any]:
    return views.context(site, plan(site, address))


def plan(site: Site, address: str) -> views.PagePlan:
    return next(page for page in views.plan(site) if page.address == address)


def page(site: Site, address: str) -> html.HtmlElement:
    found = plan(site, address)
    return html.fromstring(f"<div>{render.page(site, found.view, views.context(site, found), '')[0]}</div>")


def links(tree: html.HtmlElement) -> dict[str, str]:
    return {link.text_content(): link.get("href") for link in tree.iter("a")}


def words(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def test_contact_says_how_to_reach_it(small_site: Site) -> None:
    tree = page(small_site, "kontakte/integrationszentrum/")
    assert links(tree)["integration@kreis.example.org"] == "mailto:integration@kreis.example.org"
    assert links(tree)["05231\N{NO-BREAK SPACE}62\N{NON-BREAKING HYPHEN}0"] == "tel:+495231620"
    assert links(tree)["Kreis Lippe"] == "../../partner/kreis-lippe/"
    assert links(tree)["Beispiel Person"] == "../../referierende/beispiel-person/"  # who is asked through it


def test_partner_shows_what_is_its_own_once(small_site: Site) -> None:
    """It names a contact and a document, which name it, too; the contact stands there once."""
    pools = shown(small_site, "partner/kreis-lippe/")["pools"]
    assert [record.id for record in pools.contacts] == ["integrationszentrum"]
    assert [record.id for record in pools.documents] == ["oeffnungskonzept"]
    assert pools.speakers == ()
    speakers = shown(small_site, "organisationen/universitaet-bielefeld/")["pools"].speakers
    assert [record.id for record in speakers] == ["beispiel-person"]
    headings = [h.text_content() for h in page(small_site, "partner/kreis-lippe/").iter("h2")]
    assert headings.count("Kontakt") == headings.count("Dokumente") == 1


def test_measure_shows_contacts_and_documents(real_site: Site) -> None:
    tree = page(real_site, "massnahmen/bezirksregierung-arnsberg/broschuere-ilf/")
    assert "../../../dokumente/ilf-broschuere/" in links(tree).values()
    assert "../../../kontakte/programm-ilf/" in links(tree).values()
    back = page(real_site, "dokumente/ilf-broschuere/")
    assert "../../massnahmen/bezirksregierung-arnsberg/broschuere-ilf/" in links(back).values()


def test_speaker_rests_on_consent(small_site: Site) -> None:
    tree = page(small_site, "referierende/beispiel-person/")
    assert "Sie hat der Veröffentlichung zugestimmt (10. Januar 2026)" in words(tree)
    assert links(tree)["Integrationszentrum"] == "../../kontakte/integrationszentrum/"
    assert "Alltag: was tun?" in words(tree)


def test_document_without_an_address_says_so(real_site: Site) -> None:
    without = [d for d in real_site.catalog.all(Document) if d.url is None]
    assert without
    for document in without:
        assert "keine Adresse bekannt" in words(page(real_site, document.page_address))


def test_lists_are_grouped(small_site: Site, real_site: Site) -> None:
    assert [place for place, _ in shown(small_site, "kontakte/")["groups"]] == ["Detmold"]
    places = [place for place, _ in shown(real_site, "kontakte/")["groups"]]
    assert places[0] == "Arnsberg"
    assert places.index("Lünen") < places.index("Nordrhein-Westfalen (landesweit)")
    listed = [c.id for _, contacts in shown(real_site, "kontakte/")["groups"] for c in contacts]
    assert sorted(listed) == sorted(real_site.catalog.of("contact"))
    kinds = [term.key for term, _ in shown(real_site, "dokumente/")["groups"]]
    assert kinds == [key for key in real_site.catalog.vocabulary["document_kinds"] if key in kinds]
    assert [(t.key, [s.id for s in found]) for t, found in shown(small_site, "referierende/")["topics"]] == [
        ("rassismus", ["beispiel-person"])
    ]


def test_long_lists_are_cut_into_stretches(project: Path) -> None:
    """Each entry stands on one page, in the order of the groups; how to get in stands on the first."""
    pools = (
        ("kontakte", "integrationszentrum"),
        ("referierende", "beispiel-person"),
        ("dokumente", "oeffnungskonzept"),
    )
    for folder, name in pools:
        text = (project / f"docs/{folder}/{name}.md").read_text()
        for number in range(views.PER_PAGE):
            (project / f"docs/{folder}/{name}-{number}.md").write_text(text)
    site = site_of(project)
    for folder, _ in pools:
        first, second = f"{folder}/", f"{folder}/seite-2/"
        entries = [list(page(site, address).xpath("//ul[@class='wb-items']/li/a/@href")) for address in (first, second)]
        assert [len(links) for links in entries] == [views.PER_PAGE, 1]
        assert len({link.rstrip("/").rpartition("/")[2] for links in entries for link in links}) == views.PER_PAGE + 1
        assert "seite-2/" in links(page(site, first))["2"]
        for address, there in ((first, True), (second, False)):
            shown = words(page(site, address))
            assert ("So kommt ein Eintrag hinein" in shown) == there
            assert ("Als Tabelle" in shown) == there
            assert "Noch " not in shown


@pytest.mark.parametrize("address", ["kontakte/", "referierende/", "dokumente/"])
def test_an_empty_pool_says_how_to_get_in(project: Path, address: str) -> None:
    for folder in ("kontakte", "referierende", "dokumente"):
        for path in (project / "docs" / folder).glob("[!i]*.md"):
            path.unlink()
        (project / "docs" / folder / "integrationszentrum.md").unlink(missing_ok=True)
    partner = project / "partners/kreis-lippe.md"
    partner.write_text(
        partner.read_text().replace("contacts: [integrationszentrum]\ndocuments: [oeffnungskonzept]\n", "")
    )
    tree = page(site_of(project), address)
    assert "Noch " in words(tree)
    letter = next(href for href in links(tree).values() if href.startswith("mailto:"))
    assert "Kurzfassung%3A" in letter
    if address == "referierende/":
        assert "Ich bin einverstanden, dass Stelle meinen Namen" in words(tree)
        assert "redaktion@example.org genügt" in words(tree)


def test_lists_are_there_as_tables(small_site: Site) -> None:
    assert links(page(small_site, "kontakte/"))["Kontaktliste als CSV"] == "../api/v1/contacts.csv"
    assert links(page(small_site, "dokumente/"))["alle Dokumente als XLSX"] == "../api/v1/documents.xlsx"
    files = dict(export.files(small_site, []))
    assert "integration@kreis.example.org" in files["api/v1/contacts.csv"].decode("utf-8-sig")


def test_the_samples_can_be_copied(real_site: Site) -> None:
    """What the help shows of the three kinds stands the check, and needs not even a hint."""
    samples = re.findall(r"```\n(---\n.*?\n---\n)```", (ROOT / "docs/mitmachen/dateien.md").read_text(), re.DOTALL)
    paths = [f"docs/{folder}/muster.md" for folder in ("kontakte", "referierende", "dokumente")]
    proposed = {path: text.encode() for path, text in zip(paths, samples, strict=True)}
    catalog, problems = rules.load(ROOT, views.PAGE_VIEWS, proposed=proposed)
    assert problems == []
    assert [hint for hint in editorial.review(ROOT, catalog) if hint.path in paths] == []


def test_search_narrows_to_the_kinds(real_site: Site) -> None:
    kinds = {value: amount for value, _, amount in views.facets.pages_by_kind(real_site).values}
    assert kinds["kontakte"] == len(real_site.catalog.of("contact"))
    assert kinds["dokumente"] == len(real_site.catalog.of("document"))
    assert ("art", "kontakte") in plan(real_site, "kontakte/landesweite-koordinierungsstelle-ki/").filters


def test_no_person_is_entered_and_every_entry_is_used(real_site: Site) -> None:
    """The entries come from the five documents, of which no person has agreed to be listed."""
    assert real_site.catalog.all(Speaker) == []
    for contact in real_site.catalog.all(Contact):
        assert contact.person is None
        assert contact.consent is None
        assert contact.sources, contact.path
    used = {ref for m in real_site.catalog.all(Measure) for ref in (*m.contacts, *m.documents)}
    used |= {ref for network in real_site.catalog.of("network").values() for ref in getattr(network, "contacts", ())}
    entered = real_site.catalog.of("contact").keys() | real_site.catalog.of("document").keys()
    assert entered - used == set()
