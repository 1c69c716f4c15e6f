"""What a reader could stumble over: hints for editors that never fail a build.

A rule belongs here when breaking it may be right. Such a case is allowed in
``editorial.yml`` with its reason; an entry that nothing needs any more is itself
a hint, so that the list does not grow old.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

from catalog import adoption, persons, store
from catalog.atlas import atlas
from catalog.conversion import ConversionError
from catalog.dates import parse
from catalog.fields import figure_numbers
from catalog.links import targets
from catalog.model import AdoptedFrom, Contact, Figure, Measure, Other, Partner, Record, Source, Speaker
from catalog.problems import Problem
from catalog.store import Catalog
from catalog.vocabulary import nearest

FILE = "editorial.yml"
WORDS = range(25, 201)
# After so many years a person is asked again.
CONSENT_YEARS = 3

# A title or role before a name; names without one cannot be told from other nouns in German.
_TITLES = {"herr", "herrn", "frau", "dr.", "prof."}
_ROLES = (
    "minister", "staatssekretär", "bürgermeister", "oberbürgermeister", "präsident", "polizeipräsident", "landrat",
    "leiter", "referent", "autor", "moderator", "vorsitzende", "vorsitzender", "geschäftsführer", "professor",
    "beauftragte", "beauftragter", "sprecher", "trainer", "musiker", "journalist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allowed:
    """What ``editorial.yml`` allows: host, name, way of contact or address of an original -> reason; their lines."""

    hosts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def review(root: Path, catalog: Catalog, on: datetime.date | None = None) -> list[Problem]:
    """All hints for a project, sorted.

    Args:
        root: the project folder.
        catalog: its records.
        on: the day for which it is asked what is old; without it nothing is.
    """
    allowed, found = _allowed(root)
    used: set[str] = set()
    for record in catalog:
        for check in CHECKS:
            found += check(catalog, record)
        found += original_elsewhere(catalog, record, allowed, used)
        found += foreign_host(catalog, record, allowed, used)
        found += person(record, allowed, used)
        found += personal_way(catalog, record, allowed, used)
        found += old_consent(record, on)
    return sorted({*found, *_unused(allowed, used)})


def length(catalog: Catalog, record: Record) -> Iterator[Problem]:
    """A measure's text has 25 to 200 words."""
    words = len(record.text.split())
    if isinstance(record, Measure) and words not in WORDS and len(re.findall(r"\w+", record.text)) not in WORDS:
        yield _in_text(record, "", f"Der Text hat {words} Wörter.", "Vorgesehen sind 25 bis 200.")


def number_in_text(catalog: Catalog, record: Record) -> Iterator[Problem]:
    """A number in the text that counts the same as a figure has the figure's value."""
    figures: tuple[Figure, ...] = getattr(record, "figures", ())
    for unit in sorted({figure.unit for figure in figures if figure.unit.isalpha()}):
        known = {
            str(Decimal(part)) for figure in figures if figure.unit == unit for part in figure_numbers(figure.value)
        }
        for written, number in _counted(record.text, unit):
            if number not in known:
                wrong = f"Der Text nennt {written} {unit}, die Zahlen nennen das nicht."
                yield _in_text(record, f"{written} {unit}", wrong, "Bitte Text und figures abgleichen.")


def plan_in_the_past(catalog: Catalog, record: Record) -> Iterator[Problem]:
    """What is planned does not lie before its document."""
    if not (isinstance(record, Measure) and record.status == "geplant" and record.period):
        return
    end = parse(record.period).end
    documents = [catalog.of("source").get(evidence.document) for evidence in record.sources]
    starts = [span.start for d in documents if isinstance(d, Source) and (span := parse(d.date)).start]
    if end and starts and end.last_day < min(start.first_day for start in starts):
        wrong = f"„{record.period}“ liegt vor dem Dokument, der Status ist aber „geplant“."
        yield Problem(record.path, record.line(("period",)), "period", wrong, "Bitte Status oder Zeitraum prüfen.")


def place_on_map(catalog: Catalog, record: Record) -> Iterator[Problem]:
    """An organisation's place is on the map, unless it is a whole region."""
    if not (isinstance(record, Partner | Other | Contact) and record.place) or record.place in atlas().places:
        return
    if record.place in {term.label for term in catalog.vocabulary["regions"].values()}:
        return
    meant = nearest(record.place, {name.casefold(): name for name in atlas().places})
    hint = f"Meinten Sie „{meant}“?" if meant else "Bitte den Namen der Gemeinde oder des Kreises eintragen."
    wrong = f"„{record.place}“ steht nicht auf der Karte von Nordrhein-Westfalen."
    yield Problem(record.path, record.line(("place",)), "place", wrong, hint)


def original_elsewhere(catalog: Catalog, record: Record, allowed: Allowed, used: set[str]) -> Iterator[Problem]:
    """The measure of another site after which one is modelled is there, as it was when an editor last looked."""
    if not isinstance(record, Measure) or record.adopted_from is None:
        return
    address = adoption.address(record.adopted_from)
    told = _of_original(catalog, record, record.adopted_from)
    if told is None:
        return
    used.add(address)
    if address not in allowed.originals:
        yield Problem(record.path, record.line(("adopted_from",)), "adopted_from (Übernommen von)", *told)


def _of_original(catalog: Catalog, record: Measure, adopted: AdoptedFrom) -> tuple[str, str] | None:
    """Message and hint about the original of a measure; ``None`` if there is nothing to say."""
    keep = f"{FILE} kann den Fall unter originals mit Adresse und Grund festhalten."
    if adoption.is_gone(catalog.foreign, adopted):
        return f"Das Original „{adopted.url}“ ist dort nicht mehr zu finden.", f"Bitte adopted_from löschen; {keep}"
    original = adoption.original_of(catalog.foreign, adopted)
    if original is None:
        return None
    seen = (
        f"Bitte ansehen, was davon hier gilt ({original.path}, früher: git log -p), "
        f"dann scripts/adopt.py --seen {record.ref} aufrufen; {keep}"
    )
    if adopted.version is None:
        return f"Zum Original „{adopted.url}“ ist kein Stand festgehalten.", seen
    told = "; ".join(change.told for change in adoption.changes(record, original))
    return (f"Das Original wurde seitdem geändert: {told}.", seen) if told else None


def foreign_host(catalog: Catalog, record: Record, allowed: Allowed, used: set[str]) -> Iterator[Problem]:
    """A link in a text leads to another host only if ``editorial.yml`` names that host, or it is another site's."""
    neighbours = {_host(snapshot.manifest.url) for snapshot in catalog.foreign.values() if snapshot.manifest}
    for host in filter(None, map(_host, _links(record))):
        used.add(host)
        if host not in allowed.hosts and host not in neighbours:
            hint = f"Ist das gewollt, den Host mit Grund in {FILE} unter hosts eintragen."
            yield _in_text(record, host, f"Der Link führt zu „{host}“.", hint)


def _links(record: Record) -> list[str]:
    """Where the links of a text lead; none if it cannot be converted, which the check has said already."""
    try:
        return targets(record.text)
    except ConversionError:
        return []


def _host(target: str) -> str | None:
    try:
        return urlsplit(target).hostname
    except ValueError:  # such as https://[a]
        return None


def person(record: Record, allowed: Allowed, used: set[str]) -> Iterator[Problem]:
    """A person is named only if ``editorial.yml`` names the office."""
    for name in _names(record.text):
        used.add(name)
        if name not in allowed.names:
            hint = f"Bitte durch die Funktion ersetzen; ein öffentliches Amt mit Grund in {FILE} unter names eintragen."
            yield _in_text(record, name, f"„{name}“ sieht aus wie der Name einer Person.", hint)


def personal_way(catalog: Catalog, record: Record, allowed: Allowed, used: set[str]) -> Iterator[Problem]:
    """A contact gives the mailbox and the number of an office, unless ``editorial.yml`` says why it looks otherwise."""
    for key, value, why in persons.personal_ways(catalog, record) if isinstance(record, Contact) else ():
        used.add(value)
        if value not in allowed.ways:
            hint = (
                "Besser ist der Weg zur Stelle, der bleibt, wenn jemand geht. "
                f"Gehört er doch der Stelle, bitte mit Grund in {FILE} unter ways eintragen; sonst consent angeben."
            )
            yield Problem(record.path, record.line((key,)), key, f"„{value}“ {why}.", hint)


def old_consent(record: Record, on: datetime.date | None) -> Iterator[Problem]:
    """A consent is asked for anew after some years."""
    consent = record.consent if isinstance(record, Contact | Speaker) else None
    given = parse(consent.given).start if consent and on else None
    if (
        given
        and on
        and (given.first_day.year + CONSENT_YEARS, given.first_day.month, given.first_day.day)
        <= (
            on.year,
            on.month,
            on.day,
        )
    ):
        wrong = f"Die Einwilligung ist älter als {CONSENT_YEARS} Jahre."
        hint = "Bitte die Person fragen, ob sie noch gilt, und given erneuern, oder die Angaben entfernen."
        yield Problem(record.path, record.line(("consent", "given")), "consent.given", wrong, hint)


CHECKS: tuple[Callable[[Catalog, Record], Iterator[Problem]], ...] = (
    length,
    number_in_text,
    plan_in_the_past,
    place_on_map,
)


_LISTS = ("hosts", "names", "ways", "originals")


def _allowed(root: Path) -> tuple[Allowed, list[Problem]]:
    raw, problems = store.read_optional(root, FILE)
    if raw is None:
        return Allowed(), problems
    lists = {name: raw.data.get(name) or {} for name in _LISTS}
    for name, entries in lists.items():
        if not isinstance(entries, dict) or not all(isinstance(reason, str) and reason for reason in entries.values()):
            wrong = "Jeder Eintrag braucht einen Grund."
            problems.append(Problem(FILE, raw.line((name,)), name, wrong, "Bitte „Eintrag: Grund“ schreiben."))
            lists[name] = {}
    lines = {entry: raw.line((name, entry)) for name, entries in lists.items() for entry in entries}
    return Allowed(**lists, lines=lines), problems


def _unused(allowed: Allowed, used: set[str]) -> Iterator[Problem]:
    wrong = "Dieser Eintrag wird nicht mehr gebraucht."
    for entry in (*allowed.hosts, *allowed.names, *allowed.ways, *allowed.originals):
        if entry not in used:
            yield Problem(FILE, allowed.lines[entry], entry, wrong, "Bitte löschen.")


def _counted(text: str, unit: str) -> Iterator[tuple[str, str]]:
    """The numbers that stand directly before the unit in a text: as written, and as figures write them."""
    for before, word in zip(words := text.split(), words[1:], strict=False):
        if word.strip(".,;:()").casefold() == unit.casefold():
            written = before.strip("(")
            try:
                yield written, str(Decimal(written.replace(".", "").replace(",", ".")))
            except InvalidOperation:
                continue


def _names(text: str) -> Iterator[str]:
    """Words that follow a title or a role and look like a name."""
    words = [word.strip(",;:()„“") for word in text.split()]
    for index, word in enumerate(words):
        following = words[index + 1 : index + 3]
        title = word.casefold() in _TITLES
        role = word.casefold().removesuffix("in") in _ROLES
        if following and title and _is_name(following[0]):
            yield following[0].rstrip(".")
        elif role and len(following) == 2 and all(map(_is_name, following)):
            yield " ".join(following).rstrip(".")


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word[1:].rstrip(".").replace("-", "").isalpha() and not word.isupper()


def _in_text(record: Record, words: str, message: str, hint: str) -> Problem:
    return Problem(record.path, record.text_line(words), "", message, hint)
