"""Where places lie on the map of North Rhine-Westphalia: ``atlas.json``, which ``scripts/atlas.py`` makes."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("atlas.json")


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map, in units of its own: 360 wide, x to the right, y down.

    Attributes:
        width, height: its size.
        outline: the border of the Land as an SVG path.
        places: name of a town or district -> where it lies.
        credits: whose data these are, for readers.
    """

    width: int
    height: int
    outline: str
    places: Mapping[str, tuple[float, float]]
    credits: tuple[str, ...]


@functools.cache
def atlas() -> Atlas:
    """The map, read once."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    places = {name: (x, y) for name, (x, y) in data["places"].items()}
    return Atlas(data["width"], data["height"], data["outline"], places, tuple(data["credits"]))
