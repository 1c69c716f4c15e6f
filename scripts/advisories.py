#!/usr/bin/env python3
"""Fragen, ob zu einem der festgelegten Pakete eine Schwachstelle bekannt ist; scripts/audit ruft dieses Programm auf.

Gefragt wird nach allen Paketen in jeder Fassung, auch nach denen für andere
Systeme und nach denen, die Sveltia CMS in sich trägt. Ausnahmen stehen mit
Grund und Ende in vendor/audit.yml. Rückgabewert: 0 keine Schwachstelle bekannt,
1 mindestens eine, 2 keine verlässliche Antwort.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

# isort: split
import yaml

from packages import Package, npm_lock, npm_locks, parts, requirements, requirements_files

EXEMPTIONS = ROOT / "vendor" / "audit.yml"
_KEYS = {"advisory", "package", "until", "reason"}


class NoAnswer(Exception):  # noqa: N818  # it is no error of this program
    """A database of vulnerabilities did not answer, or not as expected; the text is a German sentence."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A vulnerability that is known in a package.

    Attributes:
        origin: the package, such as ``npm:svgo``.
        version: its version.
        names: how databases call the vulnerability, the one to show first.
        title: what it is about, in the words of the database.
        mended: the versions without it, as far as known.
    """

    origin: str
    version: str
    names: tuple[str, ...]
    title: str
    mended: tuple[str, ...] = ()

    def __str__(self) -> str:
        remedy = f"Behoben in {', '.join(self.mended)}." if self.mended else "Eine Fassung ohne sie ist nicht bekannt."
        return f"{self.origin} {self.version}: {self.names[0]}: {self.title} {remedy}"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A vulnerability that does not concern the site, until a day."""

    advisory: str
    package: str
    until: datetime.date
    reason: str

    def covers(self, finding: Finding) -> bool:
        return self.package == finding.origin and self.advisory in finding.names


def exemptions(path: Path) -> list[Exemption]:
    """The exemptions of a file.

    Raises:
        ValueError: with a German sentence, if an entry is incomplete.
    """
    found = []
    for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")) or (), 1):
        if not isinstance(entry, dict) or set(entry) != _KEYS or not isinstance(entry["until"], datetime.date):
            raise ValueError(
                f"{path.name}: Ausnahme {number} ist unvollständig. "
                "Bitte advisory, package, until (ein Tag wie 2027-03-31) und reason angeben."
            )
        found.append(Exemption(**entry))
    return found


def of_python(packages: Iterable[Package]) -> Iterator[Finding]:
    """What is known of Python packages.

    Raises:
        NoAnswer: if pip-audit does not tell.
    """
    by_name: dict[str, dict[str, Package]] = defaultdict(dict)
    for package in packages:
        by_name[package.name][package.version] = package
    # A list may name a package once; other versions of it, for other systems, go into another list.
    for number in range(max(map(len, by_name.values()))):
        yield from _asked_of_pip_audit([[*v.values()][number] for v in by_name.values() if len(v) > number])


def _asked_of_pip_audit(packages: Iterable[Package]) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("".join(f"{p.name}=={p.version} {_hashes(p)}\n" for p in packages), "utf-8")
        options = ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off", "--format", "json"]
        command = [sys.executable, "-m", "pip_audit", *options, "--requirement", str(listed)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return
    answer = _json(result)
    if "dependencies" not in answer:
        raise NoAnswer(f"pip-audit antwortet nicht wie erwartet: {_last_line(result)}")
    for entry in answer["dependencies"]:
        for found in entry["vulns"]:
            names = (found["id"], *sorted(found.get("aliases", ())))
            title = found.get("description", "").partition("\n")[0]
            yield Finding(f"pypi:{entry['name']}", entry["version"], names, title, tuple(found["fix_versions"]))


def _hashes(package: Package) -> str:
    return " ".join(f"--hash=sha256:{digest}" for _, digest in package.hashes)


def of_npm(folder: Path, packages: Iterable[Package]) -> Iterator[Finding]:
    """What is known of the packages of a lock file of npm.

    Args:
        folder: where the lock file lies.
        packages: those in it.

    Raises:
        NoAnswer: if npm does not tell.
    """
    command = ["npm", "audit", "--json", "--package-lock-only", "--include=dev", "--include=optional", "--include=peer"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    answer = _json(result)
    if "vulnerabilities" not in answer:
        raise NoAnswer(f"npm audit antwortet nicht wie erwartet: {_reason(answer) or _last_line(result)}")
    versions: dict[str, set[str]] = defaultdict(set)
    for package in packages:
        versions[package.name].add(package.version)
    for entry in answer["vulnerabilities"].values():
        for cause in entry["via"]:
            if isinstance(cause, dict):  # the others only name the package that they need
                named = ", ".join(sorted(versions[cause["name"]]))
                name = cause["url"].rpartition("/")[2]
                yield Finding(f"npm:{cause['name']}", named, (name,), f"{cause['title']}, betroffen: {cause['range']}.")


def _reason(answer: Mapping[str, Any]) -> str:
    error = answer.get("error")
    stated = error.get("summary") or error.get("detail") if isinstance(error, dict) else answer.get("message")
    return str(stated or "")


def _json(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    try:
        answer = json.loads(result.stdout)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _last_line(result: subprocess.CompletedProcess[str]) -> str:
    lines = (result.stderr.strip() or result.stdout.strip()).splitlines()
    return lines[-1] if lines else f"Rückgabewert {result.returncode}"


def of_bundle(packages: list[Package]) -> Iterator[Finding]:
    """What is known of the packages inside the editor's bundle, for which a lock file is made up."""
    wanted = {package.name: package.version for package in packages}
    about = {"name": "parts", "version": "1.0.0", "dependencies": wanted}
    entries = {f"node_modules/{name}": {"version": version} for name, version in wanted.items()}
    lock = {"name": "parts", "lockfileVersion": 3, "requires": True, "packages": {"": about, **entries}}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("package.json", about), ("package-lock.json", lock)):
            (Path(folder) / name).write_text(json.dumps(content), "utf-8")
        yield from of_npm(Path(folder), packages)


def main() -> int:
    """Ask, leave out what is exempt, and say what is left."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    python = [package for path in requirements_files() for package in requirements(path)]
    locks = {path.parent: npm_lock(path) for path in npm_locks()}
    inside = parts()
    try:
        exempt = exemptions(EXEMPTIONS)
        found = {*of_python(python), *of_bundle(inside)}
        for folder, packages in locks.items():
            found |= set(of_npm(folder, packages))
    except (NoAnswer, ValueError) as error:
        print(f"Die Prüfung ist nicht möglich. {error}", file=sys.stderr)
        return 2
    asked = [*python, *inside, *(package for packages in locks.values() for package in packages)]
    return _told(
        found, exempt, datetime.datetime.now(tz=datetime.UTC).date(), len({(p.origin, p.version) for p in asked})
    )


def _told(found: Iterable[Finding], exempt: Iterable[Exemption], today: datetime.date, amount: int) -> int:
    """Print what counts and what doesn't; the exit status."""
    open_ones = []
    used: set[Exemption] = set()
    for finding in sorted(found):
        covering = [e for e in exempt if e.covers(finding)]
        used.update(covering)
        if any(today <= e.until for e in covering):
            print(f"Ausgenommen: {finding}")
            continue
        expired = "".join(f" Die Ausnahme bis {e.until} ist abgelaufen." for e in covering)
        open_ones.append(finding)
        print(f"{finding}{expired}")
    for exemption in sorted(set(exempt) - used, key=lambda e: (e.package, e.advisory)):
        print(f"{EXEMPTIONS.name}: {exemption.package}: {exemption.advisory} ist nicht mehr bekannt. Bitte löschen.")
    verdict = f"{len(open_ones)} bekannte Schwachstellen" if open_ones else "Keine Schwachstelle bekannt"
    print(f"{verdict}; {amount} Pakete geprüft.")
    return int(bool(open_ones))


if __name__ == "__main__":
    sys.exit(main())
