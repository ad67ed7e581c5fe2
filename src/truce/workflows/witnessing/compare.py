"""Comparing what several witnesses were shown of one log with each other and the log.

1. The witnesses' notes are fetched first and the log's own last: an honest log shows
   what it had cosigned before it asks, so it is never behind a witness.
2. Notes of one size must have one root. Two roots are a split view.
3. For a note of a smaller size, the log's own tiles give the root that its tree had
   then, with the path to the root that it signs now. Another root than the note's is a
   split view, proved by the log's own tiles.
4. A note of a larger size than the log shows cannot be tied to it. That proves nothing,
   and is told: an honest log has no reason for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from truce.errors import ProofFails, TruceError, Unavailable
from truce.record.merkle import consistency_path, range_hash, verify_consistency
from truce.record.note import (
    Checkpoint,
    Note,
    VerifierKey,
    note_from_bytes,
    verify_checkpoint_note,
)
from truce.record.witnessing.split_view import SplitView, split_view_of
from truce.workflows.witnessing.ports import ShownLog

LOG: str = "the log"


class Standing(StrEnum):
    """How one note stands to the history that the log shows."""

    ONE_HISTORY = "one-history"
    SPLIT = "split"
    NOT_SHOWN = "not-shown"
    NOTHING_YET = "nothing-yet"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A note, and who was shown it."""

    who: str
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One party's note compared. `size` is None where it has none to compare."""

    who: str
    standing: Standing
    size: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that was compared of one log. `split_views` prove themselves."""

    origin: str
    compared: tuple[Compared, ...]
    split_views: tuple[SplitView, ...]

    @property
    def is_one_history(self) -> bool:
        """Whether every note was shown to be of the log's one history."""
        fine = (Standing.ONE_HISTORY, Standing.NOTHING_YET)
        return not self.is_split and all(r.standing in fine for r in self.compared)

    @property
    def is_split(self) -> bool:
        """Whether the log's key was shown to have signed two histories."""
        return bool(self.split_views)


Fetch = Callable[[], bytes | None]


def compare_histories(
    log: VerifierKey,
    witnesses: Iterable[tuple[str, Fetch]],
    *,
    shown_log: ShownLog | None,
) -> Comparison:
    """Whether everybody was shown one history of a log.

    `witnesses` answer their latest note, or None where they have none yet. Without the
    log itself only notes of the newest size can be compared.
    """
    compared: list[Compared] = []
    notes: list[Shown] = []
    for who, fetch in witnesses:  # (1)
        _fetched(log, who, fetch, notes, compared)
    theirs = list(notes)
    if shown_log is not None:
        _fetched(log, LOG, shown_log.checkpoint, notes, compared)
    own = next((shown for shown in notes if shown.who == LOG), None)
    newest = own or max(notes, key=lambda n: n.checkpoint.size, default=None)
    split_views = _split_at_one_size(log, notes)  # (2)
    split_names = {who for pair in split_views for who in pair}
    found = list(split_views.values())
    for shown in theirs:
        row, split_view = _compared_with(log, shown, newest, shown_log)  # (3), (4)
        if split_view is not None and not _is_known(found, split_view):
            found.append(split_view)
        if shown.who in split_names:
            row = Compared(
                who=shown.who,
                standing=Standing.SPLIT,
                size=shown.checkpoint.size,
                reason="another root at the same size was signed too",
            )
        compared.append(row)
    if own is not None:
        standing = Standing.SPLIT if LOG in split_names else Standing.ONE_HISTORY
        compared.append(Compared(who=LOG, standing=standing, size=own.checkpoint.size))
    return Comparison(
        origin=log.name, compared=tuple(compared), split_views=tuple(found)
    )


def _fetched(
    log: VerifierKey,
    who: str,
    fetch: Fetch,
    notes: list[Shown],
    compared: list[Compared],
) -> None:
    try:
        raw = fetch()
        if raw is None:
            compared.append(Compared(who=who, standing=Standing.NOTHING_YET, size=None))
            return
        note = note_from_bytes(raw)
        checkpoint = verify_checkpoint_note(note, log)
    except (Unavailable, ProofFails) as error:
        compared.append(
            Compared(
                who=who, standing=Standing.UNANSWERED, size=None, reason=str(error)
            )
        )
        return
    notes.append(Shown(who=who, note=note, checkpoint=checkpoint))


def _split_at_one_size(
    log: VerifierKey, notes: list[Shown]
) -> dict[tuple[str, str], SplitView]:
    found = {}
    for one, other in combinations(notes, 2):
        if one.checkpoint.size == other.checkpoint.size:
            split_view = split_view_of(log, one.note, other.note)
            if split_view is not None:
                found[one.who, other.who] = split_view
    return found


def _compared_with(
    log: VerifierKey,
    shown: Shown,
    newest_shown: Shown | None,
    shown_log: ShownLog | None,
) -> tuple[Compared, SplitView | None]:
    size = shown.checkpoint.size

    def told(standing: Standing, reason: str = "") -> Compared:
        return Compared(who=shown.who, standing=standing, size=size, reason=reason)

    if newest_shown is None:
        raise RuntimeError("a note was shown, so there is a newest one")
    newest = newest_shown.checkpoint
    if size == newest.size and shown.checkpoint.root == newest.root:
        return told(Standing.ONE_HISTORY), None
    if shown_log is None or newest_shown.who != LOG:
        reason = "the log itself shows no checkpoint to tie it to"
        return told(Standing.NOT_SHOWN, reason), None
    if size > newest.size:
        reason = f"it was shown {size} entries, the log shows only {newest.size}"
        return told(Standing.NOT_SHOWN, reason), None
    if size == 0:
        return told(Standing.ONE_HISTORY), None
    try:
        nodes = shown_log.nodes(newest.size)
        root = range_hash(nodes, 0, size)
        path = consistency_path(nodes, size, newest.size)
    except TruceError as error:
        return told(Standing.NOT_SHOWN, f"the log's tiles: {error}"), None
    if not verify_consistency(size, root, newest.size, newest.root, path):
        reason = "the log's tiles do not lead to the root that it signs"
        return told(Standing.NOT_SHOWN, reason), None
    if root == shown.checkpoint.root:
        return told(Standing.ONE_HISTORY), None
    split_view = split_view_of(log, shown.note, newest_shown.note, path=path, root=root)
    reason = f"the log's tree had another root at {size} entries"
    return told(Standing.SPLIT, reason), split_view


def _is_known(found: list[SplitView], split_view: SplitView) -> bool:
    return any(split_view.raw() == other.raw() for other in found)


__all__ = ["LOG", "Compared", "Comparison", "Shown", "Standing", "compare_histories"]
