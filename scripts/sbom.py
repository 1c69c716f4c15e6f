#!/usr/bin/env python3
"""Write the site's bill of materials, overrides/rechtliches/sbom.cdx.json (CycloneDX 1.6), which each build publishes.

It holds every pinned package with its hashes: what readers get, what a build
needs, what writes the annual report and what tests need. A build installs
exactly these, since pip and npm compare the hashes.

Licences and dependencies of Python packages come from what is installed; of
packages for other systems they stay as the file has them, or pip is asked for
new ones. So the file is the same wherever it is made. Run it after updating a
package; the test suite runs it with ``--check``, which asks nobody.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, PathDistribution, distribution
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

# isort: split
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import LicenseExpression
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from packages import BUILD, PARTS, Package, asked_for, known, map_data, npm_asked_for, origins, parts, shipped

TARGET = ROOT / "overrides" / "rechtliches" / "sbom.cdx.json"
NAME = "wissensbasis-vielfalt-nrw"
SVELTIA = "npm:@sveltia/cms"

# What a component is there for; of several uses the first counts.
ROLES = ("shipped", "build", "report", "test")
ROLE = f"{NAME}:role"
_ROLE_OF = {
    BUILD: "build",
    "vendor/package-lock.json": "build",
    "redaktion/package-lock.json": "build",
    "requirements-pdf.txt": "report",
    PARTS.relative_to(ROOT).as_posix(): "shipped",
    "scripts/atlas.py": "shipped",
}  # everything else is for tests

# Classifiers that name one licence; the others are kept as they are.
_CLASSIFIED = {
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_SYSTEMS = (("posix", "Linux", "linux"), ("posix", "Darwin", "darwin"), ("nt", "Windows", "win32"))
# For these a dependency counts; which of them runs here must make no difference.
_ENVIRONMENTS = tuple(
    {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.9",
        "os_name": os_name,
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": f"{python}.9",
        "python_version": python,
        "sys_platform": platform,
    }
    for python in ("3.11", "3.12", "3.13", "3.14")
    for os_name, system, platform in _SYSTEMS
)


@dataclass(frozen=True, slots=True)
class About:
    """What a Python package says of itself: its licences, and the names of what it needs."""

    licences: tuple[str, ...]
    needs: tuple[str, ...]


def purl(package: Package) -> str:
    """The package's address in terms of its registry, which also names the component."""
    group, _, name = package.name.rpartition("/")
    return PackageURL(package.ecosystem, group or None, name, package.version).to_string()


def described(packages: Mapping[str, Package], former: Mapping[str, Any], ask: bool) -> dict[str, About]:
    """What is known of each Python package, by its purl.

    Args:
        packages: the packages by purl.
        former: the bill of materials as it is.
        ask: have pip ask for what is neither installed here nor in there.
    """
    ours = {ref: package for ref, package in packages.items() if package.ecosystem == "pypi" and not package.licence}
    metadata = {ref: found for ref, package in ours.items() if (found := _installed(package))}
    kept = {ref: about for ref, about in _kept(former).items() if ref in ours and ref not in metadata}
    for ref in ours.keys() - metadata.keys() - kept.keys():
        if not ask:
            sys.exit(f"{TARGET.relative_to(ROOT)} does not know {ref}; run scripts/sbom.py")
        metadata[ref] = _asked(packages[ref])
    extras = _extras(metadata.values())
    return kept | {ref: _about(found, extras) for ref, found in metadata.items()}


def _kept(former: Mapping[str, Any]) -> dict[str, About]:
    needs = {entry["ref"]: entry.get("dependsOn", ()) for entry in former.get("dependencies", ())}
    return {
        component["bom-ref"]: About(
            tuple(_licence_names(component.get("licenses", ()))),
            tuple(sorted({PackageURL.from_string(ref).name for ref in needs.get(component["bom-ref"], ())})),
        )
        for component in former.get("components", ())
    }


def _licence_names(licences: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in licences:
        one = entry.get("license", {})
        yield entry.get("expression") or one.get("id") or one["name"]


def _extras(metadata: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """The extras of each package for which the project or another package asks."""
    asked = [Requirement(text) for one in metadata for text in one.get("requires_dist", ())]
    found: dict[str, set[str]] = defaultdict(set)
    for requirement in [*asked_for(), *asked]:
        found[canonicalize_name(requirement.name)] |= requirement.extras
    return found


def _installed(package: Package) -> Mapping[str, Any] | None:
    try:
        installed = distribution(package.name)
    except PackageNotFoundError:
        return None
    return installed.metadata.json if installed.version == package.version else None


def _asked(package: Package) -> Mapping[str, Any]:
    """The metadata in a package's wheel, which pip fetches for that; nothing is installed."""
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder]
        subprocess.run([*command, f"{package.name}=={package.version}"], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        (inside,) = (path for path in zipfile.Path(wheel).iterdir() if path.name.endswith(".dist-info"))
        return PathDistribution(inside).metadata.json


def _about(metadata: Mapping[str, Any], extras: Mapping[str, set[str]]) -> About:
    requested = extras.get(canonicalize_name(metadata["name"]), set())
    requirements = map(Requirement, metadata.get("requires_dist", ()))
    needs = {canonicalize_name(r.name) for r in requirements if _applies(r, requested)}
    return About(tuple(_stated_licences(metadata)), tuple(sorted(needs)))


def _applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    if not requirement.marker:
        return True
    cases = itertools.product(_ENVIRONMENTS, ("", *sorted(extras)))
    return any(requirement.marker.evaluate({**environment, "extra": extra}) for environment, extra in cases)


def _stated_licences(metadata: Mapping[str, Any]) -> Iterator[str]:
    """The licence as an SPDX expression if the package has one, else its classifiers, else its words."""
    stated = metadata.get("license_expression") or metadata.get("license", "")
    classifiers = [c.rpartition(" :: ")[2] for c in metadata.get("classifier", ()) if c.startswith("License :: ")]
    licence = LicenseFactory().make_from_string(stated) if stated else None
    if isinstance(licence, LicenseExpression) or (licence and licence.id):
        yield stated
    elif classifiers:
        yield from (_CLASSIFIED.get(name, name) for name in classifiers)
    elif stated and stated != "UNKNOWN":
        yield stated.splitlines()[0]


def bill(packages: Iterable[Package], former: Mapping[str, Any], ask: bool) -> str:
    """The text of the file.

    Args:
        packages: everything that is pinned; the same package may come from several lock files.
        former: the file as it is, for packages of other systems.
        ask: have pip ask for what is not known.
    """
    by_purl: dict[str, list[Package]] = defaultdict(list)
    for package in sorted(packages, key=lambda p: (p.origin, p.version, p.source)):
        by_purl[purl(package)].append(package)
    about = described({ref: same[0] for ref, same in by_purl.items()}, former, ask)
    bom = Bom(metadata=BomMetaData(component=_site(), lifecycles=[PredefinedLifecycle(LifecyclePhase.PRE_BUILD)]))
    components = {ref: _component(ref, same, about.get(ref)) for ref, same in by_purl.items()}
    bom.components = components.values()
    needs = _needs(by_purl, about)
    bom.dependencies = [
        Dependency(component.bom_ref, [Dependency(components[other].bom_ref) for other in sorted(needs[ref])])
        for ref, component in {**components, NAME: bom.metadata.component}.items()
        if component
    ]
    return _text(bom)


def _site() -> Component:
    return Component(
        name=NAME,
        type=ComponentType.APPLICATION,
        bom_ref=NAME,
        description="Static website and its programs; its page of licences names that of the content",
        licenses=[LicenseFactory().make_from_string("MIT")],
    )


def _component(ref: str, same: list[Package], about: About | None) -> Component:
    first = same[0]
    group, _, name = first.name.rpartition("/")
    licences = about.licences if about else {p.licence for p in same if p.licence}
    role = _role(same)
    return Component(
        name=name,
        group=group or None,
        version=first.version,
        type=ComponentType.DATA if first in map_data() else ComponentType.LIBRARY,
        bom_ref=ref,
        purl=PackageURL.from_string(ref),
        scope=ComponentScope.REQUIRED if role == "shipped" else ComponentScope.EXCLUDED,
        hashes=[HashType(alg=HashAlgorithm(alg), content=digest) for p in same for alg, digest in p.hashes],
        licenses=[LicenseFactory().make_from_string(licence) for licence in licences],
        properties=[Property(name=ROLE, value=role)],
    )


def _role(same: list[Package]) -> str:
    """The first of the roles that a package has in any lock file."""
    named = origins(shipped())
    roles = {"shipped" if p.origin in named else _ROLE_OF.get(p.source, "test") for p in same}
    return min(roles, key=ROLES.index)


def _needs(by_purl: Mapping[str, list[Package]], about: Mapping[str, About]) -> dict[str, set[str]]:
    """By purl the purls of what it needs; by the site's own name what the project itself asks for."""
    by_origin: dict[str, set[str]] = defaultdict(set)
    carried = PARTS.relative_to(ROOT).as_posix()
    for ref, same in by_purl.items():
        if any(package.source != carried for package in same):
            by_origin[same[0].origin].add(ref)
    found: dict[str, set[str]] = {}
    for ref, same in by_purl.items():
        names = about[ref].needs if ref in about else ()
        found[ref] = set().union(*(by_origin.get(f"pypi:{name}", set()) for name in names))
        pairs = {tuple(need.rsplit("@", 1)) for package in same for need in package.needs}
        found[ref] |= {r for r, others in by_purl.items() if (others[0].origin, others[0].version) in pairs}
        if same[0].origin == SVELTIA:
            found[ref] |= {purl(part) for part in parts()}
    direct = {f"pypi:{canonicalize_name(r.name)}" for r in asked_for()} | npm_asked_for()
    direct |= {package.origin for package in map_data()}
    found[NAME] = set().union(*(by_origin[origin] for origin in direct if origin in by_origin))
    return found


def _text(bom: Bom) -> str:
    """CycloneDX with a line for each component; number and content depend on each other, and on nothing else."""
    data = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    del data["serialNumber"], data["metadata"]["timestamp"]
    data["metadata"].pop("tools", None)
    content = json.dumps(data, ensure_ascii=False, sort_keys=True)
    data["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_OID, content).urn
    keys = ",\n".join(f'"{key}": {_value(data[key])}' for key in sorted(data))
    return f"{{\n{keys}\n}}\n"


def _value(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in value)
    return f"[\n{lines}\n]"


def main() -> int:
    """Write, or compare with ``--check``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if the file is out of date")
    arguments = parser.parse_args()
    there = TARGET.read_text("utf-8") if TARGET.exists() else ""
    text = bill(known(), json.loads(there or "{}"), ask=not arguments.check)
    if arguments.check:
        if there != text:
            print(f"{TARGET.name} is out of date; run scripts/sbom.py", file=sys.stderr)
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(json.loads(text)['components'])} components, {len(text) / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
