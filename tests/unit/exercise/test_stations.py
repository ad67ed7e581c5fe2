"""Listening stations: what they hear, where they put it, and when they are deaf."""

import math
from datetime import timedelta

from truce.exercise import _clock
from truce.exercise._plane import position_from_spot
from truce.exercise._stations import (
    INTERIOR,
    SECTORS,
    clock_error,
    is_out,
    station_lines,
    stations,
)
from truce.exercise._world import events
from truce.formats.watch_log import Sighting, Watched
from truce.places import SIGMAS_95, Position, distance_m

_SEED = 1


def _lines(day: int) -> list[Watched | Sighting]:
    happened = events(_SEED, day + 1)
    made: list[Watched | Sighting] = []
    for hour in range(24):
        start = _clock.at(day, hour)
        over = tuple(
            event
            for event in happened
            if start <= event.ended_at < start + timedelta(hours=1)
        )
        for sector in SECTORS:
            made += station_lines(_SEED, sector, start, 1, over)
    return made


def test_most_shells_are_heard_and_most_rifle_shots_are_not() -> None:
    """A network that heard all would train nobody to doubt a silence."""
    lines = [line for day in range(4) for line in _lines(day)]
    heard = [line for line in lines if isinstance(line, Sighting)]
    happened = events(_SEED, 4)

    def share(kind: str) -> float:
        these = [event for event in happened if event.kind.value == kind]
        found = sum(
            any(
                abs(line.start - event.started_at) < timedelta(minutes=2)
                and distance_m(_where(line), position_from_spot(event.spot)) < 6_000.0
                for line in heard
            )
            for event in these
        )
        return found / len(these)

    assert share("explosion.outgoing") > 0.85
    assert 0.2 < share("burst") < 0.85
    assert share("shot") < 0.6


def test_errors_are_about_as_large_as_stated_and_larger_on_windy_days() -> None:
    """Makers forget the wind: the 95 % ellipse holds some 80 to 95 %."""
    inside = total = 0
    happened = events(_SEED, 6)
    lines = [
        line for day in range(6) for line in _lines(day) if isinstance(line, Sighting)
    ]
    for line in lines:
        near = [
            event
            for event in happened
            if abs(line.start - event.started_at) < timedelta(minutes=3)
            and distance_m(_where(line), position_from_spot(event.spot)) < 15_000.0
        ]
        # A firing and its impacts come together: only what stands alone can be paired.
        if len(near) == 1:
            total += 1
            inside += _misses(line, position_from_spot(near[0].spot)) <= 1.0
    assert total > 50
    assert 0.75 < inside / total < 0.97


def _misses(line: Sighting, where: Position) -> float:
    """How far off a sighting is, in its own ellipse; 1 is the edge."""
    assert line.semi_major_m is not None
    assert line.semi_minor_m is not None
    assert line.bearing_deg is not None
    away = distance_m(_where(line), where)
    north = (where.lat_deg - line.lat_deg) * 111_195.0
    shrink = math.cos(math.radians(line.lat_deg))
    east = (where.lon_deg - line.lon_deg) * 111_195.0 * shrink
    assert math.hypot(north, east) < away * 1.02 + 1.0
    angle = math.radians(line.bearing_deg)
    along = north * math.cos(angle) + east * math.sin(angle)
    across = east * math.cos(angle) - north * math.sin(angle)
    return (along / line.semi_major_m) ** 2 + (across / line.semi_minor_m) ** 2


def test_a_station_that_is_out_says_nothing_and_does_not_claim_to_watch() -> None:
    """Blind is not quiet: a watch that was not kept may not be logged."""
    out = [
        (station, hour)
        for station in stations()
        for hour in range(24)
        if station.sector in SECTORS and is_out(_SEED, station, _clock.at(1, hour))
    ]
    assert out
    for station, hour in out:
        start = _clock.at(1, hour)
        lines = station_lines(_SEED, station.sector, start, 1, events(_SEED, 2))
        assert all(line.observer != station.name for line in lines)


def test_some_clock_is_wrong_on_some_day() -> None:
    """A station whose clock is off shifts its watch as it shifts its sightings."""
    wrong = [
        (station, _clock.at(day, hour))
        for day in range(10)
        for hour in range(0, 24, 3)
        for station in stations()
        if clock_error(_SEED, station, _clock.at(day, hour))
    ]
    assert wrong
    assert len({station.name for station, _ in wrong}) <= 5
    for station, moment in wrong:
        assert abs(clock_error(_SEED, station, moment)) <= timedelta(seconds=500)


def test_a_watch_is_worth_less_in_wind_and_never_certain() -> None:
    """The stated probability follows the weather of the hour."""
    stated = {
        line.detection_probability for line in _lines(3) if isinstance(line, Watched)
    }
    assert len(stated) > 5
    assert all(0.0 < probability < 1.0 for probability in stated)


def test_the_offices_listen_too() -> None:
    """Raids far behind the line are heard by somebody."""
    names = {s.name for s in stations() if s.sector == INTERIOR}
    assert len(names) >= 8


def test_ellipses_lie_along_the_line_of_sight() -> None:
    """Range is worse known than bearing, so the long axis points at the station."""
    spots = {station.name: position_from_spot(station.spot) for station in stations()}
    checked = 0
    for line in _lines(2):
        if not isinstance(line, Sighting) or line.semi_major_m is None:
            continue
        assert line.semi_minor_m is not None
        if line.semi_major_m < 2.0 * line.semi_minor_m:
            continue
        here = spots[line.observer]
        north = line.lat_deg - here.lat_deg
        east = (line.lon_deg - here.lon_deg) * math.cos(math.radians(here.lat_deg))
        bearing = math.degrees(math.atan2(east, north)) % 180.0
        assert line.bearing_deg is not None
        off = abs((bearing - line.bearing_deg + 90.0) % 180.0 - 90.0)
        assert off < 3.0
        checked += 1
    assert checked > 10
    assert SIGMAS_95 > 2.4


def _where(line: Sighting) -> Position:
    return Position(lat_deg=line.lat_deg, lon_deg=line.lon_deg)
