"""Entries of the Eyes on Russia map made into observations."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from truce.formats.eyes_on_russia import EyesOnRussiaEntry, encode
from truce.observations.context import ReadingContext, days_interval
from truce.observations.kinds import Kind
from truce.observations.model import Observation, Reading
from truce.observations.ports import PlaceNames
from truce.observations.read_eyes_on_russia import READER, kind_of_entry
from truce.places import PlaceBasis

DAY = date(2022, 3, 15)
# A post of 15 March 2022, noon UTC, by its number.
POST = f"https://twitter.com/a/status/{(1_647_345_600_000 - 1_288_834_974_657) << 22}"


def _entry(**changes: object) -> EyesOnRussiaEntry:
    values: dict[str, object] = {
        "entry": "X1",
        "day": DAY,
        "event_group": "Civilian Infrastructure Damage March 2022",
        "title": "15/03/2022 Image 3: school damaged by shelling",
        "description": "Image 3",
        "lat_deg": Decimal("49.123456"),
        "lon_deg": Decimal("36.654321"),
        "country": "Ukraine",
        "province": "Some Oblast",
        "district": "",
        "town": "Elm",
        "munition": "Grad",
        "violence_level": "2",
        "links": POST,
        "geolocation_links": "https://t.me/geo/5",
    }
    return EyesOnRussiaEntry(**(values | changes))  # type: ignore[arg-type]  # by name


def _read(gazetteer: PlaceNames, *entries: EyesOnRussiaEntry) -> Reading:
    received_at = datetime(2023, 1, 1, tzinfo=UTC)
    return READER.read(
        encode(entries),
        ReadingContext(
            statement=3,  # type: ignore[arg-type]  # a bare index will do
            received_at=received_at,
            gazetteer=gazetteer,
        ),
    )


def _one(gazetteer: PlaceNames, **changes: object) -> Observation:
    (observation,) = _read(gazetteer, _entry(**changes)).observations
    return observation


def _reason(gazetteer: PlaceNames, **changes: object) -> str:
    (line,) = _read(gazetteer, _entry(**changes)).quarantined
    return line.reason


def test_an_entry_becomes_an_observation(gazetteer: PlaceNames) -> None:
    """The source's own words are kept; the kind is ours."""
    seen = _one(gazetteer)
    assert seen.kind is Kind.DAMAGE
    assert seen.kind_word == "Civilian Infrastructure Damage March 2022"
    assert seen.text == "Image 3: school damaged by shelling"
    assert (seen.row_key, seen.weapon_word, seen.line) == ("X1", "Grad", 2)
    assert seen.when == days_interval(DAY, DAY)
    assert seen.posts == (f"tw:{POST.rsplit('/', 1)[-1]}", "tg:geo/5")
    assert str(seen.grade) == "B2"
    assert seen.where.name == "Elm, Some Oblast, Ukraine"
    assert (seen.where.centre.lat_deg, seen.where.centre.lon_deg) == (
        49.123456,
        36.654321,
    )


@pytest.mark.parametrize("missing", ["links", "geolocation_links"])
def test_what_is_not_shown_lowers_the_grade(
    gazetteer: PlaceNames, missing: str
) -> None:
    """A withheld post or an unshown geolocation cannot be checked by a reader."""
    assert str(_one(gazetteer, **{missing: ""}).grade) == "B3"


def test_a_place_nobody_showed_the_finding_of_is_known_less_well(
    gazetteer: PlaceNames,
) -> None:
    """And one that the curator doubts, less still."""
    sigmas = [
        _one(gazetteer).where.sigma_major_m,
        _one(gazetteer, geolocation_links="").where.sigma_major_m,
        _one(
            gazetteer, munition="not sure about exact coordinates"
        ).where.sigma_major_m,
    ]
    assert sigmas == pytest.approx([50.0, 100.0, 250.0], abs=0.01)


def test_a_settlement_geocoded_is_an_area_under_its_own_name(
    gazetteer: PlaceNames,
) -> None:
    """Elm stands at 1, 2 in the gazetteer; the entry copies that."""
    where = _one(
        gazetteer, lat_deg=Decimal("1.0"), lon_deg=Decimal("2.0"), country="Nordland"
    ).where
    assert where.basis is PlaceBasis.SETTLEMENT
    assert where.name == "Elm, Some Oblast, Nordland"


def test_two_days_that_contradict_are_both_held(gazetteer: PlaceNames) -> None:
    """The date and the title differ by a month: the event was in between."""
    seen = _one(gazetteer, title="15/04/2022 School damaged")
    assert seen.when == days_interval(DAY, date(2022, 4, 15))


def test_days_a_year_apart_are_quarantined(gazetteer: PlaceNames) -> None:
    """One of them is wrong, and the other is then no better."""
    assert _reason(gazetteer, title="15/03/2021 School damaged") == (
        "date is 2022-03-15, but the title says 2021-03-15; one of them is wrong"
    )


def test_a_day_after_its_own_post_is_quarantined(gazetteer: PlaceNames) -> None:
    """The post is of March; nothing it shows happened in November."""
    reason = _reason(gazetteer, day=date(2022, 11, 1), title="01/11/2022 School")
    assert "by its own number the post cited is of 2022-03-15" in reason


def test_a_title_of_the_last_year_there_is_does_not_break_the_reading(
    gazetteer: PlaceNames,
) -> None:
    """A hostile row must end in quarantine, never in an exception."""
    assert "the title says 2099-12-31" in _reason(gazetteer, title="31/12/2099 School")


def test_a_day_to_come_is_quarantined(gazetteer: PlaceNames) -> None:
    """Received on 1 January 2023, dated two days later."""
    reason = _reason(gazetteer, day=date(2023, 1, 3), title="School", links="")
    assert "date in the future" in reason


def test_swapped_degrees_are_told_as_such(gazetteer: PlaceNames) -> None:
    """36 N 49 E is no place in Ukraine; 49 N 36 E is."""
    reason = _reason(
        gazetteer, lat_deg=Decimal("36.654321"), lon_deg=Decimal("49.123456")
    )
    assert "outside Ukraine; latitude and longitude look swapped" in reason


def test_a_longitude_copied_from_the_latitude_is_no_position(
    gazetteer: PlaceNames,
) -> None:
    """48.6, 48.6 lies on earth, but nobody found it on a map."""
    reason = _reason(gazetteer, lon_deg=Decimal("49.123456"))
    assert reason == "lat and lon are both 49.123456; one was copied over the other"


def test_an_entry_that_names_another_country_may_lie_there(
    gazetteer: PlaceNames,
) -> None:
    """The map also shows trains in Siberia."""
    far = {"lat_deg": Decimal("57.145359"), "lon_deg": Decimal("65.522252")}
    assert _one(gazetteer, country="Russia", **far).kind_word
    assert "outside Ukraine" in _reason(gazetteer, country="ukraine", **far)


def test_one_number_with_two_contents_is_two_observations(
    gazetteer: PlaceNames,
) -> None:
    """A repeated row is a duplicate, a repeated number with other content is not."""
    reading = _read(
        gazetteer, _entry(), _entry(lat_deg=Decimal("49.2")), _entry(), _entry(entry="")
    )
    last = reading.observations[-1]
    assert [seen.row_key for seen in reading.observations] == ["X1", "X1", last.id]
    assert len({seen.id for seen in reading.observations}) == 3
    assert reading.duplicate_lines == (4,)
    assert reading.rows_read == 4


@pytest.mark.parametrize(
    ("event_group", "text", "kind"),
    [
        ("Munitions", "Rocket in the street", Kind.EXPLOSION_IMPACT),
        ("Civilian Casualty", "Image 2", Kind.HARM),
        ("Civilian Casualty", "Tank in the street", Kind.HARM),
        ("Russian Military Presence May 2022", "Tanks on a train", Kind.WEAPON_PRESENT),
        ("Russian Military Presence May 2022", "Image 1", Kind.FORCES_PRESENT),
        ("Russian Military Losses Feb - June", "Abandoned tank", Kind.WEAPON_PRESENT),
        ("Detentions or Arrests", "Shots fired, one arrested", Kind.UNDETERMINED),
        ("Other", "People queue for bread", Kind.UNDETERMINED),
    ],
)
def test_words_and_group_decide_together(
    event_group: str, text: str, kind: Kind
) -> None:
    """A group about events is stronger than a text that merely names a weapon."""
    assert kind_of_entry(event_group, text) is kind
