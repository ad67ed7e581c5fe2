"""Events of the UCDP dataset as observations: an area and a run of days."""

import csv
import io
from datetime import UTC, datetime

import pytest

from truce.formats.ucdp_ged import COLUMNS
from truce.observations.context import ReadingContext
from truce.observations.kinds import Kind
from truce.observations.model import Deaths, Observation, Reading
from truce.observations.read_ucdp_ged import (
    READER,
    WHERE_PRECISION,
    post_from_article,
)
from truce.places import PlaceBasis

FIELDS = {
    "id": "900001",
    "type_of_violence": "1",
    "side_a": "Government of Nordland",
    "side_b": "Southland",
    "source_article": '"The Herald,2031-05-04,Two die"',
    "source_headline": "Two die",
    "source_original": "hospital",
    "where_prec": "1",
    "where_coordinates": "Oak village",
    "where_description": "near Oak",
    "adm_1": "Eastshire",
    "adm_2": "",
    "latitude": "1.01",
    "longitude": "2.0",
    "country": "Nordland",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2031-05-03",
    "date_end": "2031-05-03",
    "deaths_civilians": "0",
    "best": "2",
    "high": "3",
    "low": "1",
}


def _read(context: ReadingContext, **changes: str) -> Reading:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS.names)
    writer.writeheader()
    writer.writerow(FIELDS | changes)
    return READER.read(out.getvalue().encode(), context)


def _observation(context: ReadingContext, **changes: str) -> Observation:
    (observation,) = _read(context, **changes).observations
    return observation


def test_an_event_is_an_observation_by_the_institute(context: ReadingContext) -> None:
    """Coded from the press: the article is the witness, the institute states it."""
    event = _observation(context)
    assert (event.stated_by, event.observer) == ("UCDP GED", "hospital")
    assert event.row_key == "900001"
    assert event.kind is Kind.CLASH
    assert event.kind_word == "state-based violence"
    assert event.posts == ("article:the herald|2031-05-04|two die",)
    assert event.deaths == Deaths(low=1, best=2, high=3)
    assert event.text == "Two die; near Oak"


def test_a_day_is_a_day_in_kyiv(context: ReadingContext) -> None:
    """The press dates by the local day, which begins at nine in the evening UTC."""
    when = _observation(context).when
    assert when.start == datetime(2031, 5, 2, 21, tzinfo=UTC)
    assert when.end == datetime(2031, 5, 3, 20, 59, 59, tzinfo=UTC)


def test_a_month_stays_a_month(context: ReadingContext) -> None:
    """An event of some day in April is not one of the first of April."""
    when = _observation(
        context, date_prec="4", date_start="2031-04-01", date_end="2031-04-30"
    ).when
    assert when.duration.days == 29


@pytest.mark.parametrize("precision", range(1, 8))
def test_a_precision_code_is_an_area(precision: int, context: ReadingContext) -> None:
    """Seven codes, seven honest areas; none is a point."""
    where = _observation(context, where_prec=str(precision)).where
    assert (where.sigma_major_m, where.basis) == WHERE_PRECISION[precision]
    assert where.sigma_major_m >= 1_000.0


def test_an_event_in_a_known_town_has_the_towns_size(context: ReadingContext) -> None:
    """A city is larger than a village; its centre stands for all of it."""
    large = _observation(context, where_coordinates="Birch city").where
    assert large.sigma_major_m == 4_000.0
    other = _observation(context, where_coordinates="Birch city", latitude="1.5").where
    assert other.sigma_major_m == 2_500.0, "another Birch, 55 km away"
    small = _observation(context, where_coordinates="Elm town").where
    assert small.sigma_major_m == 2_500.0, "a small town gains nothing"
    elsewhere = _observation(context, where_coordinates="Eastshire").where
    assert elsewhere.sigma_major_m == 2_500.0, "a district is no settlement"


@pytest.mark.parametrize(
    ("headline", "kind", "word"),
    [
        ("Shelling kills two", Kind.EXPLOSION, "Shelling"),
        ("Soldiers hit by mortar, one on mine", Kind.EXPLOSION, "mortar"),
        ("Bus hits landmine", Kind.MINE, "landmine"),
        ("Fighting at coal mine", Kind.CLASH, ""),
        ("Battle near Novograd", Kind.CLASH, ""),
        ("Двое погибли при обстреле", Kind.EXPLOSION, "обстреле"),
    ],
)
def test_headlines_tell_what_happened(
    headline: str, kind: Kind, word: str, context: ReadingContext
) -> None:
    """The type says who against whom; only the words say what was seen."""
    event = _observation(context, source_headline=headline)
    assert (event.kind, event.weapon_word) == (kind, word)


@pytest.mark.parametrize(
    ("violence", "kind"),
    [("1", Kind.EXPLOSION), ("2", Kind.EXPLOSION), ("3", Kind.HARM)],
)
def test_one_sided_violence_is_harm(
    violence: str, kind: Kind, context: ReadingContext
) -> None:
    """Whoever kills captives or bystanders on purpose does not fight."""
    event = _observation(
        context, type_of_violence=violence, source_headline="Shelling kills two"
    )
    assert event.kind is kind


def test_an_unclear_event_is_less_credible(context: ReadingContext) -> None:
    """The institute itself says that the press was less clear."""
    assert str(_observation(context).grade) == "B2"
    assert str(_observation(context, event_clarity="2").grade) == "B3"


def test_counts_that_contradict_each_other_are_widened_and_said(
    context: ReadingContext,
) -> None:
    """The real file has such rows; the event is good, its counts are not silently
    so."""
    event = _observation(context, low="7", best="7", high="6")
    assert event.deaths == Deaths(low=6, best=7, high=7)
    assert "the source counts low 7, best 7, high 6" in event.text


def test_one_article_cited_twice_is_one_witness() -> None:
    """Case, blanks and punctuation differ between entries that cite the same text."""
    assert post_from_article("Wire,2031-05-04,Two  die: officials ") == (
        post_from_article("WIRE,2031-05-04,Two die - officials")
    )
    assert post_from_article("Wire,2031-05-04,Two die") != (
        post_from_article("Wire,2031-05-05,Two die")
    )


def test_days_out_of_order_and_ahead_are_quarantined(context: ReadingContext) -> None:
    """An end before its start, and a day that has not begun."""
    (line,) = _read(context, date_end="2031-05-02").quarantined
    assert "is before start" in line.reason
    (line,) = _read(context, date_end="2031-05-07").quarantined
    assert "date in the future" in line.reason
    assert _read(context, date_end="2031-05-06").observations


def test_a_settlement_keeps_its_basis(context: ReadingContext) -> None:
    """What it rests on is a name, even where the codebook calls it exact."""
    assert _observation(context).where.basis is PlaceBasis.SETTLEMENT
