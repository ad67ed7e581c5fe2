"""The sealed numbers: what is refused, and the way through JSON and back."""

import pytest

from truce.canonical import canonical_json
from truce.errors import InvalidValue
from truce.incidents import Parameters, parameters_from_json


def test_parameters_survive_sealing() -> None:
    """What is read back from the record makes the same incidents."""
    changed = Parameters(use_post_links=False, background_per_km2_day=0.7)
    assert parameters_from_json(changed.as_json()) == changed
    assert canonical_json(changed.as_json()) != canonical_json(Parameters().as_json())


def test_all_faults_are_named_together() -> None:
    """Whoever edits the numbers learns of every mistake at once."""
    with pytest.raises(InvalidValue, match=r"reach_m is 0.0.*misdated_share is 2.0"):
        Parameters(reach_m=0.0, misdated_share=2.0)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("extents_m", ((0.0, 0.5),), "expected shares that sum to 1"),
        ("group_size_max", 1, "expected 2 or more"),
        ("repeat_shares", (("f", 0.0),), "repeat share of f is 0.0"),
    ],
)
def test_a_number_outside_its_range_is_refused(
    name: str, value: object, message: str
) -> None:
    """A share of nothing would make every repeated entry impossible."""
    with pytest.raises(InvalidValue, match=message):
        Parameters(**{name: value})  # type: ignore[arg-type]  # the fault is the test


def test_an_unknown_name_is_refused() -> None:
    """A misspelt parameter must not silently leave the default in force."""
    with pytest.raises(InvalidValue, match="name backgruond, expected names among"):
        parameters_from_json({"backgruond": 1.0})
