"""The table of the Eyes on Russia map."""

import gzip
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats.eyes_on_russia import COLUMNS, EyesOnRussiaEntry, decode, encode
from truce.formats.rows import Decoded, Fault

HEADER = ",".join(COLUMNS.names)
ROW = (
    "X1,2031-05-05,Munitions,05/05/2031 Rocket in a park,Rocket in a park,1.250000,"
    "2.5,Nordland,,,Elm,,1,https://example.org/a,"
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
DEGREES = st.decimals(-90, 90, places=6, allow_nan=False, allow_infinity=False)
ENTRIES = st.builds(
    EyesOnRussiaEntry,
    entry=TEXT,
    day=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    event_group=TEXT,
    title=TEXT,
    description=TEXT,
    lat_deg=DEGREES,
    lon_deg=DEGREES,
    country=TEXT,
    province=TEXT,
    district=TEXT,
    town=TEXT,
    munition=TEXT,
    violence_level=TEXT,
    links=TEXT,
    geolocation_links=TEXT,
)


def test_the_digits_of_a_coordinate_are_kept() -> None:
    """1.250000 is known better than 1.25, though it is the same number."""
    (row,) = decode(f"{HEADER}\n{ROW}\n".encode())
    assert isinstance(row, Decoded)
    assert str(row.value.lat_deg) == "1.250000"
    assert row.value.day == date(2031, 5, 5)


def test_a_packed_delivery_is_read_like_a_plain_one() -> None:
    """The public copy is packed with gzip."""
    raw = f"{HEADER}\n{ROW}\n".encode()
    assert list(decode(gzip.compress(raw))) == list(decode(raw))


def test_all_faults_of_a_row_are_told_together() -> None:
    """A blank day and a longitude that is a word: one visit must mend both."""
    bad = ROW.replace("2031-05-05", "").replace(",2.5,", ",east,")
    (fault,) = decode(f"{HEADER}\n{bad}\n".encode())
    assert isinstance(fault, Fault)
    assert fault.line == 2
    assert "date is empty, expected a day as YYYY-MM-DD" in fault.reason
    assert "lon is 'east', expected a number" in fault.reason


def test_another_table_is_refused_as_a_whole() -> None:
    """A table that lacks the coordinates is some other file."""
    with pytest.raises(InvalidDelivery, match="header lacks lat, lon"):
        decode(HEADER.replace("lat,lon", "y,x").encode())


@given(st.lists(ENTRIES, max_size=4))
def test_what_is_encoded_is_decoded(entries: list[EyesOnRussiaEntry]) -> None:
    """The exercise hands in bytes of this layout: nothing may change on the way."""
    rows = [row for row in decode(encode(entries)) if isinstance(row, Decoded)]
    assert [row.value for row in rows] == entries


def test_degrees_keep_their_digits_through_bytes() -> None:
    """A round trip that dropped noughts would make a point less well known."""
    (row,) = decode(f"{HEADER}\n{ROW}\n".encode())
    assert isinstance(row, Decoded)
    (again,) = decode(encode([row.value]))
    assert isinstance(again, Decoded)
    assert again.value.lat_deg.as_tuple() == Decimal("1.250000").as_tuple()
