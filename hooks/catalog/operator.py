"""Who answers for the site: the details below ``extra.operator`` in mkdocs.yml.

They fill the imprint, the privacy notice and the declaration on accessibility.
Here it is asked whether a detail has the right form; if not, no build goes on.
Whether it is there at all, real and recent is a question for ``publishing``.

Which law asks for a detail stands beside its field. That is a reading of the
law, no legal advice.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from catalog import dates
from catalog.fields import WebAddress, fault
from catalog.frontmatter import Path, Raw
from catalog.model import Origin, Part, fields_by_key, part_of
from catalog.problems import Problem
from catalog.reading import field_name, problems_of
from catalog.vocabulary import nearest

FILE = "mkdocs.yml"
AT: Path = ("extra", "operator")
Lines = Mapping[Path, int]


@dataclass(frozen=True, slots=True)
class Law:
    """Why a published site must have a detail; fields without it may stay empty."""

    text: str


def _words(value: Any) -> Any:
    if isinstance(value, bool | int | float):  # YAML reads 0211123 as an octal number: what was written is lost
        raise fault(f"YAML liest hier „{value}“, eine Zahl oder ja/nein.", "Bitte in Anführungszeichen setzen.")
    return value


def _flag(value: Any) -> Any:
    if not isinstance(value, bool):
        raise fault(f"„{value}“ ist nicht erlaubt.", "Erlaubt: true oder false.")
    return value


def _days(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise fault(f"„{value}“ ist keine Zahl von Tagen.", "Bitte nur Ziffern schreiben, zum Beispiel 7.")
    return value


def _day(value: Any) -> Any:
    try:
        return dates.day(str(value))
    except ValueError as error:
        raise fault(f"{error}.", "Zum Beispiel: 2026-11-20") from error


def matching(pattern: str, wrong: str, hint: str) -> Callable[[str], str]:
    """A check that a value has a form; ``wrong`` says what it is not, ``hint`` the way out."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise fault(f"„{value}“ ist {wrong}.", hint)
        return value

    return check


def one_of(labels: Mapping[str, str]) -> Callable[[str], str]:
    """A check that a value is one of the keys; a label or a slip leads to the key that is meant."""

    def check(value: str) -> str:
        if value not in labels:
            meant = nearest(value, {word.casefold(): key for key, label in labels.items() for word in (label, key)})
            hint = f"Meinten Sie „{meant}“?" if meant else f"Erlaubt: {', '.join(labels)}."
            raise fault(f"„{value}“ ist nicht erlaubt.", hint)
        return value

    return check


def _encrypted(value: str) -> str:
    if not value.startswith("https://"):
        raise fault(f"„{value}“ ist nicht verschlüsselt.", "Bitte eine Adresse angeben, die mit https:// beginnt.")
    return value


# What Implementing Decision (EU) 2018/1523 lets a declaration say, in its order; the pages put it into sentences.
STATUS = MappingProxyType(
    {"vollstaendig": "vollständig vereinbar", "teilweise": "teilweise vereinbar", "nicht": "nicht vereinbar"}
)
GROUPS = MappingProxyType(
    {
        "unvereinbar": "Noch nicht vereinbar mit den Anforderungen",
        "belastung": "Unverhältnismäßige Belastung",
        "ausgenommen": "Nicht vom Gesetz erfasst",
    }
)
METHODS = MappingProxyType({"selbst": "Selbstbewertung", "dritte": "Bewertung durch Dritte"})

Words = Annotated[str, BeforeValidator(_words)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Days = Annotated[int, BeforeValidator(_days)]
Yes = Annotated[bool, BeforeValidator(_flag)]
Email = Annotated[
    Words,
    AfterValidator(
        matching(
            r"[^\s@<>\"'?&(),;:]+@[^\s@<>\"'?&(),;:]+\.[^\s@<>\"'?&(),;:.]{2,}",
            "keine E-Mail-Adresse",
            "Zum Beispiel: redaktion@stadt-lemgo.de",
        )
    ),
]
Phone = Annotated[
    Words,
    AfterValidator(
        matching(r"[+0(][0-9 ()/.–-]{4,}", "keine Telefonnummer", 'Zum Beispiel, in Anführungszeichen: "05261 12345"')
    ),
]
VatId = Annotated[
    Words,
    AfterValidator(
        matching(r"DE[0-9]{9}(?:-[0-9]{5})?", "keine deutsche Identifikationsnummer", "Zum Beispiel: DE123456789")
    ),
]
SecureAddress = Annotated[WebAddress, AfterValidator(_encrypted), BeforeValidator(_words)]


class Responsible(Part):
    """Who answers for what the pages say."""

    name: Annotated[
        Words | None,
        Law("§ 18 Abs. 2 MStV"),
        Field(title="Name", description="Eine Person mit Vor- und Nachnamen, die für die Inhalte verantwortlich ist."),
    ] = None
    address: Annotated[
        tuple[Words, ...],
        Law("§ 18 Abs. 2 MStV"),
        Field(title="Anschrift", description="Anschrift dieser Person; die der Stelle genügt, wenn sie dort arbeitet."),
    ] = ()


class Officer(Part):
    """The data protection officer."""

    name: Annotated[Words | None, Field(title="Name", description="Name oder Funktion.")] = None
    email: Annotated[Email | None, Field(title="E-Mail", description="E-Mail-Adresse.")] = None
    phone: Annotated[Phone | None, Field(title="Telefon", description="Telefonnummer, wenn es eine gibt.")] = None


class Hosting(Part):
    """Where the site lies, and what that server keeps of a visit."""

    provider: Annotated[
        Words | None,
        Law("Art. 13 Abs. 1 Buchst. e DSGVO"),
        Field(title="Dienstleister", description="Wer den Server betreibt; bei eigenem Server die Stelle selbst."),
    ] = None
    address: Annotated[
        tuple[Words, ...],
        Law("Art. 13 Abs. 1 Buchst. e DSGVO"),
        Field(title="Anschrift", description="Anschrift des Dienstleisters."),
    ] = ()
    logs: Annotated[
        Words | None,
        Law("Art. 13 DSGVO"),
        Field(
            title="Protokolle", description="Was der Server über einen Abruf festhält, als Aufzählung in einer Zeile."
        ),
    ] = None
    log_days: Annotated[
        Days | None,
        Law("Art. 13 Abs. 2 Buchst. a DSGVO"),
        Field(title="Speicherdauer in Tagen", description="Nach wie vielen Tagen die Protokolle gelöscht werden."),
    ] = None
    processor_contract: Annotated[
        Yes,
        Field(
            title="Vertrag zur Auftragsverarbeitung",
            description="true, wenn mit dem Dienstleister ein Vertrag besteht.",
        ),
    ] = False
    transfer: Annotated[
        Words | None,
        Law("Art. 13 Abs. 1 Buchst. f DSGVO"),
        Field(
            title="Übermittlung in ein Drittland",
            description="keine; oder Land und Garantien, wenn Daten die EU verlassen, wie bei vielen großen Anbietern.",
        ),
    ] = None


class Barrier(Part):
    """A part of the site that not everyone can use."""

    part: Annotated[Words, Field(title="Teil", description="Was nicht barrierefrei ist (§ 10b Abs. 2 Nr. 1 BGG NRW).")]
    reason: Annotated[Words, Field(title="Grund", description="Warum es nicht barrierefrei ist.")]
    alternative: Annotated[Words | None, Field(title="Alternative", description="Womit es trotzdem geht.")] = None
    group: Annotated[
        Words,
        AfterValidator(one_of(GROUPS)),
        Field(title="Gruppe", description=f"Wohin die Mustererklärung es stellt: {', '.join(GROUPS)}."),
    ] = "unvereinbar"


class Accessibility(Part):
    """The declaration on accessibility, after the model of Implementing Decision (EU) 2018/1523."""

    status: Annotated[
        Annotated[Words, AfterValidator(one_of(STATUS))] | None,
        Law("§ 10b Abs. 1 BGG NRW, Durchführungsbeschluss (EU) 2018/1523"),
        Field(title="Stand", description=f"Wie weit die Website den Anforderungen entspricht: {', '.join(STATUS)}."),
    ] = None
    method: Annotated[
        Annotated[Words, AfterValidator(one_of(METHODS))] | None,
        Law("Art. 3 Durchführungsbeschluss (EU) 2018/1523, § 4 Abs. 2 BITVNRW"),
        Field(title="Methode", description=f"Worauf die Erklärung beruht: {', '.join(METHODS)}."),
    ] = None
    examined: Annotated[
        Words | None, Field(title="Prüfung", description="Womit, wie und von wem geprüft wurde, in ganzen Sätzen.")
    ] = None
    prepared: Annotated[
        Day | None,
        Law("Durchführungsbeschluss (EU) 2018/1523"),
        Field(title="Erstellt am", description="Tag, an dem die Erklärung erstellt wurde, zum Beispiel 2026-11-20."),
    ] = None
    reviewed: Annotated[
        Day | None, Field(title="Überprüft am", description="Tag, an dem die Erklärung zuletzt überprüft wurde.")
    ] = None
    barriers: Annotated[
        tuple[Barrier, ...],
        Field(title="Barrieren", description="Was nicht barrierefrei ist, warum, und womit es geht."),
    ] = ()
    feedback_form: Annotated[
        SecureAddress | None,
        Law("§ 10b Abs. 2 Nr. 2 BGG NRW, § 5 BITVNRW"),
        Field(
            title="Kontaktformular", description="Adresse eines barrierefreien Formulars, mit dem man Barrieren meldet."
        ),
    ] = None
    feedback_email: Annotated[
        Email | None, Field(title="E-Mail für Barrieren", description="E-Mail-Adresse, wenn es eine eigene gibt.")
    ] = None
    sign_language: Annotated[
        SecureAddress | None,
        Field(
            title="Gebärdensprache",
            description="Adresse eines Videos in Deutscher Gebärdensprache über diese Website (§ 3 Abs. 2 BITVNRW).",
        ),
    ] = None


class Licence(Part):
    """Under which terms the texts may be used again."""

    name: Annotated[Words, Field(title="Name", description="Name der Lizenz.")] = "CC BY 4.0"
    url: Annotated[SecureAddress, Field(title="Adresse", description="Adresse des Lizenztextes.")] = (
        "https://creativecommons.org/licenses/by/4.0/deed.de"
    )


class Operator(Part):
    """Who runs the site; ``extra.operator`` in mkdocs.yml.

    What templates cannot do without has a sample as its default, which ``publishing`` takes for nothing.
    """

    name: Annotated[
        Words,
        Law("§ 5 Abs. 1 Nr. 1 DDG, § 18 Abs. 1 MStV"),
        Field(title="Name", description="Voller Name der Stelle oder Person, die die Website betreibt."),
    ] = "Name der betreibenden Stelle"
    legal_form: Annotated[
        Words | None,
        Law("§ 5 Abs. 1 Nr. 1 DDG"),
        Field(title="Rechtsform", description="Rechtsform; bei einem einzelnen Menschen: natürliche Person."),
    ] = None
    public_body: Annotated[
        Yes,
        Field(title="Öffentliche Stelle", description="true, wenn die Stelle eine öffentliche ist (§ 10a BGG NRW)."),
    ] = True
    address: Annotated[
        tuple[Words, ...],
        Law("§ 5 Abs. 1 Nr. 1 DDG, § 18 Abs. 1 MStV"),
        Field(title="Anschrift", description="Straße mit Hausnummer, Postleitzahl mit Ort.", min_length=1),
    ] = ("Straße und Hausnummer", "Postleitzahl und Ort")
    email: Annotated[
        Email, Law("§ 5 Abs. 1 Nr. 2 DDG"), Field(title="E-Mail", description="E-Mail-Adresse der Stelle.")
    ] = "redaktion@example.org"
    phone: Annotated[
        Phone | None,
        Law("§ 5 Abs. 1 Nr. 2 DDG"),
        Field(title="Telefon", description="Telefonnummer, unter der man die Stelle schnell und unmittelbar erreicht."),
    ] = None
    representative: Annotated[
        Words,
        Law("§ 5 Abs. 1 Nr. 1 DDG, § 18 Abs. 1 Nr. 2 MStV"),
        Field(title="Vertretung", description="Vor- und Nachname der Person, die die Stelle vertritt."),
    ] = "Name der vertretungsberechtigten Person"
    supervisory_authority: Annotated[
        Words | None,
        Field(
            title="Aufsichtsbehörde", description="Wenn die Tätigkeit eine Zulassung braucht (§ 5 Abs. 1 Nr. 3 DDG)."
        ),
    ] = None
    register_entry: Annotated[
        Words | None,
        Field(title="Register", description="Register, Gericht und Nummer, wenn eingetragen (§ 5 Abs. 1 Nr. 4 DDG)."),
    ] = None
    vat_id: Annotated[
        VatId | None,
        Field(title="Umsatzsteuer-ID", description="Wenn es eine gibt, auch Wirtschafts-ID (§ 5 Abs. 1 Nr. 6 DDG)."),
    ] = None
    updated: Annotated[
        Day | None,
        Law("damit Impressum und Datenschutzhinweis ihren Stand nennen"),
        Field(title="Stand", description="Tag, an dem diese Angaben zuletzt geprüft wurden, zum Beispiel 2026-11-20."),
    ] = None
    responsible: Annotated[
        Responsible, Field(title="Verantwortlich für den Inhalt", description="Person mit Name und Anschrift.")
    ] = Responsible()
    data_protection_officer: Annotated[
        Officer, Field(title="Datenschutzbeauftragte", description="Name oder Funktion, und wie man sie erreicht.")
    ] = Officer()
    hosting: Annotated[Hosting, Field(title="Hosting", description="Server und Protokolle.")] = Hosting()
    accessibility: Annotated[
        Accessibility, Field(title="Barrierefreiheit", description="Erklärung zur Barrierefreiheit.")
    ] = Accessibility()
    licence: Annotated[Licence, Field(title="Lizenz", description="Lizenz der Texte.")] = Licence()

    @property
    def feedback_email(self) -> str:
        """Where reports of barriers go."""
        return self.accessibility.feedback_email or self.email


def lines(text: str) -> Lines:
    """The line of each key of mkdocs.yml, by its path; what MkDocs makes of the values is not asked.

    Raises:
        yaml.YAMLError: if the text is no YAML; MkDocs has complained before.
    """
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    return dict(_lines(node, ())) if node else {}


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, str(key.value)), key.start_mark.line + 1
            yield from _lines(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield (*path, number), item.start_mark.line + 1
            yield from _lines(item, (*path, number))


def origin(lines: Lines) -> Origin:
    """Where the details stand, for messages."""
    return Origin("operator", "", Raw(FILE, {}, MappingProxyType(dict(lines))), AT)


def read(data: Any, origin: Origin) -> tuple[Operator, list[Problem]]:
    """The details as MkDocs has read them, or all that is wrong with them.

    Args:
        data: ``extra.operator``, with the variables of the environment filled in.
        origin: where they stand.
    """
    try:
        details = Operator.model_validate(without_blanks(data))
    except ValidationError as error:
        return Operator(), problems_of(Operator, origin, error)
    return details, list(_contradictions(details, origin))


def without_blanks(data: Any) -> Any:
    """A key with nothing behind it means that there is none."""
    if isinstance(data, dict):
        return {key: without_blanks(value) for key, value in data.items() if value not in (None, "")}
    if isinstance(data, list):
        return [without_blanks(item) for item in data if item not in (None, "")]
    return data


def _contradictions(details: Operator, origin: Origin) -> Iterator[Problem]:
    """A declaration that claims the one and lists the other."""
    declared = details.accessibility
    if declared.status == "vollstaendig" and declared.barriers:
        wrong = f"„vollstaendig“, aber unter barriers stehen {len(declared.barriers)} Barrieren."
        yield problem(origin, ("accessibility", "status"), wrong, "Bitte teilweise eintragen oder barriers leeren.")
    if declared.status in ("teilweise", "nicht") and not declared.barriers:
        wrong = f"„{declared.status}“, aber unter barriers steht keine Barriere."
        yield problem(origin, ("accessibility", "status"), wrong, "Bitte unter barriers nennen, was fehlt und warum.")
    if declared.prepared and declared.reviewed and declared.reviewed < declared.prepared:
        wrong = f"{declared.reviewed.isoformat()} liegt vor prepared ({declared.prepared.isoformat()})."
        yield problem(origin, ("accessibility", "reviewed"), wrong, "Bitte eines der beiden Daten berichtigen.")


def problem(origin: Origin, path: Path, message: str, hint: str) -> Problem:
    """A problem with one of the details."""
    field = field_name(origin.at, path, title(path).rpartition(": ")[2])
    return Problem(origin.raw.path, origin.raw.line((*origin.at, *path)), field, message, hint)


def title(path: Path) -> str:
    """The German name of a detail: ``Hosting: Dienstleister``."""
    model: type[Part] | None = Operator
    names = []
    for key in path:
        if isinstance(key, str) and model is not None:
            info = fields_by_key(model)[key]
            names.append(info.title)
            model = part_of(info.annotation)
    return ": ".join(names)
