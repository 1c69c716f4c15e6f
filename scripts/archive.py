#!/usr/bin/env python3
"""Ein Berichtsjahr für immer festhalten: die Website von heute als Paket, das ohne Server lesbar bleibt.

Schreibt archiv/JAHR/: einen Ordner mit der eingefrorenen Website und ihrer
Beschreibung (ein BagIt-Paket nach RFC 8493), denselben als ZIP-Datei, und
SHA256SUMS. Jede Seite sagt, dass sie ein Archiv ist, und führt zur aktuellen
Fassung. Vor dem Packen wird geprüft, dass nichts von anderswo geladen wird und
kein Link ins Leere führt. Dieselben Dateien ergeben immer dasselbe Paket.

Wann man das tut und wohin das Paket geht: docs/mitmachen/archiv.md
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from project import ROOT, as_day, as_year, sound_site  # first: completes sys.path

import bag
import enclosed
from catalog import archive, problems, render, wording
from catalog.archive import Archive
from catalog.problems import SiteError
from catalog.site import Site
from catalog.staging import Staging

FOLDER = ROOT / "archiv"
SETTINGS = ROOT / "archive.yml"
# What only a site needs that is published and goes on: for servers, for search engines, for the form for proposals.
LEFT_OUT = (
    ".well-known", "404.html", "_headers", "mitmachen/felder.json", "mitmachen/vorschlag/*.json", "server",
    "sitemap.xml",
)  # fmt: skip
MOST_TOLD = 50  # faults of the site; a fault of a template stands on each page
TOOLS = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "pagefind")
TAG_FILES = ("LIESMICH.txt", "METADATA.xml", "EXTERNE-LINKS.txt")


@dataclass(frozen=True, slots=True)
class State:
    """The state of the files.

    Attributes:
        commit: its full name in git.
        moment: when it was made.
    """

    commit: str
    moment: datetime.datetime


def main() -> int:
    """Write the archive; the exit status is 1, and the last archive stays, if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--year", metavar="JAHR", type=as_year, required=True, help="Berichtsjahr, zum Beispiel 2020")
    parser.add_argument("--out", metavar="ORDNER", type=Path, default=FOLDER, help="Zielordner (Vorgabe: archiv/)")
    parser.add_argument(
        "--date",
        metavar="TAG",
        type=as_day,
        help="Stichtag, für den die Seiten sagen, was fällig ist (Vorgabe: der letzte Tag des Jahres)",
    )
    parser.add_argument(
        "--allow-dirty", action="store_true", help="zur Probe: auch mit Änderungen, die in keinem Commit stehen"
    )
    arguments = parser.parse_args()
    try:
        date = arguments.date or datetime.date(arguments.year, 12, 31)
        written = make(arguments.year, date, arguments.out, allow_dirty=arguments.allow_dirty)
    except SiteError as error:
        print(error, file=sys.stderr)
        print("Das Archiv ist nicht entstanden; ein früheres bleibt, wie es war.", file=sys.stderr)
        return 1
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
        print(
            f"Das Archiv ist nicht entstanden; ein früheres bleibt, wie es war. Das System meldet: {said}. "
            "Bitte Speicherplatz und Schreibrechte prüfen.",
            file=sys.stderr,
        )
        return 1
    print(f"Geschrieben: {written} ({wording.number(str(round(written.stat().st_size / 1e6, 1)))} MB)")
    return 0


def make(year: int, date: datetime.date, out: Path, *, allow_dirty: bool) -> Path:
    """Build, examine and pack the archive of a year.

    Returns:
        The ZIP file.

    Raises:
        SiteError: with German sentences, if there is no report, the files are in no commit, or the site loads
            something from elsewhere.
        SystemExit: if a record is wrong.
        OSError: if the system stops it.
    """
    os.environ["REFERENCE_DATE"] = date.isoformat()
    site = sound_site("das Archiv ist nicht entstanden, und ein früheres bleibt, wie es war")
    if year not in (years := archive.years(site.catalog)):
        known = ", ".join(map(str, years)) or "keine"
        raise SiteError(
            f"Für {year} gibt es keinen Bericht. Jahre mit Bericht: {known}. Ein Bericht entsteht mit der Datei "
            f"docs/bericht/{year}.md."
        )
    if site.url == "/":
        raise SiteError("mkdocs.yml: site_url fehlt. Jede Seite des Archivs nennt die Adresse der aktuellen Fassung.")
    state = None if allow_dirty and changes() else committed()
    kept = Archive(year, date, state.commit if state else "", state.moment.date() if state else None)
    staging = Staging.beside(out / str(year))
    try:
        written = _fill(staging.folder, site, kept, state)
        staging.publish()
    except BaseException:
        staging.discard()
        raise
    return staging.target / written


def _fill(folder: Path, site: Site, kept: Archive, state: State | None) -> str:
    """Write all of an archive into an empty folder; returns the name of the ZIP file."""
    name = f"{'-'.join(wording.sort_key(site.name).split())}-{kept.year}"
    whole = folder / name
    build(whole / bag.PAYLOAD, kept)
    examined = enclosed.examine(whole / bag.PAYLOAD)
    if examined.problems:
        amount = len(examined.problems)
        told = f"{problems.as_text(examined.problems[:MOST_TOLD])}Das Archiv wäre nicht in sich geschlossen. "
        more = (
            f"Gezeigt sind die ersten {MOST_TOLD} von {amount} Fehlern." if amount > MOST_TOLD else f"Fehler: {amount}."
        )
        raise SiteError(told + more)
    print(f"{examined.pages} Seiten und {examined.links} Verweise geprüft: nichts kommt von anderswo.")
    midnight = datetime.datetime.combine(kept.date, datetime.time(), datetime.UTC)
    describe(whole, site, kept, examined)
    bag.seal(whole, _info(site, kept, state.moment if state else midnight))
    packed = folder / f"{name}.zip"
    bag.pack(whole, packed, state.moment if state else midnight)
    (folder / "SHA256SUMS").write_text(f"{bag.checksum(packed)}  {packed.name}\n", "utf-8")
    return packed.name


def build(target: Path, kept: Archive) -> None:
    """Build the frozen site.

    Raises:
        SiteError: if MkDocs fails, which has said why.
    """
    target.parent.mkdir()
    said = {"YEAR": str(kept.year), "COMMIT": kept.commit, "COMMITTED": kept.committed and kept.committed.isoformat()}
    environment = os.environ | {f"ARCHIVE_{key}": value or "" for key, value in said.items()}
    environment |= {"REFERENCE_DATE": kept.date.isoformat(), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(SETTINGS), "-d", str(target)]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise SiteError("Die Website ließ sich nicht bauen. Warum, steht oben.")
    for path in [path for pattern in LEFT_OUT for path in target.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def describe(folder: Path, site: Site, kept: Archive, examined: enclosed.Examined) -> None:
    """Write what people and archives should know beside the site."""
    title = f"{site.name}: Archiv des Berichtsjahrs {kept.year}"
    context = {
        "site": site,
        "archive": kept,
        "title": title,
        "description": f"Eingefrorene Website, ohne Server lesbar, zum Stichtag {kept.frozen}.",
        "pages": examined.pages,
        "size": sum(path.stat().st_size for path in bag.files(folder / bag.PAYLOAD)),
        "outward": [found for found in sorted(examined.outward.items()) if not found[0].startswith(site.url)],
        "tools": list(_tools()),
    }
    for name in TAG_FILES:
        text = render.environment().get_template(f"archive/{name}.j2").render(context)
        (folder / name).write_text(text.strip() + "\n", "utf-8")


def _tools() -> Iterator[tuple[str, str]]:
    yield "Python", platform.python_version()
    yield from ((name, importlib.metadata.version(name)) for name in TOOLS)


def _info(site: Site, kept: Archive, moment: datetime.datetime) -> dict[str, str]:
    """What bag-info.txt says, by the labels of RFC 8493."""
    return {
        "Source-Organization": site.operator.name,
        "Contact-Email": site.operator.email,
        "External-Description": f"{site.name}: Archiv des Berichtsjahrs {kept.year}, zum Stichtag {kept.frozen}",
        "External-Identifier": kept.commit or site.url,
        "Bagging-Date": moment.date().isoformat(),
        "Bag-Software-Agent": "scripts/archive.py",
    }


def committed() -> State | None:
    """The commit that the files are; ``None`` where there is no git.

    Raises:
        SiteError: if files were changed since.
    """
    if changed := changes():
        raise SiteError(
            f"Diese Dateien stehen in keinem Commit:\n{changed}\n"
            "Ein festgehaltenes Jahr muss ein Commit sein, damit man es wiederfindet. Bitte erst committen, oder zur "
            "Probe --allow-dirty benutzen; dann nennt das Archiv keinen Commit."
        )
    said = _git("log", "-1", "--format=%H %cI")
    if not said:
        return None
    commit, moment = said.split()
    return State(commit, datetime.datetime.fromisoformat(moment).astimezone(datetime.UTC))


def changes() -> str:
    """What git calls changed or new; empty where there is no git."""
    return _git("-c", "core.quotePath=false", "status", "--porcelain")


def _git(*command: str) -> str:
    """What git answers about this project; empty if it is none of git's, or there is no git.

    Raises:
        SiteError: if git refuses, as in a folder of another user.
    """
    if not (ROOT / ".git").exists():  # a project inside of another one would be told that one's commits
        return ""
    try:
        result = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        return ""
    except subprocess.CalledProcessError as error:
        raise SiteError(f"git kennt den Stand der Dateien nicht und meldet: {error.stderr.strip()}") from error
    return result.stdout.rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
