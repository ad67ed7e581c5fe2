"""Patrols: day trips that hear a little, find craters, and are sometimes kept out."""

from datetime import timedelta
from itertools import pairwise

from truce.exercise import _clock
from truce.exercise._events import EventKind
from truce.exercise._front import nearest_front
from truce.exercise._patrols import Stop, bases, denied_day, stop_lines, stops
from truce.exercise._world import events
from truce.formats.watch_log import Sighting, Watched

_SEED = 1


def _lines(stop: Stop, day: int) -> list[Watched | Sighting]:
    happened = events(_SEED, day + 1)
    return list(stop_lines(_SEED, stop, happened, happened))


def test_patrols_go_by_day_to_towns_near_the_line() -> None:
    """Nights are left to instruments, as in every real mission of this kind."""
    assert len(bases()) == 6
    for day in range(10):
        for stop in stops(_SEED, day):
            assert 6.5 < _clock.hour_of(stop.starts_at) < 15.0
            assert stop.ends_at - stop.starts_at < timedelta(hours=2)
            assert nearest_front(stop.town.spot)[1] < 15_000.0


def test_stops_of_one_patrol_do_not_overlap() -> None:
    """Nobody is in two villages at once."""
    for patrol, _ in bases():
        own = [stop for stop in stops(_SEED, 3) if stop.patrol == patrol]
        assert len(own) == 4
        for before, after in pairwise(own):
            assert before.ends_at < after.starts_at


def test_a_patrol_that_is_denied_watches_nothing() -> None:
    """Its log says where it was stopped, and claims no watch: blind is not quiet."""
    day = denied_day(_SEED)
    denied = [stop for stop in stops(_SEED, day) if stop.is_denied]
    assert len(denied) >= 3
    for stop in denied:
        lines = _lines(stop, day)
        assert len(lines) == 1
        assert isinstance(lines[0], Sighting)
        assert "Denied access" in lines[0].text


def test_craters_are_shown_after_the_shelling_and_dated_by_hearsay() -> None:
    """The interval of a crater holds the true moment; its place is exact."""
    found = 0
    for day in range(10):
        for stop in stops(_SEED, day):
            for line in _lines(stop, day):
                if isinstance(line, Sighting) and line.kind == "crater":
                    found += 1
                    assert line.end <= stop.ends_at
                    assert any(
                        event.kind is EventKind.IMPACT
                        and line.start <= event.started_at < line.end
                        for event in events(_SEED, day + 1)
                    )
    assert found >= 2


def test_people_hear_roughly() -> None:
    """What is placed by ear is hundreds of metres, often kilometres, wide."""
    heard = [
        line
        for day in range(10)
        for stop in stops(_SEED, day)
        for line in _lines(stop, day)
        if isinstance(line, Sighting) and line.text.startswith("Heard")
    ]
    assert len(heard) > 8
    for line in heard:
        assert line.semi_major_m is not None
        assert line.semi_major_m > 100.0
        assert line.start.second == 0
