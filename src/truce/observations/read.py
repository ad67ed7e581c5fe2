"""One sealed delivery read: which reader each feed has, and what came of every row."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from truce.errors import InvalidDelivery
from truce.identifiers import FeedName
from truce.observations import (
    read_air_raid_sirens,
    read_bellingcat_civharm,
    read_corridors_2022,
    read_eyes_on_russia,
    read_firms,
    read_party_claims,
    read_photographs,
    read_ucdp_ged,
    read_watch_log,
)
from truce.observations.context import ReadingContext
from truce.observations.model import Reading

# Raised whenever the same bytes would be read otherwise.
VERSION: Final = "observations-1"

# A new feed is one line here, a codec in `formats` and a grade in `grading`.
FEEDS: Final[Mapping[FeedName, Callable[[bytes, ReadingContext], Reading]]] = (
    MappingProxyType(
        {
            read_air_raid_sirens.FEED: read_air_raid_sirens.READER.read,
            read_bellingcat_civharm.FEED: read_bellingcat_civharm.READER.read,
            read_corridors_2022.FEED: read_corridors_2022.READER.read,
            read_eyes_on_russia.FEED: read_eyes_on_russia.READER.read,
            read_firms.FEED: read_firms.READER.read,
            read_party_claims.FEED: read_party_claims.READER.read,
            read_photographs.FEED: read_photographs.read_photograph,
            read_ucdp_ged.FEED: read_ucdp_ged.READER.read,
            read_watch_log.FEED: read_watch_log.READER.read,
        }
    )
)


def read(feed: FeedName, raw: bytes, context: ReadingContext) -> Reading:
    """What came of the rows of one delivery; each ends in exactly one bin.

    A delivery that cannot be read as a whole is one row, quarantined with the reason:
    it is sealed already, and must be counted.

    Raises:
        InvalidDelivery: nobody knows this feed.
    """
    reader = FEEDS.get(feed)
    if reader is None:
        known = ", ".join(sorted(FEEDS))
        raise InvalidDelivery(
            f"feed {feed!r} is not known, expected one of {known}; check the name"
        )
    return reader(raw, context)


__all__ = ["FEEDS", "VERSION", "read"]
