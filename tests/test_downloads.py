"""The one list of data files: what a build publishes, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path

from catalog import downloads
from catalog.downloads import DATA_FOLDER, DATA_KINDS
from catalog.site import Site


def test_every_listed_file_is_made_and_every_made_file_listed(real_site: Site, published: dict[str, bytes]) -> None:
    listed = [download.path for download in downloads.downloads(real_site)]
    assert sorted(listed) == sorted(published)
    assert len(listed) == len(set(listed)) == len(DATA_KINDS) * len(downloads.OF_KINDS) + 6


def test_a_build_publishes_these_bytes(real_build: Path, published: dict[str, bytes]) -> None:
    """The fixture knows another address, which stands in most files; so the kinds without any are compared."""
    built = {path.relative_to(real_build).as_posix() for path in (real_build / DATA_FOLDER).iterdir()}
    assert {path for path in published if path.startswith(DATA_FOLDER)} <= built
    for path in published:
        if path.endswith(".schema.json"):
            assert (real_build / path).read_bytes() == published[path]


def test_the_index_tells_all_of_them(real_site: Site, published: dict[str, bytes]) -> None:
    told = json.loads(published[downloads.INDEX])["downloads"]
    assert [entry["url"] for entry in told] == [real_site.at(d.path) for d in downloads.downloads(real_site)]
    assert {entry["kind"] for entry in told} == {"", *DATA_KINDS}


def test_titles_say_what_and_in_which_form(real_site: Site) -> None:
    titles = {download.path: download.title for download in downloads.downloads(real_site)}
    assert titles["api/v1/measures.csv"] == "Maßnahmen (CSV)"
    assert titles["massnahmen/massnahmen.xlsx"] == "Maßnahmen wie in der Liste der Website (XLSX)"
    assert len(set(titles.values())) == len(titles)
