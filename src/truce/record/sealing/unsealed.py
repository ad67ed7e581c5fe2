"""A statement before its maker signed it."""

from dataclasses import dataclass
from datetime import datetime

from truce.identifiers import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """A statement before the record takes it. `stated_at` is when its maker made it."""

    kind: str
    by: ParticipantId
    payload: bytes
    stated_at: datetime
    schema: int = 1
    marking: str = "MECHANISM"


__all__ = ["Unsealed"]
