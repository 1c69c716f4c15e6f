"""Bind the judgements of a search study to records, through the line ranges in their ``sources``.

Usage: python tests/search/bind.py JUDGED.json DOCUMENTS/ > passages.json

JUDGED.json is a list of {query, type, relevant: [{grade, source, key_phrase}]}; a judgement says that a
passage of a document, named by some words of it, answers a query. DOCUMENTS/ holds the text editions of the
documents as 000.txt to 004.txt. The result is {query: {type, passages: {address of a record: grade}}}.

A passage belongs to the measures whose lines hold at least half of its words; where no measure does, to the
other records of which that is true; where none does, to the records nearest to it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))

from project import load_site

DOCUMENTS = {
    "000": "umsetzungsschritte-bielefeld-2017",
    "001": "austauschtreffen-2017",
    "002": "partnerbericht-2020",
    "003": "niederschrift-integrationsrat-2021-11-24",
    "004": "sachstandsbericht-dortmund-2018",
}
SHORTEST = 3  # words of a phrase that must be found in a row

Place = tuple[int, int, Any]  # first line, last line, record


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def lines_of(phrase: str, numbered: list[tuple[str, int]]) -> list[int]:
    """The line of each word of the longest run of a phrase that a document has."""
    wanted, present = words(phrase), [word for word, _ in numbered]
    for length in range(len(wanted), SHORTEST - 1, -1):
        for start in range(len(wanted) - length + 1):
            run = wanted[start : start + length]
            for at in range(len(present) - length + 1):
                if present[at] == run[0] and present[at : at + length] == run:
                    return [line for _, line in numbered[at : at + length]]
    raise ValueError(f"no document has the words „{phrase}“")


def ranges(lines: str | None) -> Iterator[tuple[int, int]]:
    for part in (lines or "").split(","):
        if part.strip():
            first, _, last = part.strip().partition("-")
            yield int(first), int(last or first)


def holding(places: Iterable[Place], lines: list[int]) -> list[str]:
    """The records whose lines hold at least half of a passage's words."""
    amounts: dict[str, int] = defaultdict(int)
    for first, last, record in places:
        amounts[record.page_address] += sum(first <= line <= last for line in lines)
    return [address for address, amount in amounts.items() if 2 * amount >= len(lines)]


def bound(places: list[Place], lines: list[int]) -> list[str]:
    measures = [place for place in places if place[2].kind == "measure"]
    if found := holding(measures, lines) or holding(places, lines):
        return found
    away = [(min(max(first - line, line - last) for line in lines), record) for first, last, record in places]
    nearest = min(distance for distance, _ in away)
    return [record.page_address for distance, record in away if distance == nearest]


def main(judged: str, documents: str) -> None:
    site, _ = load_site()
    texts, places = {}, defaultdict(list)
    for key, document in DOCUMENTS.items():
        text = (Path(documents) / f"{key}.txt").read_text()
        texts[key] = [(word, n) for n, line in enumerate(text.splitlines(), 1) for word in words(line)]
        for record in site.catalog:
            for source in getattr(record, "sources", ()):
                if source.document == document:
                    places[key] += [(first, last, record) for first, last in ranges(source.lines)]
    result: dict[str, Any] = {}
    for query in json.loads(Path(judged).read_text()):
        passages = result.setdefault(query["query"], {"type": query["type"], "passages": {}})["passages"]
        for judgement in query["relevant"]:
            key = judgement["source"]
            for address in bound(places[key], lines_of(judgement["key_phrase"], texts[key])):
                passages[address] = max(passages.get(address, 0), judgement["grade"])
    print(json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
