"""Branches with proposed files, made without touching the working tree.

Git gets paths and numbers only, never what somebody wrote; contents go through
standard input, the token through the environment.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from enum import Enum, auto
from pathlib import Path

NAME, EMAIL = "Vorschlagsformular", "vorschlag@users.noreply.invalid"


class State(Enum):
    """What has become of a branch."""

    SAME = auto()  # it held these files already
    WRITTEN = auto()
    TAKEN_OVER = auto()  # somebody else has worked on it, so it stays as it is


def refusal(error: subprocess.CalledProcessError) -> str:
    """What git said when it refused."""
    return f"git {error.cmd[1]}: {error.stderr.decode(errors='replace').strip()}"


class Repository:
    """A clone whose HEAD is what requests are to be merged into."""

    def __init__(self, root: Path, remote: str, credentials: str, name: str = NAME) -> None:
        """Know a clone.

        Args:
            root: its folder.
            remote: where branches are pushed to.
            credentials: the header with which git signs in there.
            name: under which commits are made.
        """
        self._root = root
        self._remote = remote
        self._environment = {
            **os.environ,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": credentials,
            **{f"GIT_{who}_NAME": name for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": EMAIL for who in ("AUTHOR", "COMMITTER")},
        }

    def put(self, branch: str, files: Mapping[str, str], message: str) -> State:
        """Let a branch be HEAD and one commit with these files.

        Args:
            branch: its name.
            files: path -> text.
            message: of the commit.

        Raises:
            subprocess.CalledProcessError: if git refuses.
        """
        blobs = {path: self._git("hash-object", "-w", "--stdin", given=text) for path, text in files.items()}
        return self._renew(branch, self._tree(blobs), message, lambda old: self._holds(old, blobs))

    def put_folder(self, branch: str, folder: str, message: str, aside: str) -> State | None:
        """Let a branch be HEAD and one commit with a folder as it lies in the working tree.

        Args:
            branch: its name.
            folder: what is put there, all of it; what is gone from it is gone there, too.
            message: of the commit.
            aside: the name of files that are put there, but are no reason to do it.

        Returns:
            What has become of the branch; ``None`` if nothing has changed, and then it stays as it is.

        Raises:
            subprocess.CalledProcessError: if git refuses.
        """
        tree = self._tree_with(folder)
        if not self._differ("HEAD", tree, folder, aside):
            return None
        return self._renew(branch, tree, message, lambda old: not self._differ(old, tree, folder, aside))

    def _renew(self, branch: str, tree: str, message: str, is_same: Callable[[str], bool]) -> State:
        """Let a branch be HEAD and one commit with a tree, unless its own commit is the same or somebody else's."""
        ref = f"refs/heads/{branch}"
        old = self._git("ls-remote", self._remote, ref).partition("\t")[0]
        if old:
            self._git("fetch", "--quiet", "--no-tags", self._remote, ref)
            if self._git("log", "-1", "--format=%ce", old) != EMAIL:
                return State.TAKEN_OVER
            if is_same(old):
                return State.SAME
        commit = self._git("commit-tree", tree, "-p", "HEAD", given=message)
        self._git("push", "--quiet", f"--force-with-lease={ref}:{old}", self._remote, f"{commit}:{ref}")
        return State.WRITTEN

    def _differ(self, commit: str, tree: str, folder: str, aside: str) -> bool:
        """Whether a folder is another one in a commit and in a tree, but for files of one name."""
        changed = self._git("diff-tree", "-r", "--name-only", commit, tree, "--", folder).split()
        return any(path.rpartition("/")[2] != aside for path in changed)

    def _tree_with(self, folder: str) -> str:
        """HEAD with a folder as it lies in the working tree, whose own index stays as it is."""
        with tempfile.TemporaryDirectory() as place:
            index = {"GIT_INDEX_FILE": str(Path(place) / "index")}
            self._git("read-tree", "HEAD", **index)
            if (self._root / folder).exists() or self._git("ls-files", "--", folder, **index):
                self._git("add", "--all", "--", folder, **index)
            return self._git("write-tree", **index)

    def _holds(self, commit: str, blobs: Mapping[str, str]) -> bool:
        """Whether a commit brings exactly these files."""
        changed = self._git("diff-tree", "-r", "--no-commit-id", "--name-only", commit).split("\n")
        return set(changed) == set(blobs) and all(
            self._git("rev-parse", f"{commit}:{path}") == blob for path, blob in blobs.items()
        )

    def _tree(self, blobs: Mapping[str, str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", "HEAD", **index)
            for path, blob in blobs.items():
                self._git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **index)
            return self._git("write-tree", **index)

    def _git(self, *arguments: str, given: str = "", **variables: str) -> str:
        result = subprocess.run(
            ("git", *arguments),
            cwd=self._root,
            input=given.encode(),
            capture_output=True,
            check=True,
            env={**self._environment, **variables},
        )
        return result.stdout.decode().strip()
