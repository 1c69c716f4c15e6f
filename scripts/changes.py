#!/usr/bin/env python3
"""Zeigen, was sich auf der Website ändert: zwei fertig gebaute Websites vergleichen.

Nennt neue, geänderte und entfernte Seiten, Wechsel des Status, Zahlen, neue
Adressen und Weiterleitungen. Listen und Übersichten, die sich nur als Folge
davon ändern, werden gezählt. scripts/compare baut beide Websites selbst.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from project import ROOT  # noqa: F401  (first: completes sys.path)

from catalog.downloads import DATA_FOLDER, DATA_KINDS, data_file
from catalog.editing import changes

FORMATS = {"text": changes.as_text, "markdown": changes.as_markdown}


def main() -> int:
    """Compare and print; the exit status does not depend on what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="ALT", type=Path, help="Ordner der bisherigen Website")
    parser.add_argument("new", metavar="NEU", type=Path, help="Ordner der neuen Website")
    parser.add_argument("--format", choices=FORMATS, default="text", help="Form der Ausgabe (Vorgabe: text)")
    arguments = parser.parse_args()
    for folder in (arguments.old, arguments.new):
        if not (folder / DATA_FOLDER / "index.json").is_file():
            sys.exit(f"In „{folder}“ liegt keine gebaute Website. Bitte zuerst scripts/build ausführen.")
    found = changes.compare(read(arguments.old), read(arguments.new))
    sys.stdout.write(FORMATS[arguments.format](found))
    return 0


def read(folder: Path) -> changes.Site:
    """A built site from its folder."""
    pages = {
        path.parent.relative_to(folder).as_posix() + "/": path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("index.html"))
    }
    # The start page stands at the empty address.
    pages[""] = pages.pop("./")
    files = {kind: folder / data_file(kind) for kind in DATA_KINDS}
    data = {
        kind: json.loads(file.read_text(encoding="utf-8"))["items"] for kind, file in files.items() if file.exists()
    }
    index = json.loads((folder / DATA_FOLDER / "index.json").read_text(encoding="utf-8"))
    return changes.Site(index["url"], pages, data)


if __name__ == "__main__":
    sys.exit(main())
