"""Chance that is the same on every machine: named streams from one seed.

Only `random.Random.random()` is drawn from, because it is the one call whose sequence
Python promises to keep between versions (NumPy promises it for its bit generators, not
for its distributions); everything else is computed from it here.
"""

import hashlib
import math
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """One stream of chance. Streams with different names are independent of each other.

    What happens on one day or at one post draws from its own stream, so a change to one
    never shifts the others, and the first days of a long play are those of a short one.
    """

    __slots__ = ("_random",)

    def __init__(self, seed: int, *name: str | int) -> None:
        text = "/".join(str(part) for part in (seed, *name))
        digest = hashlib.sha256(text.encode()).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """Anything from `low` up to but not including `high`."""
        return low + (high - low) * self._random.random()

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self._random.random() < probability

    def normal(self, sigma: float = 1.0) -> float:
        """A normal number about zero (Box and Muller 1958)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self._random.random()))
        return sigma * radius * math.cos(2.0 * math.pi * self._random.random())

    def lognormal(self, median: float, spread: float) -> float:
        """A positive number with this median; `spread` is its logarithm's sigma."""
        return median * math.exp(self.normal(spread))

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -mean * math.log(1.0 - self._random.random())

    def poisson(self, mean: float) -> int:
        """A count with this mean (Knuth's product; for means below some 500)."""
        limit, product, count = math.exp(-mean), self._random.random(), 0
        while product > limit:
            product *= self._random.random()
            count += 1
        return count

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of the things, each as likely as the next."""
        return things[int(self._random.random() * len(things))]

    def weighted(self, things: Sequence[tuple[T, float]]) -> T:
        """One of the things, as likely as its weight."""
        mark = self._random.random() * sum(weight for _, weight in things)
        for thing, weight in things:
            mark -= weight
            if mark < 0.0:
                return thing
        return things[-1][0]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The things in another order (Fisher and Yates)."""
        order = list(things)
        for index in range(len(order) - 1, 0, -1):
            other = int(self._random.random() * (index + 1))
            order[index], order[other] = order[other], order[index]
        return order


__all__ = ["Dice"]
