"""Aware UTC instants, and the intervals between them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from truce.errors import InvalidValue

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def verify_instant(value: datetime) -> datetime:
    """The same instant in UTC.

    Raises:
        InvalidValue: the value carries no zone, so nobody can say which moment it is;
            or in UTC it lies outside the years 1 to 9999.
    """
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidValue(
            f"instant {value.isoformat()} has no zone; expected an aware time"
        )
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise InvalidValue(
            f"instant {value.isoformat()} lies outside the years 1 to 9999 in UTC"
        ) from error


def instant_from_text(text: str) -> datetime:
    """The instant that an ISO 8601 text with an offset or `Z` names.

    Raises:
        InvalidValue: the text is no ISO 8601 time, or has no offset.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(
            f"instant {text!r} is not ISO 8601; expected e.g. 2026-01-06T18:00:00Z"
        ) from error
    return verify_instant(parsed)


def text_from_instant(value: datetime) -> str:
    """RFC 3339 in UTC with a `Z`, microseconds only where there are some."""
    return verify_instant(value).isoformat().replace("+00:00", "Z")


def seconds_from_instant(value: datetime) -> float:
    """Seconds since 1970-01-01T00:00:00Z."""
    return (value - EPOCH).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From `start` to `end`, both aware UTC, `start <= end`.

    An instant is an interval of no length. What a source dated to a day is a whole day:
    an honest interval says all that is known of when, and no more.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            object.__setattr__(self, "start", verify_instant(self.start))
            object.__setattr__(self, "end", verify_instant(self.end))
        if self.end < self.start:
            raise InvalidValue(
                f"interval ends at {text_from_instant(self.end)}, before its start "
                f"{text_from_instant(self.start)}"
            )

    @property
    def duration(self) -> timedelta:
        """How long it is; zero for an instant."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether some moment lies in both; touching ends count."""
        return self.start <= other.end and other.start <= self.end

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it, ends included."""
        return self.start <= moment <= self.end

    def gap_to(self, other: "Interval") -> timedelta:
        """The time between the two; zero where they overlap."""
        if self.overlaps(other):
            return timedelta(0)
        return max(other.start - self.end, self.start - other.end)


__all__ = [
    "EPOCH",
    "Interval",
    "instant_from_text",
    "seconds_from_instant",
    "text_from_instant",
    "verify_instant",
]
