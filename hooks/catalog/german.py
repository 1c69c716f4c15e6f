"""German words as search and similarity see them: stems, nouns, parts of compounds.

Stems are Snowball's (PyStemmer). Compounds are split only into words that the
texts use on their own, so that no dictionary, and no licence of one, is needed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from functools import cache

import Stemmer

_WORD = re.compile(r"[^\W\d_]{3,}")
# A word with a capital letter that no mark before it makes the start of a sentence.
_NOUN = re.compile(r"(?<=[^.!?:\n][ (])[A-ZÄÖÜ][^\W\d_]{3,}")
MIN_PART = 4
# Words that say nothing about what is sought, question words and words of asking among them.
_STOP_WORDS = """
aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch auf aus bei beim
bekomme bekommen bereits bin bis bist da dabei damit dann darf das dass dazu dein deine dem den denn der des dessen
die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines einige er es etwas
euch euer finde finden findet für gab geben gegen gehören gehört gemacht gesucht gibt hab habe haben hat hatte
helfen hier hilft hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes
jetzt kann kein keine keinen können könnte lässt läuft machen macht man mehr mein meine mich mir mit muss möchte
nach nicht noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so solche soll sollen sollte sondern
suche suchen tun tut um und uns unser unsere unter viel viele vom von vor wann war waren warum was weil welche
welchem welchen welcher welches wem wen wenn wer werde werden weshalb wessen wie wieder wieso will wir wird wo wobei
wofür woher wohin womit wurde wurden zu zum zur zwischen über
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
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


def alike(one: str, other: str) -> int:
    """The number of letters with which both begin."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


_FOLDED = str.maketrans({"ß": "ss", "ä": "a", "ö": "o", "ü": "u"})
_SPELLED_OUT = re.compile(r"(?<!q)([aou])e")
_FEMALE = re.compile(r"(er|ist|ent|ant|eur|or|ar|arzt)(?:innen|in)$")
_ENDING = re.compile(r"(?:em|ern|er|en|es|e|s|n)$")


def rough_stem(word: str) -> str:
    """``Lehrerinnen`` -> ``lehr``: what inflections, gender forms and spellings of umlauts share.

    Coarser than ``stem``, and simple enough to be the same in the browser (``stem`` in query.js).
    """
    found = _FEMALE.sub(r"\1", _SPELLED_OUT.sub(r"\1", word.lower().translate(_FOLDED)))
    while (shorter := _ENDING.sub("", found)) != found and len(shorter) >= MIN_PART:
        found = shorter
    return found


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
