"""Keys, signed notes, checkpoints and witness policies.

1. No key, and no first half of a signature, is of small order or not canonical.
2. A checkpoint is a note of three lines: origin, size, root; then signature lines.
3. Unknown keys are ignored; a line of a known key that does not hold makes all invalid.
4. A witness policy names witnesses, and groups of which at least k must have cosigned.
Source: RFC 8032; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy.
"""

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from truce_verify import must, reading

__all__ = ["Trust", "bytes_from_base64", "checkpoint_from_note", "groups_of",
           "is_signed", "is_sound", "key_from_vkey", "key_id", "policy_from_text",
           "verify_note"]  # fmt: skip
LOG, WITNESS = 1, 4  # signature types of C2SP signed-note
NAME = "[a-z0-9][a-z0-9-]{0,62}"
ORIGIN = f"truce/(?:real|exercise|study)/{NAME}/[0-9a-f]{{32}}"
NUMBER = "0|[1-9][0-9]{0,17}"  # no log ever holds 10^18 entries
HASH = "[A-Za-z0-9+/]{43}="
_LINES = r"(?:\u2014 [^\s+]+ [A-Za-z0-9+/=]+\n)+"
_CHECKPOINT = rf"({ORIGIN})\n({NUMBER})\n({HASH})\n\n{_LINES}"
STAMPS = "Timestamps: openssl ts -verify -data SIZE.note -in SIZE.tsr -CAfile ROOTS.pem"
# The field of the curve, and the y of its eight points of small order. RFC 8032, 5.1.
_P = 2**255 - 19
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL = {0, 1, _P - 1, _Y8, _P - _Y8}
Checkpoint = tuple[str, int, bytes]  # origin, size and root
_Rule = bytes | tuple[int, list["_Rule"]]  # a witness's key, or how many of a group


class Trust(NamedTuple):
    """A log's key, witnesses by name, and who is enough: a reader's or a founding's."""

    key: bytes | None = None
    witnesses: tuple[tuple[str, bytes], ...] = ()
    rule: _Rule | None = None


def groups_of(form: str, text: str) -> tuple[str, ...]:
    """The parts of a text that has exactly this form; ValueError for any other."""
    if not (found := re.fullmatch(form, text)):
        raise ValueError(f"{text[:200]!r} is not in the one form")
    return found.groups()


def bytes_from_base64(text: str) -> bytes:
    """Decodes base64 in its one form; ValueError for anything else."""
    raw = b64decode(text, validate=True)
    if b64encode(raw).decode() != text:
        raise ValueError(f"{text[:80]!r} is not base64 in its one form")
    return raw


def is_sound(point: bytes) -> bool:
    """(1) Whether a key, or half a signature, is canonical and of no small order."""
    y = int.from_bytes(point, "little") & (1 << 255) - 1
    return len(point) == 32 and y < _P and y not in _SMALL


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """(1) Whether the signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return is_sound(key) and is_sound(signature[:32])


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """The four bytes by which a signature line names a key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def key_from_vkey(text: str, kind: int = LOG) -> tuple[str, bytes]:
    """Name and key, as people hand them on: NAME+ID+BASE64(type, key)."""
    with reading("unknown-key", "vkey"):
        name, named, encoded = groups_of(r"(\S+?)\+([0-9a-f]{8})\+(.+)", text)
        raw = bytes_from_base64(encoded)
        is_right = raw[0] == kind and key_id(name, kind, raw[1:]).hex() == named
        if not is_right or not is_sound(raw[1:]):
            raise ValueError(f"{text[:200]!r} names no key of type {kind}")
    return name, raw[1:]


def checkpoint_from_note(raw: bytes) -> Checkpoint:
    """(2) What a note states; its signatures are not checked."""
    with reading("proof-form", "checkpoint"):
        origin, size, root = groups_of(_CHECKPOINT, raw.decode())
        return origin, int(size), bytes_from_base64(root)


def verify_note(
    raw: bytes, log: bytes, trust: Trust, founding: Trust | None = None
) -> tuple[Checkpoint, bool]:
    """(3, 4) The checkpoint that the log signed, and whether witnesses enough did."""
    origin, *_ = found = checkpoint_from_note(raw)
    asked = founding if founding and not trust.rule else trust
    is_own = sha256(log).hexdigest()[:32] == origin[-32:] and trust.key in {None, log}
    must(is_own, "unknown-key", "the key is not the origin's, or not the one you gave")
    keys = [(WITNESS, *one) for one in asked.witnesses] + [(LOG, origin, log)]
    known = {(name, key_id(name, kind, key)): (kind, key) for kind, name, key in keys}
    signers: dict[int, set[bytes]] = {LOG: set(), WITNESS: set()}
    message, _, lines = raw.partition(b"\n\n")
    for line in lines.decode().splitlines():
        _, name, encoded = line.split(" ")
        with reading("proof-form", "signature line"):
            signature = bytes_from_base64(encoded)
        kind, key = known.get((name, signature[:4]), (0, b""))
        signed, signature = message + b"\n", signature[4:]
        if kind == WITNESS:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            signed = b"cosignature/v1\ntime %d\n" % time + signed
        if kind:
            holds = is_signed(key, signature, signed)
            must(holds, "proof-signature", f"the signature of {name} does not hold")
            signers[kind].add(key)
    must(signers[LOG], "proof-signature", "the log did not sign it")
    return found, _is_kept(asked.rule, signers[WITNESS])


def _is_kept(rule: _Rule | None, keys: set[bytes]) -> bool:
    if rule is None or isinstance(rule, bytes):
        return rule in keys
    return sum(_is_kept(member, keys) for member in rule[1]) >= rule[0]


def policy_from_text(text: str, log: bytes | None = None) -> Trust:
    """(4) A tlog-policy without logs; each name, key and member stands once."""
    witnesses, quorums = list[tuple[str, bytes]](), list[_Rule | None]()
    rules: dict[str, _Rule | None] = {"none": None}
    free: dict[str, _Rule] = {}  # those that are no members yet
    with reading("policy-form", "witness policy"):
        for line in text.split("\n"):
            match re.findall(r"[^ \t]+", line):
                case ["quorum", name]:
                    quorums.append(rules[name])
                case ["witness", name, vkey, *url] if name not in rules and not url[1:]:
                    witnesses.append(key_from_vkey(vkey, WITNESS))
                    free[name] = rules[name] = witnesses[-1][1]
                case ["group", name, k, *members] if name not in rules and members:
                    numbers = {str(n): n for n in range(1, len(members) + 1)}
                    numbers |= {"any": 1, "all": len(members)}
                    free[name] = rules[name] = numbers[k], [*map(free.pop, members)]
                case [word, *_] if word[0] != "#":
                    raise ValueError(f"line {line!r} has no form of C2SP tlog-policy")
        if len(quorums) != 1 or len({key for _, key in witnesses}) < len(witnesses):
            raise ValueError("it has not one quorum line, or a key stands twice")
    return Trust(log, tuple(witnesses), quorums[0])
