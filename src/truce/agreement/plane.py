"""Shapes as polygons on a flat map of metres, around a centre of their own.

The map is azimuthal equidistant on the sphere of `places.EARTH_RADIUS_M`: distances
from the centre are true to the sphere (0.6 % of the ellipsoid), others are stretched by
less than `(d / R)**2 / 6`: 0.01 % at 170 km from the centre, 0.4 % at 1,000 km.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely  # type: ignore[import-untyped]  # it ships no types
from shapely.geometry.base import (  # type: ignore[import-untyped]  # as above
    BaseGeometry,
)

from truce.agreement.shapes import (
    AnyOf,
    Lines,
    Outside,
    Points,
    Polygons,
    Shape,
    Within,
)
from truce.errors import InvalidValue
from truce.places import EARTH_RADIUS_M, Position

Floats = npt.NDArray[np.float64]

# Sides of a quarter circle: a 64-gon, whose radius is short by 0.12 % at most (6 m at 5
# km).
_QUARTER_SIDES: Final = 16
# Beyond this from the centre the map stretches by more than 2.6 % and a shape must be
# cut up.
EXTENT_M_MAX: Final = 2_500_000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaneArea:
    """An area on its own flat map: x metres east and y metres north of `centre`."""

    centre: Position
    geometry: BaseGeometry

    def xy(self, lat_deg: Floats, lon_deg: Floats) -> Floats:
        """Positions on this map, shape (n, 2), metres."""
        return plane_xy(self.centre, lat_deg, lon_deg)


def plane_xy(centre: Position, lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Azimuthal equidistant coordinates around the centre, shape (n, 2), metres.

    Source: Snyder, Map Projections: A Working Manual (USGS PP 1395, 1987), eq. 22-4 and
    25-2.
    """
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    lat_0, lon_0 = np.radians(centre.lat_deg), np.radians(centre.lon_deg)
    east = np.cos(lat) * np.sin(lon - lon_0)
    north = np.cos(lat_0) * np.sin(lat) - np.sin(lat_0) * np.cos(lat) * np.cos(
        lon - lon_0
    )
    up = np.sin(lat_0) * np.sin(lat) + np.cos(lat_0) * np.cos(lat) * np.cos(lon - lon_0)
    reach = np.hypot(east, north)
    angle = np.arctan2(reach, up)
    # Near the centre angle / sin(angle) is 1 to the last bit, and 0 / 0 must not be
    # asked for.
    scale = np.where(reach > 1e-12, angle / np.maximum(reach, 1e-12), 1.0)
    flat: Floats = EARTH_RADIUS_M * np.stack([east * scale, north * scale], axis=-1)
    return flat


def _positions(shape: Shape) -> Iterator[Position]:
    match shape:
        case Points(positions=positions):
            yield from positions
        case Lines(lines=lines):
            for line in lines:
                yield from line
        case Polygons(polygons=polygons):
            for rings in polygons:
                yield from rings[0]
        case Within(of=of):
            yield from _positions(of)
        case AnyOf(members=members):
            for member in members:
                yield from _positions(member)
        case Outside(of=of):
            yield from _positions(of)


def _centre(shape: Shape) -> Position:
    """The middle of the shape's positions, taken on the sphere so that no meridian is
    special."""
    corners = list(_positions(shape))
    lat = np.radians([corner.lat_deg for corner in corners])
    lon = np.radians([corner.lon_deg for corner in corners])
    x, y, z = (
        float(np.mean(part))
        for part in (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )
    return Position(
        lat_deg=float(np.degrees(np.arctan2(z, np.hypot(x, y)))),
        lon_deg=float(np.degrees(np.arctan2(y, x))),
    )


def _flat(centre: Position, positions: tuple[Position, ...]) -> Floats:
    xy = plane_xy(
        centre,
        np.array([p.lat_deg for p in positions]),
        np.array([p.lon_deg for p in positions]),
    )
    if xy.size and float(np.hypot(xy[:, 0], xy[:, 1]).max()) > EXTENT_M_MAX:
        raise InvalidValue(
            f"shape reaches more than {EXTENT_M_MAX / 1000:g} km from its middle; "
            "expected a smaller one, or several"
        )
    return xy


def _geometry(shape: Shape, centre: Position) -> BaseGeometry:
    match shape:
        case Points(positions=positions):
            return shapely.MultiPoint(_flat(centre, positions))
        case Lines(lines=lines):
            return shapely.MultiLineString([_flat(centre, line) for line in lines])
        case Polygons(polygons=polygons):
            return shapely.union_all(
                [
                    shapely.Polygon(
                        _flat(centre, rings[0]),
                        [_flat(centre, ring) for ring in rings[1:]],
                    )
                    for rings in polygons
                ]
            )
        case Within(of=of, distance_m=distance_m):
            return shapely.buffer(
                _geometry(of, centre), distance_m, quad_segs=_QUARTER_SIDES
            )
        case AnyOf(members=members):
            return shapely.union_all([_geometry(member, centre) for member in members])
        case Outside(of=of, without=without):
            holes = shapely.union_all([_geometry(member, centre) for member in without])
            return shapely.difference(_geometry(of, centre), holes)


def verify_rings(shape: Polygons) -> None:
    """Raise unless every ring is simple and every hole lies in its ring.

    Raises:
        InvalidValue: a ring crosses itself or another ring of its polygon.
    """
    centre = _centre(shape)
    for rings in shape.polygons:
        flat = [_flat(centre, ring) for ring in rings]
        polygon = shapely.Polygon(flat[0], flat[1:])
        if not shapely.is_valid(polygon):
            why = shapely.is_valid_reason(polygon).split("[")[0]
            raise InvalidValue(f"ring crosses itself or another ({why.lower()})")


@lru_cache(maxsize=4096)
def plane_area(shape: Shape) -> PlaneArea:
    """The shape on a flat map around its own middle; computed once for equal shapes.

    Raises:
        InvalidValue: it reaches farther than the map is true.
    """
    centre = _centre(shape)
    return PlaneArea(centre=centre, geometry=_geometry(shape, centre))


__all__ = [
    "EXTENT_M_MAX",
    "Floats",
    "PlaneArea",
    "plane_area",
    "plane_xy",
    "verify_rings",
]
