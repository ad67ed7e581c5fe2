"""Entries of those who collect what the public says: a press desk, and open-source
monitors.

The press desk is quick, names a town and copies; the monitors take days, compare
footage with maps and give the house. Both cite the same posts.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from truce.exercise import _clock
from truce.exercise._dice import Dice
from truce.exercise._plane import Spot, gap_m, position_from_spot
from truce.exercise._stories import Tale, tales_of_day
from truce.exercise._towns import Town, towns
from truce.formats.bellingcat_civharm import (
    AREA_FILTER,
    WEAPON_FILTER,
    CivilianHarmIncident,
    CivilianHarmSource,
)
from truce.formats.eyes_on_russia import EyesOnRussiaEntry

# The layouts' days are days in Kyiv, and whoever reads them holds them so. An invented
# desk that writes the layout converts, or every evening's entry would be read as of the
# wrong day.
_LAYOUT_DAYS: Final = ZoneInfo("Europe/Kyiv")
# The harm export moves what it publishes by up to this, south and west, so as not to
# point at a house; the invented monitors do as the real export does.
_SHIFT_DEG: Final = 0.0008
_AREAS: Final = ("Residential", "Commercial", "Industrial", "School or childcare")
_LAST_DAYS: Final = 6


@cache
def press_entries(
    seed: int, day: int
) -> tuple[tuple[datetime, EyesOnRussiaEntry], ...]:
    """What the press desk writes of a day's tales, each with when; copies come hours
    later.
    """
    made: list[tuple[datetime, EyesOnRussiaEntry]] = []
    for number, tale in enumerate(tales_of_day(seed, day)):
        dice = Dice(seed, "press", tale.key)
        for index, post in enumerate(tale.posts):
            if not dice.chance(0.7):
                continue
            entry_id = f"PD{day + 1:02d}-{number:03d}{'abcde'[index]}"
            written_at = post.at + timedelta(minutes=round(dice.uniform(15.0, 150.0)))
            made.append((written_at, _press_entry(entry_id, tale, tale.town, post.url)))
            if dice.chance(0.3):
                # Another outlet takes the story over, and now and then gets the town
                # wrong.
                town = _neighbour(dice, tale.town) if dice.chance(0.3) else tale.town
                later = written_at + timedelta(minutes=round(dice.uniform(30.0, 400.0)))
                made.append((later, _press_entry(f"{entry_id}x", tale, town, post.url)))
    return tuple(sorted(made, key=lambda timed: (timed[0], timed[1].entry)))


@cache
def monitors_entries(seed: int, day: int) -> tuple[EyesOnRussiaEntry, ...]:
    """What the open-source monitors publish on a day: tales of one to six days ago."""
    made = []
    for number, tale, dice in _due(seed, day, "monitors", share=0.6, days=(1, 4)):
        if tale.is_rumour or len(tale.posts) == 0:
            continue
        made.append(_monitors_entry(dice, tale, number, sigma_m=35.0))
    for number, tale, dice in _due(
        seed, day, "monitors-again", share=0.08, days=(5, 6)
    ):
        # A correction: the same number, a better place.
        if not tale.is_rumour and Dice(seed, "monitors", tale.key).chance(0.6):
            made.append(_monitors_entry(dice, tale, number, sigma_m=15.0))
    return tuple(made)


@cache
def harm_incidents(seed: int, day: int) -> tuple[CivilianHarmIncident, ...]:
    """What the monitors of civilian harm publish on a day: tales of two to five days
    ago.
    """
    made = []
    for number, tale, dice in _due(seed, day, "harm", share=0.75, days=(2, 5)):
        is_harm = tale.killed + tale.injured > 0
        if tale.is_rumour or not (is_harm or tale.group.startswith("Civilian")):
            continue
        made.append(_harm_incident(dice, tale, number))
    return tuple(made)


def _due(
    seed: int, day: int, desk: str, *, share: float, days: tuple[int, int]
) -> Iterator[tuple[str, Tale, Dice]]:
    """The tales of earlier days that a desk has finished with by this day."""
    for earlier in range(max(0, day - _LAST_DAYS), day):
        for index, tale in enumerate(tales_of_day(seed, earlier)):
            dice = Dice(seed, desk, tale.key)
            if dice.chance(share) and earlier + dice.whole(*days) == day:
                yield f"{earlier + 1:02d}{index:03d}", tale, dice


def _press_entry(entry_id: str, tale: Tale, town: Town, url: str) -> EyesOnRussiaEntry:
    day = _layout_day(tale.at)
    # The town's own middle: the desk looks the name up and knows no more.
    where = position_from_spot(town.spot)
    text = tale.text.replace(tale.town.name, town.name)
    return EyesOnRussiaEntry(
        entry=entry_id,
        day=day,
        event_group=tale.group,
        title=f"{day:%d/%m/%Y} {text}",
        description=text,
        lat_deg=Decimal(str(where.lat_deg)),
        lon_deg=Decimal(str(where.lon_deg)),
        country=town.country,
        province=f"{town.province} province",
        district="",
        town=town.name,
        munition="",
        violence_level="1",
        links=url,
        geolocation_links="",
    )


def _monitors_entry(
    dice: Dice, tale: Tale, number: str, *, sigma_m: float
) -> EyesOnRussiaEntry:
    day = _layout_day(tale.at)
    where = position_from_spot(_found(dice, tale.spot, sigma_m))
    local = tale.at.astimezone(ZoneInfo(_clock.TIME_ZONE))
    text = f"{tale.text}, at {local:%H:%M} on the spot"
    cited = tale.posts[: dice.whole(1, len(tale.posts))]
    return EyesOnRussiaEntry(
        entry=f"OS{number}",
        day=day,
        event_group=tale.group,
        title=f"{day:%d/%m/%Y} {text}",
        description=text,
        lat_deg=Decimal(f"{where.lat_deg:.5f}"),
        lon_deg=Decimal(f"{where.lon_deg:.5f}"),
        country=tale.town.country,
        province=f"{tale.town.province} province",
        district="",
        town=tale.town.name,
        munition=tale.munition,
        violence_level=str(min(5, 1 + tale.injured + 2 * tale.killed)),
        links=" ".join(post.url for post in cited),
        geolocation_links=f"https://maps.example/found/OS{number}",
    )


def _harm_incident(dice: Dice, tale: Tale, number: str) -> CivilianHarmIncident:
    where = position_from_spot(_found(dice, tale.spot, 30.0))
    hurt = f" {tale.killed} killed, {tale.injured} injured." if tale.injured else ""
    cited = tale.posts[: dice.whole(1, len(tale.posts))]
    return CivilianHarmIncident(
        id=f"EXH{number}",
        day=_layout_day(tale.at),
        lat_deg=Decimal(f"{where.lat_deg - dice.uniform(0.0, _SHIFT_DEG):.6f}"),
        lon_deg=Decimal(f"{where.lon_deg - dice.uniform(0.0, _SHIFT_DEG):.6f}"),
        location=tale.town.name,
        description=f"{tale.text}.{hurt}",
        sources=tuple(
            CivilianHarmSource(
                id=f"src_EXH{number}_{i}", path=post.url, description=post.text
            )
            for i, post in enumerate(cited, start=1)
        ),
        filters=(
            (AREA_FILTER, dice.pick(_AREAS)),
            (WEAPON_FILTER, tale.munition or "Undefined"),
        ),
    )


def _layout_day(moment: datetime) -> date:
    return moment.astimezone(_LAYOUT_DAYS).date()


def _found(dice: Dice, spot: Spot, sigma_m: float) -> Spot:
    return spot.away(abs(dice.normal(sigma_m)), dice.uniform(0.0, 360.0))


def _neighbour(dice: Dice, town: Town) -> Town:
    others = sorted(towns(), key=lambda other: gap_m(other.spot, town.spot))
    return dice.pick(others[1:4])


__all__ = ["harm_incidents", "monitors_entries", "press_entries"]
