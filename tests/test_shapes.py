"""What items are made of: the model's fields, and what follows from them for calculating."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import Field

from catalog import export, model, shapes
from catalog.downloads import DATA_KINDS
from catalog.fields import Count, Date, FigureValue, Flag, Line, OneOf, RefersTo
from catalog.shapes import Shape
from catalog.site import Site


class Attendance(model.Part):
    value: Annotated[FigureValue, Field(title="Wert", description="Zahl.")]
    at: Annotated[Date | None, Field(title="Wann", description="Zeit.")] = None


class Event(model.Record):
    """A kind that the generator does not know."""

    kind, folder, address, label = "event", "events", "termine", ("Termin", "Termine")
    seats: Annotated[Count | None, Field(title="Plätze", description="Wie viele.")] = None
    open: Annotated[Flag, Field(title="Offen", description="Ob offen.")] = False
    days: Annotated[tuple[Date, ...], Field(title="Tage", description="An welchen Tagen.")] = ()
    by: Annotated[tuple[Annotated[Line, RefersTo(("partner", "other"))], ...], Field(title="Von", description="Wer.")]
    status: Annotated[str, OneOf("status"), Field(title="Status", description="Stand.")]
    attended: Annotated[tuple[Attendance, ...], Field(title="Teilnahme", description="Wie viele kamen.")] = ()


def by_key(found: tuple[Shape, ...]) -> dict[str, Shape]:
    return {shape.key: shape for shape in found}


def test_a_new_kind_needs_nothing() -> None:
    found = by_key(shapes.of(Event))
    assert list(found) == ["id", "url", "file", "text", "title", "seats", "open", "days", "by", "status", "attended"]
    assert (found["seats"].type, found["seats"].required) == ("integer", False)
    assert (found["open"].type, found["open"].required) == ("boolean", True)
    assert (found["days"].type, found["days"].many) == ("text", True)
    assert [part.key for part in found["by"].parts] == ["id", "kind", "title", "url"]
    assert found["status"].vocabulary == "status"
    assert [part.key for part in found["attended"].parts] == ["value", "low", "high", "at", "at_start", "at_end"]


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("1000", 1000, 1000),
        ("~10.42", 10.42, 10.42),
        ("25-30", 25, 30),
        (">40", 40, None),
        ("<700", None, 700),
        (">5-6", 5, None),
    ],
)
def test_numbers_of_a_figure(value: str, low: float | None, high: float | None) -> None:
    figure = by_key(shapes.of(model.Measure))["figures"].parts
    data = shapes.completed(figure, {"value": value, "unit": "%", "as_of": None, "note": None})
    assert (data["value"], data["low"], data["high"], data["as_of_start"]) == (value, low, high, None)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2017-03/2017-07-04", "2017-03-01", "2017-07-04"),
        ("2018-07/..", "2018-07-01", None),
        ("../2019", None, "2019-12-31"),
    ],
)
def test_days_of_a_time(written: str, start: str | None, end: str | None) -> None:
    period = tuple(shape for shape in shapes.of(model.Phase) if shape.key.startswith("period"))
    data = shapes.completed(period, {"period": written})
    first, last = (day and datetime.date.fromisoformat(day) for day in (start, end))
    assert data == {"period": written, "period_start": first, "period_end": last}


def names(found: tuple[Shape, ...]) -> Iterator[tuple[str, ...]]:
    yield tuple(shape.key for shape in found)
    for shape in found:
        yield from names(shape.parts)


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_shapes_are_those_of_the_items(kind: str, real_site: Site) -> None:
    """No name stands for two things, and each item has all that is written, in this order."""
    found = shapes.of(model.KINDS[kind])
    assert all(len(keys) == len(set(keys)) for keys in names(found))
    written = [shape.key for shape in found if not shape.derive]
    for record in real_site.catalog.of(kind).values():
        item = export.item(real_site, record)
        assert sorted(item) == sorted(written), record.path
        for shape in found:
            if not shape.derive and shape.required:
                assert item[shape.key] is not None, (record.path, shape.key)
