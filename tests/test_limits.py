"""Bounds of texts: each fails just above it, nothing below it takes long, and the real records are far away."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

import hostile
from catalog import limits, rules, store, views
from catalog.frontmatter import decode, read
from catalog.site import Site

WORDS = "Wort " * 900


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in limits.entangled("a.md", text, 10)]


@pytest.mark.parametrize(
    ("good", "bad", "line", "message"),
    [
        ("\n\n".join([WORDS] * 4), "\n\n".join([WORDS] * 5), 10, "Der Text hat 22508 Zeichen; erlaubt sind 20000."),
        ("\n\n".join("a" * 750), "a\n\n" * 751, 10, "Der Text hat 1503 Zeilen; erlaubt sind 1500."),
        ("a\n\n" + "ab\n" * 199, "a\n\n" + "a\n" * 200 + "a", 12, "Der Absatz hat 201 Zeilen; erlaubt sind 200."),
        ("ab " * 2000, f"x\n\n{'ab ' * 2001}", 12, "Der Absatz hat 6003 Zeichen; erlaubt sind 6000."),
        ("[" * 200, "x\n\n" + "[" * 201, 12, "Der Absatz hat 201 „[“; erlaubt sind 200."),
        ("<" * 200, "<" * 201, 10, "Der Absatz hat 201 „<“; erlaubt sind 200."),
        ("\\" * 200, "\\" * 201, 10, "Der Absatz hat 201 „\\“; erlaubt sind 200."),
        ("`" * 200, "`" * 201, 10, "Der Absatz hat 201 „`“; erlaubt sind 200."),
        (
            "\n\n".join(["[" * 200] * 3),
            "\n\n".join(["[" * 200] * 3 + ["["]),
            10,
            "Im Text steht 601-mal „[“; erlaubt ist es 600-mal.",
        ),
        ("|" * 21, "a\n" + "|" * 22, 11, "Die Tabelle hat 21 Spalten; erlaubt sind 20."),
        ("> " * 8 + "x", "a\n" + "> " * 9 + "x", 11, "Listen oder Zitate sind tiefer als 8 Ebenen verschachtelt."),
        (">" * 8, ">" * 9, 10, "Listen oder Zitate sind tiefer als 8 Ebenen verschachtelt."),
        ("1. - * + " * 2, "1. - * + >" * 2, 10, "Listen oder Zitate sind tiefer als 8 Ebenen verschachtelt."),
        (
            "- a\n" + "    " * 8 + "- b",
            "- a\n" + "    " * 8 + " - b",
            11,
            "Listen oder Zitate sind tiefer als 8 Ebenen verschachtelt.",
        ),
        (
            "- a\n" + "\t" * 8 + "- b",
            "- a\n" + "\t" * 9 + "- b",
            11,
            "Listen oder Zitate sind tiefer als 8 Ebenen verschachtelt.",
        ),
        ("[a]: b\n" * 50, "[a]: b\n" * 51, 10, "Der Text erklärt 51 Abkürzungen und Adressen; erlaubt sind 50."),
        (
            "*[a]: " + "x" * 194,
            "a\n\n*[a]: " + "x" * 195,
            12,
            "Die Erklärung der Abkürzung oder Adresse hat 201 Zeichen; erlaubt sind 200.",
        ),
        (
            "*[a]:\n" + "x" * 195,
            "*[a]:\n" + "x" * 196,
            10,
            "Die Erklärung der Abkürzung oder Adresse hat 201 Zeichen; erlaubt sind 200.",
        ),
    ],
)
def test_each_bound(good: str, bad: str, line: int, message: str) -> None:
    assert told(good) == []
    assert told(bad) == [(line, message)]


def test_one_long_line() -> None:
    assert decode("a.md", b"x" * 5000)[1] == []
    assert [problem.line for problem in decode("a.md", b"x\n" + b"x" * 5001)[1]] == [2]


def test_values_and_lists_of_the_front_matter() -> None:
    def fault(head: str) -> list[str]:
        return [problem.message for problem in read("a.md", f"---\n{head}\n---\n".encode())[1]]

    assert fault(f"a: {'x' * 2000}") == []
    assert fault(f"a: {'x' * 2001}") == ["Die Angabe hat 2001 Zeichen; erlaubt sind 2000."]
    assert fault("a:\n" + "- x\n" * 300) == []
    assert fault("a:\n" + "- x\n" * 301) == ["Das sind mehr als 300 Einträge."]
    assert fault("\n".join(f"k{number}: x" for number in range(301))) == ["Das sind mehr als 300 Einträge."]


# What is slowest of all that a search through the pieces of Markdown has found within the bounds.
SLOWEST = {
    "tables": "\n\n".join(["|" * 19 + "a\n" + "|-" * 19 + "\n" + "|\n" * 190] * 7),
    "emphasis": "\n\n".join(["*a" * 60] * 160),
    "brackets": "\n\n".join(["[" * 200 + "\\*" * 200 + "*a*" * 1800] * 3),
    "images": "\n\n".join("*a*" * 1900 + "![a](" * 60 for _ in range(3)),
    "tags": "\n\n".join("<a " * 200 for _ in range(3)),
    "lists": "\n\n".join("    - >!" + "x" * 90 for _ in range(190)),
    "abbreviation": "*[a]: " + "x" * 100 + "\n\n" + "\n\n".join(["a " * 2500] * 3),
    "headings": "# a\n\n" * 740,
}


@pytest.mark.parametrize("name", SLOWEST)
def test_nothing_within_the_bounds_takes_long(name: str) -> None:
    assert told(SLOWEST[name]) == []
    hostile.converted("x")  # reads the settings
    start = time.process_time()
    hostile.converted(SLOWEST[name])
    assert time.process_time() - start < hostile.SECONDS


def test_the_real_records_are_far_away(real_site: Site) -> None:
    texts = [record.text for record in real_site.catalog]
    assert max(map(len, texts)) < limits.MAX_TEXT / 2
    assert max(len(paragraph) for text in texts for paragraph in text.split("\n\n")) < limits.MAX_PARAGRAPH / 2
    assert max(text.count(sign) for text in texts for sign in "[<`\\") < limits.MAX_PARAGRAPH_SIGNS / 2


def test_more_than_a_build_can_hold(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_FILES", 10)
    _, found = rules.load(project, views.PAGE_VIEWS)
    (problem,) = found
    assert re.fullmatch(
        r"Es sind 5\d Dateien; erlaubt sind 10\. Bitte auf mehrere Wissensbasen verteilen\.", problem.text
    )
    monkeypatch.undo()
    monkeypatch.setattr(store, "MAX_TOTAL", 10)
    _, found = rules.load(project, views.PAGE_VIEWS)
    assert [problem.message.partition(" MB")[0] for problem in found] == ["Die Dateien haben zusammen 0"]
