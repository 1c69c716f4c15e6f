"""Versions of the formats: what breaks readers raises the first number, what they do not notice the second."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import formats
from catalog import downloads, export
from catalog.site import Site
from conftest import ROOT
from formats import Formats

FILE = "api/v1/measures.json"
LAST = (1, 1)


@pytest.fixture
def today() -> Formats:
    return copy.deepcopy(formats.today())


def test_the_formats_are_those_of_their_version() -> None:
    command = [sys.executable, str(ROOT / "scripts/formats.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_every_file_is_described(real_site: Site) -> None:
    assert formats.today().keys() == {download.path for download in downloads.downloads(real_site)}


def removed(found: Formats) -> None:
    del found[FILE]["items[].period"]


def renamed(found: Formats) -> None:
    found[FILE]["items[].time"] = found[FILE].pop("items[].period")


def retyped(found: Formats) -> None:
    found[FILE]["items[].title"] = "integer!"


def widened(found: Formats) -> None:
    found[FILE]["items[].title"] = "null|string!"


def not_always(found: Formats) -> None:
    found[FILE]["items[].title"] = "string"


def file_gone(found: Formats) -> None:
    del found["api/v1/measures.parquet"]


BREAKING = {
    removed: f"{FILE}: items[].period is gone",
    renamed: f"{FILE}: items[].period is gone; a new name counts as gone, too",
    retyped: f"{FILE}: items[].title was string, always there and is integer, always there",
    widened: f"{FILE}: items[].title was string, always there and is null|string, always there",
    not_always: f"{FILE}: items[].title was string, always there and is string, not always there",
    file_gone: "api/v1/measures.parquet: the file is gone",
}


@pytest.mark.parametrize("change", BREAKING, ids=lambda change: change.__name__)
def test_what_breaks_readers_needs_a_new_first_number(change: Callable[[Formats], None], today: Formats) -> None:
    after = copy.deepcopy(today)
    change(after)
    for version in (LAST, (1, 2)):  # a second number is not enough
        said = formats.verdict(version, after, {LAST: today})
        assert said.startswith("This breaks programs that read data version 1.1:\n  ")
        assert BREAKING[change] in said
        assert 'set SCHEMA_VERSION = "2.0" in hooks/catalog/export.py and run scripts/formats.py.' in said
        assert "api/v2/" in said


def test_a_new_first_number_needs_a_new_address(today: Formats, monkeypatch: pytest.MonkeyPatch) -> None:
    after = copy.deepcopy(today)
    removed(after)
    assert "belongs into api/v2/" in formats.verdict((2, 0), after, {LAST: today})
    monkeypatch.setattr(formats, "DATA_FOLDER", "api/v2")
    assert formats.verdict((2, 0), after, {LAST: today}) == ""


def field_added(found: Formats) -> None:
    found[FILE]["items[].songs"] = "array<object>!"


def file_added(found: Formats) -> None:
    found["api/v1/songs.csv"] = {"id": "text!"}


def narrowed(found: Formats) -> None:
    found[FILE]["items[].period"] = "string!"


@pytest.mark.parametrize("change", [field_added, file_added, narrowed], ids=lambda change: change.__name__)
def test_what_readers_do_not_notice_needs_a_new_second_number(
    change: Callable[[Formats], None], today: Formats
) -> None:
    after = copy.deepcopy(today)
    change(after)
    said = formats.verdict(LAST, after, {LAST: today})
    assert said.startswith("This adds to data version 1.1:\n  ")
    assert 'set SCHEMA_VERSION = "1.2"' in said
    assert formats.verdict((1, 2), after, {LAST: today}) == ""


def test_a_version_never_goes_back(today: Formats) -> None:
    assert "is 1.9. Raise it: 1.10 was before." in formats.verdict((1, 9), today, {(1, 10): today})
    assert formats.verdict((1, 10), today, {(1, 9): today}) == ""


# The command, on a copy of the project


@pytest.fixture
def small(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("hooks", "scripts", formats.FOLDER):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def run(root: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, str(root / "scripts/formats.py"), *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def version(root: Path, number: str) -> None:
    edit(
        root / "hooks/catalog/export.py", f'SCHEMA_VERSION = "{export.SCHEMA_VERSION}"', f'SCHEMA_VERSION = "{number}"'
    )


def next_minor() -> str:
    major, minor = formats.numbers(export.SCHEMA_VERSION)
    return f"{major}.{minor + 1}"


@pytest.mark.slow
def test_a_new_field_is_written_once_the_version_is_raised(small: Path) -> None:
    """And only one of the two runs writes anything: what is described is never described anew."""
    edit(
        small / "hooks/catalog/model.py",
        "    checked: Annotated[\n",
        '    room: Annotated[Line | None, Field(title="Raum", description="Wo.")] = None\n    checked: Annotated[\n',
    )
    before = {path.name: path.read_text() for path in (small / formats.FOLDER).iterdir()}
    for options in ((), ("--check",)):
        status, said = run(small, *options)
        assert status == 1
        assert "api/v1/measures.csv: room is new (text!)" in said
        assert "api/v1/measures.parquet: room is new (string)" in said
        assert {path.name: path.read_text() for path in (small / formats.FOLDER).iterdir()} == before
    version(small, next_minor())
    assert run(small, "--check")[0] == 1
    assert run(small) == (0, "")
    assert run(small, "--check") == (0, "")
    written = json.loads((small / formats.FOLDER / f"{next_minor()}.json").read_text())
    assert written["files"]["api/v1/measures.csv"]["room"] == "text!"


@pytest.mark.slow
def test_a_renamed_field_can_not_be_written(small: Path) -> None:
    edit(small / "hooks/catalog/model.py", 'Field(title="Nennungen"', 'Field(alias="times", title="Nennungen"')
    for options in ((), ("--unpublished",)):  # it was there in 1.0
        status, said = run(small, *options)
        assert status == 1
        assert "api/v1/lessons.json: items[].mentions is gone" in said
    version(small, next_minor())
    assert run(small)[0] == 1


@pytest.mark.slow
def test_a_version_that_no_site_has_published_may_be_described_anew(small: Path) -> None:
    edit(small / "hooks/catalog/columnar.py", '"boolean": pa.bool_()', '"boolean": pa.int8()')
    assert run(small)[0] == 1
    assert run(small, "--unpublished") == (0, "")
    assert run(small, "--check") == (0, "")


@pytest.mark.slow
def test_a_description_can_not_be_altered_by_hand(small: Path) -> None:
    for name in ("1.0", export.SCHEMA_VERSION):
        file = small / formats.FOLDER / f"{name}.json"
        text = file.read_text()
        edit(file, '"items[].mentions"', '"items[].times"')
        status, said = run(small)
        assert status == 1
        assert f"{name}.json is not as scripts/formats.py wrote it" in said
        file.write_text(text)
    (small / formats.FOLDER / "1.0.json").unlink()
    assert "or one before it is missing" in run(small, "--check")[1]


@pytest.mark.slow
def test_a_request_can_not_rewrite_what_its_target_describes(small: Path) -> None:
    """Not even together with everything that would make the description fit."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Anfang"]):
        subprocess.run([*git, *command], cwd=small, check=True)
    assert run(small, "--since", "main") == (0, "")
    edit(small / "hooks/catalog/columnar.py", '"boolean": pa.bool_()', '"boolean": pa.int8()')
    assert run(small, "--unpublished") == (0, "")
    newest = f"{formats.FOLDER}/{export.SCHEMA_VERSION}.json"
    assert run(small, "--check") == (0, "")
    assert f"{newest}: geändert. What a published version promised stays" in run(small, "--since", "main")[1]
    (small / newest).unlink()
    version(small, "1.0")
    assert f"{newest}: gelöscht." in run(small, "--since", "main")[1]
