"""What one reader is given of the whole record at one moment, before any filter.

Filters, totals and tiles are made from sights alone: a filter over exact values would
let a reader find out by questions what release withholds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from truce.compliance.model import Verdict
from truce.identifiers import FeedName, IncidentId, ObservationId
from truce.incidents.model import Incident
from truce.observations.model import Observation
from truce.picture.ports import AsOf, PictureSource
from truce.picture.question import State
from truce.places import PlaceBasis
from truce.release.evidence import release_observation
from truce.release.findings import finding_cut_for, release_findings
from truce.release.gate import OPEN_GATE, Gate
from truce.release.incidents import release_incident
from truce.release.model import Reader, ReleasedFinding, ReleasedIncident, Withheld
from truce.release.readers import cut_for

# How narrow a kind of place is: a village's name tells more than a province's.
_NARROWNESS: Final = {basis: rank for rank, basis in enumerate(PlaceBasis)}
_STATES: Final = {
    Verdict.BREACHED: State.BREACHED,
    Verdict.UNDETERMINED: State.UNDETERMINED,
    Verdict.PENDING: State.PENDING,
    Verdict.MET: State.MET,
}
_GRAVITY: Final = {state: rank for rank, state in enumerate(State)}
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One incident as one reader is given it, with what lists and filters need.

    `place` is the narrowest name that its observations give, or its province, or empty.
    `latin_place` is the same for those who read no Cyrillic: a source's own word in
    Cyrillic letters stands there only where nothing else is known. `words` is
    everything a search looks through, case folded.
    """

    incident: ReleasedIncident
    state: State
    place: str
    latin_place: str
    feeds: tuple[FeedName, ...]
    words: str

    @property
    def reference(self) -> str:
        """The name by which this reader may ask for it; empty where there is none."""
        return self.incident.reference

    @property
    def radius_m(self) -> float | None:
        """How far from its position it may lie (95 %), in metres; None without one."""
        return self.incident.position_radius_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that one reader is given of a record at one moment.

    `ids` leads from the references that this reader knows to the record's own ids. It
    is for looking up what was released, and never leaves the process. `by_reference`
    are the same sights, those that have a reference.
    """

    reader: Reader
    as_of: AsOf
    sights: tuple[Sight, ...]
    findings: tuple[ReleasedFinding, ...]
    ids: Mapping[str, IncidentId]
    by_reference: Mapping[str, Sight]

    def sight_of(self, reference: str) -> Sight | None:
        """The sight that a reference names; None for none that this reader is given."""
        return self.by_reference.get(reference)


def picture_for(
    source: PictureSource,
    reader: Reader,
    as_of: AsOf,
    *,
    gate: Gate = OPEN_GATE,
    before: Picture | None = None,
) -> Picture:
    """What the reader is given of the record as of a moment.

    The same arguments give the same picture for as long as the source answers alike, so
    that a caller may keep it. `before` is any other picture of the same record and
    reader: it changes nothing but the work, for evidence read there is not read again.
    """
    incidents = source.incidents(known_to(source, reader, as_of))
    findings = released_findings(source, reader, as_of, incidents, gate=gate)
    states = states_by_reference(findings)
    ids: dict[str, IncidentId] = {}
    given = []
    for incident in incidents:
        released = release_incident(incident, reader, as_of.instant, gate=gate)
        if isinstance(released, Withheld):
            continue
        given.append(released)
        if released.reference:
            ids[released.reference] = incident.id
    sights = _sights(source, reader, given, states, before)
    if reader is not Reader.MECHANISM:
        # The record's order follows exact times, which this reader is not given.
        sights.sort(key=_coarse_order)
    return Picture(
        reader=reader,
        as_of=as_of,
        sights=tuple(sights),
        findings=findings,
        ids=ids,
        by_reference={one.reference: one for one in sights if one.reference},
    )


def known_to(source: PictureSource, reader: Reader, as_of: AsOf) -> AsOf:
    """As of when incidents are read for a reader.

    Others than the mechanism read the record as it stood at a full hour or day,
    whatever position they ask for: stepping through positions would tell them when each
    thing was learned of.
    """
    if reader is Reader.MECHANISM:
        return as_of
    count = source.count_at(cut_for(reader, as_of.instant))
    return AsOf(count=count, instant=as_of.instant, is_past=as_of.is_past)


def released_findings(
    source: PictureSource,
    reader: Reader,
    as_of: AsOf,
    incidents: Sequence[Incident],
    *,
    gate: Gate = OPEN_GATE,
) -> tuple[ReleasedFinding, ...]:
    """The findings that the reader is given, in an order that gives nothing away.

    Others than the mechanism are given findings as they stood at an earlier moment, the
    same for every clause (`finding_cut_for`).
    """
    known = as_of
    if reader is not Reader.MECHANISM:
        cut = finding_cut_for(reader, as_of.instant, gate=gate)
        known = AsOf(count=source.count_at(cut), instant=cut, is_past=True)
    return release_findings(
        source.findings(known),
        reader,
        as_of.instant,
        known_at=known.instant,
        incidents={incident.id: incident for incident in incidents},
        gate=gate,
    )


def states_by_reference(findings: Sequence[ReleasedFinding]) -> dict[str, State]:
    """The gravest state that findings give each incident they rest on."""
    states: dict[str, State] = {}
    for finding in findings:
        state = _STATES[finding.verdict]
        for reference in finding.incidents:
            before = states.get(reference, State.NONE)
            states[reference] = min(before, state, key=_GRAVITY.__getitem__)
    return states


def evidence_of(
    source: PictureSource, reader: Reader, released: Sequence[ReleasedIncident]
) -> dict[ObservationId, Observation]:
    """The observations that incidents rest on, as far as the reader is given them.

    All are asked for at once: a picture rests on thousands.
    """
    names = [name for one in released for w in one.witnesses for name in w.observations]
    found = (
        release_observation(observation, reader)
        for observation in source.observations(names)
    )
    return {one.id: one for one in found if not isinstance(one, Withheld)}


def _sights(
    source: PictureSource,
    reader: Reader,
    given: Sequence[ReleasedIncident],
    states: Mapping[str, State],
    before: Picture | None,
) -> list[Sight]:
    """Every incident as a sight, in the given order."""
    known = {} if before is None or before.reader is not reader else before.by_reference
    kept = [_kept_evidence(one, known) for one in given]
    fresh = [one for one, old in zip(given, kept, strict=True) if old is None]
    evidence = evidence_of(source, reader, fresh)
    sights = []
    for one, old in zip(given, kept, strict=True):
        state = states.get(one.reference, State.NONE)
        if old is None:
            sights.append(_sight(one, state, evidence))
        elif old.incident == one and old.state is state:
            sights.append(old)
        else:
            sights.append(replace(old, incident=one, state=state))
    return sights


def _kept_evidence(one: ReleasedIncident, known: Mapping[str, Sight]) -> Sight | None:
    """The earlier sight of an incident that rests on the same evidence; else None.

    What an observation says never changes: its id is made of its content.
    """
    old = known.get(one.reference)
    if old is None:
        return None
    is_same = (old.incident.witnesses, old.incident.province) == (
        one.witnesses,
        one.province,
    )
    return old if is_same else None


def _sight(
    released: ReleasedIncident,
    state: State,
    known: Mapping[ObservationId, Observation],
) -> Sight:
    evidence = [
        known[name]
        for witness in released.witnesses
        for name in witness.observations
        if name in known
    ]
    place = _place(evidence) or released.province or ""
    return Sight(
        incident=released,
        state=state,
        place=place,
        latin_place=_latin_place(evidence) or released.province or place,
        feeds=tuple(sorted({one.feed for one in evidence})),
        words=_words(released, place, evidence),
    )


def _place(evidence: Sequence[Observation]) -> str:
    named = [one.where for one in evidence if one.where.name]
    if not named:
        return ""
    # The name breaks ties, so that the order of arrival does not change it.
    return min(
        named, key=lambda p: (_NARROWNESS[p.basis], p.sigma_major_m, p.name)
    ).name


def _latin_place(evidence: Sequence[Observation]) -> str:
    return _place([one for one in evidence if not _CYRILLIC.search(one.where.name)])


def _words(
    released: ReleasedIncident, place: str, evidence: Sequence[Observation]
) -> str:
    words = [released.reference, place, released.province or ""]
    for one in evidence:
        words += (one.where.name, one.kind_word, one.weapon_word, one.stated_by)
        words += (one.observer, one.text)
    return "\n".join(dict.fromkeys(word for word in words if word)).casefold()


def _coarse_order(sight: Sight) -> tuple[object, ...]:
    one = sight.incident
    return (one.interval.start, one.interval.end, sight.place, one.kinds, one.reference)


__all__ = [
    "Picture",
    "Sight",
    "evidence_of",
    "known_to",
    "picture_for",
    "released_findings",
    "states_by_reference",
]
