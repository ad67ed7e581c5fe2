"""The invented land as others may know it: its gazetteer, its map, its clock and its
name.

The land is the same for every seed: what differs between exercises is what happens on
it.
"""

import csv
import io
import json
from functools import cache
from typing import Final

from truce.exercise._clock import STARTS_AT, TIME_ZONE
from truce.exercise._gazetteer import COUNTRIES, gazetteer_rows
from truce.exercise._map import features
from truce.exercise._plane import position_from_spot

EXERCISE_NAME: Final = "Exercise Quiet Water"
# Who fights here. Both are invented.
PARTIES: Final = COUNTRIES
# South, north, west, east: all the land with some sea around it. The nearest real land
# is 700 km off, so whatever lies outside is a mistake.
BOUNDS_DEG: Final = (33.3, 36.7, -45.0, -39.0)
_GAZETTEER_COLUMNS: Final = (
    "kind", "id", "name_en", "name_uk", "name_ru", "other_names", "lat", "lon",
        "radius_m",
    "parent_id", "population",
)  # fmt: skip


@cache
def gazetteer_tsv() -> bytes:
    """Every country, province, district and settlement, tab-separated, UTF-8, with a
    header.

    Columns: kind, id, name_en, name_uk, name_ru, other_names (`;` between them), lat,
    lon, radius_m, parent_id, population. Parents stand before their children.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_GAZETTEER_COLUMNS)
    for row in gazetteer_rows():
        where = position_from_spot(row.spot)
        writer.writerow(
            [
                row.kind,
                row.id,
                *row.names,
                ";".join(row.other_names),
                where.lat_deg,
                where.lon_deg,
                round(row.radius_m),
                row.parent_id,
                row.population,
            ]
        )
    return out.getvalue().encode()


@cache
def base_map() -> bytes:
    """The map as one GeoJSON FeatureCollection (WGS 84, longitude first).

    Each feature has an `id`, and the properties `id`, `layer`, `name`, `name_uk`,
    `name_fr`. The layers land, province and water are areas; border, line-of-contact,
    river and road are lines;
    town, energy-site, port and bridge are points. An agreement names features by id:
    `line-of-contact`, `border`, `energy-site:...`, `port:...`, `town:...`,
    `bridge:...`, `province:...`.
    """
    collection = {"type": "FeatureCollection", "features": list(features())}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


__all__ = [
    "BOUNDS_DEG",
    "EXERCISE_NAME",
    "PARTIES",
    "STARTS_AT",
    "TIME_ZONE",
    "base_map",
    "gazetteer_tsv",
]
