"""A bag and its ZIP file, read back by coreutils, Info-ZIP, Python and the Library of Congress."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import bag
from receiving import library_of_congress

MOMENT = datetime.datetime(2021, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a payload, and a tag file beside it."""
    whole = tmp_path / "paket"
    for name, text in {"b.html": "b", "a/ä %0A.txt": "ä", "a/leer": ""}.items():
        path = whole / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (whole / "LIESMICH.txt").write_text("Lies mich.")
    bag.seal(whole, {"Source-Organization": "Stelle für Prüfungen", "Bagging-Date": "2021-03-04"})
    return whole


def test_the_bag_is_one_by_its_standard(folder: Path) -> None:
    assert (folder / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert (folder / "bag-info.txt").read_text() == (
        "Source-Organization: Stelle für Prüfungen\nBagging-Date: 2021-03-04\nPayload-Oxum: 3.3\n"
    )
    named = [line.split("  ", 1)[1] for line in (folder / "manifest-sha512.txt").read_text().splitlines()]
    assert named == ["data/a/leer", "data/a/ä %250A.txt", "data/b.html"]
    tags = [line.split("  ", 1)[1] for line in (folder / "tagmanifest-sha512.txt").read_text().splitlines()]
    assert tags == ["LIESMICH.txt", "bag-info.txt", "bagit.txt", "manifest-sha512.txt"]


def test_others_read_its_check_sums(folder: Path) -> None:
    (folder / "data/a/ä %0A.txt").unlink()  # a name that is written otherwise in a manifest
    bag.seal(folder, {})
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "--strict", "--quiet", "-c", manifest], cwd=folder, check=True)
    (folder / "data/b.html").write_text("c")
    result = subprocess.run(["sha512sum", "-c", "manifest-sha512.txt"], cwd=folder, capture_output=True, check=False)
    assert result.returncode == 1


def test_the_makers_of_the_standard_take_it_in(folder: Path) -> None:
    (folder / "data/a/ä %0A.txt").unlink()  # their program misreads the percent sign in a manifest
    bag.seal(folder, {"Source-Organization": "Stelle für Prüfungen"})
    assert library_of_congress(folder) == ("", "Stelle für Prüfungen")
    (folder / "data/b.html").write_text("c")
    assert "data/b.html" in library_of_congress(folder)[0]
    (folder / "data/b.html").write_text("b")
    (folder / "LIESMICH.txt").write_text("Lies mich nicht.")
    assert "LIESMICH.txt" in library_of_congress(folder)[0]
    (folder / "LIESMICH.txt").write_text("Lies mich.")
    (folder / "data/neu.html").touch()
    assert "Payload-Oxum" in library_of_congress(folder)[0]


def test_nothing_that_is_said_begins_a_line_of_its_own(folder: Path) -> None:
    with pytest.raises(ValueError, match="Source-Organization"):
        bag.seal(folder, {"Source-Organization": "Stelle\nPayload-Oxum: 0.0"})


def test_the_same_files_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    bag.pack(folder, tmp_path / "eins.zip", MOMENT)
    for number, path in enumerate(bag.files(folder)):
        os.utime(path, (number, number))
        path.chmod(0o600)
    bag.pack(folder, tmp_path / "zwei.zip", MOMENT)
    assert (tmp_path / "eins.zip").read_bytes() == (tmp_path / "zwei.zip").read_bytes()


def test_others_unpack_the_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "paket.zip"
    bag.pack(folder, target, MOMENT)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(2021, 3, 4, 5, 6, 6)}  # ZIP counts two seconds
        assert archive.namelist() == [f"paket/{path.relative_to(folder)}" for path in bag.files(folder)]
    if not shutil.which("unzip"):
        pytest.skip("unzip is not installed")
    subprocess.run(["unzip", "-tq", str(target)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["unzip", "-q", str(target), "-d", str(tmp_path / "aus")], check=True)
    assert (tmp_path / "aus/paket/data/a/ä %0A.txt").read_text() == "ä"
    assert (tmp_path / "aus/paket/data/b.html").stat().st_mode & 0o777 == 0o644


def test_a_time_that_zip_does_not_know_is_its_first(folder: Path, tmp_path: Path) -> None:
    bag.pack(folder, tmp_path / "alt.zip", datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))
    with zipfile.ZipFile(tmp_path / "alt.zip") as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
