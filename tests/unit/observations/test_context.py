"""The checks that every row must pass, days, and ids."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from truce.errors import InvalidValue
from truce.identifiers import FeedName
from truce.observations.context import (
    Bounds,
    ReadingContext,
    assess_position,
    assess_times,
    day_start,
    days_interval,
    observation_id,
)

LAND = Bounds(name="Nordland", south_deg=40, north_deg=50, west_deg=20, east_deg=35)
NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def test_a_position_inside_passes() -> None:
    """Edges count: a border town is part of its land."""
    assert assess_position(40.0, 35.0, LAND) == ()
    assert assess_position(-90.0, 180.0, None) == ()


def test_swapped_degrees_are_recognised() -> None:
    """The commonest fault of all: the swapped position lies in the land."""
    (reason,) = assess_position(30.5, 45.5, LAND)
    assert reason == (
        "position 30.5, 45.5 lies outside Nordland; latitude and longitude look swapped"
    )


def test_a_position_elsewhere_is_outside() -> None:
    """Outside both ways round: not swapped, wrong; the box is named."""
    (reason,) = assess_position(10.0, 10.0, LAND)
    assert "lies outside Nordland (latitude 40 to 50, longitude 20 to 35)" in reason
    assert "swapped" not in reason


def test_a_latitude_beyond_the_pole_looks_swapped_anywhere() -> None:
    """Without bounds the poles still tell: latitude 139 is a longitude."""
    (reason,) = assess_position(139.0, 35.0, None)
    assert "look swapped" in reason
    (reason,) = assess_position(139.0, 139.0, None)
    assert "lies outside the world" in reason


@pytest.mark.parametrize("lat_deg", [float("nan"), float("inf"), float("-inf")])
def test_no_number_is_no_position(lat_deg: float) -> None:
    """NaN compares as neither inside nor outside; it must not slip through."""
    (reason,) = assess_position(lat_deg, 30.0, LAND)
    assert "expected finite degrees" in reason


@pytest.mark.parametrize(
    ("south_deg", "north_deg", "west_deg", "east_deg"),
    [(50, 40, 20, 30), (40, 95, 20, 30), (40, 50, 30, 20), (40, 50, 20, 190)],
)
def test_bounds_that_hold_nothing_are_refused(
    south_deg: float, north_deg: float, west_deg: float, east_deg: float
) -> None:
    """Empty bounds would quarantine a whole record without a fault of its own."""
    with pytest.raises(InvalidValue, match="bounds x: "):
        Bounds(
            name="x",
            south_deg=south_deg,
            north_deg=north_deg,
            west_deg=west_deg,
            east_deg=east_deg,
        )


def test_the_moment_of_receipt_is_the_last_that_may_be(
    context: ReadingContext,
) -> None:
    """A report cannot come before what it reports, not even by a second."""
    assert assess_times(NOON, NOON, context) == ()
    (reason,) = assess_times(NOON, NOON + timedelta(seconds=1), context)
    assert reason == (
        "date in the future: 2031-05-06T12:00:01Z is after it was received "
        "(2031-05-06T12:00:00Z)"
    )


def test_both_faults_of_a_time_are_named(context: ReadingContext) -> None:
    """End before start and in the future: the source gets both at once."""
    reasons = assess_times(NOON + timedelta(days=2), NOON, context)
    assert len(reasons) == 2
    assert "is before start 2031-05-08T12:00:00Z" in reasons[0]
    assert "date in the future: 2031-05-08T12:00:00Z" in reasons[1]


def test_an_event_of_today_may_be_dated_to_today(context: ReadingContext) -> None:
    """At noon today's day is not over: the day's start counts, not its end."""
    today, tomorrow = day_start(date(2031, 5, 6)), day_start(date(2031, 5, 7))
    assert assess_times(today, today, context) == ()
    assert assess_times(today, tomorrow, context) != ()


def test_a_day_in_kyiv_is_no_utc_day() -> None:
    """It begins three hours earlier in summer and two in winter."""
    summer = days_interval(date(2031, 7, 1), date(2031, 7, 1))
    assert summer.start == datetime(2031, 6, 30, 21, tzinfo=UTC)
    assert summer.end == datetime(2031, 7, 1, 20, 59, 59, tzinfo=UTC)
    assert day_start(date(2031, 1, 1)) == datetime(2030, 12, 31, 22, tzinfo=UTC)


def test_a_day_of_changing_clocks_has_its_own_length() -> None:
    """The last Sunday of March has 23 hours: an interval of 24 would touch the next."""
    day = days_interval(date(2022, 3, 27), date(2022, 3, 27))
    assert day.duration == timedelta(hours=23) - timedelta(seconds=1)


def test_another_zone_may_be_asked() -> None:
    """A corridor on other land has its own days."""
    day = days_interval(date(2031, 7, 1), date(2031, 7, 2), ZoneInfo("UTC"))
    assert day.start == datetime(2031, 7, 1, tzinfo=UTC)
    assert day.end == datetime(2031, 7, 2, 23, 59, 59, tzinfo=UTC)


def test_neighbouring_days_do_not_touch() -> None:
    """Touching intervals overlap, and one event would fit two days."""
    first = days_interval(date(2031, 7, 1), date(2031, 7, 1))
    second = days_interval(date(2031, 7, 2), date(2031, 7, 2))
    assert not first.overlaps(second)


def test_an_id_is_the_same_everywhere() -> None:
    """Two records that hold the same row must speak of it by one name.

    Checked outside: printf '["firms","a","\\u0436"]' | sha256sum, the first 20 digits.
    """
    assert observation_id(FeedName("firms"), ("a", "ж")) == "7ccc4ab62b08b88e5b12"


def test_ids_of_different_rows_differ() -> None:
    """Nor may a text that moves from one column to the next keep the id."""
    feed = FeedName("firms")
    rows = [("a", "bc"), ("ab", "c"), ("abc", ""), ("abc",), ('a","bc',)]
    ids = {observation_id(feed, row) for row in rows}
    ids.add(observation_id(FeedName("other"), ("a", "bc")))
    assert len(ids) == 6


def test_a_time_of_receipt_without_zone_is_refused(context: ReadingContext) -> None:
    """Nobody could say what the future is."""
    with pytest.raises(InvalidValue, match="has no zone"):
        ReadingContext(
            statement=context.statement,
            received_at=datetime(2031, 5, 6),  # noqa: DTZ001  # the fault under test
            gazetteer=context.gazetteer,
        )
