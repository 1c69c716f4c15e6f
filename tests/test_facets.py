"""The facets of a list, against counts made from the files without the generator."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from catalog import views
from catalog.site import Site
from catalog.views import facets
from conftest import ROOT, front_matter

Values = dict[str, set[str]]


def values_by_file() -> dict[str, Values]:
    """Reference of each measure -> facet -> its values, read anew."""
    partners = {path.stem: front_matter(path) for path in (ROOT / "partners").glob("*.md")}
    found = {}
    for path in sorted((ROOT / "measures").glob("*/*.md")):
        record, partner = front_matter(path), path.parent.name
        years = [part[:4] for part in record.get("period", "").split("/") if part[:1].isdigit()]
        found[f"{partner}/{path.stem}"] = {
            "kategorie": {record["category"]},
            "status": {record["status"]},
            "zielgruppe": set(record["target_groups"]),
            "format": set(record["formats"]),
            "gute-praxis": {record["best_practice"]["level"]} if "best_practice" in record else set(),
            "partner": {partner},
            "region": {partners[partner]["region"]} if "region" in partners[partner] else set(),
            "ort": {partners[partner]["place"]} if "place" in partners[partner] else set(),
            "netzwerk": set(record.get("networks", [])),
            "jahr": set(years[:1]),
        }
    return found


def random_choices(measures: dict[str, Values], seed: int, keys: int, values: int) -> list[dict[str, list[str]]]:
    """200 choices of up to so many facets with up to so many values in each, always the same for a seed."""
    dice = random.Random(seed)
    present = {key: sorted({v for m in measures.values() for v in m[key]}) for key in next(iter(measures.values()))}
    choices = []
    for _ in range(200):
        chosen = dice.sample(sorted(present), dice.randint(1, keys))
        choices.append(
            {key: dice.sample(present[key], dice.randint(1, min(values, len(present[key])))) for key in chosen}
        )
    return choices


def fits(found: Values, chosen: dict[str, list[str]], aside: str = "") -> bool:
    """Whether a page has any of the chosen values of each facet, but for one; a page that is no measure has none."""
    return all(key == aside or found.get(key, set()) & set(values) for key, values in chosen.items())


@pytest.fixture(scope="module")
def measures() -> dict[str, Values]:
    return values_by_file()


def test_numbers_beside_the_values(real_site: Site, measures: dict[str, Values]) -> None:
    for facet in facets.facets(real_site, real_site.relations.all_measures):
        expected = Counter(value for found in measures.values() for value in found[facet.key])
        assert {value: amount for value, _, amount in facet.values} == expected, facet.key


def test_data_name_each_measure_with_its_values(real_site: Site, measures: dict[str, Values]) -> None:
    files = {name: json.loads(text) for name, text in facets.files(real_site)}
    index = files.pop(facets.INDEX)
    refs = [entry[0] for name in sorted(files) for entry in files[name]]
    assert len(refs) == len(index["items"]) == len(measures)
    for ref, item in zip(refs, index["items"], strict=True):
        for key, places in zip(index["facets"], item, strict=True):
            assert {index["facets"][key][place][0] for place in places} == measures[ref][key], (ref, key)


def test_a_facet_with_one_value_narrows_nothing(small_site: Site) -> None:
    shown = {facet.key for facet in facets.facets(small_site, small_site.relations.all_measures)}
    assert "partner" not in shown
    assert {"status", "format"} <= shown
    index = json.loads(dict(facets.files(small_site))[facets.INDEX])
    assert index["facets"]["partner"] == [["kreis-lippe", "Kreis Lippe"]]


def test_the_search_knows_each_page_by_its_kind(real_site: Site) -> None:
    """Measures in the order of their facets, whether or not the index has all of them."""
    plans = views.plan(real_site)
    names = {plan.address: f"de_{number:x}" for number, plan in enumerate(plans) if plan.filters}
    missing = real_site.relations.all_measures[3]
    del names[missing.page_address]
    found = {kind: ids.split(" ") for kind, ids in json.loads(facets.pages(real_site, plans, names)).items()}
    expected = [names.get(measure.page_address, "-") for measure in real_site.relations.all_measures]
    assert found["massnahmen"] == expected
    assert expected.count("-") == 1
    assert len(found["netzwerke"]) == len(real_site.catalog.of("network"))
    assert sum(map(len, found.values())) == len(names) + 1
    assert {kind for kind, _, _ in facets.pages_by_kind(real_site).values} == set(found)
