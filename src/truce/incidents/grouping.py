"""The best division of a few linked reports into events.

Among all divisions the one with the largest sum of log Bayes factors is sought:

1. every report starts as an event of its own;
2. the two events that gain most by becoming one do so, until none gains;
3. every report is moved to where it gains most, or out, until none gains;
4. after a change in 3 the events are tried against each other again (2), a bounded
   number of times.

The same reports in the same order give the same division; callers sort them by id.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from truce.incidents.evidence import Evidence
from truce.incidents.likelihood import (
    Array,
    Scale,
    Sums,
    log_factors,
    says,
    stacked,
    sums_from_evidence,
)
from truce.incidents.parameters import Parameters

# Rounds of moving and merging: in practice two or three change something; the bound
# makes sure that it ends.
_ROUNDS_MAX: Final = 6
_NEVER: Final = -np.inf
# A move must gain more than rounding could feign, or two places could be swapped for
# ever.
_GAIN_MIN: Final = 1e-5
# Pairs weighed at once: some megabytes at the largest size of a group.
_BATCH: Final = 1024

Index = NDArray[np.int64]


class _Division:
    """The events as they stand: their members, sums and factors, row by row."""

    def __init__(
        self, rows: Sums, scale: Scale, table: Array, linked: NDArray[np.bool_]
    ) -> None:
        self.rows = rows
        self.scale = scale
        self.table = table
        self.linked = linked
        self.members = [[i] for i in range(len(table))]
        self.sums = rows.rows(np.arange(len(table)))
        self.factor = np.zeros(len(table))

    def merge_all(self) -> None:
        """Step 2: merge the linked pair with the largest gain until no pair gains."""
        against, in_favour, near = _between(self.table, self.linked, self.members)
        gain = np.full(near.shape, _NEVER)
        for low, high in _batches(np.triu(near, 1)):
            gain[low, high] = self._gains(
                low, high, against[low, high], in_favour[low, high]
            )
        while True:
            a, b = (int(k) for k in np.unravel_index(int(np.argmax(gain)), gain.shape))
            if not gain[a, b] > 0.0:
                break
            self._set(a, sorted(self.members[a] + self.members[b]))
            self.members[b] = []
            against[a] += against[b]
            in_favour[a] = np.maximum(in_favour[a], in_favour[b])
            near[a] |= near[b]
            near[a, [a, b]] = False
            near[b] = near[:, b] = False
            against[:, a], in_favour[:, a], near[:, a] = (
                against[a],
                in_favour[a],
                near[a],
            )
            gain[b, :] = gain[:, b] = _NEVER
            others = np.flatnonzero(near[a])
            if len(others):
                low, high = np.minimum(others, a), np.maximum(others, a)
                gain[low, high] = self._gains(
                    low, high, against[a, others], in_favour[a, others]
                )
        self._drop_empty()

    def move_all(self) -> bool:
        """Step 3, once through: whether any report moved."""
        has_moved = False
        left = np.zeros(len(self.table))
        self._leave(left, range(len(self.members)))
        for report in range(len(self.table)):
            changed = self._move(report, left)
            if changed:
                has_moved = True
                self._leave(left, changed)
        if has_moved:
            self._drop_empty()
        return has_moved

    def _leave(self, left: Array, rows: Iterable[int]) -> None:
        """Note the factor of each report's event without it; 0 if nothing is left."""
        reports: list[int] = []
        rests: list[Sums] = []
        for row in rows:
            group = self.members[row]
            if len(group) < 2:
                left[group] = 0.0
            else:
                reports.extend(group)
                rests.append(self._rests(row))
        if rests:
            left[reports] = log_factors(stacked(rests), self.scale)

    def _rests(self, row: int) -> Sums:
        """An event without each of its reports in turn."""
        group = self.members[row]
        index = np.array(group, dtype=np.int64)
        said = self.table[np.ix_(index, index)]
        trees = np.zeros(len(group))
        if (said > 0.0).any():
            for k in range(len(group)):
                others = np.delete(np.delete(said, k, axis=0), k, axis=1)
                trees[k] = _tree_weight(np.maximum(others, 0.0))
        whole = self.sums.rows(np.full(len(group), row))
        rest = whole.minus(self.rows.rows(index))
        against = rest.against - np.minimum(said, 0.0).sum(axis=1)
        return replace(rest, against=against, in_favour=trees)

    def _move(self, report: int, left: Array) -> tuple[int, ...]:
        """Move one report to where it gains most, or out, if that gains anything.

        The answer is the rows that changed; none if it stayed.
        """
        home = next(k for k, group in enumerate(self.members) if report in group)
        rest = [i for i in self.members[home] if i != report]
        out_gain = float(left[report] - self.factor[home])
        others = np.array(
            [
                k
                for k, group in enumerate(self.members)
                if k != home and self.linked[report][group].any()
            ],
            dtype=np.int64,
        )
        best, best_gain = -1, out_gain if rest else 0.0
        if len(others):
            said = [self.table[report][self.members[k]] for k in others]
            joined = self.sums.rows(others).plus(
                self.rows.rows(np.full(len(others), report)),
                np.array([np.minimum(row, 0.0).sum() for row in said]),
                np.array([max(0.0, row.max()) for row in said]),
            )
            gains = log_factors(joined, self.scale) - self.factor[others] + out_gain
            nearest = int(np.argmax(gains))
            if gains[nearest] > best_gain:
                best, best_gain = int(others[nearest]), float(gains[nearest])
        if not best_gain > _GAIN_MIN:
            return ()
        self._set(home, rest)
        if best < 0:
            best = self._empty_row()
        self._set(best, sorted([*self.members[best], report]))
        return home, best

    def _empty_row(self) -> int:
        if [] not in self.members:
            index = np.arange(len(self.members) + 1) % len(self.members)
            self.members.append([])
            self.sums = self.sums.rows(index)
            self.factor = np.append(self.factor, 0.0)
        return self.members.index([])

    def _gains(self, a: Index, b: Index, against: Array, in_favour: Array) -> Array:
        """What merging each event of `a` with that of `b` beside it gains."""
        joined = self.sums.rows(a).plus(self.sums.rows(b), against, in_favour)
        gains: Array = log_factors(joined, self.scale) - self.factor[a] - self.factor[b]
        return gains

    def sums_of(self, members: list[int]) -> Sums:
        """The sums of some reports as one event; at least one report."""
        index = np.array(members, dtype=np.int64)
        said = self.table[np.ix_(index, index)]
        return replace(
            self.rows.rows(index).total(),
            against=np.array([np.minimum(said, 0.0).sum() / 2.0]),
            in_favour=np.array([_tree_weight(np.maximum(said, 0.0))]),
        )

    def _set(self, row: int, members: list[int]) -> None:
        """Make a row hold these reports; an empty row holds no event."""
        self.members[row] = members
        if members:
            sums = self.sums_of(members)
            self.sums.put(row, sums)
            self.factor[row] = log_factors(sums, self.scale)[0]
        else:
            self.factor[row] = 0.0

    def _drop_empty(self) -> None:
        kept = [k for k, group in enumerate(self.members) if group]
        self.members = [self.members[k] for k in kept]
        self.sums = self.sums.rows(np.array(kept))
        self.factor = self.factor[kept]


def _batches(pairs: NDArray[np.bool_]) -> Iterator[tuple[Index, Index]]:
    """The pairs of rows that are marked, in batches that stay small in memory."""
    low, high = np.nonzero(pairs)
    for start in range(0, len(low), _BATCH):
        yield low[start : start + _BATCH], high[start : start + _BATCH]


def _tree_weight(likeness: Array) -> float:
    """The weight of the heaviest tree that joins all (Prim's rule); 0 for fewer than
    two.
    """
    if not likeness.any():
        return 0.0
    weight = 0.0
    best = likeness[0].copy()
    best[0] = _NEVER
    for _ in range(len(likeness) - 1):
        nearest = int(np.argmax(best))
        weight += float(best[nearest])
        best = np.where(best == _NEVER, _NEVER, np.maximum(best, likeness[nearest]))
        best[nearest] = _NEVER
    return weight


def _between(
    table: Array, linked: NDArray[np.bool_], members: list[list[int]]
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Of every two events: what speaks against their being one, added up; what speaks
    for it most; and whether any link joins them.
    """
    against = _joined(np.minimum(table, 0.0), members, np.add)
    in_favour = _joined(np.maximum(table, 0.0), members, np.maximum)
    near = _joined(linked, members, np.logical_or)
    np.fill_diagonal(near, False)
    return against, in_favour, near


def _joined(table: NDArray[Any], members: list[list[int]], join: np.ufunc) -> Any:
    """A table of reports made one of events, its entries joined by a rule."""
    rows = np.stack([join.reduce(table[group], axis=0) for group in members])
    return np.stack([join.reduce(rows[:, group], axis=1) for group in members], axis=1)


def _voices(evidence: list[Evidence], linked: NDArray[np.bool_]) -> list[list[int]]:
    """Reports that one feed entered several times over: same words, place and time.

    They are one voice: however often it is entered, it says one thing about where and
    what. Entries of a catalogue that never repeats itself are not linked, and stay two.
    """
    voices: dict[tuple[object, ...], list[int]] = {}
    for i, e in enumerate(evidence):
        key: tuple[object, ...] = (i,)
        if e.mention.words and not e.is_thermal:
            key = (
                e.observation.feed,
                round(e.lat_rad, 6),
                round(e.lon_rad, 6),
                e.from_s,
                e.to_s,
                e.mention.words,
            )
        same = voices.setdefault(key, [])
        if all(linked[i, j] for j in same):
            same.append(i)
        else:
            voices[(i,)] = [i]
    return list(voices.values())


def divide(
    evidence: list[Evidence], linked: NDArray[np.bool_], parameters: Parameters
) -> list[list[int]]:
    """The events among these reports, as sorted indices; none for no reports.

    `linked`: (n, n), symmetric, which two may be of one event; only events that some
    link joins are tried against each other.
    """
    voices = _voices(evidence, linked)
    if len(voices) < 3:
        # Two that are linked are more likely one event than two: nothing is left to
        # weigh.
        return [list(range(len(evidence)))]
    speakers = [evidence[voice[0]] for voice in voices]
    rows, scale = sums_from_evidence(speakers, parameters)
    *_, near = _between(np.zeros(linked.shape), linked, voices)
    division = _Division(rows, scale, says(speakers, parameters), near)
    for _ in range(_ROUNDS_MAX):
        division.merge_all()
        if not division.move_all():
            break
    return sorted(
        sorted(i for voice in group for i in voices[voice])
        for group in division.members
    )


def total_factor(
    groups: list[list[int]], evidence: list[Evidence], parameters: Parameters
) -> float:
    """What `divide` makes as large as it can: the sum of the events' log factors.

    `groups` are indices of the reports, each in one group; no group is empty.
    """
    rows, scale = sums_from_evidence(evidence, parameters)
    table = says(evidence, parameters)
    whole = _Division(rows, scale, table, np.ones(table.shape, dtype=np.bool_))
    return sum(float(log_factors(whole.sums_of(group), scale)[0]) for group in groups)


__all__ = ["divide", "total_factor"]
