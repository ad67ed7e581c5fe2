"""One incident with everything behind it, as far as one reader is given it."""

from dataclasses import dataclass
from datetime import datetime

from truce.errors import InvalidQuery
from truce.identifiers import IncidentId, ObservationId, StatementIndex
from truce.incidents.model import Change
from truce.observations.model import Observation
from truce.picture.ports import PictureSource
from truce.picture.sights import Picture, Sight
from truce.release.evidence import release_observation, release_proof
from truce.release.model import Reader, ReleasedFinding, ReleasedProof, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessEvidence:
    """One independent source, and what it said; copies of one text stand together."""

    stated_by: tuple[str, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One change of an incident's id, when the record learned of it."""

    position: StatementIndex
    sealed_at: datetime
    change: Change
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One incident with its findings, witnesses, contradictions and history.

    `moved_from` is the old id by which it was asked for, where that lives on in this.
    Witnesses, contradictions and history are empty for readers who are not given them.
    """

    sight: Sight
    findings: tuple[ReleasedFinding, ...]
    witnesses: tuple[WitnessEvidence, ...]
    contradictions: tuple[Observation, ...]
    history: tuple[HistoryLine, ...]
    moved_from: str = ""

    def speaks_of(self, finding: ReleasedFinding) -> str:
        """The incident that a finding's reason is about; empty where it names none.

        It is the most telling one, which stands first. Readers who are given no reason
        are given no such incident either.
        """
        is_about_one = any(name == "kind" for name, _ in finding.reason_values)
        return finding.incidents[0] if is_about_one and finding.incidents else ""

    @property
    def observation_count(self) -> int:
        """How many observations support it, copies included."""
        return sum(len(witness.observations) for witness in self.witnesses)

    @property
    def statements(self) -> tuple[StatementIndex, ...]:
        """The sealed statements that its evidence was read from, in order."""
        supporting = [o for witness in self.witnesses for o in witness.observations]
        shown = (*supporting, *self.contradictions)
        return tuple(sorted({observation.statement for observation in shown}))


def dossier_of(source: PictureSource, picture: Picture, reference: str) -> Dossier:
    """Everything behind one incident of a picture.

    Raises:
        InvalidQuery: this reader is given no incident by that name.
    """
    sight, moved_from = _found(source, picture, reference)
    reader, incident = picture.reader, sight.incident
    witnesses = tuple(
        WitnessEvidence(
            stated_by=witness.stated_by,
            observations=_released(source, reader, witness.observations),
        )
        for witness in incident.witnesses
    )
    return Dossier(
        sight=sight,
        findings=tuple(f for f in picture.findings if sight.reference in f.incidents),
        witnesses=tuple(witness for witness in witnesses if witness.observations),
        contradictions=_released(source, reader, incident.contradicted_by),
        history=_history(source, picture, sight.reference),
        moved_from=moved_from,
    )


def proof_for(
    source: PictureSource, dossier: Dossier, reader: Reader, statement: int
) -> ReleasedProof:
    """That a statement which this dossier rests on stands in the log.

    Raises:
        InvalidQuery: what this reader is given of it rests on no such statement.
    """
    if statement not in dossier.statements:
        raise InvalidQuery(
            f"incident {dossier.sight.reference} shows no evidence from statement "
            f"{statement}; take a number that its page names"
        )
    return release_proof(source.proof(StatementIndex(statement)), reader)


def _found(
    source: PictureSource, picture: Picture, reference: str
) -> tuple[Sight, str]:
    """The sight of a reference, and the old id where the incident has moved on."""
    sight = picture.sight_of(reference)
    if sight is not None:
        return sight, ""
    # Old ids are the mechanism's: to others they would tell what lies behind a name.
    if picture.reader is Reader.MECHANISM:
        for heir in source.resolve(IncidentId(reference)):
            sight = picture.sight_of(heir)
            if sight is not None:
                return sight, reference
    raise InvalidQuery(
        f"no incident {reference!r} is shown to {picture.reader.value}; "
        "look in the list"
    )


def _released(
    source: PictureSource, reader: Reader, names: tuple[ObservationId, ...]
) -> tuple[Observation, ...]:
    found = (release_observation(source.observation(name), reader) for name in names)
    return tuple(one for one in found if not isinstance(one, Withheld))


def _history(
    source: PictureSource, picture: Picture, reference: str
) -> tuple[HistoryLine, ...]:
    """What became of the id until the moment of the picture; only for the mechanism.

    When an incident was revised tells when reports of it came, which release holds up.
    """
    if picture.reader is not Reader.MECHANISM:
        return ()
    return tuple(
        HistoryLine(
            position=entry.position,
            sealed_at=source.sealed_at(entry.position),
            change=entry.change,
            others=entry.others,
        )
        for entry in source.history(picture.ids[reference])
        if entry.position < picture.as_of.count
    )


__all__ = ["Dossier", "HistoryLine", "WitnessEvidence", "dossier_of", "proof_for"]
