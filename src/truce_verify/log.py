"""A whole log or record, read once from its beginning, from a folder or a server.

1. The checkpoint has its form, and the key that the founding names signed it.
2. Every entry: its form, record, place in time, maker and signature.
3. No commitment stands twice.
4. Every payload that this copy has is the one committed to.
5. The tiles that the checkpoint needs hold the hashes of the tree; its root is theirs.
6. The witnessed checkpoint is of this same tree.

A record that is written to meanwhile is checked as far as the checkpoint read first.
Tiles of other widths and files that mean nothing are left to `truce verify`.

Source: docs/spec/record.md, 1 and 3 to 7; RFC 6962, 2.1; C2SP tlog-tiles.
"""

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from hashlib import sha256
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, cast
from urllib.error import HTTPError
from urllib.request import urlopen

from truce_verify import Report, Wrong, entries, notes

TIMESTAMPS = (
    "Timestamps are not checked here; for each SIZE: openssl ts -verify -data "
    "timestamps/SIZE.note -in timestamps/SIZE.tsr -CAfile ROOTS.pem"
)
_FILE_MAX = 256 * (2 + 65_535)  # bytes of the largest bundle; longer is an attack
_PAYLOAD_MAX = 67_174_400
_ABSENT = b"\xff" * 8
_TIMEOUT_S = 30  # a server that is silent for longer is not there
_POOL_FROM = 4096  # statements; fewer are checked before other processes would start
_AHEAD = 32  # bundles whose signatures may wait, so that memory stays bounded

_Check = tuple[int, bytes, bytes, bytes]  # statement, key, signature, message


def open_file(base: str, path: str) -> BinaryIO | None:
    """A file of a folder or an http(s) address; None where there is none."""
    try:
        if base.startswith(("http://", "https://")):
            return cast(BinaryIO, urlopen(f"{base}/{path}", timeout=_TIMEOUT_S))
        return Path(base, path).open("rb")
    except (
        FileNotFoundError,
        NotADirectoryError,
        IsADirectoryError,
        HTTPError,
    ) as error:
        if getattr(error, "code", 404) not in {404, 410}:
            raise
    return None


def read_file(base: str, path: str) -> bytes:
    """A whole file that is no payload; empty where there is none."""
    with open_file(base, path) or BytesIO() as stream:
        raw = _part(stream, _FILE_MAX + 1)
    if len(raw) > _FILE_MAX:
        raise Wrong("too-large", f"{path} has more than {_FILE_MAX} bytes")
    return raw


def _part(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, or all that are left; half an answer of a server is no verdict."""
    raw = stream.read(size)
    if len(raw) < size and getattr(stream, "length", None):
        raise OSError("the answer of the server broke off")
    return raw


def _payload_from(stream: BinaryIO) -> bytes | None:
    """(4) Salt and payload of the next statement of a group; None: not in this copy."""
    size = _part(stream, 8)
    if size == _ABSENT:
        return None
    end = int.from_bytes(size, "big") + 32
    salted = _part(stream, end) if end <= _PAYLOAD_MAX + 32 else b""
    if len(size) < 8 or len(salted) < end:
        reason = "its payload, or an earlier one in its group, is cut short or too long"
        raise Wrong("payload-cut", reason)
    return salted


def number_path(number: int) -> str:
    """A number as C2SP tlog-tiles writes it: x001/x234/067."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def _root(hashes: list[bytes]) -> bytes:
    """(5) RFC 6962, 2.1, over roots of full trees; the last may be of less."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + _root(hashes[:split]) + _root(hashes[split:])).digest()


def _whole_root(rows: list[list[bytes]]) -> bytes:
    """(5) The root over the open tiles of all levels: each is the last of the next."""
    last: list[bytes] = []
    for row in rows:
        last = [_root([*row, *last])] if row or last else []
    return _root(last)


def false_signatures(checks: list[_Check]) -> list[int]:
    """(2) Those whose signature does not hold; runs in a process of its own."""
    return [at for at, *check in checks if not notes.is_signed(*check)]


class LogCheck:
    """A log at `prefix` below a base while it is checked; a bare log has no prefix."""

    def __init__(self, base: str, prefix: str, report: Report) -> None:
        self.base, self.prefix, self.report = base, prefix, report
        self.rows: list[list[bytes]] = [[] for _ in range(8)]  # each level's open tile
        self.roots: dict[int, bytes] = {}  # by size: those that checkpoints speak of
        self.sealed: dict[bytes, int] = {}  # by commitment: its statement
        self.pending: list[Future[list[int]]] = []
        self.sealed_at = ""

    def run(self, trust: notes.Trust) -> None:
        """All checks in order."""
        # The witnessed one is read first, so that it is not ahead of the log.
        paths = "witnessed/checkpoint", f"{self.prefix}checkpoint"
        told = {path: read_file(self.base, path) for path in paths}
        checkpoint = notes.checkpoint_from_note(told[paths[1]])  # 1.
        self.report.origin, self.size = checkpoint.origin, checkpoint.size
        self.report.statements = self.size
        self.makers = entries.Makers(checkpoint.origin)
        with suppress(Wrong):
            self.roots[notes.checkpoint_from_note(told[paths[0]]).size] = b""
        self.walk()
        log, policy = self.makers.log, self.makers.policy
        if not log.key:
            self.report.remarks.append("No founding here: makers are not checked.")
            if not trust.key:
                raise Wrong("unknown-key", "no founding is here: give the log's --key")
            log = trust.key
        for path, note in told.items():  # 1, 5, 6.
            with self.report.noting(path):
                if note:
                    found, is_witnessed = notes.verify_note(note, log, trust, policy)
                    if self.roots[found.size] != found.root:
                        raise Wrong("proof-root", "the tree of that size has another")
                    if is_witnessed:
                        self.report.witnessed = found.size
        if read_file(self.base, "timestamps/index"):
            self.report.remarks.append(TIMESTAMPS)

    def walk(self) -> None:
        """(2 to 5) All statements and tiles; all cores check signatures."""
        pool: Executor = ThreadPoolExecutor(1)
        if self.size >= _POOL_FROM:
            pool = ProcessPoolExecutor(mp_context=get_context("spawn"))
        with pool:
            try:
                for number in range(-(-self.size // 256)):
                    checks = self.span(number)
                    self.pending.append(pool.submit(false_signatures, checks))
                    self.settle(_AHEAD)
            finally:  # where a bundle is missing, what was read before it is still told
                self.settle(0)
        self.roots[self.size] = _whole_root(self.rows)
        for level, row in enumerate(self.rows):
            if row:
                self.compare(level, self.size >> 8 * (level + 1), row)

    def settle(self, ahead: int) -> None:
        """(2) Names the statements whose signatures do not hold, but of the last."""
        while len(self.pending) > ahead:
            for index in self.pending.pop(0).result():
                with self.report.noting(f"statement {index}", index):
                    raise Wrong("bad-signature", "its maker's signature does not hold")

    def span(self, number: int) -> list[_Check]:
        """(2 to 5) The statements of one bundle; answers the signatures to check."""
        first, checks, row = 256 * number, list[_Check](), list[bytes]()
        raws, path = self.bundle(number), f"payloads/{number_path(number)}"
        with open_file(self.base, path) or nullcontext() as group:
            for index, raw in enumerate(raws, first):
                row.append(sha256(b"\0" + raw).digest())
                with self.report.noting(f"statement {index}", index):
                    salted = _payload_from(group) if group else None
                    self.report.not_here += salted is None
                    checks += self.statement(index, raw, salted)
        for size in self.roots.keys() & {*range(first, first + len(row))}:
            self.roots[size] = _whole_root([row[: size - first], *self.rows[1:]])
        self.rows[0], level = row, 0
        while len(full := self.rows[level]) == 256:  # 5. Its root goes up a level.
            self.compare(level, number >> 8 * level, full)
            self.rows[level], level = [], level + 1
            self.rows[level].append(_root(full))
        return checks

    def statement(self, index: int, raw: bytes, salted: bytes | None) -> list[_Check]:
        """(2 to 4) One statement; raises the first thing that is wrong with it."""
        entry = entries.entry_from_bytes(raw)
        before, self.sealed_at = self.sealed_at, entry.sealed_at
        earlier = self.sealed.setdefault(entry.commitment, index)
        if entry.sealed_at < before:
            raise Wrong("out-of-order", "it was sealed before the one before it")
        if earlier != index:  # 3.
            raise Wrong("replayed", f"it repeats statement {earlier}")
        if salted:
            entry.verify_payload("bad-commitment", salted[:32], salted[32:])  # 4.
        elif entry.kind == "enrolment" and self.makers.log.key:
            raise Wrong("enrolment-absent", "whom it enrols is not in this copy")
        if not self.makers.log.key and not (index == 0 and salted):
            return []  # no founding is here
        payload = salted[32:] if salted else None
        return [(index, *self.makers.take(index, entry, payload))]

    def bundle(self, number: int) -> list[bytes]:
        """(2, 5) The entries of a bundle, as far as the checkpoint covers it."""
        end, at, raws = min(256 * number + 256, self.size), 0, list[bytes]()
        data, is_exact = self.tile("entries", number, end - 256 * number)
        for index in range(256 * number, end):
            start, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2], "big")
            if max(start, at) > len(data):
                raise Wrong("tile-false", f"the entry of statement {index} is cut off")
            raws.append(data[start:at])
        with self.report.noting(f"statement {end - 1}", end - 1):
            if is_exact and at != len(data):
                raise Wrong("tile-false", "bytes stand after its entry")
        return raws

    def compare(self, level: int, number: int, row: list[bytes]) -> None:
        """(5) A tile is true, or begins with all that the checkpoint covers."""
        with self.report.noting(f"{self.prefix}tile/{level}/{number_path(number)}"):
            data, is_exact = self.tile(level, number, len(row))
            true = b"".join(row)
            if data != true and (is_exact or not data.startswith(true)):
                raise Wrong("tile-false", "it is not what the entries make")

    def tile(self, level: int | str, number: int, need: int) -> tuple[bytes, bool]:
        """(5) A tile of the width needed, or the full one; whether it is the former."""
        path = f"{self.prefix}tile/{level}/{number_path(number)}"
        for width in sorted({need, 256}):  # a writer removes the lesser after the full
            place = path if width == 256 else f"{path}.p/{width}"
            if data := read_file(self.base, place):
                return data, width == need
        raise Wrong("tile-missing", f"{path} is not in this copy; fetch it again")


__all__ = ["LogCheck", "false_signatures", "number_path", "open_file", "read_file"]
