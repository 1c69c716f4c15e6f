from __future__ import annotations

import pytest
from markdown import Markdown

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
    links = RepositoryLinks(PATHS)
    links.source = source
    assert links.rewrite(written) == for_mkdocs
    html = Markdown(extensions=[links]).convert(f"[Text]({written})")
    assert f'href="{for_mkdocs}"' in html or "mailto" in written
