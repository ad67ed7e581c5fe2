"""Callers who wait for one commit, and the one among them who makes it.

Nobody commits in the background: of those who wait, one leads. Whoever leads

1. takes all who wait,
2. checks what they bring,
3. waits for the commit before it to end,
4. hands the lead to one who came meanwhile, and commits for all,
5. wakes the others.

So a commit holds as many statements as came during the one before it, and while one
waits for the disk (4) the next one is checked (2).
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound="Waiting")


class Waiting:
    """A caller who waits."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._turn.acquire()
        self._is_leading = False


class CommitQueue(Generic[T]):
    """Gathers callers and lets one of them commit for all.

    `check` may run for one batch while `commit` runs for another; neither ever runs
    twice at a time. Neither may raise for a caller's own fault: a caller carries its
    failure. `commit` is told whether another one follows at once.
    """

    def __init__(
        self,
        check: Callable[[Sequence[T]], None],
        commit: Callable[[Sequence[T], bool], None],
        *,
        batch_max: int,
    ) -> None:
        self._check = check
        self._commit = commit
        self._batch_max = batch_max
        self._lock = threading.Lock()
        self._committing = threading.Lock()
        self._waiting: list[T] = []
        self._is_led = False

    def submit(self, caller: T) -> None:
        """Returns once a commit took the caller along, successfully or not."""
        with self._lock:
            self._waiting.append(caller)
            if not self._is_led:
                self._is_led = caller._is_leading = True
        if not caller._is_leading:
            try:
                caller._turn.acquire()
            except BaseException:
                self._leave(caller)
                raise
        if caller._is_leading:
            self._lead(caller)

    def _lead(self, leader: T) -> None:
        with self._lock:  # (1)
            batch = self._waiting[: self._batch_max]
            del self._waiting[: self._batch_max]
        is_handed_over = False
        try:
            self._check(batch)  # (2)
            with self._committing:  # (3)
                is_followed = self._hand_over()  # (4)
                is_handed_over = True
                self._commit(batch, is_followed)
        finally:
            if not is_handed_over:
                self._hand_over()
            for caller in batch:  # (5)
                if caller is not leader:
                    caller._turn.release()

    def _hand_over(self) -> bool:
        """Whether there was somebody to take the lead."""
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._is_led:
                self._waiting[0]._is_leading = True
                self._waiting[0]._turn.release()
            return self._is_led

    def _leave(self, caller: T) -> None:
        """A caller was interrupted while it waited; nobody else may wait for it."""
        with self._lock:
            if caller in self._waiting:
                self._waiting.remove(caller)
        if caller._is_leading:
            self._hand_over()


__all__ = ["CommitQueue", "Waiting"]
