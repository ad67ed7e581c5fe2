"""A record as a folder shows it: on a shared volume, or a disk that was sent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from truce.errors import Unavailable
from truce.record.merkle import NodeReader
from truce.record.tiles import TileReader
from truce.workflows.mirroring.ports import NotGiven, Part


class RecordInFolder:
    """The files of a record in a folder; nothing is written there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    def file(self, path: str, *, size_max: int) -> bytes | NotGiven:
        """A whole file.

        Raises:
            Unavailable: it cannot be read, or has more than `size_max` bytes.
        """
        with self.part(path, start=0) as part:
            if isinstance(part, NotGiven):
                return part
            found = part.read(size_max + 1)
        if len(found) > size_max:
            raise Unavailable(
                f"{self._folder / path} has more than {size_max} bytes",
                is_retry_safe=True,
            )
        return found

    @contextmanager
    def part(self, path: str, *, start: int) -> Iterator[Part | NotGiven]:
        """A file from a byte on.

        Raises:
            Unavailable: it cannot be read.
        """
        place = self._folder / path
        try:
            file = place.open("rb")
        except (FileNotFoundError, PermissionError) as error:
            yield NotGiven(reason=error.strerror or str(error))
            return
        except OSError as error:
            raise _unavailable(place, error) from error
        with file:

            def read(size: int) -> bytes:
                try:
                    return file.read(size)
                except OSError as error:
                    raise _unavailable(place, error) from error

            file.seek(start, os.SEEK_SET)
            yield Part(start=start, read=read)

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size."""
        return TileReader(self._folder / "log", size).node


def _unavailable(place: Path, error: OSError) -> Unavailable:
    return Unavailable(f"{place}: {error.strerror or error}", is_retry_safe=True)


__all__ = ["RecordInFolder"]
