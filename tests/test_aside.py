"""Work in a process of its own: it is waited for, its failures arrive here, and nobody works for a dead build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.aside import Aside
from catalog.problems import SiteError
from conftest import ROOT

BOTH = pytest.mark.parametrize("split", [True, False], ids=["split", "together"])


@BOTH
def test_it_is_done_when_it_is_waited_for(tmp_path: Path, split: bool) -> None:
    def steps() -> Iterator[None]:
        (tmp_path / "done").write_text(str(os.getpid()))
        yield

    Aside.start(steps, split).finish()
    assert ((tmp_path / "done").read_text() != str(os.getpid())) == split


@BOTH
@pytest.mark.parametrize("fault", [SiteError("So nicht."), OSError(28, "No space left on device")])
def test_what_fails_there_fails_here(fault: Exception, split: bool) -> None:
    def steps() -> Iterator[None]:
        yield
        raise fault

    with pytest.raises(type(fault)) as told:
        Aside.start(steps, split).finish()
    assert str(told.value) == str(fault)
    assert getattr(told.value, "errno", None) == getattr(fault, "errno", None)


def test_a_process_that_is_killed_is_told() -> None:
    def steps() -> Iterator[None]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield

    with pytest.raises(SiteError, match="Ihr Prozess wurde beendet"):
        Aside.start(steps, split=True).finish()


def test_work_can_be_given_up(tmp_path: Path) -> None:
    def steps() -> Iterator[None]:
        signal.pause()
        yield

    begun = Aside.start(steps, split=True)
    begun.stop()
    assert begun.process is not None
    assert begun.process.exitcode == -signal.SIGKILL


@BOTH
def test_it_is_given_up_where_the_block_around_it_fails(split: bool) -> None:
    def steps() -> Iterator[None]:
        signal.pause()
        yield

    with pytest.raises(OSError, match="No space"), Aside.start(steps, split) as begun:
        raise OSError(28, "No space left on device")
    assert begun.process is None if not split else begun.process.exitcode == -signal.SIGKILL


@BOTH
def test_what_is_finished_in_a_block_stays(tmp_path: Path, split: bool) -> None:
    def steps() -> Iterator[None]:
        (tmp_path / "done").touch()
        yield

    with Aside.start(steps, split) as begun:
        begun.finish()
    assert (tmp_path / "done").exists()
    assert begun.process is None if not split else begun.process.exitcode == 0


ABANDONED = """
import os, sys, time
sys.path.insert(0, {hooks!r})
from catalog.aside import Aside

def steps():
    while True:
        open({note!r}, "a").write(".")
        time.sleep(0.01)
        yield

Aside.start(steps, True)
while not os.path.exists({note!r}):
    time.sleep(0.01)
os.kill(os.getpid(), 9)
"""


def test_nobody_works_for_a_build_that_was_killed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    script = ABANDONED.format(hooks=str(ROOT / "hooks"), note=str(note))
    subprocess.run([sys.executable, "-c", script], check=False)
    for _ in range(500):
        before = note.stat().st_size
        time.sleep(0.05)
        if note.stat().st_size == before:
            return
    pytest.fail("it still works")
