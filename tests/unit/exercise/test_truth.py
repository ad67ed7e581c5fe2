"""What really happens: plausible, repeatable, and the same for a longer play."""

from collections import Counter
from datetime import timedelta

import pytest

from truce.exercise import _clock
from truce.exercise._front import holder_at, nearest_front
from truce.exercise._patrols import denied_day, stops
from truce.exercise._plane import gap_m
from truce.exercise._sites import energy_sites, ports
from truce.exercise._tactics import (
    LOCAL_CEASEFIRE_HOURS,
    LOCAL_CEASEFIRE_TOWNS,
)
from truce.exercise._towns import town_named
from truce.exercise._world import events
from truce.exercise.truth import truth
from truce.observations.kinds import Kind

_SEEDS = (1, 2, 3, 7, 42)
_FIRE = ("shot", "burst", "explosion.impact", "explosion.outgoing")


def test_same_seed_same_truth_and_fewer_days_are_its_beginning() -> None:
    """A score of three days must be of the same world as that of ten."""
    ten = truth(5, 10)
    assert truth(5, 10) == ten
    assert truth(5, 3) == ten[: len(truth(5, 3))]
    assert len({incident.id for incident in ten}) == len(ten)


def test_other_seeds_are_other_worlds() -> None:
    """Training twice on one story trains nobody."""
    first, second = (
        {i.position for i in truth(seed) if i.story in ("exchange", "retaliation")}
        for seed in (1, 2)
    )
    assert first.isdisjoint(second)


@pytest.mark.parametrize("seed", _SEEDS)
def test_every_story_is_told_in_ten_days(seed: int) -> None:
    """An exercise without a raid, a lie or an accident would not train the desks."""
    stories = Counter(incident.story for incident in truth(seed))
    assert set(stories) == {
        "exchange",
        "retaliation",
        "sniper",
        "deep-strike",
        "false-flag",
        "reconnaissance",
        "deployment",
        "accident",
        "industry",
        "weather",
    }
    kinds = Counter(incident.kind for incident in truth(seed))
    assert kinds["thunder"] > 20
    assert kinds["blast.quarry"] > 5


@pytest.mark.parametrize("seed", _SEEDS)
def test_days_have_the_violence_of_a_bad_ceasefire(seed: int) -> None:
    """Neither peace nor war: some twenty to three hundred events a day."""
    days = [0] * 10
    for incident in truth(seed):
        if incident.kind in _FIRE and incident.fired_by:
            days[_clock.day_of(incident.interval.start)] += 1
    assert 20 < sum(days) / 10 < 140
    assert max(days) > 1.6 * min(days)
    assert max(days) < 300


@pytest.mark.parametrize("seed", _SEEDS)
def test_nights_are_quieter_than_evenings(seed: int) -> None:
    """Watch officers plan by it."""
    hours = Counter(
        int(_clock.hour_of(i.interval.start))
        for i in truth(seed)
        if i.story in ("exchange", "sniper")
    )
    night = sum(hours[hour] for hour in (1, 2, 3, 4))
    evening = sum(hours[hour] for hour in (18, 19, 20, 21))
    assert evening > 2 * night


def test_fire_breeds_fire() -> None:
    """Replies come soon and near: without clusters, counting a day would be Poisson."""
    starts = sorted(
        (event.started_at, event.spot)
        for event in events(3, 10)
        if event.kind.value in ("burst", "explosion.impact")
        and event.story.value in ("exchange", "retaliation")
    )
    close = sum(
        any(
            timedelta(0) < later - moment < timedelta(hours=1)
            and gap_m(spot, place) < 4_000.0
            for later, place in starts[index + 1 : index + 15]
        )
        for index, (moment, spot) in enumerate(starts)
    )
    # Spread evenly over 185 km and 240 h, 400 events would have 7 % such followers.
    assert close / len(starts) > 0.25


@pytest.mark.parametrize("seed", _SEEDS)
def test_shells_leave_one_side_and_land_on_the_other(seed: int) -> None:
    """But for the staged shelling, which lands on its own."""
    for event in events(seed, 10):
        if event.kind.value == "explosion.outgoing":
            assert holder_at(event.spot) == event.fired_by
        if event.kind.value == "explosion.impact":
            is_own = holder_at(event.spot) == event.fired_by
            if event.story.value == "false-flag":
                assert is_own
            elif nearest_front(event.spot)[1] > 1_000.0:
                assert not is_own, event


def test_towns_are_mostly_left_alone_in_the_hours_of_their_ceasefire() -> None:
    """The clause must be met on some days and breached on others."""
    opens, closes = LOCAL_CEASEFIRE_HOURS
    inside = outside = 0
    for seed in range(1, 9):
        for event in events(seed, 10):
            near = any(
                gap_m(event.spot, town_named(name).spot) < 6_000.0
                for name in LOCAL_CEASEFIRE_TOWNS
            )
            if near and event.kind.value in _FIRE and event.fired_by:
                is_inside = opens <= _clock.hour_of(event.started_at) < closes
                inside, outside = inside + is_inside, outside + (not is_inside)
    assert 0 < inside < 0.2 * outside


@pytest.mark.parametrize("seed", _SEEDS)
def test_raids_aim_at_energy_and_ports(seed: int) -> None:
    """Most hits of a raid are within the two kilometres that the agreement protects."""
    sites = [*energy_sites(), *ports()]
    hits = [
        event
        for event in events(seed, 10)
        if event.story.value == "deep-strike" and event.kind.value == "explosion.impact"
    ]
    assert hits
    near = sum(min(gap_m(s.spot, h.spot) for s in sites) < 2_000.0 for h in hits)
    assert near > 0.5 * len(hits)


@pytest.mark.parametrize("seed", _SEEDS)
def test_guns_are_brought_up_where_a_patrol_is_denied(seed: int) -> None:
    """A denied access hides something, or nobody would care."""
    day = denied_day(seed)
    towns = [stop.town for stop in stops(seed, day) if stop.is_denied]
    assert towns
    guns = [
        event
        for event in events(seed, day + 1)
        if event.key.startswith("checkpoint/")
        and any(gap_m(event.spot, town.spot) < 4_500.0 for town in towns)
    ]
    assert len(guns) >= 3


def test_kinds_are_words_of_the_observations_room() -> None:
    """The scorers compare them with incidents' kinds."""
    for incident in truth(1):
        assert Kind(incident.kind).value == incident.kind
