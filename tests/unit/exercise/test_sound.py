"""How far a bang carries."""

from datetime import timedelta

import pytest

from truce.exercise import _clock
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._plane import Spot
from truce.exercise._sound import (
    hearing_probability,
    level_db,
    loudness_db,
    noise_db,
)
from truce.exercise._weather import Weather

_EAR = Spot(0.0, 0.0)
_CALM = Weather(wind_m_per_s=2.0, wind_from_deg=270.0, fog=0.0, cloud=0.0)
_GALE = Weather(wind_m_per_s=12.0, wind_from_deg=270.0, fog=0.0, cloud=0.0)


def _event(kind: EventKind, weapon: str) -> Event:
    return Event(
        key="test",
        kind=kind,
        story=Story.EXCHANGE,
        spot=_EAR,
        started_at=_clock.at(1, 12.0),
        lasts_s=0.0,
        rounds=1,
        weapon=weapon,
    )


def _chance(range_m: float, bearing_deg: float, weather: Weather) -> float:
    level = level_db(
        105.0,
        _EAR.away(range_m, bearing_deg),
        _EAR,
        weather,
        is_high=False,
        is_night=False,
    )
    return hearing_probability(level, noise_db(weather, is_night=False))


def test_what_is_farther_is_heard_less() -> None:
    """A shell is all but surely heard at 2 km, and not at 25."""
    chances = [_chance(km * 1_000.0, 0.0, _CALM) for km in (2, 6, 10, 15, 25)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.95
    assert chances[-1] < 0.05


def test_wind_carries_sound_and_drowns_it() -> None:
    """Upwind of a bang one hears less than downwind of it; in a gale, little at all."""
    west, east = _chance(9_000.0, 270.0, _GALE), _chance(9_000.0, 90.0, _GALE)
    assert west > east
    assert _chance(9_000.0, 270.0, _CALM) > west


def test_nights_hear_farther() -> None:
    """The same bang, less noise, and cold air that holds it to the ground."""
    by_day = level_db(105, Spot(0, 9e3), _EAR, _CALM, is_high=False, is_night=False)
    by_night = level_db(105, Spot(0, 9e3), _EAR, _CALM, is_high=False, is_night=True)
    assert by_night > by_day
    assert noise_db(_CALM, is_night=True) < noise_db(_CALM, is_night=False)


@pytest.mark.parametrize(
    ("loud", "quiet"),
    [
        ((EventKind.OUTGOING, "152 mm howitzer"), (EventKind.OUTGOING, "82 mm mortar")),
        ((EventKind.IMPACT, "cruise missile"), (EventKind.IMPACT, "120 mm mortar")),
        ((EventKind.BURST, "grenade launcher"), (EventKind.BURST, "small arms")),
    ],
)
def test_bigger_things_are_louder(
    loud: tuple[EventKind, str], quiet: tuple[EventKind, str]
) -> None:
    """What is missed is mostly what is small."""
    louder, quieter = loudness_db(_event(*loud)), loudness_db(_event(*quiet))
    assert louder is not None
    assert quieter is not None
    assert louder > quieter


def test_fires_and_guns_that_stand_make_no_sound() -> None:
    """Only eyes and satellites find them."""
    assert loudness_db(_event(EventKind.FIRE, "")) is None
    assert loudness_db(_event(EventKind.WEAPON, "122 mm howitzer")) is None


def test_moments_count_from_the_ceasefire() -> None:
    """Local hours, days and instants agree with each other."""
    moment = _clock.at(2, 25.5)
    assert _clock.day_of(moment) == 3
    assert _clock.hour_of(moment) == pytest.approx(1.5)
    assert moment - _clock.STARTS_AT == timedelta(hours=73.5)
    assert not _clock.is_daylight(moment)
    assert _clock.is_daylight(_clock.at(0, 12.0))
