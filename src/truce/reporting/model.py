"""What a daily report is made from, and what it is: plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from truce.compliance.model import Finding, Verdict
from truce.identifiers import AgreementId, ClauseId, FeedName
from truce.incidents.model import HistoryEntry, Incident
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.picture.ports import DeliveryLine, RecordKind
from truce.release.model import (
    ProbabilityBand,
    Reader,
    ReleasedFinding,
    ReleasedIncident,
)

VERSION = "daily-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record knew at one cut-off, before release.

    `at` is the cut-off. `incidents` are those known at `incidents_known_at`, `findings`
    those made as of `findings_known_at`; `moments_for` says which moments a reader may
    be given. `deliveries` are all that were sealed by `at`. `served` are the clauses
    whose findings the Commission served on the parties.
    """

    at: datetime
    incidents_known_at: datetime
    findings_known_at: datetime
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...] = ()
    deliveries: tuple[DeliveryLine, ...] = ()
    served: frozenset[tuple[AgreementId, ClauseId]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """Everything a daily report is made from.

    `history` is what became of incidents between the two moments at which `before` and
    `after` knew them.
    """

    record_name: str
    record_kind: RecordKind
    origin: str
    before: Known
    after: Known
    history: tuple[HistoryEntry, ...] = ()


class Subject(StrEnum):
    """What a figure counts."""

    INCIDENTS = "incidents"
    FINDINGS = "findings"
    ROWS = "rows"
    CHANGES = "changes"


class Change(StrEnum):
    """Why the closing total differs from the opening total, incident by incident.

    The first three come in, the others go out. REVISED_IN was known before but not
    given to this reader (a delay ended); REVISED_OUT is still known but no longer
    given. UNEXPLAINED has no entry in the history, and no report with one is issued.
    """

    NEW = "new"
    SPLIT_OFF = "split-off"
    REVISED_IN = "revised-in"
    MERGED_OUT = "merged-out"
    SPLIT_UP = "split-up"
    WITHDRAWN = "withdrawn"
    REVISED_OUT = "revised-out"
    UNEXPLAINED_IN = "unexplained-in"
    UNEXPLAINED_OUT = "unexplained-out"

    @property
    def sign(self) -> int:
        """1 for what comes in, -1 for what goes out."""
        return 1 if self in COMING_IN else -1


COMING_IN = frozenset(
    {Change.NEW, Change.SPLIT_OFF, Change.REVISED_IN, Change.UNEXPLAINED_IN}
)
UNEXPLAINED = frozenset({Change.UNEXPLAINED_IN, Change.UNEXPLAINED_OUT})


class Outcome(StrEnum):
    """What is counted of deliveries: how many, their rows, and what became of each
    row."""

    DELIVERIES = "deliveries"
    READ = "read"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DUPLICATES = "duplicates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The question that a figure answers; None asks for any.

    `at` is the cut-off as of which it is asked, `reader` for whom. `since` and `until`
    keep incidents that may have happened between the two, ends included, and deliveries
    that were sealed after the one and up to the other, and findings of a window that
    meets the two, or of no window. An empty `province` is no known
    province. For CHANGES `since` is the opening cut-off.
    """

    subject: Subject
    at: datetime
    reader: Reader
    since: datetime | None = None
    until: datetime | None = None
    kind: Kind | None = None
    province: str | None = None
    band: ProbabilityBand | None = None
    agreement: AgreementId | None = None
    clause: ClauseId | None = None
    verdict: Verdict | None = None
    feed: FeedName | None = None
    outcome: Outcome | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a report, its name in the report, and the question that gives
    it."""

    key: str
    value: int
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table. `label_key` names a text; where it is empty `label` is
    shown."""

    label: str
    label_key: str = ""
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of figures: `key` names it and its columns; `total` sums each column."""

    key: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One incident by which the totals differ, and into or from which others it
    went."""

    reference: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One reason for a difference: its figure, and each incident it explains.

    `differences` is shorter than the figure only where the reader has no names for
    them.
    """

    change: Change
    figure: Figure
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """From the opening total to the closing total, line by line."""

    opening: Figure
    lines: tuple[LedgerLine, ...]
    closing: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """A daily report for one reader. Nothing in it is finer than that reader may see.

    `opened_at` and `closed_at` are the two cut-offs in UTC; `made_at` is when it was
    made. `shown` is everything known at the cut-off, `listed` those that may have
    happened in the day, `first_shown` those that the reader was not shown at the
    opening. `judged` is the time whose findings are new in this report: the day, and
    for others than MECHANISM the newest that may be told. `deliveries` is empty for
    readers who may not know sources. `withheld_count` is None where not even a number
    may be told.
    """

    record_name: str
    record_kind: RecordKind
    origin: str
    marking: Reader
    day: date
    time_zone: str
    opened_at: datetime
    closed_at: datetime
    incidents_known_at: datetime
    findings_known_at: datetime
    made_at: datetime
    ledger: Ledger
    tables: tuple[Table, ...]
    shown: tuple[ReleasedIncident, ...]
    listed: tuple[ReleasedIncident, ...]
    first_shown: tuple[ReleasedIncident, ...]
    findings: tuple[ReleasedFinding, ...]
    judged: Interval
    deliveries: tuple[DeliveryLine, ...]
    withheld_count: int | None
    withheld: tuple[str, ...] = ()
    version: str = VERSION

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the report, in its order; keys are unique."""
        ledger = (
            self.ledger.opening,
            *(line.figure for line in self.ledger.lines),
            self.ledger.closing,
        )
        rows = (row for table in self.tables for row in (*table.rows, table.total))
        return (*ledger, *(figure for row in rows for figure in row.figures))

    @property
    def breaches(self) -> tuple[ReleasedFinding, ...]:
        """The alleged breaches of the period that is judged."""
        return tuple(
            one
            for one in self.findings
            if one.verdict is Verdict.BREACHED
            and (one.window is None or one.window.overlaps(self.judged))
        )


__all__ = [
    "COMING_IN",
    "UNEXPLAINED",
    "VERSION",
    "Change",
    "DailyReport",
    "Difference",
    "Figure",
    "Known",
    "Ledger",
    "LedgerLine",
    "Outcome",
    "Query",
    "ReportInput",
    "Row",
    "Subject",
    "Table",
]
