"""A figure's question: as an address of the picture, as plain values, and answered."""

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from truce.canonical import Json
from truce.instants import text_from_instant
from truce.picture.ports import DeliveryLine
from truce.picture.question import word_from_province
from truce.release.model import Reader, ReleasedFinding, ReleasedIncident
from truce.reporting.model import Outcome, Query, Subject

# The page that answers each subject.
_PATHS = {
    Subject.INCIDENTS: "/",
    Subject.FINDINGS: "/agreement",
    Subject.ROWS: "/record",
    Subject.CHANGES: "/incidents",
}
# The names under which the pages' addresses carry a question; `at` and `as` say as of
# when and for whom. Of changes `since` is a moment as of which the record is compared
# (`_SINCE`), not a time at which things happened.
_NAMES = (
    ("kind", "kind"),
    ("province", "province"),
    ("band", "band"),
    ("from", "since"),
    ("to", "until"),
    ("agreement", "agreement"),
    ("clause", "clause"),
    ("verdict", "verdict"),
    ("feed", "feed"),
    ("outcome", "outcome"),
    ("change", "change"),
)
_SINCE = "since"


def address_of(query: Query) -> str:
    """The address that asks the question, such as `/?kind=shot&from=…&to=…&at=…`."""
    pairs = []
    for name, field in _NAMES:
        value = getattr(query, field)
        if value is not None:
            is_since = field == _SINCE and query.subject is Subject.CHANGES
            text = word_from_province(_text(value))
            pairs.append((_SINCE if is_since else name, text))
    pairs.append(("at", text_from_instant(query.at)))
    if query.reader is not Reader.MECHANISM:
        pairs.append(("as", query.reader.value))
    return f"{_PATHS[query.subject]}?{urlencode(pairs)}"


def query_json(query: Query) -> dict[str, Json]:
    """The question as plain values; what is not asked for is left out."""
    values = ((field.name, getattr(query, field.name)) for field in fields(query))
    return {name: _text(value) for name, value in values if value is not None}


def _text(value: str | datetime | StrEnum) -> str:
    return text_from_instant(value) if isinstance(value, datetime) else str(value)


def is_asked_incident(query: Query, incident: ReleasedIncident) -> bool:
    """Whether an incident is one that a question on incidents asks for."""
    interval = incident.interval
    return (
        (query.since is None or interval.end >= query.since)
        and (query.until is None or interval.start <= query.until)
        and query.kind in (None, incident.kind)
        and query.province in (None, incident.province or "")
        and query.band in (None, incident.probability_band)
    )


def is_asked_finding(query: Query, finding: ReleasedFinding) -> bool:
    """Whether a finding is one that a question on findings asks for."""
    window = finding.window
    return (
        (query.since is None or window is None or window.end >= query.since)
        and (query.until is None or window is None or window.start <= query.until)
        and query.agreement in (None, finding.agreement)
        and query.clause in (None, finding.clause)
        and query.verdict in (None, finding.verdict)
    )


def is_asked_delivery(query: Query, delivery: DeliveryLine) -> bool:
    """Whether a delivery is one whose rows a question asks for."""
    return (
        query.feed in (None, delivery.feed)
        and (query.since is None or delivery.sealed_at > query.since)
        and (query.until is None or delivery.sealed_at <= query.until)
    )


def rows_of(delivery: DeliveryLine, outcome: Outcome) -> int:
    """What one delivery adds to a count."""
    counts = {
        Outcome.DELIVERIES: 1,
        Outcome.READ: delivery.read,
        Outcome.ACCEPTED: delivery.accepted,
        Outcome.QUARANTINED: delivery.quarantined,
        Outcome.DUPLICATES: delivery.duplicates,
    }
    return counts[outcome]


__all__ = [
    "address_of",
    "is_asked_delivery",
    "is_asked_finding",
    "is_asked_incident",
    "query_json",
    "rows_of",
]
