"""What the two forces do to each other along the line of contact.

Fire breeds fire: an exchange that somebody starts draws replies, and replies draw
replies, so that incidents come in clusters (the cluster form of a self-exciting
process: Hawkes and Oakes 1974). Each reply draws fewer than one more on average, or the
ceasefire would be over.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
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
    other_party,
)
from truce.exercise._plane import Spot, gap_m
from truce.exercise._towns import Town, towns

# Invented, as all of this file's numbers are; they are set so that a day has some 50 to
# 120 incidents of fire, between the quieter and the worse days of monitored ceasefires.
_STARTS_PER_HOUR: Final = 0.95
_REPLIES_MEAN: Final = 0.55
_REPLY_DELAY_S: Final = 1_100.0
_HOT_STRETCHES: Final = 7
_HOT_SIGMA_M: Final = 3_500.0
# A town with a daily local ceasefire is mostly left alone in its hours.
LOCAL_CEASEFIRE_TOWNS: Final = ("Mirrenk", "Dromna")
LOCAL_CEASEFIRE_HOURS: Final = (9.0, 15.0)
_LOCAL_CEASEFIRE_M: Final = 6_000.0
_KEPT_SHARE: Final = 0.8

# How likely each weapon is at each level of anger, 0 to 2.
_WEAPONS_BY_ANGER: Final = (
    (("sniper rifle", 24), ("small arms", 50), ("grenade launcher", 12),
     ("82 mm mortar", 9), ("drone-dropped grenade", 5)),
    (("sniper rifle", 7), ("small arms", 36), ("grenade launcher", 15),
        ("82 mm mortar", 20),
     ("120 mm mortar", 12), ("122 mm howitzer", 3), ("drone-dropped grenade", 7)),
    (("small arms", 22), ("grenade launcher", 10), ("82 mm mortar", 18),
        ("120 mm mortar", 24),
     ("122 mm howitzer", 14), ("152 mm howitzer", 8), ("drone-dropped grenade", 4)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fire:
    """How a weapon is used: distances from the line in metres, rounds, and seconds
    between them.
    """

    depth_m: tuple[float, float]
    reach_m: tuple[float, float]
    rounds: tuple[int, int]
    pace_s: float


_INDIRECT: Final = {
    "82 mm mortar": _Fire(
        depth_m=(900, 2_600), reach_m=(200, 1_800), rounds=(3, 14), pace_s=22.0
    ),
    "120 mm mortar": _Fire(
        depth_m=(1_800, 4_500), reach_m=(400, 3_200), rounds=(4, 20), pace_s=30.0
    ),
    "122 mm howitzer": _Fire(
        depth_m=(5_000, 10_500), reach_m=(1_500, 7_000), rounds=(6, 30), pace_s=40.0
    ),
    "152 mm howitzer": _Fire(
        depth_m=(6_000, 13_000), reach_m=(2_500, 10_000), rounds=(6, 36), pace_s=45.0
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engagement:
    """One party opens fire somewhere along the line."""

    key: str
    at: datetime
    along_m: float
    by: str
    anger: int
    story: Story


def events_on_line(seed: int, day: int) -> Iterator[Event]:
    """Everything that exchanges begun on this day do, on this day and the next."""
    for engagement in _engagements(seed, day):
        yield from _fire(seed, engagement)


def false_flag_day(seed: int) -> int:
    """The day on which one party shells its own side and blames the other."""
    return Dice(seed, "false-flag").whole(3, 7)


def false_flag(seed: int, day: int) -> Iterator[Event]:
    """The staged shelling, if it is the day for it: own mortars, own village, own side."""
    if day != false_flag_day(seed):
        return
    dice = Dice(seed, "false-flag", "event")
    party = dice.pick((WESTERN, EASTERN))
    held = [t for t in _front_towns() if holder_at(t.spot) == party]
    town = dice.pick(held)
    spot = town.spot.away(dice.uniform(300, 900), dice.uniform(0, 360))
    origin = town.spot.away(dice.uniform(2_200, 3_600), 270 if party == WESTERN else 90)
    moment = _clock.at(day, dice.uniform(6.5, 17.0))
    rounds = dice.whole(4, 8)
    firing = Event(
        key=f"false-flag/{day}/out",
        kind=EventKind.OUTGOING,
        story=Story.FALSE_FLAG,
        spot=origin,
        started_at=moment,
        lasts_s=rounds * 30.0,
        rounds=rounds,
        weapon="120 mm mortar",
        fired_by=party,
        salvo=f"false-flag/{day}",
    )
    yield firing
    yield replace(
        firing,
        key=f"false-flag/{day}/in",
        kind=EventKind.IMPACT,
        spot=spot,
        started_at=moment + timedelta(seconds=21),
        injured=dice.whole(1, 3),
    )


def anger_at(seed: int, moment: datetime) -> float:
    """How tense the whole front is: some 0.4 on a calm day, above 2 at the worst."""
    hours = max(0.0, _clock.hours_in(moment))
    settling = 0.35 + 0.65 * min(1.0, hours / 20.0)
    tense = sum(
        height * math.exp(-0.5 * ((hours - centre) / width) ** 2)
        for centre, width, height in _flares(seed)
    )
    return settling * (0.75 + tense)


def _by_hour(hour: float) -> float:
    """How much of an ordinary hour's fire falls at this hour: quiet nights, restless
    dusks.
    """
    dusk = math.exp(-0.5 * ((hour - 19.5) / 1.6) ** 2)
    morning = math.exp(-0.5 * ((hour - 8.5) / 2.0) ** 2)
    night = math.exp(-0.5 * ((((hour + 9.0) % 24.0) - 12.0) / 2.6) ** 2)
    return max(0.12, 0.75 + 1.5 * dusk + 0.7 * morning - 0.65 * night)


@cache
def _flares(seed: int) -> tuple[tuple[float, float, float], ...]:
    """When the front flares up: centre and width in hours, height. Three in ten days."""
    dice = Dice(seed, "flares")
    return tuple(
        (
            dice.uniform(start, start + 55.0),
            dice.uniform(7.0, 16.0),
            dice.uniform(0.6, 1.7),
        )
        for start in (24.0, 90.0, 165.0)
    )


@cache
def _hot_stretches(seed: int) -> tuple[tuple[float, float], ...]:
    """Where along the line it is hot, and how much of the fire falls there."""
    dice = Dice(seed, "hot-stretches")
    length_m = front_length_m()
    return tuple(
        (dice.uniform(0.04, 0.96) * length_m, dice.lognormal(1.0, 0.6))
        for _ in range(_HOT_STRETCHES)
    )


@cache
def _front_towns() -> tuple[Town, ...]:
    line = [
        front_at(m * 1_000.0).spot for m in range(int(front_length_m() / 1_000.0) + 1)
    ]
    return tuple(
        town
        for town in towns()
        if min(gap_m(town.spot, spot) for spot in line) < 13_000.0
    )


def _engagements(seed: int, day: int) -> Iterator[_Engagement]:
    """Every exchange begun on a day, each followed by the replies that it draws."""
    dice = Dice(seed, "line", day)
    count = 0
    for hour in range(24):
        mean = (
            _STARTS_PER_HOUR
            * _by_hour(hour + 0.5)
            * anger_at(seed, _clock.at(day, hour))
        )
        for _ in range(dice.poisson(mean)):
            moment = _clock.at(day, hour + dice.uniform())
            first = _Engagement(
                key=f"line/{day}/{count}",
                at=moment,
                along_m=_along(seed, dice),
                by=dice.pick((WESTERN, EASTERN)),
                anger=min(2, dice.poisson(0.35 * anger_at(seed, moment))),
                story=Story.EXCHANGE,
            )
            count += 1
            yield from _with_replies(Dice(seed, first.key), first, depth=0)


def _with_replies(
    dice: Dice, first: _Engagement, *, depth: int
) -> Iterator[_Engagement]:
    if _is_spared(dice, first):
        return
    yield first
    # Anger draws more replies; ten in a chain is a battle, and battles end for want of
    # shells.
    mean = _REPLIES_MEAN * (0.8, 1.0, 1.25)[first.anger] if depth < 10 else 0.0
    for index in range(dice.poisson(mean)):
        delay_s = 60.0 + dice.exponential(_REPLY_DELAY_S)
        reply = _Engagement(
            key=f"{first.key}.{index}",
            at=first.at + timedelta(seconds=round(delay_s)),
            along_m=first.along_m + dice.normal(900.0),
            by=other_party(first.by) if dice.chance(0.8) else first.by,
            anger=min(2, first.anger + (1 if dice.chance(0.22) else 0)),
            story=Story.RETALIATION,
        )
        yield from _with_replies(dice, reply, depth=depth + 1)


def _is_spared(dice: Dice, engagement: _Engagement) -> bool:
    """Whether the parties hold their fire because a town near by has its daily
    ceasefire.
    """
    opens, closes = LOCAL_CEASEFIRE_HOURS
    if not opens <= _clock.hour_of(engagement.at) < closes:
        return False
    spot = front_at(engagement.along_m).spot
    is_near = any(
        gap_m(spot, town.spot) < _LOCAL_CEASEFIRE_M
        for town in _front_towns()
        if town.name in LOCAL_CEASEFIRE_TOWNS
    )
    return is_near and dice.chance(_KEPT_SHARE)


def _along(seed: int, dice: Dice) -> float:
    if dice.chance(0.25):
        return dice.uniform(0.0, front_length_m())
    centre = dice.weighted(
        [(middle, weight) for middle, weight in _hot_stretches(seed)]
    )
    return max(0.0, min(front_length_m(), centre + dice.normal(_HOT_SIGMA_M)))


def _fire(seed: int, engagement: _Engagement) -> Iterator[Event]:
    dice = Dice(seed, engagement.key, "fire")
    weapon = dice.weighted(_WEAPONS_BY_ANGER[engagement.anger])
    if weapon in _INDIRECT:
        yield from _indirect(dice, engagement, weapon)
        return
    if weapon == "drone-dropped grenade":
        yield from _dropped(dice, engagement)
        return
    is_single = weapon == "sniper rifle"
    depth_m = dice.uniform(60, 500)
    yield Event(
        key=engagement.key,
        kind=EventKind.SHOT if is_single else EventKind.BURST,
        story=Story.SNIPER if is_single else engagement.story,
        spot=behind(engagement.along_m, engagement.by, depth_m),
        started_at=engagement.at,
        lasts_s=0.0 if is_single else round(min(2_400.0, dice.lognormal(240.0, 0.9))),
        rounds=dice.whole(1, 3) if is_single else dice.whole(4, 60),
        weapon=weapon,
        fired_by=engagement.by,
        salvo=engagement.key,
    )


def _indirect(dice: Dice, engagement: _Engagement, weapon: str) -> Iterator[Event]:
    """Shells: a firing behind the line, and impacts beyond it half a minute later."""
    use = _INDIRECT[weapon]
    origin = behind(
        engagement.along_m,
        engagement.by,
        dice.uniform(*use.depth_m),
        turn_deg=dice.uniform(-25, 25),
    )
    target = _target(dice, engagement, use)
    rounds = dice.whole(*use.rounds)
    firing = Event(
        key=f"{engagement.key}/out",
        kind=EventKind.OUTGOING,
        story=engagement.story,
        spot=origin,
        started_at=engagement.at,
        lasts_s=round(rounds * use.pace_s * dice.uniform(0.6, 1.6)),
        rounds=rounds,
        weapon=weapon,
        fired_by=engagement.by,
        salvo=engagement.key,
    )
    yield firing
    near = min(_front_towns(), key=lambda town: gap_m(town.spot, target))
    in_town = gap_m(near.spot, target) < near.radius_m + 300.0
    yield replace(
        firing,
        key=f"{engagement.key}/in",
        kind=EventKind.IMPACT,
        spot=target,
        # A shell flies some 250 m in a second, mean over its arc.
        started_at=engagement.at
        + timedelta(seconds=round(gap_m(origin, target) / 250.0)),
        killed=dice.poisson(0.25) if in_town else 0,
        injured=dice.poisson(0.9) if in_town else 0,
    )
    if dice.chance(0.05):
        yield _blaze(dice, engagement, target)


def _blaze(dice: Dice, engagement: _Engagement, spot: Spot) -> Event:
    """What shells set alight: grass, a barn."""
    return Event(
        key=f"{engagement.key}/fire",
        kind=EventKind.FIRE,
        story=engagement.story,
        spot=spot,
        started_at=engagement.at + timedelta(minutes=3),
        lasts_s=round(dice.uniform(1.0, 5.0) * 3600.0),
        rounds=1,
        weapon="",
        fired_by=engagement.by,
        salvo=engagement.key,
        heat_mw=dice.lognormal(14.0, 0.7),
    )


def _dropped(dice: Dice, engagement: _Engagement) -> Iterator[Event]:
    """A grenade let fall from a small drone onto the other side's trench."""
    target = behind(
        engagement.along_m, other_party(engagement.by), dice.uniform(150, 1_500)
    )
    drone = Event(
        key=f"{engagement.key}/drone",
        kind=EventKind.DRONE,
        story=engagement.story,
        spot=target,
        started_at=engagement.at - timedelta(seconds=200),
        lasts_s=300.0,
        rounds=1,
        weapon="small drone",
        fired_by=engagement.by,
        salvo=engagement.key,
    )
    yield drone
    yield replace(
        drone,
        key=f"{engagement.key}/in",
        kind=EventKind.IMPACT,
        started_at=engagement.at,
        lasts_s=0.0,
        weapon="drone-dropped grenade",
    )


def _target(dice: Dice, engagement: _Engagement, use: _Fire) -> Spot:
    """A position on the other side; now and then a village there."""
    enemy = other_party(engagement.by)
    reach_m = dice.uniform(*use.reach_m)
    spot = behind(engagement.along_m, enemy, reach_m, turn_deg=dice.uniform(-30, 30))
    if not dice.chance(0.3):
        return spot
    villages = [
        town
        for town in _front_towns()
        if gap_m(town.spot, spot) < use.reach_m[1] and holder_at(town.spot) == enemy
    ]
    if not villages:
        return spot
    village = min(villages, key=lambda town: gap_m(town.spot, spot))
    return village.spot.away(
        abs(dice.normal(0.6 * village.radius_m)), dice.uniform(0, 360)
    )


__all__ = [
    "LOCAL_CEASEFIRE_HOURS",
    "LOCAL_CEASEFIRE_TOWNS",
    "anger_at",
    "events_on_line",
    "false_flag",
    "false_flag_day",
]
