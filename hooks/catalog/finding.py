"""The full-text index of the built pages, made by Pagefind; what a page gives to it stands in its template."""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cbor2

from catalog import german
from catalog.aside import Aside
from catalog.problems import SiteError

FOLDER = "suche/index"
_LANGUAGE = "de"

# Parts of a page that are no text of its own: ways, lists of other pages, labels and headings of the template.
_LEFT_OUT = (
    ".wb-actions", ".wb-crumbs", ".wb-facts dt", ".wb-facts .wb-meta", ".wb-items", ".wb-pages", ".wb-relations dt",
    ".wb-screen", ".wb-states", ".wb-tags", ".wb-toc", "h2:not([id^=s-])", "h3:not([id^=s-])",
)  # fmt: skip
# Pagefind's own interfaces, and the module for languages that it does not know.
_NOT_NEEDED = ("*ui.js", "*ui.css", "*highlight.js", "wasm.unknown.*")


@dataclass(frozen=True, slots=True)
class Found:
    """A page in the index: its name there, and its text as it was read."""

    name: str
    text: str


@dataclass(frozen=True)
class Indexing:
    """Pagefind at work on a built site, so that the build can go on meanwhile."""

    folder: Path
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, built: Path) -> Indexing:
        """Begin to index the pages of a built site into its folder ``FOLDER``; they must not change until the end."""
        shutil.rmtree(built / FOLDER, ignore_errors=True)
        command = [sys.executable, "-m", "pagefind", "--silent", "--site", str(built), "--output-subdir", FOLDER]
        command += ["--force-language", _LANGUAGE, "--exclude-selectors", ",".join(_LEFT_OUT)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
        return cls(built / FOLDER, process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:  # the build has failed meanwhile
            self.process.kill()
            self.process.communicate()

    @contextmanager
    def finished(self, split: bool) -> Iterator[dict[str, Found]]:
        """Wait for Pagefind; the index is made ready for readers meanwhile, and is so at the end of the block.

        Args:
            split: whether that may have a process of its own.

        Yields:
            For each page that can be found its address and what the index has of it.

        Raises:
            SiteError: if Pagefind fails, or has written less than it should.
        """
        said, _ = self.process.communicate()
        if self.process.returncode:
            raise SiteError(f"Der Suchindex ist nicht entstanden. Pagefind meldet: {said}")
        for path in [path for pattern in _NOT_NEEDED for path in self.folder.glob(pattern)]:
            path.unlink()
        with Aside.start(functools.partial(_readied, self.folder), split) as repacking:
            with _whole():
                found = dict(_fragment(path) for path in sorted((self.folder / "fragment").glob("*")))
            yield found
            repacking.finish()


@contextmanager
def _whole() -> Iterator[None]:
    """What can't be read was cut short.

    Raises:
        SiteError: then.
    """
    try:
        yield
    except (cbor2.CBORDecodeError, gzip.BadGzipFile, EOFError, ValueError) as error:
        raise SiteError(
            "Der Suchindex ist unvollständig. Bitte Speicherplatz schaffen und noch einmal bauen."
        ) from error


def _readied(folder: Path) -> Iterator[None]:
    with _whole():
        _check_programs(folder)
        _repack(folder)
    yield


def _check_programs(folder: Path) -> None:
    """On a full disk Pagefind 1.5 cuts files short and says nothing; those that are not read below are checked here.

    Raises:
        EOFError: if one of them ends too early.
    """
    for path in folder.glob("*.js"):
        if not path.read_bytes().endswith(b";"):
            raise EOFError(path.name)
    for path in folder.glob("wasm.*"):
        if not _unpacked(path):  # an empty file is no fault to gzip
            raise EOFError(path.name)


def _fragment(path: Path) -> tuple[str, Found]:
    data = json.loads(_unpacked(path))
    return data["url"].removeprefix("/"), Found(path.stem, data["content"])


# Pagefind 1.5 writes filters and their values in another order with each run; two builds of the same records should
# be the same to the last byte, so both are sorted here. And it packs the words by some 25 KiB, of which a reader pays
# one for each word that is asked for, and our query layer asks for many: so they are packed anew in smaller pieces.
# All files are named after what they hold. Read and written is the form of Pagefind 1.5, see test_finding.py.
_MARK = b"pagefind_dcd"
_PIECES, _FILTERS = 2, 3  # places of words and filters among the parts of the overview
_PIECE = 1_000  # numbers in a piece, some 2 KiB on the wire; one word may be more


def _repack(folder: Path) -> None:
    files = {path.stem: _replace(path, _sorted_values(_read(path)), 7) for path in (folder / "filter").glob("*")}
    (path,) = folder.glob("*.pf_meta")
    overview = _read(path)
    overview[_FILTERS] = sorted([name, files[file]] for name, file in overview[_FILTERS])
    overview[_PIECES] = list(_pack(folder, [file for _, _, file in overview[_PIECES]]))
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    entry["languages"][_LANGUAGE]["hash"] = _replace(path, overview, 10).removeprefix("pagefind.")
    (folder / "pagefind-entry.json").write_text(json.dumps(entry, separators=(",", ":")), "utf-8")


def _sorted_values(data: list[Any]) -> list[Any]:
    name, values = data
    return [name, sorted(values)]


def _pack(folder: Path, files: Iterable[str]) -> Iterator[list[str]]:
    """Write the words of some files anew as [from, to, file] in their order."""
    old = [folder / "index" / f"{file}.pf_index" for file in files]
    pieces = list(_pieces(sorted((word for path in old for word in _words(path)), key=lambda word: word.text)))
    for path in old:
        path.unlink()
    before = ""
    for number, piece in enumerate(pieces):
        first, last = piece[0].text, piece[-1].text
        after = pieces[number + 1][0].text if number + 1 < len(pieces) else last
        content = _head(1) + _head(len(piece)) + b"".join(word.raw for word in piece)
        file = _write(folder / "index" / f"{_LANGUAGE}_x.pf_index", content, 7)
        # As many letters as tell the ends of two neighbours apart.
        yield [first[: german.alike(before, first) + 1], last[: german.alike(last, after) + 1], file]
        before = last


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the index: [word, pages, other forms], where a page is [page, places, …].

    Attributes:
        text: the word.
        numbers: how many numbers its pages hold.
        raw: all of it as Pagefind wrote it, since to write it anew would take as long as the rest.
    """

    text: str
    numbers: int
    raw: bytes


def _words(path: Path) -> Iterator[_Word]:
    """The words of a file, which is an array of one array of them."""
    content = _unpacked(path)
    stream = io.BytesIO(content)
    decoder = cbor2.CBORDecoder(stream, read_size=1)  # takes no more than it gives, so that the stream tells the ends
    _, amount = _length(stream), _length(stream)
    start = stream.tell()
    for _ in range(amount):
        text, pages, *_ = decoder.decode()
        end = stream.tell()
        yield _Word(str(text), sum(2 + len(places) for _, places, *_ in pages), content[start:end])
        start = end


def _length(stream: io.BytesIO) -> int:
    """The number of items of the array that begins here (RFC 8949, section 3)."""
    kind, said = divmod((stream.read(1) or b"\0")[0], 32)
    if kind != 4:
        raise ValueError("not an array")
    return said if said < 24 else int.from_bytes(stream.read(1 << (said - 24)), "big")


def _head(amount: int) -> bytes:
    """What an array of so many items begins with."""
    return cbor2.dumps([0] * amount)[:-amount]


def _pieces(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """The words in runs of up to ``_PIECE`` numbers."""
    piece: list[_Word] = []
    size = 0
    for word in words:
        if piece and size + word.numbers > _PIECE:
            yield piece
            piece, size = [], 0
        piece.append(word)
        size += word.numbers
    if piece:
        yield piece


def _read(path: Path) -> Any:
    return cbor2.loads(_unpacked(path))


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()).removeprefix(_MARK)


def _replace(path: Path, data: Any, digits: int) -> str:
    """Write data in place of a file; returns its new name, without its ending."""
    path.unlink()
    return _write(path, cbor2.dumps(data), digits)


def _write(path: Path, content: bytes, digits: int) -> str:
    """Write data beside a path, under its name but for what stands behind the last underscore."""
    content = _MARK + content
    start = path.stem.rpartition("_")[0]
    new = path.with_name(f"{start}_{hashlib.sha256(content).hexdigest()[:digits]}{path.suffix}")
    new.write_bytes(gzip.compress(content, 6, mtime=0))
    return new.stem
