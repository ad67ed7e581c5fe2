"""Writing files so that they survive a power cut, many with few waits."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from truce.errors import OutcomeUnknown, UnavailableRecord

# Well below the 1,024 open files that a process may have by default on Linux: a commit
# of a million statements writes four thousand.
_OPEN_FILES_MAX: Final = 256


class DurableWrites:
    """Files written now and made durable together by `flush`.

    The order is: contents of every file first, then the folders that name them. Before
    `flush` returns, a crash may leave any subset of the files, torn; after it, all of
    them whole.
    """

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._folders: dict[Path, None] = {}

    def write(self, path: Path, content: bytes) -> None:
        """Writes the file, replacing what was there.

        Raises:
            UnavailableRecord: the disk is full, or the folder cannot be written.
        """
        try:
            self._make_folder(path.parent)
            if len(self._descriptors) == _OPEN_FILES_MAX:
                self._sync_contents()
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            descriptor = os.open(path, flags, 0o644)
            self._descriptors.append(descriptor)
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError as error:
            self.close()
            raise _unavailable(path, error) from error
        self._folders[path.parent] = None

    def flush(self) -> None:
        """Returns once everything written is on the disk."""
        try:
            self._sync_contents()
            for folder in self._folders:
                sync_folder(folder)
        except OSError as error:
            raise _unavailable(next(iter(self._folders), Path()), error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of every file, durable or not."""
        self._close_files()
        self._folders.clear()

    def _sync_contents(self) -> None:
        for descriptor in self._descriptors:
            os.fsync(descriptor)
        self._close_files()

    def _close_files(self) -> None:
        for descriptor in self._descriptors:
            # What was synced is on the disk, and what was not is reported already.
            with suppress(OSError):
                os.close(descriptor)
        self._descriptors.clear()

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            # A new folder is named by its parent, which must reach the disk as well.
            self._folders[path.parent] = None


def replace_durably(path: Path, content: bytes) -> None:
    """Replaces a small file in one step: readers see the old bytes or the new, never a
    mix.

    Raises:
        UnavailableRecord: the disk is full, or the folder cannot be written; the old
            bytes stand.
        OutcomeUnknown: the disk failed in the step itself: either may stand.
    """
    fresh = path.with_name(path.name + ".new")
    writes = DurableWrites()
    writes.write(fresh, content)
    writes.flush()
    try:
        fresh.replace(path)
        sync_folder(path.parent)
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


def _unavailable(path: Path, error: OSError) -> UnavailableRecord:
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


__all__ = ["DurableWrites", "replace_durably", "sync_folder"]
