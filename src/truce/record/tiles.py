"""The log as plain files: hash tiles and entry bundles.

Source: C2SP tlog-tiles v1.0.0 (c2sp.org/tlog-tiles): tiles of 256 hashes, `x000`-style
paths, partial tiles under `.p/W`, entries with two-byte big-endian lengths.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from truce.errors import ProofFails, UnavailableRecord
from truce.record.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    leaf_hash,
    node_hash,
    root_of_hashes,
)

TILE_WIDTH: Final = 256
_TILE_HEIGHT: Final = 8
# Tiles remembered, 40 kB each; a log of sixteen million entries has as many.
_CACHED_MAX: Final = 256
# Bytes read beyond where an entry should end, were all of its bundle of one size.
_SLACK: Final = 4096


def tile_path(level: int | str, number: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile (or, for level `entries`, a bundle) under the log's folder."""
    path = f"tile/{level}/{number_path(number)}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def number_path(number: int) -> str:
    """A number as a path of three digits an element, all but the last with an x.

    No folder then holds more than two thousand names. Source: C2SP tlog-tiles.
    """
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def bundle_from_entries(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_from_bundle(bundle: bytes, *, first: int, count: int) -> list[bytes]:
    """The entries of a bundle that should hold `count`, the first being statement
    `first`.

    Raises:
        ProofFails: the bundle holds fewer or more; the message names the statement.
    """
    entries, at = [], 0
    for index in range(first, first + count):
        size = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + size]
        if at + 2 > len(bundle) or len(entry) != size:
            raise ProofFails(f"statement {index}: its entry is cut short in the log")
        entries.append(entry)
        at += 2 + size
    if at != len(bundle):
        raise ProofFails(
            f"statement {first + count - 1}: {len(bundle) - at} bytes "
            "stand after its entry"
        )
    return entries


class TreeEdge:
    """The right edge of a growing tree: what is needed to append and to know the root.

    `levels[i]` are the hashes of the last, partial tile of level i. Appending touches
    only these, so its cost does not grow with the log.
    """

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]
        self.size = 0

    def copied(self) -> "TreeEdge":
        """The same edge, to be taken further without changing this one."""
        edge = TreeEdge()
        edge.levels = [list(row) for row in self.levels]
        edge.size = self.size
        return edge

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Takes a leaf hash; answers the tiles it completed (level, number, bytes)."""
        if len(self.levels[0]) < TILE_WIDTH - 1:  # nearly always
            self.size += 1
            self.levels[0].append(leaf)
            return []
        completed: list[tuple[int, int, bytes]] = []
        self.size += 1
        rising, level = leaf, 0
        while True:
            if level == len(self.levels):
                self.levels.append([])
            row = self.levels[level]
            row.append(rising)
            if len(row) < TILE_WIDTH:
                return completed
            number = (self.size >> (_TILE_HEIGHT * (level + 1))) - 1
            completed.append((level, number, b"".join(row)))
            rising = root_of_hashes(row)
            row.clear()
            level += 1

    def partial_tiles(self, since: int = 0) -> list[tuple[int, int, bytes]]:
        """The tiles at the edge that are not full and have grown since the tree had
        `since` entries, as (level, number, bytes).
        """
        return [
            (level, self.size >> (_TILE_HEIGHT * (level + 1)), b"".join(row))
            for level, row in enumerate(self.levels)
            if row
            and self.size >> (_TILE_HEIGHT * level) > since >> (_TILE_HEIGHT * level)
        ]

    def root(self) -> bytes:
        """The root of the tree so far."""
        reached: bytes | None = None
        for row in self.levels:
            for subtree in _perfect_roots(row):
                reached = subtree if reached is None else node_hash(subtree, reached)
        return EMPTY_ROOT if reached is None else reached


def _perfect_roots(row: Sequence[bytes]) -> Iterator[bytes]:
    """The roots of the complete subtrees that make up a row, the smallest (right)
    first.
    """
    end = len(row)
    while end:
        width = end & -end
        yield root_of_hashes(row[end - width : end])
        end -= width


_Read = TypeVar("_Read")

# All hashes inside a tile: those it holds, then row by row those above them.
_Rows = list[list[bytes]]


class TileCache:
    """The insides of the tiles that most proofs go through: those above the lowest
    level, and those at the edge.

    A log of ten million entries has 155 of them, so that a proof costs the same
    whatever the log's size. A tile of one width never changes.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int, int], _Rows] = {}

    def get(self, level: int, number: int, width: int) -> _Rows | None:
        """What is known of a tile of a width."""
        return self._rows.get((level, number, width))

    def keep(self, level: int, number: int, width: int, rows: _Rows) -> None:
        """Remembers the inside of a tile, if it is one that is asked for often."""
        if level == 0 and width == TILE_WIDTH:
            return
        if len(self._rows) >= _CACHED_MAX:
            self._rows.clear()
        self._rows[level, number, width] = rows


class TileReader:
    """Reads a log of a given size from its folder."""

    def __init__(
        self, folder: Path, size: int, *, cache: TileCache | None = None
    ) -> None:
        self.folder = folder
        self.size = size
        self._cache = cache or TileCache()
        # A proof asks for several hashes of one tile.
        self._known: dict[tuple[int, int], _Rows] = {}

    def node(self, height: int, index: int) -> bytes:
        """The hash of the complete subtree of 2**height entries, the index-th of its
        height.

        Raises:
            UnavailableRecord: the tile is missing.
            ProofFails: the tile is too short.
        """
        level, rest = divmod(height, _TILE_HEIGHT)
        number, offset = divmod(index << rest, TILE_WIDTH)
        rows = self._rows(level, number)
        if offset >> rest >= len(rows[rest]):
            raise ProofFails(f"tile {level}/{number} is cut short")
        return rows[rest][offset >> rest]

    def entry(self, index: int) -> bytes:
        """The bytes of one entry.

        Raises:
            UnavailableRecord: the bundle is missing.
            ProofFails: the bundle is damaged; the message names the statement.
        """
        number, place = divmod(index, TILE_WIDTH)
        count = min(TILE_WIDTH, self.size - number * TILE_WIDTH)

        def read(path: Path, width: int) -> bytes | None:
            return _entry_at(path, place, width)

        entry = _found(self.folder, "entries", number, count, read)
        if entry is None:
            raise ProofFails(f"statement {index}: its entry is cut short in the log")
        return entry

    def _rows(self, level: int, number: int) -> _Rows:
        width = self._width(level, number)
        rows = self._known.get((level, number))
        rows = rows or self._cache.get(level, number, width)
        if rows is None:
            tile = self._read(level, number)[: width * HASH_SIZE]
            rows = [
                [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]
            ]
            while len(rows) <= _TILE_HEIGHT:
                row = rows[-1]
                pairs = range(0, len(row) - 1, 2)
                rows.append([node_hash(row[at], row[at + 1]) for at in pairs])
            self._cache.keep(level, number, width, rows)
        self._known[level, number] = rows
        return rows

    def edge(self) -> TreeEdge:
        """The right edge, to append after it."""
        edge = TreeEdge()
        edge.size = self.size
        level, count = 0, self.size
        while count:
            if level == len(edge.levels):
                edge.levels.append([])
            width = count % TILE_WIDTH
            if width:
                tile = self._read(level, count // TILE_WIDTH)
                edge.levels[level] = [
                    tile[i * HASH_SIZE : (i + 1) * HASH_SIZE] for i in range(width)
                ]
            count //= TILE_WIDTH
            level += 1
        return edge

    def bundles(self, start: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
        """The entries from `start` to `end` (exclusive), as (first index, entries) in
        bundles.
        """
        for number in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = number * TILE_WIDTH
            count = min(TILE_WIDTH, self.size - first)
            bundle, width = _covering(self.folder, "entries", number, count)
            entries = entries_from_bundle(bundle, first=first, count=width)
            low, high = max(start, first), min(end, first + count)
            yield low, entries[low - first : high - first]

    def _read(self, level: int, number: int) -> bytes:
        width = self._width(level, number)
        return _covering(self.folder, level, number, width)[0]

    def _width(self, level: int, number: int) -> int:
        have = (self.size >> (_TILE_HEIGHT * level)) - number * TILE_WIDTH
        return min(have, TILE_WIDTH)


def _covering(
    folder: Path, level: int | str, number: int, width: int
) -> tuple[bytes, int]:
    """A tile or bundle of at least this width, and the width it has.

    Raises:
        UnavailableRecord: neither is there.
    """
    return _found(
        folder, level, number, width, lambda path, has: (path.read_bytes(), has)
    )


def _found(
    folder: Path,
    level: int | str,
    number: int,
    width: int,
    read: Callable[[Path, int], _Read],
) -> _Read:
    """What `read` reads from the tile of this width, or from the full one.

    `read` is given the path and the width of the one that is there.

    A log keeps every partial tile until the full one is there, so whoever reads an
    older checkpoint finds its own tile or the full one: a log only grows.
    Source: C2SP tlog-tiles, partial tiles.

    Raises:
        UnavailableRecord: neither is there, or it cannot be read.
    """
    exact = path = folder / tile_path(level, number, width)
    try:
        try:
            return read(path, width)
        except FileNotFoundError:
            path = folder / tile_path(level, number)
            return read(path, TILE_WIDTH)
    except FileNotFoundError:
        raise _missing(exact, os.strerror(errno.ENOENT)) from None
    except OSError as error:
        raise _missing(path, error.strerror or str(error)) from error


def _entry_at(path: Path, place: int, width: int) -> bytes | None:
    """The entry at a place of a bundle of a width; None where the bundle ends too soon.

    Entries are of about one size, so the bundle is read only about as far as the entry
    should end: a random place of a large log is read from the disk, and that is most
    of what its proof costs.
    """
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        bundle = os.pread(file.fileno(), size * (place + 1) // width + _SLACK, 0)
        entry = _entry_in(bundle, place)
        if entry is None and len(bundle) < size:
            entry = _entry_in(file.read(), place)
    return entry


def _entry_in(bundle: bytes, place: int) -> bytes | None:
    at = 0
    for _ in range(place):
        at += 2 + int.from_bytes(bundle[at : at + 2], "big")
    size = int.from_bytes(bundle[at : at + 2], "big")
    entry = bundle[at + 2 : at + 2 + size]
    return None if at + 2 > len(bundle) or len(entry) != size else entry


def _missing(path: Path, reason: str) -> UnavailableRecord:
    return UnavailableRecord(
        f"{path}: {reason}; restore it from a copy of the log", is_retry_safe=True
    )


__all__ = [
    "TILE_WIDTH",
    "TileCache",
    "TileReader",
    "TreeEdge",
    "bundle_from_entries",
    "entries_from_bundle",
    "leaf_hash",
    "number_path",
    "tile_path",
]
