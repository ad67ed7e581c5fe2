"""Signed notes and checkpoints: the few lines by which a log says what it holds.

Source: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0 (c2sp.org).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from truce.errors import ProofFails
from truce.record.keys import PublicKey, SecretKey
from truce.record.merkle import HASH_SIZE

# The em dash that opens a signature line. Source: C2SP signed-note.
_DASH: Final = "\u2014"
# Signature type of an Ed25519 note key. Source: C2SP signed-note, signature types.
_ED25519: Final = b"\x01"
_KEY_HASH_SIZE: Final = 4
# A decimal without leading noughts. Source: C2SP tlog-checkpoint. No log ever holds
# 10**18 entries, and `int` of thousands of digits takes for ever or refuses.
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log holds: its origin line, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, each line ended."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def note_key_hash(name: str, key: PublicKey) -> bytes:
    """The four bytes by which a note names a key."""
    named = name.encode() + b"\n" + _ED25519 + key.raw
    return hashlib.sha256(named).digest()[:_KEY_HASH_SIZE]


def signed_checkpoint(checkpoint: Checkpoint, key: SecretKey) -> bytes:
    """The checkpoint as a note that the log's own key signs under the origin's name."""
    text = checkpoint.text()
    signature = note_key_hash(checkpoint.origin, key.public) + key.sign(text.encode())
    line = f"{_DASH} {checkpoint.origin} {base64.b64encode(signature).decode()}\n"
    return f"{text}\n{line}".encode()


def checkpoint_from_note(note: bytes) -> Checkpoint:
    """The checkpoint that a note states, its signatures unread.

    Raises:
        ProofFails: the note is not in the form of a checkpoint.
    """
    text = _split(note)[0]
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise ProofFails(f"checkpoint has {len(lines) - 1} lines, expected at least 3")
    origin, size, root = lines[0], lines[1], _decoded(lines[2])
    is_plain = _SIZE.fullmatch(size) is not None
    if not origin or not is_plain or len(root) != HASH_SIZE:
        raise ProofFails(
            f"checkpoint {origin!r} says size {size!r} and a root of {len(root)} "
            "bytes; expected an origin, a decimal size and a root of 32 bytes"
        )
    return Checkpoint(origin=origin, size=int(size), root=root)


def verify_checkpoint(note: bytes, *, origin: str, key: PublicKey) -> Checkpoint:
    """The checkpoint, once its origin and the log's own signature hold.

    Signatures by others (witnesses, keys yet to come) are left aside, as the format
    asks.

    Raises:
        ProofFails: another origin, no signature by the key, or one that does not hold.
    """
    text, signatures = _split(note)
    checkpoint = checkpoint_from_note(note)
    if checkpoint.origin != origin:
        raise ProofFails(f"checkpoint is of {checkpoint.origin!r}, expected {origin!r}")
    expected = note_key_hash(origin, key)
    for name, signature in signatures:
        if name == origin and signature[:_KEY_HASH_SIZE] == expected:
            if key.accepts(text.encode(), signature[_KEY_HASH_SIZE:]):
                return checkpoint
            raise ProofFails(
                f"checkpoint of {origin}: the log's signature does not hold"
            )
    raise ProofFails(f"checkpoint of {origin}: no signature by the log's key {key.id}")


def _split(note: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """A note's text and its signature lines as (name, bytes)."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProofFails(f"note is not UTF-8: {error}") from error
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise ProofFails("note has no signature lines after an empty line")
    signatures = []
    for line in tail[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        signature = _decoded(encoded)
        if dash != _DASH or not name or len(signature) <= _KEY_HASH_SIZE:
            raise ProofFails(f"note has a signature line that cannot be read: {line!r}")
        signatures.append((name, signature))
    return text + "\n", tuple(signatures)


def _decoded(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofFails(f"note holds {text!r}, which is not base64") from error
    # Base64 lets several texts stand for the same bytes; a signed thing has one form
    # only.
    if base64.b64encode(decoded).decode() != text:
        raise ProofFails(f"note holds {text!r}, which is not base64 in its one form")
    return decoded


__all__ = [
    "Checkpoint",
    "checkpoint_from_note",
    "note_key_hash",
    "signed_checkpoint",
    "verify_checkpoint",
]
