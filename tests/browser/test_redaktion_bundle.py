"""The bundle of the editor: what it holds, what Sveltia says about its settings, and how it reads and writes files."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bundled import PACKAGES, bundled
from catalog import forms, rules, views
from catalog.editing import cms
from catalog.frontmatter import read
from catalog.model import KINDS
from conftest import ROOT

pytestmark = pytest.mark.browser

SVELTIA = PACKAGES / "@sveltia/cms"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    bundled()
    editing = {"forge": "gitlab", "app_id": "kennung"}
    known = {"site_name": "W", "site_url": "https://w.example.org/", "repo_url": "https://git.example.org/a/b"}
    catalog, _ = rules.load(ROOT, views.PAGE_VIEWS)
    return cms.configuration(catalog, cms.settings({**known, "extra": {"editing": editing}}))


def faults(settings: dict[str, Any]) -> int:
    schema = json.loads((SVELTIA / "schema/sveltia-cms.json").read_text())
    return len(list(jsonschema.Draft7Validator(schema).iter_errors(settings)))


def test_settings_are_valid_by_sveltias_own_schema(made: dict[str, Any]) -> None:
    assert faults(made["cms"]) == 0


@pytest.mark.parametrize(
    ("right", "wrong"), [('"multiple": true', '"multiple": "ja"'), ('"widget": "richtext"', '"widget": "richtext", "buttons": ["fett"], "x": 1'), ('"editorial_workflow"', '"redaktion"')]
)  # fmt: skip
def test_a_slip_in_the_settings_would_be_found(made: dict[str, Any], right: str, wrong: str) -> None:
    text = json.dumps(made["cms"])
    assert right in text
    assert faults(json.loads(text.replace(right, wrong, 1))) > 0


def test_bundle_holds_what_is_needed_and_names_no_network_of_fonts() -> None:
    folder = bundled()
    script = (folder / "main.js").read_text()
    assert "jsdelivr" not in script
    assert not list(folder.glob("*.map"))
    assert len(list(folder.glob("*.js"))) <= 6
    assert {path.suffix for path in (folder / "assets").iterdir()} == {".woff2", ".txt"}
    for name in re.findall(r"assets/([\w.-]+\.woff2)", script):
        assert (folder / "assets" / name).exists(), name
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 4_000_000


def leaves(words: dict[str, Any], at: str = "") -> set[str]:
    return {leaf for key, value in words.items()
            for leaf in (leaves(value, f"{at}{key}.") if isinstance(value, dict) else {f"{at}{key}"})}  # fmt: skip


def test_our_german_fills_gaps_only() -> None:
    """A sentence that Sveltia has translated in the meantime leaves our file."""
    bundled()
    english, theirs = (json.loads((SVELTIA / f"locales/{code}.json").read_text()) for code in ("en-US", "de"))
    ours = json.loads((ROOT / "redaktion/de.json").read_text())
    assert leaves(ours) <= leaves(english)
    assert leaves(ours) & leaves(theirs) == set()


ROUND_TRIP = """
import { readFileSync } from 'node:fs';
import { readRecord, writeRecord } from './record.js';
const { records, files } = JSON.parse(readFileSync(0, 'utf8'));
const written = files.map(([format, text]) => writeRecord(records[format], readRecord(records[format], text)));
console.log(JSON.stringify(written));
"""


def test_no_record_loses_anything(made: dict[str, Any]) -> None:
    """All records of the project, read and written as the editor does it, say the same as before."""
    catalog, _ = rules.load(ROOT, views.PAGE_VIEWS)
    records = [record for kind in cms.EDITED for record in catalog.of(kind).values()]
    texts = [(ROOT / record.path).read_text() for record in records]
    given = {
        "records": made["records"],
        "files": [[f"record-{r.kind}", text] for r, text in zip(records, texts, strict=True)],
    }
    command = ["node", "--input-type=module", "--eval", ROUND_TRIP]
    result = subprocess.run(
        command, cwd=ROOT / "redaktion", input=json.dumps(given), capture_output=True, text=True, check=True
    )
    written = json.loads(result.stdout)
    assert len(written) == len(records) > 600
    untouched = 0
    for record, old, new in zip(records, texts, written, strict=True):
        before, after = (read(record.path, text.encode())[0] for text in (old, new))
        assert before is not None
        assert after is not None
        assert after.data == {key: value for key, value in before.data.items() if value not in ("", "false")}
        assert list(after.data) == [
            f.key for f in forms.fields(KINDS[record.kind], catalog.vocabulary) if f.key in after.data
        ]
        assert after.text.strip() == before.text.strip()
        untouched += old == new
    assert untouched / len(records) > 0.6  # the rest differs in quotes and in the form of lists only


def test_script_touches_no_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "wichtig.txt").write_text("bleibt")
    result = subprocess.run([ROOT / "scripts/redaktion", tmp_path], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "is neither empty nor made by this script" in result.stderr
    assert (tmp_path / "wichtig.txt").read_text() == "bleibt"
