"""Small sites that know each other: what one of them has fetched of the others, as ``scripts/harvest.py`` keeps it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from catalog import federation, rules, views
from catalog.site import Site, read_site
from conftest import BASE, EXTRA, REPOSITORY, complete

HOME = "https://{}.example.org/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.de"
HARVESTED = "2022-02-20"
NAMES = {"nachbarstadt": "Wissensbasis Nachbarstadt", "seekreis": "Wissensbasis Seekreis"}
SETTINGS = [{"id": id_, "url": HOME.format(id_), "name": name} for id_, name in NAMES.items()]
# Folders of docs/ that no snapshot holds.
_LEFT_OUT = ("kategorien", "mitmachen", "rechtliches")


def fetch(project: Path, site: str, source: Path = BASE) -> Path:
    """Put the records of the project ``source`` into ``project`` as those of another site; returns their folder."""
    folder = project / federation.FOLDER / site
    for path in sorted(source.rglob("*.md")):
        name = path.relative_to(source).as_posix()
        if federation.place(name) and path.stem != "index" and path.parent.name not in _LEFT_OUT:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for key, said in (yaml.safe_load((source / "partners/others.yml").read_text()) or {}).items():
        other = folder / federation.OTHERS / f"{key}.md"
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_text(f"---\n{yaml.safe_dump(said, allow_unicode=True)}---\n")
    manifest = {"url": HOME.format(site), "title": site.title(), "licence": LICENCE, "harvested": HARVESTED}
    (folder / federation.MANIFEST).write_text(json.dumps(manifest))
    return folder


def federated(project: Path) -> Path:
    """The project with two neighbours, of whose records one each tells them apart."""
    for site in NAMES:
        folder = fetch(project, site)
        measure = folder / "measures/kreis-lippe/sprachmittlung.md"
        network = folder / "docs/netzwerke/vielfalt.md"
        network.write_text(network.read_text().replace("#massnahmen", ""))  # two links of one name are a fault
        measure.write_text(
            measure.read_text().replace("Sprachmittlung im Kreishaus", f"Sprachmittlung in {site.title()}")
        )
    return project


def with_settings(project: Path) -> Path:
    """The project with everything that a build needs, its neighbours named."""
    complete(project)
    file = project / "mkdocs.yml"
    entries = "".join(f"    - {{id: {s['id']}, url: {s['url']!r}, name: {s['name']}}}\n" for s in SETTINGS)
    file.write_text(file.read_text().replace("\nextra:\n", f"\nextra:\n  federation:\n{entries}", 1))
    return project


def site_of(root: Path, federation: object = SETTINGS) -> Site:
    """Load a project with neighbours; its own records must be free of problems."""
    catalog, problems = rules.load(root, views.PAGE_VIEWS)
    assert problems == []
    settings = {
        "site_name": "Wissensbasis", "site_url": "https://example.org/", "repo_url": REPOSITORY,
        "extra": {**EXTRA, "federation": federation},
    }  # fmt: skip
    return read_site(settings, catalog)
