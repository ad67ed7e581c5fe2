"""Entries of the Eyes on Russia map as observations.

Traps of the source, and what is done about each:

1. The day is sometimes blank (quarantined) or contradicts the day in the title (both
   are held).
2. Three days lie a year or two after the posts they cite (quarantined: the posts' own
   numbers refute them); others a little after (the interval reaches back to the post).
3. A longitude that repeats the latitude, and positions outside the country named:
   quarantined.
4. The description is cut at its first colon ("Image 3: damaged school" is "Image 3"
   there), the title is not: the text is the title's.
5. Numbers of entries are missing (the row's own id stands in, so that unnumbered rows
   stay apart) or given twice with different content: both are kept.
6. Links that were withheld, or lead to no single post: the entry rests on nothing that
   we can see.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from truce.formats.eyes_on_russia import EyesOnRussiaEntry, decode
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval
from truce.observations.context import (
    WORLD,
    Bounds,
    ReadingContext,
    assess_position,
    assess_times,
    day_start,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.geolocations import (
    GEOLOCATED_SIGMA_M,
    UNSHOWN_SIGMA_M,
    VAGUE_SIGMA_M,
    place_from_degrees,
    settlement_at,
)
from truce.observations.grading import default_grade
from truce.observations.kind_words import kind_from_words
from truce.observations.kinds import Kind
from truce.observations.model import Grade, Observation
from truce.observations.posts import posts_from_links, unique_posts
from truce.observations.stated_times import (
    REFUTED_AFTER,
    assess_day,
    day_of_posts,
    days_written,
    interval_stated,
)
from truce.places import Place

FEED: Final = FeedName("eyes_on_russia")
STATED_BY: Final = "Centre for Information Resilience"

# Ukraine in its recognised borders (44.39 to 52.38 N, 22.14 to 40.23 E) with a fifth of
# a degree around it. Source: extent of UA in GeoNames' country table.
UKRAINE: Final = Bounds(
    name="Ukraine", south_deg=44.1, north_deg=52.6, west_deg=21.9, east_deg=40.45
)
# The source's spellings of Ukraine. Crimea is Ukraine.
_UKRAINE_WORDS: Final = frozenset({"ukraine", "ukrain", "crimea"})
# Its words for where else it looked, as spelt there.
_ABROAD_WORDS: Final = frozenset(
    {
        "belarus",
        "belaurs",
        "kursk oblast",
        "moldova",
        "other (type name in cell)",
        "russa",
        "russia",
        "serbia",
    }
)
# A title begins with its day, in up to so many characters.
_TITLE_DAY_CHARS: Final = 16
_TITLE_DAY: Final = re.compile(r"\s*\d{1,2}[/.]\d{1,2}[/.]\d{2,4}[\s:.,–-]*", re.ASCII)

# What an entry is of when its description says nothing ("Image 3"), by the first words
# of its group. Months after a group's name only say when it was curated.
_GROUPS: Final = (
    ("Civilian Infrastructure Damage", Kind.DAMAGE),
    ("Military Infrastructure Damage", Kind.DAMAGE),
    ("Bombing or Explosion", Kind.EXPLOSION),
    ("Russian Military Presence", Kind.FORCES_PRESENT),
    ("Russian Allies Presence", Kind.FORCES_PRESENT),
    ("Russian Military Losses", Kind.DAMAGE),
    ("Ukrainian Military Losses", Kind.DAMAGE),
    ("Civilian Casualty", Kind.HARM),
    ("Mass grave or Burial", Kind.HARM),
    ("Munitions", Kind.EXPLOSION_IMPACT),
    ("Russian Firing Positions", Kind.WEAPON_PRESENT),
    ("Ground Battle", Kind.CLASH),
)
# Groups whose word is stronger than a description that merely names forces or a weapon:
# "missile in the street" under Munitions is where it came down.
_EVENT_GROUPS: Final = frozenset(
    {Kind.DAMAGE, Kind.EXPLOSION, Kind.HARM, Kind.EXPLOSION_IMPACT, Kind.CLASH}
)
_PRESENCE: Final = frozenset(
    {Kind.WEAPON_PRESENT, Kind.FORCES_PRESENT, Kind.DRONE, Kind.AIRCRAFT}
)
# An arrest is none of our kinds, whoever carries a weapon in the picture.
_NEVER_JUDGED_BY_WORDS: Final = "Detentions or Arrests"
_LOSSES: Final = ("Russian Military Losses", "Ukrainian Military Losses")
# A curator's own doubt of the position.
_DOUBTFUL_PLACE: Final = re.compile(
    r"not sure about exact coord|not exact location|\bsomewhere\b", re.IGNORECASE
)


def text_of_entry(entry: EyesOnRussiaEntry) -> str:
    """What an entry says: its title without the day, or else its description."""
    return _TITLE_DAY.sub("", entry.title, count=1).strip() or entry.description.strip()


def kind_of_entry(event_group: str, description: str) -> Kind:
    """What an entry is of: by its description's words, then by its group."""
    if event_group.startswith(_NEVER_JUDGED_BY_WORDS):
        return Kind.UNDETERMINED
    by_group = next(
        (kind for start, kind in _GROUPS if event_group.startswith(start)),
        Kind.UNDETERMINED,
    )
    by_words = kind_from_words(description)
    if by_words is None:
        return by_group
    is_event = by_group in _EVENT_GROUPS and not event_group.startswith(_LOSSES)
    return by_group if is_event and by_words in _PRESENCE else by_words


def _observer(context: ReadingContext) -> Observe[EyesOnRussiaEntry]:
    def observe(row: Decoded[EyesOnRussiaEntry], row_id: ObservationId) -> Outcome:
        entry = row.value
        text = text_of_entry(entry)
        sources = posts_from_links(entry.links)
        days = _days(entry)
        reasons = _assess_degrees(entry, _bounds(entry.country, context))
        reasons += assess_times(day_start(min(days)), day_start(max(days)), context)
        reasons += _assess_days(days) + assess_day(entry.day, sources, len(sources))
        if reasons:
            return quarantined(row, reasons)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=entry.entry or row_id,
            statement=context.statement,
            line=row.line,
            stated_by=STATED_BY,
            kind=kind_of_entry(entry.event_group, text),
            kind_word=entry.event_group,
            weapon_word=entry.munition,
            where=_place(entry, context),
            when=_interval(entry, text, sources),
            grade=_grade(entry, sources),
            posts=unique_posts((*sources, *posts_from_links(entry.geolocation_links))),
            text=text,
        )

    return observe


def _bounds(country: str, context: ReadingContext) -> Bounds:
    """Where an entry may lie: one that names another country, anywhere on earth."""
    word = country.strip().casefold()
    if word in _UKRAINE_WORDS:
        return context.bounds or UKRAINE
    return WORLD if word in _ABROAD_WORDS else context.bounds or WORLD


def _assess_degrees(entry: EyesOnRussiaEntry, bounds: Bounds) -> tuple[str, ...]:
    lat_deg, lon_deg = float(entry.lat_deg), float(entry.lon_deg)
    if entry.lat_deg == entry.lon_deg:
        return (f"lat and lon are both {entry.lat_deg}; one was copied over the other",)
    return assess_position(lat_deg, lon_deg, bounds)


def _days(entry: EyesOnRussiaEntry) -> tuple[date, ...]:
    """The day of the entry, and beside it the one in its title."""
    return (entry.day, *days_written(entry.title[:_TITLE_DAY_CHARS])[:1])


def _assess_days(days: Sequence[date]) -> tuple[str, ...]:
    """Why the two days cannot both be held: months apart may, a year may not."""
    if max(days) - min(days) <= REFUTED_AFTER:
        return ()
    return (f"date is {days[0]}, but the title says {days[1]}; one of them is wrong",)


def _interval(entry: EyesOnRussiaEntry, text: str, sources: Sequence[str]) -> Interval:
    """Both days where the title contradicts the date, and back to an older post."""
    by_posts = day_of_posts(entry.day, sources, len(sources))
    return interval_stated(entry.day, text, (*_days(entry), *by_posts))


def _place(entry: EyesOnRussiaEntry, context: ReadingContext) -> Place:
    name = ", ".join(
        part
        for part in (entry.town, entry.district, entry.province, entry.country)
        if part
    )
    sigma_m = GEOLOCATED_SIGMA_M if entry.geolocation_links.strip() else UNSHOWN_SIGMA_M
    if _DOUBTFUL_PLACE.search(entry.description + " " + entry.munition):
        sigma_m = VAGUE_SIGMA_M
    lat_deg, lon_deg = entry.lat_deg, entry.lon_deg
    town = settlement_at(lat_deg, lon_deg, entry.town, context.gazetteer)
    if town is not None:
        return replace(town, name=name)
    return place_from_degrees(lat_deg, lon_deg, sigma_m=sigma_m, name=name)


def _grade(entry: EyesOnRussiaEntry, sources: Sequence[str]) -> Grade:
    """B2 where the post and its geolocation are both shown, else B3."""
    grade = default_grade(FEED)
    if sources and entry.geolocation_links.strip():
        return grade
    return Grade(reliability=grade.reliability, credibility=grade.credibility + 1)


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "READER", "STATED_BY", "UKRAINE", "kind_of_entry", "text_of_entry"]
