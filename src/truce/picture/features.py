"""An answer as plain values for JSON: features for maps, rows for everything else."""

from collections.abc import Sequence
from typing import Final

from truce.canonical import Json
from truce.instants import Interval, text_from_instant
from truce.picture.answer import Answer
from truce.picture.ports import RecordKind
from truce.picture.question import query_from_question
from truce.picture.sights import Sight

# Decimals of a degree beyond what is known would say falsely that it is known.
_DIGITS_MAX: Final = 5
_FOUR_DIGITS_FROM_M: Final = 111.0
_THREE_DIGITS_FROM_M: Final = 1110.0


def features_from(answer: Answer, *, record_kind: RecordKind, origin: str) -> Json:
    """Every match as a GeoJSON FeatureCollection that says what record it is of.

    Matches whose place is not released have no geometry, so that the features are as
    many as the list. Source: RFC 7946, section 3.2 (unlocated features).
    """
    return {
        "type": "FeatureCollection",
        "record_kind": record_kind.value,
        "origin": origin,
        "marking": answer.reader.value,
        "as_of": as_of_values(answer),
        "features": [feature_from(sight) for sight in answer.matched],
    }


def feature_from(sight: Sight) -> Json:
    """One match as a GeoJSON feature; its ellipse as numbers, for the map to draw.

    What a map does not draw is left to rows: of tens of thousands each word counts. An
    ellipse has axes only where it is no circle of `radius_m`.
    """
    one = sight.incident
    properties: dict[str, Json] = {
        "reference": sight.reference,
        "kind": one.kind.value,
        "state": sight.state.value,
        "probability": round(one.probability, 2),
    }
    if sight.radius_m is not None:
        properties["radius_m"] = round(sight.radius_m)
    ellipse = one.ellipse
    if ellipse and round(ellipse.semi_minor_m) < round(ellipse.semi_major_m):
        properties["semi_major_m"] = round(ellipse.semi_major_m)
        properties["semi_minor_m"] = round(ellipse.semi_minor_m)
        properties["bearing_deg"] = round(ellipse.bearing_deg)
    geometry: Json = None
    if one.position:
        digits = _digits(one.ellipse.semi_minor_m if one.ellipse else sight.radius_m)
        lon = round(one.position.lon_deg, digits)
        lat = round(one.position.lat_deg, digits)
        geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _digits(radius_m: float | None) -> int:
    """How many decimals of a degree a place warrants: a step below a tenth of its give.

    Three decimals are 111 m of latitude, four 11 m, five 1.1 m.
    """
    if radius_m is None or radius_m < _FOUR_DIGITS_FROM_M:
        return _DIGITS_MAX
    return 4 if radius_m < _THREE_DIGITS_FROM_M else 3


def row_from(sight: Sight) -> dict[str, Json]:
    """One match as a flat row: what lists, tables and exports show."""
    one = sight.incident
    return {
        "reference": sight.reference,
        "kind": one.kind.value,
        "kinds": {kind.value: weight for kind, weight in one.kinds},
        "state": sight.state.value,
        **_interval(one.interval),
        "place": sight.place,
        "province": one.province,
        "lat_deg": one.position.lat_deg if one.position else None,
        "lon_deg": one.position.lon_deg if one.position else None,
        "radius_m": sight.radius_m,
        "coarseness": one.coarseness.value,
        "probability": one.probability,
        "witness_count": one.witness_count,
        "is_witness_count_capped": one.is_witness_count_capped,
        "is_contradicted": one.is_contradicted,
        "feeds": list(sight.feeds),
        "withheld": list(one.withheld),
    }


def answer_values(answer: Answer, *, record_kind: RecordKind, origin: str) -> Json:
    """The whole answer: what was asked, totals, bars, and every match as a row."""
    totals = answer.totals
    return {
        "record_kind": record_kind.value,
        "origin": origin,
        "marking": answer.reader.value,
        "as_of": as_of_values(answer),
        "query": query_from_question(answer.question, is_whole=False),
        "totals": {
            "known": totals.known,
            "matched": totals.matched,
            "shown_on_map": totals.shown_on_map,
            "by_province_only": totals.by_province_only,
            "by_state": dict(totals.by_state),
            "by_kind": dict(totals.by_kind),
        },
        "histogram": _bars(answer),
        "incidents": rows_from(answer.matched),
    }


def rows_from(sights: Sequence[Sight]) -> list[dict[str, Json]]:
    """The rows of several matches."""
    return [row_from(sight) for sight in sights]


def as_of_values(answer: Answer) -> Json:
    """As of when an answer holds."""
    as_of = answer.as_of
    return {
        "statement_count": as_of.count,
        "instant": text_from_instant(as_of.instant),
        "is_past": as_of.is_past,
    }


def _interval(interval: Interval) -> dict[str, Json]:
    return {
        "start": text_from_instant(interval.start),
        "end": text_from_instant(interval.end),
    }


def _bars(answer: Answer) -> Json:
    return {
        "step": answer.histogram.step.value,
        "bins": [
            {
                "start": text_from_instant(one.start),
                "end": text_from_instant(one.end),
                "count": one.count,
                "selected": one.selected_count,
            }
            for one in answer.histogram.bins
        ],
    }


__all__ = [
    "answer_values",
    "as_of_values",
    "feature_from",
    "features_from",
    "row_from",
    "rows_from",
]
