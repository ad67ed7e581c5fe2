"""Who may write to a record's folder, and finishing what a crash broke off there."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from truce.errors import ProofFails, TruceError, UnavailableRecord
from truce.record.keys import SecretKey, key_path
from truce.record.log import checkpoint_bytes, founding_of
from truce.record.note import checkpoint_from_note
from truce.record.sealing.commit import Committer
from truce.record.sealing.journal import Journal, journal_path


def finish_commits(folder: Path) -> None:
    """Finishes what a crash broke off, before a record is read.

    Does nothing where there is nothing to finish, where somebody is writing, and where
    this process may not: a reader then sees the record as the crash left it.
    """
    if not _has_unfinished(folder):
        return
    with suppress(TruceError, OSError):
        lock = locked(folder)
        try:
            key = SecretKey.loaded(key_path(folder, "log"))
            committer = Committer(folder, founding_of(folder).origin, key)
            committer.recover()
            committer.close()
        finally:
            os.close(lock)


def _has_unfinished(folder: Path) -> bool:
    try:
        journal = Journal.opened(journal_path(folder))
        if journal is None:
            return False
        journal.close()
    except UnavailableRecord:
        return False
    try:
        size = checkpoint_from_note(checkpoint_bytes(folder)).size
    except (UnavailableRecord, ProofFails):
        return True
    return bool(journal.frames) or size != journal.base


def locked(folder: Path) -> int:
    """The lock of a record's folder, held until the descriptor is closed.

    Raises:
        UnavailableRecord: another process holds it, or it cannot be made.
    """
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UnavailableRecord(
            f"{folder / 'lock'}: {error.strerror or error}; check the folder's owner, "
            "then try again",
            is_retry_safe=True,
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UnavailableRecord(
            f"{folder}: another process is writing to this record; "
            "wait for it, or stop it, then try again",
            is_retry_safe=True,
        ) from error
    return descriptor


__all__ = ["finish_commits", "locked"]
