from __future__ import annotations

import re
from pathlib import Path

from markdown import Markdown

from catalog import render
from catalog.table_names import TableNames

TABLE = "| Stufe | Wer |\n|---|---|\n| hoch | andere |\n"


def html_of(text: str) -> str:
    toc = {"toc": {"slugify": render.anchor}}
    return render.sanitise(Markdown(extensions=["tables", "toc", TableNames()], extension_configs=toc).convert(text))


def test_a_table_is_named_by_the_heading_above_it() -> None:
    html = html_of(f"## Erste\n\n{TABLE}\n### Zweite\n\nText\n\n{TABLE}")
    assert [part.partition('"')[0] for part in html.split('<table aria-labelledby="')[1:]] == ["s-erste", "s-zweite"]
    assert html.count('<th scope="col">') == 4


def test_without_a_heading_it_has_no_name() -> None:
    html = html_of(TABLE)
    assert "<table>" in html
    assert html.count('scope="col"') == 2


def test_an_empty_corner_makes_the_first_column_heads_of_rows() -> None:
    html = html_of("| | 2020 | |\n|---|--:|---|\n| Bauen | 4 | x |\n| | 5 | |\n")
    head = re.findall("<t[hd].*", html.partition("<tbody>")[0])
    assert head == ["<thead>", "<td></td>", '<th class="wb-number" scope="col">2020</th>', "<td></td>"]
    assert '<th scope="row">Bauen</th>' in html
    assert html.count("<th ") == 2  # an empty cell heads nothing


def test_a_column_flush_right_holds_numbers_and_no_other_class_stays() -> None:
    html = html_of("| A | B |\n|---|--:|\n| <b class='md-nav'>x</b> | 4,4 s |\n")
    assert re.findall('class="[^"]*"', html) == ['class="wb-number"'] * 2


def test_no_head_of_a_page_is_empty(real_build: Path) -> None:
    empty = re.compile(r"<th[^>]*>\s*</th>")
    assert [page.parent.name for page in real_build.rglob("*.html") if empty.search(page.read_text("utf-8"))] == []
