"""The settings of the editor in the browser, made from the model and the vocabulary. No browser, no packages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from catalog import forms, rules, views
from catalog.editing import cms
from catalog.model import KINDS
from catalog.problems import SiteError
from catalog.store import Catalog
from conftest import BASE, ROOT

KNOWN: dict[str, Any] = {
    "site_name": "Wissensbasis",
    "site_url": "https://wissensbasis.example.org/unterordner/",
    "repo_url": "https://git.example.org/gruppe/projekt/",
    "extra": {"editing": {"forge": "gitlab", "branch": "main", "app_id": "kennung"}},
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    catalog, problems = rules.load(BASE, views.PAGE_VIEWS)
    assert problems == []
    return catalog


@pytest.fixture(scope="module")
def made(catalog: Catalog) -> dict[str, Any]:
    return cms.configuration(catalog, cms.settings(KNOWN))


def collection(made: dict[str, Any], name: str) -> dict[str, Any]:
    return next(found for found in made["cms"]["collections"] if found["name"] == name)


def widget(made: dict[str, Any], kind: str, key: str) -> dict[str, Any]:
    return next(found for found in collection(made, kind)["fields"] if found["name"] == key)


def widgets(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in fields:
        yield field
        yield from widgets([*field.get("fields", []), *([field["field"]] if "field" in field else [])])


@pytest.mark.parametrize("kind", cms.EDITED)
def test_every_field_is_asked_for_in_the_order_of_the_model(made: dict[str, Any], catalog: Catalog, kind: str) -> None:
    asked = collection(made, kind)["fields"]
    fields = forms.fields(KINDS[kind], catalog.vocabulary)
    assert [field["name"] for field in asked] == [*(field.key for field in fields), "body"]
    assert [field["label"] for field in asked] == [*(field.title for field in fields), "Text"]
    assert [field["required"] for field in asked[:-1]] == [field.required for field in fields]
    assert all(field.description in said["hint"] for field, said in zip(fields, asked, strict=False))
    assert [shape["key"] for shape in made["records"][f"record-{kind}"]] == [field.key for field in fields]


def test_choices_come_from_the_vocabulary(made: dict[str, Any], catalog: Catalog) -> None:
    status = widget(made, "measure", "status")
    assert status["options"] == [{"label": t.label, "value": t.key} for t in catalog.vocabulary["status"].values()]
    groups = widget(made, "measure", "target_groups")
    assert (groups["multiple"], groups["min"]) == (True, 1)
    languages = {option["value"]: option["label"] for option in widget(made, "measure", "languages")["options"]}
    assert languages["tr"] == "Türkisch"
    assert languages.keys() >= catalog.vocabulary["languages"].keys()


def test_references_are_chosen_by_name(made: dict[str, Any], catalog: Catalog) -> None:
    assert widget(made, "measure", "category")["collection"] == "category"
    cooperation = [option["value"] for option in widget(made, "measure", "cooperation")["options"]]
    assert set(cooperation) == catalog.of("partner").keys() | catalog.of("other").keys()
    # Siblings are named by their id alone, others by their folder and id.
    assert widget(made, "measure", "continues")["collection"] == "measure"
    assert {option["value"] for option in widget(made, "measure", "phase")["options"]} == catalog.of("phase").keys()
    names = {found["name"] for found in made["cms"]["collections"]}
    for found in made["cms"]["collections"]:
        assert {field["collection"] for field in widgets(found["fields"]) if "collection" in field} <= names


def test_measures_lie_in_the_folders_of_their_partners(made: dict[str, Any], catalog: Catalog) -> None:
    folders = {folder["id"]: folder for folder in made["folders"]["measure"]}
    assert folders.keys() == catalog.of("partner").keys()
    assert folders["kreis-lippe"]["label"] == catalog.of("partner")["kreis-lippe"].name
    assert folders["kreis-lippe"]["label_singular"] == f"Maßnahme ({folders['kreis-lippe']['label']})"
    labels = [folder["label"].casefold() for folder in made["folders"]["measure"]]
    assert labels == sorted(labels)
    assert {folder["id"] for folder in made["folders"]["phase"]} == catalog.vocabulary["programmes"].keys()


def test_index_pages_are_left_out(made: dict[str, Any]) -> None:
    for found in made["cms"]["collections"]:
        if found["folder"].startswith("docs/") and found["name"] not in made["folders"]:
            assert re.search(found["filter"]["pattern"], "wert")
            assert not re.search(found["filter"]["pattern"], "null")
            assert found["filter"]["field"] in {field["name"] for field in found["fields"]}


def test_a_wrong_answer_is_refused_as_the_check_refuses_it(made: dict[str, Any]) -> None:
    pattern, complaint = widget(made, "measure", "period")["pattern"]
    assert not re.search(pattern, "14.09.2020")
    assert all(re.search(pattern, date) for date in ("2020-09-14", "2019-09", "2017-03/2017-07", "2018-07/.."))
    assert complaint.startswith("Die Angabe ist keine gültige Zeitangabe.")
    value = next(field for field in widget(made, "measure", "figures")["fields"] if field["name"] == "value")
    assert not re.search(value["pattern"][0], "1.000")
    assert widget(made, "measure", "summary")["maxlength"] == 200
    name = collection(made, "measure")["slug"]["pattern"][0]
    assert re.search(name, "sprach-cafe")
    assert not re.search(name, "Büro")


def test_nobody_publishes_deletes_or_uploads(made: dict[str, Any]) -> None:
    assert made["cms"]["publish_mode"] == "editorial_workflow"
    assert "media_folder" not in made["cms"]
    for found in made["cms"]["collections"]:
        assert found["delete"] is False
        assert found.get("publish", False) is False


def test_backend_of_a_gitlab(made: dict[str, Any]) -> None:
    backend = made["cms"]["backend"]
    assert backend.items() >= {
        "name": "gitlab", "repo": "gruppe/projekt", "branch": "main", "auth_type": "pkce", "app_id": "kennung",
        "base_url": "https://git.example.org", "api_root": "https://git.example.org/api/v4",
    }.items()  # fmt: skip
    assert made["cms"]["logo"]["src"] == "/unterordner/assets/icon.svg"


def with_editing(**changed: Any) -> dict[str, Any]:
    return {**KNOWN, "extra": {"editing": {**KNOWN["extra"]["editing"], **changed}}}


def test_without_an_application_editors_bring_a_token(catalog: Catalog) -> None:
    chosen = cms.settings(with_editing(app_id=None))
    assert chosen.token_only
    backend = cms.configuration(catalog, chosen)["cms"]["backend"]
    assert backend["auth_methods"] == ["token"]
    assert "auth_type" not in backend


def test_github(catalog: Catalog) -> None:
    known = {**with_editing(forge="github"), "repo_url": "https://github.com/gruppe/projekt.git"}
    chosen = cms.settings(known)
    backend = cms.configuration(catalog, chosen)["cms"]["backend"]
    assert (backend["name"], backend["repo"], backend["auth_methods"]) == ("github", "gruppe/projekt", ["token"])
    assert "api_root" not in backend
    assert "connect-src 'self' data: https://api.github.com" in cms.policy(chosen)


def test_policy_allows_the_site_and_the_forge_alone() -> None:
    policy = cms.policy(cms.settings(KNOWN))
    assert policy.startswith("default-src 'none'; ")
    assert set(re.findall(r"https?://[^ ;]+", policy)) == {"https://git.example.org"}
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            with_editing(forge="forgejo"),
            "mkdocs.yml: extra.editing.forge: „forgejo“: Die Redaktion im Browser braucht eine Plattform, in der sie "
            "Vorschläge anlegen kann; das sind github und gitlab. Bitte scripts/redaktion weglassen: "
            "Das Formular unter mitmachen/vorschlag/ arbeitet mit jeder Plattform.",
        ),
        ({**KNOWN, "extra": {}}, "mkdocs.yml: extra.editing.forge: „“: "),
        (
            {**KNOWN, "repo_url": "https://git.example.org/projekt/"},
            "mkdocs.yml: repo_url: „https://git.example.org/projekt/“ nennt kein Repository. "
            "Zum Beispiel: https://gitlab.opencode.de/gruppe/projekt/",
        ),
        ({**KNOWN, "repo_url": "http://git.example.org/a/b"}, "mkdocs.yml: repo_url: "),
        ({**KNOWN, "repo_url": "javascript:alert(1)//a/b"}, "mkdocs.yml: repo_url: "),
        ({**KNOWN, "repo_url": "https://git.example.org; script-src */a/b"}, "mkdocs.yml: repo_url: "),
    ],
)
def test_settings_that_can_not_work_are_refused_in_german(known: dict[str, Any], said: str) -> None:
    with pytest.raises(SiteError, match="^" + re.escape(said)):
        cms.settings(known)


def test_nothing_of_a_registry_stands_in_the_lock_file() -> None:
    lock = json.loads((ROOT / "redaktion/package-lock.json").read_text())
    assert not any("resolved" in package for package in lock["packages"].values())
    assert all(re.fullmatch(r"[\d.]+", version) for version in pinned().values())
    assert all("integrity" in package for path, package in lock["packages"].items() if path)


def pinned() -> dict[str, str]:
    package = json.loads((ROOT / "redaktion/package.json").read_text())
    return {**package["dependencies"], **package["devDependencies"]}
