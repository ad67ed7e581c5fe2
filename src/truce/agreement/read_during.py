"""The time in which a clause binds: one window, or one on every day."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from truce.agreement.faults import Faults
from truce.agreement.local_times import Reading, day_interval_start, moments_of
from truce.agreement.model import ClockChange, Daily, During, Hours, InForce, Once
from truce.agreement.read_times import clock_of, day_of, moment_of, one_moment
from truce.agreement.read_values import choice_of, mapping_of, text_of, value_at
from truce.agreement.read_yaml import Mapping, Marked, Scalar
from truce.instants import Interval

_DAY: Final = timedelta(days=1)
# What a text is said to leave open, never a default.
_UNKNOWN: Final = "unknown"
# Clock rules repeat within a year nearly everywhere; two years of days show every one
# of them.
_DAYS_LOOKED_AHEAD: Final = 731


def read_during(
    node: Marked | None, in_force: InForce, zone: ZoneInfo, faults: Faults
) -> During | None:
    """The time in which a clause binds; each form is told apart by its keys."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return _whole_time(node, in_force, faults)
    keys = node.entries.keys() if isinstance(node, Mapping) else frozenset[str]()
    if "daily" in keys:
        return _read_daily(node, in_force, zone, faults)
    once = (
        _read_on_day(node, zone, faults)
        if "day" in keys
        else _read_from_to(node, zone, faults)
    )
    return _in_force_only(once, node.line, in_force, faults)


def _whole_time(node: Scalar, in_force: InForce, faults: Faults) -> Once | None:
    if node.text != "time in force":
        faults.add(
            node.line,
            f"during is {node.text!r}",
            write="write `time in force`, {daily: ...}, {day: ...} or {from: ...}",
        )
        return None
    if in_force.end is None:
        faults.add(
            node.line,
            "the time in force has no end, so this could never be decided",
            write="write {daily: whole day}, or an end in `in force`",
        )
        return None
    interval = Interval(start=in_force.start, end=in_force.end)
    return Once(interval=interval, hours=Hours.STATED)


def _in_force_only(
    once: Once | None, line: int, in_force: InForce, faults: Faults
) -> Once | None:
    if once is None:
        return None
    starts_early = once.interval.start < in_force.start
    ends_late = in_force.end is not None and once.interval.end > in_force.end
    if starts_early or ends_late:
        faults.add(
            line,
            "the window reaches outside the time in force",
            write="mend the window, or `in force`",
        )
        return None
    return once


def _read_on_day(node: Marked, zone: ZoneInfo, faults: Faults) -> Once | None:
    mapping = mapping_of(
        node,
        "during",
        faults,
        required=frozenset({"day"}),
        optional=frozenset({"hours", "from", "to"}),
    )
    day = day_of(value_at(mapping, "day"), "day", faults)
    if mapping is None or day is None:
        return None
    forms = mapping.entries.keys() & {"hours", "from", "to"}
    if forms == {"hours"}:
        return _read_day_hours(mapping, day, zone, faults)
    if forms == {"from", "to"}:
        return _read_hours_of_day(mapping, day, zone, faults)
    faults.add(
        node.line,
        "the day is given, but not its hours",
        write="add `from:` and `to:`, or `hours: whole day`, or `hours: unknown`",
    )
    return None


def _read_day_hours(
    mapping: Mapping, day: date, zone: ZoneInfo, faults: Faults
) -> Once | None:
    node = value_at(mapping, "hours")
    word = text_of(node, "hours", faults)
    if node is None or word not in {_UNKNOWN, "whole day"}:
        faults.add(
            mapping.line,
            f"hours is {word!r}",
            write="write `unknown` where the text names no hours, or `whole day`",
        )
        return None
    interval = Interval(
        start=day_interval_start(day, zone), end=day_interval_start(day + _DAY, zone)
    )
    return Once(
        interval=interval, hours=Hours.UNKNOWN if word == _UNKNOWN else Hours.STATED
    )


def _read_hours_of_day(
    mapping: Mapping, day: date, zone: ZoneInfo, faults: Faults
) -> Once | None:
    """Hours of one day; one of the two may be unknown, and then the day bounds it."""
    start = _hour_of_day(mapping, "from", day, zone, faults)
    end = _hour_of_day(mapping, "to", day, zone, faults)
    words = [text_of(value_at(mapping, key), key, faults) for key in ("from", "to")]
    if words == [_UNKNOWN, _UNKNOWN]:
        faults.add(mapping.line, "both hours unknown", write="write `hours: unknown`")
        return None
    hours = Hours.UNKNOWN if _UNKNOWN in words else Hours.STATED
    return _once(start, end, hours, mapping.line, faults)


def _hour_of_day(
    mapping: Mapping, key: str, day: date, zone: ZoneInfo, faults: Faults
) -> datetime | None:
    node = value_at(mapping, key)
    is_end = key == "to"
    if isinstance(node, Scalar) and node.text == _UNKNOWN:
        return day_interval_start(day + _DAY if is_end else day, zone)
    clock = clock_of(node, key, faults)
    if node is None or clock is None:
        return None
    is_midnight_after = is_end and clock == time()
    local = datetime.combine(day + _DAY if is_midnight_after else day, clock)
    return one_moment(local, key, node.line, zone, faults)


def _read_from_to(node: Marked, zone: ZoneInfo, faults: Faults) -> Once | None:
    mapping = mapping_of(node, "during", faults, required=frozenset({"from", "to"}))
    start = moment_of(value_at(mapping, "from"), "from", zone, faults)
    end = moment_of(value_at(mapping, "to"), "to", zone, faults)
    return _once(start, end, Hours.STATED, node.line, faults)


def _once(
    start: datetime | None,
    end: datetime | None,
    hours: Hours,
    line: int,
    faults: Faults,
) -> Once | None:
    if start is None or end is None:
        return None
    if end <= start:
        faults.add(
            line,
            "the window ends before it begins",
            write="mend `to:`; past midnight write {from: date and hour, to: ...}",
        )
        return None
    return Once(interval=Interval(start=start, end=end), hours=hours)


def _read_daily(
    node: Marked, in_force: InForce, zone: ZoneInfo, faults: Faults
) -> Daily | None:
    mapping = mapping_of(node, "during", faults, required=frozenset({"daily"}))
    inner = value_at(mapping, "daily")
    if inner is None:
        return None
    if isinstance(inner, Scalar):
        if inner.text == "whole day":
            return Daily()
        faults.add(
            inner.line,
            f"daily is {inner.text!r}",
            write="write `whole day`, or {from: 06:00, to: 10:00}",
        )
        return None
    hours = mapping_of(
        inner,
        "daily",
        faults,
        required=frozenset({"from", "to"}),
        optional=frozenset({"clock change"}),
    )
    opens = clock_of(value_at(hours, "from"), "from", faults)
    closes = clock_of(value_at(hours, "to"), "to", faults)
    change = choice_of(
        value_at(hours, "clock change"), "clock change", ClockChange, faults
    )
    if opens is None or closes is None:
        return None
    if change is None:
        _verify_daily_hours((opens, closes), inner.line, in_force, zone, faults)
    return Daily(opens=opens, closes=closes, clock_change=change)


def _verify_daily_hours(
    clocks: tuple[time, time],
    line: int,
    in_force: InForce,
    zone: ZoneInfo,
    faults: Faults,
) -> None:
    """Note a fault for the first day in force on which an hour names no or two
    moments."""
    day = in_force.start.astimezone(zone).date()
    for _ in range(_DAYS_LOOKED_AHEAD):
        if in_force.end is not None and day_interval_start(day, zone) > in_force.end:
            return
        for clock in clocks:
            reading = moments_of(datetime.combine(day, clock), zone).reading
            if reading is not Reading.ONE:
                faults.add(
                    line,
                    f"{clock:%H:%M} is {reading.value} by the clocks in {zone.key} on "
                    f"{day.isoformat()}",
                    write="add `clock change: earlier` or `clock change: later`",
                )
                return
        day += _DAY


__all__ = ["read_during"]
