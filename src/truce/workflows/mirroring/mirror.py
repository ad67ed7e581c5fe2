"""Taking over what a record has grown by, and what stands beside its log.

1. The witnessed checkpoint is fetched first and the log's own after it, so that an
   honest record never shows one that is beyond what is taken.
2. On first contact the founding says whose key signs; the origin names that key, and
   whoever was told the key compares.
3. A checkpoint of what is here already, or of less, is compared with the copy's own
   tree: another root is a split view, proved by the copy's own hashes.
4. The source's hashes may prove that a larger tree is of another history. Otherwise
   what is new is taken statement by statement; see `record/copying/taking.py`. Where
   it does not lead to what was signed, something was changed: the copy stays.
5. Gaps are filled, the witnessed checkpoint and the timestamps follow the log.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from truce.errors import ProofFails, TruceError, Unavailable
from truce.record.copying.copying import Copy
from truce.record.copying.taking import Served, Taking
from truce.record.envelope import ENTRY_SIZE_MAX, entry_from_bytes
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.kept import is_identity
from truce.record.note import (
    NOTE_SIZE_MAX,
    Checkpoint,
    checkpoint_from_note,
    log_key,
    note_from_bytes,
    verify_checkpoint,
)
from truce.record.payloads import SaltedPayload
from truce.record.policy import assess_witnesses, policy_from_text
from truce.record.tiles import TILE_WIDTH, entries_from_bundle, tile_path
from truce.record.witnessing.split_view import SplitView
from truce.workflows.mirroring.beside import copied_timestamps, copied_witnessed, named
from truce.workflows.mirroring.compare_own import split_from_own, split_from_shown
from truce.workflows.mirroring.fetch_payloads import GroupSource
from truce.workflows.mirroring.model import Mirrored, Standing, Terms
from truce.workflows.mirroring.ports import NotGiven, ShownRecord
from truce.workflows.witnessing.ports import WitnessedFile

_WITNESSED: Final = "witnessed/checkpoint"
_LOG: Final = "log/checkpoint"
OnProgress = Callable[[int, int], None]


@dataclass(slots=True)
class _Payloads:
    """What became of the payloads of new statements."""

    groups: GroupSource
    not_served: int = 0
    left_out: int = 0


def mirror(
    copy: Copy,
    source: ShownRecord,
    terms: Terms,
    *,
    witnessed_file: WitnessedFile,
    on_progress: OnProgress | None = None,
) -> Mirrored:
    """Takes over what a source shows beyond the copy; answers how it stands.

    Raises:
        ProofFails: what is shown does not hold, and proves no split view; the copy is
            as it was.
        Unavailable: the source does not answer or withholds what nobody can do
            without, or the disk refused; what is there already is used next time.
    """
    witnessed = source.file(_WITNESSED, size_max=NOTE_SIZE_MAX)  # (1)
    shown = source.file(_LOG, size_max=NOTE_SIZE_MAX)
    if isinstance(shown, NotGiven):
        raise Unavailable(
            f"{source.name}/{_LOG}: {shown.reason}; expected the address or the folder "
            "under which a record's files lie",
            is_retry_safe=True,
        )
    groups = GroupSource(source)
    founding = _founding(copy, groups, shown, terms)  # (2)
    found = Mirrored(
        key=log_key(founding.origin, founding.log_key),
        standing=Standing.UNCHANGED,
        size_before=copy.size,
        size=copy.size,
        is_key_trusted=copy.record is None and terms.key is None,
    )
    with named(f"{source.name}/{_LOG}"):
        verify_checkpoint(shown, origin=founding.origin, key=founding.log_key)
    if terms.requires_witnesses:
        with named(f"{source.name}/{_WITNESSED}"):
            is_witnessed = isinstance(witnessed, bytes) and _is_witnessed(
                founding, witnessed
            )
        if isinstance(witnessed, NotGiven) or not is_witnessed:
            found.standing = Standing.NOT_WITNESSED
            return found
        shown = witnessed
    _follow(copy, source, founding, shown, terms, found, groups, on_progress)
    if copy.record is None or not found.standing.is_fine:
        return found
    if terms.fills_gaps:  # (5)
        found.filled = _filled(copy, groups)
        still = sum(1 for _ in copy.lacking())
        if still:
            reasons = "; ".join(sorted({*groups.refused.values()}))
            found.notes.append(
                f"payloads: still lacking in {still} groups"
                + (f" ({reasons})" if reasons else "")
            )
    if isinstance(witnessed, bytes):
        with named(f"{source.name}/{_WITNESSED}"):
            found.split_view = _split_at(copy, witnessed)
            if found.split_view is not None:
                found.standing = Standing.SPLIT
                return found
            found.witnessed_size = copied_witnessed(
                copy.record, witnessed, witnessed_file
            )
    with named(f"{source.name}/timestamps"):
        found.timestamps, missing = copied_timestamps(copy.record, source)
    found.notes += missing
    return found


def _founding(copy: Copy, groups: GroupSource, shown: bytes, terms: Terms) -> Founding:
    """What the record is, from the copy or on first contact from the source.

    On first contact it is tied to the log as everything else is: entry 0 commits to it.
    """
    if copy.record is not None:
        founding = copy.record.founding
    else:
        first = groups.first()
        if first is None:
            raise Unavailable(
                "the source does not give the founding (payloads/000), and without it "
                "nobody can check who may state; copy once from a source that has it",
                is_retry_safe=True,
            )
        try:
            founding = founding_from_payload(first.payload)
        except TruceError as error:
            raise ProofFails(str(error)) from error
        with named("log/checkpoint"):
            origin = checkpoint_from_note(shown).origin
        if founding.origin != origin:
            raise ProofFails(
                f"the checkpoint is of {origin!r}, its founding founds "
                f"{founding.origin!r}"
            )
    key = log_key(founding.origin, founding.log_key)
    if terms.key is not None and terms.key != key:
        raise ProofFails(
            f"the log's key is {key.text()}, expected {terms.key.text()}; this is "
            "another record, or somebody poses as it"
        )
    return founding


def _follow(
    copy: Copy,
    source: ShownRecord,
    founding: Founding,
    shown: bytes,
    terms: Terms,
    found: Mirrored,
    groups: GroupSource,
    on_progress: OnProgress | None,
) -> None:
    checkpoint = verify_checkpoint(shown, origin=founding.origin, key=founding.log_key)
    if checkpoint.size <= copy.size:
        _compare(copy, checkpoint, shown, terms, found)  # (3)
        return
    # Before anything is fetched that a second history may lack or withhold.
    found.split_view = split_from_shown(copy.record, shown, source)
    if found.split_view is not None:
        found.standing = Standing.SPLIT
        return
    payloads = _Payloads(groups)
    try:  # (4)
        _take_over(copy, source, founding, shown, terms, payloads, on_progress)
    except ProofFails:
        # Hashes that were out of reach before may be there now.
        found.split_view = split_from_shown(copy.record, shown, source)
        if found.split_view is None:
            raise
        found.standing = Standing.SPLIT
        return
    found.standing, found.size = Standing.GREW, copy.size
    found.not_served, found.left_out = payloads.not_served, payloads.left_out
    found.not_served_reasons = tuple(sorted({*groups.refused.values()}))


def _compare(
    copy: Copy, checkpoint: Checkpoint, shown: bytes, terms: Terms, found: Mirrored
) -> None:
    if copy.record is None:
        found.notes.append("the source shows a log without statements")
        return
    found.split_view = split_from_own(copy.record, shown)
    if found.split_view is not None:
        found.standing = Standing.SPLIT
    elif checkpoint.size < copy.size and not terms.requires_witnesses:
        # What counts as witnessed may be behind the log, and so behind the copy.
        found.standing = Standing.SHRANK
        found.notes.append(
            f"the source shows {checkpoint.size} statements, this copy has {copy.size}"
        )


def _split_at(copy: Copy, witnessed: bytes) -> SplitView | None:
    """The proof that a witnessed checkpoint is of another history than the copy."""
    if copy.record is None or checkpoint_from_note(witnessed).size > copy.size:
        return None
    return split_from_own(copy.record, witnessed)


def _take_over(
    copy: Copy,
    source: ShownRecord,
    founding: Founding,
    shown: bytes,
    terms: Terms,
    payloads: _Payloads,
    on_progress: OnProgress | None,
) -> None:
    """Takes everything new. What an earlier run left may be what is wrong, and then
    all is fetched again.
    """
    has_head_start = False
    try:
        with copy.taking(founding, shown) as taking:
            try:
                _take_all(taking, source, terms, payloads, on_progress)
            finally:
                has_head_start = taking.has_head_start
    except ProofFails:
        copy.drop_unshown()
        if not has_head_start:
            raise
        payloads.not_served = payloads.left_out = 0
        with copy.taking(founding, shown) as taking:
            _take_all(taking, source, terms, payloads, on_progress)


def _take_all(
    taking: Taking,
    source: ShownRecord,
    terms: Terms,
    payloads: _Payloads,
    on_progress: OnProgress | None,
) -> None:
    while taking.size < taking.goal.size:
        number, place = divmod(taking.size, TILE_WIDTH)
        count = min(TILE_WIDTH, taking.goal.size - number * TILE_WIDTH)
        bundle = taking.kept_bundle(number) or _bundle(source, number, count)
        fresh = bundle[place:]
        taking.take(fresh, _served(payloads, terms, number, place, fresh))
        if on_progress is not None:
            on_progress(taking.size, taking.goal.size)
    taking.finish()


def _bundle(source: ShownRecord, number: int, count: int) -> list[bytes]:
    """The first `count` entries of a bundle, which may have been completed since."""
    reasons = []
    for width in dict.fromkeys((count, TILE_WIDTH)):
        path = f"log/{tile_path('entries', number, width)}"
        raw = source.file(path, size_max=width * (2 + ENTRY_SIZE_MAX))
        if isinstance(raw, bytes):
            first = number * TILE_WIDTH
            return entries_from_bundle(raw, first=first, count=width)[:count]
        reasons.append(f"{path}: {raw.reason}")
    raise Unavailable(f"{source.name}: {'; '.join(reasons)}", is_retry_safe=True)


def _served(
    payloads: _Payloads,
    terms: Terms,
    number: int,
    first: int,
    entries: Sequence[bytes],
) -> Served:
    def served(place: int, offset: int) -> Iterator[SaltedPayload | None]:
        left = entries[place - first :]
        wanted = [terms.takes_payloads or is_identity(raw) for raw in left]
        if not any(wanted):
            payloads.left_out += len(left)
            yield from (None for _ in left)
            return
        given = payloads.groups.payloads(
            number,
            place=place,
            # A copy that leaves payloads out has the others at places of its own.
            offset=offset if terms.takes_payloads else 0,
            commitments=[entry_from_bytes(raw).header.commitment for raw in left],
        )
        for is_wanted, salted in zip(wanted, given, strict=True):
            payloads.left_out += not is_wanted
            payloads.not_served += is_wanted and salted is None
            yield salted if is_wanted else None

    return served


def _filled(copy: Copy, groups: GroupSource) -> int:
    filled = 0
    if copy.record is None:
        return filled
    for number in copy.lacking():
        first = number * TILE_WIDTH
        entries = copy.record.entries(first, first + TILE_WIDTH)
        commitments = [entry.header.commitment for entry in entries]
        given = groups.payloads(number, place=0, offset=0, commitments=commitments)
        filled += copy.fill(number, given)
    return filled


def _is_witnessed(founding: Founding, raw: bytes) -> bool:
    """Whether a checkpoint holds and satisfies the founding's policy."""
    verify_checkpoint(raw, origin=founding.origin, key=founding.log_key)
    policy = policy_from_text(founding.witness_policy, may_name_logs=False)
    return assess_witnesses(policy, note_from_bytes(raw), now=None).is_satisfied


__all__ = ["OnProgress", "mirror"]
