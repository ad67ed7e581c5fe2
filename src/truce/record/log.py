"""One record in one folder, for reading: what was sealed, and the proofs of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from truce.errors import InvalidRecord, ProofCode, ProofFails, UnavailableRecord
from truce.identifiers import StatementIndex
from truce.record.envelope import Entry, commitment_of, entry_from_bytes
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.kept import is_identity, kept_identity
from truce.record.identity.makers import Makers
from truce.record.merkle import inclusion_path
from truce.record.note import Checkpoint, verify_checkpoint
from truce.record.payloads import PayloadReader, SaltedPayload
from truce.record.tiles import TileCache, TileReader


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


class _Head(NamedTuple):
    """What a log holds, and the note that says so."""

    size: int
    root: bytes
    note: bytes


class Record:
    """An open record. Reading takes no lock: what a checkpoint covers never changes."""

    def __init__(self, folder: Path, founding: Founding, checkpoint: bytes) -> None:
        self.folder = folder
        self.founding = founding
        self._cache = TileCache()
        # One value, so that a reader in another thread never sees half a step.
        self._head = self._checked(checkpoint)
        self._payloads = PayloadReader(folder)
        self.participants = Makers()
        # The statements over identity, so that a later opening need not look for them.
        self.identity: tuple[int, ...] = ()
        kept = kept_identity(folder)
        if kept.covered <= self.size:
            self._follow(kept.indexes)
            self._follow_identity(kept.covered)
        else:
            self._follow_identity(0)

    @property
    def origin(self) -> str:
        """The origin line: kind, name and key of the record."""
        return self.founding.origin

    @property
    def checkpoint(self) -> bytes:
        """The signed note that says what the log holds."""
        return self._head.note

    @property
    def size(self) -> int:
        """How many statements it holds."""
        return self._head.size

    @property
    def root(self) -> bytes:
        """The root of the tree over them."""
        return self._head.root

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
        return cls(folder, founding_of(folder), note)

    def refresh(self) -> None:
        """Looks again at what the folder holds, after somebody may have written to it.

        Raises:
            ProofFails: the log shrank, or its checkpoint does not hold.
            UnavailableRecord: the checkpoint cannot be read.
        """
        note = checkpoint_bytes(self.folder)
        if note == self._head.note:
            return
        before, head = self._head, self._checked(note)
        if head.size < before.size:
            raise ProofFails(
                f"{self.origin}: the log shrank from {before.size} to {head.size}"
            )
        self._head = head
        try:
            self._follow_identity(before.size)
        except BaseException:
            # Half followed, the next look would pass over what this one did not read.
            self._head = before
            raise

    def grow(self, note: bytes, checkpoint: Checkpoint, *, decides: bool) -> None:
        """Follows a commit that this process just made, and so need not check.

        `decides` says whether a statement in it is over identity.
        """
        before = self._head
        self._head = _Head(checkpoint.size, checkpoint.root, note)
        if decides:
            try:
                self._follow_identity(before.size)
            except BaseException:
                self._head = before
                raise

    def _checked(self, note: bytes) -> "_Head":
        found = verify_checkpoint(note, origin=self.origin, key=self.founding.log_key)
        return _Head(found.size, found.root, note)

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
        raw = self._tiles().entry(index)
        try:
            return entry_from_bytes(raw)
        except ProofFails as error:
            raise ProofFails(f"statement {index}: {error}") from error

    def salted(self, index: StatementIndex) -> SaltedPayload | None:
        """What a statement states and the salt of its commitment, once they are shown
        to be what was sealed; None where this copy does not have them.

        Raises:
            ProofFails: the payload is not the one that the header commits to.
            UnavailableRecord: its file is missing.
        """
        entry = self.entry(index)
        salted = self._payloads.read(index)
        if salted is not None and commitment_of(*salted) != entry.header.commitment:
            raise ProofFails(
                f"statement {index}: its payload is not what was sealed",
                code=ProofCode.PAYLOAD,
            )
        return salted

    def payload(self, index: StatementIndex) -> bytes:
        """What a statement states, once it is shown to be what was sealed.

        Raises:
            ProofFails: the payload is not the one that the header commits to.
            UnavailableRecord: this copy does not have it, or its file is missing.
        """
        salted = self.salted(index)
        if salted is None:
            raise UnavailableRecord(
                f"statement {index}: this copy does not have its payload; ask for it "
                "where the whole record is kept",
                is_retry_safe=False,
            )
        return salted.payload

    def proof(self, index: StatementIndex) -> InclusionProof:
        """The proof that a statement stands in the log as of now."""
        entry, head = self.entry(index), self._head
        tiles = TileReader(self.folder / "log", head.size, cache=self._cache)
        return InclusionProof(
            index=index,
            size=head.size,
            entry=entry.raw,
            path=inclusion_path(tiles.node, index, head.size),
            checkpoint=head.note,
        )

    def _tiles(self) -> TileReader:
        return TileReader(self.folder / "log", self.size, cache=self._cache)

    def _follow_identity(self, start: int) -> None:
        self._follow(
            index
            for first, raws in self._tiles().bundles(start, self.size)
            for index, raw in enumerate(raws, first)
            if is_identity(raw)
        )

    def _follow(self, indexes: Iterable[int]) -> None:
        participants, identity = self.participants.copied(), list(self.identity)
        for index in indexes:
            entry = self.entry(StatementIndex(index))
            payload = self.payload(StatementIndex(index))
            participants.take(entry.envelope, index, payload, entry.sealed_at)
            identity.append(index)
        self.participants, self.identity = participants, tuple(identity)


def founding_of(folder: Path) -> Founding:
    """What the first statement of the record in a folder says of it.

    Raises:
        InvalidRecord: it is no founding, or this copy lacks it.
        UnavailableRecord: it cannot be read.
    """
    salted = PayloadReader(folder).read(0)
    if salted is None:
        raise InvalidRecord(
            f"{folder}: this copy lacks the founding's payload, so nobody can tell "
            "whose record it is; copy it again with its payloads"
        )
    return founding_from_payload(salted.payload)


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


__all__ = ["InclusionProof", "Record", "checkpoint_bytes", "founding_of"]
