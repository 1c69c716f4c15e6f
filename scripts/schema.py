#!/usr/bin/env python3
"""Write the JSON Schemas of the front matter to docs/schema/, so that they are published with the site."""

from __future__ import annotations

import argparse
import sys

from project import ROOT  # first: completes sys.path

from catalog import schema, store


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a schema is out of date")
    arguments = parser.parse_args()

    words, problems = store.load_vocabulary(ROOT)
    if problems:
        sys.exit("vocabulary.yml has problems; run scripts/validate.py")
    folder = ROOT / schema.FOLDER
    wanted = schema.editor_schemas(words)
    stale = sorted(
        name
        for name in {*wanted, *(path.name for path in folder.glob("*.json"))}
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != wanted.get(name)
    )
    if arguments.check:
        if stale:
            print(f"Out of date: {', '.join(stale)}. Run scripts/schema.py", file=sys.stderr)
        return bool(stale)
    folder.mkdir(exist_ok=True)
    for name in stale:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    print(f"{schema.FOLDER}/: {len(wanted)} schemas, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
