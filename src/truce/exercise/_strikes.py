"""Deep strikes on energy and ports: waves of drones, a few missiles, and who shot them
down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._events import Event, EventKind, Story
from truce.exercise._front import (
    EASTERN,
    WESTERN,
    front_at,
    front_length_m,
    other_party,
)
from truce.exercise._plane import Spot, bearing_deg, gap_m
from truce.exercise._sites import Site, energy_sites, ports

# Invented: some four waves from each side in ten days, most of them by night.
_WAVE_PROBABILITY: Final = 0.42
_SHOT_DOWN_SHARE: Final = 0.55
_ASTRAY_SHARE: Final = 0.15
# 180 km/h, the speed of a propeller-driven one-way drone; a cruise missile flies at 800
# km/h.
_DRONE_M_PER_S: Final = 50.0
_MISSILE_M_PER_S: Final = 220.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One raid: by whom, at what, when it crosses the line, and where."""

    key: str
    by: str
    site: Site
    crosses_at: datetime
    crossing: Spot
    weapon: str
    count: int

    @property
    def speed_m_per_s(self) -> float:
        """How fast its drones or missiles fly."""
        return _MISSILE_M_PER_S if self.weapon == "cruise missile" else _DRONE_M_PER_S

    def arrives_at(self) -> datetime:
        """When the first of them is due over the target."""
        flight_s = gap_m(self.crossing, self.site.spot) / self.speed_m_per_s
        return self.crosses_at + timedelta(seconds=round(flight_s))


@cache
def waves(seed: int, day: int) -> tuple[Wave, ...]:
    """The raids that cross the line on a day."""
    made = []
    for by in (WESTERN, EASTERN):
        dice = Dice(seed, "waves", day, by)
        # The first night is kept by both.
        if day == 0 or not dice.chance(_WAVE_PROBABILITY):
            continue
        targets = [s for s in (*energy_sites(), *ports()) if s.country != by]
        is_missile = dice.chance(0.25)
        hour = dice.uniform(0, 24) if is_missile else dice.uniform(21.5, 28.0)
        made.append(
            Wave(
                key=f"wave/{day}/{by}",
                by=by,
                site=dice.pick(targets),
                crosses_at=_clock.at(day, hour),
                crossing=front_at(dice.uniform(0.08, 0.92) * front_length_m()).spot,
                weapon="cruise missile" if is_missile else "one-way drone",
                count=dice.whole(1, 4) if is_missile else dice.whole(3, 14),
            )
        )
    return tuple(made)


def events_of_strikes(seed: int, day: int) -> Iterator[Event]:
    """What the raids of a day do: drones over the line, bursts in the air, hits."""
    for wave in waves(seed, day):
        yield from _wave_events(seed, wave)


def _wave_events(seed: int, wave: Wave) -> Iterator[Event]:
    dice = Dice(seed, wave.key, "events")
    yield _event(
        wave,
        "crossing",
        EventKind.DRONE,
        wave.crossing,
        wave.crosses_at,
        lasts_s=60.0 * wave.count,
    )
    hits: list[Event] = []
    for index in range(wave.count):
        moment = wave.arrives_at() + timedelta(
            seconds=round(dice.exponential(260.0) * index)
        )
        fate = dice.uniform()
        if fate < _SHOT_DOWN_SHARE:
            back = bearing_deg(wave.site.spot, wave.crossing) + dice.normal(14.0)
            spot = wave.site.spot.away(dice.uniform(1_500, 24_000), back)
            early = timedelta(
                seconds=round(gap_m(spot, wave.site.spot) / wave.speed_m_per_s)
            )
            yield _event(
                wave, f"{index}/air", EventKind.AIR_BURST, spot, moment - early
            )
            continue
        stray_m = 3_500.0 if fate < _SHOT_DOWN_SHARE + _ASTRAY_SHARE else 160.0
        spot = wave.site.spot.away(abs(dice.normal(stray_m)), dice.uniform(0, 360))
        hit = _event(wave, f"{index}/hit", EventKind.IMPACT, spot, moment)
        hits.append(replace(hit, killed=dice.poisson(0.12), injured=dice.poisson(0.5)))
        yield hits[-1]
    on_site = [hit for hit in hits if gap_m(hit.spot, wave.site.spot) < 900.0]
    if on_site and dice.chance(0.6):
        blaze = _event(
            wave,
            "fire",
            EventKind.FIRE,
            on_site[0].spot,
            on_site[0].started_at + timedelta(minutes=2),
            lasts_s=round(dice.uniform(0.7, 9.0) * 3600.0),
        )
        yield replace(blaze, heat_mw=dice.lognormal(60.0, 0.7))


def _event(
    wave: Wave,
    part: str,
    kind: EventKind,
    spot: Spot,
    moment: datetime,
    *,
    lasts_s: float = 0.0,
) -> Event:
    return Event(
        key=f"{wave.key}/{part}",
        kind=kind,
        story=Story.DEEP_STRIKE,
        spot=spot,
        started_at=moment,
        lasts_s=lasts_s,
        rounds=wave.count if kind is EventKind.DRONE else 1,
        weapon=wave.weapon,
        fired_by=other_party(wave.by) if kind is EventKind.AIR_BURST else wave.by,
        salvo=wave.key,
    )


__all__ = ["Wave", "events_of_strikes", "waves"]
