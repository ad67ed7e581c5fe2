"""Readers, things, rules, and what a reader is given of each thing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from truce.compliance.model import Verdict
from truce.identifiers import AgreementId, ClauseId, ObservationId, StatementIndex
from truce.incidents.model import Ellipse, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position


class Reader(StrEnum):
    """For whom something is released; also the marking of what was released."""

    MECHANISM = "MECHANISM"
    CELL = "CELL"
    PARTIES = "PARTIES"
    PUBLIC = "PUBLIC"

    @property
    def rank(self) -> int:
        """How little the reader is trusted with: 0 for MECHANISM, 3 for PUBLIC."""
        return _READER_RANKS[self]


class Thing(StrEnum):
    """What kind of thing is asked for: the rows of the release table.

    EVIDENCE is what an incident rests on: texts of observations, posts, row keys and
    payloads. The table of the architecture has it under persons and sources.
    """

    IMPACT_OR_DAMAGE = "impact-or-damage"
    OUTGOING_OR_WEAPON = "outgoing-or-weapon"
    VISIBILITY = "visibility"
    FINDING = "finding"
    EVIDENCE = "evidence"
    PERSON_OR_SOURCE = "person-or-source"


class Coarseness(StrEnum):
    """How coarse a place and a time are shown, from exact to not at all."""

    EXACT = "exact"
    ELLIPSE = "ellipse"
    CELL_5_KM = "cell-5-km"
    CELL_10_KM = "cell-10-km"
    SECTOR = "sector"
    PROVINCE_WEEK = "province-and-week"
    NOTHING = "nothing"

    @property
    def rank(self) -> int:
        """0 for exact, rising with coarseness; of two ranks the higher tells less."""
        return _COARSENESS_RANKS[self]


_READER_RANKS = {reader: rank for rank, reader in enumerate(Reader)}
_COARSENESS_RANKS = {coarseness: rank for rank, coarseness in enumerate(Coarseness)}


class Condition(StrEnum):
    """What must hold besides the table's row, where the row asks for it."""

    OWN = "own"
    SERVED = "served"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One cell of the table: for this reader this thing is so coarse and so late.

    `delay` counts from the end of the interval in which it happened, after that
    interval was made as coarse as `coarseness` asks. `conditions` must all hold, else
    it is NOTHING. A floor (`is_floor`) is in code; every rule of the default table may
    be made stricter by a policy and none may be made weaker.
    """

    reader: Reader
    thing: Thing
    coarseness: Coarseness
    delay: timedelta = timedelta(0)
    conditions: frozenset[Condition] = frozenset()
    is_floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules of a mission that is stricter than the default table.

    A rule that would be weaker than the table changes nothing: of the two the stricter
    coarseness and the longer delay hold, each for itself.
    """

    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one reader is given of one thing, and why.

    `not_before` is the first instant at which it may be shown; None where it may be
    shown at once, or never: `is_shown` says which. `why_key` and `why_values` let a
    page say `why` in another language.
    """

    reader: Reader
    thing: Thing
    is_shown: bool
    coarseness: Coarseness
    not_before: datetime | None
    why: str
    why_key: str
    why_values: tuple[tuple[str, str], ...] = ()


class ProbabilityBand(StrEnum):
    """A probability in words: unlikely below 0.5, likely from 0.8, between them
    possible.
    """

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"


class VisibilityLevel(StrEnum):
    """How much of a place and time was seen, in the public's three levels."""

    BLIND = "blind"
    PARTLY_SEEN = "partly-seen"
    WELL_SEEN = "well-seen"


class Provinces(Protocol):
    """Where province names come from."""

    def province_at(self, position: Position) -> str | None:
        """The name of the province that holds a position; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """What an incident was when it was first known: so that its cell does not wander.

    `position` is its first position; `was_guarded` says that it once counted as
    outgoing fire or weapons.
    """

    position: Position
    was_guarded: bool = False


class Precedents(Protocol):
    """Where precedents come from; a record's history answers it."""

    def precedent_of(self, incident: Incident) -> Precedent | None:
        """What the incident was at first; None for one that was never released."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedIncident:
    """What one reader is given of one incident.

    `marking` is the reader. `reference` is the incident's id for MECHANISM; for others
    a name that only this kind of reader is given, empty where the gate has no naming
    key. `position` is exact, or the centre of `cell` (an H3 index), or None where only
    the province is shown; `position_radius_m` is how far from it the incident may lie,
    None with no position. `interval` is as coarse as `coarseness` asks, ends included
    in the rounding. `kinds` are as in the incident; coarse ones are rounded and may
    lack what is improbable, so that they need not sum to 1. `witness_count` is a lower
    bound where `is_witness_count_capped`. `withheld` are keys (`release.withheld.…`)
    that say what this reader is not shown, in a fixed order.
    """

    marking: Reader
    reference: str
    coarseness: Coarseness
    position: Position | None
    position_radius_m: float | None
    ellipse: Ellipse | None
    cell: str | None
    province: str | None
    interval: Interval
    kinds: tuple[tuple[Kind, float], ...]
    probability: float
    witness_count: int
    is_witness_count_capped: bool = False
    is_contradicted: bool = False
    witnesses: tuple[Witness, ...] = ()
    contradicted_by: tuple[ObservationId, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The most probable kind that is shown."""
        return self.kinds[0][0]

    @property
    def probability_band(self) -> ProbabilityBand:
        """The probability in words."""
        return band_of(self.probability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """The answer to a question about something that this reader is not given.

    It is the same for everything withheld from this reader and for what does not exist,
    so that asking for one thing tells nothing of it: no time, no kind, no existence.
    """

    reader: Reader
    why: str
    why_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedWatch:
    """What one reader is given of somebody's having looked.

    `position` and `range_m` are None where only the sector (a province) is shown.
    `observer` is empty where it is withheld; `detection_probability` is then None and
    `level` says it in words.
    """

    marking: Reader
    position: Position | None
    range_m: float | None
    sector: str | None
    interval: Interval
    observer: str
    detection_probability: float | None
    level: VisibilityLevel
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedVisibility:
    """How much of a province was seen in an interval, as one reader is given it.

    `seen_share` in [0, 1] is None where only the three levels are given.
    """

    marking: Reader
    province: str
    interval: Interval
    level: VisibilityLevel
    seen_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFinding:
    """What one reader is given of one finding.

    `reason` is the finding's own sentence for MECHANISM and a sentence that names no
    place, time or source for others; their `since` and `decided_at` are the start of
    the hour, day or week. `incidents` are references as released to the same reader,
    empty ones left out. `day` (the clause's own local day) is for MECHANISM; `window`
    is made of whole hours, days or weeks for others. `seen_share` is None where only
    `level` is shown.
    """

    marking: Reader
    agreement: AgreementId
    clause: ClauseId
    verdict: Verdict
    reason: str
    reason_key: str
    reason_values: tuple[tuple[str, str], ...] = ()
    incidents: tuple[str, ...] = ()
    since: datetime | None = None
    decided_at: datetime | None = None
    day: date | None = None
    window: Interval | None = None
    gravity: str = ""
    seen_share: float | None = None
    level: VisibilityLevel
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProof:
    """That one statement stands in the log, before it is released.

    `entry` are its bytes as logged, `leaf_hash` their RFC 6962 leaf hash; `marking` is
    the header's; `payload` and `salt` are None where they are not asked for.
    """

    statement: StatementIndex
    tree_size: int
    leaf_hash: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str
    entry: bytes
    marking: str
    payload: bytes | None = None
    salt: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedProof:
    """A proof that names no station or source which its reader may not know.

    Inclusion can be checked from `leaf_hash` alone. `entry` is None where the header,
    which names its maker, is not for this reader.
    """

    marking: Reader
    statement: StatementIndex
    tree_size: int
    leaf_hash: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str
    entry: bytes | None = None
    payload: bytes | None = None
    salt: bytes | None = None
    withheld: tuple[str, ...] = ()


# Even chances divide unlikely from possible. Source of 0.8: US Intelligence Community
# Directive 203 (2015), section D.6.e.2, where "very likely" begins at 80 %.
LIKELY_FROM = 0.8
POSSIBLE_FROM = 0.5


# Up to a fifth, quiet says next to nothing (a quiet day is at most 1.25 times as likely
# where nothing happened); from four fifths it is five times as likely, which is worth
# saying.
PARTLY_SEEN_FROM = 0.2
WELL_SEEN_FROM = 0.8


def level_of(seen_share: float) -> VisibilityLevel:
    """The level of visibility for a share or probability of seeing, in [0, 1]."""
    if seen_share >= WELL_SEEN_FROM:
        return VisibilityLevel.WELL_SEEN
    if seen_share >= PARTLY_SEEN_FROM:
        return VisibilityLevel.PARTLY_SEEN
    return VisibilityLevel.BLIND


def band_of(probability: float) -> ProbabilityBand:
    """The word for a probability in [0, 1]."""
    if probability >= LIKELY_FROM:
        return ProbabilityBand.LIKELY
    if probability >= POSSIBLE_FROM:
        return ProbabilityBand.POSSIBLE
    return ProbabilityBand.UNLIKELY


__all__ = [
    "LIKELY_FROM",
    "PARTLY_SEEN_FROM",
    "POSSIBLE_FROM",
    "WELL_SEEN_FROM",
    "Coarseness",
    "Condition",
    "Decision",
    "Policy",
    "Precedent",
    "Precedents",
    "ProbabilityBand",
    "Provinces",
    "Reader",
    "ReleasedFinding",
    "ReleasedIncident",
    "ReleasedProof",
    "ReleasedVisibility",
    "ReleasedWatch",
    "Rule",
    "StatementProof",
    "Thing",
    "VisibilityLevel",
    "Withheld",
    "band_of",
    "level_of",
]
