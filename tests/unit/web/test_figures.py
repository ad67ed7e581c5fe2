"""Numbers and times as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from truce.instants import Interval
from truce.places import PlaceBasis, Position, round_place
from truce.web.figures import Figures, radius_95_m

_AT = datetime(2031, 7, 3, 21, 40, tzinfo=UTC)


def _span(**length: float) -> Interval:
    return Interval(start=_AT, end=_AT + timedelta(**length))


def test_decimals_are_those_of_the_language() -> None:
    """1.2 in English is 1,2 in Ukrainian and French."""
    assert Figures("en", UTC).decimal(1.25, 1) == "1.2"
    assert Figures("uk", UTC).decimal(0.5, 2) == "0,50"
    assert Figures("fr", UTC).kilometres(1250.0) == "1,2"


def test_thousands_are_parted() -> None:
    """138869 rows are read as 138 869."""
    assert Figures("en", UTC).number(138_869) == "138\u202f869"


@pytest.mark.parametrize(
    ("metres", "text"),
    [(60.0, "0.06"), (949.0, "0.95"), (950.0, "0.9"), (9_940.0, "9.9"), (12_400, "12")],
)
def test_uncertainties_have_two_figures(metres: float, text: str) -> None:
    """Nobody knows an uncertainty to the metre."""
    assert Figures("en", UTC).kilometres(metres) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0"), (0.001, "1"), (0.5, "50"), (0.999, "99"), (1, "100")],
)
def test_almost_is_not_all(share: float, text: str) -> None:
    """A share of 99.9 % must not read as everything, nor 0.1 % as nothing."""
    assert Figures("en", UTC).percent(share) == f"{text}\u202f%"


def test_places_have_letters() -> None:
    """South and west are told by letters, not by a minus that gets lost."""
    place = Position(lat_deg=-12.3456, lon_deg=-0.5)
    assert Figures("en", UTC).coordinates(place) == "12.346°\u00a0S 0.500°\u00a0W"


def test_spans_are_local_and_utc() -> None:
    """In Kyiv it is past midnight while in UTC it is still the evening before."""
    figures = Figures("en", ZoneInfo("Europe/Kyiv"))
    assert figures.span_long(_span()) == "4\u00a0Jul 2031 00:40"
    assert figures.span_long(_span(minutes=20)) == "4\u00a0Jul 2031 00:40–01:00"
    assert figures.span_utc(_span(minutes=20)) == "2031-07-03 21:40–22:00 UTC"
    assert figures.span_short(_span(minutes=20)) == "00:40–01:00"
    assert figures.span_utc(_span(hours=4)).endswith("2031-07-04 01:40 UTC")


def test_days_are_told_as_days() -> None:
    """What a source dated to a day happened within it; no hour is made up."""
    day = Interval(
        start=datetime(2031, 7, 3, tzinfo=UTC), end=datetime(2031, 7, 4, tzinfo=UTC)
    )
    figures = Figures("en", UTC)
    assert figures.span_long(day) == "3\u00a0Jul 2031"
    assert figures.span_short(day) == "within the day"
    assert figures.span_short(_span(days=30)) == "within 30 days"


def test_a_forms_field_holds_local_time() -> None:
    """What is written into a field comes back as the same moment."""
    zone = ZoneInfo("Europe/Kyiv")
    text = Figures("en", zone).local_input(_AT)
    assert text == "2031-07-04T00:40"
    assert datetime.fromisoformat(text).replace(tzinfo=zone) == _AT


def test_a_place_reaches_2_45_sigmas() -> None:
    """The 95 % radius of a round normal with one sigma of 1 km is 2.45 km."""
    place = round_place(
        Position(lat_deg=0, lon_deg=0), sigma_m=1000.0, basis=PlaceBasis.POINT
    )
    assert radius_95_m(place) == pytest.approx(2447.7, abs=0.1)
