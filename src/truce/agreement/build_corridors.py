"""Real proposals of local ceasefires, written as agreement texts from what was
announced.

The text holds what the announcement says: who proposed, from where to where, when, and
where that stands. How the corridor turned out is no part of it.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from truce.agreement.local_times import day_interval_start
from truce.agreement.model import Status
from truce.errors import InvalidValue
from truce.identifiers import AgreementId
from truce.observations.model import Notice
from truce.places import Place, PlaceBasis, distance_m

CORRIDOR_SUBJECT: Final = "corridor"
_ZONE: Final = ZoneInfo("Europe/Kyiv")
_AGREED_WORD: Final = "agreed"
_DAY: Final = timedelta(days=1)
# Days end at their last second in some readers, at the next midnight in others.
_LAST_SECOND: Final = timedelta(seconds=1)
# Either side of the straight line between the two ends. The announcements name the ends
# and seldom the road; a road is about a quarter longer than the straight line, so it
# wanders some kilometres from it. Ten hold most of such a road without taking in the
# next one, and nothing is ever proven by this line: its course is assumed.
_ROUTE_KM: Final = 10.0
# A settlement spread evenly over a disc of radius r has a sigma of r / 2 in each
# direction.
_SIGMAS_PER_RADIUS: Final = 2.0
# No town of this size is smaller or larger than that; it keeps a slip in the data from
# making an area of a point or of a province.
_TOWN_KM: Final = (1.0, 20.0)
_STATED_BASES: Final = frozenset(
    {PlaceBasis.POINT, PlaceBasis.FOOTPRINT, PlaceBasis.SETTLEMENT}
)
_DATA: Final = (
    "Humanitarian corridors in Ukraine, geocoded (PeaceRep, University of Edinburgh)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorAgreement:
    """One proposal as an agreement text: its id, the feed's row, a file name and YAML
    bytes.
    """

    id: AgreementId
    row_key: str
    file_name: str
    text: bytes


def build_corridors(notices: Iterable[Notice]) -> tuple[CorridorAgreement, ...]:
    """An agreement text for every notice of a corridor, in the order of the feed's own
    rows.

    Notices of other subjects are passed over. A notice whose time is one whole local
    day states no hours, and its text says so.

    Raises:
        InvalidValue: two notices of the same row, or one without a place.
    """
    corridors: dict[str, CorridorAgreement] = {}
    for notice in notices:
        if notice.subject != CORRIDOR_SUBJECT:
            continue
        if notice.row_key in corridors:
            raise InvalidValue(
                f"two notices of row {notice.row_key!r} ({notice.feed}, line "
                f"{notice.line}); expected one, pass each corridor once"
            )
        corridors[notice.row_key] = _corridor(notice)
    return tuple(corridors[key] for key in sorted(corridors, key=_row_order))


def _row_order(row_key: str) -> tuple[int, str]:
    return (int(row_key) if row_key.isdecimal() else 0, row_key)


def _corridor(notice: Notice) -> CorridorAgreement:
    if not notice.places:
        raise InvalidValue(
            f"notice {notice.row_key!r} ({notice.feed}, line {notice.line}) names no "
            "place; expected where the corridor begins and ends"
        )
    identifier = f"corridor-2022-{notice.row_key}"
    return CorridorAgreement(
        id=AgreementId(identifier),
        row_key=notice.row_key,
        file_name=f"{identifier}.yaml",
        text=_text(identifier, notice).encode(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """The local day of an announcement, and its stated hours; None where open."""

    day: date
    start: datetime | None
    end: datetime | None


def _hours(notice: Notice) -> _Hours:
    """What the notice's time says beyond its local day.

    A reader bounds an hour that a text leaves open by the day itself, so an hour at the
    day's own bound was not stated.
    """
    start = notice.when.start.astimezone(_ZONE)
    end = notice.when.end.astimezone(_ZONE)
    first = day_interval_start(start.date(), _ZONE)
    last = day_interval_start(start.date() + _DAY, _ZONE)
    is_open_end = abs(notice.when.end - last) <= _LAST_SECOND
    return _Hours(
        day=start.date(),
        start=None if notice.when.start == first else start,
        end=None if is_open_end else end,
    )


def _text(identifier: str, notice: Notice) -> str:
    start = notice.when.start.astimezone(_ZONE)
    first, last = _days_in_force(notice)
    where = _where_words(notice.places)
    lines = [
        "# Made from one row of the data named below; it holds what was announced,",
        "# never how it turned out.",
        "format: 1",
        f"agreement: {identifier}",
        f"title: {_quoted(f'Corridor {where}, {start:%Y-%m-%d}')}",
        "text: real text",
        f"status: {_status(notice).value}",
        f"proposed by: {_quoted(_proposer(notice))}",
        "",
        f"in force: {{from: {first}, to: {last}, zone: {_ZONE.key}}}",
        "",
        "parties:",
        "  ukraine: {name: Ukraine}",
        "  russia: {name: Russia}",
        "",
        "geography:",
        *_geography_lines(notice.places),
        "",
        *_STANDARD_LINES,
        "",
        "clauses:",
        "  - id: K1",
        f"    says: {_quoted(_sentence(notice, where))}",
        "    source:",
        *_source_lines(notice),
        "    prohibits: fire or its traces",
        "    by: [ukraine, russia]",
        "    in: corridor",
        f"    during: {_during(notice)}",
    ]
    return "\n".join(lines) + "\n"


# The study's own standard; no announcement names one. Damage and harm count, for the
# reports of that war mostly say what fire left behind. The numbers are those of
# agreements/corridor-2022.
_STANDARD_LINES: Final = (
    "definitions:",
    "  fire or its traces:",
    "    incident of kind: [explosion, burst, shot, clash, damage, harm]",
    "    proven from probability: 0.8",
    "    doubtful from probability: 0.2",
    "",
    "watching:",
    "  explosion noticed from probability: 0.8",
    "  seen share of place and time: 0.9",
)


def _days_in_force(notice: Notice) -> tuple[str, str]:
    """The first local day of the notice, and the day after its last one."""
    first = notice.when.start.astimezone(_ZONE).date()
    last = (notice.when.end - timedelta(microseconds=1)).astimezone(_ZONE).date()
    return first.isoformat(), (max(first, last) + _DAY).isoformat()


def _status(notice: Notice) -> Status:
    is_agreed = notice.announced_by.strip().lower() == _AGREED_WORD
    return Status.AGREED if is_agreed else Status.PROPOSED


def _proposer(notice: Notice) -> str:
    is_agreed = _status(notice) is Status.AGREED
    return "Ukraine and Russia" if is_agreed else notice.announced_by


def _during(notice: Notice) -> str:
    hours = _hours(notice)
    if hours.start is not None and hours.end is not None:
        return f"{{from: {_moment(hours.start)}, to: {_moment(hours.end)}}}"
    if hours.start is None and hours.end is None:
        return f"{{day: {hours.day}, hours: unknown}}"
    return f"{{day: {hours.day}, from: {_clock(hours.start)}, to: {_clock(hours.end)}}}"


def _moment(local: datetime) -> str:
    """Local time with its offset, so that no clock change makes it two moments."""
    return local.isoformat(timespec="minutes")


def _clock(local: datetime | None) -> str:
    return "unknown" if local is None else f"{local:%H:%M}"


def _where_words(places: tuple[Place, ...]) -> str:
    names = [place.name or "an unnamed place" for place in places]
    return f"in {names[0]}" if len(names) == 1 else f"from {names[0]} to {names[-1]}"


def _sentence(notice: Notice, where: str) -> str:
    hours = _hours(notice)
    starts = "" if hours.start is None else f" from {hours.start:%H:%M}"
    ends = "" if hours.end is None else f" until {hours.end:%H:%M}"
    kyiv = " Kyiv time" if starts or ends else ""
    is_stated = bool(starts and ends)
    rest = "" if is_stated else "; the announcement does not state all of its hours"
    on = f" on {hours.day}"
    return f"Nobody fires at the way out {where}{on}{starts}{ends}{kyiv}{rest}."


def _source_lines(notice: Notice) -> list[str]:
    lines = [
        f"      document: {_quoted(_DATA)}",
        f"      point: {_quoted(f'row with HC_ID {notice.row_key}')}",
    ]
    if notice.posts:
        lines.append(f"      link: {_quoted(notice.posts[0])}")
    return lines


def _geography_lines(places: tuple[Place, ...]) -> list[str]:
    """The two towns and the way between them; only the first is stated as a whole.

    People gather where the corridor begins, and the announcement asks for quiet there.
    Where they arrive it names a town, but not that all of it must be quiet.
    """
    lines: list[str] = []
    members: list[str] = []
    for index, place in enumerate(places, start=1):
        spot = f"{{lat: {place.centre.lat_deg:.5f}, lon: {place.centre.lon_deg:.5f}}}"
        is_stated = index == 1 and place.basis in _STATED_BASES
        within = f"within: {_radius_km(place):.1f} km, of: place-{index}"
        extent = "" if is_stated else ", extent: assumed"
        lines += [
            f"  place-{index}: {{at: {spot}}}  {_comment(place.name)}".rstrip(),
            f"  town-{index}: {{{within}{extent}}}",
        ]
        members.append(f"town-{index}")
    if _length_m(places) > 0.0:
        through = ", ".join(f"place-{n}" for n in range(1, len(places) + 1))
        lines += [
            f"  line: {{through: [{through}], extent: assumed}}",
            f"  way: {{within: {_ROUTE_KM:g} km, of: line}}",
        ]
        members.append("way")
    lines.append(f"  corridor: {{any of: [{', '.join(members)}]}}")
    return lines


def _length_m(places: tuple[Place, ...]) -> float:
    return math.fsum(distance_m(a.centre, b.centre) for a, b in pairwise(places))


def _radius_km(place: Place) -> float:
    """The radius of a town; of a province, as far as its unfound place may lie."""
    radius_km = _SIGMAS_PER_RADIUS * place.sigma_major_m / 1000.0
    if place.basis not in _STATED_BASES:
        return radius_km
    low, high = _TOWN_KM
    return min(high, max(low, radius_km))


def _comment(name: str) -> str:
    return "# " + " ".join(name.split()) if name.strip() else ""


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON's strings are that."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


__all__ = [
    "CORRIDOR_SUBJECT",
    "CorridorAgreement",
    "build_corridors",
]
