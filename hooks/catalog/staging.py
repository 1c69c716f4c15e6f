"""The folder in which a site grows until it is whole, and its exchange with the last good one.

A web server may read the published folder at any moment, and a build may be killed at any moment. So nothing is
ever written into the published folder: it is exchanged as a whole, by one call of the system, for a finished one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

from catalog.problems import SiteError

if sys.platform != "win32":
    import fcntl

# Of renameat2 on Linux, and of renameatx_np on macOS: from where relative paths start, and to exchange two folders.
_HERE = -100 if sys.platform == "linux" else -2
_EXCHANGE = 2


@dataclass(frozen=True)
class Staging:
    """A site under way.

    Attributes:
        target: the folder that is published; what it holds stays until ``publish``.
        folder: where the site grows; beside it, since only there one can be exchanged for the other.
        lock: the open folder, by which other builds see that this one is alive; ``None`` on Windows.
    """

    target: Path
    folder: Path
    lock: int | None

    @classmethod
    def beside(cls, target: Path) -> Staging:
        """Make an empty folder beside ``target``, and remove what builds left there that were killed.

        Raises:
            SiteError: if no folder can be made there.
        """
        target = target.resolve()  # where a link leads is published, and the link stays
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _tidy(target)
            while True:
                folder = target.with_name(f"{_prefix(target)}{uuid.uuid4().hex[:8]}")
                folder.mkdir()
                lock = _locked(folder)
                if folder.exists():  # or else another build took it for a leftover before it was locked
                    return cls(target, folder, lock)
        except OSError as error:
            raise SiteError(
                f"Neben {target} lässt sich kein Ordner anlegen: {error.strerror}. "
                f"Bitte in {target.parent} Schreibrechte geben und Platz schaffen."
            ) from error

    def publish(self) -> None:
        """Put the finished site in the place of the published one, and remove that.

        Raises:
            SiteError: if the system refuses; then the last site stays as it was.
        """
        replace(self.folder, self.target)
        self.discard()

    def discard(self) -> None:
        """Remove the folder and all that is in it."""
        _remove(self.folder)
        if self.lock is not None:
            os.close(self.lock)


def replace(new: Path, target: Path) -> None:
    """Put a finished folder in the place of another one, and remove that.

    Raises:
        SiteError: if the system refuses; then both stay as they were.
    """
    try:
        _exchange(new, target)
    except OSError as error:
        raise SiteError(
            f"{target} lässt sich nicht ersetzen: {error.strerror}. Was dort steht, bleibt, wie es war. "
            "Ist der Ordner eingehängt oder schreibgeschützt, bitte in einen Ordner darunter bauen."
        ) from error
    _remove(new)


def refused(error: OSError) -> SiteError:
    """What to tell those whose build the system has stopped."""
    said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
    return SiteError(
        f"Der Bau ist abgebrochen, die letzte Website bleibt, wie sie war. Das System meldet: {said}. "
        "Bitte Speicherplatz und Schreibrechte prüfen und noch einmal bauen."
    )


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"


def _aside(target: Path) -> Path:
    """Where the last site waits while it is replaced in two steps."""
    return target.with_name(f".{target.name}.last")


def _tidy(target: Path) -> None:
    """Remove the folders of builds that are no more; bring back a site that was put aside when its build was killed."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        aside.rename(target)
    leftovers = [aside, *target.parent.glob(f"{_prefix(target)}*")]
    for folder in leftovers:
        if folder.is_dir() and not _alive(folder):
            _remove(folder)


def _locked(folder: Path) -> int | None:
    """The folder, open and locked until it is closed or this process ends, however it ends."""
    if sys.platform == "win32":
        return None
    opened = os.open(folder, os.O_RDONLY)
    fcntl.flock(opened, fcntl.LOCK_EX)
    return opened


def _alive(folder: Path) -> bool:
    """Whether a build works in this folder; on Windows nobody can tell, so the answer is yes."""
    if sys.platform == "win32":
        return True
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(opened)
    return False


def _exchange(new: Path, target: Path) -> None:
    """Put ``new`` at ``target``; what was there is found at ``new``."""
    while True:
        try:
            if target.exists():
                return _swap(new, target)
            return os.rename(new, target)  # noqa: PTH104  (Path.rename returns a path)
        except OSError as error:
            # Another build may publish between the question and the call; then the question is asked again.
            if error.errno not in (errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY) or not new.exists():
                raise


def _swap(new: Path, target: Path) -> None:
    """Exchange two folders at once, or in two steps where the system has no call for it."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None
    call = getattr(library, {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform, ""), None)
    if call is not None:
        if call(_HERE, os.fsencode(new), _HERE, os.fsencode(target), _EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):  # which file systems without it answer
            raise OSError(code, os.strerror(code), str(target))
    aside = _aside(target)
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
    aside.rename(new)


def _remove(folder: Path) -> None:
    """Remove a folder; one that can't be removed now is left to the next build."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():  # a folder that may not be written keeps what it holds
        for directory, _, _ in os.walk(folder):
            with contextlib.suppress(OSError):
                Path(directory).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
