"""The probability of lying in an area, against closed forms and a count of random
points."""

import math

import numpy as np
import pytest

from truce.agreement.plane import plane_area
from truce.agreement.shapes import (
    AnyOf,
    Lines,
    Outside,
    Points,
    Polygons,
    Shape,
    Within,
)
from truce.compliance.weigh_position import (
    edge_distances_m,
    integrate_edges,
    weigh_inside,
)
from truce.places import Position, moved

HOME = Position(lat_deg=34.5, lon_deg=-42.0)


def _square(half_m: float) -> Polygons:
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ring = tuple(moved(HOME, east_m=half_m * x, north_m=half_m * y) for x, y in corners)
    return Polygons(polygons=((ring,),))


def _circle(radius_m: float, at: Position = HOME) -> Within:
    return Within(of=Points(positions=(at,)), distance_m=radius_m)


def _weigh(shape: Shape, at: Position, sigma_m: float) -> float:
    return float(
        weigh_inside(
            shape,
            np.array([at.lat_deg]),
            np.array([at.lon_deg]),
            np.array([sigma_m]),
        )[0]
    )


def _normal_share(low: float, high: float) -> float:
    """The weight of a standard normal between two values."""
    return 0.5 * (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2)))


@pytest.mark.parametrize("sigma_m", [1.0, 100.0, 800.0, 5_000.0, 200_000.0])
@pytest.mark.parametrize("offset_m", [0.0, 500.0, 999.0, 1_000.0, 1_300.0, 9_000.0])
def test_a_square_holds_the_product_of_two_normals(
    sigma_m: float, offset_m: float
) -> None:
    """A position near a square: the exact share is a product of two error functions."""
    share = _weigh(_square(1_000.0), moved(HOME, east_m=offset_m, north_m=0.0), sigma_m)
    # The square is drawn on a sphere, whose metres differ from the map's by some
    # centimetres.
    tolerance = 1e-8 + 0.05 / sigma_m

    assert share == pytest.approx(
        _normal_share((-1_000 - offset_m) / sigma_m, (1_000 - offset_m) / sigma_m)
        * _normal_share(-1_000 / sigma_m, 1_000 / sigma_m),
        abs=tolerance,
    )


@pytest.mark.parametrize("sigma_m", [130.0, 500.0, 2_100.0])
@pytest.mark.parametrize("offset_m", [0.0, 700.0, 1_000.0])
def test_corners_on_a_straight_edge_change_nothing(
    sigma_m: float, offset_m: float
) -> None:
    """The same square with its sides cut into many: long and short pieces agree to
    1e-9."""
    plain = _flat_square(steps=1)
    cut = _flat_square(steps=40)
    at = np.array([[offset_m, 13.0]])
    sigmas = np.array([sigma_m])

    assert integrate_edges(*cut, at, sigmas) == pytest.approx(
        integrate_edges(*plain, at, sigmas), abs=1e-9
    )


def _flat_square(*, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends of the edges of a square of two kilometres, in metres."""
    corners = np.array([(-1e3, -1e3), (1e3, -1e3), (1e3, 1e3), (-1e3, 1e3)])
    along = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    starts = np.concatenate(
        [
            a + along * (b - a)
            for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)
        ]
    )
    return starts, np.roll(starts, -1, axis=0)


@pytest.mark.parametrize("sigma_m", [300.0, 1_000.0, 4_000.0])
def test_a_circle_around_the_position_holds_a_rayleigh_share(sigma_m: float) -> None:
    """An impact in the middle of a town: 1 - exp(-r^2 / 2 sigma^2), less what a 64-gon
    cuts."""
    share = _weigh(_circle(2_000.0), HOME, sigma_m)

    assert share == pytest.approx(
        -math.expm1(-(2_000.0**2) / 2 / sigma_m**2), rel=0.003
    )


def test_a_crooked_area_agrees_with_a_count_of_random_points() -> None:
    """A road with two bends, a town on it and a hole in it: no closed form, so
    count."""
    bend = moved(HOME, east_m=6_000.0, north_m=2_000.0)
    end = moved(HOME, east_m=7_000.0, north_m=9_000.0)
    road = Within(of=Lines(lines=((HOME, bend, end),)), distance_m=1_500.0)
    shape = Outside(
        of=AnyOf(members=(road, _circle(3_000.0))),
        without=(_circle(1_000.0, bend),),
    )
    at, sigma_m = moved(HOME, east_m=3_500.0, north_m=2_500.0), 2_500.0
    area = plane_area(shape)
    middle = area.xy(np.array([at.lat_deg]), np.array([at.lon_deg]))[0]
    spots = np.random.default_rng(7).normal(middle, sigma_m, size=(200_000, 2))
    counted = np.mean(_contains(shape, spots))

    # Four standard errors of a share of 200,000 points.
    assert _weigh(shape, at, sigma_m) == pytest.approx(counted, abs=0.0045)


def _contains(shape: Shape, spots: np.ndarray) -> np.ndarray:
    import shapely  # type: ignore[import-untyped]  # it ships no types

    return np.asarray(shapely.contains_xy(plane_area(shape).geometry, *spots.T))


def test_many_positions_weigh_as_one_by_one() -> None:
    """More positions than are weighed at once: the answer may not depend on the
    company."""
    rng = np.random.default_rng(11)
    lat = HOME.lat_deg + rng.normal(0.0, 0.05, 700)
    lon = HOME.lon_deg + rng.normal(0.0, 0.05, 700)
    sigma_m = rng.uniform(10.0, 20_000.0, 700)
    shape = _circle(4_000.0)
    together = weigh_inside(shape, lat, lon, sigma_m)
    alone = [
        weigh_inside(shape, lat[i : i + 1], lon[i : i + 1], sigma_m[i : i + 1])[0]
        for i in range(0, 700, 7)
    ]

    assert together[::7] == pytest.approx(alone, abs=1e-12)


def test_no_positions_weigh_nothing() -> None:
    """A day without incidents is an ordinary day."""
    nothing = np.empty(0)

    assert weigh_inside(_circle(1_000.0), nothing, nothing, nothing).shape == (0,)


def test_the_distance_to_the_edge_is_below_zero_inside() -> None:
    """A reader is told how far inside or outside it was: 500 m in, and 2 km out."""
    places = [HOME, moved(HOME, east_m=2_500.0, north_m=0.0)]
    distances = edge_distances_m(
        _square(500.0),
        np.array([place.lat_deg for place in places]),
        np.array([place.lon_deg for place in places]),
    )

    assert distances == pytest.approx([-500.0, 2_000.0], abs=2.0)
