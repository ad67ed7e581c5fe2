"""What the two parties say: more than happened to them, less than they did, and some
inventions.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._front import holder_at, nearest_front, other_party
from truce.exercise._gazetteer import in_three_scripts
from truce.exercise._plane import Spot, gap_m, position_from_spot
from truce.exercise._towns import Town, nearest_town, towns
from truce.exercise._world import events_of_day
from truce.formats.party_claims import Claim, Disc

# Local hours at which a ministry speaks of the hours before.
COMMUNIQUES: Final = (8.0, 18.0)
_INVENTED_PER_COMMUNIQUE: Final = 0.7
_REPORTED: Final = {EventKind.IMPACT: 0.7, EventKind.BURST: 0.25, EventKind.SHOT: 0.2}
_WORDS: Final = {
    EventKind.IMPACT: "shelling",
    EventKind.BURST: "small-arms fire",
    EventKind.SHOT: "small-arms fire",
}


@cache
def communique(seed: int, party: str, day: int, index: int) -> tuple[Claim, ...]:
    """What a party's ministry claims and denies at one of its hours on a day."""
    stated_at = _clock.at(day, COMMUNIQUES[index])
    since = (
        _clock.at(day, COMMUNIQUES[0]) if index else _clock.at(day - 1, COMMUNIQUES[1])
    )
    happened = [
        event
        for when in (day - 1, day)
        if when >= 0
        for event in events_of_day(seed, when)
        if since <= event.started_at
        and event.ended_at < stated_at - timedelta(minutes=20)
    ]
    prefix = f"{party[0]}{day + 1:02d}{'ab'[index]}"
    claims = [
        *_accusations(seed, party, stated_at, happened),
        *_denials(seed, party, stated_at, happened),
        *_inventions(seed, party, stated_at, since),
    ]
    return tuple(
        replace(claim, claim_id=f"{prefix}-{number:02d}")
        for number, claim in enumerate(claims, start=1)
    )


def urgent_claims(seed: int, party: str, day: int) -> Iterator[Claim]:
    """Statements made within the hour: of deep strikes suffered, and of the staged
    shelling.
    """
    for event in events_of_day(seed, day):
        is_staged = event.story is Story.FALSE_FLAG and event.fired_by == party
        is_suffered = event.story is Story.DEEP_STRIKE and event.fired_by != party
        if event.kind is not EventKind.IMPACT or not (is_staged or is_suffered):
            continue
        dice = Dice(seed, "urgent", event.key)
        if is_suffered and not dice.chance(0.3):
            continue
        delay_min = dice.uniform(8.0, 20.0) if is_staged else dice.uniform(25.0, 90.0)
        stated_at = event.ended_at + timedelta(minutes=round(delay_min))
        kind = "shelling" if is_staged else "strike"
        claim = _claim(dice, party, stated_at, event.spot, event, kind, radius_m=400.0)
        number = dice.whole(1_000, 9_999)
        yield replace(claim, claim_id=f"{party[0]}{day + 1:02d}u-{number}")


def _accusations(
    seed: int, party: str, stated_at: datetime, happened: list[Event]
) -> Iterator[Claim]:
    for event in happened:
        is_own_loss = event.fired_by == other_party(party)
        is_staged = event.story is Story.FALSE_FLAG and event.fired_by == party
        if event.kind not in _REPORTED or not (is_own_loss or is_staged):
            continue
        dice = Dice(seed, "accuses", party, event.key)
        if not dice.chance(_REPORTED[event.kind]):
            continue
        spot = event.spot
        if dice.chance(0.1):
            # Misplaced: the next town, by mistake or because it sounds worse.
            spot = dice.pick(_near(spot)[1:4]).spot
        kind = "strike" if event.story is Story.DEEP_STRIKE else _WORDS[event.kind]
        yield _claim(
            dice, party, stated_at, spot, event, kind, dice.uniform(300, 2_000)
        )


def _denials(
    seed: int, party: str, stated_at: datetime, happened: list[Event]
) -> Iterator[Claim]:
    """What the other side is known to complain of and this one did: it was not so."""
    for event in happened:
        if event.kind is not EventKind.IMPACT or event.fired_by != party:
            continue
        town = nearest_town(event.spot)
        is_known = event.injured or event.story is Story.DEEP_STRIKE
        dice = Dice(seed, "denies", party, event.key)
        if not is_known or event.story is Story.FALSE_FLAG or not dice.chance(0.45):
            continue
        yield Claim(
            claim_id="",
            stated_at=stated_at,
            party=party,
            asserts="denied",
            kind="shelling" if event.story is not Story.DEEP_STRIKE else "strike",
            start=_to_minutes(event.started_at, 30),
            end=_to_minutes(event.ended_at, 30) + timedelta(minutes=30),
            place=_spelt(dice, town),
            text=f"Our forces did not fire on {town.name}: a staged provocation",
        )


def _inventions(
    seed: int, party: str, stated_at: datetime, since: datetime
) -> Iterator[Claim]:
    """Attacks that never were, in towns that the party holds near the line."""
    dice = Dice(seed, "invents", party, stated_at.isoformat())
    held = [
        town
        for town in towns()
        if nearest_front(town.spot)[1] < 15_000.0 and holder_at(town.spot) == party
    ]
    for _ in range(dice.poisson(_INVENTED_PER_COMMUNIQUE)):
        town = dice.pick(held)
        span_s = (stated_at - since).total_seconds() - 5_400.0
        start = _to_minutes(since + timedelta(seconds=dice.uniform(0.0, span_s)), 10)
        kind = dice.pick(("shelling", "strike", "small-arms fire", "uav"))
        yield Claim(
            claim_id="",
            stated_at=stated_at,
            party=party,
            asserts="occurred",
            kind=kind,
            start=start,
            end=start + timedelta(minutes=30),
            place=_spelt(dice, town),
            weapon=dice.pick(("120 mm mortar", "122 mm howitzer", "")),
            text=f"{other_party(party)} attacked {town.name}: {kind}",
        )


def _claim(
    dice: Dice,
    party: str,
    stated_at: datetime,
    spot: Spot,
    event: Event,
    kind: str,
    radius_m: float,
) -> Claim:
    """A loss as its victim tells it: more rounds, more dead, a bigger gun."""
    town = nearest_town(spot)
    where = position_from_spot(
        spot.away(abs(dice.normal(radius_m / 2.0)), dice.uniform(0, 360))
    )
    shells = max(event.rounds, round(event.rounds * dice.uniform(1.0, 3.0)))
    dead = event.killed + (dice.poisson(0.3) if event.injured else 0)
    start = min(
        _to_minutes(event.started_at + timedelta(minutes=dice.normal(6.0)), 5),
        stated_at - timedelta(minutes=5),
    )
    end = min(start + timedelta(seconds=event.lasts_s + 600), stated_at)
    is_vague = dice.chance(0.35)
    return Claim(
        claim_id="",
        stated_at=stated_at,
        party=party,
        asserts="occurred",
        kind=kind,
        start=start,
        end=end,
        disc=None
        if is_vague
        else Disc(
            lat_deg=where.lat_deg, lon_deg=where.lon_deg, radius_m=round(radius_m)
        ),
        place=_spelt(dice, town),
        weapon=_bigger(dice, event.weapon),
        deaths=dead or None,
        text=_complaint(other_party(party), event, shells, town),
    )


def _complaint(by: str, event: Event, shells: int, town: Town) -> str:
    if event.story is Story.DEEP_STRIKE:
        return f"{by} struck {town.name} with a {event.weapon}"
    return f"{by} fired {shells} rounds at {town.name}"


def _spelt(dice: Dice, town: Town) -> str:
    """The town's name as a clerk may write it; no script belongs to a side."""
    english, ukrainian, russian = in_three_scripts(town.name)
    return dice.weighted([(english, 0.76), (ukrainian, 0.12), (russian, 0.12)])


def _bigger(dice: Dice, weapon: str) -> str:
    larger = {"82 mm mortar": "120 mm mortar", "120 mm mortar": "122 mm howitzer"}
    return larger.get(weapon, weapon) if dice.chance(0.4) else weapon


def _to_minutes(moment: datetime, minutes: int) -> datetime:
    """The moment rounded down, as people tell times."""
    return moment.replace(
        minute=moment.minute // minutes * minutes, second=0, microsecond=0
    )


def _near(spot: Spot) -> list[Town]:
    return sorted(towns(), key=lambda town: gap_m(town.spot, spot))


__all__ = ["COMMUNIQUES", "communique", "urgent_claims"]
