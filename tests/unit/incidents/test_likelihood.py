"""The Bayes factor: two ways to compute it, and what moves it."""

import math

import numpy as np
import pytest
from tests.unit.incidents.invented_reports import heat, report

from truce.incidents import Parameters, likelihood
from truce.incidents.evidence import Evidence, evidence_from_observation
from truce.incidents.grouping import divide
from truce.incidents.likelihood import log_factors, sums_from_evidence
from truce.observations.model import Observation

PARAMETERS = Parameters()


def evidence(*reports: Observation) -> list[Evidence]:
    """The reports, prepared for weighing."""
    return [evidence_from_observation(one, PARAMETERS) for one in reports]


def pair_factor(
    a: Observation, b: Observation, parameters: Parameters = PARAMETERS
) -> float:
    """The factor of two reports, texts included."""
    one, other = evidence(a, b)
    return likelihood.pair_factor(one, other, parameters)


def factor(*reports: Observation) -> float:
    """The factor of all reports being one event, texts left out."""
    rows, scale = sums_from_evidence(evidence(*reports), PARAMETERS)
    return float(log_factors(rows.total(), scale)[0])


@pytest.mark.parametrize(
    "other",
    [
        report("b", feed="s", east_m=80.0),
        report("b", feed="s", north_m=-150.0, sigma_m=200.0),
        report("b", feed="s", east_m=60.0, day=1.0),
        report("b", feed="s", east_m=60.0, day=0.3, hours=2.0),
        heat("b", day=0.7, east_m=300.0),
    ],
)
def test_the_pair_and_the_group_give_the_same_factor(other: Observation) -> None:
    """Links are found by one formula and groups weighed by another: were they to
    differ, a component could miss a pair that belongs together.
    """
    one = report("a")
    pair = pair_factor(one, other)
    assert factor(one, other) == pytest.approx(pair, abs=0.02)


def test_a_single_report_has_the_factor_zero() -> None:
    """One report is one event by definition: nothing to gain."""
    assert factor(report("a")) == pytest.approx(0.0, abs=1e-6)
    assert factor(heat("a", day=0.0)) == pytest.approx(0.0, abs=1e-6)


def test_the_factor_is_what_the_formula_says_for_two_points() -> None:
    """Two reports at one spot and day: the density of their difference over the
    background, worked out by hand.
    """
    sharp = Parameters(extents_m=((0.0, 1.0),), clock_slack_s=1e-3)
    a, b = (
        evidence_from_observation(one, sharp)
        for one in (report("a"), report("b", feed="s"))
    )
    density_km2 = 1.0 / (2.0 * math.pi * 2.0 * 0.05**2)
    dated = 1.0 - sharp.misdated_share
    expected = math.log(density_km2 * dated**2 / sharp.background_per_km2_day)
    assert likelihood.pair_factor(a, b, sharp) == pytest.approx(expected, abs=1e-3)


def test_the_factor_falls_with_distance_and_with_background() -> None:
    """Where many events are, nearness proves less."""
    near, far = (pair_factor(report("a"), report("b", east_m=d)) for d in (20.0, 200.0))
    assert near > far
    busy = Parameters(background_per_km2_day=4.0)
    crowded = pair_factor(report("a"), report("b", east_m=20.0), busy)
    assert crowded == pytest.approx(near - math.log(10.0), abs=1e-9)


def test_missing_heat_weighs_almost_nothing_and_heat_is_worth_its_share() -> None:
    """95 % of strikes show no heat: seeing it must overcome that share, and not seeing
    it is no term at all.
    """
    pair = (report("a"), heat("b", day=0.7))
    common = Parameters(thermal_share_of_strikes=0.5)
    gained = pair_factor(*pair, common) - pair_factor(*pair)
    assert gained == pytest.approx(math.log(0.5 / (188 / 3856)))


def test_two_voices_of_one_feed_with_the_same_words_count_once() -> None:
    """A feed that enters one text seven times says it once: the neighbour with other
    words is no further away for it.
    """
    copies = [report(f"a{k}", text="Apartment block hit by missile") for k in range(7)]
    other = report("b", feed="s", east_m=100.0, text="Crater beside an apartment block")
    all_linked = np.ones((8, 8), dtype=np.bool_)
    found = divide(evidence(*copies, other), all_linked, PARAMETERS)
    assert found == [list(range(8))]


def test_a_precise_place_is_never_believed_below_the_floor() -> None:
    """A source that claims a centimetre still filmed from a street corner."""
    (one,) = evidence(report("a", sigma_m=0.01))
    assert one.sigma_m == PARAMETERS.sigma_floor_m
