"""An invented land with its gazetteer, for readings in tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from truce.identifiers import StatementIndex
from truce.observations.context import ReadingContext
from truce.places import Place, PlaceBasis, Position, round_place


@dataclass(frozen=True)
class InventedEntry:
    """One place of the invented land."""

    area: Place

    def place(self, *, name: str = "") -> Place:
        """The area under the source's own word."""
        return replace(self.area, name=name or self.area.name)


@dataclass
class InventedGazetteer:
    """Names of the invented land; counts how often each was asked."""

    entries: Mapping[str, Place]
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def find(
        self, name: str, *, within: str | None = None
    ) -> tuple[InventedEntry, ...]:
        """The one place of that name, wherever it lies."""
        self.asked.append((name, within))
        area = self.entries.get(name)
        return (InventedEntry(area),) if area else ()


def _area(name: str, basis: PlaceBasis, sigma_m: float) -> Place:
    centre = Position(lat_deg=1.0, lon_deg=2.0)
    return round_place(centre, sigma_m=sigma_m, basis=basis, name=name)


@pytest.fixture
def gazetteer() -> InventedGazetteer:
    """Nordland with one district, a town and a city, all around one point."""
    return InventedGazetteer(
        {
            "Nordland": _area("Nordland", PlaceBasis.PROVINCE, 40_000.0),
            "Eastshire": _area("Eastshire", PlaceBasis.DISTRICT, 15_000.0),
            "Elm": _area("Elm", PlaceBasis.SETTLEMENT, 1_500.0),
            "Birch": _area("Birch", PlaceBasis.SETTLEMENT, 4_000.0),
        }
    )


@pytest.fixture
def context(gazetteer: InventedGazetteer) -> ReadingContext:
    """The seventh statement of a record, received at noon UTC on 6 May 2031."""
    return ReadingContext(
        statement=StatementIndex(7),
        received_at=datetime(2031, 5, 6, 12, tzinfo=UTC),
        gazetteer=gazetteer,
    )
