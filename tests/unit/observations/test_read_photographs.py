"""Photographs: one file, one row, and nothing stated by itself."""

import pytest

from truce.observations.context import ReadingContext
from truce.observations.read_photographs import read_photograph


def test_a_photograph_is_one_row_that_states_nothing(context: ReadingContext) -> None:
    """No observation comes of it, so that no incident can."""
    reading = read_photograph(b"\xff\xd8\xff\xe0 bytes", context)
    assert (reading.rows_read, reading.silent_lines) == (1, (1,))
    assert reading.observations + reading.watches + reading.notices == ()
    assert not reading.quarantined


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "empty"),
        (b"GIF89a", "no picture that we know"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x00\x00\x00\x18ftypisom", "an MP4 film"),
        (b"\x00\x00\x00\x18ftypavif", "an AVIF image"),
    ],
)
def test_what_is_no_photograph_is_quarantined(
    raw: bytes, word: str, context: ReadingContext
) -> None:
    """It is sealed already: one row, with the reason."""
    reading = read_photograph(raw, context)
    assert (reading.rows_read, reading.silent_lines) == (1, ())
    (line,) = reading.quarantined
    assert line.reason.startswith(f"unreadable: delivery is {word}, expected a photo")
