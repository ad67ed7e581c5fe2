"""A small record that is written to while everything breaks, and what must hold after.

Whatever broke: reopened, the record holds; each acknowledged statement stands in it
once; no other stands twice; and every checkpoint that was ever signed is of a tree that
the record still leads to.
"""

import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    RecordWriter,
    Unsealed,
    found_record,
    verify_record,
)
from truce.record.keys import SecretKey
from truce.record.merkle import leaf_hash
from truce.record.note import Checkpoint, signed_checkpoint
from truce.record.payloads import PayloadReader
from truce.record.sealing import commit as commits
from truce.record.sealing import journal as journals
from truce.record.tiles import TILE_WIDTH, TreeEdge
from truce.statements import rights_by_kind
from truce_verify.__main__ import main as independent

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
# A few more statements fill the first bundle and begin the second one.
SEALED = 250


class Outcome(NamedTuple):
    """What a broken history cost; each must be 0."""

    lost: int
    doubled: int
    forks: int


def statement(payload: bytes) -> Unsealed:
    """A delivery of the operator's."""
    return Unsealed(kind="delivery", by=OPERATOR, payload=payload, stated_at=NOW)


def begun(folder: Path) -> None:
    """Founds a record just below the end of its first bundle."""
    writer = found_record(
        folder,
        kind=RecordKind.STUDY,
        name="broken",
        clock=lambda: NOW,
        rights=rights_by_kind(),
    )
    writer.seal([statement(b"before %d" % n) for n in range(1, SEALED)])
    writer.close()


def opened(folder: Path) -> RecordWriter:
    """The writer of a record."""
    return RecordWriter.opened(folder, clock=lambda: NOW)


@contextmanager
def small_journal() -> Iterator[None]:
    """A journal that is full after a few commits, and takes only small ones, so that a
    short history meets every way in which statements come to stand.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journals, "_SIZE_MAX", 16 * 1024)
        patch.setattr(journals, "_SIZE_MIN", 12 * 1024)
        patch.setattr(commits, "FRAME_SIZE_MAX", 3_000)
        yield


@contextmanager
def signatures(told: list[bytes] | int) -> Iterator[None]:
    """Hears every checkpoint as it is signed: into a list, or a pipe of lines."""

    def heard(checkpoint: Checkpoint, key: SecretKey) -> bytes:
        line = f"signed {checkpoint.size} {checkpoint.root.hex()}\n".encode()
        if isinstance(told, int):
            os.write(told, line)
        else:
            told.append(line)
        return signed_checkpoint(checkpoint, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commits, "signed_checkpoint", heard)
        yield


# What a history seals, commit by commit: single ones, one past the end of the bundle,
# one too large for the small journal.
BATCHES = (1, 1, 3, 1, 2, 6, 1, 1)


def history(folder: Path, told: list[bytes]) -> None:
    """Seals the batches in order, and notes each once it is acknowledged."""
    writer = opened(folder)
    number = 0
    for count in BATCHES:
        payloads = [b"said %d" % (number + i) for i in range(count)]
        writer.seal([statement(payload) for payload in payloads])
        told += [b"sealed " + payload + b"\n" for payload in payloads]
        number += count
    writer.close()


def history_of_many(folder: Path, pipe: int) -> None:
    """Four callers seal at once; each notes what was acknowledged."""
    writer = opened(folder)

    def caller(name: int) -> None:
        for number in range(6):
            payload = b"caller %d said %d" % (name, number)
            writer.seal([statement(payload)])
            os.write(pipe, b"sealed " + payload + b"\n")

    callers = [threading.Thread(target=caller, args=(n,)) for n in range(4)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    writer.close()


def outcome_of(folder: Path, told: Iterable[bytes]) -> Outcome:
    """Opens a record after whatever befell it, goes on with it, and counts.

    Fails where it does not open, does not go on, or does not hold.
    """
    again = opened(folder)
    again.seal([statement(b"after")])
    again.close()
    faults = verify_record(folder).faults
    assert faults == (), faults
    with redirect_stdout(StringIO()) as told_by_it:
        code = independent([str(folder), "--expect", "study"])
    assert code == 0, told_by_it.getvalue()
    return counted(folder, told)


def counted(folder: Path, told: Iterable[bytes]) -> Outcome:
    """What was lost, doubled or forked, by what was told while it lasted."""
    record = Record.opened(folder)
    held = Counter(payloads_of(record))
    roots = roots_of(record, told := list(told))
    lost = forks = 0
    for line in told:
        word, rest = line.rstrip(b"\n").split(b" ", 1)
        if word == b"sealed":
            lost += held[rest] < 1
        else:
            size, root = rest.decode().split()
            forks += roots.get(int(size)) != root
    lost += sum(held[b"before %d" % n] < 1 for n in range(1, SEALED))
    return Outcome(lost, sum(n - 1 for n in held.values()), forks)


def payloads_of(record: Record) -> Iterator[bytes]:
    """What every statement but the founding states."""
    reader = PayloadReader(record.folder)
    for number in range(-(-record.size // TILE_WIDTH)):
        count = min(TILE_WIDTH, record.size - number * TILE_WIDTH)
        for place, salted in enumerate(reader.group(number, count)):
            assert salted is not None
            if number or place:
                yield salted.payload


def roots_of(record: Record, told: Iterable[bytes]) -> dict[int, str]:
    """The roots of the record's log at the sizes at which a checkpoint was signed."""
    sizes = {int(line.split()[1]) for line in told if line.startswith(b"signed")}
    edge, roots = TreeEdge(), {}
    for entry in record.entries():
        edge.append(leaf_hash(entry.raw))
        if edge.size in sizes:
            roots[edge.size] = edge.root().hex()
    return roots


def copied(folder: Path, to: Path) -> Path:
    """A copy of a record."""
    shutil.copytree(folder, to)
    return to


__all__ = [
    "BATCHES",
    "NOW",
    "SEALED",
    "Outcome",
    "begun",
    "copied",
    "counted",
    "history",
    "history_of_many",
    "opened",
    "outcome_of",
    "payloads_of",
    "signatures",
    "small_journal",
    "statement",
]
