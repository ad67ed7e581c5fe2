"""Air raid alarms as observations: somebody expected an attack there, no more."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from truce.formats.air_raid_sirens import Alarm, decode
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval
from truce.observations.context import ReadingContext, assess_times
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.kinds import Kind
from truce.observations.model import Grade, Observation
from truce.observations.ports import PlaceNames
from truce.places import Place, PlaceBasis

FEED: Final = FeedName("air_raid_sirens")

OFFICIAL: Final = "Ukrainian air raid alarm system"
VOLUNTEERS: Final = "volunteer air raid monitors"
_OFFICIAL_GRADE: Final = default_grade(FEED)
# The same alarms noted down by volunteers: one step less reliable. An end that nobody
# saw makes the report one step less credible as well.
_VOLUNTEER_GRADE: Final = Grade(reliability="C", credibility=2)
_ASSUMED_END_GRADE: Final = Grade(reliability="C", credibility=3)

# What may stand in the oblast column: an oblast, or a city that ranks as one.
_AS_PROVINCE: Final = frozenset({PlaceBasis.PROVINCE, PlaceBasis.SETTLEMENT})
# A raion or hromada is an area: a town of the same name is smaller than what was
# alarmed.
_AS_DISTRICT: Final = frozenset({PlaceBasis.DISTRICT})

_Area = Place | str
_FindArea = Callable[[Alarm], _Area]


def _observer(context: ReadingContext) -> Observe[Alarm]:
    find_area = _area_finder(context.gazetteer)

    def observe(row: Decoded[Alarm], row_id: ObservationId) -> Outcome:
        alarm = row.value
        end = _end(alarm, context)
        reasons = assess_times(
            alarm.started_at,
            alarm.started_at if alarm.is_end_assumed else end,
            context,
        )
        area = find_area(alarm)
        if isinstance(area, str):
            reasons += (area,)
        if reasons or isinstance(area, str):
            return quarantined(row, reasons)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=_row_key(row.content),
            statement=context.statement,
            line=row.line,
            stated_by=OFFICIAL if alarm.level else VOLUNTEERS,
            kind=Kind.ALARM,
            kind_word="air raid alarm",
            where=area,
            when=Interval(start=alarm.started_at, end=end),
            grade=_grade(alarm),
            text=_text(alarm),
        )

    return observe


def _area_finder(gazetteer: PlaceNames) -> _FindArea:
    """Looks each area up once: a file names some two hundred areas in tens of thousands
    of rows."""
    known: dict[tuple[str, str, str], _Area] = {}

    def find(alarm: Alarm) -> _Area:
        key = (alarm.oblast, alarm.raion, alarm.hromada)
        if key not in known:
            known[key] = _area(gazetteer, *key)
        return known[key]

    return find


def _area(gazetteer: PlaceNames, oblast: str, raion: str, hromada: str) -> _Area:
    """The smallest named area that the gazetteer knows around the alarm, or why there
    is none.

    A hromada that it does not know becomes its raion, and that its oblast: larger,
    never wrong.
    """
    province = _lookup(gazetteer, oblast, None, _AS_PROVINCE)
    if province is None:
        reason = f"oblast {oblast!r} is no province of the gazetteer"
        if raion and _lookup(gazetteer, raion, None, _AS_PROVINCE):
            reason += f", but raion {raion!r} is: the two look swapped"
        return reason
    for name in (hromada, raion):
        found = _lookup(gazetteer, name, oblast, _AS_DISTRICT) if name else None
        if found:
            return found
    return province


def _lookup(
    gazetteer: PlaceNames, name: str, within: str | None, bases: frozenset[PlaceBasis]
) -> Place | None:
    for entry in gazetteer.find(name, within=within):
        place = entry.place(name=name)
        if place.basis in bases:
            return place
    return None


def _end(alarm: Alarm, context: ReadingContext) -> datetime:
    """When it ended; for one that lasted still, when we heard of it."""
    if alarm.finished_at is None:
        return max(alarm.started_at, context.received_at)
    return alarm.finished_at


def _grade(alarm: Alarm) -> Grade:
    if alarm.level:
        return _OFFICIAL_GRADE
    return _ASSUMED_END_GRADE if alarm.is_end_assumed else _VOLUNTEER_GRADE


def _text(alarm: Alarm) -> str:
    named = ", ".join(
        name for name in (alarm.hromada, alarm.raion, alarm.oblast) if name
    )
    if alarm.is_end_assumed:
        return f"Air raid alarm in {named}; end assumed 30 minutes after the start"
    if alarm.finished_at is None:
        return f"Air raid alarm in {named}; not ended when reported"
    return f"Air raid alarm in {named}"


def _row_key(content: tuple[str, ...]) -> str:
    """The files number no rows: area and start name one."""
    oblast, started_at, _, raion, hromada = content[:5]
    area = "/".join(name for name in (oblast, raion, hromada) if name)
    return f"{area} {started_at}"


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "OFFICIAL", "READER", "VOLUNTEERS"]
