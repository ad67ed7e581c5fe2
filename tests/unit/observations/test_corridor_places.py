"""Where the ends of a corridor lie, when the table's coordinates may be wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from truce.errors import InvalidValue
from truce.formats.corridors_2022 import CorridorEnd, CorridorRow
from truce.observations.corridor_places import (
    CorridorPlaces,
    corridor_places,
    name_of_end,
)
from truce.places import Place, PlaceBasis, Position, moved, round_place

# Eastland and Westland lie 600 km apart. Elm is a city, Ash and Fir are villages; each
# land has an Ash. Positions are in kilometres east and north of Elm.
_ELM = Position(lat_deg=1.0, lon_deg=2.0)


def _at(east_km: float, north_km: float) -> Position:
    return moved(_ELM, east_m=east_km * 1000.0, north_m=north_km * 1000.0)


def _place(name: str, at: Position, sigma_m: float, basis: str) -> Place:
    return round_place(at, sigma_m=sigma_m, basis=PlaceBasis(basis), name=name)


_LANDS = {
    "Eastland": _place("Eastland", _at(0, 0), 60_000.0, "province"),
    "Westland": _place("Westland", _at(-600, 0), 60_000.0, "province"),
}
_TOWNS: dict[str, tuple[Place, ...]] = {
    "Elm": (
        _place("Elm", _at(0, 0), 4_000.0, "settlement"),
        _place("Elm", _at(0, 5), 30_000.0, "district"),
    ),
    "Ash": (
        _place("Ash", _at(-600, 0), 1_200.0, "settlement"),
        _place("Ash", _at(70, 0), 1_000.0, "settlement"),
    ),
    "Fir": (_place("Fir", _at(-590, 0), 1_000.0, "settlement"),),
    "Oak": (_place("Oak", _at(-900, 0), 5_000.0, "settlement"),),
}


@dataclass(frozen=True)
class _Entry:
    area: Place

    def place(self, *, name: str = "") -> Place:
        """The area under the source's own word."""
        return replace(self.area, name=name or self.area.name)


@dataclass(frozen=True)
class _Gazetteer:
    """Towns by name; a land answers to "X oblast" and holds what lies within it."""

    towns: Mapping[str, Sequence[Place]]

    def find(self, name: str, *, within: str | None = None) -> tuple[_Entry, ...]:
        """Everything of that name; nothing is known to lie within anything."""
        if within is not None:
            return ()
        if name.endswith(" oblast"):
            land = _LANDS.get(name.removesuffix(" oblast"))
            return (_Entry(land),) if land else ()
        return tuple(_Entry(place) for place in self.towns.get(name, ()))


def _end(name: str, at: Position | None = None, province: str = "") -> CorridorEnd:
    return CorridorEnd(
        name=name,
        lat_deg=None if at is None else Decimal(str(round(at.lat_deg, 5))),
        lon_deg=None if at is None else Decimal(str(round(at.lon_deg, 5))),
        province=province,
    )


def _resolved(start: CorridorEnd, end: CorridorEnd, news: str = "") -> CorridorPlaces:
    row = CorridorRow(
        id="1",
        day=date(2031, 5, 5),
        proposal="Ukraine",
        status_result="",
        text=news,
        links="",
        status_extra="",
        start=start,
        end=end,
    )
    return corridor_places(row, _Gazetteer(_TOWNS), news)


def _km_east(place: Place) -> float:
    return (place.centre.lon_deg - _ELM.lon_deg) * 111.2


def test_the_namesake_near_the_other_end_is_meant() -> None:
    """The table put Ash into Westland; nobody walks 600 km in a day."""
    places = _resolved(_end("Ash", _at(-600, 0)), _end("Elm", _at(0, 0)))
    assert _km_east(places.start) == pytest.approx(70.0, abs=0.5)
    assert places.start.name == "Ash"
    assert places.notes == ("Ash: the table's coordinates, 670 km away, are not used",)


def test_a_town_is_meant_before_the_district_of_its_name() -> None:
    """And the district only where the name says so."""
    places = _resolved(_end("Ash"), _end("Elm"))
    assert places.end.basis is PlaceBasis.SETTLEMENT


def test_a_place_that_only_the_table_knows_is_placed_by_it() -> None:
    """A village of some kilometres, near the other end: an area, not a point."""
    places = _resolved(_end("Yew", _at(20, 0)), _end("Elm", _at(0, 0)))
    assert places.start.basis is PlaceBasis.SETTLEMENT
    assert places.start.sigma_major_m > 1_000.0
    assert places.notes == ("Yew: not in the gazetteer; placed by the table",)


def test_a_table_far_off_every_region_named_is_not_believed() -> None:
    """The news says Eastland; the table says 400 km west of it."""
    places = _resolved(
        _end("Yew", _at(-400, 0)), _end("Elm"), "In the Eastland region people left."
    )
    assert places.start.basis is PlaceBasis.PROVINCE
    assert places.start.name == "Yew"
    assert places.notes == ("Yew: not found; taken as somewhere in Eastland",)


def test_the_region_around_the_other_end_is_meant_of_several() -> None:
    """One text names the corridors of two regions."""
    news = "People left the cities of the Westland and Eastland regions."
    assert _km_east(_resolved(_end("Yew"), _end("Elm"), news).start) == 0.0


def test_a_bracket_says_which_region() -> None:
    """Fir of Eastland is unknown; Fir of Westland is not it."""
    places = _resolved(_end("Fir (Eastland)"), _end("Elm"))
    assert places.start.basis is PlaceBasis.PROVINCE
    assert _km_east(places.start) == 0.0


def test_a_village_is_not_fled_to_from_across_the_country() -> None:
    """The only Fir lies 590 km away; without a region all that is left is nearness."""
    places = _resolved(_end("Fir"), _end("Elm"))
    assert places.start.basis is PlaceBasis.PROVINCE
    assert places.notes == ("Fir: not found; taken as near the other end",)


def test_two_cities_may_lie_as_far_apart_as_they_do() -> None:
    """People were taken from one end of the country to the other by train."""
    places = _resolved(_end("Oak"), _end("Elm"))
    assert _km_east(places.start) == pytest.approx(-900.0, abs=1.0)


def test_the_tables_province_of_the_other_end_is_the_last_resort() -> None:
    """Nothing is said of Yew but where its corridor leads."""
    places = _resolved(_end("Yew"), _end("Elm", _at(0, 0), "Eastland Oblast"))
    assert places.notes == ("Yew: not found; taken as somewhere in Eastland",)


def test_a_route_of_which_nothing_is_known_has_no_place() -> None:
    """Neither end is known to anybody: the row is quarantined by its reader."""
    with pytest.raises(InvalidValue, match="corridor end 'Yew' is known to neither"):
        _resolved(_end("Yew"), _end("Box"))


@pytest.mark.parametrize(
    ("written", "bare", "hints"),
    [
        ("Elm", "Elm", ()),
        ("Elm (Eastland)", "Elm", ("Eastland",)),
        ("Elm [Eastland region]", "Elm", ("Eastland region",)),
        ("Elm, from where people would be taken by air", "Elm", ()),
        ("Elm (Westland) and then by air to Oak", "Elm", ("Westland",)),
        ("Elm (Westland) to be transferred by air", "Elm", ("Westland",)),
        ("Port and Market Town", "Port and Market Town", ()),
    ],
)
def test_the_name_is_parted_from_what_is_said_of_it(
    written: str, bare: str, hints: tuple[str, ...]
) -> None:
    """The table writes the onward journey and the region into the name."""
    assert name_of_end(written) == (bare, hints)
