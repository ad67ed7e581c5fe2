"""Proofs that travel: one statement stands in one record, to be checked offline.

The outside form is C2SP tlog-proof; what it leaves to the application, the `extra`, is
docs/spec/record.md, 9: the entry, what it takes to tie a file to it, and the chain from
the founding to the maker's key. Nothing in `extra` is trusted: `verify_proof` checks it
all, in the order of that section.

Source: C2SP tlog-proof v1 (c2sp.org/tlog-proof).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from truce.canonical import Json, canonical_json, json_from_bytes
from truce.errors import (
    InvalidInput,
    InvalidValue,
    ProofCode,
    ProofFails,
    UnavailableRecord,
)
from truce.identifiers import ParticipantId, StatementIndex
from truce.record.envelope import (
    Entry,
    commitment_of,
    entry_from_bytes,
    verify_signature,
)
from truce.record.founding import (
    ENROLMENT,
    FOUNDING,
    Founding,
    Participants,
    Role,
    enrolment_from_payload,
    founding_from_payload,
)
from truce.record.log import Record
from truce.record.merkle import (
    HASH_SIZE,
    inclusion_path,
    leaf_hash,
    root_from_inclusion,
)
from truce.record.note import (
    SIZE_PATTERN,
    Checkpoint,
    checkpoint_from_note,
    note_from_bytes,
    verify_checkpoint,
)
from truce.record.payloads import SaltedPayload
from truce.record.policy import Witnessed, assess_witnesses, policy_from_text
from truce.record.tiles import TileReader

SUFFIX: Final = ".tlog-proof"
_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "
# No inclusion path is longer: indexes have 64 bits. Source: C2SP tlog-tiles.
_PATH_MAX: Final = 64
# Founding and enrolment hold no deliveries, so a proof stays small; a file that is much
# larger was made to keep a reader busy.
PROOF_SIZE_MAX: Final = 16 * 1024 * 1024
# Entry 0, the enrolment of the maker, and those of the operators who enrolled: nobody
# hands the right on this often.
_CHAIN_MAX: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """An entry's place in a log, as C2SP tlog-proof writes it; `extra` is opaque."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def raw(self) -> bytes:
        """The bytes of the file."""
        lines = [_FIRST_LINE]
        if self.extra:
            lines.append(_EXTRA + _base64(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += [_base64(step) for step in self.path]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """A founding or an enrolment, with its own place in the same checkpoint."""

    index: int
    entry: bytes
    path: tuple[bytes, ...]
    salted: SaltedPayload


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofExtra:
    """What a truce proof holds beside the log's own words.

    `prefix` and the bytes of the file that is proved, joined, are the payload.
    """

    chain: tuple[ChainLink, ...]
    entry: bytes
    prefix: bytes
    salt: bytes

    def raw(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(
            {
                "chain": [
                    {
                        "entry": _base64(link.entry),
                        "index": link.index,
                        "path": [_base64(step) for step in link.path],
                        "payload": _base64(link.salted.payload),
                        "salt": _base64(link.salted.salt),
                    }
                    for link in self.chain
                ],
                "entry": _base64(self.entry),
                "prefix": _base64(self.prefix),
                "salt": _base64(self.salt),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a proof that holds has shown."""

    founding: Founding
    checkpoint: Checkpoint
    index: StatementIndex
    entry: Entry
    is_payload_proved: bool
    witnessed: Witnessed


def tlog_proof_from_bytes(raw: bytes) -> TlogProof:
    """The proof that a file writes, nothing of it checked.

    Raises:
        ProofFails: another form.
    """
    if len(raw) > PROOF_SIZE_MAX:
        raise ProofFails(
            f"proof has {len(raw)} bytes, expected at most {PROOF_SIZE_MAX}"
        )
    head, gap, checkpoint = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        if not gap or first != _FIRST_LINE:
            raise InvalidValue(f"begins with {first[:40]!r}, expected {_FIRST_LINE}")
        extra = b""
        if lines and lines[0].startswith(_EXTRA):
            extra = _bytes(lines.pop(0).removeprefix(_EXTRA))
        index = lines.pop(0).removeprefix(_INDEX) if lines else ""
        if not SIZE_PATTERN.fullmatch(index) or len(lines) > _PATH_MAX:
            raise InvalidValue(
                f"index {index[:20]!r} and {len(lines)} path lines, expected a decimal "
                f"and at most {_PATH_MAX}"
            )
        found = TlogProof(
            index=int(index),
            path=_path(lines),
            checkpoint=checkpoint,
            extra=extra,
        )
    except (InvalidValue, UnicodeDecodeError) as error:
        raise ProofFails(f"proof: {error}") from error
    if found.raw() != raw:
        raise ProofFails(f"proof: expected a line {_INDEX}N before the path")
    return found


def extra_from_bytes(raw: bytes) -> ProofExtra:
    """What the `extra` of a proof holds, nothing of it checked.

    Raises:
        ProofFails: another form.
    """
    try:
        fields = _fields(json_from_bytes(raw), {"chain", "entry", "prefix", "salt"})
        chain = _list(fields["chain"])
        if len(chain) > _CHAIN_MAX:
            raise InvalidValue(f"{len(chain)} links, expected at most {_CHAIN_MAX}")
        found = ProofExtra(
            chain=tuple(_link(link) for link in chain),
            entry=_bytes(fields["entry"]),
            prefix=_bytes(fields["prefix"]),
            salt=_bytes(fields["salt"]),
        )
        is_one_form = found.raw() == raw
    except InvalidValue as error:
        raise ProofFails(f"proof's extra: {error}") from error
    if not is_one_form:
        raise ProofFails("proof's extra is not canonical JSON")
    return found


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


def verify_proof(raw: bytes, *, file: bytes | None = None) -> Proved:
    """What a proof shows, offline: about the statement, and about a file's bytes.

    1. Entry 0 is included, and founds the record of the checkpoint's origin.
    2. The log's signature, and the cosignatures of the founding's witnesses: all that
       are there must hold, and whether they are enough is told.
    3. The maker's enrolment: included, and made by an operator.
    4. The entry's inclusion and signature; with a file, its commitment.

    It cannot show that nothing was enrolled or revoked later, nor whose key the origin
    ought to name: compare the origin with one that you trust.

    Raises:
        ProofFails: one of them does not hold.
    """
    proof = tlog_proof_from_bytes(raw)
    extra = extra_from_bytes(proof.extra)
    checkpoint = checkpoint_from_note(proof.checkpoint)
    try:
        founding, participants = _founding_of(extra, checkpoint)  # (1)
        verify_checkpoint(  # (2)
            proof.checkpoint, origin=founding.origin, key=founding.log_key
        )
        policy = policy_from_text(founding.witness_policy, may_name_logs=False)
        witnessed = assess_witnesses(
            policy, note_from_bytes(proof.checkpoint), now=None
        )
        after = 0
        for link in extra.chain[1:]:  # (3)
            _verify_enrolment(
                link, checkpoint, participants, after=after, before=proof.index
            )
            after = link.index
    except InvalidInput as error:
        raise ProofFails(f"proof's chain: {error}") from error
    entry = _included(extra.entry, proof.index, proof.path, checkpoint)  # (4)
    _verify_maker(entry, participants)
    if file is not None:
        payload = extra.prefix + file
        if commitment_of(extra.salt, payload) != entry.header.commitment:
            raise ProofFails(
                f"statement {proof.index}: this file is not what it sealed"
            )
    return Proved(
        founding=founding,
        checkpoint=checkpoint,
        index=StatementIndex(proof.index),
        entry=entry,
        is_payload_proved=file is not None,
        witnessed=witnessed,
    )


def _founding_of(
    extra: ProofExtra, checkpoint: Checkpoint
) -> tuple[Founding, Participants]:
    if not extra.chain or extra.chain[0].index != 0:
        raise ProofFails("proof's chain does not begin with entry 0")
    link = extra.chain[0]
    entry = _included(link.entry, 0, link.path, checkpoint)
    _verify_payload(link, entry)
    founding = founding_from_payload(link.salted.payload)
    if entry.header.kind != FOUNDING or founding.origin != checkpoint.origin:
        raise ProofFails(
            f"statement 0 founds {founding.origin!r}, expected {checkpoint.origin!r}"
        )
    participants = Participants()
    participants.enrol(founding.participants)
    _verify_maker(entry, participants)
    return founding, participants


def _verify_enrolment(
    link: ChainLink,
    checkpoint: Checkpoint,
    participants: Participants,
    *,
    after: int,
    before: int,
) -> None:
    if not after < link.index < before:
        raise ProofFails(
            f"enrolment is statement {link.index}, expected one after {after} and "
            f"before {before}"
        )
    entry = _included(link.entry, link.index, link.path, checkpoint)
    _verify_payload(link, entry)
    _verify_maker(entry, participants)
    maker = participants.by_id[entry.header.by]
    if entry.header.kind != ENROLMENT or Role.OPERATOR not in maker.roles:
        raise ProofFails(
            f"statement {link.index} is no enrolment by an operator",
            code=ProofCode.SIGNATURE,
        )
    participants.enrol(enrolment_from_payload(link.salted.payload))


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
    if commitment_of(*link.salted) != entry.header.commitment:
        raise ProofFails(
            f"statement {link.index}: its payload is not what was sealed",
            code=ProofCode.PAYLOAD,
        )


def _verify_maker(entry: Entry, participants: Participants) -> None:
    maker = participants.by_id.get(entry.header.by)
    if maker is None:
        raise ProofFails(
            f"its maker {entry.header.by!r} was not enrolled",
            code=ProofCode.SIGNATURE,
        )
    verify_signature(entry.envelope, maker.key)


def chain_to(
    record: Record, maker: ParticipantId, before: StatementIndex
) -> list[StatementIndex]:
    """The founding, and the enrolments that lead to a maker, in their order.

    An operator who was enrolled later may enrol as well, so there may be several.
    """
    founded = {participant.id for participant in record.founding.participants}
    links: list[StatementIndex] = []
    while maker not in founded:
        before = _enrolment_of(record, maker, before)
        links.append(before)
        maker = record.entry(before).header.by
    return [StatementIndex(0), *reversed(links)]


def _enrolment_of(
    record: Record, maker: ParticipantId, before: StatementIndex
) -> StatementIndex:
    for place in record.enrolments:
        index = StatementIndex(place)
        if 0 < index < before:
            enrolled = enrolment_from_payload(record.payload(index))
            if any(participant.id == maker for participant in enrolled):
                return index
    raise ProofFails(f"statement {before}: its maker {maker!r} was not enrolled")


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


def _link(value: Json) -> ChainLink:
    fields = _fields(value, {"entry", "index", "path", "payload", "salt"})
    index = fields["index"]
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise InvalidValue(f"index is {index!r}, expected a count from 0")
    return ChainLink(
        index=index,
        entry=_bytes(fields["entry"]),
        path=_path(_list(fields["path"])),
        salted=SaltedPayload(_bytes(fields["salt"]), _bytes(fields["payload"])),
    )


def _fields(value: Json, names: set[str]) -> Mapping[str, Json]:
    if not isinstance(value, dict) or set(value) != names:
        raise InvalidValue(f"expected an object of {', '.join(sorted(names))}")
    return value


def _list(value: Json) -> Sequence[Json]:
    if not isinstance(value, list):
        raise InvalidValue(f"found {type(value).__name__}, expected a list")
    return value


def _path(values: Sequence[Json]) -> tuple[bytes, ...]:
    path = tuple(_bytes(value) for value in values)
    if len(path) > _PATH_MAX or any(len(step) != HASH_SIZE for step in path):
        raise InvalidValue(f"a path of {len(path)} steps, expected hashes of 32 bytes")
    return path


def _bytes(value: Json) -> bytes:
    if not isinstance(value, str):
        raise InvalidValue(f"found {type(value).__name__}, expected base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(f"{value[:40]!r} is not base64") from error


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


__all__ = [
    "PROOF_SIZE_MAX",
    "SUFFIX",
    "ChainLink",
    "ProofExtra",
    "Proved",
    "TlogProof",
    "chain_to",
    "extra_from_bytes",
    "proof_of_statement",
    "tlog_proof_from_bytes",
    "verify_proof",
]
