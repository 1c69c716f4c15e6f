"""What a fuzzer drives: four readers of strangers' texts, and what must hold whatever they are given.

Each target is a plain function of bytes. It raises ``AssertionError`` if a promise
is broken; any other exception is a crash.
"""

from __future__ import annotations

import functools
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import harmless
import hostile
from catalog import frontmatter, limits, problems, reading, rules, store, views
from catalog.conversion import ConversionError
from catalog.editing import proposals, trust
from catalog.editing.markdown import words
from catalog.editing.proposals import Outcome
from catalog.links import targets
from catalog.model import KINDS, Origin, Record
from catalog.problems import Problem
from catalog.store import Catalog

BASE = hostile.BASE
SECONDS = 2.0  # of processor time


@functools.cache
def project() -> tuple[Path, Catalog]:
    """The small project, for all runs: nothing writes into it."""
    root = Path(shutil.copytree(BASE, Path(tempfile.mkdtemp()) / "project"))
    return root, rules.load(root, views.PAGE_VIEWS)[0]


def fuzz_frontmatter(data: bytes) -> None:
    """A file of a record and a YAML file: read, or refused with problems that say where and what to do."""
    with _in_time():
        for read in (frontmatter.read, frontmatter.read_yaml):
            raw, found = read("measures/a/b.md", data)
            assert (raw is None) == bool(found)
            _well_told(found, data)
            for value in _strings(raw.data) if raw else ():
                assert len(value) <= limits.MAX_VALUE
                assert not frontmatter._hidden(value.replace("\n", ""))


def fuzz_model(data: bytes) -> None:
    """A record of each kind: valid, or refused; what is valid goes through every check and says its references."""
    raw, _ = frontmatter.read("measures/kreis-lippe/b.md", data)
    if raw is None:
        return
    root, catalog = project()
    with _in_time():
        for cls in KINDS.values():
            record, found = reading.build(cls, Origin("b", "kreis-lippe", raw), raw.data, catalog.vocabulary)
            assert (record is None) == bool(found)
            _well_told(found, data)
            if record is not None:
                _belongs(record)
        kept, found = rules.load(root, views.PAGE_VIEWS, proposed={"measures/kreis-lippe/b.md": data})
        _well_told(found, data)
        if not found:
            assert "kreis-lippe/b" in kept.of("measure")


def fuzz_render(data: bytes) -> None:
    """A Markdown text within the limits: converted in time, or refused; what comes out can do nothing."""
    text, found = frontmatter.decode("docs/a.md", data)
    found += limits.entangled("docs/a.md", text, 1)
    _well_told(found, data)
    if found:
        return
    with _in_time():
        try:
            targets(text)
            html = hostile.converted(text)
        except ConversionError:
            return
    assert harmless.faults(html) == []
    assert len(html) < 3_000_000


def fuzz_proposal(data: bytes) -> None:
    """The text of an issue: files of content, or problems; the answer is no markup of a forge."""
    root, catalog = project()
    body = data.decode(errors="surrogateescape")
    with _in_time():
        proposal, found = proposals.parse(body, catalog)
        # The check of the whole project takes fifty times as long as reading, so only what was understood gets there.
        outcome = Outcome(proposal, {}, tuple(found)) if found else proposals.examine(body, root)
        answer = proposals.answer(outcome, "https://example.org/")
    assert answer.encode(errors="strict")
    assert not (outcome.files and outcome.problems)
    for path in (*outcome.files, *outcome.proposal.paths):
        assert trust.is_content(path), path
        assert path.startswith(store.FOLDERS)
        assert ".." not in PurePosixPath(path).parts
        assert (root / path).resolve().is_relative_to(root.resolve())
    for path, text in outcome.files.items():
        assert frontmatter.read(path, text.encode())[1] == []
    for problem in outcome.problems:
        assert problem.message
        assert problem.line >= 1
        assert "\n" not in words(problem.text)


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {"frontmatter": fuzz_frontmatter, "model": fuzz_model, "render": fuzz_render, "proposal": fuzz_proposal}
)


def seeds(target: str) -> list[Path]:
    """What a fuzzer begins with, and the suite replays: inputs that reached new code, and every crash that was mended."""
    return sorted((Path(__file__).parent / "seeds" / target).iterdir())


def _well_told(found: Iterable[Problem], data: bytes) -> None:
    """Each problem names a line that there is, says what is wrong and the way out, in one line that can be printed."""
    found = list(found)
    lines = len(re.split(rb"\r\n|\r|\n", data))
    for problem in found:
        assert problem.path
        assert 1 <= problem.line <= lines + 1 or not problem.path.startswith("measures/")
        assert problem.message
        assert problem.hint
    told = problems.as_text(found)
    assert told.count("\n") == len(found)
    assert all(line.isprintable() for line in told.splitlines())
    problems.as_github(found).encode()
    problems.as_gitlab(found).encode()


def _belongs(record: Record) -> None:
    """What a record says of itself stays within the site."""
    assert not record.page_address.startswith("/")
    assert ".." not in record.page_address
    for reference in record.references:
        assert all(store.name_fault(part) is None or len(part) > 80 for part in reference.ref.split("/")), reference
    for alias in getattr(record, "aliases", ()):
        assert len(alias) <= 200


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (str(key)[: limits.MAX_VALUE], *_strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


@contextmanager
def _in_time() -> Iterator[None]:
    start = time.process_time()
    yield
    spent = time.process_time() - start
    assert spent < SECONDS, f"{spent:.1f} s"
