"""Where nobody is known to have looked: what must never be drawn as calm.

Gap: whoever looked at any moment of the span counts as having looked, wherever within
range; how well, and for how much of the time, is the work of visibility (incidents).
"""

import math
from collections.abc import Sequence
from typing import Final

from shapely import Polygon, box, union_all  # type: ignore[import-untyped]  # no types
from shapely.geometry import mapping  # type: ignore[import-untyped]  # as above

from truce.canonical import Json
from truce.picture.ports import PictureSource
from truce.picture.question import Question
from truce.picture.sights import Picture
from truce.places import EARTH_RADIUS_M, Position
from truce.release.evidence import release_watch
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import ReleasedWatch, Withheld

# A watch that would miss every other explosion of ordinary size is no seeing.
NOTICES_FROM: Final = 0.5
# Points of a circle: within 0.5 % of its radius (1 - cos(pi / 32)).
_CIRCLE_POINTS: Final = 32
# Beyond this latitude a circle in degrees is no circle any more.
_LAT_DEG_MAX: Final = 85.0


def blind_area(
    source: PictureSource,
    picture: Picture,
    question: Question,
    *,
    gate: Gate = OPEN_GATE,
) -> Json:
    """The earth without what was watched in the question's span, as GeoJSON.

    No feature for a reader who is not given places of watches: to hatch everything
    would say that nobody looked. One feature that covers everything where nobody did.
    """
    watches = source.watches(picture.as_of)
    released = [
        release_watch(watch, picture.reader, picture.as_of.instant, gate=gate)
        for watch in watches
    ]
    given = [one for one in released if not isinstance(one, Withheld)]
    placed = [one for one in given if one.position and one.range_m]
    if watches and not placed:
        return {"type": "FeatureCollection", "features": []}
    seen = union_all([_disc(one) for one in placed if _looked(one, question)])
    earth = box(-180.0, -_LAT_DEG_MAX, 180.0, _LAT_DEG_MAX)
    geometry: Json = mapping(earth.difference(seen))
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"level": "blind"}, "geometry": geometry}
        ],
    }


def _looked(watch: ReleasedWatch, question: Question) -> bool:
    probability = watch.detection_probability
    if probability is None or probability < NOTICES_FROM:
        return False
    start, end = watch.interval.start, watch.interval.end
    if question.since and end < question.since:
        return False
    return question.until is None or start <= question.until


def _disc(watch: ReleasedWatch) -> Polygon:
    assert watch.position is not None
    assert watch.range_m is not None
    return Polygon(_ring(watch.position, watch.range_m))


def _ring(centre: Position, radius_m: float) -> Sequence[tuple[float, float]]:
    """A circle in degrees (longitude, latitude)."""
    lat_deg = math.degrees(radius_m / EARTH_RADIUS_M)
    narrowing = math.cos(math.radians(min(abs(centre.lat_deg), _LAT_DEG_MAX)))
    steps = (2 * math.pi * step / _CIRCLE_POINTS for step in range(_CIRCLE_POINTS))
    return [
        (
            centre.lon_deg + lat_deg / narrowing * math.cos(angle),
            centre.lat_deg + lat_deg * math.sin(angle),
        )
        for angle in steps
    ]


__all__ = ["NOTICES_FROM", "blind_area"]
