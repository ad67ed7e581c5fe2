"""Incidents of Bellingcat's export made into observations."""

from datetime import date
from decimal import Decimal

import pytest

from truce.formats.bellingcat_civharm import (
    CivilianHarmIncident,
    CivilianHarmSource,
    encode,
)
from truce.observations.context import ReadingContext, days_interval
from truce.observations.kinds import Kind
from truce.observations.model import Observation
from truce.observations.read_bellingcat_civharm import READER, kind_of_incident

DAY = date(2022, 3, 15)


def _incident(
    *,
    paths: tuple[str, ...] = ("https://t.me/A/1", "HIDDEN"),
    location: str = "Elm",
    lat: str = "49.000000",
) -> CivilianHarmIncident:
    return CivilianHarmIncident(
        id="X1",
        day=DAY,
        lat_deg=Decimal(lat),
        lon_deg=Decimal("36.000000"),
        location=location,
        description="School hit by a missile.",
        sources=tuple(
            CivilianHarmSource(id=str(at), path=path, description="")
            for at, path in enumerate(paths)
        ),
        filters=(
            ("Type of area affected", "School or childcare"),
            ("Weapon System", "Unknown"),
        ),
    )


def _one(context: ReadingContext, incident: CivilianHarmIncident) -> Observation:
    (observation,) = READER.read(encode([incident]), context).observations
    return observation


def test_an_incident_becomes_an_observation(context: ReadingContext) -> None:
    """The area affected is the only word of its own that the source has for a kind."""
    seen = _one(context, _incident())
    assert seen.kind is Kind.EXPLOSION_IMPACT
    assert (seen.kind_word, seen.weapon_word) == ("School or childcare", "Unknown")
    assert (seen.row_key, seen.stated_by, seen.line) == ("X1", "Bellingcat", 1)
    assert seen.posts == ("tg:a/1",)
    assert seen.when == days_interval(DAY, DAY)
    assert seen.where.name == "Elm"
    assert str(seen.grade) == "B2"


def test_the_shift_of_the_published_position_is_undone(
    context: ReadingContext,
) -> None:
    """Bellingcat publishes its positions up to 0.0008 degrees south-west of its own."""
    where = _one(context, _incident()).where
    assert where.centre.lat_deg == pytest.approx(49.0004)
    assert where.centre.lon_deg == pytest.approx(36.0004)


def test_withheld_posts_lower_the_grade(context: ReadingContext) -> None:
    """With every post hidden a reader can check nothing."""
    seen = _one(context, _incident(paths=("HIDDEN", "HIDDEN")))
    assert (seen.posts, str(seen.grade)) == ((), "B3")


@pytest.mark.parametrize(
    "location", ["", "Unknown", "Kyiv oblast", "Donbas", "near Elm"]
)
def test_a_location_that_names_no_place_widens_it(
    context: ReadingContext, location: str
) -> None:
    """Who cannot name the town has not found the house."""
    assert _one(context, _incident(location=location)).where.sigma_major_m > 250.0
    assert _one(context, _incident(location="Elm, Kyiv")).where.sigma_major_m < 60.0


def test_a_day_long_after_its_only_post_is_quarantined(context: ReadingContext) -> None:
    """The post is of 2021; one withheld post beside it, and nothing is proven."""
    number = (1_615_809_600_000 - 1_288_834_974_657) << 22
    old = f"https://twitter.com/a/status/{number}"
    (line,) = READER.read(encode([_incident(paths=(old,))]), context).quarantined
    assert "by its own number the post cited is of 2021-03-15" in line.reason
    assert _one(context, _incident(paths=(old, "HIDDEN"))).when == days_interval(
        DAY, DAY
    )


def test_a_latitude_off_the_earth_is_quarantined(context: ReadingContext) -> None:
    """149 degrees north is a typing error."""
    (line,) = READER.read(encode([_incident(lat="149.0")]), context).quarantined
    assert "position 149.0, 36.0 lies outside the world" in line.reason


@pytest.mark.parametrize(
    ("description", "weapon", "kind"),
    [
        ("Woman tells of her loss", "Small arms", Kind.SHOT),
        ("Woman tells of her loss", "Cluster munitions", Kind.EXPLOSION_IMPACT),
        ("Woman tells of her loss", "Unknown", Kind.UNDETERMINED),
        ("Military vehicle beside a car", "Land mines", Kind.MINE),
        ("Church destroyed", "Cruise missile", Kind.DAMAGE),
    ],
)
def test_the_weapon_decides_where_words_are_silent(
    description: str, weapon: str, kind: Kind
) -> None:
    """Words first: a destroyed church is damage, whatever hit it."""
    assert kind_of_incident(description, [weapon]) is kind
