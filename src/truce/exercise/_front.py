"""The line of contact as a front: points along it, two sides, and who holds what."""

import math
from functools import cache
from typing import Final, NamedTuple

from truce.exercise._drawing import line_of_contact
from truce.exercise._plane import Spot, gap_m

# West of the line and east of it, as the land is drawn.
WESTERN: Final = "Kelmara"
EASTERN: Final = "Dorvane"
# Finer than the bends of the line.
_STEP_M: Final = 500.0
# The way the front faces is taken over this length: a trench does not follow every
# bend.
_FACING_M: Final = 4_000.0


class FrontPoint(NamedTuple):
    """A point of the line and the bearing that leads from it straight into eastern
    hands.
    """

    spot: Spot
    east_bearing_deg: float


def other_party(party: str) -> str:
    """The one whom it fought."""
    return EASTERN if party == WESTERN else WESTERN


@cache
def front_length_m() -> float:
    """How long the line of contact is, in metres."""
    return float(line_of_contact().length)


def front_at(along_m: float) -> FrontPoint:
    """The line's point so many metres from its northern end; beyond it, the end."""
    points = _front_points()
    index = round(along_m / front_length_m() * (len(points) - 1))
    return points[max(0, min(len(points) - 1, index))]


def behind(
    along_m: float, party: str, depth_m: float, *, turn_deg: float = 0.0
) -> Spot:
    """A point on a party's own side, so deep behind the line; `turn_deg` off straight
    back.
    """
    point = front_at(along_m)
    back = point.east_bearing_deg + (180.0 if party == WESTERN else 0.0)
    return point.spot.away(depth_m, back + turn_deg)


def nearest_front(spot: Spot) -> tuple[float, float]:
    """How far along the line its nearest point is, and how far away that is; metres."""
    points = _front_points()
    index = min(range(len(points)), key=lambda i: gap_m(points[i].spot, spot))
    along_m = index / (len(points) - 1) * front_length_m()
    return along_m, gap_m(points[index].spot, spot)


def holder_at(spot: Spot) -> str:
    """Which of the two holds a point of the land."""
    along_m, _ = nearest_front(spot)
    point = front_at(along_m)
    facing = math.radians(point.east_bearing_deg)
    eastward_m = (spot.x_m - point.spot.x_m) * math.sin(facing) + (
        spot.y_m - point.spot.y_m
    ) * math.cos(facing)
    return EASTERN if eastward_m > 0.0 else WESTERN


@cache
def _front_points() -> tuple[FrontPoint, ...]:
    line = line_of_contact()
    count = max(2, round(line.length / _STEP_M))
    made = []
    for index in range(count + 1):
        along = line.length * index / count
        here = line.interpolate(along)
        before = line.interpolate(max(0.0, along - _FACING_M))
        after = line.interpolate(min(line.length, along + _FACING_M))
        # The line runs from north to south, so the east is to the left of its course.
        course = math.degrees(math.atan2(after.x - before.x, after.y - before.y))
        made.append(FrontPoint(Spot(here.x, here.y), (course - 90.0) % 360.0))
    return tuple(made)


__all__ = [
    "EASTERN",
    "WESTERN",
    "FrontPoint",
    "behind",
    "front_at",
    "front_length_m",
    "holder_at",
    "nearest_front",
    "other_party",
]
