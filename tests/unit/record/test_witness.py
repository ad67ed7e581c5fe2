"""A log witness cosigns growth of what it saw, and nothing else.

The clauses are those of C2SP tlog-witness, add-checkpoint.
"""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.unit.record.invented_logs import NOW, InventedLog, key_of, words

from truce.record.cosignature import verify_cosignature, witness_key
from truce.record.merkle import EMPTY_ROOT
from truce.record.note import Note, checkpoint_from_text
from truce.record.witnessing.split_view import verify_split_view
from truce.record.witnessing.witness import (
    REQUEST_SIZE_MAX,
    Cosigned,
    Refusal,
    Refused,
    Submission,
    cosign,
    submission_from_body,
)

SIZES = 60
LOG = InventedLog(words(SIZES))
# The same key, other entries from the fourth on.
FORK = InventedLog(words(SIZES, fork_at=3))
KEY = key_of("north")
NAME = "w.example/north"
WITNESS = witness_key(NAME, KEY.public)


def submission(
    old: int,
    note: Note,
    path: tuple[bytes, ...] = (),
) -> Submission:
    """A request, as it arrives over the wire."""
    sent = Submission(
        old_size=old,
        path=path,
        note=note,
        checkpoint=checkpoint_from_text(note.text),
    )
    return submission_from_body(sent.raw())


def asked(latest: Note | None, request: Submission, *, now: datetime = NOW) -> Cosigned:
    """The witness's answer, given what it cosigned last."""
    return cosign(
        request,
        logs={LOG.origin: LOG.vkey},
        latest=latest,
        name=NAME,
        key=KEY,
        now=now,
    )


def seen(log: InventedLog, size: int) -> Note | None:
    """What a witness remembers that has cosigned this size; None for 0."""
    return asked(None, submission(0, log.note(size))).note if size else None


def refused(latest: Note | None, request: Submission) -> Refused:
    """Why the witness does not cosign."""
    with pytest.raises(Refused) as caught:
        asked(latest, request)
    return caught.value


@pytest.mark.parametrize("old", range(1, SIZES + 1))
def test_growth_is_cosigned_and_a_changed_proof_is_not(old: int) -> None:
    """For every new size: the true proof, and each proof with one hash changed, removed
    or added.

    "If the Merkle Consistency Proof doesn't verify, the witness MUST respond with a
    422".
    """
    latest = seen(LOG, old)
    for new in range(old, SIZES + 1):
        path = LOG.path(old, new)
        true = submission(old, LOG.note(new), path)
        done = asked(latest, true)
        assert done.checkpoint.size == new
        wrong = [(*path, bytes(32)), (bytes(32), *path)]
        for at in range(len(path)):
            changed = bytes([path[at][0] ^ 1]) + path[at][1:]
            wrong.append((*path[:at], changed, *path[at + 1 :]))
            wrong.append((*path[:at], *path[at + 1 :]))
        for bad in wrong:
            found = refused(latest, replace(true, path=bad))
            assert found.refusal is Refusal.NOT_CONSISTENT, (old, new)
            # No garbage makes evidence against an honest log.
            assert found.split_view is None, (old, new)


def test_the_first_checkpoint_is_taken_as_it_is() -> None:
    """ "The proof MUST be empty if the old size is zero"."""
    done = asked(None, submission(0, LOG.note(7)))
    assert verify_cosignature(done.note, WITNESS, now=NOW) == NOW
    found = refused(None, submission(0, LOG.note(7), (bytes(32),)))
    assert found.refusal is Refusal.NOT_CONSISTENT


def test_an_empty_log_has_the_empty_root() -> None:
    """Size 0 says one thing only."""
    assert asked(None, submission(0, LOG.note(0))).checkpoint.root == EMPTY_ROOT
    liar = InventedLog([])
    liar.root = lambda size: bytes([size] * 32)  # type: ignore[method-assign]
    assert refused(None, submission(0, liar.note(0))).refusal is Refusal.CONFLICT


def test_what_is_remembered_holds_only_what_was_checked() -> None:
    """The log's line and the witness's own; a stranger's line is not passed on."""
    other = cosign(
        submission(0, LOG.note(7)),
        logs={LOG.origin: LOG.vkey},
        latest=None,
        name="w.example/other",
        key=key_of("other"),
        now=NOW,
    )
    done = asked(None, submission(0, other.note))
    assert [line.name for line in done.note.signatures] == [LOG.origin, NAME]


def test_an_unknown_log_is_not_found() -> None:
    """ "If the checkpoint origin is unknown [...] 404"."""
    stranger = InventedLog(words(3), key_of("another log"))
    found = refused(None, submission(0, stranger.note(3)))
    assert found.refusal is Refusal.UNKNOWN_LOG


def test_a_checkpoint_that_the_log_did_not_sign_is_forbidden() -> None:
    """ "If none of the signatures verify against a trusted public key [...] 403"."""
    thief = InventedLog(words(3), key_of("thief"))
    thief.origin = LOG.origin
    assert refused(None, submission(0, thief.note(3))).refusal is Refusal.NOT_SIGNED
    note = LOG.note(3)
    swapped = Note(text=LOG.note(4).text, signatures=note.signatures)
    assert refused(None, submission(0, swapped)).refusal is Refusal.NOT_SIGNED


def test_the_old_size_must_not_exceed_the_new() -> None:
    """ "The old size MUST be equal to or lower than the checkpoint size [...] 400"."""
    found = refused(seen(LOG, 9), submission(9, LOG.note(8)))
    assert found.refusal is Refusal.MALFORMED


@pytest.mark.parametrize(("have", "old", "new"), [(9, 0, 12), (9, 8, 12), (0, 4, 12)])
def test_another_old_size_is_told_what_was_seen(have: int, old: int, new: int) -> None:
    """ "If it doesn't match, [...] 409 [...] the tree size of the latest"."""
    found = refused(seen(LOG, have), submission(old, LOG.note(new), LOG.path(old, new)))
    assert found.refusal is Refusal.CONFLICT
    assert found.size == have
    assert found.split_view is None


def test_the_same_checkpoint_is_cosigned_again() -> None:
    """With a new time: it is still the largest that was seen."""
    later = NOW + timedelta(hours=1)
    done = asked(seen(LOG, 9), submission(9, LOG.note(9)), now=later)
    assert done.cosigned_at == later


def test_the_time_of_cosigning_never_goes_back() -> None:
    """A clock that was set back must not make an older claim about a newer tree."""
    done = asked(
        seen(LOG, 9),
        submission(9, LOG.note(12), LOG.path(9, 12)),
        now=NOW - timedelta(days=1),
    )
    assert done.cosigned_at == NOW
    assert verify_cosignature(done.note, WITNESS, now=NOW) == NOW


@pytest.mark.parametrize("old", [0, 5, 9])
def test_another_root_at_the_same_size_is_a_split_view(old: int) -> None:
    """Whatever old size is named: both notes are in hand."""
    path = FORK.path(old, 9)
    found = refused(seen(LOG, 9), submission(old, FORK.note(9), path))
    assert found.refusal is Refusal.CONFLICT
    assert found.size == 9
    assert found.split_view is not None
    assert verify_split_view(found.split_view.raw()) == found.split_view


@pytest.mark.parametrize("old", range(4, SIZES))
def test_growth_of_another_history_is_a_split_view_where_the_proof_holds_it(
    old: int,
) -> None:
    """The fork's own proof leads to its new root from an old root that is not ours.

    For sizes that are powers of two the proof leaves the old root out, and the note is
    only suspect: comparing with the log's tiles decides.
    """
    for new in (old + 1, SIZES):
        request = submission(old, FORK.note(new), FORK.path(old, new))
        found = refused(seen(LOG, old), request)
        assert found.refusal is Refusal.NOT_CONSISTENT
        assert found.suspect == FORK.note(new)
        if old & (old - 1):
            assert found.split_view is not None, (old, new)
            verify_split_view(found.split_view.raw())
        else:
            assert found.split_view is None


def test_a_history_that_forks_later_is_of_one_history_so_far() -> None:
    """Up to the third entry both say the same, and a witness cannot know."""
    assert asked(seen(LOG, 3), submission(3, FORK.note(9), FORK.path(3, 9)))


HASH = base64.b64encode(bytes(32))
RAW = LOG.raw(9)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        RAW,
        b"old 0\n" + RAW,
        b"old 00\n\n" + RAW,
        b"old -1\n\n" + RAW,
        b"old  1\n\n" + RAW,
        b"old \n\n" + RAW,
        b"Old 0\n\n" + RAW,
        b"old 0\r\n\n" + RAW,
        "old \u0661\n\n".encode() + RAW,
        b"old 1\n" + HASH[:-4] + b"\n\n" + RAW,
        b"old 1\n" + HASH[:-1] + b"\n\n" + RAW,
        b"old 1\n" + HASH + b" \n\n" + RAW,
        b"old 1\n" + (HASH + b"\n") * 64 + b"\n" + RAW,
        b"old 0\n\n" + RAW[:-1],
        b"old 0\n\n" + LOG.raw(9).replace(b"\n9\n", b"\n09\n"),
        b"old 0\n\n" + RAW + b"\n" * REQUEST_SIZE_MAX,
        b"old 1000000000000000000\n\n" + RAW,
    ],
)
def test_a_request_in_another_form_is_bad(body: bytes) -> None:
    """Each rule of the request, broken once."""
    with pytest.raises(Refused, match="request") as caught:
        submission_from_body(body)
    assert caught.value.refusal is Refusal.MALFORMED


def test_sixty_three_proof_lines_are_read() -> None:
    """As many as a client may send."""
    body = b"old 1\n" + (HASH + b"\n") * 63 + b"\n" + RAW
    assert len(submission_from_body(body).path) == 63
    assert submission_from_body(body).raw() == body
