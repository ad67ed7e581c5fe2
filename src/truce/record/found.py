"""Founding a record: its folder, its keys and its first statement."""

from collections.abc import Iterable
from pathlib import Path

from truce.errors import InvalidRecord, UnavailableRecord
from truce.identifiers import ParticipantId
from truce.instants import verify_instant
from truce.record._durable import sync_folder
from truce.record.commit import Tail, commit
from truce.record.founding import (
    FOUNDING,
    Founding,
    Participant,
    Participants,
    RecordKind,
    Role,
    founding_payload,
    verify_participant_id,
    verify_record_name,
)
from truce.record.keys import kept_key
from truce.record.writer import OPERATOR, Clock, RecordWriter, Unsealed, signed


def found_record(
    folder: Path,
    *,
    kind: RecordKind,
    name: str,
    clock: Clock,
    participants: Iterable[tuple[ParticipantId, str, tuple[Role, ...]]] = (),
) -> RecordWriter:
    """Makes a record in a new or empty folder, founds it, and opens its writer.

    The operator is always enrolled; others may be named as (id, name, roles).

    Raises:
        InvalidRecord: something is in the folder already.
        InvalidValue: the name cannot stand in an origin line.
        UnavailableRecord: the folder cannot be written.
    """
    verify_record_name(name)
    others = tuple(participants)
    for id_, _, _ in others:
        verify_participant_id(id_)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidRecord(
            f"{folder} is not empty; a record begins in a folder of its own"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        log_key = kept_key(folder, "log")
        first = (OPERATOR, "Operator of the record", (Role.OPERATOR, Role.INTAKE))
        founders = tuple(
            Participant(
                id=id_, name=label, key=kept_key(folder, id_).public, roles=roles
            )
            for id_, label, roles in (first, *others)
        )
    except OSError as error:
        raise UnavailableRecord(
            f"{folder}: {error.strerror or error}; choose a folder that can be written",
            is_retry_safe=True,
        ) from error
    founding = Founding(
        kind=kind, name=name, log_key=log_key.public, participants=founders
    )
    Participants().enrol(founders)
    now = verify_instant(clock())
    statement = Unsealed(
        kind=FOUNDING, by=OPERATOR, payload=founding_payload(founding), stated_at=now
    )
    pair = signed(founding.origin, statement, kept_key(folder, OPERATOR), now)
    commit(folder, founding.origin, Tail(), [pair], log_key)
    return RecordWriter.opened(folder, clock=clock)


__all__ = ["found_record"]
