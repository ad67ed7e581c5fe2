"""Incidents as readers are given them: what a careful adversary would look at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from truce.errors import InvalidValue
from truce.identifiers import IncidentId, ObservationId
from truce.incidents.model import Ellipse, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position, moved
from truce.release import (
    Coarseness,
    Gate,
    Policy,
    Precedent,
    Reader,
    ReleasedIncident,
    Rule,
    Thing,
    Withheld,
    count_withheld,
    release_incident,
    release_incidents,
)
from truce.release.cells import cell_centre, small_cell
from truce.release.kinds import guarded_weight, row_of

SHOT_AT = datetime(2031, 5, 7, 12, 20, tzinfo=UTC)
LONG_AFTER = SHOT_AT + timedelta(days=40)
HERE = Position(lat_deg=48.0, lon_deg=-31.0)
OUTGOING = ((Kind.EXPLOSION_OUTGOING, 0.9), (Kind.EXPLOSION_IMPACT, 0.1))
IMPACT = ((Kind.EXPLOSION_IMPACT, 0.97), (Kind.EXPLOSION_OUTGOING, 0.03))
KEY = b"a naming key of 32 bytes, made up"


class Halves:
    """Land divided by one meridian."""

    def province_at(self, position: Position) -> str | None:
        """West or east of 31 degrees west."""
        return "Westland" if position.lon_deg < -31.0 else "Eastland"


class Sea:
    """No province anywhere but in the south."""

    def province_at(self, position: Position) -> str | None:
        """Southland below 48 degrees north."""
        return "Southland" if position.lat_deg < 48.0 else None


class Past:
    """Every incident has the same precedent."""

    def __init__(self, precedent: Precedent) -> None:
        self.precedent = precedent

    def precedent_of(self, incident: Incident) -> Precedent | None:
        """The one precedent."""
        return self.precedent if incident.id else None


def incident(**changes: object) -> Incident:
    """An outgoing shot heard by two stations, unless changed."""
    made = Incident(
        id=IncidentId("inc-1"),
        position=HERE,
        ellipse=Ellipse(semi_major_m=400.0, semi_minor_m=150.0, bearing_deg=20.0),
        interval=Interval(start=SHOT_AT, end=SHOT_AT + timedelta(seconds=4)),
        kinds=OUTGOING,
        probability=0.87,
        witnesses=(
            Witness(stated_by=("station-7",), observations=(ObservationId("o-1"),)),
            Witness(stated_by=("station-9",), observations=(ObservationId("o-2"),)),
        ),
        contradicted_by=(ObservationId("o-3"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def shown(
    made: Incident, reader: Reader, *, gate: Gate | None = None
) -> ReleasedIncident:
    """What a reader is given long afterwards."""
    released = release_incident(
        made, reader, LONG_AFTER, gate=gate or Gate(naming_key=KEY)
    )
    assert isinstance(released, ReleasedIncident)
    return released


def test_mechanism_is_given_everything_at_once() -> None:
    """The mechanism's staff work with the exact place, the witnesses and the ids."""
    made = incident()
    released = release_incident(made, Reader.MECHANISM, SHOT_AT, gate=Gate())
    assert isinstance(released, ReleasedIncident)
    assert released.position == HERE
    assert released.reference == "inc-1"
    assert released.witnesses == made.witnesses
    assert released.contradicted_by == made.contradicted_by
    assert released.withheld == ()


@pytest.mark.parametrize("reader", [Reader.CELL, Reader.PARTIES, Reader.PUBLIC])
def test_nobody_else_is_given_sources(reader: Reader) -> None:
    """Station names and observation ids appear nowhere in what others are given."""
    for kinds in (OUTGOING, IMPACT):
        text = repr(shown(incident(kinds=kinds), reader))
        assert "station" not in text
        assert "o-1" not in text
        assert "o-3" not in text
        assert "inc-1" not in text


def test_outgoing_fire_by_reader() -> None:
    """The same shot: a 5 km cell and hour, a 10 km cell and day, a province and ISO
    week."""
    gate = Gate(provinces=Halves())
    cell = shown(incident(), Reader.CELL, gate=gate)
    parties = shown(incident(), Reader.PARTIES, gate=gate)
    public = shown(incident(), Reader.PUBLIC, gate=gate)
    assert cell.interval.start == datetime(2031, 5, 7, 12, tzinfo=UTC)
    assert cell.interval.duration == timedelta(hours=1)
    assert parties.interval.start == datetime(2031, 5, 7, tzinfo=UTC)
    assert parties.interval.duration == timedelta(days=1)
    assert public.interval.start == datetime(2031, 5, 5, tzinfo=UTC)
    assert public.interval.duration == timedelta(weeks=1)
    assert public.interval.start.isoweekday() == 1
    assert (cell.ellipse, parties.ellipse, public.ellipse) == (None, None, None)
    assert (public.position, public.cell) == (None, None)
    assert public.province in ("Westland", "Eastland")
    assert cell.province == parties.province == public.province


def test_impact_is_shown_to_the_parties_as_an_ellipse_after_an_hour() -> None:
    """A party sees where it was hit, one hour later and without who saw it."""
    made = incident(kinds=IMPACT)
    early = release_incident(
        made, Reader.PARTIES, made.interval.end + timedelta(minutes=59), gate=Gate()
    )
    due = release_incident(
        made, Reader.PARTIES, made.interval.end + timedelta(hours=1), gate=Gate()
    )
    assert isinstance(early, Withheld)
    assert isinstance(due, ReleasedIncident)
    assert due.coarseness is Coarseness.ELLIPSE
    assert due.ellipse == made.ellipse


def test_withheld_tells_nothing() -> None:
    """Shots at two places and days are refused in the same words, without a date."""
    early = SHOT_AT + timedelta(minutes=1)
    one = release_incident(incident(), Reader.PUBLIC, early, gate=Gate())
    other = release_incident(
        incident(
            id=IncidentId("inc-2"),
            position=Position(lat_deg=20.0, lon_deg=-40.0),
            kinds=IMPACT,
        ),
        Reader.PUBLIC,
        early,
        gate=Gate(),
    )
    assert isinstance(one, Withheld)
    assert one == other
    assert "2031" not in one.why


@pytest.mark.parametrize(
    ("kinds", "row"),
    [
        (IMPACT, Thing.IMPACT_OR_DAMAGE),
        (
            ((Kind.EXPLOSION_IMPACT, 0.95), (Kind.EXPLOSION_OUTGOING, 0.05)),
            Thing.OUTGOING_OR_WEAPON,
        ),
        (((Kind.EXPLOSION, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.UNDETERMINED, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.DAMAGE, 0.6), (Kind.EXPLOSION, 0.4)), Thing.IMPACT_OR_DAMAGE),
        (((Kind.DAMAGE, 0.4), (Kind.EXPLOSION, 0.6)), Thing.OUTGOING_OR_WEAPON),
        (((Kind.WEAPON_PRESENT, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.FORCES_PRESENT, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.CLASH, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.DRONE, 1.0),), Thing.OUTGOING_OR_WEAPON),
        (((Kind.FIRE, 1.0),), Thing.IMPACT_OR_DAMAGE),
        ((), Thing.OUTGOING_OR_WEAPON),
    ],
)
def test_row_of_a_kind_distribution(
    kinds: tuple[tuple[Kind, float], ...], row: Thing
) -> None:
    """What may have been fired from there is guarded; what surely arrived there is
    not."""
    assert row_of(kinds) is row


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_row(kind: Kind) -> None:
    """A kind added later is guarded until somebody lists it as received."""
    assert guarded_weight(((kind, 1.0),)) in (0.0, 1.0)


def test_once_guarded_always_guarded() -> None:
    """A shot that later reports turn into an impact does not become exact in public."""
    gate = Gate(precedents=Past(Precedent(position=HERE, was_guarded=True)))
    assert shown(incident(kinds=IMPACT), Reader.PUBLIC, gate=gate).cell is None


def test_cell_does_not_wander_over_its_edge() -> None:
    """A revision that crosses the edge of a cell would betray that the place is near
    it."""
    first = cell_centre(small_cell(HERE))
    revised = moved(first, east_m=4_500.0, north_m=0.0)
    assert small_cell(revised) != small_cell(first)
    gate = Gate(precedents=Past(Precedent(position=first)))
    kept = shown(incident(position=revised), Reader.CELL, gate=gate)
    before = shown(incident(position=first), Reader.CELL)
    assert kept.cell == before.cell
    far = moved(first, east_m=40_000.0, north_m=0.0)
    assert shown(incident(position=far), Reader.CELL, gate=gate).cell != before.cell


def test_province_at_sea_is_that_of_a_neighbouring_cell() -> None:
    """On a coast the centre of a cell may be at sea; the answer still depends on the
    cell only."""
    gate = Gate(provinces=Sea())
    south = incident(position=Position(lat_deg=47.98, lon_deg=-31.0))
    north = incident(position=Position(lat_deg=52.0, lon_deg=-31.0))
    assert shown(south, Reader.PUBLIC, gate=gate).province == "Southland"
    assert shown(north, Reader.PUBLIC, gate=gate).province is None


def test_a_vague_place_is_not_drawn_as_if_known_to_five_kilometres() -> None:
    """A report of "somewhere in the district" gets a cell as large as the district."""
    vague = incident(
        ellipse=Ellipse(semi_major_m=30_000.0, semi_minor_m=30_000.0, bearing_deg=0.0)
    )
    known, unknown = shown(incident(), Reader.CELL), shown(vague, Reader.CELL)
    assert known.position_radius_m is not None
    assert unknown.position_radius_m is not None
    assert unknown.position_radius_m > 15_000.0 > known.position_radius_m


def test_references_cannot_be_matched_between_readers() -> None:
    """Each kind of reader knows an incident by a name of its own; without a key by
    none."""
    names = {shown(incident(), reader).reference for reader in Reader}
    assert len(names) == len(Reader)
    assert shown(incident(), Reader.PUBLIC, gate=Gate()).reference == ""
    with pytest.raises(InvalidValue, match="naming key has 3 bytes"):
        Gate(naming_key=b"abc")


def test_order_does_not_tell_the_order_of_events() -> None:
    """Two shots in one hour and cell come in the same order whichever was first."""
    gate = Gate(naming_key=KEY)
    a, b = incident(id=IncidentId("a")), incident(id=IncidentId("b"))
    forth = release_incidents((a, b), Reader.CELL, LONG_AFTER, gate=gate)
    back = release_incidents((b, a), Reader.CELL, LONG_AFTER, gate=gate)
    assert forth == back
    assert [
        r.reference for r in release_incidents((b, a), Reader.MECHANISM, LONG_AFTER)
    ] == [
        "b",
        "a",
    ]


def test_withheld_counts_are_told_of_impacts_only() -> None:
    """That something was fired in the last hour is itself what the floor holds back."""
    both = (incident(), incident(id=IncidentId("b"), kinds=IMPACT))
    assert count_withheld(both, Reader.PARTIES, SHOT_AT, gate=Gate()) == 1
    assert count_withheld(both, Reader.PARTIES, LONG_AFTER, gate=Gate()) == 0
    assert count_withheld(both, Reader.CELL, SHOT_AT, gate=Gate()) == 0
    assert count_withheld(both, Reader.MECHANISM, SHOT_AT, gate=Gate()) == 0
    assert count_withheld(both, Reader.PUBLIC, SHOT_AT, gate=Gate()) is None


def test_witnesses_are_counted_to_three_in_coarse_answers() -> None:
    """Nine stations that heard one shot would say which valley it was in."""
    witnesses = tuple(
        Witness(stated_by=(f"s{n}",), observations=(ObservationId(f"o{n}"),))
        for n in range(9)
    )
    released = shown(incident(witnesses=witnesses), Reader.CELL)
    assert (released.witness_count, released.is_witness_count_capped) == (3, True)


def test_policy_can_withhold_from_the_mechanism_too() -> None:
    """A stricter policy for outgoing fire holds for every reader it names."""
    policy = Policy(
        rules=(
            Rule(
                reader=Reader.MECHANISM,
                thing=Thing.OUTGOING_OR_WEAPON,
                coarseness=Coarseness.NOTHING,
            ),
        )
    )
    released = release_incident(
        incident(), Reader.MECHANISM, LONG_AFTER, gate=Gate(policy=policy)
    )
    assert isinstance(released, Withheld)


def test_remembered_answers_follow_a_revision() -> None:
    """A gate that answered before gives the new version's answer after a revision."""
    gate = Gate()
    before = shown(incident(), Reader.PUBLIC, gate=gate)
    after = shown(incident(probability=0.2), Reader.PUBLIC, gate=gate)
    assert (before.probability, after.probability) == (0.85, 0.2)


def test_nothing_in_nothing_out() -> None:
    """An empty record is no error."""
    assert release_incidents((), Reader.PUBLIC, SHOT_AT) == ()
