"""Parquet and JSON Lines, read back by DuckDB and pyarrow: types, nested values, and the same counts everywhere."""

from __future__ import annotations

import datetime
import io
import json
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from catalog import downloads
from catalog.downloads import DATA_KINDS
from catalog.site import Site


def table(published: dict[str, bytes], kind: str) -> pa.Table:
    return parquet.read_table(io.BytesIO(published[downloads.path(kind, "parquet")]))


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_counts_are_those_of_the_relations(ending: str, data_folder: Path, real_site: Site) -> None:
    file = data_folder / downloads.path("measure", ending)
    counted = dict(duckdb.sql(f"SELECT category.id, count(*) FROM '{file}' GROUP BY ALL").fetchall())
    categories = real_site.catalog.of("category").values()
    assert counted == {c.id: len(real_site.relations.measures(c, "category")) for c in categories}
    groups = duckdb.sql(f"SELECT g.key, count(*) FROM '{file}' m, unnest(m.target_groups) t(g) GROUP BY ALL").fetchall()
    assert dict(groups) == {
        key: amount
        for key in real_site.catalog.vocabulary["target_groups"]
        if (amount := len(real_site.relations.with_term("target_groups", key)))
    }


def test_duckdb_calculates_with_nested_figures(data_folder: Path, real_site: Site) -> None:
    file = data_folder / "api/v1/measures.parquet"
    query = f"SELECT m.id, f.value, f.low, f.high, f.unit FROM '{file}' m, unnest(m.figures) t(f) WHERE f.low > 100"
    found = duckdb.sql(query).fetchall()
    expected = [
        (measure.ref, figure.value, figure.unit)
        for measure in real_site.catalog.of("measure").values()
        for figure in measure.figures  # type: ignore[attr-defined]
        if not figure.value.startswith("<") and float(figure.value.lstrip("~>").split("-")[0]) > 100
    ]
    assert Counter((ref, value, unit) for ref, value, _, _, unit in found) == Counter(expected)
    assert len(expected) > 50
    assert all(high is None or high >= low for _, _, low, high, _ in found)


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_parquet_and_json_lines_hold_the_items(kind: str, published: dict[str, bytes]) -> None:
    items = json.loads(published[downloads.path(kind, "json")])["items"]
    assert [json.loads(line) for line in published[downloads.path(kind, "jsonl")].decode().splitlines()] == items
    rows = table(published, kind).to_pylist()
    assert len(rows) == len(items)
    for row, item in zip(rows, items, strict=True):
        assert strip(row, item) == item


def strip(row: object, item: object) -> object:
    """What a row says of that which the item says."""
    if isinstance(item, dict) and isinstance(row, dict):
        return {key: strip(row[key], value) for key, value in item.items()}
    if isinstance(item, list) and isinstance(row, list):
        return [strip(r, i) for r, i in zip(row, item, strict=True)]
    return row


def test_types(published: dict[str, bytes]) -> None:
    schema = table(published, "measure").schema
    assert schema.field("period").type == pa.string()
    assert schema.field("period_start").type == pa.date32()
    assert schema.field("category_inferred").type == pa.bool_()
    figure = schema.field("figures").type.value_type
    assert {figure.field(name).type for name in ("low", "high")} == {pa.float64()}
    assert not schema.field("title").nullable
    assert schema.field("period").nullable
    assert schema.metadata[b"title"] == "Maßnahmen".encode()
    assert schema.metadata[b"licence"] == b"https://creativecommons.org/licenses/by/4.0/deed.de"


def test_days_follow_from_what_is_written(published: dict[str, bytes]) -> None:
    rows = table(published, "measure").to_pylist()
    years = [row for row in rows if row["period"] == "2020"]
    assert len(years) > 40
    assert {(row["period_start"], row["period_end"]) for row in years} == {
        (datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))
    }
    for row in rows:
        assert bool(row["period"]) == bool(row["period_start"] or row["period_end"])
