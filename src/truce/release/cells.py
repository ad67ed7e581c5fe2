"""Coarse places: cells that are the same each time, whoever asks.

Every coarse place is a function of one small H3 cell (resolution 6). So two readers who
lay their answers side by side learn no more than the finer of the two tells, and asking
again, or through another filter, never cuts a cell in two.
"""

import math
from functools import lru_cache
from typing import Final, cast

import h3  # type: ignore[import-untyped]  # it ships no types; used only in this file

from truce.places import EARTH_RADIUS_M, Position, distance_m
from truce.release.model import Coarseness, Precedent

# Resolution 6 is 5.9 to 6.6 km across (least width) everywhere in Ukraine and 4.5 to
# 7.1 km on the whole earth; resolution 5 is 12.1 to 18.8 km. Measured on 20,000 random
# cells each, and on the pentagons; the property tests measure again. Resolution 7 (1.7
# to 2.7 km) would break the floor of 5 km everywhere.
SMALL_RESOLUTION: Final = 6
LARGE_RESOLUTION: Final = 5
LEAST_RESOLUTION: Final = 1
FIVE_KM_M: Final = 5_000.0


@lru_cache(maxsize=65_536)
def cell_centre(cell: str) -> Position:
    """The centre of an H3 cell."""
    lat_deg, lon_deg = h3.cell_to_latlng(cell)
    return Position(lat_deg=lat_deg, lon_deg=lon_deg)


def cell_outline(cell: str) -> tuple[Position, ...]:
    """The corners of an H3 cell in order, the first not repeated."""
    return tuple(
        Position(lat_deg=lat_deg, lon_deg=lon_deg)
        for lat_deg, lon_deg in h3.cell_to_boundary(cell)
    )


@lru_cache(maxsize=65_536)
def cell_radius_m(cell: str) -> float:
    """How far the farthest corner of a cell lies from its centre, in metres."""
    centre = cell_centre(cell)
    return max(distance_m(centre, corner) for corner in cell_outline(cell))


@lru_cache(maxsize=65_536)
def cell_width_m(cell: str) -> float:
    """The least width of a cell in metres: the narrowest gap it fits through.

    The corners are laid on a plane that touches the earth at the centre, which is right
    within 0.1 % for the cells used here.
    """
    corners = _on_plane(cell)
    widths = []
    for (x_a, y_a), (x_b, y_b) in zip(corners, corners[1:] + corners[:1], strict=True):
        side = math.hypot(x_b - x_a, y_b - y_a)
        across = [((y_b - y_a) * x - (x_b - x_a) * y) / side for x, y in corners]
        widths.append(max(across) - min(across))
    return min(widths)


def _on_plane(cell: str) -> list[tuple[float, float]]:
    """The corners in metres east and north of the cell's centre."""
    centre = cell_centre(cell)
    shrink = math.cos(math.radians(centre.lat_deg))
    return [
        (
            math.radians((corner.lon_deg - centre.lon_deg + 180.0) % 360.0 - 180.0)
            * EARTH_RADIUS_M
            * shrink,
            math.radians(corner.lat_deg - centre.lat_deg) * EARTH_RADIUS_M,
        )
        for corner in cell_outline(cell)
    ]


def small_cell(position: Position) -> str:
    """The resolution 6 cell that holds a position: every coarse place is made of it."""
    cell = h3.latlng_to_cell(position.lat_deg, position.lon_deg, SMALL_RESOLUTION)
    return cast(str, cell)


@lru_cache(maxsize=65_536)
def large_cell(small: str) -> str:
    """The resolution 5 cell to which a small cell belongs."""
    return cast(str, h3.cell_to_parent(small, LARGE_RESOLUTION))


@lru_cache(maxsize=65_536)
def cell_at_least(small: str, *, coarseness: Coarseness, semi_major_m: float) -> str:
    """The cell that is shown for a small cell.

    At least 5 km across for CELL_5_KM, resolution 5 for anything coarser, and no
    narrower than the semi-major axis: a place that is known to 30 km is not drawn as if
    to 5. `semi_major_m` must be rounded up by `rounded_up_m`, else the cache grows
    without end.
    """
    cell = small
    if coarseness is not Coarseness.CELL_5_KM or cell_width_m(cell) < FIVE_KM_M:
        cell = large_cell(small)
    while (
        cell_width_m(cell) < semi_major_m and h3.get_resolution(cell) > LEAST_RESOLUTION
    ):
        cell = h3.cell_to_parent(cell)
    return cell


def neighbours_of(cell: str) -> tuple[str, ...]:
    """The cells that touch a cell, in the order of their indices."""
    return tuple(sorted(h3.grid_ring(cell, 1)))


def rounded_up_m(length_m: float) -> float:
    """A length rounded up to a power of two metres, at least 1 km.

    An ellipse's size is a fingerprint of which stations heard; only its order of size
    may choose the cell.
    """
    return float(2 ** max(10, math.ceil(math.log2(max(length_m, 1.0)))))


def steady_cell(position: Position, precedent: Precedent | None) -> str:
    """The small cell of an incident, kept where it was first as long as that is nearly
    right.

    A revised position that crosses the edge of a cell would show that it lies near that
    edge. So the first cell stays until the position has left its neighbours too.
    """
    now = small_cell(position)
    if precedent is None:
        return now
    first = small_cell(precedent.position)
    is_near = first == now or h3.are_neighbor_cells(first, now)
    return first if is_near else now


__all__ = [
    "FIVE_KM_M",
    "LARGE_RESOLUTION",
    "LEAST_RESOLUTION",
    "SMALL_RESOLUTION",
    "cell_at_least",
    "cell_centre",
    "cell_outline",
    "cell_radius_m",
    "cell_width_m",
    "large_cell",
    "neighbours_of",
    "rounded_up_m",
    "small_cell",
    "steady_cell",
]
