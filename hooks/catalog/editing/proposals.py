"""Proposals: the text of an issue as records or as a correction, and back again.

A proposal is read in two steps. ``parse`` understands the text: which field a
heading means, which key a label, which id a name. ``files`` turns it into files.
What cannot be understood stays as it was written, so that the one check says
what is wrong with it (``drafts.check``); only what never reaches a file is
refused here. The form on the site writes the same text
(``overrides/assets/proposal-text.js``); a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catalog import forms, frontmatter, rules, store, views
from catalog.editing import answers, drafts, markdown, mending, sections, yearly
from catalog.editing.answers import Option
from catalog.editing.drafts import Draft, Files
from catalog.editing.sections import PLACE, TEXT, Section, Sections
from catalog.fields import slug
from catalog.forms import FormField
from catalog.model import KINDS, Measure, Record, Source, fields_by_key
from catalog.problems import HELP_PAGE, Problem
from catalog.store import Catalog
from catalog.views.proposal import NAME, PARTNER
from catalog.vocabulary import Vocabulary

# What a correction asks for first.
MEASURE = FormField(
    "measure",
    "Maßnahme",
    "Adresse der Seite, auf der sie steht, oder Partner und Kennung.",
    "reference",
    False,
    True,
    examples=("kreis-lippe/sprachmittlung",),
    refers_to=("measure",),
)
# Records that may come along with a measure: kind -> what their headings begin with.
ALONG: Mapping[str, str] = {"source": "Neues Dokument: ", "partner": "Neuer Partner: "}
NEW_DOCUMENT = "Neues Dokument …"
REMOVED = "(entfernen)"
BEFORE, MORE = " (bisher)", " (weitere)"
MAX_ENTRIES = 300
MAX_TOLD = 30

_FLAGS: Mapping[str, str] = {"ja": "true", "nein": "false"}


@dataclass(frozen=True, slots=True)
class Correction:
    """Other values for some fields of a measure.

    Attributes:
        path: the measure's file.
        changes: key -> value; ``None`` takes the key away. What is so already is not in it.
        text: the new Markdown text, or ``None`` if it stays.
    """

    path: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What someone proposes: new records, or a correction, with a new document if need be."""

    drafts: tuple[Draft, ...] = ()
    correction: Correction | None = None

    @property
    def paths(self) -> list[str]:
        """The files that it would write."""
        corrected = [self.correction.path] if self.correction else []
        return [*(draft.path for draft in self.drafts), *corrected]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a proposal.

    Attributes:
        proposal: what was understood.
        files: path -> text of what is to be written; empty if there is a problem or nothing new.
        problems: what is wrong with it.
    """

    proposal: Proposal
    files: Files = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def examine(body: str, root: Path) -> Outcome:
    """Read a proposal and let the one check look at the files that it would write.

    Args:
        body: the text of an issue.
        root: the project folder.
    """
    catalog, _ = rules.load(root, views.PAGE_VIEWS)
    proposal, problems = parse(body, catalog)
    contents = {path: store.optional(root, path) for path in proposal.paths}
    current = {path: frontmatter.decode(path, content)[0] for path, content in contents.items() if content is not None}
    written, taken = files(proposal, current, catalog.vocabulary)
    _, wrong = drafts.check(root, written)
    # A partner that does not exist has been named already, in the words of the form.
    folders = {f"{Measure.folder}/{draft.parent}" for draft in proposal.drafts if draft.parent}
    problems += taken
    problems += [_placed(problem, written) for problem in wrong if problem.path not in folders]
    return Outcome(proposal, {} if problems else written, tuple(dict.fromkeys(problems)))


def _placed(problem: Problem, written: Files) -> Problem:
    """The problem with the key in whose lines it lies, if it names a line only."""
    head, fence, _ = written.get(problem.path, "").removeprefix("---\n").partition("\n---\n")
    lines = head.split("\n")[: problem.line - 1]
    if problem.field or not fence or problem.line > head.count("\n") + 2:
        return problem
    keys = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
    return replace(problem, field=keys[-1]) if keys else problem


def parse(body: str, catalog: Catalog) -> tuple[Proposal, list[Problem]]:
    """Understand the text of an issue.

    Args:
        body: the text, as a form or a template of a forge has made it, or a person.
        catalog: the records to which it may refer.

    Returns:
        The proposal as far as it can be understood, and what is wrong with its text.
        With a problem, nothing of it may be written.
    """
    if fault := sections.too_large(body):
        return Proposal(), [fault]
    correcting = sections.first(body) == MEASURE.title.casefold()
    greedy = [] if correcting else [f"{ALONG['partner']}{TEXT}"]
    found, problems = sections.split(body, headings(catalog.vocabulary, correcting), greedy)
    if not any(section.value for section in found.values()):
        nothing = Problem(PLACE, 1, "", "Der Text enthält keine Angaben.", "Bitte eines der Formulare ausfüllen.")
        return Proposal(), problems or [nothing]
    reader = _Reader(found, catalog, problems)
    proposal = reader.correction() if correcting else reader.new()
    return proposal, sorted(reader.problems, key=lambda problem: problem.line)


def headings(vocabulary: Vocabulary, correcting: bool) -> Iterator[str]:
    """The headings that may stand in a proposal."""
    for field_ in forms.plain(Measure, vocabulary):
        yield field_.title
        if field_.many:
            yield f"{field_.title}{MORE}"
        if correcting:
            yield f"{field_.title}{BEFORE}"
    yield from (MEASURE.title, TEXT, f"{TEXT}{BEFORE}") if correcting else (PARTNER.title, NAME.title, TEXT)
    for kind, prefix in ALONG.items():
        if kind == "source" or not correcting:
            yield f"{prefix}{NAME.title}"
            yield f"{prefix}{TEXT}"
            yield from (f"{prefix}{f.title}" for f in forms.plain(KINDS[kind], vocabulary))


def files(proposal: Proposal, current: Mapping[str, str], vocabulary: Vocabulary) -> tuple[Files, list[Problem]]:
    """The files that a proposal writes.

    Args:
        proposal: what ``parse`` has understood.
        current: those of ``proposal.paths`` that exist already: path -> text.
        vocabulary: the controlled lists.

    Returns:
        Path -> text, without files that say the same already; and a problem for each
        record whose name is taken.
    """
    written: Files = {}
    problems: list[Problem] = []
    for draft in proposal.drafts:
        text = draft.file(vocabulary)
        if draft.path not in current:
            written[draft.path] = text
        elif current[draft.path] != text:
            problems.append(_taken(draft))
    if correction := proposal.correction:
        text = mending.set_values(current[correction.path], forms.fields(Measure, vocabulary), {**correction.changes})
        if correction.text is not None:
            text = mending.replace_text(text, correction.text)
        if text != current[correction.path]:
            written[correction.path] = text
    return written, problems


def _taken(draft: Draft) -> Problem:
    wrong = f"{draft.path} gibt es schon, mit anderem Inhalt."
    hint = "Bitte eine andere Kennung eintragen oder für Änderungen das Formular „Angabe korrigieren“ nehmen."
    return Problem(PLACE, 1, f"{ALONG.get(draft.kind, '')}{NAME.title}", wrong, hint)


class _Reader:
    """Reads records out of sections and gathers what is wrong."""

    def __init__(self, found: Sections, catalog: Catalog, problems: list[Problem]) -> None:
        self.found = found
        self.catalog = catalog
        self.problems = problems
        self.drafts: list[Draft] = []
        self.parent = ""
        self.known: dict[tuple[object, ...], list[Option]] = {}

    def new(self) -> Proposal:
        """A measure, and the document and partner that come along."""
        self._along("source")
        self._along("partner")
        self.parent = self._partner()
        data = self._data(Measure, "")
        partner = next((draft for draft in self.drafts if draft.kind == "partner"), None)
        if partner and not partner.data.get("sources"):
            self.drafts.remove(partner)
            sources = {"sources": data["sources"]} if "sources" in data else {}
            self.drafts.append(Draft("partner", partner.id, {**partner.data, **sources}, partner.text))
        self.drafts.append(Draft("measure", self._id("", data), data, self._value(TEXT), self.parent))
        return Proposal(tuple(self.drafts))

    def correction(self) -> Proposal:
        """Changes to a measure, and the document that comes along."""
        section = self.found[MEASURE.title]
        record = measure_at(section.value, self.catalog)
        if not section.value:
            self._complain(section, "fehlt.", f"Bitte eintragen: {MEASURE.description}")
            return Proposal()
        if record is None:
            told = rules.no_such_record(self.catalog, ("measure",), section.value)
            self._complain(section, *told)
            return Proposal()
        self.parent = record.parent
        self._along("source")
        changes: dict[str, Any] = {}
        for field_ in forms.plain(Measure, self.catalog.vocabulary):
            value = self._answer(field_, "")
            if value is not None:
                now = _plain(field_, record.written.get(field_.key), record.parent)
                self._compare(changes, field_, _plain(field_, value, record.parent), now, record.parent)
        changes |= yearly.corrected(self.catalog, record, changes)
        return Proposal(tuple(self.drafts), Correction(record.path, changes, self._other_text(record)))

    def _compare(self, changes: dict[str, Any], field_: FormField, new: Any, now: Any, parent: str) -> None:
        """Note a change, or the conflict if someone else has changed the field meanwhile."""
        if new == now:
            return
        before = self.found.get(f"{field_.title}{BEFORE}")
        if before and before.value:
            seen = _plain(field_, self._read(field_, before), parent)
            if seen != now:
                self._conflict(before, field_.title, shown(field_, now, self.catalog))
                return
        changes[field_.key] = new or None

    def _other_text(self, record: Record) -> str | None:
        """The new text of a record, if it is another one."""
        new, before = self._value(TEXT), self.found.get(f"{TEXT}{BEFORE}")
        if not new or new == record.text.strip():
            return None
        if before and before.value and before.value != record.text.strip():
            self._conflict(before, TEXT, record.text.strip())
            return None
        return "" if new == REMOVED else new

    def _conflict(self, before: Section, title: str, now: str) -> None:
        wrong = f"Auf der Website steht inzwischen „{now}“, nicht mehr „{before.value}“."
        self.problems.append(Problem(PLACE, before.line, title, wrong, "Bitte prüfen, was gilt, und neu vorschlagen."))

    def _along(self, kind: str) -> None:
        """The record of ``kind`` that comes along, if one of its fields is filled in."""
        prefix = ALONG[kind]
        if any(title.startswith(prefix) and section.value for title, section in self.found.items()):
            data = self._data(KINDS[kind], prefix)
            self.drafts.append(Draft(kind, self._id(prefix, data), data, self._value(f"{prefix}{TEXT}")))

    def _data(self, cls: type[Record], prefix: str) -> dict[str, Any]:
        asked = forms.plain(cls, self.catalog.vocabulary)
        said = {field_.key: _plain(field_, self._answer(field_, prefix)) for field_ in asked}
        return {key: value for key, value in said.items() if value}

    def _answer(self, field_: FormField, prefix: str) -> Any:
        """The value of a field; ``None`` if its section is missing or empty."""
        given = [self.found.get(f"{prefix}{field_.title}{more}") for more in ("", MORE)]
        filled = [section for section in given if section and section.value]
        if not filled:
            return None
        return self._read(field_, Section(filled[0].title, filled[0].line, "\n".join(s.value for s in filled)))

    def _read(self, field_: FormField, section: Section) -> Any:
        """What a section says, as a file would hold it."""
        text = section.value
        if [entry for entry, _ in sections.entries(text)] == [REMOVED]:
            return [] if field_.many else ""
        if field_.many:
            return self._list(field_, section)
        if field_.kind == "part":
            return self._part(field_, text, section)
        # A box in a free text belongs to the text.
        boxes = sections.entries(text) if field_.kind in ("choice", "reference", "flag") else []
        ticked = [entry for entry, is_ticked in boxes if is_ticked]
        return self._named(field_, ", ".join(ticked) or text, section)

    def _list(self, field_: FormField, section: Section) -> list[Any]:
        if sum(map(section.value.count, ",;\n")) > MAX_ENTRIES:
            self._complain(section, "Das sind zu viele Einträge.", f"Erlaubt sind {MAX_ENTRIES}; bitte kürzen.")
            return []
        lines = sections.entries(section.value)
        if field_.kind == "part":
            quotable = [Option(place, place) for place in quotable_places(self.catalog)]
            return [self._part(field_, entry, section) for line, _ in lines for entry in _several_parts(quotable, line)]
        known = self._options(field_)
        several = [e for line, ticked in lines for e in ([line] if ticked else answers.several(known, line))]
        return [self._named(field_, entry, section) for entry in several]

    def _named(self, field_: FormField, text: str, section: Section) -> str:
        """The value that a name stands for.

        A record that does not exist is named here, since the check only asks for it once all else is right; it
        then sees another one in its place, so that nothing is said twice.
        """
        known = self._options(field_)
        value = answers.meant(known, text) if known else text
        if field_.kind != "reference" or value in self.catalog.broken:
            return value
        values = [option.value for option in known]
        if value in values or (field_.refers_to == (Measure.kind,) and f"{self.parent}/{value}" in values):
            return value
        suggest = len(self.problems) < rules.SUGGESTIONS
        self._complain(section, *rules.no_such_record(self.catalog, field_.refers_to, value, suggest))
        return values[0] if values else value

    def _part(self, field_: FormField, line: str, section: Section) -> dict[str, Any]:
        values = sections.cells(line)
        leaves = list(forms.leaves(field_.parts))
        if len(values) > len(leaves):
            titles = " | ".join(leaf.title for leaf in leaves)
            wrong = f"„{line}“ hat {len(values)} Angaben; vorgesehen sind {len(leaves)}."
            hint = f"Bitte so: {titles}. Ein Strich im Text wird \\| geschrieben."
            self._complain(section, wrong, hint)
        return self._nested(field_.parts, iter([*values, *[""] * len(leaves)]), section)

    def _nested(self, parts: Iterable[FormField], values: Iterator[str], section: Section) -> dict[str, Any]:
        data: dict[str, Any] = {}
        told = len(self.problems)
        for part in parts:
            if part.kind == "part":
                value: Any = self._nested(part.parts, values, section)
            elif (given := next(values)) and part.key in ("section", "lines") and len(self.problems) > told:
                value = ""  # where the document is not known, neither are its sections
            else:
                value = self._cell(part, given, data, section)
            if value:
                data[part.key] = value
        return data

    def _cell(self, part: FormField, value: str, data: Mapping[str, Any], section: Section) -> str:
        """One value of a part; a section of a document may be named by its title."""
        if value == NEW_DOCUMENT and part.refers_to == ("source",):
            return self._new_document(value, section)
        source = self.catalog.of("source").get(data.get("document", ""))
        if part.key == "section" and isinstance(source, Source):
            return answers.meant([Option(s.id, s.title) for s in source.sections], value)
        return self._named(part, value, section) if value else ""

    def _new_document(self, value: str, section: Section) -> str:
        document = next((draft.id for draft in self.drafts if draft.kind == "source"), None)
        if document is None:
            hint = f"Bitte die Felder ausfüllen, die mit „{ALONG['source'].strip()}“ beginnen."
            self._complain(section, f"„{value}“ ist gewählt, aber das Dokument ist nicht beschrieben.", hint)
        return document or value

    def _options(self, field_: FormField) -> list[Option]:
        """What may be chosen, with the records that come along."""
        if field_.kind not in ("flag", "choice", "reference", "language"):
            return []
        place = (field_.kind, field_.refers_to, field_.choices, len(self.drafts))
        if place not in self.known:
            along = [_option(draft) for draft in self.drafts if draft.kind in field_.refers_to]
            flags = [Option(value, word) for word, value in _FLAGS.items()] if field_.kind == "flag" else []
            self.known[place] = flags or [*along, *answers.options(field_, self.catalog)]
        return self.known[place]

    def _partner(self) -> str:
        """The id of the measure's partner; without an answer it is the one that comes along."""
        along = [_option(draft) for draft in self.drafts if draft.kind == "partner"]
        section = self.found.get(PARTNER.title)
        if section is None or not section.value:
            if not along:
                hint = "Bitte Namen oder Kennung eines Partners eintragen oder einen neuen Partner beschreiben."
                self.problems.append(Problem(PLACE, section.line if section else 1, PARTNER.title, "fehlt.", hint))
            return along[0].value if along else "neu"
        told = len(self.problems)
        partner = str(self._read(PARTNER, section))
        return partner if len(self.problems) == told else "neu"

    def _id(self, prefix: str, data: Mapping[str, Any]) -> str:
        """The id as given, or the one that follows from the title; always one that may be part of a path."""
        section = self.found.get(f"{prefix}{NAME.title}")
        if section and section.value:
            told = store.name_fault(section.value)
            if told:
                self._complain(section, *told)
            return section.value if told is None else "neu"
        from_title = slug(str(data.get("title", "")))
        if "title" in data and (from_title is None or store.name_fault(from_title)):
            wrong = f"Aus „{data['title']}“ lässt sich keine Kennung bilden."
            self.problems.append(Problem(PLACE, 1, f"{prefix}{NAME.title}", wrong, "Bitte eine Kennung eintragen."))
            return "neu"
        return from_title or "neu"

    def _value(self, title: str) -> str:
        section = self.found.get(title)
        return section.value if section else ""

    def _complain(self, section: Section, message: str, hint: str) -> None:
        self.problems.append(Problem(PLACE, section.line, section.title, message, hint))


def measure_at(place: str, catalog: Catalog) -> Measure | None:
    """The measure that ``kreis-lippe/sprachmittlung``, its page's present or former address, or its title names."""
    words = place.strip().casefold()
    address = words.partition("//")[2].partition("/")[2] if "//" in words else words
    path = address.partition("?")[0].partition("#")[0].strip("/")
    found = [m for m in catalog.all(Measure) if words == m.title.casefold() or path == m.ref or _lies_at(m, path)]
    return found[0] if len(found) == 1 else None


def _lies_at(measure: Measure, path: str) -> bool:
    places = (measure.page_address.strip("/"), *measure.aliases)
    return any(f"/{path}".endswith(f"/{place}") for place in places)


def quotable_places(catalog: Catalog) -> Iterator[str]:
    """What may be chosen as evidence: each document, and each of its sections."""
    for source in catalog.all(Source):
        yield source.id
        yield from (sections.line_of((source.id, section.title)) for section in source.sections)


def body(drafts: Iterable[Draft], catalog: Catalog) -> str:
    """The text of a proposal of a measure with what comes along; ``parse`` reads the same drafts out of it."""
    by_kind = {draft.kind: draft for draft in drafts}
    measure = by_kind["measure"]
    said = [(PARTNER.title, measure.parent), (NAME.title, measure.id), *_said(measure, "", catalog)]
    for kind, prefix in ALONG.items():
        if along := by_kind.get(kind):
            said += [(f"{prefix}{NAME.title}", along.id), *_said(along, prefix, catalog)]
            said += [(f"{prefix}{TEXT}", along.text.strip())] if along.text.strip() else []
    return sections.joined((*said, (TEXT, measure.text.strip())))


def _said(draft: Draft, prefix: str, catalog: Catalog) -> Iterator[tuple[str, str]]:
    for field_ in forms.plain(KINDS[draft.kind], catalog.vocabulary):
        if value := draft.data.get(field_.key):
            yield f"{prefix}{field_.title}", shown(field_, value, catalog)


def correction_body(ref: str, changes: Mapping[str, Any], before: Mapping[str, Any], catalog: Catalog) -> str:
    """The text of a proposal that corrects a measure.

    Args:
        ref: the measure.
        changes: key -> new value; an empty one takes the key away. The key ``text`` is the Markdown text.
        before: the values that the proposer saw, likewise.
        catalog: the records.
    """
    said = [(MEASURE.title, ref)]
    for field_ in forms.plain(Measure, catalog.vocabulary):
        if field_.key in changes:
            said.append((field_.title, shown(field_, changes[field_.key], catalog) or REMOVED))
            if before.get(field_.key):
                said.append((f"{field_.title}{BEFORE}", shown(field_, before[field_.key], catalog)))
    if "text" in changes:
        said += [(f"{TEXT}{BEFORE}", before["text"].strip())] if before.get("text") else []
        said.append((TEXT, changes["text"].strip() or REMOVED))
    return sections.joined(said)


def shown(field_: FormField, value: Any, catalog: Catalog) -> str:
    """A value as a proposal says it."""
    if not value:
        return ""
    if field_.kind == "part":
        entries = value if field_.many else [value]
        return "\n".join(sections.line_of(_cells(field_.parts, entry)) for entry in entries)
    if field_.many:
        return "\n".join(_word(field_, entry) for entry in value)
    return _word(field_, str(value))


def _word(field_: FormField, value: str) -> str:
    if field_.kind == "flag":
        return {"true": "ja", "false": "nein"}.get(value, value)
    return next((choice.label for choice in field_.choices if choice.value == value), value)


def _cells(parts: Iterable[FormField], entry: Mapping[str, Any]) -> Iterator[str]:
    for part in parts:
        if part.kind == "part":
            yield from _cells(part.parts, entry.get(part.key) or {})
        else:
            yield _word(part, str(entry.get(part.key) or ""))


def _several_parts(quotable: list[Option], line: str) -> list[str]:
    """A dropdown puts all that was chosen into one line; any other line is one entry."""
    entries = answers.several(quotable, line) if "," in line else [line]
    chosen = {option.value for option in quotable} | {NEW_DOCUMENT}
    return entries if chosen.issuperset(entries) else [line]


def _option(draft: Draft) -> Option:
    also = tuple(str(draft.data[key]) for key in ("short",) if key in draft.data)
    return Option(draft.id, str(draft.data.get("title", draft.id)), also)


def _plain(field_: FormField, value: Any, parent: str = "") -> Any:
    """A value in the form in which two can be compared: nothing for what is not said, whole references."""
    if field_.kind == "flag" and value == "false":
        return None
    if field_.refers_to == (Measure.kind,) and value and "/" not in value and parent:
        return f"{parent}/{value}"
    return value or None


def answer(outcome: Outcome, site_url: str, request: str = "") -> str:
    """What the person who made the proposal is told, as Markdown that can do no harm on a forge.

    Args:
        outcome: what ``examine`` has found.
        site_url: the site's address.
        request: the address of the request in which people look at it; empty if there is none.
    """
    if outcome.problems:
        return _refusal(outcome, site_url)
    if not outcome.files:
        return "Vielen Dank! Alles aus diesem Vorschlag steht schon so auf der Website; es ist nichts zu tun.\n"
    pages = [*map(_new_page, outcome.proposal.drafts), *_corrected_page(outcome.proposal)]
    lines = [f"- {markdown.code(path)}: {site_url}{page}" for path, page in pages if path in outcome.files]
    looked_at = f"Die Redaktion sieht ihn sich hier an: {request}" if request else "Die Redaktion sieht ihn sich an."
    return "\n".join(
        (
            "Vielen Dank! Der Vorschlag ist geprüft und in Ordnung. Übernommen wird:",
            "",
            *lines,
            "",
            looked_at,
            "Die Seiten erscheinen oder ändern sich, sobald er angenommen ist.",
            "Wer noch etwas ändern will, bearbeitet einfach den Text des Vorschlags.",
            "",
        )
    )


def taken_over(request: str) -> str:
    """What is told when others have worked on the request, so that the proposal no longer changes it."""
    return (
        f"Am Vorschlag wird schon hier weitergearbeitet: {request}\n\n"
        "Was im Text des Vorschlags geändert wird, kommt dort nicht mehr an; bitte dort ergänzen oder kommentieren.\n"
    )


def _refusal(outcome: Outcome, site_url: str) -> str:
    told = list(dict.fromkeys(_line(problem, outcome.proposal) for problem in outcome.problems))
    more = len(told) - MAX_TOLD
    count = "eine Stelle ist" if len(told) == 1 else f"{len(told)} Stellen sind"
    return "\n".join(
        (
            f"Vielen Dank für den Vorschlag! Noch ist nichts übernommen: {count} zu ändern.",
            "",
            *told[:MAX_TOLD],
            *([f"- … und {more} weitere."] if more > 0 else []),
            "",
            "Bitte den Text des Vorschlags bearbeiten; danach wird er von selbst neu geprüft.",
            f"Was in die Felder gehört, mit Beispielen: {site_url}{HELP_PAGE}",
            "",
        )
    )


def _new_page(draft: Draft) -> tuple[str, str]:
    place = f"{draft.parent}/{draft.id}" if draft.parent else draft.id
    return draft.path, f"{KINDS[draft.kind].address}/{place}/"


def _corrected_page(proposal: Proposal) -> Iterator[tuple[str, str]]:
    if proposal.correction:
        path = proposal.correction.path
        yield path, f"{path.replace(Measure.folder, Measure.address, 1).removesuffix('.md')}/"


def _line(problem: Problem, proposal: Proposal) -> str:
    """One point of the list: the field by its heading in the form, what is wrong, the way out."""
    title = problem.field or f"Zeile {problem.line}" if problem.path == PLACE else _heading_of(problem, proposal)
    told = markdown.words(f"{problem.message} {problem.hint}".strip())
    return f"- **{markdown.words(title)}**: {told}"


def _heading_of(problem: Problem, proposal: Proposal) -> str:
    """Under which heading of the proposal a problem in one of its files can be mended."""
    draft = next((draft for draft in proposal.drafts if draft.path == problem.path), None)
    if draft is None and (proposal.correction is None or proposal.correction.path != problem.path):
        return problem.path
    cls = KINDS[draft.kind] if draft else Measure
    prefix = ALONG.get(cls.kind, "")
    name, _, german = problem.field.partition(" (")
    key, _, inside = name.partition("[")
    info = fields_by_key(cls).get(key.partition(".")[0])
    if info is None:
        return problem.path if name else f"{prefix}{TEXT}"
    number = f", Eintrag {inside.partition(']')[0]}" if inside else ""
    detail = german.removesuffix(")")
    return f"{prefix}{info.title}{number}" + (f", {detail}" if detail not in ("", info.title) else "")
