"""The workflows' port `StateStore` on one SQLite file."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from truce.errors import InvalidRecord, UnavailableRecord
from truce.identifiers import FeedName, IncidentId, ObservationId, StatementIndex
from truce.incidents.model import HistoryEntry, Incident
from truce.instants import EPOCH
from truce.observations.kinds import NEVER_AN_INCIDENT
from truce.observations.model import Notice, Observation, QuarantinedLine, Watch
from truce.storage.tables import (
    DELIVERIES,
    HISTORY,
    INCIDENTS,
    LAYOUT,
    METADATA,
    NOTICES,
    OBSERVATIONS,
    QUARANTINED,
    STANDING,
    STATEMENTS,
    WATCHES,
)
from truce.workflows.ports import (
    DeliveryCounts,
    KeyedObservation,
    Standing,
    TakenReading,
)

Body = TypeVar("Body")
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_MICROSECOND: Final = timedelta(microseconds=1)
# Below SQLite's limit of 32,766 bound values in one query. Source: sqlite.org/limits.
_IDS_A_QUERY: Final = 10_000


class SqliteState:
    """Derived state in one file; one process writes, any number read."""

    def __init__(self, path: Path, *, origin: str = "") -> None:
        """Opens the state, throwing away what another version of truce left.

        `origin` is the origin line of the record that it is, or will be, read from.

        Raises:
            InvalidRecord: the file is the state of another record.
            UnavailableRecord: the file cannot be opened or written, or is damaged.
        """
        self._path = path
        self._engine = _engine(path)
        self._writing: Connection | None = None
        try:
            with self._readable(), self._engine.begin() as connection:
                if connection.execute(text("PRAGMA user_version")).scalar() != LAYOUT:
                    _drop_everything(connection)
                    METADATA.create_all(connection)
                    connection.execute(text(f"PRAGMA user_version = {LAYOUT}"))
                    mark = f"PRAGMA application_id = {_mark_of(origin)}"
                    connection.execute(text(mark))
                found = connection.execute(text("PRAGMA application_id")).scalar()
            if found != _mark_of(origin):
                raise InvalidRecord(
                    f"{path}: this is the state of another record, not of {origin}; "
                    "name another file, or remove this one and it is made again"
                )
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    def clear(self) -> None:
        """Forgets everything, to be read again from the record."""
        with self._readable(), self._engine.begin() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(table.delete())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes visible together, or not at all."""
        with self._readable(), self._engine.begin() as connection:
            self._writing = connection
            try:
                yield
            finally:
                self._writing = None

    def advance(self, count: int, sealed_at: datetime) -> None:
        """Notes that the log was read up to here."""
        row = {"position": count - 1, "sealed_at_us": _microseconds(sealed_at)}
        self._insert(STATEMENTS, [row])

    def add_standing(self, standing: Standing) -> None:
        """Notes a statement that holds for the whole record."""
        row = {
            "position": standing.statement,
            "kind": standing.kind,
            "name": standing.name,
        }
        self._insert(STANDING, [row])

    def add_reading(self, taken: TakenReading) -> None:
        """Takes up a delivery."""
        position = taken.counts.statement
        row = {"position": position, "body": _ENCODE(taken.counts)}
        self._insert(DELIVERIES, [row])
        self._insert(
            QUARANTINED,
            [
                {"position": position, "ordinal": i, "body": _ENCODE(line)}
                for i, line in enumerate(taken.quarantined)
            ],
        )
        self._insert(OBSERVATIONS, [_observation_row(o) for o in taken.observations])
        for table, values in ((WATCHES, taken.watches), (NOTICES, taken.notices)):
            self._insert(
                table,
                [
                    {"id": v.id, "position": position, "body": _ENCODE(v)}
                    for v in values
                ],
            )
        for ids in _chunks(taken.superseded):
            self._write(
                update(OBSERVATIONS)
                .where(OBSERVATIONS.c.id.in_(ids))
                .values(known_until=position)
            )

    def save_incidents(
        self,
        position: StatementIndex,
        current: Sequence[Incident],
        gone: Sequence[IncidentId],
        history: Sequence[HistoryEntry],
    ) -> None:
        """Takes up what one statement changed; what was known before stays readable."""
        ended = [incident.id for incident in current] + list(gone)
        for ids in _chunks(ended):
            self._write(
                update(INCIDENTS)
                .where(INCIDENTS.c.id.in_(ids), INCIDENTS.c.known_until.is_(None))
                .values(known_until=position)
            )
        self._insert(
            INCIDENTS,
            [{"id": i.id, "known_from": position, "body": _ENCODE(i)} for i in current],
        )
        self._insert(
            HISTORY,
            [
                {
                    "position": entry.position,
                    "incident": entry.incident,
                    "body": _ENCODE(entry),
                }
                for entry in history
            ],
        )

    def count(self) -> int:
        """How many statements of the log the state holds."""
        with self._reading() as connection:
            last = connection.execute(select(func.max(STATEMENTS.c.position))).scalar()
        return 0 if last is None else last + 1

    def seen_rows(self) -> set[str]:
        """The ids of every row that was ever accepted, whatever it stated."""
        with self._reading() as connection:
            return {
                row_id
                for table in (OBSERVATIONS, WATCHES, NOTICES)
                for row_id in connection.execute(select(table.c.id)).scalars()
            }

    def keyed_observations(self) -> Iterable[KeyedObservation]:
        """Every observation that no later one superseded, and that has a key."""
        columns = OBSERVATIONS.c
        query = select(
            columns.id, columns.feed, columns.row_key, columns.stated_by
        ).where(columns.known_until.is_(None), columns.row_key != "")
        with self._reading() as connection:
            return [
                KeyedObservation(
                    id=ObservationId(row.id),
                    feed=FeedName(row.feed),
                    row_key=row.row_key,
                    stated_by=row.stated_by,
                )
                for row in connection.execute(query)
            ]

    def live_observations(self) -> Iterable[Observation]:
        """Every observation that may belong to an incident and was not superseded."""
        columns = OBSERVATIONS.c
        query = (
            select(columns.body)
            .where(columns.known_until.is_(None), columns.is_of_event == 1)
            .order_by(columns.id)
        )
        return self._bodies(query, Observation)

    def observations(self, ids: Sequence[ObservationId]) -> Sequence[Observation]:
        """Observations by id, in the order asked; unknown ids are left out."""
        found: dict[ObservationId, Observation] = {}
        for chunk in _chunks(ids):
            query = select(OBSERVATIONS.c.body).where(OBSERVATIONS.c.id.in_(chunk))
            for observation in self._bodies(query, Observation):
                found[observation.id] = observation
        return [found[id_] for id_ in ids if id_ in found]

    def incidents(self, count: int) -> Sequence[Incident]:
        """Every incident as known after so many statements, ordered by id."""
        columns = INCIDENTS.c
        query = (
            select(columns.body)
            .where(
                columns.known_from < count,
                columns.known_until.is_(None) | (columns.known_until >= count),
            )
            .order_by(columns.id)
        )
        return self._bodies(query, Incident)

    def history(self, incident: IncidentId) -> Sequence[HistoryEntry]:
        """What became of an id, oldest first."""
        query = select(HISTORY.c.body).where(HISTORY.c.incident == incident)
        return self._bodies(query.order_by(HISTORY.c.ordinal), HistoryEntry)

    def changes(self, count: int) -> Sequence[HistoryEntry]:
        """What the statements from `count` on changed, oldest first."""
        query = select(HISTORY.c.body).where(HISTORY.c.position >= count)
        return self._bodies(query.order_by(HISTORY.c.ordinal), HistoryEntry)

    def watches(self, count: int) -> Sequence[Watch]:
        """Every watch known after so many statements."""
        return self._known(WATCHES, count, Watch)

    def notices(self, count: int) -> Sequence[Notice]:
        """Every notice known after so many statements."""
        return self._known(NOTICES, count, Notice)

    def deliveries(self, count: int) -> Sequence[DeliveryCounts]:
        """What came of each delivery, oldest first."""
        return self._known(DELIVERIES, count, DeliveryCounts)

    def quarantined(
        self, count: int
    ) -> Mapping[StatementIndex, Sequence[QuarantinedLine]]:
        """Every line that could not be read, by delivery."""
        columns = QUARANTINED.c
        query = (
            select(columns.position, columns.body)
            .where(columns.position < count)
            .order_by(columns.position, columns.ordinal)
        )
        decode = msgspec.msgpack.Decoder(QuarantinedLine).decode
        lines: dict[StatementIndex, list[QuarantinedLine]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                at = StatementIndex(row.position)
                lines.setdefault(at, []).append(decode(row.body))
        return lines

    def standing(self, count: int) -> Sequence[Standing]:
        """What holds for the whole record, oldest first."""
        query = select(STANDING).where(STANDING.c.position < count)
        with self._reading() as connection:
            return [
                Standing(
                    kind=row.kind, name=row.name, statement=StatementIndex(row.position)
                )
                for row in connection.execute(query.order_by(STANDING.c.position))
            ]

    def sealed_at(self, count: int) -> datetime | None:
        """When the last of so many statements was sealed; None before the first."""
        query = select(STATEMENTS.c.sealed_at_us).where(
            STATEMENTS.c.position == count - 1
        )
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else EPOCH + found * _MICROSECOND

    def count_at(self, instant: datetime) -> int:
        """How many statements had been sealed by then."""
        query = select(func.max(STATEMENTS.c.position)).where(
            STATEMENTS.c.sealed_at_us <= _microseconds(instant)
        )
        with self._reading() as connection:
            last = connection.execute(query).scalar()
        return 0 if last is None else last + 1

    def digest(self) -> str:
        """SHA-256 over everything in the state, in hexadecimal."""
        digest = hashlib.sha256()
        with self._reading() as connection:
            for table in METADATA.sorted_tables:
                digest.update(f"{table.name}\n".encode())
                keys = list(table.primary_key.columns)
                for row in connection.execute(select(table).order_by(*keys)):
                    digest.update(_ENCODE(tuple(row)))
        return digest.hexdigest()

    def _known(self, table: Table, count: int, kind: type[Body]) -> list[Body]:
        query = select(table.c.body).where(table.c.position < count)
        order = [table.c.position, *table.primary_key.columns]
        return self._bodies(query.order_by(*order), kind)

    def _bodies(self, query: Select[Any], kind: type[Body]) -> list[Body]:
        decode = msgspec.msgpack.Decoder(kind).decode
        with self._reading() as connection:
            return [decode(body) for body in connection.execute(query).scalars()]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """The transaction under way, if this is its process, else a look of its own."""
        if self._writing is not None:
            yield self._writing
            return
        with self._readable(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turns what a damaged, locked or full file makes of us into one error."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, msgspec.DecodeError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise UnavailableRecord(
                f"{self._path}: {reason}; if it is damaged remove it "
                "(truce rebuild makes it again from the record)",
                is_retry_safe=True,
            ) from error

    def _insert(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)

    def _write(self, statement: Any) -> None:
        self._connection.execute(statement)

    @property
    def _connection(self) -> Connection:
        if self._writing is None:
            raise RuntimeError("state is written inside a transaction only")
        return self._writing


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _: object) -> None:
        # Write-ahead log: readers never wait for the writer. The state can be made
        # again, so a power cut may cost its newest batch but never its consistency.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    return engine


def _drop_everything(connection: Connection) -> None:
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table'")
    ).scalars()
    for name in list(names):
        if not name.startswith("sqlite_"):
            connection.execute(text(f'DROP TABLE "{name}"'))


def _observation_row(observation: Observation) -> dict[str, object]:
    return {
        "id": observation.id,
        "position": observation.statement,
        "feed": observation.feed,
        "row_key": observation.row_key,
        "stated_by": observation.stated_by,
        "is_of_event": int(observation.kind not in NEVER_AN_INCIDENT),
        "body": _ENCODE(observation),
    }


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _IDS_A_QUERY):
        yield ids[start : start + _IDS_A_QUERY]


def _mark_of(origin: str) -> int:
    """Thirty-one bits by which the file of one record is told from another's."""
    digest = hashlib.sha256(b"truce/state/v1\x00" + origin.encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // _MICROSECOND


__all__ = ["SqliteState"]
