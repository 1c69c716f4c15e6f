"""How large and how entangled a text may be, so that no file keeps a build waiting.

Markdown is read with regular expressions whose time grows with the square of
what a paragraph holds, or worse: 20 KB of opening brackets take 39 s, half of
that with a backslash between them 100 s. The bounds lie far above what people
write, and no text within them was found to take more than 1.2 s. Looking is
cheap: a text is only searched when a plain count says that there may be
something to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import methodcaller

from catalog.problems import Problem

MAX_TEXT = 20_000
MAX_LINE = 5_000
MAX_LINES = 1_500
MAX_SIGNS = 600
# In the front matter of one record.
MAX_VALUE = 2_000
MAX_ENTRIES = 300
# In one paragraph, that is up to the next empty line; lists and tables are paragraphs too.
MAX_PARAGRAPH = 6_000
MAX_PARAGRAPH_LINES = 200
MAX_PARAGRAPH_SIGNS = 200
MAX_COLUMNS = 20
MAX_NESTED = 8
# Of abbreviations and link addresses, which are written once and repeated in the page wherever they are used.
MAX_DEFINITIONS = 50
MAX_DEFINITION = 200

# What may open something, so that the rest is searched for its end, each time anew; and what makes that rest long,
# since an escaped sign is replaced by a long word meanwhile.
_OPENING = "[<`\\"
_INDENTED = " " * (4 * MAX_NESTED + 1)

Fault = tuple[int, str, str]  # place in the text, message, hint


def long_line(path: str, text: str) -> Iterator[Problem]:
    """The first line of a file that nobody would have typed."""
    if len(text) <= MAX_LINE:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            wrong = f"Die Zeile hat {len(line)} Zeichen; erlaubt sind {MAX_LINE}."
            yield Problem(path, number, "", wrong, "Bitte auf mehrere Zeilen verteilen.")
            return


def entangled(path: str, text: str, first_line: int) -> Iterator[Problem]:
    """What in a Markdown text is too long, too much or too deep; each kind once.

    Args:
        path: the file, for messages.
        text: the Markdown below the front matter.
        first_line: the line of the file in which it begins.
    """
    if len(text) > MAX_TEXT:
        wrong = f"Der Text hat {len(text)} Zeichen; erlaubt sind {MAX_TEXT}."
        yield Problem(path, first_line, "", wrong, "Bitte kürzen oder auf mehrere Seiten verteilen.")
        return
    levelled = text.expandtabs(4) if "\t" in text else text
    for check in (_paragraphs, _signs, _tables, _nesting, _definitions):
        for place, wrong, hint in check(levelled):
            yield Problem(path, first_line + levelled.count("\n", 0, place), "", wrong, hint)


def _paragraphs(text: str) -> Iterator[Fault]:
    """Paragraphs that are too long, and too many lines."""
    lines = text.count("\n") + 1
    if lines > MAX_LINES:
        yield 0, f"Der Text hat {lines} Zeilen; erlaubt sind {MAX_LINES}.", "Bitte auf mehrere Seiten verteilen."
    if len(text) > MAX_PARAGRAPH:
        yield from _first(text, len, MAX_PARAGRAPH, "Zeichen")
    if lines > MAX_PARAGRAPH_LINES:
        yield from _first(text, lambda paragraph: paragraph.count("\n") + 1, MAX_PARAGRAPH_LINES, "Zeilen")


def _first(text: str, measure: Callable[[str], int], most: int, unit: str) -> Iterator[Fault]:
    """The first paragraph of which there is too much."""
    place = 0
    for paragraph in text.split("\n\n"):
        if (amount := measure(paragraph)) > most:
            wrong = f"Der Absatz hat {amount} {unit}; erlaubt sind {most}."
            yield place, wrong, "Bitte durch leere Zeilen in mehrere Absätze teilen."
            return
        place += len(paragraph) + 2


def _signs(text: str) -> Iterator[Fault]:
    """Signs that may open something."""
    for sign in _OPENING:
        amount = text.count(sign)
        if amount > MAX_SIGNS:
            wrong = f"Im Text steht {amount}-mal „{sign}“; erlaubt ist es {MAX_SIGNS}-mal."
            yield text.index(sign), wrong, "Bitte weglassen, was nicht gebraucht wird."
        elif amount > MAX_PARAGRAPH_SIGNS:
            yield from _first(text, methodcaller("count", sign), MAX_PARAGRAPH_SIGNS, f"„{sign}“")


def _tables(text: str) -> Iterator[Fault]:
    """Tables that are too wide: the reader fills up every row to the width of the first one."""
    if text.count("|") <= MAX_COLUMNS:
        return
    place = 0
    for line in text.split("\n"):
        if line.count("|") > MAX_COLUMNS + 1:
            wrong = f"Die Tabelle hat {line.count('|') - 1} Spalten; erlaubt sind {MAX_COLUMNS}."
            yield place, wrong, "Bitte auf mehrere Tabellen verteilen."
            return
        place += len(line) + 1


def _nesting(text: str) -> Iterator[Fault]:
    """Lists and quotations inside of each other, in one line or by indentation."""
    place = 0
    for line in text.split("\n"):
        if line.startswith(_INDENTED) or _depth(line) > MAX_NESTED:
            wrong = f"Listen oder Zitate sind tiefer als {MAX_NESTED} Ebenen verschachtelt."
            yield place, wrong, "Bitte weniger einrücken."
            return
        place += len(line) + 1


def _depth(line: str) -> int:
    """How many marks of lists and quotations a line begins with."""
    depth = 0
    for word in line.split(None, MAX_NESTED + 1)[: MAX_NESTED + 1]:
        mark = word.lstrip(">")
        depth += len(word) - len(mark)
        if mark and mark not in "-*+:" and not (mark[-1] == "." and mark[:-1].isdecimal()):
            break
        depth += bool(mark)
    return depth


def _definitions(text: str) -> Iterator[Fault]:
    """Abbreviations and link addresses that are given once and used anywhere."""
    lines = text.split("\n") if "]:" in text or "] :" in text else []
    found = [number for number, line in enumerate(lines) if _defines(line)]
    if len(found) > MAX_DEFINITIONS:
        wrong = f"Der Text erklärt {len(found)} Abkürzungen und Adressen; erlaubt sind {MAX_DEFINITIONS}."
        yield 0, wrong, "Bitte weglassen, was nicht gebraucht wird."
    for number in found:
        # What belongs to it may stand in the next line.
        following = "".join(lines[number + 1 : number + 2])
        goes_on = lines[number].rstrip().endswith(":") or following.startswith((" ", '"', "'", "("))
        length = len(lines[number]) + (len(following) if goes_on else 0)
        if length > MAX_DEFINITION:
            wrong = f"Die Erklärung der Abkürzung oder Adresse hat {length} Zeichen; erlaubt sind {MAX_DEFINITION}."
            yield len("\n".join(lines[:number])) + 1, wrong, "Bitte kürzen."
            return


def _defines(line: str) -> bool:
    return line.lstrip(" *").startswith("[") and ("]:" in line or "] :" in line)
