"""The statements after the founding that say who may state what.

Each has one form, and a `statement_kind` by which a header names it. Those that take a
quorum hold their approvals. Source: docs/spec/record.md, 5.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

from msgspec import Struct

from truce.canonical import canonical_json
from truce.errors import InvalidStatement, InvalidValue
from truce.identifiers import ParticipantId
from truce.instants import instant_from_text, text_from_instant
from truce.record.identity._written import read_payload, verify_one_form
from truce.record.identity.approvals import (
    Approval,
    WrittenApproval,
    approvals_from_written,
    json_from_approvals,
)
from truce.record.identity.charter import (
    CHARTER,
    DELEGATION,
    ENROLMENT,
    REVOCATION,
    Charter,
    WrittenCharter,
    json_from_charter,
)
from truce.record.identity.participants import (
    Participant,
    Role,
    WrittenParticipant,
    json_from_participant,
    participant_from_texts,
    verify_participant_id,
)
from truce.record.keys import PublicKey, verify_key

# A reason is for people; longer ones belong in a document of their own.
REASON_SIZE_MAX: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that takes another's place: a new key, other roles, or the end.

    `replaces` is the index of the statement that holds the row of the same id in force.
    """

    participant: Participant
    replaces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Who joins, and whose key, name or roles change."""

    statement_kind: ClassVar[str] = ENROLMENT

    participants: tuple[Participant, ...] = ()
    changes: tuple[Change, ...] = ()
    approvals: tuple[Approval, ...] = ()

    def payload(self) -> bytes:
        """An enrolment statement's payload, version 1."""
        return canonical_json(
            {
                "approvals": json_from_approvals(self.approvals),
                "changes": [
                    {
                        **json_from_participant(change.participant),
                        "replaces": change.replaces,
                    }
                    for change in self.changes
                ],
                "participants": [json_from_participant(p) for p in self.participants],
            }
        )

    def unapproved(self) -> bytes:
        """What its approvals sign: the payload without any."""
        return replace(self, approvals=()).payload()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A key that may state nothing more; what it sealed from `since` on is in doubt."""

    statement_kind: ClassVar[str] = REVOCATION

    key: PublicKey
    since: datetime
    reason: str
    approvals: tuple[Approval, ...] = ()

    def payload(self) -> bytes:
        """A revocation statement's payload, version 1."""
        return canonical_json(
            {
                "approvals": json_from_approvals(self.approvals),
                "key": self.key.raw.hex(),
                "reason": self.reason,
                "since": text_from_instant(self.since),
            }
        )

    def unapproved(self) -> bytes:
        """What its approvals sign: the payload without any."""
        return replace(self, approvals=()).payload()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Roles that its maker lends until an instant; without roles, the loan ends."""

    statement_kind: ClassVar[str] = DELEGATION

    to: ParticipantId
    roles: tuple[Role, ...]
    until: datetime

    def payload(self) -> bytes:
        """A delegation statement's payload, version 1."""
        return canonical_json(
            {
                "roles": [role.value for role in self.roles],
                "to": self.to,
                "until": text_from_instant(self.until),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterChange:
    """A charter in place of the one in force, which statement `replaces` holds."""

    statement_kind: ClassVar[str] = CHARTER

    charter: Charter
    replaces: int
    approvals: tuple[Approval, ...] = ()

    def payload(self) -> bytes:
        """A charter statement's payload, version 1."""
        return canonical_json(
            {
                "approvals": json_from_approvals(self.approvals),
                "charter": json_from_charter(self.charter),
                "replaces": self.replaces,
            }
        )

    def unapproved(self) -> bytes:
        """What its approvals sign: the payload without any."""
        return replace(self, approvals=()).payload()


# What a quorum decides; a delegation is its maker's own.
Decision = Enrolment | Revocation | CharterChange
IdentityStatement = Decision | Delegation


class _WrittenChange(WrittenParticipant):
    replaces: int


class _WrittenEnrolment(Struct, forbid_unknown_fields=True):
    approvals: list[WrittenApproval]
    changes: list[_WrittenChange]
    participants: list[WrittenParticipant]


class _WrittenRevocation(Struct, forbid_unknown_fields=True):
    approvals: list[WrittenApproval]
    key: str
    reason: str
    since: str


class _WrittenDelegation(Struct, forbid_unknown_fields=True):
    roles: list[str]
    to: str
    until: str


class _WrittenCharterChange(Struct, forbid_unknown_fields=True):
    approvals: list[WrittenApproval]
    charter: WrittenCharter
    replaces: int


def enrolment_payload(participants: Iterable[Participant]) -> bytes:
    """The payload of an enrolment of new participants that needs no approvals."""
    return Enrolment(participants=tuple(participants)).payload()


def identity_from_payload(kind: str, payload: bytes) -> IdentityStatement:
    """What a payload of one of these kinds states.

    Raises:
        InvalidStatement: it does not, or not in its one form.
    """
    try:
        found = _READERS[kind](payload)
        verify_one_form(payload, found.payload())
    except (ValueError, InvalidValue) as error:
        raise InvalidStatement(f"payload is no {kind}: {error}") from error
    return found


def _enrolment(payload: bytes) -> Enrolment:
    written = read_payload(payload, _WrittenEnrolment)
    found = Enrolment(
        participants=tuple(row.read() for row in written.participants),
        changes=tuple(
            Change(
                participant=participant_from_texts(
                    row.id, row.key, row.name, row.of, roles=row.roles
                ),
                replaces=row.replaces,
            )
            for row in written.changes
        ),
        approvals=approvals_from_written(written.approvals),
    )
    if not found.participants and not found.changes:
        raise InvalidValue("it enrols nobody and changes nothing")
    return found


def _revocation(payload: bytes) -> Revocation:
    written = read_payload(payload, _WrittenRevocation)
    if not 0 < len(written.reason) <= REASON_SIZE_MAX:
        raise InvalidValue(
            f"reason has {len(written.reason)} characters, expected 1 to "
            f"{REASON_SIZE_MAX}"
        )
    return Revocation(
        key=verify_key(PublicKey(raw=bytes.fromhex(written.key))),
        since=instant_from_text(written.since),
        reason=written.reason,
        approvals=approvals_from_written(written.approvals),
    )


def _delegation(payload: bytes) -> Delegation:
    written = read_payload(payload, _WrittenDelegation)
    roles = tuple(Role(role) for role in written.roles)
    if Role.FOUNDER in roles or len(set(roles)) < len(roles):
        raise InvalidValue(
            "the role of founder cannot be lent, and each other is named once"
        )
    return Delegation(
        to=verify_participant_id(written.to),
        roles=roles,
        until=instant_from_text(written.until),
    )


def _charter_change(payload: bytes) -> CharterChange:
    written = read_payload(payload, _WrittenCharterChange)
    return CharterChange(
        charter=written.charter.read(),
        replaces=written.replaces,
        approvals=approvals_from_written(written.approvals),
    )


_READERS: Final[Mapping[str, Callable[[bytes], IdentityStatement]]] = {
    ENROLMENT: _enrolment,
    REVOCATION: _revocation,
    DELEGATION: _delegation,
    CHARTER: _charter_change,
}

__all__ = [
    "REASON_SIZE_MAX",
    "Change",
    "CharterChange",
    "Decision",
    "Delegation",
    "Enrolment",
    "IdentityStatement",
    "Revocation",
    "enrolment_payload",
    "identity_from_payload",
]
