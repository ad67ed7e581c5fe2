"""Statements as they stand in a log, and who may make them.

1. An entry and its header have one form each; any other bytes are no entry.
2. A founding makes the record's origin and policy. No id and no key is enrolled twice.
3. A maker is enrolled before it states; only an operator founds and enrols.
Source: docs/spec/record.md, 2, 3 and 5; DSSE v1; RFC 8785.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from truce_verify import must, notes, reading

__all__ = ["Entry", "Makers", "entry_from_bytes", "json_of", "shaped"]
_TYPE = "application/vnd.truce.header.v1+json"
_TIME = r"([0-9-]{10}T(?:[01][0-9]|2[0-3])(?::[0-9]{2}){2}(?:\.(?!0{6})[0-9]{6})?)Z"
_ENTRY = (
    r'\{"envelope":\{"payload":"([A-Za-z0-9+/]+=*)","payloadType":"([^"\\]*)",'
    r'"signatures":\[\{"keyid":"([0-9a-f]{16})","sig":"([A-Za-z0-9+/]{86}==)"\}\]\},'
    rf'"sealed_at":"{_TIME}"\}}'
)
_HEADER = (
    rf'\{{"by":"({notes.NAME})","commitment":\{{"digest":"([0-9a-f]{{64}})",'
    r'"form":"sha256-salted-v1"\},"kind":"([a-z][a-z0-9-]{0,62})",'
    rf'"marking":"[A-Z][A-Z-]{{0,31}}","record":"({notes.ORIGIN})",'
    rf'"schema":[1-9][0-9]{{0,5}},"stated_at":"{_TIME}","v":1\}}'
)
_PARTICIPANT = {"id": str, "key": str, "name": str, "roles": [str]}
_TEXTS = ("log_key", "name", "record_kind", "witness_policy")
_FOUNDING = {"participants": [_PARTICIPANT], **dict.fromkeys(_TEXTS, str)}


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
    value, form = json.loads(raw), (",", ":")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=form)
    if text.encode() != raw:
        raise ValueError("it is not canonical JSON")
    return shaped(value, shape)


class Makers:
    """Who is enrolled so far in the record of one origin; what its founding names."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.founding = notes.Trust()  # without a key until it is founded
        self.enrolled: dict[str, tuple[bytes, list[str]]] = {}
        self.keys: set[bytes] = set()

    def take(self, index: int, entry: Entry, payload: bytes | None = None) -> bytes:
        """(2, 3) Enrols whom it enrols; answers the key to check; none if unfounded."""
        by, is_founding = entry.by, entry.kind == "founding"
        must(entry.record == self.origin, "wrong-record", f"it is of {entry.record}")
        must(is_founding == (index == 0), "kind-refused", "only entry 0 is a founding")
        if is_founding and payload is not None:
            with reading("founding-form", "founding"):
                self._found(json_of(payload, _FOUNDING))
        if not self.founding.key:
            return b""
        key, roles = self.enrolled.get(by, (b"", []))
        must(key, "unknown-maker", f"{by} was not enrolled before")
        is_own = sha256(key).hexdigest()[:16] == entry.keyid
        must(is_own, "unknown-key", f"{entry.keyid} is not the key of {by}")
        may = "operator" in roles or entry.kind not in {"founding", "enrolment"}
        must(may, "kind-refused", f"{by} enrols, but is no operator")
        if entry.kind == "enrolment" and payload is not None:
            with reading("founding-form", "enrolment"):
                self._enrol(**json_of(payload, {"participants": [_PARTICIPANT]}))
        return key

    def _found(self, told: dict[str, Any]) -> None:
        key = bytes.fromhex(told["log_key"])
        named = sha256(key).hexdigest()[:32]
        origin = f"truce/{told['record_kind']}/{told['name']}/{named}"
        is_right = origin == self.origin and key.hex() == told["log_key"]
        if not is_right or not told["participants"]:
            raise ValueError(f"it founds {origin[:200]}, or enrols nobody")
        self.keys.add(key)
        self._enrol(told["participants"])
        self.founding = notes.policy_from_text(told["witness_policy"], key)

    def _enrol(self, participants: list[dict[str, Any]]) -> None:
        for one in participants:
            name, roles, key = one["id"], one["roles"], bytes.fromhex(one["key"])
            is_right = all(re.fullmatch("[a-z-]+", role) for role in roles)
            is_right &= len({*roles}) == len(roles) and notes.is_sound(key)
            is_new = name not in self.enrolled and key not in self.keys
            is_right &= key.hex() == one["key"] and is_new
            if not is_right or not re.fullmatch(notes.NAME, name):
                raise ValueError(f"{name[:80]!r} has another form, or stands twice")
            self.enrolled[name] = key, roles
            self.keys.add(key)
