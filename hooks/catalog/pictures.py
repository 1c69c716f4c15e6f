"""Pictures in docs/: whether a file is what its name says, and whether a browser can show it at ease."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType

import imagesize

MAX_BYTES = 1_000_000
MAX_PIXELS = 4_000  # on each side; a few bytes can ask a browser for gigabytes

# suffix -> (place, bytes) of what such a file holds
_MARKS: Mapping[str, tuple[tuple[int, bytes], ...]] = MappingProxyType(
    {
        ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
        ".jpg": ((0, b"\xff\xd8\xff"),),
        ".jpeg": ((0, b"\xff\xd8\xff"),),
        ".webp": ((0, b"RIFF"), (8, b"WEBP")),
    }
)
SUFFIXES = frozenset(_MARKS)


def fault(suffix: str, content: bytes) -> tuple[str, str] | None:
    """Message and hint for a picture that cannot be published; ``None`` if it can.

    Args:
        suffix: one of ``SUFFIXES``.
        content: the file, or a little more than ``MAX_BYTES`` of it.
    """
    if len(content) > MAX_BYTES:
        wrong = f"Das Bild ist größer als {MAX_BYTES // 1000} KB."
        return wrong, "Bitte verkleinern oder stärker komprimieren."
    if any(content[place : place + len(mark)] != mark for place, mark in _MARKS[suffix]):
        return f"Die Datei ist kein Bild der Art „{suffix}“.", "Bitte das Bild in dieser Form neu speichern."
    width, height = imagesize.get(io.BytesIO(content), exif_rotation=False)
    if width < 1 or height < 1:
        return "Das Bild ist beschädigt.", "Bitte neu speichern."
    if max(width, height) > MAX_PIXELS:
        wrong = f"Das Bild hat {width} mal {height} Bildpunkte; erlaubt sind {MAX_PIXELS} je Seite."
        return wrong, "Bitte verkleinern."
    return None
