"""Which measures are alike in content, and why.

A measure is a vector of the words of its title, summary and text (weighted by
tf-idf, Salton and Buckley 1988), compared by cosine. What editors have coded
(formats, target groups, networks, who takes part) adds to the likeness of
measures that already share words, and gives the reason that readers see.

Work grows with the number of measures, not with its square: few words of a
measure count, and a word that many share finds no candidates.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog import german
from catalog.model import Measure
from catalog.relations import Key, Relations
from catalog.store import uncollected

SHOWN = 3  # suggestions for a measure, at most
PER_PARTNER = 2  # of them by one partner, at most
NOUNS = 3  # named as the reason, at most
TERMS = 14  # words of a measure that count
COMMON = 32  # measures that may share a word before it stops finding candidates
LEAST_WORDS = 0.12  # of telling words that a candidate must share
LEAST = 0.44  # below it, likeness is chance; chosen on the judged pairs of tests/cases/similar.yml
# How much a word counts by where it stands; the last is for the parts of a compound.
_TITLE, _SUMMARY, _TEXT, _PART = 3.0, 2.0, 1.0, 0.5
_BROAD = 0.3  # what all shared words but the strongest count once more: one word alone is often chance
# How much agreement in coded fields adds, at most; the share of common values counts.
_CODED = {"formats": 0.2, "target_groups": 0.1, "category": 0.1, "networks": 0.15, "cooperation": 0.08}


@dataclass(frozen=True, slots=True)
class Likeness:
    """That another measure is alike.

    Attributes:
        measure: the other measure.
        score: likeness of the words plus what the coded fields add; 0 to about 1.9.
        words: the weightiest ``NOUNS`` nouns that both use.
        shared: coded field -> values that both carry, sorted.
    """

    measure: Measure
    score: float
    words: tuple[str, ...]
    shared: Mapping[str, tuple[str, ...]]


def similar(relations: Relations) -> dict[Key, tuple[Likeness, ...]]:
    """For each measure up to ``SHOWN`` measures of other partners that are alike, best first.

    Other partners only: what the same partner does stands on the partner's page,
    and readers look for others who do the same.
    """
    with uncollected():
        return _similar(relations.all_measures)


def _similar(measures: Sequence[Measure]) -> dict[Key, tuple[Likeness, ...]]:
    texts = _Texts(measures)
    alike: list[list[tuple[float, str, int]]] = [[] for _ in measures]
    for one, other, score in _pairs(measures, texts):
        alike[one].append((-score, measures[other].ref, other))
        alike[other].append((-score, measures[one].ref, one))
    return {measure.key: _best(measures, texts, index, sorted(alike[index])) for index, measure in enumerate(measures)}


def _pairs(measures: Sequence[Measure], texts: _Texts) -> Iterator[tuple[int, int, float]]:
    """(one, other, score) of measures of different partners that are alike enough, each pair once."""
    spread = _spread(texts.vectors)
    known: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for one, vector in enumerate(texts.vectors):
        scores: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            if spread[term] <= COMMON:
                for other, theirs in known[term]:
                    scores[other] += weight * theirs
                known[term].append((one, weight))
        for other, score in scores.items():
            if score >= LEAST_WORDS and measures[one].partner != measures[other].partner:
                # Rounded, so that the order never hangs on the last bit of a sum.
                likeness = round(texts.likeness(one, other), 9)
                if likeness >= LEAST:
                    yield one, other, likeness


def _best(
    measures: Sequence[Measure], texts: _Texts, index: int, ranked: Iterable[tuple[float, str, int]]
) -> tuple[Likeness, ...]:
    """The first ``SHOWN``, with no partner more than ``PER_PARTNER`` times."""
    found: list[Likeness] = []
    partners: Counter[str] = Counter()
    for score, _, other in ranked:
        partners[measures[other].partner] += 1
        if partners[measures[other].partner] <= PER_PARTNER:
            shared = _shared(texts.coded[index], texts.coded[other])
            found.append(Likeness(measures[other], -score, texts.common_nouns(index, other), shared))
        if len(found) == SHOWN:
            break
    return tuple(found)


def _agreement(mine: _Coded, theirs: _Coded) -> float:
    """What the coded fields add: for each the share of values that both have (Jaccard)."""
    added = 0.0
    for name, values in mine.items():
        if name in theirs and (common := len(values & theirs[name])):
            added += _CODED[name] * common / (len(values) + len(theirs[name]) - common)
    return added


def _shared(one: _Coded, other: _Coded) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(sorted(common)) for name, values in one.items() if (common := values & other.get(name, _NOTHING))
    }


def _coded(measure: Measure) -> _Coded:
    """What editors have coded, without empty fields."""
    values = {name: (measure.category,) if name == "category" else getattr(measure, name) for name in _CODED}
    return {name: frozenset(found) for name, found in values.items() if found}


_Coded = Mapping[str, frozenset[str]]
_NOTHING: frozenset[str] = frozenset()


class _Texts:
    """The word vectors of all measures.

    Attributes:
        vectors: for each measure its weightiest stems with their weights, of length 1 together.
        coded: for each measure what editors have coded, field -> values.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self._stems: dict[str, str] = {}
        self._nouns: dict[str, str] = {}
        counted = [self._count(measure) for measure in measures]
        self._split(counted, {term for term, amount in _spread(counted).items() if amount > 1})
        rarity = {term: math.log(len(measures) / n) for term, n in _spread(counted).items() if n > 1}
        self.vectors = [dict(_weightiest(counts, rarity)) for counts in counted]
        self.coded = [_coded(measure) for measure in measures]

    def likeness(self, one: int, other: int) -> float:
        """The cosine of two measures, a little more the less it hangs on one word, and what the coded fields add.

        0 if they share just one word, which is often chance.
        """
        first, second = self.vectors[one], self.vectors[other]
        products = [weight * second[term] for term, weight in first.items() if term in second]
        if len(products) < 2:
            return 0.0
        cosine = sum(products)
        return cosine + _BROAD * (cosine - max(products)) + _agreement(self.coded[one], self.coded[other])

    def common_nouns(self, one: int, other: int) -> tuple[str, ...]:
        """The weightiest nouns that two measures share, each in its shortest form."""
        first, second, nouns = self.vectors[one], self.vectors[other], self._nouns
        shared = [(-weight * second[term], term) for term, weight in first.items() if term in second and term in nouns]
        return tuple([nouns[term] for _, term in sorted(shared)[:NOUNS]])

    def _count(self, measure: Measure) -> dict[str, float]:
        """Stem -> weight: all words of title and summary, and the nouns of the text, which carry its content."""
        counts: dict[str, float] = defaultdict(float)
        for words, weight in ((german.words(measure.title), _TITLE), (german.words(measure.summary), _SUMMARY)):
            for word in words:
                counts[self._stems.get(word) or self._stem(word)] += weight
        for noun in german.nouns(measure.text):
            term = self._stems.get(noun) or self._stem(noun)
            counts[term] += _TEXT
            if len(noun) < len(self._nouns.setdefault(term, noun)):
                self._nouns[term] = noun
        return counts

    def _stem(self, word: str) -> str:
        term = self._stems[word] = german.stem(word)
        return term

    def _split(self, counted: Iterable[dict[str, float]], known: set[str]) -> None:
        """Add to each text the parts of its compounds, so that a pool of language mediators meets their training."""
        compounds = {
            self._stems[word]: parts
            for word in sorted(self._stems)
            if len(word) >= 2 * german.MIN_PART and (parts := german.parts(word.casefold(), known))
        }
        for counts in counted:
            for term in [term for term in counts if term in compounds]:
                for part in compounds[term]:
                    counts[part] = counts.get(part, 0.0) + _PART * counts[term]


def _spread(counted: Iterable[Mapping[str, float]]) -> Counter[str]:
    """Stem -> number of texts that have it."""
    return Counter(itertools.chain.from_iterable(counted))


def _weightiest(counts: Mapping[str, float], rarity: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The ``TERMS`` heaviest terms of a text by tf-idf, scaled so that their squares add up to 1."""
    log = math.log
    weights = [(-(1 + log(amount)) * rarity[term], term) for term, amount in counts.items() if term in rarity]
    kept = sorted(weights)[:TERMS]
    length = math.sqrt(sum(weight * weight for weight, _ in kept)) or 1.0
    return ((term, -weight / length) for weight, term in kept)
