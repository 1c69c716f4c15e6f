"""Real Chromium: the pools with somebody in them. The real pool of speakers is empty until somebody asks to be in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_accessibility import faults_in_all_modes, looking

from browsing import serving
from conftest import run_build

pytestmark = pytest.mark.browser

PAGES = (
    "kontakte/",
    "kontakte/integrationszentrum/",
    "referierende/",
    "referierende/beispiel-person/",
    "dokumente/",
    "dokumente/oeffnungskonzept/",
    "partner/kreis-lippe/",
    "organisationen/universitaet-bielefeld/",
)


def test_filled_pools(browser: Browser, full_project: Path) -> None:
    result = run_build(full_project)
    assert result.returncode == 0, result.stderr
    found = {}
    with serving(full_project / "site") as address, looking(browser) as page:
        for path in PAGES:
            page.goto(address + path)
            found[path] = faults_in_all_modes(page)
    assert {path: said for path, said in found.items() if said} == {}
