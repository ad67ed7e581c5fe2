"""Who may state what, as a log grows: the one place that asks it of a statement.

Sealing, opening, checking, copying and proving all follow a log by this, so that none
of them lets in what another refuses. Whatever raises leaves the state as it was.
Source: docs/spec/record.md, 3 and 5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from truce.errors import (
    InvalidInput,
    InvalidStatement,
    ProofFails,
    RefusalCode,
    RefusedStatement,
)
from truce.identifiers import KeyId, ParticipantId
from truce.record.envelope import Envelope, Header
from truce.record.identity.approvals import Approval, approval_message
from truce.record.identity.charter import (
    FOUNDING,
    IDENTITY_KINDS,
    Charter,
)
from truce.record.identity.decisions import (
    CharterChange,
    Decision,
    Delegation,
    Enrolment,
    Revocation,
    identity_from_payload,
)
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.participants import Participant, Role
from truce.record.signatures import Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Roles that somebody has from somebody else, until an instant."""

    lender: ParticipantId
    to: ParticipantId
    roles: frozenset[Role]
    until: datetime


@dataclass(slots=True)
class Makers:
    """Who takes part so far, with which key and roles; a statement counts for those
    after it. The log's key signs checkpoints and nothing else, so nobody states by it.

    `by_id` holds the row in force of everybody who was ever enrolled.
    """

    by_id: dict[ParticipantId, Participant] = field(default_factory=dict)
    charter: Charter = field(default_factory=Charter)
    charter_at: int = 0
    _origin: str = ""
    _rows: dict[ParticipantId, int] = field(default_factory=dict)
    _holders: dict[KeyId, ParticipantId] = field(default_factory=dict)
    _log_key: KeyId | None = None
    _revoked: dict[KeyId, datetime] = field(default_factory=dict)
    _loans: dict[tuple[ParticipantId, ParticipantId], Loan] = field(
        default_factory=dict
    )

    def copied(self) -> "Makers":
        """The same makers, to be taken further without changing these."""
        return replace(
            self,
            by_id=dict(self.by_id),
            _rows=dict(self._rows),
            _holders=dict(self._holders),
            _revoked=dict(self._revoked),
            _loans=dict(self._loans),
        )

    # What is asked of them.

    @property
    def revoked(self) -> Mapping[KeyId, datetime]:
        """The keys that may state nothing more, and from when they are in doubt."""
        return MappingProxyType(self._revoked)

    @property
    def loans(self) -> tuple[Loan, ...]:
        """What was lent and not taken back, ended or not."""
        return tuple(self._loans.values())

    def founders(self) -> tuple[Participant, ...]:
        """Those who decide: with the role of founder and a key that was not revoked."""
        return tuple(who for who in self.by_id.values() if self._is_founder(who))

    def row_at(self, id_: ParticipantId) -> int:
        """The index of the statement that holds a participant's row in force."""
        return self._rows[id_]

    def holder_of(self, key: KeyId) -> ParticipantId | None:
        """Whose key it is or was; None where nobody's."""
        return self._holders.get(key)

    def is_in_doubt(self, key: KeyId, sealed_at: datetime) -> bool:
        """Whether what a key sealed then may not be its holder's own word."""
        since = self._revoked.get(key)
        return since is not None and sealed_at >= since

    def roles_of(self, id_: ParticipantId, at: datetime) -> frozenset[Role]:
        """The roles that somebody has then, their own and those lent; none where
        nobody is enrolled so, or their key was revoked.
        """
        maker = self.by_id.get(id_)
        if maker is None or maker.key.id in self._revoked:
            return frozenset()
        lent = (self._lent(loan) for loan in self._loans_to(id_) if at < loan.until)
        return frozenset(maker.roles).union(*lent)

    def signed(self, envelope: Envelope, at: datetime) -> Signed:
        """The signature that is left to check of a statement, sealed then, whose maker
        is right.

        Raises:
            RefusedStatement: its maker is not enrolled or may not state it, names
                another key or one that was revoked; by its code.
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
        if envelope.key in self._revoked:
            raise RefusedStatement(
                f"{of}: its key {envelope.key} was revoked; ask the founders to enrol "
                "a new one",
                code=RefusalCode.REVOKED_KEY,
            )
        if header.kind not in IDENTITY_KINDS:
            self._verify_may(maker, header.kind, at)
        return Signed(maker.key.raw, envelope.signed, envelope.signature)

    # What changes them.

    def take(
        self, envelope: Envelope, index: int, payload: bytes | None, at: datetime
    ) -> Signed:
        """Follows one statement of a log, sealed at an instant; answers the signature
        that is left to check.

        A founding enrols before its own maker is asked for. `payload` is None where a
        copy does not have it.

        Raises:
            RefusedStatement: as for `signed`; or a decision lacks its quorum, or an
                approval does not hold.
            ProofFails: a founding in another place than the first, or none there; or
                nobody can tell what an identity statement says.
            InvalidInput: the payload has another form, or cannot follow on what is in
                force.
        """
        kind, by = envelope.header.kind, envelope.header.by
        if (kind == FOUNDING) != (index == 0):
            raise ProofFails("a record is founded once, by its first statement")
        if kind not in IDENTITY_KINDS:
            return self.signed(envelope, at)
        if payload is None:
            raise ProofFails(f"this copy lacks the payload of its {kind}")
        if kind == FOUNDING:
            founding = founding_from_payload(payload)
            verify_founds(founding, envelope.header)
            begun = founded_makers(founding)
            signed = begun.signed(envelope, at)
            begun._verify_quorum(founding, by)
            self._become(begun)
            return signed
        signed = self.signed(envelope, at)
        found = identity_from_payload(kind, payload)
        match found:
            case Enrolment():
                self._enrol(found, by, index)
            case Revocation():
                self._revoke(found, by, at)
            case Delegation():
                self._lend(found, by, at)
            case CharterChange():
                self._charter(found, by, index)
        return signed

    def after(
        self, statements: Iterable[tuple[Envelope, bytes]], *, first: int, at: datetime
    ) -> "Makers":
        """Who may state what once these statements, none of them a founding, are sealed
        from index `first` on.

        Each is asked for again: a key may have been revoked since it was checked, be it
        in this very commit. And whoever could be enrolled twice could put a key of
        theirs in another's name, and nobody could open the record again.

        Raises:
            RefusedStatement: one that its maker may not state, or nobody could read.
        """
        makers = self
        for index, (envelope, payload) in enumerate(statements, first):
            header = envelope.header
            if header.kind not in IDENTITY_KINDS:
                makers.signed(envelope, at)
                continue
            makers = makers.copied() if makers is self else makers
            try:
                makers.take(envelope, index, payload, at)
            except RefusedStatement:
                raise
            except (InvalidInput, ProofFails) as error:
                raise RefusedStatement(
                    f"{header.kind} by {header.by}: {error}",
                    code=RefusalCode.KIND_REFUSED,
                ) from error
        return makers

    def _enrol(self, enrolment: Enrolment, by: ParticipantId, index: int) -> None:
        changed = [change.participant for change in enrolment.changes]
        named = [participant.id for participant in (*enrolment.participants, *changed)]
        rows = dict(self.by_id)
        fresh: list[Participant] = []
        for participant in enrolment.participants:
            if participant.id in rows:
                raise _invalid(participant, "its id or key is already enrolled")
            rows[participant.id] = participant
            fresh.append(participant)
        for change in enrolment.changes:
            participant = change.participant
            before = self.by_id.get(participant.id)
            if before is None or self._rows[participant.id] != change.replaces:
                raise _invalid(
                    participant,
                    f"statement {change.replaces} does not hold its row in force",
                )
            if participant.key != before.key:
                fresh.append(participant)
            elif participant.roles and before.key.id in self._revoked:
                raise _invalid(participant, "its key was revoked; it needs a new one")
            rows[participant.id] = participant
        if len(set(named)) < len(named):
            raise InvalidStatement("enrolment: somebody stands in it twice")
        self._verify_fresh(fresh)
        if not self._is_own_rotation(enrolment, by):
            self._verify_quorum(enrolment, by)
            self._verify_enough(sum(self._is_founder(who) for who in rows.values()))
        self.by_id = rows
        for participant in (*enrolment.participants, *changed):
            self._rows[participant.id] = index
            self._holders[participant.key.id] = participant.id

    def _verify_fresh(self, fresh: Iterable[Participant]) -> None:
        """Returns where none of their keys was ever anybody's."""
        seen: set[KeyId] = set()
        for participant in fresh:
            key = participant.key.id
            if key in self._holders or key == self._log_key or key in seen:
                raise _invalid(participant, "its id or key is already enrolled")
            seen.add(key)

    def _is_own_rotation(self, enrolment: Enrolment, by: ParticipantId) -> bool:
        """Whether its maker replaces their own key, and nothing else."""
        if enrolment.participants or enrolment.approvals or len(enrolment.changes) != 1:
            return False
        row, before = enrolment.changes[0].participant, self.by_id[by]
        return row.id == by and row == replace(before, key=row.key)

    def _revoke(self, revocation: Revocation, by: ParticipantId, at: datetime) -> None:
        key = revocation.key.id
        holder = self._holders.get(key)
        if holder is None:
            raise InvalidStatement(f"key {key}: nobody was enrolled by it")
        before = self._revoked.get(key)
        if revocation.since > at or (before and revocation.since >= before):
            raise InvalidStatement(
                f"key {key}: it counts from {revocation.since.isoformat()}, expected "
                "no later than now, and earlier than what was said before"
            )
        if holder != by or revocation.approvals or before is not None:
            self._verify_quorum(revocation, by)
        left = [who for who in self.founders() if who.key.id != key]
        self._verify_enough(len(left))
        self._revoked[key] = revocation.since

    def _lend(self, delegation: Delegation, by: ParticipantId, at: datetime) -> None:
        lender, to = self.by_id[by], delegation.to
        if to == by or to not in self.by_id:
            raise InvalidStatement(
                f"delegation to {to}: expected somebody else who is enrolled"
            )
        if not set(delegation.roles) <= set(lender.roles):
            raise InvalidStatement(
                f"delegation by {by}: it lends {', '.join(delegation.roles)}, and of "
                f"its own it has {', '.join(lender.roles) or 'none'}"
            )
        if delegation.roles and delegation.until <= at:
            raise InvalidStatement(
                f"delegation until {delegation.until.isoformat()}: that is over"
            )
        loan = Loan(
            lender=by,
            to=to,
            roles=frozenset(delegation.roles),
            until=delegation.until,
        )
        self._loans.pop((by, to), None)
        if loan.roles:
            self._loans[by, to] = loan

    def _charter(self, change: CharterChange, by: ParticipantId, index: int) -> None:
        if change.replaces != self.charter_at:
            raise InvalidStatement(
                f"charter: statement {change.replaces} does not hold the one in force, "
                f"statement {self.charter_at} does"
            )
        self._verify_quorum(change, by)
        if len(self.founders()) < change.charter.quorum:
            raise InvalidStatement(
                f"charter: a quorum of {change.charter.quorum}, and there are "
                f"{len(self.founders())} founders"
            )
        self.charter, self.charter_at = change.charter, index

    # What both rest on.

    def _become(self, begun: "Makers") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(begun, name))

    def _is_founder(self, who: Participant) -> bool:
        return Role.FOUNDER in who.roles and who.key.id not in self._revoked

    def _loans_to(self, id_: ParticipantId) -> Iterable[Loan]:
        return (loan for loan in self._loans.values() if loan.to == id_)

    def _lent(self, loan: Loan) -> frozenset[Role]:
        """What of a loan its lender still has of their own."""
        lender = self.by_id[loan.lender]
        if lender.key.id in self._revoked:
            return frozenset()
        return loan.roles & frozenset(lender.roles)

    def _verify_may(self, maker: Participant, kind: str, at: datetime) -> None:
        allowed = self.charter.rights.get(kind, frozenset())
        if not allowed.isdisjoint(maker.roles):
            return
        loans = [x for x in self._loans_to(maker.id) if allowed & self._lent(x)]
        if any(at < loan.until for loan in loans):
            return
        held = ", ".join(maker.roles) or "without a role"
        needed = " or ".join(sorted(allowed)) or "no role in this record"
        ended = "; what was lent to it has ended" if loans else ""
        raise RefusedStatement(
            f"{kind} by {maker.id}: it is {held}, and to state this takes {needed}"
            f"{ended}",
            code=RefusalCode.DELEGATION_ENDED if loans else RefusalCode.KIND_REFUSED,
        )

    def _verify_quorum(self, decision: Founding | Decision, by: ParticipantId) -> None:
        """Returns where enough founders made or approved a decision."""
        kind = decision.statement_kind
        message = approval_message(self._origin, kind, decision.unapproved())
        agreed = {by} if self._is_founder(self.by_id[by]) else set[ParticipantId]()
        for approval in decision.approvals:
            who = self.by_id.get(approval.by)
            is_other = approval.by != by and who is not None and self._is_founder(who)
            if not is_other or not self._accepts(approval, message):
                raise RefusedStatement(
                    f"{kind} by {by}: the approval by {approval.by} is no other "
                    "founder's, or its signature does not hold for this decision; ask "
                    "them to approve it anew",
                    code=RefusalCode.FALSE_APPROVAL,
                )
            agreed.add(approval.by)
        if len(agreed) < self.charter.quorum:
            raise RefusedStatement(
                f"{kind} by {by}: {len(agreed)} founders agree, expected "
                f"{self.charter.quorum}; have more of them approve it",
                code=RefusalCode.QUORUM_SHORT,
            )

    def _accepts(self, approval: Approval, message: bytes) -> bool:
        return self.by_id[approval.by].key.accepts(message, approval.signature)

    def _verify_enough(self, founders: int) -> None:
        if founders < self.charter.quorum:
            raise InvalidStatement(
                f"{founders} founders would be left, and a decision takes "
                f"{self.charter.quorum}; enrol another first, or rotate the key"
            )


def founded_makers(founding: Founding) -> Makers:
    """Those with whom a record begins.

    Raises:
        InvalidStatement: an id or a key stands twice, or there are fewer founders than
            its quorum.
    """
    makers = Makers(
        charter=founding.charter,
        _origin=founding.origin,
        _log_key=founding.log_key.id,
    )
    for participant in founding.participants:
        key = participant.key.id
        is_taken = participant.id in makers.by_id or key in makers._holders
        if is_taken or key == makers._log_key:
            raise _invalid(participant, "its id or key is already enrolled")
        makers.by_id[participant.id] = participant
        makers._rows[participant.id] = 0
        makers._holders[key] = participant.id
    makers._verify_enough(len(makers.founders()))
    return makers


def verify_founds(founding: Founding, header: Header) -> None:
    """Returns where a founding founds the record that its own header names.

    Raises:
        ProofFails: it founds another.
    """
    if founding.origin != header.record:
        raise ProofFails(f"it founds the record {founding.origin!r}")


def _invalid(participant: Participant, reason: str) -> InvalidStatement:
    return InvalidStatement(
        f"participant {participant.id}: {reason}; name each participant once, each "
        "with a key of its own"
    )


__all__ = ["Loan", "Makers", "founded_makers", "verify_founds"]
