"""What a party claims, in our own format."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidDelivery
from truce.formats.party_claims import COLUMNS, Claim, Disc, decode, encode
from truce.formats.rows import Decoded, Fault
from truce.instants import EPOCH

HEADER = ",".join(COLUMNS.names)
AT = "2031-05-06T07:00:00Z"
ROW = f"c1,{AT},Nordland,occurred,shelling,{AT},,1.5,2.5,500,Elm,,2,two died,"


def _decoded(row: str) -> Claim | Fault:
    (decoded,) = decode(f"{HEADER}\n{row}\n".encode())
    return decoded.value if isinstance(decoded, Decoded) else decoded


def test_a_claim_is_read() -> None:
    """An empty end means the moment of the start; the disc says how well it is
    placed."""
    moment = datetime(2031, 5, 6, 7, tzinfo=UTC)
    assert _decoded(ROW) == Claim(
        claim_id="c1",
        stated_at=moment,
        party="Nordland",
        asserts="occurred",
        kind="shelling",
        start=moment,
        end=moment,
        disc=Disc(lat_deg=1.5, lon_deg=2.5, radius_m=500.0),
        place="Elm",
        deaths=2,
        text="two died",
    )


def test_a_claim_may_name_its_place_only() -> None:
    """A spokesman names a village; a position would be more than was said."""
    claim = _decoded(ROW.replace("1.5,2.5,500", ",,"))
    assert isinstance(claim, Claim)
    assert (claim.disc, claim.place) == (None, "Elm")


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("1.5,2.5,500,Elm", ",,,", "place is empty, expected a name, because"),
        ("1.5,2.5,500", "1.5,2.5,", "radius_m is empty"),
        ("1.5,2.5,500", "1.5,2.5,0", "radius_m is '0'"),
        ("occurred", "perhaps", "asserts is 'perhaps', expected one of denied, occurr"),
        ("c1", "", "claim_id is empty"),
        ("Nordland", "", "party is empty"),
        (",2,two", ",some,two", "deaths is 'some'"),
        (AT, "2031-05-06", "expected an offset"),
    ],
)
def test_a_wrong_field_is_a_fault(good: str, bad: str, reason: str) -> None:
    """A claim must say who, what, when and where, or it cannot be weighed."""
    fault = _decoded(ROW.replace(good, bad))
    assert isinstance(fault, Fault)
    assert reason in fault.reason


def test_a_claim_without_its_columns_is_refused() -> None:
    """A party that leaves a column out has not filled in the form."""
    with pytest.raises(InvalidDelivery, match="header lacks asserts"):
        decode(HEADER.replace("asserts,", "").encode())


# What breaks a format: its own signs, line ends of all kinds, other scripts.
_LETTERS = 'aжї,;"{\\ \t\n\r\u2028\x1f🚁'
_texts = st.text(_LETTERS, max_size=6)
_filled = _texts.filter(lambda text: bool(text) and not text.isspace())
_moments = st.timedeltas(timedelta(days=-7000), timedelta(days=40_000)).map(
    EPOCH.__add__
)
_discs = st.builds(
    Disc,
    lat_deg=st.floats(-90, 90),
    lon_deg=st.floats(-180, 180),
    radius_m=st.floats(0.001, 5e6),
)
_claims = st.builds(
    Claim,
    claim_id=_filled,
    stated_at=_moments,
    party=_filled,
    asserts=st.sampled_from(["occurred", "denied"]),
    kind=_filled,
    start=_moments,
    end=_moments,
    disc=st.none() | _discs,
    place=_filled,
    weapon=_texts,
    deaths=st.none() | st.integers(0, 10_000_000),
    text=_texts,
    sources=_texts,
)


class TestRoundTrip:
    """decode(encode(x)) == x."""

    @given(st.lists(_claims, max_size=5))
    def test_what_is_written_is_read_again(self, claims: list[Claim]) -> None:
        """A party's words must come through as it wrote them."""
        rows = list(decode(encode(claims)))
        assert [row.value for row in rows if isinstance(row, Decoded)] == claims
        assert len(rows) == len(claims)
