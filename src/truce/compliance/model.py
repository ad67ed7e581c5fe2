"""Facts that a clause may speak of, and the findings that compliance answers with."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from truce.identifiers import AgreementId, ClauseId, FindingId, IncidentId
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position


class Verdict(StrEnum):
    """The four answers for one clause and one subject."""

    MET = "met"
    BREACHED = "breached"
    PENDING = "pending"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFact:
    """An incident in the terms in which a clause judges it.

    `sigma_m` is one sigma of the position in metres; `kinds` as in the incident.
    """

    incident: IncidentId
    position: Position
    sigma_m: float
    interval: Interval
    kinds: tuple[tuple[Kind, float], ...]
    probability: float
    witness_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFact:
    """Somebody looked within `range_m` of `centre` over `interval`, noticing with a
    probability.
    """

    centre: Position
    range_m: float
    interval: Interval
    detection_probability: float
    observer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Compliance's answer for one clause of one agreement, and one window of it.

    A clause that binds every day has one finding for each local day; `day` is that day,
    and `window` the stretch of time that was judged. Later facts may change the finding
    of a day, never its id. `gravity` is the agreement's own word for the count of
    proven incidents.

    `reason` is a plain English sentence; `reason_key` and `reason_values` let a page
    say the same in another language. `since` is when a breach began, `decided_at` when
    a pending clause will be decided; None where the verdict has no such moment.
    `seen_share` is the share of the clause's time and area that was watched well enough
    to notice an explosion, in [0, 1].
    """

    agreement: AgreementId
    clause: ClauseId
    verdict: Verdict
    reason: str
    reason_key: str
    reason_values: tuple[tuple[str, str], ...] = ()
    incidents: tuple[IncidentId, ...] = ()
    since: datetime | None = None
    decided_at: datetime | None = None
    seen_share: float
    day: date | None = None
    window: Interval | None = None
    gravity: str = ""

    @property
    def id(self) -> FindingId:
        """Agreement, clause and local day: the same for every answer to the same
        question.
        """
        day = f"/{self.day.isoformat()}" if self.day is not None else ""
        return FindingId(f"{self.agreement}/{self.clause}{day}")


__all__ = ["Finding", "IncidentFact", "Verdict", "WatchFact"]
