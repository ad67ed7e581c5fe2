"""The day of a report, and the moments as of which its data must be read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truce.errors import InvalidQuery
from truce.instants import Interval, verify_instant
from truce.release.findings import finding_cut_for
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import Reader
from truce.release.readers import cut_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """As of when incidents and findings are read for one reader at one cut-off."""

    at: datetime
    incidents_known_at: datetime
    findings_known_at: datetime


def zone_from_name(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        InvalidQuery: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidQuery(
            f"time zone is {name[:60]!r}, expected an IANA name such as Europe/Kyiv"
        ) from error


def report_window(day: date, cut_off: time, zone: str) -> Interval:
    """From the cut-off of the day before to the cut-off of `day`, in UTC.

    `cut_off` is local time in `zone`. The window is 23 or 25 hours long where clocks
    change; of a local time that comes twice the first is meant.

    Raises:
        InvalidQuery: no such zone, a cut-off with a zone of its own, or a day at the
            edge of the calendar.
    """
    if cut_off.tzinfo is not None:
        raise InvalidQuery(f"cut-off {cut_off} has a zone; expected a local time")
    local = zone_from_name(zone)
    try:
        before = day - timedelta(days=1)
        start = verify_instant(datetime.combine(before, cut_off, local))
        end = verify_instant(datetime.combine(day, cut_off, local))
    except OverflowError as error:
        raise InvalidQuery(f"day {day} lies at the edge of the calendar") from error
    return Interval(start=start, end=end)


def moments_for(reader: Reader, at: datetime, *, gate: Gate = OPEN_GATE) -> Moments:
    """As of when the record must be read for a reader's report that closes `at`.

    Raises:
        InvalidValue: `at` has no zone.
    """
    return Moments(
        at=verify_instant(at),
        incidents_known_at=cut_for(reader, at),
        findings_known_at=finding_cut_for(reader, at, gate=gate),
    )


__all__ = ["Moments", "moments_for", "report_window", "zone_from_name"]
