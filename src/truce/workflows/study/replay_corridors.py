"""Replaying the corridors of 2022 as a study: what would have been found of each.

1. The feeds' files are sealed, raw, in a study record.
2. The corridor proposals are read from the sealed bytes and sealed as agreements.
3. Everything is read into incidents and judged. The outcome that the source coded is
   set beside each finding afterwards; no finding ever sees it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from truce.agreement.build_corridors import build_corridors
from truce.agreement.model import Hours, Once
from truce.compliance.model import Finding, Verdict
from truce.identifiers import AgreementId, IncidentId, StatementIndex
from truce.observations.model import Notice
from truce.record import OPERATOR, Clock, RecordWriter
from truce.statements import AgreementText, Delivery
from truce.workflows.founding.begin_record import adopt_agreements
from truce.workflows.intake.seal_delivery import seal_deliveries
from truce.workflows.picture.source import RecordSource
from truce.workflows.ports import StateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorAnswer:
    """One proposed corridor, what was found of it, and how its source coded it."""

    agreement: AgreementId
    title: str
    day: str
    verdict: Verdict
    reason: str
    reason_key: str
    incidents: tuple[IncidentId, ...]
    seen_share: float
    has_stated_hours: bool
    outcome_word: str


def seal_study(
    writer: RecordWriter, deliveries: Sequence[Delivery]
) -> tuple[StatementIndex, ...]:
    """Seals the feeds' files, one commit for all."""
    return seal_deliveries(writer, [(OPERATOR, delivery) for delivery in deliveries])


def adopt_corridors(writer: RecordWriter, store: StateStore, *, clock: Clock) -> int:
    """Seals the corridor proposals among the notices as agreements; how many."""
    built = build_corridors(_corridors(store))
    texts = [AgreementText(agreement=c.id, text=c.text) for c in built]
    adopt_agreements(writer, texts, clock=clock)
    return len(texts)


def corridor_answers(
    store: StateStore, source: RecordSource, *, as_of: datetime
) -> tuple[CorridorAnswer, ...]:
    """One row for each corridor, in the order of the agreements."""
    count = store.count()
    notices = {f"corridor-2022-{n.row_key}": n for n in _corridors(store)}
    found: dict[AgreementId, list[Finding]] = defaultdict(list)
    for finding in source.findings_at(count, as_of):
        found[finding.agreement].append(finding)
    rows = []
    for agreement in source.agreements_at(count):
        if agreement.id in notices:
            finding = found[agreement.id][0]
            during = agreement.clauses[0].during
            rows.append(
                CorridorAnswer(
                    agreement=agreement.id,
                    title=agreement.title,
                    day=agreement.in_force.start.astimezone(agreement.zone)
                    .date()
                    .isoformat(),
                    verdict=finding.verdict,
                    reason=finding.reason,
                    reason_key=finding.reason_key,
                    incidents=finding.incidents,
                    seen_share=finding.seen_share,
                    has_stated_hours=isinstance(during, Once)
                    and during.hours is Hours.STATED,
                    outcome_word=notices[agreement.id].outcome_word,
                )
            )
    return tuple(rows)


def _corridors(store: StateStore) -> list[Notice]:
    return [n for n in store.notices(store.count()) if n.subject == "corridor"]


__all__ = ["CorridorAnswer", "adopt_corridors", "corridor_answers", "seal_study"]
