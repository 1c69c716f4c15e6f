"""The form on the site: its questions, what its scripts are told, and the vendored validator."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from catalog import export, forms, render, schema, views
from catalog.editing import proposals
from catalog.forms import FormField
from catalog.model import KINDS
from catalog.site import Site
from catalog.views import proposal
from conftest import ROOT, front_matter
from test_site import Reader

ADDRESS = "mitmachen/vorschlag/"


def shown(site: Site) -> str:
    page = next(page for page in views.plan(site) if page.address == ADDRESS)
    return render.page(site, page.view, views.context(site, page), "")[0]


def leaves(fields: Iterable[FormField], prefix: str) -> Iterable[tuple[str, FormField]]:
    for field in fields:
        name = f"{prefix}-{field.key}"
        yield name, field
        yield from leaves(field.parts, f"{name}-n" if field.many else name)


@pytest.mark.parametrize("kind", ["measure", "partner", "source"])
def test_every_field_of_the_model_is_asked_for(real_site: Site, kind: str) -> None:
    ids = set(Reader(shown(real_site)).ids)
    asked = forms.plain(KINDS[kind], real_site.catalog.vocabulary)
    wanted = {name for name, field in leaves(asked, kind) if field.kind != "alias"}
    if kind == "partner":  # a new partner rests on the evidence of its measure
        wanted = {name for name in wanted if not name.startswith("partner-sources")}
    assert wanted <= ids


def test_help_and_definitions_are_visible_and_tied_to_their_fields(real_site: Site) -> None:
    html = shown(real_site)
    ids = set(Reader(html).ids)
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert len(described) > 100
    assert {name for names in described for name in names.split()} <= ids
    for term in real_site.catalog.vocabulary["status"].values():
        assert f'<small id="measure-status-{term.key}-help">{term.definition}</small>' in html
    assert "Kennung aus docs/" not in html  # nobody types ids here


def test_labels_lead_to_their_fields(real_site: Site) -> None:
    html = shown(real_site)
    ids = set(Reader(html).ids)
    labels = re.findall(r'<label[^>]* for="([^"]+)"', html)
    assert len(labels) > 100
    assert set(labels) <= ids


def test_the_small_project_has_the_form_too(small_site: Site) -> None:
    assert 'id="measure-sources"' in shown(small_site)


def test_page_stays_light(real_site: Site) -> None:
    """A form has many elements; these are all that the whole page has but the shell's hundred."""
    html = shown(real_site)
    assert Reader(html).elements < 1300
    assert len(gzip.compress(html.encode(), 6)) < 20 * 1024


def test_without_a_repository_no_way_leads_there(small_site: Site) -> None:
    page = next(page for page in views.plan(small_site) if page.address == ADDRESS)
    context = views.context(small_site, page)
    assert context["can_propose"]
    html = render.page(small_site, page.view, context | {"can_propose": False}, "")[0]
    assert "data-issue" not in html
    assert 'data-repository=""' in html


def test_headings_of_a_proposal_are_those_that_are_read(real_site: Site) -> None:
    told = proposal.description(real_site)
    assert {kind: f"{legend}: " for kind, legend in told["legends"].items()} == proposals.ALONG
    titles = {field["title"] for field in told["fields"]["measure"]} - {"Frühere Adressen"}
    assert titles <= set(proposals.headings(real_site.catalog.vocabulary, False))


def test_the_template_that_gives_the_label_is_there() -> None:
    script = (ROOT / "overrides/assets/proposal.js").read_text()
    name = re.search(r'TEMPLATE = "([^"]+)"', script)
    assert name
    assert (ROOT / name[1]).is_file()


def files(site: Site) -> dict[str, Any]:
    found = dict(export.files(site, []))
    return {name: json.loads(text) for name, text in found.items() if name.startswith("mitmachen/")}


@pytest.mark.parametrize("name", ["small_site", "real_site"])
def test_scripts_get_the_records_as_editors_wrote_them(request: pytest.FixtureRequest, name: str) -> None:
    site: Site = request.getfixturevalue(name)
    found = files(site)
    assert set(found) == {proposal.FIELDS, *(f"{ADDRESS}{partner}.json" for partner in site.catalog.of("partner"))}
    amount = 0
    for partner in site.catalog.of("partner"):
        for name_, said in found[f"{ADDRESS}{partner}.json"]["measures"].items():
            record = site.catalog.of("measure")[f"{partner}/{name_}"]
            assert (said["data"], said["text"]) == (record._origin.raw.data, record.text)
            amount += 1
    assert amount == len(site.catalog.of("measure"))


def test_raw_records_are_those_of_the_files(real_site: Site) -> None:
    """Read again without the generator."""
    for name, said in files(real_site).items():
        for id_, record in said.get("measures", {}).items():
            assert record["data"] == front_matter(ROOT / f"measures/{said['partner']}/{id_}.md"), name


def test_raw_records_of_the_largest_partner_are_small(real_site: Site) -> None:
    sizes = {
        name: len(gzip.compress(text, 6)) for name, text in export.files(real_site, []) if name.startswith("mitmachen/")
    }
    assert max(sizes.values()) < 30 * 1024
    assert sizes[proposal.FIELDS] < 25 * 1024


def test_description_names_what_may_be_referred_to(real_site: Site) -> None:
    told = proposal.description(real_site)
    assert set(told["records"]) == {
        "partner", "other", "network", "source", "category", "field", "phase", "indicator", "contact", "document",
    }  # fmt: skip
    assert ["kreis-lippe", "Kreis Lippe"] in [names[:2] for names in told["records"]["partner"]]
    assert told["languages"]["ar"] == "Arabisch"
    assert told["languages"]["de-simple"] == "Leichte Sprache"
    assert told["sections"]["partnerbericht-2020"]["vernetzung"] == ["Synergieeffekte durch Vernetzung", "2640-3131"]


def test_schemas_that_the_form_asks_are_those_of_the_model(real_site: Site) -> None:
    for kind in ("measure", "partner", "source"):
        published = json.loads((ROOT / f"docs/schema/{kind}.json").read_text())
        Draft202012Validator.check_schema(published)
        assert published == schema.front_matter(KINDS[kind], real_site.catalog.vocabulary)


def test_measures_lead_to_the_form_and_other_pages_to_a_letter(real_build: Path) -> None:
    measure = (real_build / "massnahmen/kreis-lippe/sprachvermittlerpool/index.html").read_text()
    start = "../../../mitmachen/vorschlag/?massnahme=kreis-lippe/sprachvermittlerpool"
    assert f'<a href="{start}">Angabe korrigieren</a>' in measure
    assert f'<a href="{start}&amp;stimmt=1">Stimmt noch</a>' in measure
    assert ">Angabe per E-Mail korrigieren</a>" in (real_build / "partner/kreis-lippe/index.html").read_text()
    assert "mailto:redaktion@example.org?subject=Angabe" in (real_build / "partner/kreis-lippe/index.html").read_text()


def test_validator_is_the_pinned_one_and_needs_no_eval() -> None:
    bundled = (ROOT / "overrides/assets/json-schema.js").read_text()
    assert "MIT License" in bundled
    assert not re.search(r"\beval\(|new Function", bundled)
    pinned = json.loads((ROOT / "vendor/package.json").read_text())
    assert pinned["dependencies"] == {"@cfworker/json-schema": "4.1.6"}
    lock = (ROOT / "vendor/package-lock.json").read_text()
    assert "resolved" not in lock
    assert json.loads(lock)["packages"]["node_modules/@cfworker/json-schema"]["version"] == "4.1.6"


def test_the_bundle_is_compared_where_the_packages_are_installed() -> None:
    script = str(ROOT / "scripts/vendor")
    told = subprocess.run([script, "--help"], cwd="/", capture_output=True, text=True, check=False)
    assert told.returncode == 0
    assert "--check" in told.stdout
    if (ROOT / "vendor/node_modules/.installed").exists():  # else it would need a registry
        assert subprocess.run([script, "--check"], cwd="/", capture_output=True, check=False).returncode == 0
