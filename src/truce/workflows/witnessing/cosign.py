"""Being a witness: answering who asks for a cosignature, for a note, or warns.

In each answer the order is: check, remember on the disk, then give. A crash between the
last two leaves a checkpoint remembered that nobody got a cosignature for, and the asker
asks again; the other order would let a witness cosign what it forgets.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from truce.errors import ProofFails
from truce.record.keys import SecretKey
from truce.record.note import Note
from truce.record.witnessing.split_view import split_view_from_bytes, verify_split_view
from truce.record.witnessing.witness import (
    Refused,
    cosign,
    origin_hash,
    submission_from_body,
)
from truce.workflows.witnessing.ports import KnownLog, WitnessMemory

PLAIN: Final = "text/plain; charset=utf-8"
# Source: C2SP tlog-witness, add-checkpoint.
SIZE: Final = "text/x.tlog.size"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness answers, as HTTP has it."""

    status: int
    body: bytes
    media_type: str = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A note that a log signed and that could not be shown to be of one history."""

    origin: str
    note: Note


class WitnessDesk:
    """One witness: its name and key, what it remembers, one request at a time."""

    def __init__(
        self,
        memory: WitnessMemory,
        *,
        name: str,
        key: SecretKey,
        clock: Callable[[], datetime],
        on_suspicion: Callable[[Suspicion], None],
    ) -> None:
        self._memory = memory
        self._name = name
        self._key = key
        self._clock = clock
        self._on_suspicion = on_suspicion
        # Checking against the latest and replacing it are one step: else two requests
        # could both start from the same note, and the smaller could come to stand last.
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        """A cosignature, or why not. Source: C2SP tlog-witness, add-checkpoint.

        Raises:
            Unavailable: what it remembers cannot be read or written; nothing is given.
        """
        try:
            submission = submission_from_body(body)
            origin = submission.checkpoint.origin
            logs = {known.origin: known.key for known in self._memory.logs().values()}
            with self._one_at_a_time:
                latest = self._memory.latest(origin) if origin in logs else None
                done = cosign(
                    submission,
                    logs=logs,
                    latest=latest,
                    name=self._name,
                    key=self._key,
                    now=self._clock(),
                )
                self._memory.remember(origin, done.note)
        except Refused as refused:
            return self._refusal(refused)
        return Answer(status=HTTPStatus.OK, body=done.line.text().encode())

    def checkpoint(self, hashed: str) -> Answer:
        """The note last cosigned of the log whose origin has this SHA-256, in hex."""
        known = self._known(hashed)
        note = self._memory.latest(known.origin) if known else None
        if note is None:
            return _missing("no log of this name was cosigned here")
        return Answer(status=HTTPStatus.OK, body=note.raw())

    def split_view(self, hashed: str) -> Answer:
        """The first evidence against the log whose origin has this SHA-256, in hex."""
        known = self._known(hashed)
        found = self._memory.split_views(known.origin) if known else ()
        if not found:
            return _missing("no split view of this log is known here")
        return Answer(status=HTTPStatus.OK, body=found[0].raw(), media_type=JSON)

    def take_split_view(self, raw: bytes) -> Answer:
        """Keeps a split view that somebody hands in, once it is shown to hold.

        Nobody is trusted for it: the file proves itself. Of one log the first is kept
        and no more, so that a log's own operator cannot fill the disk with them.
        """
        try:
            known = self._memory.logs().get(split_view_from_bytes(raw).log.name)
            if known is None:
                return _missing("the log is not known to this witness")
            found = verify_split_view(raw, log=known.key)
        except ProofFails as error:
            return Answer(
                status=HTTPStatus.UNPROCESSABLE_ENTITY, body=f"{error}\n".encode()
            )
        if not self._memory.split_views(found.log.name):
            self._memory.keep_split_view(found)
        return Answer(status=HTTPStatus.OK, body=b"kept\n")

    def _refusal(self, refused: Refused) -> Answer:
        if refused.split_view is not None:
            self._memory.keep_split_view(refused.split_view)
        if refused.suspect is not None:
            origin = refused.suspect.text.split("\n", 1)[0]
            self._on_suspicion(Suspicion(origin=origin, note=refused.suspect))
        if refused.size is not None:
            body = f"{refused.size}\n".encode()
            return Answer(status=refused.refusal, body=body, media_type=SIZE)
        return Answer(status=refused.refusal, body=f"{refused}\n".encode())

    def _known(self, hashed: str) -> KnownLog | None:
        logs = self._memory.logs().values()
        return next((k for k in logs if origin_hash(k.origin) == hashed), None)


def _missing(message: str) -> Answer:
    return Answer(status=HTTPStatus.NOT_FOUND, body=f"{message}\n".encode())


__all__ = ["JSON", "PLAIN", "SIZE", "Answer", "Suspicion", "WitnessDesk"]
