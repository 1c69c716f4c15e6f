"""scripts/export_data.py: the files of the website without building it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from catalog import downloads
from catalog.downloads import DATA_FOLDER, TABLES
from conftest import ROOT, complete


def export(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts/export_data.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_bytes_as_on_the_website(real_build: Path, tmp_path: Path) -> None:
    result = export(ROOT, str(tmp_path / "daten"))
    assert result.returncode == 0, result.stderr
    made = files(tmp_path / "daten")
    assert result.stdout == f"Geschrieben: {len(made)} Dateien in {tmp_path / 'daten'}\n"
    published = {path for path in files(real_build) if path.startswith(f"{DATA_FOLDER}/")} | set(TABLES.values())
    assert {*made} == {path for path in published if not path.startswith(f"{DATA_FOLDER}/catalog.")}
    for path, content in made.items():
        assert (real_build / path).read_bytes() == content, path


@pytest.mark.slow
def test_a_part_of_them(tmp_path: Path) -> None:
    assert export(ROOT, str(tmp_path), "--kind", "partner", "phase", "--format", "csv", "parquet").returncode == 0
    assert sorted(files(tmp_path)) == [
        f"api/v1/{name}" for name in ("partners.csv", "partners.parquet", "phases.csv", "phases.parquet")
    ]
    assert export(ROOT, str(tmp_path / "zip"), "--format", "zip").returncode == 0
    assert list(files(tmp_path / "zip")) == [downloads.ARCHIVE]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "massnahme"), "invalid choice: 'massnahme'"),
        (("--kind", "measure", "--format", "zip"), "es wurde nichts geschrieben"),
    ],
)
def test_what_does_not_exist(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    result = export(ROOT, str(tmp_path / "daten"), *options)
    assert result.returncode != 0
    assert said in result.stderr
    assert not (tmp_path / "daten").exists()


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "daten").write_text("eine Datei")
    result = export(ROOT, str(tmp_path / "daten"), "--format", "zip")
    assert result.returncode == 1
    assert "nicht zu schreiben" in result.stderr
    assert "Traceback" not in result.stderr


def test_records_with_problems_are_not_published(project: Path, tmp_path: Path) -> None:
    root = complete(project)
    (root / "scripts").mkdir()
    for name in ("project.py", "export_data.py"):
        (root / "scripts" / name).write_text((ROOT / "scripts" / name).read_text())
    record = root / "measures/kreis-lippe/schulung.md"
    record.write_text(record.read_text().replace("status: ", "status: un"))
    result = export(root, str(tmp_path / "daten"))
    assert result.returncode == 1
    assert "measures/kreis-lippe/schulung.md:" in result.stdout
    assert "es wurde nichts geschrieben" in result.stderr
    assert not (tmp_path / "daten").exists()
