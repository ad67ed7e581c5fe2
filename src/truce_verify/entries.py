"""Statements as they stand in a log, and who may make them.

1. An entry and its header have one form each; any other bytes are no entry.
2. A founding names the kind, name, key and witness policy of its record; the origin is
   made of the first three. Foundings and enrolments enrol; no id and no key twice.
3. A maker is enrolled before it states, `keyid` is its key's, the signature holds; only
   an operator founds and enrols.

Source: docs/spec/record.md, 2, 3 and 5; DSSE v1; RFC 8785.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from truce_verify import must, notes, reading

_TYPE = "application/vnd.truce.header.v1+json"
_TIME = "([0-9-]{10}T[0-9:.]{8,15})Z"
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
        digest = sha256(b"truce/commitment/v1\0" + salt + payload).hexdigest()
        is_right = len(salt) == 32 and digest == self.commitment
        must(is_right, code, "its payload is not the one committed to")


def entry_from_bytes(raw: bytes) -> Entry:
    """(1) The entry; raises Wrong where the bytes are none."""
    must(len(raw) <= 65_535, "entry-too-large", f"it has {len(raw)} bytes")
    with reading("envelope-form", "entry"):
        text, kind, keyid, sig, sealed_at = notes.groups_of(_ENTRY, raw.decode())
        must(kind == _TYPE, "envelope-type", f"payloadType is {kind[:200]!r}")
        header, signature = map(notes.bytes_from_base64, (text, sig))
        is_time = datetime.fromisoformat(sealed_at).isoformat() == sealed_at
        must(is_time, "envelope-form", f"{sealed_at} is no time in its one form")
    with reading("header-form", "header"):
        by, digest, what, record, at = notes.groups_of(_HEADER, header.decode())
        is_time = datetime.fromisoformat(at).isoformat() == at
        must(is_time, "header-form", f"{at} is no time in its one form")
    message = f"DSSEv1 {len(_TYPE)} {_TYPE} {len(header)} ".encode() + header
    return Entry(by, digest, what, record, sealed_at, keyid, signature, message)


def values_of(value: Any, **types: type) -> list[Any]:
    """The values of an object with exactly these keys; bytes must be canonical JSON."""
    if isinstance(value, bytes):
        # RFC 8785, as far as these objects go: keys in ASCII, no fractions.
        raw, value, form = value, json.loads(value), (",", ":")
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=form)
        if text.encode() != raw:
            raise ValueError("it is not canonical JSON")
    if not isinstance(value, dict) or types != {k: type(v) for k, v in value.items()}:
        raise ValueError(f"expected an object of {', '.join(types)}")
    return [value[name] for name in types]


class Makers:
    """Who is enrolled so far in the record of one origin; what its founding names."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.log = b""  # the log's key, once it is founded
        self.policy = notes.Policy([], None)
        self.enrolled: dict[str, tuple[bytes, list[str]]] = {}
        self.keys: set[bytes] = set()

    def take(self, index: int, entry: Entry, payload: bytes | None = None) -> bytes:
        """(2, 3) Enrols whom the entry enrols; answers the key that must have signed.

        The key is empty where no founding is here, and so nobody can be judged.
        """
        is_first, kind, by = index == 0, entry.kind, entry.by
        must(entry.record == self.origin, "wrong-record", f"it is of {entry.record}")
        is_right = (kind == "founding") == is_first
        must(is_right, "kind-refused", "a founding is entry 0, and no other is")
        if is_first and payload is not None:
            with reading("founding-form", "founding"):
                self._found(payload)
        if not self.log:
            return b""
        key, roles = self.enrolled.get(by, (b"", []))
        must(key, "unknown-maker", f"{by} was not enrolled before")
        is_right = sha256(key).hexdigest()[:16] == entry.keyid
        must(is_right, "unknown-key", f"{entry.keyid} is not the key of {by}")
        is_right = kind not in {"founding", "enrolment"} or "operator" in roles
        must(is_right, "kind-refused", f"{by} enrols, but is no operator")
        if kind == "enrolment" and payload is not None:
            with reading("founding-form", "enrolment"):
                self._enrol(*values_of(payload, participants=list))
        return key

    def verify(self, index: int, entry: Entry, payload: bytes | None = None) -> None:
        """(2, 3) The same, and that the signature holds."""
        key = self.take(index, entry, payload)
        is_right = notes.is_signed(key, entry.signature, entry.message)
        must(is_right, "bad-signature", f"the signature of {entry.by} does not hold")

    def _found(self, payload: bytes) -> None:
        texts = dict.fromkeys(("record_kind", "name", "log_key", "witness_policy"), str)
        told = values_of(payload, **texts, participants=list)
        kind, name, text, policy, participants = told
        key = self._new_key(text)
        origin = f"truce/{kind}/{name}/{sha256(key).hexdigest()[:32]}"
        if origin != self.origin or not participants:
            raise ValueError(f"it founds {origin[:200]}, by {len(participants)}")
        self.policy = notes.policy_from_text(policy)
        self._enrol(participants)
        self.log = key

    def _enrol(self, participants: list[object]) -> None:
        for one in participants:
            name, key, _, roles = values_of(one, id=str, key=str, name=str, roles=list)
            is_right = all(re.fullmatch("[a-z-]+", role) for role in roles)
            is_right &= len({*roles}) == len(roles) and name not in self.enrolled
            if not is_right or not re.fullmatch(notes.NAME, name):
                raise ValueError(f"{name[:80]!r} has another form, or stands twice")
            self.enrolled[name] = self._new_key(key), roles

    def _new_key(self, text: str) -> bytes:
        key = bytes.fromhex(text)
        if key.hex() != text or not notes.is_sound(key) or key in self.keys:
            raise ValueError(f"{text[:80]!r} is no Ed25519 key, or stands twice")
        self.keys.add(key)
        return key


__all__ = ["Entry", "Makers", "entry_from_bytes", "values_of"]
