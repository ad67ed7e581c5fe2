"""What a description says of when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from truce.observations.context import days_interval
from truce.observations.stated_times import (
    assess_day,
    day_of_posts,
    days_written,
    interval_stated,
)

DAY = date(2022, 3, 15)


def _post_of(moment: datetime) -> str:
    millis = int(moment.timestamp() * 1000) - 1_288_834_974_657
    return f"tw:{millis << 22}"


def test_a_day_is_a_whole_day_in_kyiv() -> None:
    """In winter a day there begins at 22:00 UTC of the day before."""
    stated = interval_stated(DAY, "School damaged")
    assert stated.start == datetime(2022, 3, 14, 22, tzinfo=UTC)
    assert stated.end == datetime(2022, 3, 15, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Overnight shelling damage", date(2022, 3, 14)),
        ("Bridge destroyed between March 3 and March 6", date(2022, 3, 3)),
        ("Imagery of 1st March of an airfield", date(2022, 3, 1)),
        ("Knocked out on 03/03/2022", date(2022, 3, 3)),
        ("Convoy hit a few days ago", date(2022, 3, 8)),
        ("Destroyed convoy (date uncertain)", date(2022, 2, 12)),
        ("Shelled in March", date(2022, 2, 12)),
    ],
)
def test_a_text_reaches_back(text: str, first: date) -> None:
    """The day of an entry is when it was shown; the event may be older."""
    assert interval_stated(DAY, text) == days_interval(first, DAY)


@pytest.mark.parametrize(
    "text",
    [
        "0:09 - 0:21 Damage in the port",
        "Image 2 may show a crater",
        "Preparations for a parade on May 9",
        "Anniversary of 15/03/1999",
        "Crater of 5 m, 1/4 of the roof gone",
    ],
)
def test_what_is_no_time_of_the_event_changes_nothing(text: str) -> None:
    """Places in a film, days to come, old stories and fractions."""
    assert interval_stated(DAY, text) == days_interval(DAY, DAY)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("Camera shows the strike at 02:25 AM", 0, 25),
        ("Explosion at 13:01 (Ukraine time)", 11, 1),
        ("Explosions about 1 a.m.", 23, 0),
    ],
)
def test_a_time_of_day_narrows_the_day(text: str, hour: int, minute: int) -> None:
    """Kyiv is two hours ahead of UTC in winter; a clock is trusted to half an hour."""
    stated = interval_stated(DAY, text)
    middle = stated.start + timedelta(minutes=30)
    assert (middle.hour, middle.minute) == (hour, minute)
    assert stated.duration == timedelta(hours=1)


def test_a_time_of_day_does_not_narrow_an_unknown_day() -> None:
    """ "At 3 a.m. last night" may be either day: the clock alone does not say."""
    stated = interval_stated(DAY, "Hit at 3 a.m., overnight shelling")
    assert stated == days_interval(date(2022, 3, 14), DAY)


def test_a_post_refutes_a_day_a_year_later() -> None:
    """Nothing that a post shows happened after it."""
    post = _post_of(datetime(2021, 3, 15, 12, tzinfo=UTC))
    (reason,) = assess_day(DAY, [post], 1)
    assert reason == (
        "date 2022-03-15 cannot be: by its own number the post cited is of 2021-03-15"
    )
    assert assess_day(DAY, [post, "tg:a/1"], 2) == ()
    assert assess_day(DAY, [], 0) == ()


def test_a_post_of_the_day_before_reaches_back() -> None:
    """The curator saw it a day late; the event lies before its post."""
    post = _post_of(datetime(2022, 3, 13, 12, tzinfo=UTC))
    assert assess_day(DAY, [post], 1) == ()
    assert day_of_posts(DAY, [post], 1) == (date(2022, 3, 13),)
    later = _post_of(datetime(2022, 3, 16, 12, tzinfo=UTC))
    assert day_of_posts(DAY, [post, later], 2) == ()


def test_days_that_do_not_exist_are_no_days() -> None:
    """The thirty-first of February is a typing error, not the third of March."""
    assert days_written("31/02/2022 and 1.3.22") == (date(2022, 3, 1),)
