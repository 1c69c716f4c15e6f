"""What is wrong with a page in a browser: by axe-core and by checks of our own. There is no second way to ask axe.

The packages are pinned in ``tests/node/``; ``scripts/test`` installs them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

PACKAGES = Path(__file__).parent / "node" / "node_modules"
HERE = Path(__file__).parent / "browser"
# Levels A and AA of WCAG 2.0, 2.1 and 2.2, and what axe calls good practice.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`)]);
}"""
# Remembers which elements are listened to for clicks, since a page cannot be asked for it afterwards.
LISTENED = """() => {
  globalThis.clicked = new Set();
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (/^(click|dblclick|mouse(down|up)|pointer(down|up)|touch(start|end))$/.test(kind)) globalThis.clicked.add(this);
    return add.call(this, kind, ...rest);
  };
}"""


def package(path: str) -> Path:
    """A file of the pinned packages; without npm the test is skipped, except where CI runs."""
    found = PACKAGES / path
    if not found.exists():
        if shutil.which("npm") or os.environ.get("CI"):
            pytest.fail("run npm ci in tests/node first, as scripts/test does")
        pytest.skip("npm is missing, so the packages of tests/node could not be installed")
    return found


def note_clicks(context: BrowserContext) -> None:
    """Let the check ``clickable`` know of listeners, on pages that are opened from now on."""
    context.add_init_script(f"({LISTENED})()")


def prepare(page: Page) -> Page:
    """Put axe and our checks into the page that is open."""
    page.evaluate(package("axe-core/axe.min.js").read_text())
    for name in ("checks.js", "keyboard.js"):
        page.evaluate((HERE / name).read_text())
    return page


def violations(page: Page) -> dict[str, list[str]]:
    """Rule of axe -> what breaks it, on a page that is open."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(package("axe-core/axe.min.js").read_text())
    found: Any = page.evaluate(RUN, list(TAGS))
    return dict(found)


def faults(page: Page, *names: str) -> list[str]:
    """What our checks of these names find on a page that is prepared."""
    found: Any = page.evaluate("(names) => names.flatMap((name) => checks[name]())", list(names))
    return list(found)


def unfold(page: Page) -> None:
    """Open every menu, table of contents, facet and further question."""
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
