"""Which statements over identity a proof needs, so that its maker can be checked."""

from truce.errors import ProofFails
from truce.identifiers import ParticipantId, StatementIndex
from truce.record.identity.decisions import (
    CharterChange,
    Delegation,
    Enrolment,
    IdentityStatement,
    Revocation,
    identity_from_payload,
)
from truce.record.identity.participants import Participant, Role
from truce.record.log import Record


def chain_to(
    record: Record, maker: ParticipantId, before: StatementIndex
) -> list[StatementIndex]:
    """The founding, and the statements over identity before one that its maker's check
    rests on, in their order.

    1. Every change of the charter, and whatever touches the maker or one who was ever a
       founder: without it nobody can tell how many agreed.
    2. Whatever touches those whom these name, and so on.

    Raises:
        ProofFails: the maker was not enrolled before it.
    """
    told = {
        index: _told(record, StatementIndex(index))
        for index in record.identity
        if 0 < index < before
    }
    subjects = {index: _subjects(record, found) for index, found in told.items()}
    known = {who.id for who in record.founding.participants}
    if maker not in known.union(*subjects.values()):
        raise ProofFails(f"statement {before}: its maker {maker!r} was not enrolled")
    needed = {maker} | _founders(record.founding.participants)
    for found in told.values():
        needed |= _founders(_rows(found))
    links: set[int] = {0}
    while True:
        more = {
            index
            for index, found in told.items()
            if index not in links
            and (subjects[index] & needed or isinstance(found, CharterChange))
        }
        if not more:
            return [StatementIndex(index) for index in sorted(links)]
        links |= more
        for index in more:
            needed |= subjects[index] | _agents(record, index, told[index])


def named_by(record: Record, index: StatementIndex) -> frozenset[ParticipantId]:
    """Every participant whom a statement over identity names, its maker included."""
    if index == 0:
        return frozenset(who.id for who in record.founding.participants)
    told = _told(record, index)
    return frozenset(_subjects(record, told) | _agents(record, index, told))


def _told(record: Record, index: StatementIndex) -> IdentityStatement:
    kind = record.entry(index).header.kind
    return identity_from_payload(kind, record.payload(index))


def _subjects(record: Record, told: IdentityStatement) -> set[ParticipantId]:
    """Those for whom it changes what they may state."""
    match told:
        case Enrolment():
            return {who.id for who in _rows(told)}
        case Revocation():
            holder = record.participants.holder_of(told.key.id)
            return {holder} if holder else set()
        case Delegation():
            return {told.to}
        case CharterChange():
            return set()


def _agents(record: Record, index: int, told: IdentityStatement) -> set[ParticipantId]:
    """Those by whose word it counts."""
    by = record.entry(StatementIndex(index)).header.by
    if isinstance(told, Delegation):
        return {by}
    return {by, *(approval.by for approval in told.approvals)}


def _rows(told: IdentityStatement) -> tuple[Participant, ...]:
    if not isinstance(told, Enrolment):
        return ()
    return (*told.participants, *(change.participant for change in told.changes))


def _founders(rows: tuple[Participant, ...]) -> set[ParticipantId]:
    return {who.id for who in rows if Role.FOUNDER in who.roles}


__all__ = ["chain_to", "named_by"]
