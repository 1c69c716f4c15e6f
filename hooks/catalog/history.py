"""When each record's file came and last changed, as git tells it; where git knows nothing, what the record itself says.

Nothing here asks the clock: a date is that of a commit, or stands in a record. History that is cut short (a shallow
clone) is no history: all records would seem to have come on the day of the oldest commit that is left.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from catalog import store
from catalog.dates import parse
from catalog.model import Decision, Measure, Record, Source
from catalog.store import Catalog

# Commits that change many files and no content, such as a new line width; git and the forges know it by this name.
IGNORED = ".git-blame-ignore-revs"

_LOG = (
    "log", "--reverse", "--date-order", "-c", "--find-renames", "--name-status", "-z", "--relative", "--no-ext-diff",
    "--no-show-signature", "--format=commit %H %ct",
)  # fmt: skip
_RENAME = re.compile(r"R[0-9]+")
_HASH = re.compile(r"[0-9a-f]{40,64}")
_LAST = 253_402_300_799  # the end of the year 9999 in seconds; a commit may say anything


@dataclass(frozen=True, slots=True)
class Change:
    """When a record came and when it last changed, in UTC; equal if it never did."""

    added: datetime.datetime
    changed: datetime.datetime


History = Mapping[str, Change]


def of(root: Path) -> History:
    """The history of a project's records as git has it.

    Returns:
        Path of a file -> its dates; nothing for files without a commit, and nothing at all without git, outside of a
        repository or in a shallow one.
    """
    try:
        if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        log = _git(root, *_LOG, "--", *store.FOLDERS)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return read(log, ignored(store.optional(root, IGNORED) or b""))


def ignored(content: bytes) -> frozenset[str]:
    """The commits that a file of ``IGNORED`` lists; the rest of a line behind # is a comment."""
    lines = (line.partition("#")[0].strip() for line in content.decode("utf-8", "replace").splitlines())
    return frozenset(line for line in lines if _HASH.fullmatch(line))


def read(log: str, without: Collection[str] = frozenset()) -> History:
    """Read what ``git log`` says with the options of ``_LOG``.

    Args:
        log: its output.
        without: hashes of commits that change no content; they count only where a file came with them.

    Returns:
        Path -> dates. A renamed file keeps its first date; one that was deleted and came back, too.
    """
    found: dict[str, Change] = {}
    for commit, moment, old, new in _steps(log):
        known = found.pop(old, None)
        if known is None:
            found[new] = Change(moment, moment)
        elif commit in without:
            found[new] = known
        else:  # clocks differ, so that a later commit may bear an earlier date
            found[new] = Change(min(known.added, moment), max(known.changed, moment))
    return MappingProxyType(found)


def _steps(log: str) -> Iterator[tuple[str, datetime.datetime, str, str]]:
    """(commit, its date, path before, path after) of each change to a file, oldest first."""
    words = iter(log.split("\0"))
    commit, moment = "", None
    for word in words:
        # Fields end with NUL, so that a path may hold anything; a line feed stands before the first file of a commit.
        status = word.lstrip("\n")
        if status.startswith("commit "):
            _, commit, seconds = status.split(" ")
            moment = _moment(seconds)
        elif status:
            old = next(words)
            new = next(words) if _RENAME.fullmatch(status) else old
            if moment and status != "D":
                yield commit, moment, old, new


def _moment(seconds: str) -> datetime.datetime | None:
    if not seconds.isdecimal() or int(seconds) > _LAST:
        return None
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def own_dates(catalog: Catalog, record: Record) -> Change | None:
    """What a record itself says: from the oldest of its documents to the last check; ``None`` if it says nothing."""
    spans = [parse(text) for text in _dates(catalog, record)]
    days = [moment.last_day for span in spans if (moment := span.end or span.start)]
    if not days:
        return None
    first, last = (datetime.datetime.combine(day, datetime.time(), datetime.UTC) for day in (min(days), max(days)))
    return Change(first, last)


def _dates(catalog: Catalog, record: Record) -> Iterator[str]:
    if isinstance(record, Measure) and record.checked:
        yield record.checked
    if isinstance(record, Source | Decision):
        yield record.date
    for evidence in getattr(record, "sources", ()):
        document = catalog.of("source").get(evidence.document)
        if isinstance(document, Source):
            yield document.date


def _git(root: Path, *command: str) -> str:
    """What git answers; it may not fetch what a partial clone left out, since a build needs no network."""
    quiet = os.environ | {"GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    result = subprocess.run(["git", *command], cwd=root, capture_output=True, check=True, env=quiet)  # noqa: S603, S607
    return os.fsdecode(result.stdout)
