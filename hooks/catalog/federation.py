"""Other sites of this kind, whose records are shown beside our own: who they are, and what was last fetched of them.

``extra.federation`` in mkdocs.yml names them. ``scripts/harvest.py`` fetches their ``api/v1`` into
``federation/<id>/``, which is committed: no build needs the network, and a neighbour that is down
or broken changes nothing here. That folder holds

- ``neighbour.json``: where it was fetched, the site's name and licence, and on which day it last changed;
- each record as the file it has in the neighbour's own project (``measures/<partner>/<id>.md``), so that it is
  read, limited and checked like ours, and so that relative links between the texts still hold; the
  entries of ``others.yml`` lie beside one another in ``partners/others/``;
- ``quarantine.json``: what was put aside when it was fetched, and why; ``state.json``, which only the script reads.

A foreign record is of the same class as ours. What differs:

- ``record.site`` is the neighbour's id, and ``record.ref`` is ``nachbarstadt:kreis-lippe/sprachmittlung``;
- so are all references that it holds, also in its attributes (``measure.sources[0].document``), but for categories,
  which are shared: compare references with ``ref``, never with ``id``;
- its page is at ``verbund/<site>/…``, its own at ``origin_address``.

``Catalog.records`` holds our records only; ``Site.everything`` is the same site with all of them.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError

from catalog import naming
from catalog.dates import day
from catalog.fields import Line, WebAddress, fault
from catalog.frontmatter import Path, Raw, decode
from catalog.model import KINDS, Measure, Origin, Other, Page, Part, Partner, Record
from catalog.operator import FILE, Lines
from catalog.problems import Problem, as_text
from catalog.reading import problems_of

FOLDER = "federation"
MANIFEST = "neighbour.json"
QUARANTINE = "quarantine.json"
STATE = "state.json"
AT: Path = ("extra", "federation")
OTHERS = "partners/others"
# What our own site is called among those of others.
OURS = "Diese Wissensbasis"
# What a neighbour's snapshot may hold: categories are shared, pages belong to their site, and a person who agreed to
# stand on one site has not agreed to stand on others.
KINDS_ABROAD = tuple(kind for kind in KINDS if kind not in ("category", "contact", "speaker", Page.kind))
# A site on the same machine, for trials; everything else is encrypted.
_LOOPBACK = ("localhost", "127.0.0.1")
_REMEDY = "Bitte scripts/harvest.py aufrufen."


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another site, as mkdocs.yml names it and its snapshot describes it.

    Attributes:
        id: its short name here, in addresses and references.
        url: its address, with a closing slash.
        name: its name for readers: that of mkdocs.yml, else that of the snapshot, else its id; with its address behind
            it if it gives itself a name that another site has, or ours.
        licence: the address of the licence of its texts; empty if nothing was fetched.
        harvested: the day on which its records last changed here; empty if nothing was fetched.
    """

    id: str
    url: str
    name: str
    licence: str = ""
    harvested: str = ""


def _id(value: str) -> str:
    if not naming.is_id(value) or naming.reserved(value) or value in naming.JOINT:
        raise fault(f"„{value}“ ist keine Kennung.", "Zum Beispiel nachbarstadt, ohne Umlaute und Leerzeichen.")
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        valid = (parts.scheme == "https" or local) and naming.HOST.fullmatch(parts.netloc) and parts.port != 0
    except ValueError:
        parts, valid = urlsplit(""), None
    if not valid or parts.query or parts.fragment or not value.isprintable() or " " in value or "\\" in value:
        hint = "Bitte vollständig und mit https:// angeben, zum Beispiel https://wissen.nachbarstadt.example/"
        raise fault(f"„{value}“ ist keine Adresse einer Wissensbasis.", hint)
    return f"{value.rstrip('/')}/"


def _printable(value: str) -> str:
    if not value.isprintable():
        raise fault("Der Name enthält unsichtbare Zeichen.", "Bitte die Stelle löschen und neu tippen.")
    return value


def _licence(value: str) -> str:
    if not value.startswith("https://"):
        raise fault(f"„{value}“ ist keine Adresse einer Lizenz.", "Sie muss mit https:// beginnen.")
    return value


def _day(value: str) -> str:
    try:
        return day(value).isoformat()
    except ValueError as error:
        raise fault(f"{error}.", "Zum Beispiel: 2026-11-20") from error


Name = Annotated[
    Line,
    AfterValidator(_printable),
    Field(title="Name", description="Name für Leserinnen und Leser.", min_length=1, max_length=160),
]
Address = Annotated[
    str, AfterValidator(_address), Field(title="Adresse", description="Adresse der Wissensbasis, mit https://.")
]


class _Named(Part):
    """An entry of ``extra.federation``."""

    id: Annotated[
        str, AfterValidator(_id), Field(title="Kennung", description="Kurzer Name in Adressen, etwa nachbarstadt.")
    ]
    url: Address
    name: Name | None = None


class Manifest(Part):
    """What a snapshot says about itself."""

    url: Address
    title: Name
    licence: Annotated[
        WebAddress, AfterValidator(_licence), Field(title="Lizenz", description="Adresse des Lizenztextes.")
    ]
    harvested: Annotated[
        str, AfterValidator(_day), Field(title="Geholt am", description="Tag, an dem sich zuletzt etwas geändert hat.")
    ]


class Refused(Part):
    """A record of another site that was put aside when it was fetched: its kind, its id there, and why."""

    kind: str
    id: str
    reasons: tuple[str, ...]


class Quarantine(Part):
    """What was put aside: how many records, and the first of them one by one."""

    total: int = 0
    items: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """What was last fetched of a site.

    Attributes:
        manifest: where it comes from; ``None`` if that cannot be read, and then there are no records.
        records: kind -> full reference -> record.
        problems: what could not be used, and why.
        quarantine: what was put aside before, when it was fetched.
    """

    manifest: Manifest | None = None
    records: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    quarantine: Quarantine = field(default_factory=Quarantine)


Snapshots = Mapping[str, Snapshot]


def place(path: str) -> tuple[type[Record], str, str] | None:
    """Class, parent and id of the record that a file of a snapshot holds; ``None`` if it holds none.

    Args:
        path: the file, relative to the snapshot.
    """
    folder, _, name = path.rpartition("/")
    id_ = name.removesuffix(".md")
    if id_ == name:
        return None
    if folder == OTHERS:
        return Other, "", id_
    for kind in KINDS_ABROAD:
        cls = KINDS[kind]
        above, _, parent = folder.rpartition("/")
        if cls.nested and above == cls.folder:
            return cls, parent, id_
        if not cls.nested and folder == cls.folder and cls is not Other:
            return cls, "", id_
    return None


def path_of(cls: type[Record], own_ref: str) -> str:
    """The file of a record, relative to the snapshot; what ``place`` takes apart."""
    return f"{OTHERS if cls is Other else cls.folder}/{own_ref}.md"


def site(path: str) -> str:
    """The id of the other site whose record a file holds; empty for a file of our own."""
    folder, _, inside = path.partition("/")
    return inside.partition("/")[0] if folder == FOLDER else ""


def address(path: str) -> str | None:
    """Where the page of a file stands on its own site; ``None`` if a file there has no page.

    Args:
        path: the file, relative to the snapshot.
    """
    if found := place(path):
        cls, parent, id_ = found
        return f"{cls.address}/{parent}/{id_}/" if cls.nested else f"{cls.address}/{id_}/"
    if not path.startswith("docs/"):
        return None
    stem = path.removeprefix("docs/").removesuffix(".md")
    return "" if stem == "index" else f"{stem.removesuffix('/index')}/"


def strand(records: Mapping[str, dict[str, Record]], categories: Container[str]) -> Iterator[Problem]:
    """Take out the measures without which no page can be: those that lost their partner or their category.

    Other references that lead nowhere are simply not shown.
    """
    for ref, measure in list(records[Measure.kind].items()):
        if not isinstance(measure, Measure):
            continue
        if measure.partner not in records[Partner.kind]:
            wrong = f"Zur Maßnahme fehlt der Partner „{measure.parent}“."
        elif measure.category not in categories:
            wrong = f"Die Kategorie „{measure.category}“ gibt es hier nicht."
        else:
            continue
        del records[Measure.kind][ref]
        yield Problem(measure.path, measure.line(("category",)), "", wrong, _REMEDY)


def manifest(path: str, content: bytes | None) -> tuple[Manifest | None, list[Problem]]:
    """What a snapshot says about itself, or why that cannot be read."""
    if content is None:
        return None, [Problem(path, 1, "", "Die Datei fehlt.", _REMEDY)]
    text, found = decode(path, content)
    if found:
        return None, found
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return None, [Problem(path, getattr(error, "lineno", 1), "", "Die Datei ist kein JSON.", _REMEDY)]
    return _checked(Manifest, Origin(MANIFEST, "", Raw(path, {}, MappingProxyType({}))), data)


def quarantine(content: bytes | None) -> Quarantine:
    """What was put aside, as the script that fetches has noted it; nothing if that cannot be read."""
    try:
        return Quarantine.model_validate_json(content or b"{}")
    except ValidationError:
        return Quarantine()


def _checked(cls: type[Any], origin: Origin, data: Any) -> tuple[Any, list[Problem]]:
    try:
        return cls.model_validate(data), []
    except ValidationError as error:
        return None, problems_of(cls, origin, error)


def neighbours(
    settings: Mapping[str, Any], lines: Lines, snapshots: Snapshots
) -> tuple[tuple[Neighbour, ...], list[Problem]]:
    """The other sites that mkdocs.yml names, in its order, and what is wrong there.

    Args:
        settings: mkdocs.yml as MkDocs reads it.
        lines: where each setting stands in the file, for messages.
        snapshots: what was fetched of them, by their ids.
    """
    named, problems = _named(settings, lines)
    described = [_described(entry, snapshots.get(entry.id, Snapshot()).manifest) for entry in named]
    given = {entry.id for entry in named if entry.name}
    return tuple(_told_apart(described, given, settings.get("site_name") or "")), problems


def _told_apart(described: Sequence[Neighbour], given: Container[str], own: str) -> Iterator[Neighbour]:
    """The same sites; whose own title could be taken for another site's, or for ours, is shown with its address."""
    taken = Counter(_letters(name) for name in (own, OURS, *(neighbour.name for neighbour in described)))
    for neighbour in described:
        if neighbour.id in given or taken[_letters(neighbour.name)] == 1:
            yield neighbour
        else:
            place = neighbour.url.partition("://")[2].rstrip("/")
            yield replace(neighbour, name=f"{neighbour.name} ({place})")


def _letters(name: str) -> str:
    """What readers tell names apart by."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name).casefold()))


def _described(entry: _Named, told: Manifest | None) -> Neighbour:
    if told is None or told.url != entry.url:
        return Neighbour(entry.id, entry.url, entry.name or entry.id)
    return Neighbour(entry.id, entry.url, entry.name or told.title, told.licence, told.harvested)


def _named(settings: Mapping[str, Any], lines: Lines) -> tuple[list[_Named], list[Problem]]:
    listed = (settings.get("extra") or {}).get("federation") or []
    raw = Raw(FILE, {}, MappingProxyType(dict(lines)))
    if not isinstance(listed, list):
        hint = "Bitte je Wissensbasis eine Zeile „- id: …“ und darunter url: angeben."
        return [], [Problem(FILE, raw.line(AT), "extra.federation", "Das ist keine Liste.", hint)]
    found: list[_Named] = []
    problems: list[Problem] = []
    for number, data in enumerate(listed):
        origin = Origin("federation", "", raw, (*AT, number))
        entry, wrong = _checked(_Named, origin, data)
        if entry is not None:
            wrong = list(_taken(entry, found, settings.get("site_url") or "", origin))
            found.append(entry)
        problems += wrong
    return found, problems


def _taken(entry: _Named, before: Iterable[_Named], own: str, origin: Origin) -> Iterator[Problem]:
    """Each site is named once, and none is our own."""
    line, once = origin.raw.line(origin.at), "Bitte einen der beiden Einträge ändern oder löschen."
    for other in before:
        if other.id == entry.id:
            yield Problem(FILE, line, "extra.federation", f"Die Kennung „{entry.id}“ steht zweimal.", once)
        if other.url == entry.url:
            yield Problem(FILE, line, "extra.federation", f"Die Adresse „{entry.url}“ steht zweimal.", once)
    if own and entry.url == f"{own.rstrip('/')}/":
        wrong = f"„{entry.url}“ ist die eigene Adresse (site_url)."
        yield Problem(FILE, line, "extra.federation", wrong, "Bitte nur andere Wissensbasen nennen.")


def notes(neighbours: Iterable[Neighbour], snapshots: Snapshots) -> Iterator[str]:
    """What whoever builds should know of the snapshots, line by line.

    None of it stops a build: what a neighbour published, or what changed in our vocabulary since, is no reason to take
    our own pages off the net.
    """
    known = {neighbour.id: neighbour for neighbour in neighbours}
    for id_, neighbour in known.items():
        told = snapshots[id_].manifest if id_ in snapshots else None
        if id_ not in snapshots:
            yield f"Verbund: Von „{id_}“ ist noch nichts geholt. {_REMEDY}"
        elif told and told.url != neighbour.url:
            yield f"Verbund: {FOLDER}/{id_} stammt von {told.url} und bleibt weg. {_REMEDY}"
        else:
            yield from (f"Verbund, bleibt weg: {line}" for line in as_text(snapshots[id_].problems).splitlines())
    for id_ in sorted(snapshots.keys() - known.keys()):
        yield f"Verbund: {FOLDER}/{id_} bleibt weg, denn {FILE} nennt unter extra.federation keine solche Wissensbasis."
