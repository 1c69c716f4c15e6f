#!/usr/bin/env python3
"""Datensätze prüfen: alle Fehler auf einmal, jeder mit Datei, Zeile und Abhilfe.

Ohne PATH wird alles gezeigt; mit PATH nur, was diese Dateien oder Ordner
betrifft (geprüft wird immer der ganze Bestand, denn Verweise gehen überallhin).
Hinweise auf Stellen, über die Leserinnen und Leser stolpern könnten, stehen am
Ende und ändern den Rückgabewert nicht.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from project import ROOT, progress, site_url  # first: completes sys.path

from catalog import editorial, problems, rules, views


def main() -> int:
    """Run the checks; the exit status is 1 if there is a problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="nur Fehler in diesen Dateien oder Ordnern")
    parser.add_argument(
        "--format", choices=("text", "github", "gitlab"), default="text", help="Form der Ausgabe (Vorgabe: text)"
    )
    arguments = parser.parse_args()

    catalog, found = rules.load(ROOT, views.PAGE_VIEWS, progress)
    found = _wanted(found, arguments.paths)
    sys.stdout.write(problems.FORMATS[arguments.format](found))
    hints = _wanted(editorial.review(ROOT, catalog), arguments.paths)
    if hints and arguments.format == "text":
        print(f"Hinweise (kein Fehler, bitte prüfen):\n{problems.as_text(hints)}", end="", file=sys.stderr)
    if found:
        print(problems.summary(found, site_url() + problems.HELP_PAGE), file=sys.stderr)
        return 1
    if arguments.format == "text":
        print("Keine Fehler.")
    return 0


def _wanted(found: list[problems.Problem], paths: list[Path]) -> list[problems.Problem]:
    """Only what concerns these files or folders; everything if none are named."""
    places = [_relative(path) for path in paths]
    near = [p for p in found if any(p.path == w or p.path.startswith(f"{w}/") or w == "." for w in places)]
    return near if places else found


def _relative(path: Path) -> str:
    return os.path.relpath(path.resolve(), ROOT).replace(os.sep, "/")


if __name__ == "__main__":
    sys.exit(main())
