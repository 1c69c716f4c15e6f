"""What the overview pages show, where the real records do not reach: edges, empty projects, other reference dates."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog import views
from catalog.atlas import atlas
from catalog.model import Phase
from catalog.problems import SiteError
from catalog.site import Site, read_site
from catalog.views import currency, geography, report, timeline
from conftest import EXTRA, site_of


def shown(site: Site, address: str) -> dict[str, Any]:
    return views.context(site, next(page for page in views.plan(site) if page.address == address))


def edit(project: Path, path: str, old: str, new: str) -> None:
    file = project / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


MEASURE = "measures/kreis-lippe/sprachmittlung.md"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("reference_date", None, "Unter extra fehlt reference_date"),
        ("reference_date", "2026-13-01", "„2026-13-01“ gibt es im Kalender nicht"),
        ("reference_date", "2026-11", "„2026-11“ nennt keinen Tag"),
        ("check_after_months", "zwei", "„zwei“ ist keine Zahl von Monaten"),
    ],
)
def test_wrong_settings_are_told_in_german(small_site: Site, key: str, value: str | None, message: str) -> None:
    extra = {name: setting for name, setting in {**EXTRA, key: value}.items() if setting is not None}
    with pytest.raises(SiteError, match=re.escape(message)):
        read_site({"site_name": "W", "extra": extra}, small_site.catalog)


def test_a_check_counts_from_its_own_day(project: Path) -> None:
    edit(project, MEASURE, "status: laufend", "checked: 2021-03-15\nstatus: laufend")
    site = site_of(project)
    measure = next(m for m in site.relations.all_measures if m.id == "sprachmittlung")
    assert currency.stand(site, measure) == currency.Stand(
        datetime.date(2021, 3, 15), "Geprüft: 15. März 2021", True, False
    )
    later = replace(site, reference_date=datetime.date(2022, 3, 16))
    assert currency.stand(later, measure).due
    page = shown(site, "ueberblick/aktualitaet/")
    assert [m.id for m in page["checked"]] == ["sprachmittlung"]
    assert (page["due"], page["total"]) == (1, 2)
    assert [group.title for group in page["listing"].groups] == [
        "Geprüft: 15. März 2021",
        "Dokument: September 2019 bis September 2020",
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [((2020, 2, 29), 12, (2021, 2, 28)), ((2020, 12, 31), 2, (2021, 2, 28)), ((2020, 1, 15), 24, (2022, 1, 15))],
)
def test_months_later(day: tuple[int, int, int], months: int, later: tuple[int, int, int]) -> None:
    assert currency.months_later(datetime.date(*day), months) == datetime.date(*later)


def test_a_postponed_measure_has_passed_its_date(project: Path) -> None:
    edit(project, MEASURE, "status: laufend", "status: verschoben\npostponed_to: 2022-02")
    site = site_of(project)
    assert [(m.id, passed) for m, passed in shown(site, "ueberblick/stand/")["postponed"]] == [("sprachmittlung", True)]
    before = replace(site, reference_date=datetime.date(2022, 2, 28))
    assert [passed for _, passed in shown(before, "ueberblick/stand/")["postponed"]] == [False]


def test_timeline_of_a_project_without_dates(project: Path) -> None:
    edit(project, MEASURE, "period: 2018-07/..\n", "")
    edit(project, "partners/kreis-lippe.md", "    since: 2012-08-15\n", "")
    for file in (project / "docs/phasen/nrweltoffen-bielefeld").glob("*.md"):
        file.unlink()
    edit(project, MEASURE, "phase: nrweltoffen-bielefeld/phase-1\n", "")
    page = shown(site_of(project), "ueberblick/zeit/")
    assert (page["years"], page["bars"], page["undated"]) == ([], [], 2)
    assert [p.id for p in page["undated_partners"]] == ["kreis-lippe"]


def test_timeline_counts_the_end_if_no_beginning_is_known(project: Path) -> None:
    edit(project, MEASURE, "period: 2018-07/..", "period: ../2019")
    site = site_of(project)
    assert [timeline.year_of(m) for m in timeline.dated(site)] == [2019]


def test_phases_lie_in_their_years(real_site: Site) -> None:
    page = shown(real_site, "ueberblick/zeit/")
    first = page["years"][0].number
    for bar in page["bars"]:
        assert isinstance(bar.phase, Phase)
        start = int(bar.phase.period[:4])
        assert (start - first) * timeline.ROW <= bar.top < (start - first + 1) * timeline.ROW
        assert bar.height > 0
    assert [bar.phase.id for bar in page["bars"] if bar.open_end] == ["phase-4"]


def test_marks_on_the_map_do_not_cover_each_other(real_site: Site) -> None:
    marks = shown(real_site, "ueberblick/karte/")["marks"]
    assert len(marks) > 10
    for i, one in enumerate(marks):
        for other in marks[:i]:
            assert math.dist(one.mark, other.mark) >= one.radius + other.radius - 0.5, (one.name, other.name)
        assert math.dist(one.mark, one.at) < 25, f"{one.name} was pushed too far"
    assert [place.number for place in marks] == list(range(1, len(marks) + 1))


def test_two_circles_in_the_same_place_part() -> None:
    one, other = geography._apart([(5.0, 5.0), (5.0, 5.0)], [2.0, 2.0])
    assert math.dist(one, other) >= 4


def test_every_place_lies_inside_the_land() -> None:
    """Catches a wrong projection: a place outside the border would be none of North Rhine-Westphalia."""
    border = [tuple(map(float, point.split())) for point in atlas().outline.strip("MZ").split("L")]
    outside = [name for name, at in atlas().places.items() if not _inside(at, border)]
    assert len(outside) <= 5, outside  # towns on the border, which is drawn in whole units
    assert not {"Köln", "Dortmund", "Aachen", "Bielefeld", "Siegen"} & set(outside)


def _inside(point: tuple[float, float], border: list[Any]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(border, border[1:] + border[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_good_practice_names_level_reason_and_evidence(small_site: Site) -> None:
    page = shown(small_site, "gute-praxis/")
    assert [(term.key, amount) for term, amount in page["levels"]] == [("selbst", 1)]
    ((measure,),) = (group.measures for group in page["listing"].groups)
    assert page["evidence_of"][measure.key][1] == "„Anteil erhöhen“"


def test_a_phase_that_was_only_planned_says_so(real_site: Site) -> None:
    outcome = shown(real_site, "phasen/nrweltoffen-bielefeld/phase-2/")["outcome"]
    assert outcome.only_planned
    assert outcome.measures == 4
    assert not shown(real_site, "phasen/masterplan-dortmund/periode-1/")["outcome"].measures


def test_needs_lead_to_measures_networks_and_contacts(real_site: Site) -> None:
    needs = {need["lesson"].id: need for _, found in shown(real_site, "ueberblick/bedarf/")["groups"] for need in found}
    need = needs["bedarf-vernetzung"]
    assert "bezirksregierung-arnsberg/arbeitskreis-rassismuskritik" in {m.ref for m in need["measures"]}
    assert "verbund-kommunale-integrationszentren" in {n.ref for n in need["networks"]}
    assert {c.ref for c in need["contacts"]} >= {"bezirksregierung-arnsberg", "landessportbund-nrw"}


def test_a_measure_says_which_need_it_answers(real_site: Site) -> None:
    page = shown(real_site, "massnahmen/bezirksregierung-arnsberg/arbeitskreis-rassismuskritik/")
    assert "bedarf-vernetzung" in {need.id for need in page["needs"]}


def test_reports_follow_the_documents(real_site: Site, small_site: Site) -> None:
    assert report.years(real_site) == [2021, 2020, 2018, 2017]
    assert report.years(small_site) == [2020, 2019, 2018]
    small = report.of_year(small_site, 2020)
    assert [partner.id for partner in small.partners] == ["kreis-lippe"]
    assert small.gaps["unfinished"][0][0] == "ausgefallen"
    assert report.of_year(small_site, 1999).measures == ()


def test_pictures_have_rows_and_columns_for_those_who_are_connected(real_site: Site) -> None:
    picture = shown(real_site, "ueberblick/netzwerke/")["picture"]
    assert picture.rows[0].network.id == "erfolgsfaktor-interkulturelle-oeffnung"
    assert all(row.partners for row in picture.rows)
    assert len(picture.members) + len(picture.mentions) == sum(len(row.partners) for row in picture.rows)
    assert len(set(picture.members) | set(picture.mentions)) == len(picture.members) + len(picture.mentions)
