"""The words of the site as the browser gets them."""

from __future__ import annotations

import json
import re

import pytest

from catalog import german, lexicon, views
from catalog.render import Site
from catalog.thesaurus import Thesaurus


def words_of(site: Site) -> dict[str, int]:
    """The words with the bit length of the number of their pages, decoded as query.js does it."""
    data = json.loads(lexicon.text(site, views.plan(site)))
    found, before = [], ""
    for shared, rest in re.findall(r"([#-@])([^#-@]*)", data["words"]):
        before = before[: ord(shared) - ord("#")] + rest
        found.append(before)
    assert len(found) == len(data["pages"])
    return dict(zip(found, (ord(mark) - ord("0") for mark in data["pages"]), strict=True))


def test_words_are_those_of_the_pages(small_site: Site) -> None:
    words = words_of(small_site)
    assert list(words) == sorted(words, key=lambda word: (word.lower(), word))
    assert words["Verständigung"] == 1
    assert "oeffnung" not in words  # a piece of a link's address


def test_one_word_stands_for_its_inflections(real_site: Site) -> None:
    words = words_of(real_site)
    stems = [(german.stem(word), german.rough_stem(word)) for word in words]
    assert len(set(stems)) == len(stems)
    assert "Sprachmittlerpool" in words or "sprachmittlerpool" in words
    # Pages with the word „Fortbildung“, of which there are more than a hundred.
    assert words["Fortbildung"] >= (100).bit_length()


def test_thesaurus_goes_along(real_site: Site) -> None:
    data = json.loads(lexicon.text(real_site, views.plan(real_site)))
    assert ["VHS", "Volkshochschule"] in data["abbreviations"]
    assert [group for group in data["synonyms"] if "Azubi" in group] == [
        list(_group(real_site.catalog.thesaurus, "Azubi"))
    ]
    assert "welche" in data["stop"].split()


def _group(thesaurus: Thesaurus, word: str) -> tuple[str, ...]:
    return tuple(next(group for group in thesaurus.synonyms if word in group))


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("Lehrerinnen", "lehr"), ("Lehrer", "lehr"), ("Straßenfeste", "strassenfest"), ("Ärztinnen", "arzt"),
        ("Aerzte", "arzt"), ("Quellen", "quell"), ("Häusern", "haus"), ("KI", "ki"),
    ],
)  # fmt: skip
def test_rough_stem(word: str, stem: str) -> None:
    assert german.rough_stem(word) == stem
