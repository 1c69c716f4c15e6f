"""What the site holds and who made it, with licences: ``shipped.json``, which ``scripts/shipped.py`` makes."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("shipped.json")


@dataclass(frozen=True, slots=True)
class Part:
    """A package inside of another one; without a licence, its makers state none that is known here."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Component:
    """Something that the site holds.

    Attributes:
        name: as readers see it.
        version: of the package, or in which package it comes; empty for what is the site's own.
        use: what it does on the site, one German sentence.
        licence: the name of its licence.
        text: the file with the licence text, in the folder of licences; empty if there is none.
        page: the full address of a page on the licence; empty if there is none.
        source: the full address where it is developed; empty for what is the site's own.
        parts: the packages that it carries inside.
        parts_text: the file with their licence texts; empty if there are none.
    """

    name: str
    version: str
    use: str
    licence: str
    text: str
    page: str
    source: str
    parts: tuple[Part, ...]
    parts_text: str


@functools.cache
def components() -> tuple[Component, ...]:
    """All of it in the order of the page, read once."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Component(**entry | {"parts": tuple(Part(**part) for part in entry["parts"])}) for entry in entries)
