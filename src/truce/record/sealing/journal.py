"""The journal: what makes a commit durable with one wait for the disk.

A log's files are many: two tiles, a bundle, a group of payloads and the checkpoint for
each commit. Flushing each would cost ten waits. So what a commit adds is first written
into one file that is there already, and that one write is flushed. The files
themselves are flushed now and then, and the journal starts again.

The file: two slots that say from which size of the log on the journal counts (written
in turn, so that one is whole whatever happens), then frames, each with the entries and
payloads of one commit. Slots and frames end in a hash. A frame also repeats its slot's
nonce: bytes that look like a frame, be it one of an earlier round or inside a payload
that somebody crafted, are none.

It belongs to the operator's folder and is not part of the record.
"""

import hashlib
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from truce.errors import OutcomeUnknown
from truce.record._durable import sync_folder, unavailable
from truce.record.payloads import SaltedPayload

_MAGIC: Final = b"truce-j1"
_NONCE_SIZE: Final = 16
_HASH_SIZE: Final = 32
_SLOT: Final = struct.Struct(f">8sQQ{_NONCE_SIZE}s")
# Far enough apart that no disk writes both at once.
_SLOT_SPAN: Final = 4096
_FRAMES_AT: Final = 2 * _SLOT_SPAN
_FRAME: Final = struct.Struct(f">I{_NONCE_SIZE}sQI")
_PART: Final = struct.Struct(">II")
# Small to begin with, for most records are quiet; at the largest it takes about ten
# thousand statements between two flushes of the files.
_SIZE_MIN: Final = 64 * 1024
_SIZE_MAX: Final = 8 * 1024 * 1024


# A larger commit is flushed into the files at once: it waits for them once anyway.
FRAME_SIZE_MAX: Final = 1024 * 1024


class Addition(NamedTuple):
    """One statement as a commit adds it: its entry and its payload."""

    entry: bytes
    salted: SaltedPayload


class Frame(NamedTuple):
    """What one commit added: the first statement's index, and the statements."""

    first: int
    additions: tuple[Addition, ...]


class Journal:
    """An open journal. `base` is the size of the log from which its frames go on."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.base = 0
        self.frames: tuple[Frame, ...] = ()
        self._descriptor = descriptor
        self._round = 0
        self._nonce = bytes(_NONCE_SIZE)
        self._end = _FRAMES_AT
        self._size = os.fstat(descriptor).st_size

    @classmethod
    def opened(cls, path: Path) -> "Self | None":
        """The journal in a file, with its frames; None where there is none, or none of
        its slots is whole.

        Raises:
            UnavailableRecord: it cannot be read.
        """
        try:
            if not path.exists():
                return None
            journal = cls(path, os.open(path, os.O_RDWR))
            if journal._read():
                return journal
            journal.close()
        except OSError as error:
            raise unavailable(path, error) from error
        return None

    @classmethod
    def begun(cls, path: Path, base: int) -> Self:
        """A new journal that goes on from a log of `base` statements, all of whose
        files are flushed. Once this returns, those statements stand.

        Raises:
            UnavailableRecord: the disk refused.
            OutcomeUnknown: it may or may not have been begun.
        """
        try:
            journal = cls(path, os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            journal._grow(_SIZE_MIN)
            sync_folder(path.parent)
        except OSError as error:
            raise unavailable(path, error) from error
        journal.restart(base)
        return journal

    def close(self) -> None:
        """Lets go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added since it started."""
        return self._end == _FRAMES_AT

    def has_room(self, size: int) -> bool:
        """Whether a frame of so many bytes fits, if need be after growing."""
        return self._end + size + _HASH_SIZE <= _SIZE_MAX

    def append(self, frame: bytes) -> None:
        """Adds a frame. Once this returns, its statements stand.

        Raises:
            UnavailableRecord: the disk refused; the frame is not there.
            OutcomeUnknown: the disk failed, and would not take that back either.
        """
        sealed = self._sealed(frame)
        try:
            if self._end + len(sealed) > self._size:
                self._grow(min(_SIZE_MAX, 2 * max(self._size, self._end + len(sealed))))
            self._put(self._end, sealed)
        except OSError as error:
            self._take_back(sealed, error)
            raise unavailable(self.path, error) from error
        self._end += len(sealed)

    def restart(self, base: int) -> None:
        """Goes on from a log of `base` statements, all of whose files are flushed.

        Raises:
            OutcomeUnknown: the disk failed: the old round or the new one may stand.
        """
        following = self._round + 1
        nonce = os.urandom(_NONCE_SIZE)
        slot = _SLOT.pack(_MAGIC, following, base, nonce)
        try:
            at = following % 2 * _SLOT_SPAN
            self._put(at, slot + hashlib.sha256(slot).digest())
        except OSError as error:
            raise OutcomeUnknown(
                f"{self.path}: {error.strerror or error} while the journal was "
                "restarted; open the record anew"
            ) from error
        self._round, self._nonce, self.base = following, nonce, base
        self._end = _FRAMES_AT

    def _sealed(self, frame: bytes) -> bytes:
        whole = frame[:4] + self._nonce + frame[4 + _NONCE_SIZE :]
        return whole + hashlib.sha256(whole).digest()

    def _put(self, at: int, content: bytes) -> None:
        view = memoryview(content)
        while view:
            written = os.pwrite(self._descriptor, view, at)
            view, at = view[written:], at + written
        os.fdatasync(self._descriptor)

    def _take_back(self, sealed: bytes, reason: OSError) -> None:
        """Makes sure that a frame whose writing failed is not read one day."""
        size = min(len(sealed), self._size - self._end)
        try:
            self._put(self._end, bytes(size))
        except OSError as error:
            if os.pread(self._descriptor, len(sealed), self._end) != sealed:
                return  # not even the system has it whole, so nobody can read it
            raise OutcomeUnknown(
                f"{self.path}: {reason.strerror or reason}, and it could not be taken "
                f"back ({error.strerror or error}); open the record anew and look "
                "before sealing it again"
            ) from error

    def _grow(self, size: int) -> None:
        # Noughts that are on the disk: writing over them later changes no metadata, so
        # a flush is one wait and not two.
        if size > self._size:
            self._put(self._size, bytes(size - self._size))
            os.fsync(self._descriptor)
            self._size = size

    def _read(self) -> bool:
        whole = os.pread(self._descriptor, self._size, 0)
        slots = [self._slot(whole[at : at + _SLOT_SPAN]) for at in (0, _SLOT_SPAN)]
        found = max((slot for slot in slots if slot is not None), default=None)
        if found is None:
            return False
        self._round, self.base, self._nonce = found
        frames, expected = [], self.base
        while (frame := self._frame(whole)) is not None and frame.first == expected:
            frames.append(frame)
            expected += len(frame.additions)
        self.frames = tuple(frames)
        return True

    def _slot(self, raw: bytes) -> tuple[int, int, bytes] | None:
        body, found = raw[: _SLOT.size], raw[_SLOT.size : _SLOT.size + _HASH_SIZE]
        if hashlib.sha256(body).digest() != found:
            return None
        magic, number, base, nonce = _SLOT.unpack(body)
        return (number, base, nonce) if magic == _MAGIC else None

    def _frame(self, whole: bytes) -> Frame | None:
        head = whole[self._end : self._end + _FRAME.size]
        if len(head) < _FRAME.size:
            return None
        size, nonce, first, count = _FRAME.unpack(head)
        end = self._end + size
        body, found = whole[self._end : end], whole[end : end + _HASH_SIZE]
        if nonce != self._nonce or hashlib.sha256(body).digest() != found:
            return None
        self._end = end + _HASH_SIZE
        return Frame(first, tuple(_additions(body, count)))


def frame_of(first: int, additions: Sequence[Addition]) -> bytes:
    """The bytes of a frame, but for the nonce and the hash that a journal adds."""
    parts = [b""]
    for entry, salted in additions:
        parts += (_PART.pack(len(entry), len(salted.payload)), entry, *salted)
    size = _FRAME.size + sum(map(len, parts))
    parts[0] = _FRAME.pack(size, bytes(_NONCE_SIZE), first, len(additions))
    return b"".join(parts)


def _additions(body: bytes, count: int) -> list[Addition]:
    found, at = [], _FRAME.size
    for _ in range(count):
        entry_size, payload_size = _PART.unpack_from(body, at)
        at += _PART.size
        entry, at = body[at : at + entry_size], at + entry_size
        salt, at = body[at : at + _HASH_SIZE], at + _HASH_SIZE
        payload, at = body[at : at + payload_size], at + payload_size
        found.append(Addition(entry, SaltedPayload(salt, payload)))
    return found


def journal_path(folder: Path) -> Path:
    """Where a record's folder keeps its journal."""
    return folder / "journal"


__all__ = [
    "FRAME_SIZE_MAX",
    "Addition",
    "Frame",
    "Journal",
    "frame_of",
    "journal_path",
]
