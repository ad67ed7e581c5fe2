"""The flat sheet on which the invented land is drawn: metres east and north of its
middle.

The exercise's physics work on this sheet. Positions leave it through
`position_from_spot` alone, so that what is drawn, measured and reported always agrees;
over the land's 500 km the sheet stretches east-west distances by less than 2 %, which
no sensor of the exercise could notice.
"""

import math
from typing import Final, NamedTuple

from truce.places import EARTH_RADIUS_M, Position

# The middle of the land: open Atlantic, 4 000 m deep. The nearest real land is Flores
# in the Azores (39.45 N, 31.20 W), some 1 070 km to the north-east.
MIDDLE: Final = Position(lat_deg=35.0, lon_deg=-42.0)
_M_PER_DEG: Final = math.radians(1.0) * EARTH_RADIUS_M
_M_PER_DEG_LON: Final = _M_PER_DEG * math.cos(math.radians(MIDDLE.lat_deg))
# 1e-5 degrees is 1.1 m: finer than anything here is known.
_DECIMALS: Final = 5


class Spot(NamedTuple):
    """A point on the sheet, metres east and north of the middle."""

    x_m: float
    y_m: float

    def away(self, distance_m: float, bearing_deg: float) -> "Spot":
        """The point so far away on a bearing clockwise from north."""
        angle = math.radians(bearing_deg)
        return Spot(
            self.x_m + distance_m * math.sin(angle),
            self.y_m + distance_m * math.cos(angle),
        )

    def towards(self, other: "Spot", share: float) -> "Spot":
        """The point this share of the way to another one."""
        return Spot(
            self.x_m + share * (other.x_m - self.x_m),
            self.y_m + share * (other.y_m - self.y_m),
        )


def gap_m(a: Spot, b: Spot) -> float:
    """The distance between two points, in metres."""
    return math.hypot(b.x_m - a.x_m, b.y_m - a.y_m)


def bearing_deg(a: Spot, b: Spot) -> float:
    """The bearing from `a` to `b`, clockwise from north, in [0, 360)."""
    return math.degrees(math.atan2(b.x_m - a.x_m, b.y_m - a.y_m)) % 360.0


def position_from_spot(spot: Spot) -> Position:
    """Where a point of the sheet lies on the earth, to five decimals."""
    return Position(
        lat_deg=round(MIDDLE.lat_deg + spot.y_m / _M_PER_DEG, _DECIMALS),
        lon_deg=round(MIDDLE.lon_deg + spot.x_m / _M_PER_DEG_LON, _DECIMALS),
    )


def from_km(x_km: float, y_km: float) -> Spot:
    """The point so many kilometres east and north of the middle."""
    return Spot(x_km * 1000.0, y_km * 1000.0)


__all__ = ["MIDDLE", "Spot", "bearing_deg", "from_km", "gap_m", "position_from_spot"]
