"""Fetching a group's payloads, from where a copy has them on if that can be had.

A source may hold other payloads of a group than the copy: one that lacks some, or has
filled gaps, has the rest at other places of its file. So what a part of a file says is
believed only as far as it is what was sealed; from there on the whole file is read.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from truce.errors import ProofFails, Unavailable
from truce.record.envelope import PAYLOAD_SIZE_MAX, SALT_SIZE, commitment_of
from truce.record.payloads import NOT_HERE, SaltedPayload, group_path
from truce.workflows.mirroring.ports import NotGiven, Part, ShownRecord

# Payloads that are passed over are read in parts of this size.
_CHUNK: Final = 1024 * 1024


class _Found(Enum):
    """What may stand in a group instead of a payload."""

    NOT_HERE = "not-here"
    CUT_SHORT = "cut-short"


class GroupSource:
    """Payloads of groups at one source. `refused` says of which groups none were given,
    and why.
    """

    def __init__(self, source: ShownRecord) -> None:
        self.refused: dict[int, str] = {}
        self._source = source

    def payloads(
        self,
        number: int,
        *,
        place: int,
        offset: int,
        commitments: Sequence[bytes],
    ) -> Iterator[SaltedPayload | None]:
        """The payloads of a group from a place on, one for each commitment; None for
        those that the source does not give.

        `offset` is where the place begins in the copy's file; 0 has all of it read.

        Raises:
            ProofFails: the file holds something that is no payload.
            Unavailable: it ends too early, or nobody answers.
        """
        done = 0
        if offset:
            for salted in self._part(number, place, offset, commitments):
                yield salted
                done += 1
        if done < len(commitments):
            yield from self._whole(number, place + done, len(commitments) - done)

    def first(self) -> SaltedPayload | None:
        """The first statement's payload; None where the source does not give it.

        Raises:
            ProofFails, Unavailable: as for `payloads`.
        """
        return next(self._whole(0, 0, 1))

    def _part(
        self, number: int, place: int, offset: int, commitments: Sequence[bytes]
    ) -> Iterator[SaltedPayload | None]:
        """As far as the part from an offset on holds what was sealed."""
        with self._source.part(group_path(number), start=offset) as part:
            if isinstance(part, NotGiven):
                return
            if part.start == 0 and not self._passed_over(part, number, place):
                return
            for commitment in commitments:
                try:
                    salted = _next(part, number)
                except ProofFails:
                    return
                if isinstance(salted, _Found):
                    if salted is _Found.CUT_SHORT:
                        return
                    yield None
                elif commitment_of(*salted) == commitment:
                    yield salted
                else:
                    return

    def _whole(
        self, number: int, place: int, count: int
    ) -> Iterator[SaltedPayload | None]:
        path = group_path(number)
        with self._source.part(path, start=0) as part:
            if isinstance(part, NotGiven):
                self.refused[number] = part.reason
                yield from (None for _ in range(count))
                return
            is_there = self._passed_over(part, number, place)
            for at in range(place, place + count):
                salted = _next(part, number) if is_there else _Found.CUT_SHORT
                if salted is _Found.CUT_SHORT:
                    raise Unavailable(
                        f"{self._source.name}: {path} ends before the payload of its "
                        f"place {at}; try again, or ask where the record is kept",
                        is_retry_safe=True,
                    )
                yield salted if isinstance(salted, SaltedPayload) else None

    def _passed_over(self, part: Part, number: int, place: int) -> bool:
        """Reads past the payloads before a place; whether they were all there."""
        for _ in range(place):
            size = _size(part, number)
            if size is _Found.CUT_SHORT:
                return False
            left = SALT_SIZE + size if isinstance(size, int) else 0
            while left:
                chunk = part.read(min(left, _CHUNK))
                if not chunk:
                    return False
                left -= len(chunk)
        return True


def _next(part: Part, number: int) -> SaltedPayload | _Found:
    size = _size(part, number)
    if isinstance(size, _Found):
        return size
    salt, payload = _exactly(part, SALT_SIZE), _exactly(part, size)
    if salt is None or payload is None:
        return _Found.CUT_SHORT
    return SaltedPayload(salt, payload)


def _size(part: Part, number: int) -> int | _Found:
    raw = _exactly(part, len(NOT_HERE))
    if raw is None:
        return _Found.CUT_SHORT
    if raw == NOT_HERE:
        return _Found.NOT_HERE
    size = int.from_bytes(raw, "big")
    if size > PAYLOAD_SIZE_MAX:
        raise ProofFails(
            f"{group_path(number)} says that a payload has {size} bytes, and none has "
            f"more than {PAYLOAD_SIZE_MAX}"
        )
    return size


def _exactly(part: Part, size: int) -> bytes | None:
    """So many bytes; None where the file ends before."""
    got = bytearray()
    while len(got) < size:
        chunk = part.read(size - len(got))
        if not chunk:
            return None
        got += chunk
    return bytes(got)


__all__ = ["GroupSource"]
