"""One post has one name, however its link was written."""

from datetime import UTC, datetime

import pytest

from truce.observations.posts import (
    instant_of_post,
    post_from_link,
    posts_from_links,
    unique_posts,
)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (
            "https://twitter.com/Someone/status/1496717647089651716",
            "tw:1496717647089651716",
        ),
        ("https://mobile.twitter.com/a/status/12345?s=20&t=x", "tw:12345"),
        ("https://x.com/a/status/12345/photo/1", "tw:12345"),
        ("https://twitter.com/a/statuses/12345", "tw:12345"),
        ("https://t.me/Channel_One/77?single", "tg:channel_one/77"),
        ("https://t.me/s/channel_one/77", "tg:channel_one/77"),
        ("t.me/channel_one/77", "tg:channel_one/77"),
        ("https://t.me/c/1348/194", "tg:c/1348/194"),
        ("https://www.youtube.com/watch?app=desktop&v=aB-c_1", "yt:aB-c_1"),
        ("https://youtu.be/aB-c_1?t=3", "yt:aB-c_1"),
        ("https://youtube.com/shorts/aB-c_1", "yt:aB-c_1"),
        ("https://www.tiktok.com/@a.b_1/video/705975?is_copy=1", "tiktok:705975"),
        ("https://vm.tiktok.com/ZML4y/", "vm.tiktok.com/ZML4y"),
        (
            "https://www.facebook.com/someone/posts/493641112318448",
            "fb:493641112318448",
        ),
        ("https://m.facebook.com/photo.php?fbid=493641&id=1", "fb:493641"),
        ("https://www.facebook.com/watch/?v=923732&ref=sharing", "fb:923732"),
        ("https://vk.com/wall-171_283", "vk:wall-171_283"),
        ("https://www.instagram.com/tv/Cb7/?utm_source=x", "ig:Cb7"),
        ("https://www.instagram.com/accounts/login/?next=/p/Cb7/", "ig:Cb7"),
        ("https://News.Example.org/a/B?ref=1", "news.example.org/a/B"),
        ("https://example.org/ua/news.html?id=7", "example.org/ua/news.html?id=7"),
    ],
)
def test_a_link_names_its_post(link: str, name: str) -> None:
    """Hosts, tracking words and capitals differ; the post is the same."""
    assert post_from_link(link) == name


@pytest.mark.parametrize(
    "link",
    [
        "",
        "HIDDEN",
        "Access can be requested",
        "https://t.me/somechannel",
        "https://twitter.com/home",
        "https://twitter.com/search?q=port",
        "https://twitter.com/someone",
        "https://example.org/",
        "https://t.me/channel/1085…",
        "https://www.google.com/maps/place/Elm/@1.2,3.4",
        "javascript:alert(1)",
        "https://[broken",
    ],
)
def test_a_link_to_no_single_thing_has_no_name(link: str) -> None:
    """Two entries that cite one channel, a map or a withheld post share no witness."""
    assert post_from_link(link) == ""


def test_a_number_too_long_for_a_post_is_not_cut_to_one() -> None:
    """Two links pasted into each other must not name a third post."""
    name = post_from_link("https://twitter.com/a/status/15116641474522030166")
    assert not name.startswith("tw:")


def test_links_side_by_side_are_taken_apart() -> None:
    """Blanks, line ends, commas and nothing at all stand between pasted links."""
    text = (
        "https://t.me/a/1 https://t.me/a/2\nhttps://t.me/a/3, https://t.me/a/4;"
        "https://t.me/a/5https://t.me/a/6 see also https://t.me/a/1"
    )
    assert posts_from_links(text) == tuple(f"tg:a/{n}" for n in range(1, 7))


def test_a_channel_and_a_private_channel_of_one_number_differ() -> None:
    """Private channels are numbered; the number alone is no name."""
    assert post_from_link("https://t.me/c/12/5") != post_from_link(
        "https://t.me/c/13/5"
    )


def test_names_are_kept_once() -> None:
    """A post that is source and geolocation at once is one post."""
    assert unique_posts(["tw:1", "", "tw:2", "tw:1"]) == ("tw:1", "tw:2")


def test_the_number_of_a_post_tells_its_time() -> None:
    """The number is 2022-02-24T04:46:10.187Z by the platform's own scheme."""
    moment = instant_of_post(f"tw:{(1_645_677_970_187 - 1_288_834_974_657) << 22}")
    assert moment == datetime(2022, 2, 24, 4, 46, 10, 187_000, tzinfo=UTC)
    assert instant_of_post("tw:12345") is None
    assert instant_of_post("tg:a/1") is None
