"""Which files a request changes, as git or a caller says. No path ever reaches a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from project import ROOT  # first: completes sys.path

from catalog.editing.comment import CHANGED, Change, changes_since


def since(revision: str, root: Path = ROOT) -> list[Change]:
    """What the files of the working tree change since they parted from ``revision``, new files included.

    Raises:
        SystemExit: with a German sentence, if the revision is unknown.
    """
    base = common_base(revision, root)
    tracked = _git(root, "diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", "--relative", base)
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return changes_since(tracked + "".join(f"A\0{path}\0" for path in untracked.split("\0") if path))


def common_base(revision: str, root: Path = ROOT) -> str:
    """The commit from which the working tree and ``revision`` parted.

    Raises:
        SystemExit: with a German sentence, if there is none.
    """
    try:
        commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
        return _git(root, "merge-base", commit, "HEAD").strip()
    except subprocess.CalledProcessError:
        sys.exit(
            f"„{revision}“ hat mit dem jetzigen Stand keinen gemeinsamen Anfang. "
            "Bitte einen Stand nennen, den es gibt, und die ganze Geschichte holen (git fetch --unshallow)."
        )


def listed(name: str, root: Path = ROOT) -> list[Change]:
    """The paths in a file, or on the standard input for ``-``: one per line, or separated by NUL."""
    content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    text = os.fsdecode(content)
    paths = sorted({path for path in text.split("\0" if "\0" in text else "\n") if path})
    return [Change(path, CHANGED if os.path.lexists(root / path) else "gelöscht") for path in paths]


def _git(root: Path, *command: str) -> str:
    result = subprocess.run(["git", *command], cwd=root, capture_output=True, check=True)
    return os.fsdecode(result.stdout)
