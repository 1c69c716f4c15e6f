"""What a person answers to one question: which value it means, and what the check says about it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from catalog import reading, rules, wording
from catalog.forms import FormField
from catalog.frontmatter import Path, Raw, dotted
from catalog.model import Origin, Record, Source
from catalog.problems import Problem
from catalog.store import Catalog


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen.

    Attributes:
        value: what the file will say: a key of the vocabulary, the id of a record, a language's code.
        label: what people call it.
        also: other names for it, such as a short name.
        definition: one sentence of explanation; may be empty.
    """

    value: str
    label: str
    also: tuple[str, ...] = ()
    definition: str = ""

    def is_called(self, text: str) -> bool:
        """Whether ``text`` is one of its names, whatever the case."""
        return text.casefold() in {name.casefold() for name in (self.value, self.label, *self.also)}

    def contains(self, text: str) -> bool:
        """Whether ``text`` is part of one of its names."""
        return any(text.casefold() in name.casefold() for name in (self.value, self.label, *self.also))


def options(field: FormField, catalog: Catalog) -> tuple[Option, ...]:
    """All that may be chosen for a field, in the order of the vocabulary or of the records' names."""
    if field.kind == "language":
        return tuple(Option(code, name) for code, name in wording.languages(catalog.vocabulary).items())
    if field.kind == "reference":
        records = [record for kind in field.refers_to for record in catalog.of(kind).values()]
        return tuple(Option(r.ref, r.name, (r.title,)) for r in sorted(records, key=lambda r: (r.kind, r.path, r.ref)))
    return tuple(Option(c.value, c.label, (), c.definition) for c in field.choices)


def sections(document: str, catalog: Catalog) -> tuple[Option, ...]:
    """The sections of a document, which a reference to it may name."""
    source = catalog.of("source").get(document)
    return tuple(Option(s.id, s.title) for s in source.sections) if isinstance(source, Source) else ()


def meant(known: Sequence[Option], text: str) -> str:
    """The value that ``text`` names exactly; else ``text`` itself, so that the check can say what is wrong."""
    found = {option.value for option in known if option.is_called(text.strip())}
    return found.pop() if len(found) == 1 else text.strip()


def candidates(known: Sequence[Option], text: str) -> list[Option]:
    """What ``text`` could mean: a number counts from 1, then a name, then a part of a name."""
    if text.isdecimal() and 1 <= int(text) <= len(known):
        return [known[int(text) - 1]]
    named = [option for option in known if option.is_called(text)]
    return named or [option for option in known if option.contains(text)]


def several(known: Sequence[Option], text: str) -> list[str]:
    """The single answers in ``a, b; c``; labels that contain a comma themselves are recognised first."""
    names = sorted((name for o in known for name in (o.label, *o.also, o.value) if "," in name), key=len, reverse=True)
    found: list[str] = []
    rest = text.strip(" ,;\n")
    while rest:
        name = next((n for n in names if _begins(rest, n)), None)
        length = len(name) if name else min((i for i in map(rest.find, ",;\n") if i >= 0), default=len(rest))
        found.append(rest[:length].strip())
        rest = rest[length:].strip(" ,;\n")
    return list(dict.fromkeys(filter(None, found)))


def _begins(rest: str, name: str) -> bool:
    return rest[: len(name)].casefold() == name.casefold() and rest[len(name) :].lstrip(" ")[:1] in ("", ",", ";", "\n")


def check(cls: type[Record], path: Path, field: FormField, value: Any, catalog: Catalog, parent: str) -> list[Problem]:
    """What the one check says about a single answer while the rest of the record is still missing.

    Args:
        cls: the kind of record.
        path: the place of the answer, such as ``("status",)`` or ``("figures", 0, "unit")``.
        field: what was asked there.
        value: strings, lists and mappings, as a file would hold them.
        catalog: the records to which references may lead.
        parent: the folder of a nested record.
    """
    data = _nested(path, value)
    raw = Raw("", data, MappingProxyType({}))
    _, found = reading.build(cls, Origin("neu", parent, raw), data, catalog.vocabulary)
    name = dotted(path)
    here = [p for p in found if p.field == name or p.field.startswith((f"{name} (", f"{name}[", f"{name}."))]
    return here or list(_broken_references(cls, path, field, value, catalog, parent))


def _nested(path: Path, value: Any) -> dict[str, Any]:
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return dict(value)


def _broken_references(
    cls: type[Record], path: Path, field: FormField, value: Any, catalog: Catalog, parent: str
) -> Iterator[Problem]:
    refs = (value if field.many else [value]) if field.kind == "reference" else []
    for ref in refs:
        sibling = field.refers_to == (cls.kind,) and cls.nested and "/" not in ref
        if catalog.find(field.refers_to, f"{parent}/{ref}" if sibling else ref) is None:
            yield Problem(
                "", 1, f"{dotted(path)} ({field.title})", *rules.no_such_record(catalog, field.refers_to, ref)
            )
