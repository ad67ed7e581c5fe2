"""Whether a note and the copy's own checkpoint prove a split view."""

from truce.errors import ProofFails, TruceError
from truce.record.log import Record
from truce.record.merkle import consistency_path, range_hash, verify_consistency
from truce.record.note import log_key, note_from_bytes, verify_checkpoint
from truce.record.tiles import TileReader
from truce.record.witnessing.split_view import SplitView, split_view_of
from truce.workflows.mirroring.ports import ShownRecord


def split_from_own(record: Record, raw: bytes) -> SplitView | None:
    """The proof that a note of no larger a tree is of another history, by the copy's
    own hashes; None where it is of this one.

    Raises:
        ProofFails: the note is none of this log's key, or the copy is damaged.
    """
    log = log_key(record.origin, record.founding.log_key)
    note = note_from_bytes(raw)
    shown = verify_checkpoint(raw, origin=log.name, key=log.key)
    if shown.size == 0:
        return None
    if shown.size > record.size:
        raise ValueError(f"a tree of {shown.size} is no part of one of {record.size}")
    nodes = TileReader(record.folder / "log", record.size).node
    root = range_hash(nodes, 0, shown.size)
    if root == shown.root:
        return None
    found = split_view_of(
        log,
        note,
        note_from_bytes(record.checkpoint),
        path=consistency_path(nodes, shown.size, record.size),
        root=root,
    )
    if found is None:
        raise ProofFails(
            f"{record.folder}: this copy's own files do not lead to its checkpoint; "
            "run truce verify to see which, then make the copy anew"
        )
    return found


def split_from_shown(
    record: Record | None, raw: bytes, source: ShownRecord
) -> SplitView | None:
    """The proof that a note of a larger tree is of another history than the copy, by
    the hashes that the source shows; None where they prove none.

    The hashes are believed only where they lead to the root that was signed.
    """
    if record is None:
        return None
    log = log_key(record.origin, record.founding.log_key)
    shown = verify_checkpoint(raw, origin=log.name, key=log.key)
    nodes = source.nodes(shown.size)
    try:
        root = range_hash(nodes, 0, record.size)
        path = consistency_path(nodes, record.size, shown.size)
    except TruceError:
        # The source's hashes may be wrong as well, or not there: then nothing is shown.
        return None
    if not verify_consistency(record.size, root, shown.size, shown.root, path):
        return None
    try:
        own = note_from_bytes(record.checkpoint)
        return split_view_of(log, own, note_from_bytes(raw), path=path, root=root)
    except ProofFails:
        return None


__all__ = ["split_from_own", "split_from_shown"]
