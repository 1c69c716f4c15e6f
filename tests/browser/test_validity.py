"""Every built page is valid HTML, by html-validate; ``tests/node/htmlvalidate.mjs`` says which rules and why."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, run_build
from inspecting import package

pytestmark = pytest.mark.browser  # needs npm, as the browser part of scripts/test does


def invalid(*places: Path) -> list[str]:
    """What is wrong below these folders and files, one process for all."""
    program = package("html-validate/bin/html-validate.mjs")
    config = ROOT / "tests/node/htmlvalidate.mjs"
    command = ["node", program, "--config", config, "--formatter", "json", "--ext", "html", *places]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    return [
        f"{Path(page['filePath']).name}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for page in json.loads(result.stdout)
        for fault in page["messages"]
    ]


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_of_the_site(real_build: Path, half: int) -> None:
    """In halves, so that two workers share them."""
    assert invalid(*sorted(real_build.rglob("*.html"))[half::2]) == []


def test_redirects_documents_and_the_editors_page(full_project: Path, tmp_path: Path) -> None:
    """Addresses that moved, the report and a partner's handout on one sheet, the frame of the editor."""
    assert run_build(full_project).returncode == 0
    assert list(full_project.glob("site/**/alte-schulung/index.html"))
    made = tmp_path / "made"
    for script, *options in (
        ("annual_report.py", "2020"),
        ("annual_round.py", "--year", "2021", "--partner", "kreis-lippe"),
    ):
        subprocess.run(
            [sys.executable, ROOT / "scripts" / script, *options, "--output", made], check=True, capture_output=True
        )
    shutil.copy(ROOT / "redaktion/index.html", made)
    assert len(list(made.glob("*.html"))) == 3
    assert invalid(full_project / "site", made) == []


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<p><div>A</div></p>", "close-order"),
        ("<ul><p>A</p></ul>", "element-permitted-content"),
        ("<p id='a'></p><p id='a'></p>", "no-dup-id"),
        ("<img src='a.png'>", "wcag/h37"),
        ("<table><tr><th scope='rowx'>A</th></tr></table>", "attribute-allowed-values"),
        ("<script src='https://example.org/a.js'></script>", "require-sri"),
        ("<p>Frauen & Männer &uuml</p>", "unrecognized-char-ref"),
        ("<input name='a' type='text'><input name='a' type='text'>", "form-dup-name"),
        ("<nav></nav><nav></nav>", "unique-landmark"),
    ],
)
def test_planted_faults_are_found(tmp_path: Path, markup: str, rule: str) -> None:
    page = f'<!doctype html>\n<html lang="de">\n<head><title>A</title></head>\n<body><form>{markup}</form></body>\n</html>\n'
    (tmp_path / "a.html").write_text(page)
    assert f": {rule}: " in " ".join(invalid(tmp_path))
