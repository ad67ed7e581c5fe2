"""What custody needs from outside standards: timestamps, and content credentials."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from truce.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an authority stated: these bytes existed at `stamped_at`.

    `accuracy` is how far `stamped_at` may be off, None where the authority says
    nothing. `authority` is the subject of the certificate that signed, `serial` its own
    number of the stamp.
    """

    stamped_at: datetime
    accuracy: timedelta | None
    authority: str
    serial: int


class TimestampAuthority(Protocol):
    """An outside authority that states when it was shown some bytes."""

    def stamp(self, note: bytes) -> bytes:
        """The authority's response over these bytes, checked.

        Raises:
            AnswerIsNo: the authority refuses, or answers what does not hold.
            Unavailable: it cannot be reached.
        """
        ...


class StampReader(Protocol):
    """Reads and checks responses that were kept, without a network."""

    def read(self, response: bytes) -> Stamp:
        """What a response states; nobody checked it.

        Raises:
            ProofFails: it is no response that grants a timestamp.
        """
        ...

    def verify(self, note: bytes, response: bytes) -> Stamp:
        """What a response states of these bytes, once it holds under trusted roots.

        Raises:
            ProofFails: it does not hold.
        """
        ...


class CredentialAnswer(StrEnum):
    """What a file says of its own making, by content credentials (C2PA)."""

    VALID = "present-and-valid"
    INVALID = "present-and-invalid"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The content credentials of one file.

    `manifest_store` and `validation` are as the library `reader` writes them, None
    where there are none. `reason` is a sentence.
    """

    answer: CredentialAnswer
    reason: str
    reader: str
    manifest_store: Json = None
    validation: Json = None


class CredentialReader(Protocol):
    """Reads content credentials, without a network."""

    def read(self, media_type: str, content: bytes) -> Credentials:
        """What a file of this type says of its own making; never raises for what the
        bytes hold.
        """
        ...


__all__ = [
    "CredentialAnswer",
    "CredentialReader",
    "Credentials",
    "Stamp",
    "StampReader",
    "TimestampAuthority",
]
