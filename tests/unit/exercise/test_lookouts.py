"""Cameras and drones: what they see, and when they are blind."""

from dataclasses import replace
from datetime import timedelta

from truce.exercise import _clock
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._lookouts import camera_lines, cameras, sortie_lines, sorties
from truce.exercise._weather import weather_at
from truce.exercise._world import events
from truce.formats.watch_log import Sighting, Watched

_SEED = 1


def _shelling(number: int, hour: float, bearing_deg: float, away_m: float) -> Event:
    camera = cameras()[number]
    return Event(
        key=f"test/{number}/{hour}/{bearing_deg}",
        kind=EventKind.IMPACT,
        story=Story.EXCHANGE,
        spot=camera.spot.away(away_m, camera.looks_deg + bearing_deg),
        started_at=_clock.at(1, hour),
        lasts_s=60.0,
        rounds=6,
        weapon="120 mm mortar",
    )


def _seen(event: Event) -> list[Sighting]:
    return [
        line
        for camera in cameras()[:2]
        for line in camera_lines(_SEED, camera.side, event.started_at, 1, (event,))
        if isinstance(line, Sighting)
    ]


def test_cameras_see_before_them_and_not_behind() -> None:
    """A shell two kilometres ahead is often on film; one behind the mast never."""
    ahead = [_seen(_shelling(n % 20, 15.0 + n / 50, 0.0, 2_000.0)) for n in range(40)]
    names = [camera.name for camera in cameras()]
    behind = [
        line
        for n in range(20)
        for line in _seen(_shelling(n, 15.0, 180.0, 5_000.0))
        if line.observer == names[n]
    ]
    assert sum(bool(lines) for lines in ahead) > 15
    assert not behind


def test_cameras_do_not_see_far() -> None:
    """Nothing beyond seven kilometres, whatever the weather."""
    names = [camera.name for camera in cameras()]
    for number in range(20):
        lines = _seen(_shelling(number, 12.0, 0.0, 9_000.0))
        assert all(line.observer != names[number] for line in lines)


def test_fog_shortens_what_a_camera_claims_to_watch() -> None:
    """Blindness is told: the watch of a foggy morning reaches less far."""
    moments = [_clock.at(day, hour) for day in range(10) for hour in (6, 15)]
    foggy = [m for m in moments if weather_at(_SEED, m).fog > 0.5]
    clear = [m for m in moments if weather_at(_SEED, m).fog == 0.0]
    assert foggy
    assert clear

    def reach_m(lines: list[Watched | Sighting]) -> float:
        return min(line.range_m for line in lines if isinstance(line, Watched))

    side = cameras()[0].side
    in_fog = reach_m(list(camera_lines(_SEED, side, foggy[0], 1, ())))
    in_sun = reach_m(list(camera_lines(_SEED, side, clear[0], 1, ())))
    assert in_fog < in_sun / 1.5


def test_drones_stay_down_in_wind_and_fog() -> None:
    """A day without flights is a blind day for weapons in the open."""
    flights = [sortie for day in range(10) for sortie in sorties(_SEED, day)]
    assert 30 < len(flights) <= 120
    for sortie in flights:
        weather = weather_at(_SEED, sortie.starts_at)
        assert weather.wind_m_per_s <= 11.0
        assert weather.fog <= 0.4


def test_jammed_flights_end_early_and_claim_no_more() -> None:
    """A watch that ended is logged to its end, not to its plan."""
    flights = [s for seed in (1, 2, 3) for day in range(10) for s in sorties(seed, day)]
    jammed = [sortie for sortie in flights if sortie.is_jammed]
    assert jammed
    for sortie in jammed:
        assert sortie.ends_at - sortie.starts_at < timedelta(hours=1.1)
        first = next(iter(sortie_lines(_SEED, sortie, ())))
        assert isinstance(first, Watched)
        assert first.end == sortie.ends_at


def test_drones_find_guns_that_stand_in_the_open_exactly() -> None:
    """A gun under a drone is found about every other time."""
    sortie = sorties(_SEED, 2)[0]
    gun = Event(
        key="gun",
        kind=EventKind.WEAPON,
        story=Story.DEPLOYMENT,
        spot=sortie.spot.away(3_000.0, 40.0),
        started_at=sortie.starts_at - timedelta(hours=2),
        lasts_s=36_000.0,
        rounds=3,
        weapon="122 mm howitzer",
    )
    guns = tuple(replace(gun, key=f"gun/{number}") for number in range(60))
    lines = [
        line for line in sortie_lines(_SEED, sortie, guns) if isinstance(line, Sighting)
    ]
    assert 20 < len(lines) < 50
    assert {line.kind for line in lines} == {"howitzer"}
    assert all(sortie.starts_at <= line.start <= sortie.ends_at for line in lines)


def test_sightings_lie_within_the_watch_of_a_flight() -> None:
    """Nothing is seen before take-off or after landing."""
    for day in range(4):
        for sortie in sorties(_SEED, day):
            for line in sortie_lines(_SEED, sortie, events(_SEED, day + 1)):
                assert sortie.starts_at <= line.start <= line.end
                assert line.end <= sortie.ends_at + timedelta(seconds=1)
