"""What the editor's bundle is made of, against what is told to readers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import packages
import parts
from bundled import bundled
from conftest import ROOT
from test_supply import patterns, uncovered

pytestmark = pytest.mark.browser


def test_every_file_of_the_editor_has_a_maker() -> None:
    folder = bundled()
    files = [f"redaktion/{path.relative_to(folder).as_posix()}" for path in sorted(folder.rglob("*")) if path.is_file()]
    pages = [("Seiten", "redaktion/index.html")]  # claimed as *.html
    assert uncovered(files, [*patterns(redaktion=True), *pages]) == []


def test_only_packages_that_are_told_of_are_bundled(tmp_path: Path) -> None:
    bundled()
    contents = tmp_path / "contents.json"
    subprocess.run(["node", "bundle.mjs", tmp_path / "bundle", contents], cwd=ROOT / "redaktion", check=True)
    outputs = json.loads(contents.read_text())["outputs"].values()
    inputs = {name for output in outputs for name, part in output["inputs"].items() if part["bytesInOutput"]}
    inside = [name.partition("node_modules/")[2].split("/") for name in inputs if "node_modules/" in name]
    found = {f"npm:{'/'.join(path[: 2 if path[0].startswith('@') else 1])}" for path in inside}
    assert found == {"npm:@sveltia/cms", "npm:turndown", "npm:yaml"}
    assert found <= packages.origins(packages.shipped())


def test_parts_are_those_that_sveltia_carries(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled()
    carried = parts.carried()
    assert {"dompurify", "svelte", "react", "@lexical/rich-text"} <= carried.keys()
    monkeypatch.setattr(parts, "carried", lambda: carried)
    monkeypatch.setattr(sys, "argv", ["parts.py", "--check"])
    assert parts.main() == 0
    carried |= {"dompurify": "0.0.1", "neu": "1.0.0"}
    assert parts.main() == 1
    assert "Out of date: dompurify, neu in redaktion/parts.json. Run scripts/parts.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("../../node_modules/.pnpm/qrcode@1.5.4/node_modules/qrcode/lib/core.js", ("qrcode", "1.5.4")),
        (
            "../../node_modules/.pnpm/@sveltia+ui@0.77.0_svelte@5.57.1/node_modules/@sveltia/ui/dist/a.js",
            ("@sveltia/ui", "0.77.0"),
        ),
        (
            "../node_modules/.pnpm/@lexical+list@0.51.0(typescript@6)/node_modules/@lexical/list/a.js",
            ("@lexical/list", "0.51.0"),
        ),
    ],
)
def test_package_and_version_are_read_from_a_source(source: str, package: tuple[str, str]) -> None:
    assert parts._package(source) == package
