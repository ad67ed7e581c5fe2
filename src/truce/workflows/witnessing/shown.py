"""A log as a folder shows it: a copy on a disk, or the operator's own."""

from pathlib import Path

from truce.errors import Unavailable
from truce.record.merkle import NodeReader
from truce.record.tiles import TileReader


class LogInFolder:
    """The log of a record in a folder."""

    def __init__(self, record: Path) -> None:
        self._log = record / "log"

    def checkpoint(self) -> bytes:
        """The newest checkpoint.

        Raises:
            Unavailable: it cannot be read.
        """
        path = self._log / "checkpoint"
        try:
            return path.read_bytes()
        except OSError as error:
            raise Unavailable(
                f"{path}: {error.strerror or error}", is_retry_safe=True
            ) from error

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size."""
        return TileReader(self._log, size).node


__all__ = ["LogInFolder"]
