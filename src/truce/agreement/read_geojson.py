"""GeoJSON as shapes, whether in a file beside the text or inside it.

Source: RFC 7946. Positions are [longitude, latitude] there, and only there.
"""

import json
from fnmatch import fnmatchcase
from typing import Final

from truce.agreement.read_yaml import Mapping, Marked, Scalar, Sequence
from truce.agreement.shapes import AnyOf, Lines, Points, Polygons, Shape
from truce.errors import InvalidValue
from truce.places import Position

# What json.loads can return, read here without trust in its form.
_Value = object

_GEOMETRIES: Final = (
    "Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon"
)


def shapes_from_geojson(data: bytes) -> tuple[tuple[str, Shape], ...]:
    """The named shapes of a GeoJSON text, in its order; a bare geometry has the name
    ''.

    Raises:
        InvalidValue: no JSON, no GeoJSON, or a position outside the earth.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"not JSON: {error}") from error
    return shapes_from_value(value)


def shapes_from_value(value: _Value) -> tuple[tuple[str, Shape], ...]:
    """As `shapes_from_geojson`, of a value that is parsed already."""
    kind = _member(value, "type")
    if kind == "FeatureCollection":
        features = _list(_member(value, "features"), "features")
        return tuple(pair for one in features for pair in shapes_from_value(one))
    if kind == "Feature":
        return ((_name(value), _shape(_member(value, "geometry"))),)
    return (("", _shape(value)),)


def matching_shape(named: tuple[tuple[str, Shape], ...], pattern: str) -> Shape | None:
    """The shape of all features whose name matches, e.g. `port:*`; None if none
    does."""
    found = tuple(shape for name, shape in named if fnmatchcase(name, pattern))
    if len(found) <= 1:
        return found[0] if found else None
    return AnyOf(members=found)


def value_from_marked(node: Marked) -> _Value:
    """GeoJSON that was written inside a YAML text, with its numbers as numbers."""
    match node:
        case Mapping(entries=entries):
            return {
                key: value_from_marked(value) for key, (_, value) in entries.items()
            }
        case Sequence(items=items):
            return [value_from_marked(item) for item in items]
        case Scalar(text=text):
            try:
                return float(text)
            except ValueError:
                return text


def _name(feature: _Value) -> str:
    """A feature's own id, else the id or name in its properties, else nothing."""
    properties = _member(feature, "properties")
    words = properties if isinstance(properties, dict) else {}
    own = feature.get("id") if isinstance(feature, dict) else None
    return str(own or words.get("id") or words.get("name") or "")


def _member(value: _Value, key: str) -> _Value:
    if not isinstance(value, dict) or key not in value:
        raise InvalidValue(f"no GeoJSON: expected an object with {key!r}")
    return value[key]


def _list(value: _Value, what: str) -> list[_Value]:
    if not isinstance(value, list) or not value:
        raise InvalidValue(f"no GeoJSON: {what} is no list, or an empty one")
    return value


def _shape(geometry: _Value) -> Shape:
    kind = _member(geometry, "type")
    body = _list(_member(geometry, "coordinates"), "coordinates")
    match kind:
        case "Point":
            return Points(positions=(_position(body),))
        case "MultiPoint":
            return Points(positions=tuple(_position(one) for one in body))
        case "LineString":
            return Lines(lines=(_line(body),))
        case "MultiLineString":
            return Lines(lines=tuple(_line(one) for one in body))
        case "Polygon":
            return Polygons(polygons=(_rings(body),))
        case "MultiPolygon":
            return Polygons(polygons=tuple(_rings(one) for one in body))
    raise InvalidValue(f"geometry type is {kind!r}, expected one of {_GEOMETRIES}")


def _position(value: _Value) -> Position:
    pair = _list(value, "a position")
    numbers = [n for n in pair if isinstance(n, int | float)]
    if len(numbers) != len(pair) or len(numbers) not in {2, 3}:
        raise InvalidValue(f"position is {value!r}, expected [longitude, latitude]")
    return Position(lat_deg=float(numbers[1]), lon_deg=float(numbers[0]))


def _line(value: _Value) -> tuple[Position, ...]:
    line = tuple(_position(one) for one in _list(value, "a line"))
    if len(set(line)) < 2:
        raise InvalidValue("a line has fewer than two different positions")
    return line


def _rings(value: _Value) -> tuple[tuple[Position, ...], ...]:
    return tuple(ring_from_positions(_line(one)) for one in _list(value, "a polygon"))


def ring_from_positions(line: tuple[Position, ...]) -> tuple[Position, ...]:
    """A ring without its repeated last position.

    Raises:
        InvalidValue: fewer than three different corners.
    """
    ring = line[:-1] if line[0] == line[-1] else line
    if len(set(ring)) < 3:
        raise InvalidValue("a ring has fewer than three different corners")
    return ring


__all__ = [
    "matching_shape",
    "ring_from_positions",
    "shapes_from_geojson",
    "shapes_from_value",
    "value_from_marked",
]
