#!/usr/bin/env python3
"""Write the forges' forms for proposals: .github/ISSUE_TEMPLATE/ (GitHub and Forgejo) and .gitlab/issue_templates/."""

from __future__ import annotations

import argparse
import sys

from project import ROOT, keep_in_step, progress, settings  # first: completes sys.path

from catalog import rules, views
from catalog.editing import issue_forms
from catalog.site import read_editing
from catalog.store import Catalog


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a form is out of date")
    arguments = parser.parse_args()

    catalog, problems = rules.load(ROOT, views.PAGE_VIEWS, progress)
    if problems:
        sys.exit("The records have problems; run scripts/validate.py")
    return keep_in_step(forms_of(catalog), [issue_forms.GITHUB, issue_forms.GITLAB], arguments.check)


def forms_of(catalog: Catalog) -> dict[str, str]:
    """The forms for these records with the settings of mkdocs.yml: path -> text."""
    known = settings()
    label = read_editing(known["repo_url"], known["extra"]).label
    return issue_forms.files(catalog, known["site_url"], label)


if __name__ == "__main__":
    sys.exit(main())
