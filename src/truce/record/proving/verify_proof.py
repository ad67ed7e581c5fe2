"""Checking a proof offline. Nothing in it is trusted.

Source: docs/spec/record.md, 9.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from truce.errors import (
    InvalidInput,
    ProofCode,
    ProofFails,
    RefusedStatement,
)
from truce.identifiers import StatementIndex
from truce.record.envelope import (
    Entry,
    entry_from_bytes,
    is_committed,
)
from truce.record.identity.charter import IDENTITY_KINDS
from truce.record.identity.founding import Founding, founding_from_payload
from truce.record.identity.makers import Makers
from truce.record.merkle import (
    leaf_hash,
    root_from_inclusion,
)
from truce.record.note import (
    Checkpoint,
    checkpoint_from_note,
    note_from_bytes,
    verify_checkpoint,
)
from truce.record.policy import Witnessed, assess_witnesses, policy_from_text
from truce.record.proving.proof import (
    ChainLink,
    ProofExtra,
    extra_from_bytes,
    tlog_proof_from_bytes,
)
from truce.record.signatures import Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a proof that holds has shown."""

    founding: Founding
    checkpoint: Checkpoint
    index: StatementIndex
    entry: Entry
    is_payload_proved: bool
    witnessed: Witnessed


def verify_proof(raw: bytes, *, file: bytes | None = None) -> Proved:
    """What a proof shows, offline: about the statement, and about a file's bytes.

    1. Entry 0 is included, and founds the record of the checkpoint's origin.
    2. The log's signature, and the cosignatures of the founding's witnesses: all that
       are there must hold, and whether they are enough is told.
    3. The decisions that lead to the maker: included, and each by its quorum.
    4. The entry's inclusion and signature; with a file, its commitment.

    It cannot show that nothing was decided or revoked besides, nor whose key the origin
    ought to name: compare the origin with one that you trust.

    Raises:
        ProofFails: one of them does not hold.
    """
    proof = tlog_proof_from_bytes(raw)
    extra = extra_from_bytes(proof.extra)
    checkpoint = checkpoint_from_note(proof.checkpoint)
    try:
        founding, makers = _founding_of(extra, checkpoint)  # (1)
        verify_checkpoint(  # (2)
            proof.checkpoint, origin=founding.origin, key=founding.log_key
        )
        policy = policy_from_text(founding.witness_policy, may_name_logs=False)
        witnessed = assess_witnesses(
            policy, note_from_bytes(proof.checkpoint), now=None
        )
        after = 0
        for link in extra.chain[1:]:  # (3)
            _verify_decision(link, checkpoint, makers, after=after, before=proof.index)
            after = link.index
    except InvalidInput as error:
        raise ProofFails(f"proof's chain: {error}") from error
    entry = _included(extra.entry, proof.index, proof.path, checkpoint)  # (4)
    with _told_of_maker():
        signed = makers.signed(entry.envelope, entry.sealed_at)
    _verify_signed(entry, signed)
    if file is not None and not is_committed(entry, extra.salt, extra.prefix + file):
        raise ProofFails(
            f"statement {proof.index}: this file is not what it sealed",
            code=ProofCode.PAYLOAD,
        )
    return Proved(
        founding=founding,
        checkpoint=checkpoint,
        index=StatementIndex(proof.index),
        entry=entry,
        is_payload_proved=file is not None,
        witnessed=witnessed,
    )


def _founding_of(extra: ProofExtra, checkpoint: Checkpoint) -> tuple[Founding, Makers]:
    if not extra.chain or extra.chain[0].index != 0:
        raise ProofFails("proof's chain does not begin with entry 0")
    makers, link = Makers(), extra.chain[0]
    _take(link, checkpoint, makers)
    return founding_from_payload(link.salted.payload), makers


def _verify_decision(
    link: ChainLink, checkpoint: Checkpoint, makers: Makers, *, after: int, before: int
) -> None:
    if not after < link.index < before:
        raise ProofFails(
            f"decision is statement {link.index}, expected one after {after} and "
            f"before {before}"
        )
    _take(link, checkpoint, makers)


def _take(link: ChainLink, checkpoint: Checkpoint, makers: Makers) -> None:
    """Follows a statement of the chain, which is over identity."""
    entry = _included(link.entry, link.index, link.path, checkpoint)
    _verify_payload(link, entry)
    if entry.header.kind not in IDENTITY_KINDS:
        raise ProofFails(
            f"statement {link.index} is a {entry.header.kind} and decides nothing",
            code=ProofCode.SIGNATURE,
        )
    with _told_of_maker():
        signed = makers.take(
            entry.envelope, link.index, link.salted.payload, entry.sealed_at
        )
    _verify_signed(entry, signed)


def _included(
    raw: bytes, index: int, path: Sequence[bytes], checkpoint: Checkpoint
) -> Entry:
    root = root_from_inclusion(leaf_hash(raw), index, checkpoint.size, path)
    if root is None:
        raise ProofFails(
            f"statement {index}: a path of {len(path)} hashes cannot be right for a "
            f"log of {checkpoint.size}",
            code=ProofCode.LENGTH,
        )
    if root != checkpoint.root:
        raise ProofFails(
            f"statement {index}: its path leads to another root", code=ProofCode.ROOT
        )
    entry = entry_from_bytes(raw)
    if entry.header.record != checkpoint.origin:
        raise ProofFails(f"statement {index} is of {entry.header.record!r}")
    return entry


def _verify_payload(link: ChainLink, entry: Entry) -> None:
    if not is_committed(entry, *link.salted):
        raise ProofFails(
            f"statement {link.index}: its payload is not what was sealed",
            code=ProofCode.PAYLOAD,
        )


@contextmanager
def _told_of_maker() -> Iterator[None]:
    try:
        yield
    except RefusedStatement as error:
        raise ProofFails(str(error), code=ProofCode.SIGNATURE) from error


def _verify_signed(entry: Entry, signed: Signed) -> None:
    if not signed.holds():
        raise ProofFails(
            f"signature by {entry.header.by} ({entry.envelope.key}) does not hold",
            code=ProofCode.SIGNATURE,
        )


__all__ = ["Proved", "verify_proof"]
