"""The picture's port on one record and its state: what every page and report asks."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from truce.agreement.model import Agreement
from truce.compliance.index_facts import FactIndex
from truce.compliance.model import Finding
from truce.errors import InvalidQuery, InvalidRecord
from truce.gazetteer import Gazetteer, gazetteer_from_bytes
from truce.identifiers import IncidentId, ObservationId, StatementIndex
from truce.incidents import resolve
from truce.incidents.model import HistoryEntry, Incident
from truce.observations.model import Observation, Watch
from truce.picture.ports import (
    AsOf,
    ClauseText,
    DeliveryLine,
    QuarantinedRow,
    Vouching,
)
from truce.record import Record, RecordKind
from truce.record.merkle import leaf_hash
from truce.release import StatementProof
from truce.statements import AgreementText, BaseMap, GazetteerTable
from truce.workflows.custody.vouching import vouching_of
from truce.workflows.founding.begin_record import agreement_from_text
from truce.workflows.law.judge import facts_from, judge
from truce.workflows.ports import StateStore

_Text = TypeVar("_Text", GazetteerTable, BaseMap)

# Findings of the newest moments, of the last position and a few that people go back to.
_KEPT_MAX = 16


class RecordSource:
    """Everything that may be asked of one record. Nothing here has passed release."""

    def __init__(self, record: Record, store: StateStore) -> None:
        self._record = record
        self._store = store
        # Answers never change for a (count, instant), so they may be kept.
        self.incidents_at = lru_cache(maxsize=_KEPT_MAX)(self._incidents_at)
        self.findings_at = lru_cache(maxsize=_KEPT_MAX)(self._findings_at)
        self.agreements_at = lru_cache(maxsize=_KEPT_MAX)(self._agreements_at)
        self._facts_at = lru_cache(maxsize=1)(self._facts_of)
        self._texts = lru_cache(maxsize=_KEPT_MAX)(self._text_of)

    @property
    def record_name(self) -> str:
        """What people call the record."""
        return self._record.founding.name

    @property
    def record_kind(self) -> RecordKind:
        """Real, exercise or study."""
        return self._record.founding.kind

    @property
    def origin(self) -> str:
        """The log's origin line."""
        return self._record.origin

    @property
    def time_zone(self) -> str:
        """The IANA name of the zone in which the people of this record keep time."""
        return self._newest(GazetteerTable, "gazetteer").zone

    @property
    def statement_count(self) -> int:
        """How many statements the state holds; it only grows."""
        return self._store.count()

    def gazetteer(self) -> Gazetteer:
        """The place names by which this record's texts are read."""
        return gazetteer_from_bytes(self._newest(GazetteerTable, "gazetteer").table)

    def base_map(self) -> bytes:
        """The record's own land as a GeoJSON FeatureCollection."""
        return self._newest(BaseMap, "base-map").geojson

    def count_at(self, instant: datetime) -> int:
        """How many statements had been sealed by then."""
        return self._store.count_at(instant)

    def sealed_at(self, statement: StatementIndex) -> datetime:
        """When the record took a statement.

        Raises:
            InvalidQuery: the log holds no such statement.
        """
        found = self._store.sealed_at(statement + 1)
        if found is None:
            raise InvalidQuery(
                f"statement {statement} does not exist; the record holds "
                f"0 to {self.statement_count - 1}"
            )
        return found

    def incidents(self, as_of: AsOf) -> Sequence[Incident]:
        """Every incident as it was known then, ordered by id."""
        return self.incidents_at(as_of.count)

    def findings(self, as_of: AsOf) -> Sequence[Finding]:
        """Every finding as it was known then, in the order of the agreements."""
        return self.findings_at(as_of.count, as_of.instant)

    def watches(self, as_of: AsOf) -> Sequence[Watch]:
        """Who says to have looked where and when."""
        return self._store.watches(as_of.count)

    def observation(self, observation: ObservationId) -> Observation:
        """One observation.

        Raises:
            InvalidQuery: the record holds no such observation.
        """
        found = self._store.observations([observation])
        if not found:
            raise InvalidQuery(f"observation {observation} does not exist")
        return found[0]

    def observations(
        self, observations: Sequence[ObservationId]
    ) -> Sequence[Observation]:
        """Many observations at once, in any order; one that is unknown is left out."""
        return self._store.observations(observations)

    def history(self, incident: IncidentId) -> Sequence[HistoryEntry]:
        """What became of an id, oldest first; empty for an id that never was."""
        return self._store.history(incident)

    def resolve(self, incident: IncidentId) -> tuple[IncidentId, ...]:
        """The ids in which an id lives on today; empty for one that never was."""
        entries: list[HistoryEntry] = []
        ahead, known = [incident], {incident}
        while ahead:
            for entry in self._store.history(ahead.pop()):
                entries.append(entry)
                new = [other for other in entry.others if other not in known]
                known.update(new)
                ahead.extend(new)
        return resolve(entries, incident) if entries else ()

    def changes_after(self, count: int) -> Sequence[HistoryEntry]:
        """What changed by the statements from `count` on, oldest first."""
        return self._store.changes(count)

    def proof(self, statement: StatementIndex) -> StatementProof:
        """That a statement stands in the log.

        Raises:
            InvalidQuery: the log holds no such statement.
        """
        if not 0 <= statement < self._record.size:
            raise InvalidQuery(f"statement {statement} does not exist")
        proof = self._record.proof(statement)
        return StatementProof(
            statement=statement,
            tree_size=proof.size,
            leaf_hash=leaf_hash(proof.entry),
            hashes=proof.path,
            checkpoint=proof.checkpoint.decode(),
            entry=proof.entry,
            marking=self._record.entry(statement).header.marking,
        )

    def checkpoint(self) -> str:
        """The newest signed checkpoint."""
        return self._record.checkpoint.decode()

    def vouching(self) -> Vouching:
        """Who beside its operator vouches for the log, and how far."""
        return vouching_of(self._record)

    def deliveries(self, as_of: AsOf) -> Sequence[DeliveryLine]:
        """What came of each delivery, oldest first."""
        return [
            DeliveryLine(
                statement=counts.statement,
                feed=counts.feed,
                stated_by=counts.stated_by,
                sealed_at=counts.sealed_at,
                size_bytes=counts.size_bytes,
                read=counts.rows_read,
                accepted=counts.accepted,
                quarantined=counts.quarantined,
                duplicates=counts.duplicates,
            )
            for counts in self._store.deliveries(as_of.count)
        ]

    def quarantined(self, as_of: AsOf) -> Sequence[QuarantinedRow]:
        """Every line that could not be read, with its reason."""
        return [
            QuarantinedRow(statement=statement, line=line.line, reason=line.reason)
            for statement, lines in self._store.quarantined(as_of.count).items()
            for line in lines
        ]

    def clauses(self, as_of: AsOf) -> Sequence[ClauseText]:
        """The texts of the agreements in force, in their own order."""
        return [
            ClauseText(
                agreement=agreement.id,
                clause=clause.id,
                title=agreement.title,
                text=clause.says,
                source=clause.source.document,
            )
            for agreement in self.agreements_at(as_of.count)
            for clause in agreement.clauses
        ]

    def _incidents_at(self, count: int) -> tuple[Incident, ...]:
        return tuple(self._store.incidents(count))

    def _findings_at(self, count: int, instant: datetime) -> tuple[Finding, ...]:
        return judge(self.agreements_at(count), self._facts_at(count), as_of=instant)

    def _facts_of(self, count: int) -> FactIndex:
        return facts_from(self.incidents_at(count), self._store.watches(count))

    def _agreements_at(self, count: int) -> tuple[Agreement, ...]:
        return tuple(
            agreement_from_text(self._texts(standing.statement))
            for standing in self._store.standing(count)
            if standing.kind == "agreement"
        )

    def _text_of(self, statement: StatementIndex) -> AgreementText:
        return AgreementText.from_payload(self._record.payload(statement))

    def _newest(self, kind: type[_Text], name: str) -> _Text:
        found = [
            s for s in self._store.standing(self.statement_count) if s.kind == name
        ]
        if not found:
            raise InvalidRecord(
                f"{self.origin} states no {name}; begin the record with truce init"
            )
        return kind.from_payload(self._record.payload(found[-1].statement))


__all__ = ["RecordSource"]
