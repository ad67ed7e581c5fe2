"""Sealing statements in a record: many callers, one writer, shared commits."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from truce.errors import (
    InvalidStatement,
    OutcomeUnknown,
    TruceError,
    UnavailableRecord,
)
from truce.identifiers import ParticipantId, StatementIndex
from truce.instants import verify_instant
from truce.record.commit import commit, sweep, sweep_replaced, tail_of
from truce.record.envelope import (
    Entry,
    Header,
    commitment_of,
    new_salt,
    sealed_entry,
)
from truce.record.founding import (
    ENROLMENT,
    FOUNDING,
    Participant,
    Role,
    enrolment_from_payload,
    enrolment_payload,
    verify_participant_id,
)
from truce.record.keys import SecretKey, kept_key, key_path
from truce.record.log import Record, checkpoint_bytes
from truce.record.payloads import SaltedPayload

Clock = Callable[[], datetime]
OPERATOR: Final = ParticipantId("operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """A statement before the record takes it. `stated_at` is when its maker made it."""

    kind: str
    by: ParticipantId
    payload: bytes
    stated_at: datetime
    schema: int = 1
    marking: str = "MECHANISM"


@dataclass(slots=True)
class _Waiting:
    """Statements whose caller waits for the next commit."""

    statements: tuple[Unsealed, ...]
    indexes: tuple[StatementIndex, ...] = ()
    failure: TruceError | None = None
    is_done: bool = False


class RecordWriter:
    """Seals statements in one record. One writer a folder; a second one is refused."""

    def __init__(self, record: Record, lock: int, clock: Clock) -> None:
        self.record = record
        self._lock = lock
        self._clock = clock
        self._log_key = SecretKey.loaded(key_path(record.folder, "log"))
        self._keys: dict[ParticipantId, SecretKey] = {}
        self._tail = tail_of(record)
        # The checkpoint that the tail stands for, and whether the last commit that was
        # begun is known to have ended.
        self._note = record.checkpoint
        self._is_settled = True
        self._committing = threading.Lock()
        self._queueing = threading.Lock()
        self._queue: list[_Waiting] = []

    @classmethod
    def opened(cls, folder: Path, *, clock: Clock) -> Self:
        """The writer of the record in a folder.

        Raises:
            InvalidRecord: the folder holds no record.
            UnavailableRecord: another writer holds it, or a key is missing.
        """
        record = Record.opened(folder)
        lock = _locked(folder)
        try:
            record.refresh()
            sweep(folder, record.size)
            return cls(record, lock, clock)
        except BaseException:
            os.close(lock)
            raise

    def close(self) -> None:
        """Lets another writer in; this one may seal nothing more."""
        os.close(self._lock)
        self._lock = -1

    def enrol(
        self, id_: ParticipantId, name: str, roles: tuple[Role, ...]
    ) -> Participant:
        """Makes a key for a participant, keeps it in the record's folder and enrols it.

        Raises:
            InvalidStatement: the id is already enrolled.
            InvalidValue: the id cannot name a participant.
        """
        verify_participant_id(id_)
        if id_ in self.record.participants.by_id:
            raise InvalidStatement(f"participant {id_} is already enrolled")
        key = kept_key(self.record.folder, id_)
        participant = Participant(id=id_, name=name, key=key.public, roles=roles)
        statement = Unsealed(
            kind=ENROLMENT,
            by=OPERATOR,
            payload=enrolment_payload([participant]),
            stated_at=self._clock(),
        )
        self.seal([statement])
        return participant

    def seal(self, statements: Sequence[Unsealed]) -> tuple[StatementIndex, ...]:
        """Seals statements, in order; answers their indexes once they are durable.

        Callers in several threads share a commit: whoever gets to write commits for all
        who wait.

        Raises:
            InvalidStatement: a maker is not enrolled, or its key is not here.
            UnavailableRecord: the disk refused, or another process wrote to the record;
                nothing was sealed.
            OutcomeUnknown: the disk failed in the last step: look before sealing it
                again.
        """
        if self._lock < 0:
            raise RuntimeError(f"{self.record.origin}: this writer was closed")
        waiting = _Waiting(tuple(statements))
        with self._queueing:
            self._queue.append(waiting)
        with self._committing:
            if not waiting.is_done:
                with self._queueing:
                    batch, self._queue = self._queue, []
                self._commit_for_all(batch)
        if waiting.failure is not None:
            raise waiting.failure
        return waiting.indexes

    def _commit_for_all(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            # Whatever ends this thread, nobody else may take silence for success.
            waiting.is_done = True
            waiting.failure = OutcomeUnknown(
                f"{self.record.origin}: the writer stopped while it was sealing; "
                "look before sealing it again"
            )
        try:
            self._settle()
        except TruceError as error:
            _fail(batch, error)
            return
        signed = self._signed_for(batch)
        first = self.record.size
        try:
            self._commit([pair for _, pairs in signed for pair in pairs])
        except TruceError as error:
            _fail([waiting for waiting, _ in signed], error)
            return
        for waiting, pairs in signed:
            end = first + len(pairs)
            waiting.indexes = tuple(StatementIndex(i) for i in range(first, end))
            waiting.failure = None
            first = end

    def _settle(self) -> None:
        """Makes sure that this writer stands where the log stands, and is alone.

        After a commit that failed only the disk can say which checkpoint stands: built
        on the other one, the next commit would sign a second history.
        """
        self._verify_alone()
        if self._is_settled:
            return
        self.record.refresh()
        sweep(self.record.folder, self.record.size)
        self._tail, self._note = tail_of(self.record), self.record.checkpoint
        self._is_settled = True

    def _verify_alone(self) -> None:
        """Returns where the lock and the checkpoint in the folder are still ours.

        Somebody may have moved the folder away, removed the lock file so that another
        writer could take a new one, or put an older copy in place.
        """
        folder = self.record.folder
        try:
            is_ours = os.path.samestat(os.fstat(self._lock), (folder / "lock").stat())
        except OSError:
            is_ours = False
        if is_ours and self._is_settled:
            is_ours = checkpoint_bytes(folder) == self._note
        if not is_ours:
            raise UnavailableRecord(
                f"{folder}: its lock or its checkpoint is not this writer's any more; "
                "nothing was sealed; stop whoever else writes there, then open the "
                "record anew",
                is_retry_safe=False,
            )

    def _signed_for(
        self, batch: Sequence[_Waiting]
    ) -> list[tuple[_Waiting, list[tuple[Entry, SaltedPayload]]]]:
        """The statements of those whose every statement may be sealed, signed."""
        participants = self.record.participants
        signed = []
        for waiting in batch:
            # Whoever could be enrolled twice, be it in one commit, could put a key of
            # theirs in another's name, and nobody could open the record again.
            enrolled = participants.copied()
            try:
                for statement in waiting.statements:
                    if statement.kind == ENROLMENT:
                        enrolled.enrol(enrolment_from_payload(statement.payload))
                signed.append((waiting, [self._signed(s) for s in waiting.statements]))
            except TruceError as error:
                waiting.failure = error
                continue
            participants = enrolled
        return signed

    def _signed(self, statement: Unsealed) -> tuple[Entry, SaltedPayload]:
        key = self._key_of(statement)
        if statement.kind == FOUNDING:
            raise InvalidStatement("a record is founded once; make another record")
        return signed(self.record.origin, statement, key, self._now())

    def _key_of(self, statement: Unsealed) -> SecretKey:
        participant = self.record.participants.by_id.get(statement.by)
        if participant is None:
            raise InvalidStatement(
                f"{statement.kind} by {statement.by}: not enrolled; enrol them first"
            )
        if statement.by not in self._keys:
            path = key_path(self.record.folder, statement.by)
            self._keys[statement.by] = SecretKey.loaded(path)
        key = self._keys[statement.by]
        if key.public != participant.key:
            raise InvalidStatement(
                f"{statement.kind} by {statement.by}: the key kept here is "
                f"{key.public.id}, the enrolled one {participant.key.id}"
            )
        return key

    def _now(self) -> datetime:
        """The clock, never going back: sealing times only rise in a log."""
        now = verify_instant(self._clock())
        before = self._tail.sealed_at
        return now if before is None else max(now, before)

    def _commit(self, pairs: Sequence[tuple[Entry, SaltedPayload]]) -> None:
        if not pairs:
            return
        folder, first = self.record.folder, self.record.size
        self._is_settled = False
        tail, note = commit(
            folder, self.record.origin, self._tail, pairs, self._log_key
        )  # (1) to (4)
        # From here on the statements are sealed, and no failure may say otherwise: a
        # caller who tried again would seal them twice.
        with suppress(TruceError):
            self.record.grow(note)
            self._tail, self._note = tail, note
            self._is_settled = sweep_replaced(folder, first, tail.edge.size)  # (5)


def signed(
    origin: str, statement: Unsealed, key: SecretKey, sealed_at: datetime
) -> tuple[Entry, SaltedPayload]:
    """A statement as an entry signed by its maker, and its payload under a new salt."""
    salted = SaltedPayload(new_salt(), statement.payload)
    header = Header(
        record=origin,
        kind=statement.kind,
        schema=statement.schema,
        by=statement.by,
        stated_at=verify_instant(statement.stated_at),
        marking=statement.marking,
        commitment=commitment_of(*salted),
    )
    return sealed_entry(header, key, sealed_at), salted


def _fail(batch: Iterable[_Waiting], error: TruceError) -> None:
    for waiting in batch:
        waiting.failure = error


def _locked(folder: Path) -> int:
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


__all__ = ["OPERATOR", "Clock", "RecordWriter", "Unsealed", "signed"]
