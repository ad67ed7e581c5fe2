"""The proof file of one statement, and the checkpoint it is proved in.

Source: C2SP tlog-proof v1; docs/spec/record.md, section 9.
"""

from truce.errors import UnavailableRecord
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import Record
from truce.record.note import checkpoint_from_note
from truce.record.proving.chain import chain_to, named_by
from truce.record.proving.prove import proof_of_statement
from truce.record.timestamps import verify_own_note


def proof_text(
    record: Record, index: int, prefix: bytes | None, *, note: bytes = b""
) -> bytes:
    """The proof that a statement stands in the log.

    `prefix` and the bytes of the file that is proved, joined, are the payload. None
    proves the entry alone. `note` is the checkpoint it leads to, which covers the
    statement; `note_for` where empty.

    Raises:
        UnavailableRecord: a payload that the proof needs is not in this copy.
    """
    checkpoint = note or note_for(record, index)
    proof = proof_of_statement(
        record, StatementIndex(index), prefix=prefix, checkpoint=checkpoint
    )
    return proof.raw()


def note_for(record: Record, index: int) -> bytes:
    """The checkpoint in which a statement is best proved: the newest that the record's
    witnesses signed, where it covers the statement; else the record's newest.

    Raises:
        ProofFails: the witnessed checkpoint is not of this record's history.
        UnavailableRecord: it cannot be read.
    """
    note = witnessed_note(record)
    # A witness may be ahead of a record that was opened a moment ago.
    if note is None or not index < checkpoint_from_note(note).size <= record.size:
        return record.checkpoint
    verify_own_note(record, note)
    return note


def witnessed_note(record: Record) -> bytes | None:
    """The newest checkpoint that witnesses signed, as it stands; None where there is
    none.

    Raises:
        UnavailableRecord: it cannot be read.
    """
    path = record.folder / "witnessed" / "checkpoint"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableRecord(
            f"{path}: {error.strerror or error}; check its rights, then try again",
            is_retry_safe=True,
        ) from error


def named_by_proof(record: Record, index: int) -> frozenset[ParticipantId]:
    """Every participant whom the proof of a statement names: those of the founding, and
    of the decisions that lead to its maker.
    """
    maker = record.entry(StatementIndex(index)).header.by
    named: set[ParticipantId] = set()
    for link in chain_to(record, maker, StatementIndex(index)):
        named |= named_by(record, link)
    return frozenset(named)


__all__ = ["named_by_proof", "note_for", "proof_text", "witnessed_note"]
