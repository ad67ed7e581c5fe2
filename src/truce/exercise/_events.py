"""What really happens in the exercise's world, as its people never get to see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from truce.exercise._plane import Spot


class EventKind(StrEnum):
    """What an event physically is. The words are those of the observations room, by
    agreement.
    """

    SHOT = "shot"
    BURST = "burst"
    IMPACT = "explosion.impact"
    OUTGOING = "explosion.outgoing"
    AIR_BURST = "explosion"
    DRONE = "drone"
    WEAPON = "weapon.present"
    FIRE = "fire"
    THUNDER = "thunder"
    QUARRY = "blast.quarry"


class Story(StrEnum):
    """Why it happens: the tactic or the accident behind an event."""

    EXCHANGE = "exchange"
    RETALIATION = "retaliation"
    SNIPER = "sniper"
    DEEP_STRIKE = "deep-strike"
    FALSE_FLAG = "false-flag"
    RECONNAISSANCE = "reconnaissance"
    DEPLOYMENT = "deployment"
    ACCIDENT = "accident"
    INDUSTRY = "industry"
    WEATHER = "weather"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One physical event: what, where, from when, for how long, how often, with what,
    by whom.

    `key` names it within one seed. `salvo` joins a firing with its impacts. `rounds`
    counts shots, shells or strokes. `fired_by` is empty where nobody did it. `heat_mw`
    is the radiant power of a fire; 0 elsewhere. `killed` and `injured` are what it does
    to people.
    """

    key: str
    kind: EventKind
    story: Story
    spot: Spot
    started_at: datetime
    lasts_s: float
    rounds: int
    weapon: str
    fired_by: str = ""
    salvo: str = ""
    heat_mw: float = 0.0
    killed: int = 0
    injured: int = 0

    @property
    def ended_at(self) -> datetime:
        """When its last round, stroke or flame was over."""
        return self.started_at + timedelta(seconds=self.lasts_s)


__all__ = ["Event", "EventKind", "Story"]
