"""The fuzzer's targets in the suite: every seed again, and a few hundred made-up inputs, the same in each run."""

from __future__ import annotations

from pathlib import Path

import making
import pytest
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fuzz

SEEDS = [(name, path) for name in targets.TARGETS for path in targets.seeds(name)]
EXAMPLES = {"frontmatter": 200, "model": 60, "render": 200, "proposal": 60}


@pytest.mark.parametrize(("name", "path"), SEEDS, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_seeds(name: str, path: Path) -> None:
    targets.TARGETS[name](path.read_bytes())


def test_seeds_stay_small() -> None:
    assert sum(path.stat().st_size for _, path in SEEDS) < 300_000
    assert {name for name, _ in SEEDS} == set(targets.TARGETS)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_made_up_inputs(name: str) -> None:
    @settings(
        max_examples=EXAMPLES[name],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(making.inputs(name))
    def promise(data: bytes) -> None:
        targets.TARGETS[name](data)

    promise()


@settings(max_examples=20, derandomize=True, deadline=None, database=None)
@given(
    st.sampled_from(
        [
            '<b onclick="x">a</b>',
            "<script>x</script>",
            '<a href="java&#10;script:x">a</a>',
            '<img src="//x">',
            '<p id="inhalt">',
            "<p>",
            "</p>",
            "<!--x-->",
        ]
    )
)
def test_what_is_not_harmless_is_noticed(html: str) -> None:
    assert targets.harmless.faults(html)


def test_the_script_knows_every_target() -> None:
    assert tuple(targets.TARGETS) == fuzz.TARGETS
