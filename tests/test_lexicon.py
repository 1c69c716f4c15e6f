"""The words of the site as the browser gets them."""

from __future__ import annotations

import json
import re

import pytest

from catalog import german, lexicon
from catalog.thesaurus import Thesaurus

TEXTS = [
    "Der Sprachmittlerpool hilft Lehrerinnen. Lehrer übersetzen.",
    "Lehrern wird geholfen: Übersetzen, Lehrkräfte, VHS und vhs-Kurse.",
    "Hilfe für Sprachmittlerpools in Ärztehäusern",
]


def words_of(texts: list[str]) -> dict[str, int]:
    """The words with the bit length of the number of their pages, decoded as query.js does it."""
    data = json.loads(lexicon.text(Thesaurus(), texts))
    found, before = [], ""
    for shared, rest in re.findall(r"([#-@])([^#-@]*)", data["words"]):
        before = before[: ord(shared) - ord("#")] + rest
        found.append(before)
    assert len(found) == len(data["pages"])
    return dict(zip(found, (ord(mark) - ord("0") for mark in data["pages"]), strict=True))


def test_one_word_stands_for_its_inflections() -> None:
    words = words_of(TEXTS)
    assert list(words) == sorted(words, key=lambda word: (word.lower(), word))
    assert words["Sprachmittlerpool"] == (2).bit_length()
    assert "Sprachmittlerpools" not in words
    assert not {"Lehrern", "Lehrerinnen"} & set(words)
    assert words["Lehrer"] == (2).bit_length()


def test_a_word_has_a_small_letter_if_it_ever_has_one() -> None:
    words = words_of(TEXTS)
    assert "übersetzen" in words
    assert "Übersetzen" not in words
    assert "vhs" in words


def test_a_long_common_beginning() -> None:
    """The characters for what is shared end at @, which stands for 29 letters."""
    long = "Donaudampfschifffahrtsgesellschaftskapitän"
    assert set(words_of([f"{long} {long}smütze"])) == {long, f"{long}smütze"}


def test_thesaurus_goes_along() -> None:
    thesaurus = Thesaurus((("Azubi", "Lehrling"),), (("Film", "Imagefilm"),), {"VHS": "Volkshochschule"})
    data = json.loads(lexicon.text(thesaurus, TEXTS))
    assert data["synonyms"] == [["Azubi", "Lehrling"]]
    assert data["related"] == [["Film", "Imagefilm"]]
    assert data["abbreviations"] == [["VHS", "Volkshochschule"]]
    assert "welche" in data["stop"].split()


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("Lehrerinnen", "lehr"), ("Lehrer", "lehr"), ("Straßenfeste", "strassenfest"), ("Ärztinnen", "arzt"),
        ("Aerzte", "arzt"), ("Quellen", "quell"), ("Häusern", "haus"), ("KI", "ki"),
    ],
)  # fmt: skip
def test_rough_stem(word: str, stem: str) -> None:
    assert german.rough_stem(word) == stem
