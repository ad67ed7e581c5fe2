"""Which observations of one event are independent of each other."""

from collections.abc import Sequence
from typing import Final

from truce.incidents.evidence import Evidence
from truce.incidents.model import Witness
from truce.incidents.texts import overlap

# Texts of at least so many words that share so much are copies: both have one author.
_COPY_WORDS_MIN: Final = 4
_COPY_OVERLAP: Final = 0.8


def is_one_witness(a: Evidence, b: Evidence) -> bool:
    """Whether the two rest on one source, as far as they show.

    They do if they cite the same post, if one copies the other's text, or if the same
    body states both on the word of the same observer and neither shows another source.
    """
    if not a.posts.isdisjoint(b.posts):
        return True
    if min(len(a.mention.words), len(b.mention.words)) >= _COPY_WORDS_MIN and (
        overlap(a.mention.words, b.mention.words) >= _COPY_OVERLAP
    ):
        return True
    one, other = a.observation, b.observation
    is_shown = bool(a.posts) and bool(b.posts)
    return (
        not is_shown
        and one.stated_by == other.stated_by
        and one.observer == other.observer
    )


def witnesses_of(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """The observations of each independent witness; each observation stands exactly
    once.

    Dependence is passed on: two that rest on a third are one witness with it. In the
    order of the observations given; none for none.
    """
    groups: list[list[Evidence]] = []
    for one in evidence:
        related = [
            group for group in groups if any(is_one_witness(one, o) for o in group)
        ]
        joined = [e for group in related for e in group]
        groups = [group for group in groups if group not in related]
        groups.append(sorted([*joined, one], key=lambda e: e.observation.id))
    return tuple(
        sorted((tuple(group) for group in groups), key=lambda g: g[0].observation.id)
    )


def witness_from_evidence(group: Sequence[Evidence]) -> Witness:
    """The witness as an incident names it."""
    return Witness(
        stated_by=tuple(sorted({e.observation.stated_by for e in group})),
        observations=tuple(e.observation.id for e in group),
    )


__all__ = ["is_one_witness", "witness_from_evidence", "witnesses_of"]
