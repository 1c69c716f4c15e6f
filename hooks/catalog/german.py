"""German words as search and similarity see them: stems, nouns, parts of compounds.

Stems are Snowball's (PyStemmer). Compounds are split only into words that the
texts use on their own, so that no dictionary, and no licence of one, is needed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import Stemmer

_WORD = re.compile(r"[^\W\d_]{3,}")
# A word with a capital letter that no mark before it makes the start of a sentence.
_NOUN = re.compile(r"(?<=[^.!?:\n][ (])[A-ZÄÖÜ][^\W\d_]{3,}")
MIN_PART = 4
# What German puts between the parts of a compound, longest first.
_JOINTS = ("es", "en", "s", "n", "")


def words(text: str) -> list[str]:
    """The words of a text in their order."""
    return _WORD.findall(text)


def nouns(text: str) -> list[str]:
    """The nouns of a text in their order: words with a capital, except at the start of a sentence."""
    return _NOUN.findall(text)


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("german", maxCacheSize=0)


def stem(word: str) -> str:
    """``Sprachmittlungen`` -> ``sprachmittlung``."""
    return str(_stemmer().stemWord(word.casefold()))


def parts(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The stems of which a compound consists, or nothing if it is none.

    Args:
        word: a word, casefolded, not stemmed.
        known: stems that occur as words of their own.

    Returns:
        Two stems; the right one as long as possible, since it says what the thing is.
    """
    for cut in range(MIN_PART, len(word) - MIN_PART + 1):
        right = stem(word[cut:])
        if right in known and (left := _left(word[:cut], known)):
            return left, right
    return ()


def _left(word: str, known: Collection[str]) -> str:
    """The stem of a compound's first part, without what joins it to the second; empty if it is no known word."""
    for joint in _JOINTS:
        if word.endswith(joint) and len(word) - len(joint) >= MIN_PART:
            found = stem(word.removesuffix(joint) if joint else word)
            if found in known:
                return found
    return ""
