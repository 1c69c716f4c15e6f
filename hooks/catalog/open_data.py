"""How portals for open data find and file the data: the settings below ``extra.open_data`` in mkdocs.yml.

They go into the catalogue in DCAT-AP.de, whose lists they come from: DCAT-AP.de
3.0, "Kontrollierte Vokabulare". None of them must be there; each that is wrong
ends a build with line and remedy, since a portal would silently drop the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from catalog.fields import fault
from catalog.frontmatter import Path, Raw
from catalog.model import Origin, Part, fields_by_key
from catalog.operator import FILE, Lines, Words, matching, one_of, without_blanks
from catalog.operator import Licence as Stated
from catalog.problems import Problem
from catalog.reading import field_name, problems_of

AT: Path = ("extra", "open_data")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence under which portals take data.

    Attributes:
        name: what Germans call it.
        url: the address of its text; those of translations begin with it.
        by: whether it asks to be named.
        alike: whether it asks to pass on what was changed under the same terms.
    """

    name: str
    url: str
    by: bool
    alike: bool = False


# Those that GovData recommends, and two of their kind that texts often have; by their key at dcat-ap.de/def/licenses/.
LICENCES: Mapping[str, Licence] = MappingProxyType(
    {
        "cc-by/4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", by=True),
        "cc-by-sa/4.0": Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/", by=True, alike=True),
        "cc-zero": Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", by=False),
        "dl-by-de/2.0": Licence(
            "Datenlizenz Deutschland Namensnennung 2.0", "https://www.govdata.de/dl-de/by-2-0", by=True
        ),
        "dl-zero-de/2.0": Licence(
            "Datenlizenz Deutschland Zero 2.0", "https://www.govdata.de/dl-de/zero-2-0", by=False
        ),
    }
)

# Which list at dcat-ap.de/def/politicalGeocoding/ has keys of how many digits.
_GEOCODING: Mapping[str, int] = MappingProxyType(
    {
        "stateKey": 2,
        "governmentDistrictKey": 3,
        "districtKey": 5,
        "municipalityKey": 8,
        "municipalAssociationKey": 9,
        "regionalKey": 12,
    }
)
_LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "international": "international",
        "european": "Europäische Union",
        "federal": "Bund",
        "state": "Land",
        "administrativeDistrict": "Kreis",
        "municipality": "Gemeinde",
    }
)
_THEMES: Mapping[str, str] = MappingProxyType(
    {
        "AGRI": "Landwirtschaft, Fischerei, Forstwirtschaft und Nahrungsmittel",
        "ECON": "Wirtschaft und Finanzen",
        "EDUC": "Bildung, Kultur und Sport",
        "ENER": "Energie",
        "ENVI": "Umwelt",
        "GOVE": "Regierung und öffentlicher Sektor",
        "HEAL": "Gesundheit",
        "INTR": "Internationale Themen",
        "JUST": "Justiz, Rechtssystem und öffentliche Sicherheit",
        "REGI": "Regionen und Städte",
        "SOCI": "Bevölkerung und Gesellschaft",
        "TECH": "Wissenschaft und Technologie",
        "TRAN": "Verkehr",
    }
)
# Of ADMS, those that can run a site of this kind.
_PUBLISHERS: Mapping[str, str] = MappingProxyType(
    {
        "LocalAuthority": "Kommune",
        "RegionalAuthority": "Land",
        "NationalAuthority": "Bund",
        "Academia-ScientificOrganisation": "Hochschule",
        "NonGovernmentalOrganisation": "Nichtregierungsorganisation",
        "NonProfitOrganisation": "gemeinnützige Organisation",
        "Company": "Unternehmen",
        "PrivateIndividual(s)": "Privatperson",
    }
)


def _geocoding(value: str) -> str:
    name, _, key = value.partition("/")
    if name not in _GEOCODING:
        raise fault(f"„{value}“ nennt keine Liste von Schlüsseln.", f"Erlaubt: {', '.join(_GEOCODING)}. {_NRW}")
    if not (key.isascii() and key.isdigit() and len(key) == _GEOCODING[name]):
        raise fault(f"„{key}“ ist kein Schlüssel mit {_GEOCODING[name]} Ziffern.", _NRW)
    return value


_NRW = "Zum Beispiel für Nordrhein-Westfalen: stateKey/05"


class OpenData(Part):
    """What a portal is told besides what the records say; ``extra.open_data`` in mkdocs.yml."""

    contributor_id: Annotated[
        Annotated[
            Words,
            AfterValidator(
                matching(
                    r"[A-Za-z0-9_-]+",
                    "keine Kennung eines Datenbereitstellers",
                    "Bitte nur eintragen, was in der Liste hinter http://dcat-ap.de/def/contributors/ steht, "
                    "zum Beispiel openNRW.",
                )
            ),
        ]
        | None,
        Field(
            title="Datenbereitsteller",
            description="Kennung aus der Liste http://dcat-ap.de/def/contributors/; nur wer direkt an GovData liefert.",
        ),
    ] = None
    political_geocoding: Annotated[
        Annotated[Words, AfterValidator(_geocoding)] | None,
        Field(title="Gebiet", description="Liste und amtlicher Schlüssel des Gebiets, zum Beispiel stateKey/05."),
    ] = None
    political_geocoding_level: Annotated[
        Annotated[Words, AfterValidator(one_of(_LEVELS))] | None,
        Field(title="Ebene", description=f"Verwaltungsebene: {', '.join(_LEVELS)}."),
    ] = None
    themes: Annotated[
        tuple[Annotated[Words, AfterValidator(one_of(_THEMES))], ...],
        Field(title="Themen", description=f"Kategorien der EU: {', '.join(_THEMES)}."),
    ] = ()
    keywords: Annotated[
        tuple[Words, ...], Field(title="Schlagwörter", description="Unter welchen Wörtern man die Daten finden soll.")
    ] = ()
    licence: Annotated[
        Annotated[Words, AfterValidator(one_of({key: licence.name for key, licence in LICENCES.items()}))] | None,
        Field(
            title="Lizenz der Daten",
            description=f"Nur nötig, wenn sie aus extra.operator.licence nicht folgt: {', '.join(LICENCES)}.",
        ),
    ] = None
    publisher_type: Annotated[
        Annotated[Words, AfterValidator(one_of(_PUBLISHERS))] | None,
        Field(title="Art der Stelle", description=f"Wer die Daten herausgibt: {', '.join(_PUBLISHERS)}."),
    ] = None


def read(data: Any, lines: Lines, licence: str) -> tuple[OpenData, list[Problem]]:
    """The settings as MkDocs has read them, with the licence of the data, or all that is wrong with them.

    Args:
        data: ``extra.open_data``.
        lines: where each setting stands in mkdocs.yml.
        licence: the address of the licence that the operator names for the texts.
    """
    origin = Origin("open_data", "", Raw(FILE, {}, MappingProxyType(dict(lines))), AT)
    try:
        said = OpenData.model_validate(without_blanks(data))
    except ValidationError as error:
        return OpenData(), problems_of(OpenData, origin, error)
    follows = licence_at(licence)
    if said.licence and follows and said.licence != follows:
        wrong = f"„{said.licence}“ widerspricht extra.operator.licence: {licence} ist „{follows}“."
        return said, [_problem(origin, wrong, "Bitte eine der beiden Angaben ändern; ohne licence gilt die andere.")]
    if not (said.licence or follows):
        wrong = f"fehlt. Aus extra.operator.licence ({licence}) folgt keine, unter der Portale Daten annehmen."
        return said, [_problem(origin, wrong, f"Bitte eine eintragen: {', '.join(LICENCES)}.")]
    return said.model_copy(update={"licence": said.licence or follows}), []


def licence(settings: OpenData, texts: Stated) -> Licence:
    """The licence of the data, as every place tells it: the operator's for the texts, unless portals do not take that.

    Args:
        settings: as ``read`` gives them, that is with a licence.
        texts: what the operator says of the texts.
    """
    known = LICENCES[settings.licence or ""]
    return replace(known, name=texts.name, url=texts.url) if licence_at(texts.url) == settings.licence else known


def licence_at(address: str) -> str | None:
    """The key of the licence whose text stands at ``address``."""
    return next((key for key, known in LICENCES.items() if _place(address).startswith(_place(known.url))), None)


def _place(address: str) -> str:
    return address.partition("://")[2].removeprefix("www.").rstrip("/") + "/"


def _problem(origin: Origin, message: str, hint: str) -> Problem:
    title = fields_by_key(OpenData)["licence"].title
    return Problem(FILE, origin.raw.line((*AT, "licence")), field_name(AT, ("licence",), title), message, hint)
