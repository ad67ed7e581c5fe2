"""Small logs in memory: trees, keys and notes that tests of witnesses are made of."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from truce.record.keys import SecretKey
from truce.record.merkle import consistency_path, leaf_hash, node_hash, range_hash
from truce.record.note import (
    Checkpoint,
    Note,
    VerifierKey,
    log_key,
    note_from_bytes,
    signed_checkpoint,
)

NOW = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)


def key_of(seed: str) -> SecretKey:
    """The same key for the same word."""
    return SecretKey(hashlib.sha256(seed.encode()).digest())


def origin_of(key: SecretKey) -> str:
    """The origin line of a real record with this log key."""
    digits = hashlib.sha256(key.public.raw).hexdigest()[:32]
    return f"truce/real/kestrel/{digits}"


class InventedLog:
    """A log whose entries are words; two with one key and other words are a fork."""

    def __init__(self, words: Sequence[str], key: SecretKey | None = None) -> None:
        self.key = key or key_of("log")
        self.origin = origin_of(self.key)
        self.leaves = [leaf_hash(word.encode()) for word in words]
        self._known: dict[tuple[int, int], bytes] = {}

    @property
    def vkey(self) -> VerifierKey:
        """The key by which its checkpoints are checked."""
        return log_key(self.origin, self.key.public)

    def node(self, height: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        if height == 0:
            return self.leaves[index]
        if (height, index) not in self._known:
            left, right = (self.node(height - 1, 2 * index + side) for side in (0, 1))
            self._known[height, index] = node_hash(left, right)
        return self._known[height, index]

    def root(self, size: int) -> bytes:
        """The root at a size."""
        return range_hash(self.node, 0, size)

    def note(self, size: int, *, extensions: tuple[str, ...] = ()) -> Note:
        """The signed checkpoint at a size."""
        return note_from_bytes(self.raw(size, extensions=extensions))

    def raw(self, size: int, *, extensions: tuple[str, ...] = ()) -> bytes:
        """The signed checkpoint's bytes."""
        checkpoint = Checkpoint(
            origin=self.origin,
            size=size,
            root=self.root(size),
            extensions=extensions,
        )
        return signed_checkpoint(checkpoint, self.key)

    def path(self, old: int, new: int) -> tuple[bytes, ...]:
        """The consistency proof between two sizes."""
        return consistency_path(self.node, old, new)


def words(count: int, *, fork_at: int | None = None) -> list[str]:
    """Words for a log; from `fork_at` on they are other ones."""
    return [
        f"other {i}" if fork_at is not None and i >= fork_at else f"word {i}"
        for i in range(count)
    ]
