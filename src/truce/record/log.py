"""One record in one folder, for reading: what was sealed, and the proofs of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from truce.errors import InvalidRecord, ProofFails, UnavailableRecord
from truce.identifiers import StatementIndex
from truce.record.envelope import Entry, commitment_of, entry_from_bytes
from truce.record.founding import (
    ENROLMENT,
    FOUNDING,
    Founding,
    Participants,
    enrolment_from_payload,
    founding_from_payload,
)
from truce.record.merkle import inclusion_path
from truce.record.note import verify_checkpoint
from truce.record.payloads import PayloadReader
from truce.record.tiles import TileReader


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That one statement stands in the log: its entry, the path to the root, the
    checkpoint.
    """

    index: StatementIndex
    size: int
    entry: bytes
    path: tuple[bytes, ...]
    checkpoint: bytes


class Record:
    """An open record. Reading takes no lock: what a checkpoint covers never changes."""

    def __init__(self, folder: Path, founding: Founding, checkpoint: bytes) -> None:
        self.folder = folder
        self.founding = founding
        self._note = checkpoint
        checked = verify_checkpoint(
            checkpoint, origin=founding.origin, key=founding.log_key
        )
        self.size = checked.size
        self.root = checked.root
        self._payloads = PayloadReader(folder / "payloads")
        self.participants = Participants()
        self._take_up_participants(0)

    @property
    def origin(self) -> str:
        """The origin line: kind, name and key of the record."""
        return self.founding.origin

    @property
    def checkpoint(self) -> bytes:
        """The signed note that says what the log holds."""
        return self._note

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """The record in a folder, for reading.

        Raises:
            InvalidRecord: the folder holds no record.
            ProofFails: its first statement or its checkpoint does not hold.
        """
        note_path = folder / "log" / "checkpoint"
        try:
            note = note_path.read_bytes()
        except OSError as error:
            raise InvalidRecord(
                f"{folder} holds no record ({note_path.name}: {error.strerror}); "
                "make one with: truce init --kind exercise FOLDER"
            ) from error
        founding = PayloadReader(folder / "payloads").read(0, 1).payload
        return cls(folder, founding_from_payload(founding), note)

    def refresh(self) -> None:
        """Looks again at what the folder holds, after somebody may have written to it.

        Raises:
            ProofFails: the log shrank, or its checkpoint does not hold.
            UnavailableRecord: the checkpoint cannot be read.
        """
        note = checkpoint_bytes(self.folder)
        if note != self._note:
            self._payloads = PayloadReader(self.folder / "payloads")
            self._follow(note)

    def grow(self, note: bytes) -> None:
        """Follows a commit that this process just made, as one new pack.

        Raises:
            ProofFails: the checkpoint does not hold.
        """
        if note == self._note:  # a reader of the same process looked in between
            return
        self._payloads.added(self.size)
        self._follow(note)

    def _follow(self, note: bytes) -> None:
        checked = verify_checkpoint(note, origin=self.origin, key=self.founding.log_key)
        if checked.size < self.size:
            raise ProofFails(
                f"{self.origin}: the log shrank from {self.size} to {checked.size}"
            )
        before = self.size, self.root, self._note
        self.size, self.root, self._note = checked.size, checked.root, note
        try:
            self._take_up_participants(before[0])
        except BaseException:
            # Half followed, the next look would pass over what this one did not read.
            self.size, self.root, self._note = before
            raise

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        """The entries from `start` to `end` (exclusive; None for all), in order.

        Raises:
            ProofFails: an entry cannot be read; the message names the statement.
        """
        end = self.size if end is None else min(end, self.size)
        for first, raws in self._tiles().bundles(start, end):
            for offset, raw in enumerate(raws):
                try:
                    yield entry_from_bytes(raw)
                except ProofFails as error:
                    raise ProofFails(f"statement {first + offset}: {error}") from error

    def entry(self, index: StatementIndex) -> Entry:
        """One entry.

        Raises:
            InvalidRecord: the log has no such statement.
        """
        if not 0 <= index < self.size:
            raise InvalidRecord(
                f"statement {index} does not exist; "
                f"the record holds 0 to {self.size - 1}"
            )
        return next(self.entries(index, index + 1))

    def payload(self, index: StatementIndex) -> bytes:
        """What a statement states, once it is shown to be what was sealed.

        Raises:
            ProofFails: the payload is not the one that the header commits to.
            UnavailableRecord: the payload is missing.
        """
        salted = self._payloads.read(index, self.size)
        if commitment_of(*salted) != self.entry(index).header.commitment:
            raise ProofFails(f"statement {index}: its payload is not what was sealed")
        return salted.payload

    def proof(self, index: StatementIndex) -> InclusionProof:
        """The proof that a statement stands in the log as of now."""
        entry = self.entry(index)
        return InclusionProof(
            index=index,
            size=self.size,
            entry=entry.raw,
            path=inclusion_path(self._tiles().node, index, self.size),
            checkpoint=self._note,
        )

    def _tiles(self) -> TileReader:
        return TileReader(self.folder / "log", self.size)

    def _take_up_participants(self, start: int) -> None:
        participants = self.participants.copied()
        for offset, entry in enumerate(self.entries(start)):
            if entry.header.kind == FOUNDING:
                participants.enrol(self.founding.participants)
            elif entry.header.kind == ENROLMENT:
                payload = self.payload(StatementIndex(start + offset))
                participants.enrol(enrolment_from_payload(payload))
        self.participants = participants


def checkpoint_bytes(folder: Path) -> bytes:
    """The signed note of the record in a folder, as it stands there now.

    Raises:
        UnavailableRecord: it cannot be read.
    """
    path = folder / "log" / "checkpoint"
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnavailableRecord(
            f"{path}: {error.strerror or error}; the record was moved, removed or "
            "cannot be reached",
            is_retry_safe=True,
        ) from error


__all__ = ["InclusionProof", "Record", "checkpoint_bytes"]
