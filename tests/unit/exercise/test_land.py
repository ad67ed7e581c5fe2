"""The invented land: that it hangs together, and that it is nowhere."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from shapely.geometry import Point  # type: ignore[import-untyped]  # it ships no types

from truce.exercise import land
from truce.exercise._drawing import (
    border,
    line_of_contact,
    mainland_and_islands,
    provinces,
)
from truce.exercise._tactics import LOCAL_CEASEFIRE_TOWNS
from truce.exercise._towns import districts, towns
from truce.gazetteer import gazetteer_from_bytes
from truce.places import Position, distance_m

# The real land nearest to the exercise, from public atlases, degrees.
_REAL_LAND = {
    "Flores, Azores": Position(lat_deg=39.45, lon_deg=-31.26),
    "Corvo, Azores": Position(lat_deg=39.70, lon_deg=-31.11),
    "Bermuda": Position(lat_deg=32.30, lon_deg=-64.78),
    "Madeira": Position(lat_deg=32.75, lon_deg=-17.00),
    "Cape Race, Newfoundland": Position(lat_deg=46.66, lon_deg=-53.07),
    "Santo Antao, Cape Verde": Position(lat_deg=17.07, lon_deg=-25.17),
    "Barbuda": Position(lat_deg=17.62, lon_deg=-61.80),
}


def _features() -> list[dict[str, Any]]:
    collection = json.loads(land.base_map())
    assert collection["type"] == "FeatureCollection"
    features = collection["features"]
    assert isinstance(features, list)
    return features


def _positions(coordinates: Any) -> list[Position]:
    if isinstance(coordinates[0], (int, float)):
        return [Position(lat_deg=coordinates[1], lon_deg=coordinates[0])]
    return [position for part in coordinates for position in _positions(part)]


def _rows() -> list[dict[str, str]]:
    text = land.gazetteer_tsv().decode()
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_nothing_lies_within_700_km_of_real_land() -> None:
    """A demonstration accuses nobody: no real place may be meant."""
    shown = [p for f in _features() for p in _positions(f["geometry"]["coordinates"])]
    for name, real in _REAL_LAND.items():
        assert min(distance_m(real, position) for position in shown) > 700e3, name


def test_all_of_the_map_lies_within_the_bounds() -> None:
    """Readers quarantine what lies outside them."""
    south, north, west, east = land.BOUNDS_DEG
    for feature in _features():
        for position in _positions(feature["geometry"]["coordinates"]):
            assert south < position.lat_deg < north
            assert west < position.lon_deg < east


def test_the_coast_looks_like_one() -> None:
    """A coast of few corners looks drawn; one that crosses itself is none."""
    shapes = list(mainland_and_islands().geoms)
    assert all(shape.is_valid for shape in shapes)
    assert len(shapes) >= 8
    assert len(shapes[0].exterior.coords) > 800
    bulge = shapes[0].length / shapes[0].convex_hull.length
    assert bulge > 1.3


def test_provinces_are_all_the_land_and_do_not_overlap() -> None:
    """Figures by province must add up to those of the whole."""
    shapes = [shape for _, _, shape in provinces()]
    total = sum(shape.area for shape in shapes)
    assert total == pytest.approx(mainland_and_islands().area, rel=1e-9)
    for index, shape in enumerate(shapes):
        for other in shapes[index + 1 :]:
            assert shape.intersection(other).area < 1.0


def test_line_of_contact_runs_from_coast_to_coast_across_the_border() -> None:
    """Each side holds a strip of the other, so that neither is the natural villain."""
    line, shore = line_of_contact(), mainland_and_islands().geoms[0].exterior
    assert 160e3 < line.length < 220e3
    assert line.is_simple
    for end in (line.coords[0], line.coords[-1]):
        assert shore.distance(Point(end)) < 5.0
    assert line.crosses(border())


def test_features_have_unique_ids_and_known_layers() -> None:
    """Agreements name features by id; the page draws them by layer."""
    features = _features()
    ids = [feature["id"] for feature in features]
    assert len(set(ids)) == len(ids)
    assert {feature["properties"]["layer"] for feature in features} == {
        "land",
        "water",
        "border",
        "province",
        "line-of-contact",
        "river",
        "road",
        "town",
        "energy-site",
        "port",
        "bridge",
    }
    for feature in features:
        assert feature["properties"]["id"] == feature["id"]
        for language in ("name", "name_uk", "name_fr"):
            assert feature["properties"][language]


def test_what_the_exercise_agreement_names_is_there() -> None:
    """Its clauses bind at these features, whose ids may not change unnoticed."""
    ids = {feature["id"] for feature in _features()}
    assert {"line-of-contact", "border", "country:kelmara", "country:dorvane"} <= ids
    assert {f"town:{name.lower()}" for name in LOCAL_CEASEFIRE_TOWNS} <= ids
    assert sum(name.startswith("energy-site:") for name in ids) >= 8
    assert sum(name.startswith("port:") for name in ids) >= 5
    assert sum(name.startswith("bridge:") for name in ids) >= 4


def test_gazetteer_is_a_tree_in_three_scripts() -> None:
    """A name that leads to no parent would make an area of unknown size."""
    rows = _rows()
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    for index, row in enumerate(rows):
        if row["kind"] == "country":
            assert row["parent_id"] == ""
        else:
            assert row["parent_id"] in ids[:index]
        assert row["name_uk"] != row["name_en"]
        assert row["name_ru"]
        assert float(row["radius_m"]) >= 500
    counts = {
        kind: sum(row["kind"] == kind for row in rows)
        for kind in ("country", "province", "settlement")
    }
    assert counts["country"] == 2
    assert 6 <= counts["province"] <= 10
    assert 40 <= counts["settlement"] <= 65


def test_children_lie_within_their_parents_circles() -> None:
    """An alarm for a district must cover the towns of that district."""
    rows = {row["id"]: row for row in _rows()}
    for row in rows.values():
        if row["kind"] in ("settlement", "district"):
            parent = rows[row["parent_id"]]
            away = distance_m(_where(row), _where(parent))
            assert away <= float(parent["radius_m"]) * 1.03, row["id"]


def _where(row: dict[str, str]) -> Position:
    return Position(lat_deg=float(row["lat"]), lon_deg=float(row["lon"]))


def test_populations_add_up() -> None:
    """A district's people are those of its towns."""
    for district in districts():
        assert district.seat in district.towns
    assert sum(len(d.towns) for d in districts()) == len(towns())


def test_gazetteer_room_reads_it_and_finds_names_in_each_script() -> None:
    """A report in any of the three must lead to the town."""
    gazetteer = gazetteer_from_bytes(land.gazetteer_tsv())
    for name in ("Kestrin", "Кестрін", "Кестрин"):
        assert gazetteer.find(name)[0].id == "town:kestrin"
    assert gazetteer.find("Regenmar")[0].id == "town:selmar"
    assert gazetteer.find("Kadrin province")[0].id == "province:kadrin"
    assert gazetteer.find("Tolvik district")[0].id == "district:tolvik"


def test_the_ceasefire_begins_at_local_midnight() -> None:
    """Days of the agreement are days on the invented land."""
    local = land.STARTS_AT.astimezone(ZoneInfo(land.TIME_ZONE))
    assert (local.hour, local.minute) == (0, 0)
    assert local.utcoffset() == timedelta(hours=-3)
