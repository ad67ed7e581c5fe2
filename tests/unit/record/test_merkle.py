"""The tree's hashes, proofs and roots."""

import hashlib

import pytest

from truce.record.merkle import (
    EMPTY_ROOT,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    range_hash,
    root_from_inclusion,
    root_of_hashes,
    verify_consistency,
)

LEAVES = [leaf_hash(b"entry %d" % i) for i in range(70)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def node(height: int, index: int) -> bytes:
    """Any complete subtree of the leaves above."""
    return naive_root(LEAVES[index << height : (index + 1) << height])


def test_empty_tree_has_the_root_of_nothing() -> None:
    """A log without entries is told apart from one with an empty entry."""
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT
    assert root_of_hashes([]) == EMPTY_ROOT
    assert leaf_hash(b"") != EMPTY_ROOT


def test_leaf_cannot_pose_as_node() -> None:
    """An entry made of two hashes must not hash like the node above them."""
    left, right = LEAVES[0], LEAVES[1]
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("size", range(1, 70))
def test_roots_agree_with_the_definition(size: int) -> None:
    """Both ways of computing a root give what the RFC defines, for every size."""
    assert root_of_hashes(LEAVES[:size]) == naive_root(LEAVES[:size])
    assert range_hash(node, 0, size) == naive_root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, 70))
def test_every_inclusion_proof_leads_to_the_root(size: int) -> None:
    """Whatever entry of whatever tree is asked for, its path ends at the root."""
    root = naive_root(LEAVES[:size])
    for index in range(size):
        path = inclusion_path(node, index, size)
        assert root_from_inclusion(LEAVES[index], index, size, path) == root


def test_no_shortened_lengthened_or_moved_proof_leads_to_the_root() -> None:
    """A proof holds for one entry at one place; anything else must not verify."""
    size = 41
    root = naive_root(LEAVES[:size])
    for index in (0, 7, 31, 32, 40):
        path = inclusion_path(node, index, size)
        assert root_from_inclusion(LEAVES[index], index, size, path[:-1]) != root
        longer = (*path, LEAVES[0])
        assert root_from_inclusion(LEAVES[index], index, size, longer) != root
        assert root_from_inclusion(LEAVES[index], index + 1, size, path) != root
        assert root_from_inclusion(LEAVES[index + 1], index, size, path) != root
        swapped = (path[1], path[0], *path[2:])
        assert root_from_inclusion(LEAVES[index], index, size, swapped) != root


def test_inclusion_outside_the_tree_is_refused() -> None:
    """An index beyond the tree has no proof, and none can be checked."""
    with pytest.raises(ValueError, match="entry 5 is not in a tree of 5"):
        inclusion_path(node, 5, 5)
    assert root_from_inclusion(LEAVES[5], 5, 5, ()) is None


@pytest.mark.parametrize("new", range(1, 40))
def test_every_growth_is_consistent_and_no_other_past_is(new: int) -> None:
    """A tree that grew proves it; a tree with another past cannot."""
    new_root = naive_root(LEAVES[:new])
    for old in range(1, new + 1):
        path = consistency_path(node, old, new)
        old_root = naive_root(LEAVES[:old])
        assert verify_consistency(old, old_root, new, new_root, path)
        other = naive_root([*LEAVES[: old - 1], leaf_hash(b"another")])
        assert not verify_consistency(old, other, new, new_root, path)
        assert not verify_consistency(old, old_root, new, other, path)
        if path:
            assert not verify_consistency(old, old_root, new, new_root, path[:-1])


def test_a_log_cannot_shrink() -> None:
    """A smaller tree never is the growth of a larger one."""
    with pytest.raises(ValueError, match="cannot have grown"):
        consistency_path(node, 9, 8)
    assert not verify_consistency(9, LEAVES[0], 8, LEAVES[1], (LEAVES[2],))
