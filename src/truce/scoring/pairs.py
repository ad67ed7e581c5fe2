"""Whether entries of two catalogues that cite the same post become one incident.

The Eyes on Russia map and Bellingcat's export were curated apart, yet many of their
entries cite the same post. Such a pair is taken as one incident where it lies within 1
km and a day; elsewhere the post covers several events and the pair is listed for hand
reading. Three questions follow:

1. Of the pairs that are consistent, how many are fused, without and with the shared
   post as evidence? The share without it shows what place, time and words are worth.
2. Bellingcat's entries are curated as distinct. Of its own pairs within 1 km and a day,
   how many are fused all the same? Some are one event entered twice, so 0 is not right.
3. Of the incidents with two curated entries or more, how many swallow two that lie more
   than 1 km or a day apart?

Trap: the two projects worked together, so their dates and places agree better than
those of strangers would. `docs/reference/pairs-hand-read.md` reads a sample.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from typing import Final

from truce.canonical import Json
from truce.errors import InvalidQuery
from truce.identifiers import FeedName
from truce.incidents import Parameters, associate
from truce.observations.model import Observation
from truce.places import distance_m

MAP_FEED: Final = FeedName("eyes_on_russia")
EXPORT_FEED: Final = FeedName("bellingcat_civharm")
# "Within 1 km and a day". Source: issue 2, "Shown by" 3.
NEAR_M: Final = 1_000.0
# Two whole local days that are not neighbours have 24 hours between them, and 23 when
# clocks go forward; neighbours have none. Anything less than this is within a day.
NEAR_TIME: Final = timedelta(hours=23)
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedPair:
    """Two entries by their row keys, how far apart they are, and whether they were
    fused.

    `gap` is the time between their intervals; zero where those overlap.
    """

    first: str
    second: str
    distance_m: float
    gap: timedelta
    is_fused_without_link: bool
    is_fused_with_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """The answers: counts of pairs, and shares in [0, 1].

    `distinct_fused` and `over_merged` are of the engine as it runs, with the post link;
    the same without it stands beside them. The pairs themselves are kept for hand
    reading, in the order of their row keys.
    """

    consistent_pairs: int
    fused_without_link: float
    fused_with_link: float
    distinct_pairs: int
    distinct_fused: float
    over_merged: float
    distinct_fused_without_link: float
    over_merged_without_link: float
    consistent: tuple[CuratedPair, ...]
    inconsistent: tuple[CuratedPair, ...]
    distinct: tuple[CuratedPair, ...]

    def as_json(self) -> dict[str, Json]:
        """The figures, and the inconsistent pairs as keys, metres and hours apart."""
        figures: dict[str, Json] = {
            name: getattr(self, name)
            for name in (
                "consistent_pairs",
                "fused_without_link",
                "fused_with_link",
                "distinct_pairs",
                "distinct_fused",
                "over_merged",
                "distinct_fused_without_link",
                "over_merged_without_link",
            )
        }
        figures["inconsistent"] = [
            [
                pair.first,
                pair.second,
                round(pair.distance_m),
                round(pair.gap / timedelta(hours=1)),
            ]
            for pair in self.inconsistent
        ]
        return figures


class _Division:
    """One way in which the entries were divided into incidents."""

    def __init__(self, entries: Sequence[Observation], parameters: Parameters) -> None:
        self.groups = associate(entries, parameters)
        self._group_of = {
            one.id: index for index, group in enumerate(self.groups) for one in group
        }

    def is_fused(self, a: Observation, b: Observation) -> bool:
        return self._group_of[a.id] == self._group_of[b.id]

    def over_merged(self) -> float:
        """The share of incidents with two entries or more that swallow too much."""
        shared = [group for group in self.groups if len(group) > 1]
        return _share(
            any(not _is_near(a, b) for a, b in combinations(group, 2))
            for group in shared
        )


def score_pairs(
    observations: Iterable[Observation], parameters: Parameters | None = None
) -> PairScore:
    """How well the entries of the two catalogues are fused and kept apart.

    Observations of other feeds are passed over. `parameters` None means the defaults;
    the post link is switched here.

    Raises:
        InvalidQuery: there is nothing to score: no consistent pair, or no distinct one.
    """
    base = parameters or Parameters()
    entries = sorted(
        (one for one in observations if one.feed in (MAP_FEED, EXPORT_FEED)),
        key=lambda one: (one.row_key, one.id),
    )
    export = [one for one in entries if one.feed == EXPORT_FEED]
    linked = list(_pairs_that_share_a_post(entries))
    consistent = [pair for pair in linked if _is_near(*pair)]
    distinct = [pair for pair in combinations(export, 2) if _is_near(*pair)]
    if not consistent or not distinct:
        raise InvalidQuery(
            f"{len(entries)} entries of {MAP_FEED} and {EXPORT_FEED} make "
            f"{len(consistent)} pairs that share a post and {len(distinct)} distinct "
            "ones; expected some of both: give the observations of both feeds"
        )
    without = _Division(entries, replace(base, use_post_links=False))
    with_link = _Division(entries, replace(base, use_post_links=True))

    def read(pairs: Iterable[tuple[Observation, Observation]]) -> list[CuratedPair]:
        return [_curated(a, b, without, with_link) for a, b in pairs]

    agreed, apart = read(consistent), read(distinct)
    return PairScore(
        consistent_pairs=len(consistent),
        fused_without_link=_share(pair.is_fused_without_link for pair in agreed),
        fused_with_link=_share(pair.is_fused_with_link for pair in agreed),
        distinct_pairs=len(distinct),
        distinct_fused=_share(pair.is_fused_with_link for pair in apart),
        over_merged=with_link.over_merged(),
        distinct_fused_without_link=_share(
            pair.is_fused_without_link for pair in apart
        ),
        over_merged_without_link=without.over_merged(),
        consistent=tuple(agreed),
        inconsistent=tuple(read(pair for pair in linked if not _is_near(*pair))),
        distinct=tuple(apart),
    )


def _pairs_that_share_a_post(
    entries: Sequence[Observation],
) -> Iterator[tuple[Observation, Observation]]:
    """Each pair of an entry of the map and one of the export, once."""
    citing: dict[str, list[Observation]] = defaultdict(list)
    for one in entries:
        if one.feed == MAP_FEED:
            for post in one.posts:
                citing[post].append(one)
    for one in entries:
        if one.feed == EXPORT_FEED:
            found = {other.id: other for post in one.posts for other in citing[post]}
            for other in sorted(found.values(), key=lambda o: (o.row_key, o.id)):
                yield other, one


def _is_near(a: Observation, b: Observation) -> bool:
    return (
        distance_m(a.where.centre, b.where.centre) <= NEAR_M
        and a.when.gap_to(b.when) < NEAR_TIME
    )


def _curated(
    a: Observation, b: Observation, without: _Division, with_link: _Division
) -> CuratedPair:
    return CuratedPair(
        first=a.row_key,
        second=b.row_key,
        distance_m=distance_m(a.where.centre, b.where.centre),
        gap=a.when.gap_to(b.when),
        is_fused_without_link=without.is_fused(a, b),
        is_fused_with_link=with_link.is_fused(a, b),
    )


def _share(answers: Iterable[bool]) -> float:
    """The share of yes, in [0, 1]; 0 where nothing was asked."""
    given = list(answers)
    return round(sum(given) / len(given), _DIGITS) if given else 0.0


__all__ = ["EXPORT_FEED", "MAP_FEED", "CuratedPair", "PairScore", "score_pairs"]
