"""What the public says, and those who collect it."""

from collections import Counter

from truce.exercise._plane import position_from_spot
from truce.exercise._press import harm_incidents, monitors_entries, press_entries
from truce.exercise._stories import Tale, tales_of_day
from truce.places import Position, distance_m

_SEED = 1


def _tales(seed: int = _SEED) -> list[Tale]:
    return [tale for day in range(10) for tale in tales_of_day(seed, day)]


def test_some_tales_are_rumours() -> None:
    """Claims of what never happened stand beside the true ones, and cite posts too."""
    tales = _tales()
    rumours = [tale for tale in tales if tale.is_rumour]
    assert 3 <= len(rumours) < len(tales) / 2
    assert all(tale.posts for tale in rumours)


def test_one_post_is_cited_by_several_entries() -> None:
    """Copies are not witnesses: the same address stands in two desks' entries."""
    by_desk: dict[str, set[str]] = {"press": set(), "monitors": set(), "harm": set()}
    links = Counter[str]()
    for day in range(10):
        for _, entry in press_entries(_SEED, day):
            by_desk["press"].add(entry.links)
            links[entry.links] += 1
        for entry in monitors_entries(_SEED, day):
            by_desk["monitors"].update(entry.links.split())
        for incident in harm_incidents(_SEED, day):
            by_desk["harm"].update(source.path for source in incident.sources)
    assert by_desk["press"] & by_desk["monitors"]
    assert by_desk["monitors"] & by_desk["harm"]
    assert max(links.values()) > 1


def test_posts_lead_nowhere() -> None:
    """No address of the exercise may be a real one: all stand under `.example`."""
    for tale in _tales():
        for post in tale.posts:
            assert post.url.startswith("https://posts.example/")


def test_monitors_are_late_and_exact_and_do_not_repeat_rumours() -> None:
    """Their positions are within a few hundred metres of what happened, days later."""
    tales = [tale for tale in _tales() if not tale.is_rumour]
    count = 0
    for day in range(10):
        for entry in monitors_entries(_SEED, day):
            count += 1
            where = Position(lat_deg=float(entry.lat_deg), lon_deg=float(entry.lon_deg))
            near = [
                tale
                for tale in tales
                if distance_m(position_from_spot(tale.spot), where) < 300.0
            ]
            assert near, entry
    assert count > 5
    assert not monitors_entries(_SEED, 0)


def test_the_press_places_things_at_the_town_and_sometimes_at_the_wrong_one() -> None:
    """Who reads the press must not take its degrees for a crater."""
    by_post = {post.url: tale for tale in _tales() for post in tale.posts}
    right = wrong = 0
    for day in range(10):
        for _, entry in press_entries(_SEED, day):
            is_right = by_post[entry.links].town.name == entry.town
            right, wrong = right + is_right, wrong + (not is_right)
    assert 0 < wrong < right / 4
