"""Proofs that travel: made from a record, checked without it, refused when changed."""

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.record.conftest import statement

from truce.errors import InvalidRecord, ProofFails
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import RecordWriter, Role, Unsealed
from truce.record.identity.decisions import enrolment_payload
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.participants import Participant
from truce.record.keys import kept_key
from truce.record.note import Note, note_from_bytes
from truce.record.payloads import SaltedPayload
from truce.record.proving.proof import (
    ChainLink,
    ProofExtra,
    TlogProof,
    extra_from_bytes,
    tlog_proof_from_bytes,
)
from truce.record.proving.prove import proof_of_statement
from truce.record.proving.verify_proof import verify_proof
from truce_verify import Report, Wrong
from truce_verify import proofs as independent
from truce_verify.notes import Trust

FILE = b"what the patrol saw"
LABEL = b'{"file":"patrol.txt"}\n'


@pytest.fixture
def sealed(writer: RecordWriter) -> RecordWriter:
    """Founding, an enrolment, a delivery by the operator, one by the patrol."""
    writer.enrol(ParticipantId("patrol-7"), "Patrol 7", (Role.INTAKE,))
    first = statement(LABEL + FILE)
    writer.seal([first])
    writer.seal([dataclasses.replace(first, by=ParticipantId("patrol-7"))])
    writer.seal([statement(b"later")])
    return writer


def proof(sealed: RecordWriter, index: int) -> TlogProof:
    """The proof of a statement, with its label as prefix."""
    return proof_of_statement(sealed.record, StatementIndex(index), prefix=LABEL)


@pytest.mark.parametrize(("index", "links"), [(0, 1), (1, 1), (2, 1), (3, 2)])
def test_a_proof_holds_without_the_record(
    sealed: RecordWriter, index: int, links: int
) -> None:
    """The chain has the founding, and the enrolment of who was not there then."""
    made = proof(sealed, index)
    assert len(extra_from_bytes(made.extra).chain) == links
    file = FILE if index in (2, 3) else None
    found = verify_proof(made.raw(), file=file)
    assert found.founding.origin == sealed.record.origin
    assert found.index == index
    assert found.entry.raw == sealed.record.entry(StatementIndex(index)).raw
    assert found.is_payload_proved is (file is not None)


def test_the_text_is_the_one_of_the_standard(sealed: RecordWriter) -> None:
    """Source: C2SP tlog-proof, format."""
    made = proof(sealed, 3)
    lines = made.raw().decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 3"
    gap = lines.index("")
    assert gap == 3 + len(made.path)
    assert "\n".join(lines[gap + 1 :]).encode() == sealed.record.checkpoint
    assert tlog_proof_from_bytes(made.raw()) == made
    bare = replace(made, extra=b"")
    assert b"extra" not in bare.raw()
    assert tlog_proof_from_bytes(bare.raw()) == bare


def test_an_older_checkpoint_may_be_proved_in(sealed: RecordWriter) -> None:
    """E.g. the one that witnesses cosigned; not one before the statement."""
    before = sealed.record.checkpoint
    sealed.seal([statement(b"more"), statement(b"and more")])
    made = proof_of_statement(
        sealed.record, StatementIndex(3), prefix=LABEL, checkpoint=before
    )
    assert verify_proof(made.raw(), file=FILE).checkpoint.size == 5
    with pytest.raises(ProofFails, match="expected one over statement 6"):
        proof_of_statement(sealed.record, StatementIndex(6), checkpoint=before)
    with pytest.raises(InvalidRecord, match="statement 7 does not exist"):
        proof_of_statement(sealed.record, StatementIndex(7))


def is_accepted_by_the_other(folder: Path, raw: bytes) -> bool:
    """Whether the independent verifier takes a proof with its file beside it."""
    path = folder / "patrol.txt.tlog-proof"
    path.write_bytes(raw)
    path.with_suffix("").write_bytes(FILE)
    try:
        independent.verify_proof(path, Report("x", "any"), Trust())
    except Wrong:
        return False
    return True


def test_who_was_enrolled_by_an_enrolled_founder_is_proved(
    sealed: RecordWriter, tmp_path: Path
) -> None:
    """The right to enrol may be handed on; the chain has every step, in order."""
    deputy, patrol = ParticipantId("deputy"), ParticipantId("patrol-9")
    sealed.enrol(deputy, "Deputy", (Role.FOUNDER,))
    key = kept_key(sealed.record.folder, patrol).public
    enrolled = Participant(id=patrol, name="Patrol 9", key=key, roles=(Role.INTAKE,))
    sealed.seal(
        [replace(statement(enrolment_payload([enrolled])), kind="enrolment", by=deputy)]
    )
    sealed.seal([replace(statement(LABEL + FILE), by=patrol)])
    made = proof(sealed, 7)
    extra = extra_from_bytes(made.extra)
    assert [link.index for link in extra.chain] == [0, 5, 6]
    assert verify_proof(made.raw(), file=FILE).entry.header.by == patrol
    assert is_accepted_by_the_other(tmp_path, made.raw())
    twice = replace(extra, chain=(*extra.chain, extra.chain[1]))
    with pytest.raises(ProofFails, match="expected one after 6"):
        verify_proof(replace(made, extra=twice.raw()).raw(), file=FILE)
    short = replace(extra, chain=(extra.chain[0], extra.chain[2]))
    with pytest.raises(ProofFails, match="not enrolled"):
        verify_proof(replace(made, extra=short.raw()).raw(), file=FILE)


def test_the_independent_verifier_agrees(sealed: RecordWriter, tmp_path: Path) -> None:
    """What one takes the other takes, and so for what both refuse."""
    made = proof(sealed, 3)
    extra = extra_from_bytes(made.extra)
    changed = [replace(made, extra=c(extra).raw()).raw() for c in CHANGES.values()]
    for raw in (made.raw(), *changed):
        own = True
        try:
            verify_proof(raw, file=FILE)
        except ProofFails:
            own = False
        assert own is is_accepted_by_the_other(tmp_path, raw)
        assert own is (raw == made.raw())


def test_a_proof_of_the_entry_alone_gives_no_salt(sealed: RecordWriter) -> None:
    """With the salt anybody could test guesses of a payload that is withheld."""
    made = proof_of_statement(sealed.record, StatementIndex(3))
    extra = extra_from_bytes(made.extra)
    assert (extra.salt, extra.prefix) == (b"", b"")
    salted = sealed.record.salted(StatementIndex(3))
    assert salted is not None
    given = proof_of_statement(sealed.record, StatementIndex(3), prefix=LABEL)
    assert extra_from_bytes(given.extra).salt == salted.salt
    assert not verify_proof(made.raw()).is_payload_proved
    with pytest.raises(ProofFails, match="not what it sealed"):
        verify_proof(made.raw(), file=LABEL + FILE)


def test_another_file_is_refused(sealed: RecordWriter) -> None:
    """One byte more or less is another file."""
    raw = proof(sealed, 3).raw()
    for file in (b"", FILE[:-1], FILE + b"\n", LABEL + FILE):
        with pytest.raises(ProofFails, match="not what it sealed"):
            verify_proof(raw, file=file)


def link(extra: ProofExtra, at: int, **changes: object) -> ProofExtra:
    """The extra with one link of its chain changed."""
    links: list[ChainLink] = list(extra.chain)
    links[at] = replace(links[at], **changes)  # type: ignore[arg-type]
    return replace(extra, chain=tuple(links))


def altered(link: ChainLink) -> SaltedPayload:
    """What an enrolment states, with another name for whom it enrols."""
    payload = link.salted.payload
    assert b"Patrol 7" in payload
    return SaltedPayload(link.salted.salt, payload.replace(b"Patrol 7", b"Patrol 8"))


CHANGES: dict[str, Callable[[ProofExtra], ProofExtra]] = {
    "no founding": lambda e: replace(e, chain=e.chain[1:]),
    "no enrolment": lambda e: replace(e, chain=e.chain[:1]),
    "no chain": lambda e: replace(e, chain=()),
    "chain turned round": lambda e: replace(e, chain=e.chain[::-1]),
    "a founding twice": lambda e: replace(e, chain=(e.chain[0], e.chain[0])),
    "another entry": lambda e: replace(e, entry=e.chain[1].entry),
    "another salt": lambda e: replace(e, salt=bytes(32)),
    "another prefix": lambda e: replace(e, prefix=b""),
    "a link elsewhere": lambda e: link(e, 1, index=2),
    "a link after it": lambda e: link(e, 1, index=4),
    "a link's path": lambda e: link(e, 1, path=e.chain[1].path[::-1]),
    "a link's path cut": lambda e: link(e, 1, path=e.chain[1].path[:-1]),
    "a link's payload": lambda e: link(e, 1, salted=e.chain[0].salted),
    "a link's payload altered": lambda e: link(e, 1, salted=altered(e.chain[1])),
    "a founding's payload": lambda e: link(e, 0, salted=e.chain[1].salted),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_chain_is_refused(sealed: RecordWriter, change: str) -> None:
    """Nothing in `extra` is trusted."""
    made = proof(sealed, 3)
    extra = CHANGES[change](extra_from_bytes(made.extra))
    assert extra.raw() != made.extra
    with pytest.raises(ProofFails):
        verify_proof(replace(made, extra=extra.raw()).raw(), file=FILE)


def test_a_checkpoint_that_the_log_did_not_sign_is_refused(
    sealed: RecordWriter,
) -> None:
    """The tree is right, and nobody vouches for it."""
    made = proof(sealed, 3)
    note = note_from_bytes(made.checkpoint)
    lines = [replace(line, signature=bytes(64)) for line in note.signatures]
    for forged in (lines, [replace(line, name="somebody") for line in lines]):
        unsigned = Note(text=note.text, signatures=tuple(forged)).raw()
        with pytest.raises(ProofFails, match="signature"):
            verify_proof(replace(made, checkpoint=unsigned).raw(), file=FILE)


def test_a_founding_of_another_origin_is_refused(
    sealed: RecordWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The origin is made of what entry 0 states; a log cannot carry another's name."""
    raw = proof(sealed, 2).raw()

    def another(payload: bytes) -> Founding:
        return replace(founding_from_payload(payload), name="another")

    place = "truce.record.identity.makers.founding_from_payload"
    monkeypatch.setattr(place, another)
    with pytest.raises(ProofFails, match="founds the record 'truce/exercise/another"):
        verify_proof(raw, file=FILE)


def test_who_is_enrolled_later_was_not_enrolled_then(sealed: RecordWriter) -> None:
    """A key counts from the statement after the one that enrolled it."""
    sealed.enrol(ParticipantId("patrol-9"), "Patrol 9", (Role.INTAKE,))
    later = dataclasses.replace(statement(b"x"), by=ParticipantId("patrol-9"))
    sealed.seal([later])
    late = extra_from_bytes(proof(sealed, 6).extra).chain[1]
    assert late.index == 5
    made = proof_of_statement(sealed.record, StatementIndex(2), prefix=LABEL)
    extra = extra_from_bytes(made.extra)
    assert verify_proof(made.raw(), file=FILE)
    extra = replace(extra, chain=(*extra.chain, late))
    with pytest.raises(ProofFails, match="decision is statement 5"):
        verify_proof(replace(made, extra=extra.raw()).raw(), file=FILE)


@pytest.mark.parametrize("index", [0, 1, 2, 4, 5, 10**17])
def test_another_index_is_refused(sealed: RecordWriter, index: int) -> None:
    """The path is for one place only."""
    made = proof(sealed, 3)
    with pytest.raises(ProofFails):
        verify_proof(replace(made, index=index).raw(), file=FILE)


@pytest.mark.parametrize("by", ["patrol-7", "operator"])
def test_what_only_looks_like_an_enrolment_is_refused(
    sealed: RecordWriter, by: str
) -> None:
    """A delivery may hold the words of an enrolment, and would put any key in."""
    enrolment = sealed.record.payload(StatementIndex(1))
    foreign = enrolment.replace(b"patrol-7", b"patrol-8")
    other = bytes(32).hex().encode()
    at = foreign.index(b'"key":"') + 7
    foreign = foreign[:at] + other + foreign[at + 64 :]
    sealed.seal(
        [
            Unsealed(
                kind="delivery",
                by=ParticipantId(by),
                payload=foreign,
                stated_at=statement(b"").stated_at,
            )
        ]
    )
    made = proof_of_statement(sealed.record, StatementIndex(5), prefix=b"")
    extra = extra_from_bytes(made.extra)
    posing = ChainLink(
        index=5,
        entry=extra.entry,
        path=made.path,
        salted=extra.chain[0].salted._replace(salt=extra.salt, payload=foreign),
    )
    sealed.seal([statement(b"by nobody")])
    later = proof_of_statement(sealed.record, StatementIndex(6))
    late = extra_from_bytes(later.extra)
    path = proof_of_statement(sealed.record, StatementIndex(5)).path
    posing = replace(posing, path=path)
    forged = replace(late, chain=(late.chain[0], posing))
    with pytest.raises(ProofFails, match="decides nothing"):
        verify_proof(replace(later, extra=forged.raw()).raw())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 3", b"3"),
        (b"index 3", b"index 03"),
        (b"index 3", b"Index 3"),
        (b"index 3", b"index 3\nindex 3"),
        (b"index 3\n", b""),
        (b"extra ", b"extra  "),
        (b"extra ", b"Extra "),
        (b"\n\n", b"\n"),
        (b"index 3\n", b"index 3\nAAAA\n"),
        (b"index 3\n", b"index 3\n" + b"A" * 43 + b"=\n" * 1 + b"!\n"),
    ],
)
def test_another_form_is_refused(sealed: RecordWriter, old: bytes, new: bytes) -> None:
    """Each rule of the text, broken once."""
    raw = proof(sealed, 3).raw()
    assert old in raw
    with pytest.raises(ProofFails, match="proof"):
        tlog_proof_from_bytes(raw.replace(old, new, 1))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"chain":[],"entry":"","prefix":""}',
        b'{"chain":[],"entry":"","prefix":"","salt":"","z":1}',
        b'{"chain":{},"entry":"","prefix":"","salt":""}',
        b'{"chain":[],"entry":1,"prefix":"","salt":""}',
        b'{"chain":[],"entry":"!","prefix":"","salt":""}',
        b'{"chain":[1],"entry":"","prefix":"","salt":""}',
        b'{"chain":[' + b",".join([b"1"] * 65) + b'],"entry":"","prefix":"","salt":""}',
        b'{"chain": [],"entry":"","prefix":"","salt":""}',
        (
            b'{"chain":[{"entry":"","index":-1,"path":[],"payload":"","salt":""}],'
            b'"entry":"","prefix":"","salt":""}'
        ),
        (
            b'{"chain":[{"entry":"","index":true,"path":[],"payload":"","salt":""}],'
            b'"entry":"","prefix":"","salt":""}'
        ),
        (
            b'{"chain":[{"entry":"","index":1,"path":["AA=="],"payload":"","salt":""}],'
            b'"entry":"","prefix":"","salt":""}'
        ),
    ],
)
def test_an_extra_in_another_form_is_refused(raw: bytes) -> None:
    """Each rule of docs/spec/record.md, 9, broken once."""
    with pytest.raises(ProofFails, match="proof's extra"):
        extra_from_bytes(raw)
