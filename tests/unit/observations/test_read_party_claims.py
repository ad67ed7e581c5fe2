"""What a party claims as observations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.formats.party_claims import Claim, Disc, encode
from truce.observations.context import Bounds, ReadingContext
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Deaths, Observation
from truce.observations.read_party_claims import READER
from truce.places import PlaceBasis

START = datetime(2031, 5, 6, 7, tzinfo=UTC)
CLAIM = Claim(
    claim_id="c1",
    stated_at=START + timedelta(hours=3),
    party="Nordland",
    asserts="occurred",
    kind="shelling",
    start=START,
    end=START + timedelta(hours=1),
    disc=Disc(lat_deg=1.5, lon_deg=2.5, radius_m=4000.0),
    place="Elm",
    weapon="mortar",
    deaths=2,
    text="two died",
    sources="https://t.me/invented/12",
)


def _observation(context: ReadingContext, claim: Claim) -> Observation:
    (observation,) = READER.read(encode([claim]), context).observations
    return observation


def _reason(context: ReadingContext, claim: Claim) -> str:
    (line,) = READER.read(encode([claim]), context).quarantined
    return line.reason


def test_a_claim_is_what_its_party_says(context: ReadingContext) -> None:
    """The party states it in its own cause, so it starts low in the scale."""
    claim = _observation(context, CLAIM)
    assert claim.stated_by == "Nordland"
    assert claim.asserts is Assertion.OCCURRED
    assert (claim.kind, claim.kind_word) == (Kind.EXPLOSION_IMPACT, "shelling")
    assert str(claim.grade) == "D4"
    assert claim.where.sigma_major_m == 2000.0
    assert claim.where.basis is PlaceBasis.SETTLEMENT
    assert claim.deaths == Deaths(low=2, best=2, high=2)
    assert claim.posts == ("tg:invented/12",)
    assert claim.row_key == "Nordland c1"


def test_a_denial_is_kept_as_one(context: ReadingContext) -> None:
    """Read as a report, a denial would prove what it denies."""
    denied = _observation(context, replace(CLAIM, asserts="denied", deaths=None))
    assert denied.asserts is Assertion.DENIED
    assert denied.deaths is None


@pytest.mark.parametrize(
    ("radius_m", "basis"),
    [
        (5_000.0, PlaceBasis.SETTLEMENT),
        (50_000.0, PlaceBasis.DISTRICT),
        (110_000.0, PlaceBasis.PROVINCE),
        (400_000.0, PlaceBasis.COUNTRY),
    ],
)
def test_a_wide_disc_rests_on_little(
    radius_m: float, basis: PlaceBasis, context: ReadingContext
) -> None:
    """A claim about half a country is not exact because it has a centre."""
    disc = Disc(lat_deg=1.5, lon_deg=2.5, radius_m=radius_m)
    assert _observation(context, replace(CLAIM, disc=disc)).where.basis is basis


def test_a_named_place_is_its_area(context: ReadingContext) -> None:
    """Without a disc the gazetteer says how large the named place is."""
    where = _observation(context, replace(CLAIM, disc=None)).where
    assert (where.name, where.sigma_major_m) == ("Elm", 1_500.0)


def test_an_unknown_place_is_quarantined(context: ReadingContext) -> None:
    """A claim about nowhere cannot be checked."""
    claim = replace(CLAIM, disc=None, place="Atlantis")
    assert _reason(context, claim) == "place 'Atlantis' is not in the gazetteer"


def test_a_claim_about_what_comes_is_quarantined(context: ReadingContext) -> None:
    """A threat or a forecast is no report of an event."""
    claim = replace(CLAIM, stated_at=START + timedelta(minutes=30))
    assert "after it was stated" in _reason(context, claim)


def test_a_claim_from_the_future_is_quarantined(context: ReadingContext) -> None:
    """It was handed in before it was stated: its date is wrong."""
    claim = replace(CLAIM, stated_at=datetime(2031, 5, 7, tzinfo=UTC))
    assert "date in the future" in _reason(context, claim)


def test_a_claim_on_other_land_is_quarantined(context: ReadingContext) -> None:
    """Swapped degrees are told apart from another country."""
    land = Bounds(name="Land", south_deg=2, north_deg=3, west_deg=1, east_deg=2)
    assert "look swapped" in _reason(replace(context, bounds=land), CLAIM)
