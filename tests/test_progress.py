"""Planned and done over the years: series, differences, pages, the annual report, and writing a further year."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import annual_report
import new_report
from catalog import forms, frontmatter, progress, render, rules, views
from catalog.editing import mending, yearly
from catalog.model import Figure, Measure
from catalog.problems import KeepYear, SetValue
from catalog.progress import Change, Difference
from catalog.site import Site
from catalog.views import report
from catalog.views.currency import stand
from conftest import ROOT, site_of

POOL, COURSE = "kreis-lippe/sprachmittlung", "kreis-lippe/schulung"
LATER = "---\ntitle: Bericht 2021\npublisher: {}\ndate: 2020-10/2021-09\nsummary: Der nächste Bericht.\n---\n"


def measure(site: Site, ref: str) -> Measure:
    found = site.catalog.of("measure")[ref]
    assert isinstance(found, Measure)
    return found


def context(site: Site, address: str) -> dict[str, Any]:
    return views.context(site, next(page for page in views.plan(site) if page.address == address))


def html(site: Site, address: str) -> str:
    page = next(page for page in views.plan(site) if page.address == address)
    return " ".join(render.page(site, page.view, views.context(site, page), "")[0].split())


def add_2021(project: Path, *options: str, publisher: str = "Ministerium", ref: str = POOL) -> Site:
    """The small project with a report for 2021, written as an editor would write it."""
    (project / "docs/quellen/spaeter.md").write_text(LATER.format(publisher))
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    assert found == []
    record = catalog.of("measure")[ref]
    assert isinstance(record, Measure)
    said: dict[str, Any] = {"sources": [{"document": "spaeter"}]} | dict(option.split("=") for option in options)
    if "figure" in said:
        value, unit = said.pop("figure").split(" ")
        said["figures"] = [{"value": value, "unit": unit, "as_of": "2021"}]
    changes = yearly.reported(catalog, record, 2021, said)
    path = project / record.path
    path.write_text(mending.set_values(path.read_text(), forms.fields(Measure, catalog.vocabulary), changes))
    return site_of(project)


def states(site: Site, ref: str = POOL) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(s.year, s.status, tuple(f.value for f in s.figures)) for s in site.progress.of(measure(site, ref))]


# Series


def test_a_measure_without_reports_has_the_year_of_its_document(small_site: Site, real_site: Site) -> None:
    assert states(small_site, COURSE) == [(2020, "ausgefallen", ())]
    assert real_site.progress.years == (2017, 2018, 2020, 2021)
    alone = [m for m in real_site.catalog.all(Measure) if not m.reports]
    assert len(alone) > 500
    for record in alone:
        (state,) = real_site.progress.of(record)
        assert state.holds
        assert (state.status, state.figures) == (record.status, record.figures)


def test_what_is_written_and_what_is_implied_are_one_series(small_site: Site) -> None:
    assert states(small_site) == [
        (2018, "verschoben", ("200",)),
        (2019, "ausgefallen", ()),
        (2020, "laufend", (">1000",)),
    ]
    last = small_site.progress.of(measure(small_site, POOL))[-1]
    assert last.holds
    assert [entry.document for entry in last.sources] == ["bericht"]


def test_as_of_a_year_everything_but_status_and_figures_is_as_now(small_site: Site) -> None:
    now = measure(small_site, POOL)
    then = small_site.progress.as_of(now, 2018)
    assert then is not None
    assert (then.status, [f.value for f in then.figures]) == ("verschoben", ["200"])
    assert (then.title, then.ref, then.period) == (now.title, now.ref, now.period)
    assert now.status == "laufend"
    assert small_site.progress.as_of(now, 2020) is now
    assert small_site.progress.as_of(now, 2017) is None


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("verschoben", "ausgefallen", -1),
        ("ausgefallen", "laufend", 1),
        ("laufend", "verschoben", -1),
        ("laufend", "laufend", 0),
    ],
)
def test_the_order_of_states_is_that_of_the_vocabulary(small_site: Site, before: str, after: str, way: int) -> None:
    assert progress.step(small_site.catalog.vocabulary, before, after) == way


def test_done_and_running_are_one_step_and_planned_comes_before(real_site: Site) -> None:
    terms = real_site.catalog.vocabulary["status"]
    order = sorted(terms, key=lambda key: terms[key].step)
    assert {key for key in order if terms[key].step >= progress.BEGUN} == {"teilweise", "laufend", "durchgefuehrt"}
    assert terms["laufend"].step == terms["durchgefuehrt"].step > terms["geplant"].step > terms["verschoben"].step


# Differences


def figures(*pairs: tuple[str, str, str | None]) -> tuple[Figure, ...]:
    return tuple(Figure(value=value, unit=unit, note=note) for value, unit, note in pairs)


def test_figures_that_count_the_same_are_compared() -> None:
    before = figures(("10", "Kurse", None), ("5", "Personen", "geplant"), ("7", "Orte", None))
    after = figures(("10", "Kurse", None), ("8", "Personen", "geplant"), ("3", "Personen", None))
    found = [
        (change.before and change.before.value, change.after and change.after.value)
        for change in progress.figure_changes(before, after)
    ]
    assert found == [("5", "8"), (None, "3"), ("7", None)]
    assert list(progress.figure_changes(before, before)) == []


def difference(site: Site, first: int, last: int) -> Difference:
    return site.progress.difference(site.relations.all_measures, first, last)


def kinds(found: Difference) -> dict[str, str]:
    return {change.measure.id: change.kind for change in found.changes}


def test_each_measure_is_in_one_kind(project: Path) -> None:
    site = add_2021(project, "status=laufend", "figure=1200 Gespräche")
    found = difference(site, 2020, 2021)
    assert kinds(found) == {"sprachmittlung": "figures", "schulung": "silent"}
    (change,) = found.of_kind("figures")
    assert [(f.before.value, f.after.value) for f in change.figures if f.before and f.after] == [(">1000", "1200")]
    assert kinds(difference(site, 2019, 2020)) == {"sprachmittlung": "status", "schulung": "new"}
    assert kinds(difference(site, 2020, 2020)) == {"sprachmittlung": "same", "schulung": "same"}
    assert site.progress.pairs == ((2018, 2019), (2019, 2020), (2020, 2021))


def test_back_and_forward(small_site: Site) -> None:
    def only(first: int, last: int) -> Change:
        return next(c for c in difference(small_site, first, last).changes if c.measure.ref == POOL)

    assert [only(*pair).step for pair in ((2018, 2019), (2019, 2020), (2018, 2020))] == [-1, 1, 1]


def test_documents_of_different_publishers_do_not_say_what_is_new_or_gone(project: Path) -> None:
    found = difference(add_2021(project, "status=laufend", publisher="Andere Stelle"), 2020, 2021)
    assert (found.partners, found.in_series) == (("kreis-lippe",), ())
    assert kinds(found) == {"sprachmittlung": "same"}


def test_years_without_a_partner_in_both_compare_nothing(real_site: Site) -> None:
    found = difference(real_site, 2017, 2018)
    assert found.partners == found.changes == ()
    assert found.only_first
    assert found.only_last


def test_every_measure_of_two_years_is_counted_once(real_site: Site) -> None:
    for first, last in real_site.progress.pairs:
        found = difference(real_site, first, last)
        refs = [change.measure.ref for change in found.changes]
        assert len(refs) == len(set(refs)) > 0
        both = {
            m.ref for m in real_site.catalog.all(Measure) if {first, last} <= {s.year for s in real_site.progress.of(m)}
        }
        assert both == {change.measure.ref for change in found.changes if change.before and change.after}


# What must not be lost


def numbers(site: Site, year: int) -> tuple[object, ...]:
    """All that a year's report counts and lists."""
    found = report.of_year(site, year)
    listed = [(m.ref, m.status, m.figures) for m in found.measures]
    chapters = [(c.id, [(p.id, [m.ref for m in run]) for p, run in partners]) for c, partners in found.chapters]
    gaps = [(key, [m.ref for m in run]) for key, run in found.gaps["unfinished"]]
    sources = [source.id for source in found.sources]
    return listed, chapters, gaps, found.states, found.figures, found.gaps["without_figures"], sources


def test_the_report_of_a_year_stays_what_it_was(project: Path) -> None:
    """Byte for byte, in the document for printing."""

    def printed(site: Site) -> str:
        return annual_report.document(site, report.of_year(site, 2020))

    before = site_of(project)
    counted, text = numbers(before, 2020), printed(before)
    after = add_2021(project, "status=verschoben", "reason=Kein Raum.", "figure=5 Gespräche")
    assert measure(after, POOL).status == "verschoben"
    assert numbers(after, 2020) == counted
    assert printed(after) == text
    assert [(m.ref, m.status) for m in report.of_year(after, 2021).measures] == [(POOL, "verschoben")]
    assert [source.id for source in report.of_year(after, 2021).sources] == ["spaeter"]
    assert report.years(after) == [2021, 2020, 2019, 2018]


def test_a_new_first_document_changes_no_earlier_year(project: Path) -> None:
    before = numbers(site_of(project), 2020)
    add_2021(project, "status=verschoben", "reason=Kein Raum.")
    path = project / f"measures/{POOL}.md"
    path.write_text(path.read_text().replace("\nsources:\n", "\nsources:\n  - document: spaeter\n", 1))
    assert numbers(site_of(project), 2020) == before


def test_the_year_before_is_written_out(project: Path) -> None:
    site = add_2021(project, "status=verschoben", "reason=Kein Raum.", "figure=5 Gespräche")
    assert states(site)[-2:] == [(2020, "laufend", (">1000",)), (2021, "verschoben", ("5",))]
    assert [r.year for r in measure(site, POOL).reports] == [2018, 2019, 2020, 2021]
    again = yearly.reported(site.catalog, measure(site, POOL), 2022, {"status": "laufend"})
    assert again["reports"][-2]["figures"] == [{"value": "5", "unit": "Gespräche", "as_of": "2021"}]
    assert again["reports"][-1] == {"status": "laufend", "year": "2022"}


def test_an_earlier_year_takes_its_place_and_now_stays(small_site: Site) -> None:
    changes = yearly.reported(small_site.catalog, measure(small_site, POOL), 2017, {"status": "verschoben"})
    assert [entry["year"] for entry in changes["reports"]] == ["2017", "2018", "2019"]
    assert changes.keys() == {"reports"}


def test_the_report_of_the_latest_year_follows_a_correction(project: Path) -> None:
    site = add_2021(project, "status=laufend")
    changes = yearly.corrected(site.catalog, measure(site, POOL), {"status": "ausgefallen"})
    assert [entry["status"] for entry in changes["reports"]] == ["verschoben", "ausgefallen", "laufend", "ausgefallen"]
    assert yearly.corrected(site.catalog, measure(site, POOL), {"title": "Neu"}) == {}
    assert yearly.corrected(site.catalog, measure(site, COURSE), {"status": "laufend"}) == {}


def test_fix_keeps_the_first_year_where_the_record_still_says_it(project: Path) -> None:
    """Comments and quotes are kept; the copy is made before the status changes."""
    (project / "docs/quellen/spaeter.md").write_text(LATER.format("Ministerium"))
    path = project / f"measures/{COURSE}.md"
    old = path.read_text().replace("status: ausgefallen", "# wie berichtet\nstatus: ausgefallen")
    added = "reports:\n  - year: 2021\n    status: laufend\n    sources: [{document: spaeter}]\naliases"
    path.write_text(old.replace("aliases", added))
    _, found = rules.load(project, views.PAGE_VIEWS)
    remedies = [problem.remedy for problem in found if problem.remedy]
    assert remedies == [SetValue(("status",), "laufend"), KeepYear(("reports", 0), "2020", ("status", "figures"))]
    path.write_text(mending.mend(path.read_text(), remedies))
    assert "reports:\n  - year: 2020\n    status: ausgefallen\n  - year: 2021\n" in path.read_text()
    assert "\n# wie berichtet\nstatus: laufend\n" in path.read_text()
    assert states(site_of(project), COURSE) == [(2020, "ausgefallen", ()), (2021, "laufend", ())]


def test_what_cannot_be_derived_is_not_mended(project: Path) -> None:
    """Status already overwritten: only people know what it was."""
    (project / "docs/quellen/spaeter.md").write_text(LATER.format("Ministerium"))
    path = project / f"measures/{COURSE}.md"
    added = "reports:\n  - year: 2021\n    status: ausgefallen\n    sources: [{document: spaeter}]\naliases"
    path.write_text(path.read_text().replace("aliases", added))
    _, found = rules.load(project, views.PAGE_VIEWS)
    assert [(problem.message, problem.remedy) for problem in found] == [
        ("Der Stand von 2020 fehlt und ginge verloren.", None)
    ]


def test_a_broken_document_blames_no_year(project: Path) -> None:
    """What is implied by a document that cannot be read is not known, so that nothing may be said or mended."""
    (project / "docs/quellen/frueher.md").write_text(LATER.format("Ministerium"))
    path = project / f"measures/{POOL}.md"
    path.write_text(path.read_text().replace("{document: bericht, lines: ", "{document: frueher, lines: "))
    (project / "docs/quellen/bericht.md").write_text("---\ntitle: X: Y\n---\n")
    _, found = rules.load(project, views.PAGE_VIEWS)
    assert not any("reports" in problem.field or "status" in problem.field for problem in found)


# Pages


def test_a_measure_shows_its_years_newest_first(small_site: Site) -> None:
    shown = context(small_site, f"massnahmen/{POOL}/")["years"]
    assert [(told.state.year, told.way) for told in shown] == [
        (2020, "weiter als vorher"), (2019, "zurück"), (2018, "")
    ]  # fmt: skip
    page = html(small_site, f"massnahmen/{POOL}/")
    assert "Grund: Die Räume fehlten." in page
    assert 'id="verlauf"' not in html(small_site, f"massnahmen/{COURSE}/")


def test_a_partner_with_several_years_has_a_page_of_them(small_site: Site, real_site: Site) -> None:
    shown = context(small_site, "partner/kreis-lippe/verlauf/")
    rows = {m.ref: [state and state.status for state in found] for m, found in shown["rows"]}
    assert rows == {POOL: ["verschoben", "ausgefallen", "laufend"], COURSE: [None, None, "ausgefallen"]}
    assert [(year.number, year.measures) for year in shown["years"]] == [(2018, 1), (2019, 1), (2020, 2)]
    assert 'href="../../partner/kreis-lippe/verlauf/"' in html(small_site, "partner/kreis-lippe/")
    for page in (page for page in views.plan(real_site) if page.view == "partner-progress"):
        assert len(context(real_site, page.first_address)["years"]) > 1


def test_the_overview_counts_what_reports_count(real_site: Site) -> None:
    shown = context(real_site, "ueberblick/verlauf/")
    for year, _ in shown["years"]:
        found = report.of_year(real_site, year.number)
        assert (year.measures, year.partners) == (len(found.measures), len(found.partners))
        assert sum(amount for _, amount in year.states) == year.measures
        by_partner = [years[year.number].measures for _, years in shown["rows"] if year.number in years]
        assert sum(by_partner) == year.measures


def test_two_years_side_by_side(project: Path) -> None:
    site = add_2021(project, "status=verschoben", "reason=Kein Raum.", "figure=5 Gespräche")
    page = html(site, "bericht/vergleich/2020-2021/")
    assert "mehr als 1.000 Gespräche → 5 Gespräche" in page
    assert "(zurück)" in page
    assert "Grund: Kein Raum." in page
    shown = context(site, "bericht/vergleich/2020-2021/")
    assert shown["amounts"] == [
        ("Anderer Status", 1), ("Andere Zahlen", 0), ("Neu berichtet", 0), ("Nicht mehr berichtet", 1), ("Unverändert", 0)
    ]  # fmt: skip
    assert "bericht/vergleich/2020-2021/" in html(site, "bericht/")


def test_how_fresh_a_statement_is_follows_the_latest_year(project: Path) -> None:
    assert (
        stand(site_of(project), measure(site_of(project), POOL)).heading
        == "Dokument: September 2019 bis September 2020"
    )
    after = add_2021(project, "status=laufend")
    assert stand(after, measure(after, POOL)).heading == "Dokument: Oktober 2020 bis September 2021"


# The script


def test_the_script_writes_a_year_and_refuses_what_the_check_refuses(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "docs/quellen/spaeter.md").write_text(LATER.format("Ministerium"))
    monkeypatch.setattr(new_report, "ROOT", project)
    path = project / f"measures/{POOL}.md"
    before = path.read_text()

    def run(*options: str) -> int:
        monkeypatch.setattr(sys, "argv", ["new_report.py", POOL, "2021", *options])
        return new_report.main()

    assert run("--status", "verschoben", "--document", "spaeter") == 1
    told = capsys.readouterr()
    assert "Der Status geht von „laufend“ (2020) auf „verschoben“ zurück." in told.out
    assert told.err.startswith("Es wurde nichts geschrieben. Die Zeilen sind die der Datei, wie sie")
    assert path.read_text() == before
    assert run("--status", "laufend", "--figure", "1200 | Gespräche | 2021", "--document", "spaeter") == 0
    assert states(site_of(project))[-2:] == [(2020, "laufend", (">1000",)), (2021, "laufend", ("1200",))]
    text, faults = frontmatter.decode("x.md", path.read_bytes())
    assert faults == []
    assert text.split("\n---\n")[1] == before.split("\n---\n")[1]


def test_a_year_can_rest_on_the_word_of_the_partner(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_report, "ROOT", project)

    def run(year: str, *options: str) -> Measure:
        monkeypatch.setattr(sys, "argv", ["new_report.py", POOL, year, *options])
        assert new_report.main() == 0
        return measure(site_of(project), POOL)

    assert run("2021", "--status", "laufend", "--checked", "2021-12-01").checked == "2021-12-01"
    later = run("2020", "--text", "Es ging weiter.", "--checked", "2021-06-30")
    assert later.checked == "2021-12-01"  # what was confirmed last stays


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--section", "vernetzung"), "--section ist ein Abschnitt eines Dokuments; bitte auch --document angeben"),
        (("--figure", "9|Orte|2021|im Kreis|neu"), "„9|Orte|2021|im Kreis|neu“ hat 5 Teile; vorgesehen sind 4: Wert |"),
    ],
)
def test_the_script_leaves_nothing_out_in_silence(
    options: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["new_report.py", POOL, "2021", *options])
    with pytest.raises(SystemExit):
        new_report.main()
    assert told in capsys.readouterr().err


def test_a_status_that_is_told_is_not_guessed_any_more(project: Path) -> None:
    path = project / f"measures/{POOL}.md"
    path.write_text(path.read_text().replace("status: laufend\n", "status: laufend\nstatus_inferred: true\n"))
    assert measure(add_2021(project, "figure=5 Gespräche"), POOL).status_inferred
    assert not measure(add_2021(project, "status=laufend"), POOL).status_inferred


def test_what_the_help_shows_can_be_done(real_site: Site) -> None:
    """The examples name a measure that there is."""
    pages = (ROOT / "docs/mitmachen/jahresrunde.md").read_text() + (new_report.__doc__ or "")
    named = re.findall(r"new_report\.py ([a-z0-9/-]+) [0-9]{4}", pages)
    assert len(named) == 3
    assert set(named) <= real_site.catalog.of("measure").keys()


def test_the_script_says_what_it_does() -> None:
    script = Path(new_report.__file__)
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True)
    assert "Berichtsjahr" in done.stdout
