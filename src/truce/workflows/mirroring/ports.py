"""What mirroring needs from outside: a record as somebody shows its files."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from truce.record.merkle import NodeReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file from some byte on. `read` answers up to so many bytes, none at its end."""

    start: int
    read: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotGiven:
    """A file that is not there, or that this reader is not given; `reason` says which,
    as far as anybody was told.
    """

    reason: str


class ShownRecord(Protocol):
    """The files of a record under their paths (docs/spec/record.md, 1)."""

    @property
    def name(self) -> str:
        """Where it is, for people."""

    def file(self, path: str, *, size_max: int) -> bytes | NotGiven:
        """A whole file.

        Raises:
            Unavailable: nobody answered in time, or with more than `size_max` bytes.
        """

    def part(self, path: str, *, start: int) -> AbstractContextManager[Part | NotGiven]:
        """A file from a byte on, or from its beginning where no part can be had.

        Raises:
            Unavailable: nobody answered in time. `Part.read` raises it as well.
        """

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size, as they are shown.

        The reader raises Unavailable where a tile cannot be had, and ProofFails where
        it is cut short.
        """


__all__ = ["NotGiven", "Part", "ShownRecord"]
