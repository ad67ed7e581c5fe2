"""Bars of honest length, without gaps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from truce.instants import Interval
from truce.picture.answer import Step
from truce.picture.histogram import BINS_MAX, histogram
from truce.picture.question import State

_START = datetime(2031, 3, 25, 10, 7, tzinfo=UTC)


def _known(*moments: datetime) -> list[tuple[Interval, State, bool]]:
    return [(Interval(start=m, end=m), State.NONE, True) for m in moments]


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (timedelta(minutes=30), Step.MINUTE),
        (timedelta(hours=8), Step.FIVE_MINUTES),
        (timedelta(days=1), Step.QUARTER),
        (timedelta(days=4), Step.HOUR),
        (timedelta(days=10), Step.THREE_HOURS),
        (timedelta(days=25), Step.SIX_HOURS),
        (timedelta(days=100), Step.DAY),
        (timedelta(days=700), Step.WEEK),
        (timedelta(days=3000), Step.MONTH),
        (timedelta(days=9000), Step.YEAR),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Kyiv", "Asia/Kathmandu"])
def test_bars_have_no_gaps_and_are_few(span: timedelta, step: Step, zone: str) -> None:
    """From half an hour to a generation, in zones with odd offsets and summer time."""
    bars = histogram(_known(_START, _START + span), zone=ZoneInfo(zone))
    assert bars.step is step
    assert len(bars.bins) <= BINS_MAX + 1
    assert all(one.end == two.start for one, two in pairwise(bars.bins))
    assert bars.start <= _START < bars.bins[0].end
    assert bars.bins[-1].start <= _START + span < bars.end
    assert [one.count for one in bars.bins if one.count] == [1, 1]


def test_days_begin_at_local_midnight_where_clocks_change() -> None:
    """In Kyiv 30 March 2031 has 23 hours; its bar is that long and no other."""
    zone = ZoneInfo("Europe/Kyiv")
    bars = histogram(_known(_START, _START + timedelta(days=60)), zone=zone)
    assert bars.step is Step.DAY
    assert all(one.start.astimezone(zone).hour == 0 for one in bars.bins)
    lengths = {one.end - one.start for one in bars.bins}
    assert lengths == {timedelta(hours=23), timedelta(hours=24)}


def test_a_moment_has_its_place_on_the_width() -> None:
    """The brush is drawn where its times lie among the bars."""
    bars = histogram(_known(_START, _START + timedelta(days=10)), zone=UTC)
    assert bars.share_of(bars.start) == 0.0
    assert bars.share_of(bars.end) == 1.0
    assert bars.share_of(bars.start - timedelta(days=9)) == 0.0
    middle = bars.bins[len(bars.bins) // 2]
    assert bars.share_of(middle.start) == middle.index / len(bars.bins)


def test_nothing_has_no_bars() -> None:
    """No incident matches: there is nothing to draw, and nothing breaks."""
    bars = histogram([], zone=UTC)
    assert bars.bins == ()
    assert bars.peak == 0


def test_marks_stand_at_midnights() -> None:
    """Under ten days of three-hour bars people look for the days."""
    bars = histogram(_known(_START, _START + timedelta(days=10)), zone=UTC)
    assert bars.ticks
    assert all(tick.at.hour == 0 for tick in bars.ticks)


def _years_with_a_chosen_week(
    *, chosen_days: int
) -> list[tuple[Interval, State, bool]]:
    """A report a day for eight years, of which some days in the sixth are chosen, and
    one report of that whole year, which reaches into the choice.
    """
    first = 6 * 365
    days = [_START + timedelta(days=number) for number in range(8 * 365)]
    known = [
        (
            Interval(start=day, end=day + timedelta(hours=1)),
            State.NONE,
            first <= number < first + chosen_days,
        )
        for number, day in enumerate(days)
    ]
    year = Interval(start=days[first - 180], end=days[first + 180])
    return [*known, (year, State.NONE, True)]


def test_a_short_part_of_long_years_is_drawn_by_itself() -> None:
    """Of eight years one week is chosen: its days can be told apart, and a little of
    what lies before and after stays, so that it can be moved.
    """
    known = _years_with_a_chosen_week(chosen_days=7)
    whole = histogram([(one, state, True) for one, state, _ in known], zone=UTC)
    part = histogram(known, zone=UTC)
    assert whole.step is Step.MONTH
    assert part.step is Step.SIX_HOURS
    chosen = [interval for interval, _, is_chosen in known[:-1] if is_chosen]
    assert part.start < chosen[0].start - timedelta(days=5)
    assert part.end > chosen[-1].end + timedelta(days=5)
    assert part.end - part.start < timedelta(days=30)
    assert sum(one.selected_count for one in part.bins) == len(chosen) + 1


def test_a_long_part_is_drawn_among_all() -> None:
    """Of eight years one is chosen: there is nothing to gain by hiding the others."""
    known = _years_with_a_chosen_week(chosen_days=365)
    bars = histogram(known, zone=UTC)
    assert bars.step is Step.MONTH
    assert sum(one.count for one in bars.bins) == len(known)
