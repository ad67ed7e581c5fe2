"""Incidents as each reader is given them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from truce.incidents.model import Incident
from truce.instants import verify_instant
from truce.release.cells import (
    cell_at_least,
    cell_centre,
    cell_radius_m,
    large_cell,
    rounded_up_m,
    steady_cell,
)
from truce.release.coarsen import coarse_interval
from truce.release.gate import OPEN_GATE, Gate
from truce.release.kinds import Kinds, row_of
from truce.release.model import (
    Coarseness,
    Precedent,
    Reader,
    ReleasedIncident,
    Thing,
    Withheld,
)
from truce.release.refuse import withheld_from
from truce.release.table import due_from, rules_of

# Probabilities of coarse things are told in twentieths: more digits would be a
# fingerprint by which a coarse thing could be matched with a finer one.
_PROBABILITY_STEP: Final = 0.05
# More witnesses than this are not told of a coarse thing: how many stations heard says
# how near it was to them.
WITNESSES_TOLD_MAX: Final = 3

_SOURCES: Final = "release.withheld.sources"
_PLACE: Final = "release.withheld.place"
_TIME: Final = "release.withheld.time"
_DETAIL: Final = "release.withheld.detail"
_CELLS: Final = frozenset({Coarseness.CELL_5_KM, Coarseness.CELL_10_KM})


def row_of_incident(incident: Incident, precedent: Precedent | None) -> Thing:
    """The row of the table for an incident: once guarded, always guarded."""
    if precedent is not None and precedent.was_guarded:
        return Thing.OUTGOING_OR_WEAPON
    return row_of(incident.kinds)


def release_incident(
    incident: Incident, reader: Reader, now: datetime, *, gate: Gate = OPEN_GATE
) -> ReleasedIncident | Withheld:
    """One incident as this reader is given it, or the answer that tells nothing.

    Raises:
        InvalidValue: `now` has no zone.
    """
    released = _released(incident, reader, verify_instant(now), gate)
    return withheld_from(reader) if released is None else released


def release_incidents(
    incidents: Iterable[Incident],
    reader: Reader,
    now: datetime,
    *,
    gate: Gate = OPEN_GATE,
) -> tuple[ReleasedIncident, ...]:
    """Every incident that this reader is given, and no word of the others.

    For MECHANISM in the given order; for others in an order made from what is released
    alone, for the record's order follows exact times.

    Raises:
        InvalidValue: `now` has no zone.
    """
    moment = verify_instant(now)
    found = (_released(incident, reader, moment, gate) for incident in incidents)
    released = tuple(one for one in found if one is not None)
    if reader is Reader.MECHANISM:
        return released
    return tuple(sorted(released, key=_coarse_order))


def count_withheld(
    incidents: Iterable[Incident],
    reader: Reader,
    now: datetime,
    *,
    gate: Gate = OPEN_GATE,
) -> int | None:
    """How many incidents this reader will be shown later; None where that may not be
    told.

    Never told to PUBLIC, and to nobody of what a floor guards: two answers an hour
    apart would tell that something was fired in that hour. Only for the whole record,
    never for an area or a kind.

    Raises:
        InvalidValue: `now` has no zone.
    """
    if reader is Reader.PUBLIC:
        return None
    moment = verify_instant(now)
    rule = rules_of(gate.policy)[reader, Thing.IMPACT_OR_DAMAGE]
    impacts = (
        incident
        for incident in incidents
        if row_of_incident(incident, _precedent(incident, gate))
        is Thing.IMPACT_OR_DAMAGE
    )
    due = (due_from(rule, incident.interval) for incident in impacts)
    return sum(1 for not_before in due if not_before and moment < not_before)


def _precedent(incident: Incident, gate: Gate) -> Precedent | None:
    return None if gate.precedents is None else gate.precedents.precedent_of(incident)


def _released(
    incident: Incident, reader: Reader, now: datetime, gate: Gate
) -> ReleasedIncident | None:
    """The incident as released, if it is due; what was made of it is remembered."""
    known = gate.released.get((reader, incident.id))
    if known is not None and known[0] is incident:
        _, not_before, released = known
    else:
        not_before, released = _whenever(incident, reader, gate)
        gate.remember_released(incident, reader, not_before, released)
    return released if not_before is None or now >= not_before else None


def _whenever(
    incident: Incident, reader: Reader, gate: Gate
) -> tuple[datetime | None, ReleasedIncident | None]:
    """From when (None: at once) this reader is given the incident, and as what."""
    precedent = _precedent(incident, gate)
    thing = row_of_incident(incident, precedent)
    rule = rules_of(gate.policy)[reader, thing]
    if rule.coarseness is Coarseness.NOTHING or rule.conditions:
        return None, None
    not_before = due_from(rule, incident.interval)
    if rule.coarseness in (Coarseness.EXACT, Coarseness.ELLIPSE):
        return not_before, _fine(incident, reader, rule.coarseness, gate)
    return not_before, _coarse(incident, reader, rule.coarseness, gate, precedent)


def _fine(
    incident: Incident, reader: Reader, coarseness: Coarseness, gate: Gate
) -> ReleasedIncident:
    """The incident with its own place and time; its sources only for MECHANISM."""
    is_mechanism = reader is Reader.MECHANISM
    return ReleasedIncident(
        marking=reader,
        reference=gate.reference_of(incident.id, reader),
        coarseness=coarseness,
        position=incident.position,
        position_radius_m=incident.ellipse.semi_major_m,
        ellipse=incident.ellipse,
        cell=None,
        province=gate.province_at(incident.position),
        interval=incident.interval,
        kinds=incident.kinds,
        probability=incident.probability,
        witness_count=len(incident.witnesses),
        is_contradicted=bool(incident.contradicted_by),
        witnesses=incident.witnesses if is_mechanism else (),
        contradicted_by=incident.contradicted_by if is_mechanism else (),
        withheld=() if is_mechanism else (_SOURCES,),
    )


def _coarse(
    incident: Incident,
    reader: Reader,
    coarseness: Coarseness,
    gate: Gate,
    precedent: Precedent | None,
) -> ReleasedIncident:
    """The incident as a cell, a sector, or a province and week.

    Its province is that of the resolution 5 cell around it, whatever its coarseness:
    the provinces that two readers are told never differ.
    """
    small = steady_cell(incident.position, precedent)
    cell = None
    if coarseness in _CELLS:
        size_m = rounded_up_m(incident.ellipse.semi_major_m)
        cell = cell_at_least(small, coarseness=coarseness, semi_major_m=size_m)
    witness_count = len(incident.witnesses)
    return ReleasedIncident(
        marking=reader,
        reference=gate.reference_of(incident.id, reader),
        coarseness=coarseness,
        position=None if cell is None else cell_centre(cell),
        position_radius_m=None if cell is None else cell_radius_m(cell),
        ellipse=None,
        cell=cell,
        province=gate.province_of_cell(large_cell(small)),
        interval=coarse_interval(incident.interval, coarseness),
        kinds=coarse_kinds(incident.kinds, is_one=cell is None),
        probability=in_twentieths(incident.probability),
        witness_count=min(witness_count, WITNESSES_TOLD_MAX),
        is_witness_count_capped=witness_count > WITNESSES_TOLD_MAX,
        is_contradicted=bool(incident.contradicted_by),
        withheld=(_PLACE, _TIME, _DETAIL, _SOURCES),
    )


@lru_cache(maxsize=65_536)
def coarse_kinds(kinds: Kinds, *, is_one: bool) -> Kinds:
    """A kind distribution in twentieths, what rounds to nothing left out; never empty.

    Most probable first, then in the order of their names. With `is_one` only the first.
    """
    rounded = [(kind, in_twentieths(weight)) for kind, weight in kinds]
    told = sorted(
        (pair for pair in rounded if pair[1] > 0.0),
        key=lambda pair: (-pair[1], pair[0].value),
    )
    told = told or rounded[:1]
    return tuple(told[:1] if is_one else told)


def in_twentieths(probability: float) -> float:
    """A probability rounded to 0.05."""
    return round(round(probability / _PROBABILITY_STEP) * _PROBABILITY_STEP, 2)


def _coarse_order(one: ReleasedIncident) -> tuple[object, ...]:
    return (
        one.interval.start,
        one.interval.end,
        one.cell or "",
        one.province or "",
        one.kinds,
        one.probability,
        one.witness_count,
        one.is_contradicted,
        one.reference,
    )


__all__ = [
    "WITNESSES_TOLD_MAX",
    "coarse_kinds",
    "count_withheld",
    "in_twentieths",
    "release_incident",
    "release_incidents",
    "row_of_incident",
]
