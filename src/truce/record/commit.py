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

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from truce.errors import ProofFails
from truce.identifiers import StatementIndex
from truce.record._durable import DurableWrites, replace_durably
from truce.record.envelope import Entry
from truce.record.keys import SecretKey
from truce.record.log import Record
from truce.record.merkle import HASH_SIZE, leaf_hash
from truce.record.note import Checkpoint, signed_checkpoint
from truce.record.payloads import SaltedPayload, pack_from_payloads, pack_path
from truce.record.tiles import (
    TILE_WIDTH,
    TileReader,
    TreeEdge,
    bundle_from_entries,
    tile_path,
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
    """Removes what no checkpoint of `size` statements covers: leftovers of a crash."""
    for pack in (folder / "payloads").glob("*/*.pack"):
        if pack.stem.isdigit() and int(pack.stem) >= size:
            pack.unlink()
    log = folder / "log"
    for path in log.glob("tile/**/*"):
        place = PurePosixPath(path.relative_to(log))
        if path.is_file() and not _is_covered(place, size):
            path.unlink()


def sweep_replaced(folder: Path, before: int, after: int) -> None:
    """Removes the partial tiles of a tree of `before` entries that `after` replaced."""
    log = folder / "log"
    stale = set(edge_paths(before)) - set(edge_paths(after))
    for path in stale:
        (log / path).unlink(missing_ok=True)
        parent = (log / path).parent
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


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


def _is_covered(path: PurePosixPath, size: int) -> bool:
    """Whether a log of `size` entries has a file of this path under its folder."""
    level = 0 if path.parts[1] == "entries" else int(path.parts[1])
    plain = path.parent if path.parent.suffix == ".p" else path
    number = int("".join(part.strip("x.p") for part in plain.parts[2:]))
    width = min(TILE_WIDTH, (size >> (8 * level)) - number * TILE_WIDTH)
    name = "entries" if path.parts[1] == "entries" else level
    return width > 0 and str(path) == tile_path(name, number, width)


__all__ = ["Tail", "commit", "edge_paths", "sweep", "sweep_replaced", "tail_of"]
