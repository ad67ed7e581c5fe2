"""Places that curators found by comparing footage with maps: how well they are known.

Two projects that worked together, Eyes on Russia and Bellingcat, publish 579 pairs of
entries that cite the same post and lie within 1.5 km of each other. All but the ends of
their distances are Bellingcat's own: its published latitude and longitude each stand
between 0 and 0.0008 degrees below the other's, evenly (517 and 486 of the 540 pairs
within 0.0012 degrees; deciles on a straight line). It evidently moves what it
publishes, so as not to point at a house.
"""

import math
from decimal import Decimal
from typing import Final

from truce.observations.ports import PlaceNames
from truce.places import EARTH_RADIUS_M, Place, PlaceBasis, Position, distance_m

# One sigma of a place found from footage: the building that is seen, not the spot that
# was hit.
GEOLOCATED_SIGMA_M: Final = 50.0
# The same where the entry shows nobody's work of finding it.
UNSHOWN_SIGMA_M: Final = 100.0
# What the curator could name by no more than its region.
VAGUE_SIGMA_M: Final = 250.0
# Bellingcat's shift: evenly between 0 and this, toward south and toward west (see
# above).
BELLINGCAT_SHIFT_DEG: Final = 0.0008
# Fewer digits than this are a hundred metres or more apart: an area.
POINT_DECIMALS_MIN: Final = 4
# Gazetteers give their positions with this many digits; more cannot be copied from one.
GAZETTEER_DECIMALS: Final = 5
# A position this near to where the gazetteer puts a settlement's name is that name,
# geocoded.
CENTROID_RADIUS_M: Final = 25.0

_UNIFORM: Final = 1.0 / math.sqrt(12.0)
_METRES_PER_DEGREE: Final = math.radians(1.0) * EARTH_RADIUS_M


def place_from_degrees(
    lat_deg: Decimal,
    lon_deg: Decimal,
    *,
    sigma_m: float,
    shift_deg: float = 0.0,
    name: str,
) -> Place:
    """The place that a curator's degrees stand for.

    The digits given bound what is known; `shift_deg` is how far the source moves its
    positions at most toward south and west, which is undone on average and added to the
    uncertainty.
    """
    step_deg = 10.0 ** -decimals(lat_deg, lon_deg)
    lat = min(90.0, float(lat_deg) + shift_deg / 2.0)
    lon = min(180.0, float(lon_deg) + shift_deg / 2.0)
    north_m = math.hypot(sigma_m, *_spread_m(step_deg, shift_deg, 1.0))
    east_m = math.hypot(
        sigma_m, *_spread_m(step_deg, shift_deg, math.cos(math.radians(lat)))
    )
    is_point = decimals(lat_deg, lon_deg) >= POINT_DECIMALS_MIN
    return Place(
        centre=Position(lat_deg=lat, lon_deg=lon),
        sigma_major_m=max(north_m, east_m),
        sigma_minor_m=min(north_m, east_m),
        bearing_deg=0.0 if north_m >= east_m else 90.0,
        basis=PlaceBasis.POINT if is_point else PlaceBasis.FOOTPRINT,
        name=name,
    )


def decimals(lat_deg: Decimal, lon_deg: Decimal) -> int:
    """How many digits stand behind the comma, in the one that has more.

    A source that drops trailing noughts gives fewer for one of the two by chance.
    """
    return max(0, _decimals(lat_deg), _decimals(lon_deg))


def settlement_at(
    lat_deg: Decimal, lon_deg: Decimal, town: str, gazetteer: PlaceNames
) -> Place | None:
    """The area of the town, where the degrees are but its name geocoded; else None."""
    if not town or decimals(lat_deg, lon_deg) > GAZETTEER_DECIMALS:
        return None
    position = Position(lat_deg=float(lat_deg), lon_deg=float(lon_deg))
    for entry in gazetteer.find(town):
        place = entry.place()
        if distance_m(place.centre, position) <= CENTROID_RADIUS_M:
            return place
    return None


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _spread_m(step_deg: float, shift_deg: float, shrink: float) -> tuple[float, float]:
    """One sigma in metres of what rounding and shifting add, each alike anywhere in its
    step.
    """
    metres = _METRES_PER_DEGREE * _UNIFORM * shrink
    return step_deg * metres, shift_deg * metres


__all__ = [
    "BELLINGCAT_SHIFT_DEG",
    "CENTROID_RADIUS_M",
    "GAZETTEER_DECIMALS",
    "GEOLOCATED_SIGMA_M",
    "POINT_DECIMALS_MIN",
    "UNSHOWN_SIGMA_M",
    "VAGUE_SIGMA_M",
    "decimals",
    "place_from_degrees",
    "settlement_at",
]
