"""Cameras that watch the line, and drones that fly along it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind
from truce.exercise._front import EASTERN, WESTERN, behind, front_at, front_length_m
from truce.exercise._plane import Spot, bearing_deg, gap_m
from truce.exercise._tactics import anger_at
from truce.exercise._watchers import Line, seen, watched
from truce.exercise._weather import weather_at

_CAMERAS: Final = 20
_VIEW_DEG: Final = 80.0
_VIEW_M: Final = 7_000.0
_FOG_VIEW_M: Final = 900.0
DRONE_TEAMS: Final = 4
_SORTIES: Final = (6.5, 12.0, 17.0)
_SORTIE_H: Final = 2.5
_SORTIE_VIEW_M: Final = 8_000.0
_WIND_LIMIT_M_PER_S: Final = 11.0
_FOG_LIMIT: Final = 0.4

# What a camera or a drone calls each kind that it can see by day, and how well it sees
# it.
_BY_DAY: Final = {
    EventKind.IMPACT: ("impact", 0.75),
    EventKind.OUTGOING: ("muzzle flash", 0.35),
    EventKind.AIR_BURST: ("undetermined explosion", 0.6),
    EventKind.BURST: ("small-arms burst", 0.06),
    EventKind.DRONE: ("uav", 0.3),
    EventKind.FIRE: ("smoke", 0.8),
}
# By night a flash is seen, and smoke is not.
_BY_NIGHT: Final = {
    EventKind.IMPACT: ("undetermined explosion", 0.6),
    EventKind.OUTGOING: ("muzzle flash", 0.6),
    EventKind.AIR_BURST: ("undetermined explosion", 0.8),
    EventKind.BURST: ("tracer", 0.3),
    EventKind.FIRE: ("fire", 0.8),
    EventKind.THUNDER: ("lightning", 0.5),
}
# What an analyst writes for a weapon that stands in the open.
_WEAPON_WORDS: Final = {
    "122 mm howitzer": "howitzer",
    "152 mm howitzer": "howitzer",
    "multiple rocket launcher": "mlrs",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera on a mast: where it stands, which way it looks, and what hills leave it
    to see.
    """

    name: str
    spot: Spot
    looks_deg: float
    open_share: float
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sortie:
    """One flight of a drone: it circles a point for some hours. `is_jammed` ends it
    early.
    """

    key: str
    team: int
    spot: Spot
    starts_at: datetime
    ends_at: datetime
    is_jammed: bool


@cache
def cameras() -> tuple[Camera, ...]:
    """The cameras, on both sides, each looking across the line."""
    dice = Dice(0, "cameras")
    made = []
    for index in range(_CAMERAS):
        along_m = (index + 0.5) / _CAMERAS * front_length_m() + dice.normal(2_000.0)
        side = (EASTERN, WESTERN)[index % 2]
        east_deg = front_at(along_m).east_bearing_deg
        made.append(
            Camera(
                name=f"CAM-{index + 1:02d}",
                spot=behind(along_m, side, dice.uniform(600, 2_200)),
                looks_deg=(east_deg if side == WESTERN else east_deg + 180.0) % 360.0,
                open_share=dice.uniform(0.5, 0.9),
                side=side,
            )
        )
    return tuple(made)


def camera_lines(
    seed: int, side: str, start: datetime, hours: int, events: tuple[Event, ...]
) -> Iterator[Line]:
    """What a side's cameras log of some hours; `events` are those due in them."""
    for camera in cameras():
        if camera.side != side:
            continue
        yield _camera_watch(seed, camera, start, hours)
        for event in events:
            line = _on_camera(seed, camera, event)
            if line is not None:
                yield line


@cache
def sorties(seed: int, day: int) -> tuple[Sortie, ...]:
    """The flights of a day: what wind and fog allow, where it was restless the day
    before.
    """
    made = []
    for team in range(DRONE_TEAMS):
        for index, hour in enumerate(_SORTIES):
            dice = Dice(seed, "sortie", day, team, index)
            starts_at = _clock.at(day, hour + dice.uniform(-0.5, 0.5))
            weather = weather_at(seed, starts_at)
            if weather.wind_m_per_s > _WIND_LIMIT_M_PER_S or weather.fog > _FOG_LIMIT:
                continue
            third = front_length_m() / DRONE_TEAMS
            along_m = (team + dice.uniform(0.1, 0.9)) * third
            is_jammed = dice.chance(0.04 + 0.05 * anger_at(seed, starts_at))
            flown_h = dice.uniform(0.4, 1.0) if is_jammed else _SORTIE_H
            made.append(
                Sortie(
                    key=f"D{day + 1}{'ABC'[index]}",
                    team=team,
                    spot=behind(
                        along_m, dice.pick((WESTERN, EASTERN)), dice.uniform(0, 8_000)
                    ),
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(hours=round(flown_h, 2)),
                    is_jammed=is_jammed,
                )
            )
    return tuple(made)


def sortie_lines(
    seed: int, sortie: Sortie, events: tuple[Event, ...]
) -> Iterator[Line]:
    """What a drone logs of one flight; `events` may be any."""
    name = f"UAV-{sortie.team + 1}"
    yield watched(
        name,
        "drone",
        sortie.spot,
        range_m=_SORTIE_VIEW_M,
        start=sortie.starts_at,
        end=sortie.ends_at,
        # It looks at one part of its circle at a time.
        probability=0.45,
    )
    for event in events:
        line = _from_above(seed, name, sortie, event)
        if line is not None:
            yield line


def _camera_watch(seed: int, camera: Camera, start: datetime, hours: int) -> Line:
    """A camera's honest claim: the disc about the middle of its view, as far as fog
    allows.

    Of several hours the worst counts.
    """
    moments = [start + timedelta(hours=hour) for hour in range(hours)]
    view_m = min(_view_m(seed, moment) for moment in moments)
    is_day = all(_clock.is_daylight(moment) for moment in moments)
    return watched(
        camera.name,
        "camera",
        camera.spot.away(view_m / 2.0, camera.looks_deg),
        range_m=view_m / 2.0,
        start=start,
        end=start + timedelta(hours=hours),
        probability=camera.open_share * (0.75 if is_day else 0.6),
    )


def _view_m(seed: int, moment: datetime) -> float:
    fog = weather_at(seed, moment).fog
    return max(_FOG_VIEW_M, _VIEW_M * (1.0 - fog))


def _on_camera(seed: int, camera: Camera, event: Event) -> Line | None:
    words = _BY_DAY if _clock.is_daylight(event.started_at) else _BY_NIGHT
    if event.kind not in words:
        return None
    range_m = gap_m(camera.spot, event.spot)
    bearing = bearing_deg(camera.spot, event.spot)
    off_deg = abs((bearing - camera.looks_deg + 180.0) % 360.0 - 180.0)
    if range_m > _view_m(seed, event.started_at) or off_deg > _VIEW_DEG / 2.0:
        return None
    word, chance = words[event.kind]
    dice = Dice(seed, "on-camera", camera.name, event.key)
    if not dice.chance(camera.open_share):
        return None
    count = sum(1 for _ in range(event.rounds) if dice.chance(chance))
    if count == 0:
        return None
    found_m = max(100.0, range_m * (1.0 + dice.normal(0.2)))
    found_deg = bearing + dice.normal(0.8)
    start = event.started_at + timedelta(seconds=round(dice.uniform(0.0, 2.0), 1))
    return seen(
        camera.name,
        "camera",
        f"{dice.whole(100_000, 999_999)}",
        camera.spot.away(found_m, found_deg),
        start=start,
        end=start + timedelta(seconds=min(event.lasts_s, 3_600.0)),
        kind=word,
        sigma_along_m=0.2 * found_m,
        sigma_across_m=max(25.0, math.radians(0.8) * found_m),
        bearing_deg=found_deg,
        count=count if event.kind is not EventKind.FIRE else None,
    )


def _from_above(seed: int, name: str, sortie: Sortie, event: Event) -> Line | None:
    is_weapon = event.kind is EventKind.WEAPON
    if not is_weapon and event.kind not in _BY_DAY:
        return None
    overlaps = event.started_at < sortie.ends_at and event.ended_at >= sortie.starts_at
    if not overlaps or gap_m(sortie.spot, event.spot) > _SORTIE_VIEW_M:
        return None
    dice = Dice(seed, "from-above", sortie.key, name, event.key)
    chance = 0.55 if is_weapon else _BY_DAY[event.kind][1] * 0.6
    if not dice.chance(chance):
        return None
    # What lasts is noticed somewhen during the flight; what flashes, when it flashes.
    start = max(event.started_at, sortie.starts_at)
    end = min(event.ended_at, sortie.ends_at)
    if is_weapon or event.kind is EventKind.FIRE:
        start += (end - start) * dice.uniform()
        end = start
    start = start.replace(microsecond=0)
    word = event.weapon if is_weapon else _BY_DAY[event.kind][0]
    return seen(
        name,
        "drone",
        f"{sortie.key}-{dice.whole(1_000, 9_999)}",
        event.spot.away(abs(dice.normal(45.0)), dice.uniform(0, 360)),
        start=start,
        end=max(start, end.replace(microsecond=0)),
        kind=_WEAPON_WORDS.get(word, word),
        sigma_along_m=55.0,
        sigma_across_m=55.0,
        bearing_deg=0.0,
        count=event.rounds if is_weapon else None,
        weapon=event.weapon if is_weapon else "",
        text=f"{event.rounds} x {event.weapon} in the open" if is_weapon else "",
    )


__all__ = ["Camera", "Sortie", "camera_lines", "cameras", "sortie_lines", "sorties"]
