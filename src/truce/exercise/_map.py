"""The features of the invented land's map, as GeoJSON values."""

from collections.abc import Iterable, Iterator
from typing import Final

from shapely.geometry import LineString, MultiPolygon, Polygon  # type: ignore[import-untyped]  # it ships no types
from shapely.ops import unary_union  # type: ignore[import-untyped]  # as above

from truce.exercise import _drawing
from truce.exercise._gazetteer import COUNTRIES, in_three_scripts
from truce.exercise._names import slug_from_name, ukrainian_from_latin
from truce.exercise._plane import Spot, position_from_spot
from truce.exercise._sites import Site, bridges, energy_sites, ports, roads
from truce.exercise._towns import towns

Feature = dict[str, object]
# 1e-4 degrees is 11 m: enough for lines that stand for kilometres.
_DECIMALS: Final = 4
# What a site is, in Ukrainian and French; its own name is put before or after.
_SORTS: Final = {
    "power station": ("електростанція", "centrale électrique"),
    "refinery": ("нафтопереробний завод", "raffinerie"),
    "substation": ("підстанція", "poste électrique"),
    "hydroelectric dam": ("гідроелектростанція", "barrage hydroélectrique"),
    "gas terminal": ("газовий термінал", "terminal gazier"),
    "port": ("порт", "port"),
    "bridge": ("міст", "pont"),
}


def features() -> Iterator[Feature]:
    """Everything on the map, the lowest layer first."""
    yield from _areas()
    yield from _lines()
    for town in towns():
        yield _point(
            f"town:{town.id}", "town", town.name, town.spot, population=town.population
        )
    for layer, sites in (
        ("energy-site", energy_sites()),
        ("port", ports()),
        ("bridge", bridges()),
    ):
        for site in sites:
            yield _site(layer, site)


def _areas() -> Iterator[Feature]:
    for country in COUNTRIES:
        shape = unary_union([s for _, c, s in _drawing.provinces() if c == country])
        yield _shape(f"country:{slug_from_name(country)}", "land", country, shape)
    for name, _, shape in _drawing.provinces():
        yield _shape(f"province:{slug_from_name(name)}", "province", name, shape)
    for name, shore in _drawing.lakes():
        yield _shape(f"lake:{slug_from_name(name)}", "water", name, shore)


def _lines() -> Iterator[Feature]:
    for name, course in _drawing.rivers():
        yield _line(f"river:{slug_from_name(name)}", "river", name, course)
    for index, road in enumerate(roads()):
        yield _line(f"road:{index + 1}", "road", f"R{index + 1}", road)
    yield _line("border", "border", "Border", _drawing.border())
    yield _named(
        _line(
            "line-of-contact",
            "line-of-contact",
            "Line of contact",
            _drawing.line_of_contact(),
        ),
        "Лінія зіткнення",
        "Ligne de contact",
    )


def _site(layer: str, site: Site) -> Feature:
    own = site.name.removesuffix(f" {site.sort}").removeprefix("Port of ")
    ukrainian, french = _SORTS[site.sort]
    feature = _point(site.id, layer, site.name, site.spot, sort=site.sort)
    return _named(
        feature,
        f"{ukrainian[0].upper()}{ukrainian[1:]} {ukrainian_from_latin(own)}",
        f"{french[0].upper()}{french[1:]} {own}",
    )


def _shape(
    feature_id: str, layer: str, name: str, shape: MultiPolygon | Polygon
) -> Feature:
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    rings = [
        [_pairs(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in parts
    ]
    return _feature(feature_id, layer, name, "MultiPolygon", rings)


def _line(feature_id: str, layer: str, name: str, line: LineString) -> Feature:
    return _feature(feature_id, layer, name, "LineString", _pairs(line.coords))


def _point(
    feature_id: str, layer: str, name: str, spot: Spot, **more: str | int
) -> Feature:
    return _feature(feature_id, layer, name, "Point", _pairs([spot])[0], **more)


def _feature(
    feature_id: str,
    layer: str,
    name: str,
    shape_type: str,
    coordinates: object,
    **more: str | int,
) -> Feature:
    return {
        "type": "Feature",
        "id": feature_id,
        "properties": {
            "id": feature_id,
            "layer": layer,
            "name": name,
            "name_uk": in_three_scripts(name)[1],
            "name_fr": name,
            **more,
        },
        "geometry": {"type": shape_type, "coordinates": coordinates},
    }


def _named(feature: Feature, ukrainian: str, french: str) -> Feature:
    properties = feature["properties"]
    assert isinstance(properties, dict)
    properties |= {"name_uk": ukrainian, "name_fr": french}
    return feature


def _pairs(coordinates: Iterable[tuple[float, ...]]) -> list[list[float]]:
    positions = (position_from_spot(Spot(x, y)) for x, y in coordinates)
    return [
        [round(p.lon_deg, _DECIMALS), round(p.lat_deg, _DECIMALS)] for p in positions
    ]


__all__ = ["Feature", "features"]
