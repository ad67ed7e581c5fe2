"""Finding what feeds deliver."""

from pathlib import Path

import pytest

from truce.errors import InvalidInput
from truce.identifiers import FeedName
from truce.observations.read import FEEDS
from truce.sources import FEED_FILES, files_of


def test_every_feed_found_can_be_read() -> None:
    """A source for which there is no reader would only fill quarantine."""
    assert set(FEED_FILES) <= set(FEEDS)


def test_deliveries_are_told_from_what_lies_beside_them(tmp_path: Path) -> None:
    """A readme or a derived table in the folder is no delivery of the feed."""
    folder = tmp_path / "firms"
    folder.mkdir()
    for name in ("README.md", "MODIS-2022.csv", "MODIS-2021.csv", "notes.csv"):
        (folder / name).write_text("x")
    found = files_of(tmp_path, [FeedName("firms")])
    assert [file.path.name for file in found] == ["MODIS-2021.csv", "MODIS-2022.csv"]


def test_missing_feeds_are_all_named(tmp_path: Path) -> None:
    """Whoever points at the wrong folder sees at once everything that it lacks."""
    with pytest.raises(InvalidInput, match=r"firms/.*ucdp_ged/"):
        files_of(tmp_path)
