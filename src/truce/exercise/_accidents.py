"""What goes bang or burns without anybody breaking a ceasefire, and what only moves."""

from collections.abc import Iterator
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._front import (
    EASTERN,
    WESTERN,
    behind,
    front_at,
    front_length_m,
    holder_at,
)
from truce.exercise._patrols import denied_day, stops
from truce.exercise._plane import Spot
from truce.exercise._sites import energy_sites
from truce.exercise._tactics import anger_at
from truce.exercise._towns import towns
from truce.exercise._weather import storms, strokes_of

# Share of the line's length from the north, and whose side. They blast on working days,
# before the shift ends, near enough to the line to be taken for shells.
_QUARRIES: Final = (
    (0.14, WESTERN),
    (0.36, EASTERN),
    (0.58, WESTERN),
    (0.69, EASTERN),
    (0.92, EASTERN),
)
_QUARRY_DEPTH_M: Final = 7_500.0
# 4 May 2031 is a Sunday, so the ceasefire begins on a day without blasting.
_WEEKDAY_OF_DAY_0: Final = 6
_SATURDAY: Final = 5
_FIRES_PER_DAY: Final = 3.0
_RECONNAISSANCE_PER_DAY: Final = 9.0
_HEAVY: Final = ("122 mm howitzer", "152 mm howitzer", "multiple rocket launcher")


def accidents(seed: int, day: int) -> Iterator[Event]:
    """Thunder, quarry blasts, fires by carelessness, and the flares of refineries."""
    yield from _thunder(seed, day)
    yield from _blasts(seed, day)
    yield from _fires(seed, day)
    yield from _flares(day)


def movements(seed: int, day: int) -> Iterator[Event]:
    """Reconnaissance drones over the line, and guns brought to where they should not
    be.
    """
    dice = Dice(seed, "reconnaissance", day)
    for index in range(dice.poisson(_RECONNAISSANCE_PER_DAY)):
        by = dice.pick((WESTERN, EASTERN))
        yield Event(
            key=f"reconnaissance/{day}/{index}",
            kind=EventKind.DRONE,
            story=Story.RECONNAISSANCE,
            spot=front_at(dice.uniform(0.0, front_length_m())).spot,
            started_at=_clock.at(day, dice.uniform(6.0, 21.0)),
            lasts_s=round(dice.uniform(5.0, 40.0) * 60.0),
            rounds=1,
            weapon="reconnaissance drone",
            fired_by=by,
        )
    guns = Dice(seed, "deployment", day)
    for index in range(guns.poisson(2.5 + 1.5 * anger_at(seed, _clock.at(day, 12.0)))):
        by = guns.pick((WESTERN, EASTERN))
        along_m = guns.uniform(0.05, 0.95) * front_length_m()
        depth_m = guns.uniform(3_000, 11_000)
        spot = behind(along_m, by, depth_m, turn_deg=guns.normal(12))
        yield _battery(guns, f"deployment/{day}/{index}", spot, by, day)
    if day == denied_day(seed):
        yield from _behind_the_checkpoint(seed, day)


def _behind_the_checkpoint(seed: int, day: int) -> Iterator[Event]:
    """Why a patrol was kept out: guns are brought up where it should have looked."""
    town = next(stop.town for stop in stops(seed, day) if stop.is_denied)
    dice = Dice(seed, "checkpoint")
    for index in range(dice.whole(3, 5)):
        spot = town.spot.away(dice.uniform(1_000, 4_000), dice.uniform(0, 360))
        yield _battery(
            dice, f"checkpoint/{day}/{index}", spot, holder_at(town.spot), day
        )


def _battery(dice: Dice, key: str, spot: Spot, by: str, day: int) -> Event:
    return Event(
        key=key,
        kind=EventKind.WEAPON,
        story=Story.DEPLOYMENT,
        spot=spot,
        started_at=_clock.at(day, dice.uniform(0.0, 18.0)),
        lasts_s=round(dice.uniform(4.0, 30.0) * 3600.0),
        rounds=dice.whole(1, 6),
        weapon=dice.pick(_HEAVY),
        fired_by=by,
    )


def _thunder(seed: int, day: int) -> Iterator[Event]:
    for storm in storms(seed):
        for index, (moment, spot) in enumerate(strokes_of(seed, storm)):
            if _clock.day_of(moment) == day:
                yield _by_nobody(
                    f"{storm.key}/{index}", EventKind.THUNDER, Story.WEATHER, spot, day,
                    hour=_clock.hours_in(moment) - 24.0 * day,
                )  # fmt: skip


def _blasts(seed: int, day: int) -> Iterator[Event]:
    if (_WEEKDAY_OF_DAY_0 + day) % 7 >= _SATURDAY:
        return
    for number, (share, side) in enumerate(_QUARRIES):
        dice = Dice(seed, "quarry", number, day)
        spot = behind(share * front_length_m(), side, _QUARRY_DEPTH_M)
        if dice.chance(0.65):
            hour = dice.uniform(11.0, 16.0)
            yield _by_nobody(
                f"quarry/{day}/{number}",
                EventKind.QUARRY,
                Story.INDUSTRY,
                spot,
                day,
                hour=hour,
            )


def _fires(seed: int, day: int) -> Iterator[Event]:
    dice = Dice(seed, "fires", day)
    for index in range(dice.poisson(_FIRES_PER_DAY)):
        town = dice.pick(towns())
        spot = town.spot.away(dice.uniform(0.2, 6_000.0), dice.uniform(0, 360))
        yield _by_nobody(
            f"fire/{day}/{index}", EventKind.FIRE, Story.ACCIDENT, spot, day,
            hour=dice.uniform(9.0, 21.0),
            lasts_s=round(dice.uniform(0.7, 7.0) * 3600.0),
            heat_mw=dice.lognormal(16.0, 0.8),
        )  # fmt: skip


def _flares(day: int) -> Iterator[Event]:
    """The flare stacks of refineries burn always; satellites see them every clear
    night.
    """
    for site in energy_sites():
        if site.sort in ("refinery", "gas terminal"):
            yield _by_nobody(
                f"flare/{day}/{site.id}",
                EventKind.FIRE,
                Story.INDUSTRY,
                site.spot,
                day,
                hour=0.0,
                lasts_s=86_400.0,
                heat_mw=7.0,
            )


def _by_nobody(
    key: str,
    kind: EventKind,
    story: Story,
    spot: Spot,
    day: int,
    *,
    hour: float,
    lasts_s: float = 0.0,
    heat_mw: float = 0.0,
) -> Event:
    return Event(
        key=key,
        kind=kind,
        story=story,
        spot=spot,
        started_at=_clock.at(day, hour),
        lasts_s=lasts_s,
        rounds=1,
        weapon="",
        heat_mw=heat_mw,
    )


__all__ = ["accidents", "movements"]
