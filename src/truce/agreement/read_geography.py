"""The named points, lines and areas of a text as shapes.

Entries may refer to each other in any order; a circle of references is a fault.
"""

from collections.abc import Callable
from collections.abc import Mapping as Files
from dataclasses import dataclass, field
from typing import Final

from truce.agreement.faults import Faults
from truce.agreement.model import Area
from truce.agreement.plane import plane_area, verify_rings
from truce.agreement.read_geojson import (
    matching_shape,
    ring_from_positions,
    shapes_from_geojson,
    shapes_from_value,
    value_from_marked,
)
from truce.agreement.read_values import (
    any_mapping,
    distance_of,
    items_of,
    mapping_of,
    nearest_words,
    number_between,
    text_of,
    value_at,
    verify_name,
)
from truce.agreement.read_yaml import Mapping, Marked, Scalar
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
from truce.places import Position

# The name under which a text asks for the geography of the record it is run in.
WORLD_FILE: Final = "world.geojson"

# The key by which each way to make a shape is known, with the keys that go with it.
FORMS: Final[dict[str, frozenset[str]]] = {
    "at": frozenset({"at"}),
    "through": frozenset({"through"}),
    "ring": frozenset({"ring"}),
    "within": frozenset({"within", "of"}),
    "any of": frozenset({"any of"}),
    "inside": frozenset({"inside", "except"}),
    "geojson": frozenset({"geojson"}),
    "from world": frozenset({"from world"}),
    "file": frozenset({"file"}),
}
OPTIONAL_GEOGRAPHY_KEYS: Final = frozenset({"extent", "note"})


@dataclass(slots=True, kw_only=True)
class _Geography:
    """Entries by name, those resolved so far, and the chain of names being resolved.

    `parsed` holds each GeoJSON file once, however many entries ask for it.
    """

    entries: dict[str, tuple[int, Marked]]
    files: Files[str, bytes]
    faults: Faults
    areas: dict[str, Area | None] = field(default_factory=dict)
    chain: list[str] = field(default_factory=list)
    parsed: dict[str, tuple[tuple[str, Shape], ...]] = field(default_factory=dict)


def read_geography(
    node: Marked | None, files: Files[str, bytes], faults: Faults
) -> dict[str, Area]:
    """Every entry that could be read, by name; what could not is noted as a fault."""
    mapping = any_mapping(node, "geography", faults) if node is not None else None
    if mapping is None:
        return {}
    geography = _Geography(entries=mapping.entries, files=files, faults=faults)
    for name, (line, _value) in mapping.entries.items():
        verify_name(name, "geography", line, faults)
        _area(name, line, geography)
    return {n: area for n, area in geography.areas.items() if area is not None}


def area_called(
    name: str, line: int, areas: dict[str, Area], faults: Faults
) -> Area | None:
    """The area that a clause names; a bare line or point is none, an empty area
    neither."""
    area = areas.get(name)
    if area is None:
        faults.add(
            line,
            f"{name!r} is not in geography, or could not be read there",
            write=nearest_words(name, areas),
        )
        return None
    if not has_area(area.shape):
        faults.add(
            line,
            f"{name!r} is a line or a point, nothing can lie in it",
            write=f"define `{{within: 5 km, of: {name}}}` and name that",
        )
        return None
    return area


def _area(name: str, line: int, geography: _Geography) -> Area | None:
    """The entry of this name, resolved once; None if it is unknown, circular or
    faulty."""
    if name in geography.chain:
        chain = " -> ".join([*geography.chain, name])
        geography.faults.add(
            line, f"geography refers to itself: {chain}", write="break the circle"
        )
        return None
    if name in geography.areas:
        return geography.areas[name]
    if name not in geography.entries:
        geography.faults.add(
            line,
            f"{name!r} is not in geography",
            write=nearest_words(name, geography.entries),
        )
        return None
    geography.chain.append(name)
    area = _read_entry(name, geography.entries[name][1], geography)
    geography.chain.pop()
    geography.areas[name] = area
    return area


def _read_entry(name: str, node: Marked, geography: _Geography) -> Area | None:
    faults = geography.faults
    form = _form_of(name, node, faults)
    if form is None:
        return None
    optional = OPTIONAL_GEOGRAPHY_KEYS | (
        frozenset({"feature"}) if form == "file" else set()
    )
    entry = mapping_of(
        node, f"geography {name}", faults, required=FORMS[form], optional=optional
    )
    if entry is None or not FORMS[form] <= entry.entries.keys():
        return None
    try:
        area = _READERS[form](name, entry, geography)
        if area is not None:
            _verify_drawable(area.shape)
    except InvalidValue as error:
        faults.add(node.line, f"geography {name}: {error}", write="mend the positions")
        return None
    return _with_extent(area, entry, faults)


def _form_of(name: str, node: Marked, faults: Faults) -> str | None:
    keys = node.entries.keys() if isinstance(node, Mapping) else frozenset[str]()
    forms = [form for form in FORMS if form in keys]
    if len(forms) == 1:
        return forms[0]
    found = " and ".join(forms) if forms else "no shape"
    faults.add(
        node.line,
        f"geography {name} has {found}",
        write="write exactly one of: " + ", ".join(FORMS),
    )
    return None


def _with_extent(area: Area | None, entry: Mapping, faults: Faults) -> Area | None:
    """The area with nothing stated where the text says that its extent is assumed."""
    node = value_at(entry, "extent")
    if area is None or node is None:
        return area
    if text_of(node, "extent", faults) != "assumed":
        faults.add(
            node.line,
            "extent may only be said to be assumed",
            write="write `extent: assumed`, or leave it out where the text states it",
        )
    return Area(name=area.name, shape=area.shape, stated=None)


def _verify_drawable(shape: Shape) -> None:
    """Raise InvalidValue where a shape crosses itself, is empty, or is too large to
    map."""
    for part in shape.members if isinstance(shape, AnyOf) else (shape,):
        if isinstance(part, Polygons):
            verify_rings(part)
    if plane_area(shape).geometry.is_empty:
        raise InvalidValue("nothing is left of it")


def _referred(node: Marked | None, what: str, geography: _Geography) -> Area | None:
    """The area that another entry's name stands for."""
    if node is None:
        return None
    name = text_of(node, what, geography.faults)
    return _area(name, node.line, geography) if name else None


def _position(node: Marked, geography: _Geography) -> Position | None:
    """A position written out, or the name of an entry that is a single point."""
    faults = geography.faults
    if isinstance(node, Scalar):
        area = _referred(node, "a position", geography)
        if area is None:
            return None
        if isinstance(area.shape, Points) and len(area.shape.positions) == 1:
            return area.shape.positions[0]
        faults.add(node.line, f"{node.text!r} is no point", write="name a point")
        return None
    mapping = mapping_of(node, "a position", faults, required=frozenset({"lat", "lon"}))
    lat = number_between(value_at(mapping, "lat"), "lat", faults, low=-90.0, high=90.0)
    lon = number_between(
        value_at(mapping, "lon"), "lon", faults, low=-180.0, high=180.0
    )
    if lat is None or lon is None:
        return None
    return Position(lat_deg=lat, lon_deg=lon)


def _positions(node: Marked | None, what: str, geography: _Geography) -> list[Position]:
    items = items_of(node, what, geography.faults)
    read = [_position(item, geography) for item in items]
    return [position for position in read if position is not None]


def _stated(name: str, shape: Shape) -> Area:
    return Area(name=name, shape=shape, stated=shape)


def _read_at(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    node = value_at(entry, "at")
    position = _position(node, geography) if node is not None else None
    return None if position is None else _stated(name, Points(positions=(position,)))


def _read_through(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    node = value_at(entry, "through")
    faults_before = len(geography.faults.found)
    line = tuple(_positions(node, "through", geography))
    if len(geography.faults.found) > faults_before:
        return None
    if len(set(line)) < 2:
        raise InvalidValue("a line has fewer than two different positions")
    return _stated(name, Lines(lines=(line,)))


def _read_ring(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    faults_before = len(geography.faults.found)
    line = tuple(_positions(value_at(entry, "ring"), "ring", geography))
    if len(geography.faults.found) > faults_before:
        return None
    return _stated(name, Polygons(polygons=((ring_from_positions(line),),)))


def _read_within(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    of = _referred(value_at(entry, "of"), "of", geography)
    distance_m = distance_of(value_at(entry, "within"), "within", geography.faults)
    if of is None or distance_m is None:
        return None
    stated = None if of.stated is None else Within(of=of.stated, distance_m=distance_m)
    return Area(
        name=name, shape=Within(of=of.shape, distance_m=distance_m), stated=stated
    )


def _members(node: Marked | None, what: str, geography: _Geography) -> list[Area]:
    """The areas named in a list, or by one word."""
    if isinstance(node, Scalar):
        nodes: tuple[Marked, ...] = (node,)
    else:
        nodes = items_of(node, what, geography.faults)
    read = [_referred(one, what, geography) for one in nodes]
    return [area for area in read if area is not None]


def _read_any_of(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    members = _members(value_at(entry, "any of"), "any of", geography)
    if not members:
        return None
    stated = tuple(one.stated for one in members if one.stated is not None)
    return Area(
        name=name,
        shape=AnyOf(members=tuple(one.shape for one in members)),
        stated=AnyOf(members=stated) if stated else None,
    )


def _read_inside(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    of = _referred(value_at(entry, "inside"), "inside", geography)
    without = _members(value_at(entry, "except"), "except", geography)
    if of is None or not without:
        return None
    # An exception with an assumed extent takes away all of it: a clause that does not
    # hold there may not be used there, even where the course is a guess.
    holes = tuple(one.shape for one in without)
    return Area(
        name=name,
        shape=Outside(of=of.shape, without=holes),
        stated=None if of.stated is None else Outside(of=of.stated, without=holes),
    )


def _read_inline(name: str, entry: Mapping, _geography: _Geography) -> Area | None:
    node = value_at(entry, "geojson")
    assert node is not None, "mapping_of has made sure of the key"
    shapes = tuple(shape for _, shape in shapes_from_value(value_from_marked(node)))
    return _stated(name, shapes[0] if len(shapes) == 1 else AnyOf(members=shapes))


def _read_from_world(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    node = value_at(entry, "from world")
    pattern = text_of(node, "from world", geography.faults)
    return _from_file(name, WORLD_FILE, pattern, entry.line, geography)


def _read_file(name: str, entry: Mapping, geography: _Geography) -> Area | None:
    faults = geography.faults
    file = text_of(value_at(entry, "file"), "file", faults)
    pattern = text_of(value_at(entry, "feature"), "feature", faults) or "*"
    return _from_file(name, file, pattern, entry.line, geography)


def _from_file(
    name: str, file: str, pattern: str, line: int, geography: _Geography
) -> Area | None:
    if file not in geography.files:
        geography.faults.add(
            line,
            f"geography {name}: there is no file {file!r} with this text",
            write=nearest_words(file, geography.files),
        )
        return None
    if file not in geography.parsed:
        geography.parsed[file] = shapes_from_geojson(geography.files[file])
    named = geography.parsed[file]
    shape = matching_shape(named, pattern)
    if shape is None:
        geography.faults.add(
            line,
            f"geography {name}: {file} has no feature whose name is like {pattern!r}",
            write=nearest_words(pattern, {feature for feature, _ in named}),
        )
        return None
    return _stated(name, shape)


_READERS: Final[dict[str, Callable[[str, Mapping, _Geography], Area | None]]] = {
    "at": _read_at,
    "through": _read_through,
    "ring": _read_ring,
    "within": _read_within,
    "any of": _read_any_of,
    "inside": _read_inside,
    "geojson": _read_inline,
    "from world": _read_from_world,
    "file": _read_file,
}

__all__ = [
    "FORMS",
    "OPTIONAL_GEOGRAPHY_KEYS",
    "WORLD_FILE",
    "area_called",
    "read_geography",
]
