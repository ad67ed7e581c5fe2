"""The members of a JSON object read into typed values."""

import pytest

from truce.errors import InvalidValue
from truce.formats.members import Members, json_from_line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ('{"a": -Infinity}', "-Infinity is no JSON number"),
        ('{"a": 1, "a": 2}', "more than once"),
        ("[" * 100_000, "too deep"),
        ('{"a": ' + "9" * 10_000 + "}", "is not JSON"),
    ],
)
def test_what_is_no_plain_json_is_refused(line: str, reason: str) -> None:
    """Readers disagree on each of these, so what was signed would be disputed."""
    with pytest.raises(InvalidValue, match=reason):
        json_from_line(line)


def test_members_of_the_wrong_kind_are_all_named() -> None:
    """A number in quotes and a truth value for a number are faults, not guesses."""
    members = Members({"lat": "1.5", "lon": True, "who": 3, "n": 1.5, "big": 10**400})
    members.number_of("lat")
    members.number_of("lon")
    members.text_of("who")
    members.whole_or_none("n", low=0, high=9)
    members.number_of("big")
    members.text_of("absent", is_required=True)
    assert [fault.split()[0] for fault in members.faults] == [
        "lat",
        "lon",
        "who",
        "n",
        "big",
        "absent",
    ]


def test_absent_members_are_not_zero() -> None:
    """No count is another thing than a count of none."""
    members = Members({"count": 0, "null": None})
    assert members.whole_or_none("count", low=0, high=9) == 0
    assert members.whole_or_none("null", low=0, high=9) is None
    assert members.number_or_none("absent") is None
    assert members.text_of("absent") == ""
    assert not members.faults


def test_half_a_character_is_refused() -> None:
    """JSON can write half of a pair, which no file can hold and no hash can cover."""
    members = Members({"text": "\ud83d"})
    members.text_of("text")
    assert "whole characters" in members.faults[0]
