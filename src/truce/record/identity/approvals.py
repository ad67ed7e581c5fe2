"""Approvals: founders' signatures over a decision, inside the decision.

What is signed names the record and the kind, so that an approval cannot be carried
elsewhere, and the payload as it reads without any approval. A decision names what it
replaces, so that an old approval cannot be used again. Source: docs/spec/record.md, 5.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from truce.canonical import Json
from truce.errors import InvalidValue
from truce.identifiers import ParticipantId
from truce.record.identity.participants import verify_participant_id
from truce.record.keys import SIGNATURE_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One founder's signature over a decision."""

    by: ParticipantId
    signature: bytes


class WrittenApproval(Struct, forbid_unknown_fields=True):
    """An approval as a payload writes it."""

    by: str
    signature: str


class Signs(Protocol):
    """Whatever signs with a key, wherever that key is held."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over the message."""


def approval_message(origin: str, kind: str, unapproved: bytes) -> bytes:
    """What an approval signs: `unapproved` is the payload without any approval."""
    return b"truce/approval/v1\n%s\n%s\n%s" % (
        origin.encode(),
        kind.encode(),
        unapproved,
    )


def approve(
    origin: str, kind: str, unapproved: bytes, *, by: ParticipantId, key: Signs
) -> Approval:
    """A founder's approval of a decision for the record of an origin line."""
    message = approval_message(origin, kind, unapproved)
    return Approval(by=by, signature=key.sign(message))


def approvals_from_written(rows: Iterable[WrittenApproval]) -> tuple[Approval, ...]:
    """The approvals that a payload writes.

    Raises:
        InvalidValue: another form, or not in the rising order of who approves.
    """
    found = []
    for row in rows:
        try:
            signature = a2b_base64(row.signature, strict_mode=True)
        except Base64Error as error:
            raise InvalidValue(f"approval by {row.by[:80]}: {error}") from error
        if len(signature) != SIGNATURE_SIZE:
            raise InvalidValue(
                f"approval by {row.by[:80]}: signature has {len(signature)} bytes, "
                f"expected {SIGNATURE_SIZE}"
            )
        by = verify_participant_id(row.by)
        found.append(Approval(by=by, signature=signature))
    names = [approval.by for approval in found]
    if sorted(set(names)) != names:
        raise InvalidValue(
            f"approvals by {', '.join(names)}: expected each founder once, in the "
            "order of the alphabet"
        )
    return tuple(found)


def json_from_approvals(approvals: Iterable[Approval]) -> list[Json]:
    """Approvals as a payload writes them."""
    return [
        {
            "by": approval.by,
            "signature": b2a_base64(approval.signature, newline=False).decode(),
        }
        for approval in sorted(approvals, key=lambda approval: approval.by)
    ]


__all__ = [
    "Approval",
    "Signs",
    "WrittenApproval",
    "approval_message",
    "approvals_from_written",
    "approve",
    "json_from_approvals",
]
