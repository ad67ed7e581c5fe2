"""The scorer of pairs, on worlds where the right figures can be counted by hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.incidents.invented_reports import report

from truce.errors import InvalidQuery
from truce.gazetteer import gazetteer_from_bytes, shipped_gazetteer
from truce.identifiers import StatementIndex
from truce.observations.context import ReadingContext
from truce.observations.model import Observation
from truce.observations.read import read
from truce.scoring.pairs import EXPORT_FEED, MAP_FEED, score_pairs


def entry(feed: str, name: str, east_m: float, day: float, post: str) -> Observation:
    """An entry of one of the two catalogues."""
    posts = (post,) if post else ()
    return report(name, feed=feed, east_m=east_m, day=day, posts=posts)


def on_map(
    name: str, *, east_m: float = 0.0, day: float = 0.0, post: str = ""
) -> Observation:
    """An entry of the map."""
    return entry(MAP_FEED, name, east_m, day, post)


def in_export(
    name: str, *, east_m: float = 0.0, day: float = 0.0, post: str = ""
) -> Observation:
    """An entry of the export."""
    return entry(EXPORT_FEED, name, east_m, day, post)


# Three consistent pairs: one near, one that only the link can join, one a day apart;
# one inconsistent; and of the four entries of the export two lie within 1 km and a day.
WORLD = (
    on_map("U1", post="tw:1"),
    in_export("C1", east_m=20.0, post="tw:1"),
    on_map("U2", east_m=50_000.0, post="tw:2"),
    in_export("C2", east_m=50_330.0, post="tw:2"),
    on_map("U3", east_m=90_000.0, post="tw:3"),
    in_export("C3", east_m=95_000.0, post="tw:3"),
    in_export("C4", east_m=700.0),
)


def test_pairs_are_counted_and_shares_are_shares() -> None:
    """Two consistent pairs, of which one needs the link; one distinct pair, kept apart;
    one pair five kilometres apart, for reading by hand.
    """
    score = score_pairs(WORLD)
    assert score.consistent_pairs == 2
    assert score.fused_without_link == 0.5
    assert score.fused_with_link == 1.0
    assert score.distinct_pairs == 1
    assert score.distinct_fused == 0.0
    assert score.over_merged == 0.0
    (odd,) = score.inconsistent
    assert (odd.first, odd.second, round(odd.distance_m)) == ("U3", "C3", 5000)
    assert not odd.is_fused_with_link


def test_the_keys_are_the_fixed_ones() -> None:
    """Other tools read this JSON; the six keys are part of the architecture."""
    figures = score_pairs(WORLD).as_json()
    assert list(figures)[:6] == [
        "consistent_pairs",
        "fused_without_link",
        "fused_with_link",
        "distinct_pairs",
        "distinct_fused",
        "over_merged",
    ]
    assert figures["inconsistent"] == [["U3", "C3", 5000, 0]]


@pytest.mark.parametrize(("day", "count"), [(0.0, 1), (1.0, 1), (2.0, 0), (3.0, 0)])
def test_a_day_apart_is_the_same_or_the_next_day(day: float, count: int) -> None:
    """Entries dated to whole days: the neighbouring day is within a day, the one after
    it is not.
    """
    world = [*WORLD, on_map("U5", east_m=-9e4, post="tw:5")]
    world.append(in_export("C5", east_m=-9e4, day=day * 1.00002, post="tw:5"))
    assert score_pairs(world).consistent_pairs == 2 + count


def test_a_distinct_pair_that_is_fused_is_counted() -> None:
    """Two entries of the export at one spot and day are taken as one event, curators or
    not: the share says so.
    """
    world = [*WORLD, in_export("C6", east_m=700.0)]
    score = score_pairs(world)
    assert score.distinct_pairs == 3
    assert score.distinct_fused == pytest.approx(1 / 3, abs=1e-4)


def test_other_feeds_are_passed_over() -> None:
    """A satellite's fire beside an entry changes no figure of the curators."""
    assert score_pairs([*WORLD, report("n", feed="news")]) == score_pairs(WORLD)


def test_nothing_to_score_is_said_and_not_shown_as_a_share() -> None:
    """A share of no pairs would look like a perfect or a useless engine."""
    with pytest.raises(InvalidQuery, match="0 pairs that share a post"):
        score_pairs([on_map("U1", post="tw:1")])


def test_the_real_catalogues_are_fused_and_kept_apart(shared_data: Path) -> None:
    """Issue 2, "Shown by" 3: at least .95 of the consistent pairs without the link, at
    most .40 of the distinct ones, and next to no incident that swallows too much.
    """
    context = ReadingContext(
        statement=StatementIndex(0),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        gazetteer=gazetteer_from_bytes(shipped_gazetteer()),
    )
    files = {
        MAP_FEED: "eyes_on_russia/events.csv.gz",
        EXPORT_FEED: "bellingcat_civharm/ukr-civharm-2022-09-21.json",
    }
    observations = [
        one
        for feed, name in files.items()
        for one in read(feed, (shared_data / name).read_bytes(), context).observations
    ]
    score = score_pairs(observations)
    assert score.consistent_pairs + len(score.inconsistent) > 580
    assert score.fused_without_link >= 0.95
    assert score.fused_with_link >= 0.98
    assert score.distinct_pairs > 100
    assert score.distinct_fused <= 0.40
    assert score.over_merged <= 0.01
