"""The watch log: our own format for what monitors watched and what they saw, as JSON
Lines.

UTF-8, one JSON object to a line, plain or gzip. The first line names who states the
log:

    {"type": "log", "stated_by": "…", "feed_version": 1}

Every other line is a watch or a sighting. A member that is not named here is kept in
the sealed bytes and otherwise let be; another `type` is refused line by line.

    {"type": "watch", "observer": "P-3", "role": "patrol", "lat": 1.5, "lon": 2.5,
     "range_m": 3000, "from": "…Z", "to": "…Z", "detection_probability": 0.8}
    {"type": "sighting", "observer": "P-3", "role": "patrol", "id": "17", "at": "…Z",
     "lat": 1.5, "lon": 2.5, "sigma_m": 400, "kind": "explosion.impact"}

- `role`: patrol, camera, drone or station. `id` is the observer's own number of the
  line; it may be absent in a watch.
- Times are ISO 8601 with an offset: `at` for a moment, or `from` and `to`.
- `lat`, `lon`: WGS 84 degrees of the watch's centre, or of what was seen.
- How well a sighting's place is known: `sigma_m`, one sigma in every direction; or
  `semi_major_m`, `semi_minor_m` and `bearing_deg` (clockwise from north) of the ellipse
  that holds it with 95 %.
- `detection_probability`: of one explosion of ordinary size within `range_m`, 0 to 1.
- `kind`: a kind of ours, or the observer's own word. May also be there: `count`,
  `weapon`, `text`, and `reliability` (A-F) with `credibility` (1-6) where the
  observer's unit graded the report.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from truce.canonical import Json
from truce.errors import InvalidDelivery, InvalidValue
from truce.formats.deliveries import is_undecodable, looks_like, text_from_delivery
from truce.formats.members import Members, json_from_line
from truce.formats.rows import Decoded, Fault, excerpt
from truce.formats.tables import ROW_CHARS_MAX
from truce.instants import text_from_instant

FEED_VERSION: Final = 1
ROLES: Final = ("camera", "drone", "patrol", "station")
# The earth's half circumference: nothing is watched or misplaced over more.
_DISTANCE_M_MAX: Final = 2.0e7
# More rounds than any front fires in a month.
_COUNT_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Somebody looked or listened within `range_m` of a point, from `start` to
    `end`."""

    observer: str
    role: str
    id: str = ""
    lat_deg: float
    lon_deg: float
    range_m: float
    start: datetime
    end: datetime
    detection_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Something seen or heard, from `start` to `end`, which are one moment where it was
    one.

    Either `sigma_m` is set, or the two semi-axes of the 95 % ellipse and its bearing.
    `reliability` is empty and `credibility` None where nobody graded the report.
    """

    observer: str
    role: str
    id: str
    start: datetime
    end: datetime
    lat_deg: float
    lon_deg: float
    sigma_m: float | None = None
    semi_major_m: float | None = None
    semi_minor_m: float | None = None
    bearing_deg: float | None = None
    kind: str
    count: int | None = None
    weapon: str = ""
    text: str = ""
    reliability: str = ""
    credibility: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of a log, and who states the log."""

    stated_by: str
    entry: Watched | Sighting


def decode(raw: bytes) -> Iterator[Decoded[LogEntry] | Fault]:
    """Every line after the first, in the order of the file; blank lines are no rows.

    Raises:
        InvalidDelivery: the first line is no such header, or the version is not known.
    """
    delivery = text_from_delivery(raw)
    # Split at \n only: U+2028 may stand inside a JSON text.
    lines = delivery.text.split("\n")
    stated_by = _stated_by(lines[0], delivery.text)
    return _rows(lines, stated_by)


def encode(entries: Iterable[Watched | Sighting], *, stated_by: str) -> bytes:
    """A watch log in UTF-8, one line to an entry, not packed."""
    header: Json = {
        "type": "log",
        "stated_by": stated_by,
        "feed_version": FEED_VERSION,
    }
    lines = [header, *(_members_of(entry) for entry in entries)]
    return "".join(_canonical(line) + "\n" for line in lines).encode()


def _stated_by(line: str, text: str) -> str:
    expected = (
        'a first line such as {"type": "log", "stated_by": "…", "feed_version": 1}; '
        "check that it is a watch log"
    )
    try:
        header = json_from_line(line[:ROW_CHARS_MAX])
    except InvalidValue as error:
        raise InvalidDelivery(
            f"delivery looks like {looks_like(text)} ({error}), expected {expected}"
        ) from error
    if not isinstance(header, dict) or header.get("type") != "log":
        raise InvalidDelivery(f"first line is {excerpt(line)}, expected {expected}")
    version = header.get("feed_version")
    if version != FEED_VERSION or isinstance(version, bool):
        raise InvalidDelivery(
            f"watch log has feed_version {excerpt(str(version))}, expected "
            f"{FEED_VERSION}; a newer truce may read it"
        )
    members = Members(header)
    stated_by = members.text_of("stated_by", is_required=True)
    if members.faults:
        raise InvalidDelivery(
            f"first line: {members.faults[0]}; name who states the log"
        )
    return stated_by


def _rows(lines: list[str], stated_by: str) -> Iterator[Decoded[LogEntry] | Fault]:
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        if len(line) > ROW_CHARS_MAX:
            reason = (
                f"line is {len(line):,} characters, expected at most {ROW_CHARS_MAX:,}"
            )
            yield Fault(number, reason, excerpt(line))
        elif is_undecodable(line):
            yield Fault(number, "line holds bytes that are not UTF-8", excerpt(line))
        else:
            yield _row(number, line, stated_by)


def _row(number: int, line: str, stated_by: str) -> Decoded[LogEntry] | Fault:
    try:
        value = json_from_line(line)
    except InvalidValue as error:
        return Fault(number, str(error), excerpt(line))
    if not isinstance(value, dict):
        return Fault(number, "line is no JSON object", excerpt(line))
    members = Members(value)
    kind = members.word("type", members.text_of("type"), ("sighting", "watch"))
    if members.faults:
        return Fault(number, "; ".join(members.faults), excerpt(line))
    entry = _watched(members) if kind == "watch" else _sighting(members)
    if members.faults:
        return Fault(number, "; ".join(members.faults), excerpt(line))
    return Decoded(
        number,
        (stated_by, _canonical(value)),
        LogEntry(stated_by=stated_by, entry=entry),
    )


def _watched(members: Members) -> Watched:
    return Watched(
        observer=members.text_of("observer", is_required=True),
        role=members.word("role", members.text_of("role"), ROLES),
        id=members.text_of("id"),
        lat_deg=members.number_of("lat", low=-90.0, high=90.0),
        lon_deg=members.number_of("lon", low=-180.0, high=180.0),
        range_m=_distance(members, "range_m") or 0.0,
        start=members.instant("from", members.text_of("from")),
        end=members.instant("to", members.text_of("to")),
        detection_probability=members.number_of(
            "detection_probability", low=0.0, high=1.0
        ),
    )


def _sighting(members: Members) -> Sighting:
    start, end = _moments(members)
    has_sigma = members.has("sigma_m")
    if has_sigma == members.has("semi_major_m"):
        members.faults.append(
            "place has both or neither of sigma_m and semi_major_m, expected one"
        )
    return Sighting(
        observer=members.text_of("observer", is_required=True),
        role=members.word("role", members.text_of("role"), ROLES),
        id=members.text_of("id", is_required=True),
        start=start,
        end=end,
        lat_deg=members.number_of("lat", low=-90.0, high=90.0),
        lon_deg=members.number_of("lon", low=-180.0, high=180.0),
        sigma_m=_distance(members, "sigma_m") if has_sigma else None,
        semi_major_m=None if has_sigma else _distance(members, "semi_major_m"),
        semi_minor_m=None if has_sigma else _distance(members, "semi_minor_m"),
        bearing_deg=(
            None if has_sigma else members.number_of("bearing_deg", low=0.0, high=360.0)
        ),
        kind=members.text_of("kind", is_required=True),
        count=members.whole_or_none("count", low=0, high=_COUNT_MAX),
        weapon=members.text_of("weapon"),
        text=members.text_of("text"),
        reliability=_reliability(members),
        credibility=members.whole_or_none("credibility", low=1, high=6),
    )


def _distance(members: Members, name: str) -> float:
    """A distance above zero: a millimetre at least, which nobody measures on the
    ground."""
    return members.number_of(name, low=0.001, high=_DISTANCE_M_MAX)


def _moments(members: Members) -> tuple[datetime, datetime]:
    if members.has("at"):
        moment = members.instant("at", members.text_of("at"))
        return moment, moment
    return (
        members.instant("from", members.text_of("from")),
        members.instant("to", members.text_of("to")),
    )


def _reliability(members: Members) -> str:
    if members.has("reliability") != members.has("credibility"):
        members.faults.append(
            "one of reliability and credibility, expected both or none"
        )
    text = members.text_of("reliability")
    return members.word("reliability", text, "ABCDEF") if text else ""


def _members_of(entry: Watched | Sighting) -> dict[str, Json]:
    """The members of a line, without those that say nothing."""
    members: dict[str, Json] = {
        "observer": entry.observer,
        "role": entry.role,
        "id": entry.id or None,
        "lat": entry.lat_deg,
        "lon": entry.lon_deg,
    }
    if isinstance(entry, Watched):
        members |= {
            "type": "watch",
            "range_m": entry.range_m,
            "from": text_from_instant(entry.start),
            "to": text_from_instant(entry.end),
            "detection_probability": entry.detection_probability,
        }
    else:
        members |= _times_of(entry) | {
            "type": "sighting",
            "sigma_m": entry.sigma_m,
            "semi_major_m": entry.semi_major_m,
            "semi_minor_m": entry.semi_minor_m,
            "bearing_deg": entry.bearing_deg,
            "kind": entry.kind,
            "count": entry.count,
            "weapon": entry.weapon or None,
            "text": entry.text or None,
            "reliability": entry.reliability or None,
            "credibility": entry.credibility,
        }
    return {name: value for name, value in members.items() if value is not None}


def _times_of(entry: Sighting) -> dict[str, Json]:
    if entry.start == entry.end:
        return {"at": text_from_instant(entry.start)}
    return {
        "from": text_from_instant(entry.start),
        "to": text_from_instant(entry.end),
    }


def _canonical(value: Json) -> str:
    """One spelling of a line: the order of members and blanks make no difference."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )


__all__ = [
    "FEED_VERSION",
    "ROLES",
    "LogEntry",
    "Sighting",
    "Watched",
    "decode",
    "encode",
]
