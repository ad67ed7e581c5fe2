"""Payloads beside the log, in groups of as many statements as an entry bundle holds.

A group is one file that grows at its end: for each statement the length (8 bytes,
big-endian), the salt (32 bytes) and the payload. Its name follows from the statement's
index, so that a plain file server is enough to copy a record, and a commit of one
statement or of a hundred waits for the disk once.

Source: docs/spec/record.md, 6.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from truce.errors import ProofCode, ProofFails, UnavailableRecord
from truce.record.envelope import PAYLOAD_SIZE_MAX, SALT_SIZE
from truce.record.tiles import TILE_WIDTH, number_path

_LENGTH_SIZE: Final = 8
_HEAD_SIZE: Final = _LENGTH_SIZE + SALT_SIZE
# A length that no payload has: this copy does not hold the payload.
_NOT_HERE: Final = 2**64 - 1
NOT_HERE: Final = _NOT_HERE.to_bytes(_LENGTH_SIZE, "big")


class SaltedPayload(NamedTuple):
    """A payload with the salt of its commitment."""

    salt: bytes
    payload: bytes


def group_path(number: int) -> str:
    """The path of a group under the record's folder."""
    return f"payloads/{number_path(number)}"


def bytes_from_salted(salted: SaltedPayload | None) -> bytes:
    """What stands in a group for one statement; None for a payload not in this copy."""
    if salted is None:
        return NOT_HERE
    return len(salted.payload).to_bytes(_LENGTH_SIZE, "big") + b"".join(salted)


def additions(
    first: int, end: int, payloads: Sequence[SaltedPayload]
) -> Iterator[tuple[str, int, bytes]]:
    """What is written where for payloads from statement `first` on, as (path, offset,
    bytes).

    `end` is where the group that `first` belongs to ends so far.
    """
    at, offset = 0, end
    while at < len(payloads):
        number, place = divmod(first + at, TILE_WIDTH)
        count = min(TILE_WIDTH - place, len(payloads) - at)
        part = b"".join(map(bytes_from_salted, payloads[at : at + count]))
        yield group_path(number), offset, part
        at, offset = at + count, 0


class _Group:
    """An open group: where its payloads stand, found by hopping over each in turn."""

    def __init__(self, descriptor: int, first: int, offsets: list[int]) -> None:
        self._descriptor = descriptor
        self._first = first
        self._offsets = offsets

    def offset(self, place: int) -> int:
        """Where the payload of a place begins, or the last one ends."""
        offsets = self._offsets
        while len(offsets) <= place:
            index = self._first + len(offsets) - 1
            size = self._size(offsets[-1], index)
            step = _LENGTH_SIZE if size == _NOT_HERE else _HEAD_SIZE + size
            offsets.append(offsets[-1] + step)
        return offsets[place]

    def salted(self, place: int) -> SaltedPayload | None:
        """The payload of a place; None where this copy does not hold it."""
        index = self._first + place
        offset = self.offset(place)
        size = self._size(offset, index)
        if size == _NOT_HERE:
            return None
        read = os.pread(self._descriptor, SALT_SIZE + size, offset + _LENGTH_SIZE)
        if len(read) != SALT_SIZE + size:
            raise _cut_short(index)
        return SaltedPayload(read[:SALT_SIZE], read[SALT_SIZE:])

    def _size(self, offset: int, index: int) -> int:
        head = os.pread(self._descriptor, _LENGTH_SIZE, offset)
        size = int.from_bytes(head, "big")
        if len(head) != _LENGTH_SIZE:
            raise _cut_short(index)
        if size > PAYLOAD_SIZE_MAX and size != _NOT_HERE:
            raise ProofFails(
                f"statement {index}: its payload is said to have {size} bytes, and "
                f"none has more than {PAYLOAD_SIZE_MAX}",
                code=ProofCode.PAYLOAD,
            )
        return size


class PayloadReader:
    """Finds payloads by the index of their statement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        # Of the group read last: reading in order then hops over each payload once.
        self._known: tuple[int, list[int]] = (-1, [0])

    def read(self, index: int) -> SaltedPayload | None:
        """The salted payload of a statement; None where this copy does not hold it.

        Raises:
            UnavailableRecord: the group is missing or unreadable.
            ProofFails: the group is damaged.
        """
        with self._lock, self._opened(index // TILE_WIDTH) as group:
            return group.salted(index % TILE_WIDTH)

    def group(self, number: int, count: int) -> Iterator[SaltedPayload | None]:
        """The first `count` payloads of a group, in order; None for those that this
        copy does not hold.

        Raises:
            UnavailableRecord: the group is missing or unreadable.
            ProofFails: the group is damaged; the message names the statement.
        """
        with self._lock, self._opened(number) as group:
            for place in range(count):
                yield group.salted(place)

    def end(self, size: int) -> int:
        """Where the last group of a record of `size` statements ends, in bytes.

        Raises:
            UnavailableRecord: the group is missing or unreadable.
            ProofFails: the group is damaged.
        """
        if size % TILE_WIDTH == 0:
            return 0
        with self._lock, self._opened(size // TILE_WIDTH) as group:
            return group.offset(size % TILE_WIDTH)

    @contextmanager
    def _opened(self, number: int) -> Iterator[_Group]:
        path = self.folder / group_path(number)
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise _unreadable(number, path, error) from error
        if self._known[0] != number:
            self._known = (number, [0])
        try:
            yield _Group(descriptor, number * TILE_WIDTH, self._known[1])
        except OSError as error:
            raise _unreadable(number, path, error) from error
        finally:
            os.close(descriptor)


def _cut_short(index: int) -> ProofFails:
    return ProofFails(
        f"statement {index}: its payload is cut short", code=ProofCode.PAYLOAD
    )


def _unreadable(number: int, path: Path, error: OSError) -> UnavailableRecord:
    return UnavailableRecord(
        f"statement {number * TILE_WIDTH}: {path}: {error.strerror or error}; "
        "restore it from a copy",
        is_retry_safe=True,
    )


__all__ = [
    "NOT_HERE",
    "PayloadReader",
    "SaltedPayload",
    "additions",
    "bytes_from_salted",
    "group_path",
]
