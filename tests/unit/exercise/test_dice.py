"""Chance that is the same everywhere."""

import math
from collections import Counter

from truce.exercise._dice import Dice


def test_streams_are_the_same_on_every_machine() -> None:
    """These numbers were written down once: another Python must give them again."""
    dice = Dice(7, "written down", 3)
    found = [round(dice.uniform(), 12) for _ in range(3)]
    assert found == [0.502615664439, 0.662450003729, 0.892928053079]


def test_streams_of_other_names_are_other_streams() -> None:
    """A station's chance must not move because another one was added."""
    assert Dice(7, "a").uniform() != Dice(7, "b").uniform()
    assert Dice(7, "a").uniform() != Dice(8, "a").uniform()
    assert Dice(7, "a", 12).uniform() != Dice(7, "a", 1, 2).uniform()


def test_normal_has_the_sigma_asked_for() -> None:
    """Errors of sensors are drawn from it: a wrong sigma would spoil every ellipse."""
    dice = Dice(1, "normal")
    drawn = [dice.normal(3.0) for _ in range(20_000)]
    mean = sum(drawn) / len(drawn)
    sigma = math.sqrt(sum((x - mean) ** 2 for x in drawn) / len(drawn))
    assert abs(mean) < 0.1
    assert abs(sigma - 3.0) < 0.1


def test_poisson_and_exponential_have_the_means_asked_for() -> None:
    """Rates of incidents and delays of replies come from these."""
    dice = Dice(1, "counts")
    counts = [dice.poisson(2.5) for _ in range(20_000)]
    waits = [dice.exponential(4.0) for _ in range(20_000)]
    assert abs(sum(counts) / len(counts) - 2.5) < 0.06
    assert abs(sum(waits) / len(waits) - 4.0) < 0.15


def test_weighted_follows_the_weights() -> None:
    """Weight nought is never picked, thrice the weight thrice as often."""
    dice = Dice(1, "weights")
    things = [("never", 0.0), ("once", 1.0), ("thrice", 3.0)]
    found = Counter(dice.weighted(things) for _ in range(8_000))
    assert found["never"] == 0
    assert 2.7 < found["thrice"] / found["once"] < 3.3


def test_whole_reaches_both_ends() -> None:
    """A die of six has a one and a six."""
    dice = Dice(1, "six")
    assert {dice.whole(1, 6) for _ in range(400)} == {1, 2, 3, 4, 5, 6}


def test_shuffled_keeps_every_thing() -> None:
    """A patrol's day must visit towns in another order, not lose one."""
    order = Dice(1, "order").shuffled(range(10))
    assert sorted(order) == list(range(10))
    assert order != list(range(10))
