"""Where the two ends of a corridor lie, when the table's own coordinates may be wrong.

The table was geocoded by name alone: Hirske of Luhansk oblast stands in Lviv oblast,
Bakhmut in Poltava oblast. So the gazetteer is asked first, for each end with all places
of that name, and the pair is taken that makes the likeliest route:

1. a short way from one end to the other, because people were to go it in a day;
2. a large place rather than a small one, because a bare name means the town;
3. a place in a region that the name or the news mentions, because the news says so;
4. a place where the table puts it, because the geocoder is more often right than wrong.

What no candidate fits is the table's position if that lies near the other end, and else
the whole region that the news names: an area that is honest, not a point that is wrong.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from truce.errors import InvalidValue
from truce.formats.corridors_2022 import CorridorEnd, CorridorRow
from truce.observations.ports import PlaceNames
from truce.places import Place, PlaceBasis, Position, distance_m, round_place

# Weights of the four reasons above, chosen by reading all 282 routes: 25 km weigh as
# much as a place twice as wide; a region named weighs as much as 100 km.
_KM_PER_POINT: Final = 25.0
_POINTS_FOR_REGION: Final = 4.0
_POINTS_FOR_TABLE: Final = 1.5
# The geocoder and the gazetteer mean the same place if they lie this near.
TABLE_AGREES_M: Final = 15_000.0
# A place at least so wide (one sigma) is a city: some 50 000 people in the gazetteer.
CITY_SIGMA_M: Final = 1_900.0
# The longest routes of the news by how many of their ends are cities: villages to the
# next safe town, Kreminna to Zaporizhzhia, and Kharkiv to Uzhhorod.
ROUTE_M_MAX: Final = (120_000.0, 300_000.0, math.inf)
# A village that nothing but its name speaks for is still meant if it is this near.
NEIGHBOUR_M_MAX: Final = 100_000.0
# So is one where only the table puts it, outside every region that the news names.
_TABLE_ALONE_M_MAX: Final = 60_000.0
# Where more places than this bear a name, the name alone says nothing.
_NAMESAKES_MAX: Final = 2
# A village that only the table knows: no wider than this, one sigma.
_VILLAGE_SIGMA_M: Final = 1_500.0
# A position this near to the other end, or to a region's middle, is that, geocoded.
_SAME_PLACE_M: Final = 2_000.0

_BRACKET: Final = re.compile(r"\s*[(\[]([^)\]]*)[)\]]\s*")
# "Belgorod, from where people would be transported", "Gomel to be transferred by air".
_JOURNEY: Final = re.compile(r"(?:[,;]|\b(?:and then|to be)\b).*", re.DOTALL)
_AREA_WORD: Final = re.compile(r"\b(?:region|oblast|district|raion)\b", re.IGNORECASE)
_NAME: Final = r"[A-Z][\w'’-]+"
_REGION: Final = re.compile(
    rf"\b({_NAME}(?:, {_NAME})*(?:,? and {_NAME})?) (?:regions?|regioin|oblasts?)"
)
_LIST: Final = re.compile(r",? and |, ")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorPlaces:
    """The areas of a corridor's two ends, and what was wrong on the way to them."""

    start: Place
    end: Place
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    points: float
    note: str
    is_meant: bool

    @property
    def is_city(self) -> bool:
        return self.place.sigma_major_m >= CITY_SIGMA_M


def corridor_places(
    row: CorridorRow, gazetteer: PlaceNames, news: str
) -> CorridorPlaces:
    """The places of a corridor's ends; `news` is its text without the compilers' words.

    Raises:
        InvalidValue: an end has no coordinates, and nothing is known by its name.
    """
    regions = _region_places(news, gazetteer)
    starts = _candidates(row.start, regions, gazetteer)
    ends = _candidates(row.end, regions, gazetteer)
    start, end = _likeliest_pair(starts, ends)
    start = start or _fallback(row.start, (row.end, end), regions, gazetteer)
    end = end or _fallback(row.end, (row.start, start), regions, gazetteer)
    noted = ((row.start.name, start.note), (row.end.name, end.note))
    return CorridorPlaces(
        start=start.place,
        end=end.place,
        notes=tuple(f"{name}: {note}" for name, note in noted if note),
    )


def name_of_end(written: str) -> tuple[str, tuple[str, ...]]:
    """The bare name of an end, and what stands in brackets beside it."""
    hints = tuple(_BRACKET.findall(written))
    return _JOURNEY.sub("", _BRACKET.sub(" ", written)).strip(), hints


def _candidates(
    end: CorridorEnd, regions: Sequence[Place], gazetteer: PlaceNames
) -> tuple[_Candidate, ...]:
    """Every place of the name in the gazetteer, with the points that speak for it."""
    bare, hints = name_of_end(end.name)
    hinted = _hinted(hints, gazetteer)
    entries = [e for hint in hints for e in gazetteer.find(bare, within=hint)]
    places = dict.fromkeys(e.place() for e in (*entries, *gazetteer.find(bare)))
    if not _AREA_WORD.search(bare):
        # "Zaporizhzhia" means the city; its district and region bear the same name.
        towns = [p for p in places if p.basis is PlaceBasis.SETTLEMENT]
        places = dict.fromkeys(towns) or places
    is_rare = len(places) <= _NAMESAKES_MAX and not regions and not hinted
    return tuple(_candidate(end, p, hinted or regions, is_rare=is_rare) for p in places)


def _candidate(
    end: CorridorEnd, place: Place, regions: Sequence[Place], *, is_rare: bool
) -> _Candidate:
    written = _table_position(end)
    apart_m = distance_m(place.centre, written) if written else math.inf
    is_in_region = any(_holds(region, place.centre) for region in regions)
    points = (
        math.log2(place.sigma_major_m)
        + _POINTS_FOR_REGION * is_in_region
        + _POINTS_FOR_TABLE * (apart_m <= TABLE_AGREES_M)
    )
    note = ""
    if TABLE_AGREES_M < apart_m < math.inf:
        note = f"the table's coordinates, {apart_m / 1000.0:.0f} km away, are not used"
    is_meant = is_in_region or is_rare or apart_m <= TABLE_AGREES_M
    return _Candidate(replace(place, name=end.name), points, note, is_meant)


def _likeliest_pair(
    starts: Sequence[_Candidate], ends: Sequence[_Candidate]
) -> tuple[_Candidate | None, _Candidate | None]:
    """The pair with the most points, less the way between; None where an end fits none.

    The gazetteer's order decides between equals.
    """
    pairs = [
        (a.points + b.points - apart_m / 1000.0 / _KM_PER_POINT, -i, -j)
        for i, a in enumerate(starts)
        for j, b in enumerate(ends)
        if _is_plausible(a, b, apart_m := distance_m(a.place.centre, b.place.centre))
    ]
    if pairs:
        _, i, j = max(pairs)
        return starts[-i], ends[-j]
    # Nothing fits: the end that is known better stands, and the other is sought by it.
    start, end = _best(starts), _best(ends)
    if start is None or end is None:
        return start, end
    return (start, None) if start.points > end.points else (None, end)


def _is_plausible(a: _Candidate, b: _Candidate, apart_m: float) -> bool:
    if apart_m > ROUTE_M_MAX[a.is_city + b.is_city]:
        return False
    return apart_m <= NEIGHBOUR_M_MAX or all(c.is_city or c.is_meant for c in (a, b))


def _best(candidates: Sequence[_Candidate]) -> _Candidate | None:
    return max(candidates, key=lambda candidate: candidate.points, default=None)


def _fallback(
    end: CorridorEnd,
    other: tuple[CorridorEnd, _Candidate | None],
    regions: Sequence[Place],
    gazetteer: PlaceNames,
) -> _Candidate:
    """The table's position where it can be right, or else the region around the end."""
    other_end, found = other
    written = _table_position(end)
    hinted = _hinted(name_of_end(end.name)[1], gazetteer)
    areas = hinted or regions or _table_region(other_end, found, gazetteer)
    if written is not None and _may_be_right(written, found, areas):
        village = round_place(
            written,
            sigma_m=_VILLAGE_SIGMA_M,
            basis=PlaceBasis.SETTLEMENT,
            name=end.name,
        )
        note = "not in the gazetteer; placed by the table"
        return _Candidate(village, 0.0, note, True)
    if not areas:
        note = "not found; taken as near the other end"
        return _Candidate(_around(end, found), 0.0, note, True)
    # Of all regions that one text names, it is the one around the other end.
    near = found.place.centre if found else areas[0].centre
    area = min(areas, key=lambda place: distance_m(place.centre, near))
    note = f"not found; taken as somewhere in {area.name}"
    return _Candidate(replace(area, name=end.name), 0.0, note, True)


def _around(end: CorridorEnd, found: _Candidate | None) -> Place:
    """Somewhere within a village's way of the other end, which is all that is known."""
    if found is None:
        raise InvalidValue(
            f"corridor end {end.name!r} is known to neither the gazetteer nor the "
            "table; expected a place name or coordinates"
        )
    return round_place(
        found.place.centre,
        sigma_m=ROUTE_M_MAX[0] / 2.0,
        basis=PlaceBasis.PROVINCE,
        name=end.name,
    )


def _may_be_right(
    written: Position, found: _Candidate | None, areas: Sequence[Place]
) -> bool:
    """Whether the table's position can be a village of its own on this route."""
    others = [area.centre for area in areas]
    others += [found.place.centre] if found else []
    if any(distance_m(written, other) <= _SAME_PLACE_M for other in others):
        return False
    if found is None:
        return True
    apart_m = distance_m(written, found.place.centre)
    if not areas:
        return apart_m <= ROUTE_M_MAX[0]
    is_in_area = any(_holds(area, written) for area in areas)
    return apart_m <= (ROUTE_M_MAX[found.is_city] if is_in_area else _TABLE_ALONE_M_MAX)


def _table_region(
    end: CorridorEnd, found: _Candidate | None, gazetteer: PlaceNames
) -> tuple[Place, ...]:
    """The province that the table gives the other end, if it has that end right."""
    if found is None or found.note or not end.province:
        return ()
    return _provinces((_AREA_WORD.sub("", end.province).strip(),), gazetteer)


def _hinted(hints: Sequence[str], gazetteer: PlaceNames) -> tuple[Place, ...]:
    names = [_REGION.sub(r"\1", hint).strip() for hint in hints]
    return _provinces([name for name in names if re.fullmatch(_NAME, name)], gazetteer)


def _region_places(news: str, gazetteer: PlaceNames) -> tuple[Place, ...]:
    """The regions that a text names, alone or in a list before one "regions"."""
    names = [name for found in _REGION.findall(news) for name in _LIST.split(found)]
    return _provinces(names, gazetteer)


def _provinces(names: Sequence[str], gazetteer: PlaceNames) -> tuple[Place, ...]:
    """One region for each name that is one: of Kyiv's two the oblast, not the city."""
    found = []
    for name in names:
        places = [entry.place() for entry in gazetteer.find(f"{name} oblast")]
        provinces = [p for p in places if p.basis is PlaceBasis.PROVINCE]
        if provinces:
            found.append(max(provinces, key=lambda p: p.sigma_major_m))
    return tuple(dict.fromkeys(found))


def _holds(region: Place, position: Position) -> bool:
    """Whether the position lies in the disc of a region, which is two sigmas wide."""
    return distance_m(region.centre, position) <= 2.0 * region.sigma_major_m


def _table_position(end: CorridorEnd) -> Position | None:
    if end.lat_deg is None or end.lon_deg is None:
        return None
    return Position(lat_deg=float(end.lat_deg), lon_deg=float(end.lon_deg))


__all__ = [
    "CITY_SIGMA_M",
    "NEIGHBOUR_M_MAX",
    "ROUTE_M_MAX",
    "TABLE_AGREES_M",
    "CorridorPlaces",
    "corridor_places",
    "name_of_end",
]
