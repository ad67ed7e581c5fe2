"""What a reader of rows is told besides the bytes, and the checks that every row must
pass."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from truce.errors import InvalidValue
from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.instants import Interval, text_from_instant, verify_instant
from truce.observations.ports import PlaceNames

# Days in the reports on Ukraine are days there: one in Kyiv begins two or three hours
# before the UTC day of the same date.
KYIV: Final = ZoneInfo("Europe/Kyiv")
# 80 bits: two different rows of a billion share an id with a probability below one in a
# million.
_ID_HEX_DIGITS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The box of land that a record is about: degrees, edges included, not across
    180°."""

    name: str
    south_deg: float
    north_deg: float
    west_deg: float
    east_deg: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.south_deg < self.north_deg <= 90.0:
            raise InvalidValue(
                f"bounds {self.name}: south_deg {self.south_deg} and north_deg "
                f"{self.north_deg}, expected -90 <= south_deg < north_deg <= 90"
            )
        if not -180.0 <= self.west_deg < self.east_deg <= 180.0:
            raise InvalidValue(
                f"bounds {self.name}: west_deg {self.west_deg} and east_deg "
                f"{self.east_deg}, expected -180 <= west_deg < east_deg <= 180"
            )

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether the point lies inside."""
        return (
            self.south_deg <= lat_deg <= self.north_deg
            and self.west_deg <= lon_deg <= self.east_deg
        )


WORLD: Final = Bounds(
    name="the world", south_deg=-90.0, north_deg=90.0, west_deg=-180.0, east_deg=180.0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """Where the bytes stand in the record, when they came, and the land they should
    speak of.

    `received_at` is aware: nothing can have been seen after it. `bounds` None means
    anywhere.
    """

    statement: StatementIndex
    received_at: datetime
    gazetteer: PlaceNames
    bounds: Bounds | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_at", verify_instant(self.received_at))


def observation_id(feed: FeedName, content: Sequence[str]) -> ObservationId:
    """The id of a row, from its feed and its own texts: the same in every record."""
    # A JSON array keeps ("a", "bc") and ("ab", "c") apart; all items are texts, so the
    # form is canonical.
    canonical = json.dumps([feed, *content], ensure_ascii=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return ObservationId(digest[:_ID_HEX_DIGITS])


def assess_position(
    lat_deg: float, lon_deg: float, bounds: Bounds | None
) -> tuple[str, ...]:
    """Why a position cannot be right; empty where nothing speaks against it."""
    where = bounds or WORLD
    if where.holds(lat_deg, lon_deg):
        return ()
    found = f"position {lat_deg}, {lon_deg} lies outside {where.name}"
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return (
            f"position {lat_deg}, {lon_deg} is no position, expected finite degrees",
        )
    if where.holds(lon_deg, lat_deg):
        return (f"{found}; latitude and longitude look swapped",)
    box = (
        f"latitude {where.south_deg} to {where.north_deg}, "
        f"longitude {where.west_deg} to {where.east_deg}"
    )
    return (f"{found} ({box})",)


def assess_times(
    first: datetime, last: datetime, context: ReadingContext
) -> tuple[str, ...]:
    """Why a first and last moment cannot be right; empty where nothing speaks against
    them.

    For what a source dated to days, give the starts of the first and the last day: an
    event of today may be dated to today.
    """
    reasons = []
    if last < first:
        reasons.append(
            f"end {text_from_instant(last)} is before start {text_from_instant(first)}"
        )
    latest = max(first, last)
    if latest > context.received_at:
        reasons.append(
            f"date in the future: {text_from_instant(latest)} is after it was received "
            f"({text_from_instant(context.received_at)})"
        )
    return tuple(reasons)


@lru_cache(maxsize=8192)
def days_interval(first: date, last: date, zone: ZoneInfo = KYIV) -> Interval:
    """From the first moment of the first day to the last second of the last day, in a
    zone.

    The last second, not the next midnight: two neighbouring days do not touch.
    """
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    return Interval(start=day_start(first, zone), end=end - timedelta(seconds=1))


@lru_cache(maxsize=8192)
def day_start(day: date, zone: ZoneInfo = KYIV) -> datetime:
    """The first moment of a day in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


__all__ = [
    "KYIV",
    "WORLD",
    "Bounds",
    "ReadingContext",
    "assess_position",
    "assess_times",
    "day_start",
    "days_interval",
    "observation_id",
]
