"""The forms with which a forge asks for a proposal, from the model, the vocabulary and the records.

GitHub and Forgejo read the forms in ``.github/ISSUE_TEMPLATE/``, GitLab knows
only texts with headings, in ``.gitlab/issue_templates/``. What people fill in is
in each case the text that ``proposals`` reads. ``scripts/issue_forms.py`` writes
the files, and the test suite compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from catalog import forms
from catalog.editing import answers, sections
from catalog.editing.proposals import ALONG, MEASURE, MORE, NEW_DOCUMENT, REMOVED, quotable_places
from catalog.forms import FormField
from catalog.model import KINDS, Measure
from catalog.store import Catalog
from catalog.views.proposal import NAME, PARTNER, TEXT

GITHUB = ".github/ISSUE_TEMPLATE"
GITLAB = ".gitlab/issue_templates"
# For the text that the form on the site has made: the template sets the label, which strangers may not.
PLAIN = "vorschlag.md"
SITE_FORM = "mitmachen/vorschlag/"

# More boxes than this nobody reads; more options than this nobody scrolls through.
MAX_BOXES = 40
MAX_OPTIONS = 100
# So many values are explained one by one, more of them on the glossary's page.
MAX_EXPLAINED = 8
# A new record has no former address.
_POINTLESS = frozenset({"aliases"})

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A field as a form of a forge asks for it.

    Attributes:
        id: unique in its form.
        title: the heading of its section.
        help: what belongs there, as German sentences.
        kind: ``line``, ``text``, ``one`` (one of ``options``), ``some`` (several of few) or ``many`` (several of many).
        options: what may be chosen.
        required: whether it must be answered.
        example: an answer that is right; may be empty.
    """

    id: str
    title: str
    help: str
    kind: str
    options: tuple[str, ...] = ()
    required: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: file name without suffix, what people see of it, and its questions."""

    file: str
    name: str
    description: str
    intro: str
    title: str
    questions: tuple[Question, ...]


_TEXT = Question(TEXT.key, TEXT.title, TEXT.description, "text")


def files(catalog: Catalog, site_url: str, label: str) -> dict[str, str]:
    """All forms: path -> text.

    Args:
        catalog: the records that may be chosen.
        site_url: the site's address, for links to its help.
        label: what marks an issue as a proposal.
    """
    measure, new_partner, correction = (
        _measure(catalog, site_url),
        _new_partner(catalog, site_url),
        _correction(catalog, site_url),
    )
    whole = replace(measure, questions=(*measure.questions[:-1], *_along("partner", catalog, site_url), _TEXT))
    return {
        f"{GITHUB}/config.yml": _yaml(_chooser(site_url)),
        f"{GITHUB}/{PLAIN}": _plain(label),
        **{f"{GITHUB}/{form.file}.yml": _yaml(_github(form, label)) for form in (measure, new_partner, correction)},
        f"{GITLAB}/Massnahme.md": _gitlab(whole, label),
        f"{GITLAB}/Korrektur.md": _gitlab(correction, label),
    }


def _measure(catalog: Catalog, site_url: str) -> Form:
    return Form(
        "massnahme",
        "Neue Maßnahme",
        "Eine Maßnahme eines Partners vorschlagen, der hier schon steht",
        "Ein Formular mit denselben Fragen, das beim Ausfüllen prüft und ohne Anmeldung auskommt, steht auf der "
        f"Website: {site_url}{SITE_FORM}\n\nHier kommt nach dem Absenden eine Antwort: entweder was noch zu ändern ist "
        "oder was übernommen wird.",
        "Neue Maßnahme: ",
        (
            _question(PARTNER, catalog, site_url),
            *_measure_questions(catalog, site_url),
            *_along("source", catalog, site_url),
            _TEXT,
        ),
    )


def _new_partner(catalog: Catalog, site_url: str) -> Form:
    form = _measure(catalog, site_url)
    return replace(
        form,
        file="massnahme-neuer-partner",
        name="Neuer Partner mit erster Maßnahme",
        description="Eine Organisation vorschlagen, die hier noch nicht steht, zusammen mit einer ihrer Maßnahmen",
        title="Neuer Partner: ",
        questions=(*_along("partner", catalog, site_url, required=True), *form.questions[1:]),
    )


def _measure_questions(catalog: Catalog, site_url: str) -> Iterator[Question]:
    """What must be answered first; then what may be."""
    asked = [field for field in forms.plain(Measure, catalog.vocabulary) if field.key not in _POINTLESS]
    for wanted in (True, False):
        for field in asked:
            if field.required is wanted:
                yield from _questions(field, catalog, site_url)
    yield _question(NAME, catalog, site_url)


def _along(kind: str, catalog: Catalog, site_url: str, required: bool = False) -> Iterator[Question]:
    """The questions about a record that comes along; its evidence is that of the measure."""
    for field in (*forms.fields(KINDS[kind], catalog.vocabulary), NAME, TEXT):
        if field.key not in {*_POINTLESS, "sources"} and not (kind == "source" and field is TEXT):
            question = _question(field, catalog, site_url)
            yield replace(
                question,
                id=f"{kind}-{question.id}",
                title=f"{ALONG[kind]}{question.title}",
                required=required and question.required,
            )


def _correction(catalog: Catalog, site_url: str) -> Form:
    asked = [
        question
        for field in forms.plain(Measure, catalog.vocabulary)
        for question in _questions(field, catalog, site_url)
    ]
    optional = {field.title for field in forms.plain(Measure, catalog.vocabulary) if not field.required}
    changes = [
        replace(
            question,
            required=False,
            options=(*question.options, *((REMOVED,) if question.options and question.title in optional else ())),
        )
        for question in asked
    ]
    return Form(
        "korrektur",
        "Angabe korrigieren",
        "Etwas an einer Maßnahme berichtigen oder ergänzen",
        "Am einfachsten geht es auf der Seite der Maßnahme mit „Angabe korrigieren“; dort ist alles schon ausgefüllt. "
        "Hier bitte nur ausfüllen, was sich ändert; jede Angabe ersetzt die bisherige ganz, auch eine Liste. "
        f"Wer ein Feld leeren will, schreibt „{REMOVED}“ hinein.",
        "Korrektur: ",
        (_question(MEASURE, catalog, site_url), *changes, *_along("source", catalog, site_url), _TEXT),
    )


def _questions(field: FormField, catalog: Catalog, site_url: str) -> Iterator[Question]:
    """The question for a field; evidence is chosen, and what cannot be chosen may be written below."""
    question = _question(field, catalog, site_url)
    yield question
    if question.kind == "many":
        more = f"Was oben nicht zur Wahl steht, etwa mit Seite. {_pattern(field)}"
        yield Question(f"{question.id}-more", f"{field.title}{MORE}", more, "text")


def _question(field: FormField, catalog: Catalog, site_url: str) -> Question:
    # The page's address is what people have at hand, never a list of all measures.
    known = () if field is MEASURE else tuple(_names(field, catalog))
    kind = _kind(field, known)
    options = known if kind in ("one", "some", "many") else ()
    told = " ".join(filter(None, _help(field, kind, site_url)))
    return Question(field.key, field.title, told, kind, options, field.required, _example(field, kind))


def _names(field: FormField, catalog: Catalog) -> Iterator[str]:
    if field.kind == "flag":
        yield from ("ja", "nein")
    elif field.kind in ("choice", "reference"):
        known = answers.options(field, catalog)
        times = Counter(option.label.casefold() for option in known)
        # Options must differ; records of the same name are told apart by their ids.
        yield from (o.label if times[o.label.casefold()] == 1 else o.value for o in known)
    elif field.many and any(part.refers_to == ("source",) for part in field.parts):
        yield from (NEW_DOCUMENT, *quotable_places(catalog))


def _kind(field: FormField, known: tuple[str, ...]) -> str:
    if known and field.kind == "part":
        return "many"
    if known and field.many and len(known) <= MAX_BOXES:
        return "some"
    if known and not field.many and len(known) <= MAX_OPTIONS:
        return "one"
    return "text" if field.many or field.kind in ("text", "part", "sentence") else "line"


def _help(field: FormField, kind: str, site_url: str) -> Iterator[str]:
    yield field.description
    if field.kind == "reference" and kind in ("text", "line"):
        pages = " oder ".join(f"{site_url}{KINDS[kind].address}/" for kind in field.refers_to)
        named = "Namen oder Kennungen" if field.many else "Name oder Kennung"
        yield f"{named} wie unter {pages}." if field is not MEASURE else ""
    if field.choices and len(field.choices) <= MAX_EXPLAINED:
        yield " ".join(f"**{choice.label}**: {choice.definition}" for choice in field.choices)
    elif field.choices:
        yield f"Was die Wörter bedeuten: {site_url}glossar/"
    if field.kind == "part":
        yield _pattern(field) if kind == "text" else "Mehrere sind möglich."
    elif field.many and kind == "text":
        yield "Je Zeile ein Eintrag."
    if field.required and kind == "some":
        yield "Mindestens eins ist nötig."


def _pattern(field: FormField) -> str:
    titles = sections.line_of(leaf.title for leaf in _leaves(field.parts))
    return f"{'Je Zeile ein Eintrag' if field.many else 'In einer Zeile'} nach diesem Muster: {titles}"


def _leaves(parts: Iterable[FormField]) -> Iterator[FormField]:
    for part in parts:
        yield from _leaves(part.parts) if part.kind == "part" else (part,)


def _example(field: FormField, kind: str) -> str:
    return str(field.examples[0]) if field.examples and kind == "line" else ""


def _chooser(site_url: str) -> Element:
    link = {
        "name": "Formular auf der Website",
        "url": f"{site_url}{SITE_FORM}",
        "about": "Ohne Anmeldung; prüft schon beim Ausfüllen und merkt sich den Entwurf.",
    }
    return {"blank_issues_enabled": True, "contact_links": [link]}


def _plain(label: str) -> str:
    head = {
        "name": "Text aus dem Formular der Website",
        "about": "Den Text einfügen, den das Formular auf der Website gemacht hat",
        "title": "Vorschlag: ",
        "labels": [label],
    }
    return (
        f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False)}---\n<!-- Bitte den Text hier einfügen. -->\n"
    )


def _github(form: Form, label: str) -> Element:
    intro = {"type": "markdown", "attributes": {"value": form.intro}}
    return {
        "name": form.name,
        "description": form.description,
        "title": form.title,
        "labels": [label],
        "body": [intro, *map(_element, form.questions)],
    }


def _element(question: Question) -> Element:
    """A question in the words of GitHub's issue forms."""
    attributes: Element = {"label": question.title}
    if question.help:
        attributes["description"] = question.help
    if question.example:
        attributes["placeholder"] = question.example
    if question.kind == "many":
        attributes["multiple"] = True
    if question.kind == "some":
        attributes["options"] = [{"label": option} for option in question.options]
    elif question.options:
        attributes["options"] = list(question.options)
    types = {"line": "input", "text": "textarea", "one": "dropdown", "many": "dropdown", "some": "checkboxes"}
    element = {"type": types[question.kind], "id": question.id, "attributes": attributes}
    # GitHub can ask for single boxes, not for one of them.
    required = question.required and question.kind != "some"
    return {**element, "validations": {"required": True}} if required else element


def _gitlab(form: Form, label: str) -> str:
    """A form as a text to fill in; its help stands in comments, which nobody sees later."""
    # A quick action: GitLab takes the line out and sets the label, if the writer may do that.
    head = f"/label ~{label}\n\n<!-- {form.intro}\n\nBitte unter den Überschriften ausfüllen. -->\n\n"
    return (
        head + sections.joined((question.title, _gitlab_value(question)) for question in form.questions).rstrip() + "\n"
    )


def _gitlab_value(question: Question) -> str:
    required = "Pflicht. " if question.required else ""
    boxes = question.kind in ("one", "some") and len(question.options) <= MAX_BOXES
    choose = "Bitte eins ankreuzen: [x]" if question.kind == "one" else "Bitte ankreuzen: [x]"
    if boxes:
        listed = "\n".join(f"- [ ] {option}" for option in question.options)
        return f"<!-- {required}{' '.join(filter(None, (question.help, choose)))} -->\n\n{listed}"
    listed = "".join(f"\n{option}" for option in question.options)
    example = f" Zum Beispiel: {question.example}" if question.example else ""
    return f"<!-- {required}{question.help}{example}{listed} -->"


def _yaml(data: Element) -> str:
    said = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    return f"# Written by scripts/issue_forms.py; do not edit. Forgejo reads this file too.\n{said}"
