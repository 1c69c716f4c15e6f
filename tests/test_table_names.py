from __future__ import annotations

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
