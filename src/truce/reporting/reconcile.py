"""Whether a report agrees with its own lists and with the report of the day before."""

from collections import Counter
from collections.abc import Iterator

from truce.release.model import Reader
from truce.reporting.ledger import sum_of_lines
from truce.reporting.model import (
    UNEXPLAINED,
    DailyReport,
    Figure,
    LedgerLine,
    Subject,
    Table,
)
from truce.reporting.query import (
    is_asked_delivery,
    is_asked_finding,
    is_asked_incident,
    rows_of,
)


def reconcile(
    report: DailyReport, previous: DailyReport | None = None
) -> tuple[str, ...]:
    """Every disagreement of a report, each as a sentence; empty when all agree.

    1. Opening total plus what came in less what went out is the closing total.
    2. Each line of the ledger names as many incidents as it counts, none unexplained.
    3. Every figure is what its own question gives over the report's lists.
    4. The rows of each table add up to its total.
    5. Of every delivery, accepted, quarantined and duplicate rows add up to those read.
    6. With `previous`: it closed where this one opens, with the same total, and every
       delivery it held is still there unchanged.
    """
    found = [
        *_ledger_faults(report),
        *_figure_faults(report),
        *(fault for table in report.tables for fault in _table_faults(table)),
        *_delivery_faults(report),
    ]
    if previous is not None:
        found += _previous_faults(report, previous)
    return tuple(found)


def _ledger_faults(report: DailyReport) -> Iterator[str]:
    ledger = report.ledger
    total = sum_of_lines(ledger)
    if total != ledger.closing.value:
        yield (
            f"ledger: opening total {ledger.opening.value} with all lines is {total}, "
            f"but the closing total is {ledger.closing.value}"
        )
    named = [d.reference for line in ledger.lines for d in line.differences]
    for name, count in sorted(Counter(named).items()):
        if count > 1:
            yield f"ledger: {name} stands in {count} lines, expected one"
    coming = sum(line.figure.value for line in ledger.lines if line.change.sign > 0)
    if coming != len(report.first_shown):
        yield (
            f"ledger: {coming} came in, but {len(report.first_shown)} are listed as "
            "shown for the first time"
        )
    known = {one.reference for one in report.shown}
    for line in ledger.lines:
        yield from _line_faults(line, known, report.marking)


def _line_faults(line: LedgerLine, known: set[str], reader: Reader) -> Iterator[str]:
    names = [difference.reference for difference in line.differences]
    if line.change in UNEXPLAINED and line.figure.value:
        yield f"ledger: nothing in the history explains {', '.join(names)}"
    # Without a naming key others than the mechanism are told no names at all.
    is_named = bool(names) or reader is Reader.MECHANISM
    if is_named and len(names) != line.figure.value:
        yield (
            f"ledger: {line.change} counts {line.figure.value} and names {len(names)}"
        )
    for name in names:
        if (name in known) is (line.change.sign < 0):
            where = "missing from" if line.change.sign > 0 else "still on"
            yield f"ledger: {name} is {line.change} and {where} the closing list"


def _figure_faults(report: DailyReport) -> Iterator[str]:
    for key, count in sorted(Counter(f.key for f in report.figures).items()):
        if count > 1:
            yield f"figure {key} stands {count} times in the report"
    for figure in report.figures:
        counted = _counted(report, figure)
        if counted is not None and counted != figure.value:
            yield (
                f"figure {figure.key} is {figure.value}, but its question gives "
                f"{counted}"
            )


def _counted(report: DailyReport, figure: Figure) -> int | None:
    """What a figure's question gives over the lists; None where another day answers."""
    query = figure.query
    if query.at != report.closed_at or query.subject is Subject.CHANGES:
        return None
    if query.subject is Subject.INCIDENTS:
        lists = report.shown if query.since is None else report.listed
        return sum(1 for one in lists if is_asked_incident(query, one))
    if query.subject is Subject.FINDINGS:
        return sum(1 for one in report.findings if is_asked_finding(query, one))
    if query.outcome is None:
        return None
    asked = [one for one in report.deliveries if is_asked_delivery(query, one)]
    return sum(rows_of(delivery, query.outcome) for delivery in asked)


def _table_faults(table: Table) -> Iterator[str]:
    for index, column in enumerate(table.columns):
        total = sum(row.figures[index].value for row in table.rows)
        told = table.total.figures[index].value
        if total != told:
            yield (
                f"table {table.key}: rows of column {column} add up to {total}, "
                f"but the total is {told}"
            )


def _delivery_faults(report: DailyReport) -> Iterator[str]:
    for one in report.deliveries:
        total = one.accepted + one.quarantined + one.duplicates
        if total != one.read:
            yield (
                f"statement {one.statement} of feed {one.feed}: {one.accepted} "
                f"accepted, {one.quarantined} quarantined and {one.duplicates} "
                f"duplicate rows are {total}, but {one.read} were read"
            )


def _previous_faults(report: DailyReport, previous: DailyReport) -> Iterator[str]:
    for what, here, there in (
        ("marking", report.marking, previous.marking),
        ("record", report.origin, previous.origin),
        ("opening", report.opened_at, previous.closed_at),
        (
            "opening total",
            report.ledger.opening.value,
            previous.ledger.closing.value,
        ),
    ):
        if here != there:
            yield f"previous day: {what} is {here} here, {there} there"
    now = {one.statement: one for one in report.deliveries}
    for then in previous.deliveries:
        if now.get(then.statement) != then:
            yield (
                f"previous day: statement {then.statement} of feed {then.feed} "
                "is missing or has other counts today"
            )


__all__ = ["reconcile"]
