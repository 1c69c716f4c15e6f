"""What the Python scripts share: where the project is, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

HELP_PAGE = "mitmachen/felder/"


def progress(items: list[str], unit: str = " Dateien") -> Iterable[str]:
    """The items behind a progress bar that shows itself on a terminal after one second, never in a log."""
    from tqdm import tqdm

    return tqdm(items, unit=unit, disable=None, leave=False, delay=1)


def site_url() -> str:
    """The site's address as mkdocs.yml gives it, or ``/``."""
    import yaml

    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return str(settings.get("site_url", "/"))
