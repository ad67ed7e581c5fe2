"""Which commitments a log holds, so that an envelope is sealed once.

Whoever copies a signed statement off the log could hand it in again, and it would be
signed. A commitment has 32 random bytes in it, so no two statements share one, and
one that is in the log already is a replay.

A tail in memory takes what is new; every `SPAN` statements it becomes a sorted run on
the disk, and runs of one length are merged. Looking up costs a few binary searches
whatever the log's size. All of it is derived from the log: a file that is missing or
damaged is made again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truce.errors import TruceError
from truce.identifiers import StatementIndex
from truce.record._durable import replace_durably
from truce.record.log import Record

# Statements in a new run: what the next opening may have to read again.
SPAN: Final = 65_536
# Merging two runs of a million takes a tenth of a second, during which nobody is
# answered; longer runs stay as they are.
_RUN_MAX: Final = 32 * SPAN
_DIGEST_SIZE: Final = 32
_Numbers = NDArray[np.uint64]


class _Run:
    """The commitments of consecutive statements, sorted by their first eight bytes."""

    def __init__(self, first: int, prefixes: _Numbers, indexes: _Numbers) -> None:
        self.first = first
        self.prefixes = prefixes
        self.indexes = indexes

    @property
    def end(self) -> int:
        """The statement after the last one."""
        return self.first + len(self.prefixes)

    @classmethod
    def of(cls, first: int, prefixes: _Numbers) -> "_Run":
        """The run of statements from `first` on."""
        order = np.argsort(prefixes, kind="stable")
        return cls(first, prefixes[order], (order + first).astype(np.uint64))

    def merged(self, following: "_Run") -> "_Run":
        """One run of both."""
        prefixes = np.concatenate([self.prefixes, following.prefixes])
        order = np.argsort(prefixes, kind="stable")
        indexes = np.concatenate([self.indexes, following.indexes])
        return _Run(self.first, prefixes[order], indexes[order])

    def candidates(self, wanted: _Numbers) -> list[tuple[int, int]]:
        """(place in `wanted`, statement) wherever the first eight bytes agree."""
        low = np.searchsorted(self.prefixes, wanted, "left")
        inside = np.minimum(low, len(self.prefixes) - 1)
        places = np.nonzero(self.prefixes[inside] == wanted)[0]
        found = []
        for place in places.tolist():
            high = np.searchsorted(self.prefixes, wanted[place], "right")
            found += [(place, int(i)) for i in self.indexes[low[place] : high]]
        return found

    def encoded(self) -> bytes:
        """The run as a file, opening with its own hash."""
        body = self.prefixes.tobytes() + self.indexes.tobytes()
        return hashlib.sha256(body).digest() + body

    @classmethod
    def decoded(cls, first: int, raw: bytes) -> "_Run | None":
        """The run of a file; None where the file is damaged."""
        body = raw[_DIGEST_SIZE:]
        if hashlib.sha256(body).digest() != raw[:_DIGEST_SIZE]:
            return None
        numbers = np.frombuffer(body, np.uint64)
        half = len(numbers) // 2
        return cls(first, numbers[:half], numbers[half:])


class SeenCommitments:
    """The commitments of one log, in step with it."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._folder = record.folder / "index" / "seen"
        self._runs = self._loaded()
        self._tail_first = self._runs[-1].end if self._runs else 0
        self._tail: dict[bytes, int] = {}
        self._order: list[bytes] = []
        self.follow()

    @property
    def end(self) -> int:
        """How many statements it knows."""
        return self._tail_first + len(self._order)

    def follow(self) -> None:
        """Takes up what the log holds beyond that."""
        first = self.end
        for index, entry in enumerate(self._record.entries(first), first):
            self.added(index, [entry.header.commitment])

    def find(self, commitments: Sequence[bytes]) -> list[StatementIndex | None]:
        """For each commitment the statement that holds it already, or None."""
        found: list[StatementIndex | None] = [None] * len(commitments)
        for place, commitment in enumerate(commitments):
            if commitment in self._tail:
                found[place] = StatementIndex(self._tail[commitment])
        if self._runs and commitments:
            wanted = _prefixes(commitments)
            for run in self._runs:
                for place, index in run.candidates(wanted):
                    if self._is_at(index, commitments[place]):
                        found[place] = StatementIndex(index)
        return found

    def added(self, first: int, commitments: Iterable[bytes]) -> None:
        """Takes up the commitments of statements from `first` on, once sealed; those
        it has already are passed over.
        """
        for index, commitment in enumerate(commitments, first):
            if index < self.end:
                continue
            self._tail[commitment] = index
            self._order.append(commitment)
            if len(self._order) == SPAN:
                self._close_tail()

    def _is_at(self, index: int, commitment: bytes) -> bool:
        """Whether a statement whose first eight bytes agree is the one.

        They agree by chance once in 2**64. The log decides; what stands and is not
        shown there yet is taken to be the one.
        """
        if index >= self._record.size:
            return True
        return self._record.entry(StatementIndex(index)).header.commitment == commitment

    def _close_tail(self) -> None:
        run = _Run.of(self._tail_first, _prefixes(self._order))
        self._tail_first = run.end
        self._tail, self._order = {}, []
        stale = []
        while (
            self._runs
            and len(self._runs[-1].prefixes) == len(run.prefixes)
            and 2 * len(run.prefixes) <= _RUN_MAX
        ):
            stale.append(self._runs.pop())
            run = stale[-1].merged(run)
        self._runs.append(run)
        self._keep(run, stale)

    def _keep(self, run: _Run, stale: Iterable[_Run]) -> None:
        """Writes a run; the log is right without it, so no fault here stops a
        commit.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_durably(self._path(run.first, run.end), run.encoded())
            for old in stale:
                self._path(old.first, old.end).unlink(missing_ok=True)
        except (TruceError, OSError):
            return

    def _loaded(self) -> list[_Run]:
        """The runs on the disk, as far as they follow each other from 0."""
        spans = sorted(
            (int(first), -int(end), path)
            for path in self._folder.glob("*-*.run")
            for first, _, end in [path.stem.partition("-")]
            if first.isdigit() and end.isdigit()
        )
        runs: list[_Run] = []
        for first, negative_end, path in spans:
            if (
                first != (runs[-1].end if runs else 0)
                or -negative_end > self._record.size
            ):
                continue
            run = _Run.decoded(first, path.read_bytes())
            if run is None or run.end != -negative_end:
                break
            runs.append(run)
        return runs

    def _path(self, first: int, end: int) -> Path:
        return self._folder / f"{first:012d}-{end:012d}.run"


def _prefixes(commitments: Sequence[bytes]) -> _Numbers:
    joined = b"".join(commitment[:8] for commitment in commitments)
    return np.frombuffer(joined, ">u8").astype(np.uint64)


__all__ = ["SPAN", "SeenCommitments"]
