"""How good the search is: the judged queries, asked in Chromium.

Usage: python tests/search/quality.py [--site DIR] [--queries FILE] [--ingredients] [--worst N]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import mean
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
SEEN = 10  # results that a reader looks at

# What is done to the query layer before it is asked. Each ingredient comes on top of those before; by its weights.
_ADDED = {
    "without stop words": ("direct", "half"),
    "parts of compounds": ("ending", "beginning", "inside", "parts"),
    "spelling": ("spelling",),
    "synonyms": ("synonym",),
    "abbreviations": ("abbreviation",),
    "related words": ("related",),
}
INGREDIENTS: Mapping[str, Mapping[str, Any]] = {
    "Pagefind as it comes": {"stock": True},
    "any of the words, more come first": {"weights": _ADDED["without stop words"], "stop": False},
    **{name: {"weights": weights} for name, weights in zip(_ADDED, accumulate(_ADDED.values()), strict=True)},
}

ASK = """async ([queries, setting]) => {
  const root = new URL("../", location.href);
  const query = await import(new URL("assets/query.js", root));
  const { Engine } = await import(new URL("assets/search-engine.js", root));
  const engine = await Engine.start(root, []);
  const before = { ...query.WEIGHT };
  if (setting.weights) for (const key of Object.keys(query.WEIGHT)) if (!setting.weights.includes(key)) query.WEIGHT[key] = 0;
  if (setting.stop === false) engine.lexicon.stop = new Set();
  const found = [];
  for (const text of queries) {
    const hits = setting.stock ? (await engine.pagefind.search(text)).results.map((result) => ({ result })) : (await engine.find(text, false)).hits;
    const pages = await Promise.all(hits.slice(0, 10).map(({ result }) => result.data()));
    found.push(pages.map((page) => page.url.slice(root.pathname.length)));
  }
  Object.assign(query.WEIGHT, before);
  return found;
}"""


@dataclass(frozen=True)
class Query:
    """A query and what answers it, address -> grade; ``passages`` by the study alone, ``relevant`` completed."""

    text: str
    type: str
    passages: Mapping[str, int]
    relevant: Mapping[str, int]


def load(path: Path = HERE / "queries.json") -> list[Query]:
    found = []
    for text, entry in json.loads(path.read_text()).items():
        completed = {**entry["passages"], **entry.get("judged", {})}
        relevant = {address: grade for address, grade in completed.items() if grade}
        found.append(Query(text, entry["type"], entry["passages"], relevant))
    return found


def ask(
    page: Page, address: str, queries: Sequence[Query], setting: Mapping[str, Any] | None = None
) -> list[list[str]]:
    """For each query the addresses of the first ten results; ``page`` is left on the search page."""
    page.goto(f"{address}suche/")
    answers: list[list[str]] = page.evaluate(ASK, [[query.text for query in queries], setting or {}])
    return answers


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def scores(found: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """nDCG, recall (of at most ten), reciprocal rank and failure of one query."""
    grades = [relevant.get(address, 0) for address in found[:SEEN]]
    best = sorted(relevant.values(), reverse=True)[:SEEN]
    first = next((place for place, grade in enumerate(grades) if grade), None)
    return {
        "nDCG@10": _gain(grades) / _gain(best),
        "recall@10": sum(map(bool, grades)) / len(best),
        "MRR": 0.0 if first is None else 1 / (first + 1),
        "none": float(first is None),
    }


def summary(
    queries: Sequence[Query], found: Sequence[Sequence[str]], completed: bool = True
) -> dict[str, dict[str, float]]:
    """Means over all queries, under ``all``, and by type."""
    groups: dict[str, list[dict[str, float]]] = defaultdict(list)
    for query, addresses in zip(queries, found, strict=True):
        one = scores(addresses, query.relevant if completed else query.passages)
        groups["all"].append(one)
        groups[query.type].append(one)
    return {name: {key: mean(one[key] for one in ones) for key in ones[0]} for name, ones in groups.items()}


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    columns = list(next(iter(rows.values())))
    lines = [f"{'':<36}" + "".join(f"{column:>11}" for column in columns)]
    lines += [f"{name:<36}" + "".join(f"{row[column]:>11.3f}" for column in columns) for name, row in rows.items()]
    return "\n".join(lines)


def main() -> None:
    sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "scripts")]
    from browsing import chromium, serving

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=HERE.parent.parent / "site", help="a built site")
    parser.add_argument("--queries", type=Path, default=HERE / "queries.json", help="the judged queries")
    parser.add_argument("--ingredients", action="store_true", help="what each ingredient gives, added one by one")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show the N queries with the worst results")
    options = parser.parse_args()
    queries = load(options.queries)
    with serving(options.site) as address, chromium() as browser:
        page = browser.new_page()
        if options.ingredients:
            settings = {name: ask(page, address, queries, setting) for name, setting in INGREDIENTS.items()}
            print(table({name: summary(queries, found)["all"] for name, found in settings.items()}))
            return
        found = ask(page, address, queries)
    print("completed judgements\n" + table(summary(queries, found)))
    print("\npassages alone\n" + table({"all": summary(queries, found, completed=False)["all"]}))
    ranked = sorted(zip(queries, found, strict=True), key=lambda pair: scores(pair[1], pair[0].relevant)["nDCG@10"])
    for query, addresses in ranked[: options.worst]:
        print(f"\n{scores(addresses, query.relevant)['nDCG@10']:.2f} {query.text}")
        print("\n".join(f"  {query.relevant.get(address, '-')} {address}" for address in addresses))


if __name__ == "__main__":
    main()
