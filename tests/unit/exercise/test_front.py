"""Who holds what, on either side of the line."""

import pytest

from truce.exercise._front import (
    EASTERN,
    WESTERN,
    behind,
    front_at,
    front_length_m,
    holder_at,
    nearest_front,
    other_party,
)
from truce.exercise._plane import gap_m
from truce.exercise._towns import town_named, towns


@pytest.mark.parametrize("party", [WESTERN, EASTERN])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_behind_is_on_the_own_side(party: str, share: float) -> None:
    """A gun that stood on the wrong side would blame the wrong party in the truth."""
    along_m = share * front_length_m()
    spot = behind(along_m, party, 6_000.0)
    assert holder_at(spot) == party
    assert gap_m(spot, front_at(along_m).spot) == pytest.approx(6_000.0)


def test_towns_are_held_by_whom_the_map_shows() -> None:
    """Capitals lie far behind, and each side holds towns of the other by the border."""
    assert holder_at(town_named("Selmar").spot) == WESTERN
    assert holder_at(town_named("Orvane").spot) == EASTERN
    for country in (WESTERN, EASTERN):
        own = [town for town in towns() if town.country == country]
        assert any(holder_at(town.spot) != country for town in own)
        assert sum(holder_at(town.spot) == country for town in own) > len(own) / 2


def test_nearest_front_finds_a_point_of_the_line_again() -> None:
    """Distance from the line decides what clauses bind."""
    along_m, away_m = nearest_front(front_at(60_000.0).spot)
    assert away_m < 1.0
    assert along_m == pytest.approx(60_000.0, abs=600.0)


def test_beyond_the_ends_is_the_end() -> None:
    """A reply may be drawn a little past the coast; it must stay on land."""
    assert front_at(-5_000.0) == front_at(0.0)
    assert front_at(front_length_m() + 9_000.0) == front_at(front_length_m())


def test_each_has_one_enemy() -> None:
    """There are two parties."""
    assert other_party(WESTERN) == EASTERN
    assert other_party(EASTERN) == WESTERN
