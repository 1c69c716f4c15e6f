"""What files and addresses may be called: ids, reserved addresses, lengths."""

from __future__ import annotations

import re

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 80
# A host with its port: other signs would begin something new where it is put into a header.
HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?")
# Of a whole path; more would not fit below a folder of Windows, where 260 are the end.
MAX_PATH = 200
# Below it stand the pages of other sites' records; the page itself is an ordinary one.
ABROAD = "verbund"

# Windows keeps these names for itself, whatever the suffix: a clone with such a file would fail there.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})

# Addresses, without slashes at their ends, at and below which only the build and its scripts write: data, style and
# scripts, feeds, settings of servers, the editor, the index of the search, schemas, the page for errors; and the names
# of folders outside docs/, which a page inside would share with them.
_RESERVED = (
    "404", "api", "assets", "bericht/vergleich", "feeds", "measures", "partners", "redaktion", "sbom", "schema",
    "server", "sitemap", "suche/index",
)  # fmt: skip
# The page with a partner's years stands below the partner's under this name.
PROGRESS = "verlauf"
# Further pages of a long list stand below it under this name.
_STRETCH = re.compile(r"seite-[0-9]+")


def is_id(text: str) -> bool:
    """Whether a record may have this id."""
    return bool(ID.fullmatch(text)) and len(text) <= MAX_ID and not is_device(text)


def is_device(text: str) -> bool:
    """Whether Windows keeps this name for itself."""
    return text in _DEVICES


def reserved(address: str) -> str | None:
    """The part of an address that only the build may use, if there is one."""
    plain = address.strip("/")
    for place in _RESERVED:
        if f"{plain}/".startswith(f"{place}/"):
            return place
    if plain.startswith(f"{ABROAD}/"):
        return ABROAD
    return next((part for part in plain.split("/") if _STRETCH.fullmatch(part)), None)


def in_full(site: str, ref: str) -> str:
    """A reference that holds among several sites: ``nachbarstadt:kreis-lippe``; no id has a colon.

    Args:
        site: the other site's id; empty for a record of our own.
        ref: how records of the same site name it.
    """
    return f"{site}:{ref}" if site else ref
