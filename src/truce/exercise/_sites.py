"""What a war would aim at: power stations, refineries, ports, bridges; and roads."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from shapely.geometry import LineString, Point  # type: ignore[import-untyped]  # it ships no types

from truce.exercise import _drawing
from truce.exercise._names import slug_from_name
from truce.exercise._plane import Spot, gap_m
from truce.exercise._towns import Town, nearest_town, town_named, towns

# Name, what it is, the town it stands by, and how far off on which bearing.
_ENERGY: Final = (
    ("Selmar North", "power station", "Selmar", 7_500.0, 250.0),
    ("Tolvik Works", "refinery", "Tolvik", 6_000.0, 290.0),
    ("Ardwen", "substation", "Ardwen", 5_000.0, 110.0),
    ("Nimra", "hydroelectric dam", "Pellan", 52_000.0, 118.0),
    ("Kestrin", "substation", "Kestrin", 4_500.0, 190.0),
    ("Orvane Lakeside", "power station", "Orvane", 8_000.0, 200.0),
    ("Jorvath Works", "refinery", "Jorvath", 6_500.0, 40.0),
    ("Vashtin", "substation", "Vashtin", 5_500.0, 160.0),
    ("Belmire Point", "gas terminal", "Belmire", 6_000.0, 250.0),
    ("Essarin", "power station", "Essarin", 7_000.0, 210.0),
)
_PORTS: Final = ("Selmar", "Pellan", "Tolvik", "Vashtin", "Jorvath", "Belmire")
_BRIDGES_KEPT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place that matters: `id` is its name in agreements, `sort` is what it is."""

    id: str
    name: str
    sort: str
    spot: Spot
    town: Town

    @property
    def country(self) -> str:
        """Whose it is by the border, whoever holds it."""
        return self.town.country


@cache
def energy_sites() -> tuple[Site, ...]:
    """Power stations, substations, refineries, a dam and a gas terminal."""
    made = []
    for name, sort, town_name, away_m, bearing in _ENERGY:
        town = town_named(town_name)
        made.append(
            Site(
                id=f"energy-site:{slug_from_name(name)}",
                name=f"{name} {sort}",
                sort=sort,
                spot=_on_land(town.spot.away(away_m, bearing)),
                town=town,
            )
        )
    return tuple(made)


@cache
def ports() -> tuple[Site, ...]:
    """The harbours, on the shore nearest to their town."""
    coast = _drawing.mainland_and_islands().geoms[0].exterior
    made = []
    for name in _PORTS:
        town = town_named(name)
        shore = coast.interpolate(coast.project(Point(town.spot)))
        made.append(
            Site(
                id=f"port:{town.id}",
                name=f"Port of {name}",
                sort="port",
                spot=Spot(shore.x, shore.y),
                town=town,
            )
        )
    return tuple(made)


@cache
def bridges() -> tuple[Site, ...]:
    """Where the main roads cross rivers, those nearest to a town."""
    crossings = [
        Spot(point.x, point.y)
        for road in roads()
        for _, river in _drawing.rivers()
        for point in _points(road.intersection(river))
    ]
    crossings.sort(key=lambda spot: gap_m(spot, nearest_town(spot).spot))
    made: dict[str, Site] = {}
    for spot in crossings:
        town = nearest_town(spot)
        made.setdefault(
            town.name,
            Site(
                id=f"bridge:{town.id}",
                name=f"{town.name} bridge",
                sort="bridge",
                spot=spot,
                town=town,
            ),
        )
    return tuple(made.values())[:_BRIDGES_KEPT]


@cache
def roads() -> tuple[LineString, ...]:
    """The roads between neighbouring towns that need not cross the sea.

    Two towns are neighbours if no third lies in the circle about both (Gabriel and
    Sokal 1969).
    """
    land = _drawing.mainland_and_islands().geoms[0]
    made = []
    for index, a in enumerate(towns()):
        for b in towns()[index + 1 :]:
            if not _are_neighbours(a, b):
                continue
            path = _drawing.rough_path(
                f"road-{a.id}-{b.id}", a.spot, b.spot, roughness=0.05
            )
            road = LineString(path)
            if land.contains(road):
                made.append(road)
    return tuple(made)


def _are_neighbours(a: Town, b: Town) -> bool:
    middle, radius = a.spot.towards(b.spot, 0.5), gap_m(a.spot, b.spot) / 2.0
    return all(
        gap_m(middle, other.spot) >= radius
        for other in towns()
        if other is not a and other is not b
    )


def _on_land(spot: Spot) -> Spot:
    """The point, or the dry point nearest to it, a kilometre in from the shore."""
    inner = _drawing.mainland_and_islands().geoms[0].buffer(-1_000.0)
    point = Point(spot)
    if inner.contains(point):
        return spot
    shore = inner.boundary.interpolate(inner.boundary.project(point))
    return Spot(shore.x, shore.y)


def _points(shape: object) -> list[Point]:
    if isinstance(shape, Point):
        return [shape]
    return [part for part in getattr(shape, "geoms", ()) if isinstance(part, Point)]


__all__ = ["Site", "bridges", "energy_sites", "ports", "roads"]
