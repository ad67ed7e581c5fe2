"""An agreement as it was written: who, where, when, what is prohibited, and on whose
word."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from truce.agreement.shapes import Shape
from truce.identifiers import AgreementId, ClauseId
from truce.instants import Interval
from truce.observations.kinds import Kind


class TextKind(StrEnum):
    """What sort of text it is. Only `REAL` stands for something that somebody
    proposed."""

    TEMPLATE = "template"
    INVENTED = "invented"
    REAL = "real text"


class Status(StrEnum):
    """How far the text has come. It says nothing of whether it was kept."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    IN_FORCE = "in force"
    ENDED = "ended"


class Hours(StrEnum):
    """Whether the text states hours. Unknown hours lie somewhere in the local day."""

    STATED = "stated"
    UNKNOWN = "unknown"


class ClockChange(StrEnum):
    """Which moment a daily local time means on the day when the clocks skip or repeat
    it.

    `EARLIER` and `LATER` are the two moments of a repeated time. A skipped time means
    the moment that the clock would have shown it had the change come after (`EARLIER`)
    or before (`LATER`).
    """

    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the words of a clause stand: a document, the place in it, and a link if
    there is one."""

    document: str
    point: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side that is bound, under the short name that the clauses use."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """From `start` until before `end`, in UTC; `end` is None while none is agreed."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A named area in which a clause binds.

    `shape` is all of it; `stated` is the part whose place the text itself states, or
    None if it states none of it. A straight line drawn between two named ends is in
    `shape` only: what lies there may lie off the road that was meant.
    """

    name: str
    shape: Shape
    stated: Shape | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a clause prohibits, as physical kinds, and how sure one must be.

    `kinds` holds every kind meant, special cases included. An incident is proven from
    `proven_from` on, and it matters at all from `doubtful_from` on; both are
    probabilities, `0 < doubtful_from <= proven_from <= 1`.
    """

    name: str
    kinds: frozenset[Kind]
    proven_from: float
    doubtful_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How well a place must be watched before silence counts as a kept clause.

    A moment at a spot is *seen* if an ordinary explosion there would be noticed with at
    least `noticed_from`; the clause is met from a seen share of `share_from` on. Both
    in (0, 1].
    """

    noticed_from: float
    share_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One window, from `interval.start` until before its end."""

    interval: Interval
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """One window on every local day in force; from midnight to midnight where `opens`
    is None.

    Where `closes` is not after `opens`, the window ends on the next local day; it
    belongs to the day on which it opens.
    """

    opens: time | None = None
    closes: time | None = None
    clock_change: ClockChange | None = None


During = Once | Daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One prohibition: `what` may not happen in `area` during `during`, by the parties
    of `by`.

    `says` is the clause as a plain sentence. `gravity` are names with the count of
    proven incidents in one window from which each applies, ascending; empty if the text
    grades nothing.
    """

    id: ClauseId
    line: int
    says: str
    source: Source
    what: Definition
    by: tuple[str, ...]
    area: Area
    during: During
    gravity: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The whole text. `zone` is the IANA zone in which its local times are written."""

    id: AgreementId
    title: str
    text_kind: TextKind
    status: Status
    proposed_by: str
    parties: tuple[Party, ...]
    zone: ZoneInfo
    in_force: InForce
    areas: tuple[Area, ...]
    definitions: tuple[Definition, ...]
    watching: Watching
    clauses: tuple[Clause, ...]

    def clause(self, clause_id: ClauseId) -> Clause:
        """The clause with this id.

        Raises:
            KeyError: the text has none of that name.
        """
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One stretch of time that a clause is judged by: from the start until before the
    end.

    `day` is the local day on which it begins.
    """

    interval: Interval
    hours: Hours
    day: date


__all__ = [
    "Agreement",
    "Area",
    "Clause",
    "ClockChange",
    "Daily",
    "Definition",
    "During",
    "Hours",
    "InForce",
    "Once",
    "Party",
    "Source",
    "Status",
    "TextKind",
    "Watching",
    "Window",
]
