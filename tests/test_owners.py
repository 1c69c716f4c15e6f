"""CODEOWNERS of each forge: whatever is not content belongs to the maintainers, as ``catalog.editing.trust`` has it."""

from __future__ import annotations

import re

import pytest
from pathspec.patterns import GitWildMatchPattern

from catalog.editing.trust import is_content
from conftest import ROOT
from test_comment import RUNNING

MAINTAINERS, EDITORS = "@wissensbasis/technik", "@wissensbasis/redaktion"
CONTENT = [
    "docs/index.md", "docs/kategorien/index.md", "docs/mitmachen/bilder/formular.png", "docs/a/b/c.webp", "docs/a.jpg", "docs/b.jpeg",
    "measures/kreis-lippe/schulung.md", "partners/kreis-lippe.md", "partners/others.yml", "vocabulary.yml", "thesaurus.yml", "editorial.yml",
    "federation/nachbarstadt/measures/kreis-lippe/schulung.md", "federation/nachbarstadt/docs/netzwerke/vielfalt.md",
    "federation/nachbarstadt/neighbour.json", "federation/nachbarstadt/quarantine.json", "federation/nachbarstadt/state.json",
]  # fmt: skip
# What stands at the top of the project and is no content, whatever will be added there.
TOP = [
    path.name + ("/x" if path.is_dir() else "")
    for path in ROOT.iterdir()
    if path.name not in ("docs", "measures", "partners")
]
ODD = [
    "federation/x.md",
    "federation/a/x.py",
    "federation/a/docs/x.json",
    "federation/a/b/state.json",
    "federation/state.json",
]
RUNS = sorted({*(change.path for change in RUNNING), *TOP, *ODD} - set(CONTENT))


def rules(forge: str) -> list[tuple[str, str]]:
    lines = (ROOT / forge / "CODEOWNERS").read_text().splitlines()
    return [tuple(line.split()) for line in lines if not line.startswith("#")]


def owners(forge: str, path: str) -> list[str]:
    """GitHub and GitLab take the last line that matches, Forgejo all of them."""
    if forge == ".forgejo":
        return [
            who
            for what, who in rules(forge)
            if bool(re.fullmatch(what.removeprefix("!"), path)) != what.startswith("!")
        ]
    return [who for what, who in rules(forge) if GitWildMatchPattern(what).match_file(path)][-1:]


@pytest.mark.parametrize("forge", [".github", ".gitlab", ".forgejo"])
def test_whatever_runs_belongs_to_the_maintainers(forge: str) -> None:
    for path in RUNS:
        assert not is_content(path), path
        assert owners(forge, path) == [MAINTAINERS], path
    for path in CONTENT:
        assert is_content(path), path
        assert owners(forge, path) == [EDITORS], path


def test_every_record_is_content() -> None:
    for folder in ("docs", "measures", "partners"):
        for path in (ROOT / folder).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            assert path.is_dir() or is_content(name) != name.startswith("docs/schema/"), name
