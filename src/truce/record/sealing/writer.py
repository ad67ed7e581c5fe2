"""Sealing statements in a record: many callers, one writer, shared commits."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from truce.errors import (
    InvalidStatement,
    OutcomeUnknown,
    RefusalCode,
    RefusedStatement,
    TruceError,
    UnavailableRecord,
)
from truce.identifiers import ParticipantId, StatementIndex
from truce.instants import verify_instant
from truce.record.envelope import Entry
from truce.record.identity.charter import FOUNDING, IDENTITY_KINDS
from truce.record.identity.decisions import Enrolment, IdentityStatement
from truce.record.identity.kept import keep_identity
from truce.record.identity.participants import Participant, Role, verify_participant_id
from truce.record.keys import (
    PublicKey,
    SecretKey,
    kept_key,
    key_path,
    verify_key,
)
from truce.record.log import Record, checkpoint_bytes, founding_of
from truce.record.payloads import SaltedPayload
from truce.record.sealing.admit import entries_once
from truce.record.sealing.commit import Committer
from truce.record.sealing.handed_in import (
    HandedIn,
    bad_signature,
    sign_statement,
    verify_handed_in,
)
from truce.record.sealing.journal import journal_path
from truce.record.sealing.queue import CommitQueue, Waiting
from truce.record.sealing.recover import locked
from truce.record.sealing.seen import SPAN, SeenCommitments
from truce.record.sealing.unsealed import Unsealed
from truce.record.signatures import SignatureWorker, Signed

Clock = Callable[[], datetime]
OPERATOR: Final = ParticipantId("operator")
# Callers in one commit. Each may bring any number of statements.
_CALLERS_MAX: Final = 1024


class _Caller(Waiting):
    """Somebody who waits for statements of theirs to be sealed."""

    def __init__(self, statements: Sequence[HandedIn], *, is_checked: bool) -> None:
        super().__init__()
        self.statements = statements
        self.is_checked = is_checked
        self.indexes: tuple[StatementIndex, ...] = ()
        self.failure: TruceError | None = None


class RecordWriter:
    """Seals statements in one record. One writer a folder; a second one is refused.

    `refused` counts what was handed in and refused, by code.
    """

    def __init__(
        self, record: Record, committer: Committer, lock: int, clock: Clock
    ) -> None:
        self.record = record
        self.refused: Counter[RefusalCode] = Counter()
        self._lock = lock
        self._clock = clock
        self._keys: dict[ParticipantId, SecretKey] = {}
        self._committer = committer
        self._seen = SeenCommitments(record)
        self._signatures = SignatureWorker()
        self._covered = record.size
        self._queue: CommitQueue[_Caller] = CommitQueue(
            self._check_for_all, self._commit_for_all, batch_max=_CALLERS_MAX
        )

    @classmethod
    def opened(cls, folder: Path, *, clock: Clock) -> Self:
        """The writer of the record in a folder.

        Raises:
            InvalidRecord: the folder holds no record.
            UnavailableRecord: another writer holds it, or a key is missing.
        """
        if not journal_path(folder).exists():
            # Without a journal only a checkpoint can say what stands.
            Record.opened(folder)
        founding = founding_of(folder)
        lock = locked(folder)
        try:
            key = SecretKey.loaded(key_path(folder, "log"))
            committer = Committer(folder, founding.origin, key)
            committer.recover()
            return cls(Record.opened(folder), committer, lock, clock)
        except BaseException:
            os.close(lock)
            raise

    def close(self) -> None:
        """Lets another writer in; this one may seal nothing more."""
        if self._lock < 0:
            return
        # Nothing of this is needed: the next writer does what is left undone. And one
        # who took the folder over meanwhile must not find the journal restarted.
        with suppress(TruceError, OSError):
            self._verify_alone()
            self._committer.close()
            self._remember_identity()
        self._committer.close_journal()
        self._signatures.close()
        os.close(self._lock)
        self._lock = -1

    def enrol(
        self,
        id_: ParticipantId,
        name: str,
        roles: tuple[Role, ...],
        *,
        key: PublicKey | None = None,
        of: str = "",
    ) -> Participant:
        """Enrols a participant, by a key that they keep themselves, or else by one that
        is made here and kept in the record's folder. For a record in which the operator
        alone is a quorum; `decide` seals what several founders approved.

        Raises:
            RefusedStatement: the operator alone is no quorum.
            InvalidStatement: the id or the key is already enrolled.
            InvalidValue: the id cannot name a participant, or the key no participant's.
        """
        verify_participant_id(id_)
        if id_ in self.record.participants.by_id:
            raise InvalidStatement(f"participant {id_} is already enrolled")
        if key is None:
            key = kept_key(self.record.folder, id_).public
        participant = Participant(
            id=id_, name=name, key=verify_key(key), roles=roles, of=of
        )
        self.decide(Enrolment(participants=(participant,)))
        return participant

    def decide(
        self, told: IdentityStatement, *, by: ParticipantId = OPERATOR
    ) -> StatementIndex:
        """Seals a statement over identity by somebody whose key is kept here; answers
        its index.

        Raises:
            RefusedStatement: its founders are too few, an approval does not hold, or it
                cannot follow on what is in force; by its code.
            UnavailableRecord, OutcomeUnknown: as for `seal`.
        """
        statement = Unsealed(
            kind=told.statement_kind,
            by=by,
            payload=told.payload(),
            stated_at=self._clock(),
        )
        (index,) = self.seal([statement])
        return index

    def seal(self, statements: Sequence[Unsealed]) -> tuple[StatementIndex, ...]:
        """Seals statements of makers whose keys are kept here, in order; answers their
        indexes once they are durable.

        Raises:
            InvalidStatement: a maker is not enrolled, or its key is not here.
            UnavailableRecord: the disk refused, or another process wrote to the record;
                nothing was sealed.
            OutcomeUnknown: the disk failed in the last step: look before sealing it
                again.
        """
        self._verify_open()
        origin = self.record.origin
        return self._sealed(
            [sign_statement(origin, each, self._key_of(each)) for each in statements],
            is_checked=True,
        )

    def take(self, statements: Sequence[HandedIn]) -> tuple[StatementIndex, ...]:
        """Seals statements that their makers signed elsewhere, in order; answers their
        indexes once they are durable.

        Raises:
            RefusedStatement: one of them may not be sealed, by its code; none was.
            UnavailableRecord, OutcomeUnknown: as for `seal`.
        """
        self._verify_open()
        try:
            return self._sealed(statements, is_checked=False)
        except RefusedStatement as error:
            self.refused[error.code] += 1
            raise

    def _sealed(
        self, statements: Sequence[HandedIn], *, is_checked: bool
    ) -> tuple[StatementIndex, ...]:
        caller = _Caller(statements, is_checked=is_checked)
        self._queue.submit(caller)
        if caller.failure is not None:
            raise caller.failure
        return caller.indexes

    def _verify_open(self) -> None:
        if self._lock < 0:
            raise RuntimeError(f"{self.record.origin}: this writer was closed")

    def _check_for_all(self, callers: Sequence[_Caller]) -> None:
        """Checks what was signed elsewhere, while another commit waits for the disk."""
        for caller in callers:
            # Whatever ends this thread, nobody else may take silence for success.
            caller.failure = OutcomeUnknown(
                f"{self.record.origin}: the writer stopped while it was sealing; "
                "look before sealing it again"
            )
        makers, origin = self.record.participants, self.record.origin
        signed: list[tuple[_Caller, HandedIn, Signed]] = []
        for caller in callers:
            try:
                for each in () if caller.is_checked else caller.statements:
                    left = verify_handed_in(
                        each, origin=origin, makers=makers, at=self.now()
                    )
                    signed.append((caller, each, left))
            except RefusedStatement as error:
                caller.failure = error
        answers = self._signatures.check([left for _, _, left in signed])
        for (caller, each, _), holds in zip(signed, answers, strict=True):
            if not holds:
                caller.failure = bad_signature(each)

    def _commit_for_all(self, callers: Sequence[_Caller], is_followed: bool) -> None:
        callers = [c for c in callers if not isinstance(c.failure, RefusedStatement)]
        try:
            self._settle()
        except OutcomeUnknown as error:
            # Of a commit before, not of these.
            message = f"{error}; until then nothing more is sealed, these neither"
            _fail(callers, UnavailableRecord(message, is_retry_safe=True))
            return
        except TruceError as error:
            _fail(callers, error)
            return
        try:
            first, taken = self._committer.size, self._taken(callers)
        except TruceError as error:
            _fail(callers, error)
            return
        try:
            self._commit([pair for _, pairs in taken for pair in pairs], is_followed)
        except TruceError as error:
            _fail([caller for caller, _ in taken], error)
            return
        for caller, pairs in taken:
            end = first + len(pairs)
            caller.indexes = tuple(StatementIndex(i) for i in range(first, end))
            caller.failure = None
            first = end

    def _settle(self) -> None:
        """Makes sure that this writer stands where the log stands, and is alone.

        After a commit that failed only the disk can say what stands.
        """
        self._verify_alone()
        if self._committer.is_sound:
            return
        self._committer.recover()
        self.record.refresh()
        self._seen.follow()

    def _verify_alone(self) -> None:
        """Returns where the lock and the checkpoint in the folder are still ours.

        Somebody may have moved the folder away, removed the lock file so that another
        writer could take a new one, or put an older copy in place.
        """
        folder = self.record.folder
        try:
            is_ours = os.path.samestat(os.fstat(self._lock), (folder / "lock").stat())
            if is_ours and self._committer.is_sound:
                is_ours = checkpoint_bytes(folder) == self._committer.note
        except (OSError, UnavailableRecord):
            is_ours = False
        if not is_ours:
            raise UnavailableRecord(
                f"{folder}: its lock or its checkpoint is not this writer's any more; "
                "nothing was sealed; stop whoever else writes there, then open the "
                "record anew",
                is_retry_safe=False,
            )

    def _taken(
        self, callers: Sequence[_Caller]
    ) -> list[tuple[_Caller, list[tuple[Entry, SaltedPayload]]]]:
        """The entries of those whose every statement may be sealed; the others are told
        why not.
        """
        commitments = [
            each.envelope.header.commitment for c in callers for each in c.statements
        ]
        sealed = dict(zip(commitments, self._seen.find(commitments), strict=True))
        participants = self.record.participants
        now, taken = self.now(), []
        first = self._committer.size
        for caller in callers:
            try:
                followed = participants.after(
                    (
                        (each.envelope, each.salted.payload)
                        for each in caller.statements
                    ),
                    first=first,
                    at=now,
                )
                pairs = entries_once(caller.statements, sealed, now)
            except TruceError as error:
                caller.failure = error
                continue
            taken.append((caller, pairs))
            participants, first = followed, first + len(pairs)
            # The same statement twice in one commit is a replay as well.
            for each in caller.statements:
                sealed[each.envelope.header.commitment] = StatementIndex(-1)
        return taken

    def _key_of(self, statement: Unsealed) -> SecretKey:
        if statement.kind == FOUNDING:
            raise InvalidStatement("a record is founded once; make another record")
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

    def now(self) -> datetime:
        """When a statement would be sealed: the clock, never going back."""
        now = verify_instant(self._clock())
        before = self._committer.sealed_at
        return now if before is None else max(now, before)

    def _commit(
        self, pairs: Sequence[tuple[Entry, SaltedPayload]], is_followed: bool
    ) -> None:
        first, committer = self._committer.size, self._committer
        if pairs:
            committer.commit(pairs)
            commitments = [entry.header.commitment for entry, _ in pairs]
            self._seen.added(first, commitments)
        decides = any(entry.header.kind in IDENTITY_KINDS for entry, _ in pairs)
        is_unshown = committer.size > self.record.size
        if is_unshown and (decides or committer.is_behind or not is_followed):
            checkpoint, note = committer.show()
            # From here on no failure may say that the statements are not sealed: a
            # caller who tried again would seal them twice.
            committer.is_sound = False
            with suppress(TruceError):
                self.record.grow(note, checkpoint, decides=decides)
                committer.is_sound = True
        if self.record.size - self._covered >= SPAN:
            self._remember_identity()

    def _remember_identity(self) -> None:
        """Keeps what a later opening would have to look for; it can do without."""
        self._covered = self.record.size
        with suppress(TruceError):
            keep_identity(self.record.folder, self._covered, self.record.identity)


def _fail(callers: Iterable[_Caller], error: TruceError) -> None:
    for caller in callers:
        caller.failure = error


__all__ = ["OPERATOR", "Clock", "RecordWriter"]
