"""A witness never forgets what it cosigned: its process killed, its disk failing.

Whatever is given away must be found again by whoever opens the folder next, or the
witness could be made to cosign a second history from where it was before.
"""

import base64
import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from tests.unit.record.invented_logs import NOW, InventedLog, key_of, words

from truce.errors import (
    InvalidInput,
    OutcomeUnknown,
    ProofFails,
    Unavailable,
    UnavailableRecord,
)
from truce.record.cosignature import cosignature
from truce.record.note import checkpoint_from_note, checkpoint_from_text, log_key
from truce.record.witnessing.witness import Submission, origin_hash
from truce.storage.witness_folder import (
    WitnessedCheckpoint,
    WitnessFolder,
    add_log,
)
from truce.workflows.witnessing.cosign import Suspicion, WitnessDesk
from truce.workflows.witnessing.ports import KnownLog

LOG: Final = InventedLog(words(400))
FORK: Final = InventedLog(words(400, fork_at=2))
# A process of its own that cosigns what it is handed, a line each way.
PROCESS: Final = """
import base64, sys
from datetime import UTC, datetime
from pathlib import Path
from truce.storage.witness_folder import WitnessFolder
from truce.workflows.witnessing.cosign import WitnessDesk
memory = WitnessFolder.opened(Path(sys.argv[1]))
desk = WitnessDesk(
    memory, name=memory.name, key=memory.key,
    clock=lambda: datetime(2031, 5, 4, tzinfo=UTC), on_suspicion=print,
)
print("up", flush=True)
for line in sys.stdin:
    answer = desk.add_checkpoint(base64.b64decode(line))
    print(int(answer.status), flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A witness that knows the log, and has cosigned nothing yet."""
    made = tmp_path / "witness"
    WitnessFolder.made(made, "w.example/north")
    add_log(made, KnownLog(key=LOG.vkey))
    return made


def body(log: InventedLog, old: int, new: int) -> bytes:
    """A request to cosign."""
    note = log.note(new)
    return Submission(
        old_size=old,
        path=log.path(old, new),
        note=note,
        checkpoint=checkpoint_from_text(note.text),
    ).raw()


def desk_of(
    memory: WitnessFolder, suspicions: list[Suspicion] | None = None
) -> WitnessDesk:
    """The desk of a witness in this process."""
    noted = [] if suspicions is None else suspicions
    return WitnessDesk(
        memory,
        name=memory.name,
        key=memory.key,
        clock=lambda: NOW,
        on_suspicion=noted.append,
    )


def remembered(folder: Path) -> int:
    """The size that whoever opens the folder now builds on."""
    memory = WitnessFolder.opened(folder)
    try:
        latest = memory.latest(LOG.origin)
        return checkpoint_from_text(latest.text).size if latest else 0
    finally:
        memory.close()


def test_a_killed_witness_remembers_all_that_it_gave(folder: Path) -> None:
    """Killed at any moment, many times, while it is asked as fast as it answers."""
    chance = random.Random(7)
    given = at = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        for _ in range(chance.randrange(1, 12)):
            process.stdin.write(base64.b64encode(body(LOG, at, at + 1)) + b"\n")
            process.stdin.flush()
            if chance.random() < 0.2:
                break  # killed while it works
            assert process.stdout.readline() == b"200\n"
            at += 1
            given = at
        select.select([process.stdout], [], [], chance.random() * 0.004)
        process.send_signal(signal.SIGKILL)
        # What it managed to say before it died was given as well.
        rest = process.communicate()[0]
        given += rest.count(b"200")
        at = remembered(folder)
        assert given <= at <= given + 1
        given = at
    assert given > 8


class BrokenDisk:
    """Breaks the n-th call of one kind, before or after it does what it should."""

    def __init__(self, kind: str, nth: int, *, is_done: bool) -> None:
        self.kind = kind
        self.left = nth
        self.is_done = is_done
        self.did_break = False

    def around(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """The real call, counted and perhaps broken."""

        def called(*args: Any, **options: Any) -> Any:
            if kind != self.kind:
                return real(*args, **options)
            self.left -= 1
            if self.left != 0:
                return real(*args, **options)
            self.did_break = True
            if self.is_done:
                real(*args, **options)
            raise OSError(5, "Input/output error")

        return called


CALLS: Final = {
    "open": ((os, "open"),),
    "write": ((os, "write"), (os, "pwrite")),
    "fsync": ((os, "fsync"),),
    "replace": ((Path, "replace"),),
}


@pytest.mark.parametrize("is_done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("kind", CALLS)
def test_a_failing_disk_never_makes_it_forget(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, is_done: bool
) -> None:
    """Each write broken in turn; then it goes on, or another process opens the folder.

    What failed was not given; what was given is remembered; a fork is never cosigned.
    """
    size, broken = 3, 0
    memory = WitnessFolder.opened(folder)
    assert desk_of(memory).add_checkpoint(body(LOG, 0, size)).status == HTTPStatus.OK
    for nth in range(1, 8):
        disk = BrokenDisk(kind, nth, is_done=is_done)
        with monkeypatch.context() as patched:
            for owner, name in CALLS[kind]:
                real = getattr(owner, name)
                patched.setattr(owner, name, disk.around(kind, real))
            try:
                answer = desk_of(memory).add_checkpoint(body(LOG, size, size + 4))
            except (Unavailable, OSError):
                answer = None
        if not disk.did_break:
            break
        broken += 1
        assert answer is None, "a cosignature was given though the disk failed"
        if nth % 2:
            memory.close()
            memory = WitnessFolder.opened(folder)
        latest = memory.latest(LOG.origin)
        assert latest is not None
        found = checkpoint_from_text(latest.text)
        assert found.size in (size, size + 4)
        assert found.root == LOG.root(found.size)
        refused = desk_of(memory).add_checkpoint(body(FORK, found.size, 100))
        assert refused.status == HTTPStatus.UNPROCESSABLE_ENTITY
        done = desk_of(memory).add_checkpoint(body(LOG, found.size, size + 8))
        assert done.status == HTTPStatus.OK
        size += 8
    memory.close()
    assert broken, "nothing was broken"
    assert remembered(folder) >= size


def test_what_may_be_in_memory_only_is_flushed_before_it_is_written_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last flush failed, the note was seen, and the file that would bring it back
    after a power cut is the one that the next note is written to.
    """
    memory = WitnessFolder.opened(folder)
    desk = desk_of(memory)
    assert desk.add_checkpoint(body(LOG, 0, 5)).status == HTTPStatus.OK
    fresh = folder / "latest" / (origin_hash(LOG.origin) + ".new")
    with monkeypatch.context() as patched:
        # The contents, the name beside, then the name in place, which fails.
        disk = BrokenDisk("fsync", 3, is_done=False)
        patched.setattr(os, "fsync", disk.around("fsync", os.fsync))
        with pytest.raises(OutcomeUnknown):
            desk.add_checkpoint(body(LOG, 5, 9))
        disk.left = 1
        with pytest.raises(UnavailableRecord, match="latest"):
            desk.add_checkpoint(body(LOG, 9, 12))
        assert not fresh.exists(), "it was written over before it was safe"
    assert desk.add_checkpoint(body(LOG, 9, 12)).status == HTTPStatus.OK
    memory.close()


def test_a_witnessed_checkpoint_is_only_added_to(tmp_path: Path) -> None:
    """Of one size, cosignatures are joined; another root is refused; none goes back."""
    kept = WitnessedCheckpoint(tmp_path)
    first, second = (
        LOG.note(9).signed_also(
            [cosignature(LOG.note(9), name=name, key=key_of(name), cosigned_at=NOW)]
        )
        for name in ("w.example/a", "w.example/b")
    )
    assert kept.read() is None
    assert kept.replace(first)
    assert kept.replace(second)
    assert kept.read() == first.signed_also(second.signatures)
    with pytest.raises(ProofFails, match="another root at size 9"):
        kept.replace(FORK.note(9))
    assert not kept.replace(LOG.note(8))
    assert kept.read() == first.signed_also(second.signatures)


def test_a_power_cut_between_writing_and_renaming_loses_nothing(folder: Path) -> None:
    """The old note is back, and the whole new one, which was seen, lies beside it."""
    memory = WitnessFolder.opened(folder)
    desk = desk_of(memory)
    path = folder / "latest" / origin_hash(LOG.origin)
    assert desk.add_checkpoint(body(LOG, 0, 5)).status == HTTPStatus.OK
    old = path.read_bytes()
    assert desk.add_checkpoint(body(LOG, 5, 9)).status == HTTPStatus.OK
    memory.close()
    path.with_name(path.name + ".new").write_bytes(path.read_bytes())
    path.write_bytes(old)
    assert remembered(folder) == 9
    assert checkpoint_from_note(path.read_bytes()).size == 9


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_a_torn_file_beside_is_thrown_away(folder: Path, keep: int) -> None:
    """It was never whole on the disk, so nobody can have been given it."""
    memory = WitnessFolder.opened(folder)
    assert desk_of(memory).add_checkpoint(body(LOG, 0, 5)).status == HTTPStatus.OK
    memory.close()
    path = folder / "latest" / origin_hash(LOG.origin)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(path.read_bytes()[:keep])
    assert remembered(folder) == 5
    assert not fresh.exists()


def test_a_damaged_memory_is_never_taken_for_none(folder: Path) -> None:
    """Else whoever damages the file gets any history cosigned as the first."""
    memory = WitnessFolder.opened(folder)
    desk = desk_of(memory)
    assert desk.add_checkpoint(body(LOG, 0, 5)).status == HTTPStatus.OK
    path = folder / "latest" / origin_hash(LOG.origin)
    whole = path.read_bytes()
    unsigned = LOG.raw(5)
    for damaged in (b"", whole[:-1], whole.replace(b"\n5\n", b"\n4\n"), unsigned):
        path.write_bytes(damaged)
        for log in (LOG, FORK):
            with pytest.raises(UnavailableRecord, match="restore it"):
                desk.add_checkpoint(body(log, 0, 9))
    path.write_bytes(whole)
    assert desk.add_checkpoint(body(LOG, 5, 9)).status == HTTPStatus.OK
    memory.close()


def test_two_requests_at_once_never_roll_back(folder: Path) -> None:
    """ "Request A with size N [...] is updated to N, rolling back K leaves" cannot be.

    Source: C2SP tlog-witness, the race. Many threads ask; sizes given only rise.
    """
    memory = WitnessFolder.opened(folder)
    desk = desk_of(memory)
    assert desk.add_checkpoint(body(LOG, 0, 1)).status == HTTPStatus.OK
    bodies = [body(LOG, 1, size) for size in range(2, 26)]
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda raw=raw: statuses.append(desk.add_checkpoint(raw).status)
        )
        for raw in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [HTTPStatus.OK] + [HTTPStatus.CONFLICT] * 23
    memory.close()


def test_a_clock_set_back_does_not_set_the_witness_back(folder: Path) -> None:
    """The time that it gave last is kept with the note, over a restart as well."""
    memory = WitnessFolder.opened(folder)
    first = desk_of(memory).add_checkpoint(body(LOG, 0, 5))
    memory.close()
    memory = WitnessFolder.opened(folder)
    earlier = WitnessDesk(
        memory,
        name=memory.name,
        key=memory.key,
        clock=lambda: NOW - timedelta(days=9),
        on_suspicion=lambda suspicion: pytest.fail(str(suspicion)),
    )
    second = earlier.add_checkpoint(body(LOG, 5, 6))
    memory.close()

    def seconds(line: bytes) -> bytes:
        return base64.b64decode(line.split(b" ")[2])[4:12]

    assert seconds(second.body) == seconds(first.body)


def test_evidence_does_not_fill_the_disk(folder: Path) -> None:
    """A log's own operator can make any number of forks; a few are kept."""
    memory = WitnessFolder.opened(folder)
    suspicions: list[Suspicion] = []
    desk = desk_of(memory, suspicions)
    assert desk.add_checkpoint(body(LOG, 0, 5)).status == HTTPStatus.OK
    for n in range(20):
        fork = InventedLog([*words(4), f"fork {n}"])
        answer = desk.add_checkpoint(body(fork, 0, 5))
        assert answer.status == HTTPStatus.CONFLICT
    assert len(memory.split_views(LOG.origin)) == 16
    assert len(suspicions) == 20
    changed = next((folder / "evidence").iterdir())
    changed.write_bytes(changed.read_bytes()[:-1])
    with pytest.raises(UnavailableRecord, match="somebody changed it"):
        memory.split_views(LOG.origin)
    memory.close()


def test_a_log_never_changes_its_key(folder: Path) -> None:
    """Whoever could change it could have another history cosigned."""
    other = log_key(LOG.origin, key_of("thief").public)
    with pytest.raises(InvalidInput, match="known under the key"):
        add_log(folder, KnownLog(key=other))
    add_log(folder, KnownLog(key=LOG.vkey, url="http://127.0.0.1:1"))
    memory = WitnessFolder.opened(folder)
    assert memory.logs()[LOG.origin].url == "http://127.0.0.1:1"
    memory.close()
