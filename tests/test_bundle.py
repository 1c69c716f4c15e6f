"""All data in one ZIP: opened by programs of others, explained in German, the same in every build."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from catalog import bundle, downloads, export, flat, render, views
from catalog.downloads import DATA_KINDS
from catalog.model import KINDS
from catalog.open_data import OpenData
from catalog.site import Site


@pytest.fixture(scope="module")
def unpacked(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As unzip unpacks it, which also compares every checksum."""
    folder = tmp_path_factory.mktemp("zip")
    command = ["unzip", "-q", str(data_folder / downloads.ARCHIVE), "-d", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return folder


def test_everything_is_inside(unpacked: Path, published: dict[str, bytes]) -> None:
    inside = {path.name: path.read_bytes() for path in unpacked.rglob("*") if path.is_file()}
    assert inside.keys() - {"LIESMICH.txt", "LIZENZ.txt"} == {Path(path).name for path in published} - {
        "wissensbasis.zip"
    }
    for path, content in published.items():
        if path != downloads.ARCHIVE:
            assert inside[Path(path).name] == content
    assert sorted(path.name for path in unpacked.iterdir() if path.is_dir()) == [
        "csv", "json", "jsonl", "parquet", "schema", "xlsx"
    ]  # fmt: skip


def test_the_texts_explain_it(unpacked: Path, real_site: Site) -> None:
    text = (unpacked / "LIESMICH.txt").read_text()
    assert "Stand: 1. März 2022" in text
    assert "measures.*      Maßnahmen: 558" in text
    for kind in DATA_KINDS:
        for column in flat.columns(KINDS[kind]):
            assert f"  {column.name}\n    {column.title} ({column.type}). {column.about}\n" in text
    licence = (unpacked / "LIZENZ.txt").read_text()
    assert "CC BY 4.0" in licence
    assert real_site.url in licence


@pytest.mark.parametrize(
    ("key", "name", "asked"),
    [
        ("cc-by/4.0", "CC BY 4.0", ["nennen", "verweisen", "sagen"]),
        ("cc-by-sa/4.0", "CC BY-SA 4.0", ["nennen", "verweisen", "weitergeben", "sagen"]),
        ("dl-zero-de/2.0", "Datenlizenz Deutschland Zero 2.0", []),
    ],
)
def test_the_licence_asks_what_it_asks(small_site: Site, key: str, name: str, asked: list[str]) -> None:
    site = replace(small_site, open_data=OpenData(licence=key))
    with zipfile.ZipFile(io.BytesIO(bundle.Bundle(site).finish())) as archive:
        text = archive.read("LIZENZ.txt").decode()
    assert f"unter der Lizenz {name}. Ihr Text:\nhttps://" in text
    duties = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(duties) == len(asked)
    assert all(word in duty for word, duty in zip(asked, duties, strict=True))
    assert "\n\n\n" not in text


def test_nothing_depends_on_the_day_or_the_machine(published: dict[str, bytes], real_site: Site) -> None:
    assert dict(export.data_files(real_site)) == published
    with zipfile.ZipFile(io.BytesIO(published[downloads.ARCHIVE])) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(2022, 3, 1, 0, 0, 0)}
        assert {info.create_system for info in archive.infolist()} == {3}


class Examples(HTMLParser):
    """The examples of a page: (language, text)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = (dict(attrs).get("class") or "").removeprefix("language-") if tag == "code" else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append((self._inside, data))


def test_the_examples_of_the_page_run_in_it(
    unpacked: Path, real_site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (plan,) = [page for page in views.plan(real_site) if page.view == "data"]
    html, _ = render.page(real_site, "data", views.context(real_site, plan), "")
    examples = Examples(html).found
    assert [language for language, _ in examples] == ["sql", "sql", "python", "python"]
    monkeypatch.chdir(unpacked)
    for language, text in examples:
        if language == "sql":
            assert len(duckdb.sql(text).fetchall()) > 1, text
        else:
            exec(compile(text, "example", "exec"), {})
            assert len(capsys.readouterr().out.splitlines()) > 3, text
