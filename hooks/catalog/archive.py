"""A year that is kept for good: what its pages say of themselves, and what of the records belongs to it.

``archive.yml`` sets ``extra.archive``; ``scripts/archive.py`` builds with it. An ordinary site has none.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from catalog import wording
from catalog.dates import day
from catalog.model import Measure, Page, Record
from catalog.problems import SiteError
from catalog.progress import Progress
from catalog.store import Catalog

REPORT = "report"  # the view of a page that is the report of a year


@dataclass(frozen=True, slots=True)
class Archive:
    """The year that a site keeps.

    Attributes:
        year: the reporting year.
        date: the last day that counts; what was due then is due on the pages.
        commit: the full name of the state of the files; empty if it has none.
        committed: the day of that state.
    """

    year: int
    date: datetime.date
    commit: str = ""
    committed: datetime.date | None = None

    @property
    def frozen(self) -> str:
        """Its day in German words."""
        return wording.when(self.date.isoformat())

    @property
    def state(self) -> str:
        """The state of the files in German words; empty if nobody knows it."""
        if not self.commit or not self.committed:
            return ""
        return f"Commit {self.commit[:12]} vom {wording.when(self.committed.isoformat())}"


def read(extra: Mapping[str, Any], date: datetime.date) -> Archive | None:
    """What ``extra.archive`` says; ``None`` for an ordinary site.

    Args:
        extra: that part of the settings, with the variables of the environment filled in.
        date: the reference date of the build.

    Raises:
        SiteError: with a German sentence, if the year or the day of the commit is none.
    """
    if not (said := extra.get("archive")):
        return None
    year, committed = str(said.get("year") or ""), str(said.get("committed") or "")
    if not year.isdecimal():
        raise SiteError(f"archive.yml: extra.archive.year: „{year}“ ist kein Jahr. Bitte scripts/archive.py benutzen.")
    try:
        made = day(committed) if committed else None
    except ValueError as error:
        raise SiteError(f"archive.yml: extra.archive.committed: {error}. Bitte scripts/archive.py benutzen.") from error
    return Archive(int(year), date, str(said.get("commit") or ""), made)


def years(catalog: Catalog) -> list[int]:
    """The years that have a report, newest first."""
    return sorted({int(page.id) for page in catalog.all(Page) if page.view == REPORT}, reverse=True)


def until(catalog: Catalog, year: int) -> Catalog:
    """The catalogue as it was reported in a year: without later reports, and each measure as last reported by then.

    A measure that was first reported later stays, since other records may lead to it; its page names its documents.
    """
    kept = catalog.without(lambda record: _is_later(record, year))
    known = Progress(catalog)
    measures = {measure.ref: _until(known, measure, year) for measure in catalog.all(Measure)}
    return replace(kept, records=MappingProxyType({**kept.records, Measure.kind: MappingProxyType(measures)}))


def _until(known: Progress, measure: Measure, year: int) -> Measure:
    if all(report.year <= year for report in measure.reports):
        return measure
    earlier = [state.year for state in known.of(measure) if state.year <= year]
    before = known.as_of(measure, earlier[-1]) if earlier else None
    reports = tuple(report for report in measure.reports if report.year <= year)
    return (before or measure).model_copy(update={"reports": reports, "checked": None})  # checked was a later state


def _is_later(record: Record, year: int) -> bool:
    return isinstance(record, Page) and record.view == REPORT and int(record.id) > year
