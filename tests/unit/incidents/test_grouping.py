"""The division that is found, against all divisions there are."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from tests.unit.incidents.invented_reports import report

from truce.incidents import Parameters
from truce.incidents.evidence import Evidence, evidence_from_observation
from truce.incidents.grouping import divide, total_factor

PARAMETERS = Parameters(repeat_shares=(("curated", 0.02),))
_TEXTS = ("", "School 7 hit", "Market burning", "Crater by the school", "Two killed")
_WORLDS = 40
_REPORTS = 7


def world(chance: random.Random) -> list[Evidence]:
    """Seven reports in a few streets: it is not plain who belongs where."""
    return [
        evidence_from_observation(
            report(
                f"r{k}",
                feed=chance.choice(("curated", "crowd", "news")),
                east_m=chance.uniform(0.0, 450.0),
                sigma_m=chance.choice((40.0, 80.0)),
                text=chance.choice(_TEXTS),
            ),
            PARAMETERS,
        )
        for k in range(_REPORTS)
    ]


def divisions(count: int) -> Iterator[list[list[int]]]:
    """Every way to divide so many reports into groups."""
    if count == 0:
        yield []
        return
    for smaller in divisions(count - 1):
        yield [*smaller, [count - 1]]
        for k in range(len(smaller)):
            joined = [list(group) for group in smaller]
            joined[k].append(count - 1)
            yield joined


def best_and_found(seed: int) -> tuple[float, float]:
    """The largest total of all divisions, and that of the one found."""
    evidence = world(random.Random(seed))
    all_linked = np.ones((_REPORTS, _REPORTS), dtype=np.bool_)
    found = divide(evidence, all_linked, PARAMETERS)
    worth: dict[tuple[int, ...], float] = {}

    def total(groups: list[list[int]]) -> float:
        for group in groups:
            if tuple(group) not in worth:
                worth[tuple(group)] = total_factor([group], evidence, PARAMETERS)
        return sum(worth[tuple(group)] for group in groups)

    return max(map(total, divisions(_REPORTS))), total(found)


def test_the_division_found_is_nearly_always_the_best() -> None:
    """Of 877 divisions of seven reports the best is found in nine worlds of ten, and
    one close to it in the rest.
    """
    results = [best_and_found(seed) for seed in range(_WORLDS)]
    missed = [best - found for best, found in results if best - found > 1e-3]
    assert len(missed) <= _WORLDS // 10, missed
    assert max(missed, default=0.0) < 1.5


@pytest.mark.parametrize("seed", [1, 31, 45])
def test_a_report_that_was_merged_too_early_is_moved(seed: int) -> None:
    """Merging alone paints itself into corners: in these worlds the best division is
    only found by moving a report from one event to another.
    """
    best, found = best_and_found(seed)
    assert abs(best - found) < 1e-3
