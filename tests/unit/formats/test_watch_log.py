"""Our own watch log: what monitors watched, and what they saw."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats.rows import Decoded, Fault
from truce.formats.watch_log import (
    ROLES,
    LogEntry,
    Sighting,
    Watched,
    decode,
    encode,
)
from truce.instants import EPOCH

HEADER = '{"type": "log", "stated_by": "Mission", "feed_version": 1}'
START = datetime(2031, 5, 6, 7, tzinfo=UTC)
WATCH = {
    "type": "watch",
    "observer": "P-3",
    "role": "patrol",
    "lat": 1.5,
    "lon": 2.5,
    "range_m": 3000,
    "from": "2031-05-06T07:00:00Z",
    "to": "2031-05-06T09:00:00Z",
    "detection_probability": 0.8,
}
SIGHTING = {
    "type": "sighting",
    "observer": "P-3",
    "role": "patrol",
    "id": "17",
    "at": "2031-05-06T07:00:00Z",
    "lat": 1.5,
    "lon": 2.5,
    "sigma_m": 400,
    "kind": "explosion",
}


def _decoded(*members: dict[str, object]) -> list[LogEntry | Fault]:
    raw = "\n".join([HEADER, *map(json.dumps, members)]).encode()
    return [row.value if isinstance(row, Decoded) else row for row in decode(raw)]


def test_a_watch_and_a_sighting_are_read() -> None:
    """Looking and seeing are two lines: without the first, quiet and blind look
    alike."""
    watch, sighting = _decoded(WATCH, SIGHTING)
    assert watch == LogEntry(
        stated_by="Mission",
        entry=Watched(
            observer="P-3",
            role="patrol",
            lat_deg=1.5,
            lon_deg=2.5,
            range_m=3000.0,
            start=START,
            end=START + timedelta(hours=2),
            detection_probability=0.8,
        ),
    )
    assert sighting == LogEntry(
        stated_by="Mission",
        entry=Sighting(
            observer="P-3",
            role="patrol",
            id="17",
            start=START,
            end=START,
            lat_deg=1.5,
            lon_deg=2.5,
            sigma_m=400.0,
            kind="explosion",
        ),
    )


def test_members_that_nobody_knows_are_let_be() -> None:
    """A newer sensor writes more; its known members are worth reading today."""
    plain, more = _decoded(WATCH, WATCH | {"lens_mm": 200})
    assert plain == more


def test_unknown_members_make_another_row() -> None:
    """What the source said is the row, whether we understand it or not."""
    raw = "\n".join([HEADER, json.dumps(WATCH), json.dumps(WATCH | {"x": 1})])
    first, second = decode(raw.encode())
    assert isinstance(first, Decoded)
    assert isinstance(second, Decoded)
    assert first.content != second.content


def test_the_order_of_members_makes_no_other_row() -> None:
    """Two writers of the same line differ in blanks and order only."""
    raw = "\n".join(
        [
            HEADER,
            json.dumps(WATCH),
            json.dumps(dict(reversed(WATCH.items())), indent=None),
        ]
    )
    first, second = decode(raw.encode())
    assert isinstance(first, Decoded)
    assert isinstance(second, Decoded)
    assert first.content == second.content


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"type": "mood"}, "type is 'mood', expected one of sighting, watch"),
        (WATCH | {"role": "satellite"}, "role is 'satellite'"),
        (WATCH | {"detection_probability": 1.5}, "expected a number from 0 to 1"),
        (WATCH | {"range_m": 0}, "range_m is '0'"),
        (WATCH | {"to": None}, "to is empty"),
        (SIGHTING | {"sigma_m": None}, "both or neither of sigma_m"),
        (SIGHTING | {"semi_major_m": 5}, "both or neither of sigma_m"),
        (SIGHTING | {"at": None, "from": "2031-05-06T07:00:00Z"}, "to is empty"),
        (SIGHTING | {"reliability": "B"}, "expected both or none"),
        (SIGHTING | {"reliability": "X", "credibility": 1}, "reliability is 'X'"),
        (SIGHTING | {"count": -1}, "count is '-1'"),
        (SIGHTING | {"id": ""}, "id is empty"),
        (
            SIGHTING | {"lat": "north", "kind": ""},
            "lat is 'north', expected a number; kind is empty",
        ),
    ],
)
def test_a_line_that_cannot_be_meant_is_a_fault(
    members: dict[str, object], reason: str
) -> None:
    """A bad line costs only itself, and names everything that is wrong with it."""
    fault, watch = _decoded(members, WATCH)
    assert isinstance(fault, Fault)
    assert fault.line == 2
    assert reason in fault.reason
    assert isinstance(watch, LogEntry)


@pytest.mark.parametrize("line", ["[1]", "{", "7", '{"type": "watch", "type": "log"}'])
def test_a_line_that_is_no_object_is_a_fault(line: str) -> None:
    """The lines around it are read."""
    fault, watch = decode(f"{HEADER}\n{line}\n{json.dumps(WATCH)}\n".encode())
    assert isinstance(fault, Fault)
    assert isinstance(watch, Decoded)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (json.dumps(WATCH), "first line is"),
        ("observer,lat,lon", "looks like a table or text"),
        ("<html>", "looks like HTML"),
        (HEADER.replace("1}", "2}"), "feed_version 2, expected 1"),
        (HEADER.replace("1}", "true}"), "feed_version True, expected 1"),
        (HEADER.replace("Mission", " "), "stated_by is ' ', expected a text"),
    ],
)
def test_a_file_without_its_header_is_refused_whole(header: str, found: str) -> None:
    """Nobody stands for a log that does not say whose it is."""
    with pytest.raises(InvalidDelivery, match=found):
        decode(f"{header}\n{json.dumps(WATCH)}\n".encode())


# What breaks a format: its own signs, line ends of all kinds, other scripts.
_LETTERS = 'aжї,;"{\\ \t\n\r\u2028\x1f🚁'
_texts = st.text(_LETTERS, max_size=6)
_filled = _texts.filter(lambda text: bool(text) and not text.isspace())
_moments = st.timedeltas(timedelta(days=-7000), timedelta(days=40_000)).map(
    EPOCH.__add__
)
_metres = st.floats(0.001, 2e7)
_where = {"lat_deg": st.floats(-90, 90), "lon_deg": st.floats(-180, 180)}
_who = {"observer": _filled, "role": st.sampled_from(ROLES)}
_watched = st.builds(
    Watched,
    **_who,
    **_where,
    id=_texts,
    range_m=_metres,
    start=_moments,
    end=_moments,
    detection_probability=st.floats(0, 1),
)
_said = {
    **_who,
    **_where,
    "id": _filled,
    "start": _moments,
    "end": _moments,
    "kind": _filled,
    "count": st.none() | st.integers(0, 1_000_000),
    "weapon": _texts,
    "text": _texts,
}
_rounds = st.builds(Sighting, **_said, sigma_m=_metres)
_ellipses = st.builds(
    Sighting,
    **_said,
    semi_major_m=_metres,
    semi_minor_m=_metres,
    bearing_deg=st.floats(0, 360),
    reliability=st.sampled_from("ABCDEF"),
    credibility=st.integers(1, 6),
)


class TestRoundTrip:
    """decode(encode(x)) == x."""

    @given(_filled, st.lists(_watched | _rounds | _ellipses, max_size=5))
    def test_what_is_written_is_read_again(
        self, stated_by: str, entries: list[Watched | Sighting]
    ) -> None:
        """A mission's own log must come through the chain as it was written."""
        rows = list(decode(encode(entries, stated_by=stated_by)))
        assert [row.value for row in rows if isinstance(row, Decoded)] == [
            LogEntry(stated_by=stated_by, entry=entry) for entry in entries
        ]
        assert [row.line for row in rows] == list(range(2, len(entries) + 2))
