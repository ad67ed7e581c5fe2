"""Founding a record: its folder, its keys and its first statement."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from truce.errors import InvalidRecord, UnavailableRecord
from truce.identifiers import ParticipantId
from truce.instants import verify_instant
from truce.record._durable import sync_folder
from truce.record.envelope import sealed_entry
from truce.record.founding import (
    FOUNDING,
    NO_WITNESSES,
    Founding,
    Participant,
    RecordKind,
    Role,
    founding_payload,
    verify_participant_id,
    verify_record_name,
)
from truce.record.keys import SecretKey, kept_key, key_path
from truce.record.log import founding_of
from truce.record.makers import Makers
from truce.record.policy import policy_from_text
from truce.record.sealing.commit import Committer
from truce.record.sealing.handed_in import sign_statement
from truce.record.sealing.journal import Journal, journal_path
from truce.record.sealing.recover import locked
from truce.record.sealing.unsealed import Unsealed
from truce.record.sealing.writer import OPERATOR, Clock, RecordWriter

# What founding itself makes, and so may have left when it was broken off.
_OURS: Final = frozenset({"index", "journal", "keys", "lock", "log", "payloads"})


def found_record(
    folder: Path,
    *,
    kind: RecordKind,
    name: str,
    clock: Clock,
    participants: Iterable[tuple[ParticipantId, str, tuple[Role, ...]]] = (),
    witness_policy: str = NO_WITNESSES,
) -> RecordWriter:
    """Makes a record in a new or empty folder, founds it, and opens its writer.

    The operator is always enrolled; others may be named as (id, name, roles). A folder
    in which a founding was broken off is taken as empty.

    Raises:
        InvalidRecord: something is in the folder already.
        InvalidValue: the name cannot stand in an origin line, or the policy cannot be
            read.
        UnavailableRecord: the folder cannot be written.
    """
    verify_record_name(name)
    policy_from_text(witness_policy, may_name_logs=False)
    others = tuple(participants)
    for id_, _, _ in others:
        verify_participant_id(id_)
    lock = _begun(folder)
    try:
        log_key = kept_key(folder, "log")
        founding = Founding(
            kind=kind,
            name=name,
            log_key=log_key.public,
            participants=_founders(folder, others),
            witness_policy=witness_policy,
        )
        Makers().found(founding)
        _seal_founding(folder, founding, log_key, clock)
    finally:
        os.close(lock)
    return RecordWriter.opened(folder, clock=clock)


def _founders(
    folder: Path, others: Iterable[tuple[ParticipantId, str, tuple[Role, ...]]]
) -> tuple[Participant, ...]:
    first = (OPERATOR, "Operator of the record", (Role.OPERATOR, Role.INTAKE))
    return tuple(
        Participant(id=id_, name=label, key=kept_key(folder, id_).public, roles=roles)
        for id_, label, roles in (first, *others)
    )


def _seal_founding(
    folder: Path, founding: Founding, log_key: SecretKey, clock: Clock
) -> None:
    now = verify_instant(clock())
    statement = Unsealed(
        kind=FOUNDING, by=OPERATOR, payload=founding_payload(founding), stated_at=now
    )
    handed = sign_statement(founding.origin, statement, kept_key(folder, OPERATOR))
    committer = Committer(folder, founding.origin, log_key)
    try:
        committer.found((sealed_entry(handed.envelope, now), handed.salted))
    finally:
        committer.close_journal()


def _begun(folder: Path) -> int:
    """The lock of a folder in which a record may be founded."""
    try:
        if folder.exists() and (not folder.is_dir() or _holds_other(folder)):
            raise InvalidRecord(
                f"{folder} is not empty; a record begins in a folder of its own"
            )
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
    except OSError as error:
        raise UnavailableRecord(
            f"{folder}: {error.strerror or error}; choose a folder that can be written",
            is_retry_safe=True,
        ) from error
    lock = locked(folder)
    try:
        _finish_founding(folder)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _holds_other(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    return not names <= _OURS or (folder / "log" / "checkpoint").exists()


def _finish_founding(folder: Path) -> None:
    """Ends a founding whose first statement stands already: the log's key may not sign
    another one.

    Raises:
        InvalidRecord: it does, and the record is finished now.
    """
    journal = Journal.opened(journal_path(folder))
    if journal is None:
        return
    journal.close()
    key = SecretKey.loaded(key_path(folder, "log"))
    committer = Committer(folder, founding_of(folder).origin, key)
    committer.recover()
    committer.close()
    raise InvalidRecord(
        f"{folder}: a founding that was broken off is finished now; the record stands "
        "as it was named then"
    )


__all__ = ["found_record"]
