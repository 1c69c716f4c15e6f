"""The bundle of the editor, made by ``scripts/redaktion .cache/redaktion`` before the tests run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGES = ROOT / "redaktion/node_modules"


def bundled() -> Path:
    """The folder of the bundle; without npm the test is skipped, except where CI runs."""
    folder = ROOT / ".cache/redaktion"
    if not (folder / "main.js").exists() or not PACKAGES.exists():
        if shutil.which("npm") or os.environ.get("CI"):
            pytest.fail("run scripts/redaktion .cache/redaktion first, as scripts/test does")
        pytest.skip("npm is missing, so the editor could not be bundled")
    return folder
