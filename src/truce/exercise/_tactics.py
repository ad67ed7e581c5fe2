"""What the two forces do to each other along the line of contact.

Fire breeds fire: an exchange that somebody starts draws replies, and replies draw
replies, so that incidents come in clusters (the cluster form of a self-exciting
process: Hawkes and Oakes 1974). Each reply draws fewer than one more on average, or the
ceasefire would be over.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, Story
from truce.exercise._firing import Engagement, fire, front_towns
from truce.exercise._front import (
    EASTERN,
    WESTERN,
    front_at,
    front_length_m,
    nearest_front,
    other_party,
)
from truce.exercise._plane import gap_m
from truce.exercise._towns import town_named

# Invented, as all of this file's numbers are; they are set so that a day has some 50 to
# 120 incidents of fire, between the quieter and the worse days of monitored ceasefires.
_STARTS_PER_HOUR: Final = 0.95
_REPLIES_MEAN: Final = 0.55
_REPLY_DELAY_S: Final = 1_100.0
_HOT_STRETCHES: Final = 6
_HOT_SIGMA_M: Final = 3_500.0
# A town with a daily local ceasefire is mostly left alone in its hours.
LOCAL_CEASEFIRE_TOWNS: Final = ("Mirrenk", "Dromna")
LOCAL_CEASEFIRE_HOURS: Final = (9.0, 15.0)
# Wider than the six kilometres of the text: a mortar reaches in from outside.
_LOCAL_CEASEFIRE_M: Final = 10_000.0
_KEPT_SHARE: Final = 0.82


def events_on_line(seed: int, day: int) -> Iterator[Event]:
    """Everything that exchanges begun on this day do, on this day and the next."""
    for engagement in _engagements(seed, day):
        yield from fire(seed, engagement)


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
    """When the front flares up: centre and width in hours, and height."""
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
    anywhere = tuple(
        (dice.uniform(0.04, 0.96) * length_m, dice.lognormal(1.0, 0.6))
        for _ in range(_HOT_STRETCHES)
    )
    # Nobody agrees on a local ceasefire where it is quiet anyway.
    by_towns = tuple(
        (nearest_front(town_named(name).spot)[0], dice.lognormal(0.8, 0.4))
        for name in LOCAL_CEASEFIRE_TOWNS
    )
    return anywhere + by_towns


def _engagements(seed: int, day: int) -> Iterator[Engagement]:
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
            first = Engagement(
                key=f"line/{day}/{count}",
                at=moment,
                along_m=_along(seed, dice),
                by=dice.pick((WESTERN, EASTERN)),
                anger=min(2, dice.poisson(0.35 * anger_at(seed, moment))),
                story=Story.EXCHANGE,
            )
            count += 1
            yield from _with_replies(Dice(seed, first.key), first, depth=0)


def _with_replies(dice: Dice, first: Engagement, *, depth: int) -> Iterator[Engagement]:
    if _is_spared(dice, first):
        return
    yield first
    # Anger draws more replies; ten in a chain is a battle, and battles end for want of
    # shells.
    mean = _REPLIES_MEAN * (0.8, 1.0, 1.25)[first.anger] if depth < 10 else 0.0
    for index in range(dice.poisson(mean)):
        delay_s = 60.0 + dice.exponential(_REPLY_DELAY_S)
        reply = Engagement(
            key=f"{first.key}.{index}",
            at=first.at + timedelta(seconds=round(delay_s)),
            along_m=first.along_m + dice.normal(900.0),
            by=other_party(first.by) if dice.chance(0.8) else first.by,
            anger=min(2, first.anger + (1 if dice.chance(0.22) else 0)),
            story=Story.RETALIATION,
        )
        yield from _with_replies(dice, reply, depth=depth + 1)


def _is_spared(dice: Dice, engagement: Engagement) -> bool:
    """Whether the parties hold their fire because a town near by has its daily
    ceasefire.
    """
    opens, closes = LOCAL_CEASEFIRE_HOURS
    if not opens <= _clock.hour_of(engagement.at) < closes:
        return False
    spot = front_at(engagement.along_m).spot
    is_near = any(
        gap_m(spot, town.spot) < _LOCAL_CEASEFIRE_M
        for town in front_towns()
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


__all__ = [
    "LOCAL_CEASEFIRE_HOURS",
    "LOCAL_CEASEFIRE_TOWNS",
    "anger_at",
    "events_on_line",
]
