#!/usr/bin/env python3
"""Einer Maßnahme ein weiteres Berichtsjahr geben, ohne dass der Stand von vorher verloren geht.

    scripts/new_report.py kreis-lippe/interner-sprachvermittlerpool 2021 --checked 2021-12-01 --status laufend
    scripts/new_report.py kreis-lippe/interner-sprachvermittlerpool 2021 --document partnerbericht-2021 \
        --status verschoben --reason "Die Räume fehlen."

Ein Jahr braucht einen Beleg: --document nennt ein Dokument aus docs/quellen/,
--checked den Tag, an dem der Partner die Angaben bestätigt hat.

Ist das Jahr das neueste, gelten Status und Zahlen fortan für die Maßnahme; der
bisherige Stand wird als eigenes Jahr festgehalten. Ein früheres Jahr kommt an
seine Stelle. Geschrieben wird nur, was die Prüfung besteht; Kommentare bleiben.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from typing import Any

from project import ROOT, as_day, as_year, stop_at  # first: completes sys.path

from catalog import forms, problems, rules, store, views
from catalog.dates import parse
from catalog.editing import drafts, mending, yearly
from catalog.editing.sections import cells
from catalog.frontmatter import decode
from catalog.model import Figure, Measure

_UNDONE = (
    "Es wurde nichts geschrieben. Die Zeilen sind die der Datei, wie sie mit dem neuen Jahr wäre. "
    "Was fehlt, sagen die Optionen: --checked oder --document (Beleg), --reason (Grund); alle nennt --help."
)


def main() -> int:
    """Write the year; the exit status is 1 if something is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", metavar="MASSNAHME", help="zum Beispiel kreis-lippe/interner-sprachvermittlerpool")
    parser.add_argument("year", metavar="JAHR", type=as_year, help="Berichtsjahr, zum Beispiel 2021")
    parser.add_argument("--status", metavar="…", help="Stand in diesem Jahr (Vorgabe: wie bisher)")
    parser.add_argument(
        "--figure",
        metavar="…",
        action="append",
        default=[],
        type=_figure,
        help="Wert | Einheit | Stand | Bezug; mehrfach möglich",
    )
    parser.add_argument("--text", metavar="…", help="was geschah, in einem oder zwei kurzen Sätzen")
    parser.add_argument("--reason", metavar="…", help="warum etwas verschoben, abgesagt oder eingestellt wurde")
    parser.add_argument("--document", metavar="…", help="Kennung des Dokuments, in dem es steht")
    parser.add_argument("--section", metavar="…", help="Abschnitt des Dokuments")
    parser.add_argument(
        "--checked", metavar="TAG", type=as_day, help="Tag, an dem der Partner es bestätigt hat; genügt ohne Dokument"
    )
    parser.add_argument("--dry-run", action="store_true", help="nur prüfen und zeigen, nichts schreiben")
    arguments = parser.parse_args()
    if arguments.section and not arguments.document:
        parser.error("--section ist ein Abschnitt eines Dokuments; bitte auch --document angeben")
    return _report(arguments)


def _report(arguments: argparse.Namespace) -> int:
    catalog, found = rules.load(ROOT, views.PAGE_VIEWS)
    stop_at(found, "es wurde nichts geschrieben")
    measure = catalog.of("measure").get(arguments.measure)
    if not isinstance(measure, Measure):
        print(" ".join(rules.no_such_record(catalog, ("measure",), arguments.measure)), file=sys.stderr)
        return 1
    changes = yearly.reported(catalog, measure, arguments.year, _said(arguments))
    if arguments.checked and not _is_checked(measure, arguments.checked):
        changes["checked"] = arguments.checked.isoformat()
    text, _ = decode(measure.path, store.optional(ROOT, measure.path) or b"")
    text = mending.set_values(text, forms.fields(Measure, catalog.vocabulary), changes)
    _, found = drafts.check(ROOT, {measure.path: text})
    if found:
        sys.stdout.write(problems.as_text(found))
        print(_UNDONE, file=sys.stderr)
        return 1
    if arguments.dry_run:
        sys.stdout.write(text)
        return 0
    (ROOT / measure.path).write_bytes(text.encode())
    print(f"Geschrieben: {measure.path}, Berichtsjahr {arguments.year}")
    return 0


def _figure(line: str) -> dict[str, str]:
    """``90 | Personen | 2021`` as a file has it."""
    found = cells(line)
    keys = list(Figure.model_fields)
    if len(found) > len(keys):
        wrong = f"„{line}“ hat {len(found)} Teile; vorgesehen sind {len(keys)}: Wert | Einheit | Stand | Bezug"
        raise argparse.ArgumentTypeError(wrong)
    return {key: value for key, value in zip(keys, found, strict=False) if value}


def _is_checked(measure: Measure, day: datetime.date) -> bool:
    """Whether somebody has confirmed the measure on that day, or later."""
    end = parse(measure.checked).end if measure.checked else None
    return end is not None and end.last_day >= day


def _said(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the options say, as a file has it."""
    evidence = {"document": arguments.document, "section": arguments.section}
    return {
        "status": arguments.status,
        "figures": arguments.figure,
        "text": arguments.text,
        "reason": arguments.reason,
        "sources": [{key: value for key, value in evidence.items() if value}] if arguments.document else [],
    }


if __name__ == "__main__":
    sys.exit(main())
