"""The hours that a news text states for a humanitarian corridor on a day.

1. The compilers' own words are cut off: "Status: ..." in front, "see source: ..."
   behind. No hour may rest on how the corridor later went.
2. The text is parted into reports (";;;"), sentences and clauses. A clause states hours
   only if it speaks of the ceasefire or the passage itself, or announces when people
   shall be moved; buses that have left, or were leaving "as of 2 p.m.", state nothing.
3. A time has its zone from its own words, then from a UTC time in brackets beside it
   (which wins: a report by Moscow calls Moscow's time "local"), then from who states
   it.
4. Of several statements the one by the row's own proposer is taken, and the fullest of
   those; the others are kept beside it, because they may contradict.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from truce.instants import Interval
from truce.observations.context import KYIV, days_interval

# UTC+3 all year round since 26 October 2014; Kyiv is at UTC+2, from 27 March 2022 at
# UTC+3.
MOSCOW: Final = ZoneInfo("Europe/Moscow")


class HoursOf(StrEnum):
    """What the hours bind: the fire, or only when people shall be moved."""

    CEASEFIRE = "ceasefire"
    MOVEMENT = "movement"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursStated:
    """Hours stated for a corridor: from `start`, until `end`, aware UTC; None where
    open.

    `stated_by` is Ukraine or Russia, or empty where the text does not tell. `quote` is
    the clause. `others` are the further statements of the same text, in its order.
    """

    of: HoursOf
    start: datetime | None
    end: datetime | None
    stated_by: str
    quote: str
    others: tuple["HoursStated", ...] = ()

    def interval(self, day: date) -> Interval:
        """The hours in the day in Kyiv; an open side reaches the day's own bound."""
        whole = days_interval(day, day)
        start = self.start if self.start is not None else whole.start
        end = self.end if self.end is not None else max(start, whole.end)
        return Interval(start=start, end=end)


def hours_from_text(
    text: str, day: date, *, announced_by: str = ""
) -> HoursStated | None:
    """The hours that a corridor's news text states for `day`; None where it states
    none.

    `announced_by` is who proposed the corridor of this row (Ukraine, Russia or Agreed):
    one text serves several rows, and holds what each side announced.
    """
    found = list(_statements(news_of_text(text), day))
    if not found:
        return None
    taken = max(
        range(len(found)), key=lambda at: (*_weight(found[at], announced_by), at)
    )
    others = tuple(found[:taken] + found[taken + 1 :])
    return replace(found[taken], others=others)


def news_of_text(text: str) -> str:
    """The news in a row's text, without what the compilers wrote around it."""
    return _SOURCE.sub("", _STATUS.sub("", text, count=1)).strip()


_STATUS: Final = re.compile(r"\A\s*Status:[^;]*;")
_SOURCE: Final = re.compile(r"\s*see source:.*\Z", re.DOTALL)
_REPORT: Final = re.compile(r"\s*;{2,}\s*")
# "9:00 a.m. Kyiv" must not look like the end of a sentence.
_HALF: Final = re.compile(r"\b([ap])\.\s?m\.?(?!\w)", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"”]?\s*(?=[\"“]?[A-Z])|\n+")
_CLAUSE: Final = re.compile(r", with\b|;\s")


def _side(name: str) -> str:
    return (
        rf"(?P<{name}_hour>\d{{1,2}})(?::(?P<{name}_minute>\d\d))?\s*(?P<{name}_half>[ap]m)?"
        rf"(?:\s*(?P<{name}_zone>kyiv|kiev|local|moscow) time)?"
        rf"(?:\s*\((?P<{name}_bracket>[^)]*)\))?"
    )


_FROM: Final = re.compile(
    r"\b(?:starting(?: from| at)?|beginning at|from|at)\s+"
    + _side("first")
    + r"(?:\s*(?:to|until|till|[-–])\s*"
    + _side("last")
    + ")?",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(r"\b(?:until|till)\s+" + _side("last"), re.IGNORECASE)
_UTC: Final = re.compile(r"\b(\d\d):?(\d\d)\s*(?:utc|gmt)\b", re.IGNORECASE)

_PASSAGE: Final = re.compile(
    r"cease-?fire|regime of silence|humanitarian (?:passage|corridor)", re.IGNORECASE
)
_CEASES: Final = re.compile(r"cease-?fire", re.IGNORECASE)
_MOVEMENT: Final = re.compile(
    r"gathering point|will (?:enter|depart|leave)|evacuation of .*\bstarting at",
    re.IGNORECASE,
)
# Whose word a report is, by where it was filed: the word before the first full stop.
_DATELINE: Final = re.compile(r"\b([A-Z]{4,})\.\Z")
_DATELINES: Final = {"MOSCOW": "Russia", "KYIV": "Ukraine", "ZAPORIZHZHYA": "Ukraine"}
_BY_RUSSIA: Final = re.compile(
    r"\bRussia(?:n (?:forces|military|staff))? (?:\w+ ){0,2}"
)
_MONTHS: Final = ("January", "February", "March", "April", "May", "June")
# A day in brackets after it is the agency's day of filing, not the corridor's.
_MONTH_DAY: Final = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}})\b(?!\s*\()")


def _statements(news: str, day: date) -> Iterator[HoursStated]:
    """Every statement of hours for that day, in the order of the text."""
    for report in _REPORT.split(news):
        filed_by = ""
        for sentence in _SENTENCE.split(_HALF.sub(r"\1m", report)):
            if dateline := _DATELINE.search(sentence.strip()):
                filed_by = _DATELINES.get(dateline[1], filed_by)
            named = _days_named(sentence, day.year)
            if named and day not in named:
                continue
            stated_by = "Russia" if _BY_RUSSIA.search(sentence) else filed_by
            for clause in _CLAUSE.split(sentence):
                yield from _statement(clause, day, stated_by)


def _statement(clause: str, day: date, stated_by: str) -> Iterator[HoursStated]:
    if _MOVEMENT.search(clause) and not _CEASES.search(clause):
        of = HoursOf.MOVEMENT
    elif _PASSAGE.search(clause):
        of = HoursOf.CEASEFIRE
    else:
        return
    found = _FROM.search(clause) or _UNTIL.search(clause)
    if found is None:
        return
    parts = {name: text or "" for name, text in found.groupdict().items()}
    # "From 9:00 to 16:00 Moscow time": a zone said once is meant for both.
    zone = _zone(parts.get("first_zone") or parts["last_zone"], stated_by)
    start = _moment(parts, "first", day, zone)
    end = _moment(parts, "last", day, zone)
    if start is not None and end is not None and end <= start:
        end += timedelta(days=1)
    if start is not None or end is not None:
        yield HoursStated(
            of=of, start=start, end=end, stated_by=stated_by, quote=clause.strip()
        )


def _moment(
    parts: Mapping[str, str], side: str, day: date, zone: ZoneInfo
) -> datetime | None:
    """One side of the hours as an instant; None where it is open or no time of day."""
    hour_text, minute_text, half, bracket = (
        parts.get(f"{side}_{part}", "")
        for part in ("hour", "minute", "half", "bracket")
    )
    if not hour_text or not (minute_text or half):
        return None
    hour, minute = int(hour_text), int(minute_text or 0)
    # "17:00 a.m." occurs: from 13 on the hour speaks for itself.
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if utc := _UTC.search(bracket):
        hour, minute = int(utc[1]), int(utc[2])
    if hour > 23 or minute > 59:
        return None
    zone_of = UTC if utc else zone
    return datetime.combine(day, time(hour, minute), zone_of).astimezone(UTC)


def _zone(words: str, stated_by: str) -> ZoneInfo:
    if words:
        return MOSCOW if words.lower() == "moscow" else KYIV
    return MOSCOW if stated_by == "Russia" else KYIV


def _days_named(sentence: str, year: int) -> set[date]:
    return {
        date(year, _MONTHS.index(month) + 1, int(day))
        for month, day in _MONTH_DAY.findall(sentence)
        if 1 <= int(day) <= monthrange(year, _MONTHS.index(month) + 1)[1]
    }


def _weight(stated: HoursStated, announced_by: str) -> tuple[bool, bool, int]:
    """Fire before movement, the row's proposer before others, both ends before one."""
    return (
        stated.of is HoursOf.CEASEFIRE,
        announced_by in ("", "Agreed") or stated.stated_by == announced_by,
        (stated.start is not None) + (stated.end is not None),
    )


__all__ = ["MOSCOW", "HoursOf", "HoursStated", "hours_from_text", "news_of_text"]
