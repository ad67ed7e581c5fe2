"""Satellites: many passes, few hot pixels, hardly ever a strike."""

from datetime import timedelta

import pytest

from truce.exercise import _clock
from truce.exercise._events import EventKind
from truce.exercise._plane import position_from_spot
from truce.exercise._satellites import anomalies, passes, received_at
from truce.exercise._world import events
from truce.formats.firms import Anomaly
from truce.places import Position, distance_m


def _pixels(seed: int) -> list[Anomaly]:
    burning = events(seed, 10)
    return [
        pixel
        for day in range(10)
        for overpass in passes(seed, day)
        for pixel in anomalies(seed, overpass, burning)
    ]


def test_some_nineteen_strikes_of_twenty_leave_no_hot_pixel() -> None:
    """Real data: 4.9 % of strikes have one within 3 km on the same day."""
    strikes = seen = 0
    for seed in (1, 2, 3, 4, 5, 6):
        pixels = [pixel for pixel in _pixels(seed) if pixel.type_code == 0]
        for event in events(seed, 10):
            if event.kind is not EventKind.IMPACT:
                continue
            strikes += 1
            where = position_from_spot(event.spot)
            seen += any(
                timedelta(0) <= p.acquired_at - event.started_at < timedelta(hours=24)
                and distance_m(where, _where(p)) < 3_000.0
                for p in pixels
            )
    assert 0.01 < seen / strikes < 0.10


def test_six_passes_a_day_each_received_hours_later() -> None:
    """A hot pixel never arrives with the strike."""
    for day in range(10):
        assert len(passes(1, day)) == 6
        for overpass in passes(1, day):
            delay = received_at(1, overpass) - overpass.at
            assert timedelta(hours=1.4) < delay < timedelta(hours=3.6)


def test_pixels_are_flagged_as_the_archive_does() -> None:
    """Flares of refineries are static heat; a curious reader may tell them apart."""
    pixels = _pixels(1)
    assert {pixel.type_code for pixel in pixels} == {0, 2}
    for pixel in pixels:
        assert pixel.is_day == _clock.is_daylight(pixel.acquired_at)
        assert pixel.acquired_at.second == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_pixels_lie_where_something_burns_or_are_false_alarms(seed: int) -> None:
    """A pixel is at most its own width off; a tenth or two are false."""
    fires = [e for e in events(seed, 10) if e.kind is EventKind.FIRE]
    pixels = _pixels(seed)
    true = [
        pixel
        for pixel in pixels
        if any(
            distance_m(_where(pixel), position_from_spot(fire.spot)) < 3_500.0
            and fire.started_at <= pixel.acquired_at < fire.ended_at
            for fire in fires
        )
    ]
    assert 0.5 < len(true) / len(pixels) < 1.0


def _where(pixel: Anomaly) -> Position:
    return Position(lat_deg=pixel.lat_deg, lon_deg=pixel.lon_deg)


def test_small_fires_are_mostly_missed_and_large_ones_mostly_seen() -> None:
    """A burning refinery shows from orbit, a burning barn seldom: power decides."""
    seen: dict[bool, list[bool]] = {True: [], False: []}
    for seed in (1, 2, 3, 4, 5, 6):
        pixels = _pixels(seed)
        for fire in events(seed, 9):
            # Long enough to be passed over at all; flares would count ten times.
            if fire.kind is not EventKind.FIRE or not 7_200 < fire.lasts_s < 86_400:
                continue
            where = position_from_spot(fire.spot)
            seen[fire.heat_mw > 40.0].append(
                any(
                    fire.started_at <= p.acquired_at < fire.ended_at
                    and distance_m(where, _where(p)) < 3_000.0
                    for p in pixels
                )
            )
    shares = {size: sum(found) / len(found) for size, found in seen.items()}
    assert shares[False] < 0.45
    assert shares[True] > shares[False] + 0.1
