"""Judging what is known by the agreements in force, as of a position and a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from truce.agreement.model import Agreement
from truce.compliance.assess import assess_all
from truce.compliance.index_facts import FactIndex, index_facts
from truce.compliance.model import Finding, IncidentFact, WatchFact
from truce.incidents.model import Incident
from truce.observations.model import Watch
from truce.places import SIGMAS_95


def judge(
    agreements: Iterable[Agreement], facts: FactIndex, *, as_of: datetime
) -> tuple[Finding, ...]:
    """Compliance's findings for every clause and window of the agreements."""
    return assess_all(agreements, facts, as_of=as_of)


def facts_from(incidents: Sequence[Incident], watches: Sequence[Watch]) -> FactIndex:
    """What is known as the facts that clauses judge, to be judged at many moments."""
    return index_facts(
        [fact_from_incident(incident) for incident in incidents],
        [fact_from_watch(watch) for watch in watches],
    )


def fact_from_incident(incident: Incident) -> IncidentFact:
    """An incident in the terms in which a clause judges it.

    A clause weighs one sigma; of an uneven ellipse it is given the longer axis, so that
    no incident is held to be inside an area more surely than it is.
    """
    return IncidentFact(
        incident=incident.id,
        position=incident.position,
        sigma_m=incident.ellipse.semi_major_m / SIGMAS_95,
        interval=incident.interval,
        kinds=incident.kinds,
        probability=incident.probability,
        witness_count=len(incident.witnesses),
    )


def fact_from_watch(watch: Watch) -> WatchFact:
    """A watch in the terms in which a clause weighs silence."""
    return WatchFact(
        centre=watch.where.centre,
        range_m=watch.range_m,
        interval=watch.when,
        detection_probability=watch.detection_probability,
        observer=watch.observer,
    )


__all__ = ["fact_from_incident", "fact_from_watch", "facts_from", "judge"]
