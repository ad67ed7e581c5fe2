"""Which feeds name their rows, so that a later delivery may state a row anew."""

from typing import Final

from truce.identifiers import FeedName

# A row of these feeds that comes again under the same key, stated by the same source
# but with other content, is the source's newer word and replaces the older one. Feeds
# that are not here number their rows by file, or not at all: nothing of theirs replaces
# anything.
STABLE_KEYS: Final = frozenset(
    {
        FeedName("bellingcat_civharm"),
        FeedName("corridors_2022"),
        FeedName("eyes_on_russia"),
        FeedName("party_claims"),
        FeedName("ucdp_ged"),
    }
)

__all__ = ["STABLE_KEYS"]
