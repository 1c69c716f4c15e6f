"""Contacts, speakers and documents: their own pages, their lists, and what other pages show of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, cast

from catalog import downloads, forms
from catalog.model import KINDS, Contact, Document, Record, Speaker
from catalog.site import Site
from catalog.views.common import PagePlan, by_name
from catalog.views.records import evidence
from catalog.vocabulary import Term
from catalog.wording import sort_key

R = TypeVar("R", bound=Record)
G = TypeVar("G")

# Under which of its fields a record names an organisation or network to which it belongs.
_OWNER = {Contact.kind: "organisation", Speaker.kind: "organisation", Document.kind: "publisher"}
# Under which fields other records name a contact or document.
_NAMED_AS = ("contacts", "contact", "documents")
NOWHERE = "Ohne festen Ort"


class Pools(NamedTuple):
    """What a record's page shows from the pools: what it names itself, then what belongs to it."""

    contacts: tuple[Contact, ...] = ()
    documents: tuple[Document, ...] = ()
    speakers: tuple[Speaker, ...] = ()


def pools(site: Site, record: Record) -> Pools:
    """The contacts, documents and speakers of an organisation or a network."""
    relations = site.relations

    def found(cls: type[R], field: str) -> tuple[R, ...]:
        named = relations.targets(record, field)
        owned = relations.referrers(record, cls.kind, _OWNER[cls.kind])
        return tuple(r for r in dict.fromkeys((*named, *owned)) if isinstance(r, cls))

    return Pools(found(Contact, "contacts"), found(Document, "documents"), found(Speaker, "speakers"))


def contact(site: Site, page: PagePlan) -> dict[str, Any]:
    """An office: what it is there for, how to reach it, and where this site refers to it."""
    record = cast(Contact, page.record)
    return {**_belonging(site, record), "place": _place(site, record)}


def speaker(site: Site, page: PagePlan) -> dict[str, Any]:
    """A speaker: topics, what is offered where and on which terms, and how to ask."""
    record = cast(Speaker, page.record)
    others = [s for s in by_name(site.catalog.all(Speaker)) if s.key != record.key]
    return {
        "organisation": site.relations.target(record, "organisation"),
        "contact": site.relations.target(record, "contact"),
        "alike": [s for s in others if not set(record.topics).isdisjoint(s.topics)],
    }


def document(site: Site, page: PagePlan) -> dict[str, Any]:
    """A publication: what it is, where it is, what one may do with it, and where this site refers to it."""
    return _belonging(site, cast(Document, page.record))


def _belonging(site: Site, record: Contact | Document) -> dict[str, Any]:
    """Whose an entry is, where this site refers to it, and where it is written."""
    return {
        "owner": site.relations.target(record, _OWNER[record.kind]),
        "named_by": _named_by(site, record),
        "evidence": evidence(site, record),
    }


def contacts(site: Site, page: PagePlan) -> dict[str, Any]:
    """All contacts by place."""
    return {"groups": _stretch(page, _contacts(site)), **_how_to(site, Contact)}


def speakers(site: Site, page: PagePlan) -> dict[str, Any]:
    """All speakers by name, and on the first stretch who speaks about which topic."""
    found = by_name(site.catalog.all(Speaker)) if page.part == 1 else []
    return {
        "speakers": page.entries_shown,
        "topics": _by_term(site, "topics", found, lambda record: record.topics),
        "operator": site.operator,
        **_how_to(site, Speaker),
    }


def documents(site: Site, page: PagePlan) -> dict[str, Any]:
    """All documents by their kind."""
    return {"groups": _stretch(page, _documents(site)), **_how_to(site, Document)}


def _contacts(site: Site) -> list[tuple[str, list[Contact]]]:
    """Contacts by place; those without one come last, by the region for which they work."""
    found = _grouped(site.catalog.all(Contact), lambda record: [_place(site, record) or ""])
    wider = _by_term(site, "regions", found.pop("", ()), lambda record: [record.region or ""])
    nowhere = [record for record in site.catalog.all(Contact) if not (_place(site, record) or record.region)]
    groups = [(place, found[place]) for place in sorted(found, key=sort_key)]
    groups += [(term.label, records) for term, records in wider]
    return [*groups, *([(NOWHERE, by_name(nowhere))] if nowhere else [])]


def _documents(site: Site) -> list[tuple[Term, list[Document]]]:
    return _by_term(site, "document_kinds", site.catalog.all(Document), lambda record: [record.document_kind])


# What the pages of pools list, by their view: all entries in the order of their groups.
LISTS: Mapping[str, Callable[[Site], Sequence[tuple[Any, Sequence[Record]]]]] = MappingProxyType(
    {
        "contacts": _contacts,
        "speakers": lambda site: [("", by_name(site.catalog.all(Speaker)))],
        "documents": _documents,
    }
)


def _stretch(page: PagePlan, groups: Iterable[tuple[G, Sequence[R]]]) -> list[tuple[G, list[R]]]:
    """Of groups what the page shows of them."""
    shown = {record.ref for record in page.entries_shown}
    found = ((heading, [record for record in records if record.ref in shown]) for heading, records in groups)
    return [(heading, records) for heading, records in found if records]


def _how_to(site: Site, cls: type[Record]) -> dict[str, Any]:
    """How an entry gets in: the address to write to, and what must be said; and all entries as tables."""
    asked = [field for field in forms.fields(cls, site.catalog.vocabulary) if field.required]
    tables = {downloads.FORMATS[ending].short: downloads.path(cls.kind, ending) for ending in ("csv", "xlsx")}
    return {"mailbox": site.operator.email, "kind": cls.label[0], "asked": asked, "tables": tables}


def _place(site: Site, record: Contact) -> str | None:
    """Where a contact sits: its own place, else that of its organisation."""
    organisation = site.relations.target(record, "organisation")
    return record.place or getattr(organisation, "place", None)


def _named_by(site: Site, record: Record) -> list[tuple[tuple[str, str], tuple[Record, ...]]]:
    """(German name of a kind, its records that name this one) for each kind that does."""
    found = ((cls.label, site.relations.referrers(record, cls.kind, *_NAMED_AS)) for cls in KINDS.values())
    return [(label, records) for label, records in found if records]


def _grouped(records: Iterable[R], keys: Callable[[R], Iterable[str]]) -> dict[str, list[R]]:
    groups: dict[str, list[R]] = {}
    for record in by_name(records):
        for key in keys(record):
            groups.setdefault(key, []).append(record)
    return groups


def _by_term(
    site: Site, name: str, records: Iterable[R], keys: Callable[[R], Iterable[str]]
) -> list[tuple[Term, list[R]]]:
    """Records under each value of a list that they carry, in the order of the vocabulary."""
    found = _grouped(records, keys)
    return [(term, found[key]) for key, term in site.catalog.vocabulary[name].items() if key in found]
