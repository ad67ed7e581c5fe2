"""Statements as they stand in a log, and who may make them.

1. An entry and its header have one form each; any other bytes are no entry.
2. A founding names the kind, name, key and witness policy of its record; the origin is
   made of the first three. Foundings and enrolments enrol; no id and no key twice.
3. A maker is enrolled before it states, `keyid` is its key's, the signature holds; only
   an operator enrols.

Source: docs/spec/record.md, 2, 3 and 5; DSSE v1; RFC 8785.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from truce_verify import Wrong, notes, reading

COMMITMENT = b"truce/commitment/v1\0"
_SIZE_MAX = 65_535
_TYPE = "application/vnd.truce.header.v1+json"
_PLAIN = (",", ":")
_TWO = "[0-9]{2}"
_TIME = (
    rf"({_TWO}{_TWO}-{_TWO}-{_TWO}T{_TWO}:{_TWO}:{_TWO}(?:\.(?!0{{6}})[0-9]{{6}})?)Z"
)
_ENTRY = re.compile(
    r'\{"envelope":\{"payload":"([A-Za-z0-9+/]+=*)","payloadType":"([^"\\]*)",'
    r'"signatures":\[\{"keyid":"([0-9a-f]{16})","sig":"([A-Za-z0-9+/]{86}==)"\}\]\},'
    rf'"sealed_at":"{_TIME}"\}}'
)
_HEADER = re.compile(
    rf'\{{"by":"({notes.NAME})","commitment":\{{"digest":"([0-9a-f]{{64}})",'
    r'"form":"sha256-salted-v1"\},"kind":"([a-z][a-z0-9-]{0,62})",'
    rf'"marking":"[A-Z][A-Z-]{{0,31}}","record":"({notes.ORIGIN})",'
    rf'"schema":[1-9][0-9]{{0,5}},"stated_at":"{_TIME}","v":1\}}'
)


class Entry(NamedTuple):
    """What the checks need of an entry; `sealed_at` is compared as text, its Z cut."""

    by: str
    commitment: bytes
    kind: str
    record: str
    sealed_at: str
    keyid: str
    signature: bytes
    message: bytes


def entry_from_bytes(raw: bytes) -> Entry:
    """(1) The entry; raises Wrong where the bytes are none."""
    if len(raw) > _SIZE_MAX:
        raise Wrong("entry-too-large", f"it has {len(raw)} bytes")
    found = _ENTRY.fullmatch(raw.decode(errors="replace"))
    if not found:
        raise Wrong("envelope-form", f"it is no entry in the one form: {raw[:200]!r}")
    payload, kind, keyid, sig, sealed_at = found.groups()
    if kind != _TYPE:
        raise Wrong("envelope-type", f"payloadType is {kind[:200]!r}, not {_TYPE}")
    code = "envelope-form"
    try:
        header, signature = map(notes.bytes_from_base64, (payload, sig))
        datetime.fromisoformat(sealed_at)
        code = "header-form"
        fields = _HEADER.fullmatch(header.decode())
        if not fields:
            raise ValueError("its header has another form than the one")
        by, digest, kind, record, stated_at = fields.groups()
        datetime.fromisoformat(stated_at)
    except ValueError as error:
        raise Wrong(code, f"{error}: {raw[:200]!r}") from error
    message = f"DSSEv1 {len(_TYPE)} {_TYPE} {len(header)} ".encode() + header
    commitment = bytes.fromhex(digest)
    return Entry(by, commitment, kind, record, sealed_at, keyid, signature, message)


def values_of(raw: object, *names: str) -> list[Any]:
    """The values of an object with exactly these keys; bytes must be canonical JSON."""
    value = json.loads(raw) if isinstance(raw, bytes) else raw
    if isinstance(raw, bytes):
        # RFC 8785, as far as these objects go: keys in ASCII, no fractions.
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=_PLAIN)
        if text.encode() != raw:
            raise ValueError("it is not canonical JSON")
    if not isinstance(value, dict) or value.keys() != {*names}:
        raise ValueError(f"expected an object of {', '.join(names)}")
    return [value[name] for name in names]


def list_of(value: object) -> list[Any]:
    """A list of JSON; ValueError for anything else."""
    if not isinstance(value, list):
        raise ValueError(f"expected a list, found {str(value)[:80]!r}")
    return value


def _key_from_hex(text: str) -> bytes:
    key = bytes.fromhex(text)
    if key.hex() != text or not notes.is_key(key):
        raise ValueError(f"{text[:80]!r} is no Ed25519 key of prime order")
    return key


class Makers:
    """Who is enrolled so far in the record of one origin."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.enrolled: dict[str, tuple[bytes, list[str]]] = {}
        self.names: set[str | bytes] = set()

    def found(self, payload: bytes) -> tuple[notes.Vkey, notes.Policy]:
        """(2) Reads a founding: the log's key and the witness policy."""
        names = ("log_key", "name", "record_kind", "witness_policy", "participants")
        with reading("founding-form", "founding"):
            key_text, name, kind, policy, participants = values_of(payload, *names)
            key = _key_from_hex(key_text)
            origin = f"truce/{kind}/{name}/{sha256(key).hexdigest()[:32]}"
            if origin != self.origin:
                raise ValueError(f"it founds {origin[:200]}, not {self.origin}")
            self._enrol(list_of(participants))
            return notes.Vkey(origin, notes.LOG, key), notes.policy_from_text(policy)

    def enrol(self, payload: bytes) -> None:
        """(2) Reads an enrolment, which `verify` has passed."""
        with reading("founding-form", "enrolment"):
            self._enrol(list_of(*values_of(payload, "participants")))

    def _enrol(self, participants: list[object]) -> None:
        for one in participants:
            name, text, title, roles = values_of(one, "id", "key", "name", "roles")
            key = _key_from_hex(text)
            if not all(isinstance(word, str) for word in [title, *list_of(roles)]):
                raise ValueError(f"{name!r} has a name or role that is no text")
            if not re.fullmatch(notes.NAME, name) or {name, key} & self.names:
                raise ValueError(f"{name!r} is no name, or it or its key stands twice")
            self.enrolled[name] = (key, roles)
            self.names |= {name, key}

    def verify_key(self, entry: Entry) -> bytes:
        """(3) The enrolled key by which the entry says it is signed."""
        key, roles = self.enrolled.get(entry.by, (b"", []))
        if not key:
            raise Wrong("unknown-maker", f"{entry.by} was not enrolled before")
        if sha256(key).hexdigest()[:16] != entry.keyid:
            raise Wrong("unknown-key", f"{entry.keyid} is not the key of {entry.by}")
        if entry.kind == "enrolment" and "operator" not in roles:
            raise Wrong("kind-refused", f"{entry.by} enrols, but is no operator")
        return key

    def verify(self, entry: Entry) -> None:
        """(3) That a maker who was enrolled before signed it."""
        if not notes.is_signed(self.verify_key(entry), entry.signature, entry.message):
            raise Wrong("bad-signature", f"the signature of {entry.by} does not hold")


__all__ = ["COMMITMENT", "Entry", "Makers", "entry_from_bytes", "list_of", "values_of"]
