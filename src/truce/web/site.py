"""What one server serves: a record's desk, and what it was set up with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event
from typing import Protocol

from truce.picture import AsOf, Desk
from truce.release.model import Reader


class ReaderRule(Protocol):
    """Decides for whom a request is answered, from the address at its other end."""

    def __call__(
        self, peer: str, asked: str | None, *, is_forwarded: bool = False
    ) -> Reader:
        """The reader; `asked` may only lower it."""


class DailyReport(Protocol):
    """Writes the report of a day as the inside of a page, for one reader."""

    def __call__(self, *, day: date, reader: Reader, language: str, as_of: AsOf) -> str:
        """HTML that is safe to show: without scripts, every outside text escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One record as one server shows it. `report` is None where no report is made.

    Streams of events end once `closing` is set: a server waits for what it has begun.
    """

    desk: Desk
    readers: ReaderRule
    clock: Callable[[], datetime]
    report: DailyReport | None
    hosts: frozenset[str]
    closing: Event = field(default_factory=Event)


__all__ = ["DailyReport", "ReaderRule", "Site"]
