"""Events of the UCDP dataset."""

import csv
import io
from datetime import date

import pytest

from truce.formats.rows import Decoded, Fault
from truce.formats.ucdp_ged import COLUMNS, Event, articles_from_text, decode

FIELDS = {
    "id": "900001",
    "type_of_violence": "1",
    "side_a": "Government of Nordland",
    "side_b": "Southland",
    "source_article": (
        '"The Herald,2031-05-07,Shelling in Elm";"Wire,2031-05-08,Two die"'
    ),
    "source_headline": "Shelling in Elm;Two die",
    "source_original": "hospital",
    "where_prec": "2",
    "where_coordinates": "Elm village",
    "where_description": "near Elm",
    "adm_1": "Eastshire",
    "adm_2": "",
    "latitude": "1.25",
    "longitude": "2.5",
    "country": "Nordland",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2031-05-06",
    "date_end": "2031-05-06",
    "deaths_civilians": "0",
    "best": "2",
    "high": "3",
    "low": "1",
}


def _decoded(**changes: str) -> Event | Fault:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["relid", *reversed(COLUMNS.names)])
    writer.writeheader()
    writer.writerow(FIELDS | changes)
    (row,) = decode(out.getvalue().encode())
    return row.value if isinstance(row, Decoded) else row


def test_an_event_is_read() -> None:
    """The columns may stand in any order among others, as releases differ."""
    event = _decoded()
    assert isinstance(event, Event)
    assert event.event_id == "900001"
    assert event.articles == (
        "The Herald,2031-05-07,Shelling in Elm",
        "Wire,2031-05-08,Two die",
    )
    assert (event.low, event.best, event.high) == (1, 2, 3)
    assert event.first_day == event.last_day == date(2031, 5, 6)


def test_a_day_written_as_midnight_is_the_day() -> None:
    """Some releases add the time of nothing; it is no moment."""
    event = _decoded(date_start="2031-05-06 00:00:00.000")
    assert isinstance(event, Event)
    assert event.first_day == date(2031, 5, 6)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("type_of_violence", "4"),
        ("where_prec", "8"),
        ("date_prec", "0"),
        ("event_clarity", "3"),
        ("date_start", "06/05/2031"),
        ("best", "-1"),
        ("best", ""),
        ("latitude", "-91"),
        ("id", ""),
    ],
)
def test_a_code_outside_the_codebook_is_a_fault(name: str, text: str) -> None:
    """A precision that the codebook lacks has no area; guessing one would be
    dishonest."""
    fault = _decoded(**{name: text})
    assert isinstance(fault, Fault)
    assert fault.reason.startswith(f"{name} is")


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("", ()),
        ('"A,2031-01-01,x; y"', ("A,2031-01-01,x; y",)),
        ('"A,2031-01-01,x";"B,2031-01-02,z"', ("A,2031-01-01,x", "B,2031-01-02,z")),
        ("A,2031-01-01,x;B,2031-01-02,z", ("A,2031-01-01,x", "B,2031-01-02,z")),
    ],
)
def test_articles_are_parted(text: str, articles: tuple[str, ...]) -> None:
    """Each article is one witness, so a semicolon in a headline must not make two."""
    assert articles_from_text(text) == articles
