"""The exercise's agreement on the exercise's own land."""

from datetime import timedelta

import pytest
from tests.scenarios.examples import AGREEMENTS

from truce.agreement.load import load_agreement
from truce.agreement.model import Agreement
from truce.agreement.plane import plane_area
from truce.compliance.assess import assess
from truce.compliance.model import Finding, IncidentFact, Verdict
from truce.exercise.land import PARTIES, STARTS_AT, base_map
from truce.identifiers import IncidentId
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position, moved


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    """The shipped agreement with the geography of the exercise's map."""
    path = AGREEMENTS / "exercise" / "agreement.yaml"
    return load_agreement(
        path.read_bytes(), file=path.name, files={"world.geojson": base_map()}
    )


def _spot(agreement: Agreement, name: str) -> Position:
    """Somewhere in a named area, away from its edge."""
    (area,) = [one for one in agreement.areas if one.name == name]
    flat = plane_area(area.shape)
    spot = flat.geometry.representative_point()
    return moved(flat.centre, east_m=spot.x, north_m=spot.y)


def _breaches(
    agreement: Agreement, where: Position, *, hour: float, kind: Kind
) -> list[str]:
    """The clauses that one certain incident at an hour of the second day breaches."""
    at = STARTS_AT + timedelta(hours=24 + hour)
    incident = IncidentFact(
        incident=IncidentId("one"),
        position=where,
        sigma_m=50.0,
        interval=Interval(start=at, end=at),
        kinds=((kind, 1.0),),
        probability=1.0,
        witness_count=3,
    )
    findings = assess(agreement, [incident], [], as_of=STARTS_AT + timedelta(days=3))
    return [_day_of(f) for f in findings if f.verdict is Verdict.BREACHED]


def _day_of(finding: Finding) -> str:
    assert finding.day is not None
    return f"{finding.clause} on {finding.day.isoformat()}"


def test_the_agreement_is_that_of_the_invented_states(agreement: Agreement) -> None:
    """Names and beginning must be those of the world that is simulated."""
    assert tuple(party.name for party in agreement.parties) == PARTIES
    assert agreement.in_force.start == STARTS_AT


@pytest.mark.parametrize(
    ("area", "kind", "hour", "breached"),
    [
        ("security-zone", Kind.EXPLOSION_IMPACT, 18.0, ["C1 on 2031-05-05"]),
        ("security-zone", Kind.WEAPON_PRESENT, 18.0, ["C3 on 2031-05-05"]),
        ("protected-sites", Kind.DAMAGE, 3.0, ["C2 on 2031-05-05"]),
        (
            "local-ceasefire",
            Kind.SHOT,
            10.0,
            ["C1 on 2031-05-05", "C4 on 2031-05-05"],
        ),
        ("local-ceasefire", Kind.SHOT, 15.0, ["C1 on 2031-05-05"]),
        ("elsewhere", Kind.BURST, 0.0, ["C5 on 2031-05-05"]),
        ("elsewhere", Kind.ALARM, 0.0, []),
        ("elsewhere", Kind.WEAPON_PRESENT, 0.0, []),
    ],
)
def test_one_incident_breaches_the_clauses_of_its_place_kind_and_hour(
    agreement: Agreement, area: str, kind: Kind, hour: float, breached: list[str]
) -> None:
    """One thing happens somewhere on the second day: these clauses and no others."""
    assert (
        _breaches(agreement, _spot(agreement, area), hour=hour, kind=kind) == breached
    )


def test_every_clause_has_a_finding_for_every_day(agreement: Agreement) -> None:
    """Noon of the third day: two days are over, the third is pending for all five."""
    findings = assess(agreement, [], [], as_of=STARTS_AT + timedelta(hours=60))

    assert len(findings) == len(agreement.clauses) * 3
    assert len({finding.id for finding in findings}) == len(findings)
    assert sum(f.verdict is Verdict.PENDING for f in findings) == 5
