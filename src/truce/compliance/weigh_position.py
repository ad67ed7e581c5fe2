"""How probable it is that something known only roughly lies in an area."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
import shapely  # type: ignore[import-untyped]  # it ships no types

from truce.agreement.plane import Floats, PlaneArea, plane_area
from truce.agreement.shapes import Shape

# Beyond so many sigmas a normal has 1e-14 of its weight, less than rounding leaves
# anyway.
_REACH_SIGMAS: Final = 8.0
# Gauss-Legendre nodes for a piece of boundary up to one sigma long, and up to sixteen:
# both err by less than 1e-9 on a straight edge
# (tests/unit/compliance/test_weigh_position.py).
_SHORT_NODES: Final = np.polynomial.legendre.leggauss(8)
_LONG_NODES: Final = np.polynomial.legendre.leggauss(40)
# Positions weighed in one go: 41 MB at a time for a boundary of 500 edges of 40 nodes.
_ROWS_AT_ONCE: Final = 256


@lru_cache(maxsize=4096)
def boundary_edges(shape: Shape) -> tuple[Floats, Floats]:
    """Starts and ends of the area's edges on its own map, its inside to the left."""
    geometry = shapely.orient_polygons(plane_area(shape).geometry, exterior_cw=False)
    starts: list[Floats] = []
    ends: list[Floats] = []
    for polygon in shapely.get_parts(geometry):
        if not isinstance(polygon, shapely.Polygon):
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            corners = shapely.get_coordinates(ring)
            starts.append(corners[:-1])
            ends.append(corners[1:])
    if not starts:
        nothing = np.empty((0, 2))
        return nothing, nothing
    return np.concatenate(starts), np.concatenate(ends)


def weigh_inside(
    shape: Shape, lat_deg: Floats, lon_deg: Floats, sigma_m: Floats
) -> Floats:
    """The probability, for each position, that the true one lies in the area; in [0,
    1].

    Each position is the centre of a round two-dimensional normal with `sigma_m` metres,
    above 0. The integral over the area is turned into one along its boundary, which is
    exact for every polygon, with or without holes: P = 1/(2 pi) of the integral of (1 -
    exp(-r^2 / 2)) over the angle under which the boundary is seen from the centre, r in
    sigmas.

    Source: Green's theorem on the polar form of the normal; see e.g. DiDonato and
    Hageman, A method for computing the integral of the bivariate normal distribution
    over an arbitrary polygon, SIAM J. Sci. Stat. Comput. 3 (1982).
    """
    area = plane_area(shape)
    xy = area.xy(lat_deg, lon_deg)
    inside: Floats = shapely.contains_xy(area.geometry, xy[:, 0], xy[:, 1]).astype(
        np.float64
    )
    is_near = _nearness_m(area, xy) <= _REACH_SIGMAS * sigma_m
    near_rows = np.flatnonzero(is_near)
    starts, ends = boundary_edges(shape)
    for first in range(0, len(near_rows), _ROWS_AT_ONCE):
        rows = near_rows[first : first + _ROWS_AT_ONCE]
        inside[rows] = integrate_edges(starts, ends, xy[rows], sigma_m[rows])
    return inside


def _nearness_m(area: PlaneArea, xy: Floats) -> Floats:
    """How far each point is from the boundary of the area, metres."""
    points = shapely.points(xy)
    distances: Floats = shapely.distance(shapely.boundary(area.geometry), points)
    return distances


def edge_distances_m(shape: Shape, lat_deg: Floats, lon_deg: Floats) -> Floats:
    """How far each position is from the area's edge: metres, below zero inside it."""
    area = plane_area(shape)
    xy = area.xy(lat_deg, lon_deg)
    is_inside = shapely.contains_xy(area.geometry, xy[:, 0], xy[:, 1])
    nearness = _nearness_m(area, xy)
    signed: Floats = np.where(is_inside, -nearness, nearness)
    return signed


def integrate_edges(
    starts: Floats, ends: Floats, xy: Floats, sigma_m: Floats
) -> Floats:
    """The weight of round normals at `xy` within closed rings of edges, all in metres.

    `starts` and `ends` have shape (m, 2), the inside to the left of each edge; `xy` has
    (n, 2) and `sigma_m` (n,). The answer has (n,), in [0, 1].
    """
    lengths = np.hypot(*(ends - starts).T)
    along = (ends - starts) / lengths[:, None]
    # Rows are positions, columns are edges; everything in sigmas of the position.
    to_start = (starts[None, :, :] - xy[:, None, :]) / sigma_m[:, None, None]
    height = to_start[..., 0] * along[:, 1] - to_start[..., 1] * along[:, 0]
    low = to_start[..., 0] * along[:, 0] + to_start[..., 1] * along[:, 1]
    high = low + lengths[None, :] / sigma_m[:, None]
    total = _edge_integrals(height, low, high).sum(axis=1) / (2.0 * math.pi)
    clipped: Floats = np.clip(total, 0.0, 1.0)
    return clipped


def _edge_integrals(height: Floats, low: Floats, high: Floats) -> Floats:
    """The integral over each edge: it runs at signed `height` from `low` to `high`.

    Far from the centre the exponential is nothing and the rest is the angle itself.
    Near it the integrand h (1 - exp(-r^2 / 2)) / r^2 is smooth along the edge, even for
    an edge through the centre, where the same integral over the angle has a step.
    """
    flat = np.abs(height)
    is_near = flat < _REACH_SIGMAS
    near_low = np.where(is_near, np.clip(low, -_REACH_SIGMAS, _REACH_SIGMAS), low)
    near_high = np.where(is_near, np.clip(high, -_REACH_SIGMAS, _REACH_SIGMAS), low)
    angle = (
        np.arctan2(high, flat)
        - np.arctan2(near_high, flat)
        + np.arctan2(near_low, flat)
        - np.arctan2(low, flat)
    )
    total: Floats = np.sign(height) * angle
    near = near_high - near_low
    is_long, is_short = near > 1.0, (near > 0.0) & (near <= 1.0)
    for is_chosen, nodes in ((is_long, _LONG_NODES), (is_short, _SHORT_NODES)):
        total[is_chosen] += _near_integral(
            height[is_chosen], near_low[is_chosen], near_high[is_chosen], nodes
        )
    return total


def _near_integral(
    height: Floats, low: Floats, high: Floats, nodes: tuple[Floats, Floats]
) -> Floats:
    at, weight = nodes
    half = (high - low) / 2.0
    t = (low + high)[:, None] / 2.0 + half[:, None] * at
    squared = height[:, None] ** 2 + t**2
    # (1 - exp(-s / 2)) / s tends to 1/2 where the edge runs through the centre.
    ratio = -np.expm1(-squared / 2.0) / np.maximum(squared, 1e-300)
    smooth = np.where(squared > 1e-300, ratio, 0.5)
    integral: Floats = half * height * (smooth @ weight)
    return integral


__all__ = ["boundary_edges", "edge_distances_m", "integrate_edges", "weigh_inside"]
