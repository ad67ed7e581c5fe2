"""Signed notes and checkpoints: the few lines by which a log says what it holds.

Source: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0 (c2sp.org).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from truce.errors import InvalidValue, ProofCode, ProofFails
from truce.record.keys import SEED_SIZE, PublicKey, SecretKey, verify_key
from truce.record.merkle import HASH_SIZE

# The em dash that opens a signature line. Source: C2SP signed-note.
_DASH: Final = "\u2014"
_KEY_HASH_SIZE: Final = 4
# A decimal without leading noughts. Source: C2SP tlog-checkpoint. No log ever holds
# 10**18 entries, and `int` of thousands of digits takes for ever or refuses.
SIZE_PATTERN: Final = re.compile(r"0|[1-9][0-9]{0,17}")
# Verifiers limit both, and must take 16 signatures at least. Source: C2SP signed-note,
# format. Twice the witnesses that a policy may name, and room for their keys to change.
SIGNATURES_MAX: Final = 64
NOTE_SIZE_MAX: Final = 65_536
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_HASH_HEX: Final = re.compile(r"[0-9a-f]{8}")


class SignatureKind(IntEnum):
    """How a key signs. Source: C2SP signed-note, signature types."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log holds: its origin line, how many entries, and the root over them.

    `extensions` are further lines that the log signed. They are kept, because the
    signatures cover them, and nothing is ever concluded from them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The note's text, each line ended."""
        root = base64.b64encode(self.root).decode()
        lines = (self.origin, str(self.size), root, *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One line of signature under a note: whose it says it is, and the bytes."""

    name: str
    key_hash: bytes
    signature: bytes

    def text(self) -> str:
        """The line, ended."""
        encoded = base64.b64encode(self.key_hash + self.signature).decode()
        return f"{_DASH} {self.name} {encoded}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text with signatures, none of them checked yet."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def raw(self) -> bytes:
        """The note's bytes."""
        lines = "".join(line.text() for line in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def signed_also(self, lines: Iterable[SignatureLine]) -> "Note":
        """The same note with these lines too; a line that it has is not added again."""
        joined = dict.fromkeys((*self.signatures, *lines))
        return Note(text=self.text, signatures=tuple(joined))


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with the name it signs notes under and the way it signs."""

    name: str
    kind: SignatureKind
    key: PublicKey

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a note names this key."""
        return note_key_hash(self.name, self.key, kind=self.kind)

    def text(self) -> str:
        """The key as `name+hash+base64`. Source: C2SP signed-note, verifier keys."""
        encoded = base64.b64encode(bytes([self.kind]) + self.key.raw).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"

    def lines_in(self, note: Note) -> tuple[SignatureLine, ...]:
        """The signature lines of a note that say they are by this key."""
        named = (self.name, self.key_hash)
        return tuple(s for s in note.signatures if (s.name, s.key_hash) == named)


def note_key_hash(
    name: str, key: PublicKey, *, kind: SignatureKind = SignatureKind.ED25519
) -> bytes:
    """The four bytes by which a note names a key."""
    named = name.encode() + b"\n" + bytes([kind]) + key.raw
    return hashlib.sha256(named).digest()[:_KEY_HASH_SIZE]


def verify_key_name(name: str) -> str:
    """The same name.

    Raises:
        InvalidValue: it cannot stand in a signature line.
    """
    if not is_key_name(name):
        raise InvalidValue(
            f"key name {name!r}: expected a name without spaces, plus signs and "
            "control characters; e.g. witness.example/north"
        )
    return name


def is_key_name(name: str) -> bool:
    """Whether a name may stand in a signature line."""
    is_plain = "+" not in name and not _CONTROL.search(name) and "\n" not in name
    return bool(name) and is_plain and not any(c.isspace() for c in name)


def verifier_key_from_text(text: str) -> VerifierKey:
    """The key that a `name+hash+base64` line writes.

    Raises:
        InvalidValue: another form, a type of signature that truce cannot check, a key
            of small order, or a hash that is not that of the name and the key.
    """
    name, plus, rest = text.partition("+")
    hashed, second_plus, encoded = rest.partition("+")
    if not plus or not second_plus or not _KEY_HASH_HEX.fullmatch(hashed):
        raise InvalidValue(
            f"key {text!r}: expected name+hash+base64, the hash 8 hexadecimal digits"
        )
    verify_key_name(name)
    try:
        material = _decoded(encoded)
    except ProofFails as error:
        raise InvalidValue(f"key {name}: {error}") from error
    kinds = [kind for kind in SignatureKind if material[:1] == bytes([kind])]
    if not kinds or len(material) != 1 + SEED_SIZE:
        kind_found = material[0] if material else "none"
        raise InvalidValue(
            f"key {name}: type {kind_found} with {max(0, len(material) - 1)} bytes, "
            "expected type 1 (Ed25519) or 4 (cosignature) with 32"
        )
    public = verify_key(PublicKey(raw=material[1:]))
    key = VerifierKey(name=name, kind=kinds[0], key=public)
    if key.key_hash.hex() != hashed:
        raise InvalidValue(
            f"key {name}: its hash says {hashed}, name and key give "
            f"{key.key_hash.hex()}; copy the whole line anew"
        )
    return key


def log_key(origin: str, key: PublicKey) -> VerifierKey:
    """The key of a log: it signs under the origin's name."""
    return VerifierKey(name=origin, kind=SignatureKind.ED25519, key=key)


def signed_checkpoint(checkpoint: Checkpoint, key: SecretKey) -> bytes:
    """The checkpoint as a note that the log's own key signs under the origin's name."""
    text = checkpoint.text()
    line = SignatureLine(
        name=checkpoint.origin,
        key_hash=note_key_hash(checkpoint.origin, key.public),
        signature=key.sign(text.encode()),
    )
    return Note(text=text, signatures=(line,)).raw()


def note_from_bytes(raw: bytes) -> Note:
    """The text and the signature lines of a note, none of them checked.

    Raises:
        ProofFails: the bytes are no signed note, or more than anybody needs.
    """
    if len(raw) > NOTE_SIZE_MAX:
        raise ProofFails(f"note has {len(raw)} bytes, expected at most {NOTE_SIZE_MAX}")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProofFails(f"note is not UTF-8: {error}") from error
    if _CONTROL.search(whole):
        raise ProofFails("note holds a control character, expected none but line feeds")
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise ProofFails("note has no signature lines after an empty line")
    return Note(text=text + "\n", signatures=signature_lines(tail))


def signature_lines(text: str) -> tuple[SignatureLine, ...]:
    """The signature lines that a text consists of, each ended, none of them checked.

    Raises:
        ProofFails: a line in another form, none at all, or more than `SIGNATURES_MAX`.
    """
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) > SIGNATURES_MAX:
        raise ProofFails(
            f"note has {len(lines)} signature lines, expected 1 to {SIGNATURES_MAX}, "
            "each ended by a line feed"
        )
    return tuple(_signature_line(line) for line in lines)


def checkpoint_from_note(note: bytes) -> Checkpoint:
    """The checkpoint that a note states, its signatures unread.

    Raises:
        ProofFails: the note is not in the form of a checkpoint.
    """
    return checkpoint_from_text(note_from_bytes(note).text)


def checkpoint_from_text(text: str) -> Checkpoint:
    """The checkpoint that a note's text states.

    Raises:
        ProofFails: the text is not in the form of a checkpoint.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise ProofFails(f"checkpoint has {len(lines) - 1} lines, expected at least 3")
    origin, size, root = lines[0], lines[1], _decoded(lines[2])
    is_plain = SIZE_PATTERN.fullmatch(size) is not None
    if not origin or not is_plain or len(root) != HASH_SIZE:
        raise ProofFails(
            f"checkpoint {origin!r} says size {size!r} and a root of {len(root)} "
            "bytes; expected an origin, a decimal size and a root of 32 bytes"
        )
    extensions = tuple(lines[3:-1])
    if not all(extensions):
        raise ProofFails(f"checkpoint {origin!r} has an empty line in its text")
    return Checkpoint(origin=origin, size=int(size), root=root, extensions=extensions)


def verify_checkpoint(note: bytes, *, origin: str, key: PublicKey) -> Checkpoint:
    """The checkpoint of a truce record, once its origin and the log's own signature
    hold.

    Signatures by others (witnesses, keys yet to come) are left aside, as the format
    asks. Source: docs/spec/record.md, 4.

    Raises:
        ProofFails: another origin, more than three lines, no signature by the key, or
            one that does not hold.
    """
    found = verify_checkpoint_note(note_from_bytes(note), log_key(origin, key))
    # What such a line says nobody reads, and a reader who did would know of another
    # log than the others.
    if found.extensions:
        raise ProofFails(
            f"checkpoint of {origin} has {len(found.extensions)} lines after its root, "
            "expected none"
        )
    return found


def verify_checkpoint_note(note: Note, log: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that was read already, once the log's signature holds.

    Raises:
        ProofFails: as `verify_checkpoint`.
    """
    checkpoint = checkpoint_from_text(note.text)
    if checkpoint.origin != log.name:
        raise ProofFails(
            f"checkpoint is of {checkpoint.origin!r}, expected {log.name!r}"
        )
    lines = log.lines_in(note)
    if not lines:
        raise ProofFails(
            f"checkpoint of {log.name}: no signature by the log's key {log.key.id}",
            code=ProofCode.SIGNATURE,
        )
    # Every one of them: a note on which a known key's line fails was tampered with,
    # and a reader that stops at the first line would not agree with one that does not.
    message = note.text.encode()
    if not all(log.key.accepts(message, line.signature) for line in lines):
        raise ProofFails(
            f"checkpoint of {log.name}: the log's signature does not hold",
            code=ProofCode.SIGNATURE,
        )
    return checkpoint


def _signature_line(line: str) -> SignatureLine:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signature = _decoded(encoded)
    if dash != _DASH or not is_key_name(name) or len(signature) <= _KEY_HASH_SIZE:
        raise ProofFails(f"note has a signature line that cannot be read: {line!r}")
    return SignatureLine(
        name=name,
        key_hash=signature[:_KEY_HASH_SIZE],
        signature=signature[_KEY_HASH_SIZE:],
    )


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
    "NOTE_SIZE_MAX",
    "SIGNATURES_MAX",
    "SIZE_PATTERN",
    "Checkpoint",
    "Note",
    "SignatureKind",
    "SignatureLine",
    "VerifierKey",
    "checkpoint_from_note",
    "checkpoint_from_text",
    "is_key_name",
    "log_key",
    "note_from_bytes",
    "note_key_hash",
    "signature_lines",
    "signed_checkpoint",
    "verifier_key_from_text",
    "verify_checkpoint",
    "verify_checkpoint_note",
    "verify_key_name",
]
