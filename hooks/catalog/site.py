"""The whole site: its records, what follows from them, and what mkdocs.yml says of it."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from catalog import adoption, archive, federation, open_data, problems, progress, publishing, similarity
from catalog import history as histories
from catalog import operator as operators
from catalog.dates import day
from catalog.history import Change, History
from catalog.model import Measure, Record
from catalog.naming import HOST
from catalog.open_data import Licence, OpenData
from catalog.operator import Lines, Operator
from catalog.problems import SiteError
from catalog.relations import Key, Relations, relate
from catalog.store import Catalog
from catalog.vocabulary import Term

FORGES = ("github", "gitlab", "forgejo")

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Editing:
    """How proposals reach the repository; from ``repo_url`` and ``extra.editing`` in mkdocs.yml.

    Attributes:
        repository: the address of the repository on its forge, with a closing slash.
        forge: what runs there, one of ``FORGES``.
        branch: the branch from which the site is built.
        app_id: GitLab's OAuth application for signing in; empty if there is none.
        label: what marks an issue as a proposal.
    """

    repository: str
    forge: str
    branch: str = "main"
    app_id: str = ""
    label: str = "vorschlag"


@dataclass(frozen=True)
class Site:
    """Everything that views may ask for.

    Attributes:
        name: the site's name.
        url: its address with a closing slash.
        catalog: the records.
        relations: what follows from them.
        operator: who runs it.
        gaps: what the operator must still say before the site may be published.
        open_data: how portals find and file the data.
        reference_date: the day for which the site says what is due or has passed; no build asks the clock.
        check_after: months after which a partner should look at its measures again.
        editing: how proposals reach the repository.
        merged: addresses of other sites of this kind, whose pages the search finds too.
        archive: the year that the site keeps for good, if it does.
        index: what a link to a page ends with: nothing, or the name of its file, for a site that is read without a
            server; MkDocs' ``use_directory_urls`` decides.
        neighbours: other sites of this kind, whose records are shown beside our own.
        history: path of a record's file -> when it came and changed, as git has it; empty where that is not known.
    """

    name: str
    url: str
    catalog: Catalog
    relations: Relations
    operator: Operator
    reference_date: datetime.date
    check_after: int
    editing: Editing
    merged: Sequence[str] = ()
    gaps: Sequence[publishing.Gap] = ()
    archive: archive.Archive | None = None
    index: str = ""
    neighbours: tuple[federation.Neighbour, ...] = ()
    history: History = field(default_factory=dict)
    open_data: OpenData = field(default_factory=OpenData)

    @property
    def licence(self) -> Licence:
        """The licence of the data; that of the texts is the operator's."""
        return open_data.licence(self.open_data, self.operator.licence)

    @functools.cached_property
    def everything(self) -> Site:
        """The same site with the records of its neighbours among its own; itself if there are none."""
        together = self.catalog.together(neighbour.id for neighbour in self.neighbours if neighbour.harvested)
        return self if together is self.catalog else replace(self, catalog=together, relations=relate(together))

    @property
    def homes(self) -> Mapping[str, str]:
        """The addresses of the neighbours by their ids."""
        return {neighbour.id: neighbour.url for neighbour in self.neighbours}

    @property
    def notes(self) -> Iterator[str]:
        """What whoever builds should know, line by line; none of it keeps a build from going on."""
        if self.gaps:
            yield publishing.note(self.gaps)
        yield from federation.notes(self.neighbours, self.catalog.foreign)

    @functools.cached_property
    def similar(self) -> Mapping[Key, tuple[similarity.Likeness, ...]]:
        """For each measure those of other partners that are alike."""
        return similarity.similar(self.relations)

    @functools.cached_property
    def progress(self) -> progress.Progress:
        """What was known of each measure in which reporting year."""
        return progress.Progress(self.catalog)

    def changes(self, record: Record) -> Change | None:
        """When a record came and last changed: by git, else by its own dates; ``None`` if neither tells."""
        return self.history.get(record.path) or histories.own_dates(self.catalog, record)

    @property
    def host(self) -> str:
        """The host of its address; empty if the site does not know its own address."""
        return urlsplit(self.url).netloc

    @functools.cached_property
    def origins(self) -> tuple[str, ...]:
        """The ids of the sites from which the records come; empty for our own, which comes first."""
        return tuple(sorted({"", *(record.site for record in self.catalog)}))

    @functools.cached_property
    def originals(self) -> Mapping[str, Measure]:
        """Address at the origin -> the measure of another site."""
        return adoption.originals(self.everything.catalog.all(Measure))

    @functools.cached_property
    def adopting(self) -> Mapping[Key, list[Measure]]:
        """Measure of another site -> our measures that are modelled after it."""
        found: dict[Key, list[Measure]] = {}
        for own in self.relations.all_measures:
            known = own.adopted_from and self.originals.get(adoption.address(own.adopted_from))
            if known and not own.site:
                found.setdefault(known.key, []).append(own)
        return found

    def neighbour(self, record: Record) -> federation.Neighbour | None:
        """The site from which a record comes, if it is another one."""
        return next((found for found in self.neighbours if found.id == record.site), None)

    def called(self, record: Record) -> str:
        """The name of a record where those of several sites stand together."""
        origin = self.neighbour(record)
        return f"{record.name} ({origin.name})" if origin else record.name

    @property
    def subscribable(self) -> bool:
        """Whether it offers feeds: it must know its own address, and one that is kept for good has no news."""
        return bool(self.host) and not self.archive

    def at(self, path: str) -> str:
        """The full address of a page or file of the site."""
        return self.url + path

    def term(self, name: str, key: str) -> Term:
        """A value of the vocabulary."""
        return self.catalog.vocabulary[name][key]


def read_site(
    settings: Mapping[str, Any],
    catalog: Catalog,
    lines: Lines = MappingProxyType({}),
    history: History = MappingProxyType({}),
) -> Site:
    """The site as mkdocs.yml describes it.

    Args:
        settings: mkdocs.yml as MkDocs reads it.
        catalog: the records.
        lines: where each setting stands in the file, for messages.
        history: when the files of the records changed.

    Raises:
        SiteError: with a German sentence, if a setting is missing or wrong.
    """
    extra = settings["extra"]
    _complete(extra)
    date = _reference_date(extra)
    if kept := archive.read(extra, date):
        catalog = replace(archive.until(catalog, kept.year), foreign={})
    described = _described(settings, lines, catalog, date)
    if kept:  # other sites go on; what shows or asks them would not be frozen
        described |= {"neighbours": (), "merged": ()}
    return Site(
        name=settings["site_name"],
        url=settings.get("site_url") or "/",
        catalog=catalog,
        relations=relate(catalog),
        reference_date=date,
        archive=kept,
        index="" if settings.get("use_directory_urls", True) else INDEX,
        history=history,
        **described,
    )


def _complete(extra: Mapping[str, Any]) -> None:
    missing = [key for key in ("operator", "reference_date", "check_after_months", "editing") if key not in extra]
    if missing:
        raise SiteError(f"mkdocs.yml: Unter extra fehlt {missing[0]}. Bitte nach dem Muster des Projekts eintragen.")


def _described(settings: Mapping[str, Any], lines: Lines, catalog: Catalog, date: datetime.date) -> dict[str, Any]:
    """What mkdocs.yml says of operator, neighbours, open data and editing, as arguments of ``Site``."""
    extra, origin = settings["extra"], operators.origin(lines)
    operator, wrong = operators.read(extra["operator"] or {}, origin)
    neighbours, misnamed = federation.neighbours(settings, lines, catalog.foreign)
    data, misdescribed = open_data.read(extra.get("open_data") or {}, lines, operator.licence.url)
    if faults := sorted((*wrong, *misnamed, *misdescribed)):
        raise SiteError(problems.as_text(faults))
    return {
        "operator": operator,
        "gaps": tuple(publishing.gaps(operator, origin, date)),
        "neighbours": neighbours,
        "merged": tuple(_merged(extra, {neighbour.url for neighbour in neighbours})),
        "open_data": data,
        "check_after": _months(extra),
        "editing": read_editing(settings.get("repo_url") or "", extra),
    }


def _months(extra: Mapping[str, Any]) -> int:
    months = str(extra["check_after_months"])
    if not months.isdecimal():
        raise SiteError(
            f"mkdocs.yml: extra.check_after_months: „{months}“ ist keine Zahl von Monaten, zum Beispiel 24."
        )
    return int(months)


def _reference_date(extra: Mapping[str, Any]) -> datetime.date:
    try:
        return day(str(extra["reference_date"]))
    except ValueError as error:
        raise SiteError(
            f"mkdocs.yml: extra.reference_date: {error}. Bitte einen Tag angeben, zum Beispiel 2026-11-20."
        ) from error


def read_editing(repository: str, extra: Mapping[str, Any]) -> Editing:
    """How proposals reach the repository.

    Raises:
        SiteError: with a German sentence, if the kind of forge is not known.
    """
    settings = extra["editing"]
    if settings.get("forge") not in FORGES:
        raise SiteError(
            f"mkdocs.yml: extra.editing.forge: „{settings.get('forge')}“ ist nicht bekannt. "
            f"Bitte eine von diesen eintragen: {', '.join(FORGES)}."
        )
    return Editing(f"{repository.rstrip('/')}/", **{key: str(value) for key, value in settings.items()})


def _merged(extra: Mapping[str, Any], fetched: Collection[str]) -> Iterator[str]:
    """The addresses below ``extra.search.merge``, each with a closing slash; none of those that are ``fetched``."""
    for address in (extra.get("search") or {}).get("merge") or ():
        parts = urlsplit(str(address))
        if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
            raise SiteError(
                f"mkdocs.yml: extra.search.merge: „{address}“ ist keine Adresse einer Wissensbasis. "
                "Bitte vollständig angeben, zum Beispiel https://wissensbasis.example.org/."
            )
        full = f"{str(address).rstrip('/')}/"
        if full in fetched:
            raise SiteError(
                f"mkdocs.yml: extra.search.merge: „{address}“ steht auch unter extra.federation, "
                "jeder Treffer käme doppelt. Bitte an einer der beiden Stellen streichen."
            )
        yield full
