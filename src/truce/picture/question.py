"""What a reader asks of the picture, and how the address of a page carries it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from truce.errors import InvalidInput, InvalidQuery
from truce.identifiers import FeedName
from truce.instants import instant_from_text, text_from_instant
from truce.observations.kinds import Kind
from truce.release.model import ProbabilityBand

# The longest words to look for: no place or unit has a longer name, and a longer text
# only costs time.
TEXT_SIZE_MAX: Final = 200
# How an address says that no province is known: forms send empty values for what is not
# asked, so an empty one asks for everything.
NO_PROVINCE: Final = "-"
# The names under which an address carries a question. Every other name is somebody
# else's (language, reader, as-of) and is left to them.
NAMES: Final = (
    "kind",
    "state",
    "feed",
    "province",
    "band",
    "from",
    "to",
    "bbox",
    "min_p",
    "q",
    "sort",
    "page",
)

_Word = TypeVar("_Word", bound=StrEnum)
_Read = TypeVar("_Read")


class State(StrEnum):
    """What the agreement says of an incident: its gravest finding, or that none is."""

    BREACHED = "breached"
    UNDETERMINED = "undetermined"
    PENDING = "pending"
    MET = "met"
    NONE = "none"


class Sort(StrEnum):
    """The orders in which a list can be had; a minus is the reverse."""

    NEWEST = "-time"
    OLDEST = "time"
    SUREST = "-probability"
    LEAST_SURE = "probability"
    MOST_WITNESSES = "-witnesses"
    FEWEST_WITNESSES = "witnesses"
    KIND = "kind"
    KIND_REVERSED = "-kind"
    STATE = "state"
    STATE_REVERSED = "-state"
    PLACE = "place"
    PLACE_REVERSED = "-place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the map in degrees. `west_deg > east_deg` where it crosses 180 E."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.south_deg <= self.north_deg <= 90.0:
            raise InvalidQuery(
                f"bbox reaches from {self.south_deg} to {self.north_deg} north, "
                "expected -90 <= south <= north <= 90"
            )
        for lon in (self.west_deg, self.east_deg):
            if not -180.0 <= lon <= 180.0:
                raise InvalidQuery(f"bbox has longitude {lon}, expected -180 to 180")

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a point lies in it, edges included."""
        if not self.south_deg <= lat_deg <= self.north_deg:
            return False
        if self.west_deg <= self.east_deg:
            return self.west_deg <= lon_deg <= self.east_deg
        return lon_deg >= self.west_deg or lon_deg <= self.east_deg


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for. Empty tuples, None, 0 and empty texts ask for everything.

    Several kinds (states, feeds, provinces, bands) mean any of them; different filters
    must all hold. An empty province is none that is known.
    `since` and `until` keep what may have happened between the two, ends included.
    `probability_min` is in [0, 1]; `page` counts from 1.
    """

    kinds: tuple[Kind, ...] = ()
    states: tuple[State, ...] = ()
    feeds: tuple[FeedName, ...] = ()
    provinces: tuple[str, ...] = ()
    bands: tuple[ProbabilityBand, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    box: Box | None = None
    probability_min: float = 0.0
    text: str = ""
    sort: Sort = Sort.NEWEST
    page: int = 1

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise InvalidQuery(
                f"to is {text_from_instant(self.until)}, before from, which is "
                f"{text_from_instant(self.since)}; exchange the two"
            )
        if not 0.0 <= self.probability_min <= 1.0:
            raise InvalidQuery(f"min_p is {self.probability_min}, expected 0 to 1")
        if self.page < 1:
            raise InvalidQuery(f"page is {self.page}, expected 1 or more")
        verify_length("q", self.text)
        for province in self.provinces:
            verify_length("province", province)

    @property
    def is_open(self) -> bool:
        """Whether it asks for everything, whatever the order and the page."""
        return not query_from_question(self, is_whole=False)


def question_from_query(
    pairs: Iterable[tuple[str, str]], *, zone: tzinfo = UTC
) -> Question:
    """The question that an address carries; names that are not `NAMES` are left aside.

    An empty value is as good as none, as forms send them. A time without an offset is
    of `zone`, as people type it. All faults are told together.

    Raises:
        InvalidQuery: a value has no meaning, or a name that is told once comes twice.
    """
    form = _Form(pairs)

    def moment(text: str) -> datetime:
        return moment_from_text(text, zone)

    kinds = form.many("kind", Kind)
    states = form.many("state", State)
    bands = form.many("band", ProbabilityBand)
    since, until = form.one("from", moment), form.one("to", moment)
    box, text = form.one("bbox", _box), form.one("q", str)
    probability_min, page = form.one("min_p", _number), form.one("page", _count)
    sort = form.one("sort", _sort)
    form.verify()
    return Question(
        kinds=kinds,
        states=states,
        feeds=tuple(FeedName(feed) for feed in sorted(set(form.given["feed"]))),
        provinces=tuple(sorted(map(province_from_word, set(form.given["province"])))),
        bands=bands,
        since=since,
        until=until,
        box=box,
        probability_min=probability_min or 0.0,
        text=text or "",
        sort=sort or Sort.NEWEST,
        page=1 if page is None else page,
    )


def pairs_from_question(
    question: Question, *, is_whole: bool = True
) -> tuple[tuple[str, str], ...]:
    """The question as names and values, defaults left out, always in the same order.

    Without `is_whole` the order and the page of the list are left out: they say how the
    answer is read, not what is asked.
    """
    pairs = [("kind", kind.value) for kind in question.kinds]
    pairs += [("state", state.value) for state in question.states]
    pairs += [("feed", feed) for feed in question.feeds]
    pairs += [("province", word_from_province(name)) for name in question.provinces]
    pairs += [("band", band.value) for band in question.bands]
    if question.since:
        pairs.append(("from", text_from_instant(question.since)))
    if question.until:
        pairs.append(("to", text_from_instant(question.until)))
    if question.box:
        pairs.append(("bbox", _box_text(question.box)))
    if question.probability_min:
        pairs.append(("min_p", f"{question.probability_min:g}"))
    if question.text:
        pairs.append(("q", question.text))
    if is_whole and question.sort is not Sort.NEWEST:
        pairs.append(("sort", question.sort.value))
    if is_whole and question.page > 1:
        pairs.append(("page", str(question.page)))
    return tuple(pairs)


def query_from_question(question: Question, *, is_whole: bool = True) -> str:
    """The question as the text after the question mark of an address."""
    return urlencode(pairs_from_question(question, is_whole=is_whole))


def province_from_word(word: str) -> str:
    """The province that an address names; empty where it says that none is known."""
    return "" if word == NO_PROVINCE else word


def word_from_province(province: str) -> str:
    """How an address names a province, or that none is known."""
    return province or NO_PROVINCE


def verify_length(name: str, text: str) -> None:
    """Refuse a text that is longer than any name.

    Raises:
        InvalidQuery: it is.
    """
    if len(text) > TEXT_SIZE_MAX:
        raise InvalidQuery(
            f"{name} is {len(text)} letters long, expected at most {TEXT_SIZE_MAX}"
        )


class _Form:
    """The values of an address by name, and what is wrong with them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.given: dict[str, list[str]] = {name: [] for name in NAMES}
        self.faults: list[str] = []
        for name, value in pairs:
            if name in self.given and value.strip():
                self.given[name].append(value.strip())

    def one(self, name: str, read: Callable[[str], _Read]) -> _Read | None:
        """The one value of a name as `read` understands it, or None."""
        values = self.given[name]
        if len(values) > 1:
            self.faults.append(f"{name} is given {len(values)} times, expected once")
        elif values:
            try:
                return read(values[0])
            except InvalidInput as error:
                self.faults.append(f"{name}: {error}")
        return None

    def many(self, name: str, words: type[_Word]) -> tuple[_Word, ...]:
        """Every value of a name, in the order in which the words are defined."""
        known = {word.value: word for word in words}
        for value in self.given[name]:
            if value not in known:
                expected = ", ".join(known)
                self.faults.append(f"{name} is {value!r}, expected one of {expected}")
        chosen = set(self.given[name])
        return tuple(word for word in words if word.value in chosen)

    def verify(self) -> None:
        """Raise one error that tells every fault."""
        if self.faults:
            raise InvalidQuery("; ".join(self.faults))


def moment_from_text(text: str, zone: tzinfo = UTC) -> datetime:
    """The instant that a text names; one without an offset is of `zone`.

    Raises:
        InvalidValue: the text is no ISO 8601 time.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return instant_from_text(text)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidQuery(f"{text!r} is not a number") from error
    if not math.isfinite(number):
        raise InvalidQuery(f"{text!r} is not a finite number")
    return number


def _count(text: str) -> int:
    # A page number of more digits than this names no page of any list.
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidQuery(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _sort(text: str) -> Sort:
    try:
        return Sort(text)
    except ValueError as error:
        expected = ", ".join(word.value for word in Sort)
        raise InvalidQuery(f"{text!r} is not one of {expected}") from error


def _box(text: str) -> Box:
    corners = text.split(",")
    if len(corners) != 4:
        raise InvalidQuery(f"{text!r} has {len(corners)} numbers, expected w,s,e,n")
    west, south, east, north = (_number(corner) for corner in corners)
    return Box(west_deg=west, south_deg=south, east_deg=east, north_deg=north)


def _box_text(box: Box) -> str:
    corners = (box.west_deg, box.south_deg, box.east_deg, box.north_deg)
    return ",".join(repr(corner) for corner in corners)


__all__ = [
    "NAMES",
    "NO_PROVINCE",
    "TEXT_SIZE_MAX",
    "Box",
    "Question",
    "Sort",
    "State",
    "moment_from_text",
    "pairs_from_question",
    "province_from_word",
    "query_from_question",
    "question_from_query",
    "verify_length",
    "word_from_province",
]
