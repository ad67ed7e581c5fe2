"""truce incidents, findings: what happened, and how it stands with what was agreed."""

from datetime import datetime
from typing import Annotated

import typer

from truce.app import OpenRecord, wall_clock
from truce.canonical import Json
from truce.cli._opening import record_opened
from truce.cli._output import answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.compliance.model import Finding
from truce.errors import InvalidInput
from truce.incidents.model import Incident
from truce.instants import instant_from_text, text_from_instant
from truce.picture.ports import AsOf

AsOfOption = Annotated[
    str,
    typer.Option(
        help="As known then: a count of statements, or an ISO 8601 time with offset."
    ),
]


def as_of_from_text(opened: OpenRecord, text: str, now: datetime) -> AsOf:
    """The moment that somebody asks for; an empty text means now.

    Raises:
        InvalidInput: no such count, or no ISO 8601 time with an offset.
    """
    size = opened.store.count()
    if not text:
        return AsOf(count=size, instant=opened.now(now))
    if text.isascii() and text.isdigit():
        # A count of thousands of digits is refused before anybody computes with it.
        count = int(text) if len(text) <= len(str(size)) else size + 1
        sealed_at = opened.store.sealed_at(count)
        if sealed_at is None:
            raise InvalidInput(f"--as-of {text[:20]}: the record holds 1 to {size}")
        return AsOf(count=count, instant=sealed_at, is_past=True)
    instant = instant_from_text(text)
    return AsOf(count=opened.store.count_at(instant), instant=instant, is_past=True)


def incidents(folder: Folder, as_of: AsOfOption = "", as_json: AsJson = False) -> None:
    """Lists every incident, as known at a moment, to the record's own staff."""
    with errors_as_codes(), record_opened(folder) as opened:
        moment = as_of_from_text(opened, as_of, wall_clock())
        found = opened.source.incidents(moment)
        answer(
            _head(opened, moment) | {"incidents": [_incident(i) for i in found]},
            as_json=as_json,
            text="\n".join(_incident_line(i) for i in found),
        )


def findings(folder: Folder, as_of: AsOfOption = "", as_json: AsJson = False) -> None:
    """Lists every finding, as known at a moment, with its reason."""
    with errors_as_codes(), record_opened(folder) as opened:
        moment = as_of_from_text(opened, as_of, wall_clock())
        found = opened.source.findings(moment)
        answer(
            _head(opened, moment) | {"findings": [finding_row(f) for f in found]},
            as_json=as_json,
            text="\n".join(
                f"{f.agreement} {f.clause}  {f.verdict.upper():12}  {f.reason}"
                for f in found
            ),
        )


def finding_row(finding: Finding) -> Json:
    """A finding as one JSON object."""
    return {
        "agreement": finding.agreement,
        "clause": finding.clause,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "since": text_from_instant(finding.since) if finding.since else None,
        "decided_at": (
            text_from_instant(finding.decided_at) if finding.decided_at else None
        ),
        "seen_share": finding.seen_share,
        "incidents": [str(incident) for incident in finding.incidents],
    }


def _head(opened: OpenRecord, moment: AsOf) -> dict[str, Json]:
    return {
        "record": opened.source.record_name,
        "kind": opened.source.record_kind.value,
        "as_of": {
            "count": moment.count,
            "instant": text_from_instant(moment.instant),
        },
    }


def _incident(incident: Incident) -> Json:
    ellipse = incident.ellipse
    return {
        "id": incident.id,
        "lat_deg": incident.position.lat_deg,
        "lon_deg": incident.position.lon_deg,
        "ellipse95": {
            "semi_major_m": ellipse.semi_major_m,
            "semi_minor_m": ellipse.semi_minor_m,
            "bearing_deg": ellipse.bearing_deg,
        },
        "start": text_from_instant(incident.interval.start),
        "end": text_from_instant(incident.interval.end),
        "kinds": {kind.value: share for kind, share in incident.kinds},
        "probability": incident.probability,
        "witnesses": [
            {
                "stated_by": [*witness.stated_by],
                "observations": [str(o) for o in witness.observations],
            }
            for witness in incident.witnesses
        ],
        "contradicted_by": [str(o) for o in incident.contradicted_by],
    }


def _incident_line(incident: Incident) -> str:
    return (
        f"{incident.id}  {text_from_instant(incident.interval.start)}  "
        f"{incident.position.lat_deg:9.4f} {incident.position.lon_deg:9.4f} "
        f"+-{incident.ellipse.semi_major_m / 1000:5.1f} km  {incident.kind:18} "
        f"p {incident.probability:.2f}  witnesses {len(incident.witnesses)}"
    )


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(incidents)
    app.command()(findings)


__all__ = ["AsOfOption", "add_to", "as_of_from_text", "finding_row"]
