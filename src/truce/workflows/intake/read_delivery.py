"""Reading a sealed delivery: what is new, what repeats, what is stated anew."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, TypeVar

from truce.errors import InvalidDelivery
from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.observations.context import ReadingContext
from truce.observations.feed_reader import unreadable
from truce.observations.model import Notice, Observation, Reading, Watch
from truce.observations.read import read
from truce.observations.revision import STABLE_KEYS
from truce.statements import Delivery
from truce.workflows.ports import (
    DeliveryCounts,
    KeyedObservation,
    StateStore,
    TakenReading,
)

Row = TypeVar("Row", Observation, Watch, Notice)
_Key = tuple[FeedName, str, str]


@dataclass(slots=True)
class SeenRows:
    """What the record holds already: the rows by id, and the live ones by their key."""

    ids: set[str] = field(default_factory=set)
    by_key: dict[_Key, set[ObservationId]] = field(
        default_factory=lambda: defaultdict(set)
    )

    @classmethod
    def of(cls, store: StateStore) -> Self:
        """Everything that the state holds."""
        seen = cls(ids=store.seen_rows())
        for observation in store.keyed_observations():
            if observation.feed in STABLE_KEYS:
                seen.by_key[_key(observation)].add(observation.id)
        return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """Where and when a delivery was sealed, and by whom.

    `is_invented` says that the record is an exercise: then whoever delivers is the
    source. A reader names the organisation whose layout the bytes are in, and a
    simulated row must never be laid in the mouth of a real one.
    """

    statement: StatementIndex
    stated_by: str
    sealed_at: datetime
    is_invented: bool = False


def read_delivery(
    delivery: Delivery, sealing: Sealing, context: ReadingContext, seen: SeenRows
) -> TakenReading:
    """What a sealed delivery adds to the record; `seen` takes up what it adds.

    A delivery of a feed that nobody knows is quarantined whole: it is sealed already.
    """
    try:
        reading = read(delivery.feed, delivery.raw, context)
    except InvalidDelivery as error:
        reading = unreadable(str(error), delivery.raw)
    if sealing.is_invented:
        reading = _restated(reading, sealing.stated_by)
    observations = _unseen(reading.observations, seen.ids)
    watches = _unseen(reading.watches, seen.ids)
    notices = _unseen(reading.notices, seen.ids)
    accepted = len(observations) + len(watches) + len(notices)
    # Nothing of a silent row is kept in the state, so that a repeat of it is not told.
    accepted += len(reading.silent_lines)
    superseded = _superseded(reading, observations, seen)
    seen.ids.update(row.id for rows in (observations, watches, notices) for row in rows)
    return TakenReading(
        counts=DeliveryCounts(
            statement=sealing.statement,
            feed=delivery.feed,
            file_name=delivery.file_name,
            stated_by=sealing.stated_by,
            received_at=delivery.received_at,
            sealed_at=sealing.sealed_at,
            size_bytes=len(delivery.raw),
            rows_read=reading.rows_read,
            accepted=accepted,
            quarantined=len(reading.quarantined),
            duplicates=reading.rows_read - accepted - len(reading.quarantined),
        ),
        observations=observations,
        watches=watches,
        notices=notices,
        quarantined=reading.quarantined,
        superseded=superseded,
    )


def _restated(reading: Reading, stated_by: str) -> Reading:
    """The same rows, with the one who delivered them as their source."""
    return replace(
        reading,
        observations=tuple(
            replace(row, stated_by=stated_by) for row in reading.observations
        ),
        watches=tuple(replace(row, stated_by=stated_by) for row in reading.watches),
        notices=tuple(replace(row, stated_by=stated_by) for row in reading.notices),
    )


def _unseen(rows: Iterable[Row], ids: set[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.id not in ids)


def _superseded(
    reading: Reading, added: tuple[Observation, ...], seen: SeenRows
) -> tuple[ObservationId, ...]:
    """The live observations whose key comes again with other content."""
    stated = {observation.id for observation in reading.observations}
    replaced: set[ObservationId] = set()
    fresh = [o for o in added if o.feed in STABLE_KEYS and o.row_key]
    for observation in fresh:
        replaced |= seen.by_key.pop(_key(observation), set()) - stated
    for observation in reading.observations:
        if observation.feed in STABLE_KEYS and observation.row_key:
            seen.by_key[_key(observation)].add(observation.id)
    return tuple(sorted(replaced))


def _key(row: Observation | KeyedObservation) -> _Key:
    return row.feed, row.stated_by, row.row_key


__all__ = ["Sealing", "SeenRows", "read_delivery"]
