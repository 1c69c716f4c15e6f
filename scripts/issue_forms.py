#!/usr/bin/env python3
"""Write the forges' forms for proposals: .github/ISSUE_TEMPLATE/ (GitHub and Forgejo) and .gitlab/issue_templates/."""

from __future__ import annotations

import argparse
import sys

from project import ROOT, progress, settings  # first: completes sys.path

from catalog import render, rules, views
from catalog.editing import issue_forms


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a form is out of date")
    arguments = parser.parse_args()

    catalog, problems = rules.load(ROOT, views.PAGE_VIEWS, progress)
    if problems:
        sys.exit("The records have problems; run scripts/validate.py")
    known = settings()
    label = render.editing(known["repo_url"], known["extra"]).label
    wanted = issue_forms.files(catalog, known["site_url"], label)
    there = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in (issue_forms.GITHUB, issue_forms.GITLAB)
        for path in (ROOT / folder).glob("*.*")
    }
    stale = sorted(path for path in {*wanted, *there} if wanted.get(path) != there.get(path))
    if arguments.check:
        if stale:
            print(f"Out of date: {', '.join(stale)}. Run scripts/issue_forms.py", file=sys.stderr)
        return bool(stale)
    for path in stale:
        if path in wanted:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(wanted[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    print(f"{len(wanted)} forms, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
