"""How hard a text is to read, for editors; a figure to think about, never an error.

The Wiener Sachtextformel (first variant, Bamberger and Vanecek 1984) names the
school year from which a German text can be read: 4 is very easy, 15 very hard.
"""

from __future__ import annotations

import nh3
import textstat
from markdown import markdown

# Above it a text for the public is hard to read; the aim of the house is B1 to B2.
HARD = 14.0
EASY = 4.0  # the formula is not made for easier texts


def school_year(text: str) -> float | None:
    """The school year from which a Markdown text can be read, with one decimal; ``None`` if it has no sentence."""
    words = nh3.clean(markdown("\n".join(map(_closed, text.split("\n")))), tags=set()).strip()
    if not words:
        return None
    textstat.set_lang("de")
    return max(EASY, round(float(textstat.wiener_sachtextformel(words, 1)), 1))


def _closed(line: str) -> str:
    """A line of a list ends a sentence even without a full stop."""
    return f"{line}." if line.lstrip().startswith(("- ", "* ")) and line[-1:].isalnum() else line
