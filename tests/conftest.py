"""Shared fixtures: a small project to break, and the real one."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page

import hostile
from browsing import chromium, serving
from catalog import export, rules, views
from catalog.site import Site, read_site

ROOT = Path(__file__).resolve().parent.parent
BASE = Path(__file__).parent / "base"
EXTRA = {
    "operator": {
        "name": "Stelle",
        "address": ["Straße 1", "12345 Ort"],
        "email": "redaktion@example.org",
        "representative": "Leitung",
    },
    "reference_date": "2022-03-01",
    "check_after_months": 12,
    "editing": {"forge": "gitlab"},
}
REPOSITORY = "https://git.example.org/wissensbasis/"
# Before a command starts: a suite that runs in the background inherits that Ctrl+C is ignored, and so would the command.
heeding_interrupts = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small valid project that a test may break: records only."""
    return Path(shutil.copytree(BASE, tmp_path / "project"))


@pytest.fixture
def full_project(project: Path) -> Path:
    """The small project with everything that a build needs, from the real one."""
    return complete(project)


def complete(project: Path) -> Path:
    """Add to the small project what a build needs, from the real one."""
    text = (ROOT / "mkdocs.yml").read_text().replace("  - Erfahrungen: erfahrungen/index.md\n", "")
    (project / "mkdocs.yml").write_text(text)
    for name in ("hooks", "overrides"):  # with what Python has compiled: dozens of programs start in these copies
        shutil.copytree(ROOT / name, project / name)
    return project


def site_of(root: Path) -> Site:
    """Load a project that must be free of problems."""
    catalog, problems = rules.load(root, views.PAGE_VIEWS)
    assert problems == []
    settings = {"site_name": "Wissensbasis", "site_url": "https://example.org/", "repo_url": REPOSITORY, "extra": EXTRA}
    return read_site(settings, catalog)


@pytest.fixture(scope="session")
def small_site() -> Site:
    """The small project, read only."""
    return site_of(BASE)


@pytest.fixture(scope="session")
def real_site() -> Site:
    """The real records, read only."""
    return site_of(ROOT)


@pytest.fixture(scope="session")
def published(real_site: Site) -> dict[str, bytes]:
    """The data files of the real records, path -> content."""
    return dict(export.data_files(real_site))


@pytest.fixture(scope="session")
def data_folder(published: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on disk, for programs that read files."""
    folder = tmp_path_factory.mktemp("data")
    for path, content in published.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def front_matter(path: Path) -> dict[str, Any]:
    """What stands at the top of a record's file, read without the generator; every scalar is a string."""
    return dict(yaml.load(path.read_text().split("\n---\n")[0].removeprefix("---\n"), Loader=yaml.CBaseLoader))


def run_build(root: Path, *options: str, tool: str = "mkdocs") -> subprocess.CompletedProcess[str]:
    """Build with the real command line of MkDocs or ProperDocs."""
    command = [sys.executable, "-m", tool, "build", "--strict", *options]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="session")
def real_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built once per worker into a folder of its own."""
    target = tmp_path_factory.mktemp("real") / "site"
    result = run_build(ROOT, "--site-dir", str(target))
    assert result.returncode == 0, result.stderr
    return target


@pytest.fixture(scope="session")
def hostile_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with every hostile sample that the check lets through, built once per worker."""
    root = complete(Path(shutil.copytree(BASE, tmp_path_factory.mktemp("hostile") / "project")))
    for sample in hostile.samples():
        if not sample.get("refused"):
            hostile.put(sample, root)
    result = run_build(root, "--no-strict")  # which warns of addresses that are none, and publishes all the same
    assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="session")
def address(real_build: Path) -> Iterator[str]:
    with serving(real_build) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A context in which any request to another host fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    foreign: list[str] = []
    context.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(address) else None)
    yield context
    context.close()
    assert foreign == []


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    assert errors == []
