"""What the Python scripts share: the environment, where the project is, and a progress bar.

Import it first: if the script was started with a Python that lacks the
project's libraries, it starts again with the one in .venv.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv" / "bin" / "python"
sys.path.insert(0, str(ROOT / "hooks"))

if not all(map(importlib.util.find_spec, ("pydantic", "frontmatter", "babel", "tqdm"))):
    if not VENV.exists() or Path(sys.executable) == VENV:
        sys.exit("Bitte zuerst scripts/build ausführen; das richtet die Umgebung ein.")
    os.execv(VENV, [str(VENV), *sys.argv])  # noqa: S606

if TYPE_CHECKING:
    from catalog.problems import Problem
    from catalog.render import Site

T = TypeVar("T")


def progress(items: list[T], unit: str = " Dateien") -> Iterable[T]:
    """The items behind a progress bar that shows itself on a terminal after one second, never in a log."""
    from tqdm import tqdm

    return tqdm(items, unit=unit, disable=None, leave=False, delay=1)


def settings() -> dict[str, Any]:
    """mkdocs.yml as MkDocs reads it, with the variables of the environment."""
    from mkdocs.utils.yaml import yaml_load

    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        return dict(yaml_load(file))


def site_url() -> str:
    """The site's address as mkdocs.yml gives it, or ``/``."""
    return str(settings().get("site_url", "/"))


def load_site(root: Path = ROOT) -> tuple[Site, list[Problem]]:
    """The site as a build of the records in ``root`` sees it, and what is wrong with them."""
    from catalog import relations, render, rules, views

    catalog, found = rules.load(root, views.PAGE_VIEWS, progress)
    known = settings()
    related = relations.relate(catalog)
    site = render.site(known["site_name"], site_url(), known.get("repo_url", ""), catalog, related, known["extra"])
    return site, found
