"""Asking for a record in a terminal, question by question; each answer may also come as an option.

Plain lines in, plain lines out: it works with a screen reader, over ssh and from a file.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

from catalog import forms, rules, store, views
from catalog.editing import answers, drafts
from catalog.editing.answers import Option
from catalog.editing.drafts import Draft
from catalog.editing.sections import cells
from catalog.fields import slug
from catalog.forms import FormField
from catalog.frontmatter import Path as KeyPath
from catalog.model import KINDS, Record
from catalog.problems import Problem, as_text
from catalog.store import Catalog
from catalog.vocabulary import nearest

# Kept by editors of the site, not asked of someone who proposes a record.
NOT_ASKED = frozenset({"aliases", "checked", "category_inferred", "status_inferred", "period_inferred", "lines"})
WITH_TEXT = frozenset({"measure", "partner"})
SHOWN_LIKE = 15  # choices that are listed if an answer fits several
SHOWN = 40  # choices that are listed at once; more are found by a part of their name
NEW = "neu"


class Back(Exception):  # noqa: N818  (no error: the person wants the previous question again)
    """One question back."""


@dataclass
class Interview:
    """One run: what is known already, and how to ask for the rest.

    Attributes:
        catalog: the records there are.
        asks: whether there is a person to ask.
        added: records that come along, such as a new document.
        read: gives the next line that was typed.
        whole: the catalogue with what comes along, against which answers are checked.
    """

    catalog: Catalog
    asks: bool
    added: list[Draft] = dataclasses.field(default_factory=list)
    read: Callable[[str], str] = input
    whole: Catalog = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.whole = self.catalog

    def record(self, cls: type[Record], given: dict[str, Any], parent: str = "") -> Draft:
        """Ask for all fields of a kind of record that are not given, then for id and text."""
        asked = [f for f in forms.plain(cls, self.catalog.vocabulary) if f.key not in NOT_ASKED]
        data = {f.key: self._given(f, given[f.key]) for f in asked if given.get(f.key)}
        if self.asks:
            pending = [f for f in asked if f.key not in data]
            self._ask_all(cls, [f for f in pending if f.required], data, parent)
            self._ask_all(cls, self._wanted([f for f in pending if not f.required]), data, parent)
        text = given.get("text") or (self._text() if self.asks and cls.kind in WITH_TEXT else "")
        return Draft(cls.kind, self._id(cls, given.get("id"), data, parent), data, text, parent)

    def _ask_all(self, cls: type[Record], pending: list[FormField], data: dict[str, Any], parent: str) -> None:
        number = 0
        while number < len(pending):
            try:
                data[pending[number].key] = self._ask(cls, (pending[number].key,), pending[number], parent)
                number += 1
            except Back:
                number = max(number - 1, 0)

    def _wanted(self, fields: list[FormField]) -> list[FormField]:
        """The voluntary fields that the person wants to fill in."""
        known = tuple(Option(f.key, f.title, (), f.description) for f in fields)
        say("\nFreiwillige Angaben. Welche möchten Sie machen? Mehrere mit Komma trennen; Enter: keine.")
        list_options(known)
        while answer := self.read("> ").strip():
            chosen = [self._one(known, name) for name in answers.several(known, answer)]
            if None not in chosen:
                return [field for field in fields if field.key in chosen]
        return []

    def partner(self, given: str | None) -> str:
        """The id of the partner who carries the measure."""
        known = [Option(p.ref, p.name, (p.title,)) for p in self.catalog.of("partner").values()]
        if given or not self.asks:
            return answers.meant(known, given or "")
        say("\nPartner (Pflicht): Wer trägt die Maßnahme?")
        say(f"Nummer, Name oder ein Teil davon. „{NEW}“ legt einen neuen Partner an, „?“ zeigt alle.")
        while True:
            answer = self.read("> ").strip()  # the first question: there is none to go back to
            if answer.casefold() == NEW:
                self._add(KINDS["partner"])
                return self.added[-1].id
            if (value := self._one(known, answer)) is not None:
                return value

    def yes(self, question: str) -> bool:
        """Whether the person agrees; a bare Enter agrees."""
        return self.read(f"{question} [J/n] ").strip().casefold() in ("", "j", "ja", "y", "yes")

    def _given(self, field: FormField, value: Any) -> Any:
        """An option of the command line as the file will hold it."""
        known = answers.options(field, self.catalog)
        if field.kind == "part":
            return parts_of(field, value, self.catalog)
        if field.many:
            return [answers.meant(known, name) for text in value for name in answers.several(known, text)]
        return answers.meant(known, value) if known else value

    def _ask(
        self,
        cls: type[Record],
        path: KeyPath,
        field: FormField,
        parent: str,
        known: tuple[Option, ...] | None = None,
    ) -> Any:
        """One question, repeated until the check has nothing to say."""
        explain(field)
        if field.kind == "part":
            return self._parts(cls, path, field, parent)
        known = self._options(field) if known is None else known
        if known and len(known) <= SHOWN:
            list_options(known)
        while True:
            answer = self._line()
            if not answer:
                if not field.required:
                    return None
                say(f"  {field.title} ist Pflicht. {field.description}")
                continue
            value = self._understood(field, known, answer)
            if value is None:
                continue
            found = answers.check(cls, path, field, value, self.whole, parent)
            if not found:
                return value
            complain(found)

    def _understood(self, field: FormField, known: tuple[Option, ...], answer: str) -> Any:
        """The value that an answer means; ``None`` if it was a question or has to be asked again."""
        if answer == "?":
            list_options(known) if known else say(f"  {field.description}")
            return None
        if answer.casefold() == NEW and field.refers_to == ("source",):
            self._add(KINDS["source"])
            return self.added[-1].id
        if not known:
            return [answer] if field.many else answer
        if not field.many:
            return self._one(known, answer)
        chosen = [self._one(known, name) for name in answers.several(known, answer)]
        return None if None in chosen else list(dict.fromkeys(chosen))

    def _one(self, known: list[Option] | tuple[Option, ...], text: str) -> str | None:
        if text == "?":
            list_options(known)
            return None
        found = answers.candidates(known, text)
        if len(found) == 1:
            say(f"  → {found[0].label}")
            return found[0].value
        if found:
            say(f"  „{text}“ passt auf mehrere. Bitte eine Nummer oder mehr vom Namen:")
            list_options(known, found)
        else:
            near = nearest(text, {option.label.casefold(): option.label for option in known})
            hint = f"Meinten Sie „{near}“?" if near else "Nummer, Name oder ein Teil davon; „?“ zeigt alle."
            say(f"  „{text}“ gibt es nicht. {hint}")
        return None

    def _parts(self, cls: type[Record], path: KeyPath, field: FormField, parent: str) -> Any:
        """Entries made of several answers, such as a figure or a reference to a document."""
        found: list[dict[str, Any]] = []
        while True:
            more = field.required and not found
            if not more and not self._wants(f"{'Noch ein Eintrag' if found else 'Etwas eintragen'}?"):
                return (found if field.many else next(iter(found), None)) or None
            place = (*path, 0) if field.many else path
            found.append(self._entry(cls, place, field, parent))
            if not field.many:
                return found[0]

    def _entry(self, cls: type[Record], place: KeyPath, field: FormField, parent: str) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for part in field.parts:
            if part.key in NOT_ASKED:
                continue
            known = answers.sections(str(entry.get("document")), self.whole) if part.key == "section" else None
            if known != ():  # a document without sections is not asked for one
                entry[part.key] = self._ask(cls, (*place, part.key), part, parent, known)
        return {key: value for key, value in entry.items() if value}

    def _wants(self, question: str) -> bool:
        return self._line(f"  {question} [j/N] ").casefold() in ("j", "ja", "y", "yes")

    def _text(self) -> str:
        say("\nText: was getan wird, für wen, mit wem, seit wann, mit welchem Ergebnis (25 bis 200 Wörter).")
        say("Mehrere Zeilen sind möglich. Eine Zeile mit nur einem Punkt beendet den Text.")
        lines: list[str] = []
        while (line := self.read("")) != ".":
            lines.append(line)
        return "\n".join(lines).strip()

    def _id(self, cls: type[Record], given: str | None, data: dict[str, Any], parent: str) -> str:
        proposed = given or slug(str(data.get("title") or "")) or ""
        while self.asks and not given:
            answer = self.read(f"\nName der Datei und der Adresse [{proposed}]: ").strip() or proposed
            draft = Draft(cls.kind, answer, parent=parent)
            if told := store.name_fault(answer):
                say(f"  {' '.join(told)}")
            elif (ROOT / draft.path).exists():
                say(f"  {draft.path} gibt es schon. Bitte einen anderen Namen.")
            else:
                return answer
        return proposed

    def _options(self, field: FormField) -> tuple[Option, ...]:
        news = [Option(d.id, str(d.data.get("title"))) for d in self.added if d.kind in field.refers_to]
        return (*answers.options(field, self.catalog), *news)

    def _add(self, cls: type[Record]) -> None:
        say(f"\n{cls.label[0]} neu anlegen")
        self.added.append(self.record(cls, {}))
        self.whole, _ = drafts.check(ROOT, drafts.files(self.added, self.catalog.vocabulary))
        say(f"\nWeiter mit dem Eintrag, zu dem „{self.added[-1].data.get('title')}“ gehört.")

    def _line(self, prompt: str = "> ") -> str:
        answer = self.read(prompt).strip()
        if answer == "<":
            raise Back
        return answer


def parts_of(field: FormField, texts: Any, catalog: Catalog) -> Any:
    """``"80 | Sprachmittelnde | 2020"`` as the values of a part, in the order of its keys."""
    said = texts if isinstance(texts, list) else [texts]
    found = [dict(_filled(field, iter(cells(text)), catalog)) for text in said]
    return found if field.many else found[0]


def _filled(field: FormField, pieces: Iterator[str], catalog: Catalog) -> Iterator[tuple[str, Any]]:
    for part in field.parts:
        if part.kind == "part":
            yield part.key, dict(_filled(part, pieces, catalog))
        elif piece := next(pieces, ""):
            yield part.key, answers.meant(answers.options(part, catalog), piece)


def explain(field: FormField) -> None:
    """Say what is asked."""
    need = "Pflicht" if field.required else "freiwillig, Enter überspringt"
    say(f"\n{field.title} ({need}): {field.description}")
    if field.many and field.kind != "part":
        say("Mehrere Antworten mit Komma trennen.")
    if field.examples:
        say(f"Zum Beispiel: {', '.join(field.examples)}")
    if field.refers_to == ("source",):
        say(f"„{NEW}“ legt ein neues Dokument an.")


def list_options(known: list[Option] | tuple[Option, ...], shown: list[Option] | None = None) -> None:
    """The choices with their numbers."""
    listed = [(n, option) for n, option in enumerate(known, 1) if shown is None or option in shown]
    for number, option in listed if shown is None else listed[:SHOWN_LIKE]:
        text = f"{number:4} {option.label}" + (f": {option.definition}" if option.definition else "")
        say(textwrap.fill(text, 100, subsequent_indent=" " * 5))
    if shown and len(shown) > SHOWN_LIKE:
        say(f"     … und {len(shown) - SHOWN_LIKE} weitere")


def complain(found: list[Problem]) -> None:
    """What is wrong with an answer, without a place."""
    for problem in found:
        say(f"  {problem.message} {problem.hint}".rstrip())


def say(text: str) -> None:
    """To the person."""
    print(text)


def run(kind: str, description: str) -> int:
    """Ask for a record of a kind, or take it from the options, and write it; the exit status."""
    cls = KINDS[kind]
    catalog, found = rules.load(ROOT, views.PAGE_VIEWS)
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if cls.nested:
        parser.add_argument("--partner", metavar="…", help="Partner: Kennung oder Name dessen, der die Maßnahme trägt")
    add_options(parser, cls, catalog)
    given = vars(parser.parse_args())
    if found:
        print(as_text(found), end="", file=sys.stderr)
        print("Bitte zuerst diese Fehler beheben; sonst lässt sich Neues nicht prüfen.", file=sys.stderr)
        return 1
    if (given["text"] or "").startswith("@"):
        given["text"] = Path(given["text"][1:]).read_text(encoding="utf-8")
    interview = Interview(catalog, asks=not given["yes"])
    try:
        draft = interview.record(cls, given, interview.partner(given["partner"]) if cls.nested else "")
        return finish(interview, draft, given["dry_run"])
    except (KeyboardInterrupt, EOFError):
        print("\nAbgebrochen. Nichts geschrieben.", file=sys.stderr)
        return 130


def add_options(parser: argparse.ArgumentParser, cls: type[Record], catalog: Catalog) -> None:
    """An option for every field that is asked for."""
    for field in forms.plain(cls, catalog.vocabulary):
        if field.key not in NOT_ASKED:
            name = f"--{field.key.replace('_', '-')}"
            pieces = f" Form: {' | '.join(p.title for p in forms.leaves(field.parts))}" if field.parts else ""
            text = f"{field.title}: {field.description}{pieces}".replace("%", "%%")
            parser.add_argument(
                name, dest=field.key, action="append" if field.many else "store", help=text, metavar="…"
            )
    parser.add_argument("--text", metavar="…", help="der Text; @DATEI liest ihn aus einer Datei")
    parser.add_argument("--id", metavar="…", help="Name der Datei ohne Endung (Vorgabe: aus dem Titel)")
    parser.add_argument("--yes", action="store_true", help="nichts fragen; was fehlt, ist ein Fehler")
    parser.add_argument("--dry-run", action="store_true", help="nur prüfen und zeigen, nichts schreiben")


def finish(interview: Interview, draft: Draft, dry_run: bool) -> int:
    """Check everything together, show it, write it, and say what to do next; the exit status."""
    proposed = drafts.files([*interview.added, draft], interview.catalog.vocabulary)
    taken = [path for path in proposed if (ROOT / path).exists()]
    for path in taken:
        print(
            f"{path}: gibt es schon. Bitte mit --id einen anderen Namen angeben oder die Datei ändern.", file=sys.stderr
        )
    found = drafts.check(ROOT, proposed)[1] if not taken else []
    print(as_text(found), end="", file=sys.stderr)
    if found or taken:
        print("Nichts geschrieben.", file=sys.stderr)
        return 1
    for path, text in proposed.items():
        say(f"\n{path}\n{text}")
    if dry_run or (interview.asks and not interview.yes("Speichern?")):
        say("Nichts geschrieben.")
        return 0
    for path, text in proposed.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        with (ROOT / path).open("x", encoding="utf-8") as file:
            file.write(text)
        say(f"Geschrieben: {path}")
    say("So geht es weiter: scripts/serve zeigt die Seite; danach die Dateien als Pull oder Merge Request einreichen.")
    return 0
