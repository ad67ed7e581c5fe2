"""What the picture answers: a list of sights, and all that is counted from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from truce.picture.ports import AsOf
from truce.picture.question import Question, State
from truce.picture.sights import Sight
from truce.release.model import Reader

PAGE_SIZE: Final = 100


class Step(StrEnum):
    """How long one bar of a histogram is."""

    MINUTE = "minute"
    FIVE_MINUTES = "5-minutes"
    QUARTER = "15-minutes"
    HOUR = "hour"
    THREE_HOURS = "3-hours"
    SIX_HOURS = "6-hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One bar: from `start` to `end`, the later one excluded.

    `count` is how many would match without the filter on time, `selected` how many do
    match, by state; an incident is counted once, in the bar of the middle of its
    interval.
    """

    index: int
    start: datetime
    end: datetime
    count: int
    selected: tuple[tuple[State, int], ...]

    @property
    def selected_count(self) -> int:
        """How many match."""
        return sum(count for _, count in self.selected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark under a histogram: when, and at what share of its width."""

    at: datetime
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Bars without gaps, oldest first; none where nothing matches at any time.

    They cover all that matches at any time, or the surroundings of a short selection.
    """

    step: Step
    bins: tuple[Bin, ...] = ()
    ticks: tuple[Tick, ...] = ()

    @property
    def peak(self) -> int:
        """The count of the highest bar; 0 without bars."""
        return max((one.count for one in self.bins), default=0)

    @property
    def start(self) -> datetime:
        """When the first bar begins."""
        return self.bins[0].start

    @property
    def end(self) -> datetime:
        """When the last bar ends."""
        return self.bins[-1].end

    def share_of(self, moment: datetime) -> float:
        """Where a moment stands on its width, every bar equally wide, in [0, 1]."""
        for one in self.bins:
            if moment < one.end:
                part = (moment - one.start) / (one.end - one.start)
                return (one.index + max(0.0, part)) / len(self.bins)
        return 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a filter, and how many would match if it alone were chosen."""

    word: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The choices of the filters by word, each word as an address writes it."""

    kinds: tuple[Option, ...]
    states: tuple[Option, ...]
    feeds: tuple[Option, ...]
    provinces: tuple[Option, ...]
    bands: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The counts of an answer. `matched` is `shown_on_map` plus `by_province_only`.

    `known` is how many there are without any filter. `by_state` and `by_kind` add up to
    `matched`.
    """

    known: int
    matched: int
    shown_on_map: int
    by_province_only: int
    by_state: tuple[tuple[str, int], ...]
    by_kind: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The one answer from which list, map, timeline and totals are drawn.

    `matched` holds every match in the order of the question, `page_sights` those of its
    page.
    """

    question: Question
    reader: Reader
    as_of: AsOf
    matched: tuple[Sight, ...]
    totals: Totals
    facets: Facets
    histogram: Histogram

    @property
    def page_size(self) -> int:
        """How many matches a page holds."""
        return PAGE_SIZE

    @property
    def page(self) -> int:
        """Which page this is, from 1."""
        return self.question.page

    @property
    def page_count(self) -> int:
        """How many pages there are; one where nothing matches."""
        return max(1, -(-len(self.matched) // PAGE_SIZE))

    @property
    def page_sights(self) -> tuple[Sight, ...]:
        """The matches of this page; empty beyond the last one."""
        first = (self.page - 1) * PAGE_SIZE
        return self.matched[first : first + PAGE_SIZE]


__all__ = [
    "PAGE_SIZE",
    "Answer",
    "Bin",
    "Facets",
    "Histogram",
    "Option",
    "Step",
    "Tick",
    "Totals",
]
