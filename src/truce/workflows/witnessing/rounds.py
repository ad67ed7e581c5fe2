"""A witness's round: compare with its peers, keep what proves a split view, warn them.

An operator who shows two histories to two witnesses is found in the first round after
either of them can tie the other's note to the log's own tiles. Whoever finds it tells
all peers at once, so that all have the proof within that round.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from truce.errors import Unavailable
from truce.record.note import Note
from truce.workflows.witnessing.compare import Comparison, compare_histories
from truce.workflows.witnessing.cosign import Suspicion
from truce.workflows.witnessing.ports import KnownLog, WitnessLine, WitnessMemory

OWN: str = "this witness"
REFUSED: str = "a note refused here"


def make_round(
    memory: WitnessMemory,
    line: WitnessLine,
    *,
    peers: Sequence[str],
    suspicions: Iterable[Suspicion] = (),
) -> tuple[Comparison, ...]:
    """Compares every known log once, those of a suspicion with the suspect notes too.

    A log that evidence stands against already is not compared again: that is told each
    time, and its peers are warned, for one that was away may not know.

    Raises:
        UnavailableRecord: what the witness remembers cannot be read or written.
    """
    suspects = {suspicion.origin: suspicion.note for suspicion in suspicions}
    compared = []
    for origin, known in memory.logs().items():
        evidence = tuple(memory.split_views(origin))[:1]
        if evidence:
            found = Comparison(origin=origin, compared=(), split_views=evidence)
        else:
            found = _compared(memory, line, known, peers, suspects.get(origin))
            for split_view in found.split_views:
                memory.keep_split_view(split_view)
        for split_view in found.split_views[:1]:
            _warn(line, peers, split_view.raw())
        compared.append(found)
    return tuple(compared)


def _compared(
    memory: WitnessMemory,
    line: WitnessLine,
    known: KnownLog,
    peers: Sequence[str],
    suspect: Note | None,
) -> Comparison:
    origin = known.origin

    def own() -> bytes | None:
        latest = memory.latest(origin)
        return latest.raw() if latest else None

    witnesses = [(OWN, own)]
    if suspect is not None:
        witnesses.append((REFUSED, suspect.raw))
    witnesses += [
        (peer, lambda peer=peer: line.latest(peer, origin))  # type: ignore[misc]
        for peer in peers
    ]
    return compare_histories(
        known.key,
        witnesses,
        shown_log=line.log_at(known.url) if known.url else None,
    )


def _warn(line: WitnessLine, peers: Sequence[str], evidence: bytes) -> None:
    for peer in peers:
        # One that cannot be reached is warned in the next round.
        with suppress(Unavailable):
            line.warn(peer, evidence)


__all__ = ["OWN", "REFUSED", "make_round"]
