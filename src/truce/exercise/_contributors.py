"""Who hands something in, and how their batches are written: one function per
contributor.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from truce.exercise import _clock
from truce.exercise._alarms import alarms_of_day
from truce.exercise._claims import COMMUNIQUES, communique, urgent_claims
from truce.exercise._dice import Dice
from truce.exercise._events import Event
from truce.exercise._front import EASTERN, WESTERN
from truce.exercise._lookouts import camera_lines, sortie_lines, sorties
from truce.exercise._patrols import stop_lines, stops
from truce.exercise._press import harm_incidents, monitors_entries, press_entries
from truce.exercise._satellites import anomalies, passes, received_at
from truce.exercise._stations import INTERIOR, SECTORS, station_lines
from truce.exercise._watchers import Line
from truce.exercise._world import events_of_day
from truce.formats import (
    air_raid_sirens,
    bellingcat_civharm,
    eyes_on_russia,
    firms,
    party_claims,
    watch_log,
)
from truce.identifiers import FeedName, ParticipantId

# The line is heard of every hour; what lies behind it, six times a day.
_INTERIOR_HOURS: Final = 4
_CAMERA_HOURS: Final = 2
_PRESS_HOURS: Final = 3
_MONITORS_H: Final = 15.0
_HARM_H: Final = 16.5
# A series longer than this is logged before it is over.
_LOGGED_AFTER_S: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Bytes that a contributor has ready to send: since when, by whom, under what name.

    `is_automatic` batches leave as soon as the line is free; people take their time.
    """

    feed: FeedName
    participant: ParticipantId
    participant_name: str
    file_name: str
    ready_at: datetime
    raw: bytes
    is_automatic: bool


def batches_of_day(seed: int, day: int) -> Iterator[Batch]:
    """Everything that is made ready on a day, contributor by contributor."""
    for write in _WRITERS:
        yield from write(seed, day)


def _listening(seed: int, day: int) -> Iterator[Batch]:
    recent = _recent(seed, day)
    for sector in (*SECTORS, INTERIOR):
        hours = _INTERIOR_HOURS if sector == INTERIOR else 1
        for hour in range(0, 24, hours):
            start = _clock.at(day, hour)
            end = start + timedelta(hours=hours)
            over = tuple(event for event in recent if start <= event.ended_at < end)
            lines = list(station_lines(seed, sector, start, hours, over))
            name = f"Listening network, {sector}"
            yield _log(seed, f"listening-{sector}", name, end, lines)


def _cameras(seed: int, day: int) -> Iterator[Batch]:
    recent = _recent(seed, day)
    for hour in range(0, 24, _CAMERA_HOURS):
        start = _clock.at(day, hour)
        end = start + timedelta(hours=_CAMERA_HOURS)
        over = tuple(event for event in recent if start <= _logged_at(event) < end)
        for side in (WESTERN, EASTERN):
            lines = list(camera_lines(seed, side, start, _CAMERA_HOURS, over))
            name = f"Camera network in {side}"
            yield _log(seed, f"cameras-{side.lower()}", name, end, lines)


def _drones(seed: int, day: int) -> Iterator[Batch]:
    recent = _recent(seed, day)
    for sortie in sorties(seed, day):
        lines = list(sortie_lines(seed, sortie, recent))
        ready_at = sortie.ends_at + timedelta(minutes=35)
        name = f"Drone team {sortie.team + 1}"
        yield _log(seed, f"drones-{sortie.team + 1}", name, ready_at, lines)


def _patrols(seed: int, day: int) -> Iterator[Batch]:
    today = events_of_day(seed, day)
    past = _recent(seed, day)
    for stop in stops(seed, day):
        lines = list(stop_lines(seed, stop, today, past))
        last = max([stop.ends_at, *(line.end for line in lines)])
        name = f"Patrol {stop.patrol}"
        yield _log(
            seed,
            f"patrol-{stop.patrol.lower()}",
            name,
            last + timedelta(minutes=12),
            lines,
            is_automatic=False,
        )


def _satellites(seed: int, day: int) -> Iterator[Batch]:
    burning = _recent(seed, day)
    for overpass in passes(seed, day):
        found = list(anomalies(seed, overpass, burning))
        yield _batch(
            "firms",
            "thermal-imagery",
            "Thermal imagery service",
            f"{overpass.instrument.lower()}-{overpass.satellite.lower()}-{_stamp(overpass.at)}.csv",
            received_at(seed, overpass),
            firms.encode(found),
        )


def _alarms(seed: int, day: int) -> Iterator[Batch]:
    raised = [*(alarms_of_day(seed, day - 1) if day else ()), *alarms_of_day(seed, day)]
    for hour in range(24):
        start = _clock.at(day, hour)
        end = start + timedelta(hours=1)
        for country in (WESTERN, EASTERN):
            over = [
                alarm
                for owner, alarm in raised
                if owner == country
                and alarm.finished_at is not None
                and start <= alarm.finished_at < end
            ]
            if over:
                yield _batch(
                    "air_raid_sirens",
                    f"alarms-{country.lower()}",
                    f"Civil protection of {country}",
                    f"alarms-{country.lower()}-{_stamp(end)}.csv",
                    end,
                    air_raid_sirens.encode(over),
                )


def _press(seed: int, day: int) -> Iterator[Batch]:
    days = range(max(0, day - 1), day + 1)
    written = [timed for earlier in days for timed in press_entries(seed, earlier)]
    for hour in range(0, 24, _PRESS_HOURS):
        start = _clock.at(day, hour)
        end = start + timedelta(hours=_PRESS_HOURS)
        entries = [entry for moment, entry in written if start <= moment < end]
        if entries:
            yield _batch(
                "eyes_on_russia",
                "press-desk",
                "Press desk",
                f"press-{_stamp(end)}.csv",
                end,
                eyes_on_russia.encode(entries),
                is_automatic=False,
            )


def _monitors(seed: int, day: int) -> Iterator[Batch]:
    entries = monitors_entries(seed, day)
    if entries:
        ready_at = _clock.at(day, _MONITORS_H)
        yield _batch(
            "eyes_on_russia",
            "open-source-monitors",
            "Open-source monitors",
            f"open-source-{_stamp(ready_at)}.csv",
            ready_at,
            eyes_on_russia.encode(entries),
            is_automatic=False,
        )
    incidents = harm_incidents(seed, day)
    if incidents:
        ready_at = _clock.at(day, _HARM_H)
        yield _batch(
            "bellingcat_civharm",
            "harm-monitors",
            "Monitors of civilian harm",
            f"civilian-harm-{_stamp(ready_at)}.json",
            ready_at,
            bellingcat_civharm.encode(incidents),
            is_automatic=False,
        )


def _parties(seed: int, day: int) -> Iterator[Batch]:
    for party in (WESTERN, EASTERN):
        spoken = [
            (_clock.at(day, hour), communique(seed, party, day, index))
            for index, hour in enumerate(COMMUNIQUES)
        ]
        spoken += [
            (claim.stated_at, (claim,)) for claim in urgent_claims(seed, party, day)
        ]
        for stated_at, claims in spoken:
            if claims:
                yield _batch(
                    "party_claims",
                    f"ministry-{party.lower()}",
                    f"Ministry of Defence of {party}",
                    f"claims-{party.lower()}-{claims[0].claim_id.lower()}.csv",
                    stated_at,
                    party_claims.encode(claims),
                    is_automatic=False,
                )


def _log(
    seed: int,
    participant: str,
    name: str,
    ready_at: datetime,
    lines: list[Line],
    *,
    is_automatic: bool = True,
) -> Batch:
    file_name = f"{participant}-{_stamp(ready_at)}.jsonl"
    dice = Dice(seed, "log", file_name)
    if lines and dice.chance(0.02):
        # A retry in the contributor's own network: the same line twice.
        lines = [*lines, dice.pick(lines)]
    return _batch(
        "watch_log",
        participant,
        name,
        file_name,
        ready_at,
        watch_log.encode(lines, stated_by=name),
        is_automatic=is_automatic,
    )


def _batch(
    feed: str,
    participant: str,
    name: str,
    file_name: str,
    ready_at: datetime,
    raw: bytes,
    *,
    is_automatic: bool = True,
) -> Batch:
    return Batch(
        feed=FeedName(feed),
        participant=ParticipantId(participant),
        participant_name=name,
        # Whoever finds the file elsewhere must see what it is.
        file_name=f"exercise-{file_name}",
        ready_at=ready_at,
        raw=raw,
        is_automatic=is_automatic,
    )


def _recent(seed: int, day: int) -> tuple[Event, ...]:
    """What began today or in the two days before, in order of time."""
    days = range(max(0, day - 2), day + 1)
    return tuple(event for earlier in days for event in events_of_day(seed, earlier))


def _logged_at(event: Event) -> datetime:
    return event.started_at + timedelta(seconds=min(event.lasts_s, _LOGGED_AFTER_S))


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d-%H%M}Z"


_WRITERS: Final[tuple[Callable[[int, int], Iterator[Batch]], ...]] = (
    _listening,
    _cameras,
    _drones,
    _patrols,
    _satellites,
    _alarms,
    _press,
    _monitors,
    _parties,
)

__all__ = ["Batch", "batches_of_day"]
