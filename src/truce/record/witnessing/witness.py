"""A log witness: cosigns what only adds to what it saw before, and keeps no secrets.

Pure: it is told what it last cosigned, and answers what follows from a request. Whoever
runs it remembers the new note on the disk *before* the cosignature is given away, one
request at a time.

Source: C2SP tlog-witness, add-checkpoint (c2sp.org/tlog-witness).
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from truce.errors import InvalidInput, InvalidValue, ProofFails
from truce.record.cosignature import cosignature, verify_cosignature, witness_key
from truce.record.keys import SecretKey
from truce.record.merkle import EMPTY_ROOT, HASH_SIZE, verify_consistency
from truce.record.note import (
    NOTE_SIZE_MAX,
    SIZE_PATTERN,
    Checkpoint,
    Note,
    SignatureLine,
    VerifierKey,
    checkpoint_from_text,
    note_from_bytes,
    verify_checkpoint_note,
)
from truce.record.witnessing.split_view import PATH_MAX, SplitView, split_view_of

# A note at its largest; the proof's 63 lines of 45 bytes fit beside any note in use.
REQUEST_SIZE_MAX: Final = NOTE_SIZE_MAX
_OLD: Final = "old "


class Refusal(IntEnum):
    """Why a checkpoint is not cosigned, by HTTP status. Source: C2SP tlog-witness."""

    MALFORMED = 400
    NOT_SIGNED = 403
    UNKNOWN_LOG = 404
    CONFLICT = 409
    NOT_CONSISTENT = 422


class Refused(InvalidInput):
    """A request that a witness does not cosign, and what it learned from it.

    `size` is what the witness saw last, where that may help the asker. `split_view` is
    there where the request proves one. `suspect` is a note that the log did sign and
    that could not be shown to be of the same history.
    """

    def __init__(
        self,
        refusal: Refusal,
        message: str,
        *,
        size: int | None = None,
        split_view: SplitView | None = None,
        suspect: Note | None = None,
    ) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.size = size
        self.split_view = split_view
        self.suspect = suspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request to cosign: a checkpoint, and a proof that it grew from an old size."""

    old_size: int
    path: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    def raw(self) -> bytes:
        """The request's body."""
        steps = "".join(base64.b64encode(step).decode() + "\n" for step in self.path)
        return f"{_OLD}{self.old_size}\n{steps}\n".encode() + self.note.raw()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A checkpoint cosigned: the note to remember first, then the line to give."""

    checkpoint: Checkpoint
    note: Note
    line: SignatureLine
    cosigned_at: datetime


def origin_hash(origin: str) -> str:
    """How a log is named where its origin cannot stand: in a path or an address."""
    return hashlib.sha256(origin.encode()).hexdigest()


def submission_from_body(body: bytes) -> Submission:
    """The request that a body makes.

    Raises:
        Refused: it is in another form.
    """
    # The first empty line ends the proof: neither part of the proof can be empty.
    head, gap, tail = body.partition(b"\n\n")
    try:
        if len(body) > REQUEST_SIZE_MAX or not gap:
            raise InvalidValue(
                f"{len(body)} bytes, expected at most {REQUEST_SIZE_MAX}: old size, "
                "proof, empty line, checkpoint"
            )
        old, *steps = head.decode("ascii").split("\n")
        size = old.removeprefix(_OLD)
        if not old.startswith(_OLD) or not SIZE_PATTERN.fullmatch(size):
            raise InvalidValue(f"{old!r}, expected old and a size")
        if len(steps) > PATH_MAX:
            raise InvalidValue(f"{len(steps)} proof lines, expected at most {PATH_MAX}")
        note = note_from_bytes(tail)
        return Submission(
            old_size=int(size),
            path=tuple(_step(step) for step in steps),
            note=note,
            checkpoint=checkpoint_from_text(note.text),
        )
    except (InvalidValue, ProofFails, UnicodeDecodeError) as error:
        raise Refused(Refusal.MALFORMED, f"request: {error}") from error


def cosign(
    submission: Submission,
    *,
    logs: Mapping[str, VerifierKey],
    latest: Note | None,
    name: str,
    key: SecretKey,
    now: datetime,
) -> Cosigned:
    """The checkpoint cosigned, where it only adds to what was cosigned last.

    `logs` are the known logs by origin. `latest` is what this witness last cosigned of
    this one, None for nothing yet: what comes first is taken as it is.

    1. Is the log known, and did it sign this?
    2. Is it the history that was seen, at the same size?
    3. Does it start from what was seen, and does the proof hold?

    Raises:
        Refused: one of them does not hold.
    """
    log = logs.get(submission.checkpoint.origin)
    if log is None:
        raise Refused(
            Refusal.UNKNOWN_LOG,
            f"the log {submission.checkpoint.origin!r} is not known to this witness",
        )
    try:
        verify_checkpoint_note(submission.note, log)  # (1)
    except ProofFails as error:
        raise Refused(Refusal.NOT_SIGNED, str(error)) from error
    _verify_same_history(submission, latest, log)  # (2)
    _verify_growth(submission, latest, log)  # (3)
    seen_at = None
    if latest is not None:
        seen_at = verify_cosignature(latest, witness_key(name, key.public), now=None)
    # A cosignature says "as of this time this is the largest I saw", which two of them
    # could not both say if the clock went back between them.
    cosigned_at = now if seen_at is None else max(now, seen_at)
    kept = Note(text=submission.note.text, signatures=log.lines_in(submission.note))
    line = cosignature(kept, name=name, key=key, cosigned_at=cosigned_at)
    return Cosigned(
        checkpoint=submission.checkpoint,
        note=kept.signed_also([line]),
        line=line,
        cosigned_at=cosigned_at,
    )


def _verify_same_history(
    submission: Submission, latest: Note | None, log: VerifierKey
) -> None:
    """Refuses another root at the size seen last, whatever old size the asker names."""
    if latest is None:
        return
    seen, shown = checkpoint_from_text(latest.text), submission.checkpoint
    if seen.size == shown.size and seen.root != shown.root:
        raise Refused(
            Refusal.CONFLICT,
            f"{log.name}: another root at size {seen.size} than this witness cosigned",
            size=seen.size,
            split_view=split_view_of(log, latest, submission.note),
            suspect=submission.note,
        )


def _verify_growth(
    submission: Submission, latest: Note | None, log: VerifierKey
) -> None:
    size, root = 0, EMPTY_ROOT
    if latest is not None:
        seen = checkpoint_from_text(latest.text)
        size, root = seen.size, seen.root
    shown = submission.checkpoint
    if submission.old_size > shown.size:
        raise Refused(
            Refusal.MALFORMED,
            f"old size is {submission.old_size}, expected at most {shown.size}",
        )
    if submission.old_size != size:
        raise Refused(
            Refusal.CONFLICT,
            f"old size is {submission.old_size}, this witness saw {size}",
            size=size,
        )
    if shown.size == size and shown.root != root:  # of no entries, but another root
        raise Refused(Refusal.CONFLICT, f"another root at size {size}", size=size)
    if not verify_consistency(size, root, shown.size, shown.root, submission.path):
        found = None
        if latest is not None and 0 < size < shown.size:
            found = split_view_of(log, latest, submission.note, path=submission.path)
        raise Refused(
            Refusal.NOT_CONSISTENT,
            f"{log.name}: the proof does not show that {shown.size} entries grew from "
            f"the {size} that this witness saw",
            split_view=found,
            suspect=submission.note,
        )


def _step(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(f"proof line {text!r} is not base64") from error
    if len(decoded) != HASH_SIZE or base64.b64encode(decoded).decode() != text:
        raise InvalidValue(f"proof line {text!r} is no hash in base64")
    return decoded


__all__ = [
    "REQUEST_SIZE_MAX",
    "Cosigned",
    "Refusal",
    "Refused",
    "Submission",
    "cosign",
    "origin_hash",
    "submission_from_body",
]
