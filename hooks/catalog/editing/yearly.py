"""Writing down a further year of a measure, so that nothing of the years before is lost.

Values go in and out as a file has them: strings, lists, mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog import progress
from catalog.model import Measure
from catalog.store import Catalog

REPORTS = "reports"
# What a measure says of now, and a report of its year.
_NOW = ("status", "figures")

Values = Mapping[str, Any]


def reported(catalog: Catalog, measure: Measure, year: int, said: Values) -> dict[str, Any]:
    """The values of a measure to which a year has been added.

    A year that is the latest becomes what holds now; the one before it is written
    out as it was. An earlier year is put in its place, and what holds now stays.

    Args:
        catalog: all records.
        measure: the record as it is.
        year: the reporting year.
        said: what is known of it: ``status``, ``figures``, ``text``, ``reason``, ``sources``; what is missing
            stays as it was.

    Returns:
        Key -> new value, for the keys that change; ``None`` for one that goes.
    """
    before = dict(measure.written)
    reports = {int(report["year"]): dict(report) for report in before.get(REPORTS, ())}
    states = progress.series(catalog, measure)
    latest = states[-1].year if states else year
    now = {key: before[key] for key in _NOW if before.get(key)}
    if year < latest:
        entry = {**reports.get(year, {"status": before["status"]}), **_filled(said)}
    else:
        if year > latest:
            reports[latest] = {**now, **reports.get(latest, {})}
        now |= {key: value for key, value in _filled(said).items() if key in _NOW}
        kept = {key: value for key, value in reports.get(year, {}).items() if key not in _NOW}
        # Its figures stand above, as what holds now, and are copied down with the next year.
        entry = {**kept, **{key: value for key, value in _filled(said).items() if key != "figures"}}
        entry.setdefault("status", now["status"])
    reports[year] = {**entry, "year": str(year)}
    series = [{**reports[number], "year": str(number)} for number in sorted(reports)]
    changed = {key: value for key, value in now.items() if value != before.get(key)}
    if said.get("status") and year >= latest and "status_inferred" in before:
        changed["status_inferred"] = None  # it is told now, and no longer guessed from the wording of a document
    return {REPORTS: series, **changed}


def corrected(catalog: Catalog, measure: Measure, changes: Values) -> dict[str, Any]:
    """What else changes with a correction: the report of the latest year follows it.

    Args:
        catalog: all records.
        measure: the record as it is.
        changes: key -> other value.
    """
    states = progress.series(catalog, measure)
    latest = measure.reports[-1].year if measure.reports else None
    if latest is None or latest != states[-1].year or REPORTS in changes or changes.keys().isdisjoint(_NOW):
        return {}
    *earlier, report = measure.written[REPORTS]
    kept = {key: value for key, value in report.items() if key != "figures" or key not in changes}
    return {REPORTS: [*earlier, kept | ({"status": changes["status"]} if changes.get("status") else {})]}


def _filled(said: Values) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}
