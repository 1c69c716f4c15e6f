#!/usr/bin/env python3
"""Drive the readers of strangers' texts with made-up input, guided by the code that it reaches.

With atheris (pip install atheris; Linux, Python below 3.14) new inputs are made
from those that reached new code; without it, Hypothesis makes them. What reached
new code stays in .cache/fuzz/<target>/, and --keep adds the best of it to
tests/fuzz/seeds/<target>/, which the suite replays. What crashed is written there
too, as crash-…; it becomes a seed once it is mended.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from project import ROOT  # first: completes sys.path

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/fuzz")]

TARGETS = ("frontmatter", "model", "render", "proposal")
LONGEST = 4096  # bytes of an input; what is larger is for the limits, which have tests of their own
CACHE = ROOT / ".cache" / "fuzz"
SEEDS = ROOT / "tests" / "fuzz" / "seeds"


def main() -> int:
    """Run one target after the other; the exit status is 1 if one has crashed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one (default: all)")
    parser.add_argument("--seconds", type=int, default=150, help="for each target (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="add to the seeds what reaches new code, and stop")
    arguments = parser.parse_args()
    failed = 0
    for target in arguments.target or TARGETS:
        # libFuzzer ends its process, so that each target has one of its own.
        child = os.fork()
        if not child:
            os._exit(keep(target) if arguments.keep else fuzz(target, arguments.seconds))
        failed += os.waitpid(child, 0)[1] != 0
    return int(failed > 0)


def fuzz(target: str, seconds: int) -> int:
    """Run one target for a time."""
    found = CACHE / target
    found.mkdir(parents=True, exist_ok=True)
    try:
        import atheris
    except ImportError:
        return _hypothesis(target, seconds)
    with atheris.instrument_imports(include=["catalog", "markdown", "frontmatter"]):
        import targets
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-len_control=10", "-timeout=20"]
    options += ["-rss_limit_mb=2000", f"-artifact_prefix={found}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, str(found), str(SEEDS / target)], targets.TARGETS[target])
    atheris.Fuzz()
    return 0


def keep(target: str) -> int:
    """Add to the seeds the smallest inputs that reach steps in our code which no other seed reaches."""
    import targets

    found = sorted((CACHE / target).iterdir(), key=lambda path: path.stat().st_size)
    reached: set[tuple[CodeType, int, int]] = set()
    for path in targets.seeds(target):
        reached |= _steps(targets.TARGETS[target], path)
    kept = 0
    for path in found:
        steps = _steps(targets.TARGETS[target], path)
        if steps - reached:
            reached |= steps
            kept += 1
            (SEEDS / target / f"{path.name[:12]}.txt").write_bytes(path.read_bytes())
    print(f"{target}: {kept} of {len(found)} inputs kept, {len(reached)} steps reached", flush=True)
    return 0


def _steps(run: Callable[[bytes], None], path: Path) -> set[tuple[CodeType, int, int]]:
    """The steps from line to line in our code that an input takes."""
    steps: set[tuple[CodeType, int, int]] = set()

    def enter(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        last = frame.f_lineno

        def step(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            nonlocal last
            steps.add((frame.f_code, last, frame.f_lineno))
            last = frame.f_lineno
            return step

        return step if f"{os.sep}catalog{os.sep}" in frame.f_code.co_filename else None

    sys.settrace(enter)
    try:
        run(path.read_bytes())
    finally:
        sys.settrace(None)
    return steps


def _hypothesis(target: str, seconds: int) -> int:
    """The same without guidance: mutations of the seeds, and texts of the pieces that the readers know."""
    import time

    import making
    import targets
    from hypothesis import HealthCheck, given, settings

    run: Callable[[bytes], None] = targets.TARGETS[target]

    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(making.inputs(target))
    def examples(data: bytes) -> None:
        run(data)

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        examples()
    return 0


if __name__ == "__main__":
    sys.exit(main())
