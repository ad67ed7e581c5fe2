"""Which row of the table an incident falls under, by what it may be.

The stricter row guards live places of guns, crews, weapons and projectiles. An incident
falls under the other row only if it is sure enough to be what was *received*: the place
where a round struck is known to whoever lives there, the place it left is not.
"""

from functools import lru_cache
from typing import Final

from truce.observations.kinds import Kind
from truce.release.model import Thing

Kinds = tuple[tuple[Kind, float], ...]

# What arrives, or was never fired by anybody. Every kind that is not listed counts as
# outgoing fire, a weapon or a projectile, so that a new kind is guarded until somebody
# decides. A mine is a weapon seen; shots, bursts and clashes are heard where they are
# fired.
RECEIVED: Final = frozenset(
    {
        Kind.EXPLOSION_IMPACT,
        Kind.DAMAGE,
        Kind.HARM,
        Kind.FIRE,
        Kind.THUNDER,
        Kind.BLAST_QUARRY,
        Kind.ALARM,
    }
)
# What may be either. A muzzle blast is an explosion too.
UNRESOLVED: Final = frozenset({Kind.EXPLOSION, Kind.UNDETERMINED})

# From this weight of outgoing fire or weapons on the stricter row holds. Not 0: kind
# distributions are smoothed and always leave a little weight, and then nobody would
# ever be told of a damaged house. At 0.05 somebody who fires on every place shown
# finely hits no gun in at least 19 of 20 cases.
GUARDED_FROM: Final = 0.05
# An unresolved explosion is read as a strike only where traces on the ground carry at
# least half of the distribution.
RECEIVED_MAJORITY: Final = 0.5


def guarded_weight(kinds: Kinds) -> float:
    """The weight, in [0, 1], of what the stricter row guards.

    An unresolved explosion counts in full, unless what was received carries at least
    half. An empty distribution says nothing and is guarded: 1.
    """
    received = sum(weight for kind, weight in kinds if kind in RECEIVED)
    unresolved = sum(weight for kind, weight in kinds if kind in UNRESOLVED)
    if not kinds:
        return 1.0
    rest = sum(weight for _, weight in kinds) - received - unresolved
    return rest if received >= RECEIVED_MAJORITY else rest + unresolved


@lru_cache(maxsize=65_536)
def row_of(kinds: Kinds) -> Thing:
    """The row of the release table for an incident with this kind distribution."""
    # A hair's breadth for sums of floats, on the guarded side.
    if guarded_weight(kinds) >= GUARDED_FROM - 1e-9:
        return Thing.OUTGOING_OR_WEAPON
    return Thing.IMPACT_OR_DAMAGE


__all__ = [
    "GUARDED_FROM",
    "RECEIVED",
    "RECEIVED_MAJORITY",
    "UNRESOLVED",
    "Kinds",
    "guarded_weight",
    "row_of",
]
