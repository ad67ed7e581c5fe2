"""Patrols: by day, along the roads near the line, stopping to look and to listen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind
from truce.exercise._front import EASTERN, WESTERN, holder_at, nearest_front
from truce.exercise._plane import Spot, bearing_deg, gap_m
from truce.exercise._sound import (
    hearing_probability,
    is_high_sound,
    level_db,
    loudness_db,
    noise_db,
)
from truce.exercise._towns import Town, towns
from truce.exercise._watchers import Line, seen, watched
from truce.exercise._weather import weather_at

BASES_PER_SIDE: Final = 3
_STOPS: Final = 4
_LEAVES_H: Final = 7.4
_STOP_H: Final = 1.4
_DRIVE_H: Final = 0.6
_RANGE_M: Final = 4_000.0
_FRONT_M: Final = 15_000.0
# Two people in a village street hear less than a microphone on a hill.
_STREET_DB: Final = 3.0
_DENIED_SHARE: Final = 0.07
_WORDS: Final = {
    EventKind.OUTGOING: "undetermined explosion",
    EventKind.IMPACT: "undetermined explosion",
    EventKind.AIR_BURST: "undetermined explosion",
    EventKind.SHOT: "gunshot",
    EventKind.BURST: "small-arms burst",
    EventKind.DRONE: "uav",
    EventKind.THUNDER: "lightning",
    EventKind.QUARRY: "undetermined explosion",
}
_DIRECTIONS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a patrol: whose, where, from when to when; `is_denied` if it was
    turned back.
    """

    patrol: str
    number: int
    town: Town
    spot: Spot
    starts_at: datetime
    ends_at: datetime
    is_denied: bool


@cache
def patrol_towns(side: str) -> tuple[tuple[Town, ...], ...]:
    """The towns near the line that a side's patrol bases look after, from north to
    south.
    """
    near = [
        (nearest_front(town.spot), town)
        for town in towns()
        if holder_at(town.spot) == side
    ]
    along = sorted((m, town.name, town) for (m, away), town in near if away < _FRONT_M)
    size = math.ceil(len(along) / BASES_PER_SIDE)
    return tuple(
        tuple(town for _, _, town in along[start : start + size])
        for start in range(0, len(along), size)
    )


@cache
def bases() -> tuple[tuple[str, tuple[Town, ...]], ...]:
    """Each patrol's name and its towns."""
    return tuple(
        (f"P-{index + 1}", patch)
        for index, patch in enumerate((*patrol_towns(WESTERN), *patrol_towns(EASTERN)))
    )


def denied_day(seed: int) -> int:
    """The day on which one patrol is kept out for hours, while guns are brought up
    behind.
    """
    return Dice(seed, "denied-access").whole(2, 6)


@cache
def stops(seed: int, day: int) -> tuple[Stop, ...]:
    """Every patrol's stops of a day, in order of time for each."""
    made = []
    for index, (patrol, patch) in enumerate(bases()):
        dice = Dice(seed, "patrol", patrol, day)
        hour = _LEAVES_H + dice.uniform(-0.4, 0.4)
        denied_at = dice.whole(0, _STOPS - 1) if dice.chance(_DENIED_SHARE) else None
        if day == denied_day(seed) and index == seed % len(bases()):
            denied_at = 1
        for number, town in enumerate((dice.shuffled(patch) * _STOPS)[:_STOPS]):
            made.append(
                Stop(
                    patrol=patrol,
                    number=number,
                    town=town,
                    spot=town.spot.away(dice.uniform(200, 2_500), dice.uniform(0, 360)),
                    starts_at=_clock.at(day, hour),
                    ends_at=_clock.at(day, hour + _STOP_H),
                    is_denied=denied_at is not None and number >= denied_at,
                )
            )
            hour += _STOP_H + _DRIVE_H
    return tuple(made)


def stop_lines(
    seed: int, stop: Stop, events: tuple[Event, ...], past: tuple[Event, ...]
) -> Iterator[Line]:
    """What a patrol logs of one stop: `events` of today, and traces of `past` ones near
    by.
    """
    if stop.is_denied:
        yield _denied(seed, stop)
        return
    yield watched(
        stop.patrol,
        "patrol",
        stop.spot,
        range_m=_RANGE_M,
        start=stop.starts_at,
        end=stop.ends_at,
        probability=0.6 - 0.02 * weather_at(seed, stop.starts_at).wind_m_per_s,
    )
    for event in events:
        if stop.starts_at <= event.started_at < stop.ends_at:
            line = _heard(seed, stop, event)
            if line is not None:
                yield line
    for event in past:
        line = _trace(seed, stop, event)
        if line is not None:
            yield line


def _denied(seed: int, stop: Stop) -> Line:
    """A checkpoint that would not let the patrol through: what it could not watch is
    the news.
    """
    dice = Dice(seed, "denied", stop.patrol, stop.starts_at.isoformat())
    return seen(
        stop.patrol,
        "patrol",
        f"{dice.whole(1_000, 9_999)}",
        stop.town.spot.away(1_800.0, dice.uniform(0, 360)),
        start=stop.starts_at,
        end=stop.ends_at,
        kind="troops",
        sigma_along_m=30.0,
        sigma_across_m=30.0,
        bearing_deg=0.0,
        text=f"Denied access at a checkpoint on the road to {stop.town.name}",
    )


def _heard(seed: int, stop: Stop, event: Event) -> Line | None:
    source_db = loudness_db(event)
    range_m = gap_m(stop.spot, event.spot)
    if source_db is None or event.kind not in _WORDS or range_m > 15_000.0:
        return None
    dice = Dice(seed, "patrol-heard", stop.patrol, event.key)
    weather = weather_at(seed, event.started_at)
    level = level_db(
        source_db, event.spot, stop.spot, weather,
        is_high=is_high_sound(event), is_night=False,
    )  # fmt: skip
    noise = noise_db(weather, is_night=False) + _STREET_DB
    chance = hearing_probability(level, noise)
    count = sum(1 for _ in range(event.rounds) if dice.chance(chance))
    if count == 0:
        return None
    # People judge direction to a quarter of a right angle, and distance by a half.
    found_m = max(150.0, range_m * math.exp(dice.normal(0.3)))
    found_deg = bearing_deg(stop.spot, event.spot) + dice.normal(11.0)
    low_km, high_km = round(found_m * 0.7 / 1_000.0), math.ceil(found_m * 1.4 / 1_000.0)
    side = _DIRECTIONS[round(found_deg / 45.0) % 8]
    start = event.started_at.replace(second=0, microsecond=0)
    what = _WORDS[event.kind] + ("s" if count > 1 else "")
    return seen(
        stop.patrol,
        "patrol",
        f"{dice.whole(1_000, 9_999)}",
        stop.spot.away(found_m, found_deg),
        start=start,
        # Watches are read to the minute.
        end=start + timedelta(minutes=1 + round(event.lasts_s / 60.0)),
        kind=_WORDS[event.kind],
        sigma_along_m=0.32 * found_m,
        sigma_across_m=math.radians(12.0) * found_m,
        bearing_deg=found_deg,
        count=count,
        text=f"Heard {count} {what} {low_km}-{high_km} km {side} of {stop.town.name}",
    )


def _trace(seed: int, stop: Stop, event: Event) -> Line | None:
    """A fresh crater that the patrol is shown: well placed, and dated by hearsay."""
    age = stop.starts_at - event.ended_at
    if (
        event.kind is not EventKind.IMPACT
        or not timedelta(minutes=30) < age < timedelta(hours=40)
        or gap_m(stop.town.spot, event.spot) > stop.town.radius_m + 2_000.0
    ):
        return None
    dice = Dice(seed, "crater", stop.patrol, stop.number, event.key)
    if not dice.chance(0.45):
        return None
    inspected_at = stop.starts_at + timedelta(minutes=dice.whole(10, 60))
    told = event.started_at.replace(minute=0, second=0, microsecond=0)
    hurt = f"; residents speak of {event.injured} injured" if event.injured else ""
    return seen(
        stop.patrol,
        "patrol",
        f"{dice.whole(1_000, 9_999)}",
        event.spot.away(abs(dice.normal(25.0)), dice.uniform(0, 360)),
        start=told - timedelta(hours=dice.whole(1, 4)),
        end=inspected_at,
        kind="crater",
        sigma_along_m=30.0,
        sigma_across_m=30.0,
        bearing_deg=0.0,
        count=min(event.rounds, dice.whole(1, 8)),
        text=f"Fresh craters at {stop.town.name}, assessed as of {event.weapon}{hurt}",
    )


__all__ = ["BASES_PER_SIDE", "Stop", "bases", "denied_day", "stop_lines", "stops"]
