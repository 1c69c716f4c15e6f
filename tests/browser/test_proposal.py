"""Real Chromium: proposing a measure, correcting one, and saying that it still holds; by mouse and by keyboard."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from catalog import forms, rules, views, writing
from catalog.editing import drafts, proposals
from catalog.editing.drafts import Draft
from catalog.fields import slug
from catalog.model import KINDS, Measure
from catalog.site import Site
from catalog.views import proposal
from conftest import ROOT

pytestmark = pytest.mark.browser

FORM = "mitmachen/vorschlag/"
POOL = "kreis-lippe/sprachvermittlerpool"
NASTY = [
    '„Zitat“ und "Zitat"', "a: b", "Raute # drin", "🎉 Fest 👩‍💻", "true", "- Strich", "null", "007", "1:30", "a,b", "a, b",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "eins\r\nzwei", "eins\nzwei\n\n  drei", "{a: b}", "[x](y)",
    "'", "\\", "\t", "100 %", "%", "@x", "`x`", "*x", "&x", "!x", "|", "a | b", "> x", "? x", "=1+1", "yes", "Yes", "oN", "~",
    "Ende,", "x\u00a0y", "\u2028x", "ends: ", " leading", "https://x.de/a?b=c#d", "Zeile\x0bTab", "---", "...", "ﬀ", "е", "",
]  # fmt: skip


def opened(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}{FORM}{query}")
    page.locator("#measure-sources [data-entry]").first.wait_for()


def checked(page: Page) -> None:
    page.get_by_role("button", name="Prüfen").click()


def errors(page: Page) -> list[str]:
    expect(page.locator("#fehler")).to_be_focused()
    return page.locator("#fehler li").all_inner_texts()


def result(page: Page) -> dict[str, str]:
    """The files of a checked proposal: path -> text."""
    expect(page.locator("#ergebnis-titel")).to_be_focused()
    found = page.locator("#ergebnis .wb-file")
    paths = [entry.locator("h4").inner_text() for entry in found.all()]
    return {path: entry.locator("pre").text_content() or "" for path, entry in zip(paths, found.all(), strict=True)}


def body(page: Page) -> str:
    return page.locator("#vorschlag-text").input_value()


def is_accepted(files: Mapping[str, str]) -> None:
    """The one check finds nothing wrong with the project and these files."""
    contents = {path: text.encode() for path, text in files.items()}
    assert rules.load(ROOT, views.PAGE_VIEWS, proposed=contents)[1] == []


def examined(text: str) -> dict[str, str]:
    """The files that a proposal's text becomes on a forge."""
    outcome = proposals.examine(text, ROOT)
    assert outcome.problems == ()
    return dict(outcome.files)


def is_kept(page: Page, words: str) -> None:
    """Wait for the draft; the policy forbids what wait_for_function does."""
    for _ in range(50):
        if words in (page.evaluate("localStorage.getItem('wb-vorschlag')") or ""):
            return
        page.wait_for_timeout(50)
    raise AssertionError(words)


def fill_in_what_is_required(page: Page) -> None:
    page.locator("#measure-partner").select_option("kreis-lippe")
    page.locator("#measure-title").fill("Sprachcafé: offen für alle")
    page.locator("#measure-summary").fill("Jeden Dienstag üben Menschen gemeinsam Deutsch.")
    page.locator("#measure-category").select_option("chancengerechtigkeit")
    page.locator("#measure-status").get_by_label("laufend").check()
    page.locator("#measure-target_groups").get_by_label("Neuzugewanderte").check()
    page.locator("#measure-formats").get_by_label("Sprachförderung").check()
    page.locator("#measure-sources-1-document").select_option("partnerbericht-2020")


def test_from_nothing_to_a_file_that_is_accepted(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-text").fill("Das Café ist offen für alle.\n\n## Ablauf\n\nErst Kaffee, dann Gespräche.")
    for summary in page.locator("#fragen > details > summary").all():
        summary.click()
    page.locator("#measure-period").fill("2018-07/..")
    page.locator("#measure-figures-1-value").fill(">1000")
    page.locator("#measure-figures-1-unit").fill("Gäste | Jahr")
    page.locator("#measure-cooperation-1-").fill("Universität Bielefeld")
    page.get_by_role("button", name="Weiterer Eintrag zu Zusammenarbeit").click()
    page.keyboard.type("kreis soest")
    page.locator("#measure-languages-1-").fill("Arabisch")
    page.get_by_role("button", name="Weiterer Eintrag zu Sprachen").click()
    page.keyboard.type("Leichte Sprache")
    checked(page)
    files = result(page)
    assert list(files) == ["measures/kreis-lippe/sprachcafe-offen-fuer-alle.md"]
    text = next(iter(files.values()))
    assert text.startswith('---\ntitle: "Sprachcafé: offen für alle"\nsummary: Jeden Dienstag')
    for line in ("languages: [ar, de-simple]", "cooperation: [universitaet-bielefeld, kreis-soest]", 'value: ">1000"'):
        assert line in text
    is_accepted(files)
    assert examined(body(page)) == files
    with page.expect_download() as waiting:
        page.get_by_role("button", name="sprachcafe-offen-fuer-alle.md herunterladen").click()
    assert waiting.value.suggested_filename == "sprachcafe-offen-fuer-alle.md"
    assert waiting.value.path().read_text() == text


def test_new_partner_and_new_document_come_along(page: Page, address: str) -> None:
    opened(page, address)
    assert not page.locator("#partner").is_visible()
    fill_in_what_is_required(page)
    page.locator("#measure-partner").select_option(label="Neuer Partner …")
    page.locator("#partner-title").fill("Stadt Hagen")
    page.locator("#partner-summary").fill("Kreisfreie Stadt am Rand des Ruhrgebiets.")
    page.locator("#partner-type").get_by_label("Stadt", exact=True).check()
    page.locator("#partner-text").fill("Hagen arbeitet seit 2015 mit einem Integrationskonzept.")
    page.locator("#measure-sources-1-document").select_option(label="Neues Dokument …")
    page.locator("#source-title").fill("Integrationsbericht 2022")
    page.locator("#source-publisher").fill("Stadt Hagen")
    page.locator("#source-date").fill("2022")
    page.locator("#source-summary").fill("Was die Stadt 2022 getan hat.")
    checked(page)
    files = result(page)
    assert sorted(files) == [
        "docs/quellen/integrationsbericht-2022.md",
        "measures/stadt-hagen/sprachcafe-offen-fuer-alle.md",
        "partners/stadt-hagen.md",
    ]
    is_accepted(files)
    assert "document: integrationsbericht-2022" in files["partners/stadt-hagen.md"]
    assert examined(body(page)) == files


def test_sections_of_a_new_document_can_be_quoted(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-sources-1-document").select_option(label="Neues Dokument …")
    expect(page.locator("#stand")).to_have_text("Bitte füllen Sie auch „Neues Dokument“ aus.")
    for key, value in {
        "title": "Bericht 2022",
        "publisher": "Kreis Lippe",
        "date": "2022",
        "summary": "Ein Bericht.",
    }.items():
        page.locator(f"#source-{key}").fill(value)
    page.locator("#source summary", has_text="Abschnitte").click()
    page.locator("#source-sections-1-id").fill("sprache")
    page.locator("#source-sections-1-title").fill("Sprache und Bildung")
    page.locator("#measure-sources-1-section").fill("Sprache und Bildung")
    checked(page)
    files = result(page)
    assert "section: sprache" in files["measures/kreis-lippe/sprachcafe-offen-fuer-alle.md"]
    is_accepted(files)
    assert examined(body(page)) == files


def test_enter_in_a_field_checks_and_confirms_nothing(page: Page, address: str) -> None:
    """The first submit button of a form answers Enter, also where it is hidden."""
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#measure-title").press("Enter")
    expect(page.locator("#stand")).to_have_text("Sie haben noch nichts geändert.")
    expect(page.locator("#measure-checked")).to_have_value("")


def test_by_keyboard_alone(page: Page, address: str) -> None:
    """From the skip link to the answer: Tab, arrows, space and letters."""
    opened(page, address)
    page.locator("#measure-partner").focus()
    answers = {
        "measure-partner": "Kreis L", "measure-title": "Tag der Sprachen", "measure-summary": "Ein Tag für alle Sprachen.",
        "measure-category": "Weitere", "measure-sources-1-document": "Partnernetz", "measure-text": "Text.",
    }  # fmt: skip
    for _ in range(90):
        focused = page.evaluate("document.activeElement.id")
        if focused in answers:
            page.keyboard.type(answers[focused])
        elif focused in (
            "measure-status-laufend",
            "measure-target_groups-beschaeftigte",
            "measure-formats-fortbildung",
        ):
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.type === 'submit' && document.activeElement.textContent === 'Prüfen'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    files = result(page)
    assert list(files) == ["measures/kreis-lippe/tag-der-sprachen.md"]
    is_accepted(files)


def test_what_is_missing_is_listed_and_leads_to_its_field(page: Page, address: str) -> None:
    opened(page, address)
    checked(page)
    assert errors(page) == [
        "Partner: fehlt. Bitte auswählen: Organisation, die die Maßnahme trägt.",
        "Titel: fehlt. Bitte eintragen: Kurzer, eindeutiger Name.",
        "Kurzfassung: fehlt. Bitte eintragen: Ein Satz mit höchstens 200 Zeichen; er steht in Listen.",
        "Kategorie: fehlt. Bitte auswählen: Wozu die Maßnahme vor allem beiträgt.",
        "Status: fehlt. Bitte auswählen: Stand der Umsetzung.",
        "Zielgruppen: fehlt. Bitte auswählen: Für wen die Maßnahme ist.",
        "Formate: fehlt. Bitte auswählen: Was getan wird.",
        "Belege: fehlt. Bitte eintragen: Dokumente und Abschnitte, aus denen die Angaben stammen.",
    ]
    expect(page.locator("#fehler h2")).to_have_text("8 Angaben fehlen noch oder stimmen nicht")
    page.locator("#fehler a").nth(1).click()
    title = page.locator("#measure-title")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    described = (title.get_attribute("aria-describedby") or "").split()
    assert page.locator(f"#{described[-1]}").inner_text() == "Titel: fehlt. Bitte eintragen: Kurzer, eindeutiger Name."
    page.locator("#fehler a", has_text="Zielgruppen").click()
    assert page.evaluate("document.activeElement.id") == "measure-target_groups-beschaeftigte"
    title.fill("Ein Titel")
    title.blur()
    expect(title).not_to_have_attribute("aria-invalid", "true")
    assert title.get_attribute("aria-describedby") == "measure-title-help"


def test_nobody_is_told_off_before_having_written_something(page: Page, address: str) -> None:
    opened(page, address)
    for _ in range(30):
        page.keyboard.press("Tab")
    page.locator("#measure-summary").fill("x" * 201)
    page.locator("#measure-summary").blur()
    told = page.locator(".wb-error")
    expect(told).to_have_text(["Kurzfassung: Der Text hat 201 Zeichen; erlaubt sind 200. Bitte kürzen."])
    page.locator("#measure-summary").fill("x" * 200)
    page.locator("#measure-summary").blur()
    expect(told).to_have_count(0)


MISTAKES: list[tuple[str, dict[str, str], str]] = [
    ("a German date", {"period": "14.09.2020"}, "Zeitraum: „14.09.2020“ ist keine gültige Zeitangabe. Meinten Sie „2020-09-14“?"),
    (
        "a day that does not exist",
        {"period": "2021-02-29"},
        "Zeitraum: „2021-02-29“ ist keine gültige Zeitangabe: „2021-02-29“ gibt es im Kalender nicht. Zeitpunkt oder Zeitraum der "
        "Maßnahme. Zum Beispiel 2020-09-14 (14. September 2020), 2017-03/2017-07 (März bis Juli 2017), 2018-07/.. (seit Juli 2018).",
    ),
    (
        "a range that begins with the larger number",
        {"figures-1-value": "~30-25", "figures-1-unit": "Gäste"},
        "Zahlen, Eintrag 1, Wert: „~30-25“: 25 ist kleiner als 30. Bitte die kleinere Zahl zuerst nennen.",
    ),
    (
        "a thousand with its point",
        {"figures-1-value": "1.000", "figures-1-unit": "Gäste"},
        "Zahlen, Eintrag 1, Wert: „1.000“ ist keine Zahl. Zum Beispiel 1000, 10.42 oder 25-30, ohne Tausenderpunkt; davor ~ (etwa), "
        "> (mehr als), < (weniger als)",
    ),
    (
        "a figure without a unit",
        {"figures-1-value": "80"},
        "Zahlen, Eintrag 1, Einheit: fehlt. Bitte eintragen: Was gezählt wird, zum Beispiel Teilnehmende oder %.",
    ),
    ("a title that is too long", {"title": "x" * 161}, "Titel: Der Text hat 161 Zeichen; erlaubt sind 160. Bitte kürzen."),
    (
        "a name that is taken",
        {"title": "Neu", "id": "sprachvermittlerpool"},
        "Kennung: „sprachvermittlerpool“ ist schon vergeben: Sprachvermittlerpool des Kommunalen Integrationszentrums Kreis Lippe. "
        "Bitte eine andere Kennung angeben oder die vorhandene Maßnahme korrigieren.",
    ),
    (
        "an id with umlauts",
        {"id": "Sprachcafé Köln"},
        "Kennung: „Sprachcafé Köln“ ist keine Kennung. Nur kleine Buchstaben a–z, Ziffern und Bindestriche, zum Beispiel "
        "sprachcafe-koeln.",
    ),
    (
        "an organisation that is misspelled",
        {"cooperation-1-": "Universität Bilefeld"},
        "Zusammenarbeit, Eintrag 1: „Universität Bilefeld“ gibt es nicht. Meinten Sie „Universität Bielefeld“?",
    ),
    ("the partner itself", {"cooperation-1-": "Kreis Lippe"}, "Zusammenarbeit, Eintrag 1: „kreis-lippe“ ist der Partner selbst. Bitte aus der Liste entfernen."),
    (
        "a new date without a postponement",
        {"postponed_to": "2021"},
        "Neuer Termin: „2021“ passt nicht zum Status „laufend“. Hat es zum neuen Termin stattgefunden, gehört er jetzt in den Zeitraum (period). Sonst bitte den Status „verschoben“ setzen oder die Angabe entfernen.",
    ),
    ("a page that is no number", {"sources-1-page": "S. 12"}, "Belege, Eintrag 1, Seite: „S. 12“ ist keine ganze Zahl. Bitte nur Ziffern schreiben, zum Beispiel 12."),
    (
        "a section by half its heading",
        {"sources-1-section": "Vernetzungen"},
        "Belege, Eintrag 1, Abschnitt: „Vernetzungen“ ist kein Abschnitt von „partnerbericht-2020“. Meinten Sie „Synergieeffekte durch "
        "Vernetzung“?",
    ),
    ("an unknown language", {"languages-1-": "Arabsich"}, "Sprachen, Eintrag 1: „Arabsich“ ist keine Sprache, die wir kennen. Meinten Sie „Arabisch“?"),
    (
        "the end before the beginning",
        {"checked": "2021/2020"},
        "Zuletzt geprüft: „2021/2020“ ist keine gültige Zeitangabe: Das Ende liegt vor dem Anfang. Tag, an dem der Partner die Angaben "
        "zuletzt geprüft hat. Zum Beispiel 2020-09-14 (14. September 2020), 2017-03/2017-07 (März bis Juli 2017), 2018-07/.. (seit "
        "Juli 2018).",
    ),
    (
        "lines outside of the section",
        {"sources-1-section": "Vorwort", "sources-1-lines": "200-300"},
        "Belege, Eintrag 1, Zeilen: Die Zeilen 200-300 liegen nicht im Abschnitt „vorwort“ (1-114). Bitte Abschnitt oder Zeilen berichtigen.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "told"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_typical_mistakes(page: Page, address: str, answers: dict[str, str], told: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.evaluate("document.querySelectorAll('#fragen details').forEach((part) => { part.open = true; })")
    for key, value in answers.items():
        page.locator(f"#measure-{key}").fill(value)
    checked(page)
    assert errors(page) == [told]


def test_what_is_listed_twice_is_told(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.get_by_text("Zusammenarbeit und Zusammenhang").last.click()  # the first is that of a new partner
    page.locator("#measure-networks-1-").fill("imag")
    page.get_by_role("button", name="Weiterer Eintrag zu Netzwerke").click()
    page.keyboard.type("imag")
    checked(page)
    assert errors(page) == ["Netzwerke, Eintrag 2: „imag“ steht zweimal in der Liste. Bitte einmal entfernen."]
    page.get_by_role("button", name=re.compile("Entfernen ?: Netzwerke, Eintrag 2")).click()
    assert page.evaluate("document.activeElement.textContent") == "Weiterer Eintrag zu Netzwerke"
    checked(page)
    is_accepted(result(page))


def test_a_gap_on_an_overview_leads_to_a_form_that_knows_it(page: Page, address: str) -> None:
    page.goto(f"{address}ueberblick/abdeckung/")
    link = page.get_by_role("link", name="Maßnahme vorschlagen").first
    wanted = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    link.click()
    expect(page.locator("#measure-partner")).to_have_value(wanted["partner"][0])
    expect(page.locator("#measure-category")).to_have_value(wanted["category"][0])
    page.goto(f"{address}mitmachen/vorschlag/?offers=beratung&offers=%3Cb%3E&partner=../x&category=__proto__")
    expect(page.locator("#measure-offers input:checked")).to_have_value("beratung")
    expect(page.locator("#measure-partner")).to_have_value("")
    expect(page.locator("#measure-category")).to_have_value("")


def test_entries_are_counted_as_they_stand(page: Page, address: str) -> None:
    """The only evidence of a measure that was corrected was once called the second."""
    page.goto(f"{address}mitmachen/vorschlag/?massnahme=kreis-lippe/sprachvermittlerpool")
    expect(page.get_by_role("group", name="Belege, Eintrag 1")).to_be_visible()
    page.get_by_role("button", name=re.compile("Weiterer Eintrag.*Belege")).click()
    page.get_by_role("button", name=re.compile("Entfernen ?: Belege, Eintrag 1")).click()
    expect(page.get_by_role("group", name=re.compile("Belege, Eintrag"))).to_have_count(1)
    expect(page.get_by_role("group", name="Belege, Eintrag 1")).to_be_visible()


def test_what_comes_along_must_be_described(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-partner").select_option("+")
    page.locator("#measure-sources-1-document").select_option("+")
    checked(page)
    assert errors(page) == [
        "Neues Dokument, Titel: fehlt. Bitte eintragen: Kurzer, eindeutiger Name.",
        "Neues Dokument, Herausgeber: fehlt. Bitte eintragen: Wer das Dokument veröffentlicht hat.",
        "Neues Dokument, Datum: fehlt. Bitte eintragen: Erscheinungsdatum oder Berichtszeitraum. Zum Beispiel 2020-09-14 (14. September "
        "2020), 2017-03/2017-07 (März bis Juli 2017), 2018-07/.. (seit Juli 2018).",
        "Neues Dokument, Kurzfassung: fehlt. Bitte eintragen: Ein Satz mit höchstens 200 Zeichen; er steht in Listen.",
        "Neuer Partner, Titel: fehlt. Bitte eintragen: Voller Name der Organisation.",
        "Neuer Partner, Kurzfassung: fehlt. Bitte eintragen: Ein Satz mit höchstens 200 Zeichen; er steht in Listen.",
        "Neuer Partner, Organisationsart: fehlt. Bitte auswählen: Art der Organisation.",
    ]


def test_a_title_of_signs_only(page: Page, address: str) -> None:
    """A plus once was taken for a record that comes along, wherever it was written."""
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-title").fill("+")
    checked(page)
    assert errors(page) == [
        "Kennung: Aus „+“ lässt sich keine Kennung bilden. Bitte eine angeben, zum Beispiel sprachcafe."
    ]


def test_a_partner_that_is_there_already(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-partner").select_option("+")
    page.locator("#partner-title").fill("Universität Bielefeld")
    page.locator("#partner-summary").fill("Eine Universität.")
    page.locator("#partner-type").get_by_label("Hochschule").check()
    checked(page)
    assert errors(page) == [
        "Neuer Partner, Kennung: „universitaet-bielefeld“ ist schon vergeben: Universität Bielefeld. Bitte eine andere Kennung angeben "
        "oder den vorhandenen Eintrag wählen."
    ]


def test_suggestions(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.locator("#measure-sources-1-section").focus()
    options = page.locator("#wb-liste-section option")
    expect(options).to_have_count(10)
    page.locator("#measure-sources-1-section").fill("Vorwort")
    page.get_by_text("Zusammenarbeit und Zusammenhang").last.click()  # the first is that of a new partner
    page.locator("#measure-continues").focus()
    expect(page.locator("#wb-liste-measure option")).to_have_count(
        sum(1 for _ in (ROOT / "measures/kreis-lippe").glob("*.md"))
    )
    page.locator("#measure-continues").fill("Sprachvermittlerpool des Kommunalen Integrationszentrums Kreis Lippe")
    checked(page)
    text = next(iter(result(page).values()))
    assert "continues: sprachvermittlerpool\n" in text
    assert "section: vorwort\n" in text


# --- Ways to hand it in ---


@pytest.mark.parametrize(
    ("forge", "path", "title", "text"),
    [
        ("github", "/w/issues/new", "title", "body"),
        ("gitlab", "/w/-/issues/new", "issue[title]", "issue[description]"),
        ("forgejo", "/w/issues/new", "title", "body"),
    ],
)
def test_prefilled_issues(page: Page, address: str, forge: str, path: str, title: str, text: str) -> None:
    def as_configured(route: Route) -> None:
        answer = route.fetch()
        html = re.sub(
            r'data-forge="\w+" data-repository="[^"]+"',
            f'data-forge="{forge}" data-repository="https://git.example.org/w/"',
            answer.text(),
        )
        route.fulfill(response=answer, body=html)

    page.route(f"**/{FORM}", as_configured)
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    result(page)
    link = page.get_by_role("link", name="Vorschlag im Repository öffnen")
    parts = urlsplit(link.get_attribute("href") or "")
    said = parse_qs(parts.query)
    assert (parts.netloc, parts.path, link.get_attribute("rel")) == ("git.example.org", path, "noopener")
    assert said[title] == ["Neue Maßnahme: Sprachcafé: offen für alle"]
    # GitLab carries out the first line and leaves it out of the text; the others give the label of the template.
    assert said[text] == [f"/label ~vorschlag\n\n{body(page)}" if forge == "gitlab" else body(page)]
    template = {"github": "vorschlag.md", "forgejo": ".github/ISSUE_TEMPLATE/vorschlag.md"}
    assert said.get("template", [None]) == [template.get(forge)]


def test_mail_and_issue_that_would_be_too_long(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    result(page)
    mail = page.get_by_role("link", name="E-Mail an redaktion@example.org öffnen")
    letter = parse_qs(urlsplit(mail.get_attribute("href") or "").query)
    assert letter["subject"] == ["Neue Maßnahme: Sprachcafé: offen für alle"]
    assert letter["body"][0].replace("\r\n", "\n").strip() == body(page).strip()
    assert page.get_by_text("zu lang").filter(visible=True).count() == 0
    page.locator("#measure-text").fill("Ein Wort folgt dem anderen. " * 300)
    assert not page.locator("#ergebnis").is_visible()  # what is shown would no longer be what is written
    checked(page)
    result(page)
    assert "body=" not in (mail.get_attribute("href") or "")
    link = page.get_by_role("link", name="Vorschlag im Repository öffnen")
    said = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert said["issue[title]"] == ["Neue Maßnahme: Sprachcafé: offen für alle"]
    assert said["issue[description]"] == ["/label ~vorschlag\n\n"]
    assert page.get_by_text("zu lang").filter(visible=True).count() == 2
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Text kopieren").click()
    expect(page.get_by_text("Der Text ist kopiert.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == body(page)


# --- Corrections ---


def test_correction(page: Page, address: str, real_site: Site) -> None:
    page.goto(f"{address}massnahmen/{POOL}/")
    page.get_by_role("link", name="Angabe korrigieren").click()
    page.get_by_text("Sie korrigieren:").wait_for()
    record = real_site.catalog.of("measure")[POOL]
    expect(page.locator("#measure-title")).to_have_value(record.title)
    assert not page.locator("#measure-partner").is_visible()
    checked(page)
    expect(page.locator("#stand")).to_have_text("Sie haben noch nichts geändert.")
    page.locator("#measure-status").get_by_label("beendet").check()
    page.get_by_text("Zahlen freiwillig").click()
    page.locator("#measure-figures [data-remove]").last.click()
    expect(page.locator("#measure-status-bisher")).to_have_text("Geändert. Bisher: laufend")
    expect(page.locator(".wb-was")).to_have_count(2)
    checked(page)
    files = result(page)
    said = body(page)
    assert said.startswith(
        f"### Maßnahme\n\n{POOL}\n\n### Status\n\nbeendet\n\n### Status (bisher)\n\nlaufend\n\n### Zahlen\n\n80 | "
    )
    old = (ROOT / record.path).read_text()
    assert list(files) == [record.path]
    assert files[record.path] == old.replace("status: laufend", "status: beendet").replace(
        '  - value: "27"\n    unit: Sprachen\n    note: die der Pool abdeckt\n', ""
    )
    assert examined(said) == files


def test_correction_keeps_what_the_form_does_not_show(page: Page, address: str, real_build: Path) -> None:
    """A key that the form does not ask for stays in the file."""
    name = real_build / f"{FORM}kreis-lippe.json"
    raw = json.loads(name.read_text())
    raw["measures"]["sprachvermittlerpool"]["data"]["aliases"] = ["massnahmen/alt"]
    page.route("**/kreis-lippe.json", lambda route: route.fulfill(json=raw))
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#measure-title").fill("Neuer Titel")
    checked(page)
    text = next(iter(result(page).values()))
    assert text.startswith("---\ntitle: Neuer Titel\n")
    assert "aliases: [massnahmen/alt]" in text
    assert "Frühere Adressen" not in body(page)


def test_correction_with_a_new_document(page: Page, address: str) -> None:
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#measure-status").get_by_label("beendet").check()
    page.locator("#measure-sources > [data-add]").click()
    page.locator("#measure-sources-2-document, #measure-sources-3-document").last.select_option("+")
    for key, value in {
        "title": "Bericht 2022",
        "publisher": "Kreis Lippe",
        "date": "2022",
        "summary": "Ein Bericht.",
    }.items():
        page.locator(f"#source-{key}").fill(value)
    checked(page)
    files = result(page)
    assert sorted(files) == ["docs/quellen/bericht-2022.md", f"measures/{POOL}.md"]
    is_accepted(files)
    assert examined(body(page)) == files


def test_what_is_emptied_is_said_so(page: Page, address: str) -> None:
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#fragen > details > summary", has_text="Weitere Angaben").click()
    page.locator("#measure-source_note").fill("")
    checked(page)
    files = result(page)
    assert "### Hinweis zur Quelle\n\n(entfernen)\n\n### Hinweis zur Quelle (bisher)\n\nDas Dokument nennt" in body(
        page
    )
    assert examined(body(page)) == files


def test_still_true_needs_one_click(page: Page, address: str) -> None:
    page.clock.set_fixed_time(datetime.datetime(2026, 12, 24, 23, 30))
    page.goto(f"{address}massnahmen/{POOL}/")
    page.get_by_role("link", name="Stimmt noch").click()
    page.get_by_role("heading", name="Stimmen diese Angaben noch?").wait_for()
    facts = page.locator("#auskunft dl").inner_text()
    assert "Zielgruppen" in facts
    assert "Ratsuchende und Kundschaft" in facts
    assert "80 · Sprachvermittlerinnen und Sprachvermittler · im Pool" in facts
    assert "Förderung von Chancengerechtigkeit und Teilhabe · 1631-1637" in facts
    assert not page.locator("#measure-title").is_visible()
    page.get_by_role("button", name="Stimmt noch: heute geprüft").click()
    files = result(page)
    assert body(page) == f"### Maßnahme\n\n{POOL}\n\n### Zuletzt geprüft\n\n2026-12-24\n\n"
    old = (ROOT / f"measures/{POOL}.md").read_text()
    assert next(iter(files.values())) == old.replace("\n---\n", "\nchecked: 2026-12-24\n---\n", 1)
    is_accepted(files)
    assert examined(body(page)) == files


def test_still_true_passes_over_a_draft(page: Page, address: str) -> None:
    """A draft of a correction once went along with the confirmation, unseen."""
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    page.locator("#measure-title").fill("Entwurf eines Titels")
    is_kept(page, "Entwurf")
    opened_query = f"?massnahme={POOL}&stimmt=1"
    page.goto(f"{address}{FORM}{opened_query}")
    page.get_by_role("button", name="Stimmt noch: heute geprüft").click()
    result(page)
    assert "Titel" not in body(page)
    page.get_by_role("button", name="Etwas stimmt nicht mehr").click()
    expect(page.locator("#measure-title")).to_have_value("Entwurf eines Titels")


# --- Drafts ---


def test_draft_comes_back_and_can_be_deleted(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    page.get_by_text("Zusammenarbeit und Zusammenhang").last.click()  # the first is that of a new partner
    page.locator("#measure-cooperation-1-").fill("Universität Bielefeld")
    is_kept(page, "Bielefeld")
    page.reload()
    expect(page.locator("#hinweis")).to_contain_text("Ihr Entwurf ist wieder da. Er liegt nur in diesem Browser.")
    expect(page.locator("#measure-title")).to_have_value("Sprachcafé: offen für alle")
    expect(page.locator("#measure-cooperation [data-entry] input")).to_have_value("Universität Bielefeld")
    checked(page)
    is_accepted(result(page))
    page.get_by_role("button", name="Entwurf löschen").first.click()
    expect(page.locator("#hinweis")).to_contain_text("Der Entwurf ist gelöscht.")
    expect(page.locator("#measure-title")).to_have_value("")
    assert page.evaluate("localStorage.getItem('wb-vorschlag')") is None
    page.reload()
    page.locator("#measure-sources [data-entry]").first.wait_for()
    assert not page.locator("#hinweis").is_visible()


def test_drafts_of_several_measures_stay_apart(page: Page, address: str) -> None:
    opened(page, address)
    page.locator("#measure-title").fill("Eine neue")
    is_kept(page, "Eine neue")
    opened(page, address, f"?massnahme={POOL}")
    page.get_by_text("Sie korrigieren:").wait_for()
    assert page.locator("#measure-title").input_value().startswith("Sprachvermittlerpool")
    page.locator("#measure-title").fill("Geändert")
    is_kept(page, "Geändert")
    opened(page, address)
    expect(page.locator("#measure-title")).to_have_value("Eine neue")
    opened(page, address, f"?massnahme={POOL}")
    expect(page.locator("#measure-title")).to_have_value("Geändert")
    expect(page.locator("#measure-title-bisher")).to_contain_text("Geändert. Bisher: Sprachvermittlerpool")


def test_works_without_storage(page: Page, address: str) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off', 'SecurityError'); } });"
    )
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    is_accepted(result(page))


@pytest.mark.parametrize(
    "draft",
    [
        "{",
        "null",
        "[1]",
        '{"": 5}',
        '{"": {"measure": {"title": {"a": 1}, "sources": "x", "figures": [[1], null, {"value": [2]}], "target_groups": {}}}}',
        '{"": {"measure": {"title": "<img src=x onerror=alert(1)>", "cooperation": ["<script>alert(1)</script>"]}}}',
        '{"": {"measure": {"__proto__": {"x": 1}, "constructor": "y"}}, "__proto__": {"polluted": true}}',
        json.dumps({"": {"measure": {"figures": [{"value": "1"}] * 5000}}}),
    ],
    ids=["cut", "null", "list", "number", "shapes", "markup", "prototype", "many"],
)
def test_hostile_drafts(page: Page, address: str, draft: str) -> None:
    page.goto(f"{address}rechtliches/impressum/")
    page.evaluate("draft => localStorage.setItem('wb-vorschlag', draft)", draft)
    opened(page, address)
    checked(page)
    assert len(errors(page)) > 3
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("({}).polluted ?? ({}).x") is None
    assert page.locator("#measure-figures [data-entry]").count() <= 200


# --- Hostile and broken surroundings ---


@pytest.mark.parametrize(
    "measure",
    [
        "../../x",
        "javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        "kreis-lippe/__proto__",
        "kreis-lippe",
        "//evil.example/x",
        "",
        "x" * 5000,
    ],
)
def test_hostile_addresses(page: Page, address: str, measure: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(unquote(request.url)))
    page.goto(f"{address}{FORM}?massnahme={measure}&stimmt=1")
    expect(page.locator("#hinweis")).to_have_text(re.compile("Diese Maßnahme gibt es nicht oder nicht mehr."))
    assert page.locator("main img, main script").count() == 0
    assert not [url for url in asked if url.endswith(".json") and "/kreis-lippe.json" not in url]
    fill_in_what_is_required(page)
    checked(page)
    is_accepted(result(page))


def test_a_measure_that_is_gone(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{FORM}?massnahme=gibt-es/nicht")
    expect(page.locator("#hinweis")).to_contain_text("Diese Maßnahme gibt es nicht oder nicht mehr.")
    page.close()


def test_what_cannot_be_loaded_is_told_and_asked_for_again(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/schema/measure.json", lambda route: route.abort())
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    expect(page.locator("#stand")).to_contain_text("Die Prüfung lässt sich gerade nicht laden.")
    page.unroute("**/schema/measure.json")
    checked(page)
    is_accepted(result(page))
    page.close()


def test_nothing_is_fetched_before_a_reader_writes(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, address)
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 6, asked
    assert not [url for url in asked if url.endswith(".json")]


def test_without_javascript_there_are_other_ways(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{FORM}")
    page.get_by_text("braucht dafür JavaScript").wait_for()
    assert not page.locator("form.wb-proposal").is_visible()
    main = page.locator("main")
    assert (main.get_by_role("link", name="redaktion@example.org").get_attribute("href") or "").startswith("mailto:")
    assert main.get_by_role("link", name="Muster einer Datei").is_visible()
    context.close()


def test_markup_and_huge_texts_do_no_harm(page: Page, address: str) -> None:
    opened(page, address)
    fill_in_what_is_required(page)
    markup = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page.locator("#measure-title").fill(markup)
    page.locator("#measure-text").fill("x" * 1_000_000)
    checked(page)
    assert errors(page) == ["Text: Die Datei ist mit 1001 KB zu groß. Erlaubt sind 200 KB; bitte kürzen."]
    page.locator("#measure-text").fill(f"{markup}\u00ad\u200b Trenn\u00adstrich")
    checked(page)
    files = result(page)
    is_accepted(files)
    assert page.locator("main img, main script").count() == 0
    assert "Trennstrich" in next(iter(files.values()))


# --- The same as Python ---

SAME_FILE = """async ([fields, records]) => {
  const { recordFile } = await import(`${location.origin}/assets/record-file.js`);
  return records.map(([data, text]) => recordFile(fields, data, text));
}"""


def plain(site: Site, kind: str) -> list[dict[str, Any]]:
    return proposal.description(site)["fields"][kind]


@pytest.mark.parametrize("kind", ["measure", "partner", "source"])
def test_files_are_those_that_python_writes(page: Page, address: str, real_site: Site, kind: str) -> None:
    fields = forms.plain(KINDS[kind], real_site.catalog.vocabulary)  # what the form asks for
    asked = {field.key for field in fields}
    found = real_site.catalog.of(kind).values()
    records = [({k: v for k, v in record.written.items() if k in asked}, record.text) for record in found]
    assert len(records) >= 5
    page.goto(f"{address}{FORM}")
    written = page.evaluate(SAME_FILE, [plain(real_site, kind), records])
    assert written == [writing.record_file(fields, data, text) for data, text in records]


def test_nasty_values_are_written_as_python_writes_them(page: Page, address: str, real_site: Site) -> None:
    fields = forms.fields(Measure, real_site.catalog.vocabulary)
    big = "Wort " * 200_000
    nasty: list[tuple[dict[str, Any], str]] = [
        (
            {
                "title": value, "status": value, "period": value, "status_inferred": value, "target_groups": [value, value],
                "figures": [{"value": value, "as_of": value, "note": value}, {"unit": value}], "source_note": value,
                "best_practice": {"reason": value, "source": {"document": value, "lines": value, "page": value}},
            },
            f"{value}\n{value}",
        )
        for value in (*NASTY, big)
    ]  # fmt: skip
    page.goto(f"{address}{FORM}")
    written = page.evaluate(SAME_FILE, [plain(real_site, "measure"), nasty])
    for (data, text), found in zip(nasty, written, strict=True):
        assert found == writing.record_file(fields, data, text), data["title"][:40]


SAME_TEXT = """async ([description, measures, changes]) => {
  const { proposalText, correctionText } = await import(`${location.origin}/assets/proposal-text.js`);
  return [measures.map(([measure, along]) => proposalText(description, measure, along)),
          changes.map(([ref, before, after]) => correctionText(description, ref, before, after, {}))];
}"""


def test_texts_are_those_that_python_writes(page: Page, address: str, real_site: Site) -> None:
    catalog = real_site.catalog
    measures = catalog.all(Measure)
    document, partner = (next(iter(catalog.of(kind).values())) for kind in ("source", "partner"))
    coming = {
        "source": {**document._origin.raw.data, "id": document.id},
        "partner": {**partner._origin.raw.data, "id": partner.id, "text": partner.text},
    }
    new = [
        Draft("source", document.id, document._origin.raw.data),
        Draft("partner", partner.id, partner._origin.raw.data, partner.text),
    ]
    said = [({**m._origin.raw.data, "partner": m.partner, "id": m.id, "text": m.text}, {}) for m in measures]
    said.append((said[0][0], coming))
    changes = []
    wanted = []
    for one, other in zip(measures, [*measures[1:], measures[0]], strict=True):
        before, after = ({**m._origin.raw.data, "text": m.text} for m in (one, other))
        changes.append((one.ref, before, after))
        differing = {key: after.get(key, "") for key in {**before, **after} if before.get(key) != after.get(key)}
        wanted.append(proposals.correction_body(one.ref, differing, before, catalog))
    page.goto(f"{address}{FORM}")
    texts, corrections = page.evaluate(SAME_TEXT, [proposal.description(real_site), said, changes])
    drafts_ = [Draft("measure", m.id, m._origin.raw.data, m.text, m.partner) for m in measures]
    assert texts[:-1] == [proposals.body([draft], catalog) for draft in drafts_]
    assert texts[-1] == proposals.body([drafts_[0], *new], catalog)
    assert corrections == wanted


def test_nasty_values_survive_the_way_through_a_proposal(page: Page, address: str, real_site: Site) -> None:
    """What is typed into the form is what the forge's side writes into the file."""
    for value in ('„A“: "B" # c | d \\| e', "🎉 true", "- Strich", "=1+1", "None of these, yes"):
        opened(page, address)
        fill_in_what_is_required(page)
        page.evaluate("document.querySelectorAll('#fragen details').forEach((part) => { part.open = true; })")
        page.locator("#measure-title").fill(f"Titel {value}")
        page.locator("#measure-source_note").fill(f"{value}\n\nund {value}")
        page.locator("#measure-figures-1-value").fill("5")
        page.locator("#measure-figures-1-unit").fill(value)
        page.locator("#measure-text").fill(f"{value}\n\n### Titel\n\n{value}")
        checked(page)
        files = result(page)
        is_accepted(files)
        assert examined(body(page)) == files
        page.evaluate("localStorage.clear()")


def test_ids_are_those_that_python_makes(page: Page, address: str, real_site: Site) -> None:
    titles = [record.title for record in real_site.catalog] + [value for value in NASTY if value]
    page.goto(f"{address}{FORM}")
    code = """async (titles) => {
      const { slug } = await import(`${location.origin}/assets/proposal-check.js`);
      return titles.map(slug);
    }"""
    assert page.evaluate(code, titles) == [slug(title) or "" for title in titles]


def test_dates_are_judged_as_python_judges_them(page: Page, address: str) -> None:
    from catalog import dates

    tried = [
        "2020", "2020-09", "2020-09-14", "2017-03/2017-07", "2018-07/..", "../2020", "../..", "2020-13", "2020-02-30", "2021-02-29",
        "2020-02-29", "0000", "2020-00", "2021/2020", "2020-05/2020", "1/2/3", "Sommer", "", "2020/2020", "2020-12-31/2021-01", "20200",
        "14.09.2020", "1. 9. 2020", "09/2020", "9/2020", "2017-2019", "2017 – 2019", "seit 2018", "seit 09/2020", "31.02.2020", "13/2020",
        "0202-09-14", "0999", "1000", "2999-12-31", "3000", "9999-12-31", "2020/3000",
    ]  # fmt: skip

    def fault(text: str) -> str:
        try:
            dates.parse(text)
        except ValueError as error:
            return str(error)
        return ""

    page.goto(f"{address}{FORM}")
    code = """async (tried) => {
      const { dateFault, dateMeant } = await import(`${location.origin}/assets/proposal-check.js`);
      return tried.map((text) => [dateFault(text), dateMeant(text)]);
    }"""
    expected = [[fault(text), dates.as_written_in_german(text) or ""] for text in tried]
    assert page.evaluate(code, tried) == expected


# --- For everybody ---


def test_the_check_of_drafts_agrees(page: Page, address: str) -> None:
    """The draft's own path and file, as the other doors make them."""
    opened(page, address)
    fill_in_what_is_required(page)
    checked(page)
    assert drafts.check(ROOT, result(page))[1] == []
