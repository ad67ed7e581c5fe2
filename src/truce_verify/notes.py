"""Keys, signed notes, checkpoints and witness policies.

1. A key is canonical and of prime order; no first half of a signature is of small order.
2. A note is a text, an empty line, signature lines; unknown keys are ignored, and a line
   of a known key that does not hold makes the whole note invalid.
3. A checkpoint is a note of three lines: origin, size, root.
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


class Checkpoint(NamedTuple):
    """What a log says it holds."""

    origin: str
    size: int
    root: bytes


class Policy(NamedTuple):
    """Whose cosignatures count, and how many are enough; a group follows its members."""

    logs: list[Vkey]
    witnesses: dict[bytes, Vkey]
    groups: dict[bytes, tuple[int, list[bytes]]]
    quorum: bytes = b""


class Trust(NamedTuple):
    """What the reader brings along; without a policy, the founding's counts."""

    key: Vkey | None = None
    policy: Policy | None = None
    roots: tuple[Certificate, ...] = ()

    def verify_log(self, log: Vkey) -> None:
        """That this log's key is one that the reader trusts."""
        listed = self.policy.logs if self.policy else []
        if self.key not in {None, log} or (listed and log not in listed):
            raise Wrong(
                "unknown-key", f"the key of {log.name} is not one that you gave"
            )


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
    if x * x % _P != square:
        return False
    total = (0, 1, 1, 0)
    for bit in f"{_L:b}":
        total = _sum(total, total)
        if bit == "1":
            total = _sum(total, (x, y, 1, x * y % _P))  # of either sign: -A is as A
    return total[0] == 0 and total[1] == total[2]


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
    """(3) What a note states; its signatures are not checked."""
    with reading("proof-form", "checkpoint"):
        found = re.fullmatch(_CHECKPOINT, raw.decode())
        if not found:
            raise ValueError("expected origin, size, root, and signature lines")
        return Checkpoint(found[1], int(found[2]), bytes_from_base64(found[3]))


def verify_note(
    raw: bytes, log: Vkey, policy: Policy | None = None
) -> tuple[Checkpoint, set[bytes]]:
    """(2) The checkpoint, signed by the log, and the keys of those who cosigned."""
    checkpoint = checkpoint_from_note(raw)
    witnesses = list(policy.witnesses.values()) if policy else []
    known = {(one.name, one.id): one for one in [log, *witnesses]}
    text, _, lines = raw.partition(b"\n\n")
    message, signers = text + b"\n", set()
    for line in lines.decode().split("\n")[:-1]:
        _, name, encoded = line.split(" ")
        with reading("proof-form", "signature line"):
            signature = bytes_from_base64(encoded)
        vkey = known.get((name, signature[:4]))
        if vkey is None:
            continue
        signed, signature = message, signature[4:]
        if vkey.type == WITNESS:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            signed = b"cosignature/v1\ntime %d\n" % time + message
        if not is_signed(vkey.key, signature, signed):
            raise Wrong("proof-signature", f"the signature of {name} does not hold")
        signers.add(vkey)
    if log not in signers or log.name != checkpoint.origin:
        raise Wrong("proof-signature", f"{log.name} did not sign this checkpoint")
    return checkpoint, {one.key for one in signers - {log}}


def policy_from_text(text: bytes) -> Policy:
    """(4) A tlog-policy: every name and key stands for one thing, told before its use."""
    policy, free, names = Policy([], {}, {}), set[bytes](), {b"none"}
    for line in text.split(b"\n"):
        words = re.findall(rb"[^ \t]+", line)
        with reading("policy-form", f"line {line!r} of a witness policy"):
            if re.search(rb"[\0-\x08\x0b-\x1f\x7f]", line):
                raise ValueError("it holds a control character")
            if not words or words[0].startswith(b"#"):
                continue
            match words:
                case [b"log", vkey] | [b"log", vkey, _]:
                    policy.logs.append(vkey_from_text(vkey.decode(), LOG))
                    is_right = len({one.key for one in policy.logs}) == len(policy.logs)
                case [b"witness", name, vkey] | [b"witness", name, vkey, _]:
                    one = vkey_from_text(vkey.decode(), WITNESS)
                    is_right = one.key not in {x.key for x in policy.witnesses.values()}
                    is_right &= name not in names
                    policy.witnesses[name] = one
                    free.add(name)
                    names.add(name)
                case [b"group", name, least, *members]:
                    least = {b"any": b"1", b"all": b"%d" % len(members)}.get(
                        least, least
                    )
                    is_right = bool(re.fullmatch(rb"[1-9][0-9]{0,3}", least))
                    is_right &= int(least) <= len(members) == len({*members} & free)
                    is_right &= name not in names
                    policy.groups[name] = (int(least), members)
                    free.difference_update(members)
                    free.add(name)
                    names.add(name)
                case [b"quorum", name]:
                    is_right = not policy.quorum and name in names
                    policy = policy._replace(quorum=name)
                case _:
                    is_right = False
            if not is_right:
                raise ValueError("expected a form of C2SP tlog-policy")
    if not policy.quorum:
        raise Wrong("policy-form", "the witness policy has no quorum line")
    return policy


def is_satisfied(policy: Policy, keys: set[bytes]) -> bool:
    """(4) Whether these keys are enough; a key counts once however often it signed."""
    reached = {name for name, one in policy.witnesses.items() if one.key in keys}
    for name, (least, members) in policy.groups.items():
        if len(reached.intersection(members)) >= least:
            reached.add(name)
    return policy.quorum in {b"none", *reached}


__all__ = [
    *("LOG", "NAME", "NUMBER", "ORIGIN", "WITNESS"),
    *("Checkpoint", "Policy", "Trust", "Vkey"),
    *(
        "bytes_from_base64",
        "checkpoint_from_note",
        "is_key",
        "is_satisfied",
        "is_signed",
    ),
    *("policy_from_text", "verify_note", "vkey_from_text"),
]
