"""What changes on the site: two sites compared, made by hand and really built."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from catalog.editing import changes
from catalog.editing.changes import Entry, Site
from conftest import ROOT, run_build
from test_comment import is_harmless

CASES = Path(__file__).parent / "cases" / "request"
URL = "https://example.org/basis/"


def page(title: str, text: str = "", around: str = "1") -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><header>{around}</header><main>"
        f"<h1>{title}</h1>{text}<ul class=wb-actions><li><a href='mailto:{around}'>Korrigieren</a></ul></main></body></html>"
    )


def redirect(target: str) -> str:
    return f'<!doctype html><meta http-equiv="refresh" content="0; url={target}"><p>Umgezogen</p>'


def measure(name: str, title: str = "Titel", status: str = "geplant", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"lippe/{name}",
        "url": f"{URL}massnahmen/lippe/{name}/",
        "file": f"measures/lippe/{name}.md",
        "text": "Wort",
        "partner": {"id": "lippe", "kind": "partner", "title": "Lippe", "url": f"{URL}partner/lippe/"},
        "title": title,
        "status": {"key": status, "label": status},
        "figures": [],
        "aliases": [],
        **fields,
    }


def figure(value: str, unit: str, note: str | None = None) -> dict[str, Any]:
    return {"value": value, "unit": unit, "note": note, "as_of": None}


def site(*measures: dict[str, Any], **pages: str) -> Site:
    """A site with these measures, each with a page, and with further pages; ``__`` stands for ``/``."""
    own = {item["url"].removeprefix(URL): page(item["title"], item["text"]) for item in measures}
    return Site(URL, own | {f"{name.replace('__', '/')}/": html for name, html in pages.items()}, {"measure": measures})


def test_nothing_changes() -> None:
    one = site(measure("a"), ueberblick=page("Überblick"))
    assert changes.compare(one, one) == changes.Changes()
    assert changes.as_text(changes.Changes()) == "Auf der Website ändert sich nichts.\n"


def test_what_stands_around_each_page_does_not_count() -> None:
    old = site(ueberblick=page("Überblick", "<p>a</p>", around="alt"))
    new = site(ueberblick=page("Überblick", "<p>a</p>\n", around="neu"))
    assert changes.compare(old, new) == changes.Changes()


def test_records_are_told_apart_from_what_only_shows_them() -> None:
    old = site(measure("a"), measure("weg"), massnahmen=page("Liste", "<ul class=wb-items><li>a</ul>"))
    new = site(measure("a", text="Neu"), measure("neu"), massnahmen=page("Liste", "<ul class=wb-items><li>b</ul>"))
    found = changes.compare(old, new)
    assert found.added == (Entry("Maßnahme", "Titel", "massnahmen/lippe/neu/"),)
    assert found.changed == (Entry("Maßnahme", "Titel", "massnahmen/lippe/a/", ("Text",)),)
    assert found.removed == (Entry("Maßnahme", "Titel", "massnahmen/lippe/weg/", ("Die Adresse führt ins Leere.",)),)
    assert found.consequences == 1


def test_a_new_name_of_a_partner_is_no_change_of_its_measures() -> None:
    partner = {**measure("a")["partner"], "title": "Kreis Lippe"}
    old, new = site(measure("a")), site(measure("a", partner=partner))
    assert changes.compare(old, new) == changes.Changes()


def test_status_and_figures() -> None:
    old = site(measure("a", figures=[figure("1000", "Kurse"), figure("5", "Orte"), figure("1", "Amt", "x")]))
    new = site(measure("a", status="durchgeführt", figures=[figure("1200", "Kurse"), figure("1", "Amt", "y")]))
    found = changes.compare(old, new)
    assert found.status[0].details == ("geplant", "durchgeführt")
    assert found.figures[0].details == (
        "1.000 Kurse → 1.200 Kurse",
        "neu: 1 Amt (y)",
        "entfernt: 5 Orte",
        "entfernt: 1 Amt (x)",
    )
    assert found.changed[0].details == ("Status", "Zahlen")


def year(number: int, status: str, text: str | None = None) -> dict[str, Any]:
    return {"year": number, "status": {"key": status, "label": status}, "figures": [], "text": text, "sources": []}


def test_a_year_that_is_added_is_none_that_is_overwritten() -> None:
    one, two = year(2020, "geplant"), year(2021, "laufend")
    before = site(measure("a", reports=[one, two]))

    def rewritten(*reports: dict[str, Any]) -> list[tuple[str, ...]]:
        return [e.details for e in changes.compare(before, site(measure("a", reports=list(reports)))).rewritten]

    assert rewritten(one, two, year(2022, "beendet")) == rewritten(one, two) == []
    assert rewritten(two) == [("2020 entfernt",)]
    assert rewritten(year(2020, "laufend"), two) == [("2020: geplant → laufend",)]
    assert (
        rewritten({**one, "figures": [figure("5", "Kurse")]}, two) == []
    )  # what is added to a year takes nothing away
    told = site(measure("a", reports=[year(2020, "geplant", "Erst so.")]))
    found = changes.compare(told, site(measure("a", reports=[year(2020, "geplant", "Dann so.")])))
    assert [e.details for e in found.rewritten] == [("2020 geändert",)]
    assert "Überschriebene Berichtsjahre" in changes.as_text(found)


def test_a_moved_record_is_neither_new_nor_gone() -> None:
    old = site(measure("alt"))
    new = site(measure("neu", status="laufend"), massnahmen__lippe__alt=redirect("../neu/"))
    found = changes.compare(old, new)
    assert found.moved == (Entry("Maßnahme", "Titel", "massnahmen/lippe/neu/", ("massnahmen/lippe/alt/",)),)
    assert (found.added, found.removed, found.redirects) == ((), (), ())
    assert found.status[0].details == ("geplant", "laufend")


def test_redirects() -> None:
    old = site(measure("a"), alt=redirect("../massnahmen/lippe/a/"), bleibt=redirect("../massnahmen/lippe/a/"))
    new = site(measure("a"), neu=redirect("../massnahmen/lippe/a/"), bleibt=redirect("../massnahmen/lippe/a/"))
    found = changes.compare(old, new)
    assert [(entry.address, entry.details) for entry in found.redirects] == [
        ("neu/", ("führt nach /massnahmen/lippe/a/",)),
        ("alt/", ("gibt es nicht mehr",)),
    ]
    assert (found.added, found.removed) == ((), ())


def test_a_page_of_text_is_named_and_a_list_counted() -> None:
    old = site(hilfe=page("Hilfe", "<p>a</p>"), liste=page("Liste", "<ul class=wb-items><li>a</ul>"))
    new = site(hilfe=page("Hilfe", "<p>b</p>"), liste=page("Liste", "<ul class=wb-items><li>b</ul>"))
    found = changes.compare(old, new)
    assert found.changed == (Entry("Seite", "Hilfe", "hilfe/"),)
    assert found.consequences == 1


def test_a_link_that_leads_elsewhere_is_a_change() -> None:
    old, new = (site(hilfe=page("Hilfe", f"<a href='{target}'>hier</a>")) for target in ("a/", "b/"))
    assert len(changes.compare(old, new).changed) == 1


def test_hostile_titles_stay_text() -> None:
    hostile = "<img src=x> @alle #1 `a` [x](y) | \n# Neu"
    old, new = site(measure("a")), site(measure("a", status="laufend", title=hostile), measure("b", title=hostile))
    found = changes.compare(old, new)
    lines = [line.removeprefix("- ") for line in changes.as_markdown(found).splitlines() if line.startswith("- ")]
    assert len(lines) == 3
    assert all(map(is_harmless, lines)), lines
    assert "\n# Neu" not in changes.as_text(found)


def test_long_lists_are_cut() -> None:
    found = changes.compare(site(), site(*(measure(f"m{number}") for number in range(62))))
    text = changes.as_text(found)
    assert text.startswith("Neue Seiten (62):\n")
    assert text.endswith("- und 12 weitere\n")
    assert text.count("\n") == 52
    long = [measure(f"m{number}", title="`@a " * 200, status=status) for number in range(62) for status in ("x", "y")]
    assert len(changes.as_markdown(changes.compare(site(*long[::2]), site(*long[1::2])))) < changes.LONGEST + 100


def test_another_word_for_a_status_is_no_other_status() -> None:
    said = {"key": "laufend", "label": "fortlaufend"}
    item = measure("a", status="laufend")
    assert changes.compare(site(item), site({**item, "status": said})) == changes.Changes()


def matches(name: str, text: str) -> bool:
    """Compare with a file in tests/cases/request; WRITE_CASES=1 writes it anew."""
    path = CASES / name
    if os.environ.get("WRITE_CASES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path.read_text() == text


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project and its site in ``site/``, to be copied and changed."""
    root = tmp_path_factory.mktemp("before") / "project"
    shutil.copytree(Path(__file__).parent / "base", root)
    (root / "mkdocs.yml").write_text(
        (ROOT / "mkdocs.yml").read_text().replace("  - Erfahrungen: erfahrungen/index.md\n", "")
    )
    for name in ("hooks", "overrides"):
        shutil.copytree(ROOT / name, root / name)
    assert run_build(root).returncode == 0
    return root


@pytest.mark.slow
def test_two_built_sites(before: Path, tmp_path: Path) -> None:
    after = Path(shutil.copytree(before, tmp_path / "after"))
    folder = after / "measures/kreis-lippe"
    text = (folder / "schulung.md").read_text()
    (folder / "schulung.md").write_text(text.replace("status: ausgefallen", "status: laufend"))
    moved = text.replace("alte-schulung", "ganz-alt").replace("title: Schulung", "title: Zweite Schulung")
    (folder / "neu.md").write_text(moved)
    (after / "docs/netzwerke/neu.md").write_text(
        (after / "docs/netzwerke/vielfalt.md").read_text().replace("title: ", "title: Neues ")
    )
    imprint = after / "docs/rechtliches/datenschutz.md"
    imprint.write_text(imprint.read_text() + "\nEin Satz mehr.\n")
    built = run_build(after)
    assert built.returncode == 0, built.stderr
    script = str(ROOT / "scripts/changes.py")
    for form in ("text", "markdown"):
        result = run(sys.executable, script, str(before / "site"), str(after / "site"), "--format", form, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        # How many pages list and count a record changes with each new overview.
        text, others = re.subn(r"sich \d+\sweitere Seiten", "sich … weitere Seiten", result.stdout)
        assert others == 1
        assert matches(f"changes.{form}", text)
    same = run(sys.executable, script, str(before / "site"), str(before / "site"), cwd=tmp_path)
    assert same.stdout == "Auf der Website ändert sich nichts.\n"


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    result = run(sys.executable, str(ROOT / "scripts/changes.py"), str(tmp_path), str(tmp_path), cwd=tmp_path)
    assert result.returncode == 1
    assert "liegt keine gebaute Website" in result.stderr
