from __future__ import annotations

import time
import unicodedata

import pytest

from catalog.frontmatter import _HIDDEN, BLANKS, Raw, read, read_yaml


def good(text: str) -> Raw:
    raw, problems = read("a.md", text.encode())
    assert problems == []
    assert raw is not None
    return raw


def test_scalars_stay_strings() -> None:
    raw = good("---\nnumber: 05515000\ntime: 16:30\nanswer: NO\nempty:\ntilde: ~\nlist: [1, true]\n---\n")
    assert raw.data == {
        "number": "05515000",
        "time": "16:30",
        "answer": "NO",
        "empty": "",
        "tilde": "~",
        "list": ["1", "true"],
    }


def test_lines_of_keys_and_items() -> None:
    raw = good("\n---\ntitle: A\nfigures:\n  - value: 1\n    unit: x\n  - value: 2\n---\n\n\nText\nmehr\n")
    assert raw.line(("title",)) == 3
    assert raw.line(("figures", 1)) == 7
    assert raw.line(("figures", 0, "unit")) == 6
    assert raw.line(("figures", 0, "missing")) == 5
    assert raw.line(("nothing",)) == 1
    assert raw.text == "Text\nmehr"
    assert raw.text_line == 11


def test_rules_in_the_text_are_no_fences() -> None:
    assert good("---\ntitle: A\n---\nEins\n\n---\n\nZwei").text == "Eins\n\n---\n\nZwei"


def test_block_scalars_and_quotes() -> None:
    raw = good("---\na: >\n  eins\n  zwei\nb: \"c # d: e\"\nc: 'it''s'\n# comment\nd: |\n  x # y\n---\n")
    assert raw.data == {"a": "eins zwei", "b": "c # d: e", "c": "it's", "d": "x # y"}


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
        "a: {<<: *x}",
        "a: !!binary abc",
        "? [complex]\n: key",
        "a: b\n--- \nc: d",
        "[" * 5000,
        "a: " + "{b: " * 3000,
        "\n".join(f"k{i}: &a{i} [{', '.join(['*a' + str(i - 1)] * 9) if i else 'x'}]" for i in range(12)),
    ],
)
def test_hostile_yaml_is_refused_at_once(bomb: str) -> None:
    start = time.monotonic()
    raw, problems = read_yaml("a.yml", bomb.encode())
    assert raw is None
    assert problems
    assert all(p.path == "a.yml" and p.line >= 1 and p.message and p.hint for p in problems)
    assert time.monotonic() - start < 2


def test_hidden_characters_are_those_of_unicode() -> None:
    """The list in the code is written out for speed; Unicode decides what belongs on it."""
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        character = chr(code)
        category = unicodedata.category(character)
        if (category in {"Cc", "Cf", "Co", "Zl", "Zp"} and character not in "\n\t") or character in BLANKS:
            assert _HIDDEN.match(character), hex(code)
        elif category != "Cn":  # a later Unicode may have made a format character of it
            assert not _HIDDEN.match(character), hex(code)
