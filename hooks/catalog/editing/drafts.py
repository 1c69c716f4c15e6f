"""A record that is about to be written: where it will lie, its file, and what the one check says about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog import forms, rules, views
from catalog.model import KINDS
from catalog.problems import Problem
from catalog.store import Catalog
from catalog.vocabulary import Vocabulary
from catalog.writing import Data, record_file

Files = dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as someone proposes it.

    Attributes:
        kind: ``measure``, ``partner``, ``source`` …
        id: the stem of its file.
        data: its values by key: strings, lists, mappings.
        text: the Markdown below the front matter.
        parent: the folder of a nested record, such as the partner of a measure.
    """

    kind: str
    id: str
    data: Data = field(default_factory=dict)
    text: str = ""
    parent: str = ""

    @property
    def path(self) -> str:
        """The record's file, relative to the project."""
        folder = KINDS[self.kind].folder
        return f"{folder}/{self.parent}/{self.id}.md" if KINDS[self.kind].nested else f"{folder}/{self.id}.md"

    def file(self, vocabulary: Vocabulary) -> str:
        """The text of its file."""
        return record_file(forms.fields(KINDS[self.kind], vocabulary), self.data, self.text)


def files(drafts: Iterable[Draft], vocabulary: Vocabulary) -> Files:
    """The files of several drafts: path -> text."""
    return {draft.path: draft.file(vocabulary) for draft in drafts}


def check(root: Path, proposed: Mapping[str, str]) -> tuple[Catalog, list[Problem]]:
    """What the project would be with these files, and what would be wrong in them.

    Args:
        root: the project folder.
        proposed: path -> text.

    Returns:
        The catalogue with the proposed files, and the problems that they bring: those that lie in them, and
        those that lie elsewhere only because of them, such as an id that is taken in ``others.yml``.
    """
    contents = {path: text.encode() for path, text in proposed.items()}
    catalog, found = rules.load(root, views.PAGE_VIEWS, proposed=contents)
    if any(problem.path not in proposed for problem in found):
        known = set(rules.load(root, views.PAGE_VIEWS)[1])
        found = [problem for problem in found if problem.path in proposed or problem not in known]
    return catalog, found
