"""Problems: what is wrong with a record, where, and how to mend it.

A problem is a value. Modules yield problems, nobody raises them; the caller
collects all of them, sorts them and decides what they mean (a build fails, a
preview warns).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

HELP_PAGE = "mitmachen/felder/"
LONGEST = 2_000  # letters of a message


class SiteError(Exception):
    """Why a build can't go on, as a German sentence with the way out, where that is no fault of a record."""


KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetValue:
    """The value at ``at`` in the front matter becomes ``value``."""

    at: KeyPath
    value: str


@dataclass(frozen=True, slots=True)
class MakeList:
    """The single value at ``at`` becomes a list of one."""

    at: KeyPath


@dataclass(frozen=True, slots=True)
class RenameKey:
    """The key at ``at`` is called ``key``."""

    at: KeyPath
    key: str


@dataclass(frozen=True, slots=True)
class DropItem:
    """The item at ``at`` leaves its list."""

    at: KeyPath


@dataclass(frozen=True, slots=True)
class KeepYear:
    """A new item at ``at`` for the year ``year`` repeats what stands under ``keys`` at the top of the file."""

    at: KeyPath
    year: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplaceLine:
    """Line ``line`` of the file reads ``text``."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class RenameFile:
    """The file is called ``path``."""

    path: str


Remedy = SetValue | MakeList | RenameKey | DropItem | KeepYear | ReplaceLine | RenameFile


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in one place.

    Attributes:
        path: the file, relative to the project, with ``/``.
        line: the line in that file, counted from 1.
        field: key and German name, such as ``status (Status)``; empty if the whole file is meant.
        message: what is wrong, as one German sentence that names the value.
        hint: the way out, as one German sentence.
        remedy: the way out as a change of the file, if there is exactly one.
    """

    path: str
    line: int
    field: str
    message: str
    hint: str = ""
    remedy: Remedy | None = dataclasses.field(default=None, compare=False)

    @property
    def text(self) -> str:
        """Field, message and hint without the place."""
        lead = f"{self.field}: " if self.field else ""
        whole = f"{lead}{self.message} {self.hint}".rstrip()
        # A value may be as long as a page; what is wrong with it stands at the end.
        half = LONGEST // 2
        return whole if len(whole) <= LONGEST else f"{whole[:half]} … {whole[-half:]}"


def as_text(problems: Iterable[Problem]) -> str:
    """One clickable line per problem: ``path:line: field: message hint``."""
    return "".join(f"{printable(p.path)}:{p.line}: {printable(p.text)}\n" for p in problems)


def as_github(problems: Iterable[Problem], hints: Iterable[Problem] = (), cautions: Iterable[Problem] = ()) -> str:
    """Workflow commands, so that GitHub shows each problem, and each hint as a notice, beside its line.

    Args:
        problems: what is wrong.
        hints: what could be better.
        cautions: what someone must look at, shown first and as a warning.
    """
    levels = (("warning", cautions), ("error", problems), ("notice", hints))
    return "".join(_command(level, problem) for level, found in levels for problem in found)


def as_gitlab(problems: Iterable[Problem], hints: Iterable[Problem] = (), cautions: Iterable[Problem] = ()) -> str:
    """A Code Quality report, so that GitLab shows each problem, and each hint as information, in the merge request.

    Args:
        problems: what is wrong.
        hints: what could be better.
        cautions: what someone must look at, shown as critical.
    """
    seen: Counter[str] = Counter()
    levels = (("critical", cautions), ("major", problems), ("info", hints))
    report = [_code_quality(problem, severity, seen) for severity, found in levels for problem in found]
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def summary(problems: Iterable[Problem], help_url: str) -> str:
    """The closing line: how many problems in how many files, and where help is."""
    found = list(problems)
    files = len({p.path for p in found})
    return f"{len(found)} Fehler in {files} {'Datei' if files == 1 else 'Dateien'}. Hilfe: {help_url}"


def _command(level: str, problem: Problem) -> str:
    place = f"file={_escape_property(printable(problem.path))},line={problem.line}"
    return f"::{level} {place}::{_escape_data(printable(problem.text))}\n"


def _code_quality(problem: Problem, severity: str, seen: Counter[str]) -> dict[str, object]:
    # Without the line, so that a problem stays the same one when lines move. GitLab drops all but one of those that
    # share a fingerprint, so what says the same twice in a file is counted.
    identity = f"{printable(problem.path)}|{problem.field}|{problem.message}"
    seen[identity] += 1
    unique = identity if seen[identity] == 1 else f"{identity}|{seen[identity]}"
    return {
        "description": printable(problem.text),
        "check_name": "wissensbasis",
        "fingerprint": hashlib.sha256(unique.encode(errors="replace")).hexdigest(),
        "severity": severity,
        "location": {"path": printable(problem.path), "lines": {"begin": problem.line}},
    }


def printable(text: str) -> str:
    """The text in one line, whatever cannot be printed as its code point.

    A value out of a hostile file must not move the cursor of a terminal or begin a new log line.
    """
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
