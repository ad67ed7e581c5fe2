"""The tables of a report: by kind, province, band, clause and feed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from truce.compliance.model import Verdict
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.picture.ports import DeliveryLine
from truce.release.model import (
    ProbabilityBand,
    Reader,
    ReleasedFinding,
    ReleasedIncident,
)
from truce.reporting.model import Figure, Outcome, Query, Row, Subject, Table
from truce.reporting.query import is_asked_delivery, is_asked_finding, rows_of

# Columns: in the day, in the whole record, and the latest that may be told.
DAY, RECORD, LATEST = "day", "record", "latest"
_VERDICTS = (Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.PENDING, Verdict.MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """For whom and between which cut-offs everything in a report is counted."""

    reader: Reader
    opened_at: datetime
    closed_at: datetime
    judged: Interval

    @property
    def judged_column(self) -> str:
        """The column of what is newly judged: the day, or the latest that may be
        told."""
        return DAY if self.reader is Reader.MECHANISM else LATEST

    def judged_query(self) -> Query:
        """The widest question on findings that are new in this report."""
        base = self.query(Subject.FINDINGS)
        return replace(base, since=self.judged.start, until=self.judged.end)

    def query(self, subject: Subject, *, in_day: bool = False) -> Query:
        """The widest question on a subject as of the closing cut-off."""
        query = Query(subject=subject, at=self.closed_at, reader=self.reader)
        if in_day:
            return replace(query, since=self.opened_at, until=self.closed_at)
        return query


def listed_in_day(
    shown: Iterable[ReleasedIncident], scope: Scope
) -> tuple[ReleasedIncident, ...]:
    """The incidents that may have happened between the cut-offs, ends included.

    One whose time spans a cut-off is in both days: it may have happened in either.
    Oldest first; what is sorted by was released.
    """
    return tuple(
        sorted(
            (
                one
                for one in shown
                if one.interval.end >= scope.opened_at
                and one.interval.start <= scope.closed_at
            ),
            key=lambda one: (one.interval.start, one.interval.end, one.reference),
        )
    )


def incident_tables(
    shown: Sequence[ReleasedIncident],
    listed: Sequence[ReleasedIncident],
    scope: Scope,
) -> tuple[Table, ...]:
    """Totals by kind, by province and by band, for the day and for the whole record."""
    provinces = sorted({one.province or "" for one in shown}, key=lambda p: (not p, p))
    bands = (ProbabilityBand.LIKELY, ProbabilityBand.POSSIBLE, ProbabilityBand.UNLIKELY)
    return (
        _incident_table(
            "kind",
            [(kind.value, f"kind.{kind}", {"kind": kind}) for kind in Kind],
            [Counter(one.kind.value for one in some) for some in (listed, shown)],
            scope,
        ),
        _incident_table(
            "province",
            [
                (name, "" if name else "report.province.none", {"province": name})
                for name in provinces
            ],
            [Counter(one.province or "" for one in some) for some in (listed, shown)],
            scope,
        ),
        _incident_table(
            "band",
            [(band.value, f"band.{band}", {"band": band}) for band in bands],
            [
                Counter(one.probability_band.value for one in some)
                for some in (listed, shown)
            ],
            scope,
        ),
    )


def _incident_table(
    key: str,
    groups: Sequence[tuple[str, str, dict[str, Any]]],
    counts: Sequence[Counter[str]],
    scope: Scope,
) -> Table:
    """One row for each group that occurs, and the total; columns day and record.

    A group is its word, the key of its text, and what its question adds.
    """
    columns = (DAY, RECORD)
    queries = [
        scope.query(Subject.INCIDENTS, in_day=column == DAY) for column in columns
    ]
    rows = tuple(
        Row(
            label=word,
            label_key=label_key,
            figures=tuple(
                Figure(
                    key=f"{key}/{word or '-'}/{column}",
                    value=count[word],
                    query=replace(query, **narrowing),
                )
                for column, count, query in zip(columns, counts, queries, strict=True)
            ),
        )
        for word, label_key, narrowing in groups
        if any(count[word] for count in counts)
    )
    totals = tuple(
        Figure(key=f"{key}/total/{column}", value=count.total(), query=query)
        for column, count, query in zip(columns, counts, queries, strict=True)
    )
    return Table(key=key, columns=columns, rows=rows, total=_total(totals))


def _total(figures: tuple[Figure, ...]) -> Row:
    return Row(label="total", label_key="report.total", figures=figures)


def verdict_table(findings: Sequence[ReleasedFinding], scope: Scope) -> Table:
    """How many findings there are of each verdict, newly judged and in the record."""
    columns = (scope.judged_column, RECORD)
    queries = (scope.judged_query(), scope.query(Subject.FINDINGS))
    counts = [
        Counter(one.verdict for one in findings if is_asked_finding(query, one))
        for query in queries
    ]
    rows = tuple(
        Row(
            label=verdict.value,
            label_key=f"report.column.{verdict}",
            figures=tuple(
                Figure(
                    key=f"verdict/{verdict}/{column}",
                    value=count[verdict],
                    query=replace(query, verdict=verdict),
                )
                for column, query, count in zip(columns, queries, counts, strict=True)
            ),
        )
        for verdict in _VERDICTS
    )
    totals = tuple(
        Figure(key=f"verdict/total/{column}", value=count.total(), query=query)
        for column, query, count in zip(columns, queries, counts, strict=True)
    )
    return Table(key="verdict", columns=columns, rows=rows, total=_total(totals))


def clause_table(findings: Sequence[ReleasedFinding], scope: Scope) -> Table:
    """How many newly judged findings of each verdict there are, clause by clause."""
    base = scope.judged_query()
    judged = [one for one in findings if is_asked_finding(base, one)]
    clauses = sorted({(one.agreement, one.clause) for one in judged})
    counts = Counter((one.agreement, one.clause, one.verdict) for one in judged)
    rows = tuple(
        Row(
            label=f"{agreement} {clause}",
            figures=tuple(
                Figure(
                    key=f"finding/{agreement} {clause}/{verdict}",
                    value=counts[agreement, clause, verdict],
                    query=replace(
                        base, agreement=agreement, clause=clause, verdict=verdict
                    ),
                )
                for verdict in _VERDICTS
            ),
        )
        for agreement, clause in clauses
    )
    verdicts = Counter(one.verdict for one in judged)
    totals = tuple(
        Figure(
            key=f"finding/total/{verdict}",
            value=verdicts[verdict],
            query=replace(base, verdict=verdict),
        )
        for verdict in _VERDICTS
    )
    columns = tuple(verdict.value for verdict in _VERDICTS)
    return Table(key="finding", columns=columns, rows=rows, total=_total(totals))


def reading_table(deliveries: Sequence[DeliveryLine], scope: Scope) -> Table:
    """What was read of each feed between the cut-offs, and what became of each row."""
    base = scope.query(Subject.ROWS, in_day=True)
    feeds = sorted({delivery.feed for delivery in deliveries})
    rows = tuple(
        Row(
            label=feed,
            figures=_reading_figures(feed, replace(base, feed=feed), deliveries),
        )
        for feed in feeds
    )
    total = _total(_reading_figures("total", base, deliveries))
    columns = tuple(outcome.value for outcome in Outcome)
    return Table(key="reading", columns=columns, rows=rows, total=total)


def _reading_figures(
    name: str, query: Query, deliveries: Sequence[DeliveryLine]
) -> tuple[Figure, ...]:
    asked = [one for one in deliveries if is_asked_delivery(query, one)]
    return tuple(
        Figure(
            key=f"reading/{name}/{outcome}",
            value=sum(rows_of(delivery, outcome) for delivery in asked),
            query=replace(query, outcome=outcome),
        )
        for outcome in Outcome
    )


__all__ = [
    "DAY",
    "LATEST",
    "RECORD",
    "Scope",
    "clause_table",
    "incident_tables",
    "listed_in_day",
    "reading_table",
    "verdict_table",
]
