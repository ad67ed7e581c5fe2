"""Asking a record's witnesses to cosign its newest checkpoint.

1. Each witness of the policy is asked, all at once: one that hangs delays nobody else.
2. A witness that saw another size says so, and is asked again from there.
3. What it gives is checked before it is believed.
4. Where the policy is satisfied, the note with its cosignatures is put where readers of
   the record look for it.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from truce.errors import InvalidInput, ProofFails, Unavailable
from truce.record import Record
from truce.record.cosignature import verify_cosignature
from truce.record.merkle import NodeReader, consistency_path
from truce.record.note import (
    SIZE_PATTERN,
    Note,
    SignatureLine,
    checkpoint_from_text,
    note_from_bytes,
    signature_lines,
)
from truce.record.policy import (
    Policy,
    PolicyWitness,
    Witnessed,
    assess_witnesses,
    policy_from_text,
)
from truce.record.tiles import TileReader
from truce.record.witnessing.witness import Submission
from truce.workflows.witnessing.ports import Reply, WitnessedFile, WitnessLine

# From 0, from where it stands, and once more where somebody else asked in between.
_TRIES: Final = 4
_AT_ONCE_MAX: Final = 8
_REASON_MAX: Final = 300


class Asked(StrEnum):
    """What became of asking one witness."""

    COSIGNED = "cosigned"
    REFUSED = "refused"
    SAW_MORE = "saw-more"
    SAW_ANOTHER = "saw-another"
    UNANSWERED = "unanswered"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWitness:
    """One witness asked: what became of it, and why."""

    name: str
    outcome: Asked
    reason: str
    lines: tuple[SignatureLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """All witnesses asked about one checkpoint. `is_kept` says that readers see it."""

    origin: str
    size: int
    rule: str
    asked: tuple[AskedWitness, ...]
    witnessed: Witnessed
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What every witness is asked."""

    note: Note
    nodes: NodeReader
    line: WitnessLine
    now: datetime


def policy_of(record: Record) -> Policy:
    """The policy that a record's founding sets.

    Raises:
        InvalidValue: it cannot be read.
    """
    return policy_from_text(record.founding.witness_policy, may_name_logs=False)


def ask_witnesses(
    record: Record,
    policy: Policy,
    *,
    urls: Mapping[str, str],
    line: WitnessLine,
    witnessed_file: WitnessedFile,
    clock: Callable[[], datetime],
) -> Asking:
    """Asks every witness of the policy about the record's newest checkpoint.

    `urls` are the addresses by the witnesses' names in the policy; they come before the
    policy's own.

    Raises:
        InvalidInput: an address for a witness that the policy does not name.
        ProofFails: the note that is there already is of another history.
    """
    strangers = sorted(set(urls) - {witness.name for witness in policy.witnesses})
    if strangers:
        raise InvalidInput(
            f"witness {', '.join(strangers)}: the policy does not name it; it names "
            f"{', '.join(w.name for w in policy.witnesses) or 'none'}"
        )
    note = note_from_bytes(record.checkpoint)
    before = witnessed_file.read()
    question = _Question(
        note=note,
        nodes=TileReader(record.folder / "log", record.size).node,
        line=line,
        now=clock(),
    )
    old = checkpoint_from_text(before.text).size if before else 0
    asked = _all_asked(question, policy, urls, min(old, record.size))  # (1)
    if before is not None and before.text == note.text:
        note = note.signed_also(before.signatures)
    note = note.signed_also(given for row in asked for given in row.lines)
    witnessed = assess_witnesses(policy, note, now=clock())
    is_kept = witnessed.is_satisfied and witnessed_file.replace(note)  # (4)
    return Asking(
        origin=record.origin,
        size=record.size,
        rule=policy.rule(),
        asked=asked,
        witnessed=witnessed,
        is_kept=is_kept,
    )


def _all_asked(
    question: _Question, policy: Policy, urls: Mapping[str, str], old: int
) -> tuple[AskedWitness, ...]:
    if not policy.witnesses:
        return ()
    at_once = min(len(policy.witnesses), _AT_ONCE_MAX)
    with ThreadPoolExecutor(at_once) as pool:
        return tuple(
            pool.map(
                lambda witness: _asked(
                    question, witness, urls.get(witness.name, witness.url), old
                ),
                policy.witnesses,
            )
        )


def _asked(
    question: _Question, witness: PolicyWitness, url: str, old: int
) -> AskedWitness:
    if not url:
        return AskedWitness(
            name=witness.name,
            outcome=Asked.NO_ADDRESS,
            reason="the policy has no address for it; give one",
        )
    try:
        return _answered(question, witness, url, old)
    except Unavailable as error:
        return AskedWitness(
            name=witness.name, outcome=Asked.UNANSWERED, reason=str(error)
        )


def _answered(
    question: _Question, witness: PolicyWitness, url: str, old: int
) -> AskedWitness:
    size = checkpoint_from_text(question.note.text).size
    for _ in range(_TRIES):
        reply = question.line.add_checkpoint(url, _body(question, old, size))
        if reply.status != HTTPStatus.CONFLICT:
            return _outcome(question, witness, reply)
        seen = _size_in(reply)  # (2)
        if seen is None or seen > size:
            return AskedWitness(
                name=witness.name,
                outcome=Asked.SAW_MORE,
                reason=f"it saw {_told(reply)} entries, this copy holds {size}; "
                "ask from the newest copy, and if this is it, compare histories",
            )
        if seen == old:
            return AskedWitness(
                name=witness.name,
                outcome=Asked.SAW_ANOTHER,
                reason=f"it saw another history of {seen} entries; compare histories",
            )
        old = seen
    return AskedWitness(
        name=witness.name,
        outcome=Asked.UNANSWERED,
        reason="it saw another size each time; somebody else asks it too; try again",
    )


def _outcome(question: _Question, witness: PolicyWitness, reply: Reply) -> AskedWitness:
    if reply.status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise Unavailable(f"{witness.name}: {_told(reply)}", is_retry_safe=True)
    if reply.status != HTTPStatus.OK:
        return AskedWitness(
            name=witness.name,
            outcome=Asked.REFUSED,
            reason=f"answered {reply.status}: {_told(reply)}",
        )
    try:  # (3)
        given = signature_lines(reply.body.decode())
        signed = Note(text=question.note.text, signatures=given)
        cosigned_at = verify_cosignature(signed, witness.key, now=question.now)
    except (ProofFails, UnicodeDecodeError) as error:
        return AskedWitness(
            name=witness.name, outcome=Asked.REFUSED, reason=f"answered: {error}"
        )
    if cosigned_at is None:
        return AskedWitness(
            name=witness.name,
            outcome=Asked.REFUSED,
            reason=f"it cosigned with another key than {witness.key.text()}",
        )
    return AskedWitness(
        name=witness.name,
        outcome=Asked.COSIGNED,
        reason="",
        lines=witness.key.lines_in(signed),
    )


def _body(question: _Question, old: int, size: int) -> bytes:
    submission = Submission(
        old_size=old,
        path=consistency_path(question.nodes, old, size),
        note=question.note,
        checkpoint=checkpoint_from_text(question.note.text),
    )
    return submission.raw()


def _size_in(reply: Reply) -> int | None:
    text = reply.body.decode("ascii", "replace").removesuffix("\n")
    return int(text) if SIZE_PATTERN.fullmatch(text) else None


def _told(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace").strip()[:_REASON_MAX]


__all__ = ["Asked", "AskedWitness", "Asking", "ask_witnesses", "policy_of"]
