"""Invented reports over an invented sea: only what a test is about needs saying."""

from datetime import UTC, datetime, timedelta

from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Grade, Observation
from truce.places import PlaceBasis, Position, moved, round_place

# In the Gulf of Guinea, where no state is.
ORIGIN = Position(lat_deg=0.5, lon_deg=0.5)
DAY_0 = datetime(2031, 3, 1, tzinfo=UTC)


def report(
    name: str,
    *,
    feed: str = "north_news",
    east_m: float = 0.0,
    north_m: float = 0.0,
    sigma_m: float = 50.0,
    day: float = 0.0,
    hours: float = 24.0,
    kind: Kind = Kind.EXPLOSION_IMPACT,
    kind_word: str = "",
    text: str = "",
    posts: tuple[str, ...] = (),
    stated_by: str = "",
    observer: str = "",
    grade: str = "B2",
    asserts: Assertion = Assertion.OCCURRED,
) -> Observation:
    """A report so many metres from the origin, of the day counted from 1 March 2031."""
    start = DAY_0 + timedelta(days=day)
    return Observation(
        id=ObservationId(name),
        feed=FeedName(feed),
        row_key=name,
        statement=StatementIndex(1),
        line=1,
        stated_by=stated_by or feed,
        observer=observer,
        kind=kind,
        kind_word=kind_word,
        asserts=asserts,
        where=round_place(
            moved(ORIGIN, east_m=east_m, north_m=north_m),
            sigma_m=sigma_m,
            basis=PlaceBasis.POINT,
        ),
        when=Interval(start=start, end=start + timedelta(hours=hours)),
        grade=Grade(reliability=grade[0], credibility=int(grade[1])),
        posts=posts,
        text=text,
    )


def heat(
    name: str, *, day: float, east_m: float = 0.0, sigma_m: float = 150.0
) -> Observation:
    """A hot pixel seen by a satellite in one minute."""
    return report(
        name,
        feed="hot_pixels",
        east_m=east_m,
        sigma_m=sigma_m,
        day=day,
        hours=1 / 60,
        kind=Kind.FIRE,
        kind_word="thermal anomaly",
        observer="invented satellite",
        grade="A3",
    )


def names(groups: tuple[tuple[Observation, ...], ...]) -> list[list[str]]:
    """The ids in each group, for reading."""
    return [[str(one.id) for one in group] for group in groups]
