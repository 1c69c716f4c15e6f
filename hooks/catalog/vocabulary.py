"""The controlled lists of ``vocabulary.yml``: key -> German label and definition."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from catalog.frontmatter import Raw
from catalog.naming import is_id
from catalog.problems import Problem

FILE = "vocabulary.yml"

# List -> German name. A list that is missing here would have no heading in the glossary.
LISTS: Mapping[str, str] = MappingProxyType(
    {
        "status": "Status",
        "target_groups": "Zielgruppen",
        "formats": "Formate",
        "offer_categories": "Kategorien der Angebotskarte",
        "organisation_types": "Organisationsarten",
        "network_kinds": "Netzwerkarten",
        "regions": "Regionen",
        "certainty": "Sicherheit einer Angabe",
        "best_practice_levels": "Stufen guter Praxis",
        "programmes": "Programme",
        "lesson_groups": "Fragen des Austauschtreffens",
        "decision_results": "Ergebnisse einer Beratung",
        "topics": "Themen der Kontakte, Referierenden und Dokumente",
        "speaker_formats": "Formate der Referierenden",
        "fees": "Honorar der Referierenden",
        "document_kinds": "Arten von Dokumenten",
        "document_rights": "Rechte an Dokumenten",
        "languages": "Sprachen ohne Namen in Unicode CLDR",
    }
)

# How far a measure has come; what begins or goes back is read from it (``progress``).
STEPS = ("0", "1", "2", "3", "4")

# List -> folder of the pages that gather measures with one of its values.
TERM_PAGES: Mapping[str, str] = MappingProxyType(
    {"formats": "formate", "target_groups": "zielgruppen", "status": "status", "offer_categories": "angebote"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a list.

    Attributes:
        key: what records write.
        label: what readers see.
        definition: one German sentence, shown in the glossary and beside the value.
        question: a reader's question that records with this value answer; empty if none.
        synonyms: other words for it; an editor who writes one is shown the key.
        step: how far a measure with this status has come, from 0 (given up) to 4 (at work or done); only for a status.
        public: of a kind of organisation: whether it is public administration, whose staff may be named in office.
    """

    key: str
    label: str
    definition: str
    question: str = ""
    synonyms: tuple[str, ...] = ()
    step: int = 0
    public: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All lists, in the order of the file."""

    lists: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Mapping[str, Term]:
        return self.lists.get(name, {})

    def named(self, name: str, value: str) -> str | None:
        """The one key whose key or label is ``value``, whatever its case."""
        keys = {term.key for term in self[name].values() if value.casefold() in (term.key, term.label.casefold())}
        return keys.pop() if len(keys) == 1 else None

    def suggestion(self, name: str, value: str) -> str | None:
        """The key that someone who wrote ``value`` most likely meant."""
        words: dict[str, str] = {}
        for term in self[name].values():
            for word in (*term.synonyms, term.label, term.key):
                words[word.casefold()] = term.key
        return nearest(value, words)


def nearest(value: str, words: Mapping[str, str]) -> str | None:
    """The entry of ``words`` (casefolded word -> key) that is spelled most like ``value``, or shortened to it."""
    wanted = value.casefold()
    shortened = [word for word in words if _is_short_for(wanted, word)]
    if shortened:
        return words[difflib.get_close_matches(wanted, shortened, n=1, cutoff=0.0)[0]]
    alike = difflib.get_close_matches(wanted, words, n=3, cutoff=0.6)
    return next((words[word] for word in alike if _differ_little(wanted, word)), None)


def _parts(name: str) -> list[str]:
    return name.replace("-", " ").split()


def _is_short_for(short: str, name: str) -> bool:
    """Whether each word of ``short`` begins a word of ``name``, as in „Uni Bielefeld“."""
    parts = _parts(short)
    return len(parts) > 1 and all(len(p) > 2 and any(w.startswith(p) for w in _parts(name)) for p in parts)


def _differ_little(one: str, other: str) -> bool:
    """Whether two names are alike in what they do not share: „Stadt Lemgo“ is not „Stadt Herne“."""
    ours, theirs = ([w for w in _parts(a) if w not in _parts(b)] for a, b in ((one, other), (other, one)))
    return not (ours and theirs) or difflib.SequenceMatcher(None, " ".join(ours), " ".join(theirs)).ratio() >= 0.6


def build(raw: Raw) -> tuple[Vocabulary, list[Problem]]:
    """Turn ``vocabulary.yml`` into a ``Vocabulary``."""
    problems = list(_check(raw))
    if problems:
        return Vocabulary(), problems
    lists = {name: {key: _term(key, entry) for key, entry in raw.data[name].items()} for name in LISTS}
    return Vocabulary(lists), []


def _term(key: str, entry: dict[str, Any]) -> Term:
    synonyms = tuple(entry.get("synonyms", ()))
    step, public = int(entry.get("step", 0)), entry.get("public") == "true"
    return Term(key, entry["label"], entry["definition"], entry.get("question", ""), synonyms, step, public)


def _check(raw: Raw) -> Iterator[Problem]:
    for name in raw.data.keys() - LISTS.keys():
        yield Problem(
            raw.path, raw.line((name,)), name, f"Die Liste „{name}“ gibt es nicht.", f"Erlaubt: {', '.join(LISTS)}."
        )
    for name in LISTS:
        entries = raw.data.get(name)
        if not isinstance(entries, dict) or not entries:
            yield Problem(
                raw.path,
                raw.line((name,)),
                name,
                "Die Liste fehlt oder ist leer.",
                "Bitte mindestens einen Wert eintragen.",
            )
            continue
        for key, entry in entries.items():
            yield from _check_term(raw, name, key, entry)


def _check_term(raw: Raw, name: str, key: str, entry: Any) -> Iterator[Problem]:
    line = raw.line((name, key))
    if not is_id(key):  # it becomes part of an address
        wrong = f"„{key}“ ist als Schlüssel nicht erlaubt."
        yield Problem(raw.path, line, f"{name}.{key}", wrong, "Nur kleine Buchstaben a–z, Ziffern und Bindestriche.")
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(k), str) and entry[k] for k in ("label", "definition")
    ):
        yield Problem(
            raw.path, line, f"{name}.{key}", "Es fehlt label oder definition.", "Bitte beide als Text angeben."
        )
        return
    # Only what a status says is compared over the years, only staff of public administration named in office.
    own = {"status": ["step"], "organisation_types": ["public"]}.get(name, [])
    known = ("label", "definition", "question", "synonyms", *own)
    for unknown in sorted(entry.keys() - set(known)):
        yield Problem(
            raw.path,
            raw.line((name, key, unknown)),
            f"{name}.{key}",
            f"„{unknown}“ ist kein bekannter Schlüssel.",
            f"Erlaubt: {', '.join(known)}.",
        )
    yield from _check_values(raw, name, key, entry)


def _check_values(raw: Raw, name: str, key: str, entry: dict[str, Any]) -> Iterator[Problem]:
    """What only some lists say of their values, and the synonyms."""
    if name == "status" and entry.get("step") not in STEPS:
        yield Problem(
            raw.path,
            raw.line((name, key, "step") if "step" in entry else (name, key)),
            f"{name}.{key}",
            "Es fehlt step, die Stufe der Umsetzung." if "step" not in entry else f"„{entry['step']}“ ist keine Stufe.",
            "Bitte eintragen: 0 aufgegeben, 1 verschoben, 2 geplant, 3 zum Teil getan, 4 läuft oder ist getan.",
        )
    if entry.get("public", "true") != "true":
        yield Problem(
            raw.path,
            raw.line((name, key, "public")),
            f"{name}.{key}",
            f"„{entry['public']}“ ist nicht erlaubt.",
            "Erlaubt: true, für öffentliche Verwaltung; sonst bitte weglassen.",
        )
    if not isinstance(entry.get("synonyms", []), list):
        yield Problem(
            raw.path,
            raw.line((name, key, "synonyms")),
            f"{name}.{key}",
            "synonyms muss eine Liste sein.",
            "Zum Beispiel: [Kinder, Jugendliche]",
        )
