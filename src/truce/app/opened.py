"""A record with its state and its answers, open for reading or for sealing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from truce.errors import InvalidRecord
from truce.record import Clock, Record, RecordKind, RecordWriter, finish_commits
from truce.storage import SqliteState
from truce.workflows.checking.digest import state_digest
from truce.workflows.picture.follow import Follower
from truce.workflows.picture.source import RecordSource

Progress = Callable[[int, int], None]


def wall_clock() -> datetime:
    """Now, in UTC. Only the edge of the process asks; everything else is told."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord:
    """One record, open: its log, its state up to date with it, and its answers."""

    record: Record
    store: SqliteState
    follower: Follower
    source: RecordSource

    @property
    def is_exercise(self) -> bool:
        """Whether its clock is that of a simulated world."""
        return self.record.founding.kind is RecordKind.EXERCISE

    def now(self, wall: datetime) -> datetime:
        """The record's now: an exercise's clock stands at its last sealing time."""
        if not self.is_exercise:
            return wall
        return self.store.sealed_at(self.store.count()) or wall

    def follow(
        self,
        *,
        on_progress: Progress | None = None,
        batch: int = 256,
        upto: int | None = None,
    ) -> int:
        """Brings the state up to date with the log; how many statements it read."""
        self.record.refresh()
        return self.follower.follow(batch=batch, upto=upto, on_progress=on_progress)


@contextmanager
def open_record(
    folder: Path,
    *,
    state: Path | None = None,
    batch: int = 256,
    upto: int | None = None,
    on_progress: Progress | None = None,
) -> Iterator[OpenRecord]:
    """The record in a folder, with its state up to date.

    `state` is the file of derived state, by default inside the folder; `upto` stops the
    reading after so many statements.

    Raises:
        InvalidRecord: the folder holds no record, or the state is of another one.
    """
    finish_commits(folder)
    with _opened(Record.opened(folder), state) as opened:
        opened.follow(on_progress=on_progress, batch=batch, upto=upto)
        yield opened


@contextmanager
def open_writer(
    folder: Path, *, clock: Clock = wall_clock
) -> Iterator[tuple[RecordWriter, OpenRecord]]:
    """The record in a folder with its writer, its state up to date.

    Raises:
        UnavailableRecord: another process writes to it.
    """
    writer = RecordWriter.opened(folder, clock=clock)
    try:
        with attached(writer) as opened:
            yield writer, opened
    finally:
        writer.close()


@contextmanager
def attached(writer: RecordWriter) -> Iterator[OpenRecord]:
    """The state and answers beside a writer that is open already."""
    with _opened(writer.record, None) as opened:
        opened.follow()
        yield opened


def rebuild(folder: Path, *, on_progress: Progress | None = None) -> str:
    """Throws the state away, makes it again from the record, and answers its digest."""
    state = folder / "state.sqlite"
    for leftover in folder.glob(f"{state.name}*"):
        leftover.unlink()
    with open_record(folder, on_progress=on_progress) as opened:
        return state_digest(opened.store, opened.source)


@contextmanager
def _opened(record: Record, state: Path | None) -> Iterator[OpenRecord]:
    path = state or record.folder / "state.sqlite"
    if not path.parent.is_dir():
        raise InvalidRecord(f"{path.parent} is no folder; make it, or name another")
    store = SqliteState(path, origin=record.origin)
    try:
        yield OpenRecord(
            record=record,
            store=store,
            follower=Follower(record, store),
            source=RecordSource(record, store),
        )
    finally:
        store.close()


__all__ = [
    "OpenRecord",
    "Progress",
    "attached",
    "open_record",
    "open_writer",
    "rebuild",
    "wall_clock",
]
