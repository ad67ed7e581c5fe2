"""What a party claims: our own format, CSV.

UTF-8, plain or gzip, with the header
`claim_id,stated_at,party,asserts,kind,from,to,lat,lon,
radius_m,place,weapon,deaths,text,sources`; every column must be there, other columns
are let be.

- `claim_id`: the party's own number. `stated_at`: when it was stated. `party`: its
  name.
- `asserts`: occurred or denied. `kind`: a kind of ours, or the party's own word.
- `from`, `to`: when it is said to have happened, ISO 8601 with an offset, as
  `stated_at`; an empty `to` means the moment `from`.
- `lat`, `lon`, `radius_m`: the disc where, WGS 84 degrees and metres; or, all three
  empty, `place`, a name. Both may be given: then the disc counts and the name is kept.
- `weapon`, `deaths` (a whole number), `text`, `sources` (links, parted by blanks): may
  be empty.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from truce.formats.fields import Fields
from truce.formats.rows import Decoded, Fault
from truce.formats.tables import Columns, decode_table, encode_table
from truce.instants import text_from_instant

COLUMNS: Final = Columns(
    required=(
        "claim_id",
        "stated_at",
        "party",
        "asserts",
        "kind",
        "from",
        "to",
        "lat",
        "lon",
        "radius_m",
        "place",
        "weapon",
        "deaths",
        "text",
        "sources",
    )
)
ASSERTIONS: Final = ("occurred", "denied")
# A claim about more than a continent names no place.
_RADIUS_M_MAX: Final = 5.0e6
_DEATHS_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """The area within `radius_m` metres of a point in degrees."""

    lat_deg: float
    lon_deg: float
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of one party. `disc` is None where only `place` says where; deaths
    None: unsaid."""

    claim_id: str
    stated_at: datetime
    party: str
    asserts: str
    kind: str
    start: datetime
    end: datetime
    disc: Disc | None = None
    place: str = ""
    weapon: str = ""
    deaths: int | None = None
    text: str = ""
    sources: str = ""


def decode(raw: bytes) -> Iterator[Decoded[Claim] | Fault]:
    """Every row of a file of claims.

    Raises:
        InvalidDelivery: it is no such file.
    """
    return decode_table(raw, COLUMNS, _read_row)


def encode(claims: Iterable[Claim]) -> bytes:
    """A file of claims, not packed."""
    return encode_table(COLUMNS.names, map(_texts, claims))


def _read_row(fields: Fields, texts: tuple[str, ...]) -> Claim:
    claim_id, stated_at, party, asserts, kind, start, end = texts[:7]
    lat, lon, radius, place, weapon, deaths, text, sources = texts[7:]
    return Claim(
        claim_id=fields.filled("claim_id", claim_id),
        stated_at=fields.instant("stated_at", stated_at),
        party=fields.filled("party", party),
        asserts=fields.word("asserts", asserts, ASSERTIONS),
        kind=fields.filled("kind", kind),
        start=fields.instant("from", start),
        end=fields.instant("to", end or start),
        disc=_disc(fields, lat, lon, radius, place),
        place=place,
        weapon=weapon,
        deaths=fields.whole("deaths", deaths, low=0, high=_DEATHS_MAX)
        if deaths
        else None,
        text=text,
        sources=sources,
    )


def _disc(fields: Fields, lat: str, lon: str, radius: str, place: str) -> Disc | None:
    if not (lat or lon or radius):
        if not place:
            fields.fault(
                "place", place, "a name, because lat, lon and radius_m are empty"
            )
        return None
    return Disc(
        lat_deg=fields.number("lat", lat, low=-90.0, high=90.0),
        lon_deg=fields.number("lon", lon, low=-180.0, high=180.0),
        radius_m=fields.number("radius_m", radius, low=0.001, high=_RADIUS_M_MAX),
    )


def _texts(claim: Claim) -> tuple[str, ...]:
    disc = claim.disc
    return (
        claim.claim_id,
        text_from_instant(claim.stated_at),
        claim.party,
        claim.asserts,
        claim.kind,
        text_from_instant(claim.start),
        text_from_instant(claim.end),
        repr(disc.lat_deg) if disc else "",
        repr(disc.lon_deg) if disc else "",
        repr(disc.radius_m) if disc else "",
        claim.place,
        claim.weapon,
        "" if claim.deaths is None else str(claim.deaths),
        claim.text,
        claim.sources,
    )


__all__ = ["ASSERTIONS", "COLUMNS", "Claim", "Disc", "decode", "encode"]
