"""A small invented record for the tests of reports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from truce.compliance.model import Finding, Verdict
from truce.identifiers import (
    AgreementId,
    ClauseId,
    FeedName,
    IncidentId,
    ObservationId,
    StatementIndex,
)
from truce.incidents.model import Change as HistoryChange
from truce.incidents.model import Ellipse, HistoryEntry, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.picture.ports import DeliveryLine, RecordKind
from truce.places import Position
from truce.release import Gate, Reader
from truce.reporting import DailyReport, Known, ReportInput, daily_report, moments_for

OPENED = datetime(2031, 5, 6, 17, 30, tzinfo=UTC)
CLOSED = datetime(2031, 5, 7, 17, 30, tzinfo=UTC)
MakeReport = Callable[..., DailyReport]


class Land:
    """Two provinces and the sea."""

    def province_at(self, position: Position) -> str | None:
        """By longitude."""
        if position.lon_deg > -30.0:
            return None
        return "Westmark" if position.lon_deg < -31.0 else "Ostmark"


GATE = Gate(provinces=Land(), naming_key=b"k" * 32)


def incident(
    name: str, at: datetime, kind: Kind = Kind.DAMAGE, *, lon_deg: float = -30.5
) -> Incident:
    """An incident of a minute, seen by one witness."""
    return Incident(
        id=IncidentId(name),
        position=Position(lat_deg=46.0, lon_deg=lon_deg),
        ellipse=Ellipse(semi_major_m=800.0, semi_minor_m=200.0, bearing_deg=10.0),
        interval=Interval(start=at, end=at + timedelta(minutes=1)),
        kinds=((kind, 1.0),),
        probability=0.9,
        witnesses=(Witness(stated_by=("x",), observations=(ObservationId(name),)),),
    )


def delivery(statement: int, feed: str, at: datetime, *counts: int) -> DeliveryLine:
    """A delivery with its read, accepted, quarantined and duplicate rows."""
    read, accepted, quarantined, duplicates = counts
    return DeliveryLine(
        statement=StatementIndex(statement),
        feed=FeedName(feed),
        stated_by="somebody",
        sealed_at=at,
        size_bytes=10,
        read=read,
        accepted=accepted,
        quarantined=quarantined,
        duplicates=duplicates,
    )


def known(reader: Reader, at: datetime, **values: object) -> Known:
    """What was known at a cut-off, read as of the moments that the reader may be
    given."""
    moments = moments_for(reader, at, gate=GATE)
    made = Known(
        at=at,
        incidents_known_at=moments.incidents_known_at,
        findings_known_at=moments.findings_known_at,
        incidents=(),
    )
    return replace(made, **values)  # type: ignore[arg-type]  # fields by name


def report_input(reader: Reader) -> ReportInput:
    """Four incidents at the opening; one merged, one withdrawn, two new at the
    closing."""
    old = [incident(f"old-{n}", OPENED - timedelta(days=20 + n)) for n in range(4)]
    shot = incident("shot", OPENED + timedelta(hours=3), Kind.SHOT, lon_deg=-31.5)
    house = incident("house", OPENED + timedelta(hours=9), Kind.HARM, lon_deg=-29.0)
    finding = Finding(
        agreement=AgreementId("ferry-truce"),
        clause=ClauseId("3"),
        verdict=Verdict.BREACHED,
        reason="A shot was heard in the zone.",
        reason_key="test.no_such_text",
        incidents=(IncidentId("shot"),),
        since=OPENED + timedelta(hours=3),
        seen_share=0.5,
    )
    early = delivery(1, "patrols", OPENED - timedelta(hours=1), 10, 8, 1, 1)
    late = delivery(2, "stations", OPENED + timedelta(hours=4), 7, 5, 2, 0)
    return ReportInput(
        record_name="Ferry truce, rehearsal",
        record_kind=RecordKind.EXERCISE,
        origin="exercise.example/ferry",
        before=known(reader, OPENED, incidents=tuple(old), deliveries=(early,)),
        after=known(
            reader,
            CLOSED,
            incidents=(*old[2:], shot, house),
            findings=(finding,),
            deliveries=(early, late),
        ),
        history=(
            _entry("old-0", HistoryChange.MERGED, "old-2"),
            _entry("old-1", HistoryChange.WITHDRAWN),
            _entry("shot", HistoryChange.FORMED),
            _entry("house", HistoryChange.FORMED),
        ),
    )


def _entry(name: str, change: HistoryChange, *others: str) -> HistoryEntry:
    return HistoryEntry(
        incident=IncidentId(name),
        position=StatementIndex(2),
        change=change,
        others=tuple(IncidentId(other) for other in others),
    )


def made_from(data: ReportInput, reader: Reader) -> DailyReport:
    """The report of 7 May 2031, cut off at 19:30 in a zone two hours east of UTC."""
    return daily_report(
        data,
        day=date(2031, 5, 7),
        cut_off=time(19, 30),
        zone="Etc/GMT-2",
        reader=reader,
        now=CLOSED + timedelta(minutes=5),
        gate=GATE,
    )


@pytest.fixture
def make_report() -> MakeReport:
    """Makes the report for a reader, from the record above or a changed one."""

    def make(
        reader: Reader = Reader.MECHANISM, data: ReportInput | None = None
    ) -> DailyReport:
        return made_from(data or report_input(reader), reader)

    return make


@pytest.fixture
def make_input() -> Callable[[Reader], ReportInput]:
    """Makes the record above for a reader."""
    return report_input
