"""NASA FIRMS files of hot pixels."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats.firms import Anomaly, decode, encode
from truce.formats.rows import Decoded, Fault
from truce.instants import EPOCH

HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)
ROW = "1.25,2.5,310.5,1.2,1.1,2031-05-06,0906,Aqua,MODIS,55,9.9,280.5,7.5,D"


def _decoded(*lines: str) -> list[Anomaly | Fault]:
    raw = "\n".join(lines).encode()
    return [row.value if isinstance(row, Decoded) else row for row in decode(raw)]


def test_a_row_without_type_is_read() -> None:
    """The near-real-time file does not say what burned: that is unknown, not
    vegetation."""
    assert _decoded(HEADER, ROW) == [
        Anomaly(
            lat_deg=1.25,
            lon_deg=2.5,
            brightness_k=310.5,
            scan_km=1.2,
            track_km=1.1,
            acquired_at=datetime(2031, 5, 6, 9, 6, tzinfo=UTC),
            satellite="Aqua",
            instrument="MODIS",
            confidence="55",
            version="9.9",
            background_k=280.5,
            frp_mw=7.5,
            is_day=True,
            type_code=None,
        )
    ]


def test_the_names_of_viirs_channels_are_known() -> None:
    """The agency's own VIIRS files call the two channels by other names."""
    header = HEADER.replace("brightness", "bright_ti4").replace(
        "bright_t31", "bright_ti5"
    )
    (anomaly,) = _decoded(header, ROW.replace(",55,", ",n,"))
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.brightness_k, anomaly.confidence) == (310.5, "n")


@pytest.mark.parametrize(
    ("text", "minutes"), [("0906", 546), ("906", 546), ("5", 5), ("0000", 0)]
)
def test_a_time_may_have_lost_its_zeros(text: str, minutes: int) -> None:
    """A spreadsheet makes 0906 into 906: still six past nine, never 90:6."""
    (anomaly,) = _decoded(HEADER, ROW.replace("0906", text))
    assert isinstance(anomaly, Anomaly)
    at = anomaly.acquired_at
    assert at.hour * 60 + at.minute == minutes


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("0906", "2460", "acq_time is '2460', expected a time as HHMM"),
        ("0906", "9:06", "acq_time is '9:06'"),
        ("0906", "", "acq_time is empty"),
        (",55,", ",x,", "confidence is 'x', expected 0 to 100, or one of l, n, h"),
        (",55,", ",101,", "confidence is '101'"),
        ("1.25,", "95,", "latitude is '95', expected a number from -90 to 90"),
        ("7.5,D", "nan,D", "frp is 'nan', expected a number"),
        ("7.5,D", "7.5,X", "daynight is 'X', expected one of D, N"),
        (",1.2,", ",0,", "scan is '0', expected a number from 0.01 to 20"),
    ],
)
def test_a_wrong_field_is_a_fault(good: str, bad: str, reason: str) -> None:
    """Each field that places or times the pixel is checked before it is believed."""
    (fault,) = _decoded(HEADER, ROW.replace(good, bad))
    assert isinstance(fault, Fault)
    assert reason in fault.reason


def test_another_table_is_refused() -> None:
    """A table of alarms handed in as FIRMS is no day without fires."""
    with pytest.raises(InvalidDelivery, match="header lacks latitude"):
        decode(b"region,started_at,finished_at\n")


# What breaks a format: its own signs and other scripts. Line ends are none of this
# feed's.
_LETTERS = 'aжї,;"{\\ \t\u2028\x1f🚁'
_words = st.text(_LETTERS, max_size=6, min_size=1).filter(
    lambda text: not text.isspace()
)
_minutes = (
    st.timedeltas(timedelta(days=-7000), timedelta(days=40_000))
    .map(EPOCH.__add__)
    .map(lambda at: at.replace(second=0, microsecond=0))
)
_anomalies = st.builds(
    Anomaly,
    lat_deg=st.floats(-90, 90),
    lon_deg=st.floats(-180, 180),
    brightness_k=st.floats(0, 1e4),
    scan_km=st.floats(0.01, 20),
    track_km=st.floats(0.01, 20),
    acquired_at=_minutes,
    satellite=_words,
    instrument=_words,
    confidence=st.sampled_from(["0", "55", "100", "l", "n", "h"]),
    version=st.text(_LETTERS, max_size=6),
    background_k=st.floats(0, 1e4),
    frp_mw=st.floats(-1e3, 1e5),
    is_day=st.booleans(),
    type_code=st.none() | st.integers(0, 3),
)


class TestRoundTrip:
    """decode(encode(x)) == x."""

    @given(st.lists(_anomalies, max_size=5))
    def test_what_is_written_is_read_again(self, anomalies: list[Anomaly]) -> None:
        """An exercise writes what a feed would: the chain must read just that."""
        rows = list(decode(encode(anomalies)))
        assert [row.value for row in rows if isinstance(row, Decoded)] == anomalies
        assert len(rows) == len(anomalies)
