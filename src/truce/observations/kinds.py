"""The kinds of thing that can be observed. Physical, never legal: nothing here is a
breach.
"""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What was seen or heard. A dotted kind is a special case of the word before the
    dot.
    """

    EXPLOSION = "explosion"
    EXPLOSION_IMPACT = "explosion.impact"
    EXPLOSION_OUTGOING = "explosion.outgoing"
    BURST = "burst"
    SHOT = "shot"
    CLASH = "clash"
    PROJECTILE = "projectile"
    DRONE = "drone"
    AIRCRAFT = "aircraft"
    WEAPON_PRESENT = "weapon.present"
    FORCES_PRESENT = "forces.present"
    FIRE = "fire"
    DAMAGE = "damage"
    HARM = "harm"
    MINE = "mine"
    THUNDER = "thunder"
    BLAST_QUARRY = "blast.quarry"
    SONIC_BOOM = "sonic-boom"
    ALARM = "alarm"
    UNDETERMINED = "undetermined"


# What fire of some weapon looks, sounds or leaves behind like. DAMAGE and HARM are
# traces of it.
FIRE_OF_WEAPONS: Final = frozenset(
    {
        Kind.EXPLOSION,
        Kind.EXPLOSION_IMPACT,
        Kind.EXPLOSION_OUTGOING,
        Kind.BURST,
        Kind.SHOT,
        Kind.CLASH,
    }
)
TRACES: Final = frozenset({Kind.DAMAGE, Kind.HARM})
# An alarm says that somebody expected an event, never that one happened.
NEVER_AN_INCIDENT: Final = frozenset({Kind.ALARM})

__all__ = ["FIRE_OF_WEAPONS", "NEVER_AN_INCIDENT", "TRACES", "Kind"]
