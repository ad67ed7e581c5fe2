"""The texts of one row read into typed values, with every fault remembered."""

import math
import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final

# `float` alone would take "nan", "inf", "1_000", " 12" and digits of other scripts.
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# Twenty digits hold every 64-bit integer; `int` of very long texts takes for ever.
_WHOLE: Final = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Before this no feed of ours existed, and zone arithmetic near the year 1 overflows.
YEAR_MIN: Final = 1900
# Zone arithmetic near the year 9999 overflows.
YEAR_MAX: Final = 9990

_NO_DAY: Final = date(YEAR_MIN, 1, 1)
_NO_INSTANT: Final = datetime(YEAR_MIN, 1, 1, tzinfo=UTC)


class Fields:
    """Reads the fields of one row and keeps every fault, to report them together.

    A method that cannot read its text adds to `faults` and answers with a stand-in that
    nobody sees, because a row with faults is quarantined.
    """

    __slots__ = ("faults",)

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, name: str, text: str, expected: str) -> None:
        """Notes that a field holds the wrong thing."""
        shown = text if len(text) <= 40 else text[:39] + "…"
        found = repr(shown) if text else "empty"
        self.faults.append(f"{name} is {found}, expected {expected}")

    def number(
        self,
        name: str,
        text: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> float:
        """A finite decimal number in [low, high]."""
        if _NUMBER.fullmatch(text):
            value = float(text)
            if low <= value <= high and math.isfinite(value):
                return value
        self.fault(name, text, "a number" + _range(low, high))
        return 0.0

    def whole(
        self, name: str, text: str, *, low: int = -(2**63), high: int = 2**63 - 1
    ) -> int:
        """A whole number in [low, high]."""
        if _WHOLE.fullmatch(text):
            value = int(text)
            if low <= value <= high:
                return value
        self.fault(name, text, f"a whole number from {low} to {high}")
        return 0

    def instant(self, name: str, text: str) -> datetime:
        """An ISO 8601 time with an offset, as an aware UTC instant."""
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            self.fault(name, text, "an ISO 8601 time with an offset")
            return _NO_INSTANT
        if value.tzinfo is None or not YEAR_MIN <= value.year <= YEAR_MAX:
            years = f"a year from {YEAR_MIN} to {YEAR_MAX}"
            self.fault(name, text, f"an offset such as Z or +00:00, and {years}")
            return _NO_INSTANT
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def day(self, name: str, text: str) -> date:
        """A calendar day, YYYY-MM-DD, in whatever zone the feed means."""
        if _DAY.fullmatch(text):
            try:
                value = date.fromisoformat(text)
            except ValueError:
                value = date.min
            if YEAR_MIN <= value.year <= YEAR_MAX:
                return value
        self.fault(
            name, text, f"a day as YYYY-MM-DD, year from {YEAR_MIN} to {YEAR_MAX}"
        )
        return _NO_DAY

    def word(self, name: str, text: str, allowed: Collection[str]) -> str:
        """One of a closed set of words, exactly as written."""
        if text not in allowed:
            self.fault(name, text, "one of " + ", ".join(sorted(allowed)))
        return text

    def filled(self, name: str, text: str) -> str:
        """A text that says something."""
        if not text or text.isspace():
            self.fault(name, text, "a text")
        return text


def _range(low: float, high: float) -> str:
    if low == -math.inf and high == math.inf:
        return ""
    return f" from {low:g} to {high:g}"


__all__ = ["YEAR_MAX", "YEAR_MIN", "Fields"]
