"""The stretches of time that a clause is judged by, one after the other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from truce.agreement.local_times import day_interval_start, instant_from_local
from truce.agreement.model import Agreement, Daily, Hours, InForce, Once, Window
from truce.identifiers import ClauseId
from truce.instants import Interval, verify_instant

_DAY = timedelta(days=1)


def windows_until(
    agreement: Agreement, clause_id: ClauseId, as_of: datetime
) -> tuple[Window, ...]:
    """The windows of a clause by which it can be judged at `as_of`, in their order.

    A clause with one window always has it, begun or not. A daily clause has every
    window that has begun; before its first one begins, it has that first one, so that
    no clause is ever without an answer. What lies outside the time in force is cut off.
    """
    during = agreement.clause(clause_id).during
    match during:
        case Once(interval=interval, hours=hours):
            day = interval.start.astimezone(agreement.zone).date()
            return (Window(interval=interval, hours=hours, day=day),)
        case Daily():
            return _begun(agreement, during, verify_instant(as_of))


def _begun(agreement: Agreement, daily: Daily, as_of: datetime) -> tuple[Window, ...]:
    begun: list[Window] = []
    for window in _daily_windows(agreement.in_force, daily, agreement.zone):
        if begun and window.interval.start > as_of:
            break
        begun.append(window)
    return tuple(begun)


def _daily_windows(in_force: InForce, daily: Daily, zone: ZoneInfo) -> Iterator[Window]:
    # A window that opened on the day before may still run when the agreement begins.
    day = in_force.start.astimezone(zone).date() - _DAY
    while True:
        start, end = daily_bounds(daily, day, zone)
        if in_force.end is not None and start >= in_force.end:
            return
        start = max(start, in_force.start)
        end = end if in_force.end is None else min(end, in_force.end)
        if start < end:
            yield Window(
                interval=Interval(start=start, end=end), hours=Hours.STATED, day=day
            )
        day += _DAY


def daily_bounds(daily: Daily, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the window of one local day opens and closes, in UTC.

    A local day has 23 or 25 hours where the clocks change; a window that closes at or
    before the hour it opens closes on the next day.
    """
    if daily.opens is None or daily.closes is None:
        return day_interval_start(day, zone), day_interval_start(day + _DAY, zone)
    last = day if daily.closes > daily.opens else day + _DAY
    return (
        instant_from_local(day, daily.opens, zone, daily.clock_change),
        instant_from_local(last, daily.closes, zone, daily.clock_change),
    )


__all__ = ["daily_bounds", "windows_until"]
