#!/usr/bin/env python3
"""Eine neue Maßnahme anlegen: Frage für Frage, jede Antwort wird sofort geprüft.

Jede Antwort kann auch als Option mitgegeben werden; mit --yes wird nichts
gefragt. Bei Auswahlfragen genügt die Nummer oder ein Teil des Namens, „?“ zeigt
alle Möglichkeiten, „<“ geht eine Frage zurück, Strg+C bricht ab, ohne zu schreiben.
"""

from __future__ import annotations

import sys

from questions import run  # first: completes sys.path

if __name__ == "__main__":
    sys.exit(run("measure", __doc__))
