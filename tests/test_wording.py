from __future__ import annotations

import pytest

from catalog import wording

NBSP = wording.NBSP


@pytest.mark.parametrize(
    ("value", "text"),
    [("1000", "1.000"), ("10.42", "10,42"), ("0", "0"), ("1000000", "1.000.000"), ("216351.59", "216.351,59")],
)
def test_number(value: str, text: str) -> None:
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (">21700", "Schüler", f"mehr als 21.700{NBSP}Schüler"),
        ("~25-30", "%", f"etwa 25–30{NBSP}%"),
        ("<30", "", "weniger als 30"),
        ("10.42", "%", f"10,42{NBSP}%"),
    ],
)
def test_figure(value: str, unit: str, text: str) -> None:
    assert wording.figure(value, unit) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2020", "2020"),
        ("2019-09", "September 2019"),
        ("2020-09-14", "14. September 2020"),
        ("2017-03/2017-07", "März bis Juli 2017"),
        ("2019-10/2020-09", "Oktober 2019 bis September 2020"),
        ("2020-03-03/2020-03-07", "3. bis 7. März 2020"),
        ("2020-02-28/2020-03-07", "28. Februar bis 7. März 2020"),
        ("2018-07/..", "seit Juli 2018"),
        ("../2020-09", "bis September 2020"),
    ],
)
def test_when(text: str, words: str) -> None:
    assert wording.when(text) == words


def test_a_plan_begins_ab() -> None:
    assert wording.when("2018-07/..", "ab") == "ab Juli 2018"


def test_count_and_enumeration() -> None:
    assert wording.count(0, "Maßnahme", "Maßnahmen") == "keine Maßnahmen"
    assert wording.count(1, "Maßnahme", "Maßnahmen") == f"1{NBSP}Maßnahme"
    assert wording.count(1200, "Maßnahme", "Maßnahmen") == f"1.200{NBSP}Maßnahmen"
    assert wording.enumeration(["a"]) == "a"
    assert wording.enumeration(["a", "b", "c"]) == "a, b und c"
    assert wording.enumeration([]) == ""


def test_alphabetical_order() -> None:
    words = ["Zoo", "Ärzte", "Apfel", "„Nah dran“", "Österreich", "Ofen"]
    assert sorted(words, key=wording.sort_key) == ["Apfel", "Ärzte", "„Nah dran“", "Ofen", "Österreich", "Zoo"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.de", "CC0 1.0"),
        ("https://www.govdata.de/dl-de/zero-2-0", "Datenlizenz Deutschland Zero 2.0"),
        ("https://example.org/eigene-lizenz", "example.org"),
    ],
)
def test_a_licence_has_a_name(address: str, name: str) -> None:
    assert wording.licence(address) == name
