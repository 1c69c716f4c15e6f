"""Markdown under guard: what never ends, fails or grows becomes a German sentence that names the file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from catalog import conversion, links, rules, views
from catalog.conversion import ConversionError, guard
from catalog.links import RepositoryLinks
from conftest import run_build

MEASURE = "measures/kreis-lippe/sprachmittlung.md"


class Misbehaving(Extension):
    """An extension that does something to each text."""

    def __init__(self, act: Callable[[], list[str]]) -> None:
        super().__init__()
        self.act = act

    def extendMarkdown(self, md: Markdown) -> None:
        class Step(Preprocessor):
            run = staticmethod(lambda lines: self.act() or lines)

        md.preprocessors.register(Step(md), "misbehaving", 0)


def forever() -> list[str]:
    while True:
        pass


def catching() -> list[str]:
    """A library that catches everything gets the next signal."""
    for _ in range(2):
        try:
            forever()
        except Exception:
            continue
    return []


def deep() -> list[str]:
    return deep()


def guarded(act: Callable[[], list[str]], seconds: float = 0.05) -> Markdown:
    converter = Markdown(extensions=[Misbehaving(act)])
    guard(converter, lambda error: error, seconds)
    return converter


def test_what_does_not_end_is_ended() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with pytest.raises(ConversionError, match=r"^Der Text braucht beim Umwandeln länger als 0\.05 Sekunden\.$"):
        guarded(forever).convert("x")
    assert signal.getsignal(signal.SIGVTALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_what_catches_the_end_is_ended_later() -> None:
    converter = guarded(lambda: catching() or forever())
    with pytest.raises(ConversionError, match="länger als"):
        converter.convert("x")


def test_what_fails_fails_in_one_way() -> None:
    with pytest.raises(ConversionError, match="zu tief verschachtelt"):
        guarded(deep, 5).convert("x")
    with pytest.raises(ConversionError, match=r"lässt sich nicht umwandeln \(ZeroDivisionError\)"):
        guarded(lambda: [str(1 // 0)]).convert("x")
    with pytest.raises(ConversionError, match=r"lässt sich nicht umwandeln \(MemoryError\)"):
        guarded(lambda: [bytes(2**62).decode()]).convert("x")
    with pytest.raises(ConversionError, match="wird beim Umwandeln 1000 KB groß"):
        guarded(lambda: ["x" * conversion.MAX_HTML], 5).convert("x")


def test_other_threads_convert_without_a_limit() -> None:
    """Only the main thread can be interrupted."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(guarded(list).convert("x")))
    thread.start()
    thread.join()
    assert found == ["<p>x</p>"]


def test_the_page_is_named() -> None:
    rewriting = RepositoryLinks({}, ValueError)
    rewriting.source = "docs/a.md"
    converter = Markdown(extensions=[Misbehaving(deep), rewriting])
    with pytest.raises(
        ValueError, match=r"^docs/a\.md: Der Text ist zu tief verschachtelt\. Bitte den Text vereinfachen"
    ):
        converter.convert("x")


def test_the_check_tells_it_too(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links are looked for by converting, so that this may fail as well."""
    monkeypatch.setattr(Markdown, "convert", lambda self, source: str(1 // 0))
    links._converter.cache_clear()
    _, found = rules.load(project, views.PAGE_VIEWS)
    assert [p.text for p in found if p.path == MEASURE] == [
        f"Der Text lässt sich nicht umwandeln (ZeroDivisionError). {conversion.HINT}"
    ]


BOOM = """
from markdown import Extension
from markdown.preprocessors import Preprocessor

class Step(Preprocessor):
    def run(self, lines):
        def deep():
            return deep()
        return deep() if "Ablauf" in "".join(lines) else lines

class Boom(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Step(md), "boom", 0)

def on_config(config):
    config.markdown_extensions.append(Boom())
"""


def test_a_build_says_which_page_and_keeps_the_last_site(full_project: Path) -> None:
    assert run_build(full_project).returncode == 0
    before = (full_project / "site/index.html").stat()
    (full_project / "boom.py").write_text(BOOM)
    settings = (full_project / "mkdocs.yml").read_text()
    (full_project / "mkdocs.yml").write_text(settings.replace("hooks:\n", "hooks:\n  - boom.py\n", 1))
    result = run_build(full_project)
    assert result.returncode == 1
    assert f"{MEASURE}: Der Text ist zu tief verschachtelt. {conversion.HINT}" in result.stderr
    assert "Traceback" not in result.stderr
    assert (full_project / "site/index.html").stat() == before
    assert not (full_project / ".site.new").exists()
