"""Which records name days, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog import relations, rules, views
from catalog.events import CANCELLED, CONFIRMED, TENTATIVE, events
from catalog.model import Measure
from catalog.site import Site
from catalog.views.calendar import calendar
from conftest import site_of

REF = "kreis-lippe/schulung"


def with_measure(site: Site, **changed: Any) -> Site:
    """The site with one measure, changed."""
    measure = site.catalog.of("measure")[REF].model_copy(update=changed)
    records = {**site.catalog.records, "measure": {REF: measure}, "decision": {}}
    catalog = replace(site.catalog, records=records)
    return replace(site, catalog=catalog, relations=relations.relate(catalog))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"status": "durchgefuehrt", "period": "2019-12-11"}, (date(2019, 12, 11), date(2019, 12, 11), CONFIRMED)),
        ({"status": "teilweise", "period": "2020-03-03/2020-03-07"}, (date(2020, 3, 3), date(2020, 3, 7), CONFIRMED)),
        ({"status": "geplant", "period": "2020-03-03"}, (date(2020, 3, 3), date(2020, 3, 3), TENTATIVE)),
        ({"status": "ausgefallen", "period": "2020-03-03"}, (date(2020, 3, 3), date(2020, 3, 3), CANCELLED)),
        ({"status": "verschoben", "period": "2020-03-03"}, (date(2020, 3, 3), date(2020, 3, 3), CANCELLED)),
        (
            {"status": "verschoben", "period": "2020-03-03", "postponed_to": "2021-03-04"},
            (date(2021, 3, 4), date(2021, 3, 4), TENTATIVE),
        ),
        (
            {"status": "verschoben", "period": "2020-03-03", "postponed_to": "2021"},
            (date(2020, 3, 3), date(2020, 3, 3), CANCELLED),
        ),
        (
            {"status": "durchgefuehrt", "period": "2020-03-01/2020-03-31"},
            (date(2020, 3, 1), date(2020, 3, 31), CONFIRMED),
        ),
        ({"status": "durchgefuehrt", "period": "2020-03-01/2020-04-01"}, None),
        ({"status": "durchgefuehrt", "period": "2020-03"}, None),
        ({"status": "durchgefuehrt", "period": "2020-03-01/.."}, None),
        ({"status": "durchgefuehrt", "period": "2020-03-01/2020-03"}, None),
        ({"status": "durchgefuehrt", "period": "2020-03-01", "period_inferred": True}, None),
        ({"status": "durchgefuehrt", "period": None}, None),
        ({"status": "laufend", "period": "2020-03-01"}, None),
        ({"status": "beendet", "period": "2020-03-01"}, None),
    ],
)
def test_days_that_a_measure_names(small_site: Site, changed: dict[str, Any], expected: object) -> None:
    found = events(with_measure(small_site, **{"period": None, "postponed_to": None} | changed))
    assert [(event.first, event.last, event.state) for event in found] == ([expected] if expected else [])


def test_real_dates(real_site: Site) -> None:
    """Counted by hand in the records: eleven measures whose documents name the day, and the one meeting."""
    found = events(real_site)
    assert [event.first for event in found] == sorted(event.first for event in found)
    (meeting,) = (event for event in found if not isinstance(event.record, Measure))
    assert (meeting.first, meeting.state) == (date(2021, 11, 24), CONFIRMED)
    assert {event.record.ref for event in found if event.first.year == 2020} == {
        "bezirksregierung-duesseldorf/intranetbeitrag-tag-der-toleranz",
        "caritasverband-kreis-unna/fortbildung-interkulturelle-pflege",
        "landschaftsverband-rheinland/postkarte-der-vielfalt",
        "multikulturelles-forum/frauentag-reihe-hamm",
    }
    assert len(found) == 12


def test_the_page_parts_past_and_coming_at_the_reference_date(real_site: Site) -> None:
    page = next(page for page in views.plan(real_site) if page.view == "calendar")
    on_the_day = calendar(replace(real_site, reference_date=date(2020, 10, 1)), page)
    assert [event.first for event in on_the_day["coming"]] == [
        date(2020, 9, 30),
        date(2020, 11, 16),
        date(2021, 11, 24),
    ]
    assert [(year, len(run)) for year, run in on_the_day["years"]] == [(2020, 2), (2019, 7)]
    later = calendar(replace(real_site, reference_date=date(2020, 10, 2)), page)
    assert [event.first for event in later["coming"]] == [date(2020, 11, 16), date(2021, 11, 24)]


def test_a_meeting_without_a_day_is_no_date(project: Path) -> None:
    (project / "docs/beschluesse").mkdir()
    source = next((project / "docs/quellen").glob("[!i]*.md")).stem
    for name, when in (("mit", "2021-11-24"), ("ohne", "2021-11")):
        (project / f"docs/beschluesse/{name}.md").write_text(
            f"---\ntitle: Sitzung {name}\nsummary: Der Rat beriet.\nbody: Rat\ndate: {when}\nitems:\n  - number: '1'\n"
            f"    subject: Etwas\n    result: bericht\nsources:\n  - document: {source}\n---\n"
        )
    _, problems = rules.load(project, views.PAGE_VIEWS)
    assert problems == []
    assert [event.record.id for event in events(site_of(project)) if event.record.kind == "decision"] == ["mit"]
