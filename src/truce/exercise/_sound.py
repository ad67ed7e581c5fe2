"""How far a bang carries: the exercise's own acoustics.

It is deliberately not the model by which the picture is made: an exercise whose sensors
err just as the fusion expects would only show that the fusion agrees with itself.
"""

import math
from typing import Final

from truce.exercise._events import Event, EventKind
from truce.exercise._plane import Spot, bearing_deg, gap_m
from truce.exercise._weather import Weather

# Peak level in dB (re 20 uPa) at 1 km over open ground, and what the air takes away per
# km. Orders of magnitude after US Army TM 5-803-2 (gun and shell noise); small calibres
# are high sounds, which the air swallows sooner.
_FIRING_DB: Final = {
    "82 mm mortar": 93.0,
    "120 mm mortar": 99.0,
    "122 mm howitzer": 108.0,
    "152 mm howitzer": 112.0,
}
_BURSTING_DB: Final = {
    "82 mm mortar": 97.0,
    "120 mm mortar": 103.0,
    "122 mm howitzer": 105.0,
    "152 mm howitzer": 108.0,
    "drone-dropped grenade": 88.0,
    "one-way drone": 114.0,
    "cruise missile": 121.0,
}
_OTHER_DB: Final = {
    EventKind.SHOT: 76.0,
    EventKind.BURST: 79.0,
    EventKind.AIR_BURST: 107.0,
    EventKind.DRONE: 74.0,
    EventKind.THUNDER: 116.0,
    EventKind.QUARRY: 106.0,
}
_GRENADE_LAUNCHER_DB: Final = 86.0
_LOSS_DB_PER_KM: Final = 2.4
_LOSS_HIGH_DB_PER_KM: Final = 5.5
_HIGH_SOUNDS: Final = frozenset({EventKind.SHOT, EventKind.BURST, EventKind.DRONE})
# Downwind sound bends back to the ground, upwind it is lifted off: some dB per m/s,
# beyond the first kilometres, and never more than the shadow of a hill.
_WIND_DB: Final = 1.1
_WIND_DB_MAX: Final = 9.0
# By night the air near the ground is cold and holds the sound.
_NIGHT_GAIN_DB: Final = 3.0
SPEED_OF_SOUND_M_PER_S: Final = 340.0


def loudness_db(event: Event) -> float | None:
    """The event's peak level at one kilometre; None for what makes no sound."""
    if event.kind is EventKind.OUTGOING:
        return _FIRING_DB[event.weapon]
    if event.kind is EventKind.IMPACT:
        return _BURSTING_DB[event.weapon]
    if event.weapon == "grenade launcher":
        return _GRENADE_LAUNCHER_DB
    return _OTHER_DB.get(event.kind)


def level_db(
    source_db: float,
    source: Spot,
    ear: Spot,
    weather: Weather,
    *,
    is_high: bool,
    is_night: bool,
) -> float:
    """The peak level at an ear, in dB."""
    range_km = max(0.1, gap_m(source, ear) / 1_000.0)
    loss = _LOSS_HIGH_DB_PER_KM if is_high else _LOSS_DB_PER_KM
    spread = 20.0 * math.log10(range_km) + loss * (range_km - 1.0)
    along = math.cos(
        math.radians(bearing_deg(source, ear) - weather.wind_from_deg - 180.0)
    )
    reach = min(1.0, range_km / 4.0)
    carried = _WIND_DB * weather.wind_m_per_s * along * reach
    bent = max(-_WIND_DB_MAX, min(_WIND_DB_MAX / 2.0, carried))
    return source_db - spread + bent + (_NIGHT_GAIN_DB * reach if is_night else 0.0)


def noise_db(weather: Weather, *, is_night: bool) -> float:
    """What a bang must rise above: wind in the trees and, by day, people at work."""
    return (45.0 if is_night else 52.0) + 1.5 * weather.wind_m_per_s


def hearing_probability(level: float, noise: float) -> float:
    """How likely one bang of this level is noticed above this noise."""
    return 1.0 / (1.0 + math.exp(-(level - noise - 7.0) / 2.5))


def is_high_sound(event: Event) -> bool:
    """Whether the event's sound is of the kind that does not carry."""
    return event.kind in _HIGH_SOUNDS


__all__ = [
    "SPEED_OF_SOUND_M_PER_S",
    "hearing_probability",
    "is_high_sound",
    "level_db",
    "loudness_db",
    "noise_db",
]
