"""The floors of release hold for any policy, thing, place, time and reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from truce.identifiers import IncidentId, ObservationId
from truce.incidents.model import Ellipse, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position
from truce.release import (
    Coarseness,
    Condition,
    Gate,
    Policy,
    Reader,
    ReleasedIncident,
    Rule,
    Thing,
    decide,
    release_incident,
    release_incidents,
)
from truce.release.cells import (
    cell_at_least,
    cell_width_m,
    large_cell,
    neighbours_of,
    small_cell,
)
from truce.release.coarsen import GRANULES, coarse_interval
from truce.release.kinds import row_of

# The floors, written out a second time and not read from the table that is under test.
HOURS = {
    (Reader.CELL, Thing.OUTGOING_OR_WEAPON): ("cell-5-km", 1),
    (Reader.PARTIES, Thing.OUTGOING_OR_WEAPON): ("cell-10-km", 24),
    (Reader.PUBLIC, Thing.OUTGOING_OR_WEAPON): ("province-and-week", 14 * 24),
    (Reader.PUBLIC, Thing.VISIBILITY): ("province-and-week", 14 * 24),
}
NEVER = {
    (reader, thing)
    for reader in (Reader.CELL, Reader.PARTIES, Reader.PUBLIC)
    for thing in (Thing.EVIDENCE, Thing.PERSON_OR_SOURCE)
}
FINENESS = [c.value for c in Coarseness]

instants = st.integers(0, 160 * 366 * 86_400_000_000).map(
    lambda microseconds: (
        datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    )
)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40))
intervals = st.builds(
    lambda start, span: Interval(start=start, end=start + span), instants, spans
)
rules = st.builds(
    Rule,
    reader=st.sampled_from(Reader),
    thing=st.sampled_from(Thing),
    coarseness=st.sampled_from(Coarseness),
    delay=st.timedeltas(),
    conditions=st.frozensets(st.sampled_from(Condition)),
)
policies = st.builds(Policy, rules=st.lists(rules, max_size=6).map(tuple))
positions = st.builds(
    Position,
    lat_deg=st.floats(-89.0, 89.0),
    lon_deg=st.floats(-180.0, 180.0),
)
weights = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=4)


def _kinds(kinds: list[Kind], parts: list[float]) -> tuple[tuple[Kind, float], ...]:
    pairs = list(zip(kinds, parts, strict=False))
    total = sum(part for _, part in pairs)
    return tuple(sorted(((k, p / total) for k, p in pairs), key=lambda pair: -pair[1]))


distributions = st.builds(
    _kinds,
    st.lists(st.sampled_from(Kind), min_size=4, max_size=4, unique=True),
    weights,
)
ellipses = st.builds(
    lambda minor, ratio: Ellipse(
        semi_major_m=minor * ratio, semi_minor_m=minor, bearing_deg=0.0
    ),
    st.floats(10.0, 40_000.0),
    st.floats(1.0, 5.0),
)
incidents = st.builds(
    lambda position, ellipse, interval, kinds, probability, count: Incident(
        id=IncidentId(f"inc-{position.lat_deg}-{position.lon_deg}"),
        position=position,
        ellipse=ellipse,
        interval=interval,
        kinds=kinds,
        probability=probability,
        witnesses=tuple(
            Witness(stated_by=(f"station-{n}",), observations=(ObservationId(f"o{n}"),))
            for n in range(count)
        ),
    ),
    positions,
    ellipses,
    intervals,
    distributions,
    st.floats(0.0, 1.0),
    st.integers(1, 9),
)
readers = st.sampled_from([Reader.CELL, Reader.PARTIES, Reader.PUBLIC])


@given(policies, st.sampled_from(Reader), st.sampled_from(Thing), intervals, instants)
@settings(max_examples=400, deadline=None)
def test_no_policy_lowers_a_floor(
    policy: Policy, reader: Reader, thing: Thing, interval: Interval, now: datetime
) -> None:
    """ "Its floor is in code, property-tested, and no setting lowers it." """
    every_condition = frozenset(Condition) - {Condition.NAMED}
    decision = decide(
        reader,
        thing,
        happened_at=interval,
        now=now,
        policy=policy,
        conditions=every_condition,
    )
    if not decision.is_shown:
        return
    assert (reader, thing) not in NEVER
    assert thing is not Thing.PERSON_OR_SOURCE
    floor, hours = HOURS.get((reader, thing), ("exact", 0))
    assert FINENESS.index(decision.coarseness) >= FINENESS.index(floor)
    assert now >= interval.end + timedelta(hours=hours) or hours == 0


@given(policies, st.sampled_from(Reader), st.sampled_from(Thing), intervals, instants)
@settings(max_examples=200, deadline=None)
def test_no_policy_is_weaker_than_the_default(
    policy: Policy, reader: Reader, thing: Thing, interval: Interval, now: datetime
) -> None:
    """What the default table withholds stays withheld, whatever a founding statement
    says."""
    default = decide(reader, thing, happened_at=interval, now=now)
    decision = decide(reader, thing, happened_at=interval, now=now, policy=policy)
    assert default.is_shown or not decision.is_shown
    assert decision.coarseness.rank >= default.coarseness.rank


@given(incidents, readers, policies, instants)
@settings(max_examples=300, deadline=None)
def test_guarded_incidents_come_out_coarse_and_late(
    made: Incident, reader: Reader, policy: Policy, now: datetime
) -> None:
    """Whatever the mixture of kinds, a possible gun is never shown below the floor."""
    assume(row_of(made.kinds) is Thing.OUTGOING_OR_WEAPON)
    released = release_incident(made, reader, now, gate=Gate(policy=policy))
    if not isinstance(released, ReleasedIncident):
        return
    floor, hours = HOURS[reader, Thing.OUTGOING_OR_WEAPON]
    assert FINENESS.index(released.coarseness) >= FINENESS.index(floor)
    assert now >= made.interval.end + timedelta(hours=hours)
    assert released.ellipse is None
    assert released.witnesses == ()
    if released.cell is not None:
        least_m = 10_000.0 if floor == "cell-10-km" else 5_000.0
        assert cell_width_m(released.cell) >= least_m
        assert reader is not Reader.PUBLIC


@given(positions, st.sampled_from(["cell-5-km", "cell-10-km"]), st.floats(0.0, 1e5))
@settings(max_examples=500, deadline=None)
def test_cells_are_as_wide_as_they_say(
    position: Position, coarseness: str, semi_major_m: float
) -> None:
    """ "5 km cells", "10 km cells": anywhere on earth, at the least width."""
    least_m = {"cell-5-km": 5_000.0, "cell-10-km": 10_000.0}[coarseness]
    small = small_cell(position)
    cell = cell_at_least(
        small, coarseness=Coarseness(coarseness), semi_major_m=semi_major_m
    )
    assert cell_width_m(cell) >= least_m


@given(positions)
@settings(max_examples=200, deadline=None)
def test_coarser_cells_are_functions_of_the_small_cell(position: Position) -> None:
    """Two readers who lay their cells together learn no more than the finer one
    tells."""
    small = small_cell(position)
    ten = cell_at_least(small, coarseness=Coarseness.CELL_10_KM, semi_major_m=0.0)
    assert ten == large_cell(small)
    assert small not in neighbours_of(small)


@given(incidents, readers, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=200, deadline=None)
def test_what_lies_in_one_cell_and_hour_looks_the_same(
    made: Incident, reader: Reader, north: float, east: float
) -> None:
    """Move a guarded shot within its small cell and its hour: the answer is the
    same."""
    assume(row_of(made.kinds) is Thing.OUTGOING_OR_WEAPON)
    now = made.interval.end + timedelta(days=60)
    moved = replace(
        made,
        position=Position(
            lat_deg=made.position.lat_deg + (north - 0.5) * 0.02,
            lon_deg=max(
                -180.0, min(180.0, made.position.lon_deg + (east - 0.5) * 0.02)
            ),
        ),
    )
    assume(small_cell(moved.position) == small_cell(made.position))
    one = release_incident(made, reader, now, gate=Gate(naming_key=b"k" * 16))
    other = release_incident(moved, reader, now, gate=Gate(naming_key=b"k" * 16))
    assert isinstance(one, ReleasedIncident)
    assert one == other


@given(intervals, st.sampled_from(Coarseness))
@settings(max_examples=400, deadline=None)
def test_coarse_times_are_whole_and_never_end_early(
    interval: Interval, coarseness: Coarseness
) -> None:
    """A delay counted from a coarse end is never shorter than from the end itself."""
    granule = GRANULES[coarseness]
    whole = coarse_interval(interval, coarseness)
    assert whole.end >= interval.end
    if granule is None:
        assert whole == interval
        return
    assert whole.duration % granule == timedelta(0)
    assert (whole.start - datetime(2024, 1, 1, tzinfo=UTC)) % granule == timedelta(0)
    if interval.duration < granule:
        assert whole.duration == granule
    else:
        assert whole.start <= interval.start


@given(st.lists(incidents, max_size=8), readers, instants)
@settings(max_examples=100, deadline=None)
def test_order_of_the_record_leaves_no_trace(
    made: list[Incident], reader: Reader, now: datetime
) -> None:
    """The list a reader is given is the same from whatever order the record has."""
    gate = Gate(naming_key=b"k" * 16)
    forth = release_incidents(made, reader, now, gate=gate)
    back = release_incidents(made[::-1], reader, now, gate=gate)
    assert [replace(r, reference="") for r in forth] == [
        replace(r, reference="") for r in back
    ]
