"""One answer: list, map, timeline and totals never disagree."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from tests.unit.picture.invented_picture import CENTRE, NOW, START, InventedPicture

from truce.identifiers import FeedName
from truce.observations.kinds import Kind
from truce.picture import AsOf, Question, State, ask, features_from
from truce.picture.answer import Answer
from truce.picture.features import answer_values, row_from
from truce.picture.question import Box, Sort
from truce.release.model import Reader

_QUESTIONS = (
    Question(),
    Question(kinds=(Kind.SHOT, Kind.DRONE)),
    Question(states=(State.BREACHED,)),
    Question(feeds=(FeedName("acoustic"),)),
    Question(since=START + timedelta(days=3), until=START + timedelta(days=4)),
    Question(box=Box(west_deg=-42, south_deg=35, east_deg=-41, north_deg=36)),
    Question(probability_min=0.9, text="hythe"),
    Question(kinds=(Kind.FIRE,), states=(State.BREACHED,)),
)


def _asked(
    source: InventedPicture,
    now: AsOf,
    question: Question,
    reader: Reader = Reader.MECHANISM,
) -> Answer:
    return ask(source, question, reader, now)


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("question", _QUESTIONS)
def test_list_map_and_timeline_agree(
    source: InventedPicture, now: AsOf, question: Question, reader: Reader
) -> None:
    """Whatever is asked by whomever, each count is the count of the same incidents."""
    answer = _asked(source, now, question, reader)
    totals = answer.totals
    collection = features_from(
        answer, record_kind=source.record_kind, origin=source.origin
    )
    assert isinstance(collection, dict)
    features = collection["features"]
    assert isinstance(features, list)
    located = [one for one in features if isinstance(one, dict) and one["geometry"]]
    pages = range(1, answer.page_count + 1)
    listed = [
        sight
        for page in pages
        for sight in _asked(
            source, now, replace(question, page=page), reader
        ).page_sights
    ]
    assert listed == list(answer.matched)
    assert len(features) == totals.matched == len(answer.matched)
    assert len(located) == totals.shown_on_map
    assert totals.shown_on_map + totals.by_province_only == totals.matched
    assert sum(count for _, count in totals.by_state) == totals.matched
    assert sum(count for _, count in totals.by_kind) == totals.matched
    assert sum(one.selected_count for one in answer.histogram.bins) == totals.matched


def test_a_count_beside_a_choice_is_what_choosing_it_brings(
    source: InventedPicture, now: AsOf
) -> None:
    """Somebody reads "Drone 24" and chooses it: the list must hold 24."""
    question = Question(probability_min=0.7)
    facets = _asked(source, now, question).facets
    for option in facets.kinds:
        chosen = replace(question, kinds=(Kind(option.word),))
        assert _asked(source, now, chosen).totals.matched == option.count
    for option in facets.states:
        chosen = replace(question, states=(State(option.word),))
        assert _asked(source, now, chosen).totals.matched == option.count
    for option in facets.feeds:
        chosen = replace(question, feeds=(FeedName(option.word),))
        assert _asked(source, now, chosen).totals.matched == option.count


def test_bars_outside_the_chosen_time_stay(source: InventedPicture, now: AsOf) -> None:
    """The timeline shows what lies around the chosen span, or nobody could widen it."""
    day = START + timedelta(days=3)
    answer = _asked(source, now, Question(since=day, until=day + timedelta(days=1)))
    counted = sum(one.count for one in answer.histogram.bins)
    assert counted == answer.totals.known > answer.totals.matched > 0


def test_time_keeps_what_may_have_happened_then(
    source: InventedPicture, now: AsOf
) -> None:
    """An incident dated to a whole day may have happened in any hour of it."""
    since = START + timedelta(days=4, hours=6)
    question = Question(since=since, until=since + timedelta(hours=1))
    whole = _asked(source, now, Question())
    expected = {
        s.reference
        for s in whole.matched
        if s.incident.interval.end >= since
        and s.incident.interval.start <= since + timedelta(hours=1)
    }
    found = {s.reference for s in _asked(source, now, question).matched}
    assert found == expected


def test_search_finds_every_word_in_any_case(
    source: InventedPicture, now: AsOf
) -> None:
    """`HYTHE harbour` is found in what the sources wrote, whatever the order."""
    answer = _asked(source, now, Question(text="harbour LOWER hythe"))
    assert 0 < answer.totals.matched < answer.totals.known
    assert all("lower hythe" in sight.words for sight in answer.matched)
    assert _asked(source, now, Question(text="harbour zanzibar")).totals.matched == 0


@pytest.mark.parametrize(
    ("sort", "name"),
    [
        (Sort.SUREST, "probability"),
        (Sort.MOST_WITNESSES, "witness_count"),
        (Sort.NEWEST, "start"),
    ],
)
def test_lists_are_sorted(
    source: InventedPicture, now: AsOf, sort: Sort, name: str
) -> None:
    """A minus puts the greatest first, and the order without it is the reverse."""
    rows = [row_from(s) for s in _asked(source, now, Question(sort=sort)).matched]
    values = [row[name] for row in rows]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]  # one type
    opposite = Sort(sort.value.removeprefix("-"))
    back = _asked(source, now, Question(sort=opposite)).matched
    assert [row_from(s)[name] for s in back] == values[::-1]


def test_the_order_of_equals_is_fixed(source: InventedPicture, now: AsOf) -> None:
    """Many incidents have the same kind; a page break must not lose or repeat one."""
    matched = _asked(source, now, Question(sort=Sort.KIND)).matched
    for first, second in pairwise(matched):
        if first.incident.kind is second.incident.kind:
            assert first.incident.interval.start >= second.incident.interval.start


def test_values_say_what_record_they_are_of(source: InventedPicture, now: AsOf) -> None:
    """A file that leaves the page must never pass for a real one."""
    values = answer_values(
        _asked(source, now, Question()),
        record_kind=source.record_kind,
        origin=source.origin,
    )
    assert isinstance(values, dict)
    assert values["record_kind"] == "exercise"
    assert values["origin"] == source.origin
    assert values["marking"] == "MECHANISM"


def test_an_empty_record_answers_with_nothing() -> None:
    """On the first day nothing is known: no bars, no rows, one empty page."""
    empty = InventedPicture(count=4)
    answer = ask(empty, Question(), Reader.MECHANISM, AsOf(count=0, instant=NOW))
    assert answer.totals.known == answer.totals.matched == 0
    assert answer.histogram.bins == ()
    assert answer.page_sights == ()
    assert answer.page_count == 1


def test_a_box_asks_for_the_place_that_is_shown(
    source: InventedPicture, now: AsOf
) -> None:
    """The public is shown cells. A box over an exact place must not find what its cell
    lies beside, or boxes could be narrowed until they tell the place.
    """
    released = _asked(source, now, Question(), Reader.PUBLIC)
    for sight in released.matched[:40]:
        place = sight.incident.position
        assert place is not None
        near = Box(
            west_deg=place.lon_deg - 1e-6,
            south_deg=place.lat_deg - 1e-6,
            east_deg=place.lon_deg + 1e-6,
            north_deg=place.lat_deg + 1e-6,
        )
        found = _asked(source, now, Question(box=near), Reader.PUBLIC)
        assert sight in found.matched
        assert all(one.incident.position == place for one in found.matched)


def test_the_public_cannot_search_what_sources_wrote(
    source: InventedPicture, now: AsOf
) -> None:
    """A search that finds a withheld word would tell that it is there."""
    for word in ("harbour", "Hythe", "Patrol", "122"):
        found = _asked(source, now, Question(text=word), Reader.PUBLIC)
        assert found.totals.matched == 0
    assert not _asked(source, now, Question(), Reader.PUBLIC).facets.feeds


def test_the_public_reads_the_record_as_of_midnight(source: InventedPicture) -> None:
    """Two readings within one day hold the same, whatever came in between."""

    def known(instant: datetime) -> int:
        count = source.count_at(instant)
        as_of = AsOf(count=count, instant=instant)
        return ask(source, Question(), Reader.PUBLIC, as_of).totals.known

    morning = START + timedelta(days=6, hours=8)
    assert source.count_at(morning) < source.count_at(morning + timedelta(hours=12))
    # Between the two no delay of an impact ends before midnight counted in whole days.
    assert known(morning) > 0
    released = ask(
        source,
        Question(),
        Reader.PUBLIC,
        AsOf(count=source.count_at(morning) // 2, instant=morning),
    )
    assert released.totals.known == known(morning), "a position changes nothing"


def test_the_centre_is_where_the_record_says() -> None:
    """The invented land lies at sea, where no country is."""
    assert CENTRE.lat_deg == 35.0
    assert CENTRE.lon_deg == -42.0
