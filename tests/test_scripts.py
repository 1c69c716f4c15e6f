"""The commands, called as people call them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from conftest import ROOT

SHELL = ("build", "serve", "test", "compare", "review", "propose", "harvest", "redaktion", "audit")
PYTHON = (
    "validate.py",
    "schema.py",
    "theme_css.py",
    "bench.py",
    "annual_report.py",
    "annual_round.py",
    "archive.py",
    "export_data.py",
    "formats.py",
    "atlas.py",
    "changes.py",
    "cms_config.py",
    "comment.py",
    "proposal.py",
    "harvest.py",
    "publishable.py",
    "issue_forms.py",
    "advisories.py",
    "parts.py",
    "sbom.py",
    "shipped.py",
    "show.py",
)


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.fixture
def small(project: Path) -> Path:
    """The small project with the scripts."""
    shutil.copytree(ROOT / "scripts", project / "scripts")
    shutil.copytree(ROOT / "hooks", project / "hooks")
    shutil.copy(ROOT / "mkdocs.yml", project / "mkdocs.yml")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHELL, *PYTHON])
def test_help(name: str) -> None:
    command = [str(ROOT / "scripts" / name)] if name in SHELL else [sys.executable, str(ROOT / "scripts" / name)]
    result = run(*command, "--help", cwd=Path("/"))
    assert result.returncode == 0, result.stderr
    assert len(result.stdout) > 100


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("archive.py", "--year", "0"), "--year: „0“ ist kein Jahr, zum Beispiel 2021"),
        (("archive.py", "--year", "zwanzig"), "--year: „zwanzig“ ist kein Jahr, zum Beispiel 2021"),
        (("archive.py", "--year", "2020", "--date", "30.9.2020"), "--date: „30.9.2020“ ist kein Datum, zum Beispiel"),
        (("annual_round.py", "--year", "99999"), "--year: „99999“ ist kein Jahr, zum Beispiel 2021"),
        (("annual_report.py", "letztes"), "JAHR: „letztes“ ist kein Jahr, zum Beispiel 2021"),
        (("new_report.py", "kreis-lippe/schulung", "21"), "JAHR: „21“ ist kein Jahr, zum Beispiel 2021"),
        (("publishable.py", "2026-11"), "TAG: „2026-11“ nennt keinen Tag, zum Beispiel 2021-12-01"),
    ],
)
def test_years_and_days_are_asked_for_in_german(command: tuple[str, ...], told: str) -> None:
    name, *options = command
    result = run(sys.executable, str(ROOT / "scripts" / name), *options)
    assert result.returncode == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    ("command", "undone"),
    [
        (("archive.py", "--year", "2020"), "das Archiv ist nicht entstanden, und ein früheres bleibt, wie es war"),
        (("annual_round.py", "--year", "2021"), "es wurde keine Tabelle geschrieben"),
        (("annual_round.py", "--read", "runde.xlsx"), "es wurde nichts übernommen"),
        (("new_report.py", "kreis-lippe/schulung", "2021"), "es wurde nichts geschrieben"),
        (("export_data.py", "daten"), "es wurde nichts geschrieben"),
    ],
)
def test_scripts_stop_at_wrong_records_in_the_same_words(small: Path, command: tuple[str, ...], undone: str) -> None:
    path = small / "measures/kreis-lippe/schulung.md"
    path.write_text(path.read_text().replace("status: ausgefallen", "status: abgesagt"))
    name, *options = command
    result = run(sys.executable, str(small / "scripts" / name), *options, cwd=small)
    assert result.returncode == 1
    assert result.stdout.startswith(
        "measures/kreis-lippe/schulung.md:5: status (Status): „abgesagt“ ist nicht erlaubt."
    )
    assert result.stderr == f"Bitte zuerst die Fehler beheben; {undone}.\n"


def test_the_quality_of_the_search_can_be_measured_as_the_readme_says() -> None:
    result = run(sys.executable, str(ROOT / "tests/search/quality.py"), "--help", cwd=Path("/"))
    assert result.returncode == 0, result.stderr


def test_validate_is_content_from_any_folder(small: Path) -> None:
    result = run(sys.executable, str(small / "scripts/validate.py"), cwd=Path("/"))
    assert (result.returncode, result.stdout) == (0, "Keine Fehler.\n")
    # The texts of the small project are short; a hint says so and fails nothing.
    assert result.stderr.startswith(
        "Hinweise (kein Fehler, bitte prüfen):\nmeasures/kreis-lippe/schulung.md:15: Der Text hat"
    )


def test_validate_names_problems_and_fails(small: Path) -> None:
    path = small / "measures/kreis-lippe/schulung.md"
    path.write_text(path.read_text().replace("status: ausgefallen", "status: abgesagt"))
    (small / "partners/neu.md").write_text("---\ntitle: a: b\n---\n")
    result = run(sys.executable, "scripts/validate.py", cwd=small)
    assert result.returncode == 1
    assert result.stdout.splitlines()[0].startswith("measures/kreis-lippe/schulung.md:5: status (Status): „abgesagt“")
    assert result.stdout.count("\n") == 2
    assert result.stderr.endswith("2 Fehler in 2 Dateien. Hilfe: https://wissensbasis.example.org/mitmachen/felder/\n")


@pytest.mark.slow
def test_validate_can_be_asked_about_one_place(small: Path) -> None:
    (small / "partners/neu.md").write_text("---\ntitle: a: b\n---\n")
    assert run(sys.executable, "../scripts/validate.py", "kreis-lippe", cwd=small / "measures").returncode == 0
    assert run(sys.executable, "../scripts/validate.py", "neu.md", cwd=small / "partners").returncode == 1
    assert run(sys.executable, "scripts/validate.py", "partners", cwd=small).returncode == 1


def test_validate_speaks_to_forges(small: Path) -> None:
    (small / "partners/neu.md").write_text("---\ntitle: a: b\n---\n")
    github = run(sys.executable, "scripts/validate.py", "--format", "github", cwd=small).stdout
    assert github.startswith("::error file=partners/neu.md,line=2::title: „a: b“")
    gitlab = json.loads(run(sys.executable, "scripts/validate.py", "--format", "gitlab", cwd=small).stdout)
    assert gitlab[0]["location"]["path"] == "partners/neu.md"


def test_schemas_are_compared_and_written(small: Path) -> None:
    assert run(sys.executable, "scripts/schema.py", "--check", cwd=small).returncode == 1
    assert run(sys.executable, "scripts/schema.py", cwd=small).returncode == 0
    assert run(sys.executable, "scripts/schema.py", "--check", cwd=small).returncode == 0
    (small / "docs/schema/alt.json").write_text("{}")
    assert run(sys.executable, "scripts/schema.py", "--check", cwd=small).returncode == 1
    assert run(sys.executable, "scripts/schema.py", cwd=small).returncode == 0
    assert not (small / "docs/schema/alt.json").exists()


def test_requirements_hold_what_is_asked_for() -> None:
    """A name in requirements.in without a pinned version with hashes would break --require-hashes only on a fresh machine."""
    for name in ("requirements", "requirements-dev", "requirements-pdf", "requirements-audit"):
        wanted = [line.split("#")[0].strip() for line in (ROOT / f"{name}.in").read_text().splitlines()]
        pinned = (ROOT / f"{name}.txt").read_text().casefold().replace("_", "-")
        for line in wanted:
            if line and not line.startswith("-"):
                package = line.split("[")[0].split("=")[0].split(">")[0].split("<")[0].casefold()
                assert f"\n{package}==" in f"\n{pinned}", (name, package)
        assert pinned.count("--hash=sha256:") > 50


def test_build_fails_on_a_warning(full_project: Path) -> None:
    """--quiet once kept MkDocs from counting the warnings that --strict fails on."""
    shutil.copytree(ROOT / "scripts", full_project / "scripts")
    shutil.copy(ROOT / "requirements.txt", full_project)
    (full_project / ".venv").symlink_to(sys.prefix)
    assert run("scripts/build", cwd=full_project).returncode == 0
    text = full_project / "docs/index.md"
    text.write_text(text.read_text() + "\n[Sackgasse](gibt-es-nicht.md)\n")
    result = run("scripts/build", cwd=full_project)
    assert result.returncode == 1
    assert "gibt-es-nicht.md" in result.stderr


def test_build_of_today(full_project: Path, tmp_path: Path) -> None:
    """A published site counts from the day of its build; the folder may be another one."""
    shutil.copytree(ROOT / "scripts", full_project / "scripts")
    shutil.copy(ROOT / "requirements.txt", full_project)
    (full_project / ".venv").symlink_to(sys.prefix)
    date = tmp_path / "bin/date"
    date.parent.mkdir()
    date.write_text('#!/bin/sh\n[ "$1" = +%F ] && echo 2031-02-03\n')
    date.chmod(0o755)
    path = f"{date.parent}:{os.environ['PATH']}"
    result = run("scripts/build", "--today", "--site-dir", "public", cwd=full_project, PATH=path)
    assert result.returncode == 0, result.stderr
    assert "3. Februar 2031" in (full_project / "public/ueberblick/aktualitaet/index.html").read_text()


@pytest.mark.slow
def test_report_is_written_as_html_and_pdf(tmp_path: Path) -> None:
    result = run(sys.executable, "scripts/annual_report.py", "2020", "--pdf", "--output", str(tmp_path))
    assert result.returncode == 0, result.stderr
    html = (tmp_path / "bericht-2020.html").read_text()
    assert "<link" not in html
    assert "src=" not in html
    reader = pypdf.PdfReader(tmp_path / "bericht-2020.pdf")
    assert is_tagged_for_everyone(reader) == []
    numbers = [page.extract_text().split()[-1] for page in reader.pages]
    assert numbers[-1] == str(len(reader.pages))


def titles_of(outline: list[Any]) -> list[str]:
    return [t for entry in outline for t in (titles_of(entry) if isinstance(entry, list) else [entry.title])]


def is_tagged_for_everyone(reader: pypdf.PdfReader) -> list[str]:
    """What PDF/UA-1 asks for and a program can see; no validator of the standard is at hand."""
    root = reader.trailer["/Root"].get_object()
    tags: set[str] = set()
    fonts: list[bool] = []
    cells: list[bool] = []

    def collect(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, dict):
            tags.add(str(node.get("/S")))
            if node.get("/S") == "/TD":
                cells.append(bool(node["/A"].get("/Headers")))
            for kid in node["/K"] if isinstance(node.get("/K"), list) else [node.get("/K")]:
                if kid is not None and not isinstance(kid, int):
                    collect(kid)

    collect(root["/StructTreeRoot"])
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            fonts.append(any(key.startswith("/FontFile") for key in inner["/FontDescriptor"].get_object()))
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    checks = {
        "marked": bool(root["/MarkInfo"]["/Marked"]),
        "language": root["/Lang"] == "de",
        "title shown": bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
        "title": "Bericht 2020" in (reader.metadata.title or ""),
        "pdfuaid": b"pdfuaid:part" in root["/Metadata"].get_object().get_data(),
        "bookmarks": len(titles_of(reader.outline)) > 100,
        "structure": {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Link"} <= tags,
        "fonts embedded": all(fonts) and bool(fonts),
        "links": len(links) > 500 and all({"/StructParent", "/Contents"} <= set(link) for link in links),
        "cells know their heads": len(cells) > 100 and all(cells),
        "reading order of links": all(page.get("/Tabs") == "/S" for page in reader.pages),
    }
    return [name for name, held in checks.items() if not held]


def test_report_of_a_year_without_documents(tmp_path: Path) -> None:
    result = run(sys.executable, "scripts/annual_report.py", "1999", "--output", str(tmp_path))
    assert result.returncode == 1
    assert "Für 1999 gibt es keinen Bericht. Jahre mit Maßnahmen: 2021, 2020, 2018, 2017." in result.stderr
    assert list(tmp_path.iterdir()) == []
