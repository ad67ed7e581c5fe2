"""A little writer of records, to give the verifier something to check.

It shares no line with the verifier nor with truce: roots are made by RFC 6962's own
recursive definition, so that a fault in both is unlikely.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TYPE = "application/vnd.truce.header.v1+json"
ABSENT = b"\xff" * 8


def key(seed: str) -> Ed25519PrivateKey:
    """The same key for the same seed."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def raw_key(secret: Ed25519PrivateKey) -> bytes:
    """The public half."""
    return secret.public_key().public_bytes_raw()


def b64(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def canonical(value: object) -> bytes:
    """Canonical JSON of what stands in these tests."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def sha(raw: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(raw).digest()


def root_of(entries: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return sha(b"")
    if len(entries) == 1:
        return sha(b"\0" + entries[0])
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha(b"\1" + root_of(entries[:split]) + root_of(entries[split:]))


def path_of(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(entries) <= 1:
        return []
    split = 1 << (len(entries) - 1).bit_length() - 1
    if index < split:
        return [*path_of(index, entries[:split]), root_of(entries[split:])]
    return [*path_of(index - split, entries[split:]), root_of(entries[:split])]


def consistency(
    size: int, entries: Sequence[bytes], *, whole: bool = True
) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    if size == len(entries):
        return [] if whole else [root_of(entries)]
    split = 1 << (len(entries) - 1).bit_length() - 1
    if size <= split:
        return [
            *consistency(size, entries[:split], whole=whole),
            root_of(entries[split:]),
        ]
    rest = consistency(size - split, entries[split:], whole=False)
    return [*rest, root_of(entries[:split])]


def key_hash(name: str, kind: int, raw: bytes) -> bytes:
    """The four bytes by which a note names a key."""
    return sha(name.encode() + b"\n" + bytes([kind]) + raw)[:4]


def vkey(name: str, secret: Ed25519PrivateKey, kind: int = 1) -> str:
    """A key as people hand it on."""
    raw = raw_key(secret)
    return f"{name}+{key_hash(name, kind, raw).hex()}+{b64(bytes([kind]) + raw)}"


def cosignature(
    text: bytes, name: str, secret: Ed25519PrivateKey, time: int = 7
) -> bytes:
    """A witness's line under a note's text."""
    signature = secret.sign(b"cosignature/v1\ntime %d\n" % time + text)
    whole = key_hash(name, 4, raw_key(secret)) + time.to_bytes(8, "big") + signature
    return f"\u2014 {name} {b64(whole)}\n".encode()


def number_path(number: int) -> str:
    """The path of a number."""
    text = f"{number % 1000:03d}"
    return text if number < 1000 else f"x{number // 1000:03d}/{text}"


CHARTER = {
    "quorum": 1,
    "release_policy": "",
    "rights": {"report": ["contributor", "intake", "operator", "patrol-monitor"]},
}


def enrolment(*participants: object) -> bytes:
    """The payload of an enrolment by the chief alone."""
    told = {"approvals": [], "changes": [], "participants": [*participants]}
    return canonical(told)


@dataclass
class Maker:
    """Writes one record, honest unless told otherwise."""

    kind: str = "real"
    policy: str = "quorum none\n"
    log_key: Ed25519PrivateKey = field(default_factory=lambda: key("log"))
    entries: list[bytes] = field(default_factory=list)
    payloads: list[tuple[bytes, bytes] | None] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The record's origin."""
        return f"truce/{self.kind}/north/{sha(raw_key(self.log_key)).hex()[:32]}"

    def participant(self, name: str, *roles: str, raw: bytes | None = None) -> object:
        """A participant whose key is made of its name."""
        text = (raw or raw_key(key(name))).hex()
        told = {"id": name, "key": text, "name": name.title(), "of": ""}
        return told | {"roles": [*roles] or ["patrol-monitor"]}

    def found(self, changes: dict[str, object] | None = None) -> "Maker":
        """Appends the founding; `chief` decides."""
        first = (
            self.participant("chief", "founder", "operator"),
            self.participant("patrol", "patrol-monitor"),
        )
        payload: dict[str, object] = {
            "approvals": [],
            "charter": CHARTER,
            "log_key": raw_key(self.log_key).hex(),
            "name": "north",
            "participants": [*first],
            "record_kind": self.kind,
            "witness_policy": self.policy,
        }
        return self.state(
            "chief", canonical(payload | (changes or {})), kind="founding"
        )

    def state(self, by: str, payload: bytes, **changes: object) -> "Maker":
        """Appends a statement; `changes` make it dishonest."""
        at = len(self.entries)
        salt = changes.pop("salt", None) or sha(b"salt%d" % at)
        assert isinstance(salt, bytes)
        secret = changes.pop("secret", None) or key(by)
        assert isinstance(secret, Ed25519PrivateKey)
        sealed_at = f"2026-01-01T{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}Z"
        sealed_at = str(changes.pop("sealed_at", sealed_at))
        signature = changes.pop("signature", None)
        digest = sha(b"truce/commitment/v1\0" + salt + payload).hex()
        header = canonical(
            {
                "by": by,
                "commitment": {"digest": digest, "form": "sha256-salted-v1"},
                "kind": "report",
                "marking": "PUBLIC",
                "record": self.origin,
                "schema": 1,
                "stated_at": "2026-01-01T00:00:00.000001Z",
                "v": 1,
            }
            | changes
        )
        signed = f"DSSEv1 36 {TYPE} {len(header)} ".encode() + header
        signature = signature or secret.sign(signed)
        assert isinstance(signature, bytes)
        by_key = {"keyid": sha(raw_key(secret)).hex()[:16], "sig": b64(signature)}
        envelope = {"payload": b64(header), "payloadType": TYPE, "signatures": [by_key]}
        self.entries.append(canonical({"envelope": envelope, "sealed_at": sealed_at}))
        self.payloads.append((salt, payload))
        return self

    def text(self, size: int | None = None) -> bytes:
        """A checkpoint's text."""
        size = len(self.entries) if size is None else size
        root = b64(root_of(self.entries[:size]))
        return f"{self.origin}\n{size}\n{root}\n".encode()

    def note(self, size: int | None = None, cosigned: bytes = b"") -> bytes:
        """A checkpoint, signed by the log."""
        text = self.text(size)
        whole = key_hash(self.origin, 1, raw_key(self.log_key)) + self.log_key.sign(
            text
        )
        line = f"\n\u2014 {self.origin} {b64(whole)}\n".encode()
        return text + line + cosigned

    def group(self, number: int) -> bytes:
        """The payloads of 256 statements."""
        return b"".join(
            ABSENT if one is None else len(one[1]).to_bytes(8, "big") + one[0] + one[1]
            for one in self.payloads[256 * number : 256 * number + 256]
        )

    def write(self, folder: Path, note: bytes | None = None) -> Path:
        """Writes the record's folder."""
        size = len(self.entries)
        hashes, level = [sha(b"\0" + one) for one in self.entries], 0
        bundle = [len(one).to_bytes(2, "big") + one for one in self.entries]
        self._rows(folder / "log/tile/entries", bundle)
        while hashes:
            self._rows(folder / f"log/tile/{level}", hashes)
            for _ in range(8):
                pairs = range(0, len(hashes) // 2 * 2, 2)
                hashes = [sha(b"\1" + hashes[at] + hashes[at + 1]) for at in pairs]
            level += 1
        for number in range(-(-size // 256)):
            put(folder / "payloads" / number_path(number), self.group(number))
        put(folder / "log/checkpoint", note or self.note())
        return folder

    def _rows(self, folder: Path, row: list[bytes]) -> None:
        for number in range(-(-len(row) // 256)):
            part = row[256 * number : 256 * number + 256]
            width = "" if len(part) == 256 else f".p/{len(part)}"
            put(folder / f"{number_path(number)}{width}", b"".join(part))

    def link(self, index: int) -> dict[str, object]:
        """An entry as it stands in a proof's chain."""
        one = self.payloads[index]
        assert one is not None
        path = [b64(part) for part in path_of(index, self.entries)]
        place = {"entry": b64(self.entries[index]), "index": index, "path": path}
        return place | {"salt": b64(one[0]), "payload": b64(one[1])}

    def proof(
        self,
        index: int,
        chain: Sequence[int] = (0,),
        *,
        prefix: bytes = b"",
        extra: dict[str, object] | None = None,
    ) -> bytes:
        """A proof of one statement."""
        one = self.payloads[index]
        assert one is not None
        links: dict[str, object] = {"chain": [self.link(at) for at in chain]}
        links |= {"entry": b64(self.entries[index]), "prefix": b64(prefix)}
        links |= {"salt": b64(one[0])} | (extra or {})
        lines = [f"extra {b64(canonical(links))}", f"index {index}"]
        lines += [b64(part) for part in path_of(index, self.entries)]
        head = "\n".join(["c2sp.org/tlog-proof@v1", *lines, "", ""]).encode()
        return head + self.note()


def put(path: Path, raw: bytes) -> None:
    """Writes a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def small(kind: str = "real", count: int = 6, policy: str = "quorum none\n") -> Maker:
    """A founding and some statements by two makers."""
    maker = Maker(kind=kind, policy=policy).found()
    for at in range(1, count):
        maker.state("patrol" if at % 2 else "chief", b"seen %d" % at)
    return maker
