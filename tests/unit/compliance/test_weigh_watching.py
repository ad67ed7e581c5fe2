"""How much was seen: who looked where, when, and how well."""

from datetime import UTC, datetime, timedelta

import pytest

from truce.agreement.shapes import AnyOf, Points, Shape, Within
from truce.compliance.model import WatchFact
from truce.compliance.weigh_watching import sample_points, share_watched
from truce.instants import Interval
from truce.places import Position, moved

HOME = Position(lat_deg=34.5, lon_deg=-42.0)
START = datetime(2031, 5, 4, tzinfo=UTC)
DAY = Interval(start=START, end=START + timedelta(hours=24))


def _circle(radius_m: float, at: Position = HOME) -> Within:
    return Within(of=Points(positions=(at,)), distance_m=radius_m)


def _watch(
    observer: str = "post",
    *,
    hours: tuple[float, float] = (0.0, 24.0),
    notices: float = 0.9,
    range_m: float = 50_000.0,
    at: Position = HOME,
) -> WatchFact:
    return WatchFact(
        centre=at,
        range_m=range_m,
        interval=Interval(
            start=START + timedelta(hours=hours[0]),
            end=START + timedelta(hours=hours[1]),
        ),
        detection_probability=notices,
        observer=observer,
    )


def _seen(
    *watches: WatchFact, shape: Shape | None = None, at_least: float = 0.8
) -> float:
    area = _circle(5_000.0) if shape is None else shape
    return share_watched(area, DAY, watches, noticed_from=at_least).seen_share


def test_nobody_looked() -> None:
    """No watch at all: nothing was seen and nothing was looked at."""
    assert share_watched(_circle(1_000.0), DAY, [], noticed_from=0.8) == (0.0, 0.0)


def test_one_good_observer_sees_everything_in_range() -> None:
    """A post that hears the whole area all day, with exactly the probability
    required."""
    assert _seen(_watch(notices=0.8)) == pytest.approx(1.0)
    assert _seen(_watch(notices=0.79)) == 0.0


def test_looking_badly_is_told_apart_from_not_looking() -> None:
    """A post that notices half: nothing was seen well enough, but somebody was
    there."""
    watched = share_watched(
        _circle(5_000.0), DAY, [_watch(notices=0.5)], noticed_from=0.8
    )

    assert watched.seen_share == 0.0
    assert watched.looked_share == pytest.approx(1.0)


def test_independent_observers_add_up() -> None:
    """Two posts that notice 60 in 100 each notice 84 together; one that says so twice
    60."""
    assert _seen(_watch("a", notices=0.6), _watch("b", notices=0.6)) == pytest.approx(
        1.0
    )
    assert _seen(_watch("a", notices=0.6), _watch("a", notices=0.6)) == 0.0


def test_the_share_of_time_counts() -> None:
    """Six hours of watch, three of them doubled by a second post, in a day of 24."""
    assert _seen(_watch("a", hours=(2, 8)), _watch("b", hours=(5, 8))) == pytest.approx(
        0.25
    )


def test_watches_before_and_after_the_window_do_not_count() -> None:
    """A watch from yesterday evening to tomorrow morning sees the day, and no more than
    it."""
    assert _seen(_watch(hours=(-5, 30))) == pytest.approx(1.0)


def test_the_share_of_the_area_counts() -> None:
    """A watch over the inner half of a town's area, to within the step of the
    lattice."""
    inner = _watch(range_m=5_000.0 / 2**0.5)

    assert _seen(inner) == pytest.approx(0.5, abs=0.02)


def test_far_apart_sites_are_each_sampled() -> None:
    """Two power stations 200 km apart, one watched: half is seen, not all and not
    nothing."""
    far = moved(HOME, east_m=80_000.0, north_m=0.0)
    sites = AnyOf(members=(_circle(500.0), _circle(500.0, far)))

    assert _seen(_watch(range_m=10_000.0), shape=sites) == pytest.approx(0.5, abs=0.02)
    assert sum(sample_points(sites)[1]) == pytest.approx(1.0)


def test_a_site_too_small_for_the_lattice_is_its_own_middle() -> None:
    """A large zone and a small pump house: the pump house is not forgotten."""
    far = moved(HOME, east_m=60_000.0, north_m=0.0)
    shape = AnyOf(members=(_circle(20_000.0), _circle(20.0, far)))
    only_pump_house = _watch(range_m=1_000.0, at=far)

    assert 0.0 < _seen(only_pump_house, shape=shape) < 1e-4


def test_the_order_of_the_watches_does_not_matter() -> None:
    """The same watches handed in backwards: the same share, to the last bit."""
    watches = [
        _watch(
            f"post {n}", hours=(n, n + 7), notices=0.3 + 0.05 * n, range_m=4_000.0 + n
        )
        for n in range(9)
    ]

    assert _seen(*watches) == _seen(*reversed(watches))
