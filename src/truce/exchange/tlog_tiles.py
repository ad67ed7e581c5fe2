"""A log at an address, as C2SP tlog-tiles serves it: its checkpoint and its tree.

Source: C2SP tlog-tiles v1.0.0 (c2sp.org/tlog-tiles).
"""

from http import HTTPStatus
from typing import Final

from truce.errors import ProofFails, Unavailable
from truce.exchange._fetching import TIMEOUT_S, fetched, verify_address
from truce.record.merkle import HASH_SIZE, NodeReader, root_of_hashes
from truce.record.note import NOTE_SIZE_MAX
from truce.record.tiles import TILE_WIDTH, tile_path

_TILE_HEIGHT: Final = 8


class LogAtAddress:
    """A log under its prefix, which for a truce record is its address and `/log`."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = verify_address(url)
        self._timeout_s = timeout_s

    def checkpoint(self) -> bytes:
        """The newest checkpoint.

        Raises:
            Unavailable: it cannot be had.
        """
        found = self.file("checkpoint", NOTE_SIZE_MAX)
        if found is None:
            raise Unavailable(
                f"{self._url}/checkpoint is not there; expected the log's prefix, for "
                "a truce record its address and /log",
                is_retry_safe=True,
            )
        return found

    def nodes(self, size: int) -> NodeReader:
        """Reads the hashes of the tree of that size; each tile is fetched once."""
        return _Tiles(self, size).node

    def file(self, path: str, size_max: int) -> bytes | None:
        """A file of the log; None where it is not there.

        Raises:
            Unavailable: nobody answered, or neither with the file nor with 404.
        """
        found = fetched(
            f"{self._url}/{path}", size_max=size_max, timeout_s=self._timeout_s
        )
        if found.status == HTTPStatus.NOT_FOUND:
            return None
        if found.status != HTTPStatus.OK:
            raise Unavailable(
                f"{self._url}/{path} answered {found.status}", is_retry_safe=True
            )
        return found.body


class _Tiles:
    def __init__(self, log: LogAtAddress, size: int) -> None:
        self._log = log
        self._size = size
        self._known: dict[tuple[int, int], bytes] = {}

    def node(self, height: int, index: int) -> bytes:
        level, rest = divmod(height, _TILE_HEIGHT)
        number, offset = divmod(index << rest, TILE_WIDTH)
        tile = self._tile(level, number)
        part = tile[offset * HASH_SIZE : (offset + (1 << rest)) * HASH_SIZE]
        if len(part) != HASH_SIZE << rest:
            raise ProofFails(f"tile {level}/{number} is cut short")
        return root_of_hashes(
            [part[at : at + HASH_SIZE] for at in range(0, len(part), HASH_SIZE)]
        )

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._known:
            have = (self._size >> (_TILE_HEIGHT * level)) - number * TILE_WIDTH
            # A log may drop a partial tile once the full one is there. Source: C2SP
            # tlog-tiles, partial tiles.
            widths = dict.fromkeys((min(have, TILE_WIDTH), TILE_WIDTH))
            paths = [tile_path(level, number, width) for width in widths]
            found = (self._log.file(path, TILE_WIDTH * HASH_SIZE) for path in paths)
            tile = next((tile for tile in found if tile is not None), None)
            if tile is None:
                raise Unavailable(
                    f"{' and '.join(paths)} are not there", is_retry_safe=True
                )
            self._known[level, number] = tile
        return self._known[level, number]


__all__ = ["LogAtAddress"]
