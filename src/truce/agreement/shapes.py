"""The shapes that a text can name: points, lines, areas, and what is made of them.

Frozen and hashable, so that the polygon of a shape is computed once (`plane.py`).
"""

from dataclasses import dataclass

from truce.places import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One or more points; they have no area until something lies within a distance of
    them."""

    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One or more lines, each of two positions or more; no area of their own."""

    lines: tuple[tuple[Position, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygons:
    """One or more polygons; each is its outer ring and then its holes, not closed
    twice."""

    polygons: tuple[tuple[tuple[Position, ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Everything not farther than `distance_m` from the shape, the shape included."""

    of: "Shape"
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Everything that lies in at least one of the shapes."""

    members: "tuple[Shape, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What lies in `of` and in none of `without`."""

    of: "Shape"
    without: "tuple[Shape, ...]"


Shape = Points | Lines | Polygons | Within | AnyOf | Outside


def has_area(shape: Shape) -> bool:
    """Whether something can lie in it: a bare point or line has no area."""
    match shape:
        case Points() | Lines():
            return False
        case Polygons() | Within():
            return True
        case AnyOf(members=members):
            return all(has_area(member) for member in members)
        case Outside(of=of):
            return has_area(of)


__all__ = [
    "AnyOf",
    "Lines",
    "Outside",
    "Points",
    "Polygons",
    "Shape",
    "Within",
    "has_area",
]
