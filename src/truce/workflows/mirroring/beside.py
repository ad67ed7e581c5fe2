"""What stands beside a log, once the log itself was taken over: the witnessed
checkpoint and the timestamps.

Both are checked against the copy's own tree; neither can hold the copy up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, ProofFails
from truce.record.log import Record
from truce.record.note import note_from_bytes, verify_checkpoint
from truce.record.policy import assess_witnesses, policy_from_text
from truce.record.timestamps import (
    FILE_SIZE_MAX,
    FOLDER,
    KeptTimestamp,
    keep_timestamp,
    sizes_from_index,
    timestamp_sizes,
    verify_own_note,
    verify_stamped_note,
)
from truce.workflows.mirroring.ports import NotGiven, ShownRecord
from truce.workflows.witnessing.ports import WitnessedFile

_INDEX: Final = f"{FOLDER}/index"


@contextmanager
def named(place: str) -> Iterator[None]:
    """Says of what comes from a source where it came from, and that it does not hold:
    whoever asked did nothing wrong.

    Raises:
        ProofFails: what happens inside raised it, or InvalidInput.
    """
    try:
        yield
    except ProofFails as error:
        raise ProofFails(f"{place}: {error}", code=error.code) from error
    except InvalidInput as error:
        raise ProofFails(f"{place}: {error}") from error


def copied_witnessed(record: Record, raw: bytes, file: WitnessedFile) -> int | None:
    """Keeps a witnessed checkpoint that holds; answers its size.

    None where it is of more statements than the copy has yet.

    Raises:
        ProofFails: it is of another tree, or not enough witnesses cosigned it.
        UnavailableRecord: it could not be written.
    """
    founding = record.founding
    shown = verify_checkpoint(raw, origin=founding.origin, key=founding.log_key)
    if shown.size > record.size:
        return None
    verify_own_note(record, raw)
    policy = policy_from_text(founding.witness_policy, may_name_logs=False)
    note = note_from_bytes(raw)
    if not assess_witnesses(policy, note, now=None).is_satisfied:
        raise ProofFails(
            f"the witnessed checkpoint of {shown.size} statements does not satisfy "
            f"{policy.rule()}; it was not taken over, the log was"
        )
    file.replace(note)
    return shown.size


def copied_timestamps(
    record: Record, source: ShownRecord
) -> tuple[int, tuple[str, ...]]:
    """Keeps the timestamps that the source's index names; answers how many were new,
    and which of them are not to be had.

    Those of more statements than the copy has yet are left for later. What the
    authority signed is not checked here: `truce timestamp --verify` does.

    Raises:
        InvalidRecord: the index is none.
        ProofFails: a note is of another tree.
        Unavailable: the source does not answer, or the disk refused.
    """
    raw = source.file(_INDEX, size_max=FILE_SIZE_MAX)
    if isinstance(raw, NotGiven):
        return 0, ()
    kept = set(timestamp_sizes(record.folder))
    taken, missing = 0, []
    for size in sizes_from_index(raw, Path(_INDEX)):
        if size in kept or size > record.size:
            continue
        note, response = (
            source.file(f"{FOLDER}/{size}.{end}", size_max=FILE_SIZE_MAX)
            for end in ("note", "tsr")
        )
        if isinstance(note, NotGiven) or isinstance(response, NotGiven):
            missing.append(f"timestamp of {size} statements: not given")
            continue
        fresh = KeptTimestamp(size=size, note=note, response=response)
        verify_stamped_note(record, fresh)
        keep_timestamp(record.folder, fresh)
        taken += 1
    return taken, tuple(missing)


__all__ = ["copied_timestamps", "copied_witnessed", "named"]
