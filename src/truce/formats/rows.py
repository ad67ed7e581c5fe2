"""What became of one row of a delivery: a typed value, or a fault."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Value_co = TypeVar("Value_co", covariant=True)

# Long enough to recognise the row, short enough that a page of faults stays a page.
EXCERPT_CHARS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Decoded(Generic[Value_co]):
    """One row that could be read.

    `line` is the physical line where the row starts, counted from 1. `content` holds
    the source's own texts in our order: what makes this row itself, from which its id
    is derived.
    """

    line: int
    content: tuple[str, ...]
    value: Value_co


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that could not be read: where, every reason, and how the row begins."""

    line: int
    reason: str
    excerpt: str = ""


def excerpt(text: str) -> str:
    """The beginning of a row, on one line and free of what a terminal would obey."""
    head = text[: EXCERPT_CHARS_MAX + 1]
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in head)
    if len(shown) <= EXCERPT_CHARS_MAX:
        return shown
    return shown[: EXCERPT_CHARS_MAX - 1] + "…"


__all__ = ["EXCERPT_CHARS_MAX", "Decoded", "Fault", "excerpt"]
