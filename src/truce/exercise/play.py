"""An exercise as the record gets to see it: raw bytes, by whom, and when they arrive.

Nothing here tells what really happened; that is `truth`, which only the scorers may
ask.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from truce.errors import InvalidQuery
from truce.exercise import _clock
from truce.exercise._contributors import Batch, batches_of_day
from truce.exercise._dice import Dice
from truce.exercise._mishaps import broken_today
from truce.identifiers import FeedName, ParticipantId

# The open-source monitors look back six days and two flares of violence come in the
# second week: a month is more than any training runs, and keeps a mistyped number from
# filling a disk.
DAYS_MAX: Final = 31

_AUTOMATIC_S: Final = 110.0
_BY_HAND_S: Final = 700.0
_TWICE_SHARE: Final = 0.012
_LATE_SHARE: Final = 0.02
_LINE_DOWN_SHARE: Final = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseDelivery:
    """Raw bytes that reach the record at `received_at` (exercise time), as a feed would
    send them.

    `feed` names the format; `participant` delivers and is called `participant_name` by
    people; `file_name` says that it is an exercise.
    """

    feed: FeedName
    participant: ParticipantId
    participant_name: str
    file_name: str
    received_at: datetime
    raw: bytes


def play(seed: int, *, days: int = 10) -> Iterator[ExerciseDelivery]:
    """Every delivery of an exercise in the order in which it is received.

    The same seed gives the same bytes. What has not arrived by the end of the last day
    is left out, so the deliveries of fewer days are exactly the beginning of those of
    more days.

    Raises:
        InvalidQuery: `days` is not from 1 to `DAYS_MAX`.
    """
    if not 1 <= days <= DAYS_MAX:
        raise InvalidQuery(f"days is {days}, expected 1 to {DAYS_MAX}")
    return _in_order(seed, days)


def _in_order(seed: int, days: int) -> Iterator[ExerciseDelivery]:
    """Nothing made ready on a day arrives before it: a day's end settles its order."""
    waiting: list[tuple[datetime, str, int, ExerciseDelivery]] = []
    for day in range(days):
        for number, delivery in enumerate(_sent_on(seed, day)):
            heapq.heappush(
                waiting, (delivery.received_at, delivery.file_name, number, delivery)
            )
        end = _clock.at(day + 1, 0.0)
        while waiting and waiting[0][0] < end:
            yield heapq.heappop(waiting)[-1]


def _sent_on(seed: int, day: int) -> Iterator[ExerciseDelivery]:
    batches = list(batches_of_day(seed, day))
    broken = broken_today(seed, day, batches)
    for index, batch in enumerate(batches):
        dice = Dice(seed, "sent", batch.file_name)
        received_at = _received_at(seed, dice, batch)
        if broken is not None and index == broken[0]:
            yield _delivery(batch, received_at, raw=broken[1])
            received_at += timedelta(minutes=round(dice.uniform(40.0, 150.0)))
        yield _delivery(batch, received_at)
        if dice.chance(_TWICE_SHARE):
            again_at = received_at + timedelta(minutes=round(dice.uniform(5.0, 300.0)))
            yield _delivery(batch, again_at)


def _received_at(seed: int, dice: Dice, batch: Batch) -> datetime:
    """When a batch arrives: after a while, much later, or when the line is up again."""
    usual_s = _AUTOMATIC_S if batch.is_automatic else _BY_HAND_S
    arrives = batch.ready_at + timedelta(
        seconds=round(30.0 + dice.lognormal(usual_s, 0.6))
    )
    if dice.chance(_LATE_SHARE):
        arrives += timedelta(minutes=round(dice.uniform(45.0, 420.0)))
    restored = _line_restored(seed, batch)
    if restored is not None and arrives < restored:
        # What has waited comes all at once, in no order.
        return restored + timedelta(seconds=round(dice.uniform(10.0, 900.0)))
    return arrives


def _line_restored(seed: int, batch: Batch) -> datetime | None:
    """When a contributor's line comes back, if it was down when the batch was ready."""
    day = _clock.day_of(batch.ready_at)
    dice = Dice(seed, "line-down", batch.participant, day)
    if not dice.chance(_LINE_DOWN_SHARE):
        return None
    down, up = dice.uniform(2.0, 12.0), dice.uniform(14.0, 22.0)
    if not down <= _clock.hour_of(batch.ready_at) < up:
        return None
    return _clock.at(day, up)


def _delivery(
    batch: Batch, received_at: datetime, *, raw: bytes | None = None
) -> ExerciseDelivery:
    return ExerciseDelivery(
        feed=batch.feed,
        participant=batch.participant,
        participant_name=batch.participant_name,
        file_name=batch.file_name,
        received_at=received_at,
        raw=batch.raw if raw is None else raw,
    )


__all__ = ["DAYS_MAX", "ExerciseDelivery", "play"]
