"""The mission's own watch logs as watches and observations."""

from typing import Final

from truce.formats.rows import Decoded
from truce.formats.watch_log import LogEntry, Sighting, Watched, decode
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval
from truce.observations.context import (
    ReadingContext,
    assess_position,
    assess_times,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.model import Grade, Observation, Watch
from truce.observations.monitor_words import kind_from_word
from truce.places import SIGMAS_95, Place, PlaceBasis, Position, round_place

FEED: Final = FeedName("watch_log")

# A watch is made from where the observer stood, which a receiver of satellite
# navigation knows this well (one sigma, metres). Source: GPS Standard Positioning
# Service Performance Standard, 5th edition (2020): 8 m horizontally in 95 % of cases;
# 10 m leaves room for a map reading.
_STANDPOINT_SIGMA_M: Final = 10.0


def _observer(context: ReadingContext) -> Observe[LogEntry]:
    def observe(row: Decoded[LogEntry], row_id: ObservationId) -> Outcome:
        entry = row.value.entry
        reasons = assess_position(entry.lat_deg, entry.lon_deg, context.bounds)
        reasons += assess_times(entry.start, entry.end, context)
        if reasons:
            return quarantined(row, reasons)
        if isinstance(entry, Watched):
            return _watch(entry, row, row_id, context)
        return _observation(entry, row, row_id, context)

    return observe


def _watch(
    entry: Watched,
    row: Decoded[LogEntry],
    row_id: ObservationId,
    context: ReadingContext,
) -> Watch:
    return Watch(
        id=row_id,
        feed=FEED,
        row_key=entry.id or f"{entry.observer} {entry.start.isoformat()}",
        statement=context.statement,
        line=row.line,
        stated_by=row.value.stated_by,
        observer=f"{entry.role} {entry.observer}",
        where=round_place(
            Position(lat_deg=entry.lat_deg, lon_deg=entry.lon_deg),
            sigma_m=_STANDPOINT_SIGMA_M,
            basis=PlaceBasis.POINT,
        ),
        range_m=entry.range_m,
        when=Interval(start=entry.start, end=entry.end),
        detection_probability=entry.detection_probability,
    )


def _observation(
    entry: Sighting,
    row: Decoded[LogEntry],
    row_id: ObservationId,
    context: ReadingContext,
) -> Observation:
    return Observation(
        id=row_id,
        feed=FEED,
        row_key=f"{entry.observer} {entry.id}",
        statement=context.statement,
        line=row.line,
        stated_by=row.value.stated_by,
        observer=f"{entry.role} {entry.observer}",
        kind=kind_from_word(entry.kind),
        kind_word=entry.kind,
        weapon_word=entry.weapon,
        where=_where(entry),
        when=Interval(start=entry.start, end=entry.end),
        grade=_grade(entry),
        text=entry.text,
        count=entry.count,
    )


def _where(entry: Sighting) -> Place:
    """The sighting's place; an ellipse of 95 % is that many sigmas wide."""
    centre = Position(lat_deg=entry.lat_deg, lon_deg=entry.lon_deg)
    if entry.sigma_m is not None:
        return round_place(centre, sigma_m=entry.sigma_m, basis=PlaceBasis.POINT)
    # The codec lets a line through only with one of the two ways to say how well it is
    # known.
    assert entry.semi_major_m is not None
    assert entry.semi_minor_m is not None
    return Place(
        centre=centre,
        sigma_major_m=entry.semi_major_m / SIGMAS_95,
        sigma_minor_m=entry.semi_minor_m / SIGMAS_95,
        bearing_deg=(entry.bearing_deg or 0.0) % 180.0,
        basis=PlaceBasis.POINT,
    )


def _grade(entry: Sighting) -> Grade:
    if entry.reliability and entry.credibility is not None:
        return Grade(reliability=entry.reliability, credibility=entry.credibility)
    return default_grade(FEED)


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "READER"]
