"""The records: what a file may say, field by field, in the order in which editors write it.

A record is frozen and knows nothing of other records; whether a reference leads
anywhere is a question for ``rules``. Field titles and descriptions are German,
since editors meet them in messages, in the schema and on the help page.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from catalog.fields import (
    Alias,
    Count,
    Date,
    Email,
    FigureValue,
    Fingerprint,
    Flag,
    Id,
    Language,
    Line,
    LineRanges,
    OneOf,
    Phone,
    Ref,
    RefersTo,
    Sentence,
    Text,
    WebAddress,
    Year,
    marker,
)
from catalog.frontmatter import Path, Raw
from catalog.naming import ABROAD, in_full

ACTORS = ("partner", "other")
ACTORS_AND_NETWORKS = (*ACTORS, "network")
ANSWERS = ("measure", *ACTORS_AND_NETWORKS)


class Part(BaseModel):
    """A group of keys inside a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Evidence(Part):
    """Where a statement is written."""

    document: Annotated[
        Id, RefersTo(("source",)), Field(title="Dokument", description="Öffentliches Dokument, in dem es steht.")
    ]
    section: Annotated[
        Id | None,
        Field(title="Abschnitt", description="Abschnitt des Dokuments, soweit seine Abschnitte erfasst sind."),
    ] = None
    lines: Annotated[
        LineRanges | None,
        Field(title="Zeilen", description="Zeilen der Textfassung, zum Nachprüfen; erscheint nicht auf der Seite."),
    ] = None
    page: Annotated[Count | None, Field(title="Seite", description="Seite im Dokument.")] = None


class Figure(Part):
    """A number with what it counts. Planned and reached are two figures, never one sum."""

    value: Annotated[
        FigureValue,
        Field(
            title="Wert",
            description="Die Zahl: 1000, 10.42 oder 25-30; davor ~, > oder <, wenn das Dokument es so sagt.",
        ),
    ]
    unit: Annotated[Line, Field(title="Einheit", description="Was gezählt wird, zum Beispiel Teilnehmende oder %.")]
    as_of: Annotated[
        Date | None, Field(title="Stand", description="Zeitpunkt oder Zeitraum, für den die Zahl gilt.")
    ] = None
    note: Annotated[Line | None, Field(title="Bezug", description="Worauf sich die Zahl bezieht.")] = None


class YearReport(Part):
    """What was known of a measure in a reporting year. Later years are added; what is written here stays."""

    year: Annotated[Year, Field(title="Berichtsjahr", description="Das Jahr, in dem der berichtete Zeitraum endet.")]
    status: Annotated[str, OneOf("status"), Field(title="Status", description="Stand der Umsetzung in diesem Jahr.")]
    figures: Annotated[
        tuple[Figure, ...],
        Field(
            title="Zahlen",
            description="Zahlen dieses Jahres. Im letzten Jahr genügen die Zahlen der Maßnahme selbst.",
        ),
    ] = ()
    text: Annotated[
        Text | None, Field(title="Was geschah", description="Ein oder zwei kurze Sätze.", max_length=600)
    ] = None
    reason: Annotated[
        Line | None,
        Field(
            title="Grund", description="Warum der Stand zurückgeht: verschoben, abgesagt, eingestellt.", max_length=300
        ),
    ] = None
    sources: Annotated[
        tuple[Evidence, ...],
        Field(
            title="Belege",
            description="Wo das steht. Entfällt, wenn ein Beleg der Maßnahme aus diesem Jahr ist "
            "oder der Partner sie danach geprüft hat.",
        ),
    ] = ()


class BestPractice(Part):
    """Why a measure counts as good practice, and who says so."""

    level: Annotated[
        str, OneOf("best_practice_levels"), Field(title="Stufe", description="Wer die Maßnahme für gut befindet.")
    ]
    reason: Annotated[Text, Field(title="Begründung", description="Ein Satz, warum.")]
    source: Annotated[Evidence, Field(title="Beleg", description="Wo das steht.")]


class Membership(Part):
    """That an organisation belongs to a network, since when, and how sure that is."""

    network: Annotated[
        Id, RefersTo(("network",)), Field(title="Netzwerk", description="Netzwerk, dem die Organisation angehört.")
    ]
    since: Annotated[Date | None, Field(title="Seit", description="Beitritt.")] = None
    number: Annotated[Count | None, Field(title="Nummer", description="Nummer in der Mitgliederliste.")] = None
    certainty: Annotated[str, OneOf("certainty"), Field(title="Sicherheit", description="Wie sicher die Angabe ist.")]
    evidence: Annotated[Text | None, Field(title="Erläuterung", description="Woraus die Angabe folgt.")] = None


class Section(Part):
    """A chapter of a document, as records refer to it."""

    id: Annotated[Id, Field(title="Kennung", description="Kurzer Name des Abschnitts.")]
    title: Annotated[Line, Field(title="Titel", description="Überschrift des Abschnitts.")]
    lines: Annotated[LineRanges | None, Field(title="Zeilen", description="Zeilen der Textfassung.")] = None


class Consent(Part):
    """That a person agreed to be named here, when and to what; the person may take it back at any time."""

    given: Annotated[Date, Field(title="Erteilt am", description="Tag, an dem die Person eingewilligt hat.")]
    scope: Annotated[
        Text,
        Field(
            title="Umfang",
            description="Worin die Person eingewilligt hat: welche Angaben, wo und wofür.",
            max_length=600,
        ),
    ]
    withdrawn: Annotated[
        Date | None,
        Field(
            title="Widerrufen am",
            description="Tag des Widerrufs; dann müssen die Angaben zur Person aus dem Eintrag heraus.",
        ),
    ] = None


class AgendaItem(Part):
    """One item of a meeting and what became of it."""

    number: Annotated[Line, Field(title="Nummer", description="Nummer des Tagesordnungspunkts.")]
    subject: Annotated[Line, Field(title="Gegenstand", description="Worum es ging.")]
    result: Annotated[str, OneOf("decision_results"), Field(title="Ergebnis", description="Was daraus wurde.")]
    note: Annotated[Text | None, Field(title="Einzelheiten", description="Was dazu festgehalten ist.")] = None
    reference: Annotated[Line | None, Field(title="Vorlage", description="Nummer der Drucksache.")] = None


class AdoptedFrom(Part):
    """The measure of another knowledge base after which an own one is modelled, as it was when last looked at."""

    url: Annotated[WebAddress, Field(title="Original", description="Adresse der Maßnahme in der anderen Wissensbasis.")]
    version: Annotated[
        Fingerprint | None,
        Field(title="Stand des Originals", description="Prüfsummen seiner Angaben; scripts/adopt.py schreibt sie."),
    ] = None
    date: Annotated[
        Date | None, Field(title="Datum des Stands", description="Tag, an dem dieser Stand abgerufen wurde.")
    ] = None


Title = Annotated[Line, Field(title="Titel", description="Kurzer, eindeutiger Name.", max_length=160)]
Summary = Annotated[
    Sentence, Field(title="Kurzfassung", description="Ein Satz mit höchstens 200 Zeichen; er steht in Listen.")
]
Sources = Annotated[
    tuple[Evidence, ...],
    Field(title="Belege", description="Dokumente und Abschnitte, aus denen die Angaben stammen.", min_length=1),
]
SourceNote = Annotated[
    Text | None, Field(title="Hinweis zur Quelle", description="Zweifel an einer Angabe oder Fehler des Dokuments.")
]
Aliases = Annotated[
    tuple[Alias, ...],
    Field(
        title="Frühere Adressen",
        description="Adressen, unter denen die Seite früher stand, die älteste zuerst; sie leiten weiter.",
    ),
]
Figures = Annotated[tuple[Figure, ...], Field(title="Zahlen", description="Zahlen mit Einheit, Stand und Bezug.")]
Website = Annotated[WebAddress | None, Field(title="Webseite", description="Adresse der Organisation.")]
Region = Annotated[str | None, OneOf("regions"), Field(title="Region", description="Gebiet, zu dem der Ort gehört.")]
Order = Annotated[Count, Field(title="Reihenfolge", description="Platz in der Liste.")]
Programme = Annotated[
    str, OneOf("programmes"), Field(title="Programm", description="Programm, zu dem der Eintrag gehört.")
]
Contacts = Annotated[
    tuple[Annotated[Id, RefersTo(("contact",))], ...],
    Field(title="Kontakte", description="Stellen, an die man sich dazu wenden kann."),
]
Documents = Annotated[
    tuple[Annotated[Id, RefersTo(("document",))], ...],
    Field(
        title="Veröffentlichungen", description="Konzepte, Broschüren, Formulare oder Portale, die hier Dokumente sind."
    ),
]
Topics = Annotated[
    tuple[Annotated[str, OneOf("topics")], ...],
    Field(title="Themen", description="Themen, nach denen gesucht wird."),
]
Checked = Annotated[
    Date | None, Field(title="Zuletzt geprüft", description="Tag, an dem jemand die Angaben zuletzt bestätigt hat.")
]
EmailAddress = Annotated[
    Email | None,
    Field(title="E-Mail", description="Postfach der Stelle, nicht das einer einzelnen Person."),
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands.

    Attributes:
        id: the stem of its file, or its key in ``others.yml``.
        parent: the folder of a nested record (partner of a measure, programme of a phase), else empty.
        raw: the file as it was read: path, lines and Markdown text.
        at: the record's place inside the file; empty if it is the whole file.
        site: the id of the site that the record comes from; empty if it is our own.
        home: that site's address, with a closing slash.
    """

    id: str
    parent: str
    raw: Raw
    at: Path = ()
    site: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """That a record names another one.

    Attributes:
        field: the top-level key in which it does.
        path: the full path of the value, for its line.
        kinds: the kinds of records that it may name.
        ref: the name, made absolute.
    """

    field: str
    path: Path
    kinds: tuple[str, ...]
    ref: str


class Record(BaseModel):
    """What all records have in common.

    Class attributes:
        kind: English name of the kind, as in references and data files.
        folder: where its files lie.
        address: where its pages lie.
        nested: whether a folder per parent stands between ``folder`` and file.
        label: German name, singular and plural.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    kind: ClassVar[str]
    folder: ClassVar[str]
    address: ClassVar[str]
    nested: ClassVar[bool] = False
    label: ClassVar[tuple[str, str]]

    title: Title
    _origin: Origin = PrivateAttr()

    # Cached, since lists and relations ask for them hundreds of thousands of times,
    # and pydantic looks up private attributes slowly.

    @cached_property
    def id(self) -> str:
        return self._origin.id

    @cached_property
    def parent(self) -> str:
        return self._origin.parent

    @cached_property
    def site(self) -> str:
        """The id of the site that the record comes from; empty if it is our own."""
        return self._origin.site

    @cached_property
    def own_ref(self) -> str:
        """How records of the same site name this one: ``kreis-lippe``, or ``kreis-lippe/sprachmittlung`` if nested."""
        return f"{self.parent}/{self.id}" if self.nested else self.id

    @cached_property
    def ref(self) -> str:
        """How this record is named among all: ``own_ref``, behind the id of its site if that is another one."""
        return in_full(self.site, self.own_ref)

    @cached_property
    def key(self) -> tuple[str, str]:
        return self.kind, self.ref

    @cached_property
    def path(self) -> str:
        """The record's file, relative to the project."""
        return self._origin.raw.path

    @cached_property
    def text(self) -> str:
        """The Markdown below the front matter."""
        return self._origin.raw.text

    @property
    def written(self) -> Mapping[str, Any]:
        """The front matter as its editor wrote it; all values are strings."""
        data: Any = self._origin.raw.data
        for key in self._origin.at:
            data = data[key]
        return dict(data)

    @cached_property
    def page_address(self) -> str:
        """Where the page stands on the site, without a leading and with a closing slash."""
        at_home = f"{self.address}/{self.own_ref}/"
        return f"{ABROAD}/{self.site}/{at_home}" if self.site else at_home

    @property
    def origin_address(self) -> str:
        """The full address of the page on the site that the record comes from; not known of our own records."""
        return f"{self._origin.home}{self.address}/{self.own_ref}/" if self.site else ""

    @cached_property
    def name(self) -> str:
        """The name for running text and lists."""
        return getattr(self, "short", None) or self.title

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All references of the record, in the order of its fields."""
        return tuple(_references(self))

    def text_line(self, words: str) -> int:
        """The line of the text in which ``words`` stand first."""
        return self._origin.raw.text_line + self.text[: max(self.text.find(words), 0)].count("\n")

    def line(self, path: Path = ()) -> int:
        """The line of a key, for messages."""
        return self._origin.raw.line((*self._origin.at, *path))


class Partner(Record):
    """An organisation that carries measures."""

    kind, folder, address, label = "partner", "partners", "partner", ("Partner", "Partner")

    title: Annotated[Line, Field(title="Titel", description="Voller Name der Organisation.")]
    short: Annotated[
        Line | None, Field(title="Kurzname", description="Name für Listen, höchstens 40 Zeichen.", max_length=40)
    ] = None
    summary: Summary
    type: Annotated[
        str, OneOf("organisation_types"), Field(title="Organisationsart", description="Art der Organisation.")
    ]
    place: Annotated[Line | None, Field(title="Ort", description="Ort oder Kreis, in dem die Organisation sitzt.")] = (
        None
    )
    region: Region = None
    website: Website = None
    member_of: Annotated[
        tuple[Membership, ...],
        Field(title="Mitgliedschaften", description="Netzwerke, denen die Organisation angehört."),
    ] = ()
    contacts: Contacts = ()
    documents: Documents = ()
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Other(Record):
    """An organisation that only takes part; one entry of ``partners/others.yml``."""

    kind, folder, address, label = "other", "partners", "organisationen", ("Organisation", "Organisationen")

    title: Annotated[Line, Field(title="Titel", description="Voller Name der Organisation.")]
    type: Annotated[
        str, OneOf("organisation_types"), Field(title="Organisationsart", description="Art der Organisation.")
    ]
    place: Annotated[Line | None, Field(title="Ort", description="Ort oder Kreis.")] = None
    website: Website = None


class Measure(Record):
    """What a partner does."""

    kind, folder, address, label = "measure", "measures", "massnahmen", ("Maßnahme", "Maßnahmen")
    nested = True

    summary: Summary
    category: Annotated[
        Id, RefersTo(("category",)), Field(title="Kategorie", description="Wozu die Maßnahme vor allem beiträgt.")
    ]
    category_inferred: Annotated[
        Flag, Field(title="Kategorie erschlossen", description="Ja, wenn das Dokument diese Kategorien nicht kennt.")
    ] = False
    status: Annotated[str, OneOf("status"), Field(title="Status", description="Stand der Umsetzung.")]
    status_inferred: Annotated[
        Flag, Field(title="Status erschlossen", description="Ja, wenn der Stand nur aus dem Wortlaut folgt.")
    ] = False
    period: Annotated[Date | None, Field(title="Zeitraum", description="Zeitpunkt oder Zeitraum der Maßnahme.")] = None
    period_inferred: Annotated[
        Flag, Field(title="Zeitraum erschlossen", description="Ja, wenn kein Dokument die Zeit nennt.")
    ] = False
    postponed_to: Annotated[
        Date | None,
        Field(title="Neuer Termin", description="Nur bei Status verschoben: auf wann, soweit ein Dokument es sagt."),
    ] = None
    target_groups: Annotated[
        tuple[Annotated[str, OneOf("target_groups")], ...],
        Field(title="Zielgruppen", description="Für wen die Maßnahme ist.", min_length=1),
    ]
    formats: Annotated[
        tuple[Annotated[str, OneOf("formats")], ...],
        Field(title="Formate", description="Was getan wird.", min_length=1),
    ]
    offers: Annotated[
        tuple[Annotated[str, OneOf("offer_categories")], ...],
        Field(
            title="Angebotskategorien",
            description="Redaktionelle Zuordnung zu den Kategorien der Dortmunder Angebotskarte, für Angebote vor Ort.",
        ),
    ] = ()
    figures: Figures = ()
    languages: Annotated[
        tuple[Language, ...], Field(title="Sprachen", description="Sprachen, die benannt sind, als Kürzel nach BCP 47.")
    ] = ()
    cooperation: Annotated[
        tuple[Annotated[Id, RefersTo(ACTORS)], ...],
        Field(title="Zusammenarbeit", description="Organisationen, mit denen der Partner dabei zusammenarbeitet."),
    ] = ()
    networks: Annotated[
        tuple[Annotated[Id, RefersTo(("network",))], ...],
        Field(title="Netzwerke", description="Netzwerke, in denen die Maßnahme steht."),
    ] = ()
    field: Annotated[
        Id | None,
        RefersTo(("field",)),
        Field(title="Handlungsfeld", description="Handlungsfeld eines Programms, zu dem sie gehört."),
    ] = None
    phase: Annotated[
        Ref | None,
        RefersTo(("phase",)),
        Field(
            title="Phase",
            description="Phase eines Programms, in die sie fällt.",
        ),
    ] = None
    indicators: Annotated[
        tuple[Annotated[Id, RefersTo(("indicator",))], ...],
        Field(title="Indikatoren", description="Kernindikatoren, denen die Redaktion sie zuordnet."),
    ] = ()
    continues: Annotated[
        Ref | None,
        RefersTo(("measure",)),
        Field(title="Setzt fort", description="Maßnahme, die hier unter einer anderen Kategorie weitergeführt wird."),
    ] = None
    contacts: Contacts = ()
    documents: Documents = ()
    adopted_from: Annotated[
        AdoptedFrom | None,
        Field(title="Übernommen von", description="Maßnahme einer anderen Wissensbasis, die das Muster ist."),
    ] = None
    best_practice: Annotated[
        BestPractice | None, Field(title="Gute Praxis", description="Stufe, Begründung und Beleg.")
    ] = None
    sources: Sources
    source_note: SourceNote = None
    reports: Annotated[
        tuple[YearReport, ...],
        Field(
            title="Berichtsjahre",
            description="Der Stand in jedem Berichtsjahr, das älteste zuerst. Status und Zahlen darüber sagen, "
            "was jetzt gilt.",
        ),
    ] = ()
    einfach: Annotated[
        Text | None,
        Field(
            title="In einfacher Sprache",
            description="Derselbe Inhalt in einfachen, kurzen Sätzen, von Menschen geschrieben; dazwischen Leerzeilen.",
            max_length=2000,
        ),
    ] = None
    checked: Annotated[
        Date | None,
        Field(title="Zuletzt geprüft", description="Tag, an dem der Partner die Angaben zuletzt geprüft hat."),
    ] = None
    aliases: Aliases = ()

    @cached_property
    def partner(self) -> str:
        """The reference of the partner, after whom the folder is named."""
        return in_full(self.site, self.parent)


class Category(Record):
    """A field of work under which the network's report gathers measures."""

    kind, folder, address, label = "category", "docs/kategorien", "kategorien", ("Kategorie", "Kategorien")

    order: Order
    summary: Summary
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Network(Record):
    """An alliance, programme or body in which organisations work together."""

    kind, folder, address, label = "network", "docs/netzwerke", "netzwerke", ("Netzwerk", "Netzwerke")

    short: Annotated[Line | None, Field(title="Kurzname", description="Name für Listen.", max_length=60)] = None
    network_kind: Annotated[
        str, OneOf("network_kinds"), Field(alias="kind", title="Art", description="Art des Netzwerks.")
    ]
    summary: Summary
    founded: Annotated[Date | None, Field(title="Gegründet", description="Jahr oder Tag der Gründung.")] = None
    region: Region = None
    members: Annotated[
        tuple[Annotated[Id, RefersTo(ACTORS)], ...],
        Field(
            title="Mitglieder", description="Mitglieder, die nicht schon in ihrer eigenen Datei unter member_of stehen."
        ),
    ] = ()
    unlisted_members: Annotated[
        tuple[Line, ...],
        Field(title="Weitere Mitglieder", description="Mitglieder ohne eigenen Datensatz, im Klartext."),
    ] = ()
    figures: Figures = ()
    website: Website = None
    contacts: Contacts = ()
    documents: Documents = ()
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Phase(Record):
    """A stretch of time of a programme: what was to be done, why and with whom."""

    kind, folder, address, label = "phase", "docs/phasen", "phasen", ("Phase", "Phasen")
    nested = True

    programme: Programme
    order: Order
    period: Annotated[Date, Field(title="Zeitraum", description="Von wann bis wann.")]
    summary: Summary
    goals: Annotated[tuple[Line, ...], Field(title="Ziele", description="Was erreicht werden sollte.")] = ()
    steps: Annotated[tuple[Line, ...], Field(title="Schritte", description="Was getan werden sollte.")] = ()
    partners: Annotated[
        tuple[Annotated[Id, RefersTo(ACTORS_AND_NETWORKS)], ...],
        Field(title="Beteiligte", description="Organisationen und Netzwerke, die für diese Phase genannt sind."),
    ] = ()
    builds_on: Annotated[
        Ref | None,
        RefersTo(("phase",)),
        Field(title="Baut auf", description="Phase, deren Beteiligte übernommen werden."),
    ] = None
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class ActionField(Record):
    """A field of action of a programme, with its goals."""

    kind, folder, address, label = (
        "field",
        "docs/handlungsfelder",
        "handlungsfelder",
        ("Handlungsfeld", "Handlungsfelder"),
    )

    programme: Programme
    order: Order
    summary: Summary
    goals: Annotated[tuple[Line, ...], Field(title="Ziele", description="Oberziele.")] = ()
    subgoals: Annotated[tuple[Line, ...], Field(title="Unterziele", description="Einzelne Ziele.")] = ()
    figures: Figures = ()
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Indicator(Record):
    """A core indicator by which the Land looks at its own progress."""

    kind, folder, address, label = "indicator", "docs/indikatoren", "indikatoren", ("Indikator", "Indikatoren")

    order: Order
    summary: Summary
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Source(Record):
    """A public document on which statements rest."""

    kind, folder, address, label = "source", "docs/quellen", "quellen", ("Quelle", "Quellen")

    publisher: Annotated[Line, Field(title="Herausgeber", description="Wer das Dokument veröffentlicht hat.")]
    date: Annotated[Date, Field(title="Datum", description="Erscheinungsdatum oder Berichtszeitraum.")]
    summary: Summary
    reference: Annotated[Line | None, Field(title="Aktenzeichen", description="Nummer der Drucksache oder Anlage.")] = (
        None
    )
    url: Annotated[
        WebAddress | None,
        Field(title="Adresse", description="Wo das Dokument oder seine Auskunftsstelle im Netz zu finden ist."),
    ] = None
    licence: Annotated[
        Line | None, Field(title="Lizenz", description="Unter welchen Bedingungen es weiterverwendet werden darf.")
    ] = None
    sections: Annotated[
        tuple[Section, ...], Field(title="Abschnitte", description="Abschnitte, auf die sich Belege beziehen.")
    ] = ()
    source_note: SourceNote = None
    aliases: Aliases = ()


class Lesson(Record):
    """What practitioners reported at an exchange: what went well, what was hard, what is missing."""

    kind, folder, address, label = "lesson", "docs/erfahrungen", "erfahrungen", ("Erfahrung", "Erfahrungen")

    question: Annotated[Line, Field(title="Frage", description="Die Frage, auf die geantwortet wurde.")]
    group: Annotated[str, OneOf("lesson_groups"), Field(title="Gruppe", description="Worum es in der Antwort geht.")]
    mentions: Annotated[Count, Field(title="Nennungen", description="Wie oft die Antwort gegeben wurde.")]
    municipalities: Annotated[
        tuple[Line, ...], Field(title="Kommunen", description="Kommunen, die die Antwort gaben, soweit genannt.")
    ] = ()
    answers: Annotated[
        tuple[Annotated[Ref, RefersTo(ANSWERS)], ...],
        Field(
            title="Was es dazu gibt",
            description="Maßnahmen, Netzwerke und Organisationen, die die Redaktion zuordnet.",
        ),
    ] = ()
    summary: Summary
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Decision(Record):
    """A meeting of a public body with its items and results."""

    kind, folder, address, label = "decision", "docs/beschluesse", "beschluesse", ("Sitzung", "Sitzungen")

    body: Annotated[Line, Field(title="Gremium", description="Wer beraten hat.")]
    place: Annotated[Line | None, Field(title="Ort", description="Ort des Gremiums.")] = None
    date: Annotated[Date, Field(title="Datum", description="Tag der Sitzung.")]
    summary: Summary
    items: Annotated[
        tuple[AgendaItem, ...], Field(title="Punkte", description="Tagesordnungspunkte mit Ergebnis.", min_length=1)
    ]
    figures: Figures = ()
    sources: Sources
    source_note: SourceNote = None
    aliases: Aliases = ()


class Contact(Record):
    """Where to turn to: an office with its mailbox, rather than a person with hers."""

    kind, folder, address, label = "contact", "docs/kontakte", "kontakte", ("Kontakt", "Kontakte")

    summary: Summary
    organisation: Annotated[
        Id,
        RefersTo(ACTORS_AND_NETWORKS),
        Field(title="Organisation", description="Organisation oder Netzwerk, zu dem die Stelle gehört."),
    ]
    person: Annotated[
        Line | None,
        Field(
            title="Name",
            description="Nur, wer für eine Behörde nach außen handelt oder wer eingewilligt hat; besser niemand.",
        ),
    ] = None
    function: Annotated[
        Line | None, Field(title="Funktion", description="Amt oder Aufgabe, in der die Person hier genannt wird.")
    ] = None
    email: EmailAddress = None
    phone: Annotated[
        Phone | None, Field(title="Telefon", description="Nummer der Stelle mit Vorwahl, am besten die zentrale.")
    ] = None
    website: Annotated[
        WebAddress | None, Field(title="Webseite", description="Seite oder Formular, über das man die Stelle erreicht.")
    ] = None
    topics: Topics = ()
    place: Annotated[Line | None, Field(title="Ort", description="Ort oder Kreis, wenn er vom Sitz abweicht.")] = None
    region: Region = None
    consent: Annotated[
        Consent | None,
        Field(title="Einwilligung", description="Nötig, wenn eine Person außerhalb der Verwaltung genannt wird."),
    ] = None
    sources: Annotated[
        tuple[Evidence, ...],
        Field(title="Belege", description="Dokumente, in denen die Angaben stehen; sonst checked angeben."),
    ] = ()
    source_note: SourceNote = None
    checked: Checked = None
    aliases: Aliases = ()


class Speaker(Record):
    """Somebody who gives talks or workshops, by the person's own statement: consent takes the place of sources."""

    kind, folder, address, label = (
        "speaker",
        "docs/referierende",
        "referierende",
        ("Referentin oder Referent", "Referierende"),
    )

    title: Annotated[Line, Field(title="Name", description="Name der Person, wie sie genannt werden möchte.")]
    summary: Summary
    organisation: Annotated[
        Id | None,
        RefersTo(ACTORS_AND_NETWORKS),
        Field(title="Organisation", description="Organisation, für die die Person spricht, falls es eine gibt."),
    ] = None
    topics: Annotated[
        tuple[Annotated[str, OneOf("topics")], ...],
        Field(title="Themen", description="Themen, zu denen die Person spricht.", min_length=1),
    ]
    subjects: Annotated[
        tuple[Line, ...], Field(title="Vorträge", description="Titel von Vorträgen und Schulungen, je eine Zeile.")
    ] = ()
    formats: Annotated[
        tuple[Annotated[str, OneOf("speaker_formats")], ...],
        Field(title="Formate", description="Was die Person anbietet.", min_length=1),
    ]
    regions: Annotated[
        tuple[Annotated[str, OneOf("regions")], ...],
        Field(title="Regionen", description="Wohin die Person kommt.", min_length=1),
    ]
    online: Annotated[Flag, Field(title="Auch online", description="Ja, wenn es auch als Videokonferenz geht.")] = False
    languages: Annotated[
        tuple[Language, ...],
        Field(title="Sprachen", description="Sprachen, in denen die Person spricht, als Kürzel nach BCP 47."),
    ] = ()
    fee: Annotated[str, OneOf("fees"), Field(title="Honorar", description="Ob es etwas kostet.")]
    conditions: Annotated[
        Line | None, Field(title="Bedingungen", description="Was vor Ort gebraucht wird oder sonst zu wissen ist.")
    ] = None
    contact: Annotated[
        Id | None, RefersTo(("contact",)), Field(title="Kontakt", description="Stelle, über die man anfragt.")
    ] = None
    email: Annotated[
        Email | None,
        Field(title="E-Mail", description="Adresse für Anfragen, die die Person veröffentlicht haben will."),
    ] = None
    website: Annotated[WebAddress | None, Field(title="Webseite", description="Eigene Seite oder Formular.")] = None
    consent: Annotated[
        Consent,
        Field(title="Einwilligung", description="Die Person hat zugestimmt; das ist zugleich der Beleg der Angaben."),
    ]
    checked: Checked = None
    aliases: Aliases = ()


class Document(Record):
    """A publication that others can use: who made it, what it is, where it is, and what one may do with it."""

    kind, folder, address, label = "document", "docs/dokumente", "dokumente", ("Dokument", "Dokumente")

    document_kind: Annotated[
        str, OneOf("document_kinds"), Field(alias="kind", title="Art", description="Art des Dokuments.")
    ]
    summary: Summary
    publisher: Annotated[
        Id,
        RefersTo(ACTORS_AND_NETWORKS),
        Field(title="Herausgeber", description="Organisation oder Netzwerk, das es veröffentlicht hat."),
    ]
    date: Annotated[
        Date | None, Field(title="Datum", description="Wann es erschienen ist oder welche Zeit es betrifft.")
    ] = None
    url: Annotated[
        WebAddress | None,
        Field(title="Adresse", description="Wo es im Netz steht; die Datei selbst liegt nicht in dieser Wissensbasis."),
    ] = None
    languages: Annotated[
        tuple[Language, ...], Field(title="Sprachen", description="Sprachen, in denen es vorliegt, nach BCP 47.")
    ] = ()
    rights: Annotated[
        str, OneOf("document_rights"), Field(title="Rechte", description="Wer es wie weiterverwenden darf.")
    ]
    rights_note: Annotated[
        Line | None, Field(title="Zu den Rechten", description="Nennung, Einschränkung oder Fundstelle der Lizenz.")
    ] = None
    topics: Topics = ()
    sources: Annotated[
        tuple[Evidence, ...],
        Field(title="Belege", description="Dokumente, die es erwähnen; nötig, wenn die Adresse fehlt."),
    ] = ()
    source_note: SourceNote = None
    checked: Checked = None
    aliases: Aliases = ()


class Page(Record):
    """A hand-written page in docs/, with a list or picture below its text if it names a view."""

    kind, folder, address, label = "page", "docs", "", ("Seite", "Seiten")

    summary: Summary
    view: Annotated[
        Line | None, Field(title="Ansicht", description="Name der Liste oder Übersicht, die unter dem Text steht.")
    ] = None
    with_federation: Annotated[
        Flag,
        Field(
            title="Mit anderen Wissensbasen",
            description="Nur für Jahresberichte: ob auch andere Wissensbasen zu Wort kommen, getrennt gezählt.",
        ),
    ] = False
    aliases: Aliases = ()

    @cached_property
    def page_address(self) -> str:
        stem = self.path.removeprefix("docs/").removesuffix(".md")
        return "" if stem == "index" else f"{stem.removesuffix('/index')}/"

    @cached_property
    def ref(self) -> str:
        return self.path.removeprefix("docs/").removesuffix(".md")


KINDS: Mapping[str, type[Record]] = types.MappingProxyType(
    {
        cls.kind: cls
        for cls in (
            Partner,
            Other,
            Measure,
            Category,
            Network,
            Phase,
            ActionField,
            Indicator,
            Source,
            Lesson,
            Decision,
            Contact,
            Speaker,
            Document,
            Page,
        )
    }
)


@cache
def fields_by_key(model: type[BaseModel]) -> dict[str, Any]:
    """Key as editors write it -> pydantic's description of the field, in the order of the class."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def kept_in(kinds: Iterable[str]) -> str:
    """Where the records of these kinds lie, in German: ``partners/ oder partners/others.yml``."""
    return " oder ".join(f"{Other.folder}/others.yml" if k == Other.kind else f"{KINDS[k].folder}/" for k in kinds)


def part_of(annotation: Any) -> type[Part] | None:
    """The ``Part`` that an annotation such as ``tuple[Figure, ...]`` or ``BestPractice | None`` holds."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((found for arg in get_args(annotation) if (found := part_of(arg))), None)


def _references(record: Record) -> Iterator[Reference]:
    for key, attribute, kinds, part in _reference_fields(type(record)):
        value = getattr(record, attribute)
        yield from _references_in(record, key, (key,), value, kinds, part)


def _references_in(
    record: Record, field: str, path: Path, value: Any, kinds: tuple[str, ...], part: type[Part] | None
) -> Iterator[Reference]:
    if value is None:
        return
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _references_in(record, field, (*path, index), item, kinds, part)
    elif part is not None:
        for key, attribute, inner_kinds, inner in _reference_fields(part):
            yield from _references_in(record, field, (*path, key), getattr(value, attribute), inner_kinds, inner)
    else:
        yield Reference(field, path, kinds, absolute(record, kinds, value))


def absolute(record: Record, kinds: tuple[str, ...], ref: str) -> str:
    """The full reference: a nested record may be named without its parent by its siblings."""
    site, colon, own = ref.rpartition(":")
    sibling = record.nested and kinds == (record.kind,) and "/" not in own
    return f"{site}{colon}{record.parent}/{own}" if sibling else ref


@cache
def _reference_fields(model: type[BaseModel]) -> tuple[tuple[str, str, tuple[str, ...], type[Part] | None], ...]:
    found = []
    for name, info in model.model_fields.items():
        part = part_of(info.annotation)
        refers = marker(info.annotation, info.metadata, RefersTo)
        if refers or (part and _reference_fields(part)):
            found.append((info.alias or name, name, refers.kinds if refers else (), part))
    return tuple(found)
