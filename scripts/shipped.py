#!/usr/bin/env python3
"""Make hooks/catalog/shipped.json anew: what readers get, with versions and licences.

What is shipped stands in vendor/shipped.yml; versions come from the lock files,
licence texts from the installed packages. Texts that are installed here are
copied into overrides/rechtliches/lizenzen/, from where they are published. Run
it after updating a package; the test suite runs it with ``--check``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

from packages import Package, known, npm_locks, parts, shipped

TARGET = ROOT / "hooks" / "catalog" / "shipped.json"
TEXTS = ROOT / "overrides" / "rechtliches" / "lizenzen"


def listing() -> str:
    """The file that is written: for each entry what its page shows."""
    packages = known()
    entries = [_entry(entry, _version(entry, packages)) for entry in shipped()]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(entry: Mapping[str, Any], version: str) -> dict[str, Any]:
    inside = [{"name": p.name, "version": p.version, "licence": p.licence or ""} for p in parts()]
    return {
        "name": entry["name"],
        "version": f"in {entry['out_of']} {version}" if "out_of" in entry else version,
        "use": entry["use"],
        "licence": entry.get("label", entry["licence"]),
        "text": entry.get("text", ""),
        "page": entry.get("page", ""),
        "source": entry.get("source", ""),
        "parts": inside if "parts" in entry else [],
        "parts_text": entry.get("parts", ""),
    }


def _version(entry: Mapping[str, Any], packages: list[Package]) -> str:
    """The one version of an entry's package; what the editor carries inside has versions of its own."""
    if "origin" not in entry:
        return ""
    inside = {p.source for p in parts()}
    found = {p.version for p in packages if p.origin == entry["origin"] and p.source not in inside}
    if len(found) != 1:
        sys.exit(f"vendor/shipped.yml: {entry['name']}: {entry['origin']} has {len(found)} versions in the lock files.")
    return found.pop()


def originals() -> Iterator[tuple[Path, str]]:
    """(our copy, text as it stands in the package) of each licence text whose package is installed here."""
    versions = {(p.origin, p.version) for p in known()}
    for entry in shipped():
        if "original" in entry:
            text = _original(entry.get("origin", ""), entry["original"], versions)
            if text is not None:
                yield TEXTS / entry["text"], text


def _original(origin: str, path: str, versions: set[tuple[str, str]]) -> str | None:
    ecosystem, _, name = origin.partition(":")
    if not ecosystem:
        return (ROOT / path).read_text("utf-8")
    if ecosystem == "npm":
        return _original_of_npm(name, path, versions)
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return None
    if (origin, installed.version) not in versions:
        return None
    return next(file.read_text() for file in installed.files or () if file.as_posix().endswith(f".dist-info/{path}"))


def _original_of_npm(name: str, path: str, versions: set[tuple[str, str]]) -> str | None:
    for lock in npm_locks():
        folder = lock.parent / "node_modules" / name
        if (
            folder.exists()
            and (f"npm:{name}", json.loads((folder / "package.json").read_text())["version"]) in versions
        ):
            return (folder / path).read_text("utf-8")
    return None


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a file is out of date")
    arguments = parser.parse_args()
    wanted = {TARGET: listing(), **dict(originals())}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if arguments.check:
        for path in stale:
            print(f"{path.name} is out of date; run scripts/shipped.py", file=sys.stderr)
        return int(bool(stale))
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    print(f"{len(wanted)} files, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
