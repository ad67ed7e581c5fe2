"""Sealing, reading, proving, reopening."""

import re
import threading
from datetime import datetime
from pathlib import Path

import pytest
from tests.unit.record.conftest import START, SteppingClock, statement

from truce.errors import (
    InvalidRecord,
    InvalidStatement,
    InvalidValue,
    ProofFails,
    UnavailableRecord,
)
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import (
    ENROLMENT,
    OPERATOR,
    Participant,
    Record,
    RecordKind,
    RecordWriter,
    Role,
    Unsealed,
    found_record,
    verify_record,
)
from truce.record.identity.decisions import enrolment_payload
from truce.record.keys import SecretKey
from truce.record.merkle import leaf_hash, root_from_inclusion
from truce.statements import rights_by_kind


def test_what_was_sealed_is_read_back_in_order(writer: RecordWriter) -> None:
    """A reader that opens the folder afterwards finds every payload at its index."""
    indexes = writer.seal([statement(b"first"), statement(b"second")])
    indexes += writer.seal([statement(b"third")])
    record = Record.opened(writer.record.folder)
    assert indexes == (1, 2, 3)
    assert [record.payload(i) for i in indexes] == [b"first", b"second", b"third"]
    assert record.founding.kind is RecordKind.EXERCISE
    assert record.origin.startswith("truce/exercise/kestrel/")


def test_no_payload_byte_enters_the_log(writer: RecordWriter) -> None:
    """A payload that must be erased one day must not stand in the tree for ever."""
    secret = b"the source lives at number nine"
    writer.seal([statement(secret)])
    for path in (writer.record.folder / "log").rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()


def test_equal_payloads_have_different_commitments(writer: RecordWriter) -> None:
    """Without the salt nobody can test a guess of what an erased payload said."""
    one, two = writer.seal([statement(b"same"), statement(b"same")])
    record = writer.record
    assert record.entry(one).header.commitment != record.entry(two).header.commitment


def test_log_grows_over_many_bundles_and_every_proof_holds(
    writer: RecordWriter,
) -> None:
    """Six hundred statements fill two bundles; proofs cross their borders."""
    for start in range(0, 600, 150):
        writer.seal([statement(b"%d" % i) for i in range(start, start + 150)])
    record = Record.opened(writer.record.folder)
    assert record.size == 601
    for index in (0, 1, 255, 256, 257, 511, 512, 600):
        proof = record.proof(StatementIndex(index))
        leaf = leaf_hash(proof.entry)
        assert root_from_inclusion(leaf, index, proof.size, proof.path) == record.root
    assert verify_record(record.folder).faults == ()


def test_reopened_writer_goes_on_where_it_stopped(
    writer: RecordWriter, clock: SteppingClock
) -> None:
    """A restart in the middle of a bundle must not fork the log."""
    writer.seal([statement(b"before")])
    writer.close()
    again = RecordWriter.opened(writer.record.folder, clock=clock)
    assert again.seal([statement(b"after")]) == (2,)
    assert verify_record(again.record.folder).faults == ()
    again.close()
    writer._lock = RecordWriter.opened(writer.record.folder, clock=clock)._lock


def test_second_writer_is_refused(writer: RecordWriter, clock: SteppingClock) -> None:
    """Two writers would sign two histories."""
    with pytest.raises(UnavailableRecord, match="another process is writing"):
        RecordWriter.opened(writer.record.folder, clock=clock)


def test_leftovers_of_a_crash_are_swept(
    writer: RecordWriter, clock: SteppingClock
) -> None:
    """A commit that never stood leaves payloads and tiles that nothing covers."""
    folder = writer.record.folder
    writer.close()
    old = {n: (folder / n).read_bytes() for n in ("log/checkpoint", "journal")}
    writer = RecordWriter.opened(folder, clock=clock)
    writer.seal([statement(b"%d" % i) for i in range(300)])
    writer.close()
    tiles = {p: p.read_bytes() for p in (folder / "log").rglob("*") if p.is_file()}
    for name, content in old.items():
        (folder / name).write_bytes(content)
    edge = folder / "log" / "tile"
    for name, width in (("0/000.p", 1), ("entries/000.p", 1)):
        (edge / name).mkdir(parents=True, exist_ok=True)
        full = tiles[edge / name.removesuffix(".p")]
        size = 32 if name.startswith("0") else 2 + int.from_bytes(full[:2], "big")
        (edge / name / str(width)).write_bytes(full[:size])
    again = RecordWriter.opened(folder, clock=clock)
    assert again.record.size == 1
    assert again.seal([statement(b"instead")]) == (1,)
    assert again.record.payload(StatementIndex(1)) == b"instead"
    assert verify_record(folder).faults == ()
    again.close()


def test_threads_share_commits_and_nothing_is_lost(writer: RecordWriter) -> None:
    """Many callers at once: each gets its own index, and the payload it sealed."""
    indexes: dict[int, StatementIndex] = {}

    def seal(number: int) -> None:
        (indexes[number],) = writer.seal([statement(b"caller %d" % number)])

    threads = [threading.Thread(target=seal, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(indexes.values()) == list(range(1, 41))
    record = Record.opened(writer.record.folder)
    for number, index in indexes.items():
        assert record.payload(index) == b"caller %d" % number
    assert verify_record(record.folder).faults == ()


def test_one_bad_statement_fails_its_own_caller_only(writer: RecordWriter) -> None:
    """A stranger's statement is refused and leaves no trace in the log."""
    stranger = Unsealed(
        kind="delivery", by=ParticipantId("nobody"), payload=b"", stated_at=START
    )
    with pytest.raises(InvalidStatement, match="nobody: not enrolled"):
        writer.seal([statement(b"good"), stranger])
    assert writer.record.size == 1


def test_enrolled_participant_signs_with_a_key_of_its_own(
    writer: RecordWriter,
) -> None:
    """A patrol enrolled later states under its own name, not the operator's."""
    patrol = ParticipantId("patrol-7")
    enrolled = writer.enrol(patrol, "Patrol 7", (Role.CONTRIBUTOR,))
    (index,) = writer.seal(
        [Unsealed(kind="delivery", by=patrol, payload=b"seen", stated_at=START)]
    )
    record = Record.opened(writer.record.folder)
    assert record.entry(index).envelope.key == enrolled.key.id
    assert (
        record.entry(index).envelope.key != record.participants.by_id[OPERATOR].key.id
    )
    assert verify_record(record.folder).faults == ()
    with pytest.raises(InvalidStatement, match="already enrolled"):
        writer.enrol(patrol, "Patrol 7", (Role.CONTRIBUTOR,))


def test_sealing_times_never_fall(writer: RecordWriter, clock: SteppingClock) -> None:
    """A machine whose clock jumps back must not make an earlier-sealed statement."""
    (first,) = writer.seal([statement(b"a")])
    clock.now = datetime(2001, 1, 1, tzinfo=START.tzinfo)
    (second,) = writer.seal([statement(b"b")])
    record = writer.record
    assert record.entry(second).sealed_at == record.entry(first).sealed_at


def test_reader_follows_what_a_writer_adds(writer: RecordWriter) -> None:
    """A page that has the record open sees what was sealed since."""
    reader = Record.opened(writer.record.folder)
    writer.seal([statement(b"new")])
    assert reader.size == 1
    reader.refresh()
    assert reader.size == 2
    assert reader.payload(StatementIndex(1)) == b"new"


def test_reader_refuses_a_log_that_shrank(writer: RecordWriter) -> None:
    """An old checkpoint put back is a second history, not a smaller one."""
    path = writer.record.folder / "log" / "checkpoint"
    old = path.read_bytes()
    writer.seal([statement(b"new")])
    reader = Record.opened(writer.record.folder)
    path.write_bytes(old)
    with pytest.raises(ProofFails, match="the log shrank from 2 to 1"):
        reader.refresh()


def test_bad_folders_and_names_are_refused(
    tmp_path: Path, clock: SteppingClock
) -> None:
    """A record begins in a folder of its own, under a name that fits an origin line."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(InvalidRecord, match="is not empty"):
        found_record(
            tmp_path / "full",
            kind=RecordKind.REAL,
            name="a",
            clock=clock,
            rights=rights_by_kind(),
        )
    with pytest.raises(InvalidValue, match="lower-case letters"):
        found_record(
            tmp_path / "new",
            kind=RecordKind.REAL,
            name="Two Words",
            clock=clock,
            rights=rights_by_kind(),
        )
    with pytest.raises(InvalidRecord, match="holds no record"):
        Record.opened(tmp_path / "nowhere")


def test_missing_statement_is_named(writer: RecordWriter) -> None:
    """Asking beyond the log says what there is."""
    with pytest.raises(InvalidRecord, match="statement 9 does not exist"):
        writer.record.entry(StatementIndex(9))


def enrolment(*ids: str) -> Unsealed:
    """The operator enrols participants under these ids, with one key."""
    key = SecretKey.made().public
    named = [
        Participant(id=ParticipantId(i), name=i, key=key, roles=(Role.CONTRIBUTOR,))
        for i in ids
    ]
    return Unsealed(
        kind=ENROLMENT,
        by=OPERATOR,
        payload=enrolment_payload(named),
        stated_at=START,
    )


def test_nobody_is_enrolled_twice_in_one_commit(writer: RecordWriter) -> None:
    """Two desks enrol one patrol at once: sealed, it would close the record for
    ever."""
    with pytest.raises(InvalidStatement, match="already enrolled"):
        writer.seal([enrolment("patrol-7"), enrolment("patrol-7")])
    assert writer.record.size == 1
    writer.seal([enrolment("patrol-7")])
    assert "patrol-7" in Record.opened(writer.record.folder).participants.by_id


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"[" * 100_000, "not JSON"),
        (b'{"participants": 5}', "Expected `array`, got `int` - at `$.participants`"),
        (
            b'{"participants": [5]}',
            "Expected `object`, got `int` - at `$.participants[0]`",
        ),
        (
            b'{"participants": [{"id": [1]}]}',
            "Expected `str`, got `array` - at `$.participants[0].id`",
        ),
        (
            (
                b'{"approvals":[],"changes":[],"participants":[{"id":"../../etc",'
                b'"key":"","name":"","of":"","roles":[]}]}'
            ),
            "participant id '../../etc'",
        ),
        (b'{"participants": [{"id": "a", "id": "b"}]}', "the same key twice"),
        (b'{"participants": [{"id": "a", "name": NaN}]}', "NaN is no JSON number"),
    ],
)
def test_a_hostile_enrolment_is_refused_before_sealing(
    writer: RecordWriter, payload: bytes, message: str
) -> None:
    """Sealed, a form that cannot be read would keep everybody out of the record."""
    statement = Unsealed(kind=ENROLMENT, by=OPERATOR, payload=payload, stated_at=START)
    with pytest.raises(InvalidStatement, match=re.escape(message)):
        writer.seal([statement])
    assert writer.record.size == 1


def test_a_reader_of_an_older_checkpoint_takes_the_beginning_of_wider_tiles(
    writer: RecordWriter,
) -> None:
    """A page reads while another process seals: partial tiles vanish under it."""
    writer.seal([statement(b"one"), statement(b"two")])
    reader = Record.opened(writer.record.folder)
    for more in (1, 300):
        writer.seal([statement(b"later")] * more)
        assert [e.header.kind for e in reader.entries()] == [
            "founding",
            "delivery",
            "delivery",
        ]
        proof = reader.proof(StatementIndex(1))
        leaf = leaf_hash(proof.entry)
        assert root_from_inclusion(leaf, 1, 3, proof.path) == reader.root


@pytest.mark.parametrize(
    "name", ["log/tile/.DS_Store", "log/tile/0/000~", "payloads/00²"]
)
def test_a_strangers_file_stops_no_writer_and_stays(
    writer: RecordWriter, clock: SteppingClock, name: str
) -> None:
    """Some file manager left its own: verify names it, and nobody removes it."""
    folder = writer.record.folder
    (folder / name).write_bytes(b"x")
    writer.close()
    again = RecordWriter.opened(folder, clock=clock)
    again.seal([statement(b"after")])
    assert [fault.where for fault in verify_record(folder).faults] == [name]
    again.close()


def test_a_crash_before_the_checkpoint_leaves_nothing_for_verify(
    writer: RecordWriter, clock: SteppingClock
) -> None:
    """The new checkpoint was written and not yet put in place of the old one."""
    folder = writer.record.folder
    writer.close()
    (folder / "log" / "checkpoint.new").write_bytes(b"half")
    again = RecordWriter.opened(folder, clock=clock)
    assert verify_record(folder).faults == ()
    again.close()


@pytest.mark.parametrize("size", ["9" * 17, "9" * 5000, "01", "²"])
def test_a_checkpoint_of_any_size_is_answered_for(
    writer: RecordWriter, size: str
) -> None:
    """A folder from a stranger must not keep its reader busy for ever."""
    path = writer.record.folder / "log" / "checkpoint"
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], size, *lines[2:]]))
    assert verify_record(writer.record.folder).faults
    with pytest.raises(ProofFails):
        Record.opened(writer.record.folder)
