"""Which province a position lies in, told by the settlement that is nearest.

A table of names has no borders, and an exercise's land has none but its towns. So a
position lies where the nearest settlement lies: right but for a few kilometres along a
border.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from truce.gazetteer.model import Entry, EntryKind
from truce.places import EARTH_RADIUS_M, Position

# Farther than this from every settlement (far out at sea, in a land the table leaves
# out) a position lies in no province. The widest gap between settlements of the shipped
# table is 30 km.
NEAREST_M_MAX: Final = 60_000.0


class Areas:
    """The settlements of one gazetteer as unit vectors, and the province of each."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        by_id = {entry.id: entry for entry in entries}
        towns = [e for e in entries if e.kind is EntryKind.SETTLEMENT]
        self._provinces = tuple(_province_of(town, by_id) for town in towns)
        self._vectors = unit_vectors([town.centre for town in towns])

    def provinces_at(
        self, positions: Sequence[Position], *, within_m: float = NEAREST_M_MAX
    ) -> tuple[Entry | None, ...]:
        """The province of each position, in their order; None beyond `within_m` metres
        of all.
        """
        if not self._provinces or not positions:
            return (None,) * len(positions)
        # The chord that belongs to the arc; the dot product falls as the distance
        # grows.
        least = math.cos(min(within_m / EARTH_RADIUS_M, math.pi))
        found: list[Entry | None] = []
        for vector in unit_vectors(positions):
            nearness = self._vectors @ vector
            nearest = int(np.argmax(nearness))
            found.append(
                self._provinces[nearest] if nearness[nearest] >= least else None
            )
        return tuple(found)


def unit_vectors(
    positions: Sequence[Position],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Positions as rows of earth-centred unit vectors, shape (n, 3)."""
    degrees = np.array([(p.lat_deg, p.lon_deg) for p in positions], dtype=np.float64)
    lat, lon = np.radians(degrees.reshape(-1, 2)).T
    return np.column_stack(
        (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )


def mean_position(positions: Sequence[Position]) -> Position:
    """The middle of one or more positions on the sphere; the first one if they cancel
    out.
    """
    x, y, z = unit_vectors(positions).sum(axis=0)
    if math.hypot(x, y, z) < 1e-9:
        return positions[0]
    return Position(
        lat_deg=math.degrees(math.atan2(z, math.hypot(x, y))),
        lon_deg=math.degrees(math.atan2(y, x)),
    )


def _province_of(entry: Entry, by_id: dict[str, Entry]) -> Entry | None:
    """The province that an entry is or lies in; None if the table names none."""
    here: Entry | None = entry
    while here is not None and here.kind is not EntryKind.PROVINCE:
        here = by_id.get(here.parent_id)
    return here


__all__ = ["NEAREST_M_MAX", "Areas", "mean_position", "unit_vectors"]
