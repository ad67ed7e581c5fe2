"""The exercise's scorer: what counts as found, doubled, false."""

from datetime import UTC, datetime, timedelta

import pytest

from truce.exercise.truth import TrueIncident, truth
from truce.identifiers import IncidentId
from truce.incidents.model import Ellipse, Incident
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position, moved
from truce.scoring.exercise import is_in_ellipse, score_exercise, score_json

_NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
_HERE = Position(lat_deg=35.0, lon_deg=-42.0)


def _event(
    name: str,
    *,
    kind: str = "explosion.impact",
    east_m: float = 0.0,
    minutes: float = 0.0,
) -> TrueIncident:
    moment = _NOON + timedelta(minutes=minutes)
    return TrueIncident(
        id=name,
        kind=kind,
        story="exchange",
        position=moved(_HERE, east_m=east_m, north_m=0.0),
        interval=Interval(start=moment, end=moment),
        rounds=1,
        weapon="",
        fired_by="Kelmara",
        salvo="",
        near="",
        killed=0,
        injured=0,
    )


def _incident(
    name: str,
    *,
    kind: Kind = Kind.EXPLOSION_IMPACT,
    east_m: float = 0.0,
    minutes: float = 0.0,
    hours: float = 0.0,
    probability: float = 0.9,
    semi_major_m: float = 500.0,
) -> Incident:
    moment = _NOON + timedelta(minutes=minutes)
    return Incident(
        id=IncidentId(name),
        position=moved(_HERE, east_m=east_m, north_m=0.0),
        ellipse=Ellipse(
            semi_major_m=semi_major_m, semi_minor_m=200.0, bearing_deg=90.0
        ),
        interval=Interval(start=moment, end=moment + timedelta(hours=hours)),
        kinds=((kind, 1.0),),
        probability=probability,
        witnesses=(),
    )


def test_an_incident_at_the_event_finds_it() -> None:
    """One event, one incident 100 m off: all is right, and the error is 100 m."""
    score = score_exercise([_incident("a", east_m=100.0)], [_event("t")])
    assert (score.matched, score.duplicates, score.false) == (1, 0, 0)
    assert (score.recall, score.precision) == (1.0, 1.0)
    assert score.location_error_m_median == pytest.approx(100.0, rel=0.01)
    assert score.ellipse95_coverage == 1.0
    assert score.kind_right == 1.0


def test_a_second_incident_of_the_same_event_is_a_duplicate() -> None:
    """A split incident is no false one, but it is no second find either."""
    incidents = [_incident("near", east_m=50.0), _incident("far", east_m=400.0)]
    score = score_exercise(incidents, [_event("t")])
    assert (score.matched, score.duplicates, score.false) == (1, 1, 0)
    assert score.location_error_m_median == pytest.approx(50.0, rel=0.01)


@pytest.mark.parametrize(
    "incident",
    [
        _incident("too far", east_m=1_600.0),
        _incident("too late", minutes=16.0),
        _incident("of another family", kind=Kind.DRONE),
        _incident("small arms", kind=Kind.BURST),
    ],
    ids=lambda incident: str(incident.id),
)
def test_what_lies_outside_the_gates_is_false(incident: Incident) -> None:
    """Beyond 1.5 km, a quarter of an hour or the family of kinds nothing is found."""
    score = score_exercise([incident], [_event("t")])
    assert (score.matched, score.duplicates, score.false) == (0, 0, 1)
    assert (score.recall, score.precision) == (0.0, 0.0)
    assert score.location_error_m_median is None


def test_a_vague_incident_has_a_wider_gate_up_to_a_limit() -> None:
    """Twice its ellipse, but never 12 km: a district matches nothing in particular."""
    wide = _incident("wide", east_m=5_000.0, semi_major_m=3_000.0)
    vaguer = _incident("vaguer", east_m=13_000.0, semi_major_m=30_000.0)
    assert score_exercise([wide], [_event("t")]).matched == 1
    assert score_exercise([vaguer], [_event("t")]).matched == 0


def test_a_precise_report_is_preferred_to_a_vague_one() -> None:
    """A report of the whole day may not take the event from a report of the minute."""
    vague = _incident("vague", minutes=-600.0, hours=24.0)
    precise = _incident("precise", east_m=300.0)
    score = score_exercise([vague, precise], [_event("t")])
    assert score.location_error_m_median == pytest.approx(300.0, rel=0.01)


def test_thunder_called_an_impact_is_found_and_called_wrong() -> None:
    """Noticing and naming are scored apart."""
    score = score_exercise([_incident("a")], [_event("t", kind="thunder")])
    assert score.matched == 1
    assert score.kind_right == 0.0


def test_damage_seen_the_next_day_is_a_find() -> None:
    """A crater is a trace of the shelling of the day before."""
    crater = _incident("crater", kind=Kind.DAMAGE, minutes=1_200.0)
    assert score_exercise([crater], [_event("t")]).matched == 1


def test_doubtful_incidents_and_alarms_are_not_asked_for() -> None:
    """An incident below one half is not held to have happened."""
    asked = [
        _incident("doubtful", probability=0.4),
        _incident("alarm", kind=Kind.ALARM),
        _incident("troops", kind=Kind.FORCES_PRESENT),
    ]
    score = score_exercise(asked, [_event("t")])
    assert score.incidents == 0
    assert score.precision is None
    assert score_exercise(asked, [_event("t")], probability_from=0.3).matched == 1


def test_recall_is_told_by_kind_and_story() -> None:
    """Two of three are found, and it is said which."""
    events = [
        _event("a"),
        _event("b", east_m=9_000.0),
        _event("c", kind="burst", east_m=20_000.0),
    ]
    incidents = [_incident("a"), _incident("c", kind=Kind.SHOT, east_m=20_000.0)]
    score = score_exercise(incidents, events)
    by_kind = {r.name: (r.found, r.events) for r in score.recall_by_kind}
    assert by_kind == {"explosion.impact": (1, 2), "burst": (1, 1)}
    assert score.recall_by_story[0].found == 2


def test_ellipse_turns_with_its_bearing() -> None:
    """500 m long to the east, 200 m wide to the north."""
    incident = _incident("a")
    assert is_in_ellipse(incident, moved(_HERE, east_m=490.0, north_m=0.0))
    assert not is_in_ellipse(incident, moved(_HERE, east_m=0.0, north_m=250.0))
    assert is_in_ellipse(incident, moved(_HERE, east_m=0.0, north_m=190.0))


def test_nothing_scored_is_no_share() -> None:
    """Without events there is no recall, without incidents no precision."""
    score = score_exercise([], [])
    assert score.recall is None
    assert score.precision is None
    assert score_json(score)["location_error_m_median"] is None


def test_truth_scored_against_itself_is_perfect() -> None:
    """Incidents made of a real exercise's truth find all of it."""
    world = truth(2, 3)
    incidents = [
        Incident(
            id=IncidentId(event.id),
            position=event.position,
            ellipse=Ellipse(semi_major_m=100.0, semi_minor_m=100.0, bearing_deg=0.0),
            interval=event.interval,
            kinds=((Kind(event.kind), 1.0),),
            probability=1.0,
            witnesses=(),
        )
        for event in world
    ]
    score = score_exercise(incidents, world)
    assert score.matched == len(world)
    assert score.location_error_m_median == 0.0
    assert score.ellipse95_coverage == 1.0
