"""How hard a text is to read: a figure that follows from its words."""

from __future__ import annotations

from catalog.readability import EASY, HARD, school_year

SIMPLE = "Der Kreis hilft. Er zeigt den Weg. Das Amt ist offen. Alle sind da."
HEAVY = (
    "Die verwaltungsinterne Zuständigkeitsneuordnung der integrationspolitischen Koordinierungsaufgaben ermöglicht "
    "ressortübergreifende Steuerungsverantwortlichkeiten unter Berücksichtigung haushaltsrechtlicher Rahmenbedingungen."
)


def test_hard_texts_are_harder_than_easy_ones() -> None:
    assert school_year(SIMPLE) == EASY
    assert (school_year(HEAVY) or 0) > HARD


def test_markdown_does_not_count() -> None:
    plain = "Der Kreis berät Eltern in der Schule. Der Verein begleitet sie."
    assert school_year(plain.replace("Verein", "[Verein](../../partners/verein.md)")) == school_year(plain)
    assert school_year(f"## Ablauf\n\n{plain}") is not None


def test_items_of_a_list_are_sentences() -> None:
    items = "\n".join(f"- Kurs für Gruppe {number}" for number in range(30))
    assert (school_year(items) or 99) < HARD


def test_nothing_has_no_value() -> None:
    assert school_year("") is None
    assert school_year("   \n") is None
