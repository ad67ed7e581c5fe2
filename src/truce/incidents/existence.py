"""How probable it is that an event happened, from who says so and who denies it."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from truce.observations.model import Grade, Observation

# How often a source of this reliability, and a report of this credibility, proves
# right. Midpoints of the words of the scale ("usually reliable", "possibly true"), as
# analysts put numbers to them. Source: the scale is NATO AJP-2.1; the figures are those
# of Samet 1975 (ARI Technical Paper 260) rounded to .05, for E, 5 and 6 lowered or
# raised to what the words say.
RELIABILITY_SHARES: Final = {
    "A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.30, "F": 0.50
}  # fmt: skip
CREDIBILITY_SHARES: Final = {1: 0.95, 2: 0.85, 3: 0.70, 4: 0.50, 5: 0.25, 6: 0.50}
# Sources err together: they film one hoax, they read one map. However many there are,
# this much doubt is left on either side.
CERTAINTY_MAX: Final = 0.995
_DIGITS: Final = 4


def share_true(grade: Grade) -> float:
    """How often a report of this grade is true, in (0, 1)."""
    reliability = RELIABILITY_SHARES[grade.reliability]
    return (reliability + CREDIBILITY_SHARES[grade.credibility]) / 2.0


def _log_odds(share: float) -> float:
    return math.log(share / (1.0 - share))


def probability_of(
    witnesses: Sequence[Iterable[Observation]], denials: Sequence[Iterable[Observation]]
) -> float:
    """The probability that it happened, in [0.005, 0.995].

    A witness is worth its best report. Further witnesses add to the best one; one that
    is worth less than an even chance takes nothing away, for it denies nothing. A
    denial takes away what its grade is worth, and one below an even chance nothing.
    """
    worth = sorted(
        (max(_log_odds(share_true(o.grade)) for o in witness) for witness in witnesses),
        reverse=True,
    )
    denied = sum(
        max(0.0, *(_log_odds(share_true(o.grade)) for o in witness))
        for witness in denials
    )
    odds = worth[0] + sum(max(0.0, more) for more in worth[1:]) - denied
    probability = 1.0 / (1.0 + math.exp(-odds))
    return round(min(CERTAINTY_MAX, max(1.0 - CERTAINTY_MAX, probability)), _DIGITS)


__all__ = [
    "CERTAINTY_MAX",
    "CREDIBILITY_SHARES",
    "RELIABILITY_SHARES",
    "probability_of",
    "share_true",
]
