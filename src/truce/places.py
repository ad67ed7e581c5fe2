"""Positions, honest places and distances on the earth.

A place here always says how well it is known: a coordinate pair that stands for a
village is the village's area, never a point.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from truce.errors import InvalidValue

# Mean earth radius. Source: IUGG (Moritz, Geodetic Reference System 1980), R1 = 6 371
# 008.8 m.
EARTH_RADIUS_M: Final = 6_371_008.8
# Radius of the circle that holds 95 % of a round two-dimensional normal, in sigmas:
# sqrt(-2 ln 0.05).
SIGMAS_95: Final = math.sqrt(-2.0 * math.log(0.05))


class PlaceBasis(StrEnum):
    """What kind of knowledge a place rests on, from exact to none."""

    POINT = "point"
    FOOTPRINT = "footprint"
    SETTLEMENT = "settlement"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on WGS 84: latitude in [-90, 90], longitude in [-180, 180], degrees."""

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.lat_deg <= 90.0:
            raise InvalidValue(
                f"lat_deg is {self.lat_deg}, expected -90 <= lat_deg <= 90"
            )
        if not -180.0 <= self.lon_deg <= 180.0:
            raise InvalidValue(
                f"lon_deg is {self.lon_deg}, expected -180 <= lon_deg <= 180"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was, as a two-dimensional normal: centre, two sigmas in metres,
    bearing.

    `sigma_major_m >= sigma_minor_m > 0`; `bearing_deg` is that of the major axis,
    clockwise from north, in [0, 180). `basis` says what it rests on and `name` is the
    source's own word for it.
    """

    centre: Position
    sigma_major_m: float
    sigma_minor_m: float
    bearing_deg: float = 0.0
    basis: PlaceBasis
    name: str = ""

    def __post_init__(self) -> None:
        if not 0.0 < self.sigma_minor_m <= self.sigma_major_m < math.inf:
            raise InvalidValue(
                f"sigmas are {self.sigma_major_m} and {self.sigma_minor_m} m, expected "
                "0 < sigma_minor_m <= sigma_major_m"
            )
        if not 0.0 <= self.bearing_deg < 180.0:
            raise InvalidValue(
                f"bearing_deg is {self.bearing_deg}, expected 0 <= bearing_deg < 180"
            )


def round_place(
    centre: Position, *, sigma_m: float, basis: PlaceBasis, name: str = ""
) -> Place:
    """A place equally well known in every direction."""
    return Place(
        centre=centre,
        sigma_major_m=sigma_m,
        sigma_minor_m=sigma_m,
        basis=basis,
        name=name,
    )


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance in metres (haversine; within 0.6 % of the ellipsoid)."""
    lat_a, lat_b = math.radians(a.lat_deg), math.radians(b.lat_deg)
    half_lat = (lat_b - lat_a) / 2.0
    half_lon = math.radians(b.lon_deg - a.lon_deg) / 2.0
    chord = (
        math.sin(half_lat) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    )
    return 2.0 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def moved(start: Position, *, east_m: float, north_m: float) -> Position:
    """The position so many metres east and north (flat earth; for under 100 km, off the
    poles).
    """
    lat = start.lat_deg + math.degrees(north_m / EARTH_RADIUS_M)
    lon = start.lon_deg + math.degrees(
        east_m / (EARTH_RADIUS_M * math.cos(math.radians(start.lat_deg)))
    )
    return Position(
        lat_deg=max(-90.0, min(90.0, lat)), lon_deg=(lon + 180.0) % 360.0 - 180.0
    )


__all__ = [
    "EARTH_RADIUS_M",
    "SIGMAS_95",
    "Place",
    "PlaceBasis",
    "Position",
    "distance_m",
    "moved",
    "round_place",
]
