"""Checks a whole record, from the bytes in its folder and nothing else.

1. The first statement says whose key signs the log; the origin line names that key.
2. The checkpoint is signed by that key.
3. Every entry can be read, is of this record, and sealing times never fall.
4. The tree over the entries has the checkpoint's root, and every tile on disk is the
   tree's own.
5. Every entry is signed by a participant who was enrolled before it and may state it;
   a quorum of founders decides who that is.
6. Every payload that this copy has is the one that its header commits to.
7. No commitment stands twice.
8. Nothing else lies in the log's or the payloads' folder.

What a commit left that a crash broke off is no fault: no checkpoint covers it.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, ProofFails, TruceError
from truce.record.checking.twice import Twice
from truce.record.envelope import (
    Entry,
    commitment_of,
    entry_from_bytes,
)
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.makers import Makers
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import Checkpoint, checkpoint_from_note, verify_checkpoint
from truce.record.payloads import PayloadReader, SaltedPayload, group_path
from truce.record.sealing.commit import is_leftover
from truce.record.signatures import SignatureCheck
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
    """What came of checking a record. It holds exactly where there is no fault.

    `not_here` counts the payloads that this copy does not have and nobody checked.
    """

    origin: str
    size: int
    faults: tuple[Fault, ...]
    not_here: int = 0


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
        with closing(SignatureCheck()) as signatures:
            found = _Verifier(folder, signatures, on_progress).run()
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
        self,
        folder: Path,
        signatures: SignatureCheck,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.signatures = signatures
        self.on_progress = on_progress
        self.faults: list[Fault] = []
        self.expected: set[str] = {"log/checkpoint"}
        self.makers = Makers()
        self.sealed_at: datetime | None = None
        self.twice = Twice()
        self.not_here = 0

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
        size = min(checkpoint.size, self._size_max())
        self._check_statements(checkpoint, size, origin)  # (3), (4), (6)
        self._check_signatures()  # (5)
        self._check_twice(size)  # (7)
        self._check_strangers(size)  # (8)
        return Verification(
            origin=origin,
            size=checkpoint.size,
            faults=tuple(self.faults),
            not_here=self.not_here,
        )

    def _founding(self) -> Founding:
        salted = PayloadReader(self.folder).read(0)
        if salted is None:
            raise ProofFails("this copy lacks the founding statement's payload")
        return founding_from_payload(salted.payload)

    def _check_statements(self, checkpoint: Checkpoint, size: int, origin: str) -> None:
        tree = TreeEdge()
        payloads = self._payloads(size)
        for index, raw in self._entries(size):
            is_there, salted = next(payloads)
            leaf = leaf_hash(raw) if raw is not None else bytes(HASH_SIZE)
            for level, number, tile in tree.append(leaf):
                self._check_tile(level, number, TILE_WIDTH, tile)
            if raw is not None and is_there:
                self._check_entry(index, raw, origin, salted)
            if self.on_progress and index % TILE_WIDTH == 0:
                self.on_progress(index, checkpoint.size)
        for level, number, tile in tree.partial_tiles():
            self._check_partial(level, number, tile)
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
            if count < TILE_WIDTH:
                self._check_narrower("entries", first // TILE_WIDTH, count, bundle)
            yield from enumerate(raws, first)

    def _payloads(self, size: int) -> Iterator[tuple[bool, SaltedPayload | None]]:
        """For every statement whether its payload could be looked for, and what was
        found; None for one that this copy does not have.
        """
        reader = PayloadReader(self.folder)
        for first in range(0, size, TILE_WIDTH):
            count, index = min(TILE_WIDTH, size - first), first
            path = group_path(first // TILE_WIDTH)
            self.expected.add(path)
            try:
                for salted in reader.group(first // TILE_WIDTH, count):
                    self.not_here += salted is None
                    yield True, salted
                    index += 1
            except TruceError as error:
                self._fault(_named(error, index), path, error)
                yield from ((False, None) for _ in range(index, first + count))

    def _check_entry(
        self, index: int, raw: bytes, origin: str, salted: SaltedPayload | None
    ) -> None:
        where = f"log entry {index}"
        try:
            entry = entry_from_bytes(raw)
            self.twice.add(index, entry.header.commitment)
            self._check_order(entry, origin)
            if salted and commitment_of(*salted) != entry.header.commitment:
                raise ProofFails("its payload is not the one that was sealed")
            payload = salted.payload if salted else None
            signed = self.makers.take(entry.envelope, index, payload, entry.sealed_at)
            self.signatures.add(index, signed)
        except TruceError as error:
            self._fault(index, where, error)

    def _check_order(self, entry: Entry, origin: str) -> None:
        if entry.header.record != origin:
            raise ProofFails(f"it is of the record {entry.header.record!r}")
        if self.sealed_at is not None and entry.sealed_at < self.sealed_at:
            raise ProofFails("it was sealed before the statement that it follows")
        self.sealed_at = entry.sealed_at

    def _check_signatures(self) -> None:
        for index in self.signatures.failed():
            reason = "the signature of its maker does not hold"
            self._fault(index, f"log entry {index}", ProofFails(reason))

    def _check_twice(self, size: int) -> None:
        for index, before in self.twice.found():
            if index < size:
                reason = f"its commitment is sealed already, as statement {before}"
                self._fault(index, f"log entry {index}", ProofFails(reason))

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

    def _check_partial(self, level: int, number: int, tile: bytes) -> None:
        width = len(tile) // HASH_SIZE
        self._check_tile(level, number, width, tile)
        for narrower in self._narrower(level, number, width):
            part = tile[: narrower * HASH_SIZE]
            self._check_tile(level, number, narrower, part)

    def _check_narrower(
        self, level: str, number: int, width: int, bundle: bytes
    ) -> None:
        """Bundles of earlier, smaller trees, which a log may keep, are true as well."""
        for narrower in self._narrower(level, number, width):
            path = f"log/{tile_path(level, number, narrower)}"
            self.expected.add(path)
            first = number * TILE_WIDTH
            try:
                found = (self.folder / path).read_bytes()
                entries_from_bundle(found, first=first, count=narrower)
                if not bundle.startswith(found):
                    raise ProofFails("it holds other entries than the newer bundle")
            except (ProofFails, OSError) as error:
                self._fault(_named(error, first), path, error)

    def _narrower(self, level: int | str, number: int, width: int) -> list[int]:
        folder = self.log / f"{tile_path(level, number)}.p"
        names = [path.name for path in folder.glob("*")]
        widths = [int(n) for n in names if n.isascii() and n.isdigit() and n[0] != "0"]
        return sorted(found for found in widths if found < width)

    def _blame_hash(self, first: int, span: int, path: str) -> None:
        """A hash over `span` statements is wrong, unless a fault below explains it."""
        known = {fault.statement for fault in self.faults}
        if span > 1 and any(first <= s < first + span for s in known if s is not None):
            return
        over = f"statement {first}" if span == 1 else f"statements from {first} on"
        reason = f"its hash of {over} is not that of the entries"
        self._fault(first, path, ProofFails(reason))

    def _check_strangers(self, size: int) -> None:
        for room in ("log", "payloads"):
            for path in sorted((self.folder / room).rglob("*")):
                name = path.relative_to(self.folder).as_posix()
                is_known = name in self.expected or is_leftover(name, size)
                if path.is_file() and not is_known:
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
