"""Timestamps on a record's checkpoints: asking for one, and checking those kept."""

from dataclasses import dataclass
from pathlib import Path

from truce.errors import ProofFails, UnavailableRecord
from truce.record import Record
from truce.record.timestamps import (
    KeptTimestamp,
    keep_timestamp,
    kept_timestamp,
    timestamp_sizes,
    verify_stamped_note,
)
from truce.workflows.custody.ports import Stamp, StampReader, TimestampAuthority


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampCheck:
    """Whether one kept timestamp holds: `stamp` is what it states, None where that
    cannot be read; `reason` says why it does not hold, empty where it does.
    """

    size: int
    stamp: Stamp | None
    reason: str

    @property
    def holds(self) -> bool:
        """Whether note, response and authority hold."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """The timestamp of a checkpoint; `is_new` is False where one was kept already."""

    kept: KeptTimestamp
    is_new: bool


def timestamp_checkpoint(record: Record, authority: TimestampAuthority) -> Stamped:
    """The timestamp of the record's checkpoint, asked for unless one is kept.

    1. One of that size is kept already: it is the answer, and nobody is asked.
    2. The authority is shown the checkpoint; what it answers is checked.
    3. Note and response are kept, the index last.

    Raises:
        AnswerIsNo: the authority refuses or its answer does not hold; nothing is kept.
        Unavailable: the authority or the disk cannot be reached; nothing is kept.
        OutcomeUnknown: the disk failed in the last step.
    """
    folder, size = record.folder, record.size
    if size in timestamp_sizes(folder):  # (1)
        return Stamped(kept=kept_timestamp(folder, size), is_new=False)
    note = record.checkpoint
    response = authority.stamp(note)  # (2)
    fresh = KeptTimestamp(size=size, note=note, response=response)
    kept = keep_timestamp(folder, fresh)  # (3)
    return Stamped(kept=kept, is_new=kept is fresh)


def check_timestamps(record: Record, reader: StampReader) -> tuple[TimestampCheck, ...]:
    """Every kept timestamp of a record, the oldest checkpoint first, and whether it
    holds.

    Raises:
        InvalidRecord: the index is not in its form.
    """
    return tuple(
        _checked(record, size, reader) for size in timestamp_sizes(record.folder)
    )


def earliest_after(folder: Path, index: int) -> KeptTimestamp | None:
    """The kept timestamp of the smallest tree that holds a statement; None where there
    is none.
    """
    sizes = (size for size in timestamp_sizes(folder) if size > index)
    size = next(sizes, None)
    return None if size is None else kept_timestamp(folder, size)


def _checked(record: Record, size: int, reader: StampReader) -> TimestampCheck:
    stamp = None
    try:
        kept = kept_timestamp(record.folder, size)
        stamp = reader.read(kept.response)
        verify_stamped_note(record, kept)
        reader.verify(kept.note, kept.response)
    except (ProofFails, UnavailableRecord) as error:
        return TimestampCheck(size=size, stamp=stamp, reason=str(error))
    return TimestampCheck(size=size, stamp=stamp, reason="")


__all__ = [
    "Stamped",
    "TimestampCheck",
    "check_timestamps",
    "earliest_after",
    "timestamp_checkpoint",
]
