"""An invented record in memory: three hundred incidents off an invented coast.

It answers like any `PictureSource`, so that pages can be tried without a record room.
It holds a real Merkle tree over its statements, so that proofs can be checked, and it
can be told of a new incident while somebody watches.
"""

import hashlib
import json
import math
import random
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from truce.compliance.model import Finding, Verdict
from truce.errors import InvalidQuery
from truce.identifiers import (
    AgreementId,
    ClauseId,
    FeedName,
    IncidentId,
    ObservationId,
    StatementIndex,
)
from truce.incidents.model import Change, Ellipse, HistoryEntry, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.observations.model import Assertion, Deaths, Grade, Observation, Watch
from truce.picture.ports import (
    AsOf,
    ClauseText,
    DeliveryLine,
    QuarantinedRow,
    RecordKind,
    Vouching,
)
from truce.places import PlaceBasis, Position, moved, round_place
from truce.release.model import StatementProof

START = datetime(2031, 5, 1, tzinfo=UTC)
NOW = datetime(2031, 5, 11, 9, 30, tzinfo=UTC)
CENTRE = Position(lat_deg=35.0, lon_deg=-42.0)
TOWNS = (
    ("Tarn Ferry", 12_000.0, 30_000.0),
    ("Oldmoor", -18_000.0, 22_000.0),
    ("Saint Ebba", 30_000.0, -12_000.0),
    ("Kestrel Point", -35_000.0, -20_000.0),
    ("Brackwater", 4_000.0, -4_000.0),
    ("Lower Hythe", 48_000.0, 9_000.0),
    ("Vane", -52_000.0, 6_000.0),
)
FEEDS = ("patrols", "acoustic", "cameras", "drones", "news", "claims-north")
KINDS = (
    Kind.EXPLOSION_IMPACT,
    Kind.EXPLOSION_OUTGOING,
    Kind.EXPLOSION,
    Kind.BURST,
    Kind.SHOT,
    Kind.DRONE,
    Kind.DAMAGE,
    Kind.FIRE,
    Kind.HARM,
    Kind.WEAPON_PRESENT,
    Kind.FORCES_PRESENT,
    Kind.CLASH,
    Kind.AIRCRAFT,
    Kind.PROJECTILE,
    Kind.MINE,
    Kind.THUNDER,
    Kind.BLAST_QUARRY,
    Kind.SONIC_BOOM,
    Kind.UNDETERMINED,
)
WEIGHTS = (60, 30, 40, 22, 20, 24, 22, 12, 10, 9, 8, 10, 6, 8, 4, 6, 3, 3, 14)
ORIGIN = "exercise.truce.example/invented-coast"


class InventedPicture:
    """A `PictureSource` in memory. `count` incidents, the same for the same seed."""

    record_name = "Invented coast"
    record_kind = RecordKind.EXERCISE
    origin = ORIGIN
    time_zone = "Atlantic/Azores"

    def __init__(self, *, count: int = 300, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._observations: dict[ObservationId, Observation] = {}
        self._incidents: list[tuple[int, Incident]] = []
        self._entries: list[tuple[bytes, datetime]] = []
        self._history: dict[IncidentId, list[HistoryEntry]] = {}
        self._moved: dict[IncidentId, IncidentId] = {}
        moments = sorted(self._moment() for _ in range(count))
        for number, moment in enumerate(moments):
            self._invent(number, moment)
        self._moved[IncidentId("i-old-000")] = self._incidents[3][1].id

    @property
    def statement_count(self) -> int:
        """How many statements were sealed."""
        return len(self._entries)

    def add_incident(self, moment: datetime, *, kind: Kind | None = None) -> Incident:
        """Something new happens and is sealed at once."""
        return self._invent(len(self._incidents), moment, kind=kind)

    def count_at(self, instant: datetime) -> int:
        """How many statements had been sealed by then."""
        return sum(1 for _, sealed in self._entries if sealed <= instant)

    def sealed_at(self, statement: StatementIndex) -> datetime:
        """When a statement was sealed."""
        self._verify(statement)
        return self._entries[statement][1]

    def incidents(self, as_of: AsOf) -> Sequence[Incident]:
        """The incidents of the statements known then."""
        return [one for known_from, one in self._incidents if known_from < as_of.count]

    def findings(self, as_of: AsOf) -> Sequence[Finding]:
        """Three clauses: quiet in the zone, no weapons seen, a corridor yet to come."""
        known = self.incidents(as_of)
        fire = [i for i in known if i.kind in KINDS[:3] and i.probability > 0.8]
        weapons = [i for i in known if i.kind is Kind.WEAPON_PRESENT]
        unsure = [i for i in known if i.kind is Kind.DRONE]
        last = [i for i in known if i.kind is Kind.FORCES_PRESENT]
        met = [i for i in known if i.kind in (Kind.THUNDER, Kind.BLAST_QUARRY)]
        return [
            _finding("art-1.cease-fire", Verdict.BREACHED, fire[::3], seen=0.71),
            _finding("art-2.heavy-weapons", Verdict.BREACHED, weapons[::2], seen=0.55),
            _finding("art-3.drones", Verdict.UNDETERMINED, unsure, seen=0.12),
            _finding("art-4.withdrawal", Verdict.PENDING, last, seen=0.4),
            _finding("art-5.notice-of-blasts", Verdict.MET, met, seen=0.93),
            _finding("art-6.corridor-vane", Verdict.UNDETERMINED, [], seen=0.0),
        ]

    def watches(self, as_of: AsOf) -> Sequence[Watch]:
        """Two posts that listened all the while."""
        when = Interval(start=START, end=as_of.instant)
        return [
            Watch(
                id=ObservationId(f"w-{number}"),
                feed=FeedName("acoustic"),
                row_key=f"w-{number}",
                statement=StatementIndex(0),
                line=number,
                stated_by="Mission",
                observer=f"Station {number}",
                where=round_place(
                    moved(CENTRE, east_m=east, north_m=north),
                    sigma_m=50.0,
                    basis=PlaceBasis.POINT,
                ),
                range_m=22_000.0,
                when=when,
                detection_probability=0.8,
            )
            for number, (_, east, north) in enumerate(TOWNS[:4])
        ]

    def observation(self, observation: ObservationId) -> Observation:
        """One observation."""
        if observation not in self._observations:
            raise InvalidQuery(f"no observation {observation}")
        return self._observations[observation]

    def observations(
        self, observations: Sequence[ObservationId]
    ) -> Sequence[Observation]:
        """Many observations."""
        return [self._observations[one] for one in observations]

    def history(self, incident: IncidentId) -> Sequence[HistoryEntry]:
        """What became of an id."""
        return self._history.get(incident, [])

    def changes_after(self, count: int) -> Sequence[HistoryEntry]:
        """What changed from a position on."""
        entries = (entry for lines in self._history.values() for entry in lines)
        return sorted(
            (entry for entry in entries if entry.position >= count),
            key=lambda entry: (entry.position, entry.incident),
        )

    def resolve(self, incident: IncidentId) -> tuple[IncidentId, ...]:
        """Where an id lives on."""
        if incident in self._moved:
            return (self._moved[incident],)
        return (incident,) if incident in self._history else ()

    def proof(self, statement: StatementIndex) -> StatementProof:
        """A real inclusion proof over the invented statements."""
        self._verify(statement)
        leaves = [_leaf(entry) for entry, _ in self._entries]
        return StatementProof(
            statement=statement,
            tree_size=len(leaves),
            leaf_hash=leaves[statement],
            hashes=tuple(_path(leaves, statement)),
            checkpoint=self.checkpoint(),
            entry=self._entries[statement][0],
            marking="MECHANISM",
        )

    def checkpoint(self) -> str:
        """A checkpoint with the true root and an invented signature."""
        root = _root([_leaf(entry) for entry, _ in self._entries])
        signature = b64encode(hashlib.sha256(root).digest() * 2).decode()
        body = f"{ORIGIN}\n{len(self._entries)}\n{b64encode(root).decode()}\n"
        return f"{body}\n\u2014 {ORIGIN} {signature}\n"

    def vouching(self) -> Vouching:
        """Witnesses saw all but the newest statement; nobody stamped anything."""
        return Vouching(
            rule="2 of {osprey, heron, merlin}",
            witnessed_count=len(self._entries) - 1,
            stamped_count=None,
        )

    def deliveries(self, as_of: AsOf) -> Sequence[DeliveryLine]:
        """One line a statement; every fortieth holds a line that cannot be read."""
        return [
            DeliveryLine(
                statement=StatementIndex(index),
                feed=FeedName(FEEDS[index % len(FEEDS)]),
                stated_by="Mission",
                sealed_at=sealed,
                size_bytes=len(entry) * 7,
                read=4,
                accepted=3 if index % 40 == 0 else 4,
                quarantined=1 if index % 40 == 0 else 0,
                duplicates=0,
            )
            for index, (entry, sealed) in enumerate(self._entries[: as_of.count])
        ]

    def quarantined(self, as_of: AsOf) -> Sequence[QuarantinedRow]:
        """The lines that could not be read."""
        return [
            QuarantinedRow(
                statement=line.statement,
                line=3,
                reason="lat_deg is 135.2, expected -90 <= lat_deg <= 90",
            )
            for line in self.deliveries(as_of)
            if line.quarantined
        ]

    def clauses(self, as_of: AsOf) -> Sequence[ClauseText]:
        """The texts of two of the clauses, once anything is known."""
        if not as_of.count:
            return []
        return [
            ClauseText(
                agreement=AgreementId("invented-coast"),
                clause=ClauseId("art-1.cease-fire"),
                title="Article 1: cease-fire",
                text="From 1 May no fire of any weapon within 20 km of the line.",
                source="Protocol of Brackwater, 30 April 2031, article 1",
            ),
            ClauseText(
                agreement=AgreementId("invented-coast"),
                clause=ClauseId("art-2.heavy-weapons"),
                title="Article 2: heavy weapons",
                text="No howitzer above 100 mm within 15 km of the line.",
            ),
        ]

    def base_map(self) -> bytes:
        """An island with two provinces, a river, a line and seven towns."""
        return json.dumps(_base_map()).encode()

    def _verify(self, statement: int) -> None:
        if not 0 <= statement < len(self._entries):
            raise InvalidQuery(f"no statement {statement}")

    def _moment(self) -> datetime:
        # Nights are busier, and the fourth day is the worst.
        day = self._random.choices(range(10), (3, 4, 5, 12, 9, 6, 5, 4, 6, 7))[0]
        hour = self._random.choices(range(24), [6] * 5 + [2] * 14 + [5] * 5)[0]
        minute = self._random.randrange(60)
        return START + timedelta(days=day, hours=hour, minutes=minute)

    def _seal(self, moment: datetime, feed: str) -> StatementIndex:
        index = len(self._entries)
        sealed = max(moment, self._entries[-1][1] if self._entries else moment)
        entry = {"feed": feed, "index": index, "sealed_at": sealed.isoformat()}
        self._entries.append((json.dumps(entry).encode(), sealed))
        return StatementIndex(index)

    def _invent(
        self, number: int, moment: datetime, *, kind: Kind | None = None
    ) -> Incident:
        chance = self._random
        kind = kind or chance.choices(KINDS, WEIGHTS)[0]
        town, east, north = chance.choice(TOWNS)
        centre = moved(
            CENTRE,
            east_m=east + chance.gauss(0, 5_000),
            north_m=north + chance.gauss(0, 5_000),
        )
        witnesses = tuple(
            self._witness(number, which, kind, town, centre, moment)
            for which in range(chance.choices((1, 2, 3, 4, 6), (40, 30, 16, 10, 4))[0])
        )
        against: tuple[ObservationId, ...] = ()
        if chance.random() < 0.08:
            denial = self._observe(
                f"{number}-no", "claims-north", kind, town, centre, moment, denied=True
            )
            against = (denial.id,)
        major = chance.choice((180.0, 420.0, 900.0, 1_600.0, 3_800.0))
        first = round(chance.uniform(0.55, 0.97), 2)
        rest = Kind.EXPLOSION if kind is not Kind.EXPLOSION else Kind.EXPLOSION_IMPACT
        length = chance.choice((0, 0, 0, 12, 60, 1440))
        incident = Incident(
            id=IncidentId(f"i-{number:04d}"),
            position=centre,
            ellipse=Ellipse(
                semi_major_m=major,
                semi_minor_m=major * chance.uniform(0.3, 1.0),
                bearing_deg=chance.uniform(0, 179),
            ),
            interval=Interval(start=moment, end=moment + timedelta(minutes=length)),
            kinds=((kind, first), (rest, round(1 - first, 2))),
            probability=round(min(0.99, 0.3 + 0.2 * len(witnesses) + first / 4), 3),
            witnesses=witnesses,
            contradicted_by=against,
        )
        known_from = max(
            self._observations[o].statement for w in witnesses for o in w.observations
        )
        self._incidents.append((known_from, incident))
        self._history[incident.id] = [
            HistoryEntry(
                incident=incident.id, position=known_from, change=Change.FORMED
            )
        ]
        return incident

    def _witness(
        self,
        number: int,
        which: int,
        kind: Kind,
        town: str,
        centre: Position,
        moment: datetime,
    ) -> Witness:
        feed = self._random.choice(FEEDS[:5])
        seen = self._observe(f"{number}-{which}", feed, kind, town, centre, moment)
        return Witness(stated_by=(seen.stated_by,), observations=(seen.id,))

    def _observe(
        self,
        name: str,
        feed: str,
        kind: Kind,
        town: str,
        centre: Position,
        moment: datetime,
        *,
        denied: bool = False,
    ) -> Observation:
        chance = self._random
        observation = Observation(
            id=ObservationId(f"o-{name}"),
            feed=FeedName(feed),
            row_key=name,
            statement=self._seal(moment + timedelta(minutes=5), feed),
            line=chance.randrange(1, 40),
            stated_by={"patrols": "Patrol 4", "news": "Hythe Courier"}.get(feed, feed),
            observer="Post 7" if feed == "acoustic" else "",
            kind=kind,
            kind_word=kind.value.replace(".", " "),
            weapon_word=chance.choice(("", "", "122 mm", "mortar")),
            asserts=Assertion.DENIED if denied else Assertion.OCCURRED,
            where=round_place(
                moved(centre, east_m=chance.gauss(0, 300), north_m=300.0),
                sigma_m=chance.choice((60.0, 400.0, 1_500.0)),
                basis=chance.choice((PlaceBasis.POINT, PlaceBasis.SETTLEMENT)),
                name=town,
            ),
            when=Interval(start=moment, end=moment + timedelta(minutes=10)),
            grade=Grade(
                reliability=chance.choice("ABCF"), credibility=chance.choice((1, 2, 3))
            ),
            posts=tuple(f"post-{name}-{n}" for n in range(chance.randrange(3))),
            text=f"Two loud reports heard from {town}, then smoke over the harbour."
            if not denied
            else "Our side did not fire that night.",
            deaths=Deaths(low=0, best=1, high=2) if kind is Kind.HARM else None,
        )
        self._observations[observation.id] = observation
        return observation


def _finding(
    clause: str, verdict: Verdict, incidents: list[Incident], *, seen: float
) -> Finding:
    is_breached = verdict is Verdict.BREACHED and incidents
    since = incidents[0].interval.start if is_breached else None
    reasons = {
        Verdict.BREACHED: f"Breached by {len(incidents)} incidents in the zone, the "
        "first of them reported by more than one witness.",
        Verdict.UNDETERMINED: "Undetermined, because nobody was looking at most of it.",
        Verdict.PENDING: "Pending: the withdrawal may last until 12 May.",
        Verdict.MET: "Met: every blast was announced a day before.",
    }
    return Finding(
        agreement=AgreementId("invented-coast"),
        clause=ClauseId(clause),
        verdict=verdict,
        reason=reasons[verdict],
        reason_key=f"invented-{verdict.value}",
        # As compliance does: the sentence is about the first of its incidents.
        reason_values=(("kind", incidents[0].kind.value),) if incidents else (),
        incidents=tuple(incident.id for incident in incidents),
        since=since,
        decided_at=NOW + timedelta(hours=15) if verdict is Verdict.PENDING else None,
        seen_share=seen,
    )


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, written down as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    both = _root(leaves[:half]) + _root(leaves[half:])
    return hashlib.sha256(b"\x01" + both).digest()


def _path(leaves: list[bytes], index: int) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*_path(leaves[:half], index), _root(leaves[half:])]
    return [*_path(leaves[half:], index - half), _root(leaves[:half])]


def _point(east_m: float, north_m: float) -> list[float]:
    at = moved(CENTRE, east_m=east_m, north_m=north_m)
    return [round(at.lon_deg, 5), round(at.lat_deg, 5)]


def _base_map() -> dict[str, object]:
    chance = random.Random(3)
    coast = []
    for step in range(140):
        angle = 2 * math.pi * step / 140
        reach = 74_000 + 9_000 * math.sin(3 * angle) + 5_000 * math.sin(7 * angle + 1)
        reach += chance.gauss(0, 1_200)
        coast.append(_point(reach * math.cos(angle), 0.75 * reach * math.sin(angle)))
    coast.append(coast[0])
    line = [
        _point(e, 9_000 * math.sin(e / 23_000)) for e in range(-72_000, 72_001, 4_000)
    ]
    river = [
        _point(9_000 * math.sin(n / 12_000), n) for n in range(-50_000, 40_001, 3_000)
    ]

    def feature(kind: str, shape: str, coordinates: object, name: str = "") -> object:
        return {
            "type": "Feature",
            "properties": {"layer": kind, "name_en": name},
            "geometry": {"type": shape, "coordinates": coordinates},
        }

    towns = [
        feature("settlement", "Point", _point(east, north), name)
        for name, east, north in TOWNS
    ]
    return {
        "type": "FeatureCollection",
        "features": [
            feature("land", "Polygon", [coast], "Invented coast"),
            feature("coast", "LineString", coast),
            feature("river", "LineString", river, "Brack"),
            feature("line", "LineString", line, "Line of contact"),
            *towns,
        ],
    }
