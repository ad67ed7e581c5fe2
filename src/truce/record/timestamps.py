"""Timestamps beside the log: checkpoints, and what an outside authority said of when.

`timestamps/SIZE.note` is a checkpoint of SIZE statements, `SIZE.tsr` the authority's
response over its bytes, `timestamps/index` the sizes, a line each, rising.
Source: docs/spec/record.md, sections 1 and 8.

A timestamp is kept in this order:

1. the folder is locked, and the index read again: nothing of that size stands yet;
2. the note and the response are written and made durable;
3. the index is replaced.

A crash before (3) leaves files that the index does not name. They mean nothing, and the
next timestamp of that size writes over them.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from truce.errors import InvalidRecord, ProofFails, UnavailableRecord
from truce.record._durable import Writes, replace_durably, sync_folder
from truce.record.log import Record
from truce.record.merkle import range_hash
from truce.record.note import Checkpoint, verify_checkpoint
from truce.record.tiles import TileReader

FOLDER: Final = "timestamps"
# As in a checkpoint: a decimal without leading noughts that no log outgrows.
_SIZE: Final = re.compile(r"[1-9][0-9]{0,17}")
# A response holds a few certificates; the largest we met has 8 kB. A note has a line a
# witness. Whatever is larger is no timestamp, and is not read into memory.
FILE_SIZE_MAX: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTimestamp:
    """A checkpoint of `size` statements, and the authority's response over its bytes.

    `note` and `response` are as they stand in the folder; nobody checked them.
    """

    size: int
    note: bytes
    response: bytes


def timestamp_sizes(folder: Path) -> tuple[int, ...]:
    """The sizes of which a record's folder keeps a timestamp, rising; none is fine.

    Raises:
        InvalidRecord: the index is not in its form.
        UnavailableRecord: the index cannot be read.
    """
    path = folder / FOLDER / "index"
    try:
        lines = path.read_bytes().decode("ascii").split("\n")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"{path} is no list of sizes: {error}") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if lines.pop() or not all(_SIZE.fullmatch(line) for line in lines):
        raise InvalidRecord(f"{path} is no list of sizes, expected one a line")
    sizes = tuple(int(line) for line in lines)
    if list(sizes) != sorted(set(sizes)):
        raise InvalidRecord(f"{path} does not rise; restore it from a copy")
    return sizes


def kept_timestamp(folder: Path, size: int) -> KeptTimestamp:
    """The timestamp of a size that the index names.

    Raises:
        UnavailableRecord: one of its two files is missing or too large.
    """
    return KeptTimestamp(
        size=size,
        note=_content(folder / FOLDER / f"{size}.note"),
        response=_content(folder / FOLDER / f"{size}.tsr"),
    )


def keep_timestamp(folder: Path, fresh: KeptTimestamp) -> KeptTimestamp:
    """Keeps a timestamp durably; answers what is kept of that size.

    Where another process kept one of that size first, that one is answered, and stays:
    what once was shown to somebody is not replaced.

    Raises:
        UnavailableRecord: the disk refused; the index does not name it.
        OutcomeUnknown: the disk failed in the last step; look before trying again.
    """
    room = folder / FOLDER
    with _locked(room):  # (1)
        sizes = timestamp_sizes(folder)
        if fresh.size in sizes:
            return kept_timestamp(folder, fresh.size)
        writes = Writes()
        writes.write(room / f"{fresh.size}.note", fresh.note)
        writes.write(room / f"{fresh.size}.tsr", fresh.response)
        writes.sync()  # (2)
        lines = "".join(f"{size}\n" for size in sorted({*sizes, fresh.size}))
        replace_durably(room / "index", lines.encode())  # (3)
    return fresh


def verify_stamped_note(record: Record, kept: KeptTimestamp) -> None:
    """Returns where a kept note is a checkpoint of this record's own history.

    The authority stamps any bytes. Only a note that the log's key signed, of the tree
    that this log had at that size, says anything of this record.

    Raises:
        ProofFails: it is no checkpoint of this record, of another size, or of a tree
            that this log never had.
    """
    checked = verify_own_note(record, kept.note)
    if checked.size != kept.size:
        raise ProofFails(
            f"{kept.size}.note is a checkpoint of {checked.size} statements"
        )


def verify_own_note(record: Record, note: bytes) -> Checkpoint:
    """The checkpoint that a note states, where it is of this record's own history.

    Raises:
        ProofFails: it is no checkpoint of this record, or of a tree that this log never
            had.
    """
    checked = verify_checkpoint(note, origin=record.origin, key=record.founding.log_key)
    if checked.size > record.size:
        raise ProofFails(
            f"a checkpoint holds {checked.size} statements and the log {record.size}: "
            "the log was cut back"
        )
    tiles = TileReader(record.folder / "log", record.size)
    if range_hash(tiles.node, 0, checked.size) != checked.root:
        raise ProofFails(
            f"a checkpoint of {checked.size} statements has another root than the log "
            "has at that size: the log's key signed two histories"
        )
    return checked


@contextmanager
def _locked(room: Path) -> Iterator[None]:
    """Alone among those who keep timestamps; a lock of its own, so that the record's
    writer may go on.
    """
    try:
        if not room.is_dir():
            room.mkdir(exist_ok=True)
            sync_folder(room.parent)
        descriptor = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise UnavailableRecord(
            f"{room}: {error.strerror or error}; check that the record's folder can "
            "be written, then try again; nothing was kept",
            is_retry_safe=True,
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(FILE_SIZE_MAX + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(content) > FILE_SIZE_MAX:
        raise UnavailableRecord(
            f"{path} has more than {FILE_SIZE_MAX} bytes, which no timestamp has; "
            "restore it from a copy of the record",
            is_retry_safe=True,
        )
    return content


def _unreadable(path: Path, error: OSError) -> UnavailableRecord:
    return UnavailableRecord(
        f"{path}: {error.strerror or error}; restore it from a copy of the record",
        is_retry_safe=True,
    )


__all__ = [
    "FILE_SIZE_MAX",
    "FOLDER",
    "KeptTimestamp",
    "keep_timestamp",
    "kept_timestamp",
    "timestamp_sizes",
    "verify_own_note",
    "verify_stamped_note",
]
