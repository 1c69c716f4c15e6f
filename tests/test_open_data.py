"""The settings for portals: right in form, or a message with line and remedy."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from catalog import open_data, operator, problems, rules, views
from catalog.open_data import LICENCES, Licence, OpenData
from catalog.problems import SiteError
from catalog.site import read_site
from conftest import BASE, EXTRA, REPOSITORY, ROOT

CC_BY = "https://creativecommons.org/licenses/by/4.0/deed.de"
COMPLETE = """\
site_name: Wissensbasis
extra:
  open_data:
    contributor_id: openNRW
    political_geocoding: districtKey/05766
    political_geocoding_level: administrativeDistrict
    themes: [SOCI, GOVE]
    keywords: [Integration, Vielfalt]
    licence: cc-by/4.0
    publisher_type: LocalAuthority
"""


def read(text: str, licence: str = CC_BY) -> tuple[OpenData, str]:
    """The settings in a mkdocs.yml, and the messages about them."""
    data = (yaml.safe_load(text).get("extra") or {}).get("open_data") or {}
    settings, found = open_data.read(data, operator.lines(text), licence)
    return settings, problems.as_text(sorted(found))


def test_complete_settings_are_read() -> None:
    settings, found = read(COMPLETE)
    assert found == ""
    assert settings.model_fields_set == OpenData.model_fields.keys()
    assert settings.political_geocoding == "districtKey/05766"


def test_all_may_be_left_out_and_the_licence_follows() -> None:
    settings, found = read("site_name: Wissensbasis\n")
    assert found == ""
    assert settings == OpenData(licence="cc-by/4.0")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (CC_BY, "cc-by/4.0"),
        ("http://creativecommons.org/licenses/by/4.0", "cc-by/4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa/4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.de", "cc-zero"),
        ("https://www.govdata.de/dl-de/by-2-0", "dl-by-de/2.0"),
        ("https://www.govdata.de/dl-de/zero-2-0", "dl-zero-de/2.0"),
    ],
)
def test_the_licence_follows_from_its_address(address: str, key: str) -> None:
    settings, found = read("site_name: x\n", address)
    assert (settings.licence, found) == (key, "")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("contributor_id", "contributer_id", "4: extra.open_data.contributer_id: „contributer_id“ ist kein bekannter Schlüssel. Meinten Sie „contributor_id“?"),
        ("openNRW", "http://dcat-ap.de/def/contributors/openNRW", "4: extra.open_data.contributor_id (Datenbereitsteller): „http://dcat-ap.de/def/contributors/openNRW“ ist keine Kennung eines Datenbereitstellers. Bitte nur eintragen, was in der Liste hinter http://dcat-ap.de/def/contributors/ steht, zum Beispiel openNRW."),
        ("districtKey/05766", "Kreis Lippe", "5: extra.open_data.political_geocoding (Gebiet): „Kreis Lippe“ nennt keine Liste von Schlüsseln. Erlaubt: stateKey, governmentDistrictKey, districtKey, municipalityKey, municipalAssociationKey, regionalKey. Zum Beispiel für Nordrhein-Westfalen: stateKey/05"),
        ("districtKey/05766", "districtKey/5766", "5: extra.open_data.political_geocoding (Gebiet): „5766“ ist kein Schlüssel mit 5 Ziffern. Zum Beispiel für Nordrhein-Westfalen: stateKey/05"),
        ("districtKey/05766", "5766", "5: extra.open_data.political_geocoding (Gebiet): YAML liest hier „5766“, eine Zahl oder ja/nein. Bitte in Anführungszeichen setzen."),
        ("administrativeDistrict", "Kreis", "6: extra.open_data.political_geocoding_level (Ebene): „Kreis“ ist nicht erlaubt. Meinten Sie „administrativeDistrict“?"),
        ("SOCI", "SOZI", "7: extra.open_data.themes[1] (Themen): „SOZI“ ist nicht erlaubt. Meinten Sie „SOCI“?"),
        ("[SOCI, GOVE]", "SOCI", "7: extra.open_data.themes (Themen): „SOCI“ ist keine Liste. Bitte in eckige Klammern setzen: [SOCI]"),
        ("cc-by/4.0", "CC BY-SA 4.0", "9: extra.open_data.licence (Lizenz der Daten): „CC BY-SA 4.0“ ist nicht erlaubt. Meinten Sie „cc-by-sa/4.0“?"),
        ("cc-by/4.0", "dl-by-de/2.0", f"9: extra.open_data.licence (Lizenz der Daten): „dl-by-de/2.0“ widerspricht extra.operator.licence: {CC_BY} ist „cc-by/4.0“. Bitte eine der beiden Angaben ändern; ohne licence gilt die andere."),
        ("LocalAuthority", "Kommune", "10: extra.open_data.publisher_type (Art der Stelle): „Kommune“ ist nicht erlaubt. Meinten Sie „LocalAuthority“?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(before: str, after: str, message: str) -> None:
    assert COMPLETE.count(before) == 1
    assert read(COMPLETE.replace(before, after))[1] == f"mkdocs.yml:{message}\n"


def test_a_licence_that_portals_do_not_take_must_be_cleared_up() -> None:
    text = COMPLETE.replace("    licence: cc-by/4.0\n", "")
    assert read(text, "https://example.org/eigene-lizenz")[1] == (
        "mkdocs.yml:3: extra.open_data.licence (Lizenz der Daten): fehlt. Aus extra.operator.licence "
        "(https://example.org/eigene-lizenz) folgt keine, unter der Portale Daten annehmen. "
        f"Bitte eine eintragen: {', '.join(LICENCES)}.\n"
    )
    settings, found = read(COMPLETE, "https://example.org/eigene-lizenz")
    assert (settings.licence, found) == ("cc-by/4.0", "")


def test_data_may_have_a_licence_of_their_own() -> None:
    """Where portals take the licence of the texts, it is told in the operator's words; where not, in ours."""
    texts = operator.Licence(name="Namensnennung", url=CC_BY)
    assert open_data.licence(OpenData(licence="cc-by/4.0"), texts) == Licence("Namensnennung", CC_BY, by=True)
    own = operator.Licence(name="Eigene Lizenz", url="https://example.org/eigene-lizenz")
    assert open_data.licence(OpenData(licence="cc-by-sa/4.0"), own) == LICENCES["cc-by-sa/4.0"]


def test_a_wrong_setting_ends_the_build() -> None:
    catalog, _ = rules.load(BASE, views.PAGE_VIEWS)
    extra: dict[str, Any] = {**EXTRA, "open_data": {"themes": ["X"]}}
    settings = {"site_name": "W", "site_url": "https://example.org/", "repo_url": REPOSITORY, "extra": extra}
    with pytest.raises(SiteError, match=r"extra\.open_data\.themes"):
        read_site(settings, catalog)


def project_settings() -> str:
    """The part of the project's own mkdocs.yml that holds the settings."""
    text = (ROOT / "mkdocs.yml").read_text()
    return "extra:\n" + text[text.index("  open_data:\n") :].partition("\n\n")[0] + "\n"


def test_the_settings_of_the_project_are_right() -> None:
    settings, found = read(project_settings())
    assert found == ""
    assert settings.political_geocoding == "stateKey/05"
    assert settings.contributor_id is None


def test_samples_in_the_project_are_right() -> None:
    """What a comment proposes is allowed when somebody takes the # away."""
    settings, found = read(project_settings().replace("    # ", "    "))
    assert found == ""
    assert (settings.contributor_id, settings.publisher_type) == ("openNRW", "LocalAuthority")
