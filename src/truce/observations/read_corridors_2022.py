"""Proposed humanitarian corridors as notices: who announced what, from where to where,
and when.

A corridor is a claim about the future, never an event. How it went is kept as
`outcome_word` and is used for nothing else: the compilers' "Status: ..." is cut from
the text before it is read.
"""

from typing import Final

from truce.formats.corridors_2022 import CorridorRow, decode
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval
from truce.observations.context import (
    ReadingContext,
    assess_times,
    day_start,
    days_interval,
)
from truce.observations.corridor_hours import HoursOf, hours_from_text, news_of_text
from truce.observations.corridor_places import corridor_places
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.model import Notice
from truce.observations.posts import posts_from_links

FEED: Final = FeedName("corridors_2022")
STATED_BY: Final = "PeaceRep, University of Edinburgh"
SUBJECT: Final = "corridor"


def when_of_row(row: CorridorRow) -> Interval:
    """The hours of the ceasefire that the row's news states; the whole day in Kyiv if
    none.
    """
    hours = hours_from_text(row.text, row.day, announced_by=row.proposal)
    if hours is None or hours.of is not HoursOf.CEASEFIRE:
        return days_interval(row.day, row.day)
    return hours.interval(row.day)


def _observer(context: ReadingContext) -> Observe[CorridorRow]:
    def observe(row: Decoded[CorridorRow], row_id: ObservationId) -> Outcome:
        corridor = row.value
        day = day_start(corridor.day)
        if reasons := assess_times(day, day, context):
            return quarantined(row, reasons)
        news = news_of_text(corridor.text)
        places = corridor_places(corridor, context.gazetteer, news)
        return Notice(
            id=row_id,
            feed=FEED,
            row_key=corridor.id,
            statement=context.statement,
            line=row.line,
            stated_by=STATED_BY,
            announced_by=corridor.proposal,
            subject=SUBJECT,
            places=(places.start, places.end),
            when=when_of_row(corridor),
            grade=default_grade(FEED),
            posts=posts_from_links(corridor.links),
            text="\n".join((news, *(f"[{note}]" for note in places.notes))).strip(),
            outcome_word=corridor.status_result,
        )

    return observe


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "READER", "STATED_BY", "SUBJECT", "when_of_row"]
