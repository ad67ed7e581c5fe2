"""What an exchange is made of: firings, impacts, dropped grenades, what burns."""

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
class Engagement:
    """One party opens fire somewhere along the line."""

    key: str
    at: datetime
    along_m: float
    by: str
    anger: int
    story: Story


def fire(seed: int, engagement: Engagement) -> Iterator[Event]:
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


def _indirect(dice: Dice, engagement: Engagement, weapon: str) -> Iterator[Event]:
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
    near = min(front_towns(), key=lambda town: gap_m(town.spot, target))
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


def _blaze(dice: Dice, engagement: Engagement, spot: Spot) -> Event:
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


def _dropped(dice: Dice, engagement: Engagement) -> Iterator[Event]:
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


def _target(dice: Dice, engagement: Engagement, use: _Fire) -> Spot:
    """A position on the other side; now and then a village there."""
    enemy = other_party(engagement.by)
    reach_m = dice.uniform(*use.reach_m)
    spot = behind(engagement.along_m, enemy, reach_m, turn_deg=dice.uniform(-30, 30))
    if not dice.chance(0.3):
        return spot
    villages = [
        town
        for town in front_towns()
        if gap_m(town.spot, spot) < use.reach_m[1] and holder_at(town.spot) == enemy
    ]
    if not villages:
        return spot
    village = min(villages, key=lambda town: gap_m(town.spot, spot))
    return village.spot.away(
        abs(dice.normal(0.6 * village.radius_m)), dice.uniform(0, 360)
    )


def false_flag_day(seed: int) -> int:
    """The day on which one party shells its own side and blames the other."""
    return Dice(seed, "false-flag").whole(3, 7)


def false_flag(seed: int, day: int) -> Iterator[Event]:
    """The staged shelling, if it is the day for it: own mortars on an own village."""
    if day != false_flag_day(seed):
        return
    dice = Dice(seed, "false-flag", "event")
    party = dice.pick((WESTERN, EASTERN))
    held = [t for t in front_towns() if holder_at(t.spot) == party]
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


@cache
def front_towns() -> tuple[Town, ...]:
    line = [
        front_at(m * 1_000.0).spot for m in range(int(front_length_m() / 1_000.0) + 1)
    ]
    return tuple(
        town
        for town in towns()
        if min(gap_m(town.spot, spot) for spot in line) < 13_000.0
    )


__all__ = ["Engagement", "false_flag", "false_flag_day", "fire", "front_towns"]
