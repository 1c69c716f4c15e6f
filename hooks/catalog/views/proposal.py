"""The form with which readers propose a measure or correct one, made from the model and the vocabulary.

The page shows the questions; ``description`` says the same to the page's
scripts, which read the answers, check them and write the file. An answer's
element has the id ``<kind>-<key>``, for a part ``<kind>-<key>-<key>``, for an
entry of a list ``<kind>-<key>-<number>-<key>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from catalog import forms, wording
from catalog.forms import FormField
from catalog.frontmatter import MAX_BYTES
from catalog.model import KINDS, Measure, Partner, Record, Source
from catalog.naming import ID, MAX_ID
from catalog.problems import HELP_PAGE
from catalog.site import Site
from catalog.views.common import PagePlan, by_name, by_order

FOLDER = "mitmachen/vorschlag"
FIELDS = "mitmachen/felder.json"
NEW = "+"  # chosen in place of a record that comes along in the same proposal

# Above these numbers of records a field becomes an input with suggestions, since a list of them would bury the form.
MOST_IN_SELECT = 30
MOST_BOXES = 12

# What a file says by its place and below its front matter; the titles are those of a proposal's text.
PARTNER = FormField(
    "partner", "Partner", "Organisation, die die Maßnahme trägt.", "reference", False, True, refers_to=("partner",)
)
NAME = FormField(
    "id",
    "Kennung",
    "Kurzer Name, der zur Adresse der Seite wird: nur a–z, Ziffern und Bindestriche. Ohne Angabe entsteht er aus dem "
    "Titel.",
    "id",
    False,
    False,
    MAX_ID,
    ID.pattern,
)
TEXT = FormField(
    "text",
    "Text",
    "Was getan wird, für wen, mit wem, seit wann und mit welchem Ergebnis: 25 bis 200 Wörter in eigenen, kurzen "
    "Sätzen. Menschen bitte nur über ihre Funktion nennen.",
    "text",
    False,
    False,
)

ABOUT = replace(TEXT, description="Was die Organisation tut, in wenigen eigenen, kurzen Sätzen.")
_TEXTS: Mapping[type[Record], FormField] = MappingProxyType({Measure: TEXT, Partner: ABOUT})

_LEGENDS = {"source": "Neues Dokument", "partner": "Neuer Partner"}
_SUFFIX = "_inferred"  # a flag that says so of the field before it
_SUGGESTED = "Anfang des Namens tippen und aus der Liste wählen."
_SECTION = "Überschrift des Abschnitts; die Liste zeigt, was zum gewählten Dokument erfasst ist."


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form.

    Attributes:
        id: the id of its element; ``-n-`` stands for the number of an entry.
        field: what is asked for.
        widget: ``line``, ``area``, ``flag``, ``radios``, ``boxes``, ``select``, ``suggest`` (an input with
            suggestions), ``list`` (a growing list of such inputs), ``part`` (fields inside), ``parts`` (a growing
            list of such groups).
        help: what is shown beside it.
        suggest: what is suggested: kinds of records, ``language`` or ``section``.
        options: (value, label, definition) of what can be chosen.
        may_stay_empty: whether the form need not have an answer, also since it lies in a part that may be left out.
        parts: the questions inside.
        doubt: the flag that belongs to it, if there is one.
    """

    id: str
    field: FormField
    widget: str
    help: str
    may_stay_empty: bool
    suggest: tuple[str, ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[Question, ...] = ()
    doubt: Question | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    title: str
    questions: tuple[Question, ...]


def proposal(site: Site, page: PagePlan) -> dict[str, Any]:
    """The questions about a measure, and about a partner and a document that may come along."""
    measure = _questions(site, Measure)
    return {
        "partner": _question(site, Measure.kind, PARTNER, ()),
        "measure": [question for question in measure if question.field.required],
        "text": _question(site, Measure.kind, TEXT, ()),
        "more": _grouped([*(q for q in measure if not q.field.required), _question(site, Measure.kind, NAME, ())]),
        "along": {cls.kind: _along(site, cls) for cls in (Partner, Source)},
        "editing": site.editing,
        "can_propose": site.editing.repository.startswith(("https://", "http://")),
        "operator": site.operator,
        "folder": FOLDER,
        "fields_file": FIELDS,
        "help_page": HELP_PAGE,
        "new": NEW,
    }


def description(site: Site) -> dict[str, Any]:
    """What the page's scripts must know: the fields of each kind, the names of records, the languages."""
    catalog = site.catalog
    kinds = [kind for kind in KINDS if kind in _named(site)]
    return {
        "fields": {cls.kind: [_said(site, f) for f in _asked(site, cls)] for cls in (Measure, Partner, Source)},
        "folders": {cls.kind: cls.folder for cls in (Measure, Partner, Source)},
        "legends": _LEGENDS,
        "records": {kind: [_name(record) for record in catalog.of(kind).values()] for kind in kinds},
        "sections": {s.ref: {part.id: [part.title, part.lines] for part in s.sections} for s in catalog.all(Source)},
        "languages": wording.languages(catalog.vocabulary),
        "most_bytes": MAX_BYTES,
    }


def records(site: Site) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file, measures as their editors wrote them) for each partner, so that a browser can fill the form."""
    for partner in site.catalog.all(Partner):
        measures = site.relations.by_partner.get(partner.id, ())
        said = {m.id: {"data": m.written, "text": m.text} for m in sorted(measures, key=lambda m: m.id)}
        yield f"{FOLDER}/{partner.id}.json", {"partner": partner.id, "measures": said}


def _asked(site: Site, cls: type[Record]) -> tuple[FormField, ...]:
    """The fields of a kind of record, with what its file says by its place and below its front matter."""
    before, after = ((PARTNER,) if cls is Measure else ()), ((_TEXTS[cls],) if cls in _TEXTS else ())
    return (*before, NAME, *forms.plain(cls, site.catalog.vocabulary), *after)


def _said(site: Site, field: FormField) -> dict[str, Any]:
    said = {key: value for key, value in asdict(field).items() if value}
    said["choices"] = [[choice.value, choice.label] for choice in field.choices]
    said["parts"] = [_said(site, part) for part in field.parts]
    said["help"] = _help(field, _widget(site, field))
    unused = ("description", "examples", "pattern", "complaint", "maximum")  # the schema has them
    return {key: value for key, value in said.items() if value and key not in unused}


def _named(site: Site) -> frozenset[str]:
    """The kinds of records that the form suggests by name; measures are read from their partner's file."""
    fields = (field for cls in (Measure, Partner, Source) for field in forms.flat(_asked(site, cls)))
    return frozenset(kind for field in fields for kind in field.refers_to) - {Measure.kind}


def _name(record: Record) -> list[str]:
    return list(dict.fromkeys((record.ref, record.name, record.title)))


def _along(site: Site, cls: type[Record]) -> tuple[str, Sequence[Question], Sequence[Group]]:
    """Legend, questions and folded groups of questions about a record that comes along."""
    # A new partner rests on the evidence of its measure.
    questions = [q for q in _questions(site, cls) if q.field.key != "sources"]
    text = [_question(site, cls.kind, _TEXTS[cls], ())] if cls in _TEXTS else []
    shown = [*(q for q in questions if q.field.required), *text]
    hidden = [*(q for q in questions if not q.field.required), _question(site, cls.kind, NAME, ())]
    return _LEGENDS[cls.kind], shown, _grouped(hidden)


def _questions(site: Site, cls: type[Record]) -> list[Question]:
    """The questions of a kind of record; a flag of doubt stands with its field."""
    fields = [field for field in forms.plain(cls, site.catalog.vocabulary) if field.kind != "alias"]
    doubts = {field.key.removesuffix(_SUFFIX): field for field in fields if field.key.endswith(_SUFFIX)}
    return [
        _question(site, cls.kind, field, (), doubts.get(field.key)) for field in fields if field not in doubts.values()
    ]


# Which optional questions stand together; the first that fits.
_GROUPS: tuple[tuple[str, Callable[[Question], bool]], ...] = (
    ("Zeit", lambda q: q.field.kind == "date"),
    ("Zusammenarbeit und Zusammenhang", lambda q: q.field.kind == "reference"),
)
_REST = "Weitere Angaben"


def _grouped(questions: Iterable[Question]) -> list[Group]:
    """Optional questions under headings: parts under their own, the others by what they ask for."""
    found: dict[str, list[Question]] = {title: [] for title, _ in _GROUPS}
    rest: list[Question] = []
    for question in questions:
        title = next((title for title, fits in _GROUPS if fits(question)), None)
        if question.widget in ("part", "parts"):
            found[question.field.title] = [question]
        else:
            (found[title] if title else rest).append(question)
    return [Group(title, tuple(group)) for title, group in (*found.items(), (_REST, rest)) if group]


def _question(
    site: Site, prefix: str, field: FormField, siblings: Sequence[FormField], doubt: FormField | None = None
) -> Question:
    name = f"{prefix}-{field.key}"
    widget = _widget(site, field)
    inside = f"{name}-n" if field.many else name
    about_section = field.kind == "id" and any(sibling.refers_to == (Source.kind,) for sibling in siblings)
    suggest = ("section",) if about_section else _suggest(field) if widget in ("suggest", "list") else ()
    return Question(
        id=name,
        field=field,
        widget="suggest" if about_section else widget,
        help=_SECTION if about_section else _help(field, widget),
        may_stay_empty=bool(siblings) or not field.required,
        suggest=suggest,
        options=tuple(_options(site, field)) if widget in ("radios", "boxes", "select") else (),
        parts=tuple(_question(site, inside, part, field.parts) for part in field.parts),
        doubt=_question(site, prefix, doubt, ()) if doubt else None,
    )


def _widget(site: Site, field: FormField) -> str:
    if field.kind == "part":
        return "parts" if field.many else "part"
    if field.kind == "choice":
        return "boxes" if field.many else "radios"
    if field.kind == "reference":
        amount = sum(len(site.catalog.of(kind)) for kind in field.refers_to)
        if field.many:
            return "boxes" if amount <= MOST_BOXES else "list"
        return (
            "select"
            if comes_along(field) or (amount <= MOST_IN_SELECT and Measure.kind not in field.refers_to)
            else "suggest"
        )
    if field.many:
        return "list"
    return {"flag": "flag", "text": "area", "sentence": "area"}.get(field.kind, "line")


def comes_along(field: FormField) -> bool:
    """Whether a record that the field names may be proposed together with the one that names it."""
    return field.refers_to in ((Partner.kind,), (Source.kind,))


def _suggest(field: FormField) -> tuple[str, ...]:
    return field.refers_to or (("language",) if field.kind == "language" else ())


def _options(site: Site, field: FormField) -> Iterator[tuple[str, str, str]]:
    if field.kind == "choice":
        yield from ((choice.value, choice.label, choice.definition) for choice in field.choices)
        return
    for kind in field.refers_to:
        found = list(site.catalog.of(kind).values())
        ordered = by_order(found) if any(hasattr(record, "order") for record in found) else by_name(found)
        yield from ((record.ref, record.name, "") for record in ordered)
    if comes_along(field):
        yield NEW, f"{_LEGENDS[field.refers_to[0]]} …", ""


def _help(field: FormField, widget: str) -> str:
    """What belongs into a field, for people who choose names and never see the keys in the file."""
    about = field.description
    if field.kind == "language":
        about = ""  # speaks of codes
    if field.kind == "date":
        about += (
            " Zum Beispiel " + ", ".join(f"{example} ({wording.when(example)})" for example in field.examples) + "."
        )
    if widget == "suggest" or (widget == "list" and _suggest(field)):
        about += f" {_SUGGESTED}"
    return about.strip()
