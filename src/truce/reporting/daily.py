"""A daily report from what was known at two cut-offs, for one reader."""

from collections import Counter
from datetime import date, datetime, time
from typing import Final

from truce.errors import InvalidQuery
from truce.identifiers import IncidentId
from truce.instants import Interval, text_from_instant, verify_instant
from truce.picture.ports import DeliveryLine
from truce.release.findings import release_findings
from truce.release.gate import OPEN_GATE, Gate
from truce.release.incidents import (
    count_withheld,
    release_incident,
    release_incidents,
)
from truce.release.model import Reader, ReleasedFinding, ReleasedIncident, Withheld
from truce.reporting.ledger import Shown, ledger_of
from truce.reporting.model import DailyReport, Known, ReportInput
from truce.reporting.tables import (
    Scope,
    clause_table,
    incident_tables,
    listed_in_day,
    reading_table,
    verdict_table,
)
from truce.reporting.window import moments_for, report_window

_NOT_TOLD: Final = ("report.withheld.delay", "report.withheld.deliveries")


def daily_report(
    data: ReportInput,
    *,
    day: date,
    cut_off: time,
    zone: str,
    reader: Reader,
    now: datetime,
    gate: Gate = OPEN_GATE,
) -> DailyReport:
    """The report of the day that closes at `cut_off` (local time in `zone`) on `day`.

    Each cut-off's data is released as of that cut-off and not as of `now`: made again
    years later it is the same report, and its opening is the day before's closing.

    Raises:
        InvalidQuery: no such zone; the day is not over; or the data were read as of
            other moments than this reader's (`moments_for`).
        InvalidValue: `now` has no zone.
    """
    window = report_window(day, cut_off, zone)
    _verify_over(day, window, now)
    _verify_moments("before", data.before, window.start, reader, gate)
    _verify_moments("after", data.after, window.end, reader, gate)
    scope = Scope(
        reader=reader,
        opened_at=window.start,
        closed_at=window.end,
        judged=Interval(
            start=data.before.findings_known_at, end=data.after.findings_known_at
        ),
    )
    before = shown_by_id(data.before, reader, gate)
    after = shown_by_id(data.after, reader, gate)
    shown = release_incidents(data.after.incidents, reader, window.end, gate=gate)
    listed = listed_in_day(shown, scope)
    findings = _findings(data.after, reader, gate)
    deliveries = _deliveries(data.after, reader)
    is_mechanism = reader is Reader.MECHANISM
    readings = (reading_table(deliveries, scope),) if is_mechanism else ()
    return DailyReport(
        record_name=data.record_name,
        record_kind=data.record_kind,
        origin=data.origin,
        marking=reader,
        day=day,
        time_zone=zone,
        opened_at=window.start,
        closed_at=window.end,
        incidents_known_at=data.after.incidents_known_at,
        findings_known_at=data.after.findings_known_at,
        made_at=verify_instant(now),
        ledger=ledger_of(data, before, after, scope),
        tables=(
            *incident_tables(shown, listed, scope),
            verdict_table(findings, scope),
            clause_table(findings, scope),
            *readings,
        ),
        shown=shown,
        listed=listed,
        first_shown=_first_shown(shown, before, after),
        findings=findings,
        judged=scope.judged,
        deliveries=deliveries,
        withheld_count=count_withheld(
            data.after.incidents, reader, window.end, gate=gate
        ),
        withheld=() if is_mechanism else _NOT_TOLD,
    )


def _verify_over(day: date, window: Interval, now: datetime) -> None:
    if verify_instant(now) < window.end:
        raise InvalidQuery(
            f"the report of {day} closes at {text_from_instant(window.end)}, which is "
            "yet to come; ask for an earlier day"
        )


def shown_by_id(known: Known, reader: Reader, gate: Gate) -> Shown:
    """What a reader is given of the incidents known at a cut-off, by the record's
    ids."""
    shown: dict[IncidentId, ReleasedIncident] = {}
    for incident in known.incidents:
        released = release_incident(incident, reader, known.at, gate=gate)
        if not isinstance(released, Withheld):
            shown[incident.id] = released
    return shown


def _first_shown(
    shown: tuple[ReleasedIncident, ...], before: Shown, after: Shown
) -> tuple[ReleasedIncident, ...]:
    """What was not shown at the opening, in the order in which all is shown.

    Counted and not looked up by reference: a reader without names for incidents may be
    shown two that look alike.
    """
    left = Counter(one for name, one in after.items() if name not in before)
    first = []
    for one in shown:
        if left[one]:
            left[one] -= 1
            first.append(one)
    return tuple(first)


def _verify_moments(
    name: str, known: Known, at: datetime, reader: Reader, gate: Gate
) -> None:
    """Refuses data that were read as of a moment this reader may not be given."""
    moments = moments_for(reader, at, gate=gate)
    for what, found, expected in (
        ("cut-off", known.at, moments.at),
        ("incidents", known.incidents_known_at, moments.incidents_known_at),
        ("findings", known.findings_known_at, moments.findings_known_at),
    ):
        if found != expected:
            raise InvalidQuery(
                f"{name}: {what} read as of {text_from_instant(found)}, expected "
                f"{text_from_instant(expected)} for {reader}; see moments_for"
            )


def _findings(known: Known, reader: Reader, gate: Gate) -> tuple[ReleasedFinding, ...]:
    return release_findings(
        known.findings,
        reader,
        known.at,
        known_at=known.findings_known_at,
        incidents={incident.id: incident for incident in known.incidents},
        gate=gate,
        served=known.served,
    )


def _deliveries(known: Known, reader: Reader) -> tuple[DeliveryLine, ...]:
    """Deliveries name their sources, so only the mechanism is given them."""
    return known.deliveries if reader is Reader.MECHANISM else ()


__all__ = ["daily_report", "shown_by_id"]
