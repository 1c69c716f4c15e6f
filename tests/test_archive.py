"""A year that is kept: what its pages say, and the command that builds, examines and packs it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml import ElementTree

from catalog import archive, policy, render, views
from catalog.archive import Archive
from catalog.model import Measure, YearReport
from catalog.problems import SiteError
from catalog.site import Site, read_site
from conftest import EXTRA, ROOT, complete
from receiving import library_of_congress
from test_build import fingerprints
from test_policy import Metas, directives

DAY = datetime.date(2020, 12, 31)
REPORT = "---\ntitle: Bericht {0}\nsummary: Ein Satz über {0}.\nview: report\n---\nText.\n"
NAME = "wissensbasis-vielfalt-nrw-2021"
IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


# ---- what a site knows of it


def settings(**more: object) -> dict[str, object]:
    return {"site_name": "Wissensbasis", "site_url": "https://example.org/", "repo_url": "", "extra": EXTRA | more}


def kept(site: Site, **said: object) -> Site:
    return read_site(settings(**said), site.catalog)


def test_an_ordinary_site_keeps_no_year(small_site: Site) -> None:
    assert small_site.archive is None
    assert small_site.index == ""
    assert kept(small_site, archive={}).archive is None


def test_a_site_knows_its_year_and_state(small_site: Site) -> None:
    said = {"year": 2021, "commit": "0123456789abcdef", "committed": datetime.date(2022, 2, 3)}
    found = kept(small_site, archive=said, reference_date="2021-12-31").archive
    assert found == Archive(2021, datetime.date(2021, 12, 31), "0123456789abcdef", datetime.date(2022, 2, 3))
    assert found.frozen == "31. Dezember 2021"
    assert found.state == "Commit 0123456789ab vom 3. Februar 2022"
    assert Archive(2021, DAY).state == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [({"year": "letztes"}, "„letztes“ ist kein Jahr"), ({"commit": "a"}, "„“ ist kein Jahr"), ({"year": 1, "committed": "x"}, "extra.archive.committed: ")],
)  # fmt: skip
def test_wrong_settings_are_told(small_site: Site, said: dict[str, object], told: str) -> None:
    with pytest.raises(SiteError, match=told):
        kept(small_site, archive=said)


def test_other_sites_are_not_asked(small_site: Site) -> None:
    search = {"merge": ["https://andere.example.org/"]}
    assert kept(small_site, search=search).merged
    assert not kept(small_site, search=search, archive={"year": 2021}).merged


def test_reports_of_later_years_are_left_out(real_site: Site) -> None:
    assert archive.years(real_site.catalog) == [2020]
    assert archive.years(archive.until(real_site.catalog, 2020)) == [2020]
    assert archive.years(archive.until(real_site.catalog, 2019)) == []
    before = kept(real_site, archive={"year": 2019})
    assert [page.view for page in views.plan(before) if page.view.startswith("report")] == ["reports"]


def test_a_measure_is_as_it_was_reported_by_then(real_site: Site) -> None:
    measure = real_site.catalog.all(Measure)[0]
    reports = tuple(
        YearReport.model_construct(year=year, status=status)
        for year, status in ((2020, "geplant"), (2021, "laufend"), (2023, "beendet"))
    )
    later = measure.model_copy(update={"status": "beendet", "reports": reports, "checked": "2023-05-01", "figures": ()})
    catalog = dataclasses.replace(
        real_site.catalog,
        records={**real_site.catalog.records, "measure": {**real_site.catalog.of("measure"), later.ref: later}},
    )
    for year, status, amount in ((2020, "geplant", 1), (2022, "laufend", 2), (2023, "beendet", 3)):
        found = archive.until(catalog, year).of("measure")
        assert list(found) == list(catalog.of("measure"))
        kept = found[later.ref]
        assert isinstance(kept, Measure)
        assert (kept.status, len(kept.reports), kept.title) == (status, amount, measure.title)
        assert (kept.checked is None) == (year < 2023)
    others = archive.until(catalog, 2020).of("measure")
    assert all(others[ref] is record for ref, record in catalog.of("measure").items() if ref != later.ref)


def test_a_measure_first_reported_later_stays(real_site: Site) -> None:
    """Other records may lead to it."""
    later = [
        m for m in real_site.catalog.all(Measure) if m.sources[0].document == "niederschrift-integrationsrat-2021-11-24"
    ]
    assert later
    assert {m.ref for m in later} <= archive.until(real_site.catalog, 2020).of("measure").keys()


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("../", "../index.html"),
        ("./", "./index.html"),
        ("../partner/#a/", "../partner/index.html#a/"),
        ("../partner/?a=b/#c/", "../partner/index.html?a=b/#c/"),
        ("../api/v1/x.json", "../api/v1/x.json"),
        ("#a", "#a"),
    ],
)
def test_links_to_folders_name_the_file(link: str, wanted: str) -> None:
    assert render.to_file(link, "index.html") == wanted
    assert render.to_file(link, "") == link


def test_the_policy_of_an_archive_lets_files_in_and_no_host(real_site: Site) -> None:
    frozen = dataclasses.replace(real_site, archive=Archive(2020, DAY))
    for view in ("", "search", "measure"):
        ours, ordinary = directives(policy.of(frozen, view)), directives(policy.of(real_site, view))
        assert ours.keys() == ordinary.keys()
        added = {name: set(values) - set(ordinary[name]) for name, values in ours.items()}
        assert {name for name, more in added.items() if more} == {"script-src", "style-src", "img-src", "form-action"}
        assert set().union(*added.values()) == {"file:"}


# ---- the command


def git(root: Path, *command: str) -> str:
    environment = os.environ | {"GIT_COMMITTER_DATE": "2022-02-03T23:30:00-05:00"}
    result = subprocess.run(
        ["git", *IDENTITY, *command], cwd=root, capture_output=True, text=True, check=True, env=environment
    )
    return result.stdout


def run(root: Path, *options: str, year: int = 2021, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/archive.py", "--year", str(year), *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=os.environ | environment)


@pytest.fixture
def checkout(project: Path) -> Iterator[Path]:
    """The small project with two reports and the scripts, as one commit."""
    for year in (2021, 2022):
        (project / f"docs/bericht/{year}.md").write_text(REPORT.format(year))
    complete(project)
    shutil.copytree(ROOT / "scripts", project / "scripts")
    for name in ("archive.yml", ".gitignore"):
        shutil.copy(ROOT / name, project / name)
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Stand")
    yield project
    assert not list(project.glob("archiv/.*"))  # whatever happened, nothing half-made is left


@pytest.mark.slow
def test_a_year_becomes_a_package_that_others_can_read(checkout: Path) -> None:
    result = run(checkout)
    assert result.returncode == 0, result.stderr
    assert "nichts kommt von anderswo." in result.stdout
    folder, commit = checkout / "archiv/2021", git(checkout, "rev-parse", "HEAD").strip()
    assert sorted(path.name for path in folder.iterdir()) == ["SHA256SUMS", NAME, f"{NAME}.zip"]
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", f"{NAME}.zip", "aus"], cwd=folder, check=True)
    assert fingerprints(folder / "aus" / NAME) == fingerprints(folder / NAME)
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "--strict", "--quiet", "-c", manifest], cwd=folder / NAME, check=True)
    assert library_of_congress(folder / "aus" / NAME) == ("", "Name der betreibenden Stelle")
    with zipfile.ZipFile(folder / f"{NAME}.zip") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2022, 2, 4, 4, 30, 0)}
    told = (folder / NAME / "LIESMICH.txt").read_text()
    assert commit in told
    assert "&#" not in told
    for name in re.findall(r"\bdata/\S+", told):
        assert (folder / NAME / name).exists(), name
    described = ElementTree.parse(folder / NAME / "METADATA.xml").getroot()
    assert described.findtext("{http://purl.org/dc/terms/}temporal") == "2021"
    assert described.findtext("{http://purl.org/dc/elements/1.1/}identifier") == commit
    assert f"External-Identifier: {commit}\n" in (folder / NAME / "bag-info.txt").read_text()
    assert "https://wissensbasis.example.org/" not in (folder / NAME / "EXTERNE-LINKS.txt").read_text().split("\n\n")[1]


@pytest.mark.slow
def test_each_page_says_that_it_is_kept(checkout: Path) -> None:
    assert run(checkout).returncode == 0
    site = checkout / "archiv/2021" / NAME / "data"
    pages = [path for path in site.rglob("*.html") if 'http-equiv="refresh"' not in path.read_text()]
    assert len(pages) > 50
    for page in pages:
        text, address = page.read_text(), page.relative_to(site).as_posix().removesuffix("index.html")
        metas = Metas(text)
        assert ("meta", {"name": "robots", "content": "noindex"}) in metas.found, page
        living = [at["href"] for tag, at in metas.found if tag == "link" and at["rel"] == "canonical"]
        assert living == [f"https://wissensbasis.example.org/{address}"]
        assert f'<a href="{living[0]}" rel="noopener">Aktuelle Fassung dieser Seite</a>' in text
        assert (
            "<strong>Archiv: Stand des Berichtsjahrs 2021.</strong> Eingefroren zum Stichtag 31. Dezember 2021." in text
        )
        assert "vom 4. Februar 2022" in text
        assert "wb-actions" not in text
        assert "git.example.org" not in text or page.parent.name == "rechtliches"
    assert 'aria-current="true"' in (site / "partner/kreis-lippe/index.html").read_text()
    assert not (site / "bericht/2022/index.html").exists()
    assert "Bericht 2022" not in (site / "bericht/index.html").read_text()
    assert "<form" not in (site / "mitmachen/vorschlag/index.html").read_text().split("<main")[1]
    for name in ("404.html", "_headers", "server", ".well-known", "sitemap.xml", "mitmachen/felder.json"):
        assert not (site / name).exists(), name


@pytest.mark.slow
def test_one_commit_gives_the_same_bytes(checkout: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "eins", tmp_path / "zwei"
    assert run(checkout, "--out", str(first), PYTHONHASHSEED="1").returncode == 0
    for path in checkout.rglob("*.md"):
        os.utime(path, (1, 1))
    assert run(checkout, "--out", str(second), PYTHONHASHSEED="2", TZ="Pacific/Auckland").returncode == 0
    assert fingerprints(first) == fingerprints(second)


def test_a_year_without_a_report_is_refused(checkout: Path) -> None:
    result = run(checkout, year=2019)
    assert result.returncode == 1
    assert result.stderr.startswith(
        "Für 2019 gibt es keinen Bericht. Jahre mit Bericht: 2022, 2021. Ein Bericht entsteht"
    )
    assert not (checkout / "archiv").exists()


def test_the_living_site_must_have_an_address(checkout: Path) -> None:
    settings = (checkout / "mkdocs.yml").read_text()
    (checkout / "mkdocs.yml").write_text(settings.replace("site_url: https://wissensbasis.example.org/\n", ""))
    result = run(checkout, "--allow-dirty")
    assert result.returncode == 1
    assert result.stderr.startswith("mkdocs.yml: site_url fehlt.")


@pytest.mark.slow
def test_a_kept_year_must_be_a_commit(checkout: Path) -> None:
    (checkout / "docs/index.md").write_text((checkout / "docs/index.md").read_text() + "\nNeu.\n")
    result = run(checkout)
    assert result.returncode == 1
    assert result.stderr.startswith("Diese Dateien stehen in keinem Commit:\n M docs/index.md\nEin festgehaltenes Jahr")
    assert run(checkout, "--allow-dirty").returncode == 0
    assert "Stand der Dateien" not in (checkout / "archiv/2021" / NAME / "data/index.html").read_text()
    assert "nicht festgehalten" in (checkout / "archiv/2021" / NAME / "LIESMICH.txt").read_text()


@pytest.mark.slow
def test_it_works_without_git(checkout: Path) -> None:
    shutil.rmtree(checkout / ".git")
    result = run(checkout, "--date", "2021-06-30")
    assert result.returncode == 0, result.stderr
    assert "zum Stichtag 30. Juni 2021." in (checkout / "archiv/2021" / NAME / "data/index.html").read_text()
    with zipfile.ZipFile(checkout / f"archiv/2021/{NAME}.zip") as packed:
        assert packed.infolist()[0].date_time == (2021, 6, 30, 0, 0, 0)


@pytest.mark.slow
def test_what_fails_leaves_the_last_archive(checkout: Path) -> None:
    assert run(checkout).returncode == 0
    before = fingerprints(checkout / "archiv")
    shell = checkout / "overrides/base.html"
    whole = shell.read_text()
    shell.write_text(
        whole.replace("<body>", '<body><img src="https://example.org/a.png"><a href="/partner/">Partner</a>')
    )
    result = run(checkout, "--allow-dirty")
    assert result.returncode == 1
    assert "„https://example.org/a.png“ lädt von einem anderen Ort." in result.stderr
    assert "„/partner/“ zählt vom Anfang eines Servers an" in result.stderr
    assert "ein früheres bleibt, wie es war." in result.stderr
    shell.write_text(whole.replace("<body>", "<body>{% fehlt %}"))
    result = run(checkout, "--allow-dirty")
    assert (result.returncode, "Die Website ließ sich nicht bauen." in result.stderr) == (1, True)
    (checkout / "partners/neu.md").write_text("---\ntitle: a: b\n---\n")
    result = run(checkout, "--allow-dirty")
    assert result.returncode == 1
    assert result.stdout.startswith("partners/neu.md:2: ")
    assert fingerprints(checkout / "archiv") == before


def test_a_folder_that_may_not_be_written_is_told(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("")
    result = run(checkout, "--out", str(tmp_path / "datei"))
    assert result.returncode == 1
    assert "lässt sich kein Ordner anlegen" in result.stderr


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_the_last_archive(checkout: Path) -> None:
    start = time.monotonic()
    assert run(checkout).returncode == 0
    whole = time.monotonic() - start
    before = fingerprints(checkout / "archiv/2021")
    for part in (0.3, 0.5, 0.7, 0.9):
        command = [sys.executable, "scripts/archive.py", "--year", "2021"]
        process = subprocess.Popen(
            command, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(part * whole)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert fingerprints(checkout / "archiv/2021") == before
    assert run(checkout).returncode == 0  # and removes what is left of the others, see the fixture
    assert fingerprints(checkout / "archiv/2021") == before


@pytest.mark.slow
def test_a_disk_that_is_full_is_told(checkout: Path) -> None:
    assert run(checkout).returncode == 0
    before = fingerprints(checkout / "archiv")
    size = (checkout / f"archiv/2021/{NAME}.zip").stat().st_size
    for limit in (size - 1, 20_000):  # only the package is too large; a page already is
        command = [sys.executable, "scripts/archive.py", "--year", "2021"]
        starved = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
        result = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, preexec_fn=starved)
        assert result.returncode == 1
        assert "Das Archiv ist nicht entstanden; ein früheres bleibt, wie es war." in result.stderr
        assert "Traceback" not in result.stderr
        assert fingerprints(checkout / "archiv") == before
