"""Writing files so that they survive a power cut, many with few waits."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from truce.errors import OutcomeUnknown, UnavailableRecord


class Writes:
    """Files written now and made durable together, later, by `sync`.

    Before `sync` returns, a crash may leave any subset of the files, torn; after it,
    all of them whole. With `is_again` what a file holds already is not written again,
    for somebody may be reading it.
    """

    def __init__(self, *, is_again: bool = False) -> None:
        self._files: dict[Path, Path] = {}
        self._folders: dict[Path, None] = {}
        self._is_again = is_again

    def write(self, path: Path, content: bytes) -> None:
        """Writes the file, replacing what was there.

        Raises:
            UnavailableRecord: the disk is full, or the folder cannot be written.
        """
        self._write(path, content, os.O_TRUNC, 0)
        self._files[path] = path

    def write_newest(self, path: Path, content: bytes) -> None:
        """Writes the newest of the files of a folder. Only that one is flushed: what
        the older ones say, it says too.

        Raises:
            UnavailableRecord: the disk is full, or the folder cannot be written.
        """
        self._write(path, content, os.O_TRUNC, 0)
        self._files[path.parent] = path

    def extend(self, path: Path, offset: int, content: bytes) -> None:
        """Writes at the end of what a file is known to hold, dropping what a commit
        that did not end left after it.

        Bytes before `offset` are neither read nor changed.

        Raises:
            UnavailableRecord: the disk is full, or the folder cannot be written.
        """
        self._write(path, content, 0, offset)
        self._files[path] = path

    def sync(self) -> None:
        """Returns once everything written is on the disk: contents first, then the
        folders that name them.

        Raises:
            UnavailableRecord: the disk refused; what was written must be written again,
                for the system may have dropped it.
        """
        files, folders = list(self._files.values()), list(self._folders)
        self._files, self._folders = {}, {}
        place = Path()
        try:
            for place in files:
                _sync_file(place)
            for place in folders:
                sync_folder(place)
        except OSError as error:
            raise unavailable(place, error) from error

    def _write(self, path: Path, content: bytes, flag: int, offset: int) -> None:
        try:
            self._make_folder(path.parent)
            self._folders[path.parent] = None
            if self._is_again and _holds(path, content, offset):
                return
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o644)
            try:
                if not flag and os.fstat(descriptor).st_size > offset:
                    os.ftruncate(descriptor, offset)
                _put(descriptor, content, offset)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise unavailable(path, error) from error

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            # A new folder is named by its parent, which must reach the disk as well.
            self._folders[path.parent] = None


def fresh_path(path: Path) -> Path:
    """Where a file is written before it takes another one's name."""
    return path.with_name(path.name + ".new")


def replace_file(path: Path, content: bytes) -> None:
    """Replaces a small file in one step, for readers: they see the old bytes or the
    new, never a mix. A power cut may bring back the old ones, or leave none.

    Raises:
        UnavailableRecord: the disk refused; the old bytes stand.
    """
    fresh = fresh_path(path)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            _put(descriptor, content, 0)
        finally:
            os.close(descriptor)
        fresh.replace(path)
    except OSError as error:
        raise unavailable(path, error) from error


def replace_durably(path: Path, content: bytes) -> None:
    """Replaces a small file in one step that survives a power cut.

    1. The new bytes are written beside it, contents and name, and flushed.
    2. Only then do they take the old one's name. From here on readers may see them.
    3. The new name is flushed. A power cut between 2 and 3 may bring the old bytes
       back, after somebody has seen the new ones.

    Raises:
        UnavailableRecord: step 1 failed; the old bytes stand.
        OutcomeUnknown: step 2 or 3 failed: either may stand.
    """
    fresh = fresh_path(path)
    writes = Writes()
    writes.write(fresh, content)
    writes.sync()  # (1)
    try:
        fresh.replace(path)  # (2)
        sync_folder(path.parent)  # (3)
    except OSError as error:
        # The new name may be on the disk, in memory only, or nowhere: an error of a
        # rename or of its sync does not say which.
        raise OutcomeUnknown(
            f"{path}: {error.strerror or error} while it was replaced; what it was "
            "to say may or may not stand; look before trying again"
        ) from error


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _holds(path: Path, content: bytes, at: int) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # One byte more, to see that a file that is replaced as a whole ends there.
        found = os.pread(descriptor, len(content) + (at == 0), at)
    finally:
        os.close(descriptor)
    return found[: len(content)] == content and (at > 0 or len(found) == len(content))


def _put(descriptor: int, content: bytes, at: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(descriptor, view, at)
        view, at = view[written:], at + written


def _sync_file(path: Path) -> None:
    # A later commit may have removed it: then it needs no flushing.
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unavailable(path: Path, error: OSError) -> UnavailableRecord:
    """What callers are told of a disk that refused, before anything was
    acknowledged.
    """
    hint = {
        errno.ENOSPC: "the disk is full; free some space",
        errno.EDQUOT: "the disk quota is used up; free some space",
        errno.EROFS: "the disk is read-only; mount it for writing",
        errno.EACCES: "no right to write there; check the folder's owner",
    }.get(error.errno or 0, "see the system's message")
    return UnavailableRecord(
        f"{path}: {error.strerror or error}: {hint}, then try again; "
        "nothing was acknowledged",
        is_retry_safe=True,
    )


__all__ = [
    "Writes",
    "fresh_path",
    "replace_durably",
    "replace_file",
    "sync_folder",
    "unavailable",
]
