"""Local times as moments, on ordinary days and on those when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from tests.unit.agreement.invented_text import TEXT, with_during

from truce.agreement.load import load_agreement
from truce.agreement.local_times import Reading, day_interval_start, moments_of
from truce.agreement.model import Agreement, Hours, Once, Window
from truce.agreement.windows import windows_until
from truce.errors import InvalidAgreement

KYIV = ZoneInfo("Europe/Kyiv")
# The clocks of Kyiv go from 03:00 to 04:00 on 30 March 2031 and from 04:00 back to
# 03:00 on 26 October 2031 (IANA time zone database, the European rule).
SPRING, AUTUMN = date(2031, 3, 30), date(2031, 10, 26)


def _at(day: str, during: str) -> bytes:
    """The invented text, in force for two years from a day, with another time."""
    text = with_during(during).decode()
    return text.replace(
        "{from: 2031-05-04, to: 2031-05-08,", f"{{from: {day}, to: 2033-01-01,"
    ).encode()


def _windows(data: bytes, as_of: datetime) -> tuple[Window, ...]:
    agreement = load_agreement(data, file="quiet.yaml")
    return windows_until(agreement, agreement.clauses[0].id, as_of)


def _hour(day: int, hour: int, *, month: int = 5) -> datetime:
    return datetime(2031, month, day, hour, tzinfo=UTC)


def test_a_skipped_time_means_the_moment_of_the_change() -> None:
    """03:30 does not exist that morning: both readings are the jump, at 01:00 UTC."""
    moments = moments_of(datetime(2031, 3, 30, 3, 30), KYIV)  # noqa: DTZ001  # local

    assert moments.reading is Reading.SKIPPED
    assert moments.earlier == moments.later == datetime(2031, 3, 30, 1, tzinfo=UTC)


def test_a_repeated_time_means_two_moments_an_hour_apart() -> None:
    """03:30 is shown twice that night, first by summer time."""
    moments = moments_of(datetime(2031, 10, 26, 3, 30), KYIV)  # noqa: DTZ001  # local

    assert moments.reading is Reading.REPEATED
    assert moments.earlier == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
    assert moments.later == datetime(2031, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(
    day: date, hours: int
) -> None:
    """A whole-day clause binds for 23 or 25 hours then, not for 24."""
    length = day_interval_start(day + timedelta(days=1), KYIV) - day_interval_start(
        day, KYIV
    )

    assert length == timedelta(hours=hours)


CLOCK_FAULTS = [
    (
        "{from: 2031-03-30T03:30, to: 2031-03-30T09:00}",
        r"from is 2031-03-30T03:30:00, .* skip; write 2031-03-30T04:00:00\+03:00",
    ),
    (
        "{day: 2031-10-26, from: 03:30, to: 09:00}",
        r"show twice; write 2031-10-26T03:30:00\+03:00 or 2031-10-26T03:30:00\+02:00",
    ),
    (
        "{from: 2031-10-26T03:30+05:00, to: 2031-10-26T09:00}",
        r"but clocks in Europe/Kyiv then show 2031-10-26T01:30:00\+03:00",
    ),
    (
        "{daily: {from: 03:30, to: 06:00}}",
        r"03:30 is skipped by the clocks .* on 2031-03-30; add `clock change: earlier`",
    ),
    ("{daily: {from: 25:00, to: 06:00}}", "from is '25:00'; write e.g. 09:00"),
    ("{daily: sometimes}", "daily is 'sometimes'; write `whole day`"),
    ("{day: 2031-05-04, hours: some}", "hours is 'some'; write `unknown` where"),
    ("{day: 2031-05-04, from: unknown, to: unknown}", "write `hours: unknown`"),
    ("{from: 2031-05-04, to: 2031-05-04}", "the window ends before it begins"),
    ("{day: 1931-05-04, hours: unknown}", "day is '1931-05-04'; write e.g. 2031"),
    ("{day: 2031-02-30, hours: unknown}", "day is '2031-02-30'; write e.g. 2031"),
    ("{day: 2031-W18-7, hours: unknown}", "day is '2031-W18-7'; write e.g. 2031"),
    ("{from: 2031-05-04T24:30, to: 2031-05-06}", "from is '2031-05-04T24:30'; write"),
    ("{from: 2031-05-04, to: 9999-12-31}", "to is '9999-12-31'; write 2031-05-04T"),
    ("for ever", "during is 'for ever'; write `time in force`"),
]


@pytest.mark.parametrize(("during", "message"), CLOCK_FAULTS)
def test_a_time_that_names_no_single_moment_is_refused(
    during: str, message: str
) -> None:
    """A lawyer wrote an hour that the clocks skip, repeat or do not have."""
    with pytest.raises(InvalidAgreement, match=message):
        load_agreement(_at("2031-01-01", during), file="quiet.yaml")


def test_an_offset_settles_a_repeated_time() -> None:
    """The second 03:30 of the night, written with its offset, is one moment."""
    (window,) = _windows(
        _at("2031-01-01", "{from: 2031-10-26T03:30+02:00, to: 2031-10-26T09:00}"),
        _hour(1, 0),
    )

    assert window.interval.start == datetime(2031, 10, 26, 1, 30, tzinfo=UTC)
    assert window.interval.end == datetime(2031, 10, 26, 7, tzinfo=UTC)


@pytest.mark.parametrize(("word", "hour"), [("earlier", 0), ("later", 1)])
def test_a_daily_clause_says_which_moment_it_means(word: str, hour: int) -> None:
    """A daily clause from 03:30 over the night on which 03:30 comes twice."""
    during = f"{{daily: {{from: 03:30, to: 06:00, clock change: {word}}}}}"
    windows = _windows(_at("2031-10-26", during), _hour(26, 12, month=10))

    assert windows[-1].day == AUTUMN
    assert windows[-1].interval.start == datetime(2031, 10, 26, hour, 30, tzinfo=UTC)


def test_unknown_hours_are_the_whole_local_day_and_marked() -> None:
    """The text names a day only: its window is that day in Kyiv, hours unknown."""
    (window,) = _windows(with_during("{day: 2031-05-04, hours: unknown}"), _hour(1, 0))

    assert window.hours is Hours.UNKNOWN
    assert window.interval.start == datetime(2031, 5, 3, 21, tzinfo=UTC)
    assert window.interval.end == datetime(2031, 5, 4, 21, tzinfo=UTC)


def test_one_unknown_hour_leaves_the_hours_unknown() -> None:
    """From 09:00, no end stated: bounded by the day, but nothing is known of the
    end."""
    (window,) = _windows(
        with_during("{day: 2031-05-04, from: 09:00, to: unknown}"), _hour(1, 0)
    )

    assert window.hours is Hours.UNKNOWN
    assert window.interval.start == datetime(2031, 5, 4, 6, tzinfo=UTC)
    assert window.interval.end == datetime(2031, 5, 4, 21, tzinfo=UTC)


def test_a_stated_whole_day_is_no_unknown_hours() -> None:
    """A text that says "all day" binds all day, which is more than not saying when."""
    (window,) = _windows(
        with_during("{day: 2031-05-04, hours: whole day}"), _hour(1, 0)
    )

    assert window.hours is Hours.STATED


def test_a_daily_clause_has_the_windows_that_have_begun() -> None:
    """On the third evening the clause has three windows; the fourth day is not judged
    yet.
    """
    windows = _windows(with_during("{daily: whole day}"), _hour(6, 12))

    assert [window.day.day for window in windows] == [4, 5, 6]
    assert all(
        before.interval.end == after.interval.start
        for before, after in pairwise(windows)
    )


def test_a_daily_clause_ends_with_the_agreement() -> None:
    """The agreement ends at midnight before the 8th: no later day is judged by it."""
    windows = _windows(with_during("{daily: whole day}"), _hour(30, 0))

    assert [window.day.day for window in windows] == [4, 5, 6, 7]


def test_hours_that_close_when_they_open_last_a_day() -> None:
    """From 06:00 to 06:00: a whole day that begins in the morning, not a window of
    nothing."""
    windows = _windows(with_during("{daily: {from: 06:00, to: 06:00}}"), _hour(5, 12))

    assert windows[-1].interval.duration == timedelta(hours=24)


def test_the_last_window_ends_with_the_agreement() -> None:
    """The agreement ends at noon of the 8th: that day is bound for twelve hours
    only."""
    text = with_during("{daily: whole day}").replace(
        b"to: 2031-05-08", b"to: 2031-05-08T12:00"
    )
    last = _windows(text, _hour(30, 0))[-1]

    assert (last.day.day, last.interval.duration) == (8, timedelta(hours=12))


def test_a_clause_that_has_not_begun_has_its_first_window() -> None:
    """Asked a week before: the clause is pending, not without an answer."""
    windows = _windows(with_during("{daily: whole day}"), _hour(1, 0))

    assert [window.day.day for window in windows] == [4]


def test_a_nightly_window_belongs_to_its_evening() -> None:
    """From 21:00 to 05:00: the night before the first day is bound from midnight on
    only.
    """
    windows = _windows(with_during("{daily: {from: 21:00, to: 05:00}}"), _hour(5, 12))

    assert [(w.day.day, w.interval.duration) for w in windows] == [
        (3, timedelta(hours=5)),
        (4, timedelta(hours=8)),
    ]


def test_time_in_force_needs_an_end() -> None:
    """A clause for as long as the agreement lasts, which has no end: never decided."""
    text = with_during("time in force")
    whole = load_agreement(text, file="quiet.yaml")
    assert isinstance(whole, Agreement)
    during = whole.clauses[0].during
    assert isinstance(during, Once)
    assert during.interval.end == whole.in_force.end

    endless = text.replace(b", to: 2031-05-08", b"")
    with pytest.raises(InvalidAgreement, match="the time in force has no end"):
        load_agreement(endless, file="quiet.yaml")
    assert b"2031-05-08" in TEXT.encode()
