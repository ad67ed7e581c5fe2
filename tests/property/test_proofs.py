"""Proofs about trees: all honest ones hold, and nothing that differs from one does.

Roots are computed by RFC 6962's own recursive definition, which shares nothing with the
readers of proofs; each proof is held against truce and the independent verifier.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.vectors import verifier_side

from truce.record.merkle import (
    consistency_length,
    consistency_path,
    inclusion_path,
    root_from_inclusion,
    verify_consistency,
)

SIZE_MAX = 300
# The verifier is asked about growth through split views, which are signed: fewer.
SIGNED_MAX = 40
Path = tuple[bytes, ...]


@cache
def leaf(index: int) -> bytes:
    """RFC 6962, 2.1: "MTH({d(0)}) = SHA-256(0x00 || d(0))"."""
    return sha256(b"\x00entry %d" % index).digest()


@cache
def tree(start: int, end: int) -> bytes:
    """RFC 6962, 2.1: "MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))", where
    "k is the largest power of two smaller than n".
    """
    count = end - start
    if count == 1:
        return leaf(start)
    split = start + (1 << (count - 1).bit_length() - 1)
    return sha256(b"\x01" + tree(start, split) + tree(split, end)).digest()


def root(size: int) -> bytes:
    """The root over the first `size` entries."""
    return tree(0, size)


def node(height: int, index: int) -> bytes:
    """The hash of a complete subtree."""
    return tree(index << height, (index + 1) << height)


def is_included(entry: bytes, index: int, size: int, top: bytes, path: Path) -> bool:
    """Whether an inclusion proof holds; both readers must say the same."""
    found = root_from_inclusion(entry, index, size, path)
    theirs = verifier_side.is_included(entry, index, size, top, path)
    assert theirs.is_valid is (found == top)
    return found == top


@pytest.mark.parametrize("first", range(1, SIZE_MAX + 1, 50))
def test_every_entry_of_every_tree_is_included(first: int) -> None:
    """RFC 6962, 2.1.1: "A Merkle audit path for a leaf in a Merkle Hash Tree is the
    shortest list of additional nodes in the Merkle Tree required to compute the Merkle
    Tree Hash for that tree."
    """
    for size in range(first, first + 50):
        for index in range(size):
            path = inclusion_path(node, index, size)
            assert len(path) <= (size - 1).bit_length()
            assert is_included(leaf(index), index, size, root(size), path)


@pytest.mark.parametrize("first", range(1, SIZE_MAX + 1, 50))
def test_every_tree_grew_from_every_smaller_one(first: int) -> None:
    """RFC 6962, 2.1.2: "Merkle consistency proofs prove the append-only property of the
    tree."
    """
    for new in range(first, first + 50):
        for old in range(1, new + 1):
            path = consistency_path(node, old, new)
            assert len(path) == consistency_length(old, new)
            assert len(path) <= (new - 1).bit_length() + 1
            assert verify_consistency(old, root(old), new, root(new), path)


def test_the_verifier_takes_every_growth_of_small_trees() -> None:
    """RFC 6962, 2.1.2, by the independent verifier: all pairs of sizes."""
    for new in range(1, SIGNED_MAX + 1):
        for old in range(1, new + 1):
            path = consistency_path(node, old, new)
            found = verifier_side.is_consistent(old, root(old), new, root(new), path)
            assert found.is_valid, (old, new)


def test_sizes_are_shown_by_the_checkpoint_not_by_the_proof() -> None:
    """RFC 9162, 2.1.3.2, takes the size from the signed tree head: entry 0 of three and
    of four have paths of one shape, so that size and root must be signed together.
    """
    path = inclusion_path(node, 0, 3)
    assert is_included(leaf(0), 0, 3, root(3), path)
    assert is_included(leaf(0), 0, 4, root(3), path)
    assert not is_included(leaf(0), 0, 4, root(4), path)
    assert not is_included(leaf(0), 0, 5, root(3), path)


def turned(raw: bytes, bit: int) -> bytes:
    """The hash with one bit turned."""
    at = bit % (8 * len(raw))
    return raw[: at // 8] + bytes([raw[at // 8] ^ 1 << at % 8]) + raw[at // 8 + 1 :]


def test_a_growth_cannot_be_told_of_a_larger_tree() -> None:
    """RFC 9162, 2.1.4.2: "and that sn is 0": a path that ends before the root of so
    large a tree shows nothing, even where the root told is the one it leads to.
    """
    for old, new, larger in ((1, 2, 5), (2, 3, 9), (3, 4, 5), (5, 7, 20)):
        path = consistency_path(node, old, new)
        assert is_growth(old, root(old), new, root(new), path)
        assert not is_growth(old, root(old), larger, root(new), path)


Mutation = Callable[[Path, int, int], Path]
# Each makes another path of a path, a place and a number.
PATHS: dict[str, Mutation] = {
    "a bit turned": lambda p, at, n: (*p[:at], turned(p[at], n), *p[at + 1 :]),
    "one dropped": lambda p, at, _: (*p[:at], *p[at + 1 :]),
    "one doubled": lambda p, at, _: (*p[:at], p[at], *p[at:]),
    "one added": lambda p, at, n: (*p[:at], leaf(n % SIZE_MAX), *p[at:]),
    "one put in its place": lambda p, at, n: (
        *p[:at],
        leaf(n % SIZE_MAX),
        *p[at + 1 :],
    ),
    "two swapped": lambda p, at, n: swapped(p, at, n % len(p)),
    "turned round": lambda p, _at, _n: p[::-1],
    "emptied": lambda _p, _at, _n: (),
    "one byte short": lambda p, at, _: (*p[:at], p[at][:-1], *p[at + 1 :]),
}


def swapped(path: Path, one: int, other: int) -> Path:
    """The path with two hashes in each other's place."""
    found = list(path)
    found[one], found[other] = found[other], found[one]
    return tuple(found)


@pytest.mark.parametrize("name", PATHS)
@settings(max_examples=60)
@given(data=st.data())
def test_no_other_path_shows_inclusion(name: str, data: st.DataObject) -> None:
    """RFC 9162, 2.1.3.2: "If sn is equal to 0 and r and the root_hash are equal, then
    the log has proven the inclusion of hash. Otherwise, fail the proof verification."
    """
    size = data.draw(st.integers(2, SIZE_MAX))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(node, index, size)
    at = data.draw(st.integers(0, len(path) - 1))
    changed = PATHS[name](path, at, data.draw(st.integers(0, 2**16)))
    assume(changed != path)
    assert not is_included(leaf(index), index, size, root(size), changed)


@settings(max_examples=300)
@given(
    size=st.integers(1, SIZE_MAX),
    place=st.integers(0, 2**16),
    other=st.integers(-1, SIZE_MAX + 1),
)
def test_a_path_is_for_one_entry_at_one_place_of_one_tree(
    size: int, place: int, other: int
) -> None:
    """RFC 9162, 2.1.3.2: "If leaf_index is greater than or equal to tree_size, then
    fail the proof verification"; else the index says on which side each hash stands.
    """
    index = place % size
    path = inclusion_path(node, index, size)
    if other != index:
        assert not is_included(leaf(index), other, size, root(size), path)
        if other >= 0:
            assert not is_included(leaf(other), index, size, root(size), path)
            assert not is_included(leaf(other), other, size, root(size), path)
    if 0 < other != size:
        assert not is_included(leaf(index), index, other, root(other), path)
        assert not is_included(leaf(index), index, size, root(other), path)
    assert not is_included(leaf(index), index, size, turned(root(size), place), path)
    assert not is_included(turned(leaf(index), place), index, size, root(size), path)


def is_growth(old: int, old_root: bytes, new: int, new_root: bytes, path: Path) -> bool:
    """Whether a consistency proof holds; both readers must say the same."""
    found = verify_consistency(old, old_root, new, new_root, path)
    theirs = verifier_side.is_consistent(old, old_root, new, new_root, path)
    assert theirs.is_valid is found
    return found


@pytest.mark.parametrize("name", PATHS)
@settings(max_examples=40)
@given(data=st.data())
def test_no_other_path_shows_growth(name: str, data: st.DataObject) -> None:
    """RFC 9162, 2.1.4.2: "verify that the fr calculated is equal to the first_hash
    supplied, that the sr calculated is equal to the second_hash supplied, and that sn
    is 0."
    """
    new = data.draw(st.integers(2, SIZE_MAX))
    old = data.draw(st.integers(1, new - 1))
    path = consistency_path(node, old, new)
    at = data.draw(st.integers(0, len(path) - 1))
    changed = PATHS[name](path, at, data.draw(st.integers(0, 2**16)))
    assume(changed != path)
    assert not is_growth(old, root(old), new, root(new), changed)


@settings(max_examples=200)
@given(
    new=st.integers(1, SIZE_MAX),
    place=st.integers(0, 2**16),
    other=st.integers(1, SIZE_MAX),
)
def test_a_growth_is_between_two_trees_and_no_others(
    new: int, place: int, other: int
) -> None:
    """RFC 6962, 2.1.2: a proof "for a Merkle Tree Hash MTH(D[n]) and a previously
    advertised hash MTH(D[0:m])" is for these two and no others.
    """
    old = 1 + place % new
    path = consistency_path(node, old, new)
    assert not is_growth(old, turned(root(old), place), new, root(new), path)
    assert not is_growth(old, root(old), new, turned(root(new), place), path)
    if other != old:
        assert not is_growth(old, root(other), new, root(new), path)
        if other > new or consistency_path(node, other, new) != path:
            assert not is_growth(other, root(other), new, root(new), path)
    if other != new:
        assert not is_growth(old, root(old), new, root(other), path)
        if other < old or consistency_path(node, old, other) != path:
            assert not is_growth(old, root(old), other, root(other), path)
