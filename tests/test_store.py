from __future__ import annotations

from pathlib import Path

import pytest

from catalog import rules, store, views
from catalog.model import Category, Decision, Measure, Other, Page, Partner, Phase
from catalog.store import _class_of


@pytest.mark.parametrize(
    ("path", "cls"),
    [
        ("partners/kreis-lippe.md", Partner),
        ("measures/kreis-lippe/a.md", Measure),
        ("docs/kategorien/a.md", Category),
        ("docs/kategorien/index.md", Page),
        ("docs/kategorien/tiefer/a.md", Page),
        ("docs/phasen/programm/a.md", Phase),
        ("docs/phasen/index.md", Page),
        ("docs/beschluesse/a.md", Decision),
        ("docs/index.md", Page),
        ("docs/neu/a.md", Page),
        ("docs/phasen/a.md", None),
        ("measures/a.md", None),
        ("measures/kreis-lippe/tiefer/a.md", None),
        ("partners/tiefer/a.md", None),
    ],
)
def test_where_which_record_lives(path: str, cls: type | None) -> None:
    assert _class_of(path) is cls


def test_small_project_is_valid(project: Path) -> None:
    catalog, problems = store.load(project)
    assert problems == []
    assert list(catalog.of("measure")) == ["kreis-lippe/schulung", "kreis-lippe/sprachmittlung"]
    assert catalog.all(Other)[0].path == "partners/others.yml"
    assert catalog.find(("partner", "other"), "universitaet-bielefeld") is catalog.all(Other)[0]
    assert catalog.find(("partner",), "universitaet-bielefeld") is None


def test_each_file_is_opened_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = store._content
    monkeypatch.setattr(store, "_content", lambda path: opened.append(path) or original(path))
    store.load(project)
    assert len(opened) == len(set(opened)) > 20


def test_progress_sees_every_path(project: Path) -> None:
    seen: list[str] = []
    store.load(project, lambda paths: seen.extend(paths) or paths)
    assert "partners/kreis-lippe.md" in seen


def test_usable_keeps_what_stands_alone(project: Path) -> None:
    """A broken network does not take its members off a preview; a broken partner takes its measures."""
    (project / "docs/netzwerke/vielfalt.md").write_text("---\ntitle: a: b\n---\n")
    kept, problems = rules.load(project, views.PAGE_VIEWS)
    assert [p.path for p in problems] == ["docs/netzwerke/vielfalt.md"]
    assert set(kept.of("partner")) == {"kreis-lippe"}
    assert len(kept.of("measure")) == 2

    (project / "partners/kreis-lippe.md").write_text("---\ntitle: a: b\n---\n")
    kept, _ = rules.load(project, views.PAGE_VIEWS)
    assert not kept.of("measure")
