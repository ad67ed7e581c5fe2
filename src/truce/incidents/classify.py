"""What kind of event it was, from what the witnesses call it.

Observations name what was seen or heard, which is not always what happened: broken
walls are the trace of an impact, of fire or of ground combat; heat seen from space is
mostly a field burning. The table says how likely each observed kind is under each kind
of event, and the kinds are weighed by it. *Undetermined* is a hypothesis of its own,
under which anything may be observed alike, so it wins where the witnesses fit nothing
better or fit each other badly.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from truce.incidents.evidence import is_thermal_anomaly
from truce.observations.kinds import Kind
from truce.observations.model import Observation

# How likely it is that an event of the first kind is reported as one of the second.
# Rows need not sum to 1: what is left is spread over all other kinds (_ELSEWHERE). Set
# by hand from what the words mean; the calibration of issue 3 has the data to revise
# them.
_REPORTED_AS: Final[dict[Kind, dict[Kind, float]]] = {
    Kind.EXPLOSION_IMPACT: {
        Kind.EXPLOSION_IMPACT: 0.30,
        Kind.EXPLOSION: 0.15,
        Kind.DAMAGE: 0.30,
        Kind.HARM: 0.10,
        Kind.FIRE: 0.05,
        Kind.BURST: 0.02,
        Kind.PROJECTILE: 0.02,
    },
    Kind.EXPLOSION_OUTGOING: {
        Kind.EXPLOSION_OUTGOING: 0.60,
        Kind.EXPLOSION: 0.20,
        Kind.WEAPON_PRESENT: 0.05,
    },
    Kind.CLASH: {
        Kind.CLASH: 0.45,
        Kind.SHOT: 0.15,
        Kind.BURST: 0.10,
        Kind.EXPLOSION: 0.08,
        Kind.HARM: 0.08,
        Kind.DAMAGE: 0.04,
    },
    Kind.BURST: {Kind.BURST: 0.65, Kind.SHOT: 0.20, Kind.CLASH: 0.05},
    Kind.SHOT: {Kind.SHOT: 0.60, Kind.HARM: 0.20, Kind.BURST: 0.10},
    Kind.MINE: {Kind.MINE: 0.60, Kind.EXPLOSION: 0.15, Kind.HARM: 0.15},
    Kind.PROJECTILE: {Kind.PROJECTILE: 0.80, Kind.EXPLOSION: 0.08},
    Kind.DRONE: {Kind.DRONE: 0.85},
    Kind.AIRCRAFT: {Kind.AIRCRAFT: 0.85},
    Kind.WEAPON_PRESENT: {Kind.WEAPON_PRESENT: 0.75, Kind.FORCES_PRESENT: 0.15},
    Kind.FORCES_PRESENT: {Kind.FORCES_PRESENT: 0.80, Kind.WEAPON_PRESENT: 0.10},
    Kind.FIRE: {Kind.FIRE: 0.80, Kind.DAMAGE: 0.05},
    Kind.DAMAGE: {Kind.DAMAGE: 0.60},
    Kind.HARM: {Kind.HARM: 0.60},
    Kind.THUNDER: {Kind.THUNDER: 0.80, Kind.EXPLOSION: 0.10},
    Kind.BLAST_QUARRY: {Kind.BLAST_QUARRY: 0.80, Kind.EXPLOSION: 0.15},
    Kind.SONIC_BOOM: {Kind.SONIC_BOOM: 0.80, Kind.EXPLOSION: 0.15},
    Kind.EXPLOSION: {Kind.EXPLOSION: 0.55, Kind.DAMAGE: 0.05},
    Kind.UNDETERMINED: {Kind.UNDETERMINED: 0.40},
}
_ELSEWHERE: Final = 0.005
# Under "undetermined" every kind is reported alike.
_ANY: Final = 0.05
# What an event of which nothing is known yet would be, in a land at war: impacts above
# all. Not measured; kept mild, so that one clear word outweighs it. An explosion that
# was only heard stays an explosion: nobody saw it land.
_PRIOR: Final[dict[Kind, float]] = {
    Kind.EXPLOSION_IMPACT: 4.0,
    Kind.DAMAGE: 0.5,
    Kind.HARM: 0.5,
    Kind.EXPLOSION: 1.5,
}
# Heat in a satellite's pixel: a fire of any cause, seldom a weapon's. Of 17,600 groups
# of anomalies in a land at war one in 300 lies by a reported strike, and most strikes
# are not reported; taken as one in forty, the prior above included. Not measured.
_HEAT_OF: Final[dict[Kind, float]] = {
    Kind.FIRE: 0.8,
    Kind.EXPLOSION_IMPACT: 0.005,
    Kind.UNDETERMINED: 0.05,
}
_HEAT_ELSEWHERE: Final = 0.0001
# Less than this is not worth a line.
_SHOWN_MIN: Final = 0.01
_DIGITS: Final = 4

Kinds = tuple[tuple[Kind, float], ...]


# What a satellite's heat is called here, apart from a fire that somebody speaks of.
_HEAT: Final = "heat"


def _word(observation: Observation) -> str:
    return _HEAT if is_thermal_anomaly(observation) else observation.kind.value


def _likelihood(event: Kind, word: str) -> float:
    if word == _HEAT:
        return _HEAT_OF.get(event, _HEAT_ELSEWHERE)
    seen = Kind(word)
    if event is Kind.UNDETERMINED and seen is not Kind.UNDETERMINED:
        return _ANY
    return _REPORTED_AS[event].get(seen, _ELSEWHERE)


def kinds_of(witnesses: Sequence[Sequence[Observation]]) -> Kinds:
    """The distribution over kinds, most probable first; each witness's word counts
    once.

    A fire beside a strike is the strike's: where anybody speaks of more than heat, heat
    from space says nothing more about the kind.
    """
    words = [tuple(sorted(_word(one) for one in witness)) for witness in witnesses]
    spoken = [tuple(word for word in said if word != _HEAT) for said in words]
    return _kinds_of_words(
        tuple(sorted(said for said in spoken if said)) or ((_HEAT,),) * len(words)
    )


@lru_cache(maxsize=8192)
def _kinds_of_words(witnesses: tuple[tuple[str, ...], ...]) -> Kinds:
    weight = {}
    for event in _REPORTED_AS:
        # In logarithms: many witnesses would drive a product to zero for all kinds at
        # once.
        weight[event] = math.log(_PRIOR.get(event, 1.0)) + sum(
            math.log(sum(_likelihood(event, word) for word in said) / len(said))
            for said in witnesses
        )
    top = max(weight.values())
    return _distribution({kind: math.exp(w - top) for kind, w in weight.items()})


def _distribution(weight: dict[Kind, float]) -> Kinds:
    total = sum(weight.values())
    shown = {kind: w / total for kind, w in weight.items() if w / total >= _SHOWN_MIN}
    rest = 1.0 - sum(shown.values())
    shown[Kind.UNDETERMINED] = shown.get(Kind.UNDETERMINED, 0.0) + rest
    ordered = sorted(shown.items(), key=lambda item: (-item[1], item[0].value))
    rounded = [(kind, round(share, _DIGITS)) for kind, share in ordered[1:]]
    rounded = [(kind, share) for kind, share in rounded if share > 0.0]
    top = round(1.0 - sum(share for _, share in rounded), _DIGITS)
    return ((ordered[0][0], top), *rounded)


__all__ = ["Kinds", "kinds_of"]
