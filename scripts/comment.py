#!/usr/bin/env python3
"""Die Antwort der Prüfung an einen Request hängen, als einen Kommentar, der bei jedem Lauf erneuert wird.

Die Antwort kommt von scripts/review. Bei GitHub steht sie immer auch in der
Zusammenfassung des Laufs. Darf der Lauf nicht kommentieren, wie bei einem
Vorschlag aus einem fremden Fork, dann nennt das Protokoll den Grund; das ist
kein Fehler. Zugang und Adresse kommen aus den Variablen der CI.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from project import ROOT  # noqa: F401  (first: completes sys.path)

from catalog.editing.comment import MARKER
from catalog.site import FORGES
from forges import ForgeError, connect


def main() -> int:
    """Tell the answer wherever that is possible; the exit status is 1 only if there is none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="DATEI", type=Path, help="die Antwort in Markdown")
    parser.add_argument("--forge", choices=FORGES, required=True, help="Art der Forge, in deren CI das läuft")
    parser.add_argument("--request", metavar="N", type=int, required=True, help="Nummer des Requests")
    arguments = parser.parse_args()
    text = arguments.file.read_text(encoding="utf-8") if arguments.file.exists() else ""
    if not text.startswith(MARKER):
        print(f"{arguments.file}: Das ist keine Antwort der Prüfung.", file=sys.stderr)
        return 1
    tell(text.removeprefix(MARKER).strip(), arguments.forge, arguments.request, os.environ)
    return 0


def tell(text: str, kind: str, number: int, environment: Mapping[str, str]) -> None:
    """Write the summary of the run, where its forge shows one, and the comment; to the log what reaches neither."""
    summary = environment.get("GITHUB_STEP_SUMMARY") if kind == "github" else None
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    try:
        connect(kind, environment).answer(number, MARKER, text, on_request=True)
        print(f"Request {number}: beantwortet.")
    except ForgeError as error:
        print(f"Request {number}: kein Kommentar. {error}")
        if not summary:
            print(text)


if __name__ == "__main__":
    sys.exit(main())
