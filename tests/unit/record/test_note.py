"""Signed notes: many signatures, some unknown, none believed that does not hold."""

import base64

import pytest
from tests.unit.record.invented_logs import InventedLog, key_of, words

from truce.errors import InvalidValue, ProofFails
from truce.record.note import (
    NOTE_SIZE_MAX,
    SIGNATURES_MAX,
    SignatureKind,
    SignatureLine,
    VerifierKey,
    checkpoint_from_note,
    checkpoint_from_text,
    note_from_bytes,
    verifier_key_from_text,
    verify_checkpoint,
    verify_checkpoint_note,
)

LOG = InventedLog(words(9))
RAW = LOG.raw(9)


def stranger(n: int) -> SignatureLine:
    """A line by a key that nobody knows."""
    return SignatureLine(
        name=f"stranger.example/{n}", key_hash=b"\0\0\0\1", signature=bytes(64)
    )


def test_a_note_reads_back_byte_for_byte() -> None:
    """What was signed is never written anew in another form."""
    assert note_from_bytes(RAW).raw() == RAW


def test_signatures_by_unknown_keys_are_ignored() -> None:
    """Witnesses and keys to come sign too, and break nothing."""
    note = note_from_bytes(RAW).signed_also([stranger(1)])
    found = verify_checkpoint(note.raw(), origin=LOG.origin, key=LOG.key.public)
    assert found.size == 9


def test_a_name_alone_or_a_hash_alone_makes_no_known_key() -> None:
    """Keys that share a name or a hash with a known one are unknown all the same."""
    (own,) = LOG.vkey.lines_in(LOG.note(9))
    others = [
        SignatureLine(name=own.name, key_hash=b"\0\0\0\1", signature=bytes(64)),
        SignatureLine(name="else", key_hash=own.key_hash, signature=bytes(64)),
    ]
    note = LOG.note(9).signed_also(others)
    assert verify_checkpoint_note(note, LOG.vkey).size == 9


def test_a_line_of_a_known_key_that_does_not_hold_rejects_the_note() -> None:
    """Even beside one that does: the note was tampered with."""
    (own,) = LOG.vkey.lines_in(LOG.note(9))
    bad = SignatureLine(name=own.name, key_hash=own.key_hash, signature=bytes(64))
    note = LOG.note(9).signed_also([bad])
    with pytest.raises(ProofFails, match="does not hold"):
        verify_checkpoint_note(note, LOG.vkey)


def test_a_line_is_added_once() -> None:
    """Merging the same cosignature twice leaves one."""
    note = LOG.note(9).signed_also([stranger(1)]).signed_also([stranger(1)])
    assert len(note.signatures) == 2


def test_extension_lines_of_other_logs_are_kept_and_signed() -> None:
    """They are under the signature; nothing is read from them. A record has none."""
    raw = LOG.raw(9, extensions=("moon full", "x"))
    assert checkpoint_from_note(raw).extensions == ("moon full", "x")
    verify_checkpoint_note(note_from_bytes(raw), LOG.vkey)
    changed = raw.replace(b"moon full", b"moon half")
    with pytest.raises(ProofFails, match="does not hold"):
        verify_checkpoint_note(note_from_bytes(changed), LOG.vkey)
    with pytest.raises(ProofFails, match="has 2 lines after its root, expected none"):
        verify_checkpoint(raw, origin=LOG.origin, key=LOG.key.public)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no signature lines"),
        (RAW.replace(b"\n\n", b"\n"), "no signature lines"),
        (RAW[:-1], "no signature lines"),
        (RAW.replace(b"kestrel", b"kes\ttrel"), "control character"),
        (RAW.replace(b"kestrel", b"kes\0trel"), "control character"),
        (b"\xff" + RAW, "not UTF-8"),
        (RAW + b"- a AAAAAAA=\n", "cannot be read"),
        (RAW + "\u2014 a+b AAAAAAAA\n".encode(), "cannot be read"),
        (RAW + "\u2014 a\u00a0b AAAAAAAA\n".encode(), "cannot be read"),
        (RAW + "\u2014  AAAAAAAA\n".encode(), "cannot be read"),
        (RAW + "\u2014 a AAAA\n".encode(), "cannot be read"),
        (RAW + "\u2014 a AAAAAAA\n".encode(), "not base64"),
        (RAW + "\u2014 a AAAAAAB=\n".encode(), "one form"),
        (b"x" * (NOTE_SIZE_MAX + 1), "bytes, expected at most"),
    ],
)
def test_what_is_no_note_is_refused(raw: bytes, reason: str) -> None:
    """Each rule of the form, broken once."""
    with pytest.raises(ProofFails, match=reason):
        note_from_bytes(raw)


def test_the_number_of_signatures_is_limited() -> None:
    """As many as allowed are read; one more is refused, before any is checked."""
    most = LOG.note(9).signed_also(stranger(n) for n in range(SIGNATURES_MAX - 1))
    assert len(note_from_bytes(most.raw()).signatures) == SIGNATURES_MAX
    with pytest.raises(ProofFails, match="65 signature lines"):
        note_from_bytes(most.signed_also([stranger(99)]).raw())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("9\n", "09\n", "decimal size"),
        ("9\n", "-9\n", "decimal size"),
        ("9\n", "\n", "decimal size"),
        ("9\n", "1000000000000000000\n", "decimal size"),
        ("9\n", "", "lines, expected at least 3"),
        ("=\n", "=\n\nmoon full\n", "empty line in its text"),
        ("truce", "\ntruce", "not base64"),
        ("=\n", "\n", "not base64"),
    ],
)
def test_what_is_no_checkpoint_is_refused(old: str, new: str, reason: str) -> None:
    """Each rule of its text, broken once. Source: C2SP tlog-checkpoint, note text."""
    text = LOG.note(9).text
    assert old in text
    with pytest.raises(ProofFails, match=reason):
        checkpoint_from_text(text.replace(old, new, 1))


@pytest.mark.parametrize("kind", SignatureKind)
def test_a_key_reads_back_from_its_text(kind: SignatureKind) -> None:
    """Each type of key has its own hash, so that one cannot pose as the other."""
    key = VerifierKey(name="w.example/north", kind=kind, key=key_of("w").public)
    assert verifier_key_from_text(key.text()) == key
    other = SignatureKind(5 - kind)
    assert VerifierKey(name=key.name, kind=other, key=key.key).key_hash != key.key_hash


KEY = LOG.vkey.text()
NAME, HASH, MATERIAL = KEY.split("+", 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected name"),
        (f"{NAME}+{HASH}", "expected name"),
        (f"{NAME}+{HASH.upper()}g+{MATERIAL}", "expected name"),
        (f"{NAME}+00000000+{MATERIAL}", "its hash says 00000000"),
        (f"other+{HASH}+{MATERIAL}", "its hash says"),
        (f"a b+{HASH}+{MATERIAL}", "without spaces"),
        (f"+{HASH}+{MATERIAL}", "without spaces"),
        (f"{NAME}+{HASH}+{MATERIAL[:-4]}", "type 1 with 29 bytes"),
        (f"{NAME}+{HASH}+{base64.b64encode(b'2' * 33).decode()}", "type 50"),
        (f"{NAME}+{HASH}+", "type none"),
        (f"{NAME}+{HASH}+!", "not base64"),
        (
            f"{NAME}+{HASH}+{base64.b64encode(bytes([1, 1]) + bytes(31)).decode()}",
            "prime",
        ),
    ],
)
def test_what_is_no_key_is_refused(text: str, reason: str) -> None:
    """A key that was mistyped must not become another key."""
    with pytest.raises(InvalidValue, match=reason):
        verifier_key_from_text(text)
