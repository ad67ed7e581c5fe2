"""What one source says it measured or saw, and what it says it watched."""

from dataclasses import dataclass, field
from enum import StrEnum

from truce.errors import InvalidValue
from truce.identifiers import FeedName, ObservationId, StatementIndex
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Place


class Assertion(StrEnum):
    """What an observation says of its event."""

    OCCURRED = "occurred"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Admiralty grade: how reliable the source is (A-F), how credible this report is
    (1-6).

    Source: NATO AJP-2.1, source reliability and information credibility. F and 6 mean
    that it cannot be judged, not that it is bad.
    """

    reliability: str
    credibility: int

    def __post_init__(self) -> None:
        if len(self.reliability) != 1 or self.reliability not in "ABCDEF":
            raise InvalidValue(
                f"reliability is {self.reliability!r}, expected one of A-F"
            )
        if not 1 <= self.credibility <= 6:
            raise InvalidValue(f"credibility is {self.credibility}, expected 1-6")

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deaths:
    """How many were killed, as the source says: `low <= best <= high`."""

    low: int
    best: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.best <= self.high:
            raise InvalidValue(
                f"deaths are {self.low}, {self.best}, {self.high}; "
                "expected 0 <= low <= best <= high"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one source says it saw: kind, place, time, grade, and on whose word.

    `id` is derived from the feed and the source's own content, so that the same row has
    the same id in every record. `line` counts from 1 in the sealed bytes. `posts` are
    the normalised names of the posts, films or articles it rests on: two observations
    that share one are one witness. `kind_word` and `weapon_word` are the source's own
    words, untranslated.
    """

    id: ObservationId
    feed: FeedName
    row_key: str
    statement: StatementIndex
    line: int
    stated_by: str
    observer: str = ""
    kind: Kind
    kind_word: str
    weapon_word: str = ""
    asserts: Assertion = Assertion.OCCURRED
    where: Place
    when: Interval
    grade: Grade
    posts: tuple[str, ...] = ()
    text: str = ""
    count: int | None = None
    deaths: Deaths | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Somebody looked or listened: where, when, and how likely they were to notice an
    explosion.

    `range_m` is the radius of what was watched around `where.centre`;
    `detection_probability` is for one explosion of ordinary size (a 122 mm shell)
    somewhere in it, in [0, 1]. A watch says nothing of what was seen: that is an
    observation.
    """

    id: ObservationId
    feed: FeedName
    row_key: str
    statement: StatementIndex
    line: int
    stated_by: str
    observer: str
    where: Place
    range_m: float
    when: Interval
    detection_probability: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.detection_probability <= 1.0:
            raise InvalidValue(
                f"detection_probability is {self.detection_probability}, "
                "expected 0 to 1"
            )
        if not self.range_m > 0.0:
            raise InvalidValue(f"range_m is {self.range_m}, expected above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What somebody announced (a corridor, an exercise, a withdrawal): a graded claim,
    no event.

    `subject` is our word for it (`corridor`); `places` are in the order of the
    announcement (for a corridor: from, then to). `outcome_word` is how the source
    itself later coded it, or empty; no finding may rest on it.
    """

    id: ObservationId
    feed: FeedName
    row_key: str
    statement: StatementIndex
    line: int
    stated_by: str
    announced_by: str
    subject: str
    places: tuple[Place, ...]
    when: Interval
    grade: Grade
    posts: tuple[str, ...] = ()
    text: str = ""
    outcome_word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedLine:
    """A line that could not be read, with the reason; it changes no incident and no
    finding.
    """

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one sealed delivery, before it is compared with the rest of the
    record.

    `rows_read` counts the rows found, whatever became of them. Every row ends in
    exactly one of observations, watches, notices, `silent_lines` (rows that are as they
    should be and state nothing by themselves, such as a photograph), quarantined or
    `duplicate_lines` (rows whose content stands earlier in the same delivery), so
    `rows_read` is the sum of their lengths.
    """

    rows_read: int
    observations: tuple[Observation, ...] = ()
    watches: tuple[Watch, ...] = ()
    notices: tuple[Notice, ...] = ()
    quarantined: tuple[QuarantinedLine, ...] = field(default=())
    duplicate_lines: tuple[int, ...] = ()
    silent_lines: tuple[int, ...] = ()


__all__ = [
    "Assertion",
    "Deaths",
    "Grade",
    "Notice",
    "Observation",
    "QuarantinedLine",
    "Reading",
    "Watch",
]
