"""The daily report of a record, for one reader, and issuing it as a sealed answer."""

from datetime import date, datetime, time, timedelta
from typing import Final

from truce.errors import InvalidInput, InvalidQuery
from truce.identifiers import StatementIndex
from truce.picture.ports import AsOf
from truce.record import OPERATOR, Clock, Record, RecordWriter, Unsealed
from truce.release import Gate, Reader
from truce.reporting import (
    DailyReport,
    Known,
    ReportInput,
    daily_report,
    moments_for,
    reconcile,
    report_json,
    report_window,
)
from truce.statements import IssuedAnswer
from truce.workflows.intake.seal import seal
from truce.workflows.picture.source import RecordSource

ISSUED: Final = "issued-answer"


def make_daily_report(
    source: RecordSource,
    *,
    day: date,
    cut_off: time,
    reader: Reader,
    now: datetime,
    gate: Gate,
) -> DailyReport:
    """The report of a day, checked against itself and against the day before.

    Raises:
        InvalidQuery: the day is not over.
        InvalidInput: its figures disagree; every disagreement is named.
    """
    report = _report(source, day, cut_off, reader, now, gate)
    previous = _report(source, day - timedelta(days=1), cut_off, reader, now, gate)
    faults = reconcile(report, previous)
    if faults:
        raise InvalidInput(
            f"report of {day} is not issued, its figures disagree: {'; '.join(faults)}"
        )
    return report


def issue_daily_report(
    writer: RecordWriter, report: DailyReport, *, known_count: int, clock: Clock
) -> StatementIndex:
    """Seals a report as it is given out, so that what was told can be shown later."""
    answer = IssuedAnswer(
        subject=f"daily-report/{report.day.isoformat()}",
        reader=report.marking.value,
        media_type="application/json",
        as_of=report.closed_at,
        known_count=known_count,
        content=report_json(report),
    )
    statement = Unsealed(
        kind=ISSUED,
        by=OPERATOR,
        payload=answer.payload(),
        stated_at=clock(),
        marking=report.marking.value,
    )
    return seal(writer, [statement])[0]


def issued_answers(
    record: Record,
) -> tuple[tuple[StatementIndex, IssuedAnswer], ...]:
    """Every answer that was issued, oldest first, as it was given."""
    return tuple(
        (StatementIndex(index), issued_answer(record, StatementIndex(index)))
        for index, entry in enumerate(record.entries())
        if entry.header.kind == ISSUED
    )


def issued_answer(record: Record, index: StatementIndex) -> IssuedAnswer:
    """One issued answer.

    Raises:
        InvalidQuery: the statement is none.
    """
    if record.entry(index).header.kind != ISSUED:
        raise InvalidQuery(f"statement {index} is no issued answer")
    return IssuedAnswer.from_payload(record.payload(index))


def _report(
    source: RecordSource,
    day: date,
    cut_off: time,
    reader: Reader,
    now: datetime,
    gate: Gate,
) -> DailyReport:
    window = report_window(day, cut_off, source.time_zone)
    before = _known(source, window.start, reader, gate)
    after = _known(source, window.end, reader, gate)
    start = source.count_at(before.incidents_known_at)
    end = source.count_at(after.incidents_known_at)
    data = ReportInput(
        record_name=source.record_name,
        record_kind=source.record_kind,
        origin=source.origin,
        before=before,
        after=after,
        history=tuple(e for e in source.changes_after(start) if e.position < end),
    )
    return daily_report(
        data,
        day=day,
        cut_off=cut_off,
        zone=source.time_zone,
        reader=reader,
        now=now,
        gate=gate,
    )


def _known(source: RecordSource, at: datetime, reader: Reader, gate: Gate) -> Known:
    """What the record knew for a reader's report that closes at a moment."""
    moments = moments_for(reader, at, gate=gate)
    incidents = source.count_at(moments.incidents_known_at)
    judged = source.count_at(moments.findings_known_at)
    sealed = AsOf(count=source.count_at(at), instant=at, is_past=True)
    return Known(
        at=at,
        incidents_known_at=moments.incidents_known_at,
        findings_known_at=moments.findings_known_at,
        incidents=source.incidents_at(incidents),
        findings=source.findings_at(judged, moments.findings_known_at),
        deliveries=tuple(source.deliveries(sealed)),
    )


__all__ = [
    "ISSUED",
    "issue_daily_report",
    "issued_answer",
    "issued_answers",
    "make_daily_report",
]
