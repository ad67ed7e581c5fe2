"""Hot pixels of NASA FIRMS as observations of fire."""

import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from truce.formats.firms import Anomaly, decode
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval
from truce.observations.context import (
    ReadingContext,
    assess_position,
    assess_times,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.kinds import Kind
from truce.observations.model import Grade, Observation
from truce.places import Place, PlaceBasis, Position

FEED: Final = FeedName("firms")

# A thing somewhere in a pixel of width w, anywhere alike, has a standard deviation of
# w/sqrt(12).
_UNIFORM: Final = 1.0 / math.sqrt(12.0)
# No position is better than the instrument's own pointing, one sigma in metres. Source:
# Wolfe et al. 2002 (Remote Sensing of Environment 83): MODIS about 50 m at nadir; Wolfe
# et al. 2013 (JGR Atmospheres 118): VIIRS within 75 m. The larger serves both.
GEOLOCATION_SIGMA_M: Final = 75.0
# Both orbits are sun-synchronous: 98.2 degrees (Terra, Aqua), 98.7 (Suomi NPP,
# NOAA-20). Half a degree turns the pixel by less than one.
_INCLINATION_DEG: Final = 98.4
# Terra crosses the equator southward by day, all the others northward.
_SOUTHWARD_BY_DAY: Final = frozenset({"Terra", "T"})

# Source: MODIS active fire user's guide, `type` of the archive.
KIND_WORDS: Final = {
    None: "thermal anomaly",
    0: "thermal anomaly",
    1: "thermal anomaly, active volcano",
    2: "thermal anomaly, static land source",
    3: "thermal anomaly, offshore",
}
# How the instrument's confidence moves the credibility. Source: user's guide: MODIS low
# below 30, nominal below 80, high from 80.
MODIS_LOW_BELOW: Final = 30
MODIS_HIGH_FROM: Final = 80


def _observer(context: ReadingContext) -> Observe[Anomaly]:
    def observe(row: Decoded[Anomaly], row_id: ObservationId) -> Outcome:
        seen = row.value
        reasons = assess_position(seen.lat_deg, seen.lon_deg, context.bounds)
        reasons += assess_times(seen.acquired_at, seen.acquired_at, context)
        if reasons:
            return quarantined(row, reasons)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=_row_key(row.content),
            statement=context.statement,
            line=row.line,
            stated_by="NASA FIRMS",
            observer=f"{seen.satellite} {seen.instrument}",
            kind=Kind.FIRE,
            kind_word=KIND_WORDS[seen.type_code],
            where=_footprint(seen),
            when=_minute_from(seen.acquired_at),
            grade=_grade(seen.confidence),
            text=_text(seen),
        )

    return observe


def _row_key(content: tuple[str, ...]) -> str:
    """FIRMS numbers no rows: satellite, overpass and pixel name one."""
    lat, lon, day, hhmm, satellite = (content[at] for at in (0, 1, 5, 6, 7))
    return f"{satellite} {day} {hhmm.zfill(4)} {lat},{lon}"


@lru_cache(maxsize=4096)
def _minute_from(start: datetime) -> Interval:
    """The minute that the file gives; it drops the seconds."""
    return Interval(start=start, end=start + timedelta(minutes=1))


def _footprint(seen: Anomaly) -> Place:
    scan_m = max(GEOLOCATION_SIGMA_M, seen.scan_km * 1000.0 * _UNIFORM)
    track_m = max(GEOLOCATION_SIGMA_M, seen.track_km * 1000.0 * _UNIFORM)
    is_southward = seen.is_day == (seen.satellite in _SOUTHWARD_BY_DAY)
    along_deg = _track_bearing_deg(round(seen.lat_deg), is_southward)
    across_deg = (along_deg + 90.0) % 180.0
    return Place(
        centre=Position(lat_deg=seen.lat_deg, lon_deg=seen.lon_deg),
        sigma_major_m=max(scan_m, track_m),
        sigma_minor_m=min(scan_m, track_m),
        bearing_deg=across_deg if scan_m >= track_m else along_deg,
        basis=PlaceBasis.FOOTPRINT,
    )


@lru_cache(maxsize=1024)
def _track_bearing_deg(lat_deg: int, is_southward: bool) -> float:
    """The bearing of the satellite's path, in [0, 180).

    Source: spherical orbit geometry, sin(azimuth) = cos(inclination) / cos(latitude);
    the earth's turning adds less than 4 degrees and is left out.
    """
    ratio = math.cos(math.radians(_INCLINATION_DEG)) / math.cos(math.radians(lat_deg))
    azimuth_deg = math.degrees(math.asin(max(-1.0, min(1.0, ratio))))
    return (-azimuth_deg if is_southward else azimuth_deg) % 180.0


def _grade(confidence: str) -> Grade:
    if confidence in ("l", "n", "h"):
        return _GRADES[confidence]
    percent = int(confidence)
    if percent < MODIS_LOW_BELOW:
        return _GRADES["l"]
    return _GRADES["h" if percent >= MODIS_HIGH_FROM else "n"]


def _text(seen: Anomaly) -> str:
    light = "day" if seen.is_day else "night"
    return f"FRP {seen.frp_mw:g} MW, brightness {seen.brightness_k:g} K, {light}"


_RELIABILITY: Final = default_grade(FEED).reliability
# 1 means confirmed by others, which one instrument never is.
_GRADES: Final = {
    "l": Grade(reliability=_RELIABILITY, credibility=4),
    "n": default_grade(FEED),
    "h": Grade(reliability=_RELIABILITY, credibility=2),
}

READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "GEOLOCATION_SIGMA_M", "KIND_WORDS", "READER"]
