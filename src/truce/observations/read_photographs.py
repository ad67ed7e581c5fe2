"""Photographs as they were handed in: one file is one row, and states nothing by
itself.

What a photograph shows is for people to say, in a statement of their own; here it is
only told that it is one, so that it lies in the record, with its time, before anybody
argues about it.
"""

from typing import Final

from truce.errors import InvalidDelivery
from truce.formats.media import PHOTOGRAPHS, media_type_of
from truce.identifiers import FeedName
from truce.observations.context import ReadingContext
from truce.observations.feed_reader import unreadable
from truce.observations.model import Reading

FEED: Final = FeedName("photographs")


def read_photograph(raw: bytes, _context: ReadingContext) -> Reading:
    """One accepted row for a photograph; for anything else one quarantined row."""
    try:
        _verify_is_photograph(raw)
    except InvalidDelivery as error:
        return unreadable(str(error), raw)
    return Reading(rows_read=1, silent_lines=(1,))


def _verify_is_photograph(raw: bytes) -> None:
    found = media_type_of(raw)
    if found in PHOTOGRAPHS:
        return
    word = found.word if found else "no picture that we know" if raw else "empty"
    expected = "expected a photograph (JPEG, PNG, WebP, TIFF or HEIC)"
    raise InvalidDelivery(f"delivery is {word}, {expected}; hand in the camera's file")


__all__ = ["FEED", "read_photograph"]
