"""Where a name lies: settlements, districts, provinces and countries in three scripts.

In: a table of places as UTF-8 bytes (the one shipped, or the one an exercise seals) and
a name as a source wrote it. Out: entries, best first, each with an honest area instead
of a point. Always: the same bytes and the same name give the same answer; nothing here
knows that the land is Ukraine; an unknown name gives an empty answer, never a guess
that hides itself. Not decided here: what happened there, and which of several places of
one name a report means beyond "the larger first": the caller narrows that with
`within`.
"""

from truce.gazetteer.base_map import shipped_base_map
from truce.gazetteer.find import Gazetteer
from truce.gazetteer.model import Entry, EntryKind
from truce.gazetteer.table import gazetteer_from_bytes, shipped_gazetteer

__all__ = [
    "Entry",
    "EntryKind",
    "Gazetteer",
    "gazetteer_from_bytes",
    "shipped_base_map",
    "shipped_gazetteer",
]
