"""NASA FIRMS active fire files (MODIS and VIIRS), CSV.

Source: NASA LANCE FIRMS, "MODIS/VIIRS active fire attributes",
https://firms.modaps.eosdis.nasa.gov; MODIS Collection 6 Active Fire Product User's
Guide, revision C (Giglio et al. 2020), section 8.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault
from truce.formats.tables import Columns, decode_table, encode_table

# `type` is given in the science-quality archive only. The VIIRS files of FIRMS name
# their two channels I4 and I5; some publishers rename them as in the MODIS files.
COLUMNS: Final = Columns(
    required=(
        "latitude",
        "longitude",
        "brightness",
        "scan",
        "track",
        "acq_date",
        "acq_time",
        "satellite",
        "instrument",
        "confidence",
        "version",
        "bright_t31",
        "frp",
        "daynight",
    ),
    optional=("type",),
    aliases=MappingProxyType({"bright_ti4": "brightness", "bright_ti5": "bright_t31"}),
    may_span_lines=False,
)
# Source: user's guide, table of attributes: VIIRS low, nominal, high.
CONFIDENCE_WORDS: Final = frozenset({"l", "n", "h"})
TYPE_MAX: Final = 3
# "906" is 09:06: some exports lose the leading zero.
_TIME: Final = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """One hot pixel of one overpass.

    Position is the pixel's centre in degrees; `scan_km` and `track_km` are the pixel's
    width across and along the satellite's path; brightness temperatures in kelvin
    (channel 21/22 or I4, and 31 or I5); `frp_mw` the fire radiative power in megawatts.
    `confidence` is 0-100 (MODIS) or l, n, h (VIIRS). `type_code`: 0 vegetation fire, 1
    active volcano, 2 other static land source, 3 offshore; None where the file does not
    say.
    """

    lat_deg: float
    lon_deg: float
    brightness_k: float
    scan_km: float
    track_km: float
    acquired_at: datetime
    satellite: str
    instrument: str
    confidence: str
    version: str
    background_k: float
    frp_mw: float
    is_day: bool
    type_code: int | None = None


def decode(raw: bytes) -> Iterator[Decoded[Anomaly] | Fault]:
    """Every row of a FIRMS CSV file, plain or gzip.

    Raises:
        InvalidDelivery: it is no such file.
    """
    return decode_table(raw, COLUMNS, _read_row)


def encode(anomalies: Iterable[Anomaly]) -> bytes:
    """A FIRMS file in the archive's layout, with `type` empty where not known."""
    return encode_table(COLUMNS.names, map(_texts, anomalies))


def _read_row(fields: Fields, texts: tuple[str, ...]) -> Anomaly:
    (lat, lon, brightness, scan, track, day, hhmm, satellite) = texts[:8]
    (instrument, confidence, version, background, frp, daynight, type_code) = texts[8:]
    return Anomaly(
        lat_deg=fields.number("latitude", lat, low=-90.0, high=90.0),
        lon_deg=fields.number("longitude", lon, low=-180.0, high=180.0),
        brightness_k=fields.number("brightness", brightness, low=0.0),
        # Wider than any pixel (4.8 km at the edge of a MODIS swath).
        scan_km=fields.number("scan", scan, low=0.01, high=20.0),
        track_km=fields.number("track", track, low=0.01, high=20.0),
        acquired_at=_acquired_at(fields, day, hhmm),
        satellite=fields.filled("satellite", satellite),
        instrument=fields.filled("instrument", instrument),
        confidence=_confidence(fields, confidence),
        version=version,
        background_k=fields.number("bright_t31", background, low=0.0),
        # Tiny negative values occur where the background is as warm as the pixel.
        frp_mw=fields.number("frp", frp),
        is_day=fields.word("daynight", daynight, ("D", "N")) == "D",
        type_code=(
            fields.whole("type", type_code, low=0, high=TYPE_MAX) if type_code else None
        ),
    )


def _acquired_at(fields: Fields, day: str, hhmm: str) -> datetime:
    date = fields.day("acq_date", day)
    midnight = datetime(date.year, date.month, date.day, tzinfo=UTC)
    hours, minutes = divmod(int(hhmm), 100) if _TIME.fullmatch(hhmm) else (99, 99)
    if hours > 23 or minutes > 59:
        fields.fault("acq_time", hhmm, "a time as HHMM, 0000 to 2359")
        return midnight
    return midnight + timedelta(hours=hours, minutes=minutes)


def _confidence(fields: Fields, text: str) -> str:
    if text not in CONFIDENCE_WORDS and not (
        text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100
    ):
        fields.fault("confidence", text, "0 to 100, or one of l, n, h")
    return text


def _texts(anomaly: Anomaly) -> tuple[str, ...]:
    return (
        repr(anomaly.lat_deg),
        repr(anomaly.lon_deg),
        repr(anomaly.brightness_k),
        repr(anomaly.scan_km),
        repr(anomaly.track_km),
        anomaly.acquired_at.strftime("%Y-%m-%d"),
        anomaly.acquired_at.strftime("%H%M"),
        anomaly.satellite,
        anomaly.instrument,
        anomaly.confidence,
        anomaly.version,
        repr(anomaly.background_k),
        repr(anomaly.frp_mw),
        "D" if anomaly.is_day else "N",
        "" if anomaly.type_code is None else str(anomaly.type_code),
    )


__all__ = ["COLUMNS", "CONFIDENCE_WORDS", "TYPE_MAX", "Anomaly", "decode", "encode"]
