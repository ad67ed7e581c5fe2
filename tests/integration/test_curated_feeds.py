"""The real curated feeds: every row in exactly one bin, and the reasons of the rest."""

from collections import Counter, defaultdict
from csv import DictReader
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.gazetteer import Gazetteer, gazetteer_from_bytes, shipped_gazetteer
from truce.identifiers import FeedName, StatementIndex
from truce.observations.context import ReadingContext
from truce.observations.corridor_hours import HoursOf, hours_from_text
from truce.observations.model import Observation, Reading
from truce.observations.read import read
from truce.places import PlaceBasis, Position, distance_m

FILES = {
    "eyes_on_russia": "events.csv.gz",
    "bellingcat_civharm": "ukr-civharm-2022-09-21.json",
    "corridors_2022": "humanitarian_corridors_geocoded.csv",
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The gazetteer that truce ships."""
    return gazetteer_from_bytes(shipped_gazetteer())


@pytest.fixture(scope="module")
def readings(shared_data: Path, gazetteer: Gazetteer) -> dict[str, Reading]:
    """What came of each of the three files."""
    context = ReadingContext(
        statement=StatementIndex(0),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        gazetteer=gazetteer,
    )
    return {
        feed: read(FeedName(feed), (shared_data / feed / name).read_bytes(), context)
        for feed, name in FILES.items()
    }


@pytest.mark.parametrize(
    ("feed", "rows", "taken", "quarantined", "duplicates"),
    [
        ("eyes_on_russia", 6650, 6639, 10, 1),
        ("bellingcat_civharm", 688, 687, 1, 0),
        ("corridors_2022", 282, 282, 0, 0),
    ],
)
def test_every_row_ends_in_one_bin(
    readings: dict[str, Reading],
    feed: str,
    rows: int,
    taken: int,
    quarantined: int,
    duplicates: int,
) -> None:
    """Nothing is dropped silently: the bins add up to the rows of the file."""
    reading = readings[feed]
    found = len(reading.observations) + len(reading.notices)
    assert reading.rows_read == rows
    assert (found, len(reading.quarantined), len(reading.duplicate_lines)) == (
        taken,
        quarantined,
        duplicates,
    )


def test_what_is_quarantined_is_quarantined_for_its_reason(
    readings: dict[str, Reading],
) -> None:
    """Four days blank, three a year or more after their posts, three copied degrees."""
    reasons = Counter(
        next(word for word in ("empty", "cannot be", "copied") if word in line.reason)
        for line in readings["eyes_on_russia"].quarantined
    )
    assert reasons == {"empty": 4, "cannot be": 3, "copied": 3}
    (line,) = readings["bellingcat_civharm"].quarantined
    assert "CIV1341" in line.excerpt
    assert "the post cited is of 2022-04-21" in line.reason


def _pairs(readings: dict[str, Reading]) -> dict[tuple[str, str], set[str]]:
    """Pairs of entries of the two maps that share a tweet or a Telegram post."""
    by_post: dict[str, set[str]] = defaultdict(set)
    for seen in readings["bellingcat_civharm"].observations:
        for post in seen.posts:
            by_post[post].add(seen.row_key)
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for seen in readings["eyes_on_russia"].observations:
        for post in seen.posts:
            for other in by_post[post] if post.startswith(("tw:", "tg:")) else ():
                pairs[seen.row_key, other].add(post)
    return pairs


def test_shared_posts_are_found_again(
    readings: dict[str, Reading], shared_data: Path
) -> None:
    """596 pairs share a post by number; two are of the incident dated months late."""
    pairs = _pairs(readings)
    path = shared_data / "eyes_on_russia" / "derived_pairs_cir_bellingcat.csv"
    with path.open(encoding="utf-8", newline="") as file:
        half = list(DictReader(file))
    lost = [
        row
        for row in half
        if (row["cir_entry"], row["bellingcat_id"]) not in pairs
        and row["bellingcat_id"] != "CIV1341"
    ]
    assert lost == []
    assert len(pairs) == 596 - 2


def test_bellingcats_shift_is_undone(readings: dict[str, Reading]) -> None:
    """Of pairs that share a post half lie within 30 m; as published it is 57 m."""
    by_key: dict[str, list[Observation]] = defaultdict(list)
    for feed in ("eyes_on_russia", "bellingcat_civharm"):
        for seen in readings[feed].observations:
            by_key[seen.row_key].append(seen)
    apart_m = sorted(
        distance_m(a.where.centre, b.where.centre)
        for first, second in _pairs(readings)
        for a in by_key[first]
        for b in by_key[second]
    )
    assert apart_m[len(apart_m) // 2] < 32.0


def test_corridors_that_the_table_misplaces_are_put_right(
    readings: dict[str, Reading],
) -> None:
    """Bakhmut is not in Poltava oblast, nor Hirske in Lviv oblast."""
    bakhmut = Position(lat_deg=48.5944, lon_deg=38.0)
    hirske = Position(lat_deg=48.745, lon_deg=38.5)
    for notice in readings["corridors_2022"].notices:
        for place in notice.places:
            if place.name.startswith("Bakhmut"):
                assert distance_m(place.centre, bakhmut) < 5_000.0
            if place.name.startswith("Hirske"):
                assert distance_m(place.centre, hirske) < 5_000.0
            assert place.basis is not PlaceBasis.POINT


def test_a_twelfth_of_the_texts_state_the_hours_of_a_ceasefire(
    readings: dict[str, Reading],
) -> None:
    """By hand: 23 rows state them, 17 only when people move, 8 tell of the past."""
    counts: Counter[HoursOf] = Counter()
    for notice in readings["corridors_2022"].notices:
        day = notice.when.end.date()
        stated = hours_from_text(notice.text, day, announced_by=notice.announced_by)
        if stated is not None:
            counts[stated.of] += 1
    assert counts == {HoursOf.CEASEFIRE: 23, HoursOf.MOVEMENT: 17}
