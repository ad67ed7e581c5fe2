"""The texts of one row read into typed values."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from truce.formats.fields import Fields


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1.0), ("-2.5", -2.5), (".5", 0.5), ("1e3", 1000.0)]
)
def test_a_decimal_number_is_read(text: str, value: float) -> None:
    """The ways in which feeds write numbers."""
    fields = Fields()
    assert fields.number("n", text) == value
    assert not fields.faults


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "-inf", "1_0", " 1", "1,5", "0x1", "١", "1e999", "--1"]
)
def test_what_is_no_decimal_number_is_a_fault(text: str) -> None:
    """Python's own float takes several of these; a NaN position poisons every
    distance."""
    fields = Fields()
    fields.number("lat", text)
    assert len(fields.faults) == 1
    assert fields.faults[0].endswith("expected a number")


def test_a_number_out_of_range_names_the_range() -> None:
    """The reader of a fault must see what would have been right."""
    fields = Fields()
    fields.number("lat", "90.5", low=-90.0, high=90.0)
    assert fields.faults == ["lat is '90.5', expected a number from -90 to 90"]


def test_every_fault_of_a_row_is_kept() -> None:
    """A source that mends one fault at a time needs a delivery for each."""
    fields = Fields()
    fields.number("a", "x")
    fields.whole("b", "1.5")
    fields.word("c", "maybe", ("yes", "no"))
    fields.filled("d", " ")
    assert [fault.split()[0] for fault in fields.faults] == ["a", "b", "c", "d"]
    assert "expected one of no, yes" in fields.faults[2]


def test_an_instant_is_turned_to_utc() -> None:
    """A report with an offset means a moment, not a wall clock."""
    moment = Fields().instant("at", "2022-03-01 12:00:00+02:00")
    assert moment == datetime(2022, 3, 1, 10, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-03-01 12:00:00", "an offset"),
        ("yesterday", "ISO 8601"),
        ("", "ISO 8601"),
        ("0001-01-01T00:00:00+14:00", "a year from 1900"),
        ("9999-12-31T23:59:59-14:00", "to 9990"),
    ],
)
def test_a_time_that_names_no_moment_is_a_fault(text: str, expected: str) -> None:
    """Without an offset a time is off by hours; at the ends of time arithmetic
    breaks."""
    fields = Fields()
    fields.instant("at", text)
    assert len(fields.faults) == 1
    assert expected in fields.faults[0]


@pytest.mark.parametrize(
    "text", ["2022-02-30", "20220301", "2022-3-1", "", "0001-01-01"]
)
def test_a_day_that_is_none_is_a_fault(text: str) -> None:
    """A day is written in one way; guessing at others swaps days and months."""
    fields = Fields()
    fields.day("date", text)
    assert len(fields.faults) == 1


def test_a_day_is_read() -> None:
    """The one way in which a day may be written."""
    assert Fields().day("date", "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("read", [Fields.number, Fields.whole, Fields.day])
def test_a_monstrous_text_is_refused_shortly(read: Callable[..., object]) -> None:
    """A number of a million digits must neither hang the reader nor fill the report."""
    fields = Fields()
    read(fields, "n", "9" * 1_000_000)
    assert len(fields.faults) == 1
    assert len(fields.faults[0]) < 150
