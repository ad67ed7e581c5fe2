"""One incident from the observations of one event."""

from collections.abc import Sequence
from dataclasses import dataclass

from truce.errors import InvalidValue
from truce.identifiers import IncidentId, ObservationId
from truce.incidents.classify import Kinds, kinds_of
from truce.incidents.evidence import Evidence, evidence_from_observation
from truce.incidents.existence import probability_of
from truce.incidents.locate import interval_of, position_of
from truce.incidents.model import Ellipse, Incident, Witness
from truce.incidents.parameters import Parameters
from truce.incidents.witnesses import witness_from_evidence, witnesses_of
from truce.instants import Interval
from truce.observations.model import Assertion, Observation
from truce.places import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """An incident without its id: all that follows from its observations alone."""

    position: Position
    ellipse: Ellipse
    interval: Interval
    kinds: Kinds
    probability: float
    witnesses: tuple[Witness, ...]
    contradicted_by: tuple[ObservationId, ...]

    def named(self, incident: IncidentId) -> Incident:
        """The incident under an id."""
        return Incident(
            id=incident,
            position=self.position,
            ellipse=self.ellipse,
            interval=self.interval,
            kinds=self.kinds,
            probability=self.probability,
            witnesses=self.witnesses,
            contradicted_by=self.contradicted_by,
        )


def form_from_evidence(evidence: Sequence[Evidence], parameters: Parameters) -> Formed:
    """The same as `form`, of observations that are prepared already."""
    ordered = sorted(evidence, key=lambda e: e.observation.id)
    said = [e for e in ordered if e.observation.asserts is Assertion.OCCURRED]
    denials = [e for e in ordered if e.observation.asserts is Assertion.DENIED]
    if not said:
        raise InvalidValue(
            f"{len(denials)} denials and no report that says it occurred; expected one "
            "or more: what nobody reported is no incident"
        )
    witnesses = witnesses_of(said)
    supporting = [[e.observation for e in witness] for witness in witnesses]
    denying = [[e.observation for e in one] for one in witnesses_of(denials)]
    position, ellipse = position_of(said, parameters)
    return Formed(
        position=position,
        ellipse=ellipse,
        interval=interval_of(said),
        kinds=kinds_of(supporting),
        probability=probability_of(supporting, denying),
        witnesses=tuple(witness_from_evidence(witness) for witness in witnesses),
        contradicted_by=tuple(e.observation.id for e in denials),
    )


def form(observations: Sequence[Observation], parameters: Parameters) -> Formed:
    """What the observations of one event make of it; their order makes no difference.

    Raises:
        InvalidValue: none of them says that the event occurred.
    """
    return form_from_evidence(
        [evidence_from_observation(one, parameters) for one in observations], parameters
    )


__all__ = ["Formed", "form", "form_from_evidence"]
