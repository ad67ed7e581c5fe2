"""Proofs about trees: that an entry stands in one, and that one grew from another."""

from collections.abc import Iterator, Sequence

from truce.record.merkle import EMPTY_ROOT, leaf_hash
from vectors.world import Json, Log, b64, fails, holds, vector, written

_SIZE = 11


def _tree(fork_at: int = _SIZE) -> Log:
    """A tree of short words; from `fork_at` on they are others."""
    log = Log()
    for place in range(_SIZE):
        word = "entry" if place < fork_at else "other"
        log.append(f"{word} {place}".encode(), None)
    return log


_TREE = _tree()


def _inclusion(
    name: str,
    says: str,
    expect: Json,
    index: int,
    *,
    size: int = _SIZE,
    path: Sequence[bytes] | None = None,
    entry: bytes | None = None,
    root: bytes | None = None,
) -> Json:
    true = _TREE.path(index, size) if path is None and index < size <= _SIZE else ()
    return vector(
        name,
        says,
        expect,
        entry=written(_TREE.entries[index] if entry is None else entry),
        index=index,
        size=size,
        root=b64(_TREE.root(min(size, _SIZE)) if root is None else root),
        path=[b64(step) for step in (true if path is None else path)],
    )


def inclusion() -> list[Json]:
    """Does the entry stand at this place of this tree?"""
    return [*_included(), *_not_included()]


def _included() -> Iterator[Json]:
    for index in (0, 4, 7, 8, 10):
        yield _inclusion(f"entry-{index}-of-11", "An honest proof.", holds(), index)
    says = "A tree of one entry is that entry, and its proof has no hash."
    yield _inclusion("only-entry", says, holds(), 0, size=1)
    says = "A full tree of eight."
    yield _inclusion("entry-5-of-8", says, holds(), 5, size=8)


def _not_included() -> Iterator[Json]:
    path, length, root = _TREE.path(4), fails("proof-length"), fails("proof-root")
    leaf = leaf_hash(_TREE.entries[5])
    children = _TREE.node(0, 4) + _TREE.node(0, 5)
    yield _inclusion(
        "proof-one-hash-short", "The last step is missing.", length, 4, path=path[:-1]
    )
    yield _inclusion(
        "proof-one-hash-long", "A step above the root.", length, 4, path=(*path, leaf)
    )
    yield _inclusion("proof-without-hashes", "No step at all.", length, 4, path=())
    yield _inclusion(
        "path-of-a-smaller-tree", "True of eight entries.", length, 10, path=path
    )
    yield _inclusion(
        "proof-of-neighbouring-entry",
        "The path of entry 4, for the entry beside it.",
        root,
        4,
        entry=_TREE.entries[5],
    )
    yield _inclusion(
        "index-of-neighbouring-entry",
        "Entry 4 with its own path, said to be entry 5.",
        root,
        5,
        entry=_TREE.entries[4],
        path=path,
    )
    turned = bytes([path[0][0] ^ 1]) + path[0][1:]
    yield _inclusion(
        "proof-with-a-bit-turned",
        "One bit of one hash.",
        root,
        4,
        path=(turned, *path[1:]),
    )
    yield _inclusion(
        "proof-in-another-order",
        "Two steps changed places.",
        root,
        4,
        path=(path[1], path[0], *path[2:]),
    )
    yield _inclusion(
        "root-of-another-tree",
        "Another log's root.",
        root,
        4,
        root=_tree(5).root(),
    )
    yield _inclusion(
        "node-that-poses-as-entry",
        "Two hashes for an entry, a step up, as if the tree were of six: a leaf is "
        "hashed in another way than a node, so that this leads elsewhere.",
        root,
        2,
        size=6,
        entry=children,
        path=path[1:],
        root=_TREE.root(),
    )
    yield _inclusion(
        "index-beyond-the-tree",
        "There is no entry 8 in a tree of 8.",
        length,
        8,
        size=8,
        path=_TREE.path(7, 8),
    )
    yield _inclusion(
        "entry-of-an-empty-tree",
        "Nothing stands in nothing.",
        length,
        0,
        size=0,
        path=(),
        root=EMPTY_ROOT,
    )


def _growth(
    name: str,
    says: str,
    expect: Json,
    old: int,
    new: int,
    *,
    path: Sequence[bytes] | None = None,
    old_root: bytes | None = None,
    new_root: bytes | None = None,
) -> Json:
    found = _TREE.consistency(old, new) if path is None else path
    return vector(
        name,
        says,
        expect,
        old=old,
        old_root=b64(_TREE.root(old) if old_root is None else old_root),
        new=new,
        new_root=b64(_TREE.root(new) if new_root is None else new_root),
        path=[b64(step) for step in found],
    )


def consistency() -> list[Json]:
    """Does the newer tree only add to the older one?"""
    return [*_grown(), *_not_grown()]


def _grown() -> Iterator[Json]:
    for old, new in ((1, 2), (3, 7), (4, 8), (6, 11), (8, 11), (10, 11)):
        yield _growth(
            f"growth-{old}-to-{new}", "An honest log grew.", holds(), old, new
        )
    says = "Nothing was added: the roots are equal and the path is empty."
    yield _growth("no-growth", says, holds(), 7, 7)


def _not_grown() -> Iterator[Json]:
    path = _TREE.consistency(6, _SIZE)
    length, root = fails("proof-length"), fails("proof-root")
    fork = _tree(3)
    yield _growth(
        "proof-one-hash-short",
        "The last step is missing.",
        length,
        6,
        _SIZE,
        path=path[:-1],
    )
    yield _growth(
        "proof-one-hash-long",
        "A step above the root.",
        length,
        6,
        _SIZE,
        path=(*path, path[0]),
    )
    yield _growth("proof-without-hashes", "Empty.", length, 6, _SIZE, path=())
    yield _growth(
        "hashes-where-nothing-grew",
        "One size has an empty path.",
        length,
        7,
        7,
        path=path,
    )
    yield _growth(
        "past-rewritten",
        "Entry 3 is another one now.",
        root,
        6,
        _SIZE,
        path=fork.consistency(6, _SIZE),
        new_root=fork.root(),
    )
    yield _growth(
        "older-root-of-another-tree",
        "What was seen before was another tree.",
        root,
        6,
        _SIZE,
        old_root=fork.root(6),
    )
    yield _growth(
        "two-roots-of-one-size",
        "Nothing grew, and the roots differ.",
        root,
        7,
        7,
        old_root=fork.root(7),
    )
    yield _growth(
        "older-root-left-out-at-a-power-of-two",
        "Of four entries the path does not hold the older root: it must be the one "
        "that was seen.",
        root,
        4,
        _SIZE,
        old_root=fork.root(4),
    )
    turned = bytes([path[-1][0] ^ 1]) + path[-1][1:]
    yield _growth(
        "proof-with-a-bit-turned",
        "One bit of one hash.",
        root,
        6,
        _SIZE,
        path=(*path[:-1], turned),
    )
    yield _growth(
        "growth-told-of-a-larger-tree",
        "The path and the root of two entries, said to be of eleven.",
        length,
        1,
        _SIZE,
        path=_TREE.consistency(1, 2),
        new_root=_TREE.root(2),
    )
    yield _growth(
        "log-that-shrank",
        "The newer tree is the smaller one.",
        length,
        8,
        6,
        path=_TREE.consistency(6, 8),
    )
