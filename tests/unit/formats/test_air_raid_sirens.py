"""Air raid alarms, in the official and in the volunteers' layout."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.air_raid_sirens import LEVELS, Alarm, decode, encode
from truce.formats.rows import Decoded, Fault
from truce.instants import EPOCH

OFFICIAL = "oblast,raion,hromada,level,started_at,finished_at,source"
VOLUNTEER = "region,started_at,finished_at,naive"
START = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
TIMES = "2031-01-02 03:04:05+00:00,2031-01-02 03:34:05+00:00"


def _decoded(*lines: str) -> list[Alarm | Fault]:
    raw = "\n".join(lines).encode()
    return [row.value if isinstance(row, Decoded) else row for row in decode(raw)]


def test_the_official_layout_is_read() -> None:
    """The authorities name the smallest area and saw the end."""
    assert _decoded(OFFICIAL, f"Nordland,Eastshire,,raion,{TIMES},official") == [
        Alarm(
            oblast="Nordland",
            raion="Eastshire",
            level="raion",
            started_at=START,
            finished_at=START + timedelta(minutes=30),
            source="official",
        )
    ]


def test_the_volunteers_layout_is_read() -> None:
    """The volunteers name oblasts only, and say where they made up the end."""
    assert _decoded(VOLUNTEER, f"Nordland,{TIMES},True", f"Nordland,{TIMES},False") == [
        Alarm(
            oblast="Nordland",
            started_at=START,
            finished_at=START + timedelta(minutes=30),
            is_end_assumed=assumed,
        )
        for assumed in (True, False)
    ]


def test_an_alarm_that_lasts_has_no_end() -> None:
    """A live feed knows no end yet; that is not an end at once."""
    (alarm,) = _decoded(OFFICIAL, f"Nordland,,,oblast,{TIMES[:25]},,official")
    assert isinstance(alarm, Alarm)
    assert alarm.finished_at is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f",,,oblast,{TIMES},official", "oblast is empty"),
        (f"N,,,country,{TIMES},official", "level is 'country'"),
        (f"N,,,raion,{TIMES},official", "raion is empty, expected a name, because"),
        (f"N,E,,hromada,{TIMES},official", "hromada is empty, expected a name"),
        ("N,,,oblast,2031-01-02 03:04:05,,official", "expected an offset"),
    ],
)
def test_a_wrong_field_is_a_fault(row: str, reason: str) -> None:
    """An alarm without an area or a moment says nothing."""
    (fault,) = _decoded(OFFICIAL, row)
    assert isinstance(fault, Fault)
    assert reason in fault.reason


def test_a_word_for_naive_that_nobody_knows_is_a_fault() -> None:
    """Read as false, it would turn a made-up end into a seen one."""
    (fault,) = _decoded(VOLUNTEER, f"Nordland,{TIMES},yes")
    assert isinstance(fault, Fault)
    assert "naive is 'yes'" in fault.reason


def test_another_table_is_refused() -> None:
    """Both layouts have the times; a table without an area is neither."""
    with pytest.raises(InvalidDelivery, match="header lacks oblast"):
        decode(b"started_at,finished_at\n")


@pytest.mark.parametrize("is_end_assumed", [True, False])
def test_the_official_layout_cannot_say_an_assumed_end(is_end_assumed: bool) -> None:
    """Written all the same, the file would claim to have seen the end."""
    alarm = Alarm(
        oblast="N",
        level="oblast" if is_end_assumed else "",
        started_at=START,
        finished_at=START,
        is_end_assumed=is_end_assumed,
    )
    with pytest.raises(InvalidValue, match="expected a level and a seen end"):
        encode([alarm])


# What breaks a format: its own signs and other scripts. Line ends are none of this
# feed's.
_LETTERS = 'aжї,;"{\\ \t\u2028\x1f🚁'
_names = st.text(_LETTERS, max_size=6)
_filled = _names.filter(lambda text: bool(text) and not text.isspace())
_moments = st.timedeltas(timedelta(days=-7000), timedelta(days=40_000)).map(
    EPOCH.__add__
)
_alarms = st.builds(
    Alarm,
    oblast=_filled,
    raion=_filled,
    hromada=_filled,
    level=st.sampled_from(LEVELS),
    started_at=_moments,
    finished_at=st.none() | _moments,
    source=_names,
)


class TestRoundTrip:
    """decode(encode(x)) == x."""

    @given(st.lists(_alarms, max_size=5))
    def test_what_is_written_is_read_again(self, alarms: list[Alarm]) -> None:
        """An exercise writes what a feed would: the chain must read just that."""
        rows = list(decode(encode(alarms)))
        assert [row.value for row in rows if isinstance(row, Decoded)] == alarms
        assert len(rows) == len(alarms)
