"""What came back from a partner: changes, new measures, conflicts, and problems by cell.

Only a cell that differs from what the table remembers is a change, so that
whatever happened to the file in the meantime stays. Changed values go through
the one check like everything else; its messages are told by cell.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl.utils import get_column_letter

from catalog import forms, frontmatter, progress, store, wording
from catalog.dates import parse
from catalog.editing import drafts, mending, yearly
from catalog.editing.annual_round import workbook
from catalog.editing.annual_round.asking import Kept, Memory, data, digest
from catalog.editing.annual_round.columns import BODY, REMOVED, Column, columns, evidence
from catalog.editing.annual_round.workbook import CONTEXT, ID, NEWS, NO, PROOF, SHEET, STAYS, YES, Cell
from catalog.editing.drafts import Draft, Files
from catalog.fields import slug
from catalog.forms import FormField
from catalog.model import Measure
from catalog.problems import KeyPath, Problem, SetValue
from catalog.store import Catalog
from catalog.writing import record_file

# The keys that the columns of the table itself change, and those columns.
_SOURCES, _CHECKED = "sources", "checked"
_PLACES = MappingProxyType({_SOURCES: PROOF, _CHECKED: STAYS, yearly.REPORTS: NEWS})
_LONGEST_MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that came back.

    Attributes:
        row: its number in the sheet.
        ref: the measure; empty for a new one.
        cells: key -> cell, for what differs from what the table remembers.
        same: key -> what the table remembers, for what does not.
        stays: whether all is right now; ``None`` without an answer.
        proof: the document that proves the changes; empty if none is named.
        news: what happened in the year; empty if nothing is said.
    """

    row: int
    ref: str
    cells: Mapping[str, Cell]
    same: Mapping[str, Kept]
    stays: bool | None
    proof: str
    news: str = ""


@dataclass(frozen=True)
class Answers:
    """A table that came back.

    Attributes:
        name: the name of the file, for messages.
        memory: what the table remembers; ``None`` if it could not be read.
        places: key -> letter of its column.
        rows: the answers.
        problems: what prevents that anything is taken over.
        hints: what an editor should know.
    """

    name: str
    memory: Memory | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What follows from the answers.

    Attributes:
        files: path -> text, for the files that change; empty if there is a problem.
        changes: path -> titles of the fields that change; a new measure has none.
        problems: what is wrong, by cell.
        hints: what an editor should know.
    """

    files: Files
    changes: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    hints: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A record as an answer would have it.

    Attributes:
        answer: the row.
        path: the record's file.
        before: its values now; ``None`` for a new measure.
        text: its text now; empty for a new measure.
        values: key -> new value, the Markdown text under ``BODY``.
    """

    answer: Answer
    path: str
    before: Mapping[str, Any] | None
    text: str
    values: Mapping[str, Any]

    def file(self, fields: Sequence[FormField]) -> str:
        """The file with the new values."""
        front = {key: value for key, value in self.values.items() if key != BODY}
        if self.before is None:
            return record_file(fields, front, self.values.get(BODY) or "")
        text = mending.set_values(self.text, fields, front)
        return mending.replace_text(text, self.values[BODY] or "") if BODY in self.values else text


def read(name: str, content: bytes, catalog: Catalog) -> Answers:
    """Read a table that came back.

    Args:
        name: the name of the file, for messages.
        content: the file.
        catalog: the records as they are now.
    """
    returned, (wrong, hint) = workbook.read(content)
    if returned is None:
        return Answers(name, problems=(Problem(name, 1, "", wrong, hint),))
    if returned.memory.partner not in catalog.of("partner"):
        wrong = f"Den Partner „{_clipped(returned.memory.partner)}“ gibt es nicht."
        return Answers(name, problems=(Problem(name, 1, "", wrong, "Bitte die Tabelle neu ausgeben."),))
    return _Reader(name, returned, catalog).answers()


def asked(memory: Memory, catalog: Catalog) -> tuple[Column, ...]:
    """The columns that the table was made with, as far as they still exist."""
    return tuple(column for column in columns(catalog) if column.key in memory.columns)


class _Reader:
    """Goes through the rows of a table."""

    def __init__(self, name: str, returned: workbook.Returned, catalog: Catalog) -> None:
        self.name = name
        self.returned = returned
        self.memory = returned.memory
        self.columns = asked(returned.memory, catalog)
        self.titles = {ID: ID, STAYS: STAYS, PROOF: PROOF, NEWS: NEWS} | self.memory.columns
        self.at: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.hints: list[Problem] = []

    def answers(self) -> Answers:
        head, *rows = self.returned.rows or [[]]
        self._head(head, rows)
        found = [] if self.problems else [self._row(number, row) for number, row in enumerate(rows, 2)]
        if not self.problems:
            self._missing()
        return Answers(
            self.name,
            self.memory,
            {key: get_column_letter(column + 1) for key, column in self.at.items()},
            tuple(answer for answer in found if answer),
            tuple(self.problems),
            tuple(self.hints),
        )

    def _head(self, head: list[Cell], rows: list[list[Cell]]) -> None:
        """Where the columns are, whatever their order."""
        titles = [cell.text for cell in head]
        ours = ", ".join(self.titles.values())
        if missing := [title for title in self.titles.values() if title not in titles]:
            amount = "Die Spalte fehlt" if len(missing) == 1 else "Die Spalten fehlen"
            self._wrong(1, "", "", f"{amount}: {', '.join(missing)}.", f"Die Überschriften sind: {ours}.")
        for key, title in self.titles.items():
            if titles.count(title) > 1:
                self._wrong(1, "", "", f"Die Spalte „{title}“ steht zweimal da.", "Bitte eine der beiden löschen.")
            elif title in titles:
                self.at[key] = titles.index(title)
        for column, text in enumerate(titles):
            filled = [row[column].address for row in rows if column < len(row) and row[column].text]
            if text not in (*self.titles.values(), *CONTEXT) and filled:
                said = f"Die Spalte „{_clipped(text)}“ wird nicht gelesen; gefüllt: {', '.join(filled[:5])}."
                self._hint(1, "", "", said, "Bitte ansehen.")
        for sheet in self.returned.foreign:
            self._hint(1, "", "", f"Das Blatt „{_clipped(sheet)}“ wird nicht gelesen.", "Bitte ansehen.")

    def _row(self, number: int, row: list[Cell]) -> Answer | None:
        cells = {key: self._cell(number, row, key) for key in self.titles}
        ref = cells[ID].text
        filled = {key: cell for key, cell in cells.items() if cell.text or cell.fault}
        faults = {key: cell.fault for key, cell in filled.items() if cell.fault}
        for key, fault in faults.items():
            self._wrong(number, cells[key].address, self.titles[key], *fault)
        if faults or not filled:
            return None
        if not ref:
            return self._answer(number, "", cells, {})
        kept = self.memory.measures.get(ref)
        if kept is None or ref in self.seen:
            self._strange(number, cells[ID], ref)
            return None
        self.seen[ref] = number
        if not any(cells[column.key].text for column in self.columns):
            wrong = "Alle Angaben der Zeile sind leer; nichts davon wird gelöscht."
            hint = "Bitte wiederherstellen. Gibt es die Maßnahme nicht mehr, den Status ändern, zum Beispiel „beendet“."
            self._wrong(number, cells[ID].address, ID, wrong, hint)
            return None
        return self._answer(number, ref, cells, kept)

    def _answer(self, number: int, ref: str, cells: Mapping[str, Cell], kept: Mapping[str, Kept]) -> Answer:
        """The row with what differs from what the table remembers."""
        changed: dict[str, Cell] = {}
        for column in self.columns:
            cell, before = cells[column.key], kept[column.key].shown if column.key in kept else ""
            if cell.text == before or (cell.text in REMOVED and not before):
                continue
            if not cell.text:
                wrong = f"Die Zelle ist leer; ausgegeben war „{_clipped(before)}“."
                hint = f"Soll die Angabe wegfallen, bitte einen Strich ({REMOVED[0]}) eintragen, sonst die alte."
                self._wrong(number, cell.address, column.title, wrong, hint)
            changed[column.key] = cell
        stays = self._stays(number, cells[STAYS])
        if stays is False and not changed:
            self._hint(number, cells[STAYS].address, STAYS, "„nein“ ohne geänderte Angabe.", "Bitte nachfragen.")
        if ref and changed and not cells[PROOF].text:
            said = "Die Änderung nennt keinen Beleg."
            self._hint(number, cells[PROOF].address, PROOF, said, "Bitte prüfen, aus welchem Dokument sie folgt.")
        same = {key: value for key, value in kept.items() if key not in changed}
        return Answer(number, ref, changed, same, stays, cells[PROOF].text, cells[NEWS].text)

    def _stays(self, number: int, cell: Cell) -> bool | None:
        if cell.text.casefold() not in ("", YES, NO):
            wrong = f"„{_clipped(cell.text)}“ ist hier nicht erlaubt."
            self._wrong(number, cell.address, STAYS, wrong, f"Bitte {YES} oder {NO} wählen.")
        return {YES: True, NO: False}.get(cell.text.casefold())

    def _strange(self, number: int, cell: Cell, ref: str) -> None:
        """A measure that is not in this table, or twice."""
        if ref in self.seen:
            wrong = f"„{_clipped(ref)}“ steht auch in Zeile {self.seen[ref]}."
            self._wrong(number, cell.address, ID, wrong, "Bitte eine der beiden Zeilen löschen.")
            return
        wrong = f"„{_clipped(ref)}“ gehört nicht zu dieser Tabelle."
        hint = "Bitte die Kennung wiederherstellen; bei einer neuen Maßnahme bleibt sie leer."
        self._wrong(number, cell.address, ID, wrong, hint)

    def _missing(self) -> None:
        for ref in (ref for ref in self.memory.measures if ref not in self.seen):
            self._hint(1, "", "", f"Die Zeile zu „{ref}“ fehlt.", "An dieser Maßnahme ändert sich nichts.")

    def _cell(self, number: int, row: list[Cell], key: str) -> Cell:
        column = self.at[key]
        return row[column] if column < len(row) else Cell(f"{get_column_letter(column + 1)}{number}", "")

    def _wrong(self, row: int, address: str, title: str, wrong: str, hint: str) -> None:
        self.problems.append(_problem(self.name, row, address, title, wrong, hint))

    def _hint(self, row: int, address: str, title: str, said: str, hint: str) -> None:
        self.hints.append(_problem(self.name, row, address, title, said, hint))


def take(root: Path, pending: Mapping[str, str], catalog: Catalog, answers: Answers, day: datetime.date) -> Taken:
    """What the files would be with these answers, or what is wrong with them.

    Args:
        root: the project folder.
        pending: files that other answers have changed already: path -> text.
        catalog: the records of both.
        answers: what ``read`` made of the table.
        day: the day on which what a partner confirms counts as checked.
    """
    if answers.problems or answers.memory is None:
        return Taken({}, {}, answers.problems, answers.hints)
    return _Taker(root, pending, catalog, answers, answers.memory, day).taken()


class _Taker:
    """Turns answers into files."""

    def __init__(
        self,
        root: Path,
        pending: Mapping[str, str],
        catalog: Catalog,
        answers: Answers,
        memory: Memory,
        day: datetime.date,
    ) -> None:
        self.root, self.pending, self.catalog, self.answers, self.day = root, pending, catalog, answers, day
        self.fields = forms.fields(Measure, catalog.vocabulary)
        self.memory = memory
        self.columns = {column.key: column for column in asked(memory, catalog)}
        self.evidence = evidence(catalog)
        self.problems: list[Problem] = []
        self.hints = list(answers.hints)

    def taken(self) -> Taken:
        proposals: dict[str, _Proposal] = {}
        for answer in self.answers.rows:
            proposal = self._proposal(answer)
            if proposal and proposal.values and proposal.path in proposals:
                self._title_taken(answer, proposal.path)
            elif proposal and proposal.values:
                proposals[proposal.path] = proposal
        mended = self._checked(proposals)
        needed = [kept for proposal in mended if (kept := self._needed(proposal))]
        if self.problems:
            return Taken({}, {}, tuple(sorted(self.problems)), tuple(self.hints))
        files = {proposal.path: proposal.file(self.fields) for proposal in needed}
        changes = {proposal.path: self._titles(proposal) for proposal in needed}
        return Taken(files, changes, (), tuple(self.hints))

    def _proposal(self, answer: Answer) -> _Proposal | None:
        values: dict[str, Any] = {
            key: None if cell.text in REMOVED else self.columns[key].meant(cell.text)
            for key, cell in answer.cells.items()
        }
        if not answer.ref:
            id_ = slug(answer.cells["title"].text) if "title" in answer.cells else None
            draft = Draft("measure", id_ or f"neu-{answer.row}", parent=self.memory.partner)
            return _Proposal(answer, draft.path, None, "", {**values, **self._companions(answer, values, {})})
        measure = self.catalog.of("measure").get(answer.ref)
        if not isinstance(measure, Measure):
            wrong = f"„{answer.ref}“ gibt es nicht mehr."
            self._wrong(answer, ID, ID, wrong, "Bitte die Zeile löschen oder die Angaben zur neuen Kennung übertragen.")
            return None
        before = data(measure)
        values |= self._companions(answer, values, before)
        values |= self._of_year(answer, measure, values)
        return _Proposal(answer, measure.path, before, self._text(measure.path), values)

    def _text(self, path: str) -> str:
        content = self.pending[path].encode() if path in self.pending else store.optional(self.root, path) or b""
        return frontmatter.decode(path, content)[0]

    def _companions(self, answer: Answer, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """What follows from an answer beside the values themselves."""
        # What the partner states is no longer inferred from the wording of a document.
        found: dict[str, Any] = {f"{key}_inferred": None for key in values if f"{key}_inferred" in before}
        if answer.proof:
            known = before.get(_SOURCES, [])
            document = self._document(answer.proof)
            if document not in [entry["document"] for entry in known]:
                found[_SOURCES] = [*known, {"document": document}]
        if answer.stays and not self._checked_since(before.get(_CHECKED)):
            found[_CHECKED] = self.day.isoformat()
        return found

    def _of_year(self, answer: Answer, measure: Measure, values: Mapping[str, Any]) -> dict[str, Any]:
        """The report of the table's year, if the answer tells one; else what a correction changes besides."""
        year = self.memory.year
        latest = max((state.year for state in progress.series(self.catalog, measure)), default=0)
        said = {key: values[key] for key in ("status", "figures") if key in values}
        written = progress.document_year(self.catalog, self._document(answer.proof)) if answer.proof else None
        # A document of an earlier year says what was true then, so that it corrects that year.
        fresh = year > latest and (written is None or written >= year)
        if not answer.news and not (said and fresh):
            return yearly.corrected(self.catalog, measure, values)
        status = said.get("status") or measure.status
        if status not in self.catalog.vocabulary["status"]:  # the check says so where it was typed
            return {}
        back = progress.step(self.catalog.vocabulary, measure.status, status) < 0
        if not self._is_told(answer, measure, values, back):
            return {}
        proof = [{"document": self._document(answer.proof)}] if answer.proof else []
        told = {"text": answer.news, "reason": " ".join(answer.news.split()) if back else "", "sources": proof}
        return yearly.reported(self.catalog, measure, year, {**said, **told})

    def _is_told(self, answer: Answer, measure: Measure, values: Mapping[str, Any], back: bool) -> bool:
        """Whether an answer that tells of the table's year says who vouches for it, and why something went back."""
        vouched = progress.is_vouched_for(values.get(_CHECKED) or measure.checked, self.memory.year)
        if not answer.proof and not vouched:
            self._unproved(answer)
        if back and not answer.news:
            label = {key: term.label for key, term in self.catalog.vocabulary["status"].items()}
            wrong = f"Der Status geht von „{label[measure.status]}“ auf „{label[str(values['status'])]}“ zurück."
            self._wrong(answer, yearly.REPORTS, NEWS, wrong, "Bitte hier in einem Satz den Grund nennen.")
        return bool(answer.proof or vouched) and bool(answer.news or not back)

    def _unproved(self, answer: Answer) -> None:
        """Nothing vouches for the table's year."""
        wrong = f"Für {self.memory.year} ist kein Beleg genannt."
        hint = f"Bitte ein Dokument nennen oder mit „{YES}“ unter „{STAYS}“ bestätigen."
        if answer.stays:
            day = wording.when(self.day.isoformat())
            wrong = f"Das „{YES}“ gilt am {day} und belegt nichts für {self.memory.year}."
            hint = "Bitte ein Dokument nennen, oder die Tabelle mit dem richtigen Tag einlesen (--date)."
        self._wrong(answer, _SOURCES, PROOF, wrong, hint)

    def _document(self, proof: str) -> str:
        """The id of the document that someone named: by its title, its id, or words that make its id."""
        meant = str(self.evidence.meant(proof))
        return meant if self.catalog.of("source").get(meant) else slug(proof) or meant

    def _checked_since(self, checked: str | None) -> bool:
        end = parse(checked).end if checked else None
        return end is not None and end.last_day >= self.day

    def _checked(self, proposals: Mapping[str, _Proposal]) -> list[_Proposal]:
        """The proposals after the one check, with every mistake mended that has one right answer."""
        proposals = dict(proposals)
        while proposals:
            files = {path: proposal.file(self.fields) for path, proposal in proposals.items()}
            _, found = drafts.check(self.root, {**self.pending, **files})
            mended = False
            for problem in found:
                if problem.path in files and isinstance(problem.remedy, SetValue):
                    proposal = self._mended(proposals[problem.path], problem.remedy)
                    mended |= proposal is not proposals[problem.path]
                    proposals[problem.path] = proposal
            if not mended:
                for problem in found:
                    if problem.path in files:
                        self._located(proposals[problem.path], files[problem.path], problem)
                break
        return list(proposals.values())

    def _mended(self, proposal: _Proposal, remedy: SetValue) -> _Proposal:
        """The proposal with a remedy applied, if that lies in what the answer changed and is not done yet."""
        key = str(remedy.at[0])
        if key not in proposal.values:
            return proposal
        before, after = _replaced(proposal.values, remedy.at, remedy.value)
        if before == remedy.value:
            return proposal
        title = self._title(key)
        self._hint(proposal.answer, key, title, f"„{_clipped(str(before))}“ gelesen als „{remedy.value}“.")
        return replace(proposal, values=after)

    def _needed(self, proposal: _Proposal) -> _Proposal | None:
        """What of the proposal the file does not say yet; conflicts become problems."""
        answer, before = proposal.answer, proposal.before
        if before is None:
            return self._new(proposal)
        values = {key: value for key, value in proposal.values.items() if value != before.get(key)}
        for key in [key for key in values if key.endswith("_inferred") and key.removesuffix("_inferred") not in values]:
            del values[key]
        kept = self.memory.measures[answer.ref]
        for key in self.columns:
            # Who confirms a row confirms what stood in it, not what the file says by now.
            asserted = key in values or (answer.stays and key in answer.same)
            if asserted and digest(before.get(key)) != kept[key].digest:
                self._conflict(answer, self.columns[key], kept[key], before.get(key))
        return replace(proposal, values=values) if values else None

    def _new(self, proposal: _Proposal) -> _Proposal | None:
        """A new measure, unless it has been taken over before."""
        there = next((m for m in self.catalog.all(Measure) if m.path == proposal.path), None)
        if there is None:
            return proposal
        now = data(there)
        if any(now.get(key) != proposal.values.get(key) for key in self.columns):
            self._title_taken(proposal.answer, proposal.path)
        return None

    def _conflict(self, answer: Answer, column: Column, kept: Kept, now: Any) -> None:
        shown = _clipped(column.shown(now)) or "nichts"
        here = answer.cells[column.key].text if column.key in answer.cells else kept.shown
        wrong = (
            f"Die Datei wurde inzwischen geändert: ausgegeben war „{_clipped(kept.shown) or 'nichts'}“, "
            f"jetzt steht dort „{shown}“, in der Tabelle „{_clipped(here) or 'nichts'}“."
        )
        hint = "Bitte klären, was gilt, und die Zelle oder die Datei angleichen; überschrieben wird nichts."
        self._wrong(answer, column.key, column.title, wrong, hint)

    def _title_taken(self, answer: Answer, path: str) -> None:
        wrong = f"Eine Maßnahme mit dieser Adresse gibt es schon: {path}."
        hint = "Bitte die vorhandene Maßnahme in ihrer Zeile ändern oder einen anderen Titel wählen."
        self._wrong(answer, "title", self._title("title"), wrong, hint)

    def _located(self, proposal: _Proposal, text: str, problem: Problem) -> None:
        """A problem of a file as a problem of a cell: by its field, else by its line."""
        said = re.match(r"(?P<key>\w+)(?:\[(?P<item>\d+)\])?(?:\.\w+)*(?: \((?P<title>.*)\))?", problem.field)
        key = said["key"] if said else _key_at(text, problem.line)
        title = self._title(key)
        item = f", Zeile {said['item']}" if said and said["item"] and key in self.columns else ""
        inner = f", {said['title']}" if said and said["title"] and "." in problem.field and key in self.columns else ""
        column = self.columns.get(key)
        hint = problem.hint
        if column and column.field.many:
            how = f": {column.pattern}" if column.pattern else ""
            hint = f"{hint} In der Zelle steht je Zeile ein Wert{how}."
        self._wrong(proposal.answer, key, f"{title}{item}{inner}", problem.message, hint)

    def _title(self, key: str) -> str:
        """The heading of the column that changes a key."""
        column = self.columns.get(key.removesuffix("_inferred"))
        return column.title if column else _PLACES.get(key, ID)

    def _titles(self, proposal: _Proposal) -> tuple[str, ...]:
        """The German names of the fields that change; none for a new measure."""
        names = {f.key: f.title for f in self.fields} | {BODY: self._title(BODY)}
        return tuple(name for key, name in names.items() if proposal.before is not None and key in proposal.values)

    def _place(self, answer: Answer, key: str) -> str:
        places = self.answers.places
        title = _PLACES.get(key, key.removesuffix("_inferred"))
        return f"{places.get(title, places[ID])}{answer.row}"

    def _wrong(self, answer: Answer, key: str, title: str, wrong: str, hint: str) -> None:
        self.problems.append(_problem(self.answers.name, answer.row, self._place(answer, key), title, wrong, hint))

    def _hint(self, answer: Answer, key: str, title: str, said: str) -> None:
        place = self._place(answer, key)
        self.hints.append(_problem(self.answers.name, answer.row, place, title, said, "Bitte prüfen."))


def _problem(name: str, row: int, address: str, title: str, wrong: str, hint: str) -> Problem:
    place = f"{SHEET}!{address} ({title})" if address else SHEET
    return Problem(name, row, place, _clipped(wrong, _LONGEST_MESSAGE), hint)


def _clipped(text: str, longest: int = 80) -> str:
    """A text short enough to be read in a message; its end stays, since that is where a message says what is wrong."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


def _key_at(text: str, line: int) -> str:
    """The top-level key in whose lines a line of the file lies; the text if it lies below the front matter."""
    lines = text.split("\n")
    fences = [number for number, words in enumerate(lines, 1) if frontmatter.is_fence(words)][:2]
    if len(fences) == 2 and line > fences[1]:
        return BODY
    keys = (words.partition(":")[0] for words in reversed(lines[:line]) if re.match(r"\w+:", words))
    return next(keys, ID)


def _replaced(values: Mapping[str, Any], at: KeyPath, value: str) -> tuple[Any, dict[str, Any]]:
    """What stands at a place, and the values with another one there."""
    first, *rest = at
    if not rest:
        return values[str(first)], {**values, str(first): value}
    before, inner = _inside(values[str(first)], rest, value)
    return before, {**values, str(first): inner}


def _inside(holder: Any, at: Sequence[str | int], value: str) -> tuple[Any, Any]:
    if not at:
        return holder, value
    before, inner = _inside(holder[at[0]], at[1:], value)
    if isinstance(holder, list):
        place = int(at[0])
        return before, [*holder[:place], inner, *holder[place + 1 :]]
    return before, {**holder, at[0]: inner}
