"""The page that a judge reads first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from truce.instants import text_from_instant
from truce.record import Record, RecordKind
from truce.workflows.custody._evidence import Evidence, Given
from truce.workflows.custody.ports import Stamp

_KINDS: Final = {
    RecordKind.REAL: "This is evidence from a real record.",
    RecordKind.EXERCISE: "This is from an EXERCISE. Nothing in it happened.",
    RecordKind.STUDY: "This is from a STUDY: made from data by others, after the fact.",
}

_CHECK: Final = """\
HOW TO CHECK IT

You need Python 3.11 or later, and nobody's word. Read verifier/truce_verify first if
you wish; it is short.

    pip install cryptography
    cd verifier
    python -B -m truce_verify .. --expect {kind}

Compare the origin line that it prints with one that you got from somebody you trust: it
names the record, and the key that signs it. Timestamps are checked by OpenSSL, for each
SIZE under timestamps/, with the root certificates that you trust:

    openssl ts -verify -data timestamps/SIZE.note -in timestamps/SIZE.tsr -CAfile ROOTS

WHAT LIES HERE

    statements/      the bytes as they came, and for each file F its proof F.tlog-proof
    stamped/         proofs that a statement lies under an earlier, stamped checkpoint
    checkpoint.note  what the whole record was when this was made, signed
    witnessed/       the same, signed by witnesses as well (where there are any)
    timestamps/      an outside authority's word for when a checkpoint existed
    c2pa/            what each picture, film or document says of its own making
    custody/         who did what, and when (W3C PROV)
    verifier/        the program that checks all this

WHAT THE TIMES MEAN

    stated    when its maker says to have made the statement: the maker's word
    received  when it reached the desk that sealed it: that desk's word
    sealed    when the record took it: the record's own word; it never falls
    stamped   a checkpoint existed then at the latest: an outside authority's word
    exported  when this package was made

When something happened is none of these: that stands in the statements, and is the word
of those who saw it.

WHAT IT DOES NOT SHOW

That a statement is true. That nothing else was stated: a package is a choice. That no
key was withdrawn later. Withheld means that there are bytes which you are not given;
absent, that the copy from which this was made does not have them. The proof then shows
that the statement was sealed, by whom and when, and not what it says.
"""


def readme_text(
    record: Record,
    evidence: Sequence[Evidence],
    *,
    stamps: Mapping[int, Stamp],
    exported_at: datetime,
    software: str,
) -> bytes:
    """The page, as plain text in lines that any screen shows."""
    founding = record.founding
    lines = [
        founding.kind.upper(),
        "",
        _KINDS[founding.kind],
        "",
        f"Record      {founding.name}",
        f"Origin      {record.origin}",
        f"Statements  {record.size} in all, {len(evidence)} of them here",
        f"Exported    {text_from_instant(exported_at)} by {software}",
        "",
    ]
    lines += [line for one in evidence for line in _statement(one)]
    lines += [
        f"Timestamp on {size} statements: {text_from_instant(stamp.stamped_at)} "
        f"by {stamp.authority}"
        for size, stamp in stamps.items()
    ] or ["No timestamp: when this existed is the record's own word alone."]
    lines += ["", _CHECK.format(kind=founding.kind)]
    return "\n".join(lines).encode()


def _statement(evidence: Evidence) -> tuple[str, ...]:
    shown = evidence.name if evidence.given is Given.GIVEN else f"{evidence.given}"
    maker = f"{evidence.kind} by {evidence.by}, marked {evidence.marking}"
    times = [f"stated {text_from_instant(evidence.stated_at)}"]
    if evidence.received_at is not None:
        times.append(f"received {text_from_instant(evidence.received_at)}")
    times.append(f"sealed {text_from_instant(evidence.sealed_at)}")
    return (
        f"Statement {evidence.index}: {maker}",
        f"    {shown}",
        *(f"    {time}" for time in times),
        "",
    )


__all__ = ["readme_text"]
