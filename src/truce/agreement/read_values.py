"""Words of a text as values: names, numbers with units, choices. Each fault says what
to write."""

import difflib
import math
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeVar

from truce.agreement.faults import Faults
from truce.agreement.read_yaml import Mapping, Marked, Scalar, Sequence

_Choice = TypeVar("_Choice", bound=StrEnum)

_DISTANCE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m)\Z")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
# Names that other lines refer to: a letter, then letters, digits and single joiners.
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*\Z")
# No agreement speaks of more; a larger number is a slip of units.
DISTANCE_M_MAX: Final = 2_000_000.0


def nearest_words(word: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown word: the nearest known one, or all of
    them."""
    words = sorted(str(one) for one in known)
    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return f"write {close[0]!r}"
    return "write one of: " + (", ".join(words) if words else "(none is defined)")


def mapping_of(
    node: Marked,
    what: str,
    faults: Faults,
    *,
    required: frozenset[str],
    optional: frozenset[str] = frozenset(),
) -> Mapping | None:
    """The node if it is a mapping; missing and unknown keys are faults."""
    if not isinstance(node, Mapping):
        keys = ", ".join(sorted(required | optional))
        faults.add(node.line, f"{what} is no mapping", write=f"write keys: {keys}")
        return None
    for key, (line, _value) in node.entries.items():
        if key not in required | optional:
            faults.add(
                line,
                f"{what} has an unknown key {key!r}",
                write=nearest_words(key, required | optional),
            )
    for key in sorted(required - node.entries.keys()):
        faults.add(node.line, f"{what} has no {key!r}", write=f"add `{key}:`")
    return node


def any_mapping(node: Marked, what: str, faults: Faults) -> Mapping | None:
    """The node if it is a mapping with keys of the author's choice, at least one."""
    if isinstance(node, Mapping) and node.entries:
        return node
    faults.add(node.line, f"{what} names nothing", write="write at least one `name:`")
    return None


def value_at(node: Mapping | None, key: str) -> Marked | None:
    """The value of a key, or None where it is absent (which `mapping_of` has noted)."""
    if node is None or key not in node.entries:
        return None
    return node.entries[key][1]


def items_of(node: Marked | None, what: str, faults: Faults) -> tuple[Marked, ...]:
    """The items of a list that may not be empty; empty with a fault otherwise."""
    if node is None:
        return ()
    if not isinstance(node, Sequence) or not node.items:
        faults.add(node.line, f"{what} is no list", write="write `[first, second]`")
        return ()
    return node.items


def text_of(node: Marked | None, what: str, faults: Faults) -> str:
    """A text that may not be empty; empty with a fault otherwise."""
    if node is None:
        return ""
    if not isinstance(node, Scalar) or not node.text.strip():
        faults.add(node.line, f"{what} is empty or no text", write="write a text")
        return ""
    return " ".join(node.text.split())


def name_of(node: Marked | None, what: str, faults: Faults) -> str:
    """A name that other lines can refer to."""
    text = text_of(node, what, faults)
    if node is not None and text:
        verify_name(text, what, node.line, faults)
    return text


def verify_name(text: str, what: str, line: int, faults: Faults) -> None:
    """Note a fault unless the text is a name: letters, digits, `-`, `_` and `.`
    between."""
    if not _NAME.match(text):
        faults.add(
            line,
            f"{what} {text!r} is no name",
            write="write letters and digits joined by - _ or ., e.g. security-zone",
        )


def choice_of(
    node: Marked | None, what: str, choices: type[_Choice], faults: Faults
) -> _Choice | None:
    """One of the words of an enum."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    try:
        return choices(text)
    except ValueError:
        faults.add(
            node.line, f"{what} is {text!r}", write=nearest_words(text, list(choices))
        )
        return None


def number_of(node: Marked | None, what: str, faults: Faults) -> float | None:
    """A finite decimal number."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    if not _NUMBER.match(text) or not math.isfinite(float(text)):
        faults.add(node.line, f"{what} is {text!r}", write="write a number, e.g. 0.8")
        return None
    return float(text)


def number_between(
    node: Marked | None, what: str, faults: Faults, *, low: float, high: float
) -> float | None:
    """A number in [low, high]."""
    number = number_of(node, what, faults)
    if node is None or number is None:
        return None
    if not low <= number <= high:
        faults.add(
            node.line,
            f"{what} is {number:g}",
            write=f"write a number from {low:g} to {high:g}",
        )
        return None
    return number


def probability_of(node: Marked | None, what: str, faults: Faults) -> float | None:
    """A probability or share in (0, 1]; zero would make a rule that everything
    satisfies."""
    number = number_of(node, what, faults)
    if node is None or number is None:
        return None
    if not 0.0 < number <= 1.0:
        faults.add(
            node.line, f"{what} is {number:g}", write="write a number above 0, up to 1"
        )
        return None
    return number


def count_of(node: Marked | None, what: str, faults: Faults) -> int | None:
    """A whole number above zero."""
    number = number_of(node, what, faults)
    if node is None or number is None:
        return None
    if number < 1 or number != int(number):
        faults.add(node.line, f"{what} is {number:g}", write="write 1, 2, 3 ...")
        return None
    return int(number)


def distance_of(node: Marked | None, what: str, faults: Faults) -> float | None:
    """A distance in metres from a text with its unit, `5 km` or `300 m`."""
    text = text_of(node, what, faults)
    if node is None or not text:
        return None
    match = _DISTANCE.match(text)
    if match is None:
        faults.add(
            node.line,
            f"{what} is {text!r}, without a unit that is known",
            write="write e.g. `5 km` or `300 m`",
        )
        return None
    metres = float(match[1]) * (1000.0 if match[2] == "km" else 1.0)
    if not 0.0 < metres <= DISTANCE_M_MAX:
        faults.add(
            node.line,
            f"{what} is {text!r}",
            write=f"write more than 0 and at most {DISTANCE_M_MAX / 1000:g} km",
        )
        return None
    return metres


__all__ = [
    "DISTANCE_M_MAX",
    "any_mapping",
    "choice_of",
    "count_of",
    "distance_of",
    "items_of",
    "mapping_of",
    "name_of",
    "nearest_words",
    "number_between",
    "number_of",
    "probability_of",
    "text_of",
    "value_at",
    "verify_name",
]
