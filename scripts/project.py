"""What the Python scripts share: the environment, where the project is, options, and a progress bar.

Import it first: if the script was started with a Python that lacks the
project's libraries, it starts again with the one in .venv.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Mapping
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
    from catalog.site import Site

T = TypeVar("T")


def progress(items: list[T], unit: str = " Dateien") -> Iterable[T]:
    """The items behind a progress bar that shows itself on a terminal after one second, never in a log."""
    from tqdm import tqdm

    return tqdm(items, unit=unit, disable=None, leave=False, delay=1)


def keep_in_step(wanted: Mapping[str, str], folders: Iterable[str], check: bool) -> int:
    """Write generated files, or compare them; what lies beside them and is not wanted goes.

    Args:
        wanted: path, relative to the project -> text.
        folders: the folders that hold nothing else.
        check: compare only.

    Returns:
        The exit status: 1 if ``check`` found a difference.
    """
    there = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / folder).glob("*.*")
    }
    stale = sorted(path for path in {*wanted, *there} if wanted.get(path) != there.get(path))
    if check:
        if stale:
            print(f"Out of date: {', '.join(stale)}. Run {sys.argv[0]}", file=sys.stderr)
        return int(bool(stale))
    for path in stale:
        if path in wanted:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(wanted[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    print(f"{len(wanted)} files, {len(stale)} changed")
    return 0


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
    from catalog import rules, store, views
    from catalog.site import read_site

    catalog, found = rules.load(root, views.PAGE_VIEWS, progress)
    lines = store.settings_lines(ROOT / "mkdocs.yml")
    return read_site(settings(), catalog, lines), found


def sound_site(undone: str = "es wurde nichts geschrieben") -> Site:
    """The site, for a script that does nothing while a record is wrong.

    Args:
        undone: what was not done for that reason, a German clause.

    Raises:
        SystemExit: with status 1, if a record is wrong; all problems and the reason have then been printed.
    """
    site, found = load_site()
    stop_at(found, undone)
    return site


def stop_at(found: list[Problem], undone: str) -> None:
    """End the script if a record is wrong.

    Args:
        found: what is wrong with the records.
        undone: what was not done for that reason, a German clause.

    Raises:
        SystemExit: with status 1, if there is any; all problems and the reason have then been printed.
    """
    from catalog import problems

    if found:
        sys.stdout.write(problems.as_text(found))
        print(f"Bitte zuerst die Fehler beheben; {undone}.", file=sys.stderr)
        sys.exit(1)


def as_year(text: str) -> int:
    """An option that is a year, such as ``2021``.

    Raises:
        ArgumentTypeError: with a German sentence, if it is none of those that records may name.
    """
    if not re.fullmatch("(?:19|20)[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"„{text}“ ist kein Jahr, zum Beispiel 2021")
    return int(text)


def as_day(text: str) -> datetime.date:
    """An option that is a day, such as ``2021-12-01``.

    Raises:
        ArgumentTypeError: with a German sentence, if it is none.
    """
    from catalog import dates

    try:
        return dates.day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, zum Beispiel 2021-12-01") from error
