"""How far each feed is believed before anything is known of the single report."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from truce.canonical import Json
from truce.identifiers import FeedName
from truce.observations.model import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDefault:
    """The grade of a feed's ordinary report, and why."""

    grade: Grade
    reason: str


def _default(reliability: str, credibility: int, reason: str) -> GradeDefault:
    return GradeDefault(
        grade=Grade(reliability=reliability, credibility=credibility), reason=reason
    )


# Readers move single reports up or down from here, and say so.
GRADES: Final = MappingProxyType(
    {
        FeedName("firms"): _default(
            "A", 3, "calibrated instrument; a hot pixel says heat, not what burned"
        ),
        FeedName("air_raid_sirens"): _default(
            "B", 2, "public alarm system, logged; says that an attack was expected"
        ),
        FeedName("ucdp_ged"): _default(
            "B", 2, "coded by trained readers from press by a published codebook"
        ),
        FeedName("eyes_on_russia"): _default(
            "B", 2, "footage geolocated and cross-checked by analysts"
        ),
        FeedName("bellingcat_civharm"): _default(
            "B", 2, "footage geolocated and cross-checked by analysts"
        ),
        FeedName("corridors_2022"): _default(
            "B", 3, "compiled from announcements of the parties themselves"
        ),
        FeedName("watch_log"): _default(
            "B", 2, "the mission's own monitors and instruments, under its procedures"
        ),
        FeedName("party_claims"): _default(
            "D", 4, "a party to the conflict speaks in its own cause"
        ),
        FeedName("photographs"): _default(
            "F", 6, "a picture says nothing by itself: people say what it shows"
        ),
    }
)


def default_grade(feed: FeedName) -> Grade:
    """The grade of an ordinary report of this feed; F6 (cannot be judged) where none is
    set."""
    known = GRADES.get(feed)
    return known.grade if known else Grade(reliability="F", credibility=6)


def grades_as_json() -> dict[str, Json]:
    """The table as a plain object, feed by feed, for sealing with the method."""
    return {feed: str(default.grade) for feed, default in sorted(GRADES.items())}


__all__ = ["GRADES", "GradeDefault", "default_grade", "grades_as_json"]
