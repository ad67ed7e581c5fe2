"""Bellingcat's export of civilian harm."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats.bellingcat_civharm import (
    CivilianHarmIncident,
    CivilianHarmSource,
    decode,
    encode,
)
from truce.formats.rows import Decoded, Fault

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
DEGREES = st.decimals(-90, 90, places=6, allow_nan=False, allow_infinity=False)
INCIDENTS = st.builds(
    CivilianHarmIncident,
    id=TEXT,
    day=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    lat_deg=DEGREES,
    lon_deg=DEGREES,
    location=TEXT,
    description=TEXT,
    sources=st.lists(
        st.builds(CivilianHarmSource, id=TEXT, path=TEXT, description=TEXT), max_size=3
    ).map(tuple),
    filters=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
)


def _entry(**changes: object) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": "X1",
        "date": "5/6/2031",
        "latitude": "1.25",
        "longitude": "2.5",
        "location": "Elm",
        "description": "School hit.",
        "sources": [{"id": "s1", "path": "https://example.org/a", "description": ""}],
        "filters": [{"key": "Weapon System", "value": "Unknown"}],
    }
    return entry | changes


def _decoded(*entries: object) -> list[Decoded[CivilianHarmIncident] | Fault]:
    return list(decode(msgspec.json.encode(entries)))


@pytest.mark.parametrize("text", ["5/6/2031", "05/06/2031"])
def test_the_month_stands_first_with_and_without_noughts(text: str) -> None:
    """The export mixes both ways; neither is the sixth of May written by a European."""
    (row,) = _decoded(_entry(date=text))
    assert isinstance(row, Decoded)
    assert row.value.day == date(2031, 5, 6)
    assert row.value.filtered("Weapon System") == ("Unknown",)


def test_one_bad_entry_leaves_the_others() -> None:
    """The line of a fault is the entry's place in the array, counted from one."""
    rows = _decoded(_entry(), _entry(latitude=None), _entry(date="2031-05-06"), 7)
    kinds = [type(row) for row in rows]
    assert kinds == [Decoded, Fault, Fault, Fault]
    faults = [row for row in rows if isinstance(row, Fault)]
    assert [fault.line for fault in faults] == [2, 3, 4]
    assert "latitude" in faults[0].reason
    assert "date is '2031-05-06', expected MM/DD/YYYY" in faults[1].reason


@pytest.mark.parametrize("raw", [b"[{}", b'{"a": 1}', b"<html>", b"[" * 100_000])
def test_what_is_no_array_is_refused(raw: bytes) -> None:
    """Cut short, an error page, nested without end: where would an entry end?"""
    with pytest.raises(InvalidDelivery, match="no JSON array of incidents"):
        list(decode(raw))


def test_two_entries_that_differ_in_a_source_are_two() -> None:
    """The id of a row is made from its texts: every text must be among them."""
    other = [{"id": "s1", "path": "https://example.org/b", "description": ""}]
    first, second = _decoded(_entry(), _entry(sources=other))
    assert isinstance(first, Decoded)
    assert isinstance(second, Decoded)
    assert first.content != second.content


@given(st.lists(INCIDENTS, max_size=4))
def test_what_is_encoded_is_decoded(incidents: list[CivilianHarmIncident]) -> None:
    """The exercise hands in bytes of this layout: nothing may change on the way."""
    rows = [row for row in decode(encode(incidents)) if isinstance(row, Decoded)]
    assert [row.value for row in rows] == incidents
