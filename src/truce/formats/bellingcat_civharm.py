"""Bellingcat's export of civilian harm in Ukraine: one JSON array of incidents.

The array usually stands on a single physical line, so a `line` here is the ordinal of
the entry in the array, counted from 1. An entry that is not as expected is one fault;
an array that is no JSON is refused as a whole, because nobody can say where its entries
end.

Source: Bellingcat, "Hospitals Bombed and Apartments Destroyed: Mapping Incidents of
Civilian Harm in Ukraine"; the export's layout as in
github.com/conflict-investigations/media-search-engine.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from truce.errors import InvalidDelivery
from truce.formats.degrees import degrees
from truce.formats.deliveries import looks_like, text_from_delivery
from truce.formats.fields import YEAR_MAX, YEAR_MIN, Fields
from truce.formats.rows import Decoded, Fault, excerpt

# The two filters that the export knows.
AREA_FILTER: Final = "Type of area affected"
WEAPON_FILTER: Final = "Weapon System"
# Months and days are written with and without a leading nought.
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilianHarmSource:
    """One post that an incident rests on. `path` is a link, or HIDDEN where it is
    withheld.
    """

    id: str
    path: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilianHarmIncident:
    """One incident, in the source's words.

    `filters` are (key, value) pairs. `lat_deg` and `lon_deg` keep their digits as
    written.
    """

    id: str
    day: date
    lat_deg: Decimal
    lon_deg: Decimal
    location: str
    description: str
    sources: tuple[CivilianHarmSource, ...]
    filters: tuple[tuple[str, str], ...]

    def filtered(self, key: str) -> tuple[str, ...]:
        """The values of one filter, in their order."""
        return tuple(value for name, value in self.filters if name == key)


class _Source(msgspec.Struct):
    id: str
    path: str
    description: str


class _Filter(msgspec.Struct):
    key: str
    value: str


class _Incident(msgspec.Struct):
    id: str
    date: str
    latitude: str
    longitude: str
    location: str
    description: str
    sources: list[_Source]
    filters: list[_Filter]


def decode(raw: bytes) -> Iterator[Decoded[CivilianHarmIncident] | Fault]:
    """Every incident of a delivery, in the order of the array; an empty array gives
    nothing.

    Raises:
        InvalidDelivery: the bytes as a whole are no such array (raised before the first
        entry).
    """
    return map(_read_entry, _entries(raw))


def encode(incidents: Iterable[CivilianHarmIncident]) -> bytes:
    """The array that decodes to these incidents."""
    return msgspec.json.encode([_wire(incident) for incident in incidents])


def _entries(raw: bytes) -> Iterator[tuple[int, bytes]]:
    delivery = text_from_delivery(raw)
    data = delivery.text.encode("utf-8", errors="surrogateescape")
    try:
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidDelivery(
            f"delivery is no JSON array of incidents ({error}); it looks like "
            f"{looks_like(delivery.text)}: fetch the whole export again"
        ) from error
    return ((line, bytes(entry)) for line, entry in enumerate(entries, start=1))


def _read_entry(numbered: tuple[int, bytes]) -> Decoded[CivilianHarmIncident] | Fault:
    line, data = numbered
    try:
        entry = msgspec.json.decode(data, type=_Incident)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return Fault(line, f"entry is not as expected: {error}", _excerpt(data))
    fields = Fields()
    incident = CivilianHarmIncident(
        id=entry.id,
        day=_day(fields, entry.date),
        lat_deg=degrees(fields, "latitude", entry.latitude),
        lon_deg=degrees(fields, "longitude", entry.longitude),
        location=entry.location,
        description=entry.description,
        sources=tuple(
            CivilianHarmSource(id=s.id, path=s.path, description=s.description)
            for s in entry.sources
        ),
        filters=tuple((f.key, f.value) for f in entry.filters),
    )
    if fields.faults:
        return Fault(line, "; ".join(fields.faults), _excerpt(data))
    return Decoded(line, _content(entry), incident)


def _day(fields: Fields, text: str) -> date:
    if found := _DAY.fullmatch(text):
        month, day, year = map(int, found.groups())
        try:
            value = date(year, month, day)
        except ValueError:
            value = date.min
        if YEAR_MIN <= value.year <= YEAR_MAX:
            return value
    fields.fault("date", text, f"MM/DD/YYYY, year from {YEAR_MIN} to {YEAR_MAX}")
    return date.min


def _content(entry: _Incident) -> tuple[str, ...]:
    """Every text of the entry; the counts keep sources and filters apart."""
    sources = [text for s in entry.sources for text in (s.id, s.path, s.description)]
    filters = [text for f in entry.filters for text in (f.key, f.value)]
    return (
        entry.id,
        entry.date,
        entry.latitude,
        entry.longitude,
        entry.location,
        entry.description,
        str(len(entry.sources)),
        *sources,
        *filters,
    )


def _wire(incident: CivilianHarmIncident) -> _Incident:
    return _Incident(
        id=incident.id,
        date=incident.day.strftime("%m/%d/%Y"),
        latitude=str(incident.lat_deg),
        longitude=str(incident.lon_deg),
        location=incident.location,
        description=incident.description,
        sources=[_Source(s.id, s.path, s.description) for s in incident.sources],
        filters=[_Filter(key, value) for key, value in incident.filters],
    )


def _excerpt(data: bytes) -> str:
    return excerpt(data[:500].decode("utf-8", errors="replace"))


__all__ = [
    "AREA_FILTER",
    "WEAPON_FILTER",
    "CivilianHarmIncident",
    "CivilianHarmSource",
    "decode",
    "encode",
]
