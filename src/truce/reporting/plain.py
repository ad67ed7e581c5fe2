"""A report as canonical JSON, and the name of its file."""

from truce.canonical import Json, canonical_json
from truce.instants import Interval, text_from_instant
from truce.release.model import ReleasedFinding, ReleasedIncident
from truce.reporting.model import DailyReport, Figure, LedgerLine, Row, Table
from truce.reporting.query import address_of, query_json

MEDIA_TYPE = "application/json"


def report_name(report: DailyReport, suffix: str) -> str:
    """The report's file name, such as `EXERCISE-daily-2031-05-07-PUBLIC.json`.

    The kind of record comes first, so that no listing of files shows it without.
    """
    kind = report.record_kind.value.upper()
    return f"{kind}-daily-{report.day.isoformat()}-{report.marking}.{suffix}"


def report_json(report: DailyReport) -> bytes:
    """The report as canonical JSON (RFC 8785): the same report gives the same bytes."""
    return canonical_json(report_values(report))


def report_values(report: DailyReport) -> dict[str, Json]:
    """The report as plain values. Lists hold the day's incidents, not the whole
    record."""
    return {
        "form": "truce-daily-report",
        "version": report.version,
        "record_kind": report.record_kind.value,
        "record": report.record_name,
        "origin": report.origin,
        "marking": report.marking.value,
        "day": report.day.isoformat(),
        "time_zone": report.time_zone,
        "opened_at": text_from_instant(report.opened_at),
        "closed_at": text_from_instant(report.closed_at),
        "incidents_known_at": text_from_instant(report.incidents_known_at),
        "findings_known_at": text_from_instant(report.findings_known_at),
        "made_at": text_from_instant(report.made_at),
        "judged": _interval(report.judged),
        "ledger": {
            "opening": _figure(report.ledger.opening),
            "lines": [_line(line) for line in report.ledger.lines],
            "closing": _figure(report.ledger.closing),
        },
        "tables": [_table(table) for table in report.tables],
        "incidents": [_incident(one) for one in report.listed],
        "first_shown": [_incident(one) for one in report.first_shown],
        "findings": [_finding(one) for one in report.findings],
        "withheld_count": report.withheld_count,
        "withheld": list(report.withheld),
    }


def _figure(figure: Figure) -> Json:
    return {
        "key": figure.key,
        "value": figure.value,
        "query": query_json(figure.query),
        "address": address_of(figure.query),
    }


def _line(line: LedgerLine) -> Json:
    return {
        "change": line.change.value,
        "figure": _figure(line.figure),
        "incidents": [
            {"reference": one.reference, "others": list(one.others)}
            for one in line.differences
        ],
    }


def _table(table: Table) -> Json:
    return {
        "key": table.key,
        "columns": list(table.columns),
        "rows": [_row(row) for row in table.rows],
        "total": _row(table.total),
    }


def _row(row: Row) -> Json:
    return {"label": row.label, "figures": [_figure(one) for one in row.figures]}


def _incident(one: ReleasedIncident) -> Json:
    position: Json = None
    if one.position is not None:
        position = {"lat_deg": one.position.lat_deg, "lon_deg": one.position.lon_deg}
    return {
        "reference": one.reference,
        "coarseness": one.coarseness.value,
        "from": text_from_instant(one.interval.start),
        "to": text_from_instant(one.interval.end),
        "kinds": {kind.value: weight for kind, weight in one.kinds},
        "probability": one.probability,
        "province": one.province,
        "position": position,
        "position_radius_m": one.position_radius_m,
        "cell": one.cell,
        "witness_count": one.witness_count,
        "is_witness_count_capped": one.is_witness_count_capped,
        "is_contradicted": one.is_contradicted,
        "withheld": list(one.withheld),
    }


def _interval(interval: Interval) -> Json:
    return {
        "from": text_from_instant(interval.start),
        "to": text_from_instant(interval.end),
    }


def _finding(one: ReleasedFinding) -> Json:
    return {
        "agreement": one.agreement,
        "clause": one.clause,
        "verdict": one.verdict.value,
        "reason": one.reason,
        "reason_key": one.reason_key,
        "incidents": list(one.incidents),
        "since": None if one.since is None else text_from_instant(one.since),
        "decided_at": (
            None if one.decided_at is None else text_from_instant(one.decided_at)
        ),
        "day": None if one.day is None else one.day.isoformat(),
        "window": None if one.window is None else _interval(one.window),
        "gravity": one.gravity,
        "seen_share": one.seen_share,
        "level": one.level.value,
        "withheld": list(one.withheld),
    }


__all__ = ["MEDIA_TYPE", "report_json", "report_name", "report_values"]
