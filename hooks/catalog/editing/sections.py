"""The text of a proposal as sections: a heading of level 3, a blank line, the value.

GitHub's and Forgejo's issue forms write exactly this, GitLab's description
templates and the form on the site do the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from catalog.problems import Problem
from catalog.vocabulary import nearest

PLACE = "Vorschlag"
TEXT = "Text"
MAX_BYTES = 200_000
MAX_SECTIONS = 300

# What forms write for a question that was left out.
_NOTHING = frozenset({"", "_no response_", "none"})
# YAML would end a line at any of these; a value must not begin a new key that way.
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BOX = re.compile(r"[-*+] \[(?P<mark>[ xX])\] *(?P<label>.*)")
_BULLET = re.compile(r"\A[-*+] +(?=\S)")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it.

    Attributes:
        title: the heading as it is known, whatever its case in the text.
        line: the line of the heading, counted from 1.
        value: the text below, without comments; empty if nothing was given.
    """

    title: str
    line: int
    value: str


Sections = Mapping[str, Section]


def split(body: str, known: Iterable[str], greedy: Collection[str]) -> tuple[dict[str, Section], list[Problem]]:
    """The sections of a proposal by their title.

    Args:
        body: the text of an issue.
        known: the headings that may stand in it.
        greedy: those whose text may hold headings of its own; only a known one ends it.
            ``Text`` is never ended.

    Returns:
        The first section of each title, and what is wrong with the headings.
    """
    lines = levelled(body).split("\n")
    names = {title.casefold(): title for title in known}
    starts = _starts(lines, names, {title.casefold() for title in greedy})
    if len(starts) > MAX_SECTIONS:
        wrong = f"Der Vorschlag hat {len(starts)} Abschnitte; erlaubt sind {MAX_SECTIONS}."
        return {}, [
            Problem(PLACE, starts[MAX_SECTIONS] + 1, "", wrong, "Bitte nur die Felder des Formulars ausfüllen.")
        ]
    found: dict[str, Section] = {}
    problems: list[Problem] = []
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        written = _heading(lines[start]) or ""
        title = names.get(written.casefold())
        if title is None:
            problems.append(_unknown(start + 1, written, names))
        elif title in found:
            wrong = f"Der Abschnitt steht zweimal, zuerst in Zeile {found[title].line}."
            problems.append(Problem(PLACE, start + 1, title, wrong, "Bitte einen der beiden löschen."))
        else:
            found[title] = Section(title, start + 1, _said(lines[start + 1 : end]))
    return found, problems


def first(body: str) -> str:
    """The first heading, casefolded; empty if there is none."""
    return next((title.casefold() for line in levelled(body).split("\n") if (title := _heading(line))), "")


def joined(sections: Iterable[tuple[str, str]]) -> str:
    """The text of a proposal from titles and values; the inverse of ``split``."""
    return "".join(f"### {title}\n\n{value}\n\n" for title, value in sections)


def too_large(body: str) -> Problem | None:
    """What to say about a text that nobody has typed."""
    size = len(body.encode(errors="replace"))
    if size <= MAX_BYTES:
        return None
    wrong = f"Der Vorschlag ist mit {-(-size // 1000)} KB zu groß."
    return Problem(PLACE, 1, "", wrong, f"Erlaubt sind {MAX_BYTES // 1000} KB; bitte kürzen.")


def levelled(body: str) -> str:
    """The text with one kind of line end and composed umlauts, and nothing that cannot be written as UTF-8."""
    text = body.removeprefix("\ufeff").encode(errors="replace").decode()
    return unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))


def entries(value: str) -> list[tuple[str, bool]]:
    """The lines of a list without their marks, and whether a box was ticked; what is not ticked is left out."""
    found: list[tuple[str, bool]] = []
    for line in map(str.strip, value.split("\n")):
        if box := _BOX.fullmatch(line):
            if box["mark"] != " ":
                found.append((box["label"].strip(), True))
        elif line:
            found.append((_BULLET.sub("", line), False))
    return found


def cells(line: str) -> list[str]:
    r"""The values between the bars of a line; ``\|`` is a bar inside a value."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line)]


def line_of(values: Iterable[str]) -> str:
    """The inverse of ``cells``; empty values at the end are left out."""
    shown = [" ".join(value.replace("|", "\\|").split("\n")) for value in values]
    while shown and not shown[-1]:
        shown.pop()
    return " | ".join(shown)


def _starts(lines: list[str], names: Mapping[str, str], greedy: Collection[str]) -> list[int]:
    starts: list[int] = []
    inside = ""
    for number, line in enumerate(lines):
        title = _heading(line)
        if title is None or (inside in greedy and title.casefold() not in names):
            continue
        starts.append(number)
        inside = title.casefold()
        if inside == TEXT.casefold():
            break
    return starts


def _heading(line: str) -> str | None:
    """The words of a heading of level 3."""
    return line[4:].strip().rstrip("#").strip() if line.startswith("### ") else None


def _unknown(line: int, title: str, names: Mapping[str, str]) -> Problem:
    meant = nearest(title[:200], names)
    hint = f"Meinten Sie „{meant}“? " if meant else ""
    wrong = f"Der Abschnitt „{title}“ ist nicht bekannt."
    return Problem(PLACE, line, "", wrong, f"{hint}Eigene Überschriften sind nur im Abschnitt „{TEXT}“ möglich.")


def _said(lines: Iterable[str]) -> str:
    value = _without_comments("\n".join(lines)).strip()
    return "" if value.casefold() in _NOTHING or all(map(_is_unticked, filter(str.strip, value.split("\n")))) else value


def _is_unticked(line: str) -> bool:
    box = _BOX.fullmatch(line.strip())
    return box is not None and box["mark"] == " "


def _without_comments(text: str) -> str:
    """The text without HTML comments, which templates use for their help; one that never ends stays."""
    kept: list[str] = []
    done = 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[done:start])
        done = end + 3
    return "".join((*kept, text[done:]))
