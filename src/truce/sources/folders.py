"""Feeds that deliver files into folders: one folder a feed, named for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from truce.errors import InvalidInput
from truce.identifiers import FeedName

# Which files in a feed's folder are its deliveries, as glob patterns. Other files there
# (readme, licence, tables that somebody derived) are no deliveries of the feed.
FEED_FILES: Final[Mapping[FeedName, str]] = MappingProxyType(
    {
        FeedName("air_raid_sirens"): "*_data_en.csv.gz",
        FeedName("bellingcat_civharm"): "ukr-civharm-*.json",
        FeedName("corridors_2022"): "humanitarian_corridors_*.csv",
        FeedName("eyes_on_russia"): "events.csv.gz",
        FeedName("firms"): "*-20*.csv",
        FeedName("ucdp_ged"): "UCDP-Ukraine_*.csv",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """One file that a feed delivered."""

    feed: FeedName
    path: Path


def files_of(
    folder: Path, feeds: Iterable[FeedName] | None = None
) -> tuple[FeedFile, ...]:
    """The files that the feeds delivered under a folder, by feed, then by name.

    `feeds` None means every feed that delivers files.

    Raises:
        InvalidInput: a feed has no file there; every such feed is named.
    """
    wanted = sorted(FEED_FILES if feeds is None else feeds)
    found: list[FeedFile] = []
    missing: list[str] = []
    for feed in wanted:
        paths = sorted((folder / feed).glob(FEED_FILES[feed]))
        found += [FeedFile(feed=feed, path=path) for path in paths]
        if not paths:
            missing.append(f"{feed}/{FEED_FILES[feed]}")
    if missing:
        raise InvalidInput(
            f"{folder} lacks {', '.join(missing)}; name the folder that holds one "
            "folder for each feed"
        )
    return tuple(found)


__all__ = ["FEED_FILES", "FeedFile", "files_of"]
