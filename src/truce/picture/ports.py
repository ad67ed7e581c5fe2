"""What the picture needs from whoever keeps the record: its port and plain records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from truce.compliance.model import Finding
from truce.identifiers import (
    AgreementId,
    ClauseId,
    FeedName,
    IncidentId,
    ObservationId,
    StatementIndex,
)
from truce.incidents.model import HistoryEntry, Incident
from truce.observations.model import Observation, Watch
from truce.record.identity.founding import RecordKind
from truce.release.model import StatementProof


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """From which moment an answer is given: how much was known, and what time it was.

    `count` is how many statements of the log were known (the entries 0 to `count - 1`);
    `instant` is the moment from which clocks and delays are judged. `is_past` says that
    somebody chose it, so that it does not move on.
    """

    count: int
    instant: datetime
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """One clause as the agreement says it, and where that is written."""

    agreement: AgreementId
    clause: ClauseId
    title: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """Who beside its operator vouches for a log, and how far.

    `rule` says whose cosignatures are enough; None where the founding asks for none,
    and so nothing can count as witnessed. `witnessed_count` is how many statements the
    newest checkpoint covers that has them, `stamped_count` how many the newest one that
    an outside authority stamped; None where there is none.
    """

    rule: str | None
    witnessed_count: int | None
    stamped_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """What came of one sealed delivery: `read` is the sum of the three after it."""

    statement: StatementIndex
    feed: FeedName
    stated_by: str
    sealed_at: datetime
    size_bytes: int
    read: int
    accepted: int
    quarantined: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRow:
    """A line of a delivery that could not be read, and why."""

    statement: StatementIndex
    line: int
    reason: str


class PictureSource(Protocol):
    """All that the pages ask of a record. Nothing it answers has passed release yet."""

    @property
    def record_name(self) -> str:
        """What people call the record."""

    @property
    def record_kind(self) -> RecordKind:
        """Real, exercise or study."""

    @property
    def origin(self) -> str:
        """The log's origin line."""

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone in which the people of this record keep time."""

    @property
    def statement_count(self) -> int:
        """How many statements the log holds now; it only grows."""

    def count_at(self, instant: datetime) -> int:
        """How many statements had been sealed by then."""

    def sealed_at(self, statement: StatementIndex) -> datetime:
        """When the record took a statement.

        Raises:
            InvalidQuery: the log holds no such statement.
        """

    def incidents(self, as_of: AsOf) -> Sequence[Incident]:
        """Every incident as it was known then, in a fixed order."""

    def findings(self, as_of: AsOf) -> Sequence[Finding]:
        """Every finding as it was known then, in a fixed order."""

    def watches(self, as_of: AsOf) -> Sequence[Watch]:
        """Who says to have looked where and when."""

    def observation(self, observation: ObservationId) -> Observation:
        """One observation.

        Raises:
            InvalidQuery: the record holds no such observation.
        """

    def observations(
        self, observations: Sequence[ObservationId]
    ) -> Sequence[Observation]:
        """Many observations at once, in any order; one that is unknown is left out."""

    def history(self, incident: IncidentId) -> Sequence[HistoryEntry]:
        """What became of an id, oldest first; empty for an id that never was."""

    def changes_after(self, count: int) -> Sequence[HistoryEntry]:
        """What changed by the statements from `count` on, oldest first."""

    def resolve(self, incident: IncidentId) -> tuple[IncidentId, ...]:
        """The ids in which an id lives on today; empty for one that never was."""

    def proof(self, statement: StatementIndex) -> StatementProof:
        """That a statement stands in the log.

        Raises:
            InvalidQuery: the log holds no such statement.
        """

    def checkpoint(self) -> str:
        """The newest signed checkpoint, or an empty text before the first one."""

    def vouching(self) -> Vouching:
        """Who beside its operator vouches for the log, and how far."""

    def deliveries(self, as_of: AsOf) -> Sequence[DeliveryLine]:
        """What came of each delivery, oldest first."""

    def quarantined(self, as_of: AsOf) -> Sequence[QuarantinedRow]:
        """Every line that could not be read, with its reason."""

    def clauses(self, as_of: AsOf) -> Sequence[ClauseText]:
        """The texts of the agreements in force, in their own order."""

    def base_map(self) -> bytes:
        """The record's own land as a GeoJSON FeatureCollection.

        A feature's property `layer` is one of land, country, water or lake, river,
        coast, border or country_border, province, province_border, road, zone, line
        or line-of-contact, country_label, province_label, settlement or town, port,
        bridge, energy-site; any other is not drawn. `name`, `name_en`, `name_uk` and
        `name_fr` hold names; `zoom_min`, or else `population`, says from which zoom of
        the map a settlement is named.
        """


__all__ = [
    "AsOf",
    "ClauseText",
    "DeliveryLine",
    "PictureSource",
    "QuarantinedRow",
    "RecordKind",
    "Vouching",
]
