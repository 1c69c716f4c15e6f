"""The measures as tables as the website lists them: CSV and XLSX, a row for each in the order of the list."""

from __future__ import annotations

from collections.abc import Iterator

from catalog import spreadsheets, wording
from catalog.downloads import TABLES
from catalog.model import Measure, Record
from catalog.site import Site

HEAD = (
    "Titel", "Kurzfassung", "Partner", "Kategorie", "Status", "Zeitraum", "Zielgruppen", "Formate", "Zahlen",
    "Netzwerke", "Zusammenarbeit", "Gute Praxis", "Adresse",
)  # fmt: skip
_WIDTHS = (40, 60, 25, 30, 14, 18, 30, 30, 40, 30, 30, 18, 50)


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """(path on the site, content) of the tables."""
    rows = [_row(site, measure) for measure in site.relations.all_measures]
    yield TABLES["csv"], spreadsheets.csv_file(HEAD, rows)
    yield TABLES["xlsx"], spreadsheets.xlsx_file("Maßnahmen", [spreadsheets.Sheet("Maßnahmen", HEAD, rows, _WIDTHS)])


def _row(site: Site, measure: Measure) -> list[str]:
    relations = site.relations
    figures = [wording.figure(f.value, f.unit) + (f" ({f.note})" if f.note else "") for f in measure.figures]
    level = measure.best_practice.level if measure.best_practice else ""
    cells = [
        measure.title,
        measure.summary,
        relations.partner(measure).name,
        relations.category(measure).title,
        site.term("status", measure.status).label,
        wording.when(measure.period) if measure.period else "",
        "; ".join(site.term("target_groups", key).label for key in measure.target_groups),
        "; ".join(site.term("formats", key).label for key in measure.formats),
        "; ".join(figures),
        _names(relations.targets(measure, "networks")),
        _names(relations.targets(measure, "cooperation")),
        site.term("best_practice_levels", level).label if level else "",
        site.at(measure.page_address),
    ]
    return [" ".join(cell.split()) for cell in cells]  # each on one line


def _names(records: tuple[Record, ...]) -> str:
    return "; ".join(record.name for record in records)
