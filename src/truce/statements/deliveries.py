"""A delivery: raw bytes that a source handed in, sealed before anybody reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from truce.identifiers import FeedName
from truce.instants import text_from_instant
from truce.statements._parcel import instant_in, opened_parcel, parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was handed in: by which feed, under which file name, when it reached us."""

    feed: FeedName
    file_name: str
    received_at: datetime
    raw: bytes

    def payload(self) -> bytes:
        """The payload of a `delivery` statement, version 1."""
        label = {
            "feed": self.feed,
            "file_name": self.file_name,
            "received_at": text_from_instant(self.received_at),
        }
        return parcel(label, self.raw)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The delivery that a payload holds.

        Raises:
            InvalidStatement: the payload is no delivery.
        """
        label, raw = opened_parcel(payload, ("feed", "file_name", "received_at"))
        return cls(
            feed=FeedName(label["feed"]),
            file_name=label["file_name"],
            received_at=instant_in(label, "received_at"),
            raw=raw,
        )


__all__ = ["Delivery"]
