"""The words of the site for the search in the browser: what can be found, and what means the same.

One word stands for all its inflections, since the index itself knows stems. The
browser uses the list to recognise misspelled words and the parts of compounds.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from catalog import german
from catalog.thesaurus import Thesaurus

FILE = "suche/woerter.json"


def text(thesaurus: Thesaurus, texts: Iterable[str]) -> str:
    """The file: words with the number of pages that have them, stop words and the thesaurus.

    Args:
        thesaurus: what means the same.
        texts: the text of each page that can be found, as the index has it.
    """
    words = sorted(_count(texts), key=lambda pair: (pair[0].lower(), pair[0]))
    data = {
        "words": "".join(_front_coded(word for word, _ in words)),
        "pages": "".join(chr(ord("0") + amount.bit_length()) for _, amount in words),
        "stop": " ".join(sorted(german.STOP_WORDS)),
        "synonyms": thesaurus.synonyms,
        "related": thesaurus.related,
        "abbreviations": [*thesaurus.abbreviations.items()],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


Stems = tuple[str, str]


def _count(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """(word, number of pages): one word for all that the index and the browser take for the same."""
    amounts: Counter[Stems] = Counter()
    forms: dict[Stems, str] = {}
    stems: dict[str, Stems] = {}
    for page in texts:
        found = set(german.words(page))
        for written in found - stems.keys():
            word = written if written[1:].islower() else written.lower()
            both = stems[written] = (german.stem(word), german.rough_stem(word))
            forms[both] = min(forms.get(both, word), word, key=_rank)
        amounts.update({stems[word] for word in found})
    return ((forms[both], amount) for both, amount in amounts.items())


def _rank(form: str) -> tuple[int, bool, str]:
    """Of the forms of a word the shortest stands for all; with a small letter if it ever has one."""
    return len(form), form[0].isupper(), form


def _front_coded(words: Iterable[str]) -> Iterator[str]:
    """Each word as the length of what it shares with the one before, one of the characters # to @, and its rest."""
    before = ""
    for word in words:
        shared = min(german.alike(before, word), ord("@") - ord("#"))
        yield chr(ord("#") + shared) + word[shared:]
        before = word
