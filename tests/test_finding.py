"""The index as Pagefind writes it and as it is repacked: the same words, pages and filters."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest

from catalog import finding
from catalog.problems import SiteError

PAGE = """<!doctype html><html lang="de"><head><meta name="art" content="{art}" data-pagefind-filter="art[content]"></head>
<body><main data-pagefind-body><h1>{title}</h1><p>{text}</p></main></body></html>"""


def finish(indexing: finding.Indexing) -> dict[str, finding.Found]:
    """Wait for all of it."""
    with indexing.finished(split=True) as found:
        return found


ADDRESSES = [f"seite-{number}/" for number in range(60)]


def write_site(folder: Path) -> Path:
    for number in range(60):
        words = " ".join(f"wort{number * 7 + n}x und oder" for n in range(40))
        page = folder / f"seite-{number}" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE.format(art=f"art-{number % 5}", title=f"Seite {number}", text=words))
    return folder


def read(path: Path) -> Any:
    content = gzip.decompress(path.read_bytes())
    assert content.startswith(b"pagefind_dcd")
    return cbor2.loads(content.removeprefix(b"pagefind_dcd"))


def contents(folder: Path) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """All words with their pages, all filters with their values, and the overview, by way of the overview."""
    entry = json.loads((folder / "pagefind-entry.json").read_text())
    overview = read(folder / f"pagefind.{entry['languages']['de']['hash']}.pf_meta")
    words = {word[0]: word[1:] for *_, file in overview[2] for word in read(folder / "index" / f"{file}.pf_index")[0]}
    filters = {}
    for name, file in overview[3]:
        found, values = read(folder / "filter" / f"{file}.pf_filter")
        assert found == name
        filters[name] = {value: sorted(pages) for value, pages in values}
    return words, filters, overview


def test_repacking_loses_nothing(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site")
    command = [sys.executable, "-m", "pagefind", "--silent", "--site", str(site), "--output-subdir", "stock"]
    subprocess.run([*command, "--force-language", "de"], check=True)
    found = finish(finding.Indexing.start(site))
    words, filters, overview = contents(site / finding.FOLDER)
    before, filters_before, _ = contents(site / "stock")
    assert words == before
    assert len(words) > 400
    assert filters == filters_before
    assert set(found) == set(ADDRESSES)
    assert {page.name for page in found.values()} == {name for name, _ in overview[1]}
    assert found["seite-0/"].text.startswith("Seite 0. wort0x und oder wort1x")
    assert not list((site / finding.FOLDER).glob("*ui*"))


def test_pieces_are_small_and_their_ends_tell_where_a_word_is(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site")
    finish(finding.Indexing.start(site))
    folder = site / finding.FOLDER
    _, _, overview = contents(folder)
    pieces = overview[2]
    assert len(pieces) > 5
    assert len(list((folder / "index").iterdir())) == len(pieces)
    for first, last, file in pieces:
        words = read(folder / "index" / f"{file}.pf_index")[0]
        assert words[0][0].startswith(first)
        assert words[-1][0].startswith(last)
    ends = [end for first, last, _ in pieces for end in (first, last)]
    assert ends == sorted(ends)
    assert len(set(ends)) >= len(pieces)


def test_words_in_german_quotation_marks_are_words(tmp_path: Path) -> None:
    """Pagefind keeps the closing mark as a letter, and the word without it too."""
    page = tmp_path / "a" / "index.html"
    page.parent.mkdir()
    page.write_text(PAGE.format(art="x", title="„Schule mit Courage“", text="Das ‚Netzwerk‘ der „Stadt Dortmund“."))
    finish(finding.Indexing.start(tmp_path))
    words, _, _ = contents(tmp_path / finding.FOLDER)
    assert {"courag", "netzwerk", "dortmund"} <= set(words)


def test_failure_is_told_in_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SiteError, match="Der Suchindex ist nicht entstanden"):
        finish(finding.Indexing.start(tmp_path))


def endless(_: Path) -> Iterator[None]:
    signal.pause()
    yield


def test_nothing_is_repacked_for_an_index_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_readied", endless)
    with finding.Indexing.start(write_site(tmp_path)) as indexing:
        indexing.process.wait()
        next((tmp_path / finding.FOLDER).glob("fragment/*")).write_bytes(b"")
        with pytest.raises(SiteError, match="Der Suchindex ist unvollständig"):
            finish(indexing)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    "pattern", ["pagefind.js", "wasm.de.pagefind", "*.pf_meta", "fragment/*", "index/*", "filter/*"]
)
@pytest.mark.parametrize("kept", [0, 0.5])
def test_a_file_cut_short_is_noticed(real_build: Path, tmp_path: Path, pattern: str, kept: float) -> None:
    """On a full disk Pagefind writes what fits and ends as if all were well."""
    shutil.copytree(real_build / "partner", tmp_path / "partner")
    with finding.Indexing.start(tmp_path) as indexing:
        indexing.process.wait()
        cut = next((tmp_path / finding.FOLDER).glob(pattern))
        cut.write_bytes(cut.read_bytes()[: int(kept * cut.stat().st_size)])
        with pytest.raises(SiteError, match="Der Suchindex ist unvollständig"):
            finish(indexing)
