#!/usr/bin/env python3
"""Write the JSON Schemas of the front matter to docs/schema/, so that they are published with the site."""

from __future__ import annotations

import argparse
import sys

from project import ROOT, keep_in_step  # first: completes sys.path

from catalog import schema, store


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a schema is out of date")
    arguments = parser.parse_args()

    words, problems = store.load_vocabulary(ROOT)
    if problems:
        sys.exit("vocabulary.yml has problems; run scripts/validate.py")
    wanted = {f"{schema.FOLDER}/{name}": text for name, text in schema.editor_schemas(words).items()}
    return keep_in_step(wanted, [schema.FOLDER], arguments.check)


if __name__ == "__main__":
    sys.exit(main())
