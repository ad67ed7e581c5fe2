"""Cosignatures: a witness says when it saw a checkpoint as consistent growth.

Source: C2SP tlog-cosignature, Ed25519 signed message (c2sp.org/tlog-cosignature).
"""

from datetime import datetime, timedelta
from typing import Final

from truce.errors import InvalidValue, ProofCode, ProofFails
from truce.instants import EPOCH, seconds_from_instant, text_from_instant
from truce.record.keys import PublicKey, SecretKey
from truce.record.note import Note, SignatureKind, SignatureLine, VerifierKey

# Keeps a cosignature from ever being taken for a checkpoint's own signature.
_HEADER: Final = "cosignature/v1"
_TIME_SIZE: Final = 8
# Clocks kept by NTP differ by far less; one that is minutes ahead should be mended.
AHEAD_MAX: Final = timedelta(minutes=5)
# No truce record is older than its own century; what `datetime` can hold ends in 9999.
_SECONDS_MAX: Final = 253_402_300_799


def witness_key(name: str, key: PublicKey) -> VerifierKey:
    """The key of a witness under its name."""
    return VerifierKey(name=name, kind=SignatureKind.COSIGNATURE, key=key)


def cosignature(
    note: Note, *, name: str, key: SecretKey, cosigned_at: datetime
) -> SignatureLine:
    """The line by which a witness cosigns a note, in whole seconds.

    Raises:
        InvalidValue: a time before 1970.
    """
    seconds = int(seconds_from_instant(cosigned_at))
    if seconds < 0:
        raise InvalidValue(
            f"cosigned_at is {text_from_instant(cosigned_at)}, expected 1970 or later; "
            "set the clock"
        )
    signed = key.sign(_message(note, seconds))
    return SignatureLine(
        name=name,
        key_hash=witness_key(name, key.public).key_hash,
        signature=seconds.to_bytes(_TIME_SIZE, "big") + signed,
    )


def verify_cosignature(
    note: Note, witness: VerifierKey, *, now: datetime | None
) -> datetime | None:
    """When a witness cosigned the note, the latest where it did more than once.

    None where it did not. `now` refuses what was cosigned in the future, beyond
    `AHEAD_MAX`; None judges no time, for notes that are read long afterwards by a clock
    that nobody vouches for.

    Raises:
        ProofFails: a line by this witness does not hold, or is of the future.
    """
    if witness.kind is not SignatureKind.COSIGNATURE:
        raise InvalidValue(
            f"key {witness.name}: type {witness.kind:d}, expected 4; a witness "
            "cosigns with a key of its own type"
        )
    times = [
        _cosigned_at(note, line.signature, witness) for line in witness.lines_in(note)
    ]
    if not times:
        return None
    latest = max(times)
    if now is not None and latest > now + AHEAD_MAX:
        raise ProofFails(
            f"witness {witness.name} says it cosigned at {text_from_instant(latest)}, "
            f"which is after now, {text_from_instant(now)}; look whose clock is wrong",
            code=ProofCode.SIGNATURE,
        )
    return latest


def _cosigned_at(note: Note, signature: bytes, witness: VerifierKey) -> datetime:
    seconds = int.from_bytes(signature[:_TIME_SIZE], "big")
    signed = signature[_TIME_SIZE:]
    if seconds > _SECONDS_MAX or not witness.key.accepts(
        _message(note, seconds), signed
    ):
        raise ProofFails(
            f"the cosignature by witness {witness.name} does not hold",
            code=ProofCode.SIGNATURE,
        )
    return EPOCH + timedelta(seconds=seconds)


def _message(note: Note, seconds: int) -> bytes:
    return f"{_HEADER}\ntime {seconds}\n{note.text}".encode()


__all__ = ["AHEAD_MAX", "cosignature", "verify_cosignature", "witness_key"]
