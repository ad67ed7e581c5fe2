"""Every write of a commit broken in turn: what was acknowledged is there, once.

The disk fails at the n-th call of one kind, without doing what was asked, or after
doing it, or (for a write) after doing half of it. Then the writer goes on, or another
one opens the folder; and the whole record is checked.
"""

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from truce.errors import OutcomeUnknown, Unavailable, UnavailableRecord
from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    RecordWriter,
    Unsealed,
    found_record,
    verify_record,
)

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
# The next three statements fill the first bundle and begin the second one.
SEALED = 254
BROKEN = (b"broken 1", b"broken 2", b"broken 3")
# What a commit asks of the system, and how each may break.
CALLS: dict[str, tuple[object, str]] = {
    "open": (os, "open"),
    "write": (os, "write"),
    "fsync": (os, "fsync"),
    "mkdir": (Path, "mkdir"),
    "replace": (Path, "replace"),
    "unlink": (Path, "unlink"),
}
BREAKS = ("failed", "failed but persisted", "half written")


class BrokenDisk:
    """Lets calls of one kind through until the n-th, which it breaks, once."""

    def __init__(self, call: str, at: int, how: str) -> None:
        self.call = call
        self.at = at
        self.how = how
        self.count = 0

    def around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """The real call, counted and perhaps broken."""

        def called(*args: Any, **options: Any) -> Any:
            if name != self.call:
                return real(*args, **options)
            self.count += 1
            if self.count != self.at:
                return real(*args, **options)
            self._break(real, args, options)
            raise OSError(28, "No space left on device")

        return called

    def _break(self, real: Callable[..., Any], args: Any, options: Any) -> None:
        if self.how == "half written" and self.call == "write":
            real(args[0], args[1][: len(args[1]) // 2])
        elif self.how != "failed":
            result = real(*args, **options)
            if self.call == "open":
                os.close(result)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record just below the end of its first bundle."""
    folder = tmp_path_factory.mktemp("broken") / "record"
    writer = found_record(
        folder, kind=RecordKind.STUDY, name="broken", clock=lambda: NOW
    )
    writer.seal([statement(b"before %d" % n) for n in range(1, SEALED)])
    writer.close()
    return folder


@pytest.fixture
def fresh(sealed: Path, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Makes one copy of the record after another."""
    numbers = itertools.count()

    def copied() -> Path:
        folder = tmp_path / str(next(numbers))
        shutil.copytree(sealed, folder)
        return folder

    yield copied
    shutil.rmtree(tmp_path)


def statement(payload: bytes) -> Unsealed:
    """A delivery of the operator's."""
    return Unsealed(kind="delivery", by=OPERATOR, payload=payload, stated_at=NOW)


def opened(folder: Path) -> RecordWriter:
    """The writer of a record."""
    return RecordWriter.opened(folder, clock=lambda: NOW)


def seal_broken(writer: RecordWriter, disk: BrokenDisk) -> Unavailable | None:
    """Seals three statements on a disk that breaks; answers what the caller was told.

    None where they were acknowledged all the same.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, (owner, attribute) in CALLS.items():
            real = getattr(owner, attribute)
            patch.setattr(owner, attribute, disk.around(name, real))
        try:
            writer.seal([statement(payload) for payload in BROKEN])
        except Unavailable as error:
            return error
    return None


def breaks(fresh: Callable[[], Path]) -> Iterator[BrokenDisk]:
    """Every call of a commit, broken in every way."""
    for call in CALLS:
        whole = BrokenDisk(call, 0, "")
        writer = opened(fresh())
        assert seal_broken(writer, whole) is None
        writer.close()
        for at in range(1, whole.count + 1):
            for how in BREAKS:
                if call == "write" or how != "half written":
                    yield BrokenDisk(call, at, how)


def assert_kept(folder: Path, told: Unavailable | None, after: bytes) -> None:
    """The record holds, and each payload stands in it as often as it was told."""
    assert verify_record(folder).faults == ()
    record = Record.opened(folder)
    held = Counter(record.payload(i) for i in map(int_index, range(1, record.size)))
    assert all(held[b"before %d" % n] == 1 for n in range(1, SEALED))
    assert held[after] == 1
    broken = [held[payload] for payload in BROKEN]
    if told is None:
        assert broken == [1, 1, 1]
    elif isinstance(told, OutcomeUnknown):
        assert broken in ([0, 0, 0], [1, 1, 1])
    else:
        assert broken == [0, 0, 0], "told that nothing was sealed"
    assert sum(held.values()) == SEALED + sum(broken)


def int_index(number: int) -> Any:
    """A statement's index, for whom types its own."""
    return number


def test_the_writer_goes_on_after_any_broken_call(fresh: Callable[[], Path]) -> None:
    """The disk was full for a moment: the writer must neither fork nor lose nor
    double."""
    told: Counter[str] = Counter()
    for disk in breaks(fresh):
        writer = opened(fresh())
        error = seal_broken(writer, disk)
        (index,) = writer.seal([statement(b"after")])
        assert index == writer.record.size - 1, "memory must stand where the disk does"
        writer.close()
        assert_kept(writer.record.folder, error, b"after")
        told[type(error).__name__] += 1
    assert told["UnavailableRecord"] > 20
    assert told["OutcomeUnknown"] >= 4
    assert told["NoneType"] >= 4


def test_another_writer_finds_a_whole_record_after_any_broken_call(
    fresh: Callable[[], Path],
) -> None:
    """The process was killed after the failure: its leftovers must not be believed."""
    for disk in breaks(fresh):
        writer = opened(fresh())
        error = seal_broken(writer, disk)
        writer.close()
        again = opened(writer.record.folder)
        again.seal([statement(b"after")])
        again.close()
        assert_kept(again.record.folder, error, b"after")


def test_a_broken_step_of_the_checkpoint_is_said_to_be_unknown(
    fresh: Callable[[], Path],
) -> None:
    """Told that nothing was sealed, the caller would seal it again: twice in the
    log."""
    for how in ("failed", "failed but persisted"):
        writer = opened(fresh())
        error = seal_broken(writer, BrokenDisk("replace", 1, how))
        assert isinstance(error, OutcomeUnknown)
        assert not error.is_retry_safe
        writer.seal([statement(b"after")])
        writer.close()
        grown = 4 if how == "failed but persisted" else 1
        assert writer.record.size == SEALED + grown


def test_a_disk_that_stays_broken_refuses_every_time(
    fresh: Callable[[], Path],
) -> None:
    """A full disk for an hour: each caller is refused, and the first to fit is
    sealed."""
    writer = opened(fresh())
    for _ in range(5):
        error = seal_broken(writer, BrokenDisk("write", 2, "half written"))
        assert isinstance(error, UnavailableRecord)
        assert error.is_retry_safe
    writer.seal([statement(b"after")])
    writer.close()
    assert_kept(writer.record.folder, error, b"after")


def test_a_writer_whose_lock_was_taken_away_seals_nothing(
    fresh: Callable[[], Path],
) -> None:
    """Somebody removes a lock file thought to be stale, and starts a second writer."""
    writer = opened(fresh())
    folder = writer.record.folder
    (folder / "lock").unlink()
    second = opened(folder)
    second.seal([statement(b"second")])
    with pytest.raises(UnavailableRecord, match="not this writer's any more"):
        writer.seal([statement(b"first")])
    second.seal([statement(b"after")])
    assert verify_record(folder).faults == ()
    assert second.record.size == SEALED + 2
    second.close()
    writer.close()


def test_a_writer_seals_nothing_on_a_log_that_was_replaced(
    fresh: Callable[[], Path],
) -> None:
    """An older copy is put back below an open writer: its next commit would fork."""
    writer = opened(fresh())
    folder = writer.record.folder
    old = (folder / "log" / "checkpoint").read_bytes()
    writer.seal([statement(b"newer")])
    (folder / "log" / "checkpoint").write_bytes(old)
    with pytest.raises(UnavailableRecord, match="nothing was sealed"):
        writer.seal([statement(b"fork")])
    shutil.rmtree(folder)
    with pytest.raises(UnavailableRecord, match="nothing was sealed"):
        writer.seal([statement(b"lost")])
    assert not folder.exists()
    writer.close()


def test_a_bug_while_sealing_is_no_silent_success(
    fresh: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops a commit, the writer looks at the disk before the next one."""
    writer = opened(fresh())

    def interrupted(note: bytes) -> None:
        raise KeyboardInterrupt(note)

    monkeypatch.setattr(writer.record, "grow", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.seal([statement(payload) for payload in BROKEN])
    monkeypatch.undo()
    writer.seal([statement(b"after")])
    writer.close()
    assert_kept(writer.record.folder, None, b"after")
