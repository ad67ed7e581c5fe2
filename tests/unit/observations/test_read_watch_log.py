"""The mission's own watch logs as watches and observations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.formats.watch_log import Sighting, Watched, encode
from truce.observations.context import Bounds, ReadingContext
from truce.observations.kinds import Kind
from truce.observations.model import Reading
from truce.observations.read_watch_log import READER
from truce.places import SIGMAS_95, PlaceBasis

START = datetime(2031, 5, 6, 7, tzinfo=UTC)
WATCHED = Watched(
    observer="C-1",
    role="camera",
    lat_deg=1.5,
    lon_deg=2.5,
    range_m=3000.0,
    start=START,
    end=START + timedelta(hours=2),
    detection_probability=0.8,
)
SIGHTING = Sighting(
    observer="C-1",
    role="camera",
    id="17",
    start=START,
    end=START,
    lat_deg=1.5,
    lon_deg=2.5,
    sigma_m=400.0,
    kind="undetermined explosion",
    count=3,
    weapon="122 mm",
    text="three flashes",
)


def _read(context: ReadingContext, *entries: Watched | Sighting) -> Reading:
    return READER.read(encode(entries, stated_by="Mission"), context)


def test_a_watch_says_where_somebody_looked(context: ReadingContext) -> None:
    """Without it nobody can tell quiet from blind."""
    reading = _read(context, WATCHED)
    assert reading.observations == ()
    (watch,) = reading.watches
    assert (watch.stated_by, watch.observer) == ("Mission", "camera C-1")
    assert (watch.range_m, watch.detection_probability) == (3000.0, 0.8)
    assert watch.when.duration == timedelta(hours=2)
    assert watch.where.basis is PlaceBasis.POINT


def test_a_sighting_keeps_the_observers_words(context: ReadingContext) -> None:
    """Our kind stands beside the word, never instead of it."""
    (seen,) = _read(context, SIGHTING).observations
    assert (seen.kind, seen.kind_word) == (Kind.EXPLOSION, "undetermined explosion")
    assert (seen.weapon_word, seen.count) == ("122 mm", 3)
    assert seen.where.sigma_major_m == seen.where.sigma_minor_m == 400.0
    assert seen.when.duration == timedelta(0)
    assert str(seen.grade) == "B2"
    assert seen.row_key == "C-1 17"


def test_an_unknown_word_is_kept_as_undetermined(context: ReadingContext) -> None:
    """A strange word is still a sighting; it is not thrown away."""
    (seen,) = _read(context, replace(SIGHTING, kind="blue light")).observations
    assert (seen.kind, seen.kind_word) == (Kind.UNDETERMINED, "blue light")


def test_an_ellipse_of_95_percent_becomes_sigmas(context: ReadingContext) -> None:
    """Taken for sigmas, it would be two and a half times too wide."""
    ellipse = replace(
        SIGHTING, sigma_m=None, semi_major_m=900.0, semi_minor_m=90.0, bearing_deg=350.0
    )
    (seen,) = _read(context, ellipse).observations
    assert seen.where.sigma_major_m == pytest.approx(900.0 / SIGMAS_95)
    assert seen.where.sigma_minor_m == pytest.approx(90.0 / SIGMAS_95)
    assert seen.where.bearing_deg == pytest.approx(170.0)


def test_an_ellipse_with_its_axes_swapped_is_quarantined(
    context: ReadingContext,
) -> None:
    """Nobody can say whether the numbers or the bearing were meant."""
    ellipse = replace(
        SIGHTING, sigma_m=None, semi_major_m=90.0, semi_minor_m=900.0, bearing_deg=0.0
    )
    (line,) = _read(context, ellipse).quarantined
    assert "sigma_minor_m <= sigma_major_m" in line.reason


def test_the_units_own_grade_counts(context: ReadingContext) -> None:
    """Whoever was there knows better than the default."""
    graded = replace(SIGHTING, reliability="C", credibility=5)
    (seen,) = _read(context, graded).observations
    assert str(seen.grade) == "C5"


@pytest.mark.parametrize("entry", [WATCHED, SIGHTING])
def test_a_line_that_cannot_be_true_is_quarantined(
    entry: Watched | Sighting, context: ReadingContext
) -> None:
    """Ahead of its receipt, out of order, or on other land."""
    ahead = replace(entry, end=datetime(2031, 5, 6, 13, tzinfo=UTC))
    swapped = replace(entry, lat_deg=2.5, lon_deg=1.5)
    land = Bounds(name="Land", south_deg=1, north_deg=2, west_deg=2, east_deg=3)
    backwards = replace(entry, start=START, end=START - timedelta(hours=1))
    reading = _read(replace(context, bounds=land), entry, ahead, swapped, backwards)
    assert reading.rows_read == 4
    assert [line.line for line in reading.quarantined] == [3, 4, 5]
    reasons = [line.reason for line in reading.quarantined]
    assert "date in the future" in reasons[0]
    assert "look swapped" in reasons[1]
    assert "is before start" in reasons[2]


def test_a_line_written_twice_counts_once(context: ReadingContext) -> None:
    """A radio that sends again must not make two explosions of one."""
    reading = _read(context, SIGHTING, WATCHED, SIGHTING)
    assert (len(reading.observations), len(reading.watches)) == (1, 1)
    assert reading.duplicate_lines == (4,)


def test_the_same_line_of_another_mission_is_another(context: ReadingContext) -> None:
    """Who states it is part of what is stated."""
    (ours,) = _read(context, SIGHTING).observations
    theirs = READER.read(encode([SIGHTING], stated_by="Other"), context)
    assert theirs.observations[0].id != ours.id
