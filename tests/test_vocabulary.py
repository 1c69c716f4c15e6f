"""Which known name someone most likely meant."""

from __future__ import annotations

import pytest

from catalog.vocabulary import nearest

NAMES = {
    name.casefold(): key
    for key, names in {
        "universitaet-bielefeld": ("Universität Bielefeld",),
        "ki-bielefeld": ("Kommunales Integrationszentrum Bielefeld",),
        "stadt-herne": ("Stadt Herne",),
        "stadt-dortmund": ("Stadt Dortmund",),
        "kreis-lippe": ("Kreis Lippe",),
        "laufend": ("laufend",),
    }.items()
    for name in (*names, key)
}


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("laufnd", "laufend"),
        ("Kreis Lipe", "kreis-lippe"),
        ("stadt-dortmnd", "stadt-dortmund"),
        ("Uni Bielefeld", "universitaet-bielefeld"),  # was once taken for the centre in the same town
        ("uni-bielefeld", "universitaet-bielefeld"),
        ("Stadt Lemgo", None),  # was once taken for Stadt Herne
        ("stadt-lemgoo", None),
        ("quark", None),
        ("", None),
    ],
)
def test_what_was_meant(value: str, meant: str | None) -> None:
    assert nearest(value, NAMES) == meant
