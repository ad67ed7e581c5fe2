"""Air raid alarms: every raid raises some, and most of them are raised for nothing."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._plane import gap_m
from truce.exercise._strikes import Wave, waves
from truce.exercise._towns import District, districts, town_named
from truce.formats.air_raid_sirens import Alarm

# Radar sees birds, trainers, and drones that turn back.
_IDLE_PER_DAY: Final = 7.0
_WARNED_M: Final = 55_000.0
_SOURCE: Final = "official"


@cache
def alarms_of_day(seed: int, day: int) -> tuple[tuple[str, Alarm], ...]:
    """The alarms begun on a day, each with the country whose service raised it."""
    made: list[tuple[str, Alarm]] = []
    for wave in waves(seed, day):
        made += _for_raid(seed, wave)
    dice = Dice(seed, "idle-alarms", day)
    for _ in range(dice.poisson(_IDLE_PER_DAY)):
        district = dice.pick(districts())
        start = _clock.at(day, dice.uniform(0.0, 24.0))
        whole_province = dice.chance(0.3)
        made.append(
            _alarm(
                district, start, dice.uniform(12.0, 75.0), whole_province=whole_province
            )
        )
    return tuple(sorted(made, key=lambda named: (named[1].started_at, named[1].raion)))


def _for_raid(seed: int, wave: Wave) -> list[tuple[str, Alarm]]:
    """The districts on the raid's way and about its target, each when it comes near."""
    made = []
    for district in districts():
        if district.seat.country != wave.site.country:
            continue
        is_target = gap_m(district.seat.spot, wave.site.spot) < _WARNED_M
        is_on_way = gap_m(district.seat.spot, wave.crossing) < 0.6 * _WARNED_M
        if not (is_target or is_on_way):
            continue
        dice = Dice(seed, wave.key, "alarm", district.name)
        # Somebody sleeps: one alarm in ten is never raised.
        if dice.chance(0.1):
            continue
        due = wave.arrives_at() if is_target else wave.crosses_at
        start = due - timedelta(minutes=dice.uniform(6.0, 30.0))
        lasts_min = dice.uniform(45.0, 130.0)
        made.append(_alarm(district, start, lasts_min, whole_province=False))
    return made


def _alarm(
    district: District, start: datetime, lasts_min: float, *, whole_province: bool
) -> tuple[str, Alarm]:
    seat = town_named(district.seat.name)
    begun = start.replace(microsecond=0)
    return seat.country, Alarm(
        oblast=f"{seat.province} province",
        raion="" if whole_province else district.name,
        level="oblast" if whole_province else "raion",
        started_at=begun,
        finished_at=begun + timedelta(seconds=round(lasts_min * 60.0)),
        source=_SOURCE,
    )


__all__ = ["alarms_of_day"]
