"""The first statement: what a record is, whose key signs it, who begins, by which
charter.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Final

from msgspec import Struct

from truce.canonical import canonical_json
from truce.errors import InvalidRecord, InvalidValue
from truce.record.identity._written import read_payload, verify_one_form
from truce.record.identity.approvals import (
    Approval,
    WrittenApproval,
    approvals_from_written,
    json_from_approvals,
)
from truce.record.identity.charter import (
    FOUNDING,
    Charter,
    WrittenCharter,
    json_from_charter,
)
from truce.record.identity.participants import (
    Participant,
    WrittenParticipant,
    json_from_participant,
    verify_record_name,
)
from truce.record.keys import PublicKey, verify_key
from truce.record.policy import policy_from_text

# No witness is asked. Source: C2SP tlog-policy, quorum.
NO_WITNESSES: Final = "quorum none\n"


class RecordKind(StrEnum):
    """What a record is a record of. The three never mix."""

    REAL = "real"
    EXERCISE = "exercise"
    STUDY = "study"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """The first statement: what the record is, whose key signs its checkpoints, who
    begins, and by which charter.

    `witness_policy` says when a checkpoint counts as witnessed, as a C2SP tlog-policy.
    """

    statement_kind: ClassVar[str] = FOUNDING

    kind: RecordKind
    name: str
    log_key: PublicKey
    participants: tuple[Participant, ...]
    charter: Charter
    witness_policy: str = NO_WITNESSES
    approvals: tuple[Approval, ...] = ()

    @property
    def origin(self) -> str:
        """The origin line. It names the kind, and the key, so that no other log can
        pose as it.
        """
        return f"truce/{self.kind}/{self.name}/{self.log_key.long_id}"

    def payload(self) -> bytes:
        """The founding statement's payload, version 1."""
        return canonical_json(
            {
                "approvals": json_from_approvals(self.approvals),
                "charter": json_from_charter(self.charter),
                "log_key": self.log_key.raw.hex(),
                "name": self.name,
                "participants": [json_from_participant(p) for p in self.participants],
                "record_kind": self.kind,
                "witness_policy": self.witness_policy,
            }
        )

    def unapproved(self) -> bytes:
        """What its approvals sign: the payload without any."""
        return replace(self, approvals=()).payload()


class _Written(Struct, forbid_unknown_fields=True):
    approvals: list[WrittenApproval]
    charter: WrittenCharter
    log_key: str
    name: str
    participants: list[WrittenParticipant]
    record_kind: str
    witness_policy: str


def founding_from_payload(payload: bytes) -> Founding:
    """The founding that a payload states.

    Raises:
        InvalidRecord: the payload is no founding.
    """
    try:
        written = read_payload(payload, _Written)
        policy_from_text(written.witness_policy, may_name_logs=False)
        found = Founding(
            kind=RecordKind(written.record_kind),
            name=verify_record_name(written.name),
            log_key=verify_key(PublicKey(raw=bytes.fromhex(written.log_key))),
            participants=tuple(row.read() for row in written.participants),
            charter=written.charter.read(),
            witness_policy=written.witness_policy,
            approvals=approvals_from_written(written.approvals),
        )
        verify_one_form(payload, found.payload())
    except (ValueError, InvalidValue) as error:
        raise InvalidRecord(f"statement 0 is no founding: {error}") from error
    return found


__all__ = [
    "NO_WITNESSES",
    "Founding",
    "RecordKind",
    "founding_from_payload",
]
