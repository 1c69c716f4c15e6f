from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown

from catalog import rules, views
from catalog.links import RepositoryLinks

PATHS = {
    "measures/a/b.md": "measures/a/b.md",
    "partners/a.md": "partners/a.md",
    "docs/netzwerke/n.md": "netzwerke/n.md",
    "docs/index.md": "index.md",
}


@pytest.mark.parametrize(
    ("source", "written", "for_mkdocs"),
    [
        ("measures/a/b.md", "../../partners/a.md", "../../partners/a.md"),
        ("measures/a/b.md", "../../docs/netzwerke/n.md#x", "../../netzwerke/n.md#x"),
        ("docs/netzwerke/n.md", "../../partners/a.md", "../partners/a.md"),
        ("docs/index.md", "netzwerke/n.md", "netzwerke/n.md"),
        ("docs/netzwerke/n.md", "fehlt.md", "fehlt.md"),
        ("docs/netzwerke/n.md", "https://example.org/a.md", "https://example.org/a.md"),
        ("docs/netzwerke/n.md", "#anker", "#anker"),
        ("docs/netzwerke/n.md", "mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_are_written_as_in_the_repository(source: str, written: str, for_mkdocs: str) -> None:
    links = RepositoryLinks(PATHS, ValueError)
    links.source = source
    assert links.rewrite(written) == for_mkdocs
    html = Markdown(extensions=[links]).convert(f"[Text]({written})")
    assert f'href="{for_mkdocs}"' in html or "mailto" in written


def test_a_dead_link_is_told_and_takes_no_page_off_a_preview(project: Path) -> None:
    path = project / "measures/kreis-lippe/schulung.md"
    path.write_text(path.read_text() + "\n[Fehlt](fehlt.md)\n")
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    assert [problem.message for problem in found] == ["„fehlt.md“ führt ins Leere."]
    assert "kreis-lippe/schulung" in catalog.of("measure")
