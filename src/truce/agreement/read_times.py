"""Dates, hours and windows of a text as moments. A local time must name exactly one
moment."""

import re
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truce.agreement.faults import Faults
from truce.agreement.local_times import Reading, day_interval_start, moments_of
from truce.agreement.model import InForce
from truce.agreement.read_values import mapping_of, text_of, value_at
from truce.agreement.read_yaml import Marked

_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?\Z"
)
_DATE_LENGTH: Final = len("2031-05-04")
_SHAPES_OF_TIME: Final = "write 2031-05-04T09:00, or 2031-05-04 for the start of a day"
# Offsets are whole minutes since 1972, when UTC took its present form; the rules of the
# clocks are not known far ahead, and a later year is a slip of the pen.
_FIRST_YEAR: Final = 1972
_LAST_YEAR: Final = 2199


def zone_of(node: Marked | None, faults: Faults) -> ZoneInfo | None:
    """An IANA time zone by its name."""
    name = text_of(node, "zone", faults)
    if node is None or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.add(
            node.line,
            f"zone {name!r} is not in the IANA time zone database",
            write="write e.g. Europe/Kyiv",
        )
        return None


def day_of(node: Marked | None, what: str, faults: Faults) -> date | None:
    """A date as 2031-05-04."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    day = _date(text) if _DAY.match(text) else None
    if day is None:
        faults.add(node.line, f"{what} is {text!r}", write="write e.g. 2031-05-04")
    return day


def _date(text: str) -> date | None:
    """The date, if there is one and clocks of that year are known."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def clock_of(node: Marked | None, what: str, faults: Faults) -> time | None:
    """An hour of the day as 09:00; 24:00 is the midnight that ends the day."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    if text == "24:00":
        return time()
    match = _CLOCK.match(text)
    if match is None:
        faults.add(node.line, f"{what} is {text!r}", write="write e.g. 09:00")
        return None
    return time(int(match[1]), int(match[2]))


def moment_of(
    node: Marked | None, what: str, zone: ZoneInfo, faults: Faults
) -> datetime | None:
    """A local date and time, or the start of a local day, as one moment in UTC."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    day = _date(text[:_DATE_LENGTH])
    if day is not None and _DAY.match(text):
        return day_interval_start(day, zone)
    if day is not None and _MOMENT.match(text):
        written = datetime.fromisoformat(text)
        return one_moment(written, what, node.line, zone, faults)
    faults.add(node.line, f"{what} is {text!r}", write=_SHAPES_OF_TIME)
    return None


def one_moment(
    written: datetime, what: str, line: int, zone: ZoneInfo, faults: Faults
) -> datetime | None:
    """The one moment, in UTC, that a written local time names; a fault if there are
    two.

    A time written with its offset names its moment by itself, if clocks in the zone
    show it.
    """
    if written.tzinfo is not None:
        moment = written.astimezone(UTC)
        local = moment.astimezone(zone)
        if local.utcoffset() == written.utcoffset():
            return moment
        faults.add(
            line,
            f"{what} is {written.isoformat()}, but clocks in {zone.key} then show "
            f"{local.isoformat()}",
            write=f"write {local.isoformat()} if that moment is meant",
        )
        return None
    moments = moments_of(written, zone)
    match moments.reading:
        case Reading.ONE:
            return moments.earlier
        case Reading.SKIPPED:
            jump = moments.earlier.astimezone(zone)
            faults.add(
                line,
                f"{what} is {written.isoformat()}, which clocks in {zone.key} skip",
                write=f"write {jump.isoformat()}, the moment of the change, or another",
            )
        case Reading.REPEATED:
            first = moments.earlier.astimezone(zone).isoformat()
            second = moments.later.astimezone(zone).isoformat()
            faults.add(
                line,
                f"{what} is {written.isoformat()}, which clocks in {zone.key} show "
                "twice",
                write=f"write {first} or {second}",
            )
    return None


def read_in_force(
    node: Marked | None, faults: Faults
) -> tuple[InForce, ZoneInfo] | None:
    """From when until when the text binds, and the zone of all its local times."""
    if node is None:
        return None
    mapping = mapping_of(
        node,
        "in force",
        faults,
        required=frozenset({"from", "zone"}),
        optional=frozenset({"to"}),
    )
    zone = zone_of(value_at(mapping, "zone"), faults)
    if zone is None:
        return None
    start = moment_of(value_at(mapping, "from"), "in force from", zone, faults)
    to_node = value_at(mapping, "to")
    end = moment_of(to_node, "in force to", zone, faults)
    if start is None or (to_node is not None and end is None):
        return None
    if end is not None and end <= start:
        faults.add(node.line, "in force ends before it begins", write="mend `to:`")
        return None
    return InForce(start=start, end=end), zone


__all__ = [
    "clock_of",
    "day_of",
    "moment_of",
    "one_moment",
    "read_in_force",
    "zone_of",
]
