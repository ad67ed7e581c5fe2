"""Bringing the state up to date with the log, one statement after another.

Whatever the size of a batch, each statement is read alone and changes the picture
before the next one: so that what was known after each is the same on every machine.
"""

from collections.abc import Callable

from truce.errors import InvalidRecord, InvalidStatement
from truce.gazetteer import Gazetteer, gazetteer_from_bytes
from truce.identifiers import FeedName, StatementIndex
from truce.incidents import Engine, parameters_from_json
from truce.observations.context import Bounds, ReadingContext
from truce.observations.kinds import NEVER_AN_INCIDENT
from truce.record import Entry, Record, RecordKind
from truce.statements import Delivery, GazetteerTable, Method
from truce.workflows.founding.methods import INCIDENTS, verify_method
from truce.workflows.intake.read_delivery import Sealing, SeenRows, read_delivery
from truce.workflows.ports import Standing, StateStore

# Fire from beyond the land's own edge, and ships off its coast, are still its business;
# 2 degrees are about 200 km.
_MARGIN_DEG = 2.0
_STANDING_KINDS = frozenset({"agreement", "base-map", "gazetteer", "method"})


class Follower:
    """Reads a record into a state. One follower a state."""

    def __init__(self, record: Record, store: StateStore) -> None:
        """Takes up where the state stands.

        Raises:
            InvalidRecord: the state is ahead of the log: it is of another record.
        """
        self._record = record
        self._store = store
        self._take_up_state()

    def _take_up_state(self) -> None:
        """Stands where the state stands, and forgets everything else."""
        self._gazetteer: Gazetteer | None = None
        self._bounds: Bounds | None = None
        self._engine: Engine | None = None
        count = self._store.count()
        self._verify_same_record(count)
        self._seen = SeenRows.of(self._store)
        for standing in self._store.standing(count):
            self._take_up(standing)
        if self._engine is not None:
            self._engine = Engine.restored(
                self._engine.parameters,
                tuple(self._store.live_observations()),
                tuple(self._store.incidents(count)),
            )
        self._is_settled = True

    def _verify_same_record(self, count: int) -> None:
        """Returns where the state was read from this log.

        The last sealing time tells a log that was put back and went on differently;
        whose record it is, whoever keeps the state knows.
        """
        if count > self._record.size:
            raise InvalidRecord(
                f"state holds {count} statements, the log {self._record.size}; "
                "the state is of another record: truce rebuild makes it anew"
            )
        if count == 0:
            return
        sealed_at = self._record.entry(StatementIndex(count - 1)).sealed_at
        if self._store.sealed_at(count) != sealed_at:
            raise InvalidRecord(
                f"statement {count - 1} was sealed at another moment than the state "
                "says; the state is of another record: truce rebuild makes it anew"
            )

    def follow(
        self,
        *,
        batch: int = 256,
        upto: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Reads what the log holds beyond the state; answers how many statements it
        was.

        At most `batch` statements become visible together; `upto` stops after so many
        statements of the log. `on_progress` hears (statements read, statements in all).
        """
        if not self._is_settled:
            self._take_up_state()
        start = self._store.count()
        at = start
        size = self._record.size if upto is None else min(upto, self._record.size)
        while at < size:
            end = min(at + batch, size)
            # What fails in here is undone in the state, and must be in memory as well:
            # else rows that were never saved would pass for repeats.
            self._is_settled = False
            with self._store.transaction():
                for offset, entry in enumerate(self._record.entries(at, end)):
                    self._read(StatementIndex(at + offset), entry)
            self._is_settled = True
            at = end
            if on_progress is not None:
                on_progress(at, size)
        return at - start

    def _read(self, index: StatementIndex, entry: Entry) -> None:
        kind = entry.header.kind
        if kind == "delivery":
            self._read_delivery(index, entry)
        elif kind in _STANDING_KINDS:
            name = self._name_of(index, kind)
            standing = Standing(kind=kind, name=name, statement=index)
            self._store.add_standing(standing)
            self._take_up(standing)
        self._store.advance(index + 1, entry.sealed_at)

    def _read_delivery(self, index: StatementIndex, entry: Entry) -> None:
        if self._gazetteer is None or self._engine is None:
            raise InvalidRecord(
                f"statement {index} is a delivery before any gazetteer and method; "
                "begin the record with truce init"
            )
        delivery = self._delivery(index, entry)
        maker = self._record.participants.by_id[entry.header.by]
        context = ReadingContext(
            statement=index,
            received_at=delivery.received_at,
            gazetteer=self._gazetteer,
            bounds=self._bounds,
        )
        sealing = Sealing(
            statement=index,
            stated_by=maker.name,
            sealed_at=entry.sealed_at,
            is_invented=self._record.founding.kind is RecordKind.EXERCISE,
        )
        taken = read_delivery(delivery, sealing, context, self._seen)
        self._store.add_reading(taken)
        changes = self._engine.take(
            index,
            added=[o for o in taken.observations if o.kind not in NEVER_AN_INCIDENT],
            removed=taken.superseded,
        )
        self._store.save_incidents(
            index, changes.formed_or_revised, changes.gone, changes.history
        )

    def _delivery(self, index: StatementIndex, entry: Entry) -> Delivery:
        """What was delivered; where nobody can say, the whole payload, of no feed.

        It is sealed already. One statement that could not be passed would keep the
        record from ever being read again: so it is quarantined like any other bytes.
        """
        payload = self._record.payload(index)
        try:
            return Delivery.from_payload(payload)
        except InvalidStatement:
            return Delivery(
                feed=FeedName(""),
                file_name="",
                received_at=entry.sealed_at,
                raw=payload,
            )

    def _name_of(self, index: StatementIndex, kind: str) -> str:
        payload = self._record.payload(index)
        if kind == "method":
            return Method.from_payload(payload).name
        if kind == "gazetteer":
            return GazetteerTable.from_payload(payload).name
        return kind

    def _take_up(self, standing: Standing) -> None:
        payload = self._record.payload(standing.statement)
        if standing.kind == "gazetteer":
            table = GazetteerTable.from_payload(payload)
            self._gazetteer = gazetteer_from_bytes(table.table)
            self._bounds = bounds_of(table.name, self._gazetteer)
        elif standing.kind == "method":
            self._take_up_method(standing, Method.from_payload(payload))

    def _take_up_method(self, standing: Standing, method: Method) -> None:
        verify_method(method)
        if method.name == INCIDENTS:
            if self._engine is not None:
                raise InvalidRecord(
                    f"statement {standing.statement} changes the method of incidents; "
                    "re-analyse under another method in a study of its own"
                )
            self._engine = Engine(parameters_from_json(method.parameters))


def bounds_of(name: str, gazetteer: Gazetteer) -> Bounds:
    """The box around every place of a gazetteer, with a margin."""
    lats = [entry.centre.lat_deg for entry in gazetteer.entries]
    lons = [entry.centre.lon_deg for entry in gazetteer.entries]
    return Bounds(
        name=f"the land of the record ({name})",
        south_deg=max(-90.0, min(lats) - _MARGIN_DEG),
        north_deg=min(90.0, max(lats) + _MARGIN_DEG),
        west_deg=max(-180.0, min(lons) - _MARGIN_DEG),
        east_deg=min(180.0, max(lons) + _MARGIN_DEG),
    )


__all__ = ["Follower", "bounds_of"]
