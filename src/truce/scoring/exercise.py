"""How well the incidents of an exercise match what really happened in it.

1. Only incidents that are held to have happened (`probability_from`) and whose kind the
   truth knows are asked for; alarms and troops at a checkpoint are not.
2. An incident may be an event if both are of one family of kinds, and their places and
   times lie within the gates below.
3. Pairs are taken from the best on, each incident and each event once. An incident left
   over beside an event that has one already is a duplicate, any other one is false.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from truce.canonical import Json
from truce.exercise import truth as exercise_truth
from truce.exercise.truth import TrueIncident
from truce.incidents.model import Incident
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import EARTH_RADIUS_M, Position, distance_m

# An incident below this is doubtful rather than held to have happened.
PROBABILITY_FROM: Final = 0.5
# The place gate: twice the incident's own 95 % ellipse, but never under 1.5 km (a large
# barrage spreads that far) nor over 12 km (a report that says no more than the district
# matches nothing in particular).
_GATE_ELLIPSES: Final = 2.0
_GATE_M_MIN: Final = 1_500.0
_GATE_M_MAX: Final = 12_000.0
# The time gate beyond the incident's own interval: the worst clock of the exercise is
# off by 500 s, and people round to a quarter of an hour.
_GATE_TIME: Final = timedelta(minutes=15)
# How much of a gate one hour of an incident's interval costs: a vague report is given
# an event only where no precise one claims it.
_COST_PER_HOUR: Final = 0.05

_BANG: Final = frozenset(
    {
        Kind.EXPLOSION,
        Kind.EXPLOSION_IMPACT,
        Kind.EXPLOSION_OUTGOING,
        Kind.THUNDER,
        Kind.BLAST_QUARRY,
        Kind.SONIC_BOOM,
        Kind.DAMAGE,
        Kind.HARM,
        Kind.UNDETERMINED,
    }
)
# What may be taken for each other. A thunderclap that is called an impact was noticed,
# and called the wrong thing: that is `kind_right`, not recall.
_FAMILIES: Final = (
    _BANG,
    frozenset({Kind.SHOT, Kind.BURST, Kind.CLASH, Kind.PROJECTILE}),
    frozenset({Kind.DRONE, Kind.AIRCRAFT}),
    frozenset({Kind.FIRE}),
    frozenset({Kind.WEAPON_PRESENT}),
)
_FAMILY_OF: Final = {kind: i for i, kinds in enumerate(_FAMILIES) for kind in kinds}
# A trace and an unnamed bang are right about any of their family.
_RIGHT_ABOUT_ANY: Final = frozenset(
    {Kind.EXPLOSION, Kind.DAMAGE, Kind.HARM, Kind.CLASH, Kind.PROJECTILE}
)
_M_PER_DEG: Final = math.radians(1.0) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """How many events of one kind or story there were, and how many were found."""

    name: str
    events: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseScore:
    """The incidents of an exercise beside its truth.

    `precision` is the share of incidents that are an event of the truth or a duplicate
    of one; `duplicates` and `false` count the rest. Location errors are in metres, over
    the matches. `ellipse95_coverage` is the share of matches whose true position lies
    within the incident's ellipse; `kind_right` that of matches called by their own
    kind, its general word or a trace. Shares and errors are None where nothing matched.
    """

    events: int
    incidents: int
    matched: int
    duplicates: int
    false: int
    recall: float | None
    precision: float | None
    recall_by_kind: tuple[Recall, ...]
    recall_by_story: tuple[Recall, ...]
    location_error_m_median: float | None
    location_error_m_p90: float | None
    ellipse95_coverage: float | None
    kind_right: float | None


@dataclass(frozen=True, slots=True)
class _Pair:
    cost: float
    incident: int
    event: int


def score_exercise(
    incidents: Iterable[Incident],
    truth: Sequence[TrueIncident],
    *,
    probability_from: float = PROBABILITY_FROM,
) -> ExerciseScore:
    """How well the incidents match the truth; see the head of this file for the rules.

    Without incidents, recall is 0 and precision None; without truth, the other way.
    """
    asked = [
        incident
        for incident in incidents
        if incident.probability >= probability_from and incident.kind in _FAMILY_OF
    ]
    pairs = _pairs(asked, truth)
    matches = _matches(pairs)
    near_event = {pair.incident for pair in pairs}
    taken = {incident for incident, _ in matches}
    duplicates = len(near_event - taken)
    errors = sorted(
        distance_m(asked[i].position, truth[e].position) for i, e in matches
    )
    found = {event for _, event in matches}
    return ExerciseScore(
        events=len(truth),
        incidents=len(asked),
        matched=len(matches),
        duplicates=duplicates,
        false=len(asked) - len(matches) - duplicates,
        recall=_share(len(matches), len(truth)),
        precision=_share(len(matches) + duplicates, len(asked)),
        recall_by_kind=_recalls(truth, found, [event.kind for event in truth]),
        recall_by_story=_recalls(truth, found, [event.story for event in truth]),
        location_error_m_median=median(errors) if errors else None,
        location_error_m_p90=errors[int(0.9 * (len(errors) - 1))] if errors else None,
        ellipse95_coverage=_share(
            sum(is_in_ellipse(asked[i], truth[e].position) for i, e in matches),
            len(matches),
        ),
        kind_right=_share(
            sum(_is_right(asked[i].kind, Kind(truth[e].kind)) for i, e in matches),
            len(matches),
        ),
    )


def score_played(incidents: Iterable[Incident], seed: int, days: int) -> ExerciseScore:
    """How much of a played exercise's truth a picture holds; see `score_exercise`.

    Raises:
        InvalidQuery: `days` is out of the exercise's range.
    """
    return score_exercise(tuple(incidents), exercise_truth.truth(seed, days))


def is_in_ellipse(incident: Incident, position: Position) -> bool:
    """Whether a position lies within the incident's 95 % ellipse, its edge included."""
    centre, ellipse = incident.position, incident.ellipse
    north_m = (position.lat_deg - centre.lat_deg) * _M_PER_DEG
    shrink = math.cos(math.radians(centre.lat_deg))
    east_m = (position.lon_deg - centre.lon_deg) * _M_PER_DEG * shrink
    bearing = math.radians(ellipse.bearing_deg)
    along_m = north_m * math.cos(bearing) + east_m * math.sin(bearing)
    across_m = east_m * math.cos(bearing) - north_m * math.sin(bearing)
    return (along_m / ellipse.semi_major_m) ** 2 + (
        across_m / ellipse.semi_minor_m
    ) ** 2 <= 1.0


def score_json(score: ExerciseScore) -> dict[str, Json]:
    """The score as one JSON object, shares and metres rounded."""
    return {
        "events": score.events,
        "incidents": score.incidents,
        "matched": score.matched,
        "duplicates": score.duplicates,
        "false": score.false,
        "recall": _rounded(score.recall),
        "precision": _rounded(score.precision),
        "recall_by_kind": _recalls_json(score.recall_by_kind),
        "recall_by_story": _recalls_json(score.recall_by_story),
        "location_error_m_median": _rounded(score.location_error_m_median, 0),
        "location_error_m_p90": _rounded(score.location_error_m_p90, 0),
        "ellipse95_coverage": _rounded(score.ellipse95_coverage),
        "kind_right": _rounded(score.kind_right),
    }


def _pairs(asked: Sequence[Incident], truth: Sequence[TrueIncident]) -> list[_Pair]:
    """Every incident and event that may be one, the likeliest first."""
    families = [_FAMILY_OF[Kind(event.kind)] for event in truth]
    found = []
    for i, incident in enumerate(asked):
        gate_m = max(
            _GATE_M_MIN,
            min(_GATE_M_MAX, _GATE_ELLIPSES * incident.ellipse.semi_major_m),
        )
        for e, event in enumerate(truth):
            if families[e] != _FAMILY_OF[incident.kind]:
                continue
            gap = _time_gap(incident, event)
            if gap > _GATE_TIME:
                continue
            away_m = distance_m(incident.position, event.position)
            if away_m <= gate_m:
                vague_h = incident.interval.duration / timedelta(hours=1)
                cost = away_m / gate_m + gap / _GATE_TIME + _COST_PER_HOUR * vague_h
                found.append(_Pair(cost, i, e))
    # Ties are broken by the order given, so that a score does not depend on chance.
    return sorted(found, key=lambda pair: (pair.cost, pair.incident, pair.event))


def _time_gap(incident: Incident, event: TrueIncident) -> timedelta:
    """The time between the two; a trace may be of anything in the day before it."""
    when = incident.interval
    if incident.kind in (Kind.DAMAGE, Kind.HARM):
        when = Interval(start=when.start - timedelta(days=1), end=when.end)
    return when.gap_to(event.interval)


def _matches(pairs: Iterable[_Pair]) -> list[tuple[int, int]]:
    """One event to an incident and one incident to an event, the best pairs first."""
    incidents, events, matches = set(), set(), []
    for pair in pairs:
        if pair.incident not in incidents and pair.event not in events:
            incidents.add(pair.incident)
            events.add(pair.event)
            matches.append((pair.incident, pair.event))
    return matches


def _is_right(said: Kind, true: Kind) -> bool:
    return said is true or said in _RIGHT_ABOUT_ANY


def _recalls(
    truth: Sequence[TrueIncident], found: set[int], names: Sequence[str]
) -> tuple[Recall, ...]:
    return tuple(
        Recall(
            name=name,
            events=sum(names[e] == name for e in range(len(truth))),
            found=sum(names[e] == name for e in found),
        )
        for name in sorted(set(names))
    )


def _recalls_json(recalls: Iterable[Recall]) -> dict[str, Json]:
    return {
        recall.name: {"events": recall.events, "found": recall.found}
        for recall in recalls
    }


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


__all__ = [
    "PROBABILITY_FROM",
    "ExerciseScore",
    "Recall",
    "is_in_ellipse",
    "score_exercise",
    "score_json",
    "score_played",
]
