"""Whether a site may be published: what its operator has not said yet, or said too long ago.

An ordinary build goes on without and says so on its pages; ``scripts/build
--publish`` does not. All gaps are found at once, each with line, reason and
remedy.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from catalog import open_data
from catalog.frontmatter import Path
from catalog.model import Origin, Part, fields_by_key
from catalog.operator import FILE, Law, Operator, problem, read, title
from catalog.problems import Problem

# Names that lead nowhere, by RFC 2606 and RFC 6761.
_NOWHERE = ("example.org", "example.com", "example.net", "example", "invalid", "test", "localhost")

# What mkdocs.yml holds until somebody fills it in.
_SAMPLES = frozenset(
    {
        "Name der betreibenden Stelle",
        "Rechtsform der Stelle",
        "Straße und Hausnummer",
        "Postleitzahl und Ort",
        "Name der vertretungsberechtigten Person",
        "Name der verantwortlichen Person",
        "Name des Dienstleisters",
    }
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A detail that a published site may not lack.

    Attributes:
        title: its German name, for pages.
        problem: place, reason and remedy, for who runs the site.
    """

    title: str
    problem: Problem


def gaps(details: Operator, origin: Origin, today: datetime.date) -> Iterator[Gap]:
    """Every gap in the operator's details on a day, in the order of the model."""
    for path, message, hint in (
        *_missing(details, origin, ()),
        *_post_box(details),
        *_officer(details),
        *_contract(details),
        *_dates(details, today),
    ):
        yield Gap(title(path), problem(origin, path, message, hint))


def note(gaps: Sequence[Gap]) -> str:
    """One line for the log of an ordinary build."""
    return f"Probebetrieb: {len(gaps)} Angaben der betreibenden Stelle fehlen; scripts/build --publish nennt sie."


Found = Iterator[tuple[Path, str, str]]


def _missing(part: Part, origin: Origin, at: Path) -> Found:
    """What the law asks for is there, and no sample stands in for anything."""
    for key, info in fields_by_key(type(part)).items():
        value, path = getattr(part, key), (*at, key)
        law = next((f" ({mark.text})" for mark in info.metadata if isinstance(mark, Law)), "")
        sample = next((text for text in _texts(value) if _is_sample(text)), None)
        hint = f"Bitte eintragen: {info.description}"
        if isinstance(value, Part):
            yield from _missing(value, origin, path)
        elif (value in (None, ()) and law) or (sample and (*origin.at, *path) not in origin.raw.lines):
            yield path, f"fehlt{law}.", hint
        elif sample:
            yield path, f"„{sample}“ ist ein Platzhalter{law}.", hint


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Part):
        for _, inner in value:
            yield from _texts(inner)


def _is_sample(text: str) -> bool:
    """Whether nobody has put anything real in the place of ``text``."""
    host = urlsplit(text).hostname if "://" in text else text.rpartition("@")[2] if "@" in text else None
    return text in _SAMPLES or (host is not None and _leads_nowhere(host))


def _leads_nowhere(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _NOWHERE)


def _post_box(details: Operator) -> Found:
    """Mail to the address can be served on somebody; a post-office box is no address (§ 5 (1) Nr. 1 DDG)."""
    for path, address in ((("address",), details.address), (("responsible", "address"), details.responsible.address)):
        if any("postfach" in line.casefold() for line in address) and len(address) < 3:
            yield path, "Ein Postfach ist keine Anschrift.", "Bitte Straße mit Hausnummer und Ort ergänzen."


def _officer(details: Operator) -> Found:
    """A public body has a data protection officer (Art. 37 (1) a GDPR) and says how to reach them (Art. 13 (1) b)."""
    officer = details.data_protection_officer
    if not (officer.email or officer.phone) and (details.public_body or officer.name):
        wrong = "Es fehlt, wie man sie erreicht (Art. 13 Abs. 1 Buchst. b, Art. 37 Abs. 1 DSGVO)."
        yield ("data_protection_officer",), wrong, "Bitte email oder phone eintragen."


def _contract(details: Operator) -> Found:
    """Who has others run the server has a contract with them (Art. 28 (3) GDPR)."""
    hosting = details.hosting
    if hosting.provider and hosting.provider != details.name and not hosting.processor_contract:
        wrong = "Mit dem Dienstleister ist kein Vertrag eingetragen (Art. 28 Abs. 3 DSGVO)."
        yield ("hosting", "processor_contract"), wrong, "Bitte true eintragen, sobald er geschlossen ist."


def _dates(details: Operator, today: datetime.date) -> Found:
    """No day lies ahead, and the declaration was looked at within a year (§ 4 (4) BITVNRW)."""
    declared = details.accessibility
    days = {
        ("updated",): details.updated,
        ("accessibility", "prepared"): declared.prepared,
        ("accessibility", "reviewed"): declared.reviewed,
    }
    for path, day in days.items():
        if day and day > today:
            wrong = f"{day.isoformat()} liegt in der Zukunft; heute ist der {today.isoformat()}."
            yield path, wrong, "Bitte den Tag eintragen, an dem es wirklich geschah."
    last = declared.reviewed or declared.prepared
    if last and (today.year, today.month, today.day) > (last.year + 1, last.month, last.day):
        wrong = f"Zuletzt am {last.isoformat()}, vor mehr als einem Jahr (§ 4 Abs. 4 BITVNRW)."
        hint = "Bitte die Erklärung überprüfen und dann den Tag unter reviewed eintragen."
        yield ("accessibility", "reviewed" if declared.reviewed else "prepared"), wrong, hint


def obstacles(settings: Mapping[str, Any], origin: Origin, today: datetime.date) -> list[Problem]:
    """All that keeps a site from being published on a day, in the order of mkdocs.yml.

    Args:
        settings: mkdocs.yml as MkDocs reads it.
        origin: where the operator's details stand in it.
        today: the day on which it would be published.
    """
    extra = settings.get("extra") or {}
    details, wrong = read(extra.get("operator") or {}, origin)
    missing = [] if wrong else [gap.problem for gap in gaps(details, origin, today)]
    _, misdescribed = open_data.read(extra.get("open_data") or {}, origin.raw.lines, details.licence.url)
    found = (*wrong, *missing, *misdescribed, *_addresses(settings, origin), *_fixed_day(extra, origin, today))
    return sorted({*found})


def _addresses(settings: Mapping[str, Any], origin: Origin) -> Iterator[Problem]:
    """The site and its repository have addresses that lead somewhere, and nobody listens on the way."""
    for key, name in (("site_url", "Adresse der Website"), ("repo_url", "Adresse des Repositorys")):
        address = str(settings.get(key) or "")
        parts = urlsplit(address)
        place = FILE, origin.raw.line((key,)), f"{key} ({name})"
        if not parts.hostname:
            yield Problem(*place, "fehlt.", "Bitte vollständig angeben, beginnend mit https://.")
        elif _leads_nowhere(parts.hostname):
            yield Problem(*place, f"„{address}“ ist ein Platzhalter.", "Bitte die wirkliche Adresse eintragen.")
        elif parts.scheme != "https":
            hint = "Bitte eine Adresse angeben, die mit https:// beginnt."
            yield Problem(*place, f"„{address}“ ist nicht verschlüsselt.", hint)


def _fixed_day(extra: Mapping[str, Any], origin: Origin, today: datetime.date) -> Iterator[Problem]:
    """A published site says what is due today, and not what was due on the day when somebody set it up."""
    day = extra.get("reference_date")
    if str(day) != today.isoformat():
        path = ("extra", "reference_date")
        wrong = f"„{day}“ steht fest; heute ist der {today.isoformat()}."
        hint = f"Bitte so schreiben: reference_date: !ENV [REFERENCE_DATE, {day}]"
        yield Problem(FILE, origin.raw.line(path), "extra.reference_date (Stichtag)", wrong, hint)
