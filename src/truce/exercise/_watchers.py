"""What a watcher writes into its log: the lines of a watch log, from points on the
sheet.
"""

from datetime import datetime
from typing import Final

from truce.exercise._plane import Spot, position_from_spot
from truce.formats.watch_log import Sighting, Watched
from truce.places import SIGMAS_95

Line = Watched | Sighting
# Logs give whole metres and whole degrees: nobody there measures better.
_PROBABILITY_DECIMALS: Final = 2
# Whoever promises more than this has never stood a watch.
_PROBABILITY_MAX: Final = 0.98


def watched(
    observer: str,
    role: str,
    spot: Spot,
    *,
    range_m: float,
    start: datetime,
    end: datetime,
    probability: float,
) -> Watched:
    """That somebody watched, from where, how far, when, and how well."""
    where = position_from_spot(spot)
    return Watched(
        observer=observer,
        role=role,
        lat_deg=where.lat_deg,
        lon_deg=where.lon_deg,
        range_m=round(range_m),
        start=start,
        end=end,
        detection_probability=round(
            max(0.0, min(_PROBABILITY_MAX, probability)), _PROBABILITY_DECIMALS
        ),
    )


def seen(
    observer: str,
    role: str,
    number: str,
    spot: Spot,
    *,
    start: datetime,
    end: datetime,
    kind: str,
    sigma_along_m: float,
    sigma_across_m: float,
    bearing_deg: float,
    count: int | None = None,
    weapon: str = "",
    text: str = "",
) -> Sighting:
    """Something seen or heard: `spot` is where the watcher puts it, not where it was.

    The two sigmas are along the line of sight, whose bearing is given, and across it.
    """
    where = position_from_spot(spot)
    major, minor, bearing = sigma_along_m, sigma_across_m, bearing_deg % 180.0
    if minor > major:
        major, minor, bearing = minor, major, (bearing + 90.0) % 180.0
    return Sighting(
        observer=observer,
        role=role,
        id=number,
        start=start,
        end=max(start, end),
        lat_deg=where.lat_deg,
        lon_deg=where.lon_deg,
        semi_major_m=max(1.0, round(major * SIGMAS_95)),
        semi_minor_m=max(1.0, round(minor * SIGMAS_95)),
        # 179.6 rounds to 180, which is 0.
        bearing_deg=round(bearing) % 180.0,
        kind=kind,
        count=count,
        weapon=weapon,
        text=text,
    )


__all__ = ["Line", "seen", "watched"]
