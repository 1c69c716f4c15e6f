"""The full-text index of the built pages, made by Pagefind; what a page gives to it stands in its template."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cbor2

FOLDER = "suche/index"
_LANGUAGE = "de"

# Parts of a page that are no text of its own: ways, lists of other pages, labels and headings of the template.
_LEFT_OUT = (
    ".wb-actions", ".wb-crumbs", ".wb-facts dt", ".wb-facts .wb-meta", ".wb-items", ".wb-pages", ".wb-relations dt",
    ".wb-screen", ".wb-states", ".wb-tags", ".wb-toc", "h2:not([id^=s-])",
    "h3:not([id^=s-])",
)  # fmt: skip
# Pagefind's own interfaces, and the module for languages that it does not know.
_NOT_NEEDED = ("*ui.js", "*ui.css", "*highlight.js", "wasm.unknown.*")


def index(built: Path) -> None:
    """Write the index of a built site into its folder ``FOLDER``.

    Raises:
        RuntimeError: with a German sentence, if Pagefind fails.
    """
    command = [sys.executable, "-m", "pagefind", "--silent", "--site", str(built), "--output-subdir", FOLDER]
    command += ["--force-language", _LANGUAGE, "--exclude-selectors", ",".join(_LEFT_OUT)]
    folder = built / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise RuntimeError(f"Der Suchindex ist nicht entstanden. Pagefind meldet: {result.stderr or result.stdout}")
    for pattern in _NOT_NEEDED:
        for path in folder.glob(pattern):
            path.unlink()
    if (folder / "pagefind-entry.json").exists():
        _put_in_order(folder)


# Pagefind 1.5 writes filters and their values in another order with each run. Two builds of the same records
# should be the same to the last byte, so both are sorted here, and the files named after what they hold.
_MARK = b"pagefind_dcd"
_FILTERS = 3  # place of the filters, [name, file], among the parts of the overview


def _put_in_order(folder: Path) -> None:
    files: dict[str, str] = {}
    for path in sorted((folder / "filter").iterdir()):
        name, values = _read(path)
        files[path.stem] = _replace(path, [name, sorted(values)], 7)
    (path,) = folder.glob("*.pf_meta")
    overview = _read(path)
    overview[_FILTERS] = sorted([name, files[file]] for name, file in overview[_FILTERS])
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    entry["languages"][_LANGUAGE]["hash"] = _replace(path, overview, 10).removeprefix("pagefind.")
    (folder / "pagefind-entry.json").write_text(json.dumps(entry, separators=(",", ":")), "utf-8")


def _read(path: Path) -> Any:
    return cbor2.loads(gzip.decompress(path.read_bytes()).removeprefix(_MARK))


def _replace(path: Path, data: Any, digits: int) -> str:
    """Write data in place of a file; returns its new name, without its ending."""
    content = gzip.compress(_MARK + cbor2.dumps(data), mtime=0)
    path.unlink()
    start = path.stem.rpartition("_")[0]
    new = path.with_name(f"{start}_{hashlib.sha256(content).hexdigest()[:digits]}{path.suffix}")
    new.write_bytes(content)
    return new.stem
