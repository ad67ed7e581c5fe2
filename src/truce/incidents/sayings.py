"""What two reports say of being one event, besides where and when."""

from typing import Final

from truce.incidents.evidence import Evidence
from truce.incidents.parameters import Parameters
from truce.incidents.texts import MOVABLE, Mention, overlap
from truce.observations.kinds import FIRE_OF_WEAPONS, TRACES, Kind

# Kinds that one explosion shows or leaves behind.
_OF_EXPLOSION: Final = (
    (FIRE_OF_WEAPONS - {Kind.EXPLOSION_OUTGOING}) | TRACES | {Kind.FIRE}
)
_PRESENCE: Final = frozenset({Kind.WEAPON_PRESENT, Kind.FORCES_PRESENT})
_NATURAL: Final = frozenset({Kind.THUNDER, Kind.BLAST_QUARRY, Kind.SONIC_BOOM})


def assess_kinds(a: Kind, b: Kind) -> float:
    """Log likelihood ratio of two kinds being seen of one event; symmetric, 0 tells
    nothing.
    """
    if a is b or Kind.UNDETERMINED in (a, b):
        return 0.0
    if a in _OF_EXPLOSION and b in _OF_EXPLOSION:
        return 0.0
    if a in _PRESENCE and b in _PRESENCE:
        return -0.3
    if a in _NATURAL or b in _NATURAL:
        return -2.0
    if Kind.EXPLOSION_OUTGOING in (a, b):
        # Fire goes out in one place and comes down in another.
        return -0.3 if Kind.EXPLOSION in (a, b) else -2.0
    return -1.0


def assess_texts(a: Mention, b: Mention, parameters: Parameters) -> float:
    """Log likelihood ratio of what two entries say, were they of one event; 0 for
    silence.
    """
    if not a.words or not b.words:
        return 0.0
    score = 0.0
    if a.objects and b.objects:
        shared = a.objects & b.objects
        if shared - {"dwelling"}:
            score += parameters.same_object
        elif shared:
            score += parameters.same_dwelling
        elif a.objects - MOVABLE and b.objects - MOVABLE:
            score += parameters.other_object
    if a.traces and b.traces:
        score += (
            parameters.same_trace if a.traces & b.traces else parameters.other_trace
        )
    names = min(len(a.names & b.names), parameters.names_counted_max)
    score += names * parameters.same_name
    likeness = overlap(a.words, b.words)
    if likeness >= parameters.similar_text_overlap:
        score += parameters.similar_text
    elif likeness < parameters.foreign_text_overlap and a.says_much and b.says_much:
        score += parameters.foreign_text
    return score


def assess_saying(a: Evidence, b: Evidence, parameters: Parameters) -> float:
    """Log likelihood ratio of all that two reports say besides place and time."""
    score = assess_kinds(a.observation.kind, b.observation.kind)
    score += assess_texts(a.mention, b.mention, parameters)
    if parameters.use_post_links and not a.posts.isdisjoint(b.posts):
        is_own = a.observation.feed == b.observation.feed
        score += parameters.shared_post_own_feed if is_own else parameters.shared_post
    return score


__all__ = ["assess_kinds", "assess_saying", "assess_texts"]
