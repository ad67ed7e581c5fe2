"""Proposed corridors made into notices."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from truce.formats.corridors_2022 import CorridorEnd, CorridorRow, encode
from truce.observations.context import ReadingContext, days_interval
from truce.observations.model import Notice
from truce.observations.read_corridors_2022 import READER

DAY = date(2022, 3, 15)
ROW = CorridorRow(
    id="7",
    day=DAY,
    proposal="Russia",
    status_result="disputed",
    text="Status: disputed; A corridor from Elm opens. see source: https://a.example",
    links="https://a.example/news/1?x=1 ;;; https://a.example/news/2",
    status_extra="",
    start=CorridorEnd(name="Elm"),
    end=CorridorEnd(name="Yew", lat_deg=Decimal("1.1"), lon_deg=Decimal("2.1")),
)


def _one(context: ReadingContext, row: CorridorRow) -> Notice:
    (notice,) = READER.read(encode([row]), context).notices
    return notice


def test_a_row_becomes_a_notice(context: ReadingContext) -> None:
    """Who announced what; how it went is kept apart and stands nowhere else."""
    notice = _one(context, ROW)
    assert (notice.row_key, notice.announced_by, notice.subject) == (
        "7",
        "Russia",
        "corridor",
    )
    assert [place.name for place in notice.places] == ["Elm", "Yew"]
    assert notice.when == days_interval(DAY, DAY)
    assert notice.posts == ("a.example/news/1", "a.example/news/2")
    assert notice.outcome_word == "disputed"
    assert "disputed" not in notice.text
    assert notice.text == (
        "A corridor from Elm opens.\n[Yew: not in the gazetteer; placed by the table]"
    )


def test_the_outcome_changes_nothing_but_its_word(context: ReadingContext) -> None:
    """A finding that rested on how the corridor went would be circular."""
    other = replace(
        ROW,
        status_result="successful",
        status_extra="successful",
        text=ROW.text.replace("disputed", "successful"),
    )
    first, second = _one(context, ROW), _one(context, other)
    assert replace(second, outcome_word="disputed", id=first.id) == first


def test_hours_of_the_ceasefire_are_the_notices(context: ReadingContext) -> None:
    """The whole day otherwise: also where only the buses' hour is stated."""
    stated = replace(ROW, text="A ceasefire from 9:00 a.m. to 4:00 p.m. Kyiv Time.")
    assert _one(context, stated).when.start == datetime(2022, 3, 15, 7, tzinfo=UTC)
    moved = replace(ROW, text="The gathering point is the square, at 2:00 p.m.")
    assert _one(context, moved).when == days_interval(DAY, DAY)


def test_a_route_that_lies_nowhere_is_quarantined(context: ReadingContext) -> None:
    """No coordinates and no known name: the row is kept, with its reason."""
    lost = replace(ROW, start=CorridorEnd(name="Fir"), end=CorridorEnd(name="Yew"))
    (line,) = READER.read(encode([lost]), context).quarantined
    assert "corridor end 'Fir' is known to neither" in line.reason


def test_a_corridor_of_a_day_to_come_is_quarantined(context: ReadingContext) -> None:
    """Received on 6 May 2031, dated to the tenth."""
    (line,) = READER.read(
        encode([replace(ROW, day=date(2031, 5, 10))]), context
    ).quarantined
    assert "date in the future" in line.reason
