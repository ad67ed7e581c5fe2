"""Wind, fog, cloud and thunderstorms over the invented land, hour by hour."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._plane import Spot, from_km

# A west-wind latitude: 6 m/s on average, changing over some ten hours.
_WIND_MEAN_M_PER_S: Final = 6.0
_WIND_MEMORY: Final = 0.9
_STORMS: Final = ((1, 5), (5, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """One hour's weather: wind in m/s and whence in degrees, fog and cloud as shares in
    [0, 1].
    """

    wind_m_per_s: float
    wind_from_deg: float
    fog: float
    cloud: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """A thunderstorm that drifts eastward: where it begins, when, how long, how many
    strokes.
    """

    key: str
    starts_at: datetime
    lasts_h: float
    start: Spot
    drift_m_per_s: float
    strokes: int

    def centre_at(self, moment: datetime) -> Spot:
        """Where its middle is at a moment."""
        gone_m = (moment - self.starts_at).total_seconds() * self.drift_m_per_s
        return self.start.away(gone_m, 80.0)


def weather_at(seed: int, moment: datetime) -> Weather:
    """The weather of the hour in which the moment lies, the same over all the land."""
    day, hour = _clock.day_of(moment), int(_clock.hour_of(moment))
    return _weather_of_day(seed, max(0, day))[hour]


@cache
def storms(seed: int) -> tuple[Storm, ...]:
    """The thunderstorms of ten days: two, in the afternoon or evening."""
    made = []
    for index, (first, last) in enumerate(_STORMS):
        dice = Dice(seed, "storm", index)
        made.append(
            Storm(
                key=f"storm/{index}",
                starts_at=_clock.at(
                    dice.whole(first, last - 1), dice.uniform(13.0, 19.0)
                ),
                lasts_h=dice.uniform(1.5, 3.5),
                start=from_km(dice.uniform(-70, -30), dice.uniform(-60, 70)),
                drift_m_per_s=dice.uniform(7.0, 12.0),
                strokes=dice.whole(25, 55),
            )
        )
    return tuple(made)


@cache
def _weather_of_day(seed: int, day: int) -> tuple[Weather, ...]:
    dice = Dice(seed, "weather", day)
    u, v = _wind_before(seed, day)
    foggy = dice.chance(0.35)
    cloud = dice.uniform(0.05, 0.95)
    made = []
    for hour in range(24):
        u = (
            _WIND_MEMORY * u
            + (1 - _WIND_MEMORY) * _WIND_MEAN_M_PER_S
            + dice.normal(1.1)
        )
        v = _WIND_MEMORY * v + dice.normal(1.1)
        cloud = max(0.0, min(1.0, cloud + dice.normal(0.12)))
        # Fog lies from two hours before sunrise until the sun has burnt it off.
        depth = 1.0 - abs(hour + 0.5 - 6.0) / 4.0
        made.append(
            Weather(
                wind_m_per_s=round(math.hypot(u, v), 1),
                wind_from_deg=round(math.degrees(math.atan2(-u, -v)) % 360.0, 0),
                fog=round(max(0.0, depth), 2) if foggy else 0.0,
                cloud=round(cloud, 2),
            )
        )
    return tuple(made)


def _wind_before(seed: int, day: int) -> tuple[float, float]:
    """The wind at midnight, eastward and northward, from the evening before."""
    if day == 0:
        return _WIND_MEAN_M_PER_S, 0.0
    evening = _weather_of_day(seed, day - 1)[-1]
    towards = math.radians(evening.wind_from_deg + 180.0)
    return (
        evening.wind_m_per_s * math.sin(towards),
        evening.wind_m_per_s * math.cos(towards),
    )


def strokes_of(seed: int, storm: Storm) -> list[tuple[datetime, Spot]]:
    """When and where each stroke of a storm falls, in order of time."""
    dice = Dice(seed, storm.key, "strokes")
    made = []
    for _ in range(storm.strokes):
        moment = storm.starts_at + timedelta(
            seconds=round(dice.uniform() * storm.lasts_h * 3600.0)
        )
        centre = storm.centre_at(moment)
        made.append(
            (moment, centre.away(abs(dice.normal(6_000.0)), dice.uniform(0, 360)))
        )
    return sorted(made)


__all__ = ["Storm", "Weather", "storms", "strokes_of", "weather_at"]
