#!/usr/bin/env python3
"""Drive the readers of strangers' texts with made-up input, guided by the code that it reaches.

With atheris (pip install atheris; Linux, Python below 3.14) new inputs are made
from those that reached new code; without it, Hypothesis makes them. What reached
new code stays in .cache/fuzz/<target>/, what crashed is written there too, as
crash-…; both belong into tests/fuzz/seeds/<target>/ once it is mended, where the
suite replays them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from project import ROOT  # first: completes sys.path

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/fuzz")]

TARGETS = ("frontmatter", "model", "render", "proposal")
LONGEST = 4096  # bytes of an input; what is larger is for the limits, which have tests of their own


def main() -> int:
    """Run one target after the other; the exit status is 1 if one has crashed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one (default: all)")
    parser.add_argument("--seconds", type=int, default=150, help="for each target (default: %(default)s)")
    parser.add_argument("--minimise", action="store_true", help="only pick the fewest inputs that reach as much code")
    arguments = parser.parse_args()
    failed = 0
    for target in arguments.target or TARGETS:
        # libFuzzer ends its process, so that each target has one of its own.
        child = os.fork()
        if not child:
            os._exit(_fuzz(target, arguments.seconds, arguments.minimise))
        failed += os.waitpid(child, 0)[1] != 0
    return int(failed > 0)


def _fuzz(target: str, seconds: int, minimise: bool) -> int:
    found = ROOT / ".cache" / "fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    known = ROOT / "tests" / "fuzz" / "seeds" / target
    try:
        import atheris
    except ImportError:
        return _hypothesis(target, seconds)
    with atheris.instrument_imports(include=["catalog", "markdown", "frontmatter"]):
        import targets
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=2000",
        "-len_control=10",
    ]
    options += [f"-dict={known.parent / target}.dict"] if (known.parent / f"{target}.dict").exists() else []
    options += [f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=1"]
    folders = [str(found), str(known)]
    if minimise:
        best = found.with_name(f"{target}-least")
        best.mkdir(exist_ok=True)
        options, folders = ["-merge=1", f"-max_len={LONGEST}"], [str(best), *folders]
    atheris.Setup([sys.argv[0], *options, *folders], targets.TARGETS[target])
    atheris.Fuzz()
    return 0


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
