"""Problems: what is wrong with a record, where, and how to mend it.

A problem is a value. Modules yield problems, nobody raises them; the caller
collects all of them, sorts them and decides what they mean (a build fails, a
preview warns).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

HELP_PAGE = "mitmachen/felder/"


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
class ReplaceLine:
    """Line ``line`` of the file reads ``text``."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class RenameFile:
    """The file is called ``path``."""

    path: str


Remedy = SetValue | MakeList | RenameKey | DropItem | ReplaceLine | RenameFile


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
        return f"{lead}{self.message} {self.hint}".rstrip()


def as_text(problems: Iterable[Problem]) -> str:
    """One clickable line per problem: ``path:line: field: message hint``."""
    return "".join(f"{_printable(p.path)}:{p.line}: {_printable(p.text)}\n" for p in problems)


def as_github(problems: Iterable[Problem]) -> str:
    """Workflow commands, so that GitHub and Forgejo show each problem beside its line."""
    return "".join(
        f"::error file={_escape_property(p.path)},line={p.line}::{_escape_data(_printable(p.text))}\n" for p in problems
    )


def as_gitlab(problems: Iterable[Problem]) -> str:
    """A Code Quality report, so that GitLab shows each problem in the merge request."""
    return json.dumps([_code_quality(p) for p in problems], ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Iterable[Problem]], str]] = {
    "text": as_text,
    "github": as_github,
    "gitlab": as_gitlab,
}


def summary(problems: Iterable[Problem], help_url: str) -> str:
    """The closing line: how many problems in how many files, and where help is."""
    found = list(problems)
    files = len({p.path for p in found})
    return f"{len(found)} Fehler in {files} {'Datei' if files == 1 else 'Dateien'}. Hilfe: {help_url}"


def _code_quality(problem: Problem) -> dict[str, object]:
    identity = f"{problem.path}|{problem.field}|{problem.message}"
    return {
        "description": problem.text,
        "check_name": "wissensbasis",
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": "major",
        "location": {"path": problem.path, "lines": {"begin": problem.line}},
    }


def _printable(text: str) -> str:
    # A value out of a hostile file must not move the cursor of a terminal or
    # begin a new log line, so whatever cannot be printed is shown as its code point.
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
