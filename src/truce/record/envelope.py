"""DSSE envelopes over a small header, and the salted commitment the header holds.

No byte of a payload ever enters the log: the header is what is signed and logged, and
it holds the payload's commitment. The salt lies beside the payload and goes with it
when it is erased; without the salt nobody can test a guess of what was erased.
Source: docs/spec/record.md, 3; DSSE v1.0.2 (secure-systems-lab/dsse), protocol.md.
"""

import hashlib
import os
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from truce.errors import InvalidStatement, InvalidValue, ProofCode, ProofFails
from truce.identifiers import KeyId, ParticipantId
from truce.instants import instant_from_text, text_from_instant
from truce.record.grammar import (
    COMMITMENT,
    ENTRY,
    HEADER,
    HEADER_TYPE,
    LINE,
)
from truce.record.keys import PublicKey, SecretKey

SALT_SIZE: Final = 32
# An entry's length is two bytes in a bundle. Source: C2SP tlog-tiles, log entries.
ENTRY_SIZE_MAX: Final = 65_535
# 64 MiB, what a delivery may hold, and the longest label before it: see
# statements/_parcel.py.
PAYLOAD_SIZE_MAX: Final = 64 * 1024 * 1024 + 65_536
_COMMITMENT_PREFIX: Final = b"truce/commitment/v1\x00"
_SIGNED_PREFIX: Final = b"DSSEv1 %d %s " % (len(HEADER_TYPE), HEADER_TYPE.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a statement's maker signs: which record, what kind, by whom, when, which
    payload.

    `record` is the origin line, so that an envelope cannot be carried into another
    record. `schema` is the version of the payload's form. `commitment` is 32 bytes.
    """

    record: str
    kind: str
    schema: int
    by: ParticipantId
    stated_at: datetime
    marking: str
    commitment: bytes

    def encoded(self) -> bytes:
        """The header's canonical bytes: what is signed."""
        # Canonical JSON, written as a template: it is three times as quick, and a test
        # holds it against the general encoder.
        return (
            f'{{"by":"{self.by}","commitment":{{"digest":"{self.commitment.hex()}",'
            f'"form":"{COMMITMENT}"}},"kind":"{self.kind}","marking":"{self.marking}",'
            f'"record":"{self.record}","schema":{self.schema},'
            f'"stated_at":"{text_from_instant(self.stated_at)}","v":1}}'
        ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A header as its maker signed it. `raw` are the envelope's bytes as in an entry;
    `signed` are those the signature covers.
    """

    header: Header
    key: KeyId
    signature: bytes
    signed: bytes
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log: an envelope, and when the record took it.

    `raw` are the entry's bytes as they stand in the log.
    """

    envelope: Envelope
    sealed_at: datetime
    raw: bytes

    @property
    def header(self) -> Header:
        """What was signed."""
        return self.envelope.header


def new_salt() -> bytes:
    """Thirty-two bytes from the system's randomness."""
    return os.urandom(SALT_SIZE)


def commitment_of(salt: bytes, payload: bytes) -> bytes:
    """The salted commitment to a payload: SHA-256 over a prefix, the salt and the
    payload.
    """
    digest = hashlib.sha256(_COMMITMENT_PREFIX + salt)
    digest.update(payload)
    return digest.digest()


def pre_authentication(header: bytes) -> bytes:
    """What a DSSE signature over a header covers: type and header, each with its
    length.
    """
    return b"%s%d %s" % (_SIGNED_PREFIX, len(header), header)


def signed_envelope(header: Header, key: SecretKey) -> Envelope:
    """The envelope for a header, signed.

    Raises:
        InvalidStatement: a maker, kind, schema, marking or record that no header can
            hold.
    """
    encoded = header.encoded()
    if not HEADER.fullmatch(encoded):
        raise InvalidStatement(
            f"statement of kind {header.kind!r} by {header.by!r}, schema "
            f"{header.schema}, marking {header.marking!r}, record {header.record!r}: "
            "expected small letters, digits and hyphens, a marking of capitals, and a "
            "schema of 1 to 999999; see docs/spec/record.md, 3"
        )
    signed = pre_authentication(encoded)
    signature = key.sign(signed)
    raw = (
        b'{"payload":"%s","payloadType":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}'
        % (
            _base64(encoded),
            HEADER_TYPE.encode(),
            key.public.id.encode(),
            _base64(signature),
        )
    )
    return Envelope(
        header=header,
        key=key.public.id,
        signature=signature,
        signed=signed,
        raw=raw,
    )


def sealed_entry(envelope: Envelope, sealed_at: datetime) -> Entry:
    """The entry by which a log takes an envelope."""
    text = text_from_instant(sealed_at).encode()
    raw = b'{"envelope":%s,"sealed_at":"%s"}' % (envelope.raw, text)
    return Entry(envelope=envelope, sealed_at=sealed_at, raw=raw)


def envelope_and_salt(line: bytes) -> tuple[Envelope, bytes]:
    """What the first line of a statement file states; it must have its one form.

    Raises:
        ProofFails: it has not.
    """
    found = LINE.fullmatch(line)
    if found is None:
        raise ProofFails("envelope and salt are not in their one form")
    salt = _decoded(found["salt"])
    if len(salt) != SALT_SIZE:
        raise ProofFails(f"salt has {len(salt)} bytes, expected {SALT_SIZE}")
    envelope = _envelope(
        found["envelope"], found["header"], found["key"], found["signature"]
    )
    return envelope, salt


def entry_from_bytes(raw: bytes) -> Entry:
    """The entry that the log's bytes state; they must have its one form.

    Raises:
        ProofFails: they have not.
    """
    found = ENTRY.fullmatch(raw)
    if found is None:
        raise ProofFails("entry is not in its one form; see docs/spec/record.md, 3")
    envelope = _envelope(
        found["envelope"], found["header"], found["key"], found["signature"]
    )
    return Entry(envelope=envelope, sealed_at=_instant(found["sealed_at"]), raw=raw)


def header_from_bytes(encoded: bytes) -> Header:
    """The header that bytes state; they must have its one form.

    Raises:
        ProofFails: they have not.
    """
    found = HEADER.fullmatch(encoded)
    if found is None:
        raise ProofFails("header is not in its one form; see docs/spec/record.md, 3")
    by, digest, kind, marking, record, schema, stated_at = found.groups()
    return Header(
        record=record.decode(),
        kind=kind.decode(),
        schema=int(schema),
        by=ParticipantId(by.decode()),
        stated_at=_instant(stated_at),
        marking=marking.decode(),
        commitment=bytes.fromhex(digest.decode()),
    )


def verify_signature(envelope: Envelope, key: PublicKey) -> None:
    """Returns where the key signed the envelope.

    Raises:
        ProofFails: another key is named, or the signature does not hold.
    """
    if envelope.key != key.id:
        raise ProofFails(
            f"entry names key {envelope.key}, expected {key.id}",
            code=ProofCode.SIGNATURE,
        )
    if not key.accepts(envelope.signed, envelope.signature):
        raise ProofFails(
            f"signature by {envelope.header.by} ({key.id}) does not hold",
            code=ProofCode.SIGNATURE,
        )


def _envelope(raw: bytes, header: bytes, key: bytes, signature: bytes) -> Envelope:
    encoded = _decoded(header)
    return Envelope(
        header=header_from_bytes(encoded),
        key=KeyId(key.decode()),
        signature=_decoded(signature),
        signed=pre_authentication(encoded),
        raw=raw,
    )


def _instant(text: bytes) -> datetime:
    try:
        return instant_from_text(text.decode())
    except InvalidValue as error:
        raise ProofFails(f"entry cannot be read: {error}") from error


def _base64(raw: bytes) -> bytes:
    return b2a_base64(raw, newline=False)


def _decoded(text: bytes) -> bytes:
    try:
        raw = a2b_base64(text, strict_mode=True)
    except Base64Error as error:
        raise ProofFails(f"not base64: {error}") from error
    # The last character may hold bits that say nothing: one form only.
    if _base64(raw) != text:
        raise ProofFails("base64 is not in its one form")
    return raw


__all__ = [
    "ENTRY_SIZE_MAX",
    "PAYLOAD_SIZE_MAX",
    "SALT_SIZE",
    "Entry",
    "Envelope",
    "Header",
    "commitment_of",
    "entry_from_bytes",
    "envelope_and_salt",
    "header_from_bytes",
    "new_salt",
    "pre_authentication",
    "sealed_entry",
    "signed_envelope",
    "verify_signature",
]
