"""What ``validate.py --fix`` does: apply the remedies that the check itself names, and put files in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from project import progress  # first: completes sys.path

from catalog import frontmatter, rules, store, views
from catalog.editing import mending
from catalog.model import fields_by_key
from catalog.problems import Problem, Remedy, RenameFile

# A mended line can show the next mistake; more often than this nobody is wrong in one place.
ROUNDS = 8


def fix(root: Path, wanted: Callable[[str], bool]) -> list[str]:
    """Mend the files below ``root`` in place.

    Args:
        root: the project folder.
        wanted: tells by its path whether a file may be changed.

    Returns:
        What was done, as German sentences that begin with the path, in order.
    """
    done: dict[str, None] = {}
    for _ in range(ROUNDS):
        _, found = rules.load(root, views.PAGE_VIEWS, progress)
        news = [*_mend(root, [problem for problem in found if wanted(problem.path)])]
        done |= dict.fromkeys(news)
        if not news:
            break
    done |= dict.fromkeys(_tidy(root, wanted))
    return sorted(done)


def _mend(root: Path, found: list[Problem]) -> Iterator[str]:
    by_path: dict[str, list[Remedy]] = defaultdict(list)
    for problem in found:
        if problem.remedy is not None:
            by_path[problem.path].append(problem.remedy)
    for path, remedies in by_path.items():
        text, faults = frontmatter.decode(path, (root / path).read_bytes())
        mended = mending.mend(text, remedies)
        if not faults and mended != text:
            (root / path).write_bytes(mended.encode())
            yield f"{path}: berichtigt."
        for remedy in remedies:
            if isinstance(remedy, RenameFile) and not (root / remedy.path).exists():
                (root / remedy.path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).rename(root / remedy.path)
                yield f"{path}: heißt jetzt {remedy.path}."


def _tidy(root: Path, wanted: Callable[[str], bool]) -> Iterator[str]:
    for path, cls, content in store.contents(root):
        if wanted(path) and any(mending.untidy(path, content, fields_by_key(cls))):
            text, _ = frontmatter.decode(path, content)
            (root / path).write_bytes(mending.tidied(text, fields_by_key(cls)).encode())
            yield f"{path}: geordnet."


def untidy(root: Path, wanted: Callable[[str], bool]) -> Iterator[Problem]:
    """What ``fix`` would tidy, as hints."""
    for path, cls, content in store.contents(root):
        if wanted(path):
            yield from mending.untidy(path, content, fields_by_key(cls))
