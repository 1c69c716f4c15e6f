"""The words that readers use for one another, from ``thesaurus.yml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.frontmatter import Raw
from catalog.problems import Problem

FILE = "thesaurus.yml"


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """What means the same in a search.

    Attributes:
        synonyms: groups of words or phrases of the same meaning.
        related: groups of words of neighbouring meaning; they count less.
        abbreviations: abbreviation -> what it stands for.
    """

    synonyms: Sequence[Sequence[str]] = ()
    related: Sequence[Sequence[str]] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)


_LISTS = ("synonyms", "related")
_KEYS = (*_LISTS, "abbreviations")


def build(raw: Raw) -> tuple[Thesaurus, list[Problem]]:
    """Turn ``thesaurus.yml`` into a ``Thesaurus``; what is wrong is left out and reported."""
    problems = [*_unknown_keys(raw), *_check_groups(raw), *_check_doubles(raw), *_check_abbreviations(raw)]
    if problems:
        return Thesaurus(), problems
    synonyms, related = (tuple(map(tuple, raw.data.get(name, ()))) for name in _LISTS)
    return Thesaurus(synonyms, related, dict(raw.data.get("abbreviations", {}))), []


def _unknown_keys(raw: Raw) -> Iterator[Problem]:
    """The file has three keys, each of its own shape."""
    for key in sorted(raw.data.keys() - set(_KEYS)):
        yield Problem(
            raw.path, raw.line((key,)), key, f"„{key}“ ist kein bekannter Schlüssel.", f"Erlaubt: {', '.join(_KEYS)}."
        )
    for key in _LISTS:
        if not isinstance(raw.data.get(key, []), list):
            yield Problem(raw.path, raw.line((key,)), key, "Hier wird eine Liste von Gruppen erwartet.", _EXAMPLE)
    if not isinstance(raw.data.get("abbreviations", {}), dict):
        hint = "Zum Beispiel: VHS: Volkshochschule"
        yield Problem(raw.path, raw.line(("abbreviations",)), "abbreviations", "Hier werden Kürzel erwartet.", hint)


_EXAMPLE = "Zum Beispiel: - [Auszubildende, Azubi, Lehrling]"


def _groups(raw: Raw) -> Iterator[tuple[str, int, Any]]:
    """(list, line, words) of each group."""
    for name in _LISTS:
        groups = raw.data.get(name, [])
        for number, words in enumerate(groups if isinstance(groups, list) else ()):
            yield name, raw.line((name, number)), words


def _is_group(words: Any) -> bool:
    texts = isinstance(words, list) and all(isinstance(word, str) and word.strip() for word in words)
    return texts and len({word.casefold() for word in words}) > 1


def _check_groups(raw: Raw) -> Iterator[Problem]:
    """A group has at least two different words."""
    for name, line, words in _groups(raw):
        if not _is_group(words):
            shown = ", ".join(word for word in words if isinstance(word, str)) if isinstance(words, list) else words
            hint = f"Eine Gruppe nennt mindestens zwei verschiedene Wörter. {_EXAMPLE}"
            yield Problem(raw.path, line, name, f"„{shown}“ ist keine Gruppe.", hint)


def _check_doubles(raw: Raw) -> Iterator[Problem]:
    """A word has one group of synonyms; two groups with it would be one."""
    first: dict[str, int] = {}
    for name, line, words in _groups(raw):
        for word in words if name == "synonyms" and _is_group(words) else ():
            if word.casefold() in first:
                wrong = f"„{word}“ steht schon in Zeile {first[word.casefold()]}."
                hint = "Bitte hier streichen oder beide Gruppen zusammenlegen."
                yield Problem(raw.path, line, name, wrong, hint)
            first.setdefault(word.casefold(), line)


def _check_abbreviations(raw: Raw) -> Iterator[Problem]:
    """An abbreviation is one word and stands for a text."""
    entries = raw.data.get("abbreviations", {})
    for short, meaning in entries.items() if isinstance(entries, dict) else ():
        if not isinstance(meaning, str) or not meaning.strip() or " " in short:
            wrong = f"„{short}“ ist kein Kürzel mit Bedeutung."
            hint = "Links ein Kürzel ohne Leerzeichen, rechts was es heißt. Zum Beispiel: VHS: Volkshochschule"
            yield Problem(raw.path, raw.line(("abbreviations", short)), "abbreviations", wrong, hint)
