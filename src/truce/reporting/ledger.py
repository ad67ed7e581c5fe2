"""From the opening total to the closing total: each difference explained by its
incident."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from truce.identifiers import IncidentId
from truce.incidents.model import Change as HistoryChange
from truce.incidents.model import HistoryEntry
from truce.release.model import Reader, ReleasedIncident
from truce.reporting.model import (
    COMING_IN,
    UNEXPLAINED,
    Change,
    Difference,
    Figure,
    Ledger,
    LedgerLine,
    ReportInput,
    Subject,
)
from truce.reporting.tables import Scope

Shown = Mapping[IncidentId, ReleasedIncident]


def ledger_of(data: ReportInput, before: Shown, after: Shown, scope: Scope) -> Ledger:
    """The ledger for a reader to whom `before` and `after` were released.

    Each is by the record's own id; only released references leave this function.
    """
    changes = Changes(
        known_before=(one.id for one in data.before.incidents),
        known_after=(one.id for one in data.after.incidents),
        history=data.history,
    )
    explained: defaultdict[Change, list[Difference]] = defaultdict(list)
    counts: defaultdict[Change, int] = defaultdict(int)
    for name, change in changes.between(before, after, scope.reader):
        is_coming = name in after
        counts[change] += 1
        reference = (after if is_coming else before)[name].reference
        if reference:
            others = changes.others_of(name, is_coming, scope.reader)
            explained[change].append(Difference(reference=reference, others=others))
    opening = replace(scope.query(Subject.INCIDENTS), at=scope.opened_at)
    return Ledger(
        opening=Figure(key="ledger/opening", value=len(before), query=opening),
        lines=tuple(
            _line(change, counts[change], explained[change], scope)
            for change in Change
            if counts[change] or _is_always_told(change, scope.reader)
        ),
        closing=Figure(
            key="ledger/closing",
            value=len(after),
            query=scope.query(Subject.INCIDENTS),
        ),
    )


def _is_always_told(change: Change, reader: Reader) -> bool:
    """A zero is told where it is an answer; others than the mechanism have two
    lines."""
    if reader is Reader.MECHANISM:
        return change not in UNEXPLAINED
    return change in (Change.REVISED_IN, Change.REVISED_OUT)


def _line(
    change: Change, count: int, differences: Iterable[Difference], scope: Scope
) -> LedgerLine:
    query = replace(scope.query(Subject.CHANGES), since=scope.opened_at, change=change)
    return LedgerLine(
        change=change,
        figure=Figure(key=f"ledger/{change}", value=count, query=query),
        differences=tuple(sorted(differences, key=lambda one: one.reference)),
    )


class Changes:
    """What the history between two moments says of each id, and which ids were known
    at which of the two.
    """

    def __init__(
        self,
        *,
        known_before: Iterable[IncidentId],
        known_after: Iterable[IncidentId],
        history: Iterable[HistoryEntry],
    ) -> None:
        self._known_before = set(known_before)
        self._known_after = set(known_after)
        self._entries: defaultdict[IncidentId, list[HistoryEntry]] = defaultdict(list)
        self._sources: defaultdict[IncidentId, list[IncidentId]] = defaultdict(list)
        for entry in history:
            self._entries[entry.incident].append(entry)
            if entry.change is HistoryChange.SPLIT:
                for other in entry.others:
                    self._sources[other].append(entry.incident)

    def between(
        self, before: Shown, after: Shown, reader: Reader
    ) -> Iterator[tuple[IncidentId, Change]]:
        """Each id that only one of the two shows, and why, in the order of the ids.

        Why a thing came or went is for the mechanism; others see that it did.
        """
        for name in sorted(before.keys() ^ after.keys()):
            is_coming = name in after
            if reader is not Reader.MECHANISM:
                yield name, Change.REVISED_IN if is_coming else Change.REVISED_OUT
            else:
                yield name, self.in_by(name) if is_coming else self.out_by(name)

    def in_by(self, name: IncidentId) -> Change:
        """Why an id is shown that was not shown before."""
        if name in self._known_before:
            return Change.REVISED_IN
        if self._sources[name]:
            return Change.SPLIT_OFF
        if any(e.change is not HistoryChange.WITHDRAWN for e in self._entries[name]):
            return Change.NEW
        return Change.UNEXPLAINED_IN

    def out_by(self, name: IncidentId) -> Change:
        """Why an id that was shown is shown no longer: by the last entry that ends
        it."""
        if name in self._known_after:
            return Change.REVISED_OUT
        ends = {
            HistoryChange.MERGED: Change.MERGED_OUT,
            HistoryChange.SPLIT: Change.SPLIT_UP,
            HistoryChange.WITHDRAWN: Change.WITHDRAWN,
        }
        found = [ends[e.change] for e in self._entries[name] if e.change in ends]
        return found[-1] if found else Change.UNEXPLAINED_OUT

    def others_of(
        self, name: IncidentId, is_coming: bool, reader: Reader
    ) -> tuple[str, ...]:
        """The ids into or from which it went; only the mechanism may match them."""
        if reader is not Reader.MECHANISM:
            return ()
        if is_coming:
            return tuple(sorted(self._sources[name]))
        others = {other for entry in self._entries[name] for other in entry.others}
        return tuple(sorted(others))


def sum_of_lines(ledger: Ledger) -> int:
    """The opening total with every line added or taken away."""
    return ledger.opening.value + sum(
        line.figure.value if line.change in COMING_IN else -line.figure.value
        for line in ledger.lines
    )


__all__ = ["Changes", "Shown", "ledger_of", "sum_of_lines"]
