"""The independent checker: it trusts neither a record nor the program that wrote it.

It shares no line with `truce` and was written from docs/spec/record.md alone, so that
the two check each other. Read notes, entries, proofs, log, in this order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Report", "Wrong", "must", "reading"]


class Wrong(Exception):
    """Something is not as it must be: a code for programs, a sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def must(holds: object, code: str, reason: str) -> None:
    """Raises Wrong where something does not hold."""
    if not holds:
        raise Wrong(code, reason)


@contextmanager
def reading(code: str, what: str) -> Iterator[None]:
    """What cannot be read is Wrong, whatever Python says of it."""
    try:
        yield
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise Wrong(code, f"the {what} cannot be read: {error}") from error


@dataclass
class Report:
    """What was found, written down while the checks run; without faults, it holds."""

    target: str
    expected: str
    what: str = "log"
    origin: str = ""  # until one is read
    statements: int = 0
    not_here: int = 0
    witnessed: int | None = None
    faults: list[dict[str, object]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @contextmanager
    def noting(self, where: str, statement: int | None = None) -> Iterator[None]:
        """Writes down what is wrong here, and lets the rest go on."""
        try:
            yield
        except Wrong as wrong:
            fault = {"statement": statement, "where": where, "code": wrong.code}
            self.faults.append({**fault, "reason": str(wrong)})
