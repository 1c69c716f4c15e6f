"""Foreign text inside Markdown that a forge shows.

Nothing in it becomes a link, a mention, a reference to an issue, markup, a
picture or a command of the forge: words of letters and digits stay as they are,
everything else is put into code spans, in which no forge looks for any of these.
A backslash would not do, since forges look for mentions after Markdown is read.
"""

from __future__ import annotations

import re
from itertools import groupby

from catalog.problems import printable
from catalog.wording import NBSP

LONGEST_CODE = 80
LONGEST_TEXT = 1000

# What is one piece of a message: a quoted value, a pattern in quotes or brackets, a word, what closes it, a gap.
_PIECES = re.compile(r"„[^„“]*“|\"[^\"]*\"|\[[^\]]*\]|\S+?(?=[.,;?!]*(?:\s|$))|[.,;?!]+(?=\s|$)|\s+")
_WORD = r"[^\W_]+"
_PLAIN = re.compile(rf"[„(]*{_WORD}(?:[-–:]{_WORD})*[“).,;?!…]*:?|\d+[.,]\d+[%.,;]?|[–…]|[.,;:?!)]+")
# Looks like a plain word, yet forges turn it into a reference: GH-1, ABC-12, the name of a commit, :tada:
_REFERENCE = re.compile(r"[A-Za-z]-\d|[0-9a-fA-F]{7,}|:.*:")


def words(text: str) -> str:
    """A sentence or a title, for the middle of a line of Markdown."""
    shown = ""
    pieces = _pieces(printable(text.replace(NBSP, " ")))
    for is_code, group in groupby(pieces, key=lambda piece: piece[0]):
        run = [piece for _, piece in group]
        shown += _code_run(run) if is_code else "".join(run)
        if len(shown) > LONGEST_TEXT:
            return f"{shown.rstrip()} …" if is_code else f"{shown[:LONGEST_TEXT].rstrip()} …"
    return shown.strip()


def code(text: str, longest: int = LONGEST_CODE) -> str:
    """A value, a path or an address as it is, as a code span."""
    shown = shortened(printable(text), longest).strip()
    if not shown:
        return "(leer)"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cut(text: str, longest: int) -> str:
    """A whole text of short lines, or as many of its lines as fit; a forge refuses a comment that is too long."""
    if len(text) <= longest:
        return text
    kept = text[: text.rindex("\n", 0, longest)]
    return f"{kept}\n\nDie Liste ist zu lang für einen Kommentar und hier abgeschnitten.\n"


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _pieces(text: str) -> list[tuple[bool, str]]:
    """(whether it is code, piece); a gap between two codes belongs to them."""
    pieces = [(not _is_plain(piece), piece) for piece in _PIECES.findall(text)]
    for index in range(1, len(pieces) - 1):
        if pieces[index][1].isspace() and pieces[index - 1][0] and pieces[index + 1][0]:
            pieces[index] = True, pieces[index][1]
    return pieces


def _is_plain(piece: str) -> bool:
    if piece.isspace():
        return True
    quoted = piece.startswith("„") and piece.endswith("“")
    return not quoted and bool(_PLAIN.fullmatch(piece)) and not _REFERENCE.search(piece)


def _code_run(pieces: list[str]) -> str:
    alone = pieces[0] if len(pieces) == 1 else ""
    return code(alone[1:-1] if alone.startswith("„") and alone.endswith("“") else "".join(pieces))
