"""What nobody watched is never drawn as calm."""

from datetime import timedelta

from shapely import Point  # type: ignore[import-untyped]  # it ships no types
from shapely.geometry import shape  # type: ignore[import-untyped]  # as above
from tests.unit.picture.invented_picture import CENTRE, START, TOWNS, InventedPicture

from truce.picture import AsOf, Question, picture_for
from truce.picture.blind import blind_area
from truce.places import moved
from truce.release.model import Reader


def _is_blind(
    source: InventedPicture, now: AsOf, question: Question, east: float, north: float
) -> bool:
    picture = picture_for(source, Reader.MECHANISM, now)
    area = blind_area(source, picture, question)
    assert isinstance(area, dict)
    features = area["features"]
    assert isinstance(features, list)
    assert isinstance(features[0], dict)
    place = moved(CENTRE, east_m=east, north_m=north)
    blind: bool = shape(features[0]["geometry"]).contains(
        Point(place.lon_deg, place.lat_deg)
    )
    return blind


def test_around_a_station_is_seen_and_far_away_is_not(
    source: InventedPicture, now: AsOf
) -> None:
    """Four stations listen 22 km around themselves; the seventh town has none."""
    _, east, north = TOWNS[0]
    assert not _is_blind(source, now, Question(), east, north)
    assert not _is_blind(source, now, Question(), east + 21_000, north)
    assert _is_blind(source, now, Question(), east, north + 24_000)
    assert _is_blind(source, now, Question(), *TOWNS[6][1:])


def test_before_anybody_listened_all_is_blind(
    source: InventedPicture, now: AsOf
) -> None:
    """In the week before the stations began nobody can say that it was quiet."""
    before = Question(until=START - timedelta(days=1))
    assert _is_blind(source, now, before, *TOWNS[0][1:])


def test_others_are_not_shown_where_nobody_looks(
    source: InventedPicture, now: AsOf
) -> None:
    """Blind places tell a violator where to act: the public's map has no hatching."""
    picture = picture_for(source, Reader.PUBLIC, now)
    area = blind_area(source, picture, Question())
    assert isinstance(area, dict)
    assert area["features"] == []
