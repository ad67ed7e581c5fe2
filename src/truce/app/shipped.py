"""What truce ships: a land, the texts of agreements; and reading a single file."""

from importlib.resources import files
from pathlib import Path

from truce.app.opened import wall_clock
from truce.errors import InvalidInput
from truce.gazetteer import (
    gazetteer_from_bytes,
    shipped_base_map,
    shipped_gazetteer,
)
from truce.identifiers import FeedName, StatementIndex
from truce.observations.context import ReadingContext
from truce.observations.model import Reading
from truce.observations.read import read
from truce.statements import BaseMap, GazetteerTable
from truce.workflows.founding.begin_record import Land


def read_file(feed: FeedName, raw: bytes) -> Reading:
    """What a file says, read outside any record: for building texts from it."""
    context = ReadingContext(
        statement=StatementIndex(0),
        received_at=wall_clock(),
        gazetteer=gazetteer_from_bytes(shipped_gazetteer()),
    )
    return read(feed, raw, context)


def shipped_land() -> Land:
    """Ukraine as truce ships it: place names, and the map in recognised borders."""
    return Land(
        gazetteer=GazetteerTable(
            name="ukraine", zone="Europe/Kyiv", table=shipped_gazetteer()
        ),
        base_map=BaseMap(name="ukraine", geojson=shipped_base_map()),
    )


def shipped_agreement(name: str) -> bytes:
    """The text of an agreement that truce ships, by the name of its folder.

    Raises:
        InvalidInput: there is none of that name.
    """
    # In an installed package the folder lies inside it, in a checkout beside src.
    packaged = Path(str(files("truce"))) / "agreements"
    checkout = Path(__file__).resolve().parents[3] / "agreements"
    folder = packaged if packaged.is_dir() else checkout
    path = folder / name / "agreement.yaml"
    if not path.is_file():
        raise InvalidInput(f"no agreement {name!r} is shipped (looked for {path})")
    return path.read_bytes()


__all__ = ["read_file", "shipped_agreement", "shipped_land"]
