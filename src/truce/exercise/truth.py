"""What really happened in an exercise, recomputed from its seed: for the scorers alone.

Nothing of this is ever written into a delivery, a file or a record, and no room but
`scoring` may import it (tests/architecture/test_truth_is_sealed_off.py).
"""

import hashlib
from dataclasses import dataclass

from truce.exercise import _world
from truce.exercise._events import Event
from truce.exercise._plane import position_from_spot
from truce.exercise._towns import nearest_town
from truce.instants import Interval
from truce.places import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueIncident:
    """One physical event as it was.

    `kind` is a word of the observations room. `story` is why it happened (exchange,
    retaliation, sniper, deep-strike, false-flag, reconnaissance, deployment, accident,
    industry, weather). `salvo` joins a firing with its impacts; `fired_by` is empty
    where nobody did it. `near` is the nearest town. `rounds` counts shots, shells or
    drones.
    """

    id: str
    kind: str
    story: str
    position: Position
    interval: Interval
    rounds: int
    weapon: str
    fired_by: str
    salvo: str
    near: str
    killed: int
    injured: int


def truth(seed: int, days: int = 10) -> tuple[TrueIncident, ...]:
    """Everything that begins in the first `days` days after the ceasefire, in order of
    time.

    The truth of fewer days is the beginning of that of more days.
    """
    return tuple(_true_incident(seed, event) for event in _world.events(seed, days))


def _true_incident(seed: int, event: Event) -> TrueIncident:
    digest = hashlib.sha256(f"{seed}/{event.key}".encode()).hexdigest()
    return TrueIncident(
        id=f"truth-{digest[:16]}",
        kind=event.kind.value,
        story=event.story.value,
        position=position_from_spot(event.spot),
        interval=Interval(start=event.started_at, end=event.ended_at),
        rounds=event.rounds,
        weapon=event.weapon,
        fired_by=event.fired_by,
        salvo=event.salvo,
        near=nearest_town(event.spot).name,
        killed=event.killed,
        injured=event.injured,
    )


__all__ = ["TrueIncident", "truth"]
