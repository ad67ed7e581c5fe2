"""Hot pixels of NASA FIRMS as observations of fire."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.formats.firms import Anomaly, encode
from truce.observations.context import Bounds, ReadingContext
from truce.observations.kinds import Kind
from truce.observations.model import Observation, Reading
from truce.observations.read_firms import FEED, READER
from truce.places import PlaceBasis

ANOMALY = Anomaly(
    lat_deg=48.0,
    lon_deg=30.0,
    brightness_k=310.5,
    scan_km=2.0,
    track_km=1.0,
    acquired_at=datetime(2031, 5, 6, 9, 6, tzinfo=UTC),
    satellite="Aqua",
    instrument="MODIS",
    confidence="55",
    version="9.9",
    background_k=280.5,
    frp_mw=7.5,
    is_day=True,
    type_code=0,
)


def _read(context: ReadingContext, **changes: object) -> Reading:
    return READER.read(encode([replace(ANOMALY, **changes)]), context)  # type: ignore[arg-type]  # each test changes a field to its own type


def _observation(context: ReadingContext, **changes: object) -> Observation:
    (observation,) = _read(context, **changes).observations
    return observation


def test_a_hot_pixel_is_a_fire_somewhere_in_its_footprint(
    context: ReadingContext,
) -> None:
    """Uniform over a pixel of 2 by 1 km: sigmas of its sides over the root of
    twelve."""
    seen = _observation(context)
    assert seen.feed == FEED
    assert (seen.kind, seen.kind_word) == (Kind.FIRE, "thermal anomaly")
    assert (seen.stated_by, seen.observer) == ("NASA FIRMS", "Aqua MODIS")
    assert seen.where.basis is PlaceBasis.FOOTPRINT
    assert seen.where.sigma_major_m == pytest.approx(2000 / math.sqrt(12))
    assert seen.where.sigma_minor_m == pytest.approx(1000 / math.sqrt(12))
    assert seen.text == "FRP 7.5 MW, brightness 310.5 K, day"
    assert (seen.statement, seen.line) == (7, 2)


def test_the_overpass_is_known_to_the_minute(context: ReadingContext) -> None:
    """The file drops the seconds, so the whole minute is honest."""
    when = _observation(context).when
    assert when.start == ANOMALY.acquired_at
    assert when.duration == timedelta(minutes=1)


def test_the_footprint_lies_across_the_path(context: ReadingContext) -> None:
    """By day Aqua flies north-north-west at 48 degrees: 12.6 degrees left of north."""
    assert _observation(context).where.bearing_deg == pytest.approx(77.4, abs=0.2)
    by_night = _observation(context, is_day=False)
    assert by_night.where.bearing_deg == pytest.approx(102.6, abs=0.2)
    terra = _observation(context, satellite="Terra")
    assert terra.where.bearing_deg == pytest.approx(102.6, abs=0.2)


def test_a_pixel_long_in_the_path_points_along_it(context: ReadingContext) -> None:
    """VIIRS trims its scan: then the longer side is the other one."""
    where = _observation(context, scan_km=0.4, track_km=0.6).where
    assert where.bearing_deg == pytest.approx(167.4, abs=0.2)
    assert where.sigma_major_m == pytest.approx(600 / math.sqrt(12))


def test_no_footprint_is_finer_than_the_pointing(context: ReadingContext) -> None:
    """A tiny pixel would promise a place that the satellite does not know."""
    where = _observation(context, scan_km=0.02, track_km=0.01).where
    assert where.sigma_major_m == where.sigma_minor_m == 75.0


@pytest.mark.parametrize(
    ("type_code", "words"),
    [
        (None, "thermal anomaly"),
        (1, "thermal anomaly, active volcano"),
        (2, "thermal anomaly, static land source"),
        (3, "thermal anomaly, offshore"),
    ],
)
def test_a_steelworks_is_told_from_a_fire(
    type_code: int | None, words: str, context: ReadingContext
) -> None:
    """A furnace that glows every night is heat, and says so in its word."""
    assert _observation(context, type_code=type_code).kind_word == words


@pytest.mark.parametrize(
    ("confidence", "grade"),
    [
        ("l", "A4"),
        ("n", "A3"),
        ("h", "A2"),
        ("0", "A4"),
        ("29", "A4"),
        ("30", "A3"),
        ("79", "A3"),
        ("80", "A2"),
        ("100", "A2"),
    ],
)
def test_confidence_moves_the_credibility(
    confidence: str, grade: str, context: ReadingContext
) -> None:
    """The instrument is as reliable as ever; the single pixel is not."""
    assert str(_observation(context, confidence=confidence).grade) == grade


def test_an_overpass_after_receipt_is_quarantined(context: ReadingContext) -> None:
    """Nobody received a picture that was not taken yet."""
    late = datetime(2031, 5, 6, 12, 1, tzinfo=UTC)
    (line,) = _read(context, acquired_at=late).quarantined
    assert "date in the future" in line.reason
    assert line.line == 2


def test_a_swapped_pixel_is_quarantined(context: ReadingContext) -> None:
    """Read as it stands, it would be a fire in another country."""
    land = Bounds(name="Land", south_deg=44, north_deg=53, west_deg=22, east_deg=41)
    swapped = replace(context, bounds=land)
    assert _read(swapped).observations
    (line,) = _read(swapped, lat_deg=30.0, lon_deg=48.0).quarantined
    assert "look swapped" in line.reason


def test_the_poles_have_a_path_too(context: ReadingContext) -> None:
    """North of the orbit's reach the path runs east; no division may fail there."""
    for lat_deg in (90.0, -90.0, 89.6):
        assert 0 <= _observation(context, lat_deg=lat_deg).where.bearing_deg < 180
