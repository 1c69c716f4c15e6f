#!/usr/bin/env python3
"""Prüfen, ob die Website veröffentlicht werden darf: alles, was in mkdocs.yml fehlt oder zu alt ist, auf einmal.

Wird von scripts/build --publish aufgerufen, bevor etwas gebaut wird. Ob die
Datensätze stimmen, prüft der Bau selbst und scripts/validate.py.
"""

from __future__ import annotations

import argparse
import os
import sys

from project import ROOT, as_day, settings  # first: completes sys.path

from catalog import operator, problems, publishing, store


def main() -> int:
    """Print what is missing; the exit status is 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("day", metavar="TAG", type=as_day, help="der Tag der Veröffentlichung, etwa 2026-11-20")
    day = parser.parse_args().day

    os.environ["REFERENCE_DATE"] = day.isoformat()  # what a build on that day would be handed
    origin = operator.origin(store.settings_lines(ROOT / operator.FILE))
    found = publishing.obstacles(settings(), origin, day)
    sys.stdout.write(problems.as_text(found))
    if found:
        amount = "1 Angabe fehlt oder stimmt" if len(found) == 1 else f"{len(found)} Angaben fehlen oder stimmen"
        print(
            f"{amount} nicht. Die Website wird nicht veröffentlicht; scripts/build baut sie zur Probe.", file=sys.stderr
        )
        return 1
    print("Alle Angaben sind da. Die Website darf veröffentlicht werden.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
