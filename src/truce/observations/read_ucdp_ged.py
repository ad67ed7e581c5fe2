"""Events of the UCDP dataset as observations: an area and a run of days, from the
press."""

import re
import unicodedata
from typing import Final

from truce.formats.rows import Decoded
from truce.formats.ucdp_ged import Event, decode
from truce.identifiers import FeedName, ObservationId
from truce.observations.context import (
    ReadingContext,
    assess_position,
    assess_times,
    day_start,
    days_interval,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.kinds import Kind
from truce.observations.model import Deaths, Grade, Observation
from truce.observations.ports import PlaceNames
from truce.observations.posts import unique_posts
from truce.places import Place, PlaceBasis, Position, distance_m, round_place

FEED: Final = FeedName("ucdp_ged")

KIND_WORDS: Final = {
    1: "state-based violence",
    2: "non-state violence",
    3: "one-sided violence",
}

# One sigma in metres and the basis of each `where_prec`. The codebook gives areas;
# something anywhere in a disc of radius R has a sigma of R/2 along each axis. Source:
# UCDP GED codebook 23.1, "where_prec"; areas of Ukraine by its statistical yearbook.
WHERE_PRECISION: Final = {
    # The named village or town itself: a disc of 5 km holds all but the largest cities,
    # for which the gazetteer knows better.
    1: (2_500.0, PlaceBasis.SETTLEMENT),
    # Near the named place: within about 25 km.
    2: (12_500.0, PlaceBasis.DISTRICT),
    # The second-order division: a raion of before 2020 is at most some 3 000 km2, R =
    # 30 km.
    3: (15_000.0, PlaceBasis.DISTRICT),
    # The first-order division: Donetsk and Luhansk oblasts are 26 500 km2, R = 92 km.
    4: (46_000.0, PlaceBasis.PROVINCE),
    # A fuzzy or linear feature: the commonest here, the Donets basin, spans two
    # oblasts.
    5: (65_000.0, PlaceBasis.PROVINCE),
    # The country only: 603 600 km2, R = 438 km.
    6: (219_000.0, PlaceBasis.COUNTRY),
    # International waters or air space, at a point that stands for it.
    7: (50_000.0, PlaceBasis.PROVINCE),
}

# How the dataset says what kind of settlement a name is.
_SETTLEMENT_WORD: Final = re.compile(
    r" (?:city|town|village|settlement)$", re.IGNORECASE
)
# A settlement of that name further off is another one: the radius of the largest city.
_SAME_NAME_M: Final = 20_000.0

# What the headlines call the fire of weapons that burst, and mines; the first found is
# kept as the source's own word.
_EXPLOSIVE: Final = re.compile(
    r"\b(?:shell(?:s|ed|ing|ings|fire)?|artillery|mortars?|howitzers?|grad|rockets?|"
    r"missiles?|air ?strikes?|bomb(?:s|ed|ing|ings|ardment)?|explosions?|explodes?|"
    r"blasts?|grenades?|drones?)\b|обстр[іе]л\w*|артил\w*|м[иі]ном[её]т\w*|взрыв\w*|вибух\w*",
    re.IGNORECASE,
)
_MINE: Final = re.compile(
    r"\b(?:land ?mines?|mine (?:blast|explosion)s?|(?:hits?|on|by|over) (?:a )?mines?|"
    r"anti-?(?:tank|personnel) mines?|booby[- ]traps?|tripwires?|IEDs?)\b",
    re.IGNORECASE,
)
# A report coded by the institute as less clear is one step less credible.
_GRADES: Final = {
    1: default_grade(FEED),
    2: Grade(reliability=default_grade(FEED).reliability, credibility=3),
}
# Headlines of a much reported event run to pages; the sealed row keeps them all.
_TEXT_CHARS_MAX: Final = 1000


def _observer(context: ReadingContext) -> Observe[Event]:
    def observe(row: Decoded[Event], row_id: ObservationId) -> Outcome:
        event = row.value
        reasons = assess_position(event.lat_deg, event.lon_deg, context.bounds)
        reasons += assess_times(
            day_start(event.first_day), day_start(event.last_day), context
        )
        if reasons:
            return quarantined(row, reasons)
        kind, weapon_word = kind_of(event)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=event.event_id,
            statement=context.statement,
            line=row.line,
            stated_by="UCDP GED",
            observer=event.original_source,
            kind=kind,
            kind_word=KIND_WORDS[event.type_of_violence],
            weapon_word=weapon_word,
            where=_where(event, context.gazetteer),
            # Local days: one in Kyiv is not a UTC day. The range holds for every
            # date_prec, because the source widens it as the precision falls.
            when=days_interval(event.first_day, event.last_day),
            grade=_GRADES[event.clarity],
            posts=unique_posts(map(post_from_article, event.articles)),
            text=_text(event),
            deaths=_deaths(event),
        )

    return observe


def kind_of(event: Event) -> tuple[Kind, str]:
    """The physical kind that type and headlines speak of, and the word that told it."""
    if event.type_of_violence == 3:
        return Kind.HARM, ""
    if explosive := _EXPLOSIVE.search(event.headline):
        return Kind.EXPLOSION, explosive.group()
    if mine := _MINE.search(event.headline):
        return Kind.MINE, mine.group()
    return Kind.CLASH, ""


def post_from_article(article: str) -> str:
    """The name of an article: publisher, day and headline in one spelling.

    Spaces, case and punctuation differ between entries that cite the same article.
    """
    plain = unicodedata.normalize("NFKC", article).casefold()
    publisher, _, rest = plain.partition(",")
    day, _, headline = rest.partition(",")
    parts = (" ".join(re.findall(r"\w+", part)) for part in (publisher, headline))
    name, title = parts
    return f"article:{name}|{day.strip()}|{title}"


def _where(event: Event, gazetteer: PlaceNames) -> Place:
    sigma_m, basis = WHERE_PRECISION[event.where_precision]
    centre = Position(lat_deg=event.lat_deg, lon_deg=event.lon_deg)
    if basis is PlaceBasis.SETTLEMENT:
        sigma_m = max(sigma_m, _settlement_sigma_m(event, centre, gazetteer))
    return round_place(centre, sigma_m=sigma_m, basis=basis, name=event.where_name)


def _settlement_sigma_m(event: Event, centre: Position, gazetteer: PlaceNames) -> float:
    """How large the named settlement is, one sigma; 0 where it is not known here.

    An event "in Donetsk" stands at the city's centre and may have been anywhere in it.
    """
    name = _SETTLEMENT_WORD.sub("", event.where_name)
    places = (entry.place() for entry in gazetteer.find(name)) if name else ()
    return max(
        (
            place.sigma_major_m
            for place in places
            if place.basis is PlaceBasis.SETTLEMENT
            and distance_m(place.centre, centre) <= _SAME_NAME_M
        ),
        default=0.0,
    )


def _deaths(event: Event) -> Deaths:
    """The source's counts; where its best lies outside its range, the range that holds
    all three."""
    counts = (event.low, event.best, event.high)
    return Deaths(low=min(counts), best=event.best, high=max(counts))


def _text(event: Event) -> str:
    parts = [event.headline.strip(), event.where_description.strip()]
    if not event.low <= event.best <= event.high:
        parts.append(
            f"the source counts low {event.low}, best {event.best}, high {event.high}"
        )
    return "; ".join(part for part in parts if part)[:_TEXT_CHARS_MAX]


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = [
    "FEED",
    "KIND_WORDS",
    "READER",
    "WHERE_PRECISION",
    "kind_of",
    "post_from_article",
]
