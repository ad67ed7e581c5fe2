"""Proofs that travel: of two histories under one key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from truce.canonical import canonical_json
from truce.record.note import log_key, note_from_bytes
from truce.record.witnessing.split_view import SplitView
from vectors.world import (
    Json,
    Log,
    fails,
    holds,
    key_of,
    small_log,
    vector,
    written,
)


def _forked(at: int, count: int = 11) -> Log:
    """The same log up to an entry, and other words from there on."""
    log = small_log(at)
    for place in range(at, count):
        log.seal("patrol-7", b"never happened %d\n" % place)
    return log


_HONEST = small_log(11)
_FORK = _forked(3)


def _view(first: bytes, second: bytes, path: Sequence[bytes], root: bytes) -> SplitView:
    return SplitView(
        log=_HONEST.vkey,
        first=note_from_bytes(first),
        second=note_from_bytes(second),
        path=tuple(path),
        root=root,
    )


def _split(name: str, says: str, raw: bytes, expect: Json) -> Json:
    return vector(name, says, expect, file=written(raw))


def split_views() -> list[Json]:
    """Does a file show that the log's key signed two histories?"""
    return [*_split_valid(), *_split_honest(), *_split_false()]


def _between(old: int, new: int) -> SplitView:
    return _view(
        _HONEST.note(old), _FORK.note(new), _FORK.consistency(old, new), _FORK.root(old)
    )


def _split_valid() -> Iterator[Json]:
    told = {"origin": _HONEST.origin}
    yield _split(
        "split-view-same-size",
        "Two roots of one size need no path.",
        _between(7, 7).raw(),
        holds(**told, first=7, second=7),
    )
    for old, new in ((5, 9), (4, 11), (8, 11), (10, 11)):
        yield _split(
            f"split-view-of-{old}-and-{new}",
            f"The tree of {new} had another root at {old} than the one signed.",
            _between(old, new).raw(),
            holds(**told, first=old, second=new),
        )


def _split_honest() -> Iterator[Json]:
    root = fails("proof-root")
    grown = _view(
        _HONEST.note(5), _HONEST.note(9), _HONEST.consistency(5, 9), _HONEST.root(5)
    )
    yield _split(
        "split-view-of-honest-growth",
        "The log only grew; nobody may be able to accuse it.",
        grown.raw(),
        root,
    )
    yield _split(
        "split-view-of-honest-growth-with-another-root",
        "The path does not lead from the root that the file claims.",
        replace(grown, root=_FORK.root(5)).raw(),
        root,
    )
    power = _view(
        _HONEST.note(4), _HONEST.note(9), _HONEST.consistency(4, 9), _FORK.root(4)
    )
    yield _split(
        "split-view-of-honest-growth-from-a-power-of-two",
        "There the path does not hold the older root, which the file may not invent.",
        power.raw(),
        root,
    )
    same = _view(_HONEST.note(7), _HONEST.note(7), (), _HONEST.root(7))
    yield _split("split-view-of-one-note-twice", "One history.", same.raw(), root)
    other = _view(_HONEST.note(7), _HONEST.note(7), (), _FORK.root(7))
    yield _split(
        "split-view-of-one-note-with-another-root", "One history.", other.raw(), root
    )


def _split_false() -> Iterator[Json]:
    good, length = _between(5, 9), fails("proof-length")
    told: dict[str, tuple[str, SplitView, Json]] = {
        "split-view-one-hash-short": (
            "The path is cut.",
            replace(good, path=good.path[:-1]),
            length,
        ),
        "split-view-one-hash-long": (
            "A step above the root.",
            replace(good, path=(*good.path, good.path[0])),
            length,
        ),
        "split-view-without-path": ("No path.", replace(good, path=()), length),
        "split-view-in-another-order": (
            "Steps changed places.",
            replace(good, path=good.path[::-1]),
            fails("proof-root"),
        ),
        "split-view-larger-first": (
            "The smaller size comes first.",
            replace(good, first=good.second, second=good.first),
            length,
        ),
        "split-view-of-nothing": (
            "From the empty log every log grows.",
            replace(
                good, first=note_from_bytes(Log().note()), path=(), root=_FORK.root(5)
            ),
            length,
        ),
    }
    for name, (says, view, expect) in told.items():
        yield _split(name, says, view.raw(), expect)
    yield from _split_unsigned(good)
    yield from _split_formless(good)


def _split_unsigned(good: SplitView) -> Iterator[Json]:
    code = fails("proof-signature")
    (line,) = good.second.signatures
    bad = replace(line, signature=bytes(64))
    yield _split(
        "split-view-with-a-forged-note",
        "The log signed one of them.",
        replace(good, second=replace(good.second, signatures=(bad,))).raw(),
        code,
    )
    key = key_of("stranger").public
    name = _HONEST.origin
    lines = [
        replace(
            line,
            key_hash=log_key(name, key).key_hash,
            signature=key_of("stranger").sign(note.text.encode()),
        )
        for note in (good.first, good.second)
    ]
    forged = replace(
        good,
        log=log_key(name, key),
        first=replace(good.first, signatures=(lines[0],)),
        second=replace(good.second, signatures=(lines[1],)),
    )
    yield _split(
        "split-view-by-another-key",
        "Both notes are signed by a key that the origin does not name: anybody could "
        "have made them.",
        forged.raw(),
        code,
    )


def _split_formless(good: SplitView) -> Iterator[Json]:
    code, raw = fails("proof-form"), good.raw()
    told: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "split-view-with-line-feed": ("A byte after the JSON.", lambda r: r + b"\n"),
        "split-view-with-doubled-key": (
            "Two roots: two readers keep different ones.",
            lambda r: r.replace(b'"second":', b'"root":"","second":'),
        ),
        "split-view-with-unknown-key": (
            "What nobody reads has no place.",
            lambda r: r[:-1] + b',"z":1}',
        ),
        "split-view-of-a-later-version": (
            "No v2 is known.",
            lambda r: r.replace(b"view/v1", b"view/v2"),
        ),
        "split-view-that-is-no-json": ("Something else.", lambda _: b"two histories"),
    }
    for name, (says, change) in told.items():
        assert change(raw) != raw
        yield _split(name, says, change(raw), code)
    fields = {
        "first": 7,
        "form": "truce/split-view/v1",
        "path": [],
        "root": "",
        "second": 7,
        "vkey": "",
    }
    yield _split("split-view-of-numbers", "No notes.", canonical_json(fields), code)
