"""What a party claims as observations: stated by the party, graded as one in its own
cause."""

from typing import Final

from truce.formats.party_claims import Claim, Disc, decode
from truce.formats.rows import Decoded
from truce.identifiers import FeedName, ObservationId
from truce.instants import Interval, text_from_instant
from truce.observations.context import (
    ReadingContext,
    assess_position,
    assess_times,
)
from truce.observations.feed_reader import FeedReader, Observe, Outcome, quarantined
from truce.observations.grading import default_grade
from truce.observations.model import Assertion, Deaths, Observation
from truce.observations.monitor_words import kind_from_word
from truce.observations.ports import PlaceNames
from truce.observations.posts import posts_from_links
from truce.places import Place, PlaceBasis, Position, round_place

FEED: Final = FeedName("party_claims")

# What the size of a claimed disc rests on: within a village, a district, a province, or
# beyond. The limits are the radii of the largest Ukrainian village, raion and oblast,
# rounded up, metres.
_BASES: Final = (
    (5_000.0, PlaceBasis.SETTLEMENT),
    (50_000.0, PlaceBasis.DISTRICT),
    (110_000.0, PlaceBasis.PROVINCE),
)


def _observer(context: ReadingContext) -> Observe[Claim]:
    def observe(row: Decoded[Claim], row_id: ObservationId) -> Outcome:
        claim = row.value
        reasons = _assess(claim, context)
        where = _where(claim, context.gazetteer)
        if where is None:
            reasons += (f"place {claim.place!r} is not in the gazetteer",)
        if reasons or where is None:
            return quarantined(row, reasons)
        return Observation(
            id=row_id,
            feed=FEED,
            row_key=f"{claim.party} {claim.claim_id}",
            statement=context.statement,
            line=row.line,
            stated_by=claim.party,
            kind=kind_from_word(claim.kind),
            kind_word=claim.kind,
            weapon_word=claim.weapon,
            asserts=Assertion(claim.asserts),
            where=where,
            when=Interval(start=claim.start, end=claim.end),
            grade=default_grade(FEED),
            posts=posts_from_links(claim.sources),
            text=claim.text,
            deaths=_deaths(claim.deaths),
        )

    return observe


def _assess(claim: Claim, context: ReadingContext) -> tuple[str, ...]:
    reasons = assess_times(claim.start, claim.end, context)
    if claim.stated_at > context.received_at:
        reasons += assess_times(claim.stated_at, claim.stated_at, context)
    elif claim.end > claim.stated_at:
        end, stated = (
            text_from_instant(claim.end),
            text_from_instant(claim.stated_at),
        )
        reasons += (f"claim speaks of {end}, after it was stated ({stated})",)
    if claim.disc:
        disc = claim.disc
        reasons += assess_position(disc.lat_deg, disc.lon_deg, context.bounds)
    return reasons


def _where(claim: Claim, gazetteer: PlaceNames) -> Place | None:
    if claim.disc:
        return _disc(claim.disc, claim.place)
    entries = gazetteer.find(claim.place)
    return entries[0].place(name=claim.place) if entries else None


def _disc(disc: Disc, name: str) -> Place:
    """A disc of radius R, every spot alike, has a sigma of R/2 along each axis."""
    basis = next(
        (basis for limit_m, basis in _BASES if disc.radius_m <= limit_m),
        PlaceBasis.COUNTRY,
    )
    return round_place(
        Position(lat_deg=disc.lat_deg, lon_deg=disc.lon_deg),
        sigma_m=disc.radius_m / 2.0,
        basis=basis,
        name=name,
    )


def _deaths(count: int | None) -> Deaths | None:
    return None if count is None else Deaths(low=count, best=count, high=count)


READER: Final = FeedReader(feed=FEED, decode=decode, observer=_observer)

__all__ = ["FEED", "READER"]
