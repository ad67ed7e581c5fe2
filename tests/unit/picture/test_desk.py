"""As of when a desk answers, and that it answers the same from memory."""

from datetime import timedelta

import pytest
from tests.unit.picture.invented_picture import NOW, START, InventedPicture

from truce.errors import InvalidQuery
from truce.observations.kinds import Kind
from truce.picture import Desk, Question
from truce.release.model import Reader


def test_now_moves_by_whole_minutes(source: InventedPicture) -> None:
    """A list and its map are asked for a second apart and hold the same moment."""
    desk = Desk(source)
    first = desk.now(NOW + timedelta(seconds=1))
    assert first == desk.now(NOW + timedelta(seconds=40))
    assert first.instant == NOW
    assert first.count == source.statement_count
    assert not first.is_past


def test_a_past_moment_knows_what_was_sealed_by_then(source: InventedPicture) -> None:
    """Asked as of the fourth evening, later statements are unknown."""
    desk = Desk(source)
    at = START + timedelta(days=3, hours=20)
    as_of = desk.as_of(NOW, at=at)
    assert as_of.is_past
    assert as_of.count == source.count_at(at) < source.statement_count
    shown = desk.answer(Question(), Reader.MECHANISM, as_of)
    assert 0 < shown.totals.known < 300
    assert all(s.incident.interval.start <= at for s in shown.matched)


def test_a_bare_position_means_its_sealing_time(source: InventedPicture) -> None:
    """`position=100` is the moment at which the hundredth statement was sealed."""
    as_of = Desk(source).as_of(NOW, count=100)
    assert as_of.instant == source.sealed_at(99)  # type: ignore[arg-type]  # a literal


@pytest.mark.parametrize("count", [0, -1, 10**9])
def test_positions_outside_the_log_are_told(
    source: InventedPicture, count: int
) -> None:
    """Nobody is shown an empty picture for a position that never was."""
    with pytest.raises(InvalidQuery, match=f"position is {count}, expected 1 to"):
        Desk(source).as_of(NOW, count=count)


def test_the_future_is_told(source: InventedPicture) -> None:
    """A clock that is wrong must not show deadlines as passed."""
    with pytest.raises(InvalidQuery, match="is yet to come"):
        Desk(source).as_of(NOW, at=NOW + timedelta(hours=1))


def test_a_kept_picture_is_the_same_picture(source: InventedPicture) -> None:
    """The second asking is answered from memory, and alike."""
    desk = Desk(source)
    as_of = desk.now(NOW)
    first = desk.picture(Reader.MECHANISM, as_of)
    assert desk.picture(Reader.MECHANISM, as_of) is first
    assert Desk(source).picture(Reader.MECHANISM, as_of) == first


def test_a_new_incident_is_the_one_change() -> None:
    """Something happens; what differs between the two pictures is it alone."""
    source = InventedPicture(count=30)
    desk = Desk(source)
    before = desk.picture(Reader.MECHANISM, desk.now(NOW))
    made = source.add_incident(NOW - timedelta(minutes=3), kind=Kind.SONIC_BOOM)
    after = desk.picture(Reader.MECHANISM, desk.now(NOW))
    assert [s.reference for s in desk.changed(before, after)] == [made.id]
    assert desk.changed(after, after) == ()


def test_the_public_is_told_of_no_change_it_is_not_shown() -> None:
    """A statement a minute old is nothing new to those who read a day late."""
    source = InventedPicture(count=30)
    desk = Desk(source)
    before = desk.picture(Reader.PUBLIC, desk.now(NOW))
    source.add_incident(NOW - timedelta(minutes=3), kind=Kind.DAMAGE)
    after = desk.picture(Reader.PUBLIC, desk.now(NOW))
    assert desk.changed(before, after) == ()


def test_list_and_map_are_one_answer(source: InventedPicture) -> None:
    """The map asks at the pinned moment what the list asked now: one count for both."""
    desk, question = Desk(source), Question(kinds=(Kind.SHOT,))
    listed = desk.answer(question, Reader.MECHANISM, desk.now(NOW))
    pinned = desk.as_of(NOW, at=listed.as_of.instant, count=listed.as_of.count)
    mapped = desk.answer(question, Reader.MECHANISM, pinned)
    assert mapped.as_of.is_past
    assert mapped.matched is listed.matched
    assert desk.answer(Question(), Reader.MECHANISM, pinned).matched != mapped.matched
