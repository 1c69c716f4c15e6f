"""The full-text index of the built pages, made by Pagefind; what a page gives to it stands in its template."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = "suche/index"

# Parts of a page that are no text of its own: ways, lists of other pages, labels and headings of the template.
_LEFT_OUT = (
    ".wb-actions", ".wb-crumbs", ".wb-facts dt", ".wb-facts .wb-meta", ".wb-items", ".wb-pages", ".wb-relations dt", ".wb-screen",
    ".wb-states", ".wb-tags", ".wb-toc", "h2:not([id^=s-])",
)  # fmt: skip
# Pagefind's own interfaces, and the module for languages that it does not know.
_NOT_NEEDED = ("*ui.js", "*ui.css", "*highlight.js", "wasm.unknown.*")


def index(built: Path) -> None:
    """Write the index of a built site into its folder ``FOLDER``.

    Raises:
        RuntimeError: with a German sentence, if Pagefind fails.
    """
    command = [sys.executable, "-m", "pagefind", "--silent", "--site", str(built), "--output-subdir", FOLDER]
    command += ["--force-language", "de", "--exclude-selectors", ",".join(_LEFT_OUT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise RuntimeError(f"Der Suchindex ist nicht entstanden. Pagefind meldet: {result.stderr or result.stdout}")
    for pattern in _NOT_NEEDED:
        for path in (built / FOLDER).glob(pattern):
            path.unlink()
