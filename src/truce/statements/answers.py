"""An issued answer: what was told to whom, as it was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from truce.instants import text_from_instant
from truce.statements._parcel import count_in, instant_in, opened_parcel, parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedAnswer:
    """An answer as it was given: a report's bytes, its subject, its reader, as of when.

    `known_count` is how many statements the answer was computed from.
    """

    subject: str
    reader: str
    media_type: str
    as_of: datetime
    known_count: int
    content: bytes

    def payload(self) -> bytes:
        """The payload of an `issued-answer` statement, version 1."""
        label = {
            "subject": self.subject,
            "reader": self.reader,
            "media_type": self.media_type,
            "as_of": text_from_instant(self.as_of),
            "known_count": str(self.known_count),
        }
        return parcel(label, self.content)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The answer that a payload holds.

        Raises:
            InvalidStatement: the payload is no issued answer.
        """
        fields = ("subject", "reader", "media_type", "as_of", "known_count")
        label, content = opened_parcel(payload, fields)
        return cls(
            subject=label["subject"],
            reader=label["reader"],
            media_type=label["media_type"],
            as_of=instant_in(label, "as_of"),
            known_count=count_in(label, "known_count"),
            content=content,
        )


__all__ = ["IssuedAnswer"]
