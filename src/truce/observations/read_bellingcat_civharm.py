"""Incidents of Bellingcat's civilian harm export as observations.

The export publishes its positions moved by up to 0.0008 degrees (see `geolocations`),
withholds some posts as HIDDEN, and has no word for the kind of event: its filters say
what was hit and with what, so the description decides the kind and the weapon only
where the description is silent.
"""

import re
from collections.abc import Sequence
from typing import Final

from truce.formats.bellingcat_civharm import (
    AREA_FILTER,
    WEAPON_FILTER,
    CivilianHarmIncident,
    decode,
)
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.observations.context import (
    ReadingContext,
    assess_position,
    assess_times,
    day_start,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.geolocations import (
    BELLINGCAT_SHIFT_DEG,
    GEOLOCATED_SIGMA_M,
    VAGUE_SIGMA_M,
    place_from_degrees,
)
from truce.observations.grading import default_grade
from truce.observations.kind_words import kind_from_words
from truce.observations.kinds import Kind
from truce.observations.model import Grade, Observation
from truce.observations.posts import post_from_link, unique_posts
from truce.observations.stated_times import (
    assess_day,
    day_of_posts,
    interval_stated,
)
from truce.places import Place

FEED: Final = FeedName("bellingcat_civharm")
STATED_BY: Final = "Bellingcat"

# What an incident is of when its description does not say, by its weapon.
_KIND_OF_WEAPON: Final = {
    "Small arms": Kind.SHOT,
    "Land mines": Kind.MINE,
    "Vehicle mounted weapon": Kind.SHOT,
}
_UNSAID: Final = frozenset({"", "Unknown", "Undefined"})
# Forces seen are not what an export of civilian harm is about.
_PRESENCE: Final = frozenset(
    {Kind.WEAPON_PRESENT, Kind.FORCES_PRESENT, Kind.DRONE, Kind.AIRCRAFT}
)
# Locations that name nothing smaller than a region, or say that they are beside the
# place named.
_VAGUE_LOCATION: Final = re.compile(
    r"(?:unknown|donbas|[\w'’ʼ-]+ (?:oblast|region|raion|district))?|"
    r"(?:near|outside|outskirts of|between|village near)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def kind_of_incident(description: str, weapons: Sequence[str]) -> Kind:
    """What an incident is of: by its description's words, then by its weapon."""
    by_words = kind_from_words(description)
    if by_words is not None and by_words not in _PRESENCE:
        return by_words
    for weapon in weapons:
        if weapon not in _UNSAID:
            return _KIND_OF_WEAPON.get(weapon, Kind.EXPLOSION_IMPACT)
    return by_words or Kind.UNDETERMINED


def _observer(context: ReadingContext) -> Observe[CivilianHarmIncident]:
    def observe(row: Decoded[CivilianHarmIncident], row_id: ObservationId) -> Outcome:
        incident = row.value
        reasons = assess_position(
            float(incident.lat_deg), float(incident.lon_deg), context.bounds
        )
        day = day_start(incident.day)
        reasons += assess_times(day, day, context)
        posts = unique_posts(post_from_link(source.path) for source in incident.sources)
        link_count = len({source.path for source in incident.sources})
        reasons += assess_day(incident.day, posts, link_count)
        if reasons:
            return quarantined(row, reasons)
        weapons = incident.filtered(WEAPON_FILTER)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=incident.id,
            statement=context.statement,
            line=row.line,
            stated_by=STATED_BY,
            kind=kind_of_incident(incident.description, weapons),
            kind_word="; ".join(incident.filtered(AREA_FILTER)),
            weapon_word="; ".join(weapons),
            where=_place(incident),
            when=interval_stated(
                incident.day,
                incident.description,
                day_of_posts(incident.day, posts, link_count),
            ),
            grade=_grade(posts),
            posts=posts,
            text=incident.description,
        )

    return observe


def _place(incident: CivilianHarmIncident) -> Place:
    name = incident.location.strip()
    is_vague = _VAGUE_LOCATION.fullmatch(name) is not None
    return place_from_degrees(
        incident.lat_deg,
        incident.lon_deg,
        sigma_m=VAGUE_SIGMA_M if is_vague else GEOLOCATED_SIGMA_M,
        shift_deg=BELLINGCAT_SHIFT_DEG,
        name=name,
    )


def _grade(posts: Sequence[str]) -> Grade:
    """B2; B3 where no post is shown."""
    grade = default_grade(FEED)
    if posts:
        return grade
    return Grade(reliability=grade.reliability, credibility=grade.credibility + 1)


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "READER", "STATED_BY", "kind_of_incident"]
