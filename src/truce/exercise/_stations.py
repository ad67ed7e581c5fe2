"""Listening stations: what they hear, where they put it, and when they are deaf."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind
from truce.exercise._front import EASTERN, WESTERN, behind, front_length_m
from truce.exercise._plane import Spot, bearing_deg, gap_m
from truce.exercise._sound import (
    SPEED_OF_SOUND_M_PER_S,
    hearing_probability,
    is_high_sound,
    level_db,
    loudness_db,
    noise_db,
)
from truce.exercise._towns import town_named
from truce.exercise._watchers import Line, seen, watched
from truce.exercise._weather import Weather, weather_at

_ROLE: Final = "station"
_STATIONS: Final = 24
# What a station says it listens to; it hears big things from farther away.
_RANGE_M: Final = 10_000.0
_EARSHOT_M: Final = 32_000.0
# An ordinary shell's burst, by which a station states how well it listens.
_ORDINARY_DB: Final = 105.0
SECTORS: Final = ("north", "centre", "south")
# The mission's offices far behind the line listen too.
INTERIOR: Final = "interior"
_INTERIOR_TOWNS: Final = (
    "Selmar",
    "Tolvik",
    "Ardwen",
    "Pellan",
    "Orvane",
    "Jorvath",
    "Vashtin",
    "Belmire",
    "Essarin",
    "Kestrin",
)

# The classifier's word for each kind, how often it says so, and what it says instead.
_WORDS: Final = {
    EventKind.OUTGOING: (("outgoing", 0.72), ("undetermined explosion", 0.23),
        ("impact", 0.05)),
    EventKind.IMPACT: (("impact", 0.70), ("undetermined explosion", 0.24),
        ("outgoing", 0.06)),
    EventKind.AIR_BURST: (("undetermined explosion", 0.8), ("impact", 0.2)),
    EventKind.SHOT: (("gunshot", 0.9), ("small-arms burst", 0.1)),
    EventKind.BURST: (("small-arms burst", 0.85), ("gunshot", 0.1),
        ("exchange of fire", 0.05)),
    EventKind.DRONE: (("uav", 1.0),),
    EventKind.THUNDER: (("lightning", 0.75), ("undetermined explosion", 0.22),
        ("outgoing", 0.03)),
    EventKind.QUARRY: (("undetermined explosion", 0.6), ("quarry blast", 0.25),
        ("impact", 0.15)),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A small array of microphones: its name, where, and its sector of the line."""

    name: str
    spot: Spot
    sector: str


@cache
def stations() -> tuple[Station, ...]:
    """The stations along the line from north to south, on alternate sides; then the
    offices'.
    """
    dice = Dice(0, "stations")
    made = []
    for index in range(_STATIONS):
        along_m = (index + 0.5) / _STATIONS * front_length_m()
        side = (WESTERN, EASTERN)[index % 2]
        made.append(
            Station(
                name=f"LS-{index + 1:02d}",
                spot=behind(along_m, side, dice.uniform(1_500, 4_500)),
                sector=SECTORS[index * len(SECTORS) // _STATIONS],
            )
        )
    for index, name in enumerate(_INTERIOR_TOWNS):
        away_m, bearing = dice.uniform(1_000, 4_000), dice.uniform(0, 360)
        made.append(
            Station(
                name=f"LO-{index + 1:02d}",
                spot=town_named(name).spot.away(away_m, bearing),
                sector=INTERIOR,
            )
        )
    return tuple(made)


def station_lines(
    seed: int, sector: str, start: datetime, hours: int, events: tuple[Event, ...]
) -> Iterator[Line]:
    """What a sector's stations log of some hours; `events` are those that ended in
    them.
    """
    for station in stations():
        if station.sector != sector or is_out(seed, station, start):
            continue
        shift = clock_error(seed, station, start)
        yield watched(
            station.name,
            _ROLE,
            station.spot,
            range_m=_RANGE_M,
            start=start + shift,
            end=start + timedelta(hours=hours) + shift,
            # The worst of its hours: a watch must not promise what it did not keep.
            probability=min(
                _listening(seed, start + timedelta(hours=hour)) for hour in range(hours)
            ),
        )
        for event in events:
            line = _heard(seed, station, event, shift)
            if line is not None:
                yield line


def is_out(seed: int, station: Station, moment: datetime) -> bool:
    """Whether a station is without power or under repair: one day in six, for some
    hours.
    """
    day = _clock.day_of(moment)
    dice = Dice(seed, "outage", station.name, day)
    if not dice.chance(0.16):
        return False
    begins = dice.uniform(0.0, 20.0)
    return begins <= _clock.hour_of(moment) < begins + dice.uniform(2.0, 9.0)


def clock_error(seed: int, station: Station, moment: datetime) -> timedelta:
    """How far a station's clock is off: nothing, but for one station on one day of
    three.
    """
    day = _clock.day_of(moment)
    dice = Dice(seed, "clock", day)
    chosen = dice.pick(stations())
    error_s = dice.uniform(-500.0, 500.0)
    begins = dice.uniform(0.0, 14.0)
    if station is not chosen or not dice.chance(0.33):
        return timedelta(0)
    if not begins <= _clock.hour_of(moment) < begins + 9.0:
        return timedelta(0)
    return timedelta(seconds=round(error_s))


@cache
def _listening(seed: int, hour_start: datetime) -> float:
    """How likely an ordinary shell within the stated range is heard in this hour's
    weather.
    """
    weather = weather_at(seed, hour_start)
    is_night = not _clock.is_daylight(hour_start)
    ear, noise = Spot(0.0, 0.0), noise_db(weather, is_night=is_night)
    rings = 6
    chances = [
        hearing_probability(
            level_db(
                _ORDINARY_DB,
                ear.away(_RANGE_M * math.sqrt((ring + 0.5) / rings), bearing),
                ear,
                weather,
                is_high=False,
                is_night=is_night,
            ),
            noise,
        )
        for ring in range(rings)
        for bearing in range(0, 360, 45)
    ]
    return sum(chances) / len(chances)


def _heard(seed: int, station: Station, event: Event, shift: timedelta) -> Line | None:
    source_db = loudness_db(event)
    range_m = gap_m(station.spot, event.spot)
    if source_db is None or range_m > _EARSHOT_M:
        return None
    dice = Dice(seed, "heard", station.name, event.key)
    weather = weather_at(seed, event.started_at)
    is_night = not _clock.is_daylight(event.started_at)
    level = level_db(
        source_db, event.spot, station.spot, weather,
        is_high=is_high_sound(event), is_night=is_night,
    )  # fmt: skip
    noise = noise_db(weather, is_night=is_night)
    chance = hearing_probability(level + dice.normal(2.0), noise)
    count = sum(1 for _ in range(event.rounds) if dice.chance(chance))
    if event.kind is EventKind.DRONE:
        count = 1 if dice.chance(chance) else 0
    if count == 0:
        return None
    return _located(dice, station, event, weather, count, level - noise, shift)


def _located(
    dice: Dice,
    station: Station,
    event: Event,
    weather: Weather,
    count: int,
    above_noise_db: float,
    shift: timedelta,
) -> Line:
    """Where a station puts what it heard: well in bearing, badly in range.

    It states the errors that its makers promise, which forget the wind: on windy days
    its ellipses are too small.
    """
    range_m = gap_m(station.spot, event.spot)
    bearing = bearing_deg(station.spot, event.spot)
    faint = 1.0 + max(0.0, 14.0 - above_noise_db) / 10.0
    # A long series is averaged, but the air bends all of it alike.
    averaging = 1.0 / math.sqrt(min(count, 4))
    across_deg = 1.3 * faint * averaging
    along_share = 0.10 * faint * averaging + 0.02
    windy = 1.0 + max(0.0, weather.wind_m_per_s - 5.0) / 8.0
    found_m = max(150.0, range_m * (1.0 + dice.normal(along_share * windy)))
    found_deg = bearing + dice.normal(across_deg * windy)
    late = range_m / SPEED_OF_SOUND_M_PER_S - found_m / SPEED_OF_SOUND_M_PER_S
    start = (
        event.started_at + shift + timedelta(seconds=round(late + dice.normal(0.4), 1))
    )
    return seen(
        station.name,
        _ROLE,
        f"{dice.whole(100_000, 999_999)}",
        station.spot.away(found_m, found_deg),
        start=start,
        end=start + timedelta(seconds=round(event.lasts_s)),
        kind=dice.weighted(_WORDS[event.kind]),
        sigma_along_m=max(120.0, along_share * found_m),
        sigma_across_m=max(60.0, math.radians(across_deg) * found_m),
        bearing_deg=found_deg,
        count=count,
    )


__all__ = [
    "INTERIOR",
    "SECTORS",
    "Station",
    "clock_error",
    "is_out",
    "station_lines",
    "stations",
]
