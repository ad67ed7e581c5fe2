"""The table of humanitarian corridors in Ukraine, March to May 2022 (PeaceRep): CSV.

One row is one proposed route on one day, with the news text it was coded from; texts
run over several lines. The coordinates are a geocoder's and are wrong for some rows.

Source: PeaceRep, University of Edinburgh; `HC_geocoded.csv` of
github.com/peacerep/ukraine-map.
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
        "HC_ID",
        "date",
        "proposal",
        "status_result",
        "text",
        "Link",
        "status_extra",
        "From",
        "from_name",
        "from_latitude",
        "from_longitude",
        "from_adm1_name",
        "from_country_code",
        "To",
        "to_name",
        "to_latitude",
        "to_longitude",
        "to_adm1_name",
        "to_country_code",
    )
)
# Who may have proposed a corridor, as the table codes it.
PROPOSALS: Final = frozenset({"Ukraine", "Russia", "Agreed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorEnd:
    """One end of a corridor: the name in the news, and what a geocoder made of it.

    `name` is the news' own word ("Hirske (Luhansk)"), `geocoded_name` the part that was
    looked up, often empty. The position is None where the geocoder gave none.
    """

    name: str
    geocoded_name: str = ""
    lat_deg: Decimal | None = None
    lon_deg: Decimal | None = None
    province: str = ""
    country_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorRow:
    """One proposed corridor on one day.

    `status_result` and `status_extra` are how the compilers later coded what came of
    it; the text begins with the same word ("Status: ...").
    """

    id: str
    day: date
    proposal: str
    status_result: str
    text: str
    links: str
    status_extra: str
    start: CorridorEnd
    end: CorridorEnd


def decode(raw: bytes) -> Iterator[Decoded[CorridorRow] | Fault]:
    """Every corridor of a delivery, plain or packed with gzip.

    Raises:
        InvalidDelivery: the bytes as a whole are not this table.
    """
    return decode_table(raw, COLUMNS, _read_row)


def encode(rows: Iterable[CorridorRow]) -> bytes:
    """The table that decodes to these corridors, with the columns that are read."""
    return encode_table(COLUMNS.names, map(_texts, rows))


def _read_row(fields: Fields, texts: tuple[str, ...]) -> CorridorRow:
    return CorridorRow(
        id=fields.filled("HC_ID", texts[0]),
        day=fields.day("date", texts[1]),
        proposal=fields.word("proposal", texts[2], PROPOSALS),
        status_result=texts[3],
        text=texts[4],
        links=texts[5],
        status_extra=texts[6],
        start=_read_end(fields, "from", texts[7:13]),
        end=_read_end(fields, "to", texts[13:19]),
    )


def _read_end(fields: Fields, side: str, texts: tuple[str, ...]) -> CorridorEnd:
    name, geocoded_name, lat, lon, province, country_code = texts
    return CorridorEnd(
        name=fields.filled(side.capitalize(), name),
        geocoded_name=geocoded_name,
        lat_deg=degrees(fields, f"{side}_latitude", lat) if lat else None,
        lon_deg=degrees(fields, f"{side}_longitude", lon) if lon else None,
        province=province,
        country_code=country_code,
    )


def _texts(row: CorridorRow) -> tuple[str, ...]:
    return (
        row.id,
        row.day.isoformat(),
        row.proposal,
        row.status_result,
        row.text,
        row.links,
        row.status_extra,
        *_end_texts(row.start),
        *_end_texts(row.end),
    )


def _end_texts(end: CorridorEnd) -> tuple[str, ...]:
    return (
        end.name,
        end.geocoded_name,
        "" if end.lat_deg is None else str(end.lat_deg),
        "" if end.lon_deg is None else str(end.lon_deg),
        end.province,
        end.country_code,
    )


__all__ = ["COLUMNS", "PROPOSALS", "CorridorEnd", "CorridorRow", "decode", "encode"]
