"""A whole log, or a whole record, read once from its beginning.

1. The checkpoint has its form; the founding names the key that signed it.
2. Every entry: its form, its record, its place in time, its maker, its signature.
3. No commitment stands twice.
4. Every payload that this copy has is the one committed to.
5. Every tile holds the hashes of the tree, and the tree's root is the checkpoint's.
6. The witnessed checkpoint and every timestamped one are of this same tree.
7. No other file lies in `log` or `payloads`.

A record that is written to meanwhile is checked as far as the checkpoint read first.

Source: docs/spec/record.md, 1 and 3 to 8; C2SP tlog-tiles.
"""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from multiprocessing import get_context
from typing import BinaryIO, NamedTuple

from truce_verify import Report, WorldFailed, Wrong
from truce_verify.entries import (
    COMMITMENT,
    ENROLLING,
    PAYLOAD_SIZE_MAX,
    Entry,
    Makers,
    entry_from_bytes,
)
from truce_verify.merkle import TILE_WIDTH, Tree, leaf_hash
from truce_verify.notes import (
    NOTE_SIZE_MAX,
    Checkpoint,
    Policy,
    Vkey,
    checkpoint_from_note,
    is_satisfied,
    is_signed,
    verify_checkpoint,
)
from truce_verify.proofs import Trust
from truce_verify.sources import Source, bytes_from
from truce_verify.timestamps import TSR_SIZE_MAX, verify_timestamp

_Check = tuple[int, bytes, bytes, bytes]  # statement, key, signature, message
_CHUNK = 512  # signatures per task: some 60 ms, so that handing over costs nothing
_POOL_FROM = 4096  # fewer are checked sooner than other processes start
_TILE_SIZE_MAX = TILE_WIDTH * (2 + 65_535)
_LOOKS_MAX = 8  # a look misses only where a writer replaced a tile meanwhile
_ABSENT = 2**64 - 1
_NUMBER = r"(?:x[0-9]{3}/)*[0-9]{3}"


def number_path(number: int) -> str:
    """A tile's number as C2SP tlog-tiles writes it: x001/x234/067."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def false_signatures(checks: list[_Check]) -> list[int]:
    """(2) The statements whose signature does not hold; runs in its own process."""
    return [at for at, *check in checks if not is_signed(*check)]


class _Signatures:
    """(2) Signatures, checked by all cores, a bounded number ahead."""

    def __init__(self, report: Report, size: int) -> None:
        self.report, self.cores = report, os.cpu_count() or 1
        self.checks: list[_Check] = []
        self.pending: deque[Future[list[int]]] = deque()
        self.pool: ProcessPoolExecutor | None = None
        if size >= _POOL_FROM and self.cores > 1:
            self.pool = ProcessPoolExecutor(self.cores, get_context("spawn"))

    def add(self, check: _Check) -> None:
        self.checks.append(check)
        if len(self.checks) >= _CHUNK:
            self.flush(4 * self.cores)

    def flush(self, pending_max: int = 0) -> None:
        """Hands over what was gathered, and takes what is ready."""
        if self.pool:
            self.pending.append(self.pool.submit(false_signatures, self.checks))
        else:
            self._take(false_signatures(self.checks))
        self.checks = []
        while len(self.pending) > pending_max:
            self._take(self.pending.popleft().result())

    def _take(self, statements: list[int]) -> None:
        for at in statements:
            reason = "the signature of its maker does not hold"
            self.report.fault(Wrong("bad-signature", reason), f"statement {at}", at)


class _Group:
    """(4) The payloads of 256 statements, read as a stream, never whole."""

    def __init__(self, stream: BinaryIO | None) -> None:
        self.stream, self.is_cut = stream, False

    def take(self, *, is_kept: bool) -> tuple[bytes, bytes] | None:
        """The next one's commitment, and its bytes if asked; None: not in this copy."""
        if self.stream is None:
            return None
        rest = int.from_bytes(self._exactly(self.stream, 8), "big")
        if rest == _ABSENT:
            return None
        self.is_cut |= rest > PAYLOAD_SIZE_MAX
        digest, kept = sha256(COMMITMENT + self._exactly(self.stream, 32)), b""
        while rest:
            part = self._exactly(self.stream, min(rest, 1 << 20))
            digest.update(part)
            kept += part if is_kept else b""
            rest -= len(part)
        return digest.digest(), kept

    def _exactly(self, stream: BinaryIO, size: int) -> bytes:
        part = b"" if self.is_cut else bytes_from(stream, size)
        self.is_cut = len(part) < size
        if self.is_cut:
            reason = (
                "its payload, or one before it in its group, is cut short or too long"
            )
            raise Wrong("payload-cut", reason)
        return part


class _LogCheck:
    """One log or record while it is checked."""

    def __init__(
        self, source: Source, prefix: str, report: Report, trust: Trust
    ) -> None:
        self.source, self.prefix = source, prefix
        self.report, self.trust = report, trust
        self.size, self.tree, self.sealed_at = 0, Tree(), b""
        self.roots: dict[int, bytes] = {}  # by size: those that other notes speak of
        self.seen, self.doubted = set[int](), set[int]()
        self.makers: Makers | None = None
        self.log, self.policy = trust.key, trust.policy

    @contextmanager
    def noting(self, where: str, statement: int | None = None) -> Iterator[None]:
        """Writes down what is wrong, and lets the rest go on."""
        try:
            yield
        except Wrong as wrong:
            self.report.fault(wrong, where, statement)

    def run(self) -> None:
        """All checks in order."""
        dated = dict(self.dated())  # before the checkpoint, so that none is ahead of it
        for note in dated.values():
            with suppress(Wrong):
                self.roots[checkpoint_from_note(note).size] = b""
        note = self.source.read(f"{self.prefix}checkpoint", NOTE_SIZE_MAX) or b""
        with self.noting("checkpoint"):
            checkpoint = checkpoint_from_note(note)  # 1.
            self.report.origin, self.size = checkpoint.origin, checkpoint.size
            self.report.statements = self.size
            self.walk(Makers(checkpoint.origin))
            if self.tree.root() != checkpoint.root:  # 5.
                raise Wrong("proof-root", "the entries are not those that it covers")
            if self.log is None:  # 1.
                reason = (
                    "no founding in this copy names the log's key; give it by --key"
                )
                raise Wrong("unknown-key", reason)
            self.trust.verify_log(self.log)
            self.cosigners(note, self.log)
            for where, earlier in dated.items():
                with self.noting(where):
                    self.assess_dated(where, earlier, self.log)
        self.name_strangers()
        if self.trust.policy and self.report.witnessed is None:
            reason = "no checkpoint in this copy satisfies the policy that you gave"
            self.report.fault(Wrong("proof-witnesses", reason), "witnessed/checkpoint")

    def dated(self) -> Iterator[tuple[str, bytes]]:
        """(6) The witnessed and the timestamped notes by path."""
        if not self.prefix:
            return
        if note := self.source.read("witnessed/checkpoint", NOTE_SIZE_MAX):
            yield "witnessed/checkpoint", note
        index = self.source.read("timestamps/index", 1 << 24) or b""
        sizes = [
            int(line) for line in re.findall(rb"(?:%s)\n" % NUMBER.encode(), index)
        ]
        if index != b"".join(b"%d\n" % size for size in sorted({*sizes})):
            reason = "it is not a list of sizes, one a line, rising"
            self.report.fault(Wrong("timestamp-form", reason), "timestamps/index")
        for size in sizes:
            path = f"timestamps/{size}.note"
            yield path, self.source.read(path, NOTE_SIZE_MAX) or b""

    def assess_dated(self, where: str, note: bytes, log: Vkey) -> None:
        """(6) One note on an earlier tree: of this tree, signed, witnessed or timed."""
        checkpoint, keys = self.cosigners(note, log)
        if self.roots[checkpoint.size] != checkpoint.root:
            raise Wrong(
                "proof-root", f"its root at {checkpoint.size} is of another tree"
            )
        if where == "witnessed/checkpoint":
            if self.policy and not is_satisfied(self.policy, keys):
                raise Wrong("proof-witnesses", f"{len(keys)} cosignatures are too few")
            self.report.witnessed = checkpoint.size
        elif where != f"timestamps/{checkpoint.size}.note":
            raise Wrong("timestamp-form", f"its note is of size {checkpoint.size}")
        else:
            tsr = self.source.read(where[:-4] + "tsr", TSR_SIZE_MAX) or b""
            self.report.stamp(
                checkpoint.size, *verify_timestamp(tsr, note, self.trust.roots)
            )

    def cosigners(self, note: bytes, log: Vkey) -> tuple[Checkpoint, frozenset[bytes]]:
        """(1) A note signed by the log; the policy's witnesses are known keys too."""
        known = self.policy.witnesses.values() if self.policy else ()
        return verify_checkpoint(note, log, known)

    def walk(self, makers: Makers) -> None:
        """(2, 4, 5) Every entry with its payload, and every tile."""
        signatures = _Signatures(self.report, self.size)
        with signatures.pool or nullcontext():
            try:
                for number in range(-(-self.size // TILE_WIDTH)):
                    self.span(number, makers, signatures)
            finally:
                signatures.flush()
        self.roots[self.size] = self.tree.root()
        for tile in self.tree.edge():
            self.compare(*tile)
        if self.makers is None:
            reason = "holds no readable founding: no maker or signature was checked."
            self.report.remarks.append(f"This copy {reason}")
        if self.doubted:
            self.name_replayed()

    def span(self, number: int, makers: Makers, signatures: _Signatures) -> None:
        """(2, 4, 5) The 256 statements of one bundle and one group of payloads."""
        entries, tiles = self.bundle(number)
        path = f"payloads/{number_path(number)}"
        with self.source.open(path) if self.prefix else nullcontext() as stream:
            group = _Group(stream)
            for index, raw in enumerate(entries, number * TILE_WIDTH):
                if index in self.roots:
                    self.roots[index] = self.tree.root()
                with self.noting(f"statement {index}", index):
                    self.statement(index, raw, group, makers, signatures)
                for tile in self.tree.append(leaf_hash(raw)):
                    self.compare(*tile)
        row = [len(raw).to_bytes(2, "big") + raw for raw in entries]
        self.compare("entries", number, row, tiles)

    def statement(
        self, index: int, raw: bytes, group: _Group, makers: Makers, queue: _Signatures
    ) -> None:
        """(2, 4) One statement; raises the first thing that is wrong with it."""
        entry = None
        try:
            entry = entry_from_bytes(raw)
        finally:
            taken = group.take(is_kept=entry is not None and entry.kind in ENROLLING)
            self.report.not_here += taken is None
        is_late, self.sealed_at = entry.sealed_at < self.sealed_at, entry.sealed_at
        mark = hash(entry.commitment)  # eight bytes, keyed anew in each process
        if mark in self.seen:
            self.doubted.add(mark)
        self.seen.add(mark)
        if entry.record != makers.origin:
            raise Wrong("wrong-record", f"it is of {entry.record}")
        if is_late:
            raise Wrong("out-of-order", "it was sealed before the statement before it")
        if (entry.kind == "founding") != (index == 0):
            raise Wrong("kind-refused", "a founding is entry 0, and no other is")
        if taken and taken[0] != entry.commitment:
            raise Wrong("bad-commitment", "its payload is not the one committed to")
        if index == 0 and taken:
            self.log, policy = makers.found(taken[1])
            self.policy = self.policy or policy
            makers.verify(entry)
            self.makers = makers
        elif self.makers and entry.kind != "enrolment":
            key = makers.key_of(entry)
            queue.add((index, key, entry.signature, entry.message))
        elif self.makers:
            makers.verify(entry)
            if not taken:
                raise Wrong("enrolment-absent", "whom it enrols is not in this copy")
            makers.enrol(taken[1])

    def name_replayed(self) -> None:
        """(3) Reads the entries again where marks met, and compares whole commitments."""
        first: dict[bytes, int] = {}
        for number in range(-(-self.size // TILE_WIDTH)):
            for index, raw in enumerate(self.bundle(number)[0], number * TILE_WIDTH):
                with suppress(Wrong):
                    commitment = entry_from_bytes(raw).commitment
                    if hash(commitment) in self.doubted:
                        earlier = first.setdefault(commitment, index)
                        if earlier != index:
                            wrong = Wrong("replayed", f"it repeats statement {earlier}")
                            self.report.fault(wrong, f"statement {index}", index)

    def bundle(self, number: int) -> tuple[list[bytes], list[tuple[int, bytes]]]:
        """(2) The entries of a span, and what this copy has of its bundle."""
        first = number * TILE_WIDTH
        need = min(TILE_WIDTH, self.size - first)
        tiles = self.tiles("entries", number, need)
        data = next(data for width, data in tiles if width >= need)
        entries, at = [], 0
        for index in range(first, first + need):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if at + 2 > len(data) or end > len(data):
                raise Wrong(
                    "tile-false", f"the entry of statement {index} is cut short"
                )
            entries.append(data[at + 2 : end])
            at = end
        return entries, tiles

    def tiles(
        self, level: int | str, number: int, need: int
    ) -> list[tuple[int, bytes]]:
        """(5) What this copy has of a tile, by width; one at least covers the need."""
        path = f"{self.prefix}tile/{level}/{number_path(number)}"
        for _ in range(_LOOKS_MAX):
            names, widths = self.source.names(f"{path}.p"), {need, TILE_WIDTH}
            if names is not None:
                widths |= {
                    int(one) for one in names if re.fullmatch("[1-9][0-9]{0,2}", one)
                }
            elif need < TILE_WIDTH:
                note = (
                    self.source.read(f"{self.prefix}checkpoint", NOTE_SIZE_MAX) or b""
                )
                newest = checkpoint_from_note(note).size >> 8 * int(
                    level != "entries" and level
                )
                widths.add(max(need, min(newest - number * TILE_WIDTH, TILE_WIDTH)))
            paths = [(one, f"{path}.p/{one}") for one in sorted(widths - {TILE_WIDTH})]
            read = [
                (width, self.source.read(one, _TILE_SIZE_MAX))
                for width, one in [*paths, (TILE_WIDTH, path)]
            ]
            found = [(width, data) for width, data in read if data is not None]
            if any(width >= need for width, _ in found):
                return found
        raise Wrong("tile-missing", f"{path} is not in this copy; fetch it again")

    def compare(
        self,
        level: int | str,
        number: int,
        row: list[bytes],
        tiles: list[tuple[int, bytes]] | None = None,
    ) -> None:
        """(5) Every width of a tile is true, or begins with all that is covered."""
        where = f"{self.prefix}tile/{level}/{number_path(number)}"
        with self.noting(where):
            for width, data in tiles or self.tiles(level, number, len(row)):
                true = b"".join(row[:width])
                if not data.startswith(true) or (width <= len(row) and data != true):
                    raise Wrong(
                        "tile-false", f"width {width}: not what the entries make"
                    )

    def name_strangers(self) -> None:
        """(7) Files that nothing accounts for; those ahead of the checkpoint may be."""
        ahead = 0
        for path in [*self.source.files(self.prefix), *self.source.files("payloads")]:
            found = _PATH.fullmatch(path.removeprefix(self.prefix))
            number = int(re.sub("[x/]", "", (found and found[2]) or "0"))
            ...


def assess_log(source: Source, prefix: str, report: Report, trust: Trust) -> None:
    """Checks a log at `prefix` of a copy; without prefix it is a bare log."""
    _LogCheck(source, prefix, report, trust).run()
