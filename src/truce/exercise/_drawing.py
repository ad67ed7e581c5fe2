"""From the sketch to the land: a rough coast, provinces that fit together, rivers to
the sea.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from shapely.geometry import LineString, MultiPolygon, Point, Polygon  # type: ignore[import-untyped]  # it ships no types
from shapely.ops import polygonize, unary_union  # type: ignore[import-untyped]  # as above

from truce.exercise import _outline
from truce.exercise._dice import Dice
from truce.exercise._plane import Spot, from_km

# The land is the same for every seed; this number only shapes its coast. It was chosen
# by eye, among those whose coast crosses itself nowhere.
_LAND_SEED: Final = 35_041
# Segments longer than this are broken again. Real coasts go on for ever; a map at this
# scale does not show more.
_COAST_STEP_M: Final = 1_300.0
_BORDER_STEP_M: Final = 2_500.0
_BORDER_ROUGHNESS: Final = 0.09


@cache
def mainland_and_islands() -> MultiPolygon:
    """All the land, with the islands, in metres on the sheet."""
    shapes = [_ring("mainland", _outline.MAINLAND)]
    shapes += [_ring(name, points) for name, _, points in _outline.ISLANDS]
    return MultiPolygon(shapes)


@cache
def border() -> LineString:
    """The border of the two states, from the north coast to the south coast."""
    return _across_land("border", _outline.BORDER, roughness=_BORDER_ROUGHNESS)


@cache
def line_of_contact() -> LineString:
    """Where the two forces face each other, from the north coast to the south coast."""
    return _across_land("line-of-contact", _outline.CONTACT, roughness=0.11)


@cache
def rivers() -> tuple[tuple[str, LineString], ...]:
    """Each river from its spring to the sea."""
    return tuple(
        (name, _across_land(name, points, roughness=0.14))
        for name, points in _outline.RIVERS
    )


@cache
def lakes() -> tuple[tuple[str, Polygon], ...]:
    """Each lake's shore."""
    return tuple((name, _ring(name, points)) for name, points in _outline.LAKES)


@cache
def provinces() -> tuple[tuple[str, str, MultiPolygon], ...]:
    """Name, country and shape of each province; together they are all the land."""
    countries = _pieces(
        mainland_and_islands().geoms[0],
        [_rough_line("border", _outline.BORDER, roughness=_BORDER_ROUGHNESS)],
        {"Kelmara": from_km(-100, 0), "Dorvane": from_km(100, 0)},
    )
    cuts = [
        _rough_line(f"province-{index}", points, roughness=0.1)
        for index, points in enumerate(_outline.PROVINCE_BORDERS)
    ]
    shapes: dict[str, Polygon] = {}
    for country, shape in countries.items():
        labels = {
            name: from_km(*inside)
            for name, owner, inside in _outline.PROVINCES
            if owner == country
        }
        shapes |= _pieces(shape, cuts, labels)
    return tuple(
        (name, country, MultiPolygon([shapes[name], *_islands_of(name)]))
        for name, country, _ in _outline.PROVINCES
    )


def province_at(spot: Spot) -> str | None:
    """The name of the province in which a point lies; None at sea."""
    point = Point(spot)
    for name, _, shape in provinces():
        if shape.contains(point):
            return name
    return None


def rough_path(name: str, a: Spot, b: Spot, *, roughness: float) -> list[Spot]:
    """A winding way from one point to another, both included; always the same for its
    name.
    """
    dice = Dice(_LAND_SEED, name)
    return [a, *_broken(dice, a, b, roughness, step_m=_BORDER_STEP_M), b]


def _islands_of(province: str) -> list[Polygon]:
    return [
        _ring(name, points)
        for name, owner, points in _outline.ISLANDS
        if owner == province
    ]


@cache
def _ring(name: str, points: _outline.Points) -> Polygon:
    dice = Dice(_LAND_SEED, name)
    spots = [from_km(*point) for point in points]
    coast: list[Spot] = []
    for a, b in zip(spots, [*spots[1:], spots[0]], strict=True):
        # Stretches of sand beside stretches of skerries, as on real coasts.
        roughness = dice.uniform(0.10, 0.27)
        coast += [a, *_broken(dice, a, b, roughness, step_m=_COAST_STEP_M)]
    return Polygon(coast)


def _rough_line(name: str, points: _outline.Points, *, roughness: float) -> LineString:
    dice = Dice(_LAND_SEED, name)
    spots = [from_km(*point) for point in points]
    line = [spots[0]]
    for a, b in pairwise(spots):
        line += [*_broken(dice, a, b, roughness, step_m=_BORDER_STEP_M), b]
    return LineString(line)


def _across_land(name: str, points: _outline.Points, *, roughness: float) -> LineString:
    """The part of a rough line that lies on land: its first landfall to its last."""
    line = _rough_line(name, points, roughness=roughness)
    land = mainland_and_islands().geoms[0]
    inside = [land.covers(Point(spot)) for spot in line.coords]
    first, last = inside.index(True), len(inside) - 1 - inside[::-1].index(True)
    kept = list(line.coords)[max(0, first - 1) : last + 2]
    cut = LineString(kept).intersection(land)
    if isinstance(cut, LineString):
        return cut
    # A line that grazes a bay comes back in pieces: its longest one is the line.
    return max(cut.geoms, key=lambda piece: float(piece.length))


def _broken(
    dice: Dice, a: Spot, b: Spot, roughness: float, *, step_m: float
) -> list[Spot]:
    """Midpoint displacement: the points between `a` and `b`, both left out."""
    length_m = math.hypot(b.x_m - a.x_m, b.y_m - a.y_m)
    if length_m < step_m:
        return []
    middle, aside_m = a.towards(b, dice.uniform(0.42, 0.58)), dice.normal(roughness)
    aside_m = max(-0.3, min(0.3, aside_m))
    bent = Spot(
        middle.x_m - aside_m * (b.y_m - a.y_m), middle.y_m + aside_m * (b.x_m - a.x_m)
    )
    return [
        *_broken(dice, a, bent, roughness, step_m=step_m),
        bent,
        *_broken(dice, bent, b, roughness, step_m=step_m),
    ]


def _pieces(
    shape: Polygon, cuts: Sequence[LineString], labels: dict[str, Spot]
) -> dict[str, Polygon]:
    """A shape cut along lines, one piece for each label's point.

    Rough lines that meet leave slivers between them: each joins the piece with which it
    shares the longest side.
    """
    lines = unary_union([shape.exterior, *(cut for cut in cuts)])
    faces = [f for f in polygonize(lines) if shape.contains(f.representative_point())]
    owned = {
        name: next(face for face in faces if face.contains(Point(spot)))
        for name, spot in labels.items()
    }
    slivers = [face for face in faces if all(face is not own for own in owned.values())]
    for sliver in sorted(slivers, key=lambda face: -face.area):
        neighbour = max(owned, key=lambda name: owned[name].intersection(sliver).length)
        owned[neighbour] = unary_union([owned[neighbour], sliver])
    return owned


__all__ = [
    "border",
    "lakes",
    "line_of_contact",
    "mainland_and_islands",
    "province_at",
    "provinces",
    "rivers",
    "rough_path",
]
