"""The real files of three feeds: every row ends in exactly one bin, and the counts are
known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truce.gazetteer import gazetteer_from_bytes, shipped_gazetteer
from truce.identifiers import FeedName, StatementIndex
from truce.observations.context import Bounds, ReadingContext
from truce.observations.read import read
from truce.places import PlaceBasis


@dataclass(frozen=True)
class Expected:
    """What one real file must give."""

    feed: str
    file: str
    rows: int
    quarantined: tuple[tuple[int, str], ...] = ()


EXPECTED = (
    Expected("firms", "MODIS-2021.csv", 10_796),
    Expected("firms", "MODIS-2022-arch.csv", 8_470),
    Expected("firms", "MODIS-2022.csv", 7_113),
    Expected("firms", "VIIRS-NOAA-2022.csv", 4_248),
    # One row of the source has the district in the province's column.
    Expected(
        "air_raid_sirens",
        "official_data_en.csv.gz",
        43_031,
        ((18, "the two look swapped"),),
    ),
    Expected("air_raid_sirens", "volunteer_data_en.csv.gz", 54_514),
    Expected("ucdp_ged", "UCDP-Ukraine_commit-f0821cc_2023-06-23.csv", 3_077),
)


@pytest.fixture(scope="module")
def context() -> ReadingContext:
    """The shipped gazetteer and a box around Ukraine, received after all of it."""
    return ReadingContext(
        statement=StatementIndex(0),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        gazetteer=gazetteer_from_bytes(shipped_gazetteer()),
        bounds=Bounds(
            name="Ukraine and around",
            south_deg=43,
            north_deg=54,
            west_deg=21,
            east_deg=42,
        ),
    )


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.file)
def test_every_row_of_a_real_file_is_accounted_for(
    expected: Expected, shared_data: Path, context: ReadingContext
) -> None:
    """138,869 rows come from these and three more feeds; none may be lost on the
    way."""
    raw = (shared_data / expected.feed / expected.file).read_bytes()
    reading = read(FeedName(expected.feed), raw, context)
    print(  # noqa: T201  # shown by pytest -rP: the figures that reports quote
        f"{expected.file}: read {reading.rows_read}, "
        f"accepted {len(reading.observations)}, "
        f"quarantined {len(reading.quarantined)}, "
        f"duplicates {len(reading.duplicate_lines)}"
    )
    assert reading.rows_read == expected.rows
    assert reading.duplicate_lines == ()
    found = tuple((line.line, line.reason) for line in reading.quarantined)
    assert len(found) == len(expected.quarantined)
    for (line, reason), (line_expected, part) in zip(
        found, expected.quarantined, strict=True
    ):
        assert line == line_expected
        assert part in reason
    assert len(reading.observations) == expected.rows - len(found)
    assert len({row.id for row in reading.observations}) == len(reading.observations)


def test_alarms_of_districts_are_smaller_than_provinces(
    shared_data: Path, context: ReadingContext
) -> None:
    """The gazetteer knows nearly every alarmed raion and hromada of the real file."""
    raw = (shared_data / "air_raid_sirens" / "official_data_en.csv.gz").read_bytes()
    alarms = read(FeedName("air_raid_sirens"), raw, context).observations
    # The source names an area below the oblast in 6,494 rows (897 raions, 5,597
    # hromadas), one of which is quarantined.
    local = [alarm for alarm in alarms if "/" in alarm.row_key]
    assert len(local) == 6_493
    districts = [alarm for alarm in local if alarm.where.basis is PlaceBasis.DISTRICT]
    assert len(districts) >= 0.99 * len(local)
