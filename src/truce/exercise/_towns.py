"""The towns of the invented land, the districts they make up, and what stands near
them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from shapely.geometry import LineString, Point  # type: ignore[import-untyped]  # it ships no types

from truce.exercise import _drawing
from truce.exercise._dice import Dice
from truce.exercise._names import slug_from_name
from truce.exercise._plane import Spot, from_km, gap_m

# Fixed, as the land is: the towns do not depend on the exercise's seed.
_TOWNS_SEED: Final = 7

# Name, kilometres east and north, inhabitants. Capitals, ports and the towns that the
# exercise agreement names are placed by hand; the rest find their own room.
_CHIEF_TOWNS: Final = (
    ("Selmar", -100, 50, 412_000),
    ("Ardwen", -160, 70, 96_000),
    ("Pellan", -182, -22, 88_000),
    ("Tolvik", -68, -78, 143_000),
    ("Kestrin", -46, 78, 71_000),
    ("Mirrenk", -4.5, 35, 38_000),
    ("Dromna", 2, -14, 46_000),
    ("Halvet", 12, -36, 21_000),
    ("Vashtin", 56, 101, 118_000),
    ("Ostrel", 16, 46, 33_000),
    ("Orvane", 108, 26, 365_000),
    ("Belmire", 176, -8, 82_000),
    ("Jorvath", 84, -72, 154_000),
    ("Essarin", 150, 86, 64_000),
)
_OTHER_NAMES: Final = (
    "Arkesh", "Brunna", "Cormeth", "Dalvesk", "Elgorin", "Farrun", "Gorlan", "Hestrel",
    "Iskara", "Jelvane", "Kormund", "Lomvar", "Morwick", "Norveth", "Olgrin", "Pirrast",
    "Rasmund", "Sarnoth", "Tirrask", "Umbrel", "Varnholt", "Welmar", "Yorrin", "Zelvan",
    "Ashkar", "Bravik", "Corrin", "Deskal", "Ermund", "Fennak", "Galdur", "Hurval",
    "Irvane", "Karvel", "Lessim", "Maldrin", "Nirath", "Ordesh", "Perrow", "Rulven",
    "Sorrin", "Tavesh", "Ulmark", "Vintar", "Wesselin", "Yelmin", "Zarrow", "Almeth",
)  # fmt: skip
# Former or colloquial names: a report may use either.
_FORMER_NAMES: Final = {
    "Selmar": "Regenmar",
    "Orvane": "Orvanna",
    "Mirrenk": "Mirra",
    "Dromna": "Dromnava",
    "Tolvik": "Tolvikar",
    "Jorvath": "Jorva",
}
_DISTRICTS_PER_PROVINCE: Final = 3
# Enough that no part of the land is left empty.
_SPOTS_TRIED: Final = 12
# Towns near the front are villages; they lie within this distance of the line.
_FRONT_M: Final = 14_000.0
_FRONT_TOWNS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A settlement: where, how large across (`radius_m`), how many live there, and its
    district.
    """

    name: str
    spot: Spot
    population: int
    radius_m: float
    province: str
    country: str
    is_port: bool = False

    @property
    def id(self) -> str:
        """Its name in ids."""
        return slug_from_name(self.name)

    @property
    def former_name(self) -> str:
        """What it was called before, or empty."""
        return _FORMER_NAMES.get(self.name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A part of a province about its seat, which it is named after."""

    seat: Town
    towns: tuple[Town, ...]

    @property
    def name(self) -> str:
        """As the alarm service and the gazetteer write it."""
        return f"{self.seat.name} district"

    @property
    def radius_m(self) -> float:
        """From its seat so far that all of its towns lie within."""
        return max(gap_m(self.seat.spot, t.spot) + t.radius_m for t in self.towns) + 4e3


@cache
def towns() -> tuple[Town, ...]:
    """Every town, the chief ones first."""
    dice = Dice(_TOWNS_SEED, "towns")
    found = [_town(name, from_km(x, y), people) for name, x, y, people in _CHIEF_TOWNS]
    line = _drawing.line_of_contact()
    for index, name in enumerate(_OTHER_NAMES):
        near_front = index < _FRONT_TOWNS
        spot = _room_for_town(dice, found, line if near_front else None)
        median = 2_600.0 if near_front else 14_000.0
        people = round(min(90_000.0, dice.lognormal(median, 0.8)), -2)
        found.append(_town(name, spot, int(people)))
    return tuple(found)


@cache
def districts() -> tuple[District, ...]:
    """Each province in three parts, about towns that are large and lie apart."""
    made: list[District] = []
    for province, _, _ in _drawing.provinces():
        inside = [town for town in towns() if town.province == province]
        seats = _seats(inside)
        for seat in seats:
            members = [t for t in inside if _nearest(seats, t.spot) is seat]
            made.append(District(seat=seat, towns=tuple(members)))
    return tuple(made)


def nearest_town(spot: Spot) -> Town:
    """The town whose middle is nearest to a point."""
    return _nearest(towns(), spot)


def district_at(spot: Spot) -> District:
    """The district of the nearest town."""
    town = nearest_town(spot)
    return next(d for d in districts() if town in d.towns)


def town_named(name: str) -> Town:
    """The town of this name."""
    return next(town for town in towns() if town.name == name)


def _nearest(choice: "tuple[Town, ...] | list[Town]", spot: Spot) -> Town:
    return min(choice, key=lambda town: gap_m(town.spot, spot))


def _seats(inside: list[Town]) -> list[Town]:
    by_size = sorted(inside, key=lambda town: -town.population)
    seats = by_size[:1]
    while len(seats) < min(_DISTRICTS_PER_PROVINCE, len(by_size)):
        rest = [town for town in by_size if town not in seats]
        seats.append(
            max(rest, key=lambda t: min(gap_m(t.spot, seat.spot) for seat in seats))
        )
    return seats


def _town(name: str, spot: Spot, population: int) -> Town:
    province = _drawing.province_at(spot)
    if province is None:
        raise RuntimeError(f"town {name} is drawn in the sea; move it inland")
    country = next(c for p, c, _ in _drawing.provinces() if p == province)
    coast_m = _drawing.mainland_and_islands().boundary.distance(Point(spot))
    return Town(
        name=name,
        spot=spot,
        population=population,
        # Some 2 500 people to the square kilometre: ordinary for towns of that size.
        radius_m=round(max(500.0, (population / 2_500.0 / 3.14) ** 0.5 * 1000.0), -1),
        province=province,
        country=country,
        is_port=coast_m < 6_000.0 and population > 60_000,
    )


def _room_for_town(dice: Dice, found: list[Town], front: LineString | None) -> Spot:
    """The loneliest of a few dry points: people spread out over a land."""
    return max(
        (_dry_spot(dice, front) for _ in range(_SPOTS_TRIED)),
        key=lambda spot: min(gap_m(spot, town.spot) for town in found),
    )


def _dry_spot(dice: Dice, front: LineString | None) -> Spot:
    """A point on the mainland, clear of the shore; near the front if one is given."""
    land = _drawing.mainland_and_islands().geoms[0]
    while True:
        spot = Spot(dice.uniform(-215e3, 205e3), dice.uniform(-112e3, 118e3))
        if front is not None:
            along = front.interpolate(dice.uniform(0.04, 0.96), normalized=True)
            spot = Spot(along.x, along.y).away(
                dice.uniform(1_500.0, _FRONT_M), dice.uniform(0.0, 360.0)
            )
        point = Point(spot)
        if (
            land.contains(point)
            and land.boundary.distance(point) > 2_000.0
            and all(shore.distance(point) > 1_500.0 for _, shore in _drawing.lakes())
        ):
            return spot


__all__ = [
    "District",
    "Town",
    "district_at",
    "districts",
    "nearest_town",
    "town_named",
    "towns",
]
