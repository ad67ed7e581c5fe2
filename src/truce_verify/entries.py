"""Statements as they stand in a log.

1. An entry and its header have one form each; any other bytes are no entry.
Source: docs/spec/record.md, 2 and 3; DSSE v1; RFC 8785.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from truce_verify import must, notes, reading

__all__ = ["TIME", "Entry", "canonical", "entry_from_bytes", "json_of", "shaped"]
_TYPE = "application/vnd.truce.header.v1+json"
TIME = r"([0-9-]{10}T(?:[01][0-9]|2[0-3])(?::[0-9]{2}){2}(?:\.(?!0{6})[0-9]{6})?)Z"
_ENTRY = (
    r'\{"envelope":\{"payload":"([A-Za-z0-9+/]+=*)","payloadType":"([^"\\]*)",'
    r'"signatures":\[\{"keyid":"([0-9a-f]{16})","sig":"([A-Za-z0-9+/]{86}==)"\}\]\},'
    rf'"sealed_at":"{TIME}"\}}'
)
_HEADER = (
    rf'\{{"by":"({notes.NAME})","commitment":\{{"digest":"([0-9a-f]{{64}})",'
    r'"form":"sha256-salted-v1"\},"kind":"([a-z][a-z0-9-]{0,62})",'
    rf'"marking":"[A-Z][A-Z-]{{0,31}}","record":"({notes.ORIGIN})",'
    rf'"schema":[1-9][0-9]{{0,5}},"stated_at":"{TIME}","v":1\}}'
)


class Entry(NamedTuple):
    """What the checks need of an entry; `sealed_at` is compared as text, its Z cut."""

    by: str
    commitment: str
    kind: str
    record: str
    sealed_at: str
    keyid: str
    signature: bytes
    message: bytes

    def verify_payload(self, code: str, salt: bytes, payload: bytes) -> None:
        """(1) That salt and payload are those committed to."""
        told = sha256(b"truce/commitment/v1\0" + salt + payload).hexdigest()
        must(len(salt) == 32 and told == self.commitment, code, "its payload differs")


def entry_from_bytes(raw: bytes) -> Entry:
    """(1) The entry; raises Wrong where the bytes are none."""
    must(len(raw) <= 65_535, "entry-too-large", f"it has {len(raw)} bytes")
    with reading("envelope-form", "entry"):
        text, kind, keyid, sig, sealed_at = notes.groups_of(_ENTRY, raw.decode())
        must(kind == _TYPE, "envelope-type", f"payloadType is {kind[:200]!r}")
        header, signature = map(notes.bytes_from_base64, (text, sig))
        datetime.fromisoformat(sealed_at)  # it exists
    with reading("header-form", "header"):
        by, digest, what, record, at = notes.groups_of(_HEADER, header.decode())
        datetime.fromisoformat(at)
    message = f"DSSEv1 {len(_TYPE)} {_TYPE} {len(header)} ".encode() + header
    return Entry(by, digest, what, record, sealed_at, keyid, signature, message)


def shaped(value: Any, shape: Any) -> Any:
    """JSON of exactly this shape, base64 decoded where it asks for bytes."""
    if shape is bytes:
        return notes.bytes_from_base64(value)
    if type(shape) is type(value) is list:
        return [shaped(one, shape[0]) for one in value]
    if type(shape) is type(value) is dict and shape.keys() == value.keys():
        return {name: shaped(value[name], one) for name, one in shape.items()}
    if type(value) is not shape:
        raise ValueError(f"{str(value)[:80]!r} is not of the kind expected")
    return value


def json_of(raw: bytes, shape: Any) -> Any:
    """The same of bytes, which are canonical: keys here are ASCII, no number broken."""
    if canonical(value := json.loads(raw)) != raw:
        raise ValueError("it is not canonical JSON")
    return shaped(value, shape)


def canonical(value: Any) -> bytes:
    """JSON in its one form, for the values that occur here."""
    form = (",", ":")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=form)
    return text.encode()
