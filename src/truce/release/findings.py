"""Findings as each reader is given them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from truce.compliance.model import Finding, Verdict
from truce.identifiers import AgreementId, ClauseId, IncidentId
from truce.incidents.model import Incident
from truce.instants import EPOCH, verify_instant
from truce.release.coarsen import (
    GRANULES,
    coarse_instant,
    coarse_interval,
    start_of,
)
from truce.release.gate import OPEN_GATE, Gate
from truce.release.incidents import release_incident
from truce.release.model import (
    Coarseness,
    Condition,
    Reader,
    ReleasedFinding,
    Rule,
    Thing,
    Withheld,
    level_of,
)
from truce.release.refuse import withheld_from
from truce.release.table import rules_of, stricter

_SENTENCES: Final = {
    Verdict.MET: "The clause was kept, as far as could be seen.",
    Verdict.BREACHED: "A breach of this clause is alleged; nobody has ruled on it.",
    Verdict.PENDING: "The time of this clause is not over.",
    Verdict.UNDETERMINED: "Whether this clause was kept cannot be told.",
}


def finding_rule(reader: Reader, gate: Gate = OPEN_GATE) -> Rule:
    """How coarse and how late findings are for a reader.

    A finding tells of the incidents it rests on, so the row that guards outgoing fire
    holds for it too.
    """
    rules = rules_of(gate.policy)
    guarded = rules[reader, Thing.OUTGOING_OR_WEAPON]
    return stricter(rules[reader, Thing.FINDING], guarded)


def finding_cut_for(
    reader: Reader, now: datetime, *, gate: Gate = OPEN_GATE
) -> datetime:
    """The moment as of which a reader's findings must have been made.

    The same for every finding, whatever its verdict: if only those that rest on guarded
    incidents were held back, their absence would tell of the incident.

    Raises:
        InvalidValue: `now` has no zone.
    """
    moment = verify_instant(now)
    rule = finding_rule(reader, gate)
    granule = GRANULES[rule.coarseness]
    if granule is None:
        return moment - rule.delay
    return start_of(moment - rule.delay, granule)


def release_finding(
    finding: Finding,
    reader: Reader,
    now: datetime,
    *,
    known_at: datetime,
    incidents: Mapping[IncidentId, Incident],
    gate: Gate = OPEN_GATE,
    is_served: bool = False,
) -> ReleasedFinding | Withheld:
    """One finding as this reader is given it.

    `known_at` is the moment as of which the finding was made; readers other than
    MECHANISM are given it only if that is not after `finding_cut_for`. `incidents` are
    looked up for their references; one that is missing, or not shown to this reader, is
    left out. `is_served` says that the Commission served it on the parties.

    Raises:
        InvalidValue: a time has no zone.
    """
    rule = finding_rule(reader, gate)
    is_whole = rule.coarseness is Coarseness.EXACT and not rule.delay
    if is_whole and not rule.conditions:
        # Only the mechanism comes here: a floor keeps every other reader from it.
        return _whole(finding)
    conditions = frozenset({Condition.SERVED} if is_served else ())
    is_late_enough = verify_instant(known_at) <= finding_cut_for(reader, now, gate=gate)
    is_allowed = rule.coarseness is not Coarseness.NOTHING
    if not (is_allowed and is_late_enough and rule.conditions <= conditions):
        return withheld_from(reader)
    references = _references(finding, incidents, reader, now, gate)
    return _public_version(finding, reader, rule.coarseness, references)


def release_findings(
    findings: Iterable[Finding],
    reader: Reader,
    now: datetime,
    *,
    known_at: datetime,
    incidents: Mapping[IncidentId, Incident],
    gate: Gate = OPEN_GATE,
    served: frozenset[tuple[AgreementId, ClauseId]] = frozenset(),
) -> tuple[ReleasedFinding, ...]:
    """Every finding that this reader is given; `served` are those served on the
    parties.

    For MECHANISM in the given order; for others in an order made from what is released,
    for the record's order follows the clauses' days.

    Raises:
        InvalidValue: a time has no zone.
    """
    found = (
        release_finding(
            finding,
            reader,
            now,
            known_at=known_at,
            incidents=incidents,
            gate=gate,
            is_served=(finding.agreement, finding.clause) in served,
        )
        for finding in findings
    )
    released = tuple(one for one in found if not isinstance(one, Withheld))
    if reader is Reader.MECHANISM:
        return released
    return tuple(sorted(released, key=_coarse_order))


def _coarse_order(one: ReleasedFinding) -> tuple[object, ...]:
    start = EPOCH if one.window is None else one.window.start
    since = EPOCH if one.since is None else one.since
    words = (one.verdict, one.level, one.gravity, one.incidents)
    return (one.agreement, one.clause, start, since, *words)


def _whole(finding: Finding) -> ReleasedFinding:
    return ReleasedFinding(
        marking=Reader.MECHANISM,
        agreement=finding.agreement,
        clause=finding.clause,
        verdict=finding.verdict,
        reason=finding.reason,
        reason_key=finding.reason_key,
        reason_values=finding.reason_values,
        incidents=finding.incidents,
        since=finding.since,
        decided_at=finding.decided_at,
        day=finding.day,
        window=finding.window,
        gravity=finding.gravity,
        seen_share=finding.seen_share,
        level=level_of(finding.seen_share),
    )


def _references(
    finding: Finding,
    incidents: Mapping[IncidentId, Incident],
    reader: Reader,
    now: datetime,
    gate: Gate,
) -> tuple[str, ...]:
    """The reader's names of those of its incidents that are shown to it, sorted.

    The others are left out and the finding stays: what it rests on was known before the
    cut, and a finding that came and went with its incidents would tell of them.
    """
    found = (incidents.get(name) for name in finding.incidents)
    released = (
        release_incident(incident, reader, now, gate=gate)
        for incident in found
        if incident is not None
    )
    names = {one.reference for one in released if not isinstance(one, Withheld)}
    return tuple(sorted(names - {""}))


def _public_version(
    finding: Finding,
    reader: Reader,
    coarseness: Coarseness,
    references: tuple[str, ...],
) -> ReleasedFinding:
    window = finding.window
    return ReleasedFinding(
        marking=reader,
        agreement=finding.agreement,
        clause=finding.clause,
        verdict=finding.verdict,
        reason=_SENTENCES[finding.verdict],
        reason_key=f"release.finding.{finding.verdict.value}",
        incidents=references,
        since=_coarse(finding.since, coarseness),
        decided_at=_coarse(finding.decided_at, coarseness),
        window=None if window is None else coarse_interval(window, coarseness),
        gravity=finding.gravity,
        level=level_of(finding.seen_share),
        withheld=("release.withheld.reason", "release.withheld.sources"),
    )


def _coarse(moment: datetime | None, coarseness: Coarseness) -> datetime | None:
    return None if moment is None else coarse_instant(moment, coarseness)


__all__ = ["finding_cut_for", "finding_rule", "release_finding", "release_findings"]
