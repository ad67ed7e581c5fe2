"""A record in which people decide over keys and roles, as its operator meets it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.record.conftest import START

from truce.errors import InvalidRecord, RefusalCode, RefusedStatement
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import (
    OPERATOR,
    Charter,
    Clock,
    Participant,
    Record,
    RecordKind,
    RecordWriter,
    Role,
    Unsealed,
    verify_record,
)
from truce.record.identity.approvals import approve
from truce.record.identity.decisions import (
    Change,
    Delegation,
    Enrolment,
    Revocation,
    identity_from_payload,
)
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.keys import SecretKey
from truce.record.proving.chain import chain_to, named_by
from truce.record.proving.prove import proof_of_statement
from truce.record.proving.verify_proof import verify_proof
from truce.record.sealing.found import draft_founding, found_as_approved
from truce.statements import rights_by_kind

ANNA, BORIS, PATROL = map(ParticipantId, ("anna", "boris", "patrol-7"))
KEYS = {name: SecretKey(bytes([at]) * 32) for at, name in enumerate((ANNA, BORIS), 1)}


def draft(folder: Path) -> Founding:
    """Two founders who must agree, with keys of their own."""
    founders = [
        Participant(
            id=name, name=name.title(), key=key.public, roles=(Role.FOUNDER,), of="fr"
        )
        for name, key in KEYS.items()
    ]
    charter = Charter(quorum=2, rights=rights_by_kind())
    return draft_founding(
        folder,
        kind=RecordKind.STUDY,
        name="ceremony",
        charter=charter,
        participants=founders,
    )


def approved(founding: Founding, *names: ParticipantId) -> Founding:
    """The founding with approvals of those founders."""
    told = founding.unapproved()
    return replace(
        founding,
        approvals=tuple(
            approve(founding.origin, "founding", told, by=name, key=KEYS[name])
            for name in names
        ),
    )


def agreed(writer: RecordWriter, told: Enrolment) -> Enrolment:
    """An enrolment that both founders approved."""
    origin, plain = writer.record.origin, told.unapproved()
    return replace(
        told,
        approvals=tuple(
            approve(origin, "enrolment", plain, by=name, key=key)
            for name, key in KEYS.items()
        ),
    )


def delivery(by: ParticipantId = PATROL) -> Unsealed:
    """Somebody hands in a word."""
    return Unsealed(kind="delivery", by=by, payload=b"{}\nseen", stated_at=START)


def test_a_record_is_founded_as_its_founders_approved(
    tmp_path: Path, clock: Clock
) -> None:
    """The operator drafts, two founders sign on machines of their own, it is sealed."""
    founding = draft(tmp_path / "r")
    assert founding_from_payload(founding.payload()) == founding
    with pytest.raises(RefusedStatement, match=r"quorum-short: .*1 founders agree"):
        found_as_approved(tmp_path / "r", approved(founding, ANNA), clock=clock)
    other = draft(tmp_path / "other")
    with pytest.raises(InvalidRecord, match="log key is not the draft's"):
        found_as_approved(tmp_path / "r", approved(other, ANNA, BORIS), clock=clock)
    whole = approved(founding, ANNA, BORIS)
    found_as_approved(tmp_path / "r", whole, clock=clock).close()
    assert Record.opened(tmp_path / "r").founding == whole
    assert verify_record(tmp_path / "r").faults == ()


def test_an_operator_who_is_no_founder_decides_nothing(
    tmp_path: Path, clock: Clock
) -> None:
    """Whoever runs the machine cannot add keys of its own."""
    whole = approved(draft(tmp_path / "r"), ANNA, BORIS)
    writer = found_as_approved(tmp_path / "r", whole, clock=clock)
    with pytest.raises(RefusedStatement) as caught:
        writer.enrol(PATROL, "Patrol 7", (Role.INTAKE,))
    assert caught.value.code is RefusalCode.QUORUM_SHORT
    row = Participant(
        id=PATROL, name="Patrol 7", key=SecretKey.made().public, roles=(Role.INTAKE,)
    )
    index = writer.decide(agreed(writer, Enrolment(participants=(row,))))
    record = writer.record
    assert record.participants.row_at(PATROL) == index
    assert named_by(record, index) == {OPERATOR, ANNA, BORIS, PATROL}
    kind, payload = record.entry(index).header.kind, record.payload(index)
    assert identity_from_payload(kind, payload).payload() == payload
    writer.close()


def test_what_a_stolen_key_sealed_is_in_doubt(writer: RecordWriter) -> None:
    """It stays in the log, and whoever asks is told."""
    patrol = writer.enrol(PATROL, "Patrol 7", (Role.INTAKE,))
    (index,) = writer.seal([delivery()])
    entry = writer.record.entry(index)
    writer.decide(
        Revocation(key=patrol.key, since=entry.sealed_at, reason="a stolen notebook")
    )
    makers = writer.record.participants
    assert makers.is_in_doubt(entry.envelope.key, entry.sealed_at)
    before = entry.sealed_at - timedelta(microseconds=1)
    assert not makers.is_in_doubt(entry.envelope.key, before)
    assert makers.holder_of(patrol.key.id) == PATROL
    assert makers.roles_of(PATROL, entry.sealed_at) == frozenset()
    with pytest.raises(RefusedStatement) as caught:
        writer.seal([delivery()])
    assert caught.value.code is RefusalCode.REVOKED_KEY
    folder = writer.record.folder
    assert verify_record(folder).faults == ()
    assert Record.opened(folder).participants.revoked == makers.revoked


def test_a_loan_counts_until_its_end(writer: RecordWriter) -> None:
    """A desk that is handed over for a night is taken back in the morning."""
    writer.enrol(PATROL, "Patrol 7", (Role.AUDITOR,))
    with pytest.raises(RefusedStatement, match="it is auditor, and to state this"):
        writer.seal([delivery()])
    until = writer.now() + timedelta(hours=1)
    writer.decide(Delegation(to=PATROL, roles=(Role.INTAKE,), until=until))
    (index,) = writer.seal([delivery()])
    makers = writer.record.participants
    assert makers.roles_of(PATROL, until - timedelta(seconds=1)) == {
        Role.AUDITOR,
        Role.INTAKE,
    }
    assert makers.roles_of(PATROL, until) == {Role.AUDITOR}
    assert [(loan.lender, loan.to) for loan in makers.loans] == [(OPERATOR, PATROL)]
    assert chain_to(writer.record, PATROL, index) == [0, 1, 2]
    made = proof_of_statement(writer.record, index, prefix=b"{}\n")
    assert verify_proof(made.raw(), file=b"seen").index == index


def test_a_proof_leaves_out_decisions_over_others(writer: RecordWriter) -> None:
    """Those who must not be named in others' proofs are enrolled by themselves."""
    hidden = ParticipantId("hidden")
    writer.enrol(hidden, "Hidden", (Role.SENSOR,))
    writer.enrol(PATROL, "Patrol 7", (Role.INTAKE,))
    row = writer.record.participants.by_id[PATROL]
    moved = replace(row, roles=(Role.INTAKE, Role.ANALYST))
    change = Change(participant=moved, replaces=2)
    writer.decide(Enrolment(changes=(change,)))
    (index,) = writer.seal([delivery()])
    assert chain_to(writer.record, PATROL, index) == [0, 2, 3]
    assert chain_to(writer.record, hidden, StatementIndex(5)) == [0, 1]


def test_a_decision_in_one_commit_counts_for_what_follows(writer: RecordWriter) -> None:
    """Between a check and a commit a key may be revoked: it is asked for again."""
    patrol = writer.enrol(PATROL, "Patrol 7", (Role.INTAKE,))
    told = Revocation(key=patrol.key, since=START, reason="a stolen notebook")
    revoking = Unsealed(
        kind="revocation", by=OPERATOR, payload=told.payload(), stated_at=START
    )
    size = writer.record.size
    with pytest.raises(RefusedStatement, match="revoked-key"):
        writer.seal([revoking, delivery()])
    assert writer.record.size == size
