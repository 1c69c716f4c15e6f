"""The workflows of all forges: valid, and nothing in them but calls of scripts that are there."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from conftest import ROOT
from test_issue_forms import schema

ACTIONS = sorted((*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob(".forgejo/workflows/*.yml")))
GITLAB = sorted(ROOT.glob(".gitlab/ci/*.yml"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(path: Path) -> Iterator[str]:
    """What a workflow runs."""
    data = yaml.safe_load(path.read_text())
    for job in data.get("jobs", data).values():
        yield from (step["run"] for step in job.get("steps", ()) if "run" in step)
        for key in ("before_script", "script", "after_script"):
            yield from job.get(key, ())


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_workflows_are_valid(path: Path) -> None:
    data = yaml.safe_load(path.read_text())
    data["on"] = data.pop(True)  # YAML 1.1 reads the key as a truth value
    jsonschema.validate(data, schema("github-workflows"))


@pytest.mark.parametrize("path", [ROOT / ".gitlab-ci.yml", *GITLAB], ids=name_of)
def test_pipelines_are_valid(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text()), schema("gitlab-ci"))


def test_settings_of_dependabot_are_valid() -> None:
    jsonschema.validate(yaml.safe_load((ROOT / ".github/dependabot.yml").read_text()), schema("dependabot"))


def test_every_pipeline_is_included() -> None:
    included = {entry["local"] for entry in yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())["include"]}
    assert included == {name_of(path) for path in GITLAB}


@pytest.mark.parametrize("path", [*ACTIONS, *GITLAB], ids=name_of)
def test_only_scripts_of_the_project_are_called(path: Path) -> None:
    found = list(commands(path))
    assert found
    for command in found:
        assert "\n" not in command.strip()
        script, *rest = shlex.split(command)
        assert script.startswith("scripts/")
        assert os.access(ROOT / script, os.X_OK), script
        assert not set(";&|`<>") & set(command), command
        assert all(re.fullmatch(r"[\w./=-]+|\$[A-Z_]+", word) for word in rest), command


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_no_expression_reaches_a_shell(path: Path) -> None:
    """What people write would be carried out; only numbers and commits go through variables."""
    harmless = r"github\.(token|event\.(issue|pull_request)\.number|event\.pull_request\.base\.\w+)|secrets\.[A-Z_]+"
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        for value in step.get("env", {}).values():
            for expression in re.findall(r"\$\{\{ (.*?) \}\}", value):
                assert re.fullmatch(harmless, expression), value


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_actions_are_pinned_and_keep_no_credentials(path: Path) -> None:
    for step in steps(path):
        if "uses" in step:
            assert re.search(r"@[0-9a-f]{40}$", step["uses"]), step["uses"]
        if "/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize(
    "name", [".github/workflows/pakete.yml", ".forgejo/workflows/pakete.yml", ".gitlab/ci/pakete.yml"]
)
def test_packages_are_asked_about_on_a_schedule(name: str) -> None:
    text = (ROOT / name).read_text()
    assert list(commands(ROOT / name)) == ["scripts/audit"]
    data = yaml.safe_load(text)
    if "gitlab" in name:
        assert data["pakete"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule" && $TASK == "pakete"'}]
    else:
        assert data[True]["schedule"] == [{"cron": "23 4 * * 1"}]  # YAML 1.1 reads "on" as a truth value
        assert data.get("permissions", {"contents": "read"}) == {"contents": "read"}


@pytest.mark.parametrize("forge", ["github", "forgejo", "gitlab"])
def test_other_sites_are_harvested_on_a_schedule(forge: str) -> None:
    """Into a request that somebody looks at, never onto the branch that is published; with no secret but the token."""
    path = ROOT / (".gitlab/ci/verbund.yml" if forge == "gitlab" else f".{forge}/workflows/verbund.yml")
    assert list(commands(path)) == [f"scripts/harvest --forge {forge}"]
    data = yaml.safe_load(path.read_text())
    if forge == "gitlab":
        assert data["verbund"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule" && $TASK == "verbund"'}]
        return
    assert data[True].keys() == {"schedule", "workflow_dispatch"}, "nobody outside can start it"
    assert set(re.findall(r"secrets\.\w+", path.read_text())) == {"secrets.PROPOSAL_TOKEN"}
    assert data.get("permissions") == ({"contents": "write", "pull-requests": "write"} if forge == "github" else None)


def test_a_proposal_may_do_no_more_than_it_needs() -> None:
    data = yaml.safe_load((ROOT / ".github/workflows/vorschlag.yml").read_text())
    assert data["permissions"] == {"contents": "write", "issues": "write", "pull-requests": "write"}
    assert "merge" not in "".join(commands(ROOT / ".github/workflows/vorschlag.yml"))


def test_what_publishes_asks_the_operator_for_an_imprint_first() -> None:
    """Whatever puts the site before the public builds it with --publish, so that nothing goes out without."""
    for name, build in (
        (".github/workflows/seite.yml", "--publish"),
        (".gitlab/ci/seite.yml", "--publish --site-dir public"),
    ):
        assert next(commands(ROOT / name)) == f"scripts/build {build}"
    others = [path for path in (*ACTIONS, *GITLAB) if path.name != "seite.yml"]
    for path in others:
        assert not re.search(r"deploy-pages|upload-pages|^pages:", path.read_text(), re.MULTILINE), path


@pytest.mark.parametrize("path", [p for p in ACTIONS if p.stem == "pruefung"], ids=name_of)
def test_a_check_of_strangers_files_holds_no_secret(path: Path) -> None:
    """Such a run carries out what a request brings along."""
    text = path.read_text()
    data = yaml.safe_load(text)
    assert data[True] == "pull_request"
    assert "secrets." not in text
    assert data.get("permissions", {}).get("contents", "read") == "read"
    assert not {"id-token", "packages", "actions"} & data.get("permissions", {}).keys()
    # The token, which may comment at most, is there for the last step alone.
    with_token = [step for step in steps(path) if "github.token" in str(step.get("env", ""))]
    assert [step["run"].split()[0] for step in with_token] == ["scripts/comment.py"]


def test_gitlab_checks_requests_without_a_secret() -> None:
    job = yaml.safe_load((ROOT / ".gitlab/ci/pruefung.yml").read_text())["pruefung"]
    assert "TOKEN" not in str(job)
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
