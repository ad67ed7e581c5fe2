"""Reading a gazetteer's table: UTF-8, tab-separated, one place a line.

    # a comment #: district_radius_m=19800          a setting, only before the head kind
    id  name_en  name_uk  name_ru  other_names  lat  lon  radius_m  parent_id
    population

`kind` is settlement, district, province or country; `other_names` are parted by `;`;
lat and lon are WGS 84 degrees; `parent_id` is the id of another line or empty;
`population` is 0 if unknown; name_uk and name_ru may be empty. Two settings are known,
both radii in metres above 0: `district_radius_m` for a district that has no line of its
own but is named after a town, and `community_radius_m` for a municipality or hromada
named after one. Without them such names find nothing.
"""

import math
from dataclasses import dataclass
from importlib import resources
from typing import Final

from truce.errors import InvalidInput, InvalidValue
from truce.gazetteer.find import Gazetteer
from truce.gazetteer.model import Entry, EntryKind
from truce.places import Position

COLUMNS: Final = (
    "kind",
    "id",
    "name_en",
    "name_uk",
    "name_ru",
    "other_names",
    "lat",
    "lon",
    "radius_m",
    "parent_id",
    "population",
)
SETTINGS: Final = ("community_radius_m", "district_radius_m")
# A message that lists more faults than this helps nobody.
_FAULTS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is not a comment, with its number from 1."""

    number: int
    text: str


def shipped_gazetteer() -> bytes:
    """The table of Ukraine and what lies next to it that comes with truce.

    Source: GeoNames (geonames.org), CC BY 4.0; see NOTICE and
    scripts/build_gazetteer.py.
    """
    return resources.files("truce.gazetteer").joinpath("data/ukraine.tsv").read_bytes()


def gazetteer_from_bytes(raw: bytes) -> Gazetteer:
    """The gazetteer that the table holds.

    Raises:
        InvalidInput: it is not UTF-8, its head is another, or lines are wrong; all
        faults are
            named together, each with its line.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"gazetteer: byte {error.start} is not UTF-8; save the table as UTF-8"
        ) from error
    lines = [
        _Line(number, line)
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line.strip()
    ]
    faults: list[str] = []
    settings = _settings(lines, faults)
    rows = [line for line in lines if not line.text.startswith("#")]
    if not rows or tuple(rows[0].text.split("\t")) != COLUMNS:
        found = rows[0].text[:80] if rows else "nothing"
        raise InvalidInput(
            f"gazetteer: the head is {found!r}, expected the {len(COLUMNS)} "
            f"tab-separated columns {' '.join(COLUMNS)}"
        )
    entries = _entries(rows[1:], faults)
    if faults:
        more = len(faults) - _FAULTS_SHOWN
        shown = "; ".join(faults[:_FAULTS_SHOWN]) + (
            f"; and {more} more" if more > 0 else ""
        )
        raise InvalidInput(f"gazetteer: {shown}")
    return Gazetteer(entries, **settings)


def _settings(lines: list[_Line], faults: list[str]) -> dict[str, float]:
    """The settings in `#:` lines."""
    settings: dict[str, float] = {}
    for line in lines:
        if not line.text.startswith("#:"):
            continue
        name, _, value = (part.strip() for part in line.text[2:].partition("="))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if name not in SETTINGS or not 0.0 < number < math.inf:
            faults.append(
                f"line {line.number}: setting {name!r} is {value!r}, expected one of "
                f"{', '.join(SETTINGS)} in metres above 0"
            )
            continue
        settings[name] = number
    return settings


def _entries(rows: list[_Line], faults: list[str]) -> tuple[Entry, ...]:
    """The entries of the table's body, with every fault noted."""
    by_id: dict[str, Entry] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        try:
            entry = _entry(row.text)
        except (InvalidValue, ValueError) as error:
            faults.append(f"line {row.number}: {error}")
            continue
        if entry.id in by_id:
            faults.append(f"line {row.number}: id {entry.id} stands twice")
        by_id[entry.id] = entry
        numbers[entry.id] = row.number
    for entry in by_id.values():
        if entry.parent_id and entry.parent_id not in by_id:
            faults.append(
                f"line {numbers[entry.id]}: parent_id {entry.parent_id} is no line's id"
            )
        elif _circles(entry, by_id):
            faults.append(f"line {numbers[entry.id]}: {entry.id} lies within itself")
    return tuple(by_id.values())


def _circles(entry: Entry, by_id: dict[str, Entry]) -> bool:
    """Whether the entry's parents lead back to it."""
    seen = {entry.id}
    parent_id = entry.parent_id
    while parent_id in by_id:
        if parent_id in seen:
            return True
        seen.add(parent_id)
        parent_id = by_id[parent_id].parent_id
    return False


def _entry(text: str) -> Entry:
    """One line as an entry."""
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) != len(COLUMNS):
        raise InvalidValue(f"{len(cells)} columns, expected {len(COLUMNS)}")
    kind, id_, en, uk, ru, others, lat, lon, radius, parent_id, population = cells
    if not id_:
        raise InvalidValue("id is empty, expected a name that no other line has")
    return Entry(
        id=id_,
        kind=EntryKind(kind),
        name_en=en,
        name_uk=uk,
        name_ru=ru,
        other_names=tuple(name.strip() for name in others.split(";") if name.strip()),
        centre=Position(lat_deg=float(lat), lon_deg=float(lon)),
        radius_m=float(radius),
        parent_id=parent_id,
        population=int(population or 0),
    )


__all__ = ["COLUMNS", "SETTINGS", "gazetteer_from_bytes", "shipped_gazetteer"]
