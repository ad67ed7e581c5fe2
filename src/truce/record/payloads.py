"""Payloads beside the log: packs of salted payloads, one pack a commit.

A pack holds the payloads of consecutive statements, each as: length (8 bytes,
big-endian), salt (32 bytes), payload. Its name is the first statement's index. One pack
a commit keeps the number of waits for the disk the same whether one statement is sealed
or a thousand.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from truce.errors import ProofFails, UnavailableRecord
from truce.record.envelope import SALT_SIZE

_LENGTH_SIZE: Final = 8
# A folder with more names than this is slow to list on common file systems.
_FOLDER_SPAN: Final = 65_536


class SaltedPayload(NamedTuple):
    """A payload with the salt of its commitment."""

    salt: bytes
    payload: bytes


def pack_path(first: int) -> str:
    """The path, under the payloads' folder, of the pack that opens with a statement."""
    return f"{first // _FOLDER_SPAN:06d}/{first:012d}.pack"


def pack_from_payloads(payloads: Sequence[SaltedPayload]) -> bytes:
    """The bytes of a pack."""
    return b"".join(
        part
        for salt, payload in payloads
        for part in (len(payload).to_bytes(_LENGTH_SIZE, "big"), salt, payload)
    )


def payloads_from_pack(
    pack: bytes, *, first: int, count: int
) -> Iterator[SaltedPayload]:
    """The payloads of a pack that should hold `count`, the first being statement
    `first`.

    Raises:
        ProofFails: the pack holds fewer or more; the message names the statement.
    """
    at = 0
    for index in range(first, first + count):
        size = int.from_bytes(pack[at : at + _LENGTH_SIZE], "big")
        salt = pack[at + _LENGTH_SIZE : at + _LENGTH_SIZE + SALT_SIZE]
        start = at + _LENGTH_SIZE + SALT_SIZE
        if start + size > len(pack):
            raise ProofFails(
                f"statement {index}: its payload is cut short; "
                f"the pack says {size} bytes and holds {max(0, len(pack) - start)}"
            )
        yield SaltedPayload(salt, pack[start : start + size])
        at = start + size
    if at != len(pack):
        raise ProofFails(
            f"statement {first + count - 1}: {len(pack) - at} bytes "
            "stand after its payload"
        )


def packs_in(folder: Path) -> Iterator[tuple[int, Path]]:
    """The packs under the payloads' folder, each with its first statement's index.

    A file that only looks like a pack is none: `verify` names it.
    """
    for path in folder.glob("*/*.pack"):
        is_number = path.stem.isascii() and path.stem.isdigit()
        if is_number and folder / pack_path(int(path.stem)) == path:
            yield int(path.stem), path


class PayloadReader:
    """Finds payloads by the index of their statement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.firsts = sorted(first for first, _ in packs_in(folder))

    def added(self, first: int) -> None:
        """Notes a pack that was just written."""
        self.firsts.append(first)

    def pack_of(self, index: int, size: int) -> tuple[int, int]:
        """The first statement, and the number of statements, of the pack that holds
        one.

        Raises:
            UnavailableRecord: no pack is there.
        """
        at = bisect_right(self.firsts, index) - 1
        if at < 0:
            raise UnavailableRecord(
                f"statement {index}: no pack holds its payload; "
                "restore payloads/ from a copy",
                is_retry_safe=True,
            )
        following = self.firsts[at + 1 : at + 2] or [size]
        return self.firsts[at], following[0] - self.firsts[at]

    def read(self, index: int, size: int) -> SaltedPayload:
        """The salted payload of a statement in a record of `size` statements.

        Raises:
            UnavailableRecord: the pack is missing or unreadable.
            ProofFails: the pack is damaged.
        """
        first, count = self.pack_of(index, size)
        pack = self.content(first)
        for at, salted in enumerate(payloads_from_pack(pack, first=first, count=count)):
            if first + at == index:
                return salted
        raise RuntimeError(f"pack {first} of {count} does not hold statement {index}")

    def content(self, first: int) -> bytes:
        """The bytes of the pack that opens with a statement.

        Raises:
            UnavailableRecord: the pack is missing or unreadable.
        """
        path = self.folder / pack_path(first)
        try:
            return path.read_bytes()
        except OSError as error:
            raise UnavailableRecord(
                f"statement {first}: {path}: {error.strerror or error}; "
                "restore it from a copy",
                is_retry_safe=True,
            ) from error


__all__ = [
    "PayloadReader",
    "SaltedPayload",
    "pack_from_payloads",
    "pack_path",
    "packs_in",
    "payloads_from_pack",
]
