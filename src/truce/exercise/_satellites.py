"""What satellites see of heat: a few fires, hardly ever a strike."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._plane import from_km, position_from_spot
from truce.exercise._weather import weather_at
from truce.formats.firms import Anomaly

# Satellite, instrument, local solar hour of its passes. Source: the satellites' nominal
# equator crossings (Terra 10:30 and 22:30, Aqua and Suomi NPP 13:30 and 01:30), as
# flown for most of their lives; the exercise pretends that they still fly.
_PASSES: Final = (
    ("Terra", "MODIS", 10.5),
    ("Terra", "MODIS", 22.5),
    ("Aqua", "MODIS", 1.5),
    ("Aqua", "MODIS", 13.5),
    ("N", "VIIRS", 1.4),
    ("N", "VIIRS", 13.4),
)
# The radiant power that is noticed every other time, in MW; a quarter of it hardly
# ever.
_NOTICED_MW: Final = {"MODIS": 22.0, "VIIRS": 7.0}
_PIXEL_KM: Final = {"MODIS": 1.0, "VIIRS": 0.39}
# Hot roofs, sun on water: false alarms of one pass, on average.
_FALSE_PER_PASS: Final = 0.25
LATENCY_H: Final = (1.5, 3.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One overpass: which satellite, when, and how far off to the side it flew (0 to
    1).
    """

    satellite: str
    instrument: str
    at: datetime
    aside: float


@cache
def passes(seed: int, day: int) -> tuple[Pass, ...]:
    """The overpasses of a day."""
    made = []
    for index, (satellite, instrument, hour) in enumerate(_PASSES):
        dice = Dice(seed, "pass", day, index)
        moment = _clock.at(day, hour + dice.uniform(-0.7, 0.7))
        made.append(
            Pass(
                satellite=satellite,
                instrument=instrument,
                # The file gives the minute of the swath, not the second of the pixel.
                at=moment.replace(second=0),
                aside=dice.uniform(),
            )
        )
    return tuple(made)


def anomalies(
    seed: int, overpass: Pass, burning: tuple[Event, ...]
) -> Iterator[Anomaly]:
    """The hot pixels of one overpass: fires that are seen, and false alarms."""
    cloud = weather_at(seed, overpass.at).cloud
    name = f"{overpass.satellite}{overpass.at.isoformat()}"
    for event in burning:
        if event.kind is not EventKind.FIRE:
            continue
        dice = Dice(seed, "hot-pixel", name, event.key)
        age_s = (overpass.at - event.started_at).total_seconds()
        if not 0.0 <= age_s < event.lasts_s or dice.chance(cloud):
            continue
        # A fire grows and dies down.
        heat_mw = event.heat_mw * (0.3 + math.sin(math.pi * age_s / event.lasts_s))
        power = heat_mw * dice.lognormal(1.0, 0.3)
        wide = 1.0 + overpass.aside
        noticed_mw = _NOTICED_MW[overpass.instrument] * wide
        if dice.chance(1.0 / (1.0 + (noticed_mw / power) ** 2)):
            is_static = event.story is Story.INDUSTRY
            yield _pixel(dice, overpass, event, power, type_code=2 if is_static else 0)
    dice = Dice(seed, "false-pixel", name)
    for _ in range(dice.poisson(_FALSE_PER_PASS * (1.0 - cloud))):
        yield _pixel(dice, overpass, None, dice.uniform(3.0, 9.0), type_code=0)


def _pixel(
    dice: Dice, overpass: Pass, event: Event | None, power_mw: float, *, type_code: int
) -> Anomaly:
    pixel_km = _PIXEL_KM[overpass.instrument]
    scan_km = pixel_km * (1.0 + 2.2 * overpass.aside**2)
    track_km = pixel_km * (1.0 + 0.6 * overpass.aside)
    if event is None:
        spot = from_km(dice.uniform(-180, 180), dice.uniform(-80, 85))
    else:
        spot = event.spot.away(dice.uniform(-0.5, 0.5) * scan_km * 1_000.0, 98.0)
        spot = spot.away(dice.uniform(-0.5, 0.5) * track_km * 1_000.0, 8.0)
    where = position_from_spot(spot)
    is_day = _clock.is_daylight(overpass.at)
    return Anomaly(
        lat_deg=where.lat_deg,
        lon_deg=where.lon_deg,
        brightness_k=round(302.0 + 9.0 * math.sqrt(power_mw) + dice.normal(2.0), 2),
        scan_km=round(scan_km, 2),
        track_km=round(track_km, 2),
        acquired_at=overpass.at,
        satellite=overpass.satellite,
        instrument=overpass.instrument,
        confidence=_confidence(dice, overpass.instrument, power_mw),
        version="6.1NRT" if overpass.instrument == "MODIS" else "2.0NRT",
        background_k=round((297.0 if is_day else 285.0) + dice.normal(2.0), 2),
        frp_mw=round(power_mw, 2),
        is_day=is_day,
        type_code=type_code,
    )


def _confidence(dice: Dice, instrument: str, power_mw: float) -> str:
    percent = max(
        0.0, min(100.0, 28.0 + 16.0 * math.log(1.0 + power_mw) + dice.normal(9))
    )
    if instrument == "MODIS":
        return str(round(percent))
    return "l" if percent < 45.0 else "h" if percent > 92.0 else "n"


def received_at(seed: int, overpass: Pass) -> datetime:
    """When the file of an overpass reaches the mission."""
    dice = Dice(seed, "downlink", overpass.satellite, overpass.at.isoformat())
    return overpass.at + timedelta(seconds=round(dice.uniform(*LATENCY_H) * 3_600.0))


__all__ = ["Pass", "anomalies", "passes", "received_at"]
