"""How well a curator's degrees are known."""

from decimal import Decimal

import pytest

from truce.observations.geolocations import (
    BELLINGCAT_SHIFT_DEG,
    decimals,
    place_from_degrees,
    settlement_at,
)
from truce.observations.ports import PlaceNames
from truce.places import PlaceBasis, Position, distance_m


def test_digits_are_counted_in_the_longer_of_the_two() -> None:
    """A source that drops a trailing nought knows the place no worse."""
    assert decimals(Decimal("49.12"), Decimal("36.123456")) == 6
    assert decimals(Decimal(49), Decimal(36)) == 0
    assert decimals(Decimal("5E+1"), Decimal(36)) == 0


def test_many_digits_are_a_point_as_good_as_the_geolocation() -> None:
    """Six digits add nothing to the fifty metres of the work itself."""
    place = place_from_degrees(
        Decimal("49.123456"), Decimal("36.123456"), sigma_m=50.0, name="Elm"
    )
    assert place.basis is PlaceBasis.POINT
    assert place.sigma_major_m == pytest.approx(50.0, abs=0.01)


def test_two_digits_are_an_area() -> None:
    """A hundredth of a degree is 1.1 km: its standard deviation is 321 m north."""
    place = place_from_degrees(
        Decimal("49.12"), Decimal("36.12"), sigma_m=50.0, name="Elm"
    )
    assert place.basis is PlaceBasis.FOOTPRINT
    assert place.sigma_major_m == pytest.approx(325.0, abs=1.0)
    assert place.sigma_minor_m == pytest.approx(216.0, abs=1.0)
    assert place.bearing_deg == 0.0


def test_a_shift_is_undone_on_average() -> None:
    """What is published lies south-west by up to the shift, evenly."""
    place = place_from_degrees(
        Decimal("49.000000"),
        Decimal("36.000000"),
        sigma_m=50.0,
        shift_deg=BELLINGCAT_SHIFT_DEG,
        name="",
    )
    assert place.centre == Position(lat_deg=49.0004, lon_deg=36.0004)
    assert place.sigma_major_m == pytest.approx(56.2, abs=0.1)
    assert place.sigma_minor_m == pytest.approx(52.7, abs=0.1)


def test_a_name_geocoded_is_its_area(gazetteer: PlaceNames) -> None:
    """The middle of Elm is Elm, not the spot in it that was hit."""
    area = settlement_at(Decimal("1.00001"), Decimal(2), "Elm", gazetteer)
    assert area is not None
    assert area.basis is PlaceBasis.SETTLEMENT
    assert distance_m(area.centre, Position(lat_deg=1.0, lon_deg=2.0)) == 0.0


@pytest.mark.parametrize(
    ("lat", "town"),
    [("1.000010", "Elm"), ("1.1", "Elm"), ("1.0", ""), ("1.0", "Nowhere")],
)
def test_other_positions_are_points(gazetteer: PlaceNames, lat: str, town: str) -> None:
    """Too many digits for a gazetteer, elsewhere in town, no town, an unknown one."""
    assert settlement_at(Decimal(lat), Decimal(2), town, gazetteer) is None
