#!/usr/bin/env python3
"""Einstellungen der Redaktion im Browser schreiben: config.json und index.html in einen Ordner.

Wird von scripts/redaktion aufgerufen. Alles entsteht aus dem Modell, dem
Vokabular und mkdocs.yml (repo_url, extra.editing).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from project import ROOT, progress, settings  # first: completes sys.path

from catalog import rules, staging, views
from catalog.editing import cms
from catalog.problems import SiteError


def main() -> int:
    """Write both files; the exit status is 1 if the settings or the records do not allow it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="ORDNER", type=Path, help="wohin, zum Beispiel site/redaktion")
    parser.add_argument("--replace", metavar="ORDNER", type=Path, help="dann diesen Ordner durch jenen ersetzen")
    options = parser.parse_args()
    try:
        if not written(options.folder):
            return 1
        if options.replace:
            staging.replace(options.folder, options.replace)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def written(folder: Path) -> bool:
    """Write both files into a folder, unless records are wrong."""
    chosen = cms.settings(settings())
    catalog, found = rules.load(ROOT, views.PAGE_VIEWS, progress)
    if found:
        print(f"{len(found)} Fehler in den Datensätzen. Bitte zuerst scripts/validate.py.", file=sys.stderr)
        return False
    configuration = cms.configuration(catalog, chosen)
    page = Environment(loader=FileSystemLoader(ROOT / "redaktion"), autoescape=True, undefined=StrictUndefined)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(configuration, ensure_ascii=False) + "\n", encoding="utf-8")
    html = page.get_template("index.html").render(policy=cms.policy(chosen), title=configuration["cms"]["app_title"])
    (folder / "index.html").write_text(html + "\n", encoding="utf-8")
    if chosen.token_only:
        print("Hinweis: Ohne extra.editing.app_id melden sich Redaktionen mit einem Zugangstoken an.", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main())
