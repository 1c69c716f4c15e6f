#!/usr/bin/env python3
"""Einer Maßnahme ein weiteres Berichtsjahr geben, ohne dass der Stand von vorher verloren geht.

    scripts/new_report.py kreis-lippe/sprachmittlung 2021 --status laufend --document partnerbericht-2021
    scripts/new_report.py kreis-lippe/sprachmittlung 2021 --status verschoben --reason "Die Räume fehlen."

Ist das Jahr das neueste, gelten Status und Zahlen fortan für die Maßnahme; der
bisherige Stand wird als eigenes Jahr festgehalten. Ein früheres Jahr kommt an
seine Stelle. Geschrieben wird nur, was die Prüfung besteht; Kommentare bleiben.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from project import ROOT  # first: completes sys.path

from catalog import forms, problems, rules, store, views
from catalog.editing import drafts, mending, yearly
from catalog.editing.sections import cells
from catalog.forms import FormField
from catalog.frontmatter import decode
from catalog.model import Measure, YearReport


def main() -> int:
    """Write the year; the exit status is 1 if something is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", metavar="MASSNAHME", help="zum Beispiel kreis-lippe/sprachmittlung")
    parser.add_argument("year", metavar="JAHR", type=int, help="Berichtsjahr, zum Beispiel 2021")
    parser.add_argument("--status", metavar="…", help="Stand in diesem Jahr (Vorgabe: wie bisher)")
    parser.add_argument(
        "--figure", metavar="…", action="append", default=[], help="Wert | Einheit | Stand | Bezug; mehrfach möglich"
    )
    parser.add_argument("--text", metavar="…", help="was geschah, in einem oder zwei kurzen Sätzen")
    parser.add_argument("--reason", metavar="…", help="warum etwas verschoben, abgesagt oder eingestellt wurde")
    parser.add_argument("--document", metavar="…", help="Kennung des Dokuments, in dem es steht")
    parser.add_argument("--section", metavar="…", help="Abschnitt des Dokuments")
    parser.add_argument("--dry-run", action="store_true", help="nur prüfen und zeigen, nichts schreiben")
    arguments = parser.parse_args()

    catalog, found = rules.load(ROOT, views.PAGE_VIEWS)
    measure = catalog.of("measure").get(arguments.measure)
    if found or not isinstance(measure, Measure):
        sys.stdout.write(problems.as_text(found))
        missing = " ".join(rules.no_such_record(catalog, ("measure",), arguments.measure))
        print("Bitte zuerst diese Fehler beheben." if found else missing, file=sys.stderr)
        return 1
    said = _said(arguments, forms.fields(YearReport, catalog.vocabulary))
    changes = yearly.reported(catalog, measure, arguments.year, said)
    text, _ = decode(measure.path, store.optional(ROOT, measure.path) or b"")
    text = mending.set_values(text, forms.fields(Measure, catalog.vocabulary), changes)
    _, found = drafts.check(ROOT, {measure.path: text})
    if found:
        sys.stdout.write(problems.as_text(found))
        return 1
    if arguments.dry_run:
        sys.stdout.write(text)
        return 0
    (ROOT / measure.path).write_bytes(text.encode())
    print(f"Geschrieben: {measure.path}, Berichtsjahr {arguments.year}")
    return 0


def _said(arguments: argparse.Namespace, fields: tuple[FormField, ...]) -> dict[str, Any]:
    """What the options say, as a file has it."""
    keys = next([part.key for part in field.parts] for field in fields if field.key == "figures")
    figures = [dict(zip(keys, cells(line), strict=False)) for line in arguments.figure]
    evidence = {"document": arguments.document, "section": arguments.section}
    return {
        "status": arguments.status,
        "figures": [{key: value for key, value in figure.items() if value} for figure in figures],
        "text": arguments.text,
        "reason": arguments.reason,
        "sources": [{key: value for key, value in evidence.items() if value}] if arguments.document else [],
    }


if __name__ == "__main__":
    sys.exit(main())
