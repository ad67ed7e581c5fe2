"""A line of the ledger as a picture: what came and what went, one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.picture.invented_picture import NOW, START, InventedPicture

from truce.errors import InvalidQuery
from truce.identifiers import IncidentId, StatementIndex
from truce.incidents.model import Change as HistoryChange
from truce.incidents.model import HistoryEntry, Incident
from truce.picture import AsOf, Desk
from truce.release.gate import Gate
from truce.release.model import Reader
from truce.reporting.changes import changed_picture
from truce.reporting.model import Change

# Ten days in, most is known; what is revised is revised after this moment.
_SINCE = START + timedelta(days=8)
_MERGED, _HEIR, _WITHDRAWN, _SPLIT = (IncidentId(f"i-000{n}") for n in range(4))
_PARTS = (IncidentId("i-part-a"), IncidentId("i-part-b"))
_GONE = {
    _MERGED: (HistoryChange.MERGED, (_HEIR,)),
    _WITHDRAWN: (HistoryChange.WITHDRAWN, ()),
    _SPLIT: (HistoryChange.SPLIT, _PARTS),
}


class _Revised(InventedPicture):
    """One incident merged into another, one withdrawn, one split in two, late on."""

    @property
    def revised_at(self) -> StatementIndex:
        """The last statement: it changed three incidents."""
        return StatementIndex(self.statement_count - 1)

    def incidents(self, as_of: AsOf) -> Sequence[Incident]:
        """As they were known, with the three revised at the last statement."""
        known = super().incidents(as_of)
        if as_of.count <= self.revised_at:
            return known
        whole = next(one for one in known if one.id == _SPLIT)
        parts = [replace(whole, id=name) for name in _PARTS]
        return [*(one for one in known if one.id not in _GONE), *parts]

    def changes_after(self, count: int) -> Sequence[HistoryEntry]:
        """What formed, and the three revisions."""
        formed = super().changes_after(count)
        at = self.revised_at
        made = [
            HistoryEntry(incident=part, position=at, change=HistoryChange.FORMED)
            for part in _PARTS
        ]
        ends = [
            HistoryEntry(incident=name, position=at, change=change, others=others)
            for name, (change, others) in _GONE.items()
        ]
        return [*formed, *made, *ends]


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk on the record that was revised."""
    return Desk(_Revised(count=120), gate=Gate(naming_key=b"an invented naming key"))


def _names(desk: Desk, change: Change, reader: Reader = Reader.MECHANISM) -> list[str]:
    found = changed_picture(desk, reader, desk.now(NOW), change=change, since=_SINCE)
    return [one.reference for one in found.sights]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (Change.MERGED_OUT, [_MERGED]),
        (Change.WITHDRAWN, [_WITHDRAWN]),
        (Change.SPLIT_UP, [_SPLIT]),
        (Change.SPLIT_OFF, list(_PARTS)),
        (Change.REVISED_IN, []),
        (Change.UNEXPLAINED_OUT, []),
    ],
)
def test_each_line_leads_to_its_incidents(
    desk: Desk, change: Change, names: list[str]
) -> None:
    """What merged or was withdrawn is no longer known, and still shown as it was."""
    assert _names(desk, change) == names


def test_new_is_what_came_since(desk: Desk) -> None:
    """Everything known now and not then, but for the parts of what was split."""
    opening = desk.as_of(NOW, at=_SINCE)
    before = {s.reference for s in desk.picture(Reader.MECHANISM, opening).sights}
    after = {s.reference for s in desk.picture(Reader.MECHANISM, desk.now(NOW)).sights}
    assert set(_names(desk, Change.NEW)) == after - before - set(_PARTS) != set()


def test_others_are_told_only_that_it_came_or_went(desk: Desk) -> None:
    """The cell counts what it is shown, by its own names, and is given no reason."""
    opening = desk.as_of(NOW, at=_SINCE)
    before = {s.reference for s in desk.picture(Reader.CELL, opening).sights}
    after = {s.reference for s in desk.picture(Reader.CELL, desk.now(NOW)).sights}
    assert set(_names(desk, Change.REVISED_IN, Reader.CELL)) == after - before
    assert set(_names(desk, Change.REVISED_OUT, Reader.CELL)) == before - after != set()
    for change in (Change.NEW, Change.MERGED_OUT, Change.UNEXPLAINED_IN):
        with pytest.raises(InvalidQuery, match="only the mechanism is told"):
            _names(desk, change, Reader.CELL)


def test_a_count_from_later_on_is_refused(desk: Desk) -> None:
    """The two moments were exchanged; an empty list would read as no change."""
    early = desk.as_of(NOW, at=_SINCE - timedelta(days=1))
    with pytest.raises(InvalidQuery, match="expected a moment up to"):
        changed_picture(desk, Reader.MECHANISM, early, change=Change.NEW, since=_SINCE)


def test_without_names_as_many_are_shown_as_are_counted() -> None:
    """A mirror names no incident to the public; those that look alike are counted."""
    source = _Revised(count=120)
    named = Desk(source, gate=Gate(naming_key=b"an invented naming key"))
    nameless = Desk(source)
    for change in (Change.REVISED_IN, Change.REVISED_OUT):
        expected = len(_names(named, change, Reader.PUBLIC))
        assert len(_names(nameless, change, Reader.PUBLIC)) == expected
