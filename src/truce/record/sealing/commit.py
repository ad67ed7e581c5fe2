"""One commit of a log, and going on after a crash in one.

What a commit does, and what a crash in it leaves behind:

1. Entries and payloads are added to the journal, and that is flushed: one wait for the
   disk. From here on the statements stand, whatever happens. A full or read-only disk
   shows here, when nothing has happened yet.
2. Callers are told, unless nobody else waits: then 3 comes first.
3. Showing: the payloads are written at the end of their groups, the entries and the
   tree's new tiles where no checkpoint looks yet; then the checkpoint is signed and
   takes the place of the old one. Nothing of this is flushed. Under load, one showing
   serves several commits.

A checkpoint is signed only over statements that stand. Whatever a power cut brings back
or loses of the files, the journal leads to this very tree again: the log's key never
signs two trees of one size, and never one that cannot be served.

Now and then, and when a writer closes, all files are flushed and the journal starts
again from there; partial tiles whose full tile is there are removed after that, never
before. A commit too large for the journal does the same at once: flushing its files and
restarting the journal after it is what makes it stand.

`recover` shows again what the journal holds, and flushes it.
"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from truce.errors import OutcomeUnknown, ProofFails, UnavailableRecord
from truce.record._durable import (
    Writes,
    fresh_path,
    replace_durably,
    replace_file,
    sync_folder,
    unavailable,
)
from truce.record.envelope import Entry, entry_from_bytes
from truce.record.keys import SecretKey
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import Checkpoint, signed_checkpoint, verify_checkpoint
from truce.record.payloads import (
    PayloadReader,
    SaltedPayload,
    additions,
    group_path,
)
from truce.record.sealing.journal import (
    FRAME_SIZE_MAX,
    Addition,
    Journal,
    frame_of,
    journal_path,
)
from truce.record.tiles import (
    TILE_WIDTH,
    TileReader,
    TreeEdge,
    bundle_from_entries,
    tile_path,
)

# A log of 2**63 entries has tiles of eight levels and numbers of twenty digits.
_TILE_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-7])/(?P<number>[0-9x/]{3,40})(\.p/(?P<width>[0-9]{1,3}))?"
)
_GROUP_PATH: Final = re.compile(r"payloads/(?P<number>(x[0-9]{3}/)*[0-9]{3})")


# Statements that stand and are not shown yet, while others wait to be sealed.
_UNSHOWN_MAX: Final = 1024


@dataclass(slots=True)
class Tail:
    """The end of a log: what the next showing builds on.

    `payload_end` is where the last group of payloads ends, in bytes.
    """

    edge: TreeEdge = field(default_factory=TreeEdge)
    bundle: list[bytes] = field(default_factory=list)
    payload_end: int = 0
    sealed_at: datetime | None = None

    @property
    def size(self) -> int:
        """How many statements the log holds."""
        return self.edge.size

    def copied(self) -> "Tail":
        """The same end, to be taken further without changing this one."""
        return Tail(
            self.edge.copied(), list(self.bundle), self.payload_end, self.sealed_at
        )


class Committer:
    """Adds statements to one log, for its one writer, who holds its lock.

    `size` is how many statements stand, `sealed_at` when the last of them was sealed,
    `note` the checkpoint that readers see. After any failure it must `recover` before
    it goes on; `is_sound` says whether.
    """

    def __init__(self, folder: Path, origin: str, key: SecretKey) -> None:
        self.folder = folder
        self.origin = origin
        self.size = 0
        self.sealed_at: datetime | None = None
        self.note = b""
        self.is_sound = False
        self._key = key
        self._journal: Journal | None = None
        self._shown = Tail()
        self._unshown: list[Addition] = []
        self._writes = Writes()

    @property
    def is_behind(self) -> bool:
        """Whether so much stands unshown that it should be shown."""
        return len(self._unshown) >= _UNSHOWN_MAX

    def commit(self, pairs: Sequence[tuple[Entry, SaltedPayload]]) -> None:
        """Makes statements stand: step 1.

        Raises:
            UnavailableRecord: the disk refused; they do not.
            OutcomeUnknown: they stand or not, which `recover` finds out.
        """
        self.is_sound = False
        added = [Addition(entry.raw, salted) for entry, salted in pairs]
        if sum(len(a.entry) + len(a.salted.payload) for a in added) > FRAME_SIZE_MAX:
            self._flush_beside(added)
        else:
            self._append(added)
        self.size += len(added)
        self.sealed_at = pairs[-1][0].sealed_at
        self.is_sound = True

    def show(self) -> tuple[Checkpoint, bytes]:
        """Puts what stands where readers find it: step 3. Answers the checkpoint and
        its note.

        Raises:
            OutcomeUnknown: the disk refused; what stands is shown after `recover`.
        """
        self.is_sound = False
        try:
            self._write_unshown()
            shown = self._publish()
        except UnavailableRecord as error:
            raise OutcomeUnknown(
                f"{error}; the statements stand, and are shown as soon as the disk "
                "takes them; do not seal them again"
            ) from error
        self.is_sound = True
        return shown

    def found(self, pair: tuple[Entry, SaltedPayload]) -> None:
        """Makes the first statement stand, in a folder that has nothing else.

        Raises:
            UnavailableRecord, OutcomeUnknown: as for `commit` and `show`.
        """
        self._unshown = [Addition(pair[0].raw, pair[1])]
        self._write_unshown()
        self._writes.sync()
        self._journal = Journal.begun(journal_path(self.folder), 1)
        self._publish()

    def recover(self) -> None:
        """Goes on from what stands: does again what a crash may have undone, publishes
        the checkpoint over all of it, and removes files that no checkpoint covers.

        Files that no commit writes are left for `verify` to name.

        Raises:
            UnavailableRecord: the disk refused.
            ProofFails: the files, the journal and the checkpoint contradict each other.
        """
        self.is_sound = False
        self.close_journal()
        published = self._published()
        journal = Journal.opened(journal_path(self.folder))
        frames = journal.frames if journal is not None else ()
        base = journal.base if journal is not None else 0
        stands = base + sum(len(frame.additions) for frame in frames)
        if published is not None and published.size > stands:
            # Copied from elsewhere, without the journal or with an older one: what is
            # signed and whole is what stands, once the copy is on the disk.
            frames, base, stands = (), published.size, published.size
            os.sync()
        self._writes, self._unshown = Writes(is_again=True), []
        self._shown = tail_at(self.folder, base)
        self._verify_root(published)
        for frame in frames:
            self._unshown = list(frame.additions)
            self._write_unshown()
            self._verify_root(published)
        self._mend_partials(stands)
        self._clear_leftovers(stands)
        self._writes.sync()
        self._journal = journal or Journal.begun(journal_path(self.folder), stands)
        self.size, self.sealed_at = stands, self._shown.sealed_at
        self._publish()
        self._restart()
        self.is_sound = True

    def close(self) -> None:
        """Shows and flushes everything, so that whoever opens the log next has nothing
        to do again.

        Raises:
            UnavailableRecord, OutcomeUnknown: the disk failed. Nothing is lost:
                `recover` does it.
        """
        try:
            if self.is_sound and self._journal and not self._journal.is_empty:
                self._write_unshown()
                self._publish()
                self._restart()
        finally:
            self.close_journal()

    def close_journal(self) -> None:
        """Lets go of the journal's file."""
        if self._journal is not None:
            self._journal.close()
        self._journal = None

    def _append(self, added: Sequence[Addition]) -> None:
        frame = frame_of(self.size, added)
        if not self._open_journal().has_room(len(frame)):
            self._write_unshown()
            self._publish()
            self._restart()
        self._open_journal().append(frame)
        self._unshown += added

    def _flush_beside(self, added: Sequence[Addition]) -> None:
        self._unshown += added
        self._write_unshown()
        self._writes.sync()
        self._restart_from(self._shown.size)

    def _write_unshown(self) -> None:
        if self._unshown:
            after = self._shown.copied()
            _write(self._writes, self.folder, after, self._unshown)
            last = entry_from_bytes(self._unshown[-1].entry)
            after.sealed_at = last.sealed_at
            self._shown, self._unshown = after, []

    def _publish(self) -> tuple[Checkpoint, bytes]:
        checkpoint = Checkpoint(
            origin=self.origin, size=self._shown.size, root=self._shown.edge.root()
        )
        note = signed_checkpoint(checkpoint, self._key)
        replace_file(self.folder / "log" / "checkpoint", note)
        self.note = note
        return checkpoint, note

    def _restart(self) -> None:
        """Flushes all files and starts the journal anew after them."""
        path = self.folder / "log" / "checkpoint"
        self._writes.sync()
        replace_durably(path, path.read_bytes())
        self._restart_from(self._shown.size)

    def _restart_from(self, size: int) -> None:
        journal = self._open_journal()
        before = journal.base
        journal.restart(size)
        remove_replaced(self.folder, before, size)

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise RuntimeError(f"{self.origin}: this committer was closed")
        return self._journal

    def _published(self) -> Checkpoint | None:
        """The checkpoint that the folder shows; None where it shows none that holds.

        A power cut can leave an empty one: taking a name is not flushed in a commit.
        """
        path = self.folder / "log" / "checkpoint"
        with suppress(OSError, ProofFails):
            note = path.read_bytes()
            return verify_checkpoint(note, origin=self.origin, key=self._key.public)
        return None

    def _verify_root(self, published: Checkpoint | None) -> None:
        if published is None or published.size != self._shown.size:
            return
        if self._shown.edge.root() != published.root:
            raise ProofFails(
                f"{self.origin}: the files lead to another root than the checkpoint; "
                "run truce verify, then restore the log from a copy"
            )

    def _mend_partials(self, size: int) -> None:
        """Writes the narrower partial tiles again that a power cut may have torn: only
        the newest of each was flushed.
        """
        level, count = 0, size
        while count:
            number, width = divmod(count, TILE_WIDTH)
            folder = self.folder / "log" / f"{tile_path(level, number)}.p"
            whole = b"".join(self._shown.edge.levels[level]) if width else b""
            for narrower in _widths_below(folder, width):
                part = whole[: narrower * HASH_SIZE]
                self._writes.write(folder / str(narrower), part)
            level, count = level + 1, number
        width = size % TILE_WIDTH
        folder = self.folder / "log" / f"{tile_path('entries', size // TILE_WIDTH)}.p"
        for narrower in _widths_below(folder, width):
            part = bundle_from_entries(self._shown.bundle[:narrower])
            self._writes.write(folder / str(narrower), part)

    def _clear_leftovers(self, size: int) -> None:
        """Removes what no checkpoint of `size` covers, and flushes every folder, so
        that whoever commits next builds on names that are on the disk.
        """
        try:
            fresh_path(self.folder / "log" / "checkpoint").unlink(missing_ok=True)
            for room in ("log/tile", "payloads"):
                for path in self.folder.glob(f"{room}/**/*"):
                    place = path.relative_to(self.folder).as_posix()
                    if path.is_file() and is_leftover(place, size):
                        path.unlink()
                for made in self.folder.glob(f"{room}/**/"):
                    sync_folder(made)
            sync_folder(self.folder / "log")
            sync_folder(self.folder)
        except OSError as error:
            raise unavailable(self.folder, error) from error


def _write(writes: Writes, folder: Path, tail: Tail, added: Sequence[Addition]) -> None:
    """Writes statements where readers find them; takes `tail` to the new end."""
    first, end = tail.size, tail.payload_end
    for path, offset, part in additions(first, end, [a.salted for a in added]):
        writes.extend(folder / path, offset, part)
        end = offset + len(part)
    tail.payload_end = end if (first + len(added)) % TILE_WIDTH else 0
    _write_tree(writes, folder / "log", tail, [a.entry for a in added])


def _write_tree(
    writes: Writes, log: Path, tail: Tail, entries: Sequence[bytes]
) -> None:
    before = tail.size
    for entry in entries:
        tail.bundle.append(entry)
        for level, number, tile in tail.edge.append(leaf_hash(entry)):
            writes.write(log / tile_path(level, number), tile)
        if len(tail.bundle) == TILE_WIDTH:
            path = tile_path("entries", tail.size // TILE_WIDTH - 1)
            writes.write(log / path, bundle_from_entries(tail.bundle))
            tail.bundle.clear()
    for level, number, tile in tail.edge.partial_tiles(since=before):
        path = tile_path(level, number, len(tile) // HASH_SIZE)
        writes.write_newest(log / path, tile)
    if tail.bundle:
        number = tail.size // TILE_WIDTH
        path = tile_path("entries", number, len(tail.bundle))
        writes.write_newest(log / path, bundle_from_entries(tail.bundle))


def _widths_below(folder: Path, width: int) -> list[int]:
    names = [path.name for path in folder.glob("*")]
    widths = (int(n) for n in names if re.fullmatch("[1-9][0-9]{0,2}", n))
    return [found for found in widths if found < width]


def tail_at(folder: Path, size: int) -> Tail:
    """The end of the log in a folder as it was at a size.

    Raises:
        UnavailableRecord: a file is missing.
        ProofFails: a file is damaged.
    """
    if size == 0:
        return Tail()
    reader = TileReader(folder / "log", size)
    width = size % TILE_WIDTH or TILE_WIDTH
    (_, bundle), *_ = reader.bundles(size - width, size)
    return Tail(
        reader.edge(),
        bundle if width < TILE_WIDTH else [],
        PayloadReader(folder).end(size),
        entry_from_bytes(bundle[-1]).sealed_at,
    )


def remove_replaced(folder: Path, before: int, after: int) -> None:
    """Removes the partial tiles whose full tile came between two sizes.

    Only once the full ones are on the disk, for until then a crash may need them. What
    cannot be removed stays, and is true.
    """
    level = 0
    while before >> (8 * level) and after >> (8 * (level + 1)):
        start = (before >> (8 * level)) // TILE_WIDTH
        for number in range(start, after >> (8 * (level + 1))):
            for name in (level, "entries") if level == 0 else (level,):
                path = folder / "log" / f"{tile_path(name, number)}.p"
                with suppress(OSError):
                    for partial in path.iterdir():
                        partial.unlink()
                    path.rmdir()
        level += 1


def is_leftover(path: str, size: int) -> bool:
    """Whether a commit writes files of this path, and a log of `size` entries has none
    there yet, or keeps it no longer.

    `path` is under the record's folder.
    """
    if path == "log/checkpoint.new":
        return True
    group = _GROUP_PATH.fullmatch(path)
    if group is not None:
        number = _number(group["number"])
        return group_path(number) == path and number * TILE_WIDTH >= size
    found = _TILE_PATH.fullmatch(path.removeprefix("log/"))
    if found is None or not PurePosixPath(path).is_relative_to("log"):
        return False
    name, number = found["level"], _number(found["number"])
    width = int(found["width"] or TILE_WIDTH)
    if path != f"log/{tile_path(name, number, width)}":
        return False
    level = 0 if name == "entries" else int(name)
    have = (size >> (8 * level)) - number * TILE_WIDTH
    # Of a tile that is full, a partial one is kept no longer; one that is not full yet
    # keeps every width it had.
    return width > have or width < TILE_WIDTH <= have


def _number(digits: str) -> int:
    return int("".join(c for c in digits if c.isdigit()))


__all__ = ["Committer", "Tail", "is_leftover", "remove_replaced", "tail_at"]
