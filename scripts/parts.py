#!/usr/bin/env python3
"""Say what the editor's bundle carries inside: redaktion/parts.json and the licence texts of these packages.

Sveltia CMS comes as one file into which its makers have bundled packages of
other makers; no lock file names them, but the source map beside it does. Run
this after updating Sveltia CMS; it fetches the packages with npm, for their
hashes and texts only. The test suite runs it with ``--check``, which compares
names and versions and needs redaktion/node_modules, as scripts/redaktion makes it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from project import ROOT, progress  # first: completes sys.path

from packages import PARTS

# isort: split
from shipped import TEXTS

TEXT = TEXTS / "sveltia-cms-bestandteile.txt"
RULE = "=" * 78
TEXT_NAMES = ("license", "licence", "copying", "notice")


def carried() -> dict[str, str]:
    """Name -> version of each package that Sveltia has bundled into what we bundle."""
    found: dict[str, str] = {}
    for source in _sources():
        name, version = _package(source)
        if found.setdefault(name, version) != version:
            sys.exit(f"{name} is in the bundle twice, as {found[name]} and {version}; redaktion/parts.json knows one.")
    return dict(sorted(found.items()))


def _sources() -> Iterator[str]:
    """The files of other packages that the source maps of bundled files name."""
    for file in _bundled():
        source_map = file.with_name(f"{file.name}.map")
        if source_map.exists():
            yield from (s for s in json.loads(source_map.read_text("utf-8"))["sources"] if "/.pnpm/" in s)


def _bundled() -> list[Path]:
    """The files that esbuild puts into the bundle of the editor."""
    with tempfile.TemporaryDirectory() as folder:
        contents = Path(folder) / "contents.json"
        command = ["node", "bundle.mjs", str(Path(folder) / "bundle"), str(contents)]
        subprocess.run(command, cwd=ROOT / "redaktion", check=True)
        outputs = json.loads(contents.read_text("utf-8"))["outputs"].values()
    names = {name for output in outputs for name, part in output["inputs"].items() if part["bytesInOutput"]}
    return [ROOT / "redaktion" / name for name in sorted(names)]


def _package(source: str) -> tuple[str, str]:
    """Name and version out of ``…/.pnpm/@a+b@1.2.3_peer/node_modules/@a/b/file.js``."""
    _, _, inside = source.rpartition("/node_modules/")
    name = "/".join(inside.split("/")[: 2 if inside.startswith("@") else 1])
    stored = source.partition("/.pnpm/")[2].partition("/")[0]
    version = re.match(r"[^_(]+", stored.removeprefix(f"{name.replace('/', '+')}@"))
    if not version:
        sys.exit(f"No version in {source}")
    return name, version[0]


def described(packages: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], str]:
    """What parts.json says of each package, and the text with all licences."""
    entries: dict[str, dict[str, Any]] = {}
    under: dict[str, list[str]] = {}  # text -> the packages that come with it, word for word
    for name, version in progress(list(packages.items()), " Pakete"):
        entry, text = _fetched(name, version)
        entries[name] = {"version": version, **entry}
        under.setdefault(text.strip(), []).append(f"{name} {version}, {entry['licence'] or 'no licence stated'}")
    return entries, "\n".join(_section(names, text) for text, names in under.items())


def _section(names: list[str], text: str) -> str:
    return "\n".join([RULE, *names, RULE, "", text, ""])


def _fetched(name: str, version: str) -> tuple[dict[str, str | None], str]:
    """Hash and licence as the registry knows them, and the licence text in the package itself."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--json", "--ignore-scripts", f"{name}@{version}"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            if not any(code in result.stderr for code in ("E404", "ETARGET")):
                sys.exit(result.stderr)
            print(f"{name} {version} is not in the registry.", file=sys.stderr)
            return {"licence": None, "integrity": None}, "The registry does not have this package on its own."
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            about = json.loads(_read(package, "package.json"))
            texts = [_read(package, path) for path in sorted(package.getnames()) if _is_text(path)]
        integrity = _values(json.loads(result.stdout))["integrity"]
    text = "\n\n".join(texts) or "The package holds no licence text; its package.json names the licence."
    return {"licence": about.get("license"), "integrity": integrity}, text


def _values(packed: Any) -> dict[str, Any]:
    """What npm says of one package, whether it lists it or names it."""
    return next(iter(packed.values() if isinstance(packed, dict) else packed))


def _is_text(path: str) -> bool:
    _, *folders, file = path.split("/")
    return not folders and file.lower().startswith(TEXT_NAMES)


def _read(package: tarfile.TarFile, path: str) -> str:
    (name,) = [n for n in package.getnames() if n == path or n.split("/")[1:] == [path]]
    file = package.extractfile(name)
    return file.read().decode("utf-8").replace("\r\n", "\n") if file else ""


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if the file is out of date")
    arguments = parser.parse_args()
    packages = carried()
    if arguments.check:
        listed = {name: entry["version"] for name, entry in json.loads(PARTS.read_text("utf-8")).items()}
        differences = sorted(name for name in {*packages, *listed} if packages.get(name) != listed.get(name))
        if differences:
            print(
                f"Out of date: {', '.join(differences)} in redaktion/parts.json. Run scripts/parts.py", file=sys.stderr
            )
        return int(bool(differences))
    entries, text = described(packages)
    PARTS.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    TEXT.parent.mkdir(parents=True, exist_ok=True)
    TEXT.write_text(text, encoding="utf-8")
    print(f"{len(entries)} packages, {len(text) / 1024:.0f} KiB of licences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
