#!/usr/bin/env python3
"""Die Bilder der Seiten unter „Mitmachen“ neu aufnehmen: echte Schritte auf der gebauten Website und in der Redaktion.

Vorher: scripts/build und scripts/redaktion. Nach einer Änderung am Formular oder
an der Redaktion neu ausführen und die Bilder ansehen, bevor sie eingereicht werden.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

from project import ROOT  # first: completes sys.path

sys.path.insert(0, str(ROOT / "tests"))

from PIL import Image
from playwright.sync_api import Browser, Page

import editor
from browsing import chromium, serving

TARGET = ROOT / "docs/mitmachen/bilder"
WIDTH, HEIGHT = 820, 620
COLOURS = 64  # of a picture; more are not needed for text on plain ground
FORM = "mitmachen/vorschlag/"
MEASURE = "kreis-lippe/sprachvermittlerpool"


def main() -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", metavar="ORDNER", type=Path, default=TARGET, help=f"Vorgabe: {TARGET}")
    arguments = parser.parse_args()
    site = ROOT / "site"
    for needed, command in ((site / FORM, "scripts/build"), (site / "redaktion/config.json", "scripts/redaktion")):
        if not needed.exists():
            sys.exit(f"{needed} fehlt. Bitte zuerst {command} ausführen.")
    arguments.output.mkdir(parents=True, exist_ok=True)
    with serving(site) as address, chromium() as browser:
        for name, take in PICTURES.items():
            path = arguments.output / f"{name}.png"
            path.write_bytes(small(shot(browser, address, take)))
            print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {path.stat().st_size // 1024} KiB")
    return 0


def shot(browser: Browser, address: str, take: Callable[[Page, str], None]) -> bytes:
    """One picture as Chromium makes it."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="de-DE").new_page()
    take(page, address)
    page.wait_for_timeout(400)  # what moves comes to rest
    content = page.screenshot(animations="disabled")
    page.context.close()
    return content


def small(content: bytes) -> bytes:
    """The same picture with few colours, a fifth of the size."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def fill_form(page: Page, address: str) -> None:
    """The form with its first answers."""
    page.goto(f"{address}{FORM}")
    page.locator("#measure-partner").select_option(label="Kreis Lippe")
    page.locator("#measure-title").fill("Sprachcafé in der Kreisbibliothek")
    page.locator("#measure-summary").fill("Jeden Mittwoch üben Zugewanderte und Ehrenamtliche zusammen Deutsch.")
    page.locator("#measure-partner").evaluate("field => field.closest('.wb-field').scrollIntoView()")


def form_mistakes(page: Page, address: str) -> None:
    """What the form says if something is missing."""
    fill_form(page, address)
    page.get_by_role("button", name="Prüfen").click()
    page.locator("#fehler").wait_for(state="visible")
    page.locator("#fehler").evaluate("box => box.scrollIntoView()")


def still_true(page: Page, address: str) -> None:
    """The facts of a measure, to be confirmed."""
    page.goto(f"{address}{FORM}?massnahme={MEASURE}&stimmt=1")
    page.locator("[data-still]").wait_for()
    page.locator("#auskunft").evaluate("box => box.scrollIntoView()")


def hand_in(page: Page, address: str) -> None:
    """The ways to hand in what has been checked."""
    still_true(page, address)
    page.locator("[data-still]").click()
    page.locator("#ergebnis").wait_for(state="visible")
    page.locator("#ergebnis").evaluate("box => box.scrollIntoView()")


def editor_list(page: Page, address: str) -> None:
    """The measures of a partner in the editor."""
    measures = [(path.relative_to(ROOT).as_posix(), path.read_text()) for path in (ROOT / "measures").glob("*/*.md")]
    editor.open_at(page, address, "measure-kreis-lippe", sorted(measures))


def editor_form(page: Page, address: str) -> None:
    """A measure in the editor."""
    editor.open_at(page, address, "measure-kreis-lippe/entries/sprachvermittlerpool")


PICTURES: dict[str, Callable[[Page, str], None]] = {
    "formular": fill_form,
    "formular-fehler": form_mistakes,
    "stimmt-noch": still_true,
    "einreichen": hand_in,
    "redaktion-liste": editor_list,
    "redaktion-massnahme": editor_form,
}


if __name__ == "__main__":
    sys.exit(main())
