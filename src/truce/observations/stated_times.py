"""What an English description says of when, beside the day that the entry is dated to.

A curator dates an entry to the day on which it was posted, and the description then
says that it shows last night, or a time of day, or that the day is not known. The
honest interval holds all of them. `0:09 - 0:21` at the start of a description is a
place in a film, not a time of day, so a time counts only with its own word beside it
(a.m., p.m., "Ukraine time").
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from truce.instants import Interval, text_from_instant
from truce.observations.context import KYIV, day_start, days_interval
from truce.observations.posts import instant_of_post

# A stated time of day is rounded, and clocks of cameras err: half an hour either side.
CLOCK_MARGIN: Final = timedelta(minutes=30)
_MONTH: Final = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# Words that say how far back the day may be, in days.
_REACH_BACK: Final = (
    (
        1,
        re.compile(
            r"\byesterday|\bovernight|\blast night|\bnight prior|\bnight before",
            re.IGNORECASE,
        ),
    ),
    (
        7,
        re.compile(
            r"\b(?:few|several|two|three) days ago|\blast week|\bdays ago",
            re.IGNORECASE,
        ),
    ),
    (
        31,
        re.compile(
            r"date (?:is )?(?:uncertain|unknown|unclear)|not sure of the date|"
            r"\blong ago|\blast month|\bfirst weeks|\bmonths? of\b|\bweeks ago|"
            rf"\b(?:after|in) (?:(?:\w+ ){{1,3}}in )?{_MONTH}\s*$",
            re.IGNORECASE,
        ),
    ),
)
# A day named further back than this is another story (an anniversary, a film's name).
NAMED_DAY_REACH: Final = timedelta(days=60)
# A post so much older than the day refutes the day; a smaller gap is a post dated late.
REFUTED_AFTER: Final = timedelta(days=90)
# Three letters each, in the order of the year.
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
# With their capital letters: "image 2 may show" names no day.
_MONTH_DAY: Final = re.compile(rf"\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)")
_DAY_MONTH: Final = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b")
_DIGITS: Final = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_CLOCK: Final = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d))?\s*(?:(a|p)\.?m\b\.?|\((?:ukraine|kyiv|local) time\)|"
    r"(?:ukraine|kyiv|local) time)",
    re.IGNORECASE,
)


def interval_stated(day: date, text: str, also: Iterable[date] = ()) -> Interval:
    """When a description of an entry dated to `day` (in Kyiv) says that its event was.

    The whole day, reaching back to the earliest other day that the text or `also` names
    (at most `NAMED_DAY_REACH` back) or hints at; a single stated time of day narrows a
    day that nothing else widens. Days that the text names after `day` are left out:
    what was posted had happened.
    """
    named = [when for when in _named_days(text, day.year) if when <= day]
    earliest = min(
        [day, *also, *(when for when in named if day - when <= NAMED_DAY_REACH)]
    )
    latest = max([day, *also])
    for days, words in _REACH_BACK:
        if words.search(text):
            earliest = min(earliest, day - timedelta(days=days))
    clocks = _clock_times(text)
    if earliest == latest and len(clocks) == 1:
        return _around(datetime.combine(day, clocks[0], KYIV))
    return days_interval(earliest, latest)


def assess_day(day: date, posts: Sequence[str], link_count: int) -> tuple[str, ...]:
    """Why an entry cannot be of that day, by the posts it rests on; empty if it may.

    Nothing that a post shows happened after it. `link_count` is how many links were
    cited: only where the time of every one is known do they prove anything.
    """
    posted = _newest(posts, link_count)
    if posted is None or day_start(day) - posted <= REFUTED_AFTER:
        return ()
    posted_day = text_from_instant(posted)[:10]
    return (
        f"date {day} cannot be: by its own number the post cited is of {posted_day}",
    )


def day_of_posts(day: date, posts: Sequence[str], link_count: int) -> tuple[date, ...]:
    """The day in Kyiv of the newest post cited, where that is before `day`."""
    posted = _newest(posts, link_count)
    if posted is None or posted >= day_start(day):
        return ()
    return (posted.astimezone(KYIV).date(),)


def _newest(posts: Sequence[str], link_count: int) -> datetime | None:
    posted = [instant_of_post(name) for name in posts]
    known = [moment for moment in posted if moment is not None]
    return max(known) if known and len(known) >= link_count else None


def days_written(text: str) -> tuple[date, ...]:
    """The days that a text writes as dd/mm/yyyy (or dd.mm.yy), in their order."""
    found = []
    for day, month, year in _DIGITS.findall(text):
        full_year = int(year) if len(year) == 4 else 2000 + int(year)
        found += _day(full_year, int(month), int(day))
    return tuple(found)


def _named_days(text: str, year: int) -> list[date]:
    named = list(days_written(text))
    for month, day in _MONTH_DAY.findall(text):
        named += _day(year, _month(month), int(day))
    for day, month in _DAY_MONTH.findall(text):
        named += _day(year, _month(month), int(day))
    return named


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) // 3 + 1


def _day(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _clock_times(text: str) -> list[time]:
    times = []
    for hour_text, minute_text, half in _CLOCK.findall(text):
        hour, minute = int(hour_text), int(minute_text or 0)
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half.lower() == "p" else 0)
        if hour < 24 and minute < 60:
            times.append(time(hour, minute))
    return times


def _around(moment: datetime) -> Interval:
    middle = moment.astimezone(UTC)
    return Interval(start=middle - CLOCK_MARGIN, end=middle + CLOCK_MARGIN)


__all__ = [
    "CLOCK_MARGIN",
    "NAMED_DAY_REACH",
    "REFUTED_AFTER",
    "assess_day",
    "day_of_posts",
    "days_written",
    "interval_stated",
]
