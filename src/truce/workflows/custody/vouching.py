"""How far others than its operator vouch for a log: witnesses, and authorities."""

from contextlib import suppress

from truce.errors import InvalidRecord, ProofFails, Unavailable
from truce.picture.ports import Vouching
from truce.record import Record
from truce.record.note import checkpoint_from_note, note_from_bytes
from truce.record.policy import NO_QUORUM, assess_witnesses, policy_from_text
from truce.record.timestamps import timestamp_sizes, verify_own_note
from truce.workflows.custody._proof import witnessed_note


def vouching_of(record: Record) -> Vouching:
    """What the record's folder keeps of others' word for it, as far as it holds.

    A note that does not hold, or is of another history, vouches for nothing.
    """
    policy = policy_from_text(record.founding.witness_policy)
    witnessed = stamped = None
    with suppress(ProofFails, Unavailable):
        note = witnessed_note(record)
        if note is not None:
            verify_own_note(record, note)
            found = assess_witnesses(policy, note_from_bytes(note), now=None)
            if found.is_satisfied:
                witnessed = checkpoint_from_note(note).size
    with suppress(InvalidRecord, Unavailable):
        stamped = max(timestamp_sizes(record.folder), default=None)
    return Vouching(
        rule=None if policy.quorum == NO_QUORUM else policy.rule(),
        witnessed_count=witnessed,
        stamped_count=stamped,
    )


__all__ = ["vouching_of"]
