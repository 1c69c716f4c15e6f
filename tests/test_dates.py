from __future__ import annotations

import datetime

import pytest

from catalog.dates import Moment, Span, parse


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2020", Span(Moment(2020), Moment(2020))),
        ("2019-09", Span(Moment(2019, 9), Moment(2019, 9))),
        ("2020-02-29", Span(Moment(2020, 2, 29), Moment(2020, 2, 29))),
        ("2017-03/2017-07", Span(Moment(2017, 3), Moment(2017, 7))),
        ("2018-07/..", Span(Moment(2018, 7), None)),
        ("../2020", Span(None, Moment(2020))),
        ("2020/2020-03", Span(Moment(2020), Moment(2020, 3))),
    ],
)
def test_parse(text: str, span: Span) -> None:
    assert parse(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "2020-13",
        "2020-00",
        "2019-02-29",
        "2020-1-1",
        "2020/2019",
        "../..",
        "1/2/3",
        "2020-09-14T10:00",
        "0000",
        "0202-09-14",
        "9999-12-31",
        "２０２０",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize("text", ["1000", "2999-12-31"])
def test_the_first_and_the_last_year(text: str) -> None:
    assert parse(text).single


@pytest.mark.parametrize("text", ["0999", "3000-01", "2020/20202"])
def test_a_slipped_year_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"liegt nicht in den Jahren 1000 bis 2999|ist kein Datum"):
        parse(text)


def test_days() -> None:
    assert Moment(2020, 2).last_day == datetime.date(2020, 2, 29)
    assert Moment(2020).first_day == datetime.date(2020, 1, 1)
    assert Moment(2020).last_day == datetime.date(2020, 12, 31)
