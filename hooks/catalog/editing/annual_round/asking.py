"""What a partner is asked: its measures as rows, with what to confirm, and what the table remembers of them."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from catalog import forms, wording
from catalog.dates import parse
from catalog.editing.annual_round.columns import BODY, LONGEST_CELL, REMOVED, Column, columns, evidence
from catalog.editing.answers import Option
from catalog.model import Measure, Partner
from catalog.site import Site
from catalog.store import Catalog
from catalog.views import currency
from catalog.wording import NBSP

FORMAT = 2
TOO_LONG = "(Zu lang für eine Zelle; bitte auf der Seite der Maßnahme ansehen.)"


class Kept(NamedTuple):
    """What the table remembers of a cell: its text, and the value in the file as a digest.

    The text tells an edit. The digest tells whether the file has changed since,
    also where a label was renamed in between.
    """

    shown: str
    digest: str


class Memory(BaseModel):
    """What the table carries for the way back.

    Attributes:
        year: the year of the round.
        partner: whose measures they are.
        columns: key -> heading, for what was asked.
        measures: reference of a measure -> key -> what stood in its cell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    year: int
    partner: str
    columns: dict[str, str]
    measures: dict[str, dict[str, Kept]]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Every measure is one of the partner's, with a value for each column."""
        for ref, kept in self.measures.items():
            if not ref.startswith(f"{self.partner}/") or kept.keys() != self.columns.keys():
                raise ValueError(ref)
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """A measure.

    Attributes:
        measure: the record.
        stand: as of when its statements hold, in words.
        checked: when the partner last checked them, in words; empty if never.
        questions: what to confirm.
        cells: key of a column -> text of its cell.
    """

    measure: Measure
    stand: str
    checked: str
    questions: tuple[str, ...]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Round:
    """A year's round for one partner."""

    site: Site
    partner: Partner
    year: int

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What is asked."""
        return columns(self.site.catalog)

    @cached_property
    def evidence(self) -> Column:
        """The documents that may prove a change."""
        return evidence(self.site.catalog)

    def offered(self, column: Column) -> list[Option]:
        """What a column offers: all that may be chosen, but of the languages of the world only those in use."""
        used = {tag for measure in self.site.catalog.all(Measure) for tag in measure.languages}
        return [option for option in column.options if column.field.kind != "language" or option.value in used]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The measures in the order of the site's lists."""
        return tuple(self._row(measure) for measure in self.site.relations.by_partner.get(self.partner.id, ()))

    @cached_property
    def memory(self) -> Memory:
        """What the table remembers."""
        kept = {row.measure.ref: remembered(self.columns, row.measure) for row in self.rows}
        titles = {column.key: column.title for column in self.columns}
        return Memory(year=self.year, partner=self.partner.id, columns=titles, measures=kept)

    def _row(self, measure: Measure) -> Row:
        return Row(
            measure,
            currency.stand(self.site, measure).heading,
            wording.when(measure.checked) if measure.checked else "",
            tuple(questions(self.site, measure, self.year)) or ("Stimmt alles noch?",),
            {key: kept.shown for key, kept in remembered(self.columns, measure).items()},
        )


def of_partner(site: Site, partner: Partner, year: int) -> Round:
    """The round of a year for one partner."""
    return Round(site, partner, year)


def data(measure: Measure) -> dict[str, Any]:
    """The values of a measure as its file has them: strings, lists, mappings; its text under ``BODY``."""
    raw: dict[str, Any] = dict(measure.written)
    return {key: value for key, value in _without_blanks({**raw, BODY: measure.text}).items() if value}


def remembered(asked: Sequence[Column], measure: Measure) -> dict[str, Kept]:
    """Key -> the text of the cell and the digest of the value."""
    values = data(measure)
    return {column.key: Kept(_fitting(column, values), digest(values.get(column.key))) for column in asked}


def _fitting(column: Column, values: Mapping[str, Any]) -> str:
    text = normal(column.shown(values.get(column.key)))
    return text if len(text) <= LONGEST_CELL else TOO_LONG


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(inner) for key, inner in value.items() if inner != ""}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value


def digest(value: Any) -> str:
    """A short name for a value, the same for the same value."""
    text = json.dumps(value or None, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def normal(text: str) -> str:
    """A cell's text without what spreadsheets change by themselves: line ends, composed letters, blanks around it."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return composed.translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}).strip()  # XML knows neither of the two


def packed(memory: Memory) -> list[str]:
    """The memory as texts of cells: format, checksum, and the data in pieces that no spreadsheet changes."""
    content = memory.model_dump_json().encode()
    text = base64.b64encode(content).decode()
    pieces = [text[start : start + LONGEST_CELL] for start in range(0, len(text), LONGEST_CELL)]
    return [str(FORMAT), hashlib.sha256(content).hexdigest(), *pieces]


def unpacked(cells: Sequence[str]) -> Memory | None:
    """The memory out of those cells; ``None`` if it is not as it was written."""
    checksum, *pieces = cells[1:] or [""]
    try:
        content = base64.b64decode("".join(pieces), validate=True)
        return Memory.model_validate_json(content) if hashlib.sha256(content).hexdigest() == checksum else None
    except (binascii.Error, ValidationError, ValueError):
        return None


def questions(site: Site, measure: Measure, year: int) -> Iterator[str]:
    """What the partner should confirm about a measure, as German questions."""
    stand = currency.stand(site, measure)
    if stand.day.year < year:
        yield from _since(site, measure, year)
    if measure.status == "verschoben" and not measure.postponed_to:
        yield "Gibt es einen neuen Termin?"
    if not measure.period:
        yield "Seit wann oder wann war das? Der Zeitraum fehlt."
    if not measure.figures:
        yield "Gibt es Zahlen dazu? Bisher ist keine bekannt."
    elif stand.day.year < year and measure.status == "laufend":
        yield "Gibt es neuere Zahlen?"
    if inferred := _inferred(site.catalog, measure):
        yield f"Nur aus dem Wortlaut erschlossen: {wording.enumeration(inferred)}. Stimmt das?"
    if measure.source_note:
        yield "Lässt sich klären, was im Hinweis zur Quelle steht?"


def _since(site: Site, measure: Measure, year: int) -> Iterator[str]:
    """What may have changed since the last statement."""
    status = site.term("status", measure.status).label
    span = parse(measure.period) if measure.period else None
    if measure.status == "geplant":
        yield f"Status „{status}“: Ist die Maßnahme inzwischen angelaufen, durchgeführt, verschoben oder abgesagt?"
    elif measure.status == "verschoben" and measure.postponed_to:
        yield f"Status „{status}“: Fand der neue Termin ({wording.when(measure.postponed_to)}) statt?"
    elif measure.status == "laufend" and span and span.end is None:
        yield f"Läuft das {wording.when(measure.period or '')} weiter, oder wann hat es geendet?"
    elif measure.status == "laufend":
        yield f"Lief das auch {year}?"
    if span and span.end and measure.status in ("geplant", "laufend") and span.end.last_day < datetime.date(year, 1, 1):
        when = wording.when(measure.period or "")
        yield f"Der Zeitraum ({when}) ist vorbei, der Status ist aber „{status}“. Was gilt?"


def _inferred(catalog: Catalog, measure: Measure) -> list[str]:
    """The titles of the fields whose values no document states."""
    titles = {field.key: field.title for field in forms.fields(Measure, catalog.vocabulary)}
    return [title for key, title in titles.items() if getattr(measure, f"{key}_inferred", False)]


def instructions(round_: Round) -> list[tuple[str, tuple[str, ...]]]:
    """The covering letter: (heading, sentences)."""
    return [("Worum es geht", _purpose(round_)), ("So geht es", _STEPS), ("Was dann geschieht", _afterwards(round_))]


def _purpose(round_: Round) -> tuple[str, ...]:
    amount = wording.count(len(round_.rows), "Maßnahme", "Maßnahmen").replace(NBSP, " ")
    return (
        f"{round_.site.name} führt {amount} von: {round_.partner.title}. "
        f"Bitte sehen Sie durch, ob die Angaben für {round_.year} stimmen.",
        "Grundlage sind öffentliche Dokumente. Die Sammlung ist kein Angebot des Landes Nordrhein-Westfalen.",
        "Bitte zurück bis: ____________________",
    )


_STEPS = (
    "Im Blatt „Maßnahmen“ steht je Zeile eine Maßnahme. Die Spalte „Bitte prüfen“ nennt, worauf es ankommt.",
    "Stimmt alles: in „Stimmt noch“ ja wählen. Mehr ist in dieser Zeile nicht zu tun.",
    "Stimmt etwas nicht: die Angabe in ihrer Zelle ändern und „Stimmt noch“ auf ja setzen. "
    "Was Sie hier nicht ändern können: nein wählen und in Ihrer E-Mail beschreiben.",
    "Ein anderer Status oder andere Zahlen gelten für das Jahr dieser Tabelle; was vorher galt, bleibt im Verlauf. "
    "In „Was geschah“ ist Platz für ein oder zwei Sätze dazu. Wird etwas verschoben, abgesagt oder eingestellt, "
    "bitte dort den Grund nennen.",
    f"Soll eine Angabe weg: in die Zelle einen Strich ({REMOVED[0]}) schreiben. Leere Zellen gelten als Versehen.",
    "Mehrere Werte in einer Zelle: je Zeile ein Wert; eine neue Zeile beginnt mit Alt und Eingabetaste. "
    "Was erlaubt ist, steht im Blatt „Erlaubte Werte“.",
    "Neue Maßnahmen: in die freien Zeilen unter Ihren Maßnahmen eintragen; die Kennung bleibt leer.",
    "Zu jeder Änderung gehört ein öffentlicher Beleg, etwa ein Bericht oder ein Beschluss. "
    "Bitte nennen Sie ihn in der letzten Spalte.",
    "Bitte schreiben Sie keine Namen von Privatpersonen und keine Formeln. Graue Zellen sind gesperrt.",
)


def _afterwards(round_: Round) -> tuple[str, ...]:
    operator = round_.site.operator
    return (
        f"Schicken Sie die Datei als Excel-Arbeitsmappe (.xlsx) an {operator.name}, {operator.email}.",
        "Eine Prüfung nennt jede Zelle, in der etwas nicht stimmt, und wie es richtig geht. Dann melden wir uns.",
        "Hat sich eine Angabe inzwischen anderswo geändert, wird nichts überschrieben; auch dann melden wir uns.",
        "Danach stehen Ihre Angaben auf der Website, mit dem Tag der Prüfung.",
    )
