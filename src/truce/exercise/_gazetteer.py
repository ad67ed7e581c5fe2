"""The rows of the invented land's gazetteer, in three scripts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shapely.geometry import Point  # type: ignore[import-untyped]  # it ships no types
from shapely.geometry.base import BaseGeometry  # type: ignore[import-untyped]  # as above
from shapely.ops import unary_union  # type: ignore[import-untyped]  # as above

from truce.exercise import _drawing
from truce.exercise._names import (
    russian_from_latin,
    slug_from_name,
    ukrainian_from_latin,
)
from truce.exercise._plane import Spot
from truce.exercise._towns import Town, districts, towns

COUNTRIES: Final = ("Kelmara", "Dorvane")
_NO_WORD: Final = ("", "", "")
_PROVINCE: Final = ("province", "провінція", "провинция")
_DISTRICT: Final = ("district", "район", "район")


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerRow:
    """One named area: a circle about `spot` that holds it, and the area that it is part
    of.
    """

    kind: str
    id: str
    names: tuple[str, str, str]
    other_names: tuple[str, ...]
    spot: Spot
    radius_m: float
    parent_id: str
    population: int


def gazetteer_rows() -> Iterator[GazetteerRow]:
    """Countries, then provinces, then districts, then settlements."""
    yield from map(_country, COUNTRIES)
    for name, country, shape in _drawing.provinces():
        yield _area(
            "province",
            name,
            shape,
            parent_id=f"country:{slug_from_name(country)}",
            inside=[town for town in towns() if town.province == name],
        )
    for district in districts():
        yield GazetteerRow(
            kind="district",
            id=f"district:{district.seat.id}",
            names=in_three_scripts(district.seat.name, _DISTRICT),
            other_names=(),
            spot=district.seat.spot,
            radius_m=district.radius_m,
            parent_id=f"province:{slug_from_name(district.seat.province)}",
            population=sum(town.population for town in district.towns),
        )
    for district in districts():
        for town in district.towns:
            yield _settlement(town, f"district:{district.seat.id}")


def in_three_scripts(name: str, word: Sequence[str] = _NO_WORD) -> tuple[str, str, str]:
    """The name in English, Ukrainian and Russian, with what it is in each."""
    scripts = (name, ukrainian_from_latin(name), russian_from_latin(name))
    english, ukrainian, russian = (
        f"{text} {what}".strip() for text, what in zip(scripts, word, strict=True)
    )
    return english, ukrainian, russian


def _country(name: str) -> GazetteerRow:
    shapes = [shape for _, owner, shape in _drawing.provinces() if owner == name]
    inside = [town for town in towns() if town.country == name]
    return _area("country", name, unary_union(shapes), parent_id="", inside=inside)


def _area(
    kind: str, name: str, shape: BaseGeometry, *, parent_id: str, inside: list[Town]
) -> GazetteerRow:
    centre = shape.centroid
    reach_m = shape.hausdorff_distance(Point(centre.x, centre.y))
    names = in_three_scripts(name, _PROVINCE if kind == "province" else _NO_WORD)
    return GazetteerRow(
        kind=kind,
        id=f"{kind}:{slug_from_name(name)}",
        names=names,
        other_names=in_three_scripts(name) if kind == "province" else (),
        spot=Spot(centre.x, centre.y),
        radius_m=reach_m,
        parent_id=parent_id,
        population=sum(town.population for town in inside),
    )


def _settlement(town: Town, parent_id: str) -> GazetteerRow:
    former = town.former_name
    return GazetteerRow(
        kind="settlement",
        id=f"town:{town.id}",
        names=in_three_scripts(town.name),
        other_names=in_three_scripts(former) if former else (),
        spot=town.spot,
        radius_m=town.radius_m,
        parent_id=parent_id,
        population=town.population,
    )


__all__ = ["COUNTRIES", "GazetteerRow", "gazetteer_rows", "in_three_scripts"]
