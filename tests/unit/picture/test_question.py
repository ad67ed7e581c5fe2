"""What the address of a page carries."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidQuery
from truce.identifiers import FeedName
from truce.observations.kinds import Kind
from truce.picture.question import (
    Box,
    Question,
    Sort,
    State,
    query_from_question,
    question_from_query,
)
from truce.release.model import ProbabilityBand

_MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001  # the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001  # as above
    timezones=st.just(UTC),
)


@st.composite
def _questions(draw: st.DrawFn) -> Question:
    first, last = sorted([draw(_MOMENTS), draw(_MOMENTS)])
    south, north = sorted([draw(st.floats(-90, 90)), draw(st.floats(-90, 90))])
    lon = st.floats(-180, 180)
    box = Box(west_deg=draw(lon), south_deg=south, east_deg=draw(lon), north_deg=north)
    feeds = draw(st.sets(st.sampled_from(["a", "b c", "d&e", "ф"])))
    return Question(
        kinds=tuple(k for k in Kind if draw(st.booleans())),
        states=tuple(s for s in State if draw(st.booleans())),
        feeds=tuple(sorted(FeedName(feed) for feed in feeds)),
        provinces=tuple(sorted(draw(st.sets(st.sampled_from(["", "Захід", "A & B"]))))),
        bands=tuple(b for b in ProbabilityBand if draw(st.booleans())),
        since=first if draw(st.booleans()) else None,
        until=last if draw(st.booleans()) else None,
        box=box if draw(st.booleans()) else None,
        probability_min=draw(st.sampled_from([0.0, 0.25, 0.5, 0.95, 1.0])),
        text=draw(st.sampled_from(["", "Lower Hythe", "a=b&c", "гаубиця"])),
        sort=draw(st.sampled_from(list(Sort))),
        page=draw(st.integers(1, 999)),
    )


@given(_questions())
def test_an_address_carries_the_whole_question(question: Question) -> None:
    """Whoever is sent an address sees exactly what the sender saw."""
    query = query_from_question(question)
    pairs = parse_qsl(query, strict_parsing=bool(query))
    assert question_from_query(pairs) == question


def test_an_empty_form_asks_for_everything() -> None:
    """A form sends every field, most of them empty; that is no filter."""
    pairs = [(name, "") for name in ("kind", "from", "to", "bbox", "min_p", "q")]
    question = question_from_query(pairs)
    assert question == Question()
    assert question.is_open


def test_names_of_others_are_left_aside() -> None:
    """Language and reader stand in the same address and are no question."""
    assert question_from_query([("lang", "uk"), ("as", "PUBLIC")]) == Question()


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("kind", "explosive")], "kind is 'explosive', expected one of explosion"),
        ([("state", "guilty")], "state is 'guilty', expected one of breached"),
        ([("band", "certain")], "band is 'certain', expected one of unlikely"),
        ([("province", "a" * 201)], "province is 201 letters long, expected at most"),
        ([("from", "yesterday")], "from: instant 'yesterday' is not ISO 8601"),
        ([("bbox", "1,2,3")], "has 3 numbers, expected w,s,e,n"),
        ([("bbox", "1,80,2,20")], "expected -90 <= south <= north <= 90"),
        ([("bbox", "1,2,200,3")], "longitude 200.0"),
        ([("bbox", "nan,2,3,4")], "not a finite number"),
        ([("min_p", "1.5")], "min_p is 1.5, expected 0 to 1"),
        ([("min_p", "much")], "'much' is not a number"),
        ([("page", "0")], "page is 0, expected 1 or more"),
        ([("page", "-1")], "'-1' is not a whole number"),
        ([("sort", "colour")], "'colour' is not one of"),
        ([("q", "a" * 201)], "201 letters long, expected at most 200"),
        ([("page", "1"), ("page", "2")], "page is given 2 times, expected once"),
    ],
)
def test_nonsense_is_told(pairs: list[tuple[str, str]], words: str) -> None:
    """Somebody mistypes an address; the answer says what is wrong, not everything."""
    with pytest.raises(InvalidQuery, match=words.replace(".", r"\.")):
        question_from_query(pairs)


def test_an_end_before_the_start_is_told() -> None:
    """The two times were exchanged; an empty list would look like calm."""
    pairs = [("from", "2031-05-02T00:00Z"), ("to", "2031-05-01T00:00Z")]
    with pytest.raises(InvalidQuery, match="exchange the two"):
        question_from_query(pairs)


def test_all_faults_are_told_together() -> None:
    """Three mistakes in one address; nobody should have to mend it three times."""
    with pytest.raises(InvalidQuery) as told:
        question_from_query([("kind", "x"), ("min_p", "y"), ("page", "z")])
    assert all(word in str(told.value) for word in ("kind", "min_p", "page"))


def test_a_time_without_an_offset_is_of_the_records_zone() -> None:
    """A form's field holds a local time: 12:00 in Kyiv in summer is 09:00 UTC."""
    zone = ZoneInfo("Europe/Kyiv")
    question = question_from_query([("from", "2031-07-01T12:00")], zone=zone)
    assert question.since == datetime(2031, 7, 1, 9, tzinfo=UTC)


def test_a_box_may_cross_the_date_line() -> None:
    """From 170 E to 170 W lies the Pacific, not the rest of the world."""
    box = Box(west_deg=170, south_deg=-10, east_deg=-170, north_deg=10)
    assert box.holds(0, 179)
    assert box.holds(0, -179)
    assert not box.holds(0, 0)
