"""What a request to change records gets as its answer: a comment in German, as Markdown.

It says first whether files change that run, then what is wrong, where and how to
mend it, what that does to other files, what is in order, and where the new pages
will stand. Whatever comes out of files is foreign text (``catalog.editing.markdown``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from catalog.editing import trust
from catalog.editing.markdown import code, cut, words
from catalog.model import KINDS, Measure, Other, Record
from catalog.problems import HELP_PAGE, Problem
from catalog.readability import HARD, school_year
from catalog.store import FOLDERS, OTHERS, Catalog
from catalog.wording import NBSP, count

# By this line a program finds the comment that it wrote before.
MARKER = "<!-- wissensbasis-pruefung -->"
MOST = 40
# GitHub takes 65,536 characters; the list of changes follows (``catalog.editing.changes``).
LONGEST = 40_000
LONGEST_PATH = 160
# The letters by which ``git diff --name-status`` says what happened.
_STATES = {"A": "neu", "C": "neu", "D": "gelöscht", "R": "umbenannt"}
CHANGED = "geändert"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a request changes.

    Attributes:
        path: the file, relative to the project, with ``/``.
        state: ``neu``, ``geändert``, ``umbenannt`` or ``gelöscht``.
        was: what a renamed file was called before.
    """

    path: str
    state: str = CHANGED
    was: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a comment tells of.

    Attributes:
        catalog: the records that can be used.
        problems: everything that is wrong in the whole project.
        hints: everything that could be better.
        changes: the files of the request; ``None`` if the whole project was to be checked.
        site_url: the site's address, with a closing slash.
        warnings: why a build of these files failed although no record is wrong.
        generated: files that say what a script makes of the records, so that nobody need read them.
    """

    catalog: Catalog
    problems: Sequence[Problem]
    hints: Sequence[Problem]
    changes: Sequence[Change] | None
    site_url: str
    warnings: Sequence[str] = ()
    generated: frozenset[str] = frozenset()


def running(check: Check) -> list[Change]:
    """The files of a request that run, or that decide what runs."""
    return [change for change in check.changes or () if _runs(change, check.generated)]


def _runs(change: Change, generated: frozenset[str]) -> bool:
    here = change.path in generated or trust.is_content(change.path)
    return not here or bool(change.was and not trust.is_content(change.was))


def cautions(check: Check) -> list[Problem]:
    """What someone must look at before anything of a request is run, by file; nothing of it fails the check."""
    return [Problem(change.path, 1, "", _RUNS, _READ_FIRST) for change in running(check)]


def changes_since(name_status: str) -> list[Change]:
    """What ``git diff --name-status -z`` says, by path.

    Raises:
        ValueError: if it is not the output of that command.
    """
    parts = iter(name_status.split("\0"))
    found = []
    for letter in parts:
        if not letter:
            continue
        path = next(parts, "")
        new = next(parts, "") if letter[0] in "RC" else path
        if not new:
            raise ValueError(f"Nach „{letter}“ fehlt der Dateiname.")
        found.append(Change(new, _STATES.get(letter[0], CHANGED), path if letter[0] == "R" else ""))
    return sorted(found, key=lambda change: change.path)


def warnings_in(log: str) -> list[str]:
    """What the log of a failed build complains of, without the times and levels."""
    lines = [line.strip().partition(" -  ") for line in log.splitlines()]
    said = [message.strip() for level, _, message in lines if level.split()[0:1] in (["WARNING"], ["ERROR"])]
    return list(dict.fromkeys(said)) or ["Der Bau brach ab, ohne einen Grund zu nennen."]


def concern(problems: Iterable[Problem], changes: Iterable[Change]) -> list[Problem]:
    """The problems that lie in changed files, or in a folder that holds one."""
    paths = {change.path for change in changes}
    within = paths | {str(folder) for path in paths for folder in PurePosixPath(path).parents}
    return [problem for problem in problems if problem.path in within]


def comment(check: Check) -> str:
    """The whole comment, with its marker in the first line."""
    own = list(check.problems) if check.changes is None else concern(check.problems, check.changes)
    known = set(own)
    others = [problem for problem in check.problems if problem not in known]
    hints = list(check.hints) if check.changes is None else concern(check.hints, check.changes)
    lines = [
        MARKER,
        *_caution(running(check)),
        *_opening(len(own) + len(check.warnings), len(others), sum(p.remedy is not None for p in own)),
        *_section("Was zu ändern ist", "", _by_file(own)),
        *_section("Folgen in anderen Dateien", _CONSEQUENCES, _by_file(others)),
        *_section("Die Website lässt sich nicht bauen", _FAILED, _list(check.warnings)),
        *_section("Hinweise", "Kein Fehler, bitte kurz prüfen:", _by_file(hints)),
        *_section("In Ordnung", "", _in_order(check)),
        *_section("Noch nicht zu sehen", _WAITING, _waiting(check)),
        *_section("Nicht Teil dieser Prüfung", "Das liest ein Mensch:", _unchecked(check)),
        "",
        f"Alle Felder mit Beispielen: {check.site_url}{HELP_PAGE}",
    ]
    return cut("\n".join(lines) + "\n", LONGEST)


_RUNS = "Diese Datei läuft beim Prüfen und Bauen oder bestimmt, was dabei geschieht."
_READ_FIRST = "Bitte zuerst von jemandem aus der Technik lesen lassen."
_CAUTION = (
    "Diese Dateien sind keine Inhalte: Sie laufen beim Prüfen und Bauen oder bestimmen, was dabei geschieht. "
    "Bitte nichts davon ausführen und den Vorschlag nicht annehmen, bevor jemand aus der Technik sie gelesen hat. "
    "Die Redaktion kann das nicht allein entscheiden. Auch diese Antwort hat der vorgeschlagene Stand geschrieben."
)
_CONSEQUENCES = (
    "Diese Dateien ändert der Vorschlag nicht, sie passen aber nicht mehr zu ihm. "
    "Meist wurde ein Eintrag gelöscht oder umbenannt, auf den sie verweisen."
)
_FAILED = (
    "Meist nennt ein Link eine Überschrift, die es auf seiner Zielseite nicht gibt. Das Protokoll sagt es auf Englisch:"
)
_WAITING = "Diese Dateien erscheinen erst, wenn die Fehler behoben sind, von denen sie abhängen:"


def _caution(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield f"## Achtung: {count(len(changes), 'Datei', 'Dateien')} der Technik"
        yield from ("", _CAUTION, "")
        for change in changes[:MOST]:
            was = f", bisher {code(change.was, LONGEST_PATH)}" if change.was else ""
            yield f"- {code(change.path, LONGEST_PATH)}, {change.state}{was}"
        yield from _further(len(changes))
        yield ""


def _opening(own: int, others: int, mendable: int) -> Iterator[str]:
    if not own + others:
        yield "## Prüfung: alles in Ordnung"
        yield ""
        yield "Danke für den Vorschlag. Die Prüfung hat keinen Fehler gefunden; als Nächstes liest ihn die Redaktion."
        return
    yield f"## Prüfung: {own + others} Fehler"
    yield ""
    if own:
        yield f"Danke für den Vorschlag. An {_places(own)} fehlt noch etwas, dann kann er übernommen werden."
        yield "Bitte die Dateien in diesem Vorschlag ändern; die Prüfung läuft danach von selbst noch einmal."
        if mendable:
            yield f"Auf dem eigenen Rechner berichtigt `scripts/validate.py --fix` {mendable} davon."
    else:
        yield f"Danke für den Vorschlag. Seine Dateien sind in Ordnung; an {_places(others)} passt anderes nicht dazu."
        yield "Bitte auch diese Dateien ändern oder den alten Eintrag behalten."


def _places(amount: int) -> str:
    return count(amount, "einer Stelle", "Stellen").removeprefix(f"1{NBSP}")


def _section(title: str, lead: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ("", f"### {title}", "")
        if lead:
            yield from (lead, "")
        yield from lines


def _by_file(problems: Sequence[Problem]) -> Iterator[str]:
    for path, group in groupby(problems[:MOST], key=lambda problem: problem.path):
        yield f"- {code(path, LONGEST_PATH)}"
        yield from (f"  - {_place(problem)}{words(problem.text)}" for problem in group)
    yield from _further(len(problems))


def _place(problem: Problem) -> str:
    is_folder = not PurePosixPath(problem.path).suffix
    return "" if is_folder else f"Zeile {problem.line}: "


def _further(amount: int) -> Iterator[str]:
    if amount > MOST:
        yield f"- und {amount - MOST} weitere"


def _in_order(check: Check) -> Iterator[str]:
    """The records that were looked at and are right; for a whole project their number."""
    if check.changes is None:
        amount = len(list(check.catalog))
        yield f"- {count(amount, 'Datensatz', 'Datensätze')} geprüft und in Ordnung"
        return
    wrong = {problem.path for problem in check.problems}
    records = _records(check.catalog)
    lines = [
        line
        for change in check.changes
        if change.path not in wrong and not (wrong and change.state == "gelöscht")
        for line in _good(change, records.get(change.path, ()), check.site_url)
    ]
    yield from lines[:MOST]
    yield from _further(len(lines))


def _records(catalog: Catalog) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in catalog:
        found.setdefault(record.path, []).append(record)
    return found


def _good(change: Change, records: Sequence[Record], site_url: str) -> Iterator[str]:
    path = code(change.path, LONGEST_PATH)
    if change.state == "gelöscht":
        if _is_checked(change.path):
            yield f"- {path}, gelöscht: nichts verweist mehr darauf"
    elif change.path == OTHERS:
        yield f"- {path}: {count(len(records), *Other.label)}"
    elif records:
        record = records[0]
        was = f", bisher {code(change.was, LONGEST_PATH)}" if change.was else ""
        address = "künftige Adresse" if change.state in ("neu", "umbenannt") else "Adresse"
        yield f"- {KINDS[record.kind].label[0]}, {change.state}: {words(record.title)}"
        yield f"  - Datei {path}{was}, {address} {code(site_url + record.page_address, LONGEST_PATH)}"
        if isinstance(record, Measure) and (year := school_year(record.text)):
            yield f"  - Lesbarkeit: gut lesbar ab Schuljahr {year:.0f} (ab {HARD:.0f} schwer; kein Fehler)"
    elif change.path in trust.LISTS:
        yield f"- {path}"


def _waiting(check: Check) -> Iterator[str]:
    wrong = {problem.path for problem in check.problems}
    known = {record.path for record in check.catalog}
    waiting = [
        change.path
        for change in check.changes or ()
        if change.state != "gelöscht" and _is_record(change.path) and change.path not in wrong | known
    ]
    yield from _list(waiting)


def _unchecked(check: Check) -> Iterator[str]:
    changes = (change for change in check.changes or () if not _runs(change, check.generated))
    yield from _list([change.path for change in changes if not _is_checked(change.path)])


def _list(entries: Sequence[str]) -> Iterator[str]:
    yield from (f"- {code(entry, LONGEST_PATH)}" for entry in entries[:MOST])
    yield from _further(len(entries))


def _is_record(path: str) -> bool:
    return (path.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and path.endswith(".md")) or path == OTHERS


def _is_checked(path: str) -> bool:
    return _is_record(path) or path in trust.LISTS
