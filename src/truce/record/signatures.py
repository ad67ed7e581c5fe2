"""Checking many signatures, on other cores where there are any.

Signatures are nearly all the work of taking in a statement or checking a record. They
are checked by worker processes, not threads: a thread would have to wait for the
interpreter's lock after each one. A worker is a plain child process that reads batches
and answers one byte a signature; where none can be started, or one dies, this process
checks by itself.
"""

import os
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from truce.record._signature_worker import HEAD
from truce.record.keys import accepts

# Below this, asking another process takes longer than checking.
_BATCH_MIN: Final = 8
# In checking a record: signatures handed to a worker at a time, and batches on the way
# to each.
_BATCH: Final = 2_048
_PENDING_MAX: Final = 4


class Signed(NamedTuple):
    """A signature and what is needed to check it."""

    key: bytes
    message: bytes
    signature: bytes

    def holds(self) -> bool:
        """Whether it does."""
        return accepts(self.key, self.message, self.signature)


class SignatureWorker:
    """One child process that checks signatures; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_broken = False

    def check(self, batch: Sequence[Signed]) -> list[bool]:
        """For each signature whether it holds."""
        if len(batch) < _BATCH_MIN:
            return [signed.holds() for signed in batch]
        with self._lock:
            self.send(batch)
            return self.receive(batch)

    def send(self, batch: Sequence[Signed]) -> None:
        """Hands over a batch; `receive` answers for it, in order."""
        with suppress(OSError):
            pipe = self._started()
            if pipe is not None and pipe.stdin is not None:
                pipe.stdin.write(_packed(batch))
                pipe.stdin.flush()
                return
        self._is_broken = True

    def receive(self, batch: Sequence[Signed]) -> list[bool]:
        """What came of the batch that was sent first of those not yet received."""
        if not self._is_broken and self._process is not None:
            pipe = self._process.stdout
            answer = pipe.read(len(batch)) if pipe is not None else b""
            if len(answer) == len(batch):
                return [byte == 1 for byte in answer]
            self._is_broken = True
        return [signed.holds() for signed in batch]

    def close(self) -> None:
        """Ends the process."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._process = None

    def _started(self) -> "subprocess.Popen[bytes] | None":
        if self._process is None and not self._is_broken:
            # By name, and not forked: this process may have threads and locks by now.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "truce.record._signature_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return None if self._is_broken else self._process


class SignatureCheck:
    """Takes signatures of statements, checks them meanwhile on all cores, and answers
    which do not hold.
    """

    def __init__(self) -> None:
        self._workers = [SignatureWorker() for _ in range(os.cpu_count() or 1)]
        self._turn = 0
        self._batch: list[tuple[int, Signed]] = []
        self._pending: deque[tuple[SignatureWorker, list[tuple[int, Signed]]]] = deque()
        self._failed: list[int] = []

    def add(self, statement: int, signed: Signed) -> None:
        """Takes one more; waits where those before it pile up."""
        self._batch.append((statement, signed))
        if len(self._batch) == _BATCH:
            worker = self._workers[self._turn % len(self._workers)]
            self._turn += 1
            if len(self._pending) >= _PENDING_MAX * len(self._workers):
                self._receive()
            worker.send([signed for _, signed in self._batch])
            self._pending.append((worker, self._batch))
            self._batch = []

    def failed(self) -> Iterator[int]:
        """The statements whose signature does not hold, rising, once all are
        checked.
        """
        while self._pending:
            self._receive()
        self._failed += [index for index, signed in self._batch if not signed.holds()]
        self._batch = []
        yield from sorted(self._failed)

    def close(self) -> None:
        """Ends the workers."""
        for worker in self._workers:
            worker.close()

    def _receive(self) -> None:
        worker, batch = self._pending.popleft()
        answers = worker.receive([signed for _, signed in batch])
        held = zip(batch, answers, strict=True)
        self._failed += [index for (index, _), holds in held if not holds]


def _packed(batch: Sequence[Signed]) -> bytes:
    parts = [HEAD.pack(len(batch), sum(len(s.message) for s in batch))]
    for signed in batch:
        parts += (struct.pack(">I", len(signed.message)), signed.key, signed.signature)
        parts.append(signed.message)
    return b"".join(parts)


__all__ = ["SignatureCheck", "SignatureWorker", "Signed"]
