"""Verdicts beside coded outcomes: counts that add up and intervals that are honest."""

import itertools

import pytest

from truce.compliance.model import Verdict
from truce.errors import InvalidValue
from truce.identifiers import AgreementId
from truce.scoring.corridors import (
    CorridorRow,
    Outcome,
    confusion,
    outcome_from_word,
    wilson_share,
)


def _row(verdict: Verdict, outcome: Outcome, *, hours: bool = True) -> CorridorRow:
    return CorridorRow(
        agreement=AgreementId("corridor-2022-1"),
        verdict=verdict,
        reason="",
        reason_key="",
        incidents=(),
        has_stated_hours=hours,
        outcome=outcome,
    )


def test_the_table_has_every_cell_and_adds_up() -> None:
    """One corridor of every kind, once with and once without hours: 16 and 16 make
    32."""
    pairs = list(itertools.product(Verdict, Outcome))
    rows = [_row(*pair, hours=hours) for pair in pairs for hours in (True, False)]
    result = confusion(rows)

    assert {name: group["rows"] for name, group in result.items()} == {  # type: ignore[index,call-overload]  # JSON
        "all": 32,
        "hours_known": 16,
        "hours_unknown": 16,
    }
    assert result["hours_known"] == result["hours_unknown"]
    table = result["hours_known"]["table"]  # type: ignore[index,call-overload]  # JSON
    assert table == {v.value: {o.value: 1 for o in Outcome} for v in Verdict}


def test_disputed_and_unknown_outcomes_count_in_no_share() -> None:
    """Three breached corridors, coded violated, disputed and unknown: one of one
    violated."""
    rows = [
        _row(Verdict.BREACHED, outcome)
        for outcome in (Outcome.VIOLATED, Outcome.DISPUTED, Outcome.UNKNOWN)
    ]
    group = confusion(rows)["all"]
    assert isinstance(group, dict)

    assert group["decided_of_coded"] == group["breached_of_violated"]
    assert isinstance(group["breached_of_violated"], dict)
    assert group["breached_of_violated"]["of"] == 1
    assert group["breached_of_successful"] == {
        "count": 0,
        "of": 0,
        "low95": None,
        "high95": None,
    }


def test_no_rows_give_empty_tables() -> None:
    """A record without corridors: zeros, and no share of nothing."""
    group = confusion([])["all"]
    assert isinstance(group, dict)

    assert group["rows"] == 0
    assert wilson_share(0, 0).low95 is None


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Worked by hand from the formula; 0 of 10 and 10 of 10 are the classical check.
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634)],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    """Five violated corridors are few: the interval must say how little that tells."""
    share = wilson_share(count, of)

    assert share.low95 == pytest.approx(low, abs=5e-5)
    assert share.high95 == pytest.approx(high, abs=5e-5)


def test_a_share_of_more_than_all_is_refused() -> None:
    """Eleven of ten is a slip in the counting, not a share."""
    with pytest.raises(InvalidValue, match="11 of 10 is no share"):
        wilson_share(11, 10)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("successful", Outcome.SUCCESSFUL),
        (" Disputed ", Outcome.DISPUTED),
        ("unsuccessful/disrupted", Outcome.VIOLATED),
        ("proposed route/outcome unknown", Outcome.UNKNOWN),
        ("", Outcome.UNKNOWN),
    ],
)
def test_the_collectors_words_are_read(word: str, outcome: Outcome) -> None:
    """Disputed is no violation: each side said something else."""
    assert outcome_from_word(word) is outcome


def test_a_new_word_is_not_guessed() -> None:
    """A word that the collectors did not use before must be read by a person."""
    with pytest.raises(InvalidValue, match="outcome word is 'partly successful'"):
        outcome_from_word("partly successful")
