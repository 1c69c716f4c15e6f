#!/usr/bin/env python3
"""Jahresrunde: Partner bestätigen und berichtigen ihre Maßnahmen in einer Tabelle.

Ausgeben: --year JAHR schreibt für jeden Partner (oder die mit --partner
genannten) eine Tabelle runde-JAHR-PARTNER.xlsx und daneben dieselben Maßnahmen
zum Ausdrucken (.html).

Einlesen: --read DATEI … prüft die Antworten und ändert die Dateien der
Maßnahmen. Eine Tabelle, in der etwas nicht stimmt, ändert nichts; die anderen
werden trotzdem übernommen. Jede Meldung nennt Blatt, Zelle und Abhilfe. Hat
sich eine Angabe seit der Ausgabe in der Datei geändert, wird nichts überschrieben.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from project import ROOT, as_day, as_year, progress, sound_site, stop_at  # first: completes sys.path

from catalog import problems, render, rules, views
from catalog.editing.annual_round import answering, asking, workbook
from catalog.editing.annual_round.answering import Taken
from catalog.model import Partner
from catalog.store import Catalog

FOLDER = ROOT / "berichte"


def main() -> int:
    """Write tables or read them; the exit status is 1 if something could not be taken over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--year", metavar="JAHR", type=as_year, help="Tabellen für dieses Jahr ausgeben, etwa 2021")
    what.add_argument("--read", metavar="DATEI", type=Path, nargs="+", help="ausgefüllte Tabellen einlesen")
    parser.add_argument(
        "--partner", metavar="KENNUNG", nargs="+", default=[], help="nur diese Partner, zum Beispiel kreis-lippe"
    )
    parser.add_argument("--output", metavar="ORDNER", type=Path, default=FOLDER, help="Zielordner (Vorgabe: berichte/)")
    parser.add_argument("--dry-run", action="store_true", help="beim Einlesen nur sagen, was sich ändern würde")
    parser.add_argument(
        "--date",
        metavar="TAG",
        type=as_day,
        default=datetime.date.today(),
        help="Tag, an dem bestätigte Angaben als geprüft gelten (Vorgabe: heute)",
    )
    arguments = parser.parse_args()
    try:
        if arguments.read:
            return read(arguments.read, arguments.date, arguments.dry_run)
        return write(arguments.year, arguments.partner, arguments.output)
    except OSError as error:
        wrong = f"{error.filename or 'Eine Datei'}: nicht zu schreiben ({error.strerror})."
        print(f"{wrong} Bitte Schreibrechte und Speicherplatz prüfen.", file=sys.stderr)
        return 1


def write(year: int, partners: list[str], folder: Path) -> int:
    """Write a table and a handout for each partner."""
    site = sound_site("es wurde keine Tabelle geschrieben")
    known = {partner.id: partner for partner in site.catalog.all(Partner)}
    if unknown := [name for name in partners if name not in known]:
        print(f"Diesen Partner gibt es nicht: {', '.join(unknown)}. Alle: {', '.join(known)}.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name in progress(partners or list(known), " Partner"):
        round_ = asking.of_partner(site, known[name], year)
        target = folder / f"runde-{year}-{name}.xlsx"
        target.write_bytes(workbook.write(round_))
        about = {"round": round_, "instructions": asking.instructions(round_), "table": target.name}
        target.with_suffix(".html").write_text(render.document(site, "annual-handout", about), encoding="utf-8")
    print(f"Geschrieben: {len(partners or known)} Tabellen mit Ausdruck in {folder}")
    return 0


def read(files: list[Path], day: datetime.date, dry_run: bool) -> int:
    """Take over what partners answered."""
    catalog, found = rules.load(ROOT, views.PAGE_VIEWS)
    stop_at(found, "es wurde nichts übernommen")
    pending: dict[str, str] = {}
    failed = 0
    for file in files:
        taken = _taken(file, pending, catalog, day)
        sys.stdout.write(problems.as_text(taken.problems))
        sys.stderr.write(problems.as_text(taken.hints))
        failed += bool(taken.problems)
        print(_summary(file, taken, dry_run))
        if taken.files:  # the next table meets what this one has changed
            pending |= taken.files
            catalog, _ = rules.load(ROOT, views.PAGE_VIEWS, proposed={p: t.encode() for p, t in pending.items()})
    for path, text in {} if dry_run else pending.items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_bytes(text.encode())
    return int(failed > 0)


def _taken(file: Path, pending: dict[str, str], catalog: Catalog, day: datetime.date) -> Taken:
    try:
        with file.open("rb") as stream:
            content = stream.read(workbook.MAX_BYTES + 1)
    except OSError as error:
        wrong = problems.Problem(str(file), 1, "", f"Die Datei ist nicht lesbar: {error.strerror}.", "")
        return Taken({}, {}, (wrong,), ())
    return answering.take(ROOT, pending, catalog, answering.read(file.name, content, catalog), day)


def _summary(file: Path, taken: Taken, dry_run: bool) -> str:
    """What happened to one table."""
    if taken.problems:
        amount = "1 Fehler" if len(taken.problems) == 1 else f"{len(taken.problems)} Fehler"
        return f"{file.name}: {amount}; nichts übernommen."
    if not taken.files:
        return f"{file.name}: keine Änderung."
    done = "würde ändern" if dry_run else "geändert"
    lines = [f"  {path}: {', '.join(titles) or 'neue Maßnahme'}" for path, titles in taken.changes.items()]
    return "\n".join([f"{file.name}: {done}:", *lines])


if __name__ == "__main__":
    sys.exit(main())
