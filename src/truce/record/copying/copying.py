"""The copy of a record in a folder: opened by one process, grown, and its gaps filled.

In what order a copy grows, and what a crash leaves: `truce.record.copying.taking`.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Self

from truce.canonical import sha256_hex
from truce.errors import InvalidInput
from truce.record._durable import (
    Writes,
    replace_durably,
    sync_folder,
    unavailable,
)
from truce.record.copying.taking import PART, Taking, verify_payload
from truce.record.identity.founding import Founding
from truce.record.log import Record
from truce.record.payloads import (
    PayloadReader,
    SaltedPayload,
    bytes_from_salted,
    group_path,
)
from truce.record.sealing.commit import is_leftover
from truce.record.sealing.journal import journal_path
from truce.record.sealing.recover import locked
from truce.record.sealing.seen import SeenCommitments
from truce.record.signatures import SignatureCheck
from truce.record.tiles import TILE_WIDTH
from truce.record.witnessing.split_view import SUFFIX, SplitView

# What may lie in the folder of a copy before its first checkpoint is there.
_BEGUN: Final = frozenset({"index", "lock", "log", "payloads", "payloads.new"})


class Copy:
    """The copy of one record in a folder, for the one process that takes over."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self.record: Record | None = None
        self._lock = lock
        self._seen: SeenCommitments | None = None
        if (folder / "log" / "checkpoint").exists():
            self.record = Record.opened(folder)
        self._clear(keeps_head_start=True)

    @property
    def size(self) -> int:
        """How many statements its checkpoint covers."""
        return self.record.size if self.record is not None else 0

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """The copy in a folder, made if need be.

        Raises:
            InvalidInput: the folder holds a record of somebody's own, or other things.
            UnavailableRecord: another process takes over there, or it cannot be
                written.
            ProofFails: its checkpoint does not hold.
        """
        _verify_may_be_copy(folder)
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True)
                sync_folder(folder.parent)
        except OSError as error:
            raise unavailable(folder, error) from error
        lock = locked(folder)
        try:
            return cls(folder, lock)
        except BaseException:
            os.close(lock)
            raise

    def close(self) -> None:
        """Lets another process in."""
        os.close(self._lock)
        self._lock = -1

    @contextmanager
    def taking(self, founding: Founding, note: bytes) -> "Iterator[Taking]":
        """Begins to take over what a checkpoint covers beyond what is here.

        Raises:
            ProofFails: the checkpoint does not hold, or is of no larger tree.
        """
        seen = self._seen
        if self.record is not None:
            seen = seen or SeenCommitments(self.record)
            seen.follow()
        self._seen = seen
        with closing(SignatureCheck()) as signatures:
            taking = Taking(self.folder, self.record, founding, note, seen, signatures)
            yield taking
        if taking.is_finished:
            self._grow()

    def drop_unshown(self) -> None:
        """Removes all that the checkpoint does not cover, the head start as well: it
        turned out to be wrong.
        """
        self._clear(keeps_head_start=False)

    def fill(self, number: int, served: Iterator[SaltedPayload | None]) -> int:
        """Puts payloads of a group where this copy has none; answers how many.

        The group is written anew beside the others, flushed, and takes the old one's
        name: readers and a crash find the one or the other.

        Raises:
            ProofFails: a payload is not what was sealed.
            UnavailableRecord: the disk refused; the old group stands.
        """
        if self.record is None:
            return 0
        first = number * TILE_WIDTH
        count = min(TILE_WIDTH, self.size - first)
        fresh, filled, end = self.folder / "payloads.new", 0, 0
        writes, reader, parts = Writes(), PayloadReader(self.folder), list[bytes]()
        writes.write(fresh, b"")
        entries = self.record.entries(first, first + count)
        for index, entry in enumerate(entries, first):
            theirs, ours = next(served, None), reader.read(index)
            if ours is None and theirs is not None:
                verify_payload(index, entry, theirs)
                filled += 1
            parts.append(bytes_from_salted(ours if ours is not None else theirs))
            if sum(map(len, parts)) > PART or index == first + count - 1:
                writes.extend(fresh, end, b"".join(parts))
                end += sum(map(len, parts))
                parts.clear()
        group = self.folder / group_path(number)
        try:
            if filled:
                writes.sync()
                fresh.replace(group)
                sync_folder(group.parent)
            else:
                fresh.unlink()
        except OSError as error:
            raise unavailable(group, error) from error
        return filled

    def keep_evidence(self, found: SplitView) -> Path:
        """Keeps the proof that the log's key signed two histories; answers where.

        Raises:
            UnavailableRecord: it could not be written.
            OutcomeUnknown: it stands or not; it is made again the next time.
        """
        raw = found.raw()
        path = self.folder / "evidence" / f"{sha256_hex(raw)[:16]}{SUFFIX}"
        if not path.exists():
            replace_durably(path, raw)
        return path

    def lacking(self) -> Iterator[int]:
        """The groups in which this copy lacks payloads."""
        reader = PayloadReader(self.folder)
        for first in range(0, self.size, TILE_WIDTH):
            number = first // TILE_WIDTH
            if reader.lacks(number, min(TILE_WIDTH, self.size - first)):
                yield number

    def _grow(self) -> None:
        if self.record is None:
            self.record = Record.opened(self.folder)
        else:
            self.record.refresh()

    def _clear(self, *, keeps_head_start: bool) -> None:
        try:
            for path in self.folder.glob("log/tile/**/*"):
                place = path.relative_to(self.folder / "log").as_posix()
                is_whole_bundle = (
                    place.startswith("tile/entries/") and ".p" not in place
                )
                if not (is_whole_bundle and keeps_head_start):
                    self._remove_leftover(path)
            for path in [] if keeps_head_start else self.folder.glob("payloads/**/*"):
                self._remove_leftover(path)
        except OSError as error:
            raise unavailable(self.folder, error) from error

    def _remove_leftover(self, path: Path) -> None:
        place = path.relative_to(self.folder).as_posix()
        if path.is_file() and is_leftover(place, self.size):
            path.unlink()


def _verify_may_be_copy(folder: Path) -> None:
    if (folder / "keys").exists() or journal_path(folder).exists():
        raise InvalidInput(
            f"{folder} is a record that is written to; name another folder for the copy"
        )
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is no folder; name one for the copy")
    if folder.is_dir() and not (folder / "log" / "checkpoint").exists():
        strange = sorted({path.name for path in folder.iterdir()} - _BEGUN)
        if strange:
            raise InvalidInput(
                f"{folder} holds {strange[0]} and no copy of a record; name an empty "
                "or a new folder"
            )


__all__ = ["Copy"]
