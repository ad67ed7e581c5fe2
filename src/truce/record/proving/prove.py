"""Making the proof that a statement stands in a record, to be checked offline."""

from truce.errors import (
    ProofFails,
    UnavailableRecord,
)
from truce.identifiers import StatementIndex
from truce.record.log import Record
from truce.record.merkle import (
    inclusion_path,
)
from truce.record.note import (
    verify_checkpoint,
)
from truce.record.payloads import SaltedPayload
from truce.record.proving.chain import chain_to
from truce.record.proving.proof import (
    ChainLink,
    ProofExtra,
    TlogProof,
)
from truce.record.tiles import TileReader


def proof_of_statement(
    record: Record,
    index: StatementIndex,
    *,
    prefix: bytes | None = None,
    checkpoint: bytes | None = None,
) -> TlogProof:
    """The proof that a statement stands in a record, with all that its check needs.

    `prefix` is what stands before the file's bytes in the payload. None proves the
    entry alone, and then the salt is not given either: with it anybody could test a
    guess of what is withheld. `checkpoint` is the
    note to prove it in, e.g. one that witnesses cosigned; the record's newest if None.

    Raises:
        InvalidRecord: the record has no such statement.
        ProofFails: the checkpoint is not the record's own, or not over the statement.
        UnavailableRecord: a payload is not in this copy.
    """
    entry = record.entry(index)
    note = record.checkpoint if checkpoint is None else checkpoint
    shown = verify_checkpoint(note, origin=record.origin, key=record.founding.log_key)
    if not index < shown.size <= record.size:
        raise ProofFails(
            f"checkpoint of size {shown.size}: expected one over statement {index}, "
            f"and at most {record.size}, which this copy holds"
        )
    links = chain_to(record, entry.header.by, index)
    extra = ProofExtra(
        chain=tuple(_link_of(record, link, shown.size) for link in links),
        entry=entry.raw,
        prefix=prefix or b"",
        salt=b"" if prefix is None else _salted(record, index).salt,
    )
    return TlogProof(
        index=index,
        path=_path_of(record, index, shown.size),
        checkpoint=note,
        extra=extra.raw(),
    )


def _link_of(record: Record, index: StatementIndex, size: int) -> ChainLink:
    return ChainLink(
        index=index,
        entry=record.entry(index).raw,
        path=_path_of(record, index, size),
        salted=_salted(record, index),
    )


def _path_of(record: Record, index: StatementIndex, size: int) -> tuple[bytes, ...]:
    tiles = TileReader(record.folder / "log", record.size)
    return inclusion_path(tiles.node, index, size)


def _salted(record: Record, index: StatementIndex) -> SaltedPayload:
    found = record.salted(index)
    if found is None:
        raise UnavailableRecord(
            f"statement {index}: its payload is not in this copy; ask who has it",
            is_retry_safe=False,
        )
    return found


__all__ = ["proof_of_statement"]
