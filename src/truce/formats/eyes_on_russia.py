"""The event table of the Eyes on Russia map (Centre for Information Resilience): CSV.

One row is one entry of the map: a day, a place with its coordinates, a title that
repeats the day before the brief description, and the posts it rests on. The public copy
is packed with gzip; rows may run over several physical lines.

Source: eyesonrussia.org, as copied in `events.csv` of github.com/mauforonda/ukraine.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from truce.formats.degrees import degrees
from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault
from truce.formats.tables import Columns, decode_table, encode_table

COLUMNS: Final = Columns(
    required=(
        "entry",
        "date",
        "event_group",
        "title",
        "brief description",
        "lat",
        "lon",
        "country",
        "province",
        "district",
        "town/city",
        "arms/munition",
        "violence level",
        "link",
        "geolocation",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EyesOnRussiaEntry:
    """One entry of the map, in the source's words.

    `lat_deg` and `lon_deg` keep the digits as written, because how many there are says
    how well the place is known. `entry` is the source's number, which is sometimes
    missing and sometimes given twice. `links` and `geolocation_links` are fields of
    links as pasted.
    """

    entry: str
    day: date
    event_group: str
    title: str
    description: str
    lat_deg: Decimal
    lon_deg: Decimal
    country: str
    province: str
    district: str
    town: str
    munition: str
    violence_level: str
    links: str
    geolocation_links: str


def decode(raw: bytes) -> Iterator[Decoded[EyesOnRussiaEntry] | Fault]:
    """Every entry of a delivery, plain or packed with gzip.

    Raises:
        InvalidDelivery: the bytes as a whole are not this table.
    """
    return decode_table(raw, COLUMNS, _read_row)


def encode(entries: Iterable[EyesOnRussiaEntry]) -> bytes:
    """The table that decodes to these entries, not packed."""
    return encode_table(COLUMNS.names, map(_texts, entries))


def _read_row(fields: Fields, texts: tuple[str, ...]) -> EyesOnRussiaEntry:
    return EyesOnRussiaEntry(
        entry=texts[0],
        day=fields.day("date", texts[1]),
        event_group=texts[2],
        title=texts[3],
        description=texts[4],
        lat_deg=degrees(fields, "lat", texts[5]),
        lon_deg=degrees(fields, "lon", texts[6]),
        country=texts[7],
        province=texts[8],
        district=texts[9],
        town=texts[10],
        munition=texts[11],
        violence_level=texts[12],
        links=texts[13],
        geolocation_links=texts[14],
    )


def _texts(entry: EyesOnRussiaEntry) -> tuple[str, ...]:
    return (
        entry.entry,
        entry.day.isoformat(),
        entry.event_group,
        entry.title,
        entry.description,
        str(entry.lat_deg),
        str(entry.lon_deg),
        entry.country,
        entry.province,
        entry.district,
        entry.town,
        entry.munition,
        entry.violence_level,
        entry.links,
        entry.geolocation_links,
    )


__all__ = [
    "COLUMNS",
    "EyesOnRussiaEntry",
    "decode",
    "encode",
]
