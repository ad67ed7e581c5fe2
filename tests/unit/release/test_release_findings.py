"""Findings as readers are given them: neither words nor absence give an incident
away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from truce.compliance.model import Finding, Verdict
from truce.identifiers import AgreementId, ClauseId, IncidentId, ObservationId
from truce.incidents.model import Ellipse, Incident, Witness
from truce.instants import Interval
from truce.observations.kinds import Kind
from truce.places import Position
from truce.release import (
    Gate,
    Reader,
    ReleasedFinding,
    VisibilityLevel,
    Withheld,
    finding_cut_for,
    release_finding,
    release_findings,
)

AT = datetime(2031, 5, 7, 12, 20, tzinfo=UTC)
LATER = AT + timedelta(days=40)
SHOT = Incident(
    id=IncidentId("inc-1"),
    position=Position(lat_deg=48.0, lon_deg=-31.0),
    ellipse=Ellipse(semi_major_m=400.0, semi_minor_m=150.0, bearing_deg=20.0),
    interval=Interval(start=AT, end=AT),
    kinds=((Kind.EXPLOSION_OUTGOING, 1.0),),
    probability=0.9,
    witnesses=(Witness(stated_by=("x",), observations=(ObservationId("o-1"),)),),
)
KNOWN = {SHOT.id: SHOT}
BREACH = Finding(
    agreement=AgreementId("ferry-truce"),
    clause=ClauseId("4.2"),
    verdict=Verdict.BREACHED,
    reason="Two howitzers stood 11.2 km from the line at 12:20.",
    reason_key="compliance.too_near",
    reason_values=(("distance_km", "11.2"),),
    incidents=(SHOT.id,),
    since=AT,
    seen_share=0.37,
)
GATE = Gate(naming_key=b"k" * 32)


def _release(
    finding: Finding, reader: Reader, now: datetime, *, is_served: bool = False
) -> ReleasedFinding | Withheld:
    return release_finding(
        finding,
        reader,
        now,
        known_at=finding_cut_for(reader, now),
        incidents=KNOWN,
        gate=GATE,
        is_served=is_served,
    )


def test_mechanism_is_given_the_reason() -> None:
    """The mechanism reads the finding's own sentence and the incidents' ids."""
    released = _release(BREACH, Reader.MECHANISM, AT)
    assert isinstance(released, ReleasedFinding)
    assert released.reason == BREACH.reason
    assert released.incidents == ("inc-1",)
    assert released.seen_share == 0.37


def test_the_reason_of_others_names_no_place_and_no_time() -> None:
    """A sentence about howitzers at 12:20 would undo the coarse cell beside it."""
    for reader in (Reader.CELL, Reader.PUBLIC):
        released = _release(BREACH, reader, LATER)
        assert isinstance(released, ReleasedFinding)
        text = repr(released)
        assert "11.2" not in text
        assert "inc-1" not in text
        assert released.since is not None
        assert released.since.minute == 0
        assert released.seen_share is None
        assert released.level is VisibilityLevel.PARTLY_SEEN
        assert len(released.incidents) == 1


def test_every_verdict_waits_alike() -> None:
    """If only breaches were held back, a missing line would announce one."""
    kept = replace(BREACH, verdict=Verdict.MET, incidents=(), since=None)
    for finding in (BREACH, kept):
        early = release_finding(
            finding,
            Reader.PUBLIC,
            LATER,
            known_at=LATER - timedelta(days=14),
            incidents=KNOWN,
            gate=GATE,
        )
        assert isinstance(early, Withheld)
        assert isinstance(_release(finding, Reader.PUBLIC, LATER), ReleasedFinding)


def test_cut_is_fourteen_days_back_at_the_start_of_a_week() -> None:
    """The public's findings are those that were known two weeks before this Monday."""
    cut = finding_cut_for(Reader.PUBLIC, AT)
    assert cut == datetime(2031, 4, 21, tzinfo=UTC)
    assert cut.isoweekday() == 1
    assert finding_cut_for(Reader.CELL, AT) == datetime(2031, 5, 7, 11, tzinfo=UTC)
    assert finding_cut_for(Reader.MECHANISM, AT) == AT


def test_parties_read_what_was_served() -> None:
    """A finding nobody served is not the parties' to read; a served one is."""
    assert isinstance(_release(BREACH, Reader.PARTIES, LATER), Withheld)
    served = _release(BREACH, Reader.PARTIES, LATER, is_served=True)
    assert isinstance(served, ReleasedFinding)


def test_a_finding_does_not_come_and_go_with_its_incidents() -> None:
    """Known before the cut but dated to this very hour: its reference waits, the line
    stays."""
    soon = AT + timedelta(minutes=30)
    early = _release(BREACH, Reader.CELL, soon)
    unknown = _release(replace(BREACH, incidents=(IncidentId("x"),)), Reader.CELL, soon)
    late = _release(BREACH, Reader.CELL, LATER)
    assert isinstance(early, ReleasedFinding)
    assert isinstance(late, ReleasedFinding)
    assert early == unknown
    assert (early.incidents, len(late.incidents)) == ((), 1)


def test_the_day_of_a_finding_is_told_as_its_week() -> None:
    """Seven findings of one week come in an order that does not follow the days."""
    week = [
        replace(
            BREACH,
            day=date(2031, 5, 5 + number),
            window=Interval(
                start=datetime(2031, 5, 5 + number, tzinfo=UTC),
                end=datetime(2031, 5, 6 + number, tzinfo=UTC),
            ),
            since=None,
            incidents=(),
            seen_share=number / 7,
        )
        for number in range(7)
    ]
    orders = [
        release_findings(
            findings,
            Reader.PUBLIC,
            LATER,
            known_at=finding_cut_for(Reader.PUBLIC, LATER),
            incidents={},
            gate=GATE,
        )
        for findings in (week, week[::-1])
    ]
    assert len(orders[0]) == 7
    assert orders[0] == orders[1]
    assert {one.day for one in orders[0]} == {None}
    windows = {one.window for one in orders[0]}
    monday = datetime(2031, 5, 5, tzinfo=UTC)
    assert windows == {Interval(start=monday, end=monday + timedelta(weeks=1))}


def test_served_findings_among_many() -> None:
    """Of two clauses the parties read the one that was served on them."""
    other = replace(BREACH, clause=ClauseId("9"))
    released = release_findings(
        (BREACH, other),
        Reader.PARTIES,
        LATER,
        known_at=finding_cut_for(Reader.PARTIES, LATER),
        incidents=KNOWN,
        gate=GATE,
        served=frozenset({(other.agreement, other.clause)}),
    )
    assert [one.clause for one in released] == ["9"]
