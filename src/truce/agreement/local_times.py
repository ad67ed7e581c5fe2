"""Local times as moments, and the ones that the clocks skip or repeat.

The one place where a date, an hour and a zone become an instant.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from truce.agreement.model import ClockChange


class Reading(StrEnum):
    """How many moments a local time names."""

    ONE = "one"
    SKIPPED = "skipped"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What a local time may mean: `earlier` and `later` differ only where it is
    repeated.

    For a skipped time both are the moment at which the clocks jump over it.
    """

    reading: Reading
    earlier: datetime
    later: datetime


def moments_of(local: datetime, zone: ZoneInfo) -> Moments:
    """The moments, in UTC, at which clocks in the zone show this naive local time.

    Source: PEP 495 for `fold`, the IANA time zone database for the changes.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Moments(reading=Reading.ONE, earlier=first, later=first)
    if first.astimezone(zone).replace(tzinfo=None) != local:
        jump = _change_between(second, first, zone)
        return Moments(reading=Reading.SKIPPED, earlier=jump, later=jump)
    return Moments(reading=Reading.REPEATED, earlier=first, later=second)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment, to the second, at which the offset of the zone changes between the
    two."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def resolved(moments: Moments, clock_change: ClockChange | None) -> datetime:
    """One moment of several; without a rule the earlier one."""
    return moments.later if clock_change is ClockChange.LATER else moments.earlier


def instant_from_local(
    day: date, clock: time, zone: ZoneInfo, clock_change: ClockChange | None
) -> datetime:
    """The moment of a daily hour on one local day."""
    return resolved(moments_of(datetime.combine(day, clock), zone), clock_change)


def day_interval_start(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a local day begins.

    Where midnight is skipped that is the jump, where it is repeated the first midnight:
    days follow each other without a gap and never overlap.
    """
    return moments_of(datetime.combine(day, time()), zone).earlier


__all__ = [
    "Moments",
    "Reading",
    "day_interval_start",
    "instant_from_local",
    "moments_of",
    "resolved",
]
