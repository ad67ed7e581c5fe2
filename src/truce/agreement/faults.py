"""Faults of a text, collected so that its author sees all of them at once."""

from dataclasses import dataclass, field

from truce.errors import InvalidAgreement


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """What is wrong, in which line of which file and clause, and what to write
    instead."""

    file: str
    line: int
    clause: str
    found: str
    write: str

    def __str__(self) -> str:
        clause = f" clause {self.clause}:" if self.clause else ""
        return f"{self.file}:{self.line}:{clause} {self.found}; {self.write}"


@dataclass(slots=True, kw_only=True)
class Faults:
    """The faults found so far in one file; `clause` is the one being read."""

    file: str
    clause: str = ""
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, found: str, *, write: str) -> None:
        """Take down one fault, with what to write instead."""
        fault = Fault(
            file=self.file, line=line, clause=self.clause, found=found, write=write
        )
        if fault not in self.found:
            self.found.append(fault)

    def in_order(self) -> tuple[Fault, ...]:
        """All of them, by line."""
        return tuple(sorted(self.found))


def error_from_faults(faults: tuple[Fault, ...]) -> InvalidAgreement:
    """One error that lists them all, a line each."""
    return InvalidAgreement("\n".join(str(fault) for fault in faults))


__all__ = ["Fault", "Faults", "error_from_faults"]
