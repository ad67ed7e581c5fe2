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

from truce_verify import Wrong, reading

LOG, WITNESS = 1, 4  # signature types of C2SP signed-note
NAME = "[a-z0-9][a-z0-9-]{0,62}"
ORIGIN = f"truce/(?:real|exercise|study)/{NAME}/[0-9a-f]{{32}}"
NUMBER = "0|[1-9][0-9]{0,17}"  # no log ever holds 10^18 entries
_LINE = "\u2014 [^\\s+\0-\x1f]+ [A-Za-z0-9+/=]+\n"
_CHECKPOINT = f"({ORIGIN})\n({NUMBER})\n([A-Za-z0-9+/]{{43}}=)\n\n(?:{_LINE})+"
# The field of the curve, and the y of its eight points of small order. RFC 8032, 5.1.
_P = 2**255 - 19
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL = {0, 1, _P - 1, _Y8, _P - _Y8}
_Rule = bytes | tuple[int, list["_Rule"]]  # a witness's key, or how many of a group


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
    """Whose cosignatures count, and how many are enough; no rule: none are asked."""

    witnesses: tuple[Vkey, ...] = ()
    rule: _Rule | None = None


NOBODY = Policy()


class Trust(NamedTuple):
    """What the reader brings along; without a policy, the founding's counts."""

    key: Vkey | None = None
    policy: Policy | None = None


def bytes_from_base64(text: str, size: int | None = None) -> bytes:
    """Decodes base64 in its one form, of a size; ValueError for anything else."""
    raw = b64decode(text, validate=True)
    if b64encode(raw).decode() != text or size not in {None, len(raw)}:
        raise ValueError(f"{text[:80]!r} is no base64 in its one form, of this length")
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


def vkey_from_text(text: str, kind: int) -> Vkey:
    """A key as people hand it on: NAME+ID+BASE64(type, key)."""
    with reading("unknown-key", "vkey"):
        name, named, encoded = text.split("+", 2)
        raw = bytes_from_base64(encoded)
        vkey = Vkey(name, kind, raw[1:])
        is_right = raw[0] == kind and vkey.id.hex() == named and is_sound(vkey.key)
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
    raw: bytes, log: Vkey, trust: Trust, policy: Policy = NOBODY
) -> tuple[Checkpoint, bool]:
    """(3, 4) The checkpoint that the log signed, and whether witnesses enough did."""
    checkpoint, asked = checkpoint_from_note(raw), trust.policy or policy
    is_named = sha256(log.key).hexdigest()[:32] == checkpoint.origin[-32:]
    if trust.key not in {None, log} or not is_named:
        raise Wrong("unknown-key", "the key is not that of the origin, or not yours")
    known = {(one.name, one.id): one for one in [log, *asked.witnesses]}
    signers = set[Vkey]()
    message, _, lines = raw.partition(b"\n\n")
    for line in lines.decode().splitlines():
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
    return checkpoint, _is_kept(asked.rule, {one.key for one in signers - {log}})


def _is_kept(rule: _Rule | None, keys: set[bytes]) -> bool:
    if rule is None or isinstance(rule, bytes):
        return rule in keys
    return sum(_is_kept(member, keys) for member in rule[1]) >= rule[0]


def policy_from_text(text: str) -> Policy:
    """(4) A tlog-policy without logs; each name, key and member stands once."""
    witnesses, quorums = list[Vkey](), list[_Rule | None]()
    rules: dict[str, _Rule | None] = {"none": None}
    free: dict[str, _Rule] = {}  # those that are no members yet
    with reading("policy-form", "witness policy"):
        for line in text.split("\n"):
            match re.findall(r"[^ \t]+", line):
                case ["quorum", name]:
                    quorums.append(rules[name])
                case ["witness", name, vkey, *url] if name not in rules and not url[1:]:
                    witnesses.append(vkey_from_text(vkey, WITNESS))
                    free[name] = rules[name] = witnesses[-1].key
                case ["group", name, k, *members] if name not in rules and members:
                    numbers = {str(n): n for n in range(1, len(members) + 1)}
                    numbers |= {"any": 1, "all": len(members)}
                    free[name] = rules[name] = numbers[k], [*map(free.pop, members)]
                case [word, *_] if word[0] != "#":
                    raise ValueError(f"line {line!r} has no form of C2SP tlog-policy")
        if len(quorums) != 1 or len({one.key for one in witnesses}) < len(witnesses):
            raise ValueError("it has not one quorum line, or a key stands twice")
    return Policy(tuple(witnesses), quorums[0])


__all__ = [
    "LOG", "NAME", "NUMBER", "ORIGIN", "WITNESS", "Checkpoint", "Policy", "Trust",
    "Vkey", "bytes_from_base64", "checkpoint_from_note", "is_signed", "is_sound",
    "policy_from_text", "verify_note", "vkey_from_text",
]  # fmt: skip
