"""What the witnessing desk needs from outside: a memory, a line to others, a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from truce.record.merkle import NodeReader
from truce.record.note import Note, VerifierKey
from truce.record.witnessing.split_view import SplitView


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLog:
    """A log that a witness cosigns. `url` is the log's address as a C2SP prefix, empty
    where the witness was not told one.
    """

    key: VerifierKey
    url: str = ""

    @property
    def origin(self) -> str:
        """The origin line of its checkpoints."""
        return self.key.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a witness answered over HTTP."""

    status: int
    body: bytes


class WitnessMemory(Protocol):
    """What a witness must never forget. Every write is on the disk when it returns."""

    def logs(self) -> Mapping[str, KnownLog]:
        """The known logs by origin, as they stand now."""

    def latest(self, origin: str) -> Note | None:
        """What was last cosigned of a log; None for nothing yet.

        Raises:
            UnavailableRecord: it cannot be read. It is never taken for nothing.
        """

    def remember(self, origin: str, note: Note) -> None:
        """Replaces what was last cosigned.

        Raises:
            UnavailableRecord: the old note stands.
            OutcomeUnknown: either may stand.
        """

    def keep_split_view(self, found: SplitView) -> None:
        """Keeps a proof among the evidence; one that is there already stays."""

    def split_views(self, origin: str) -> Sequence[SplitView]:
        """The evidence against a log's key."""


class ShownLog(Protocol):
    """A log as it shows itself to a reader: at an address, or in a folder."""

    def checkpoint(self) -> bytes:
        """The newest checkpoint.

        Raises:
            Unavailable: it cannot be had.
        """

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size.

        The reader raises Unavailable where a tile cannot be had, and ProofFails where
        it is cut short.
        """


class WitnessLine(Protocol):
    """The line to witnesses and logs elsewhere. Each call ends within seconds.

    Every call raises Unavailable where nobody answers.
    """

    def add_checkpoint(self, url: str, body: bytes) -> Reply:
        """Hands a checkpoint in, with its proof."""

    def latest(self, url: str, origin: str) -> bytes | None:
        """The note that a witness last cosigned of a log; None for nothing yet."""

    def warn(self, url: str, split_view: bytes) -> None:
        """Hands a split view to another witness."""

    def log_at(self, url: str) -> ShownLog:
        """The log at an address."""


class WitnessedFile(Protocol):
    """Where a record keeps the newest checkpoint that its policy accepts."""

    def read(self) -> Note | None:
        """The note that is there; None for none yet."""

    def replace(self, note: Note) -> bool:
        """Puts a note there, unless one of a larger size is there already; whether it
        did.

        Raises:
            ProofFails: one of the same size and another root is there.
        """


__all__ = [
    "KnownLog",
    "Reply",
    "ShownLog",
    "WitnessLine",
    "WitnessMemory",
    "WitnessedFile",
]
