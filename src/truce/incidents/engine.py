"""Incidents kept up to date as observations come and go.

What holds after any sequence of calls:

1. The groups of observations are those that `associate` gives for the live
   observations: a pure function of the set, whatever the order and the size of the
   batches.
2. Every live observation that is of an event supports exactly one incident.
3. An engine that is restored from the live observations and incidents goes on as the
   saved one.

Ids and history depend on when what became known: an id is kept while the larger part of
what it stood for stays together.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from truce.errors import InvalidValue
from truce.identifiers import IncidentId, ObservationId, StatementIndex
from truce.incidents.associate import Group, denials_of, groups_in, is_of_an_event
from truce.incidents.evidence import evidence_from_observation
from truce.incidents.form import form_from_evidence
from truce.incidents.links import Links
from truce.incidents.model import Change, HistoryEntry, Incident
from truce.incidents.parameters import Parameters
from truce.observations.model import Assertion, Observation

# 35 bits of position sort by age; 50 bits of content keep apart what forms at one
# position.
_POSITION_BYTES: Final = 5
_POSITION_CHARS: Final = 7
_CONTENT_CHARS: Final = 10


def incident_id(
    position: StatementIndex, founders: Iterable[ObservationId]
) -> IncidentId:
    """The id of an incident that forms at this position of the log from these
    observations.

    Base32 in capitals of the extended alphabet, which sorts as its bits do: the
    position first, so that an older id is a smaller one, then the hash of the
    observations' ids.
    """
    age = base64.b32hexencode(int(position).to_bytes(_POSITION_BYTES, "big")).decode()
    digest = hashlib.sha256("\n".join(sorted(founders)).encode()).digest()
    content = base64.b32hexencode(digest).decode()
    return IncidentId(f"i{age[-_POSITION_CHARS:]}-{content[:_CONTENT_CHARS]}".lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one call changed. `gone` are ids that no longer stand for an incident."""

    formed_or_revised: tuple[Incident, ...] = ()
    gone: tuple[IncidentId, ...] = ()
    history: tuple[HistoryEntry, ...] = ()


class Engine:
    """The incidents of a record, from its live observations."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._links = Links(parameters)
        self._incidents: dict[IncidentId, Incident] = {}
        self._group_of: dict[IncidentId, Group] = {}
        self._incident_of: dict[ObservationId, IncidentId] = {}

    @classmethod
    def restored(
        cls,
        parameters: Parameters,
        observations: Iterable[Observation],
        incidents: Iterable[Incident],
    ) -> "Engine":
        """The engine as it was when these were its live observations and incidents.

        Nothing is weighed again: links are looked up when a change comes near them.

        Raises:
            InvalidValue: the incidents are not of these observations.
        """
        engine = cls(parameters)
        for one in sorted(observations, key=lambda one: one.id):
            if is_of_an_event(one):
                engine._links.take_up(evidence_from_observation(one, parameters))
        for incident in incidents:
            engine._keep(incident)
        engine._verify_whole()
        return engine

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Today's incidents, sorted by id."""
        return tuple(self._incidents[key] for key in sorted(self._incidents))

    def take(
        self,
        position: StatementIndex,
        *,
        added: Sequence[Observation],
        removed: Sequence[ObservationId] = (),
    ) -> Changes:
        """Take in and let go of observations, as stated at this position of the log.

        1. Let go of the removed ones, take in the added ones; note which reports that
           touches.
        2. Divide the components of what was touched anew.
        3. Give each new group the id of the incident that it continues, or a new one.
        4. Form what changed, and write the history.

        Alarms, and ids that are not live, are passed over.

        Raises:
            InvalidValue: an added observation is live already.
        """
        self._verify_new(added, removed)
        touched, lost = self._update_links(added, removed)
        groups = [
            group
            for component in self._links.components(sorted(touched))
            for piece in self._links.pieces(component)
            for group in groups_in(piece, self._links)
        ]
        before = {
            self._incident_of[key]
            for group in groups
            for key in group
            if key in self._incident_of
        } | {self._incident_of[key] for key in lost}
        names = self._named(position, groups, before)
        return self._replace(position, before, names)

    def _verify_new(
        self, added: Sequence[Observation], removed: Sequence[ObservationId]
    ) -> None:
        leaving, seen = set(removed), set()
        for one in added:
            is_live = one.id in self._links.evidence and one.id not in leaving
            if is_live or one.id in seen:
                raise InvalidValue(
                    f"observation {one.id} (feed {one.feed}, line {one.line}) is live "
                    "already; expected a new one, or its removal in the same call"
                )
            seen.add(one.id)

    def _update_links(
        self, added: Sequence[Observation], removed: Sequence[ObservationId]
    ) -> tuple[set[ObservationId], set[ObservationId]]:
        """Step 1: the live reports touched, and those that an incident lost."""
        links = self._links
        touched: set[ObservationId] = set()
        lost: set[ObservationId] = set()
        for key in sorted(set(removed)):
            if key in links.evidence:
                touched |= links.remove(key)
                if key in self._incident_of:
                    lost.add(key)
        for one in sorted(added, key=lambda one: one.id):
            if not is_of_an_event(one):
                continue
            links.add(evidence_from_observation(one, self.parameters))
            if one.asserts is Assertion.DENIED:
                touched |= set(links.contradicts(one.id))
            else:
                touched.add(one.id)
        for key in lost:
            others = self._group_of[self._incident_of[key]]
            touched |= {other for other in others if other in links.evidence}
        return touched & set(links.evidence), lost

    def _named(
        self,
        position: StatementIndex,
        groups: Sequence[Group],
        before: set[IncidentId],
    ) -> dict[IncidentId, Group]:
        """Step 3: the larger overlap keeps the id; of equal ones the older, which is
        smaller.
        """
        claims: dict[tuple[IncidentId, int], int] = {}
        for index, group in enumerate(groups):
            for key in group:
                incident = self._incident_of.get(key)
                if incident in before and incident is not None:
                    claim = (incident, index)
                    claims[claim] = claims.get(claim, 0) + 1
        ranked = sorted(
            (-size, name, groups[k], k) for (name, k), size in claims.items()
        )
        names: dict[IncidentId, Group] = {}
        named: set[int] = set()
        for _, name, group, index in ranked:
            if name not in names and index not in named:
                names[name] = group
                named.add(index)
        for index, group in enumerate(groups):
            if index not in named:
                names[incident_id(position, group)] = group
        return names

    def _replace(
        self,
        position: StatementIndex,
        before: set[IncidentId],
        names: dict[IncidentId, Group],
    ) -> Changes:
        """Step 4: form what changed, drop what is gone, and say what became of each."""
        was = {name: self._group_of[name] for name in before}
        held = {key: name for name, group in names.items() for key in group}
        gone = sorted(before - set(names))
        for name in before:
            for key in self._group_of.pop(name):
                self._incident_of.pop(key, None)
        old = {name: self._incidents.pop(name) for name in sorted(before)}
        changed: list[Incident] = []
        for name in sorted(names):
            group = names[name]
            kept = old.get(name)
            denials = denials_of(group, self._links)
            if kept and was[name] == group and kept.contradicted_by == denials:
                self._keep(kept)
                continue
            evidence = [self._links.evidence[key] for key in (*group, *denials)]
            incident = form_from_evidence(evidence, self.parameters).named(name)
            self._keep(incident)
            changed.append(incident)
        entries = [_end_of(name, was[name], held, position) for name in gone]
        entries += [
            _entry_of(one.id, was.get(one.id), held, position) for one in changed
        ]
        return Changes(
            formed_or_revised=tuple(changed), gone=tuple(gone), history=tuple(entries)
        )

    def _keep(self, incident: Incident) -> None:
        group = tuple(sorted(incident.observations))
        self._incidents[incident.id] = incident
        self._group_of[incident.id] = group
        for key in group:
            self._incident_of[key] = incident.id

    def _verify_whole(self) -> None:
        """Every live report supports exactly one incident, and no incident knows
        others.
        """
        said = {
            key
            for key, one in self._links.evidence.items()
            if one.observation.asserts is Assertion.OCCURRED
        }
        stray = sorted(said ^ set(self._incident_of))
        count = sum(len(group) for group in self._group_of.values())
        if stray or count != len(said):
            raise InvalidValue(
                f"saved incidents hold {count} observations and {len(said)} are live "
                f"(first that differs: {stray[0] if stray else 'one held twice'}); "
                "expected the same; rebuild the state from the record"
            )


def _end_of(
    name: IncidentId,
    group: Group,
    held: dict[ObservationId, IncidentId],
    position: StatementIndex,
) -> HistoryEntry:
    """What became of an incident whose id is gone."""
    heirs = tuple(sorted({held[key] for key in group if key in held}))
    change = Change.MERGED if heirs else Change.WITHDRAWN
    return HistoryEntry(incident=name, position=position, change=change, others=heirs)


def _entry_of(
    name: IncidentId,
    group: Group | None,
    held: dict[ObservationId, IncidentId],
    position: StatementIndex,
) -> HistoryEntry:
    """What became of one that stands: formed, revised, or split with its parts."""
    if group is None:
        return HistoryEntry(incident=name, position=position, change=Change.FORMED)
    parts = tuple(sorted({held[key] for key in group if key in held} - {name}))
    change = Change.SPLIT if parts else Change.REVISED
    return HistoryEntry(incident=name, position=position, change=change, others=parts)


__all__ = ["Changes", "Engine", "incident_id"]
