"""Planned and done over the reporting years: what was known of a measure in which year, and what changed.

A measure that has no ``reports`` has one year all the same, its implied one:
that in which the period of its first document ends. So the records of the first
report need nothing added, and their year is lost only when a later one is
written without it, which ``rules`` does not let through.

Below ``rules``, since those need the implied year; so nothing here knows of
relations, and whoever lists measures hands them over in the wanted order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from catalog.dates import parse
from catalog.model import Evidence, Figure, Measure, Source, YearReport
from catalog.store import Catalog
from catalog.vocabulary import Vocabulary

# The step of the vocabulary from which on a measure has begun.
BEGUN = 3


@dataclass(frozen=True, slots=True)
class YearState:
    """What was known of a measure in one year.

    Attributes:
        year: the reporting year.
        status: key of the vocabulary.
        figures: the figures of that year.
        sources: where it is written; empty if only the partner says so.
        text: what happened; may be empty.
        reason: why the status went back; may be empty.
        holds: whether this is what the record itself says, because no later year is known.
    """

    year: int
    status: str
    figures: tuple[Figure, ...]
    sources: tuple[Evidence, ...]
    text: str = ""
    reason: str = ""
    holds: bool = False


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after; one of them is ``None`` if it is new or no longer given."""

    before: Figure | None
    after: Figure | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a measure between two years.

    Attributes:
        measure: the measure.
        kind: ``status``, ``figures`` (and the same status), ``new``, ``silent`` (no longer reported) or ``same``.
        before, after: its state in the two years; ``None`` where it was not reported.
        step: 1 if the status went forward, -1 if it went back, 0 if it stayed on its step.
        figures: figures that are not the same in both.
    """

    measure: Measure
    kind: str
    before: YearState | None
    after: YearState | None
    step: int = 0
    figures: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two years, for the partners that reported in both.

    Attributes:
        first, last: the years.
        partners: ids of those partners.
        only_first, only_last: ids of partners that reported in one of them only, so that nothing can be compared.
        in_series: those of ``partners`` whose measures stand in documents of one publisher in both years. Only of
            them can be said that a measure is new or no longer reported: other documents speak of other things, and
            a yearly round adds only what has changed.
        changes: one for each measure that one of ``partners`` reported in both years, or ``in_series`` in one.
    """

    first: int
    last: int
    partners: tuple[str, ...]
    only_first: tuple[str, ...]
    only_last: tuple[str, ...]
    in_series: tuple[str, ...]
    changes: tuple[Change, ...]

    def of_kind(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind, in their order."""
        return tuple(change for change in self.changes if change.kind == kind)


def document_year(catalog: Catalog, document: str) -> int | None:
    """The reporting year of a document: that in which its period ends; ``None`` if it is missing or has no end."""
    source = catalog.of("source").get(document)
    end = parse(source.date).end if isinstance(source, Source) else None
    return end.year if end else None


def implied_year(catalog: Catalog, measure: Measure) -> int | None:
    """The year of which a measure speaks by its first document."""
    return document_year(catalog, measure.sources[0].document)


def evidence(catalog: Catalog, measure: Measure, report: YearReport) -> tuple[Evidence, ...]:
    """Where a report is written: its own documents, else those of the measure that are of its year."""
    return report.sources or tuple(e for e in measure.sources if document_year(catalog, e.document) == report.year)


def is_vouched_for(checked: str | None, year: int) -> bool:
    """Whether a partner that checked a measure on some day thereby vouches for a year."""
    end = parse(checked).end if checked else None
    return end is not None and end.year >= year


def step(vocabulary: Vocabulary, before: str, after: str) -> int:
    """1 if a status comes farther than the one before it, -1 if it goes back, 0 on the same step."""
    one, other = (vocabulary["status"][key].step for key in (before, after))
    return (other > one) - (other < one)


def series(catalog: Catalog, measure: Measure) -> tuple[YearState, ...]:
    """The states of a measure, oldest first, each year once; none if nothing names a year."""
    written = {report.year: report for report in measure.reports}
    implied = implied_year(catalog, measure)
    years = sorted({*written, *([implied] if implied else ())})
    return tuple(_state(catalog, measure, year, written.get(year), holds=year == years[-1]) for year in years)


def _state(catalog: Catalog, measure: Measure, year: int, report: YearReport | None, holds: bool) -> YearState:
    if report is None:
        # Older than the last report only while a rule complains; the record then says what is nearest.
        return YearState(year, measure.status, measure.figures, _of_year(catalog, measure, year), holds=holds)
    figures = report.figures or (measure.figures if holds else ())
    sources = evidence(catalog, measure, report)
    return YearState(year, report.status, figures, sources, report.text or "", report.reason or "", holds)


def _of_year(catalog: Catalog, measure: Measure, year: int) -> tuple[Evidence, ...]:
    return tuple(entry for entry in measure.sources if document_year(catalog, entry.document) == year)


@dataclass(frozen=True)
class Progress:
    """The reporting years of all measures."""

    catalog: Catalog

    @cached_property
    def _series(self) -> Mapping[str, tuple[YearState, ...]]:
        return MappingProxyType({m.ref: series(self.catalog, m) for m in self.catalog.all(Measure)})

    def of(self, measure: Measure) -> tuple[YearState, ...]:
        """The states of a measure, oldest first."""
        return self._series[measure.ref]

    def in_year(self, measure: Measure, year: int) -> YearState | None:
        """The state of a measure in a year; ``None`` if nothing is known of it."""
        return next((state for state in self.of(measure) if state.year == year), None)

    def as_of(self, measure: Measure, year: int) -> Measure | None:
        """The measure with status and figures of a year; ``None`` if nothing is known of it.

        Everything else is as it is now: title, text and period are corrected, not reported anew.
        """
        state = self.in_year(measure, year)
        if state is None or state.holds:
            return measure if state else None
        return measure.model_copy(
            update={
                "status": state.status,
                "figures": state.figures,
                "status_inferred": False,
                "postponed_to": None,
            }
        )

    @cached_property
    def years(self) -> tuple[int, ...]:
        """All reporting years, oldest first."""
        return tuple(sorted({state.year for states in self._series.values() for state in states}))

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The years that can be compared: those that follow each other in the series of at least one measure."""
        found = {(a.year, b.year) for s in self._series.values() for a, b in pairwise(s)}
        return tuple(sorted(found))

    def years_of(self, measures: Iterable[Measure]) -> tuple[int, ...]:
        """The years in which at least one of some measures was reported, oldest first."""
        return tuple(sorted({state.year for measure in measures for state in self.of(measure)}))

    def difference(self, measures: Collection[Measure], first: int, last: int) -> Difference:
        """What became of measures between two years, in the order in which they are given."""
        publishers, later = (self._publishers(measures, year) for year in (first, last))
        before, after = publishers.keys(), later.keys()
        in_series = {partner for partner in before & after if publishers[partner] & later[partner]}
        found = (self._change(m, first, last) for m in measures if m.partner in before & after)
        changes = (c for c in found if c and ((c.before and c.after) or c.measure.partner in in_series))
        return Difference(
            first,
            last,
            partners=tuple(sorted(before & after)),
            only_first=tuple(sorted(before - after)),
            only_last=tuple(sorted(after - before)),
            in_series=tuple(sorted(in_series)),
            changes=tuple(changes),
        )

    def _publishers(self, measures: Iterable[Measure], year: int) -> dict[str, set[str]]:
        """Partner -> who published what is known of its measures in a year."""
        found: dict[str, set[str]] = {}
        for measure in measures:
            if state := self.in_year(measure, year):
                sources = (self.catalog.of("source").get(entry.document) for entry in state.sources)
                said = {source.publisher for source in sources if isinstance(source, Source)}
                found.setdefault(measure.partner, set()).update(said)
        return found

    def _change(self, measure: Measure, first: int, last: int) -> Change | None:
        before, after = self.in_year(measure, first), self.in_year(measure, last)
        if before is None or after is None:
            kind = "silent" if before else "new"
            return Change(measure, kind, before, after) if before or after else None
        figures = tuple(figure_changes(before.figures, after.figures))
        kind = "status" if before.status != after.status else "figures" if figures else "same"
        return Change(measure, kind, before, after, step(self.catalog.vocabulary, before.status, after.status), figures)


def figure_changes(before: Iterable[Figure], after: Iterable[Figure]) -> Iterator[FigureChange]:
    """Figures that differ: those that count the same (unit and note) are one figure in two years, in their order."""
    gone, fresh = list(before), list(after)
    for figure in tuple(gone):
        if figure in fresh:
            gone.remove(figure)
            fresh.remove(figure)
    for figure in fresh:
        earlier = next((f for f in gone if (f.unit, f.note) == (figure.unit, figure.note)), None)
        if earlier:
            gone.remove(earlier)
        yield FigureChange(earlier, figure)
    yield from (FigureChange(figure, None) for figure in gone)
