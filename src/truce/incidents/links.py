"""Which reports may be of one event: an index of place and time, and the links found
through it.

A link joins two reports whose pair is more likely one event than two. Links are a
property of the two reports alone, so they can be found in any order and at any time;
here they are found when somebody asks for them, and remembered. Reports joined by
links, however indirectly, form a component, and only reports of one component can
become one incident.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truce.identifiers import ObservationId
from truce.incidents.evidence import Evidence
from truce.incidents.likelihood import pair_factor
from truce.incidents.parameters import Parameters
from truce.incidents.sayings import assess_kinds
from truce.observations.model import Assertion
from truce.places import EARTH_RADIUS_M

_DAY_S: Final = 86_400.0
# Cells of place grow fourfold from this size, in metres; a report lies in the first
# that is not smaller than twice its reach, so that few cells need to be looked at
# around it.
_CELL_M: Final = 6_000.0
# Reports of up to this many seconds, and longer ones, are looked up apart: the former
# are many and need few days to be looked at.
_SHORT_S: Final = 1.5 * _DAY_S
# Kinds less compatible than this are not contradicted by each other's denial.
_KINDS_DENIED_MIN: Final = -0.5

_Level = tuple[int, bool]
_Cell = tuple[int, int]


class Links:
    """The live reports, and which of them may be of one event."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.evidence: dict[ObservationId, Evidence] = {}
        # Level -> cell of place -> day -> reports: most cells are empty, and days need
        # not be tried.
        self._grid: dict[_Level, dict[_Cell, dict[int, list[ObservationId]]]] = (
            defaultdict(dict)
        )
        self._denials: set[ObservationId] = set()
        self._linked: dict[ObservationId, dict[ObservationId, float]] = {}
        self._denied_by: dict[ObservationId, frozenset[ObservationId]] = {}

    def take_up(self, evidence: Evidence) -> None:
        """Take a report in before anything was asked: its links are found when asked
        for.
        """
        key = evidence.observation.id
        self.evidence[key] = evidence
        if evidence.observation.asserts is Assertion.DENIED:
            self._denials.add(key)
        if not evidence.is_vague:
            level, cell, day = self._place_of(evidence)
            self._grid[level].setdefault(cell, {}).setdefault(day, []).append(key)

    def add(self, evidence: Evidence) -> None:
        """Take a report in, and renew what is remembered of the reports near it."""
        key = evidence.observation.id
        self.take_up(evidence)
        if key in self._denials:
            for other in self.contradicts(key):
                self._denied_by.pop(other, None)
            return
        for other, factor in self.linked(key).items():
            if other in self._linked:
                self._linked[other][key] = factor

    def remove(self, key: ObservationId) -> set[ObservationId]:
        """Let a report go; the reports that it was linked to or denied."""
        evidence = self.evidence[key]
        touched = set(self.contradicts(key)) if key in self._denials else set()
        if not evidence.is_vague:
            touched |= set(self.linked(key))
            level, cell, day = self._place_of(evidence)
            self._grid[level][cell][day].remove(key)
        for other in touched:
            self._linked.get(other, {}).pop(key, None)
            self._denied_by.pop(other, None)
        self._denials.discard(key)
        self._linked.pop(key, None)
        self._denied_by.pop(key, None)
        del self.evidence[key]
        return touched

    def linked(self, key: ObservationId) -> dict[ObservationId, float]:
        """The reports that may be of the same event, each with the pair's factor."""
        known = self._linked.get(key)
        if known is not None:
            return known
        mine = self.evidence[key]
        found: dict[ObservationId, float] = {}
        if not mine.is_vague and key not in self._denials:
            for other in self._near(mine):
                if other == key or other in self._denials:
                    continue
                # In one order, so that both ends compute the very same float.
                low, high = (key, other) if key < other else (other, key)
                factor = pair_factor(
                    self.evidence[low], self.evidence[high], self.parameters
                )
                if factor > 0.0:
                    found[other] = factor
        self._linked[key] = found
        return found

    def contradicts(self, denial: ObservationId) -> Iterator[ObservationId]:
        """The reports that a denial speaks against: its place, its time, a kind it may
        mean.
        """
        mine = self.evidence[denial]
        if mine.is_vague:
            return
        for other in self._near(mine):
            if other not in self._denials and self._is_denied(
                self.evidence[other], mine
            ):
                yield other

    def denied_by(self, key: ObservationId) -> frozenset[ObservationId]:
        """The denials that speak against a report."""
        known = self._denied_by.get(key)
        if known is not None:
            return known
        mine = self.evidence[key]
        found: frozenset[ObservationId] = frozenset()
        if self._denials and not mine.is_vague:
            found = frozenset(
                other
                for other in self._near(mine)
                if other in self._denials
                and self._is_denied(mine, self.evidence[other])
            )
        self._denied_by[key] = found
        return found

    def components(
        self, keys: Iterable[ObservationId]
    ) -> list[tuple[ObservationId, ...]]:
        """The components that hold any of these reports; members sorted, components
        too.
        """
        seen: set[ObservationId] = set()
        found = []
        for start in keys:
            if start in seen or start in self._denials:
                continue
            seen.add(start)
            members = [start]
            for member in members:
                fresh = [o for o in self.linked(member) if o not in seen]
                seen.update(fresh)
                members.extend(fresh)
            found.append(tuple(sorted(members)))
        return sorted(found)

    def pieces(
        self, component: tuple[ObservationId, ...]
    ) -> list[tuple[ObservationId, ...]]:
        """The component, cut along its weakest links where it is larger than may be
        weighed.

        Links are taken up from the strongest; one that would make a piece too large is
        left out.
        """
        size_max = self.parameters.group_size_max
        if len(component) <= size_max:
            return [component]
        links = sorted(
            (-factor, a, b)
            for a in component
            for b, factor in self.linked(a).items()
            if a < b
        )
        piece_of = {key: [key] for key in component}
        for _, a, b in links:
            one, other = piece_of[a], piece_of[b]
            if one is other or len(one) + len(other) > size_max:
                continue
            if len(one) < len(other):
                one, other = other, one
            one.extend(other)
            for key in other:
                piece_of[key] = one
        unique = {id(piece): piece for piece in piece_of.values()}
        return sorted(tuple(sorted(piece)) for piece in unique.values())

    def table(self, piece: tuple[ObservationId, ...]) -> NDArray[np.bool_]:
        """Which two of some reports are linked: (n, n), symmetric."""
        row_of = {key: row for row, key in enumerate(piece)}
        linked = np.zeros((len(piece), len(piece)), dtype=np.bool_)
        for key, row in row_of.items():
            linked[row, [row_of[o] for o in self.linked(key) if o in row_of]] = True
        return linked

    def _is_denied(self, report: Evidence, denial: Evidence) -> bool:
        if min(report.to_s, denial.to_s) < max(report.from_s, denial.from_s):
            return False
        kinds = assess_kinds(report.observation.kind, denial.observation.kind)
        return kinds >= _KINDS_DENIED_MIN

    def _reach_m(self, evidence: Evidence) -> float:
        parameters = self.parameters
        return parameters.reach_m / 2.0 + parameters.reach_sigmas * evidence.sigma_m

    def _place_of(self, evidence: Evidence) -> tuple[_Level, _Cell, int]:
        size = max(0, math.ceil(math.log(2.0 * self._reach_m(evidence) / _CELL_M, 4.0)))
        is_long = evidence.to_s - evidence.from_s > _SHORT_S
        row = _row(evidence.lat_rad, size)
        column = _column(evidence.lon_rad, _columns(row, size))
        return (size, is_long), (row, column), int(evidence.from_s // _DAY_S)

    def _near(self, mine: Evidence) -> Iterator[ObservationId]:
        """Every report near enough in place and time to be compared with."""
        misdating_s = self.parameters.misdating_s
        longest_s = self.parameters.vague_duration_s + self.parameters.burning_s
        for (size, is_long), cells in self._grid.items():
            reach_m = self._reach_m(mine) + _CELL_M * 4.0**size / 2.0
            past_s = misdating_s + (longest_s if is_long else _SHORT_S)
            first_day = int((mine.from_s - past_s) // _DAY_S)
            last_day = int((mine.to_s + misdating_s) // _DAY_S)
            for cell in _cells_around(mine, size, reach_m):
                days = cells.get(cell)
                if days is None:
                    continue
                for day in range(first_day, last_day + 1):
                    for key in days.get(day, ()):
                        if self._is_near(mine, self.evidence[key]):
                            yield key

    def _is_near(self, a: Evidence, b: Evidence) -> bool:
        misdating_s = self.parameters.misdating_s
        if max(a.from_s, b.from_s) - min(a.to_s, b.to_s) > misdating_s:
            return False
        reach_m = self._reach_m(a) + self._reach_m(b)
        dy = (b.lat_rad - a.lat_rad) * EARTH_RADIUS_M
        dx = (b.lon_rad - a.lon_rad) * math.cos(a.lat_rad) * EARTH_RADIUS_M
        return dx * dx + dy * dy <= reach_m * reach_m


def _row(lat_rad: float, size: int) -> int:
    return int(lat_rad * EARTH_RADIUS_M // (_CELL_M * 4.0**size))


@lru_cache(maxsize=65536)
def _columns(row: int, size: int) -> int:
    """How many cells go round the earth in a row."""
    cell_m = _CELL_M * 4.0**size
    lat_rad = min(abs(row + 0.5) * cell_m / EARTH_RADIUS_M, math.pi / 2.0)
    return max(1, int(2.0 * math.pi * EARTH_RADIUS_M * math.cos(lat_rad) / cell_m))


def _column(lon_rad: float, columns: int) -> int:
    return int((lon_rad + math.pi) / (2.0 * math.pi) * columns) % columns


def _cells_around(mine: Evidence, size: int, reach_m: float) -> Iterator[_Cell]:
    reach_rad = reach_m / EARTH_RADIUS_M
    first, last = (
        _row(mine.lat_rad - reach_rad, size),
        _row(mine.lat_rad + reach_rad, size),
    )
    for row in range(first, last + 1):
        columns = _columns(row, size)
        middle = _column(mine.lon_rad, columns)
        around_m = 2.0 * math.pi * EARTH_RADIUS_M * math.cos(mine.lat_rad)
        steps = min(columns // 2, math.ceil(reach_m / around_m * columns))
        if 2 * steps + 1 >= columns:
            yield from ((row, column) for column in range(columns))
            continue
        for k in range(-steps, steps + 1):
            yield row, (middle + k) % columns


__all__ = ["Links"]
