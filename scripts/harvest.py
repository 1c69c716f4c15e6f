#!/usr/bin/env python3
"""Die Daten anderer Wissensbasen holen, die mkdocs.yml unter extra.federation nennt.

Was eine von ihnen unter api/v1 veröffentlicht, kommt nach federation/<id>/. Bitte
ansehen (git diff) und einchecken, denn gezeigt wird nur, was dort liegt. Jeder Datensatz
wird geprüft wie ein eigener; was nicht passt, steht mit dem Grund in quarantine.json.
Ist eine Wissensbasis nicht erreichbar, zu langsam oder anders als erwartet, bleibt ihr
letzter guter Stand. Ohne SITE kommen alle an die Reihe. Rückgabewert: 0, oder 1, wenn
es bei mindestens einer nicht ging.

Mit --forge, in der CI nach einem Zeitplan: Was neu ist, kommt auf den Zweig verbund, und
dazu entsteht ein Request. Ist noch einer offen, wird er erneuert. Zugang und Adresse
kommen aus den Variablen der CI.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from project import ROOT, load_site, settings  # first: completes sys.path

# isort: split
import forges
import offering
from catalog import federation, harvesting, staging
from catalog.federation import FOLDER, MANIFEST, QUARANTINE, STATE, Neighbour
from catalog.harvesting import Harvest, Index, Judge, Unfit
from catalog.problems import SiteError
from catalog.site import FORGES
from catalog.store import Catalog
from fetching import Limits, Marks, TooSlow, Unreachable, fetch, within

# So many items that were put aside or are gone are named in the report.
FEW = 10
# With these MkDocs reads any text.
EXTENSIONS = ("toc", "tables", "fenced_code")


@dataclass(frozen=True)
class Task:
    """A neighbour, and what it takes to harvest it.

    Attributes:
        root: the project folder.
        neighbour: the other site.
        catalog: our own records.
        today: the day, for ``neighbour.json``.
        limits: what its server may cost.
        extensions: those with which a build converts texts.
    """

    root: Path
    neighbour: Neighbour
    catalog: Catalog
    today: str
    limits: Limits
    extensions: tuple[str, ...] = EXTENSIONS

    @property
    def folder(self) -> Path:
        """Its snapshot."""
        return self.root / FOLDER / self.neighbour.id

    def kept(self) -> dict[str, bytes]:
        """The snapshot as it is: path -> content."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }


def harvest(task: Task, check: bool = False) -> tuple[bool, list[str]]:
    """Harvest one neighbour.

    Args:
        task: which, and how.
        check: write nothing.

    Returns:
        Whether it went well, and what to tell, line by line.
    """
    kept, name = task.kept(), task.neighbour.id
    try:
        with within(task.limits.seconds):
            found = gather(task, kept)
        if found is None:
            return True, [f"{name}: unverändert, sagt der Server. Stand: {task.neighbour.harvested}."]
        if found != kept and not check:
            write(task.folder, found)
    except TooSlow:
        told = f"Es dauert länger als {task.limits.seconds:g} Sekunden."
    except (Unfit, Unreachable, SiteError) as error:
        told = str(error)
    else:
        return True, list(_report(name, kept, found))
    last = task.neighbour.harvested
    rest = f"Der Stand vom {last} bleibt." if last else "Es gibt noch keinen Stand."
    return False, [f"{name}: nicht geholt. {told} {rest}"]


def gather(task: Task, kept: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """The new snapshot: path -> content; ``None`` if nothing has changed since the last one.

    Raises:
        Unreachable, Unfit: if there cannot be a new one.
    """
    home, judged_by = task.neighbour.url, harvesting.fingerprint(task.catalog)
    known = _marks(kept, judged_by, home) if task.neighbour.harvested else {}  # that of another address is none
    if known and all(fetch(address, task.limits, marks) is None for address, marks in known.items()):
        return None
    # All of it anew, since a record may be lost by what has changed in another file.
    fetched = _Fetched(task.limits)
    told = harvesting.index(harvesting.parsed(fetched.content(f"{home}{harvesting.INDEX}")), home)
    answers = {kind: fetched.content(address) for kind, address in told.files.items()}
    judge = Judge(task.neighbour.id, home, task.catalog, task.extensions)
    judged = judge.harvest((kind, harvesting.items(harvesting.parsed(content))) for kind, content in answers.items())
    found = _contents(task, told, judged, kept)
    marks = {address: asdict(marks) for address, marks in fetched.marks.items()}
    return found | {STATE: _json({"judged_by": judged_by, "marks": marks, "sum": _sum(found)})}


class _Fetched:
    """Fetches files, and remembers what they weighed and by what marks they can be asked for again."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.marks: dict[str, Marks] = {}

    def content(self, address: str) -> bytes:
        answer = fetch(address, self.limits)
        if answer is None:
            raise Unreachable(f"{address}: Der Server schickt nichts, obwohl nach allem gefragt war.")
        self.limits = replace(self.limits, size=self.limits.size - len(answer.content))
        self.marks[address] = answer.marks
        return answer.content


def _marks(kept: Mapping[str, bytes], judged_by: str, home: str) -> dict[str, Marks]:
    """By what to ask each file whether it has changed; empty if all of it must be fetched."""
    try:
        state = json.loads(kept[STATE])
        marks = {address: Marks(**told) for address, told in state["marks"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):  # no snapshot, or one that somebody has changed
        return {}
    # Whatever the server says: what somebody has changed by hand is not what it sent.
    untouched = state.get("judged_by") == judged_by and state.get("sum") == _sum(kept)
    sure = all(mark.headers() and address.startswith(home) for address, mark in marks.items())
    return marks if untouched and sure else {}


def _sum(files: Mapping[str, bytes]) -> str:
    """By what a snapshot is known to be as it was written."""
    parts = (f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files) if path != STATE)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _contents(task: Task, told: Index, found: Harvest, kept: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the new snapshot; its day is the last one's if nothing else has changed."""
    files = dict(found.files)
    if found.refused:
        files[QUARANTINE] = harvesting.quarantine(found).encode()
    home = task.neighbour.url
    as_before = files | {MANIFEST: harvesting.manifest(home, told, task.neighbour.harvested or task.today).encode()}
    if as_before == {path: content for path, content in kept.items() if path != STATE}:
        return as_before
    return files | {MANIFEST: harvesting.manifest(home, told, task.today).encode()}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a new snapshot in the place of the last one, as a whole.

    Raises:
        SiteError: if the system refuses; then the last one stays as it was.
    """
    beside = staging.Staging.beside(folder)
    try:
        for path, content in files.items():
            (beside.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (beside.folder / path).write_bytes(content)
        beside.publish()
    except OSError as error:
        beside.discard()
        raise SiteError(f"{folder} lässt sich nicht schreiben: {error.strerror}.") from error


def _report(name: str, kept: Mapping[str, bytes], found: Mapping[str, bytes]) -> Iterator[str]:
    before, now = (
        {path: content for path, content in files.items() if federation.place(path)} for files in (kept, found)
    )
    both, gone = before.keys() & now.keys(), sorted(before.keys() - now)
    changed = sum(before[path] != now[path] for path in both)
    counts = f"{len(now.keys() - before)} neu, {changed} geändert, {len(gone)} weggefallen"
    yield f"{name}: {counts}, {len(both) - changed} wie zuvor."
    if 2 * len(gone) > len(before):
        yield "  Achtung: Mehr als die Hälfte ist weggefallen. Bitte dort nachfragen, bevor Sie das einchecken."
    if gone:
        yield f"  weggefallen: {', '.join(gone[:FEW])}{', …' if len(gone) > FEW else ''}"
    last, licence = (_said(files, MANIFEST, {"licence": ""})["licence"] for files in (kept, found))
    if last != licence:
        yield f"  Lizenz: {licence}{f' (bisher {last})' if last else ''}"
    aside = _said(found, QUARANTINE, {"total": 0, "items": []})
    if aside["total"]:
        yield f"  {aside['total']} passen nicht; alle Gründe: {FOLDER}/{name}/{QUARANTINE}"
    for item in aside["items"][:FEW]:
        yield f"    {item['kind']} {item['id']}: {' '.join(item['reasons'])}"


def _said(files: Mapping[str, bytes], path: str, otherwise: dict[str, Any]) -> dict[str, Any]:
    """What a JSON file of a snapshot holds; something else, if it is missing or somebody has broken it."""
    try:
        return {**otherwise, **json.loads(files[path])}
    except (KeyError, TypeError, ValueError):
        return otherwise


def _json(data: Any) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)}\n".encode()


def _extensions() -> tuple[str, ...]:
    """The names of the extensions with which MkDocs converts a text."""
    named = (entry if isinstance(entry, str) else next(iter(entry)) for entry in settings()["markdown_extensions"])
    return tuple(dict.fromkeys((*EXTENSIONS, *named)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", metavar="SITE", nargs="*", help="nur diese Kennungen aus mkdocs.yml")
    parser.add_argument("--check", action="store_true", help="holen und prüfen, aber nichts schreiben")
    parser.add_argument(
        "--seconds", type=float, default=Limits().seconds, help="Zeit je Wissensbasis (Vorgabe: %(default)g)"
    )
    parser.add_argument("--forge", choices=FORGES, help="Art der Forge, in deren CI das läuft")
    arguments = parser.parse_args()
    if arguments.check and arguments.forge:
        parser.error("Bitte nur eines von --check und --forge angeben.")
    return arguments


def main() -> int:
    """Harvest one neighbour after the other; the exit status is 1 if one failed, or the forge."""
    arguments = _arguments()
    try:
        site, found = load_site()
    except SiteError as error:
        sys.exit(str(error))
    if found:  # what is missing here would put aside what is right there
        sys.exit("Die eigenen Daten haben Fehler; scripts/validate.py nennt sie. Bitte zuerst beheben.")
    unknown = set(arguments.sites) - {neighbour.id for neighbour in site.neighbours}
    if unknown:
        sys.exit(f"mkdocs.yml nennt unter extra.federation nicht: {', '.join(sorted(unknown))}.")
    if not site.neighbours:
        print("mkdocs.yml nennt unter extra.federation keine andere Wissensbasis.")
        return 0
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    wanted = [neighbour for neighbour in site.neighbours if not arguments.sites or neighbour.id in arguments.sites]
    told, failed = [], False
    for neighbour in wanted:
        limits = Limits(seconds=arguments.seconds)
        well, lines = harvest(Task(ROOT, neighbour, site.catalog, today, limits, _extensions()), arguments.check)
        shown = map(_uncommanded, lines) if arguments.forge else lines
        print("\n".join(shown), file=sys.stdout if well else sys.stderr, flush=True)
        told += lines
        failed |= not well
    if arguments.forge:
        failed |= not _offered(arguments.forge, site.editing.branch, told)
    return int(failed)


def _uncommanded(line: str) -> str:
    """A line for the log of a CI, in which what other people write could be taken for a command."""
    return line.replace("##[", "## [").replace("::", ": :")


def _offered(kind: str, base: str, told: Sequence[str]) -> bool:
    try:
        print(offering.offer(ROOT, forges.connect(kind, os.environ), base, told))
    except forges.ForgeError as error:
        print(_uncommanded(str(error)), file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
