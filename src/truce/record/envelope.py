"""DSSE envelopes over a small header, and the salted commitment the header holds.

No byte of a payload ever enters the log: the header is what is signed and logged, and
it holds the payload's commitment. The salt lies beside the payload and goes with it
when it is erased; without the salt nobody can test a guess of what was erased.
Source: DSSE v1.0.2 (secure-systems-lab/dsse), protocol.md and envelope.md.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from truce.canonical import Json, canonical_json, json_from_bytes
from truce.errors import InvalidStatement, InvalidValue, ProofFails
from truce.identifiers import KeyId, ParticipantId
from truce.instants import instant_from_text, text_from_instant
from truce.record.keys import PublicKey, SecretKey

HEADER_TYPE: Final = "application/vnd.truce.header.v1+json"
COMMITMENT: Final = "sha256-salted-v1"
SALT_SIZE: Final = 32
# An entry's length is two bytes in a bundle. Source: C2SP tlog-tiles, log entries.
ENTRY_SIZE_MAX: Final = 65_535
_COMMITMENT_PREFIX: Final = b"truce/commitment/v1\x00"
_HEADER_FIELDS: Final = frozenset(
    {"by", "commitment", "kind", "marking", "record", "schema", "stated_at", "v"}
)


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
        return canonical_json(
            {
                "v": 1,
                "record": self.record,
                "kind": self.kind,
                "schema": self.schema,
                "by": self.by,
                "stated_at": text_from_instant(self.stated_at),
                "marking": self.marking,
                "commitment": {"form": COMMITMENT, "digest": self.commitment.hex()},
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log: the header, who signed it, and when the record took it.

    `raw` are the entry's bytes as they stand in the log; `signed` are those the
    signature covers.
    """

    header: Header
    key: KeyId
    signature: bytes
    signed: bytes
    sealed_at: datetime
    raw: bytes


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


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What a DSSE signature covers: type and payload, each with its length."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sealed_entry(header: Header, key: SecretKey, sealed_at: datetime) -> Entry:
    """The entry for a header, signed.

    Raises:
        InvalidStatement: the entry is too long for a log.
    """
    encoded = header.encoded()
    signed = pre_authentication(HEADER_TYPE, encoded)
    signature = key.sign(signed)
    raw = canonical_json(
        {
            "envelope": {
                "payload": base64.b64encode(encoded).decode(),
                "payloadType": HEADER_TYPE,
                "signatures": [
                    {
                        "keyid": key.public.id,
                        "sig": base64.b64encode(signature).decode(),
                    }
                ],
            },
            "sealed_at": text_from_instant(sealed_at),
        }
    )
    if len(raw) > ENTRY_SIZE_MAX:
        raise InvalidStatement(
            f"{header.kind} by {header.by}: entry has {len(raw)} bytes, at most "
            f"{ENTRY_SIZE_MAX} fit a log; shorten the participant's or record's name"
        )
    return Entry(
        header=header,
        key=key.public.id,
        signature=signature,
        signed=signed,
        sealed_at=sealed_at,
        raw=raw,
    )


def entry_from_bytes(raw: bytes) -> Entry:
    """The entry that the log's bytes state; they must be in their one canonical form.

    Raises:
        ProofFails: the bytes are not those of an entry.
    """
    try:
        outer = _fields(json_from_bytes(raw), {"envelope", "sealed_at"})
        envelope = _fields(outer["envelope"], {"payload", "payloadType", "signatures"})
        signatures = envelope["signatures"]
        if not isinstance(signatures, list) or len(signatures) != 1:
            raise ProofFails("entry has not exactly one signature")
        by = _fields(signatures[0], {"keyid", "sig"})
        if envelope["payloadType"] != HEADER_TYPE:
            raise ProofFails(f"entry is of type {envelope['payloadType']!r}")
        encoded = _bytes(envelope["payload"])
        entry = Entry(
            header=_header(encoded),
            key=KeyId(_text(by["keyid"])),
            signature=_bytes(by["sig"]),
            signed=pre_authentication(HEADER_TYPE, encoded),
            sealed_at=instant_from_text(_text(outer["sealed_at"])),
            raw=raw,
        )
        # One form only: else two logs could hold different bytes that say the same.
        if canonical_json(outer) != raw or entry.header.encoded() != encoded:
            raise ProofFails("entry is not in its canonical form")
    except InvalidValue as error:
        raise ProofFails(f"entry cannot be read: {error}") from error
    return entry


def verify_signature(entry: Entry, key: PublicKey) -> None:
    """Returns where the key signed the entry.

    Raises:
        ProofFails: another key is named, or the signature does not hold.
    """
    if entry.key != key.id:
        raise ProofFails(f"entry names key {entry.key}, expected {key.id}")
    if not key.accepts(entry.signed, entry.signature):
        raise ProofFails(f"signature by {entry.header.by} ({key.id}) does not hold")


def _header(encoded: bytes) -> Header:
    fields = _fields(json_from_bytes(encoded), _HEADER_FIELDS)
    commitment = _fields(fields["commitment"], {"form", "digest"})
    schema = fields["schema"]
    if fields["v"] != 1 or commitment["form"] != COMMITMENT:
        raise ProofFails(f"header is of version {fields['v']!r}, expected 1")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise ProofFails(f"header has schema {schema!r}, expected 1 or more")
    try:
        digest = bytes.fromhex(_text(commitment["digest"]))
    except ValueError as error:
        raise ProofFails(f"commitment is not hexadecimal: {error}") from error
    if len(digest) != hashlib.sha256().digest_size:
        raise ProofFails(f"commitment has {len(digest)} bytes, expected 32")
    return Header(
        record=_text(fields["record"]),
        kind=_text(fields["kind"]),
        schema=schema,
        by=ParticipantId(_text(fields["by"])),
        stated_at=instant_from_text(_text(fields["stated_at"])),
        marking=_text(fields["marking"]),
        commitment=digest,
    )


def _fields(value: Json, names: set[str] | frozenset[str]) -> dict[str, Json]:
    if not isinstance(value, dict) or set(value) != names:
        found = sorted(value) if isinstance(value, dict) else type(value).__name__
        raise ProofFails(f"found {found}, expected an object with {sorted(names)}")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ProofFails(f"found {type(value).__name__}, expected a text")
    return value


def _bytes(value: Json) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofFails(f"not base64: {error}") from error


__all__ = [
    "COMMITMENT",
    "ENTRY_SIZE_MAX",
    "HEADER_TYPE",
    "SALT_SIZE",
    "Entry",
    "Header",
    "commitment_of",
    "entry_from_bytes",
    "new_salt",
    "pre_authentication",
    "sealed_entry",
    "verify_signature",
]
