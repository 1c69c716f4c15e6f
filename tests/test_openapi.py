"""The description of the data files: valid, and what a server of a real build sends is as it says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from browsing import serving
from catalog import downloads, export, openapi
from catalog.site import Site


@pytest.fixture(scope="module")
def described(published: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(published[downloads.OPENAPI]))


def test_it_is_valid(described: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(described).validate()


def test_it_names_every_file_with_its_media_type(described: dict[str, Any], real_site: Site) -> None:
    assert described["servers"][0]["url"] == "https://example.org"
    assert described["info"]["version"] == export.SCHEMA_VERSION
    told = {path: list(at["get"]["responses"]["200"]["content"]) for path, at in described["paths"].items()}
    assert told == {f"/{d.path}": [d.media_type] for d in downloads.downloads(real_site)}
    ids = [at["get"]["operationId"] for at in described["paths"].values()]
    assert len(ids) == len(set(ids))


def test_parts_that_kinds_share_are_the_same() -> None:
    found: dict[str, Any] = {}
    for name, said in openapi.schemas():
        assert found.setdefault(name, said) == said, name


@pytest.fixture
def copy(real_build: Path, tmp_path: Path) -> Path:
    """The data of a build with the headers that it asks servers for; a test may break it."""
    for name in ("api", "massnahmen"):
        (tmp_path / name).mkdir()
    shutil.copytree(real_build / "api", tmp_path / "api", dirs_exist_ok=True)
    for path in (real_build / "massnahmen").glob("massnahmen.*"):
        shutil.copy(path, tmp_path / "massnahmen")
    shutil.copy(real_build / "_headers", tmp_path)
    return tmp_path


def asked(folder: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What Schemathesis says after it has asked a server for every file."""
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    with serving(folder) as address:
        command = [
            str(Path(sys.executable).parent / "st"), "run", f"{address}{downloads.OPENAPI}", "--url", address.rstrip("/"),
            "--phases", "fuzzing", "--max-examples", "1", "--checks", checks, "--no-color",
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.slow
def test_what_is_sent_is_as_described(copy: Path, tmp_path: Path, described: dict[str, Any]) -> None:
    result = asked(copy, tmp_path)
    amount = len(described["paths"]) - 1  # it leaves out the description that it has read
    assert f"{amount} generated, {amount} passed" in result.stdout, result.stdout
    assert result.returncode == 0


def broken_data(folder: Path) -> None:
    path = folder / "api/v1/measures.json"
    path.write_text(path.read_text().replace('"key": ', '"schluessel": ', 1))


def unknown_type(folder: Path) -> None:
    (folder / "_headers").write_text("")


def missing_file(folder: Path) -> None:
    (folder / "api/v1/partners.csv").unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (broken_data, "Response violates schema"),
        (unknown_type, "Undocumented Content-Type"),
        (missing_file, "Undocumented status code"),
    ],
)
def test_a_difference_would_be_found(copy: Path, tmp_path: Path, breaks: Any, said: str) -> None:
    breaks(copy)
    result = asked(copy, tmp_path)
    assert result.returncode == 1
    assert said in result.stdout, result.stdout
