"""A whole log or record, read once from its beginning, from a folder or a server.

1. The checkpoint has its form, and the key that the founding names signed it.
2. Every entry: its form, record, place in time, maker and signature.
3. No commitment stands twice.
4. Every payload that this copy has is the one committed to.
5. The tiles that the checkpoint needs hold the hashes of the tree; its root is theirs.
6. The witnessed checkpoint is of this same tree.
A record that is written to meanwhile is checked as far as the checkpoint read first.
Tiles of other widths and files that mean nothing are left to `truce verify`.
"""

from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast
from urllib.error import HTTPError
from urllib.request import urlopen

from truce_verify import Report, Wrong, entries, makers, must, notes

__all__ = ["LogCheck", "false_signatures", "number_path", "open_file", "read_file"]
_FILE_MAX = 256 * (2 + 65_535)  # bytes of the largest bundle; longer is an attack
_PAYLOAD_MAX = 67_174_400
_TIMEOUT_S = 30  # a server that is silent for longer is not there
_POOL_FROM = 4096  # statements; fewer are checked before other processes would start
_AHEAD = 32  # bundles whose signatures may wait, so that memory stays bounded
_Check = tuple[int, bytes, bytes, bytes]  # statement, key, signature, message


def open_file(base: str, path: str) -> BinaryIO:
    """A file of a folder or an http(s) address; an empty one where there is none."""
    try:
        if base.startswith(("http://", "https://")):
            return cast(BinaryIO, urlopen(f"{base}/{path}", timeout=_TIMEOUT_S))
        return Path(base, path).open("rb")
    except (FileNotFoundError, NotADirectoryError, HTTPError) as error:
        if getattr(error, "code", 404) not in {404, 410}:
            raise
    return BytesIO()


def read_file(base: str, path: str) -> bytes:
    """A whole file that is no payload."""
    with open_file(base, path) as stream:
        raw = _part(stream, _FILE_MAX + 1)
    must(len(raw) <= _FILE_MAX, "too-large", f"{path} is larger than any may be")
    return raw


def _part(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, or all that are left; half an answer of a server is no verdict."""
    raw = stream.read(size)
    if len(raw) < size and getattr(stream, "length", None):
        raise OSError("the answer of the server broke off")
    return raw


def number_path(number: int) -> str:
    """A number as C2SP tlog-tiles writes it: x001/x234/067."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def _root(hashes: list[bytes]) -> bytes:
    """(5) The root over hashes. RFC 6962, 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + _root(hashes[:split]) + _root(hashes[split:])).digest()


def false_signatures(checks: list[_Check]) -> list[int]:
    """(2) Those whose signature does not hold; runs in a process of its own."""
    return [at for at, *check in checks if not notes.is_signed(*check)]


class LogCheck:
    """A log at `prefix` below a base while it is checked; a bare log has no prefix."""

    def __init__(self, base: str, prefix: str, report: Report) -> None:
        self.base, self.prefix, self.report = base, prefix, report
        self.leaves: list[bytes] = []
        self.sealed: dict[bytes, int] = {}  # by commitment: its statement
        self.jobs: list[Future[list[int]]] = []
        self.sealed_at = ""

    def run(self, trust: notes.Trust) -> None:
        """All checks in order; the witnessed checkpoint is read first, lest it grew."""
        paths = "witnessed/checkpoint", f"{self.prefix}checkpoint"
        told = {path: raw for path in paths if (raw := read_file(self.base, path))}
        origin, self.size, _ = notes.checkpoint_from_note(told.get(paths[1], b""))
        self.report.origin, self.report.statements = origin, self.size
        self.makers = makers.Makers(origin)
        self.walk()
        founding = self.makers.founding
        log = founding.key or trust.key or b""
        must(log, "unknown-key", "no founding is here: give the log's --key")
        if not founding.key:
            self.report.remarks.append("No founding is here: makers are not checked.")
        for path, raw in told.items():  # 1, 5, 6.
            with self.report.noting(path):
                (_, size, root), enough = notes.verify_note(raw, log, trust, founding)
                is_same = _root(self.leaves[:size]) == root
                must(is_same, "proof-root", f"at size {size} it is of other entries")
                self.report.witnessed = size if enough else self.report.witnessed
        if read_file(self.base, "timestamps/index"):
            self.report.remarks.append(notes.STAMPS)

    def walk(self) -> None:
        """(2 to 5) All statements, then all tiles; all cores check signatures."""
        is_small = self.size < _POOL_FROM
        with ThreadPoolExecutor() if is_small else ProcessPoolExecutor() as pool:
            try:
                for number in range(-(-self.size // 256)):
                    self.jobs.append(pool.submit(false_signatures, self.span(number)))
                    self.settle(_AHEAD)
            finally:  # where a bundle is missing, what was read before it is still told
                self.settle(0)
        level, row = 0, self.leaves
        while row:  # 5. Each full tile is one hash of the level above it.
            tiles = [row[at : at + 256] for at in range(0, len(row), 256)]
            for number, tile in enumerate(tiles):
                with self.report.noting(f"tile/{level}/{number_path(number)}"):
                    data, width = self.tile(level, number, len(tile))
                    holds = len(data) == 32 * width and data.startswith(b"".join(tile))
                    must(holds, "tile-false", "it is not what the entries make")
            level, row = level + 1, [_root(tile) for tile in tiles if len(tile) == 256]

    def settle(self, ahead: int) -> None:
        """(2) Names the statements whose signatures do not hold, but of the last."""
        while len(self.jobs) > ahead:
            for index in self.jobs.pop(0).result():
                with self.report.noting(f"statement {index}", index):
                    raise Wrong("bad-signature", "its maker's signature does not hold")

    def span(self, number: int) -> list[_Check]:
        """(2 to 4) The statements of one bundle; answers the signatures to check."""
        first, checks, raws, at = 256 * number, list[_Check](), list[bytes](), 0
        need = min(256, self.size - first)
        data, width = self.tile("entries", number, need)
        while at < len(data):
            start, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2], "big")
            raws.append(data[start:at])
        is_whole = at == len(data) and len(raws) == width
        must(is_whole, "tile-false", f"bundle {number} does not hold {width} entries")
        self.leaves += [sha256(b"\0" + raw).digest() for raw in raws[:need]]
        with open_file(self.base, f"payloads/{number_path(number)}") as group:
            for index, raw in enumerate(raws[:need], first):
                with self.report.noting(f"statement {index}", index):
                    checks += self.statement(index, raw, group)
        return checks

    def statement(self, index: int, raw: bytes, group: BinaryIO) -> list[_Check]:
        """(2 to 4) One statement; raises the first thing that is wrong with it."""
        salt, payload = self.payload(group)
        self.report.not_here += payload is None
        entry = entries.entry_from_bytes(raw)
        before, self.sealed_at = self.sealed_at, entry.sealed_at
        must(before <= self.sealed_at, "out-of-order", "it was sealed before the last")
        earlier = self.sealed.setdefault(bytes.fromhex(entry.commitment), index)
        must(earlier == index, "replayed", f"it repeats statement {earlier}")  # 3.
        if payload is not None:
            entry.verify_payload("bad-commitment", salt, payload)  # 4.
        key = self.makers.take(index, entry, payload)
        is_known = not key or payload is not None or entry.kind not in makers.FORMS
        must(is_known, "enrolment-absent", "what it decides is not in this copy")
        return [(index, key, entry.signature, entry.message)] if key else []

    def payload(self, group: BinaryIO) -> tuple[bytes, bytes | None]:
        """(4) Salt and payload of the next statement; None: not in this copy."""
        told = _part(group, 8)
        if told == b"\xff" * 8 or isinstance(group, BytesIO):  # no such file
            return b"", None
        size, salt = int.from_bytes(told, "big"), _part(group, 32)
        payload = _part(group, size) if size <= _PAYLOAD_MAX else b""
        is_whole = len(salt) == 32 and len(payload) == size
        must(is_whole, "payload-cut", "it, or one before it, is cut short or too long")
        return salt, payload

    def tile(self, level: int | str, number: int, need: int) -> tuple[bytes, int]:
        """(5) A tile of the width needed, or the full one, and how wide it is."""
        path = f"{self.prefix}tile/{level}/{number_path(number)}"
        for width in (need, 256):  # a writer removes the lesser after the full one came
            place = path if width == 256 else f"{path}.p/{width}"
            if data := read_file(self.base, place):
                return data, width
        raise Wrong("tile-missing", f"{path} is not in this copy; fetch it again")
