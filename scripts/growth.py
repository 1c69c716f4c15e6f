"""What grows with the number of measures: bytes of the site, its pages, each data file and the search index."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

import project  # noqa: F401  (first: completes sys.path)

from catalog import downloads
from catalog.finding import FOLDER

KIB = 1024
MIB = 1024 * KIB
# The files of one kind of record, and the one that holds them all.
_ENDINGS = ("json", "jsonl", "csv", "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Growth:
    """How large one built site is.

    Attributes:
        site: bytes of all its files.
        files: how many these are.
        page: bytes of a measure's page, the median.
        index: bytes of the search index.
        data: ending -> bytes of the file with all measures.
        archive: bytes of the one file with all data.
    """

    site: int
    files: int
    page: int
    index: int
    data: dict[str, int]
    archive: int

    def row(self, measures: int, seconds: float, peak_bytes: int) -> str:
        """A line of the Markdown table."""
        sizes = [_mib(self.site), f"{self.files:,}", f"{self.page / KIB:.1f} KiB", _mib(self.index)]
        sizes += [_mib(self.data[ending]) for ending in _ENDINGS]
        times = f"{measures:,} | {seconds:.1f} s | {peak_bytes / MIB:,.0f} MiB"
        return f"| {times} | {' | '.join((*sizes, _mib(self.archive)))} |"


HEADER = (
    "| measures | build | memory | site | files | page of a measure | search index "
    f"| {' | '.join(downloads.FORMATS[ending].name for ending in _ENDINGS)} | ZIP of all |\n|{'--:|' * 13}"
)


def measure(site: Path) -> Growth:
    """Weigh a built site."""
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    pages = [size for path, size in sizes.items() if path.match("massnahmen/*/*/index.html")]
    data = {ending: sizes[site / downloads.path("measure", ending)] for ending in _ENDINGS}
    index = sum(size for path, size in sizes.items() if path.is_relative_to(site / FOLDER))
    archive = sizes[site / downloads.ARCHIVE]
    return Growth(sum(sizes.values()), len(sizes), int(statistics.median(pages)), index, data, archive)


def _mib(size: int) -> str:
    return f"{size / MIB:.2f} MiB"
