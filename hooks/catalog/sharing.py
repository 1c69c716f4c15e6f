"""The pictures that stand beside a link to a page where someone shares it: one for each kind of page.

They are drawn while the site is built, in its colours and with its name, as small as they can be. Their letters are
those of Source Sans 3 (SIL Open Font License 1.1), Latin letters, which lies beside this module as its makers gave it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.model import KINDS

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

FONT = Path(__file__).with_name("source-sans-3.woff2")
FOLDER = "assets/og"
WIDTH, HEIGHT = 1200, 630  # what networks ask for

# The colours of assets/icon.svg; between them so many shades as four bits hold, for smooth edges.
GROUND, INK = (0x1D, 0x4F, 0x6E), (0xFF, 0xFF, 0xFF)
_SHADES = 16

_EDGE = 80
_LOGO = 180
_NOTE = "Unabhängige Zusammenstellung öffentlicher Dokumente"
_BOLD, _PLAIN = 700, 400
_SMOOTH = 4  # Pillow draws circles with rough edges; drawn larger by this and made smaller they are smooth


@dataclass(frozen=True, slots=True)
class Card:
    """The picture of one kind of page; pages that show no record share that of ``page``."""

    kind: str

    @property
    def address(self) -> str:
        """Where it stands on the site."""
        return f"{FOLDER}/{self.kind}.png"

    @property
    def label(self) -> str:
        """The kind in German; empty for pages that show no record."""
        return "" if self.kind == "page" else KINDS[self.kind].label[0]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return HEIGHT

    def words(self, name: str) -> str:
        """What the picture says, for those who do not see it."""
        return ": ".join(filter(None, (name, self.label)))


def files(name: str) -> Iterator[tuple[str, bytes]]:
    """(path on the site, PNG) of each picture.

    Args:
        name: the site's name.
    """
    from PIL import Image, ImageDraw  # only builds need it

    plain = Image.new("L", (WIDTH, HEIGHT))
    plain.paste(_logo(), (WIDTH - _EDGE - _LOGO, _EDGE))
    _write(ImageDraw.Draw(plain), _NOTE, 530, 38, _PLAIN)
    named = plain.copy()
    _write(ImageDraw.Draw(named), name, 110, 54, _PLAIN, WIDTH - 3 * _EDGE - _LOGO)
    for kind in KINDS:
        card = Card(kind)
        picture = (named if card.label else plain).copy()
        _write(ImageDraw.Draw(picture), card.label or name, 390, 132, _BOLD)
        yield card.address, _png(picture)


def _logo() -> Image:
    """The three circles of assets/icon.svg, in whose units they are drawn."""
    from PIL import Image, ImageDraw

    radius, stroke, left, top, width = 4 + 1.25, 2.5, 5.75, 6.25, 20.5
    scale = _LOGO * _SMOOTH / width
    large = Image.new("L", (_LOGO * _SMOOTH, _LOGO * _SMOOTH))
    for x, y in ((11, 12), (21, 12), (16, 21)):
        box = (x - left - radius, y - top - radius, x - left + radius, y - top + radius)
        ImageDraw.Draw(large).ellipse([side * scale for side in box], outline=255, width=round(stroke * scale))
    return large.resize((_LOGO, _LOGO), Image.Resampling.BOX)


def _write(draw: ImageDraw, text: str, middle: int, size: int, weight: int, most: int = WIDTH - 2 * _EDGE) -> None:
    """Write a line with its middle at this height, smaller than ``size`` if it would be wider than ``most``."""
    from PIL import ImageFont

    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight])
    if (width := font.getlength(text)) > most:
        font = font.font_variant(size=int(size * most / width))
        font.set_variation_by_axes([weight])
    draw.text((_EDGE, middle), text, fill=255, font=font, anchor="lm")


def _png(picture: Image) -> bytes:
    """A picture of grey levels as PNG, from ``GROUND`` for black to ``INK`` for white."""
    from PIL import Image

    shades = Image.frombytes("P", picture.size, picture.point(lambda level: level * _SHADES // 256).tobytes())
    steps = (step / (_SHADES - 1) for step in range(_SHADES))
    shades.putpalette([round(a + (b - a) * step) for step in steps for a, b in zip(GROUND, INK, strict=True)])
    out = io.BytesIO()
    shades.save(out, "PNG", bits=4)
    return out.getvalue()
