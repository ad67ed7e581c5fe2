"""Split views prove themselves, and nothing else passes for one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.record.invented_logs import InventedLog, key_of, words

from truce.canonical import canonical_json
from truce.errors import ProofFails
from truce.record.note import SignatureLine, log_key
from truce.record.witnessing.split_view import (
    SplitView,
    old_root_of,
    origin_names_key,
    split_view_of,
    verify_split_view,
)
from truce_verify import Report, Wrong
from truce_verify import proofs as independent
from truce_verify.notes import Trust

LOG = InventedLog(words(40))
FORK = InventedLog(words(40, fork_at=5))


def split(small: int, large: int) -> SplitView:
    """The proof that the log was at `small` what the fork at `large` never was."""
    found = split_view_of(
        LOG.vkey,
        LOG.note(small),
        FORK.note(large),
        path=FORK.path(small, large),
        root=FORK.root(small),
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("small", "large"), [(6, 6), (6, 7), (8, 9), (16, 40), (40, 40)]
)
def test_two_histories_are_proved(small: int, large: int) -> None:
    """Of one size, of two, with sizes that are powers of two."""
    found = split(small, large)
    assert verify_split_view(found.raw()) == found
    assert verify_split_view(found.raw(), log=LOG.vkey) == found


def test_the_order_of_the_notes_does_not_matter() -> None:
    """Whoever holds two notes need not know which is which."""
    path, root = FORK.path(6, 9), FORK.root(6)
    args = (LOG.vkey, FORK.note(9), LOG.note(6))
    assert split_view_of(*args, path=path, root=root) == split(6, 9)
    assert split_view_of(*args, path=path) == split(6, 9)


def test_an_honest_log_gives_no_split_view() -> None:
    """All pairs of sizes, with the true path and with paths of other pairs."""
    for small in range(1, 20):
        for large in range(small, 20):
            for path in (LOG.path(small, large), LOG.path(1, large), (bytes(32),)):
                for root in (None, LOG.root(small), LOG.root(large), bytes(32)):
                    found = split_view_of(
                        LOG.vkey,
                        LOG.note(small),
                        LOG.note(large),
                        path=path,
                        root=root,
                    )
                    assert found is None, (small, large)


def test_histories_that_part_later_are_no_split_view() -> None:
    """Up to the fifth entry the two say the same."""
    found = split_view_of(
        LOG.vkey, LOG.note(5), FORK.note(9), path=FORK.path(5, 9), root=FORK.root(5)
    )
    assert found is None


def test_an_empty_tree_is_of_every_history() -> None:
    """Size 0 shows nothing, even with another root."""
    assert split_view_of(LOG.vkey, LOG.note(0), FORK.note(9), root=bytes(32)) is None


def test_the_old_root_is_read_from_a_proof_that_holds_it() -> None:
    """All but powers of two, for which RFC 6962 leaves it out."""
    for old in range(1, 40):
        for new in range(old + 1, 41):
            found = old_root_of(LOG.path(old, new), old, new)
            assert found == (LOG.root(old) if old & (old - 1) else None)
    assert old_root_of((), 3, 4) is None
    assert old_root_of((bytes(32),) * 40, 3, 4) is None


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A split view, canonical again after a change."""
    fields = json.loads(split(6, 9).raw())
    change(fields)
    return canonical_json(fields)


def other_key(fields: dict[str, Any]) -> None:
    """Everything signed by a key that the origin does not name."""
    thief = key_of("thief")
    log, fork = InventedLog(words(9), thief), InventedLog(words(9, fork_at=5), thief)
    log.origin = fork.origin = LOG.origin
    fields["first"] = log.raw(6).decode()
    fields["second"] = fork.raw(9).decode()
    fields["vkey"] = log_key(LOG.origin, thief.public).text()


@pytest.mark.parametrize(
    "raw",
    [
        changed(lambda f: f.update(first=f["second"], second=f["first"])),
        changed(lambda f: f.update(first=f["second"])),
        changed(lambda f: f.update(first=LOG.raw(5).decode())),
        changed(lambda f: f.update(first=FORK.raw(6).decode())),
        changed(lambda f: f.update(second=LOG.raw(9).decode())),
        changed(lambda f: f.update(second=FORK.raw(10).decode())),
        changed(lambda f: f["path"].pop()),
        changed(lambda f: f["path"].pop(0)),
        changed(lambda f: f["path"].reverse()),
        changed(lambda f: f["path"].append(f["root"])),
        changed(lambda f: f.update(path=f["path"] * 30)),
        changed(lambda f: f.update(root=f["path"][0])),
        changed(lambda f: f.update(form="truce/split-view/v2")),
        changed(lambda f: f.update(more=1)),
        changed(lambda f: f.pop("root")),
        changed(lambda f: f.update(root=f["root"][:-4])),
        changed(lambda f: f.update(root=3)),
        changed(lambda f: f.update(path={})),
        changed(lambda f: f.update(first="")),
        changed(lambda f: f.update(vkey="x")),
        changed(
            lambda f: f.update(
                vkey=InventedLog([], key_of("other")).vkey.text(),
            )
        ),
        changed(other_key),
        split(6, 9).raw() + b"\n",
        b" " + split(6, 9).raw(),
        json.dumps(json.loads(split(6, 9).raw())).encode(),
        b"[]",
        b"{",
        b"\xff",
        b"x" * 300_000,
    ],
)
def test_a_changed_split_view_is_refused(raw: bytes) -> None:
    """Each rule of the form, broken once; and each part swapped for another."""
    with pytest.raises(ProofFails):
        verify_split_view(raw)


@pytest.mark.parametrize(
    ("small", "large"), [(1, 9), (6, 6), (6, 7), (8, 9), (16, 40), (40, 40)]
)
def test_the_independent_verifier_takes_it_too(small: int, large: int) -> None:
    """Evidence that only its maker can read is none."""
    report = Report("x", "any")
    fork = InventedLog(words(40, fork_at=0))
    found = split_view_of(
        LOG.vkey,
        LOG.note(small),
        fork.note(large),
        path=fork.path(small, large),
        root=fork.root(small),
    )
    assert found is not None
    independent.verify_split_view(found.raw(), Trust(), report)
    assert report.origin == LOG.origin


def test_every_changed_byte_is_found() -> None:
    """No byte of the file is there for nothing, for either verifier."""
    raw = split(6, 9).raw()
    for at in range(len(raw)):
        with pytest.raises(Wrong):
            independent.verify_split_view(
                raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :],
                Trust(),
                Report("x", "any"),
            )
        with pytest.raises(ProofFails):
            verify_split_view(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])


def test_a_signature_that_does_not_hold_is_no_evidence() -> None:
    """Else anybody could accuse any log."""
    note = FORK.note(9)
    (own,) = LOG.vkey.lines_in(note)
    forged = SignatureLine(name=own.name, key_hash=own.key_hash, signature=bytes(64))
    fields = json.loads(split(6, 9).raw())
    fields["second"] = note.text + "\n" + forged.text()
    with pytest.raises(ProofFails, match="does not hold"):
        verify_split_view(canonical_json(fields))


def test_another_log_than_expected_is_told() -> None:
    """Evidence against one log is none against another."""
    other = InventedLog(words(3), key_of("another log"))
    with pytest.raises(ProofFails, match="expected truce/real"):
        verify_split_view(split(6, 9).raw(), log=other.vkey)


def test_only_a_truce_origin_names_its_key() -> None:
    """For any other log somebody must say which key is meant."""
    assert origin_names_key(LOG.vkey)
    foreign = log_key("example.com/log", LOG.key.public)
    assert not origin_names_key(foreign)
    assert not origin_names_key(log_key(LOG.origin[:-1], LOG.key.public))
    log, fork = InventedLog(words(9)), InventedLog(words(9, fork_at=5))
    log.origin = fork.origin = foreign.name
    found = split_view_of(foreign, log.note(9), fork.note(9))
    assert found is not None
    with pytest.raises(ProofFails, match="does not name the key"):
        verify_split_view(found.raw())
    assert verify_split_view(found.raw(), log=foreign) == found
