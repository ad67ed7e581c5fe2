"""Every call of a commit broken in turn: what was acknowledged is there, once.

Shown by 2. The disk fails at the n-th call of one kind, without doing what was asked,
or after doing it, or (for a write) after doing half of it. Then the writer goes on, or
another one opens the folder; and the whole record is checked.
"""

import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.faults.counts import Counts
from tests.faults.disks import CALLS, Real, watched
from tests.faults.histories import (
    SEALED,
    Outcome,
    begun,
    copied,
    opened,
    outcome_of,
    payloads_of,
    signatures,
    small_journal,
    statement,
)

from truce.errors import OutcomeUnknown, Unavailable, UnavailableRecord
from truce.record import Record, RecordWriter, verify_record

# More than one frame of the small journal holds, and past the end of the bundle, so
# that one history restarts the journal and flushes a commit beside it.
BROKEN = (2, 5, 1)
BREAKS = ("failed", "failed but persisted", "half written")


class BrokenDisk:
    """Lets calls of one kind through until the n-th, which it breaks, once."""

    def __init__(self, call: str, at: int, how: str) -> None:
        self.call = call
        self.at = at
        self.how = how
        self.count = 0

    def watch(
        self, name: str, real: Real, arguments: tuple[Any, ...], options: Any
    ) -> Any:
        """The real call, counted and perhaps broken."""
        if name != self.call:
            return real(*arguments, **options)
        self.count += 1
        if self.count != self.at:
            return real(*arguments, **options)
        self._break(real, arguments, options)
        raise OSError(errno.ENOSPC, "No space left on device")

    def _break(self, real: Real, arguments: tuple[Any, ...], options: Any) -> None:
        if self.how == "half written":
            descriptor, content, at = arguments
            real(descriptor, content[: len(content) // 2], at)
        elif self.how != "failed":
            result = real(*arguments, **options)
            if self.call == "open":
                os.close(result)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record just below the end of its first bundle."""
    folder = tmp_path_factory.mktemp("broken") / "record"
    begun(folder)
    return folder


def seal_broken(
    writer: RecordWriter, disk: BrokenDisk, told: list[bytes]
) -> list[Unavailable | None]:
    """Seals some batches on a disk that breaks; what each caller was told."""
    answers: list[Unavailable | None] = []
    with signatures(told), watched(disk.watch):
        for batch, count in enumerate(BROKEN):
            payloads = [b"batch %d, %d" % (batch, i) for i in range(count)]
            try:
                writer.seal([statement(payload) for payload in payloads])
            except Unavailable as error:
                answers.append(error)
                continue
            answers.append(None)
            told += [b"sealed " + payload + b"\n" for payload in payloads]
    return answers


def breaks(sealed: Path, tmp_path: Path) -> Iterator[BrokenDisk]:
    """Every call of the history, broken in every way."""
    for call in CALLS:
        whole = BrokenDisk(call, 0, "")
        writer = opened(copied(sealed, tmp_path / f"whole-{call}"))
        assert seal_broken(writer, whole, []) == [None] * len(BROKEN)
        writer.close()
        for at in range(1, whole.count + 1):
            for how in BREAKS:
                if call == "pwrite" or how != "half written":
                    yield BrokenDisk(call, at, how)


def assert_told_the_truth(folder: Path, answers: list[Unavailable | None]) -> None:
    """What was said not to be sealed is not there; of the unknown, all or nothing."""
    held = Counter(payloads_of(Record.opened(folder)))
    for batch, (count, told) in enumerate(zip(BROKEN, answers, strict=True)):
        found = [held[b"batch %d, %d" % (batch, i)] for i in range(count)]
        if told is None:
            assert found == [1] * count
        elif isinstance(told, OutcomeUnknown):
            assert found in ([0] * count, [1] * count)
        else:
            assert found == [0] * count, f"told that nothing was sealed: {told}"


@pytest.mark.parametrize("is_reopened", [False, True], ids=["goes on", "reopened"])
def test_nothing_is_lost_whatever_call_breaks(
    sealed: Path, tmp_path: Path, is_reopened: bool, counts: Counts
) -> None:
    """The same writer goes on after the failure, or the process was killed after it."""
    heard: Counter[str] = Counter()
    with small_journal():
        for number, disk in enumerate(breaks(sealed, tmp_path)):
            folder, told = copied(sealed, tmp_path / str(number)), list[bytes]()
            writer = opened(folder)
            answers = seal_broken(writer, disk, told)
            if not is_reopened:
                (index,) = writer.seal([statement(b"at once")])
                assert index == writer.record.size - 1, "memory stands where disk does"
            writer.close()
            outcome = outcome_of(folder, told)
            counts.add(outcome, broken_writes=1)
            assert outcome == Outcome(0, 0, 0), vars(disk)
            assert_told_the_truth(folder, answers)
            heard.update(type(answer).__name__ for answer in answers)
            shutil.rmtree(folder)
    assert heard["UnavailableRecord"] > 20
    assert heard["OutcomeUnknown"] > 20
    assert heard["NoneType"] > 100


def test_a_checkpoint_that_cannot_be_shown_is_said_to_be_unknown(
    sealed: Path, tmp_path: Path
) -> None:
    """Told that nothing was sealed, the caller would seal it again: twice in the
    log."""
    for how in ("failed", "failed but persisted"):
        writer = opened(copied(sealed, tmp_path / how))
        with (
            watched(BrokenDisk("replace", 1, how).watch),
            pytest.raises(OutcomeUnknown),
        ):
            writer.seal([statement(b"once")])
        writer.seal([statement(b"after")])
        writer.close()
        held = Counter(payloads_of(Record.opened(writer.record.folder)))
        assert held[b"once"] == held[b"after"] == 1


def test_a_disk_that_stays_full_refuses_every_time(
    sealed: Path, tmp_path: Path
) -> None:
    """A full disk for an hour: each caller is refused, and the first to fit is
    sealed."""
    folder = copied(sealed, tmp_path / "full")
    writer = opened(folder)
    for number in range(5):
        disk = BrokenDisk("pwrite", 1, "half written")
        with watched(disk.watch), pytest.raises(UnavailableRecord) as refused:
            writer.seal([statement(b"refused %d" % number)])
        assert "the disk is full; free some space, then try again" in str(refused.value)
        assert refused.value.is_retry_safe
    writer.seal([statement(b"fits")])
    writer.close()
    assert verify_record(folder).faults == ()
    assert writer.record.size == SEALED + 1


def test_a_folder_that_became_read_only_is_named(sealed: Path, tmp_path: Path) -> None:
    """Somebody mounts the disk for reading only: the message says what to do."""

    def read_only(
        name: str, real: Real, arguments: tuple[Any, ...], options: Any
    ) -> Any:
        if name == "pwrite":
            raise OSError(errno.EROFS, "Read-only file system")
        return real(*arguments, **options)

    writer = opened(copied(sealed, tmp_path / "read-only"))
    with watched(read_only), pytest.raises(UnavailableRecord, match="mount it for"):
        writer.seal([statement(b"refused")])
    assert writer.seal([statement(b"sealed")]) == (SEALED,)
    writer.close()


def test_a_writer_whose_lock_was_taken_away_seals_nothing(
    sealed: Path, tmp_path: Path
) -> None:
    """Somebody removes a lock file thought to be stale, and starts a second writer."""
    writer = opened(copied(sealed, tmp_path / "record"))
    folder = writer.record.folder
    writer.seal([statement(b"before the lock was gone")])
    (folder / "lock").unlink()
    second = opened(folder)
    second.seal([statement(b"second")])
    with pytest.raises(UnavailableRecord, match="not this writer's any more"):
        writer.seal([statement(b"first")])
    second.seal([statement(b"after")])
    journal = (folder / "journal").read_bytes()
    writer.close()
    assert (folder / "journal").read_bytes() == journal, "it is the other one's now"
    second.close()
    assert verify_record(folder).faults == ()
    assert Record.opened(folder).size == SEALED + 3


def test_a_writer_seals_nothing_on_a_log_that_was_replaced(
    sealed: Path, tmp_path: Path
) -> None:
    """An older copy is put back below an open writer: its next commit would fork."""
    writer = opened(copied(sealed, tmp_path / "record"))
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
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops a commit, the writer looks at the disk before the next one."""
    writer = opened(copied(sealed, tmp_path / "record"))

    def interrupted(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt(arguments, options)

    monkeypatch.setattr(writer.record, "grow", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.seal([statement(b"interrupted")])
    monkeypatch.undo()
    writer.seal([statement(b"after")])
    writer.close()
    assert verify_record(writer.record.folder).faults == ()
    held = Counter(payloads_of(Record.opened(writer.record.folder)))
    assert held[b"interrupted"] == held[b"after"] == 1
