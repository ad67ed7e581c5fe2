"""Air raid alarms of Ukraine, CSV: the official layout and the volunteers' layout.

Source: the column notes of the Ukrainian air raid sirens dataset (github.com/Vadimkin);
times are UTC with an offset.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from truce.errors import InvalidValue
from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault
from truce.formats.tables import Columns, decode_table, encode_table

# The official layout in its own order; `level` is how large the alarmed area is.
OFFICIAL_COLUMNS: Final = (
    "oblast",
    "raion",
    "hromada",
    "level",
    "started_at",
    "finished_at",
    "source",
)
LEVELS: Final = ("oblast", "raion", "hromada")
# Both layouts in one: the volunteers' `region` is an oblast, and only they have
# `naive`.
COLUMNS: Final = Columns(
    required=("oblast", "started_at", "finished_at"),
    optional=("raion", "hromada", "level", "source", "naive"),
    aliases=MappingProxyType({"region": "oblast"}),
    may_span_lines=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm in one area, from its start to its end.

    `raion` and `hromada` are empty where the alarm was for a larger area; `level` is
    empty in the volunteers' layout, which knows oblasts only. `finished_at` is None
    while it lasts. `is_end_assumed` is the volunteers' `naive`: the end was not seen
    and is the start plus half an hour. `source` is the publisher's own word, empty in
    the volunteers' layout.
    """

    oblast: str
    raion: str = ""
    hromada: str = ""
    level: str = ""
    started_at: datetime
    finished_at: datetime | None
    source: str = ""
    is_end_assumed: bool = False


def decode(raw: bytes) -> Iterator[Decoded[Alarm] | Fault]:
    """Every row of a file in either layout, plain or gzip.

    Raises:
        InvalidDelivery: it is neither.
    """
    return decode_table(raw, COLUMNS, _read_row)


def encode(alarms: Iterable[Alarm]) -> bytes:
    """A file in the official layout, not packed.

    Raises:
        InvalidValue: an alarm has an assumed end or no level: that layout has no such.
    """
    return encode_table(OFFICIAL_COLUMNS, map(_texts, alarms))


def _read_row(fields: Fields, texts: tuple[str, ...]) -> Alarm:
    oblast, started_at, finished_at, raion, hromada, level, source, naive = texts
    if level:
        fields.word("level", level, LEVELS)
        _check_named(fields, level, raion, hromada)
    if naive:
        fields.word("naive", naive, ("True", "False"))
    return Alarm(
        oblast=fields.filled("oblast", oblast),
        raion=raion,
        hromada=hromada,
        level=level,
        started_at=fields.instant("started_at", started_at),
        finished_at=(
            fields.instant("finished_at", finished_at) if finished_at else None
        ),
        source=source,
        is_end_assumed=naive == "True",
    )


def _check_named(fields: Fields, level: str, raion: str, hromada: str) -> None:
    if level == "raion" and not raion:
        fields.fault("raion", raion, "a name, because level is raion")
    if level == "hromada" and not hromada:
        fields.fault("hromada", hromada, "a name, because level is hromada")


def _texts(alarm: Alarm) -> tuple[str, ...]:
    if alarm.is_end_assumed or not alarm.level:
        raise InvalidValue(
            f"alarm in {alarm.oblast} has an assumed end or no level, expected a level "
            "and a seen end; the official layout cannot say the other"
        )
    return (
        alarm.oblast,
        alarm.raion,
        alarm.hromada,
        alarm.level,
        alarm.started_at.isoformat(" "),
        alarm.finished_at.isoformat(" ") if alarm.finished_at else "",
        alarm.source,
    )


__all__ = ["COLUMNS", "LEVELS", "OFFICIAL_COLUMNS", "Alarm", "decode", "encode"]
