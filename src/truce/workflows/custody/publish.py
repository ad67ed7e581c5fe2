"""Publishing an issued answer: its bytes as they were sealed, and a proof beside them.

What was issued to a reader passed the gate when it was made, and is sealed as given.
Whoever distrusts us checks the file with its proof, and that we tell everybody the
same.

A proof carries the founding, which names all whom it enrols; sources and persons are
for nobody but the mechanism. So nothing is published to others where the proof names
anybody but the operator and its own maker, except in an exercise, whose people are
invented.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from truce.errors import InvalidInput, InvalidQuery, Unavailable
from truce.identifiers import StatementIndex
from truce.record import OPERATOR, Record, RecordKind
from truce.release import Reader
from truce.statements import IssuedAnswer
from truce.workflows.custody._evidence import PROOF_SUFFIX
from truce.workflows.custody._proof import named_by_proof, proof_text
from truce.workflows.reporting.daily import issued_answer

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9.-]+")
_ENDINGS: Final = {"application/json": "json", "text/html": "html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """An issued answer as published: the file, and the proof beside it.

    `named` are the participants whom the proof names.
    """

    statement: StatementIndex
    subject: str
    path: Path
    proof: Path
    named: tuple[str, ...]


def publish_issued(
    record: Record, index: StatementIndex, folder: Path, *, reader: Reader
) -> Bulletin:
    """Writes an issued answer and its proof into a folder.

    The proof is written first: no bulletin stands without it.

    Raises:
        InvalidQuery: the statement is no issued answer, or not one for this reader; or
            its proof would name somebody whom the reader may not know.
        InvalidInput: it is published there already.
        Unavailable: the folder cannot be written.
    """
    given = issued_answer(record, index)
    marking = record.entry(index).header.marking
    if {given.reader, marking} != {reader.value}:
        raise InvalidQuery(
            f"statement {index} was issued to {given.reader} and is marked {marking}; "
            f"asked was to publish what {reader} was given; name its reader with "
            "--reader if it is meant to be published"
        )
    named = _verified_names(record, index, reader)
    sealed = record.payload(index)
    prefix = sealed[: len(sealed) - len(given.content)]
    path = folder / _name(record, index, given)
    proof = path.with_name(path.name + PROOF_SUFFIX)
    for place in (path, proof):
        if place.exists():
            raise InvalidInput(f"{place} exists, and nothing is written over")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        proof.write_bytes(proof_text(record, index, prefix))
        path.write_bytes(given.content)
    except OSError as error:
        raise Unavailable(
            f"{error.filename or folder}: {error.strerror or error}; remove what was "
            "begun there, then try again",
            is_retry_safe=True,
        ) from error
    return Bulletin(
        statement=index,
        subject=given.subject,
        path=path,
        proof=proof,
        named=named,
    )


def _verified_names(
    record: Record, index: StatementIndex, reader: Reader
) -> tuple[str, ...]:
    """Whom the proof names, where this reader may know them all."""
    named = named_by_proof(record, index)
    hidden = sorted(named - {OPERATOR, record.entry(index).header.by})
    is_invented = record.founding.kind is RecordKind.EXERCISE
    if hidden and reader is not Reader.MECHANISM and not is_invented:
        raise InvalidQuery(
            f"the proof of statement {index} would name {', '.join(hidden[:20])}, whom "
            f"{reader} may not know: they were enrolled by the founding, or together "
            "with its maker; nothing was published"
        )
    return tuple(sorted(named))


def _name(record: Record, index: int, given: IssuedAnswer) -> str:
    """Such as `EXERCISE-daily-report-2031-05-05-PUBLIC-312.json`; the kind of record
    comes first, and the number tells apart what was issued twice.
    """
    subject = _UNSAFE.sub("-", given.subject).strip(".-") or "answer"
    ending = _ENDINGS.get(given.media_type, "bin")
    kind = record.founding.kind.upper()
    return f"{kind}-{subject}-{given.reader}-{index}.{ending}"


__all__ = ["Bulletin", "publish_issued"]
