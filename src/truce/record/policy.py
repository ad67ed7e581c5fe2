"""Witness policies: which cosignatures make a checkpoint count as witnessed.

Source: C2SP tlog-policy (c2sp.org/tlog-policy).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from truce.errors import InvalidValue
from truce.record.cosignature import verify_cosignature
from truce.record.note import (
    Note,
    SignatureKind,
    VerifierKey,
    verifier_key_from_text,
)

NO_QUORUM: Final = "none"
# Implementations should take 32 of each. Source: C2SP tlog-policy, limits.
_EACH_MAX: Final = 64
_GAP: Final = re.compile(r"[ \t]+")
# Every control character but tab and line feed. Source: C2SP tlog-policy, character
# set.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLog:
    """A log whose checkpoints a policy accepts; `url` is empty where none is given."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWitness:
    """A witness by the name that the policy gives it; its key has a name of its own."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGroup:
    """Counts as having cosigned where at least `count` of its members have."""

    name: str
    count: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which cosignatures are enough. Groups stand after their members."""

    logs: tuple[PolicyLog, ...] = ()
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: tuple[PolicyGroup, ...] = ()
    quorum: str = NO_QUORUM

    def rule(self) -> str:
        """The quorum for people: `2 of {a, b, c}`, or `no witness`."""
        told = {NO_QUORUM: "no witness"}
        told |= {witness.name: witness.name for witness in self.witnesses}
        for group in self.groups:
            members = ", ".join(told[name] for name in group.members)
            told[group.name] = f"{group.count} of {{{members}}}"
        return told[self.quorum]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """Who cosigned a checkpoint and when, and whether that is enough."""

    cosigned_at: Mapping[str, datetime]
    is_satisfied: bool


@dataclass(slots=True)
class _Reading:
    """A policy while its lines are read."""

    logs: list[PolicyLog] = field(default_factory=list)
    witnesses: list[PolicyWitness] = field(default_factory=list)
    groups: list[PolicyGroup] = field(default_factory=list)
    quorum: str | None = None
    # Where each name was defined, and in which group it was used.
    defined: dict[str, int] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)


def policy_from_text(text: str, *, may_name_logs: bool = True) -> Policy:
    """The policy that a text writes.

    A founding's policy may not name logs: its own log is the only one.

    Raises:
        InvalidValue: it cannot be read; the message has every fault with its line.
    """
    reading = _Reading()
    faults = (
        [] if text.endswith("\n") else ["the last line is not ended by a line feed"]
    )
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            _read_line(reading, line, number, may_name_logs)
        except InvalidValue as error:
            faults.append(f"line {number}: {error}")
    if reading.quorum is None:
        faults.append("no quorum line; expected one, e.g. quorum none")
    for what, rows in (
        ("log", reading.logs),
        ("witness", reading.witnesses),
        ("group", reading.groups),
    ):
        if len(rows) > _EACH_MAX:
            faults.append(f"{len(rows)} {what} lines, expected at most {_EACH_MAX}")
    if faults:
        raise InvalidValue("policy: " + "; ".join(faults))
    return Policy(
        logs=tuple(reading.logs),
        witnesses=tuple(reading.witnesses),
        groups=tuple(reading.groups),
        quorum=reading.quorum or NO_QUORUM,
    )


def policy_from_bytes(raw: bytes) -> Policy:
    """The policy of a file. Bytes that are not UTF-8 stand for themselves in names.

    Raises:
        InvalidValue: as `policy_from_text`.
    """
    return policy_from_text(raw.decode("utf-8", "surrogateescape"))


def founding_policy_from_bytes(raw: bytes) -> str:
    """The text of a file as a founding states it, once it is shown to be a policy.

    A founding is JSON, so what is no UTF-8 cannot stand in one.

    Raises:
        InvalidValue: it cannot be read, names a log, or is no UTF-8.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidValue(f"policy: not UTF-8: {error}") from error
    policy_from_text(text, may_name_logs=False)
    return text


def policy_text(count: int, witnesses: Iterable[PolicyWitness]) -> str:
    """The text of a policy that asks for any `count` of these witnesses.

    Raises:
        InvalidValue: the text would not be read as one.
    """
    rows = tuple(witnesses)
    lines = [
        f"witness {row.name} {row.key.text()} {row.url}".rstrip(" ") for row in rows
    ]
    if rows:
        names = " ".join(row.name for row in rows)
        lines += [f"group witnesses {count} {names}", "quorum witnesses"]
    else:
        lines.append(f"quorum {NO_QUORUM}")
    text = "".join(f"{line}\n" for line in lines)
    if policy_from_text(text).witnesses != rows:
        raise InvalidValue("policy: a name or an address holds a space")
    return text


def assess_witnesses(policy: Policy, note: Note, *, now: datetime | None) -> Witnessed:
    """Who of the policy cosigned a note, and whether the quorum is met.

    Two lines by one key count once: they are one witness.

    Raises:
        ProofFails: a line by a witness of the policy does not hold, which makes the
            whole note invalid; or it is of the future.
    """
    times = {
        witness.name: verify_cosignature(note, witness.key, now=now)
        for witness in policy.witnesses
    }
    cosigned = {name: at for name, at in times.items() if at is not None}
    satisfied = {NO_QUORUM, *cosigned}
    for group in policy.groups:
        if sum(name in satisfied for name in group.members) >= group.count:
            satisfied.add(group.name)
    return Witnessed(cosigned_at=cosigned, is_satisfied=policy.quorum in satisfied)


def _read_line(reading: _Reading, line: str, number: int, may_name_logs: bool) -> None:
    if _CONTROL.search(line):
        raise InvalidValue("a control character, expected none but tabs")
    items = _GAP.split(line.strip(" \t"))
    word, rest = items[0], items[1:]
    if not word or word.startswith("#"):
        return
    if word == "witness":
        _read_witness(reading, rest, number)
    elif word == "group":
        _read_group(reading, rest, number)
    elif word == "quorum":
        _read_quorum(reading, rest)
    elif word == "log" and may_name_logs:
        _read_log(reading, rest)
    else:
        known = "log, witness, group" if may_name_logs else "witness, group"
        raise InvalidValue(f"{word!r}, expected {known} or quorum")


def _read_log(reading: _Reading, items: list[str]) -> None:
    if len(items) not in (1, 2):
        raise InvalidValue("expected: log VKEY [URL]")
    key = _key(items[0], SignatureKind.ED25519, "a log")
    if any(log.key.key == key.key for log in reading.logs):
        raise InvalidValue(f"the key of {key.name} stands on two log lines")
    reading.logs.append(PolicyLog(key=key, url="".join(items[1:])))


def _read_witness(reading: _Reading, items: list[str], number: int) -> None:
    if len(items) not in (2, 3):
        raise InvalidValue("expected: witness NAME VKEY [URL]")
    # The name first: a fault of the key must not make every later use of it a fault.
    _define(reading, items[0], number)
    key = _key(items[1], SignatureKind.COSIGNATURE, "a witness")
    if any(witness.key.key == key.key for witness in reading.witnesses):
        raise InvalidValue(f"the key of {key.name} stands on two witness lines")
    reading.witnesses.append(
        PolicyWitness(name=items[0], key=key, url="".join(items[2:]))
    )


def _read_group(reading: _Reading, items: list[str], number: int) -> None:
    if len(items) < 3:
        raise InvalidValue("expected: group NAME any|all|K MEMBER...")
    name, asked, members = items[0], items[1], tuple(items[2:])
    for member in members:
        if member not in reading.defined:
            raise InvalidValue(f"{member!r} is not defined on a line before")
        if member in reading.used or members.count(member) > 1:
            raise InvalidValue(f"{member!r} is a member twice; one place each")
    reading.used.update(dict.fromkeys(members, name))
    _define(reading, name, number)
    counts = {"any": 1, "all": len(members)}
    if asked not in counts and not _COUNT.fullmatch(asked):
        raise InvalidValue(f"{asked!r}, expected any, all or a number from 1")
    count = counts.get(asked) or int(asked)
    if count > len(members):
        raise InvalidValue(f"{count} of {len(members)} members can never be reached")
    reading.groups.append(PolicyGroup(name=name, count=count, members=members))


def _read_quorum(reading: _Reading, items: list[str]) -> None:
    if len(items) != 1:
        raise InvalidValue("expected: quorum NAME")
    if reading.quorum is not None:
        raise InvalidValue("a second quorum line; expected one")
    reading.quorum = items[0]
    if items[0] != NO_QUORUM and items[0] not in reading.defined:
        raise InvalidValue(f"{items[0]!r} is not defined on a line before")


def _define(reading: _Reading, name: str, number: int) -> None:
    if name == NO_QUORUM:
        raise InvalidValue("the name none means no witness; choose another")
    if name in reading.defined:
        raise InvalidValue(
            f"{name!r} is defined already, on line {reading.defined[name]}"
        )
    reading.defined[name] = number


def _key(text: str, kind: SignatureKind, whose: str) -> VerifierKey:
    key = verifier_key_from_text(text)
    if key.kind is not kind:
        raise InvalidValue(
            f"key {key.name}: type {key.kind:d}, {whose} has type {kind:d}"
        )
    return key


__all__ = [
    "NO_QUORUM",
    "Policy",
    "PolicyGroup",
    "PolicyLog",
    "PolicyWitness",
    "Witnessed",
    "assess_witnesses",
    "founding_policy_from_bytes",
    "policy_from_bytes",
    "policy_from_text",
    "policy_text",
]
