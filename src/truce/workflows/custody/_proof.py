"""The proof file of one statement: C2SP tlog-proof, with what checks its maker.

Source: C2SP tlog-proof v1; docs/spec/record.md, section 9.
"""

import base64
from collections.abc import Iterator

from truce.canonical import Json, canonical_json
from truce.errors import UnavailableRecord
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import ENROLMENT, Record
from truce.record.founding import enrolment_from_payload
from truce.record.merkle import inclusion_path
from truce.record.note import checkpoint_from_note
from truce.record.payloads import SaltedPayload
from truce.record.tiles import TileReader
from truce.record.timestamps import verify_own_note


def proof_text(
    record: Record, index: int, prefix: bytes | None, *, note: bytes = b""
) -> bytes:
    """The proof that a statement stands in the log.

    `prefix` and the bytes of the file that is proved, joined, are the payload. None
    proves the entry alone: then no salt is given either, for with it anybody could test
    a guess of what is withheld. `note` is the checkpoint it leads to, which covers the
    statement; `note_for` where empty.

    Raises:
        UnavailableRecord: a payload that the proof needs is not in this copy.
    """
    note = note or note_for(record, index)
    size = checkpoint_from_note(note).size
    entry = record.entry(StatementIndex(index))
    # An enrolment comes before what it allows, so that the checkpoint covers it too.
    chain = [0, *_enrolments(record, entry.header.by)]
    extra: Json = {
        "chain": [_link(record, link, size) for link in chain],
        "entry": _base64(entry.raw),
        "prefix": _base64(prefix or b""),
        "salt": _base64(b"" if prefix is None else _given(record, index).salt),
    }
    lines = ["c2sp.org/tlog-proof@v1", f"extra {_base64(canonical_json(extra))}"]
    lines += [f"index {index}", *map(_base64, _path(record, index, size)), ""]
    return "\n".join([*lines, ""]).encode() + note


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
    of the enrolment of its maker.
    """
    maker = record.entry(StatementIndex(index)).header.by
    named = {participant.id for participant in record.founding.participants}
    for link in _enrolments(record, maker):
        enrolled = enrolment_from_payload(record.payload(StatementIndex(link)))
        named |= {participant.id for participant in enrolled}
    return frozenset(named)


def _enrolments(record: Record, maker: ParticipantId) -> Iterator[int]:
    """The enrolment of a maker; nothing where the founding enrols it."""
    if any(p.id == maker for p in record.founding.participants):
        return
    for index, entry in enumerate(record.entries()):
        if entry.header.kind == ENROLMENT:
            enrolled = enrolment_from_payload(record.payload(StatementIndex(index)))
            if any(p.id == maker for p in enrolled):
                yield index
                return


def _link(record: Record, index: int, size: int) -> Json:
    salt, payload = _given(record, index)
    return {
        "entry": _base64(record.entry(StatementIndex(index)).raw),
        "index": index,
        "path": [_base64(step) for step in _path(record, index, size)],
        "payload": _base64(payload),
        "salt": _base64(salt),
    }


def _given(record: Record, index: int) -> SaltedPayload:
    found = record.salted(StatementIndex(index))
    if found is None:
        raise UnavailableRecord(
            f"statement {index}: its payload is not in this copy of the record; "
            "export from a copy that has it",
            is_retry_safe=False,
        )
    return found


def _path(record: Record, index: int, size: int) -> tuple[bytes, ...]:
    tiles = TileReader(record.folder / "log", record.size)
    return inclusion_path(tiles.node, index, size)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


__all__ = ["named_by_proof", "note_for", "proof_text", "witnessed_note"]
