"""The schemas for editors accept every record of the project and refuse what the model refuses."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from catalog import export, schema
from catalog.model import KINDS, Other
from catalog.site import Site
from conftest import ROOT


@pytest.mark.parametrize("cls", [cls for cls in KINDS.values() if cls is not Other], ids=lambda cls: cls.kind)
def test_records_satisfy_the_editor_schema(cls: type, real_site: Site) -> None:
    validator = Draft202012Validator(schema.front_matter(cls, real_site.catalog.vocabulary))
    for record in real_site.catalog.of(cls.kind).values():
        # As an editor's program reads it: with YAML's own types, not with ours.
        data = yaml.safe_load((ROOT / record.path).read_text().split("---\n")[1])
        plain = json.loads(json.dumps(data, default=str))
        assert not [error.message for error in validator.iter_errors(plain)], record.path


def test_others_satisfy_their_schema(real_site: Site) -> None:
    validator = Draft202012Validator(schema.others(real_site.catalog.vocabulary))
    validator.validate(yaml.safe_load((ROOT / "partners/others.yml").read_text()))


def test_schema_refuses_what_the_model_refuses(small_site: Site) -> None:
    validator = Draft202012Validator(schema.front_matter(KINDS["measure"], small_site.catalog.vocabulary))
    errors = {error.validator for error in validator.iter_errors({"title": "T", "farbe": "rot", "status": "kaputt"})}
    assert {"additionalProperties", "enum", "required"} <= errors


def test_schema_speaks_german(small_site: Site) -> None:
    measure = schema.front_matter(KINDS["measure"], small_site.catalog.vocabulary)
    assert measure["title"] == "Maßnahme"
    assert measure["properties"]["status"]["title"] == "Status"
    assert measure["properties"]["status"]["enum"] == ["laufend", "verschoben", "ausgefallen"]
    assert "x-vocabulary" not in json.dumps(measure)


def data_is_of_volunteers(name: str) -> bool:
    """The pool of speakers holds who asked to be in it, which may be nobody."""
    return name == "api/v1/speakers.schema.json"


def test_data_files_satisfy_their_schemas(real_site: Site) -> None:
    files = dict(export.files(real_site, []))
    kinds = [name for name in files if name.endswith(".schema.json")]
    assert len(kinds) == len(KINDS) - 1
    for name in kinds:
        data = json.loads(files[name.replace(".schema.json", ".json")])
        Draft202012Validator.check_schema(json.loads(files[name]))
        Draft202012Validator(json.loads(files[name])).validate(data)
        assert data["total"] == len(data["items"])
        assert data["items"] or data_is_of_volunteers(name)


def test_data_resolves_references(small_site: Site) -> None:
    measure = small_site.catalog.of("measure")["kreis-lippe/sprachmittlung"]
    item = export.item(small_site, measure)
    assert item["id"] == "kreis-lippe/sprachmittlung"
    assert item["url"] == "https://example.org/massnahmen/kreis-lippe/sprachmittlung/"
    assert item["partner"]["title"] == "Kreis Lippe"
    assert item["status"] == {"key": "laufend", "label": "laufend"}
    assert item["cooperation"] == [
        {
            "id": "universitaet-bielefeld",
            "kind": "other",
            "title": "Universität Bielefeld",
            "url": "https://example.org/organisationen/universitaet-bielefeld/",
        }
    ]
    assert item["sources"][0]["document"]["id"] == "bericht"
    schulung = export.item(small_site, small_site.catalog.of("measure")["kreis-lippe/schulung"])
    assert schulung["continues"]["id"] == "kreis-lippe/sprachmittlung"
