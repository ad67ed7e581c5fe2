"""Founding a record: its folder, its keys and its first statement."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from truce.errors import InvalidRecord, UnavailableRecord
from truce.identifiers import ParticipantId
from truce.instants import verify_instant
from truce.record._durable import sync_folder
from truce.record.envelope import sealed_entry
from truce.record.identity.charter import FOUNDING, Charter, Rights
from truce.record.identity.founding import NO_WITNESSES, Founding, RecordKind
from truce.record.identity.makers import Makers, founded_makers
from truce.record.identity.participants import (
    Participant,
    Role,
    verify_participant_id,
    verify_record_name,
)
from truce.record.keys import SecretKey, kept_key, key_path
from truce.record.log import founding_of
from truce.record.policy import policy_from_text
from truce.record.sealing.commit import Committer
from truce.record.sealing.handed_in import sign_statement
from truce.record.sealing.journal import Journal, journal_path
from truce.record.sealing.recover import locked
from truce.record.sealing.unsealed import Unsealed
from truce.record.sealing.writer import OPERATOR, Clock, RecordWriter

OPERATOR_NAME: Final = "Operator of the record"
# In the embedded default one person operates, decides and takes in.
FIRST_ROLES: Final = (Role.OPERATOR, Role.FOUNDER, Role.INTAKE)
# What founding itself makes, and so may have left when it was broken off.
_OURS: Final = frozenset({"index", "journal", "keys", "lock", "log", "payloads"})


def found_record(
    folder: Path,
    *,
    kind: RecordKind,
    name: str,
    clock: Clock,
    rights: Rights,
    participants: Iterable[tuple[ParticipantId, str, tuple[Role, ...]]] = (),
    witness_policy: str = NO_WITNESSES,
) -> RecordWriter:
    """Makes a record in a new or empty folder, founds it, and opens its writer.

    The operator is its one founder; others may be named as (id, name, roles), and their
    keys are made and kept here. `rights` holds the roles that may state each kind. A
    folder in which a founding was broken off is taken as empty.

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
    with _begun(folder):
        rows = ((OPERATOR, OPERATOR_NAME, FIRST_ROLES), *others)
        founding = Founding(
            kind=kind,
            name=name,
            log_key=kept_key(folder, "log").public,
            participants=tuple(
                Participant(
                    id=id_, name=label, key=kept_key(folder, id_).public, roles=roles
                )
                for id_, label, roles in rows
            ),
            charter=Charter(rights=rights),
            witness_policy=witness_policy,
        )
        _seal_founding(folder, founding, clock)
    return RecordWriter.opened(folder, clock=clock)


def draft_founding(
    folder: Path,
    *,
    kind: RecordKind,
    name: str,
    charter: Charter,
    participants: Iterable[Participant],
    witness_policy: str = NO_WITNESSES,
) -> Founding:
    """What founders are to approve: a founding whose log's and operator's keys are made
    and kept in the folder, and whose founders bring keys of their own.

    The operator gets no role of a founder. Nothing is sealed; `found_as_approved` does.

    Raises:
        InvalidRecord: something is in the folder already.
        InvalidStatement: an id or a key stands twice, or the quorum asks for more
            founders than there are.
        UnavailableRecord: the folder cannot be written.
    """
    with _begun(folder):
        operator = Participant(
            id=OPERATOR,
            name=OPERATOR_NAME,
            key=kept_key(folder, OPERATOR).public,
            roles=tuple(role for role in FIRST_ROLES if role is not Role.FOUNDER),
        )
        founding = Founding(
            kind=kind,
            name=verify_record_name(name),
            log_key=kept_key(folder, "log").public,
            participants=(operator, *participants),
            charter=charter,
            witness_policy=witness_policy,
        )
        founded_makers(founding)
        return founding


def found_as_approved(
    folder: Path, founding: Founding, *, clock: Clock
) -> RecordWriter:
    """Founds the record of a draft, once enough of its founders approved it.

    Raises:
        InvalidRecord: the folder is not the draft's, or holds a record already.
        RefusedStatement: too few founders approved it, or an approval does not hold.
        UnavailableRecord: the folder cannot be written.
    """
    with _begun(folder):
        if kept_key(folder, "log").public != founding.log_key:
            raise InvalidRecord(
                f"{folder}: its log key is not the draft's; name the folder in which "
                "the draft was made"
            )
        _seal_founding(folder, founding, clock)
    return RecordWriter.opened(folder, clock=clock)


def _seal_founding(folder: Path, founding: Founding, clock: Clock) -> None:
    now = verify_instant(clock())
    statement = Unsealed(
        kind=FOUNDING, by=OPERATOR, payload=founding.payload(), stated_at=now
    )
    handed = sign_statement(founding.origin, statement, kept_key(folder, OPERATOR))
    Makers().take(handed.envelope, 0, handed.salted.payload, now)
    committer = Committer(folder, founding.origin, kept_key(folder, "log"))
    try:
        committer.found((sealed_entry(handed.envelope, now), handed.salted))
    finally:
        committer.close_journal()


@contextmanager
def _begun(folder: Path) -> Iterator[None]:
    """Holds the lock of a folder in which a record may be founded."""
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
        yield
    finally:
        os.close(lock)


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


__all__ = ["draft_founding", "found_as_approved", "found_record"]
