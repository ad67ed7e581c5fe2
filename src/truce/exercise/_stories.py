"""What the public gets wind of: which events become stories, and the posts that tell
them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._front import EASTERN, WESTERN, nearest_front
from truce.exercise._plane import Spot, gap_m
from truce.exercise._sites import energy_sites, ports
from truce.exercise._towns import Town, nearest_town, towns
from truce.exercise._world import events_of_day

# Posts have addresses under a name that nobody can own. Source: RFC 2606, section 2.
_HOST: Final = "https://posts.example"
_HANDLES: Final = (
    "harbour_watch", "line_diary", "selmar_now", "orvane_24", "night_signals",
        "dromna_voice",
    "two_rivers", "frontline_notes", "jorvath_live", "quiet_water_news",
)  # fmt: skip
_RUMOURS_PER_DAY: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post: its address, when it was made, the town it names, and what it says."""

    url: str
    at: datetime
    town: Town
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """One thing that people talk about, true or not.

    `spot` is where it was, or where it is said to have been; `posts` are in order of
    time. `is_rumour` marks what never happened.
    """

    key: str
    spot: Spot
    at: datetime
    town: Town
    group: str
    text: str
    munition: str
    killed: int
    injured: int
    posts: tuple[Post, ...]
    is_rumour: bool = False


@cache
def tales_of_day(seed: int, day: int) -> tuple[Tale, ...]:
    """What people begin to talk about on a day, in order of time."""
    tales = [*_true_tales(seed, day), *_rumours(seed, day)]
    return tuple(sorted(tales, key=lambda tale: (tale.at, tale.key)))


def _true_tales(seed: int, day: int) -> Iterator[Tale]:
    salvos: dict[str, list[Event]] = {}
    for event in events_of_day(seed, day):
        if event.kind in (EventKind.IMPACT, EventKind.AIR_BURST):
            salvos.setdefault(event.salvo, []).append(event)
        elif event.kind is EventKind.FIRE and event.story is Story.ACCIDENT:
            salvos[event.key] = [event]
    for key, parts in salvos.items():
        dice = Dice(seed, "tale", key)
        if dice.chance(_notice(parts)):
            yield _tale(seed, dice, key, parts)


def _notice(parts: list[Event]) -> float:
    """How likely people far away hear of it."""
    first = parts[0]
    if first.story in (Story.DEEP_STRIKE, Story.FALSE_FLAG):
        return 0.97
    if first.kind is EventKind.FIRE:
        return 0.35
    town = nearest_town(first.spot)
    if first.injured or first.killed:
        return 0.9
    return 0.55 if gap_m(town.spot, first.spot) < town.radius_m + 1_000.0 else 0.04


def _tale(seed: int, dice: Dice, key: str, parts: list[Event]) -> Tale:
    hits = [event for event in parts if event.kind is EventKind.IMPACT]
    first = (hits or parts)[0]
    town = nearest_town(first.spot)
    killed = sum(event.killed for event in parts)
    injured = sum(event.injured for event in parts)
    text, group = _words(
        dice, first, town, has_hits=bool(hits), is_harm=killed + injured > 0
    )
    count = dice.whole(2, 5) if first.story is Story.DEEP_STRIKE else dice.whole(1, 3)
    return Tale(
        key=key,
        spot=first.spot,
        at=first.started_at,
        town=town,
        group=group,
        text=text,
        munition=first.weapon,
        killed=killed,
        injured=injured,
        posts=_posts(seed, dice, first.started_at, town, text, count),
    )


def _words(
    dice: Dice, event: Event, town: Town, *, has_hits: bool, is_harm: bool
) -> tuple[str, str]:
    """What is said of an event, and under which heading it is filed."""
    if event.kind is EventKind.FIRE:
        # Smoke seen from afar is soon called an explosion.
        if dice.chance(0.2):
            return (
                f"Explosion reported near {town.name}, smoke rising",
                "Bombing or Explosion",
            )
        return f"Large fire burning near {town.name}", "Civilian Infrastructure Damage"
    if event.story is Story.DEEP_STRIKE:
        site = _site_near(event.spot)
        if not has_hits:
            what = "Missiles" if event.weapon == "cruise missile" else "Drones"
            return f"{what} shot down over {town.name}", "Munitions"
        return f"Strike on {site or town.name}", "Bombing or Explosion"
    if is_harm:
        return f"Shelling hits {town.name}, people injured", "Civilian Casualty"
    what = dice.pick(
        ("Shelling hits the edge of", "Shells hit houses in", "Mortar fire hits")
    )
    return f"{what} {town.name}", "Civilian Infrastructure Damage"


def _site_near(spot: Spot) -> str:
    near = min((*energy_sites(), *ports()), key=lambda site: gap_m(site.spot, spot))
    return f"the {near.name}" if gap_m(near.spot, spot) < 3_000.0 else ""


def _rumours(seed: int, day: int) -> Iterator[Tale]:
    """Talk of shelling and strikes that never were, some of it on purpose."""
    dice = Dice(seed, "rumours", day)
    for index in range(dice.poisson(_RUMOURS_PER_DAY)):
        town = dice.pick([t for t in towns() if nearest_front(t.spot)[1] < 30_000.0])
        moment = _clock.at(day, dice.uniform(6.0, 23.0))
        side = dice.pick((WESTERN, EASTERN))
        text = dice.pick(
            (
                f"Heavy shelling of {town.name} by forces of {side}",
                f"Rocket strike on a school in {town.name}",
                f"Explosions heard all night in {town.name}",
            )
        )
        yield Tale(
            key=f"rumour/{day}/{index}",
            spot=town.spot.away(dice.uniform(0, town.radius_m), dice.uniform(0, 360)),
            at=moment,
            town=town,
            group="Bombing or Explosion",
            text=text,
            munition="",
            killed=0,
            injured=0,
            posts=_posts(seed, dice, moment, town, text, dice.whole(1, 2)),
            is_rumour=True,
        )


def _posts(
    seed: int, dice: Dice, moment: datetime, town: Town, text: str, count: int
) -> tuple[Post, ...]:
    made: list[Post] = []
    for _ in range(count):
        number = Dice(seed, "post", text, len(made), moment.isoformat()).whole(
            10**11, 10**12
        )
        made.append(
            Post(
                url=f"{_HOST}/{dice.pick(_HANDLES)}/{number}",
                at=moment + timedelta(seconds=round(120.0 + dice.exponential(2_400.0))),
                town=town,
                text=text,
            )
        )
    return tuple(sorted(made, key=lambda post: (post.at, post.url)))


__all__ = ["Post", "Tale", "tales_of_day"]
