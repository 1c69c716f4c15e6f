"""Which measures are alike: quality against judged pairs, reasons, order."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog import german, similarity
from catalog.site import Site

JUDGED = yaml.safe_load((Path(__file__).parent / "cases" / "similar.yml").read_text())


def suggested(site: Site) -> set[str]:
    return {f"{ref} -> {found.measure.ref}" for (_, ref), all_of in site.similar.items() for found in all_of}


def test_most_suggestions_are_useful(real_site: Site) -> None:
    """Precision of the first three: the share of judged suggestions that at least one of two readers found useful."""
    shown = suggested(real_site)
    grades = [pair for sample in JUDGED.values() for name, pair in sample.items() if name in shown]
    assert len(grades) >= 150
    assert sum(max(pair) > 0 for pair in grades) / len(grades) >= 0.83
    assert sum(min(pair) > 0 for pair in grades) / len(grades) >= 0.75


def test_limits(real_site: Site) -> None:
    for (_, ref), found in real_site.similar.items():
        scores = [likeness.score for likeness in found]
        assert len(found) <= similarity.SHOWN
        assert scores == sorted(scores, reverse=True)
        assert all(likeness.measure.partner != ref.split("/")[0] for likeness in found)
        for likeness in found:
            assert likeness.shared or likeness.words, (ref, likeness.measure.ref)
    assert sum(bool(found) for found in real_site.similar.values()) > 280


def test_a_known_pair_and_its_reason(real_site: Site) -> None:
    first = real_site.similar["measure", "bezirksregierung-muenster/auswahlfragen-interkulturelle-kompetenz"][0]
    assert first.measure.ref == "bezirksregierung-detmold/auswahlfragen-interkulturelle-kompetenz"
    assert first.shared["formats"] == ("auswahlverfahren",)
    assert "Auswahlverfahren" in first.words


def test_same_input_same_order(real_site: Site) -> None:
    again = similarity.similar(real_site.relations)
    assert again == real_site.similar


def test_one_partner_alone_has_nobody_alike(small_site: Site) -> None:
    assert set(small_site.similar.values()) == {()}


@pytest.mark.parametrize(
    ("word", "known", "parts"),
    [
        ("sprachmittlerpool", ["Sprachmittler", "Pool"], ["Sprachmittler", "Pool"]),
        ("beratungsstelle", ["Beratung", "Stelle"], ["Beratung", "Stelle"]),
        ("netzwerk", ["Pool"], []),
        ("haus", ["Haus"], []),
    ],
)
def test_compounds_fall_into_known_words(word: str, known: list[str], parts: list[str]) -> None:
    assert german.parts(word, set(map(german.stem, known))) == tuple(map(german.stem, parts))


def test_words_and_nouns() -> None:
    text = "Der Pool hilft. Beratung gibt es im Amt (Zimmer 5): Termine am Montag."
    assert german.words("Ämter & Schüler*innen, 2020") == ["Ämter", "Schüler", "innen"]
    assert german.nouns(text) == ["Pool", "Zimmer", "Montag"]
    assert german.stem("Sprachmittlungen") == german.stem("Sprachmittlung")
