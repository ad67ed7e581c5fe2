"""Cosignatures: what a witness says it saw, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.record.invented_logs import NOW, InventedLog, key_of, words

from truce.errors import InvalidValue, ProofFails
from truce.record.cosignature import (
    AHEAD_MAX,
    cosignature,
    verify_cosignature,
    witness_key,
)
from truce.record.note import Note, SignatureLine

LOG = InventedLog(words(9))
KEY = key_of("north")
WITNESS = witness_key("w.example/north", KEY.public)


def cosigned(note: Note, at: datetime = NOW) -> Note:
    """The note with the witness's line."""
    line = cosignature(note, name=WITNESS.name, key=KEY, cosigned_at=at)
    return note.signed_also([line])


def test_a_cosignature_tells_its_time() -> None:
    """In whole seconds: a fraction is dropped, never added."""
    note = cosigned(LOG.note(9), NOW + timedelta(milliseconds=999))
    assert verify_cosignature(note, WITNESS, now=NOW) == NOW


def test_the_message_is_the_one_of_the_standard() -> None:
    """Source: C2SP tlog-cosignature, the signed message, byte for byte."""
    note = LOG.note(9)
    line = cosignature(note, name=WITNESS.name, key=KEY, cosigned_at=NOW)
    seconds = int(NOW.timestamp())
    message = f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
    assert line.signature == seconds.to_bytes(8, "big") + KEY.sign(message)


def test_who_did_not_cosign_is_told_apart_from_who_did_badly() -> None:
    """Absent is an answer; a line that does not hold is a fault of the whole note."""
    assert verify_cosignature(LOG.note(9), WITNESS, now=NOW) is None
    (line,) = WITNESS.lines_in(cosigned(LOG.note(9)))
    for broken in (
        line.signature[:-1],
        bytes(8) + line.signature[8:],
        b"\xff" * 8 + line.signature[8:],
        b"",
    ):
        bad = SignatureLine(
            name=line.name, key_hash=line.key_hash, signature=broken or b"\0"
        )
        with pytest.raises(ProofFails, match="does not hold"):
            verify_cosignature(LOG.note(9).signed_also([bad]), WITNESS, now=NOW)


def test_a_cosignature_of_another_note_does_not_hold() -> None:
    """Carried from one checkpoint to the next, it is refused."""
    lines = WITNESS.lines_in(cosigned(LOG.note(8)))
    with pytest.raises(ProofFails, match="does not hold"):
        verify_cosignature(LOG.note(9).signed_also(lines), WITNESS, now=NOW)


def test_the_latest_of_two_counts() -> None:
    """A witness that is asked twice cosigns twice."""
    note = cosigned(cosigned(LOG.note(9), NOW), NOW - timedelta(hours=1))
    assert verify_cosignature(note, WITNESS, now=NOW) == NOW


def test_the_future_is_refused_beyond_a_small_tolerance() -> None:
    """Clocks differ by seconds; a day ahead is a wrong clock or a lie."""
    edge = cosigned(LOG.note(9), NOW + AHEAD_MAX)
    assert verify_cosignature(edge, WITNESS, now=NOW) == NOW + AHEAD_MAX
    ahead = cosigned(LOG.note(9), NOW + AHEAD_MAX + timedelta(seconds=1))
    with pytest.raises(ProofFails, match="after now"):
        verify_cosignature(ahead, WITNESS, now=NOW)
    assert verify_cosignature(ahead, WITNESS, now=None) is not None


def test_a_time_before_1970_is_refused() -> None:
    """It could not be written; the clock was never set."""
    with pytest.raises(InvalidValue, match="1970"):
        cosigned(LOG.note(9), datetime(1969, 12, 31, tzinfo=UTC))


def test_a_logs_key_cosigns_nothing() -> None:
    """The types are kept apart, by the key and not only by its hash."""
    with pytest.raises(InvalidValue, match="expected 4"):
        verify_cosignature(LOG.note(9), LOG.vkey, now=NOW)
