"""Builds that are killed, starved, shut out or doubled: the published site is the last one or the next, never half."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from test_build import fingerprints, leftovers

pytestmark = pytest.mark.slow

MEASURE = "measures/kreis-lippe/sprachmittlung.md"
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
COMMAND = [sys.executable, "-m", "mkdocs", "build", "--strict"]
KILLS = 20
# What is told when a file can't be written: by the build itself, by Pagefind, or by nobody, so that it is noticed later.
REASONS = (
    "Der Bau ist abgebrochen, die letzte Website bleibt, wie sie war.",
    "Pagefind meldet:",
    "Suchindex ist unvollständig",
)


class Project:
    """A project whose records say one of two things, and what the site looks like for each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts = [(root / MEASURE).read_text()]
        self.texts.append(self.texts[0].replace("title: ", "title: Neue "))
        assert self.texts[0] != self.texts[1]
        self.sites = [self._built(state) for state in (1, 0)][::-1]  # the first is what stands there in the end
        assert self.sites[0] != self.sites[1]

    def say(self, state: int) -> None:
        (self.root / MEASURE).write_text(self.texts[state])

    def start(self, *prefix: str, **options: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*prefix, *COMMAND], cwd=self.root, env=ENVIRONMENT, text=True, stderr=subprocess.PIPE, **options
        )  # type: ignore[call-overload]

    def build(self) -> None:
        process = self.start()
        said = process.communicate()[1]
        assert process.returncode == 0, said

    def refused(self, *prefix: str, **options: object) -> str:
        """What a build says that has to fail."""
        process = self.start(*prefix, **options)
        said = process.communicate()[1]
        assert process.returncode == 1, said
        assert "Traceback" not in said, said[-3000:]
        return str(said)

    @property
    def published(self) -> dict[str, str]:
        return fingerprints(self.root / "site")

    def _built(self, state: int) -> dict[str, str]:
        self.say(state)
        self.build()
        return self.published


@pytest.fixture
def site(full_project: Path) -> Project:
    return Project(full_project)


def test_killed_at_any_moment(site: Project) -> None:
    start = time.monotonic()
    site.build()
    whole = time.monotonic() - start
    moments = random.Random(7)
    state, killed = 0, 0
    while killed < KILLS:
        state = 1 - state
        site.say(state)
        process = site.start(start_new_session=True)
        time.sleep(moments.uniform(0.3, 1.05) * whole)
        if process.poll() is None:
            # Every other time what the build has started stays alive and goes on writing.
            os.killpg(process.pid, signal.SIGKILL) if killed % 2 else process.kill()
            killed += 1
        process.communicate()
        assert site.published in site.sites
    site.build()
    assert site.published == site.sites[state]


def test_readers_find_every_page_while_sites_change(site: Project) -> None:
    """The folder is exchanged by one call; a reader must never meet a moment without it."""
    for state in (1, 0, 1):
        site.say(state)
        process = site.start()
        while process.poll() is None:
            assert (site.root / "site/index.html").stat().st_size
            assert (site.root / "site/massnahmen/kreis-lippe/sprachmittlung/index.html").stat().st_size
        assert process.communicate()[0] is None
        assert site.published == site.sites[state]


def test_builds_at_once(site: Project) -> None:
    processes = []
    for state in (1, 0, 1):
        site.say(state)
        processes.append(site.start())
        time.sleep(0.2)
    for process in processes:
        said = process.communicate()[1]
        assert process.returncode == 0, said
    assert site.published in site.sites
    assert leftovers(site.root) == []


def test_files_that_can_not_be_written(site: Project) -> None:
    """As on a full disk, which many machines give no test: files end after some kilobytes."""
    for limit in (4_000, 30_000, 70_000):
        said = site.refused(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))  # noqa: B023
        assert any(reason in said for reason in REASONS), said
        assert site.published == site.sites[0]
        assert leftovers(site.root) == []


Namespace = Callable[..., list[str]]


@pytest.fixture(scope="session")
def namespace() -> Namespace:
    """A command that runs another one where mounts and networks are its own, after some lines of shell."""

    def entered(*lines: str, network: bool = True) -> list[str]:
        options = ["--map-root-user", "--mount", *([] if network else ["--net"])]
        script = "\n".join(("set -e", *lines, 'exec "$@"'))
        return ["unshare", *options, "sh", "-c", script, "sh"]

    if subprocess.run([*entered("mount -t tmpfs none /mnt"), "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system gives no namespaces (unshare)")
    return entered


def test_full_disk(site: Project, namespace: Namespace, tmp_path: Path) -> None:
    """The disk ends at several points of the build; what was published is copied out, since it lies on that disk."""
    copy = tmp_path / "copy"
    for percent in (10, 50, 95):
        lines = (
            "mount -t tmpfs none /mnt",
            f"cp -a {site.root}/. /mnt",
            f"size=$(($(du -sk /mnt | cut -f 1) + $(du -sk /mnt/site | cut -f 1) * {percent} / 100))",
            "mount -o remount,size=${size}k /mnt",
            f"cd /mnt; rm -rf {copy}",
            f'status=0; "$@" || status=$?; cp -a /mnt/. {copy}; exit $status',
        )
        said = site.refused(*namespace(*lines))
        assert any(reason in said for reason in REASONS), said
        assert fingerprints(copy / "site") == site.sites[0], percent
        assert leftovers(copy) == []


def test_site_mounted_read_only(site: Project, namespace: Namespace) -> None:
    site.say(1)
    folder = site.root / "site"
    lines = (f"mount --bind {folder} {folder}", f"mount -o remount,bind,ro {folder}")
    said = site.refused(*namespace(*lines))
    assert f"{folder} lässt sich nicht ersetzen: " in said
    assert "Was dort steht, bleibt, wie es war." in said
    assert site.published == site.sites[0]
    assert leftovers(site.root) == []


def test_project_mounted_read_only(site: Project, namespace: Namespace) -> None:
    site.say(1)
    lines = (f"mount --bind {site.root} {site.root}", f"mount -o remount,bind,ro {site.root}", f"cd {site.root}")
    said = site.refused(*namespace(*lines))
    assert "lässt sich kein Ordner anlegen: Read-only file system." in said
    assert site.published == site.sites[0]


def test_no_network(site: Project, namespace: Namespace) -> None:
    site.say(1)
    process = site.start(*namespace(network=False))
    said = process.communicate()[1]
    assert process.returncode == 0, said
    assert site.published == site.sites[1]
