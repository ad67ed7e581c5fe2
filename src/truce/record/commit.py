"""One commit of a log: making statements durable, and clearing what commits replace.

What a commit does, and what a crash in it leaves behind:

1. The payloads are written as one pack.
2. The entries and the tree's new tiles are written where no checkpoint looks yet.
3. Everything written is flushed to the disk. A crash up to here leaves files that the
   next commit writes over or `sweep` removes.
4. The signed checkpoint replaces the old one in one step. Only now do the statements
   exist, and only now is the caller told so.
5. Partial tiles that the new ones replace are removed. A crash here leaves some; they
   are true, and `sweep` removes them.

A checkpoint is never signed for a tree whose files are not on the disk already.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from truce.errors import ProofFails, UnavailableRecord
from truce.identifiers import StatementIndex
from truce.record._durable import DurableWrites, replace_durably, sync_folder
from truce.record.envelope import Entry
from truce.record.keys import SecretKey
from truce.record.log import Record
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import Checkpoint, signed_checkpoint
from truce.record.payloads import SaltedPayload, pack_from_payloads, pack_path, packs_in
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


@dataclass(slots=True)
class Tail:
    """The end of a log: what the next commit builds on."""

    edge: TreeEdge = field(default_factory=TreeEdge)
    bundle: list[bytes] = field(default_factory=list)
    sealed_at: datetime | None = None


def commit(
    folder: Path,
    origin: str,
    tail: Tail,
    pairs: Sequence[tuple[Entry, SaltedPayload]],
    log_key: SecretKey,
) -> tuple[Tail, bytes]:
    """Makes statements durable under a new checkpoint: the log's new end, and the note.

    Raises:
        UnavailableRecord: the disk refused; the old checkpoint stands.
        OutcomeUnknown: the disk failed while the checkpoint was replaced.
    """
    first = tail.edge.size
    entries = [entry for entry, _ in pairs]
    writes = DurableWrites()
    # (1) the payloads
    pack = pack_from_payloads([salted for _, salted in pairs])
    writes.write(folder / "payloads" / pack_path(first), pack)
    # (2) the entries and tiles
    after = Tail(deepcopy(tail.edge), list(tail.bundle), entries[-1].sealed_at)
    _write_tree(writes, folder / "log", after, entries)
    # (3) to the disk
    writes.flush()
    # (4) the checkpoint
    checkpoint = Checkpoint(origin=origin, size=after.edge.size, root=after.edge.root())
    note = signed_checkpoint(checkpoint, log_key)
    replace_durably(folder / "log" / "checkpoint", note)
    return after, note


def _write_tree(
    writes: DurableWrites, log: Path, tail: Tail, entries: Sequence[Entry]
) -> None:
    for entry in entries:
        tail.bundle.append(entry.raw)
        for level, number, tile in tail.edge.append(leaf_hash(entry.raw)):
            writes.write(log / tile_path(level, number), tile)
        if len(tail.bundle) == TILE_WIDTH:
            path = tile_path("entries", tail.edge.size // TILE_WIDTH - 1)
            writes.write(log / path, bundle_from_entries(tail.bundle))
            tail.bundle.clear()
    for level, number, tile in tail.edge.partial_tiles():
        path = tile_path(level, number, len(tile) // HASH_SIZE)
        writes.write(log / path, tile)
    if tail.bundle:
        number = tail.edge.size // TILE_WIDTH
        path = tile_path("entries", number, len(tail.bundle))
        writes.write(log / path, bundle_from_entries(tail.bundle))


def tail_of(record: Record) -> Tail:
    """The end of a log that the next commit builds on.

    Raises:
        ProofFails: the tiles do not lead to the checkpoint's root.
    """
    tiles = TileReader(record.folder / "log", record.size)
    edge = tiles.edge()
    root = edge.root()
    if root != record.root:
        raise ProofFails(
            f"{record.origin}: the tiles lead to another root than the checkpoint; "
            "run truce verify, then restore the log from a copy"
        )
    width = record.size % TILE_WIDTH
    bundle = [entry.raw for entry in record.entries(record.size - width, record.size)]
    last = record.entry(StatementIndex(record.size - 1))
    return Tail(edge, bundle, last.sealed_at)


def sweep(folder: Path, size: int) -> None:
    """Removes what no checkpoint of `size` statements covers: leftovers of a crash.

    Then every folder is flushed, so that whoever commits next builds on names that are
    on the disk. Files that no commit writes are left for `verify` to name.

    Raises:
        UnavailableRecord: the disk refused.
    """
    log = folder / "log"
    try:
        for first, pack in packs_in(folder / "payloads"):
            if first >= size:
                pack.unlink()
        (log / "checkpoint.new").unlink(missing_ok=True)
        for path in log.glob("tile/**/*"):
            place = PurePosixPath(path.relative_to(log))
            if path.is_file() and _is_leftover(place, size):
                path.unlink()
        for path in (log, *log.rglob("*"), *folder.glob("payloads/**")):
            if path.is_dir():
                sync_folder(path)
    except OSError as error:
        raise UnavailableRecord(
            f"{folder}: {error.strerror or error} while leftovers of an earlier writer "
            "were removed; check that the folder can be written, then try again",
            is_retry_safe=True,
        ) from error


def sweep_replaced(folder: Path, before: int, after: int) -> bool:
    """Removes the partial tiles of a tree of `before` entries that `after` replaced.

    The statements are sealed by now: what cannot be removed stays, and is true. Answers
    whether nothing stayed.
    """
    log = folder / "log"
    stale = set(edge_paths(before)) - set(edge_paths(after))
    try:
        for path in stale:
            (log / path).unlink(missing_ok=True)
            parent = (log / path).parent
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
    except OSError:
        return False
    return True


def edge_paths(size: int) -> list[str]:
    """The paths of the partial tiles and the partial bundle of a tree of `size`."""
    paths, level, count = [], 0, size
    while count:
        number, width = divmod(count, TILE_WIDTH)
        if width:
            paths.append(tile_path(level, number, width))
            if level == 0:
                paths.append(tile_path("entries", number, width))
        level, count = level + 1, number
    return paths


def _is_leftover(path: PurePosixPath, size: int) -> bool:
    """Whether a commit writes files of this path, and a log of `size` has none there.

    `path` is under the log's folder.
    """
    found = _TILE_PATH.fullmatch(str(path))
    if found is None:
        return False
    name, digits, partial = found["level"], found["number"], found["width"]
    level = 0 if name == "entries" else int(name)
    number = int("".join(c for c in digits if c.isdigit()))
    if str(path) != tile_path(name, number, int(partial or TILE_WIDTH)):
        return False
    width = min(TILE_WIDTH, (size >> (8 * level)) - number * TILE_WIDTH)
    return width <= 0 or str(path) != tile_path(name, number, width)


__all__ = ["Tail", "commit", "edge_paths", "sweep", "sweep_replaced", "tail_of"]
