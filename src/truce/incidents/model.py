"""A physical event that probably happened: where, when, what kind, how sure, and who
saw it.
"""

from dataclasses import dataclass
from enum import StrEnum

from truce.errors import InvalidValue
from truce.identifiers import IncidentId, ObservationId, StatementIndex
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """The ellipse that holds the true position with a probability of 95 %.

    Semi-axes in metres, `semi_major_m >= semi_minor_m > 0`; `bearing_deg` of the major
    axis, clockwise from north, in [0, 180).
    """

    semi_major_m: float
    semi_minor_m: float
    bearing_deg: float

    def __post_init__(self) -> None:
        if not 0.0 < self.semi_minor_m <= self.semi_major_m:
            raise InvalidValue(
                f"semi-axes are {self.semi_major_m} and {self.semi_minor_m} m, "
                "expected 0 < semi_minor_m <= semi_major_m"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One independent source of observations; copies of one text are one witness."""

    stated_by: tuple[str, ...]
    observations: tuple[ObservationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One physical event as the record knows it.

    `kinds` is a distribution, most probable first, sums to 1; `Kind.UNDETERMINED` is a
    real answer. `probability` is that of its having happened at all, in [0, 1].
    `witnesses` hold every supporting observation exactly once. `contradicted_by` are
    observations that deny it.
    """

    id: IncidentId
    position: Position
    ellipse: Ellipse
    interval: Interval
    kinds: tuple[tuple[Kind, float], ...]
    probability: float
    witnesses: tuple[Witness, ...]
    contradicted_by: tuple[ObservationId, ...] = ()

    @property
    def kind(self) -> Kind:
        """The most probable kind."""
        return self.kinds[0][0]

    @property
    def observations(self) -> tuple[ObservationId, ...]:
        """Every supporting observation, in the order of the witnesses."""
        return tuple(o for witness in self.witnesses for o in witness.observations)


class Change(StrEnum):
    """What became of an incident's id at some position of the log."""

    FORMED = "formed"
    REVISED = "revised"
    SPLIT = "split"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line of an incident's history: at `position` of the log, `incident` changed.

    `others` are the ids it merged into, or that split off from it; an old id always
    resolves by following them.
    """

    incident: IncidentId
    position: StatementIndex
    change: Change
    others: tuple[IncidentId, ...] = ()


__all__ = ["Change", "Ellipse", "HistoryEntry", "Incident", "Witness"]
