"""Which observations are of one event."""

from collections.abc import Iterable

from truce.identifiers import ObservationId
from truce.incidents.evidence import evidence_from_observation
from truce.incidents.grouping import divide
from truce.incidents.links import Links
from truce.incidents.parameters import Parameters
from truce.observations.kinds import NEVER_AN_INCIDENT
from truce.observations.model import Observation

Group = tuple[ObservationId, ...]


def is_of_an_event(observation: Observation) -> bool:
    """Whether it can make, join or contradict an incident; an alarm cannot."""
    return observation.kind not in NEVER_AN_INCIDENT


def groups_in(piece: Group, links: Links) -> list[Group]:
    """The events among the reports of one piece of a component."""
    if len(piece) == 1:
        return [piece]
    evidence = [links.evidence[key] for key in piece]
    groups = divide(evidence, links.table(piece), links.parameters)
    return [tuple(piece[i] for i in group) for group in groups]


def denials_of(group: Group, links: Links) -> tuple[ObservationId, ...]:
    """The denials that speak against any report of a group, sorted."""
    denials: set[ObservationId] = set()
    for key in group:
        denials |= links.denied_by(key)
    return tuple(sorted(denials))


def associate(
    observations: Iterable[Observation], parameters: Parameters
) -> tuple[tuple[Observation, ...], ...]:
    """The observations of each event, sorted by id; the events sorted by their first.

    Denials stand with every event that they contradict, after its reports, and with
    none if there is none. Alarms stand nowhere. The order of the input makes no
    difference.
    """
    links = Links(parameters)
    for observation in sorted(observations, key=lambda one: one.id):
        if is_of_an_event(observation):
            links.add(evidence_from_observation(observation, parameters))
    groups = [
        group
        for component in links.components(sorted(links.evidence))
        for piece in links.pieces(component)
        for group in groups_in(piece, links)
    ]
    return tuple(
        tuple(
            links.evidence[key].observation
            for key in (*group, *denials_of(group, links))
        )
        for group in sorted(groups)
    )


__all__ = ["Group", "associate", "denials_of", "groups_in", "is_of_an_event"]
