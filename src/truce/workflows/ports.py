"""What the workflows need from whoever keeps derived state: one port, plain records."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from truce.identifiers import FeedName, IncidentId, ObservationId, StatementIndex
from truce.incidents.model import HistoryEntry, Incident
from truce.observations.model import Notice, Observation, QuarantinedLine, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    """What came of one delivery: `rows_read` is the sum of the other three."""

    statement: StatementIndex
    feed: FeedName
    file_name: str
    stated_by: str
    received_at: datetime
    sealed_at: datetime
    size_bytes: int
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReading:
    """One delivery as it enters the state: its counts, and what is new by it.

    `superseded` are observations of earlier deliveries that this one states anew.
    """

    counts: DeliveryCounts
    observations: tuple[Observation, ...]
    watches: tuple[Watch, ...]
    notices: tuple[Notice, ...]
    quarantined: tuple[QuarantinedLine, ...]
    superseded: tuple[ObservationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedObservation:
    """Enough of a live observation to tell repeats and revisions."""

    id: ObservationId
    feed: FeedName
    row_key: str
    stated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A statement that holds for the whole record: a method, an agreement, a map."""

    kind: str
    name: str
    statement: StatementIndex


class StateStore(Protocol):
    """Derived state. Disposable: everything in it can be made again from the record.

    `count` everywhere is how many statements were known, so that 0 is nothing at all.
    """

    def count(self) -> int:
        """How many statements of the log the state holds."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside becomes visible together, or not at all."""
        ...

    def advance(self, count: int, sealed_at: datetime) -> None:
        """Notes that the log was read up to here."""
        ...

    def add_reading(self, taken: TakenReading) -> None:
        """Takes up a delivery."""
        ...

    def add_standing(self, standing: Standing) -> None:
        """Notes a statement that holds for the whole record."""
        ...

    def save_incidents(
        self,
        position: StatementIndex,
        current: Sequence[Incident],
        gone: Sequence[IncidentId],
        history: Sequence[HistoryEntry],
    ) -> None:
        """Takes up what one statement changed; what was known before stays readable."""
        ...

    def seen_rows(self) -> set[str]:
        """The ids of every row that was ever accepted, whatever it stated."""
        ...

    def keyed_observations(self) -> Iterable[KeyedObservation]:
        """Every observation that no later one superseded, and that has a key."""
        ...

    def live_observations(self) -> Iterable[Observation]:
        """Every observation that may belong to an incident and was not superseded."""
        ...

    def observations(self, ids: Sequence[ObservationId]) -> Sequence[Observation]:
        """Observations by id, in the order asked; unknown ids are left out."""
        ...

    def incidents(self, count: int) -> Sequence[Incident]:
        """Every incident as known after so many statements, ordered by id."""
        ...

    def history(self, incident: IncidentId) -> Sequence[HistoryEntry]:
        """What became of an id, oldest first."""
        ...

    def changes(self, count: int) -> Sequence[HistoryEntry]:
        """What the statements from `count` on changed, oldest first."""
        ...

    def watches(self, count: int) -> Sequence[Watch]:
        """Every watch known after so many statements."""
        ...

    def notices(self, count: int) -> Sequence[Notice]:
        """Every notice known after so many statements."""
        ...

    def deliveries(self, count: int) -> Sequence[DeliveryCounts]:
        """What came of each delivery, oldest first."""
        ...

    def quarantined(
        self, count: int
    ) -> Mapping[StatementIndex, Sequence[QuarantinedLine]]:
        """Every line that could not be read, by delivery."""
        ...

    def standing(self, count: int) -> Sequence[Standing]:
        """What holds for the whole record, oldest first."""
        ...

    def sealed_at(self, count: int) -> datetime | None:
        """When the last of so many statements was sealed; None before the first."""
        ...

    def count_at(self, instant: datetime) -> int:
        """How many statements had been sealed by then."""
        ...

    def digest(self) -> str:
        """SHA-256 over everything in the state, in hexadecimal."""
        ...


__all__ = [
    "DeliveryCounts",
    "KeyedObservation",
    "Standing",
    "StateStore",
    "TakenReading",
]
