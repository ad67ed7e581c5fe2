"""The exercise's time: instants counted in days and hours of the invented land's own
clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

# The ceasefire enters into force at local midnight of an invented future day.
STARTS_AT: Final = datetime(2031, 5, 4, 3, 0, tzinfo=UTC)
# Nautical time at 42 W (37.5 W to 52.5 W is three hours behind UTC). No country's zone
# is used: a named one would bring that country's law and its later changes of the
# clock. The POSIX sign in the name is the other way round.
TIME_ZONE: Final = "Etc/GMT+3"
# Sunrise and sunset at 35 N in early May, by this clock: 05:10 and 18:45, to a quarter
# of an hour. Source: the sunrise equation with a declination of 16 degrees and noon at
# 11:57.
SUNRISE_H: Final = 5.2
SUNSET_H: Final = 18.7


def at(day: int, hour: float) -> datetime:
    """The instant at so many local hours into a day; day 0 is the first; hours may pass
    24.
    """
    seconds = round((day * 24.0 + hour) * 3600.0)
    return STARTS_AT + timedelta(seconds=seconds)


def hours_in(moment: datetime) -> float:
    """Hours since the ceasefire entered into force."""
    return (moment - STARTS_AT).total_seconds() / 3600.0


def day_of(moment: datetime) -> int:
    """The day in which the moment lies; day 0 is the first."""
    return int(hours_in(moment) // 24.0)


def hour_of(moment: datetime) -> float:
    """The local hour of the day, in [0, 24)."""
    return hours_in(moment) % 24.0


def is_daylight(moment: datetime) -> bool:
    """Whether the sun is up."""
    return SUNRISE_H <= hour_of(moment) < SUNSET_H


__all__ = [
    "STARTS_AT",
    "SUNRISE_H",
    "SUNSET_H",
    "TIME_ZONE",
    "at",
    "day_of",
    "hour_of",
    "hours_in",
    "is_daylight",
]
