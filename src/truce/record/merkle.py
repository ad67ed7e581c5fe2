"""The Merkle tree of RFC 6962, over hashes that somebody else stores.

Source: RFC 6962 section 2.1 (hashes and inclusion proofs), RFC 9162 section 2.1.3.2
(checking).
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_SIZE: Final = 32
# The root of a tree without entries: SHA-256 of nothing. Source: RFC 6962, 2.1.
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

# Answers the hash of the complete subtree of 2**height entries that is the index-th of
# its height.
NodeReader = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; the prefix keeps an entry from posing as a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count`; `count` is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """The root over consecutive hashes of one height; `EMPTY_ROOT` for none."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        # An odd one out climbs unchanged, which is how RFC 6962 splits an uneven tree.
        row = paired + row[len(paired) * 2 :]
    return row[0]


def range_hash(node: NodeReader, start: int, end: int) -> bytes:
    """The hash over the entries `start` to `end` (exclusive), as a subtree of the log.

    `start` is aligned to the subtree it opens, as in every range of a proof.
    """
    count = end - start
    if count == 0:
        return EMPTY_ROOT
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    split = largest_power_below(count)
    return node_hash(
        range_hash(node, start, start + split), range_hash(node, start + split, end)
    )


def inclusion_path(node: NodeReader, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that lead from entry `index` to the root of the tree of `size`
    entries.

    Source: RFC 6962, 2.1.1. The entry's sibling comes first.
    """
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + largest_power_below(end - start)
        if index < split:
            path.append(range_hash(node, split, end))
            end = split
        else:
            path.append(range_hash(node, start, split))
            start = split
    return tuple(reversed(path))


def consistency_path(node: NodeReader, old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show that the tree of `new` entries only adds to that of `old`.

    Source: RFC 6962, 2.1.2. Empty where `old` is 0 or equals `new`.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot have grown from one of {old}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    start, end = 0, new
    is_whole = True
    while old != end:
        split = start + largest_power_below(end - start)
        if old <= split:
            path.append(range_hash(node, split, end))
            end = split
        else:
            path.append(range_hash(node, start, split))
            start, is_whole = split, False
    if not is_whole:
        path.append(range_hash(node, start, end))
    return tuple(reversed(path))


def consistency_length(old: int, new: int) -> int:
    """How many hashes a proof has that the tree of `new` entries only adds to that of
    `old`; `old` is not larger.
    """
    return len(consistency_path(lambda _height, _index: EMPTY_ROOT, old, new))


def root_from_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """The root that an inclusion proof leads to, or None where its length cannot be
    right.

    Source: RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    position, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            reached = node_hash(sibling, reached)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        position, last = position >> 1, last >> 1
    return reached if last == 0 else None


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the new tree only adds to the old one.

    Source: RFC 9162, 2.1.4.2.
    """
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path
    if not path or old > new:
        return False
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    reached_old = reached_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            reached_old = node_hash(sibling, reached_old)
            reached_new = node_hash(sibling, reached_new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            reached_new = node_hash(reached_new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and reached_old == old_root and reached_new == new_root


__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "NodeReader",
    "consistency_length",
    "consistency_path",
    "inclusion_path",
    "largest_power_below",
    "leaf_hash",
    "node_hash",
    "range_hash",
    "root_from_inclusion",
    "root_of_hashes",
    "verify_consistency",
]
