"""The hours that a news text states for a corridor."""

from datetime import UTC, date, datetime

import pytest

from truce.observations.context import days_interval
from truce.observations.corridor_hours import (
    HoursOf,
    HoursStated,
    hours_from_text,
    news_of_text,
)

WINTER = date(2022, 3, 15)
SUMMER = date(2022, 4, 15)
KYIV = "KYIV. March 14 (Interfax-Ukraine) - "
MOSCOW = "MOSCOW. March 14 (Interfax) - "


def _hours(text: str, day: date = WINTER, by: str = "") -> HoursStated:
    stated = hours_from_text(text, day, announced_by=by)
    assert stated is not None
    return stated


def _utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(("day", "first", "last"), [(WINTER, 7, 14), (SUMMER, 6, 13)])
def test_kyiv_hours_follow_the_clock_change(day: date, first: int, last: int) -> None:
    """Ukraine put its clocks forward on 27 March 2022; Moscow never does."""
    text = "A ceasefire from 9:00 a.m. to 4:00 p.m. Kyiv Time has been announced."
    stated = _hours(text, day)
    assert (stated.start, stated.end) == (_utc(day, first), _utc(day, last))
    assert stated.of is HoursOf.CEASEFIRE
    in_moscow = _hours(text.replace("Kyiv", "Moscow"), day)
    assert in_moscow.start == _utc(day, 6)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("a ceasefire starting 9:00 a.m. Kyiv Time (10:00 a.m. Moscow Time).", 7, None),
        ("A ceasefire until 21:00 was agreed.", None, 19),
        (
            "starting from 9 a.m. local time until 9:00 p.m., a ceasefire holds",
            7,
            19,
        ),
        ("a cease-fire starting at 10 a.m. local time (0700 UTC) Wednesday", 7, None),
        ("a humanitarian passage was extended from 9 a.m. to 9 p.m.,", 7, 19),
        ("a ceasefire from 9:00 a.m. to 17:00 a.m. Moscow Time was set.", 6, 14),
        ("a ceasefire at 12 p.m. was set.", 10, None),
    ],
)
def test_hours_are_read(text: str, start: int | None, end: int | None) -> None:
    """Open ends, both clocks, a UTC time that corrects "local", an odd 17:00 a.m."""
    stated = _hours(text)
    assert stated.start == (None if start is None else _utc(WINTER, start))
    assert stated.end == (None if end is None else _utc(WINTER, end))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Status: successful from 9:00 a.m. to 4:00 p.m. ceasefire; A corridor opened.",
        "A ceasefire holds. see source: https://example.org/from 9:00 a.m. ceasefire",
        "Over 160 cars left the city through the humanitarian corridor by 1 p.m.",
        "2,000 vehicles were leaving the city as of 2 p.m. local time.",
        "Buses departed along said routes at 8:00 a.m., she said.",
        "The ceasefire was discussed for 24 hours from 14 sides.",
        "A ceasefire from 9:00 a.m. to 4:00 p.m. on March 16 was announced.",
        "A ceasefire from 99:00 was announced.",
    ],
)
def test_what_states_no_hours_gives_none(text: str) -> None:
    """The compilers' words, what has happened, another day, and what is no time."""
    assert hours_from_text(text, WINTER) is None


def test_a_planned_movement_binds_no_fire() -> None:
    """Buses that shall come at ten do not say from when fire must cease."""
    stated = _hours("The gathering point is the square, at 2:00 p.m. today.")
    assert (stated.of, stated.start) == (HoursOf.MOVEMENT, _utc(WINTER, 12))


def test_each_side_is_asked_for_its_own_word() -> None:
    """One text serves the rows of both; Moscow's unzoned ten o'clock is Moscow's."""
    text = (
        f"{KYIV}A ceasefire from 9:00 a.m. to 9:00 p.m. was announced. ;;;; "
        f"{MOSCOW}Russia has declared a ceasefire starting 11:00 a.m. for the city."
    )
    by_ukraine = _hours(text, by="Ukraine")
    assert (by_ukraine.stated_by, by_ukraine.end) == ("Ukraine", _utc(WINTER, 19))
    by_russia = _hours(text, by="Russia")
    assert (by_russia.stated_by, by_russia.start) == ("Russia", _utc(WINTER, 8))
    assert by_russia.end is None
    assert [other.stated_by for other in by_russia.others] == ["Ukraine"]
    assert _hours(text, by="Agreed").stated_by == "Ukraine"


def test_hours_that_run_past_midnight_end_the_next_day() -> None:
    """From nine in the evening to six in the morning is nine hours forward."""
    stated = _hours("A ceasefire from 9:00 p.m. to 6:00 a.m. was set.")
    assert stated.end == datetime(2022, 3, 16, 4, tzinfo=UTC)


def test_an_open_side_reaches_the_bound_of_the_day() -> None:
    """Nobody said until when: the day that was named is all there is."""
    stated = _hours("A ceasefire starting 9:00 a.m. was set.")
    whole = days_interval(WINTER, WINTER)
    assert stated.interval(WINTER).start == _utc(WINTER, 7)
    assert stated.interval(WINTER).end == whole.end


def test_the_news_is_what_the_compilers_did_not_write() -> None:
    """Their status stands in front of the text and their sources behind it."""
    text = "Status: disputed; Corridors opened; people left. see source: https://a.b"
    assert news_of_text(text) == "Corridors opened; people left."
