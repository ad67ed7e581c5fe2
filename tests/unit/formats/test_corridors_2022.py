"""The table of humanitarian corridors."""

from datetime import date
from decimal import Decimal

import pytest

from truce.errors import InvalidDelivery
from truce.formats.corridors_2022 import (
    COLUMNS,
    CorridorEnd,
    CorridorRow,
    decode,
    encode,
)
from truce.formats.rows import Decoded, Fault

ROW = CorridorRow(
    id="7",
    day=date(2031, 5, 5),
    proposal="Ukraine",
    status_result="disputed",
    text="Status: disputed; A corridor,\nover two lines.",
    links="https://example.org/a",
    status_extra="",
    start=CorridorEnd(
        name="Elm", lat_deg=Decimal("1.25"), lon_deg=Decimal("2.5"), province="Nordland"
    ),
    end=CorridorEnd(name="Ash"),
)


def test_what_is_encoded_is_decoded() -> None:
    """A text over two lines, and an end that the geocoder did not find."""
    (row,) = decode(encode([ROW]))
    assert isinstance(row, Decoded)
    assert row.value == ROW


def test_an_unknown_proposer_is_a_fault() -> None:
    """Who proposed a corridor decides whose word it is; a third word means nothing."""
    raw = encode([ROW]).replace(b",Ukraine,", b",Somebody,")
    (fault,) = decode(raw)
    assert isinstance(fault, Fault)
    assert "proposal is 'Somebody', expected one of Agreed, Russia, Ukraine" in (
        fault.reason
    )


def test_a_table_without_the_text_is_refused() -> None:
    """The hours stand in the text only."""
    header = ",".join(name for name in COLUMNS.names if name != "text")
    with pytest.raises(InvalidDelivery, match="header lacks text"):
        decode(header.encode())
