"""Keys, signed notes, checkpoints and witness policies.

1. A key is canonical and of prime order; no signature begins with a small-order point.
2. A checkpoint is a note of three lines: origin, size, root; then signature lines.
3. Unknown keys are ignored; a line of a known key that does not hold makes all invalid.
4. A witness policy names witnesses, and groups of which at least k must have cosigned.

Source: RFC 8032; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy.
"""

import re
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from truce_verify import Wrong, reading

LOG, WITNESS = 1, 4  # signature types of C2SP signed-note
NAME = "[a-z0-9][a-z0-9-]{0,62}"
ORIGIN = f"truce/(?:real|exercise|study)/{NAME}/[0-9a-f]{{32}}"
UNKNOWN = "truce/unknown"  # before an origin is read
NUMBER = "0|[1-9][0-9]{0,17}"  # no log ever holds 10^18 entries
_LINE = "\u2014 [^\\s+\0-\x1f]+ [A-Za-z0-9+/=]+\n"
_CHECKPOINT = f"({ORIGIN})\n({NUMBER})\n(.{{44}})\n\n(?:{_LINE})+"
# RFC 8032, 5.1: the field, the order of the group, the constant of the curve.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL = {1, _P - 1, 0, _Y8, _P - _Y8}  # the y of the eight points of small order
_Point = tuple[int, int, int, int]


class Checkpoint(NamedTuple):
    """What a log says it holds."""

    origin: str
    size: int
    root: bytes


class Vkey(NamedTuple):
    """A key with the name it signs under and the type of its signatures."""

    name: str
    type: int
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names the key."""
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.key
        return sha256(named).digest()[:4]


class Policy(NamedTuple):
    """Whose cosignatures count, how many are enough; groups follow their members."""

    witnesses: dict[bytes, Vkey]
    groups: dict[bytes, tuple[int, list[bytes]]]
    quorum: bytes

    def is_satisfied(self, keys: set[bytes]) -> bool:
        """(4) Whether keys are enough; one counts once however often it signed."""
        reached = {name for name, one in self.witnesses.items() if one.key in keys}
        for name, (least, members) in self.groups.items():
            if len(reached.intersection(members)) >= least:
                reached.add(name)
        return self.quorum in {b"none", *reached}


class Trust(NamedTuple):
    """What the reader brings along; without a policy, the founding's counts."""

    key: Vkey | None = None
    policy: Policy | None = None
    roots: tuple[Certificate, ...] = ()


def bytes_from_base64(text: object) -> bytes:
    """Decodes base64 in its one form; ValueError for anything else."""
    raw = b64decode(text, validate=True) if isinstance(text, str) else b""
    if b64encode(raw).decode() != text:
        raise ValueError(f"{str(text)[:80]!r} is not base64 in its one form")
    return raw


def _is_small(point: bytes) -> bool:
    """(1) Whether 32 bytes are a point of small order, or in no canonical form."""
    y = int.from_bytes(point, "little") & (1 << 255) - 1
    return y >= _P or y in _SMALL


@lru_cache(maxsize=1 << 16)
def is_key(key: bytes) -> bool:
    """(1) Whether 32 bytes are a key of prime order: L times the point is nothing."""
    if len(key) != 32 or _is_small(key):
        return False
    y = int.from_bytes(key, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    total = (0, 1, 1, 0)
    for bit in f"{_L:b}":
        total = _sum(total, total)
        if bit == "1":
            total = _sum(total, (x, y, 1, x * y % _P))  # of either sign: -A is as A
    return x * x % _P == square and total[0] == 0 and total[1] == total[2]


def _sum(p: _Point, q: _Point) -> _Point:
    """The sum of two points in extended coordinates. RFC 8032, 5.1.4."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """(1) Whether the signature holds; the key has passed `is_key`."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return not _is_small(signature[:32])


def vkey_from_text(text: str, kind: int) -> Vkey:
    """A key as people hand it on: NAME+ID+BASE64(type, key)."""
    with reading("unknown-key", "vkey"):
        name, named, encoded = text.split("+", 2)
        raw = bytes_from_base64(encoded)
        vkey = Vkey(name, kind, raw[1:])
        is_right = raw[0] == kind and vkey.id.hex() == named and is_key(vkey.key)
        if not is_right or not re.fullmatch(r"\S+", name):
            raise ValueError(f"{text[:200]!r} names no key of type {kind}")
    return vkey


def checkpoint_from_note(raw: bytes) -> Checkpoint:
    """(2) What a note states; its signatures are not checked."""
    with reading("proof-form", "checkpoint"):
        found = re.fullmatch(_CHECKPOINT, raw.decode())
        if not found:
            raise ValueError("expected origin, size, root, and signature lines")
        return Checkpoint(found[1], int(found[2]), bytes_from_base64(found[3]))


def verify_note(
    raw: bytes, log: Vkey, trust: Trust, policy: Policy | None = None
) -> tuple[Checkpoint, set[bytes]]:
    """(3) The checkpoint, signed by the log, and the keys of those who cosigned."""
    checkpoint = checkpoint_from_note(raw)
    is_named = sha256(log.key).hexdigest()[:32] == checkpoint.origin[-32:]
    if trust.key not in {None, log} or not is_named:
        raise Wrong("unknown-key", "the key is not that of the origin, or not yours")
    witnesses = list(policy.witnesses.values()) if policy else []
    known = {(one.name, one.id): one for one in [log, *witnesses]}
    message, _, lines = raw.partition(b"\n\n")
    signers = set()
    for line in lines.decode().split("\n")[:-1]:
        _, name, encoded = line.split(" ")
        with reading("proof-form", "signature line"):
            signature = bytes_from_base64(encoded)
        if vkey := known.get((name, signature[:4])):
            signed, signature = message + b"\n", signature[4:]
            if vkey.type == WITNESS:
                time = int.from_bytes(signature[:8], "big")
                signed = b"cosignature/v1\ntime %d\n" % time + signed
                signature = signature[8:] if time < 1 << 63 else b""
            if not is_signed(vkey.key, signature, signed):
                raise Wrong("proof-signature", f"the signature of {name} does not hold")
            signers.add(vkey)
    if log not in signers or log.name != checkpoint.origin:
        raise Wrong("proof-signature", f"{log.name} did not sign this checkpoint")
    return checkpoint, {one.key for one in signers - {log}}


def policy_from_text(text: str) -> Policy:
    """(4) A tlog-policy without logs; names and keys stand for one thing each."""
    policy, free, names, quorum = Policy({}, {}, b""), set[bytes](), {b"none"}, b""
    with reading("policy-form", "witness policy"):
        raw = text.encode(errors="surrogateescape")
        is_right = not re.search(rb"[\0-\x08\x0b-\x1f\x7f]", raw)
        for line in raw.split(b"\n"):
            words = line.split()
            if not words or words[0].startswith(b"#"):
                continue
            kind, name, *rest = words
            is_right &= (name in names) == (kind == b"quorum")
            if kind == b"witness":
                one = vkey_from_text(rest[0].decode(), WITNESS)
                had = {earlier.key for earlier in policy.witnesses.values()}
                is_right &= one.key not in had and len(rest) <= 2
                policy.witnesses[name] = one
            elif kind == b"group":
                least, *members = rest
                number = {b"any": b"1", b"all": b"%d" % len(members)}.get(least, least)
                is_right &= bool(re.fullmatch(rb"[1-9][0-9]{0,3}", number))
                is_right &= int(number) <= len(members) == len(free & {*members})
                policy.groups[name] = (int(number), members)
                free -= {*members}
            else:
                is_right &= kind == b"quorum" and not quorum and not rest
                quorum = name
            names.add(name)
            free.add(name)
            if not is_right:
                raise ValueError(f"line {line!r} has no form of C2SP tlog-policy")
        if not quorum:
            raise ValueError("it has no quorum line")
    return policy._replace(quorum=quorum)


__all__ = [
    "LOG", "NAME", "NUMBER", "ORIGIN", "UNKNOWN", "WITNESS", "Checkpoint", "Policy",
    "Trust", "Vkey", "bytes_from_base64", "checkpoint_from_note", "is_key", "is_signed",
    "policy_from_text", "verify_note", "vkey_from_text",
]  # fmt: skip
