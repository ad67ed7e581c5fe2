"""Coarse times: whole hours, days or ISO weeks in UTC, whoever asks and from wherever.

Days of the asker's own zone would differ from reader to reader, and two readers could
lay theirs side by side and cut a day in two.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from truce.instants import Interval
from truce.release.model import Coarseness

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
# A Monday: ISO 8601 weeks begin on Mondays, and hours and days divide weeks.
_MONDAY: Final = datetime(1969, 12, 29, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC)

GRANULES: Final[dict[Coarseness, timedelta | None]] = {
    Coarseness.EXACT: None,
    Coarseness.ELLIPSE: None,
    Coarseness.CELL_5_KM: HOUR,
    Coarseness.CELL_10_KM: DAY,
    Coarseness.SECTOR: HOUR,
    Coarseness.PROVINCE_WEEK: WEEK,
    Coarseness.NOTHING: WEEK,
}


def later(moment: datetime, delay: timedelta) -> datetime:
    """The moment a delay later, or the last that a calendar holds."""
    try:
        return moment + delay
    except OverflowError:
        return _LAST


def start_of(moment: datetime, granule: timedelta) -> datetime:
    """The start of the hour, day or ISO week (UTC) that holds a moment."""
    return _MONDAY + (moment - _MONDAY) // granule * granule


@lru_cache(maxsize=16_384)
def _whole(start: datetime, end: datetime) -> Interval:
    return Interval(start=start, end=end)


def coarse_interval(interval: Interval, coarseness: Coarseness) -> Interval:
    """The whole hours, days or ISO weeks in UTC that stand for an interval.

    Its end is never before the interval's. An interval shorter than one hour, day or
    week is given the single one that holds its end: two of them would tell that it
    spans the boundary, and so its time to the second.
    """
    granule = GRANULES[coarseness]
    if granule is None:
        return interval
    last = interval.end if interval.end == interval.start else interval.end - _TICK
    last_start = start_of(last, granule)
    first_start = last_start
    if interval.end - interval.start >= granule:
        first_start = start_of(interval.start, granule)
    return _whole(first_start, later(last_start, granule))


def coarse_instant(moment: datetime, coarseness: Coarseness) -> datetime:
    """The start of the hour, day or week that stands for a moment."""
    granule = GRANULES[coarseness]
    return moment if granule is None else start_of(moment, granule)


__all__ = [
    "DAY",
    "GRANULES",
    "HOUR",
    "WEEK",
    "coarse_instant",
    "coarse_interval",
    "later",
    "start_of",
]
