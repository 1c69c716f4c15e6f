"""The forges' forms: up to date, right for GitHub, and what people fill in is understood."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import filling
from catalog import rules, views
from catalog.editing import issue_forms, proposals
from catalog.site import Site
from conftest import BASE, ROOT

URL = "https://wissensbasis.example.org/"
GITHUB = [f"{issue_forms.GITHUB}/{name}.yml" for name in ("massnahme", "massnahme-neuer-partner", "korrektur")]
GITLAB = [f"{issue_forms.GITLAB}/{name}.md" for name in ("Massnahme", "Korrektur")]


def schema(name: str) -> Any:
    """A schema of the collection at schemastore.org, out of the package check-jsonschema."""
    found = importlib.util.find_spec("check_jsonschema")
    assert found
    assert found.origin
    return json.loads((Path(found.origin).parent / f"builtin_schemas/vendor/{name}.json").read_text())


@pytest.fixture(scope="module")
def forms(real_site: Site) -> dict[str, str]:
    return issue_forms.files(real_site.catalog, URL, "vorschlag")


def elements(form: str) -> list[dict[str, Any]]:
    return [element for element in yaml.safe_load(form)["body"] if element["type"] != "markdown"]


def headings(text: str) -> Iterator[str]:
    yield from (line.removeprefix("### ") for line in text.split("\n") if line.startswith("### "))


@pytest.mark.parametrize("name", GITHUB)
def test_github_accepts_the_forms(forms: dict[str, str], name: str) -> None:
    form = yaml.safe_load(forms[name])
    jsonschema.validate(form, schema("github-issue-forms"))
    assert form["labels"] == ["vorschlag"]


@pytest.mark.parametrize("name", GITHUB)
def test_what_the_schema_cannot_say(forms: dict[str, str], name: str) -> None:
    """GitHub's common validation errors: nothing twice, no reserved word, no boolean, nothing blank."""
    asked = elements(forms[name])
    for unique in ([e["id"] for e in asked], [e["attributes"]["label"].casefold() for e in asked]):
        assert len(set(unique)) == len(unique)
    for element in asked:
        options = element["attributes"].get("options", [])
        labels = [option["label"] if isinstance(option, dict) else option for option in options]
        assert all(isinstance(label, str) and label.strip() == label != "" for label in labels)
        assert len({label.casefold() for label in labels}) == len(labels)
        assert not {"none"} & {label.casefold() for label in labels}
        assert bool(labels) == (element["type"] in ("dropdown", "checkboxes"))
        assert element["type"] != "checkboxes" or "validations" not in element
    assert asked[-1]["attributes"]["label"] == "Text"
    assert len(forms[name].encode()) < 60_000


def test_github_accepts_the_chooser(forms: dict[str, str]) -> None:
    chooser = yaml.safe_load(forms[f"{issue_forms.GITHUB}/config.yml"])
    jsonschema.validate(chooser, schema("github-issue-config"))
    assert chooser["contact_links"][0]["url"] == f"{URL}mitmachen/vorschlag/"
    assert chooser["blank_issues_enabled"] is True


def test_the_template_for_the_sites_text_sets_the_label(forms: dict[str, str]) -> None:
    head = forms[f"{issue_forms.GITHUB}/{issue_forms.PLAIN}"].split("---\n")[1]
    assert yaml.safe_load(head)["labels"] == ["vorschlag"]


@pytest.mark.parametrize("name", [*GITHUB, *GITLAB])
def test_every_heading_is_understood(forms: dict[str, str], real_site: Site, name: str) -> None:
    text = forms[name]
    titles = [e["attributes"]["label"] for e in elements(text)] if name in GITHUB else list(headings(text))
    correcting = "orrektur" in name
    assert set(titles) <= set(proposals.headings(real_site.catalog.vocabulary, correcting))
    assert (titles[0] == "Maßnahme") == correcting
    assert titles[-1] == "Text"


@pytest.mark.slow
@pytest.mark.parametrize("name", [*GITHUB, *GITLAB])
def test_a_form_that_nobody_filled_in_asks_for_what_is_missing(forms: dict[str, str], name: str) -> None:
    text = filling.github(forms[name], {}) if name in GITHUB else forms[name]
    outcome = proposals.examine(text, ROOT)
    assert not outcome.files
    assert [p.message for p in outcome.problems] == ["Der Text enthält keine Angaben."]


@pytest.mark.parametrize("name", GITHUB)
def test_one_answer_is_not_enough(forms: dict[str, str], name: str) -> None:
    outcome = proposals.examine(filling.github(forms[name], {"Titel": "Neu"}), ROOT)
    assert not outcome.files
    assert {p.message for p in outcome.problems} == {"fehlt."}
    assert len(outcome.problems) == (1 if "korrektur" in name else 7)


def test_gitlab_sets_the_label_by_a_quick_action(forms: dict[str, str]) -> None:
    assert all(forms[name].startswith("/label ~vorschlag\n\n<!--") for name in GITLAB)


def test_options_of_the_same_name_are_told_apart(project: Path) -> None:
    path = project / "docs/phasen/nrweltoffen-bielefeld/phase-2.md"
    title = (project / "docs/phasen/nrweltoffen-bielefeld/phase-1.md").read_text().split("\n")[1]
    path.write_text("\n".join(title if line.startswith("title:") else line for line in path.read_text().split("\n")))
    catalog, _ = rules.load(project, views.PAGE_VIEWS)
    form = issue_forms.files(catalog, URL, "vorschlag")[GITHUB[0]]
    phases = next(e["attributes"]["options"] for e in elements(form) if e["id"] == "phase")
    assert phases == ["nrweltoffen-bielefeld/phase-1", "nrweltoffen-bielefeld/phase-2"]


def test_a_partner_that_is_too_many_is_typed(project: Path) -> None:
    for number in range(issue_forms.MAX_OPTIONS):
        text = (BASE / "partners/kreis-lippe.md").read_text().replace("Kreis Lippe", f"Kreis {number}")
        (project / f"partners/kreis-{number}.md").write_text(text)
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    assert found == []
    form = issue_forms.files(catalog, URL, "vorschlag")[GITHUB[0]]
    assert elements(form)[0]["type"] == "input"


@pytest.mark.slow
def test_forms_are_compared_and_written(full_project: Path) -> None:
    shutil.copytree(ROOT / "scripts", full_project / "scripts")

    def run(*options: str) -> int:
        command = (sys.executable, "scripts/issue_forms.py", *options)
        return subprocess.run(command, cwd=full_project, check=False, capture_output=True).returncode

    assert (run("--check"), run(), run("--check")) == (1, 0, 0)
    old = full_project / issue_forms.GITHUB / "alt.yml"
    old.write_text("name: alt\n")
    assert (run("--check"), run(), run("--check"), old.exists()) == (1, 0, 0, False)
    text = full_project / "vocabulary.yml"
    text.write_text(text.read_text().replace("label: Fortbildung", "label: Schulung"))
    assert run("--check") == 1
