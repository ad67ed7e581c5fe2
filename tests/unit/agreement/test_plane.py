"""Shapes on the flat map: sizes, distances and set operations in true metres."""

import math

import numpy as np
import pytest

from truce.agreement.plane import plane_area, plane_xy
from truce.agreement.read_geojson import shapes_from_geojson
from truce.agreement.shapes import (
    AnyOf,
    Lines,
    Outside,
    Points,
    Polygons,
    Shape,
    Within,
    has_area,
)
from truce.errors import InvalidValue
from truce.places import Position, distance_m, moved

HOME = Position(lat_deg=34.5, lon_deg=-42.0)


def _point(position: Position) -> Points:
    return Points(positions=(position,))


def _area_m2(shape: Shape) -> float:
    return float(plane_area(shape).geometry.area)


def test_a_circle_has_its_area() -> None:
    """Three kilometres around a town: pi r squared, less what a 64-gon cuts off."""
    circle = Within(of=_point(HOME), distance_m=3_000.0)

    assert _area_m2(circle) == pytest.approx(math.pi * 9e6, rel=0.002)


def test_a_road_with_a_width_has_its_area() -> None:
    """Ten kilometres of road, one kilometre either side: a strip with two round
    ends."""
    end = moved(HOME, east_m=10_000.0, north_m=0.0)
    strip = Within(of=Lines(lines=((HOME, end),)), distance_m=1_000.0)

    assert _area_m2(strip) == pytest.approx(2e7 + math.pi * 1e6, rel=0.002)


def test_two_circles_on_one_another_count_once_and_a_hole_is_taken_away() -> None:
    """An area named twice is no larger; one that is excepted is gone."""
    large = Within(of=_point(HOME), distance_m=3_000.0)
    small = Within(of=_point(HOME), distance_m=1_000.0)

    assert _area_m2(AnyOf(members=(large, small))) == pytest.approx(_area_m2(large))
    assert _area_m2(Outside(of=large, without=(small,))) == pytest.approx(
        _area_m2(large) - _area_m2(small)
    )


@pytest.mark.parametrize("bearing_deg", [0.0, 37.0, 90.0, 200.0])
def test_distances_from_the_middle_are_true(bearing_deg: float) -> None:
    """A point 300 km away is 300 km away on the map, whatever the direction."""
    away = Position(
        lat_deg=HOME.lat_deg + 2.7 * math.cos(math.radians(bearing_deg)),
        lon_deg=HOME.lon_deg + 2.7 * math.sin(math.radians(bearing_deg)),
    )
    xy = plane_xy(HOME, np.array([away.lat_deg]), np.array([away.lon_deg]))

    assert math.hypot(*xy[0]) == pytest.approx(distance_m(HOME, away), rel=1e-9)


def test_the_antimeridian_is_no_edge() -> None:
    """A town at 179.99 E and an impact at 179.99 W lie two kilometres from each
    other."""
    town = Position(lat_deg=10.0, lon_deg=179.99)
    circle = plane_area(Within(of=_point(town), distance_m=3_000.0))
    xy = circle.xy(np.array([10.0]), np.array([-179.99]))

    assert math.hypot(*xy[0]) == pytest.approx(2_190.0, abs=10.0)


def test_a_shape_too_large_for_the_map_is_refused() -> None:
    """A line over half the earth cannot be drawn flat: better no answer than a wrong
    one."""
    far = Position(lat_deg=34.5, lon_deg=40.0)
    with pytest.raises(InvalidValue, match="reaches more than 2500 km"):
        plane_area(Lines(lines=((HOME, far),)))


def test_lines_and_points_have_no_area() -> None:
    """Nothing can lie in a line; a union has an area only if all of it has."""
    circle = Within(of=_point(HOME), distance_m=1.0)

    assert not has_area(_point(HOME))
    assert has_area(circle)
    assert not has_area(AnyOf(members=(circle, _point(HOME))))
    assert has_area(Outside(of=circle, without=(_point(HOME),)))


GEOJSON = b"""
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "line-of-contact", "properties": {"name": "Line"},
  "geometry": {"type": "LineString", "coordinates": [[-42, 34], [-42, 35, 120]]}},
 {"type": "Feature", "properties": {"name": "zone"}, "geometry":
  {"type": "Polygon", "coordinates": [
   [[-42, 34], [-41, 34], [-41, 35], [-42, 35], [-42, 34]],
   [[-41.6, 34.4], [-41.4, 34.4], [-41.4, 34.6], [-41.6, 34.4]]]}},
 {"type": "Feature", "properties": {"id": "towns", "name": "x"}, "geometry":
  {"type": "MultiPoint", "coordinates": [[-42, 34], [-42, 35]]}}
]}"""


def test_geojson_features_are_named_and_longitude_comes_first() -> None:
    """A map as a neighbour's tool writes it: a swap of the axes would move it to the
    Arctic."""
    named = dict(shapes_from_geojson(GEOJSON))
    line, zone, towns = named.values()

    assert list(named) == ["line-of-contact", "zone", "towns"]
    assert isinstance(line, Lines)
    assert line.lines[0][1] == Position(lat_deg=35.0, lon_deg=-42.0)
    assert isinstance(zone, Polygons)
    assert [len(ring) for ring in zone.polygons[0]] == [4, 3]
    assert isinstance(towns, Points)
    assert len(towns.positions) == 2


BAD_GEOJSON = [
    (b"[]", "expected an object with 'type'"),
    (b'{"type": "FeatureCollection", "features": []}', "features is no list, or an em"),
    (b'{"type": "Point", "coordinates": ["1", "2"]}', r"expected \[longitude, latitud"),
    (b'{"type": "Point", "coordinates": [1]}', r"expected \[longitude, latitude\]"),
    (b'{"type": "LineString", "coordinates": [[1, 2], [1, 2]]}', "two different"),
    (b'{"type": "Polygon", "coordinates": [[[1, 2], [2, 2], [1, 2]]]}', "three differ"),
    (b"[" * 100_000, "not JSON"),
]


@pytest.mark.parametrize(("data", "message"), BAD_GEOJSON)
def test_what_is_no_geojson_is_refused(data: bytes, message: str) -> None:
    """A file that is not what it claims: a clear error, never a shape that nobody
    drew."""
    with pytest.raises(InvalidValue, match=message):
        shapes_from_geojson(data)
