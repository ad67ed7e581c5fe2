"""What incidents rest on, as each reader is given it: observations, watches, proofs."""

from datetime import datetime
from typing import Final

from truce.errors import InvalidValue
from truce.instants import Interval, text_from_instant
from truce.observations.model import Observation, Watch
from truce.release.cells import large_cell, small_cell
from truce.release.coarsen import coarse_interval
from truce.release.gate import OPEN_GATE, Gate
from truce.release.model import (
    Coarseness,
    Condition,
    Reader,
    ReleasedProof,
    ReleasedVisibility,
    ReleasedWatch,
    StatementProof,
    Thing,
    Withheld,
    level_of,
)
from truce.release.refuse import withheld_from
from truce.release.table import decide

# What an entry's header may be marked so that a reader other than MECHANISM sees it. A
# marking that is not a reader's (NATIONAL-XX, SOURCE, or one that nobody knows) is for
# nobody else.
_RANKS: Final = {reader.value: reader.rank for reader in Reader}


def release_observation(
    observation: Observation, reader: Reader
) -> Observation | Withheld:
    """An observation, with its text, row and posts: for MECHANISM, and nobody else
    ever.

    Gap: a source who must stay hidden is not told apart here; the vault keeps such
    names.
    """
    if reader is Reader.MECHANISM:
        return observation
    return withheld_from(reader)


def release_watch(
    watch: Watch,
    reader: Reader,
    now: datetime,
    *,
    gate: Gate = OPEN_GATE,
    is_own: bool = False,
) -> ReleasedWatch | Withheld:
    """Somebody's having looked, as this reader is given it.

    `is_own` says that the reading party itself looked. The public is never given single
    watches, whose number alone would tell of sensors: see `release_visibility`.

    Raises:
        InvalidValue: `now` has no zone.
    """
    conditions = frozenset({Condition.OWN} if is_own else ())
    decision = decide(
        reader,
        Thing.VISIBILITY,
        happened_at=watch.when,
        now=now,
        policy=gate.policy,
        conditions=conditions,
    )
    if not decision.is_shown or reader is Reader.PUBLIC:
        return withheld_from(reader)
    if decision.coarseness is Coarseness.EXACT:
        return _whole_watch(watch, reader, gate)
    return _sector_watch(watch, reader, decision.coarseness, gate)


def _whole_watch(watch: Watch, reader: Reader, gate: Gate) -> ReleasedWatch:
    return ReleasedWatch(
        marking=reader,
        position=watch.where.centre,
        range_m=watch.range_m,
        sector=gate.province_at(watch.where.centre),
        interval=watch.when,
        observer=watch.observer,
        detection_probability=watch.detection_probability,
        level=level_of(watch.detection_probability),
    )


def _sector_watch(
    watch: Watch, reader: Reader, coarseness: Coarseness, gate: Gate
) -> ReleasedWatch:
    small = small_cell(watch.where.centre)
    return ReleasedWatch(
        marking=reader,
        position=None,
        range_m=None,
        sector=gate.province_of_cell(large_cell(small)),
        interval=coarse_interval(watch.when, coarseness),
        observer="",
        detection_probability=None,
        level=level_of(watch.detection_probability),
        withheld=("release.withheld.place", "release.withheld.sources"),
    )


def release_visibility(
    seen_share: float,
    province: str,
    interval: Interval,
    reader: Reader,
    now: datetime,
    *,
    gate: Gate = OPEN_GATE,
) -> ReleasedVisibility | Withheld:
    """How much of a province was seen in an interval, as this reader is given it.

    Raises:
        InvalidValue: the share is outside [0, 1], `now` has no zone, or the interval is
            finer than this reader's hours or weeks: a share made over a finer interval
            may not be passed off as a coarse one, so it is not rounded here.
    """
    if not 0.0 <= seen_share <= 1.0:
        raise InvalidValue(f"seen share is {seen_share}, expected 0 to 1")
    decision = decide(
        reader, Thing.VISIBILITY, happened_at=interval, now=now, policy=gate.policy
    )
    if not decision.is_shown:
        return withheld_from(reader)
    whole = coarse_interval(interval, decision.coarseness)
    if whole != interval:
        raise InvalidValue(
            f"visibility of {province} runs from {text_from_instant(interval.start)} "
            f"to {text_from_instant(interval.end)}; {reader} is given whole intervals "
            f"such as {text_from_instant(whole.start)} to "
            f"{text_from_instant(whole.end)}"
        )
    is_exact = decision.coarseness is Coarseness.EXACT
    return ReleasedVisibility(
        marking=reader,
        province=province,
        interval=interval,
        level=level_of(seen_share),
        seen_share=seen_share if is_exact else None,
    )


def release_proof(proof: StatementProof, reader: Reader) -> ReleasedProof:
    """A proof of inclusion that names no maker whom this reader may not know.

    Leaf index, leaf hash, path and checkpoint are for everybody: the log is watched by
    all. The entry, whose header names its maker, is for readers whom its marking
    allows, and the payload for MECHANISM, unless its marking is no reader's: that is
    for named readers only. Never link a coarse incident to a proof: the place of a
    statement in the log tells when it was sealed.
    """
    is_mechanism = reader is Reader.MECHANISM
    is_payload_given = is_mechanism and proof.marking in _RANKS
    is_marked_for = _RANKS.get(proof.marking, -1) >= reader.rank
    withheld: tuple[str, ...] = ()
    if not is_payload_given:
        withheld += ("release.withheld.payload",)
    if not (is_mechanism or is_marked_for):
        withheld += ("release.withheld.maker",)
    return ReleasedProof(
        marking=reader,
        statement=proof.statement,
        tree_size=proof.tree_size,
        leaf_hash=proof.leaf_hash,
        hashes=proof.hashes,
        checkpoint=proof.checkpoint,
        entry=proof.entry if is_mechanism or is_marked_for else None,
        payload=proof.payload if is_payload_given else None,
        salt=proof.salt if is_payload_given else None,
        withheld=withheld,
    )


__all__ = [
    "release_observation",
    "release_proof",
    "release_visibility",
    "release_watch",
]
