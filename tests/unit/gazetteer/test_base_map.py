"""The shipped base map and the vendored files, which are data of this house as well."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import shapely  # type: ignore[import-untyped]  # it ships no types
from shapely.geometry import (  # type: ignore[import-untyped]  # it ships no types
    Point,
    shape,
)

from truce.gazetteer import shipped_base_map

STATIC = Path(__file__).resolve().parents[3] / "src/truce/web/static"
Features = list[dict[str, Any]]


@pytest.fixture(scope="module")
def features() -> Features:
    """Everything of the shipped map."""
    found: Features = json.loads(shipped_base_map())["features"]
    return found


def layer(features: Features, name: str) -> dict[str, Any]:
    """The shapes of one layer by English name."""
    return {
        f["properties"]["name_en"]: shape(f["geometry"])
        for f in features
        if f["properties"]["layer"] == name
    }


@pytest.mark.parametrize(
    ("town", "lat", "lon", "province"),
    [
        ("Simferopol", 44.957, 34.111, "Autonomous Republic of Crimea"),
        ("Sevastopol", 44.600, 33.530, "Sevastopol city"),
        ("Kerch", 45.357, 36.440, "Autonomous Republic of Crimea"),
        ("Yalta", 44.505, 34.150, "Autonomous Republic of Crimea"),
        ("Armiansk", 46.107, 33.693, "Autonomous Republic of Crimea"),
        ("Donetsk", 48.003, 37.805, "Donetsk oblast"),
        ("Luhansk", 48.567, 39.317, "Luhansk oblast"),
        ("Kherson", 46.640, 32.615, "Kherson oblast"),
        ("Kyiv", 50.450, 30.523, "Kyiv city"),
        ("Uzhhorod", 48.623, 22.295, "Zakarpattia oblast"),
    ],
)
def test_a_town_is_in_ukraine_and_in_no_other_country(
    features: Features, town: str, lat: float, lon: float, province: str
) -> None:
    """Atlases draw Crimea as Russia's: this map shows the recognised borders."""
    point = Point(lon, lat)
    countries = [n for n, s in layer(features, "country").items() if s.contains(point)]
    provinces = [n for n, s in layer(features, "province").items() if s.contains(point)]
    assert countries == ["Ukraine"], town
    assert provinces == [province], town


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [(47.23, 39.71, "Russia"), (50.60, 36.59, "Russia"), (52.43, 31.0, "Belarus")],
)
def test_neighbours_keep_their_towns(
    features: Features, lat: float, lon: float, country: str
) -> None:
    """A correction that took too much would be as wrong as none."""
    point = Point(lon, lat)
    found = [n for n, s in layer(features, "country").items() if s.contains(point)]
    assert found == [country]


def test_provinces_fill_ukraine_without_gap_or_overlap(features: Features) -> None:
    """Shares of a whole are only right where nothing is counted twice or left out."""
    provinces = list(layer(features, "province").values())
    assert len(provinces) == 27
    assert shapely.coverage_is_valid(provinces)
    ukraine = layer(features, "country")["Ukraine"]
    assert shapely.union_all(provinces).symmetric_difference(ukraine).area < 1e-6


def test_no_line_runs_between_crimea_and_the_mainland_as_a_country_border(
    features: Features,
) -> None:
    """A country border drawn at Perekop would say what the polygons deny."""
    borders = [
        shape(f["geometry"])
        for f in features
        if f["properties"]["layer"] == "country_border"
    ]
    assert borders
    assert all(b.distance(Point(33.69, 46.15)) > 0.5 for b in borders)


def test_the_world_has_no_borders() -> None:
    """The far view shows land only, so that it takes no side."""
    world = json.loads((STATIC / "base/world.geojson").read_text("utf-8"))
    assert [f["properties"] for f in world["features"]] == [{"layer": "land"}]


def test_settlements_carry_names_and_the_zoom_of_their_label(
    features: Features,
) -> None:
    """A label needs a name in the page's language and must not crowd the far view."""
    towns = [
        f["properties"] for f in features if f["properties"]["layer"] == "settlement"
    ]
    by_name = {t["name_en"]: t for t in reversed(towns)}
    assert by_name["Kyiv"]["name_uk"] == "Київ"
    assert by_name["Kyiv"]["zoom_min"] < by_name["Bakhmut"]["zoom_min"]
    assert sum(t["zoom_min"] <= 5 for t in towns) < 80


def test_the_base_map_is_small() -> None:
    """A first paint over a field link must not wait for a map of megabytes."""
    world = (STATIC / "base/world.geojson").stat().st_size
    assert [p.name for p in (STATIC / "base").iterdir()] == ["world.geojson"]
    assert len(shipped_base_map()) + world < 1_500_000


def test_every_vendored_file_is_the_locked_one() -> None:
    """A script that changed in our tree would run on every desk: nothing may differ."""
    folder = STATIC / "vendor"
    lock = json.loads((folder / "vendor.lock.json").read_text("utf-8"))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "vendor.lock.json"
    }
    assert found == {name: entry["sha256"] for name, entry in lock.items()}


def test_every_vendored_package_has_its_licence_beside_it() -> None:
    """Shipping somebody's work without their terms would be against them."""
    lock = json.loads((STATIC / "vendor/vendor.lock.json").read_text("utf-8"))
    packages = {e["package"] for e in lock.values() if e["package"] != "truce"}
    licensed = {e["package"] for n, e in lock.items() if n.endswith(".LICENSE.txt")}
    assert licensed == packages


def test_nothing_vendored_asks_another_host() -> None:
    """No page may fetch from outside: neither fonts nor source maps."""
    for path in sorted((STATIC / "vendor").glob("*.css")):
        assert "url(http" not in path.read_text("utf-8").replace('"', "").replace(
            "'", ""
        )
    for path in sorted((STATIC / "vendor").glob("*.js")):
        assert "sourceMappingURL" not in path.read_text("utf-8")
    fonts = (STATIC / "vendor/fonts.css").read_text("utf-8")
    named = {part.split("'")[0] for part in fonts.split("url('")[1:]}
    assert named == {path.name for path in (STATIC / "vendor").glob("*.woff2")}


def test_files_of_our_own_are_small() -> None:
    """Only vendored libraries and the base map may be large: 100 kB holds all of our
    script.
    """
    own = [
        path
        for path in STATIC.rglob("*")
        if path.is_file()
        and path.relative_to(STATIC).parts[0] not in {"base", "vendor"}
    ]
    assert {p.name: p.stat().st_size for p in own if p.stat().st_size > 100_000} == {}
