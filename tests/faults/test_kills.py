"""The writer is killed at 500 seeded points while four callers seal at once.

Shown by 2. A killed process loses what it had in memory; the system keeps what it
wrote. What was acknowledged is told through a pipe, which outlives the child.
"""

import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from tests.faults.counts import Counts
from tests.faults.disks import Real, watched
from tests.faults.histories import (
    begun,
    copied,
    history_of_many,
    outcome_of,
    signatures,
    small_journal,
)

SEED: Final = 20260106
KILLS: Final = 500


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record just below the end of its first bundle."""
    folder = tmp_path_factory.mktemp("kills") / "record"
    begun(folder)
    return folder


def killer(
    at: int, *, is_done: bool
) -> Callable[[str, Real, tuple[Any, ...], Any], Any]:
    """Kills this process at its call number `at`: before it, or once it is done."""
    lock = threading.Lock()
    count = 0

    def watch(name: str, real: Real, arguments: tuple[Any, ...], options: Any) -> Any:
        nonlocal count
        with lock:
            count += 1
            is_now = count == at
        if is_now and not is_done:
            os.kill(os.getpid(), signal.SIGKILL)
        if is_now and name == "pwrite":
            # Half of it reached the system, as when the signal comes in the middle.
            real(arguments[0], arguments[1][: len(arguments[1]) // 2], arguments[2])
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **options)
        if is_now:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return watch


def killed(folder: Path, at: int, *, is_done: bool) -> tuple[list[bytes], bool]:
    """What a writer told before it was killed, and whether it was."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(source)
            with (
                small_journal(),
                signatures(sink),
                watched(killer(at, is_done=is_done)),
            ):
                history_of_many(folder, sink)
            os._exit(0)
        finally:
            os._exit(70)
    os.close(sink)
    with os.fdopen(source, "rb") as pipe:
        told = pipe.read().splitlines(keepends=True)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return told, os.WIFSIGNALED(status)


def test_nothing_is_lost_wherever_the_writer_is_killed(
    sealed: Path, tmp_path: Path, counts: Counts
) -> None:
    """Five hundred times: it opens again, goes on, holds, and has what it told."""
    dice = random.Random(SEED)
    kills = acknowledged = 0
    number = 0
    while kills < KILLS:
        number += 1
        at, is_done = dice.randrange(1, 160), dice.random() < 0.5
        folder = copied(sealed, tmp_path / str(number))
        told, was_killed = killed(folder, at, is_done=is_done)
        outcome = outcome_of(folder, told)
        assert outcome == (0, 0, 0), f"kill {number} at call {at} (seed {SEED})"
        kills += was_killed
        counts.add(outcome, kills=int(was_killed))
        acknowledged += sum(line.startswith(b"sealed") for line in told)
    assert acknowledged > KILLS, "most kills must come after something was acknowledged"
