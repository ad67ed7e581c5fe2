"""Events of the UCDP Georeferenced Event Dataset, CSV.

Source: UCDP GED codebook (Sundberg & Melander 2013, Journal of Peace Research 50(4);
Högbladh, UCDP GED Codebook version 23.1, Uppsala University).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault
from truce.formats.tables import Columns, decode_table

# What truce reads of the 49 columns; the rest stays in the sealed bytes.
COLUMNS: Final = Columns(
    required=(
        "id",
        "type_of_violence",
        "side_a",
        "side_b",
        "source_article",
        "source_headline",
        "source_original",
        "where_prec",
        "where_coordinates",
        "where_description",
        "adm_1",
        "adm_2",
        "latitude",
        "longitude",
        "country",
        "event_clarity",
        "date_prec",
        "date_start",
        "date_end",
        "deaths_civilians",
        "best",
        "high",
        "low",
    ),
)
# Some releases write a day as its midnight.
_MIDNIGHT: Final = re.compile(r"[ T]00:00:00(\.0+)?$", re.ASCII)
# More deaths than in any event of the dataset, fewer than a typing error makes.
_DEATHS_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of organised violence with at least one death by some count.

    `type_of_violence`: 1 state-based, 2 non-state, 3 one-sided. `where_precision` 1
    (exact) to 7, `date_precision` 1 (the day) to 5, `clarity` 1 (clear) or 2, all as in
    the codebook. Days are local. `articles` are the sources as
    "publisher,date,headline". Deaths as the source writes them: `best` may lie outside
    `low` to `high`.
    """

    event_id: str
    type_of_violence: int
    side_a: str
    side_b: str
    articles: tuple[str, ...]
    headline: str
    original_source: str
    where_precision: int
    where_name: str
    where_description: str
    adm_1: str
    adm_2: str
    lat_deg: float
    lon_deg: float
    country: str
    clarity: int
    date_precision: int
    first_day: date
    last_day: date
    civilian_deaths: int
    best: int
    high: int
    low: int


def decode(raw: bytes) -> Iterator[Decoded[Event] | Fault]:
    """Every row of a GED file, plain or gzip.

    Raises:
        InvalidDelivery: it is no such file.
    """
    return decode_table(raw, COLUMNS, _read_row)


def _read_row(fields: Fields, texts: tuple[str, ...]) -> Event:
    field = dict(zip(COLUMNS.required, texts, strict=True))

    def whole(name: str, low: int, high: int) -> int:
        return fields.whole(name, field[name], low=low, high=high)

    return Event(
        event_id=fields.filled("id", field["id"]),
        type_of_violence=whole("type_of_violence", 1, 3),
        side_a=field["side_a"],
        side_b=field["side_b"],
        articles=articles_from_text(field["source_article"]),
        headline=field["source_headline"],
        original_source=field["source_original"],
        where_precision=whole("where_prec", 1, 7),
        where_name=field["where_coordinates"],
        where_description=field["where_description"],
        adm_1=field["adm_1"],
        adm_2=field["adm_2"],
        lat_deg=fields.number("latitude", field["latitude"], low=-90.0, high=90.0),
        lon_deg=fields.number("longitude", field["longitude"], low=-180.0, high=180.0),
        country=field["country"],
        clarity=whole("event_clarity", 1, 2),
        date_precision=whole("date_prec", 1, 5),
        first_day=_day(fields, "date_start", field["date_start"]),
        last_day=_day(fields, "date_end", field["date_end"]),
        civilian_deaths=whole("deaths_civilians", 0, _DEATHS_MAX),
        best=whole("best", 0, _DEATHS_MAX),
        high=whole("high", 0, _DEATHS_MAX),
        low=whole("low", 0, _DEATHS_MAX),
    )


def _day(fields: Fields, name: str, text: str) -> date:
    return fields.day(name, _MIDNIGHT.sub("", text))


def articles_from_text(text: str) -> tuple[str, ...]:
    """The articles of a `source_article` field, each in quotes and parted by
    semicolons.

    Older releases write no quotes: then each semicolon parts two.
    """
    text = text.strip()
    parts = text.strip('"').split('";"') if text.startswith('"') else text.split(";")
    return tuple(part.strip() for part in parts if part.strip())


__all__ = ["COLUMNS", "Event", "articles_from_text", "decode"]
