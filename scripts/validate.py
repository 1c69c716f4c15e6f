#!/usr/bin/env python3
"""Datensätze prüfen: alle Fehler auf einmal, jeder mit Datei, Zeile und Abhilfe.

Ohne PATH wird alles gezeigt; mit PATH nur, was diese Dateien oder Ordner
betrifft (geprüft wird immer der ganze Bestand, denn Verweise gehen überallhin).
Mit --since oder --changed geht es um einen Vorschlag: Hinweise gibt es nur zu
seinen Dateien, Fehler auch dort, wo andere Dateien nicht mehr zu ihm passen.
Hinweise auf Stellen, über die Leserinnen und Leser stolpern könnten, stehen am
Ende und ändern den Rückgabewert nicht.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path

from project import ROOT, progress, settings, site_url  # first: completes sys.path

import changed
import mend_files
from catalog import editorial, problems, readability, rules, views, wording
from catalog.dates import day
from catalog.editing import comment
from catalog.model import Measure
from catalog.store import Catalog
from issue_forms import forms_of

FEW = 10  # texts of which each has its own line

FORMATS: dict[str, Callable[[comment.Check], str]] = {
    "text": lambda check: problems.as_text(check.problems),
    "github": lambda check: problems.as_github(check.problems, check.hints, comment.cautions(check)),
    "gitlab": lambda check: problems.as_gitlab(check.problems, check.hints, comment.cautions(check)),
    "markdown": comment.comment,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="nur Fehler in diesen Dateien oder Ordnern")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--since", metavar="REV", help="die Dateien, die sich seit diesem Stand geändert haben")
    scope.add_argument(
        "--changed", metavar="DATEI", help="die Dateien, deren Pfade in DATEI stehen (- liest die Standardeingabe)"
    )
    parser.add_argument(
        "--build-log", metavar="DATEI", type=Path, help="Protokoll eines gescheiterten Baus, für --format markdown"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="Form der Ausgabe (Vorgabe: text)")
    parser.add_argument("--fix", action="store_true", help="berichtigen, was nur eine richtige Lösung hat")
    return parser.parse_args()


def main() -> int:
    """Run the checks; the exit status is 1 if there is a problem."""
    arguments = _arguments()
    places = [_relative(place) for place in arguments.paths]

    def wanted(path: str) -> bool:
        return _is_near(path, places)

    if arguments.fix:
        for done in mend_files.fix(ROOT, wanted):
            print(done)
    catalog, found = rules.load(ROOT, views.PAGE_VIEWS, progress)
    found = [problem for problem in found if wanted(problem.path)]
    reviewed = (hint for hint in editorial.review(ROOT, catalog, _reference_date()) if wanted(hint.path))
    hints = sorted({*reviewed, *mend_files.untidy(ROOT, wanted)})
    changes = _changes(arguments)
    if changes is not None:
        hints = comment.concern(hints, changes)
    failed = comment.warnings_in(arguments.build_log.read_text(encoding="utf-8")) if arguments.build_log else ()
    check = comment.Check(catalog, found, hints, changes, site_url(), failed, _generated(catalog, found, changes))
    sys.stdout.write(FORMATS[arguments.format](check))
    if arguments.format == "text" and (cautions := comment.cautions(check)):
        print(f"Achtung, Dateien der Technik:\n{problems.as_text(cautions)}", end="", file=sys.stderr)
    if hints and arguments.format == "text":
        print(f"Hinweise (kein Fehler, bitte prüfen):\n{problems.as_text(hints)}", end="", file=sys.stderr)
    if arguments.format == "text":
        print(_readability([m for m in catalog.all(Measure) if wanted(m.path)]), file=sys.stderr)
    if found:
        print(problems.summary(found, site_url() + problems.HELP_PAGE), file=sys.stderr)
        return 1
    if arguments.format == "text":
        print("Keine Fehler.")
    return 0


def _reference_date() -> datetime.date | None:
    """The day for which pages say what is old; none if mkdocs.yml names none, which a build complains about."""
    try:
        return day(str(settings()["extra"]["reference_date"]))
    except (KeyError, TypeError, ValueError):
        return None


def _generated(catalog: Catalog, found: list[problems.Problem], changes: list[comment.Change] | None) -> frozenset[str]:
    """The changed files that say just what a script makes of the records; a new partner brings such."""
    forms = forms_of(catalog) if changes and not found else {}
    files = {path: ROOT / path for path in forms}
    return frozenset(
        path
        for path, file in files.items()
        if file.is_file() and not file.is_symlink() and file.read_bytes() == forms[path].encode()
    )


def _readability(measures: list[Measure]) -> str:
    """The school years from which texts can be read: one by one for a few, else the middle and the hardest."""
    years = sorted((year, m.path) for m in measures if (year := readability.school_year(m.text)) is not None)
    lead = "Lesbarkeit (Schuljahr, ab dem ein Text gut lesbar ist; kein Fehler)"
    if not years:
        return f"{lead}: keine Texte."
    if len(years) <= FEW:
        return "\n".join([f"{lead}:", *(f"{path}: {wording.number(str(year))}" for year, path in years)])
    middle = wording.number(str(years[len(years) // 2][0]))
    hard = sum(year > readability.HARD for year, _ in years)
    return f"{lead}: in der Mitte {middle}; {hard} von {len(years)} Texten über {readability.HARD:.0f}."


def _changes(arguments: argparse.Namespace) -> list[comment.Change] | None:
    """The files of a request, if it is about one."""
    if arguments.since is not None:
        return changed.since(arguments.since)
    return None if arguments.changed is None else changed.listed(arguments.changed)


def _is_near(path: str, places: list[str]) -> bool:
    """Whether a file is one of these or lies in one of these folders; yes, if none are named."""
    return not places or any(path == place or path.startswith(f"{place}/") or place == "." for place in places)


def _relative(path: Path) -> str:
    return os.path.relpath(path.resolve(), ROOT).replace(os.sep, "/")


if __name__ == "__main__":
    sys.exit(main())
