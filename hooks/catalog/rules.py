"""What one record cannot know: whether references lead somewhere, and whether names are free.

Each rule is a small generator; its docstring is the rule. Rules see only records
that are valid in themselves.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import get_origin

from catalog import conversion, naming, persons, progress, store, vocabulary
from catalog.dates import parse
from catalog.fields import line_ranges
from catalog.frontmatter import Path
from catalog.links import is_readable, relative_link, repository_path, targets
from catalog.model import (
    ACTORS_AND_NETWORKS,
    Contact,
    Document,
    Evidence,
    Measure,
    Network,
    Origin,
    Page,
    Partner,
    Phase,
    Record,
    Source,
    Speaker,
    YearReport,
    fields_by_key,
    part_of,
)
from catalog.problems import DropItem, KeepYear, Problem, Remedy, SetValue
from catalog.reading import field_name
from catalog.store import OTHERS, Catalog

Rule = Callable[[Catalog], Iterator[Problem]]
# For so many missing records what was meant is looked for; a file with hundreds of them would keep a check waiting.
SUGGESTIONS = 10


def load(
    root: FilePath,
    views: Collection[str],
    progress: Callable[[list[str]], Iterable[str]] = iter,
    proposed: store.Proposed = MappingProxyType({}),
) -> tuple[Catalog, list[Problem]]:
    """Read and check a project.

    Args:
        root: the project folder.
        views: names that a page may give as ``view``.
        progress: wraps the list of paths while they are read.
        proposed: files that are read in place of, or in addition to, those of the folder: path -> content.

    Returns:
        What can be used in spite of the problems, and all problems in their order.
    """
    catalog, found = store.load(root, progress, proposed)
    broken = {*found, *check(catalog, views)}
    # A dead link takes no page off a preview.
    return (usable(catalog, broken) if broken else catalog), sorted({*broken, *link_leads_somewhere(catalog)})


def check(catalog: Catalog, views: Collection[str]) -> list[Problem]:
    """All problems between records, unsorted.

    Args:
        catalog: what ``store.load`` returned.
        views: names that a page may give as ``view``.
    """
    found = [problem for rule in RULES for problem in rule(catalog)]
    return found + list(known_views(catalog, views))


def usable(catalog: Catalog, problems: Collection[Problem]) -> Catalog:
    """The catalogue without broken records and without measures that lost partner or category.

    Other references to a missing record are simply not shown, so that one
    broken network does not take all its members off a preview.
    """
    broken = {problem.path for problem in problems} - {OTHERS}
    kept = catalog.without(lambda record: record.path in broken)
    return kept.without(
        lambda record: (
            isinstance(record, Measure)
            and not (kept.of("partner").get(record.partner) and kept.of("category").get(record.category))
        )
    )


def reference_exists(catalog: Catalog) -> Iterator[Problem]:
    """A reference names a record that exists."""
    told = 0
    for record in catalog:
        for reference in record.references:
            if reference.ref not in catalog.broken and catalog.find(reference.kinds, reference.ref) is None:
                told += 1
                wrong = no_such_record(catalog, reference.kinds, reference.ref, suggest=told <= SUGGESTIONS)
                yield _problem(record, reference.path, *wrong)


def folder_has_partner(catalog: Catalog) -> Iterator[Problem]:
    """A folder below measures/ is named after a partner."""
    folders = {measure.parent for measure in catalog.of("measure").values()}
    for folder in sorted(folders - catalog.of("partner").keys() - catalog.broken):
        meant = vocabulary.nearest(folder, {ref: ref for ref in catalog.of("partner")})
        hint = (
            f"Meinten Sie „{meant}“? Sonst bitte partners/{folder}.md anlegen."
            if meant
            else f"Bitte partners/{folder}.md anlegen."
        )
        yield Problem(f"measures/{folder}", 1, "", f"Zum Ordner „{folder}“ gibt es keinen Partner.", hint)


def folder_is_programme(catalog: Catalog) -> Iterator[Problem]:
    """A phase lies in the folder of its programme."""
    for phase in catalog.of("phase").values():
        if isinstance(phase, Phase) and phase.programme != phase.parent:
            yield _problem(
                phase,
                ("programme",),
                f"„{phase.programme}“ passt nicht zum Ordner „{phase.parent}“.",
                f"Bitte die Datei nach docs/phasen/{phase.programme}/ legen oder das Programm ändern.",
            )


def id_is_unique(catalog: Catalog) -> Iterator[Problem]:
    """Partners, other organisations and networks share one set of ids, since references do not say which is meant."""
    owner: dict[str, Record] = {}
    for kind in ACTORS_AND_NETWORKS:
        for ref, record in catalog.of(kind).items():
            if ref in owner:
                yield _problem(
                    record,
                    (),
                    f"Die Kennung „{ref}“ ist schon vergeben: {owner[ref].path}.",
                    "Bitte eine der beiden umbenennen oder löschen.",
                )
            owner.setdefault(ref, record)


def address_is_unique(catalog: Catalog) -> Iterator[Problem]:
    """An address belongs to one page; a former one (``aliases``) is neither in use nor claimed twice."""
    owner = dict(_generated(catalog))
    for record in catalog:
        address = record.page_address
        if address in owner:
            wrong = f"Die Adresse „/{address}“ gehört schon zu {owner[address]}."
            yield _problem(record, (), wrong, "Bitte eine der beiden Dateien umbenennen oder verschieben.")
        owner.setdefault(address, record.path)
    for record in catalog:
        for index, alias in enumerate(getattr(record, "aliases", ())):
            address = f"{alias}/"
            if address in owner:
                wrong = f"„{alias}“ gehört schon zu {owner[address]}."
                yield _problem(record, ("aliases", index), wrong, "Bitte entfernen.")
            owner.setdefault(address, record.path)


def address_is_free(catalog: Catalog) -> Iterator[Problem]:
    """No page and no former address stands where only the build writes."""
    for record in catalog:
        if taken := naming.reserved(record.page_address):
            wrong = f"„{taken}“ in der Adresse „/{record.page_address}“ ist der Website selbst vorbehalten."
            yield _problem(record, (), wrong, "Bitte die Datei umbenennen oder verschieben.")
        for index, alias in enumerate(getattr(record, "aliases", ())):
            if taken := naming.reserved(alias):
                wrong = f"„{taken}“ in „{alias}“ ist der Website selbst vorbehalten."
                yield _problem(record, ("aliases", index), wrong, "Bitte entfernen.")


def no_repetition(catalog: Catalog) -> Iterator[Problem]:
    """A list names a value once."""
    for record in catalog:
        for key, attribute in _lists_of_words(type(record)):
            seen = set()
            for index, value in enumerate(getattr(record, attribute)):
                if value in seen:
                    yield _problem(
                        record,
                        (key, index),
                        f"„{value}“ steht zweimal in der Liste.",
                        "Bitte einmal entfernen.",
                        drop=True,
                    )
                seen.add(value)


def not_with_itself(catalog: Catalog) -> Iterator[Problem]:
    """A partner does not cooperate with itself."""
    for measure in catalog.of("measure").values():
        if isinstance(measure, Measure) and measure.partner in measure.cooperation:
            index = measure.cooperation.index(measure.partner)
            yield _problem(
                measure,
                ("cooperation", index),
                f"„{measure.partner}“ ist der Partner selbst.",
                "Bitte aus der Liste entfernen.",
                drop=True,
            )


def membership_once(catalog: Catalog) -> Iterator[Problem]:
    """A membership stands in one place: with the partner, or else with the network."""
    for partner in catalog.of("partner").values():
        for index, membership in enumerate(partner.member_of if isinstance(partner, Partner) else ()):
            network = catalog.of("network").get(membership.network)
            if isinstance(network, Network) and partner.id in network.members:
                yield _problem(
                    partner,
                    ("member_of", index),
                    f"Die Mitgliedschaft steht auch in {network.path}.",
                    f"Bitte dort „{partner.id}“ aus members entfernen.",
                )


def no_cycle(catalog: Catalog) -> Iterator[Problem]:
    """No record continues, or builds on, itself through others."""
    for kind, key in (("measure", "continues"), ("phase", "builds_on")):
        following = {
            record.ref: reference.ref
            for record in catalog.of(kind).values()
            for reference in record.references
            if reference.field == key
        }
        for ref, circle in _circles(following):
            yield _problem(
                catalog.of(kind)[ref],
                (key,),
                f"Die Verweise drehen sich im Kreis: {' → '.join((*circle, circle[0]))}.",
                "Bitte einen davon entfernen.",
            )


def section_exists(catalog: Catalog) -> Iterator[Problem]:
    """A quoted section belongs to the document, and the quoted lines lie inside it."""
    for record in catalog:
        for path, evidence in _evidence(record):
            source = catalog.of("source").get(evidence.document)
            if isinstance(source, Source):
                yield from _section(record, path, evidence, source)


def report_names_its_year(catalog: Catalog) -> Iterator[Problem]:
    """The page of an annual report is named after its year."""
    for page in catalog.of("page").values():
        if isinstance(page, Page) and page.view == "report" and not re.fullmatch(r"[0-9]{4}", page.id):
            yield _problem(
                page,
                ("view",),
                f"„{page.id}“ ist kein Jahr, zu dem es einen Bericht geben kann.",
                "Bitte die Datei nach dem Berichtsjahr nennen, zum Beispiel docs/bericht/2020.md.",
            )


def only_reports_name_others(catalog: Catalog) -> Iterator[Problem]:
    """Only an annual report can be asked to name what other sites report."""
    for page in catalog.all(Page):
        if page.with_federation and page.view != "report":
            yield _problem(
                page,
                ("with_federation",),
                f"Das gilt nur für Jahresberichte, nicht für die Ansicht „{page.view or 'ohne Liste'}“.",
                "Bitte die Angabe entfernen.",
            )


def known_views(catalog: Catalog, views: Collection[str]) -> Iterator[Problem]:
    """A page asks for a view that exists."""
    for page in catalog.of("page").values():
        if isinstance(page, Page) and page.view is not None and page.view not in views:
            yield _problem(page, ("view",), f"„{page.view}“ gibt es nicht.", f"Erlaubt: {', '.join(sorted(views))}.")


def new_date_of_postponed(catalog: Catalog) -> Iterator[Problem]:
    """Only a postponed measure has a new date."""
    for measure in catalog.of("measure").values():
        if isinstance(measure, Measure) and measure.postponed_to and measure.status != "verschoben":
            yield _problem(
                measure,
                ("postponed_to",),
                f"„{measure.postponed_to}“ passt nicht zum Status „{measure.status}“.",
                "Hat es zum neuen Termin stattgefunden, gehört er jetzt in den Zeitraum (period). "
                "Sonst bitte den Status „verschoben“ setzen oder die Angabe entfernen.",
            )


def years_in_order(catalog: Catalog) -> Iterator[Problem]:
    """Each reporting year stands once, the oldest first."""
    for measure, number, report in _reports(catalog):
        before = measure.reports[number - 1].year if number else 0
        if report.year <= before:
            wrong = "steht zweimal." if report.year == before else f"steht hinter {before}."
            hint = "Bitte jedes Jahr einmal nennen, das älteste zuerst."
            yield _problem(measure, ("reports", number, "year"), f"Das Berichtsjahr {report.year} {wrong}", hint)


def report_has_evidence(catalog: Catalog) -> Iterator[Problem]:
    """A report names a document, unless one of the measure is of its year or the partner has vouched for it."""
    for measure, number, report in _reports(catalog):
        vouched = progress.is_vouched_for(measure.checked, report.year)
        if not vouched and not progress.evidence(catalog, measure, report):
            hint = (
                "Bitte unter sources angeben, wo es steht, oder unter checked den Tag, "
                "an dem der Partner es bestätigt hat."
            )
            yield _problem(measure, ("reports", number), f"Für {report.year} fehlt der Beleg.", hint)


def document_covers_year(catalog: Catalog) -> Iterator[Problem]:
    """No document reports on a year after its own."""
    for measure, number, report in _reports(catalog):
        for index, entry in enumerate(report.sources):
            year = progress.document_year(catalog, entry.document)
            if year is not None and year < report.year:
                wrong = f"„{entry.document}“ reicht bis {year} und kann nicht über {report.year} berichten."
                path = ("reports", number, "sources", index, "document")
                yield _problem(measure, path, wrong, "Bitte Berichtsjahr oder Beleg berichtigen.")


def no_report_before_beginning(catalog: Catalog) -> Iterator[Problem]:
    """Before its period, a measure was at most planned; a single date may be one of several events, as of a prize."""
    for measure, number, report in _reports(catalog):
        span = parse(measure.period) if measure.period else None
        start = span.start if span and not span.single else None
        begun = catalog.vocabulary["status"][report.status].step >= progress.BEGUN
        if begun and start and report.year < start.year:
            wrong = f"{report.year} liegt vor dem Beginn ({measure.period}), der Status ist aber „{report.status}“."
            hint = "Bitte Jahr, Status oder Zeitraum berichtigen."
            yield _problem(measure, ("reports", number, "year"), wrong, hint)


def step_back_has_reason(catalog: Catalog) -> Iterator[Problem]:
    """Whoever postpones, cancels or gives up what was farther before says why."""
    for measure in _reported(catalog):
        states = progress.series(catalog, measure)
        numbers = {report.year: number for number, report in enumerate(measure.reports)}
        for before, after in pairwise(states):
            back = progress.step(catalog.vocabulary, before.status, after.status) < 0
            if back and not after.reason and after.year in numbers:
                wrong = f"Der Status geht von „{before.status}“ ({before.year}) auf „{after.status}“ zurück."
                hint = "Bitte unter reason in einem Satz den Grund nennen."
                yield _problem(measure, ("reports", numbers[after.year]), wrong, hint)


def earlier_year_is_kept(catalog: Catalog) -> Iterator[Problem]:
    """With a later year, the year of the measure's first document is written out too, or its state would be lost."""
    for measure in _reported(catalog):
        years = [report.year for report in measure.reports]
        implied = progress.implied_year(catalog, measure)
        if implied is None or implied in years or implied > max(years):
            continue
        wrong = f"Der Stand von {implied} fehlt und ginge verloren."
        hint = (
            f"Bitte „- year: {implied}“ mit Status und Zahlen dieses Jahres davorsetzen, so wie sie vor der Änderung "
            f"galten. scripts/new_report.py macht beides in einem Schritt."
        )
        # Only if the record does not follow the new report yet does it still say what held before.
        before = measure.status != measure.reports[-1].status
        place = sum(year < implied for year in years)
        remedy = KeepYear(("reports", place), str(implied), ("status", "figures")) if before else None
        yield _problem(measure, ("reports",), wrong, hint, remedy=remedy)


def latest_year_holds(catalog: Catalog) -> Iterator[Problem]:
    """Status and figures of a measure are those of its latest year."""
    for measure in _reported(catalog):
        latest = measure.reports[-1]
        if progress.series(catalog, measure)[-1].year != latest.year:
            continue
        if measure.status != latest.status:
            wrong = f"„{measure.status}“ ist nicht der Status des letzten Berichtsjahres ({latest.year})."
            remedy = SetValue(("status",), latest.status)
            yield _problem(measure, ("status",), wrong, f"Bitte „{latest.status}“ eintragen.", remedy=remedy)
        for number, figure in enumerate(latest.figures):
            if figure not in measure.figures:
                place = ("reports", len(measure.reports) - 1, "figures", number)
                wrong = f"„{figure.value} {figure.unit}“ fehlt unter den Zahlen der Maßnahme."
                hint = f"Bitte oben nachtragen oder hier weglassen; dann gelten für {latest.year} die Zahlen oben."
                yield _problem(measure, place, wrong, hint)


def _reported(catalog: Catalog) -> Iterator[Measure]:
    """Measures with reports, all of whose documents can be used; of others no year is certain."""
    for measure in catalog.all(Measure):
        cited = (*measure.sources, *(entry for report in measure.reports for entry in report.sources))
        if measure.reports and all(entry.document in catalog.of("source") for entry in cited):
            yield measure


def _reports(catalog: Catalog) -> Iterator[tuple[Measure, int, YearReport]]:
    for measure in _reported(catalog):
        yield from ((measure, number, report) for number, report in enumerate(measure.reports))


def person_may_be_named(catalog: Catalog) -> Iterator[Problem]:
    """A contact names a person only in an office, and outside of public administration only with consent."""
    for contact in catalog.all(Contact):
        if contact.person and not contact.function:
            hint = "Bitte unter function das Amt nennen, in dem die Person handelt, oder den Namen weglassen."
            yield _problem(contact, ("person",), f"„{contact.person}“ steht ohne Funktion.", hint)
        key = persons.needs_consent(catalog, contact)
        if key == "person":
            wrong = f"„{contact.person}“ wird ohne Einwilligung genannt."
            hint = f"„{contact.organisation}“ gilt nicht als Behörde. {_NAMED_IN_OFFICE} {_CONSENT}"
            yield _problem(contact, (key,), wrong, hint)
        elif key == "email":
            wrong = f"„{contact.email}“ ist kein dienstliches Postfach."
            yield _problem(contact, (key,), wrong, f"{_NAMED_IN_OFFICE} {_CONSENT}")


_NAMED_IN_OFFICE = (
    "Ohne Einwilligung dürfen nur Behörden ihre Beschäftigten mit Kontakt nach außen nennen, und nur mit der "
    "dienstlichen Erreichbarkeit (Bundesverwaltungsgericht, 2 B 131/07)."
)
_CONSENT = "Bitte nur Funktion und Postfach der Stelle nennen, oder consent mit given und scope eintragen."


def consent_holds(catalog: Catalog) -> Iterator[Problem]:
    """What a person has taken back is not shown any more."""
    for record in persons.consents(catalog):
        if not persons.agreed(record.consent):
            hint = (
                "Bitte die ganze Datei löschen."
                if isinstance(record, Speaker)
                else "Bitte Namen, persönliche Adressen und consent entfernen."
            )
            yield _problem(record, ("consent", "withdrawn"), "Die Einwilligung ist widerrufen.", hint)


def can_be_reached(catalog: Catalog) -> Iterator[Problem]:
    """A contact and a speaker name at least one way to reach them."""
    for record in (*catalog.all(Contact), *catalog.all(Speaker)):
        ways = ("contact", "email", "website") if isinstance(record, Speaker) else ("email", "phone", "website")
        if not any(getattr(record, way) for way in ways):
            hint = f"Bitte {ways[0]}, {ways[1]} oder {ways[2]} angeben."
            yield _problem(record, (), "Es fehlt ein Weg, auf dem man sich melden kann.", hint)


def rests_on_something(catalog: Catalog) -> Iterator[Problem]:
    """A contact has sources or was confirmed, a document has sources or an address where it can be looked at."""
    records: list[Contact | Document] = [*catalog.all(Contact), *catalog.all(Document)]
    for record in records:
        if not record.sources and not (record.url if isinstance(record, Document) else record.checked):
            hint = (
                "Bitte url angeben, oder unter sources, wo es erwähnt ist."
                if isinstance(record, Document)
                else "Bitte sources angeben, oder unter checked, wann die Organisation die Angaben bestätigt hat."
            )
            yield _problem(record, ("sources",), "Es fehlt, woher die Angaben stammen.", hint)


def link_leads_somewhere(catalog: Catalog) -> Iterator[Problem]:
    """A link in a text to a file of the repository names one that exists."""
    files = {record.path for record in catalog if record.kind != "other"}
    for record in catalog:
        try:
            found = targets(record.text)
        except conversion.ConversionError as error:
            yield Problem(record.path, record.text_line(""), "", str(error), conversion.HINT)
            continue
        for written in found:
            if not is_readable(written):
                hint = "Bitte eine Adresse wie https://www.kreis-lippe.de/ oder eine Datei angeben."
                line = record.text_line(written)
                yield Problem(record.path, line, "", f"„{written}“ ist keine Adresse, die es geben kann.", hint)
                continue
            path = repository_path(written, record.path)
            if path and path not in files and not _is_broken(catalog, path):
                meant = vocabulary.nearest(
                    path, {file: file for file in files if file.endswith(posixpath.basename(path))}
                )
                hint = f"Meinten Sie „{relative_link(meant, record.path)}“?" if meant else _LINK_HINT
                yield Problem(record.path, record.text_line(written), "", f"„{written}“ führt ins Leere.", hint)


RULES: tuple[Rule, ...] = (
    reference_exists,
    folder_has_partner,
    folder_is_programme,
    id_is_unique,
    address_is_unique,
    address_is_free,
    no_repetition,
    not_with_itself,
    membership_once,
    no_cycle,
    section_exists,
    new_date_of_postponed,
    report_names_its_year,
    years_in_order,
    report_has_evidence,
    document_covers_year,
    no_report_before_beginning,
    step_back_has_reason,
    earlier_year_is_kept,
    latest_year_holds,
    person_may_be_named,
    consent_holds,
    can_be_reached,
    rests_on_something,
    only_reports_name_others,
)
_LINK_HINT = (
    "Bitte die Datei nennen, von dieser aus gesehen, zum Beispiel [Kreis Lippe](../../partners/kreis-lippe.md)."
)


def _generated(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(address, file) of the pages that have no file of their own."""
    for name, folder in vocabulary.TERM_PAGES.items():
        yield from ((f"{folder}/{key}/", vocabulary.FILE) for key in catalog.vocabulary[name])
    for partner in catalog.all(Partner):
        yield f"{partner.page_address}{naming.PROGRESS}/", partner.path
    for page in catalog.all(Page):
        for category in catalog.of("category") if page.view == "report" else ():
            yield f"{page.page_address}{category}/", page.path


def _is_broken(catalog: Catalog, path: str) -> bool:
    """Whether the file is there but cannot be used; what is wrong with it is told already."""
    *_, parent, name = f"/{path.removesuffix('.md')}".split("/")
    return not catalog.broken.isdisjoint({name, f"{parent}/{name}"})


def _section(record: Record, path: Path, evidence: Evidence, source: Source) -> Iterator[Problem]:
    sections = {section.id: section for section in source.sections}
    if evidence.section is None:
        return
    if evidence.section not in sections:
        meant = vocabulary.nearest(
            evidence.section, {word.casefold(): s.id for s in source.sections for word in (s.title, s.id)}
        )
        hint = f"Meinten Sie „{meant}“?" if meant else f"Abschnitte stehen in {source.path}."
        yield _problem(record, (*path, "section"), f"„{evidence.section}“ ist kein Abschnitt von „{source.id}“.", hint)
    elif evidence.lines and (whole := sections[evidence.section].lines):
        for first, last in line_ranges(evidence.lines):
            if not any(start <= first and last <= end for start, end in line_ranges(whole)):
                yield _problem(
                    record,
                    (*path, "lines"),
                    f"Die Zeilen {first}-{last} liegen nicht im Abschnitt „{evidence.section}“ ({whole}).",
                    "Bitte Abschnitt oder Zeilen berichtigen.",
                )


def _evidence(record: Record) -> Iterator[tuple[Path, Evidence]]:
    for index, evidence in enumerate(getattr(record, "sources", ())):
        yield ("sources", index), evidence
    if not isinstance(record, Measure):
        return
    for number, report in enumerate(record.reports):
        yield from ((("reports", number, "sources", index), entry) for index, entry in enumerate(report.sources))
    if record.best_practice:
        yield ("best_practice", "source"), record.best_practice.source


@cache
def _lists_of_words(cls: type[Record]) -> tuple[tuple[str, str], ...]:
    """(key, attribute) of the fields that hold a list of plain words."""
    return tuple(
        (info.alias or name, name)
        for name, info in cls.model_fields.items()
        if get_origin(info.annotation) is tuple and part_of(info.annotation) is None
    )


def _circles(following: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each circle once, by its smallest member."""
    settled: set[str] = set()
    for start in sorted(following):
        trail: list[str] = []
        ref: str | None = start
        while ref is not None and ref not in settled and ref not in trail:
            trail.append(ref)
            ref = following.get(ref)
        if ref in trail:
            circle = trail[trail.index(ref) :]
            smallest = circle.index(min(circle))
            yield circle[smallest], (*circle[smallest:], *circle[:smallest])
        settled.update(trail)


def _problem(
    record: Record, path: Path, message: str, hint: str, drop: bool = False, remedy: Remedy | None = None
) -> Problem:
    """A problem at a place of a record; ``drop`` if taking the item out of its list is the one way to mend it."""
    origin: Origin = record._origin
    keys = [part for part in path if isinstance(part, str)]
    info = fields_by_key(type(record)).get(keys[0]) if keys else None
    title = info.title if info else None
    remedy = DropItem((*origin.at, *path)) if drop else remedy
    return Problem(record.path, record.line(path), field_name(origin.at, path, title), message, hint, remedy)


def no_such_record(catalog: Catalog, kinds: tuple[str, ...], ref: str, suggest: bool = True) -> tuple[str, str]:
    """Message and hint for a reference to a record that does not exist.

    Args:
        catalog: the records.
        kinds: those that the reference may name.
        ref: what it names.
        suggest: whether to look for what was meant, which takes a tenth of a second; see ``SUGGESTIONS``.
    """
    return f"„{ref}“ gibt es nicht.", _way_out(catalog, kinds, ref, suggest)


def _way_out(catalog: Catalog, kinds: tuple[str, ...], ref: str, suggest: bool) -> str:
    words = {
        word.casefold(): record.ref
        for kind in (kinds if suggest else ())
        for record in catalog.of(kind).values()
        for word in (record.title, record.name, record.ref)
    }
    meant = vocabulary.nearest(ref, words)
    if meant:
        return f"Meinten Sie „{meant}“?"
    if "other" in kinds and "/" not in ref:
        return f"Bitte in {OTHERS} eintragen oder nur im Text nennen."
    return "Bitte die Kennung prüfen oder den Eintrag anlegen."
