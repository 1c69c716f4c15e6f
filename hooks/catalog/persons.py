"""When a contact says something of a person, and when that needs the person's consent.

A public body may publish name, function and official mailbox of staff who act for
it towards the public, unless safety speaks against it (Bundesverwaltungsgericht,
2 B 131/07). That covers neither other employers, nor volunteers, nor private mailboxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.model import ACTORS, Consent, Contact, Speaker
from catalog.store import Catalog

# Mailboxes at these are nobody's official ones. Small associations have them, too, without a person behind.
PRIVATE_PROVIDERS = frozenset(
    {
        "aol.com", "aol.de", "arcor.de", "freenet.de", "gmail.com", "gmx.de", "gmx.net", "gmx.org", "googlemail.com",
        "hotmail.com", "hotmail.de", "icloud.com", "live.com", "live.de", "mail.de", "mailbox.org", "me.com",
        "online.de", "outlook.com", "outlook.de", "posteo.de", "proton.me", "protonmail.com",
        "t-online.de", "web.de", "yahoo.com", "yahoo.de",
    }
)  # fmt: skip
_FORENAME_SURNAME = re.compile(r"[a-z]{1,20}[._][a-z]+(?:-[a-z]+)?", re.IGNORECASE)
# Words of which mailboxes of offices are made; what begins or ends with one is no name.
_OFFICE = frozenset(
    {
        "amt", "anfrage", "anfragen", "antidiskriminierung", "beratung", "bildung", "buero", "einbuergerung",
        "fachstelle", "info", "integration", "integrationsrat", "ki", "kontakt", "kommunales", "mail", "migration",
        "office", "post", "poststelle", "presse", "projekt", "redaktion", "rathaus", "sekretariat", "service", "stadt",
        "team", "verwaltung", "vielfalt", "zentrale", "zentrum",
    }
)  # fmt: skip


def is_private_mailbox(email: str) -> bool:
    """Whether a mailbox lies with one of ``PRIVATE_PROVIDERS``."""
    return email.rpartition("@")[2].casefold() in PRIVATE_PROVIDERS


def looks_like_a_name(email: str) -> bool:
    """Whether a mailbox is called as people are: ``erika.muster@…``, ``e.muster@…``."""
    local = email.partition("@")[0].casefold()
    parts = re.split(r"[._-]", local)
    return bool(_FORENAME_SURNAME.fullmatch(local)) and _OFFICE.isdisjoint(parts)


def is_mobile(phone: str) -> bool:
    """Whether a number is that of a German mobile phone, which somebody carries about."""
    digits = "".join(filter(str.isdigit, phone))
    return digits.startswith(("4915", "4916", "4917") if phone.startswith("+") else ("015", "016", "017"))


def agreed(consent: Consent | None) -> bool:
    """Whether there is a consent that holds."""
    return consent is not None and consent.withdrawn is None


def is_public(catalog: Catalog, contact: Contact) -> bool:
    """Whether the organisation of a contact is public administration, by its type in the vocabulary."""
    organisation = catalog.find(ACTORS, contact.organisation)
    term = catalog.vocabulary["organisation_types"].get(getattr(organisation, "type", ""))
    return term is not None and term.public


def consents(catalog: Catalog) -> list[Contact | Speaker]:
    """The entries that stand on a person's consent."""
    entries: list[Contact | Speaker] = [*catalog.all(Contact), *catalog.all(Speaker)]
    return [entry for entry in entries if entry.consent]


def needs_consent(catalog: Catalog, contact: Contact) -> str | None:
    """The key of what must not stand in a contact without any consent, since it certainly tells of a person."""
    if contact.person is None or contact.consent is not None:
        return None
    if not is_public(catalog, contact):
        return "person"
    return "email" if contact.email and is_private_mailbox(contact.email) else None


def personal_ways(catalog: Catalog, contact: Contact) -> Iterator[tuple[str, str, str]]:
    """(key, value, why) of ways of contact that look like a person's own; a pattern cannot know it."""
    if agreed(contact.consent):
        return
    official = contact.person is not None and is_public(catalog, contact)
    if contact.email and is_private_mailbox(contact.email):
        yield "email", contact.email, "liegt bei einem Anbieter privater Postfächer"
    elif contact.email and looks_like_a_name(contact.email) and not official:
        yield "email", contact.email, "sieht aus wie das Postfach einer Person"
    if contact.phone and is_mobile(contact.phone):
        yield "phone", contact.phone, "ist die Nummer eines Mobiltelefons"
