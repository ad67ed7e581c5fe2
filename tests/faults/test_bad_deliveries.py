"""Deliveries that are damaged, mistaken or hostile: nothing crashes, nothing vanishes.

Whatever the bytes are, a reading answers; every row found is in exactly one bin; and a
bad row changes nothing but itself.
"""

import gzip
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats import (
    air_raid_sirens,
    deliveries,
    firms,
    party_claims,
    ucdp_ged,
    watch_log,
)
from truce.formats.tables import ROW_CHARS_MAX, encode_table
from truce.gazetteer import Gazetteer, gazetteer_from_bytes
from truce.identifiers import FeedName, StatementIndex
from truce.observations.context import Bounds, ReadingContext
from truce.observations.model import Reading
from truce.observations.read import FEEDS, read

RECEIVED_AT = datetime(2031, 5, 6, 12, tzinfo=UTC)
SEEN_AT = datetime(2031, 5, 6, 7, tzinfo=UTC)
# Places of the invented land lie at 1-2 north and 5-6 east: swapped, they lie outside
# it.
LAND = Bounds(name="Nordland", south_deg=0, north_deg=4, west_deg=4, east_deg=9)
ROWS = 12


def _gazetteer() -> Gazetteer:
    head = "kind id name_en name_uk name_ru other_names lat lon radius_m parent_id "
    head += "population"
    lines = [
        head.replace(" ", "\t"),
        "country\t1\tNorden\t\t\t\t1.5\t5.5\t200000\t\t0",
        "province\t2\tNordland\t\t\t\t1.5\t5.5\t80000\t1\t0",
        "settlement\t3\tElm\t\t\t\t1.5\t5.5\t2000\t2\t900",
    ]
    return gazetteer_from_bytes(("\n".join(lines) + "\n").encode())


CONTEXT = ReadingContext(
    statement=StatementIndex(0),
    received_at=RECEIVED_AT,
    gazetteer=_gazetteer(),
    bounds=LAND,
)


def _firms() -> bytes:
    return firms.encode(
        firms.Anomaly(
            lat_deg=1.0 + n / 100,
            lon_deg=5.0,
            brightness_k=310.0,
            scan_km=1.2,
            track_km=1.1,
            acquired_at=SEEN_AT,
            satellite="Aqua",
            instrument="MODIS",
            confidence="55",
            version="9.9",
            background_k=280.0,
            frp_mw=7.5,
            is_day=True,
        )
        for n in range(ROWS)
    )


def _sirens() -> bytes:
    return air_raid_sirens.encode(
        air_raid_sirens.Alarm(
            oblast="Nordland",
            level="oblast",
            started_at=SEEN_AT + timedelta(minutes=n),
            finished_at=SEEN_AT + timedelta(minutes=n + 30),
            source="official",
        )
        for n in range(ROWS)
    )


def _ucdp() -> bytes:
    event = dict.fromkeys(ucdp_ged.COLUMNS.names, "1")
    event |= {"source_article": '"Herald,2031-05-04,Two die"', "source_headline": "Two"}
    event |= {"date_start": "2031-05-03", "date_end": "2031-05-03", "longitude": "5"}
    return encode_table(
        ucdp_ged.COLUMNS.names,
        [tuple((event | {"id": f"90{n}"}).values()) for n in range(ROWS)],
    )


def _watch_log() -> bytes:
    sighting = watch_log.Sighting(
        observer="P-3",
        role="patrol",
        id="0",
        start=SEEN_AT,
        end=SEEN_AT,
        lat_deg=1.5,
        lon_deg=5.5,
        sigma_m=400.0,
        kind="explosion",
    )
    entries = [replace(sighting, id=f"n{n}") for n in range(ROWS)]
    return watch_log.encode(entries, stated_by="Mission")


def _claims() -> bytes:
    return party_claims.encode(
        party_claims.Claim(
            claim_id=f"c{n}",
            stated_at=SEEN_AT,
            party="Nordland",
            asserts="occurred",
            kind="shelling",
            start=SEEN_AT,
            end=SEEN_AT,
            disc=party_claims.Disc(lat_deg=1.5, lon_deg=5.5, radius_m=500.0),
        )
        for n in range(ROWS)
    )


GOOD: dict[FeedName, Callable[[], bytes]] = {
    FeedName("firms"): _firms,
    FeedName("air_raid_sirens"): _sirens,
    FeedName("ucdp_ged"): _ucdp,
    FeedName("watch_log"): _watch_log,
    FeedName("party_claims"): _claims,
}
feeds = pytest.mark.parametrize("feed", sorted(GOOD))


def _counted(feed: FeedName, raw: bytes) -> Reading:
    """Reads, and checks that every row found is in exactly one bin."""
    reading = read(feed, raw, CONTEXT)
    lines = [row.line for row in reading.observations]
    lines += [row.line for row in reading.watches]
    lines += [row.line for row in reading.notices]
    lines += [row.line for row in reading.quarantined]
    lines += reading.duplicate_lines
    lines += reading.silent_lines
    assert len(lines) == reading.rows_read
    assert len(set(lines)) == len(lines), "no line is in two bins"
    assert all(row.reason for row in reading.quarantined)
    return reading


def _unreadable(feed: FeedName, raw: bytes) -> str:
    """Reads what cannot be read, and answers with the reason."""
    reading = _counted(feed, raw)
    assert reading.rows_read == 1
    (line,) = reading.quarantined
    return line.reason


@feeds
def test_the_good_delivery_is_good(feed: FeedName) -> None:
    """The rest of this file damages it: undamaged, every row must be read."""
    reading = _counted(feed, GOOD[feed]())
    assert len(reading.observations) == reading.rows_read == ROWS


@feeds
def test_packed_and_plain_give_the_same_reading(feed: FeedName) -> None:
    """How the bytes were carried changes nothing of what they say."""
    raw = GOOD[feed]()
    assert _counted(feed, gzip.compress(raw)) == _counted(feed, raw)


@feeds
def test_a_gzip_cut_short_changes_nothing(feed: FeedName) -> None:
    """The rows before the cut could be read; believed, they would pass for the
    whole."""
    reason = _unreadable(feed, gzip.compress(GOOD[feed]())[:-9])
    assert "gzip is damaged" in reason
    assert "fetch it again" in reason


@feeds
def test_a_wrong_encoding_changes_nothing(feed: FeedName) -> None:
    """Saved as UTF-16 by some editor, the file is named for what it is."""
    text = GOOD[feed]().decode()
    assert "UTF-16" in _unreadable(feed, text.encode("utf-16"))


@feeds
@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><h1>502 Bad Gateway</h1>", "HTML"),
        (b'[{"id": 1}]', r"JSON|first line is"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x00" * 100, "NUL"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_named(
    raw: bytes, found: str, feed: FeedName
) -> None:
    """An error page saved under the feed's name is not a day without events."""
    reason = _unreadable(feed, raw)
    assert reason.startswith("unreadable: ")
    assert re.search(found, reason)


@feeds
def test_the_file_of_another_feed_is_refused(feed: FeedName) -> None:
    """The files of two feeds exchanged: neither is read as the other."""
    for other in sorted(set(GOOD) - {feed}):
        assert "unreadable" in _unreadable(feed, GOOD[other]())


@feeds
def test_a_gzip_bomb_stops_early(
    feed: FeedName, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousandth of its size on the wire, it must not fill the memory."""
    monkeypatch.setattr(deliveries, "EXPANDED_BYTES_MAX", 1024 * 1024)
    bomb = gzip.compress(b"9" * (8 * 1024 * 1024))
    assert len(bomb) < 10_000
    assert "unpacks to more, expected at most 1,048,576" in _unreadable(feed, bomb)


@feeds
def test_an_overlong_line_from_a_gzip_costs_only_itself(feed: FeedName) -> None:
    """A line of a megabyte hides in a few packed kilobytes among good rows."""
    head, row, *rest = GOOD[feed]().split(b"\n")
    long = row + b"9" * ROW_CHARS_MAX
    reading = _counted(feed, gzip.compress(b"\n".join([head, long, *rest])))
    (line,) = reading.quarantined
    assert line.line == 2
    assert "expected at most 1,048,576" in line.reason
    assert len(reading.observations) == ROWS - 1


@feeds
def test_a_row_from_the_future_costs_only_itself(feed: FeedName) -> None:
    """A clock set to the wrong year: the row is named, its neighbours count."""
    head, row, *rest = GOOD[feed]().split(b"\n")
    reading = _counted(feed, b"\n".join([head, row.replace(b"2031", b"2032"), *rest]))
    (line,) = reading.quarantined
    assert "date in the future" in line.reason
    assert len(reading.observations) == ROWS - 1


@pytest.mark.parametrize(
    ("feed", "good", "swapped"),
    [
        ("firms", b"\n1.0,5.0,", b"\n5.0,1.0,"),
        ("watch_log", b'"lat":1.5,"lon":5.5', b'"lat":5.5,"lon":1.5'),
        ("party_claims", b",1.5,5.5,", b",5.5,1.5,"),
    ],
)
def test_swapped_degrees_cost_only_their_row(
    feed: str, good: bytes, swapped: bytes
) -> None:
    """Read as it stands, the row would be an event in another country."""
    raw = GOOD[FeedName(feed)]()
    reading = _counted(FeedName(feed), raw.replace(good, swapped, 1))
    (line,) = reading.quarantined
    assert "latitude and longitude look swapped" in line.reason
    assert len(reading.observations) == ROWS - 1


@feeds
def test_rows_sent_again_are_counted_as_such(feed: FeedName) -> None:
    """Appended to itself by mistake, a file holds no new event."""
    head, *rows = GOOD[feed]().rstrip(b"\n").split(b"\n")
    reading = _counted(feed, b"\n".join([head, *rows, *rows]))
    assert reading.rows_read == 2 * ROWS
    assert reading.duplicate_lines == tuple(range(ROWS + 2, 2 * ROWS + 2))


@feeds
def test_a_stray_quote_costs_only_its_row(feed: FeedName) -> None:
    """One quote opens a text that runs on: it must not hide the rows behind it."""
    head, row, *rest = GOOD[feed]().split(b"\n")
    for stray in (b'"' + row, row.replace(b",", b',"', 1)):
        reading = _counted(feed, b"\n".join([head, stray, *rest]))
        assert [line.line for line in reading.quarantined] == [2]
        assert len(reading.observations) == ROWS - 1


@pytest.mark.parametrize("feed", ["air_raid_sirens", "firms"])
def test_two_stray_quotes_cost_only_their_rows(feed: str) -> None:
    """Between two quotes in one column the rows look like one long text of one row."""
    head, *rows = GOOD[FeedName(feed)]().split(b"\n")
    at = {"firms": b",9.9,", "air_raid_sirens": b",official"}[feed]
    rows[0] = rows[0].replace(at, b',"' + at[1:])
    rows[3] = rows[3].replace(at, at.rstrip(b",") + b'"' + b"," * at.endswith(b","))
    reading = _counted(FeedName(feed), b"\n".join([head, *rows]))
    assert 2 in [line.line for line in reading.quarantined]
    assert len(reading.observations) >= ROWS - 2


@feeds
def test_a_bad_row_changes_nothing_but_itself(feed: FeedName) -> None:
    """Each row in turn is damaged: the others give the very same observations."""
    head, *rows = GOOD[feed]().rstrip(b"\n").split(b"\n")
    good = _counted(feed, b"\n".join([head, *rows])).observations
    generator = random.Random(20310506)
    for index, row in enumerate(rows):
        damaged = bytearray(row)
        # A byte above 0x7F with no neighbour of its kind is never UTF-8.
        damaged[generator.randrange(len(row))] ^= 0x80
        raw = b"\n".join([head, *rows[:index], bytes(damaged), *rows[index + 1 :]])
        reading = _counted(feed, raw)
        assert [line.line for line in reading.quarantined] == [index + 2]
        assert reading.observations == good[:index] + good[index + 1 :]


def test_an_unknown_feed_is_refused_before_reading() -> None:
    """Nobody could say what its rows are."""
    with pytest.raises(InvalidDelivery, match="not known, expected one of"):
        read(FeedName("nonsense"), b"a,b\n", CONTEXT)


def test_every_feed_that_is_damaged_here_is_a_feed() -> None:
    """A feed renamed would silently drop out of these tests."""
    assert set(GOOD) <= set(FEEDS)


_noise = st.binary(max_size=40) | st.sampled_from(
    [b'"', b"\n", b"\r", b",", b"\x00", b"\xff", b"NaN", b"1e999", b"{", b"\\u0000"]
)


@st.composite
def _mutations(draw: st.DrawFn) -> tuple[FeedName, bytes]:
    """A good delivery with some stretches replaced by noise, perhaps packed and cut."""
    feed = draw(st.sampled_from(sorted(GOOD)))
    raw = GOOD[feed]()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        length = draw(st.sampled_from([0, 0, 1, 1, 7, 200]))
        raw = raw[:at] + draw(_noise) + raw[at + length :]
    if draw(st.booleans()):
        packed = gzip.compress(raw)
        raw = packed[: draw(st.integers(1, len(packed)))]
    return feed, raw


class TestAnyBytes:
    """Every ingest answers with counts that add up; nothing is dropped silently."""

    @settings(max_examples=150)
    @given(st.sampled_from(sorted(FEEDS)), st.binary(max_size=300))
    def test_random_bytes_are_counted(self, feed: FeedName, raw: bytes) -> None:
        """Whatever arrives is answered for."""
        _counted(feed, raw)

    @settings(max_examples=300)
    @given(_mutations())
    def test_mutated_deliveries_are_counted(
        self, mutation: tuple[FeedName, bytes]
    ) -> None:
        """Nearly right is the hardest: it passes most checks."""
        _counted(*mutation)
