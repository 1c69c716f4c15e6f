"""Real builds with the real command line: what a maintainer, an editor and CI see."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import heeding_interrupts, run_build

MEASURE = "measures/kreis-lippe/sprachmittlung.md"


def fingerprints(site: Path) -> dict[str, str]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(root: Path) -> list[Path]:
    return list(root.glob(".site.*"))


def page(root: Path, address: str) -> str:
    return (root / "site" / address / "index.html").read_text()


def test_build(full_project: Path) -> None:
    result = run_build(full_project)
    assert result.returncode == 0, result.stderr
    assert not leftovers(full_project)
    measure = page(full_project, "massnahmen/kreis-lippe/sprachmittlung")
    # MkDocs would take "Ziel: …" at the top of a text for metadata and drop it.
    assert "Ziel: bessere Verständigung." in measure
    # Links name files of the repository, from measures/ as from docs/.
    assert 'href="../../../partner/kreis-lippe/"' in measure
    assert 'href="../../../netzwerke/vielfalt/"' in measure
    assert 'href="../../partner/kreis-lippe/#massnahmen"' in page(full_project, "netzwerke/vielfalt")
    # The page's own headings and the author's stand in one table of contents, in reading order.
    toc = measure.split('id="wb-toc"')[1].split("</nav>")[0]
    assert toc.index("#s-ablauf") < toc.index("#zahlen") < toc.index("#belege")
    # The menu shows the section, and no other page as the current one.
    assert measure.count("aria-current") == 2  # in the wide and in the narrow menu
    assert '<a href="../../../massnahmen/" aria-current="true">Maßnahmen</a>' in measure


def test_build_is_reproducible(full_project: Path) -> None:
    assert run_build(full_project).returncode == 0
    first = fingerprints(full_project / "site")
    assert run_build(full_project).returncode == 0
    assert fingerprints(full_project / "site") == first
    assert len(first) > 40


def test_one_licence_in_all_places(full_project: Path) -> None:
    """What another operator has chosen stands wherever a licence is told of, and nowhere the one of our sample."""
    name, address = "Datenlizenz Deutschland Namensnennung 2.0", "https://www.govdata.de/dl-de/by-2-0"
    settings = (full_project / "mkdocs.yml").read_text()
    chosen = f"    licence: {{name: {name}, url: '{address}'}}\n"
    text = "".join(chosen if "# licence: {" in line else line for line in settings.splitlines(keepends=True))
    (full_project / "mkdocs.yml").write_text(text)
    result = run_build(full_project)
    assert result.returncode == 0, result.stderr
    site = full_project / "site"
    told = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    with zipfile.ZipFile(site / "api/v1/wissensbasis.zip") as archive:
        told |= {entry: archive.read(entry) for entry in archive.namelist()}
    for place, words in {
        "index.html": f"Inhalte unter {name}.",  # as in the footer of each page
        "rechtliches/impressum/index.html": f'href="{address}"',
        "rechtliches/lizenzen/index.html": f'href="{address}"',
        "daten/index.html": f'"license":"{address}"',
        "feeds/massnahmen.xml": f"<rights>{name}, {address}</rights>",
        "api/v1/index.json": f'"licence": "{address}"',
        "api/v1/openapi.json": f'"license": {{"name": "{name}", "url": "{address}"}}',
        "api/v1/measures.parquet": address,
        "api/v1/catalog.ttl": "dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0>",
        "LIESMICH.txt": f"Lizenz: {name}, siehe LIZENZ.txt",
        "LIZENZ.txt": address,
    }.items():
        assert words.encode() in told[place], place
    sample = re.compile(rb"creativecommons\.org|CC.BY|licenses/cc-", re.IGNORECASE)
    of_geonames = {"rechtliches/lizenzen/index.html", "rechtliches/sbom.cdx.json", "ueberblick/karte/index.html"}
    assert {place for place, content in told.items() if sample.search(content)} == of_geonames


@pytest.mark.slow
def test_properdocs_builds_the_same(full_project: Path) -> None:
    """The maintained fork of MkDocs 1.x is our way out when 1.x stops working."""
    assert run_build(full_project).returncode == 0
    ours = fingerprints(full_project / "site")
    result = run_build(full_project, tool="properdocs")
    assert result.returncode == 0, result.stderr
    assert fingerprints(full_project / "site").keys() == ours.keys()


def test_failed_build_names_all_and_keeps_the_last_site(full_project: Path) -> None:
    assert run_build(full_project).returncode == 0
    before = fingerprints(full_project / "site")
    text = (full_project / MEASURE).read_text()
    (full_project / MEASURE).write_text(text.replace("status: laufend", "status: abgesagt"))
    (full_project / "partners/neu.md").write_text("---\ntitle: a: b\n---\n")
    result = run_build(full_project)
    assert result.returncode == 1
    assert f"{MEASURE}:5: status (Status): „abgesagt“ ist nicht erlaubt. Meinten Sie „ausgefallen“?" in result.stderr
    assert "partners/neu.md:2: title: „a: b“ enthält einen Doppelpunkt." in result.stderr
    assert "2 Fehler in 2 Dateien. Hilfe: https://wissensbasis.example.org/mitmachen/felder/" in result.stderr
    assert "Traceback" not in result.stderr
    assert fingerprints(full_project / "site") == before
    assert not leftovers(full_project)


@pytest.mark.slow
def test_broken_anchor_in_a_text_keeps_the_last_site(full_project: Path) -> None:
    """MkDocs notices these only at the end, when it has written everything."""
    assert run_build(full_project).returncode == 0
    before = fingerprints(full_project / "site")
    with (full_project / MEASURE).open("a") as file:
        file.write("\n[Fehlt](schulung.md#fehlt)\n")
    result = run_build(full_project)
    assert result.returncode == 1
    assert f"'{MEASURE}' contains a link 'schulung.md#fehlt'" in result.stderr
    assert fingerprints(full_project / "site") == before
    assert not leftovers(full_project)


@pytest.mark.slow
def test_dirty_build_adds_to_the_site(full_project: Path) -> None:
    """It writes only what changed, so it must not replace the whole site."""
    assert run_build(full_project).returncode == 0
    before = fingerprints(full_project / "site").keys()
    command = [sys.executable, "-m", "mkdocs", "build", "--dirty"]
    subprocess.run(
        command, cwd=full_project, check=True, capture_output=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    )
    assert fingerprints(full_project / "site").keys() == before


def test_former_addresses_lead_on(full_project: Path) -> None:
    assert run_build(full_project).returncode == 0
    former = page(full_project, "massnahmen/kreis-lippe/alte-schulung")
    assert 'url=../../../massnahmen/kreis-lippe/schulung/"' in former


def test_options_of_mkdocs_work(full_project: Path) -> None:
    result = run_build(full_project, "--site-dir", "anderswo", "--no-directory-urls")
    assert result.returncode == 0, result.stderr
    assert (full_project / "anderswo/index.html").exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(full_project: Path):
    """``mkdocs serve`` on the small project with one broken record."""
    text = (full_project / MEASURE).read_text()
    (full_project / MEASURE).write_text(text.replace("status: laufend", "status: abgesagt"))
    port = free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
    with (full_project / "serve.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=full_project, stderr=log, env=environment, preexec_fn=heeding_interrupts
        )
        yield full_project, f"http://127.0.0.1:{port}/"
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)


def get(address: str) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")


@pytest.mark.slow
def test_serve_leaves_out_a_broken_record_and_takes_it_back(server: tuple[Path, str]) -> None:
    root, address = server
    home = get(address)
    assert "Wissensbasis" in home
    assert f"{MEASURE}:5: status" in (root / "serve.log").read_text()
    # The other measure refers to the broken one and is shown all the same.
    schulung = get(f"{address}massnahmen/kreis-lippe/schulung/")
    assert "Setzt fort" not in schulung

    text = (root / MEASURE).read_text()
    (root / MEASURE).write_text(text.replace("status: abgesagt", "status: laufend"))
    eventually(root, lambda: "Setzt fort" in get(f"{address}massnahmen/kreis-lippe/schulung/"))


@pytest.mark.slow
def test_serve_survives_a_broken_vocabulary(server: tuple[Path, str]) -> None:
    """Nothing can be built without it, so the last good pages stay."""
    root, address = server
    get(address)
    vocabulary = (root / "vocabulary.yml").read_text()
    (root / "vocabulary.yml").write_text("status:\n  x: {label: y}\n")
    eventually(root, lambda: "vocabulary.yml:2: status.x" in (root / "serve.log").read_text())
    assert "Wissensbasis" in get(address)
    (root / "vocabulary.yml").write_text(vocabulary.replace("Schulung oder Seminar.", "Schulung oder Kurs."))
    eventually(root, lambda: "Schulung oder Kurs." in get(f"{address}formate/fortbildung/"))


def eventually(root: Path, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < deadline, (root / "serve.log").read_text()
        time.sleep(0.3)
