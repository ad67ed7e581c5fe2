"""The names of posts, films and articles that entries cite: one thing, one name.

Two observations that cite the same post are one witness, so a post must have the same
name however its link was written (mobile host, tracking query, photo number, capital
letters), and two posts must never share one. A link that names no single thing (a
channel, a home page, a search, a link cut short) has no name: sharing it shows nothing.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from truce.instants import EPOCH

# Where the source's own tools cut a long link; what stands before it is another post's
# number.
_CUT_SHORT: Final = ("…", "...")
# Links stand side by side, or are stuck together by a careless paste.
_BOUNDARY: Final = re.compile(r"[\s,;]+(?=https?://|$)|\s+|(?<=\S)(?=https?://)")
_HOST_LIKE: Final = re.compile(r"[\w-]+(\.[\w-]+)+/", re.ASCII)
# Hosts that serve the same pages under several names.
_HOST_PREFIX: Final = re.compile(r"^(www|m|mobile|web|uk-ua|ru-ru)\.")
# Pages of a platform that everybody can open and nothing is shown by.
_NO_POST: Final = frozenset({"home", "search", "explore", "hashtag", "login"})

# A map shows where something would be, never that it was.
_MAPS: Final = re.compile(
    r"(google\.[a-z.]+/maps|goo\.gl/maps|images\.app\.goo\.gl|google\.[a-z.]+/search)"
)
# Pages of which only the query says what they show.
_PAGES_BY_QUERY: Final = frozenset({"index.php", "news.html", "viewer"})

# Source: Twitter's snowflake scheme: the bits above the lowest 22 are milliseconds
# since this moment (2010-11-04T01:42:54.657Z).
_SNOWFLAKE_EPOCH: Final = EPOCH + timedelta(milliseconds=1_288_834_974_657)
_SNOWFLAKE_SHIFT: Final = 22
# Numbers below this were given out in sequence, before snowflakes, and carry no time.
_SNOWFLAKE_MIN: Final = 30_000_000_000


def posts_from_links(text: str) -> tuple[str, ...]:
    """The names of everything that a field of links cites, each once, in their order.

    Links may be separated by blanks, line ends, commas or semicolons. Words between
    them ("access can be requested") name nothing. An empty text gives nothing.
    """
    return unique_posts(post_from_link(part) for part in _BOUNDARY.split(text))


def unique_posts(names: Iterable[str]) -> tuple[str, ...]:
    """The names that are not empty, each once, in the order of their first mention."""
    return tuple(dict.fromkeys(name for name in names if name))


def post_from_link(link: str) -> str:
    """The name of the one thing that a link leads to, or nothing.

    `tw:<number>`, `tg:<channel>/<number>`, `yt:<film>`, `tiktok:<number>`,
    `fb:<number>`, `vk:<kind><owner>_<number>`, `ig:<code>`; for any other host the host
    in small letters with the path as it stands, without the query. A page of a map
    names nothing.
    """
    link = link.strip().strip("<>()[]\"'")
    if link.endswith(_CUT_SHORT):
        return ""
    if "://" not in link:
        if not _HOST_LIKE.match(link):
            return ""
        link = "https://" + link
    try:
        parts = urlsplit(link)
        host = _HOST_PREFIX.sub("", (parts.hostname or "").lower())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if _MAPS.match(host + parts.path):
        return ""
    namer = _NAMERS.get(host)
    return namer(parts) if namer else _other(host, parts.path, parts.query)


def instant_of_post(name: str) -> datetime | None:
    """When a post was made, where its own number says so (`tw:` only); None elsewhere.

    Nothing that a post shows happened after it. The day that an entry is dated to may
    be later than the truth, never its post.
    """
    if not name.startswith("tw:"):
        return None
    number = int(name[3:])
    if number < _SNOWFLAKE_MIN:
        return None
    return _SNOWFLAKE_EPOCH + timedelta(milliseconds=number >> _SNOWFLAKE_SHIFT)


def _other(host: str, path: str, query: str = "") -> str:
    trimmed = path.rstrip("/")
    if not trimmed:
        return ""
    if query and trimmed.rsplit("/", 1)[-1] in _PAGES_BY_QUERY:
        return f"{host}{trimmed}?{query}"
    return host + trimmed


# Longer numbers are no 64-bit integers: two links pasted into each other.
_TWEET: Final = re.compile(r"/(?:\w+|i/web)/status(?:es)?/(\d{1,19})(?:/.*)?", re.ASCII)


def _twitter(parts: SplitResult) -> str:
    if found := _TWEET.fullmatch(parts.path):
        return "tw:" + found[1]
    first = parts.path.strip("/").split("/")[0].lower()
    if first in _NO_POST or "/" not in parts.path.strip("/"):
        return ""
    return _other("twitter.com", parts.path)


_TELEGRAM: Final = re.compile(r"/(?:s/)?(c/\d+|\w+)/(?:\d+/)?(\d+)/?", re.ASCII)


def _telegram(parts: SplitResult) -> str:
    found = _TELEGRAM.fullmatch(parts.path)
    return f"tg:{found[1].lower()}/{found[2]}" if found else ""


_YOUTUBE: Final = re.compile(r"/(?:shorts|live|embed|v)/([\w-]+)/?", re.ASCII)


def _youtube(parts: SplitResult) -> str:
    if found := _YOUTUBE.fullmatch(parts.path):
        return "yt:" + found[1]
    film = parse_qs(parts.query).get("v", [""])[0]
    return "yt:" + film if film else ""


def _youtube_short(parts: SplitResult) -> str:
    film = parts.path.strip("/")
    return "yt:" + film if film else ""


_TIKTOK: Final = re.compile(
    r"/(?:@[\w.-]+/(?:video|photo)|v)/(\d+)(?:\.html)?/?", re.ASCII
)


def _tiktok(parts: SplitResult) -> str:
    if found := _TIKTOK.fullmatch(parts.path):
        return "tiktok:" + found[1]
    return _other("tiktok.com", parts.path) if "/" in parts.path.strip("/") else ""


def _tiktok_short(parts: SplitResult) -> str:
    return _other("vm.tiktok.com", parts.path)


_FACEBOOK: Final = re.compile(r"/(?:[^/]+/)*?(?:posts|videos|photos|permalink)/(.+)")
_NUMBER_AT_END: Final = re.compile(r"(\w{6,})/?$", re.ASCII)


def _facebook(parts: SplitResult) -> str:
    query = parse_qs(parts.query)
    for key in ("story_fbid", "fbid", "v"):
        if value := query.get(key, [""])[0]:
            return "fb:" + value
    found = _FACEBOOK.fullmatch(parts.path)
    number = _NUMBER_AT_END.search(found[1]) if found else None
    return "fb:" + number[1] if number else ""


_VK: Final = re.compile(r"(wall|video|photo|clip)(-?\d+_\d+)", re.ASCII)


def _vk(parts: SplitResult) -> str:
    found = _VK.search(parts.path) or _VK.search(parts.query)
    return f"vk:{found[1]}{found[2]}" if found else ""


_INSTAGRAM: Final = re.compile(r"/(?:p|tv|reel|reels)/([\w-]+)/?", re.ASCII)


def _instagram(parts: SplitResult) -> str:
    # A link copied before signing in carries the true one in `next`.
    for path in (parts.path, parse_qs(parts.query).get("next", [""])[0]):
        if found := _INSTAGRAM.search(path):
            return "ig:" + found[1]
    return ""


_NAMERS: Final[dict[str, Callable[[SplitResult], str]]] = {
    "twitter.com": _twitter,
    "x.com": _twitter,
    "t.me": _telegram,
    "telegram.me": _telegram,
    "youtube.com": _youtube,
    "youtu.be": _youtube_short,
    "tiktok.com": _tiktok,
    "vm.tiktok.com": _tiktok_short,
    "facebook.com": _facebook,
    "vk.com": _vk,
    "instagram.com": _instagram,
}

__all__ = ["instant_of_post", "post_from_link", "posts_from_links", "unique_posts"]
