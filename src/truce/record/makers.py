"""Who may state what, as a log grows: the one place that asks it of a statement.

Sealing, opening, checking, copying and proving all follow a log by this, so that none
of them lets in what another refuses. Source: docs/spec/record.md, 3 and 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from truce.errors import (
    InvalidInput,
    InvalidStatement,
    ProofFails,
    RefusalCode,
    RefusedStatement,
)
from truce.identifiers import KeyId, ParticipantId
from truce.record.envelope import Envelope, Header
from truce.record.founding import (
    ENROLMENT,
    FOUNDING,
    Founding,
    Participant,
    Role,
    enrolment_from_payload,
    founding_from_payload,
)
from truce.record.signatures import Signed

# Statements that say who may state. Without their payloads nobody can tell the makers
# of those that follow.
ENROLLING: Final = frozenset({FOUNDING, ENROLMENT})


@dataclass(slots=True)
class Makers:
    """Who was enrolled so far; a key counts from the statement after the one that
    enrolled it. `log_key` signs checkpoints and nothing else, so nobody states by it.
    """

    by_id: dict[ParticipantId, Participant] = field(default_factory=dict)
    log_key: KeyId | None = None
    _keys: set[KeyId] = field(default_factory=set)

    def copied(self) -> "Makers":
        """The same makers, to be taken further without changing these."""
        return Makers(dict(self.by_id), self.log_key, set(self._keys))

    def found(self, founding: Founding) -> None:
        """Takes up those whom a founding names.

        Raises:
            InvalidStatement: an id or a key stands twice.
        """
        self.log_key = founding.log_key.id
        self.enrol(founding.participants)

    def enrol(self, participants: Iterable[Participant]) -> None:
        """Takes up participants.

        Raises:
            InvalidStatement: an id or a key is already taken, or a role stands twice.
        """
        for participant in participants:
            key = participant.key.id
            is_taken = participant.id in self.by_id or key in self._keys
            if is_taken or key == self.log_key:
                raise InvalidStatement(
                    f"participant {participant.id}: its id or key is already enrolled; "
                    "enrol it once, under an id of its own"
                )
            if len(set(participant.roles)) < len(participant.roles):
                raise InvalidStatement(
                    f"participant {participant.id}: a role is given twice; give each "
                    "once"
                )
            self.by_id[participant.id] = participant
            self._keys.add(key)

    def signed(self, envelope: Envelope) -> Signed:
        """The signature that is left to check of a statement whose maker is right.

        Raises:
            RefusedStatement: its maker is not enrolled or may not state it, or names
                another key; by its code.
        """
        header = envelope.header
        of = f"{header.kind} by {header.by}"
        maker = self.by_id.get(header.by)
        if maker is None:
            raise RefusedStatement(
                f"{of}: not enrolled; enrol them first", code=RefusalCode.UNKNOWN_MAKER
            )
        if envelope.key != maker.key.id:
            raise RefusedStatement(
                f"{of} names key {envelope.key}, the enrolled one is {maker.key.id}; "
                "sign it with that one",
                code=RefusalCode.UNKNOWN_KEY,
            )
        if header.kind in ENROLLING and Role.OPERATOR not in maker.roles:
            raise RefusedStatement(
                f"{of}: only an operator founds a record and enrols others",
                code=RefusalCode.KIND_REFUSED,
            )
        return Signed(maker.key.raw, envelope.signed, envelope.signature)

    def take(self, envelope: Envelope, index: int, payload: bytes | None) -> Signed:
        """Follows one statement of a log; answers the signature that is left to check.

        A founding enrols before its own maker is asked for. `payload` is None where a
        copy does not have it.

        Raises:
            RefusedStatement: as for `signed`.
            ProofFails: a founding in another place than the first, or none there; or
                nobody can tell whom the statement enrols.
            InvalidInput: the payload is no founding or enrolment, or enrols somebody
                twice.
        """
        kind = envelope.header.kind
        if (kind == FOUNDING) != (index == 0):
            raise ProofFails("a record is founded once, by its first statement")
        if kind not in ENROLLING:
            return self.signed(envelope)
        if payload is None:
            raise ProofFails(f"this copy lacks the payload of its {kind}")
        if kind == FOUNDING:
            founding = founding_from_payload(payload)
            verify_founds(founding, envelope.header)
            self.found(founding)
            return self.signed(envelope)
        signed = self.signed(envelope)
        self.enrol(enrolment_from_payload(payload))
        return signed

    def after(self, statements: Iterable[tuple[Envelope, bytes]]) -> "Makers":
        """Who is enrolled once these statements, none of them a founding, are sealed.

        Whoever could be enrolled twice, be it in one commit, could put a key of theirs
        in another's name, and nobody could open the record again.

        Raises:
            RefusedStatement: an enrolment or a founding that its maker may not state,
                or nobody could read; or somebody is enrolled already.
        """
        makers = self
        for envelope, payload in statements:
            header = envelope.header
            if header.kind not in ENROLLING:
                continue
            of = f"{header.kind} by {header.by}"
            makers = makers.copied() if makers is self else makers
            try:
                makers.take(envelope, 1, payload)
            except RefusedStatement:
                raise
            except (InvalidInput, ProofFails) as error:
                raise RefusedStatement(
                    f"{of}: {error}", code=RefusalCode.KIND_REFUSED
                ) from error
        return makers


def verify_founds(founding: Founding, header: Header) -> None:
    """Returns where a founding founds the record that its own header names.

    Raises:
        ProofFails: it founds another.
    """
    if founding.origin != header.record:
        raise ProofFails(f"it founds the record {founding.origin!r}")


__all__ = ["ENROLLING", "Makers", "verify_founds"]
