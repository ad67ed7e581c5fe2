"""How any feed is read: decode, drop repeats, check and map each row, count all of
them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.rows import Decoded, Fault, excerpt
from truce.identifiers import FeedName, ObservationId
from truce.observations.context import ReadingContext, observation_id
from truce.observations.model import (
    Notice,
    Observation,
    QuarantinedLine,
    Reading,
    Watch,
)

Value = TypeVar("Value")

Outcome = Observation | Watch | Notice | QuarantinedLine
# Maps one decoded row, whose id is made already, to what it says.
Observe = Callable[[Decoded[Value], ObservationId], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReader(Generic[Value]):
    """The way one feed is read.

    `decode` turns bytes into rows; `observer` is called once per delivery and answers
    with the function that maps each row, which may keep what it looked up.
    """

    feed: FeedName
    decode: Callable[[bytes], Iterator[Decoded[Value] | Fault]]
    observer: Callable[[ReadingContext], Observe[Value]]

    def read(self, raw: bytes, context: ReadingContext) -> Reading:
        """Every row of the delivery in exactly one bin; never raises for what the bytes
        hold."""
        try:
            rows = list(self._outcomes(raw, context))
        except InvalidDelivery as error:
            return unreadable(str(error), raw)
        return _sorted_into_bins(rows)

    def _outcomes(self, raw: bytes, context: ReadingContext) -> Iterator[Outcome | int]:
        """What each row says; the bare line of a row whose content stood earlier."""
        observe = self.observer(context)
        seen: set[ObservationId] = set()
        for row in self.decode(raw):
            if isinstance(row, Fault):
                yield QuarantinedLine(
                    line=row.line, reason=row.reason, excerpt=row.excerpt
                )
                continue
            row_id = observation_id(self.feed, row.content)
            if row_id in seen:
                yield row.line
                continue
            seen.add(row_id)
            try:
                yield observe(row, row_id)
            except InvalidValue as error:
                yield quarantined(row, (str(error),))


def quarantined(row: Decoded[object], reasons: Iterable[str]) -> QuarantinedLine:
    """A row that was decoded but cannot be true, with every reason."""
    return QuarantinedLine(
        line=row.line,
        reason="; ".join(reasons),
        excerpt=excerpt(",".join(row.content)),
    )


def unreadable(reason: str, raw: bytes) -> Reading:
    """A delivery of which nothing can be read: one row, quarantined, so that it is
    counted."""
    shown = excerpt(raw[:200].decode("utf-8", errors="replace"))
    line = QuarantinedLine(line=1, reason=f"unreadable: {reason}", excerpt=shown)
    return Reading(rows_read=1, quarantined=(line,))


def _sorted_into_bins(rows: list[Outcome | int]) -> Reading:
    return Reading(
        rows_read=len(rows),
        observations=tuple(row for row in rows if isinstance(row, Observation)),
        watches=tuple(row for row in rows if isinstance(row, Watch)),
        notices=tuple(row for row in rows if isinstance(row, Notice)),
        quarantined=tuple(row for row in rows if isinstance(row, QuarantinedLine)),
        duplicate_lines=tuple(row for row in rows if isinstance(row, int)),
    )


__all__ = ["FeedReader", "Observe", "Outcome", "quarantined", "unreadable"]
