"""Checks a whole record, from the bytes in its folder and nothing else.

1. The first statement says whose key signs the log; the origin line names that key.
2. The checkpoint is signed by that key.
3. Every entry can be read, is of this record, and sealing times never fall.
4. The tree over the entries has the checkpoint's root, and every tile on disk is the
   tree's own.
5. Every entry is signed by a participant who was enrolled before it; only an operator
   enrols others.
6. Every payload is the one that its header commits to.
7. Nothing else lies in the log's or the payloads' folder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, ProofFails, TruceError, Unavailable
from truce.record.envelope import (
    Entry,
    commitment_of,
    entry_from_bytes,
    verify_signature,
)
from truce.record.founding import (
    ENROLMENT,
    FOUNDING,
    Founding,
    Participants,
    Role,
    enrolment_from_payload,
    founding_from_payload,
)
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import Checkpoint, checkpoint_from_note, verify_checkpoint
from truce.record.payloads import PayloadReader, pack_path, payloads_from_pack
from truce.record.tiles import TILE_WIDTH, TreeEdge, entries_from_bundle, tile_path

# A log that grows all the while is checked so often before its faults are believed.
_LOOKS_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold; `statement` is None where no one is to blame."""

    statement: int | None
    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of checking a record. It holds exactly where there is no fault."""

    origin: str
    size: int
    faults: tuple[Fault, ...]


def verify_record(
    folder: Path, *, on_progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Every fault in a record's folder; none where everything holds.

    `on_progress` hears (statements checked, statements in all).

    Raises:
        InvalidInput: the folder holds no record at all.
    """
    for _ in range(_LOOKS_MAX):
        before = _note_of(folder)
        found = _Verifier(folder, on_progress).run()
        # A writer that committed meanwhile removed partial tiles and added files.
        if not found.faults or _note_of(folder) == before:
            break
    return found


def _note_of(folder: Path) -> bytes | None:
    try:
        return (folder / "log" / "checkpoint").read_bytes()
    except OSError:
        return None


class _Verifier:
    """The state of one check: what is known so far, and what was found wrong."""

    def __init__(
        self, folder: Path, on_progress: Callable[[int, int], None] | None
    ) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.on_progress = on_progress
        self.faults: list[Fault] = []
        self.expected: set[str] = {"log/checkpoint"}
        self.participants = Participants()
        self.sealed_at: datetime | None = None

    def run(self) -> Verification:
        note_path = self.log / "checkpoint"
        if not note_path.exists() and not (self.folder / "payloads").exists():
            raise InvalidInput(
                f"{self.folder} holds no record; expected log/checkpoint"
            )
        checkpoint = Checkpoint(origin="", size=0, root=b"")
        origin = ""
        try:
            note = note_path.read_bytes()
            checkpoint = checkpoint_from_note(note)  # (2), its text
            origin = checkpoint.origin
            founding = self._founding()  # (1)
            origin = founding.origin
            verify_checkpoint(note, origin=founding.origin, key=founding.log_key)
        except (TruceError, OSError) as error:
            self._fault(None, "log/checkpoint", error)
        self._check_statements(checkpoint, origin)  # (3) to (6)
        self._check_strangers()  # (7)
        return Verification(
            origin=origin, size=checkpoint.size, faults=tuple(self.faults)
        )

    def _founding(self) -> Founding:
        payload = PayloadReader(self.folder / "payloads").read(0, 1 << 62).payload
        return founding_from_payload(payload)

    def _check_statements(self, checkpoint: Checkpoint, origin: str) -> None:
        tree = TreeEdge()
        size = min(checkpoint.size, self._size_max())
        payloads = self._payloads(size)
        for index, raw in self._entries(size):
            salt, payload = next(payloads)
            leaf = leaf_hash(raw) if raw is not None else bytes(HASH_SIZE)
            for level, number, tile in tree.append(leaf):
                self._check_tile(level, number, TILE_WIDTH, tile)
            if raw is not None:
                self._check_entry(index, raw, origin, salt, payload)
            if self.on_progress and index % TILE_WIDTH == 0:
                self.on_progress(index, checkpoint.size)
        for level, number, tile in tree.partial_tiles():
            self._check_tile(level, number, len(tile) // HASH_SIZE, tile)
        if tree.root() != checkpoint.root:
            reason = "its root is not that of the entries"
            self._fault(None, "log/checkpoint", ProofFails(reason))

    def _size_max(self) -> int:
        """More statements than the files can hold, even with many of them missing.

        A checkpoint that nobody signed may say any size, and must not keep us busy for
        ever.
        """
        files = sum(path.is_file() for path in self.log.rglob("*"))
        return TILE_WIDTH * (1 + files)

    def _entries(self, size: int) -> Iterator[tuple[int, bytes | None]]:
        """Every statement's entry; None for those whose bundle cannot be read."""
        for first in range(0, size, TILE_WIDTH):
            count = min(TILE_WIDTH, size - first)
            path = f"log/{tile_path('entries', first // TILE_WIDTH, count)}"
            self.expected.add(path)
            try:
                bundle = (self.folder / path).read_bytes()
                raws = entries_from_bundle(bundle, first=first, count=count)
            except (ProofFails, OSError) as error:
                self._fault(_named(error, first), path, error)
                yield from ((index, None) for index in range(first, first + count))
                continue
            yield from enumerate(raws, first)

    def _payloads(self, size: int) -> Iterator[tuple[bytes, bytes | None]]:
        """Every statement's salt and payload; None for those that cannot be read."""
        reader = PayloadReader(self.folder / "payloads")
        index = 0
        while index < size:
            first, count = index, 1
            try:
                first, count = reader.pack_of(index, size)
                path = f"payloads/{pack_path(first)}"
                self.expected.add(path)
                pack = reader.content(first)
                for salted in payloads_from_pack(pack, first=first, count=count):
                    yield salted
                    index += 1
            except (ProofFails, Unavailable) as error:
                self._fault(_named(error, index), f"payloads/{pack_path(first)}", error)
                while index < first + count:
                    yield b"", None
                    index += 1

    def _check_entry(
        self, index: int, raw: bytes, origin: str, salt: bytes, payload: bytes | None
    ) -> None:
        where = f"log entry {index}"
        try:
            entry = entry_from_bytes(raw)
            self._check_order(entry, origin)
            if payload is None:
                return
            if commitment_of(salt, payload) != entry.header.commitment:
                raise ProofFails("its payload is not the one that was sealed")
            if entry.header.kind == FOUNDING:
                if index:
                    raise ProofFails("it founds a record that was founded already")
                self.participants.enrol(founding_from_payload(payload).participants)
            self._check_maker(entry)  # (5)
            if entry.header.kind == ENROLMENT:
                self.participants.enrol(enrolment_from_payload(payload))
        except TruceError as error:
            self._fault(index, where, error)

    def _check_order(self, entry: Entry, origin: str) -> None:
        if entry.header.record != origin:
            raise ProofFails(f"it is of the record {entry.header.record!r}")
        if self.sealed_at is not None and entry.sealed_at < self.sealed_at:
            raise ProofFails("it was sealed before the statement that it follows")
        self.sealed_at = entry.sealed_at

    def _check_maker(self, entry: Entry) -> None:
        maker = self.participants.by_id.get(entry.header.by)
        if maker is None:
            raise ProofFails(f"its maker {entry.header.by!r} was not enrolled")
        verify_signature(entry, maker.key)
        if entry.header.kind == ENROLMENT and Role.OPERATOR not in maker.roles:
            raise ProofFails(f"its maker {entry.header.by!r} may not enrol anybody")

    def _check_tile(self, level: int, number: int, width: int, tile: bytes) -> None:
        path = f"log/{tile_path(level, number, width)}"
        self.expected.add(path)
        try:
            found = (self.folder / path).read_bytes()
        except OSError as error:
            self._fault(None, path, error)
            return
        if found == tile:
            return
        span = TILE_WIDTH**level
        for at in range(0, max(len(found), len(tile)), HASH_SIZE):
            if found[at : at + HASH_SIZE] != tile[at : at + HASH_SIZE]:
                first = (number * TILE_WIDTH + at // HASH_SIZE) * span
                self._blame_hash(first, span, path)

    def _blame_hash(self, first: int, span: int, path: str) -> None:
        """A hash over `span` statements is wrong, unless a fault below explains it."""
        known = {fault.statement for fault in self.faults}
        if span > 1 and any(first <= s < first + span for s in known if s is not None):
            return
        over = f"statement {first}" if span == 1 else f"statements from {first} on"
        reason = f"its hash of {over} is not that of the entries"
        self._fault(first, path, ProofFails(reason))

    def _check_strangers(self) -> None:
        for room in ("log", "payloads"):
            for path in sorted((self.folder / room).rglob("*")):
                name = path.relative_to(self.folder).as_posix()
                if path.is_file() and name not in self.expected:
                    reason = "no checkpoint covers this file"
                    self._fault(None, name, ProofFails(reason))

    def _fault(self, statement: int | None, where: str, error: Exception) -> None:
        self.faults.append(Fault(statement=statement, where=where, reason=str(error)))


def _named(error: Exception, first: int) -> int:
    """The statement that a message names, else the first it can concern."""
    words = str(error).split(":")[0].split()
    is_named = len(words) == 2 and words[0] == "statement" and words[1].isdigit()
    return int(words[1]) if is_named else first


__all__ = ["Fault", "Verification", "verify_record"]
