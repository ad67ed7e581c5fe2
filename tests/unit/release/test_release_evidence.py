"""Observations, watches, visibility, proofs and readers at the gate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.errors import InvalidQuery, InvalidValue
from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.observations.model import Grade, Observation, Watch
from truce.places import PlaceBasis, Position, round_place
from truce.release import (
    Reader,
    ReleasedVisibility,
    ReleasedWatch,
    StatementProof,
    VisibilityLevel,
    Withheld,
    cut_for,
    reader_from_request,
    release_observation,
    release_proof,
    release_visibility,
    release_watch,
    withheld_from,
)

AT = datetime(2031, 5, 7, 12, 20, tzinfo=UTC)
PLACE = round_place(
    Position(lat_deg=48.0, lon_deg=-31.0), sigma_m=50.0, basis=PlaceBasis.POINT
)
OBSERVATION = Observation(
    id=ObservationId("o-1"),
    feed=FeedName("patrols"),
    row_key="r1",
    statement=StatementIndex(4),
    line=1,
    stated_by="patrol-3",
    kind=Kind.SHOT,
    kind_word="shot",
    where=PLACE,
    when=Interval(start=AT, end=AT),
    grade=Grade(reliability="B", credibility=2),
)
WATCH = Watch(
    id=ObservationId("w-1"),
    feed=FeedName("stations"),
    row_key="r2",
    statement=StatementIndex(5),
    line=1,
    stated_by="station-7",
    observer="station-7",
    where=PLACE,
    range_m=8_000.0,
    when=Interval(start=AT, end=AT + timedelta(minutes=5)),
    detection_probability=0.7,
)
PROOF = StatementProof(
    statement=StatementIndex(5),
    tree_size=9,
    leaf_hash=b"\x01" * 32,
    hashes=(b"\x02" * 32,),
    checkpoint="a checkpoint",
    entry=b"entry by station-7",
    marking="MECHANISM",
    payload=b"payload of station-7",
    salt=b"\x03" * 32,
)


def test_observations_are_for_the_mechanism() -> None:
    """The text of a patrol's report names people and places."""
    assert release_observation(OBSERVATION, Reader.MECHANISM) is OBSERVATION
    for reader in (Reader.CELL, Reader.PARTIES, Reader.PUBLIC):
        assert release_observation(OBSERVATION, reader) == withheld_from(reader)


def test_watches_by_sector_for_the_cell() -> None:
    """The cell learns that somebody listened in the province in that hour, not who or
    where."""
    now = AT + timedelta(hours=2)
    released = release_watch(WATCH, Reader.CELL, now)
    assert isinstance(released, ReleasedWatch)
    assert (released.position, released.range_m) == (None, None)
    assert released.interval.duration == timedelta(hours=1)
    assert "station-7" not in repr(released)
    assert released.level is VisibilityLevel.PARTLY_SEEN


def test_watches_of_their_own_for_parties_and_none_for_the_public() -> None:
    """A party sees its own patrols; nobody beyond the cell sees those of others."""
    now = AT + timedelta(days=90)
    assert isinstance(release_watch(WATCH, Reader.PARTIES, now), Withheld)
    own = release_watch(WATCH, Reader.PARTIES, now, is_own=True)
    assert isinstance(own, ReleasedWatch)
    assert own.observer == "station-7"
    assert isinstance(release_watch(WATCH, Reader.PUBLIC, now, is_own=True), Withheld)


def test_visibility_for_the_public_is_three_levels_by_week() -> None:
    """Where we were blind tells a violator where to act: weeks later, and in three
    words."""
    monday = datetime(2031, 5, 5, tzinfo=UTC)
    week = Interval(start=monday, end=monday + timedelta(weeks=1))
    soon = release_visibility(0.9, "Westland", week, Reader.PUBLIC, AT)
    late = release_visibility(
        0.9, "Westland", week, Reader.PUBLIC, week.end + timedelta(days=14)
    )
    assert isinstance(soon, Withheld)
    assert isinstance(late, ReleasedVisibility)
    assert (late.level, late.seen_share) == (VisibilityLevel.WELL_SEEN, None)


def test_visibility_of_a_day_is_not_passed_off_as_a_week() -> None:
    """A share made over one day would tell the public more than its week may."""
    day = Interval(start=AT.replace(hour=0), end=AT)
    with pytest.raises(InvalidValue, match="PUBLIC is given whole intervals"):
        release_visibility(0.1, "Westland", day, Reader.PUBLIC, AT + timedelta(days=60))
    with pytest.raises(InvalidValue, match="seen share is 1"):
        release_visibility(1.5, "Westland", day, Reader.MECHANISM, AT)


def test_proofs_name_no_station() -> None:
    """Anybody may check that entry 5 stands in the log, and learn nothing of who made
    it."""
    for reader in (Reader.CELL, Reader.PARTIES, Reader.PUBLIC):
        released = release_proof(PROOF, reader)
        assert "station-7" not in repr(released)
        assert released.hashes == PROOF.hashes
        assert released.leaf_hash == PROOF.leaf_hash
        assert (released.entry, released.payload, released.salt) == (None, None, None)
    assert release_proof(PROOF, Reader.MECHANISM).payload == PROOF.payload


@pytest.mark.parametrize(
    ("marking", "reader", "is_shown"),
    [
        ("PUBLIC", Reader.PUBLIC, True),
        ("CELL", Reader.CELL, True),
        ("CELL", Reader.PARTIES, False),
        ("SOURCE", Reader.CELL, False),
        ("NATIONAL-FR", Reader.CELL, False),
        ("nobody knows this one", Reader.CELL, False),
    ],
)
def test_the_entry_is_for_whom_its_marking_allows(
    marking: str, reader: Reader, is_shown: bool
) -> None:
    """A marking that nobody knows is for nobody else; no payload leaves the
    mechanism."""
    marked = StatementProof(
        statement=PROOF.statement,
        tree_size=PROOF.tree_size,
        leaf_hash=PROOF.leaf_hash,
        hashes=PROOF.hashes,
        checkpoint=PROOF.checkpoint,
        entry=PROOF.entry,
        marking=marking,
        payload=PROOF.payload,
    )
    released = release_proof(marked, reader)
    assert (released.entry is not None) is is_shown
    assert released.payload is None


@pytest.mark.parametrize("marking", ["SOURCE", "NATIONAL-FR", "nobody knows this"])
def test_what_is_for_named_readers_is_not_for_the_mechanism_at_large(
    marking: str,
) -> None:
    """The entry shows that it was sealed; payload and salt, by which a guess could be
    tested, stay.
    """
    released = release_proof(replace(PROOF, marking=marking), Reader.MECHANISM)
    assert released.entry == PROOF.entry
    assert (released.payload, released.salt) == (None, None)
    assert released.withheld == ("release.withheld.payload",)


@pytest.mark.parametrize(
    ("peer", "asked", "is_forwarded", "reader"),
    [
        ("127.0.0.1", None, False, Reader.MECHANISM),
        ("127.8.9.1", "", False, Reader.MECHANISM),
        ("::1", None, False, Reader.MECHANISM),
        ("::ffff:127.0.0.1", None, False, Reader.MECHANISM),
        ("127.0.0.1", "public", False, Reader.PUBLIC),
        ("127.0.0.1", "Cell", False, Reader.CELL),
        ("127.0.0.1", None, True, Reader.PUBLIC),
        ("192.0.2.8", "MECHANISM", False, Reader.PUBLIC),
        ("localhost", "MECHANISM", False, Reader.PUBLIC),
        ("127.0.0.1.example.org", "CELL", False, Reader.PUBLIC),
        ("", None, False, Reader.PUBLIC),
    ],
)
def test_reader_never_goes_upward(
    peer: str, asked: str | None, is_forwarded: bool, reader: Reader
) -> None:
    """Asking may only lower what the connection itself gives; names are not
    addresses."""
    assert reader_from_request(peer, asked, is_forwarded=is_forwarded) is reader


def test_unknown_reader_is_refused() -> None:
    """A misspelt reader must not silently become another."""
    with pytest.raises(InvalidQuery, match="reader is 'admin'"):
        reader_from_request("127.0.0.1", "admin")


def test_pages_read_as_of_full_hours_and_days() -> None:
    """What was learned at 12:20 appears with all else that was learned in that hour or
    day."""
    assert cut_for(Reader.MECHANISM, AT) == AT
    assert cut_for(Reader.CELL, AT) == AT.replace(minute=0)
    assert cut_for(Reader.PUBLIC, AT) == AT.replace(hour=0, minute=0)
