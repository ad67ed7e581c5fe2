"""Two fingerprints of a state: one of the log as read, one of today's picture."""

import hashlib
from collections.abc import Sequence

from truce.canonical import Json, canonical_json
from truce.compliance.model import Finding
from truce.identifiers import IncidentId
from truce.incidents.model import Incident
from truce.instants import text_from_instant
from truce.workflows.picture.source import RecordSource
from truce.workflows.ports import StateStore


def state_digest(store: StateStore, source: RecordSource) -> str:
    """A fingerprint of everything computed from one log: state, history and findings.

    Findings are those of the moment at which the last statement was sealed.
    """
    count = store.count()
    digest = hashlib.sha256(store.digest().encode())
    sealed_at = store.sealed_at(count)
    if sealed_at is not None:
        for finding in source.findings_at(count, sealed_at):
            digest.update(canonical_json(_finding(finding)))
    return digest.hexdigest()


def picture_digest(store: StateStore, source: RecordSource) -> str:
    """A fingerprint of today's picture, keyed by content.

    Ids and positions in the log depend on the order of arrival and stay out: an
    incident is named by the observations it rests on, whose ids come from their
    content.
    """
    count = store.count()
    incidents = source.incidents_at(count)
    names = {incident.id: _content_name(incident) for incident in incidents}
    lines = sorted(
        canonical_json(_picture_of(incident, names[incident.id]))
        for incident in incidents
    )
    sealed_at = store.sealed_at(count)
    findings: Sequence[Finding] = ()
    if sealed_at is not None:
        findings = source.findings_at(count, sealed_at)
    lines += sorted(_finding_line(finding, names) for finding in findings)
    lines += sorted(row.encode() for row in store.seen_rows())
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line + b"\n")
    return digest.hexdigest()


def _content_name(incident: Incident) -> str:
    content = ",".join(sorted(incident.observations))
    return hashlib.sha256(content.encode()).hexdigest()


def _picture_of(incident: Incident, name: str) -> Json:
    ellipse = incident.ellipse
    return {
        "name": name,
        "lat_deg": incident.position.lat_deg,
        "lon_deg": incident.position.lon_deg,
        "ellipse": [ellipse.semi_major_m, ellipse.semi_minor_m, ellipse.bearing_deg],
        "start": text_from_instant(incident.interval.start),
        "end": text_from_instant(incident.interval.end),
        "kinds": [[kind.value, share] for kind, share in incident.kinds],
        "probability": incident.probability,
        "witnesses": [list(witness.observations) for witness in incident.witnesses],
        "contradicted_by": list(incident.contradicted_by),
    }


def _finding_line(finding: Finding, names: dict[IncidentId, str]) -> bytes:
    return canonical_json(
        {
            "agreement": finding.agreement,
            "clause": finding.clause,
            "verdict": finding.verdict.value,
            "reason_key": finding.reason_key,
            "since": text_from_instant(finding.since) if finding.since else "",
            "seen_share": finding.seen_share,
            "incidents": [*sorted(names[incident] for incident in finding.incidents)],
        }
    )


def _finding(finding: Finding) -> Json:
    return {
        "agreement": finding.agreement,
        "clause": finding.clause,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "since": text_from_instant(finding.since) if finding.since else "",
        "seen_share": finding.seen_share,
        "incidents": [str(incident) for incident in finding.incidents],
    }


__all__ = ["picture_digest", "state_digest"]
