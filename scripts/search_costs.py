"""What the search costs a reader: bytes on the wire and milliseconds from a key to its results, in real Chromium."""

from __future__ import annotations

import gzip
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

sys.path.insert(0, str(ROOT / "tests"))

from browsing import chromium, serving

KIB = 1024
_PACKED = (".pagefind", ".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter")  # compressed as they lie on the server

# Types a query as a reader does and waits until the page says what was found for it.
TYPE = """(query) => new Promise((done) => {
  const status = document.querySelector(".wb-search__status");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (!status.textContent.includes(`„${query}“`)) return;
    observer.disconnect();
    done(performance.now() - start);
  }).observe(status, { childList: true, characterData: true, subtree: true });
  const field = document.getElementById("wb-q");
  field.value = query;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


@dataclass(frozen=True)
class Costs:
    """What searching one site costs.

    Attributes:
        before: bytes of the page before a search, with its styles and scripts.
        idle: bytes of the index and its words fetched before a search; 0 as it should be.
        first, worst: bytes that the first search adds, the results that it shows included; median and most.
        later: bytes that a later search adds, the median.
        first_ms: milliseconds from the key to the results of the first search, median over fresh readers.
        median_ms, slow_ms: of later searches, median and 95th percentile.
    """

    before: int
    idle: int
    first: int
    worst: int
    later: int
    first_ms: float
    median_ms: float
    slow_ms: float

    def row(self, measures: int) -> str:
        """A line of the Markdown table."""
        before, idle, first, worst, later = (
            f"{size / KIB:,.0f}" for size in (self.before, self.idle, self.first, self.worst, self.later)
        )
        sizes = f"{before} KiB | {idle} KiB | {first} / {worst} KiB | {later} KiB"
        return f"| {measures:,} | {sizes} | {self.first_ms:.0f} ms | {self.median_ms:.0f} / {self.slow_ms:.0f} ms |"


HEADER = (
    "| measures | page | index before a search | first search adds, median / most | later, median "
    "| first result | later, median / 95 % |\n|--:|--:|--:|--:|--:|--:|--:|"
)


def measure(site: Path) -> Costs:
    """Search a built site: every fifth judged query as a reader with an empty cache, then all of them as one reader."""
    queries = list(json.loads((ROOT / "tests/search/queries.json").read_text(encoding="utf-8")))
    asked: list[str] = []
    with serving(site, asked, Cache_Control="max-age=3600") as address, chromium() as browser:

        def reader(texts: list[str]) -> tuple[list[str], list[tuple[int, float]]]:
            """What the page fetches, and (bytes, milliseconds) of each search."""
            context = browser.new_context()
            page = context.new_page()
            asked.clear()
            page.goto(f"{address}suche/", wait_until="networkidle")
            before, costs = list(asked), []
            for text in texts:
                asked.clear()
                taken = _typed(page, text)
                costs.append((sum(_wire(site, path) for path in asked), taken))
            context.close()
            return before, costs

        firsts = [reader([text])[1][0] for text in queries[::5]]
        before, (_, *later) = reader(queries)
    times = [taken for _, taken in later]
    return Costs(
        before=sum(_wire(site, path) for path in before),
        idle=sum(_wire(site, path) for path in before if "/suche/" in path and path != "/suche/"),
        first=int(statistics.median(size for size, _ in firsts)),
        worst=max(size for size, _ in firsts),
        later=int(statistics.median(size for size, _ in later)),
        first_ms=statistics.median(taken for _, taken in firsts),
        median_ms=statistics.median(times),
        slow_ms=statistics.quantiles(times, n=20)[-1],
    )


def _typed(page: Any, query: str) -> float:
    taken = float(page.evaluate(TYPE, query))
    page.wait_for_load_state("networkidle")
    return taken


def _wire(site: Path, path: str) -> int:
    """Bytes of a file as a server with gzip sends it."""
    file = site / path.strip("/")
    content = (file / "index.html" if file.is_dir() else file).read_bytes()
    return len(content) if file.suffix in _PACKED else len(gzip.compress(content, 6))
