"""A whole log or record, read once from its beginning, from a folder or a server.

1. The checkpoint has its form, and the key that the founding names signed it.
2. Every entry: its form, record, place in time, maker and signature.
3. No commitment stands twice.
4. Every payload that this copy has is the one committed to.
5. Every tile holds the hashes of the tree, and its root is the checkpoint's.
6. The witnessed checkpoint and the timestamped ones are of this same tree.
7. No file lies in `log` or `payloads` for which nothing accounts.

A record that is written to meanwhile is checked as far as the checkpoint read first.

Source: docs/spec/record.md, 1 and 3 to 8; RFC 6962, 2.1; C2SP tlog-tiles.
"""

import io
import os
import re
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from truce_verify import Report, Wrong, entries, notes, timestamps

SMALL_MAX = 1 << 18  # bytes of a note or timestamp; longer is an attack
_INDEX_MAX = 1 << 24  # bytes: a million timestamps
_TILE_MAX = 256 * (2 + 65_535)
_PAYLOAD_MAX = 67_174_400
_ABSENT = 2**64 - 1
_TIMEOUT_S = 30  # a server that is silent for longer is not there
_POOL_FROM = 4096  # statements; fewer are checked before other processes would start
_AHEAD = 32  # bundles whose signatures may wait, so that memory stays bounded
_LOOKS = 8  # a look misses only where a writer replaced the tile meanwhile
_NUMBER = "((?:x[0-9]{3}/)*[0-9]{3})"
_TILE = re.compile(
    rf"tile/(entries|[0-9]|[1-5][0-9])/{_NUMBER}(?:\.p/([1-9][0-9]{{0,2}}))?"
)

_Level = int | str  # of a tile: its height, or `entries`
_Tiles = dict[int, bytes]  # what a copy has of one tile, by width
_Check = tuple[int, bytes, bytes, bytes]  # statement, key, signature, message


class Source:
    """Where a copy lies, a folder or an http(s) address; files by their path below."""

    def __init__(self, address: str) -> None:
        self.is_url = address.startswith(("http://", "https://"))
        self.address = address.rstrip("/")

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO | None]:
        """The file, to be read from its beginning; None where there is none."""
        stream, place = None, f"{self.address}/{path}"
        if self.is_url:
            try:
                stream = urllib.request.urlopen(place, timeout=_TIMEOUT_S)
            except urllib.error.HTTPError as error:
                if error.code not in {404, 410}:
                    raise
        elif Path(place).is_file():  # no pipe, which would never end
            with suppress(FileNotFoundError):
                stream = Path(place).open("rb")  # noqa: SIM115 # closed below
        with stream or nullcontext():
            yield stream

    def read(self, path: str, size_max: int) -> bytes | None:
        """A whole file; None where there is none."""
        with self.open(path) as stream:
            if stream is None:
                return None
            raw = stream.read(size_max + 1)
            if len(raw) > size_max:
                raise Wrong("too-large", f"{path} has more than {size_max} bytes")
            _verify_end(stream)
        return raw


def _verify_end(stream: BinaryIO) -> None:
    """That a server did not break off: it told more than it sent."""
    if getattr(stream, "length", 0):
        raise OSError("the answer of the server broke off")


def number_path(number: int) -> str:
    """A number as C2SP tlog-tiles writes it: x001/x234/067."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _root(rows: list[list[bytes]]) -> bytes:
    """(5) The root over the open tiles of all levels; of nothing by RFC 6962."""
    whole: bytes | None = None
    for row in rows:
        end = len(row)
        while end:
            width = end & -end  # the smallest full subtree is rightmost
            part = row[end - width : end]
            while len(part) > 1:
                part = [_node(*part[at : at + 2]) for at in range(0, len(part), 2)]
            whole = part[0] if whole is None else _node(part[0], whole)
            end -= width
    return sha256().digest() if whole is None else whole


def false_signatures(checks: list[_Check]) -> list[int]:
    """(2) Those whose signature does not hold; runs in a process of its own."""
    return [at for at, *check in checks if not notes.is_signed(*check)]


def _payload_from(stream: BinaryIO) -> bytes | None:
    """(4) Salt and payload of the next statement of a group; None: not in this copy."""
    size = stream.read(8)
    rest = int.from_bytes(size, "big") + 32
    if rest == _ABSENT + 32:
        return None
    salted = stream.read(rest) if len(size) == 8 and rest <= _PAYLOAD_MAX + 32 else b""
    if len(salted) != rest:
        _verify_end(stream)
        reason = "its payload, or an earlier one in its group, is cut short or too long"
        raise Wrong("payload-cut", reason)
    return salted


class LogCheck:
    """A log at `prefix` of a source while it is checked; a bare log has no prefix."""

    def __init__(
        self, source: Source, prefix: str, report: Report, trust: notes.Trust
    ) -> None:
        self.source, self.prefix = source, prefix
        self.report, self.trust = report, trust
        self.log, self.policy = trust.key, trust.policy
        self.rows: list[list[bytes]] = [[]]  # the open tile of each level
        self.roots: dict[int, bytes] = {}  # by size: those that other notes speak of
        self.sealed: dict[int, int] = {}  # a keyed mark of each commitment: statement
        self.sealed_at, self.founded = "", False

    def run(self) -> None:
        """All checks in order."""
        earlier = dict(self.earlier())  # read first, so that none is ahead of the log
        note = self.small(f"{self.prefix}checkpoint")
        with self.report.noting("checkpoint"):
            checkpoint = notes.checkpoint_from_note(note)  # 1.
            self.report.origin, self.size = checkpoint.origin, checkpoint.size
            self.report.statements = self.size
            self.makers = entries.Makers(checkpoint.origin)
            self.walk()
            if not self.founded:
                self.report.remarks.append("No founding here: makers are not checked.")
            with self.report.noting("checkpoint"):
                if self.roots[self.size] != checkpoint.root:  # 5.
                    raise Wrong("proof-root", "the entries are not those it covers")
            if not self.log:  # 1.
                raise Wrong("unknown-key", "no founding is here: give the log's --key")
            notes.verify_note(note, self.log, self.trust, self.policy)
            for path, old in earlier.items():  # 6.
                with self.report.noting(path):
                    self.assess_earlier(path, old, self.log)
            self.name_strangers()  # 7.
        if self.trust.policy and self.report.witnessed is None:
            with self.report.noting("witnessed/checkpoint"):
                raise Wrong("proof-witnesses", "nothing satisfies the policy you gave")

    def small(self, path: str) -> bytes:
        """A small file; empty where there is none."""
        return self.source.read(path, SMALL_MAX) or b""

    def earlier(self) -> Iterator[tuple[str, bytes]]:
        """(6) The witnessed checkpoint and the timestamped ones, by path."""
        index = self.prefix and self.source.read("timestamps/index", _INDEX_MAX)
        lines = (index or b"").decode(errors="replace").split("\n")
        sizes = [int(one) for one in lines if re.fullmatch(notes.NUMBER, one)]
        with self.report.noting("timestamps/index"):
            if lines != [*map(str, sorted({*sizes})), ""]:
                raise Wrong("timestamp-form", "it is no list of sizes, rising")
        paths = [f"timestamps/{size}.note" for size in sizes]
        for path in ["witnessed/checkpoint", *paths] if self.prefix else []:
            if (note := self.small(path)) or path[0] == "t":
                with suppress(Wrong):
                    self.roots[notes.checkpoint_from_note(note).size] = b""
                yield path, note

    def assess_earlier(self, path: str, note: bytes, log: notes.Vkey) -> None:
        """(6) One note on an earlier tree: of this tree; witnessed, or timed."""
        found, keys = notes.verify_note(note, log, self.trust, self.policy)
        if self.roots[found.size] != found.root:
            raise Wrong("proof-root", f"at size {found.size} it is of another tree")
        if path == "witnessed/checkpoint":
            if self.policy and not self.policy.is_satisfied(keys):
                raise Wrong("proof-witnesses", f"{len(keys)} cosignatures are too few")
            self.report.witnessed = found.size
            return
        if path != f"timestamps/{found.size}.note":
            raise Wrong("timestamp-form", f"its note is of size {found.size}")
        tsr = self.small(path.replace(".note", ".tsr"))
        timestamps.assess_timestamp(found.size, tsr, note, self.trust, self.report)

    def walk(self) -> None:
        """(2 to 5) All statements and tiles; all cores check signatures."""
        cores, pending = os.cpu_count() or 1, deque[Future[list[int]]]()
        pool: Executor = ThreadPoolExecutor(1)
        if self.size >= _POOL_FROM and cores > 1:
            pool = ProcessPoolExecutor(cores, get_context("spawn"))
        with pool:
            try:
                for number in range(-(-self.size // 256)):
                    pending.append(pool.submit(false_signatures, self.span(number)))
                    while len(pending) > _AHEAD:
                        self.take(pending.popleft())
            finally:  # where a bundle is missing, what was read before it is still told
                while pending:
                    self.take(pending.popleft())
        self.roots[self.size] = _root(self.rows)
        for level, row in enumerate(self.rows):
            if row:
                self.compare(level, self.size >> 8 * (level + 1), row)

    def take(self, signatures: Future[list[int]]) -> None:
        """(2) Names the statements whose signatures do not hold."""
        for index in signatures.result():
            with self.report.noting(f"statement {index}", index):
                raise Wrong("bad-signature", "the signature of its maker does not hold")

    def span(self, number: int) -> list[_Check]:
        """(2 to 5) The statements of one bundle; answers the signatures to check."""
        first, checks = 256 * number, list[_Check]()
        raws = self.bundle(number)
        path = f"payloads/{number_path(number)}"
        with self.source.open(path) if self.prefix else nullcontext() as opened:
            group = opened
            for index, raw in enumerate(raws, first):
                with self.report.noting(f"statement {index}", index):
                    try:
                        salted = _payload_from(group) if group else None
                    except Wrong:
                        group = io.BytesIO()  # what follows cannot be found either
                        raise
                    self.report.not_here += salted is None
                    entry = entries.entry_from_bytes(raw)
                    checks += self.statement(index, entry, salted)
        row = [sha256(b"\0" + raw).digest() for raw in raws]
        for size in self.roots.keys() & {*range(first, first + len(row))}:
            self.roots[size] = _root([row[: size - first], *self.rows[1:]])
        level = 0
        self.rows[0] = row
        while len(row) == 256:  # 5. A tile is full: its root goes up a level.
            self.compare(level, number >> 8 * level, row)
            root, self.rows[level] = _root([row]), []
            level += 1
            if level == len(self.rows):
                self.rows.append([])
            row = self.rows[level]
            row.append(root)
        return checks

    def statement(
        self, index: int, entry: entries.Entry, salted: bytes | None
    ) -> list[_Check]:
        """(2 to 4) One statement; raises the first thing that is wrong with it."""
        is_late, self.sealed_at = entry.sealed_at < self.sealed_at, entry.sealed_at
        mark = hash(entry.commitment)  # eight bytes, keyed anew in each process
        earlier = self.sealed.setdefault(mark, index)
        if entry.record != self.makers.origin:
            raise Wrong("wrong-record", f"it is of {entry.record}")
        if is_late:
            raise Wrong("out-of-order", "it was sealed before the one before it")
        if earlier != index:  # 3. The mark leads there; the whole commitment decides.
            raw = self.bundle(earlier // 256)[earlier % 256]
            if entries.entry_from_bytes(raw).commitment == entry.commitment:
                raise Wrong("replayed", f"it repeats statement {earlier}")
        if (entry.kind == "founding") != (index == 0):
            raise Wrong("kind-refused", "a founding is entry 0, and no other is")
        if salted is not None:
            digest = sha256(entries.COMMITMENT)
            digest.update(salted)
            if digest.digest() != entry.commitment:
                raise Wrong("bad-commitment", "its payload is not the one committed to")
        if index == 0 and salted:
            self.log, policy = self.makers.found(salted[32:])
            self.policy = self.policy or policy
            self.makers.verify(entry)
            self.founded = True
        elif self.founded and entry.kind == "enrolment":
            self.makers.verify(entry)
            if salted is None:
                raise Wrong("enrolment-absent", "whom it enrols is not in this copy")
            self.makers.enrol(salted[32:])
        elif self.founded:
            key = self.makers.verify_key(entry)
            return [(index, key, entry.signature, entry.message)]
        return []

    def bundle(self, number: int) -> list[bytes]:
        """(2, 5) The entries of a bundle, every width of which must be true."""
        need = min(256, self.size - 256 * number)
        tiles = self.tiles("entries", number, need)
        data, at, raws = next(tiles[width] for width in tiles if width >= need), 0, []
        for index in range(256 * number, 256 * number + need):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if end > len(data) or at + 2 > len(data):
                raise Wrong("tile-false", f"the entry of statement {index} is cut off")
            raws.append(data[at:end])
            at = end
        self.compare("entries", number, raws, tiles)
        return [raw[2:] for raw in raws]

    def tiles(self, level: _Level, number: int, need: int) -> _Tiles:
        """(5) What this copy has of a tile, by width; one at least covers the need."""
        path = f"{self.prefix}tile/{level}/{number_path(number)}"
        for _ in range(_LOOKS):
            folder = Path(self.source.address, f"{path}.p")
            listed = folder.iterdir() if folder.is_dir() else ()
            widths = {int(one.name) for one in listed if one.name.isdecimal()}
            paths = {width: f"{path}.p/{width}" for width in sorted(widths | {need})}
            paths[256] = path
            read = {at: self.source.read(one, _TILE_MAX) for at, one in paths.items()}
            found = {at: data for at, data in read.items() if data is not None}
            if max(found, default=0) >= need:
                return found
        if self.source.is_url:
            raise OSError(f"{path} is not served; the log may have grown")
        raise Wrong("tile-missing", f"{path} is not in this copy; fetch it again")

    def compare(
        self, level: _Level, number: int, row: list[bytes], tiles: _Tiles | None = None
    ) -> None:
        """(5) Every width of a tile is true, or begins with all that is covered."""
        with self.report.noting(f"{self.prefix}tile/{level}/{number_path(number)}"):
            tiles = tiles or self.tiles(level, number, len(row))
            for width, data in tiles.items():
                true = b"".join(row[:width])
                if not data.startswith(true) or (width <= len(row) and data != true):
                    raise Wrong("tile-false", f"width {width} is not what entries make")

    def name_strangers(self) -> None:
        """(7) Files beyond the checkpoint are a writer's, at work or broken off."""
        base, ahead = Path(self.source.address), 0
        found = [*(base / self.prefix).rglob("*"), *(base / "payloads").rglob("*")]
        for path in [one for one in found if not one.is_dir()]:  # of a server: none
            name = path.relative_to(base).as_posix()
            tile = _TILE.fullmatch(name.removeprefix(self.prefix))
            group = re.fullmatch(f"payloads/{_NUMBER}", name)
            text = tile[2] if tile else group[1] if group else "000"
            number = int(re.sub("[x/]", "", text))
            height = int(tile[1]) if tile and tile[1] != "entries" else 0
            end = 256 * number + (int(tile[3] or 256) if tile else 1)
            ahead += end << 8 * height > self.size
            is_known = bool(group) or name == f"{self.prefix}checkpoint"
            is_known |= tile is not None and int(tile[3] or 1) < 256
            if not is_known or number_path(number) != text:
                with self.report.noting(name):
                    raise Wrong("stranger", "nothing accounts for this file; remove it")
        if ahead:
            self.report.remarks.append(f"{ahead} files are ahead of the checkpoint.")


__all__ = ["SMALL_MAX", "LogCheck", "Source", "false_signatures", "number_path"]
