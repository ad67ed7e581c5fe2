"""Definitions and the standard of watching: what is meant, and how sure one must be."""

from typing import Final

from truce.agreement.faults import Faults
from truce.agreement.model import Definition, Watching
from truce.agreement.read_values import (
    any_mapping,
    items_of,
    mapping_of,
    nearest_words,
    probability_of,
    text_of,
    value_at,
    verify_name,
)
from truce.agreement.read_yaml import Marked
from truce.observations.kinds import NEVER_AN_INCIDENT, Kind

KINDS_IN_CLAUSES: Final = frozenset(
    kind for kind in Kind if kind not in NEVER_AN_INCIDENT and kind != Kind.UNDETERMINED
)
_KIND, _PROVEN, _DOUBTFUL = (
    "incident of kind",
    "proven from probability",
    "doubtful from probability",
)
_NOTICED, _SHARE = "explosion noticed from probability", "seen share of place and time"
DEFINITION_KEYS: Final = frozenset({_KIND, _PROVEN, _DOUBTFUL})
WATCHING_KEYS: Final = frozenset({_NOTICED, _SHARE})


def read_definitions(node: Marked | None, faults: Faults) -> dict[str, Definition]:
    """The definitions that could be read, by name."""
    mapping = any_mapping(node, "definitions", faults) if node is not None else None
    definitions = {}
    for name, (line, value) in mapping.entries.items() if mapping is not None else ():
        verify_name(name.replace(" ", "-"), "definition", line, faults)
        definition = _read_definition(name, value, faults)
        if definition is not None:
            definitions[name] = definition
    return definitions


def _read_definition(name: str, node: Marked, faults: Faults) -> Definition | None:
    mapping = mapping_of(
        node,
        f"definition {name}",
        faults,
        required=DEFINITION_KEYS,
    )
    kinds = _read_kinds(value_at(mapping, _KIND), faults)
    proven = probability_of(value_at(mapping, _PROVEN), _PROVEN, faults)
    doubtful = probability_of(value_at(mapping, _DOUBTFUL), _DOUBTFUL, faults)
    if proven is None or doubtful is None or not kinds:
        return None
    if doubtful > proven:
        faults.add(
            node.line,
            f"doubtful from {doubtful:g} lies above proven from {proven:g}",
            write="write a lower `doubtful from probability`",
        )
        return None
    return Definition(
        name=name, kinds=kinds, proven_from=proven, doubtful_from=doubtful
    )


def _read_kinds(node: Marked | None, faults: Faults) -> frozenset[Kind]:
    """The kinds named and their special cases: `explosion` means `explosion.impact`
    too."""
    kinds: set[Kind] = set()
    for item in items_of(node, "incident of kind", faults):
        word = text_of(item, "kind", faults)
        if word == Kind.ALARM:
            faults.add(
                item.line,
                "an alarm says that somebody expected an event, not that one happened",
                write="leave `alarm` out",
            )
        elif word and word not in KINDS_IN_CLAUSES:
            faults.add(
                item.line,
                f"kind {word!r} is unknown",
                write=nearest_words(word, KINDS_IN_CLAUSES),
            )
        elif word:
            kinds |= {
                kind
                for kind in KINDS_IN_CLAUSES
                if kind == word or kind.startswith(f"{word}.")
            }
    return frozenset(kinds)


def read_watching(node: Marked | None, faults: Faults) -> Watching | None:
    """How well a place must be watched before silence counts."""
    if node is None:
        return None
    mapping = mapping_of(node, "watching", faults, required=WATCHING_KEYS)
    noticed_from = probability_of(value_at(mapping, _NOTICED), _NOTICED, faults)
    share_from = probability_of(value_at(mapping, _SHARE), _SHARE, faults)
    if noticed_from is None or share_from is None:
        return None
    return Watching(noticed_from=noticed_from, share_from=share_from)


__all__ = [
    "DEFINITION_KEYS",
    "KINDS_IN_CLAUSES",
    "WATCHING_KEYS",
    "read_definitions",
    "read_watching",
]
