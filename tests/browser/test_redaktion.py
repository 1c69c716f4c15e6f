"""The editor in the browser, in real Chromium, on its own test repository: open, change, create, save, and mistakes.

The repository is the browser's private folder, filled with the project's real files; what the editor writes there is
read back and checked by the project's own check.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, expect

import editor
from browsing import serving
from bundled import bundled
from catalog import problems, rules, views
from conftest import ROOT
from inspecting import violations

pytestmark = pytest.mark.browser

FORGE = "https://git.example.org"
POOL = "measures/kreis-lippe/sprachvermittlerpool.md"
Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the editor in it, its settings made anew from the records."""
    site = tmp_path_factory.mktemp("redaktion")
    shutil.copytree(bundled(), site / "redaktion")
    command = [sys.executable, str(ROOT / "scripts/cms_config.py"), str(site / "redaktion")]
    subprocess.run(command, check=True, capture_output=True, cwd="/")
    (site / "assets").mkdir()
    shutil.copy(ROOT / "overrides/assets/icon.svg", site / "assets")
    return site


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A context in which any request to another host than the site and its forge fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    allowed = (address, f"blob:{address}", "data:", f"{FORGE}/")
    foreign: list[str] = []
    context.on("request", lambda request: None if request.url.startswith(allowed) else foreign.append(request.url))
    yield context
    context.close()
    assert foreign == []


@pytest.fixture
def opened(page: Page, address: str) -> Opener:
    """Opens the editor at a place, signed in to the test repository."""

    def open_at(place: str, files: Iterable[tuple[str, str]] = ()) -> Page:
        return editor.open_at(page, address, place, files)

    return open_at


@pytest.fixture
def refused() -> list[str]:
    """What the page's policy stopped, as the browser's console says it; a test that means to be stopped clears it."""
    return []


@pytest.fixture
def page(context: BrowserContext, refused: list[str]) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            (refused if "Content Security Policy" in message.text else errors).append(message.text)

    page.on("console", note)
    yield page
    assert errors + refused == []


def field(page: Page, key: str) -> Locator:
    """A field of the form, which is drawn only when it comes near."""
    found = page.locator(f'[data-key-path="{key}"]').first
    page.mouse.move(600, 500)
    for _ in range(60):
        if found.count():
            break
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(30)
    found.scroll_into_view_if_needed()
    return found


def write(page: Page, key: str, text: str) -> None:
    field(page, key).get_by_role("textbox").first.fill(text)


def choose(page: Page, key: str, option: str) -> None:
    box = field(page, key).get_by_role("combobox").first
    search = page.locator('[role="searchbox"]:focus')
    box.click()
    page.wait_for_timeout(300)
    if box.get_attribute("aria-expanded") != "true":  # the click has only closed the list of another field
        box.click()
    search.press_sequentially(option)
    page.get_by_role("option", name=option, exact=True).locator("visible=true").first.click()
    expect(field(page, key)).to_contain_text(option)
    expect(search).to_have_count(0)


def add(page: Page, key: str) -> None:
    field(page, key).get_by_role("button", name=re.compile("hinzufügen")).click()
    expect(page.locator(f'[data-key-path^="{key}.0"]').first).to_be_attached()
    page.wait_for_timeout(500)  # Sveltia sets a new item up after it is drawn; a click before that is shown, but lost


def save(page: Page) -> dict[str, str]:
    """Save, and read what lies in the repository then."""
    page.get_by_role("button", name="Speichern", exact=True).click()

    expect(page.get_by_text("Eintrag gespeichert")).to_be_visible()
    return dict(page.evaluate(editor.READ))


def complaints(page: Page, key: str) -> list[str]:
    said = field(page, key).locator(".validation").all_inner_texts()
    return [text.split("\n")[-1] for text in said]


def checked(tmp_path: Path, written: dict[str, str]) -> str:
    """What the project's own check says about the project with these files."""
    root = tmp_path / "copy"
    for name in ("docs", "measures", "partners"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("vocabulary.yml", "thesaurus.yml"):
        shutil.copy(ROOT / name, root)
    for path, text in written.items():
        (root / path).write_text(text)
    return problems.as_text(rules.load(root, views.PAGE_VIEWS)[1])


def changed(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_speaks_german_and_is_for_no_search_engine(opened: Opener) -> None:
    """Also in a browser that is set to English."""
    page = opened("measure-kreis-lippe")
    expect(page).to_have_title(re.compile("Kreis Lippe.*Redaktion – Wissensbasis Vielfalt NRW"))
    expect(page.get_by_role("button", name="Neuen Eintrag anlegen").first).to_be_visible()
    places = [text.split("\n")[1] for text in editor.collections(page).all_inner_texts()]
    assert places[:3] == ["Partner", "Netzwerke", "Phasen: Masterplan Migration/Integration Dortmund"]
    assert places[-3:] == ["Kontakte", "Referierende", "Dokumente"]
    assert len(places) == 2 + 2 + len(list((ROOT / "partners").glob("*.md"))) + 3
    assert "Stadt Jülich" in places
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator('meta[name="robots"]').first.get_attribute("content") == "noindex, nofollow"
    expect(page.get_by_role("checkbox", name=re.compile("Sprachvermittlerpool.*auswählen")).first).to_be_attached()


def test_index_pages_are_no_records(opened: Opener) -> None:
    page = opened("network")
    listed = len([path for path in (ROOT / "docs/netzwerke").glob("*.md") if path.name != "index.md"])
    expect(editor.collections(page).filter(has_text="Netzwerke")).to_contain_text(str(listed))


def test_a_change_is_the_only_difference(opened: Opener, tmp_path: Path) -> None:
    page = opened("measure-kreis-lippe/entries/sprachvermittlerpool")
    expect(field(page, "title").get_by_role("textbox")).to_have_value(re.compile("Sprachvermittlerpool"))
    write(page, "summary", "Der Pool hilft in 27 Sprachen.")
    written = save(page)
    before = editor.seeds()
    assert written.keys() == before.keys()
    assert [path for path in before if before[path] != written[path]] == [POOL]
    assert changed(before[POOL], written[POOL])[1:] == ["+summary: Der Pool hilft in 27 Sprachen."]
    assert checked(tmp_path, written) == ""


@pytest.mark.parametrize(
    "path",
    [
        "partners/stadt-dortmund.md",
        "docs/netzwerke/dialogkreis-abrahamsreligionen.md",
        "docs/phasen/nrweltoffen-bielefeld/phase-2.md",
        "docs/kontakte/karriere-bezirksregierung-detmold.md",
        "docs/dokumente/sportwoerterbuch.md",
    ],
)
def test_other_records_are_saved_without_loss(opened: Opener, tmp_path: Path, path: str) -> None:
    *folders, name = path.removesuffix(".md").removeprefix("docs/").split("/")
    places = {"partners": "partner", "netzwerke": "network", "kontakte": "contact", "dokumente": "document"}
    place = places.get(folders[0]) or f"phase-{folders[1]}"
    page = opened(f"{place}/entries/{name}")
    write(page, "summary", "Neu gefasst.")
    written = save(page)
    assert checked(tmp_path, written) == ""
    shutil.rmtree(tmp_path / "copy")
    before = rules.load(ROOT, views.PAGE_VIEWS)[0]
    checked(tmp_path, written)
    after = rules.load(tmp_path / "copy", views.PAGE_VIEWS)[0]
    old, new = (next(record for record in catalog if record.path == path) for catalog in (before, after))
    assert new.model_dump() == old.model_dump() | {"summary": "Neu gefasst."}
    # The editor protects a lone star from being taken for emphasis; a reader sees the same.
    assert new.text.replace("\\*", "*") == old.text


def filled(page: Page, title: str) -> None:
    """A new measure with all that is required."""
    write(page, "title", title)
    write(page, "summary", "Das Büro öffnet einmal in der Woche.")
    choose(page, "category", "Synergieeffekte durch Vernetzung")
    choose(page, "status", "geplant")
    choose(page, "target_groups", "Auszubildende und Nachwuchskräfte")
    choose(page, "formats", "Fortbildung")
    add(page, "sources")
    document = field(page, "sources.0.document").get_by_role("radio", name=re.compile("stärkt Vielfalt"))
    document.click()
    expect(document).to_be_checked()
    write(page, "sources.0.section", "kompetenz-staerken")


def test_a_new_measure(opened: Opener, tmp_path: Path) -> None:
    page = opened("measure-kreis-lippe/new")
    filled(page, "Büro für Öffnung: großer Spaß")
    choose(page, "languages", "Türkisch")
    choose(page, "cooperation", "Kreis Soest")
    write(page, "period", "2018-07/..")
    add(page, "figures")
    write(page, "figures.0.value", "~1000")
    write(page, "figures.0.unit", "%")
    field(page, "body").get_by_role("textbox").click()
    page.keyboard.type("Wer kommt, bekommt Rat.")
    expect(field(page, "body")).to_contain_text("Wer kommt, bekommt Rat.")
    written = save(page)
    new = written.keys() - editor.seeds().keys()
    assert new == {"measures/kreis-lippe/buero-fuer-oeffnung-grosser-spass.md"}
    assert written[new.pop()] == (
        "---\n"
        'title: "Büro für Öffnung: großer Spaß"\n'
        "summary: Das Büro öffnet einmal in der Woche.\n"
        "category: vernetzung\n"
        "status: geplant\n"
        "period: 2018-07/..\n"
        "target_groups: [auszubildende]\n"
        "formats: [fortbildung]\n"
        "figures:\n"
        '  - value: "~1000"\n'
        '    unit: "%"\n'
        "languages: [tr]\n"
        "cooperation: [kreis-soest]\n"
        "sources:\n"
        "  - document: partnerbericht-2020\n"
        "    section: kompetenz-staerken\n"
        "---\n"
        "Wer kommt, bekommt Rat.\n"
    )
    assert checked(tmp_path, written) == ""


def test_a_key_that_the_editor_does_not_know_is_kept(opened: Opener) -> None:
    text = editor.seeds()[POOL].replace("\n---\n", "\nspaeter:\n  - wert: 007\n    grund: no\n---\n", 1)
    page = opened("measure-kreis-lippe/entries/sprachvermittlerpool", [(POOL, text)])
    write(page, "summary", "Neu gefasst.")
    assert '\nspaeter:\n  - grund: "no"\n    wert: "007"\n---\n' in save(page)[POOL]


MISSING = "Dieses Feld ist erforderlich."
DATE = (
    "Die Angabe ist keine gültige Zeitangabe. "
    "Zum Beispiel: 2020-09-14, 2019-09, 2017-03/2017-07 oder 2018-07/.. (seit Juli 2018)"
)
NUMBER = (
    "Die Angabe ist keine Zahl. Zum Beispiel 1000, 10.42 oder 25-30, ohne Tausenderpunkt; "
    "davor ~ (etwa), > (mehr als), < (weniger als)"
)
ID = "Die Angabe ist keine Kennung. Nur kleine Buchstaben a–z, Ziffern und Bindestriche, zum Beispiel kreis-lippe"


def test_mistakes_are_answered_in_german_and_nothing_is_saved(opened: Opener) -> None:
    page = opened("measure-kreis-lippe/new")
    write(page, "summary", "x" * 231)
    write(page, "period", "14.09.2020")
    add(page, "figures")
    write(page, "figures.0.value", "1.000")
    add(page, "sources")
    write(page, "sources.0.section", "Kapitel Öffnung")
    write(page, "sources.0.lines", "Seite 4")
    write(page, "checked", "gestern")
    add(page, "aliases")
    write(page, "aliases.0", "/alte Adresse/")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text(re.compile("Felder enthalten Fehler. Bitte korrigieren Sie sie"))).to_be_visible()
    said = {
        "title": [MISSING],
        "summary": ["Es dürfen höchstens 200 Zeichen eingegeben werden."],
        "category": [MISSING],
        "status": [MISSING],
        "period": [DATE],
        "target_groups": [MISSING],
        "formats": [MISSING],
        "figures.0.value": [NUMBER],
        "figures.0.unit": [MISSING],
        "sources.0.document": [MISSING],
        "sources.0.section": [ID],
        "sources.0.lines": ["Die Angabe ist keine Zeilenangabe. Zum Beispiel: 1631-1637, 1640"],
        "checked": [DATE],
        "aliases.0": ["Die Angabe ist keine frühere Adresse. Zum Beispiel: massnahmen/kreis-lippe/alter-name"],
    }
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -20_000)
    assert {key: complaints(page, key) for key in said} == said
    assert page.evaluate(editor.READ).keys() == editor.seeds().keys()


def test_a_name_with_an_umlaut_is_refused_and_a_taken_one_too(opened: Opener) -> None:
    page = opened("measure-kreis-lippe/new")
    page.get_by_role("radio", name="Name der Datei").click()
    panel = page.get_by_role("group", name="Name der Datei")
    panel.get_by_role("button", name="Slug bearbeiten").click()
    for name, said in (
        ("Büro-Öffnung", "Nur a–z, Ziffern und Bindestriche, höchstens 80 Zeichen."),
        ("../../docs/index", "Der Slug darf keine Sonderzeichen enthalten, auch keine Schrägstriche und Leerzeichen."),
        ("sprachvermittlerpool", "Dieser Slug wird bereits von einem anderen Eintrag verwendet."),
    ):
        panel.get_by_role("textbox").fill(name)
        expect(panel.locator(".validation")).to_contain_text(said)


HOSTILE = "<img src=x onerror=\"document.title='getroffen'\">"


def test_hostile_records_do_nothing(opened: Opener, refused: list[str]) -> None:
    """Script in a title, in a text and in a link, and a megabyte of text.

    Sveltia cleans a title as HTML in a document of its own, where the page's policy speaks up before it is cleaned.
    """
    seen: list[str] = []
    body = (
        f"{HOSTILE}\n\n<script>document.title='getroffen'</script>\n\n[Link](javascript:document.title='getroffen')\n"
    )
    text = editor.seeds()[POOL].split("\n---\n")[0]
    hostile = text.replace("title: ", f"title: {json.dumps(HOSTILE)}\nalt: ", 1) + f"\n---\n{body}"
    huge = f"{text}\n---\n{'Sehr viel Text. ' * 65_000}\n"
    files = [(POOL, hostile), ("measures/kreis-lippe/gross.md", huge)]
    page = opened("measure-kreis-lippe/entries/sprachvermittlerpool", files)
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    expect(field(page, "title").get_by_role("textbox")).to_have_value(HOSTILE)
    expect(field(page, "body")).to_contain_text("Link")
    write(page, "summary", "Neu gefasst.")
    written = save(page)
    assert "<script>" in written[POOL]  # kept as text; the site's own cleaning is not this editor's business
    page.goto(f"{page.url.split('#')[0]}#/collections/measure-kreis-lippe/entries/gross")
    expect(field(page, "title").get_by_role("textbox")).to_have_value(re.compile("Sprachvermittlerpool"))
    field(page, "body")
    assert seen == []
    assert "getroffen" not in page.title()
    assert page.evaluate("document.querySelectorAll('[onerror]').length") == 0
    assert all("Executing inline event handler violates" in message for message in refused)
    refused.clear()


FOCUSED = """() => {
  const focused = document.activeElement;
  const label = document.getElementById(focused.getAttribute('aria-labelledby'));
  return focused === document.body ? '' : `${focused.ariaLabel ?? ''} ${label?.innerText ?? ''}`;
}"""


def test_by_keyboard_alone(opened: Opener) -> None:
    page = opened("measure-kreis-lippe")
    expect(page.get_by_role("row", name=re.compile("Sprachvermittlerpool des"))).to_be_visible()

    def press_until(name: str, key: str = "Tab") -> None:
        for _ in range(80):
            page.keyboard.press(key)
            if name in page.evaluate(FOCUSED):
                return
        raise AssertionError(f"{name} is not reached")

    press_until("Neuen Eintrag anlegen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar", name="Primär")).to_contain_text("Maßnahme (Kreis Lippe)")
    press_until("Titel")
    page.keyboard.type("Nur mit Tasten")
    press_until("Kurzfassung")
    page.keyboard.type("Ohne Maus geschrieben.")
    press_until("Kategorie")
    page.keyboard.press("Enter")
    page.locator('[role="searchbox"]:focus').wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Kategorie", exact=True).first).to_be_focused()
    press_until("Status")
    assert page.get_by_role("textbox", name="Titel").input_value() == "Nur mit Tasten"
    assert field(page, "category").get_by_role("combobox").inner_text().strip() != ""
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("Felder enthalten Fehler"))).to_be_visible()


# What of axe's rules Sveltia does not keep. Landmarks are good practice, no criterion of WCAG: its lists bring a main
# landmark of their own, its forms none until all of them is loaded, so that no role of our frame around both suits both.
# The names in its list of collections hold invisible marks of direction, which axe takes for other words than are seen.
EXEMPT = {"landmark-main-is-top-level", "label-content-name-mismatch"}
PASSING = {"landmark-one-main"}


def test_accessible(opened: Opener, page: Page, address: str) -> None:
    """An exemption that nothing needs any more fails, too."""
    opened("measure-kreis-lippe")
    expect(page.get_by_role("button", name="Neuen Eintrag anlegen").first).to_be_visible()
    found = violations(page)
    page.goto(f"{address}redaktion/#/collections/measure-kreis-lippe/entries/sprachvermittlerpool")
    expect(field(page, "title")).to_be_visible()
    found |= violations(page)
    field(page, "body")
    found |= violations(page)
    assert EXEMPT <= found.keys() <= EXEMPT | PASSING, found


def test_may_be_enlarged_on_a_phone(opened: Opener) -> None:
    page = opened("measure-kreis-lippe")
    policies = [meta.get_attribute("content") or "" for meta in page.locator('meta[name="viewport"]').all()]
    assert policies
    assert not any("maximum-scale" in policy or "user-scalable" in policy for policy in policies)


def test_signing_in_asks_the_forge_alone(page: Page, site: Path, address: str) -> None:
    asked: list[str] = []

    def forge(route: Route) -> None:
        asked.append(route.request.url)
        if "/oauth/authorize" in route.request.url:
            route.fulfill(body="Anmelden", content_type="text/html")
        else:
            route.fulfill(
                status=401, json={"message": "401 Unauthorized"}, headers={"access-control-allow-origin": "*"}
            )

    page.context.route(f"{FORGE}/**", forge)
    settings: dict[str, Any] = json.loads((site / "redaktion/config.json").read_text())
    assert settings["cms"]["backend"]["base_url"] == FORGE
    assert settings["cms"]["backend"]["auth_methods"] == ["token"]
    del settings["cms"]["backend"]["auth_methods"]
    settings["cms"]["backend"] |= {"auth_type": "pkce", "app_id": "kennung"}
    page.context.route("**/redaktion/config.json", lambda route: route.fulfill(json=settings))
    page.goto(f"{address}redaktion/")
    with page.expect_popup() as popup:
        page.get_by_role("button", name=re.compile("Mit .*GitLab.* anmelden")).click()
    popup.value.wait_for_url(f"{FORGE}/oauth/authorize?**")
    sent = parse_qs(urlsplit(popup.value.url).query)
    assert sent["client_id"] == ["kennung"]
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["redirect_uri"] == [f"{address}redaktion/"]
    assert asked
