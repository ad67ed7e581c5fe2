"""One statement as it goes into an evidence package: its bytes, its name, its times."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from truce.errors import InvalidStatement
from truce.formats.media import MediaType, media_type_of
from truce.identifiers import ParticipantId, StatementIndex
from truce.record import Record
from truce.record.merkle import leaf_hash
from truce.release import Reader, StatementProof, release_proof
from truce.statements import Delivery

PROOF_SUFFIX: Final = ".tlog-proof"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
# A name of this length is whole on every file system, with its number and endings.
_NAME_CHARS_MAX: Final = 100
_JSON: Final = MediaType(name="application/json", extension="json", word="JSON")
_BYTES: Final = MediaType(
    name="application/octet-stream", extension="bin", word="bytes as they came"
)


class Given(StrEnum):
    """Whether a package holds a statement's bytes.

    WITHHELD: there are bytes, and this reader is not given them. ABSENT: this copy of
    the record does not have them.
    """

    GIVEN = "given"
    WITHHELD = "withheld"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement of a package.

    `name` is its file's under `statements/`; where nothing is given, that of its proof
    without the ending. `prefix` and `content` are the payload, cut after the label of a
    delivery; both empty where nothing is given. `received_at` is None but for a
    delivery that is given.
    """

    index: int
    kind: str
    by: ParticipantId
    marking: str
    commitment: str
    stated_at: datetime
    sealed_at: datetime
    received_at: datetime | None
    given: Given
    name: str
    media_type: MediaType
    prefix: bytes
    content: bytes


def evidence_of(record: Record, index: int, reader: Reader) -> Evidence:
    """A statement, as far as the reader is given it.

    Raises:
        InvalidRecord: the record holds no such statement.
        ProofFails: its payload is not what was sealed.
    """
    entry = record.entry(StatementIndex(index))
    header = entry.header
    given, payload = _payload(record, index, reader)
    delivery = _delivery(header.kind, payload)
    content = payload if delivery is None else delivery.raw
    number = f"{index:0{max(3, len(str(record.size - 1)))}d}"
    name = f"{number}-{header.kind}-{given}"
    media_type = _BYTES
    if given is Given.GIVEN:
        media_type = media_type_of(content) or (_JSON if delivery is None else _BYTES)
        name = f"{number}-{_file_name(header.kind, delivery, media_type)}"
    return Evidence(
        index=index,
        kind=header.kind,
        by=header.by,
        marking=header.marking,
        commitment=header.commitment.hex(),
        stated_at=header.stated_at,
        sealed_at=entry.sealed_at,
        received_at=None if delivery is None else delivery.received_at,
        given=given,
        name=name,
        media_type=media_type,
        prefix=payload[: len(payload) - len(content)],
        content=content,
    )


def _payload(record: Record, index: int, reader: Reader) -> tuple[Given, bytes]:
    """What the gate gives this reader of a payload. It asks the gate even where there
    is nothing to give: withheld and absent are two answers.
    """
    found = record.salted(StatementIndex(index))
    proof = record.proof(StatementIndex(index))
    released = release_proof(
        StatementProof(
            statement=StatementIndex(index),
            tree_size=proof.size,
            leaf_hash=leaf_hash(proof.entry),
            hashes=proof.path,
            checkpoint=proof.checkpoint.decode(),
            entry=proof.entry,
            marking=record.entry(StatementIndex(index)).header.marking,
            payload=b"" if found is None else found.payload,
        ),
        reader,
    )
    if released.payload is None:
        return Given.WITHHELD, b""
    if found is None:
        return Given.ABSENT, b""
    return Given.GIVEN, released.payload


def _delivery(kind: str, payload: bytes) -> Delivery | None:
    if kind != "delivery" or not payload:
        return None
    try:
        return Delivery.from_payload(payload)
    except InvalidStatement:  # whole, then: evidence is given as it is
        return None


def _file_name(kind: str, delivery: Delivery | None, media_type: MediaType) -> str:
    """A name that any file system takes and nothing runs: its maker wrote it."""
    if delivery is None:
        return f"{kind}.{media_type.extension}"
    safe = _UNSAFE.sub("_", delivery.file_name)[-_NAME_CHARS_MAX:].lstrip("._-")
    safe = safe or f"delivery.{media_type.extension}"
    # A delivery that is called a proof would be taken for ours of another file.
    return f"{safe}.bytes" if safe.lower().endswith(PROOF_SUFFIX) else safe


__all__ = ["PROOF_SUFFIX", "Evidence", "Given", "evidence_of"]
