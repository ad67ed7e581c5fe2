"""The sentences in which a finding gives its reason.

A reason is a key and values; the English sentence is made from them here. Another
language needs only its own `TEMPLATES` and `PHRASES` with the same keys.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from truce.instants import Interval

# Placed before the reason where the text was only proposed: it bound nobody.
IF_IN_FORCE: Final = "if-in-force"

TEMPLATES: Final[Mapping[str, str]] = {
    IF_IN_FORCE: (
        "The text was only proposed and bound nobody. Had it been in force: "
    ),
    "breached": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma), within the window {window}. The probability "
        "that it happened, counts as {what} and lay in {area} is {probability}; "
        "{required} is required. Incidents proven so far: {count}."
    ),
    "pending": (
        "The window {window} ends at {decided_at}; until then the clause can be "
        "breached but not met. No incident stands against it so far."
    ),
    "pending.doubt": (
        "The window {window} ends at {decided_at}; until then the clause can be "
        "breached but not met. Incidents that may count against it: {count}."
    ),
    "met": (
        "No {what} is known in {area} in the window {window}, and {seen} of its place"
        " and time was watched well enough to notice an explosion with a probability "
        "of {noticed}; {share_required} is required."
    ),
    "undetermined.unseen": (
        "No {what} is known in {area} in the window {window}, but only {seen} of its "
        "place and time was watched well enough to notice an explosion with a "
        "probability of {noticed}; {share_required} is required."
    ),
    "undetermined.nobody-looked": (
        "No {what} is known in {area} in the window {window}, but nobody is known to "
        "have watched it."
    ),
    "undetermined.other-watch": (
        "No {what} is known in {area} in the window {window}, but what is known of "
        "the watching says only how well explosions would be noticed and nothing of "
        "{what}."
    ),
    "undetermined.hours-unknown": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma): on that day in that place, but the text does"
        " not state all of its hours, so it may lie outside them. The probability "
        "that it happened, counts as {what} and lay in {area} is {probability}."
    ),
    "undetermined.outside-hours": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma): its time is known only so far, and it may "
        "lie outside the hours {window}. The probability that it happened, counts as "
        "{what} and lay in {area} is {probability}."
    ),
    "undetermined.extent-assumed": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma), within the window {window}: but the text "
        "does not state that part of {area}, it is assumed, so it may lie outside "
        "what was meant. The probability that it lay in the part that the text states"
        " is {probability_stated}, in all of {area} {probability}; {required} is "
        "required."
    ),
    "undetermined.unattributed": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma), within the window {window}, with a "
        "probability of {probability}: but the clause binds only {by}, and who did it"
        " is not known."
    ),
    "undetermined.doubtful": (
        "{kind} at {when}, {side} {area}, {edge_km} km from its edge (position known "
        "to ± {sigma_km} km, one sigma). The probability that it happened, counts as "
        "{what} and lay in {area} is {probability}: too much to be ignored from "
        "{doubtful} on, too little to be proven below {required}."
    ),
    "undetermined.several-doubtful": (
        "{count} incidents that may have lain in {area} in the window {window}, each "
        "with a probability below {doubtful}, together {combined}; the most probable:"
        " {kind} at {when}, {side} {area}, {edge_km} km from its edge (position known"
        " to ± {sigma_km} km, one sigma), {probability}."
    ),
}

# Words inside the sentences, by the name of the value and the value itself.
PHRASES: Final[Mapping[str, str]] = {
    "kind/explosion": "An explosion",
    "kind/explosion.impact": "An impact",
    "kind/explosion.outgoing": "Outgoing fire",
    "kind/burst": "A burst of fire",
    "kind/shot": "A shot",
    "kind/clash": "A clash",
    "kind/projectile": "A projectile",
    "kind/drone": "A drone",
    "kind/aircraft": "An aircraft",
    "kind/weapon.present": "A weapon seen",
    "kind/forces.present": "Forces seen",
    "kind/fire": "A fire",
    "kind/damage": "Damage",
    "kind/harm": "Harm to people",
    "kind/mine": "A mine",
    "kind/thunder": "Thunder",
    "kind/blast.quarry": "A quarry blast",
    "kind/sonic-boom": "A sonic boom",
    "kind/alarm": "An alarm",
    "kind/undetermined": "Something of undetermined kind",
    "side/inside": "inside",
    "side/outside": "outside",
}


def text_of_reason(
    key: str,
    values: tuple[tuple[str, str], ...],
    *,
    templates: Mapping[str, str] = TEMPLATES,
    phrases: Mapping[str, str] = PHRASES,
) -> str:
    """The sentence for a reason, English unless other templates and phrases are given.

    Raises:
        KeyError: the templates lack the key, or name a value that the reason does not
        have.
    """
    words = {name: phrases.get(f"{name}/{value}", value) for name, value in values}
    sentence = templates[key].format_map(words)
    if words.get("status") == "proposed":
        return templates[IF_IN_FORCE] + sentence
    return sentence


def text_of_share(value: float) -> str:
    """A probability with two decimals, and never 1.00 for what is not certain, nor
    0.00.
    """
    if value > 0.99:
        return "> 0.99" if value < 1.0 - 1e-12 else "1"
    return f"{value:.2f}" if value >= 0.01 else "< 0.01"


def text_of_km(metres: float) -> str:
    """A distance in kilometres: two decimals below one, one decimal from there on."""
    return f"{metres / 1000.0:.2f}" if metres < 1000.0 else f"{metres / 1000.0:.1f}"


def text_of_moment(moment: datetime, zone: ZoneInfo) -> str:
    """A moment by the clocks of the agreement, with their offset: 2031-05-04 09:00
    UTC+00:00.
    """
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {_offset(local)}"


def text_of_span(interval: Interval, zone: ZoneInfo) -> str:
    """An interval by the clocks of the agreement; what start and end share is said
    once.
    """
    start, end = interval.start.astimezone(zone), interval.end.astimezone(zone)
    if start == end:
        return text_of_moment(interval.start, zone)
    if _offset(start) != _offset(end):
        first = text_of_moment(interval.start, zone)
        return f"{first} - {text_of_moment(interval.end, zone)}"
    closes = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} - {closes} {_offset(start)}"


def _offset(local: datetime) -> str:
    text = local.isoformat()[-6:]
    assert text[0] in "+-", "whole minutes: every zone has them since 1972"
    return f"UTC{text}"


__all__ = [
    "IF_IN_FORCE",
    "PHRASES",
    "TEMPLATES",
    "text_of_km",
    "text_of_moment",
    "text_of_reason",
    "text_of_share",
    "text_of_span",
]
