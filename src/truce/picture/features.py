"""An answer as plain values for JSON: features for maps, rows for everything else."""

from collections.abc import Sequence

from truce.canonical import Json
from truce.instants import Interval, text_from_instant
from truce.picture.answer import Answer
from truce.picture.ports import RecordKind
from truce.picture.question import query_from_question
from truce.picture.sights import Sight

# Seven decimals of a degree are a centimetre: nothing here is known that well, and a
# longer number would only say so falsely.
_DEGREE_DIGITS = 6


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
    """One match as a GeoJSON feature; its ellipse as numbers, for the map to draw."""
    one = sight.incident
    properties: dict[str, Json] = {
        "reference": sight.reference,
        "kind": one.kind.value,
        "state": sight.state.value,
        "probability": round(one.probability, 4),
        "start": text_from_instant(one.interval.start),
        "end": text_from_instant(one.interval.end),
        "radius_m": None if sight.radius_m is None else round(sight.radius_m),
    }
    if one.ellipse:
        properties["semi_major_m"] = round(one.ellipse.semi_major_m)
        properties["semi_minor_m"] = round(one.ellipse.semi_minor_m)
        properties["bearing_deg"] = round(one.ellipse.bearing_deg, 1)
    geometry: Json = None
    if one.position:
        lon = round(one.position.lon_deg, _DEGREE_DIGITS)
        lat = round(one.position.lat_deg, _DEGREE_DIGITS)
        geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


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
