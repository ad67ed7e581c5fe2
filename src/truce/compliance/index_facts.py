"""Facts in columns, so that many clauses can look up theirs quickly and in the same
order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from truce.agreement.plane import Floats
from truce.compliance.model import IncidentFact, WatchFact
from truce.instants import Interval, seconds_from_instant
from truce.observations.kinds import NEVER_AN_INCIDENT, Kind

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactIndex:
    """Incidents and watches in an order of their own, whatever order they came in.

    Columns have one entry per incident: seconds since 1970 for times, degrees, metres.
    """

    incidents: tuple[IncidentFact, ...]
    watches: tuple[WatchFact, ...]
    start_s: Floats
    end_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    sigma_m: Floats
    probability: Floats
    watch_start_s: Floats
    watch_end_s: Floats
    kind_shares: dict[frozenset[Kind], Floats] = field(default_factory=dict)

    def rows_in(self, window: Interval) -> Rows:
        """The incidents that may lie in the window, from its start until before its
        end.
        """
        start = seconds_from_instant(window.start)
        end = seconds_from_instant(window.end)
        # An interval that ends as the window opens shares no time with it; an instant
        # does.
        begins_before_end = self.start_s < end
        ends_after_start = (self.end_s > start) | (
            (self.end_s == start) & (self.start_s == start)
        )
        return np.flatnonzero(begins_before_end & ends_after_start)

    def is_inside(self, rows: Rows, window: Interval) -> Flags:
        """Whether the whole interval of each incident lies in the window."""
        start = seconds_from_instant(window.start)
        end = seconds_from_instant(window.end)
        return (self.start_s[rows] >= start) & (self.end_s[rows] <= end)

    def overlap_shares(self, rows: Rows, window: Interval) -> Floats:
        """The share of each incident's interval that lies in the window; 1 for an
        instant.
        """
        start = np.maximum(self.start_s[rows], seconds_from_instant(window.start))
        end = np.minimum(self.end_s[rows], seconds_from_instant(window.end))
        whole = self.end_s[rows] - self.start_s[rows]
        return np.where(whole > 0.0, (end - start) / np.maximum(whole, 1e-9), 1.0)

    def kind_share(self, kinds: frozenset[Kind]) -> Floats:
        """For every incident, the probability that its kind is one of these."""
        if kinds not in self.kind_shares:
            meant = kinds - NEVER_AN_INCIDENT
            self.kind_shares[kinds] = np.array(
                [
                    sum(share for kind, share in incident.kinds if kind in meant)
                    for incident in self.incidents
                ],
                dtype=np.float64,
            )
        return self.kind_shares[kinds]

    def watches_in(self, window: Interval) -> tuple[WatchFact, ...]:
        """The watches that overlap the window for some time."""
        start = seconds_from_instant(window.start)
        end = seconds_from_instant(window.end)
        rows = np.flatnonzero((self.watch_start_s < end) & (self.watch_end_s > start))
        return tuple(self.watches[row] for row in rows)


def index_facts(
    incidents: Sequence[IncidentFact], watches: Sequence[WatchFact]
) -> FactIndex:
    """The facts in columns; two facts that are equal in everything stay two."""
    ordered = tuple(
        sorted(incidents, key=lambda one: (one.interval.start, one.incident))
    )
    watching = tuple(sorted(watches, key=_watch_order))
    return FactIndex(
        incidents=ordered,
        watches=watching,
        start_s=_column([seconds_from_instant(i.interval.start) for i in ordered]),
        end_s=_column([seconds_from_instant(i.interval.end) for i in ordered]),
        lat_deg=_column([i.position.lat_deg for i in ordered]),
        lon_deg=_column([i.position.lon_deg for i in ordered]),
        sigma_m=_column([i.sigma_m for i in ordered]),
        probability=_column([i.probability for i in ordered]),
        watch_start_s=_column(
            [seconds_from_instant(w.interval.start) for w in watching]
        ),
        watch_end_s=_column([seconds_from_instant(w.interval.end) for w in watching]),
    )


def _column(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _watch_order(watch: WatchFact) -> tuple[object, ...]:
    return (
        watch.interval.start,
        watch.interval.end,
        watch.observer,
        watch.centre.lat_deg,
        watch.centre.lon_deg,
        watch.range_m,
        watch.detection_probability,
    )


__all__ = ["FactIndex", "Flags", "Rows", "index_facts"]
