"""Sequences of invented days: every report reconciles, and every question gives its
figure.

A small simulator forms, revises, merges, splits and withdraws incidents from day to day
and keeps its own account of what it did. The evaluator below reads only a figure's
structured question and knows nothing of the room under test.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from truce.compliance.model import Finding, Verdict
from truce.identifiers import (
    AgreementId,
    ClauseId,
    FeedName,
    IncidentId,
    ObservationId,
    StatementIndex,
)
from truce.incidents.model import Change, Ellipse, HistoryEntry, Incident, Witness
from truce.instants import Interval, instant_from_text
from truce.observations.kinds import Kind
from truce.picture.ports import DeliveryLine, RecordKind
from truce.places import Position
from truce.release import Gate, Reader, release_incidents
from truce.reporting import (
    DailyReport,
    Known,
    ReportInput,
    daily_report,
    moments_for,
    reconcile,
)
from truce.reporting.query import query_json

FIRST_DAY = date(2031, 3, 28)
ZONE = "Europe/Kyiv"
KINDS = (Kind.DAMAGE, Kind.SHOT, Kind.EXPLOSION, Kind.FIRE, Kind.HARM)


class Strips:
    """Provinces as strips of longitude, one of them nobody's."""

    def province_at(self, position: Position) -> str | None:
        """One of three strips."""
        return ("Westmark", "Ostmark", None)[int(position.lon_deg * 4) % 3]


@dataclass
class World:
    """What the simulator holds, and its account: (change, incident) of the day."""

    incidents: dict[IncidentId, Incident] = field(default_factory=dict)
    history: list[HistoryEntry] = field(default_factory=list)
    account: dict[IncidentId, str] = field(default_factory=dict)
    deliveries: list[DeliveryLine] = field(default_factory=list)
    made: int = 0

    def form(self, at: datetime, draw: Any) -> IncidentId:
        """A new incident that happened up to three weeks before `at`."""
        self.made += 1
        name = IncidentId(f"inc-{self.made:04d}")
        start = at - timedelta(minutes=draw(st.integers(0, 30_000)))
        kind = draw(st.sampled_from(KINDS))
        self.incidents[name] = Incident(
            id=name,
            position=Position(
                lat_deg=46.0 + draw(st.integers(0, 90)) / 100.0,
                lon_deg=-31.0 + draw(st.integers(0, 90)) / 100.0,
            ),
            ellipse=Ellipse(semi_major_m=900.0, semi_minor_m=300.0, bearing_deg=0.0),
            interval=Interval(
                start=start,
                end=start + timedelta(minutes=draw(st.sampled_from([0, 5, 1440]))),
            ),
            kinds=((kind, 1.0),),
            probability=draw(st.sampled_from([0.1, 0.5, 0.62, 0.8, 0.97])),
            witnesses=(Witness(stated_by=("x",), observations=(ObservationId(name),)),),
        )
        return name

    def note(self, name: IncidentId, change: Change, *others: IncidentId) -> None:
        """One entry of the history."""
        self.history.append(
            HistoryEntry(
                incident=name,
                position=StatementIndex(len(self.history)),
                change=change,
                others=others,
            )
        )

    def live_day(self, at: datetime, draw: Any) -> None:
        """A day of changes; an incident has at most one fate in it."""
        self.history, self.account = [], {}
        old = sorted(self.incidents)
        for _ in range(draw(st.integers(0, 6))):
            name = self.form(at, draw)
            self.note(name, Change.FORMED)
            self.account[name] = "new"
        for name in old:
            self.live_one(name, draw(st.sampled_from("      rmsw")), at, draw)
        read = [draw(st.integers(0, 9)) for _ in range(3)]
        self.deliveries.append(
            DeliveryLine(
                statement=StatementIndex(len(self.deliveries)),
                feed=FeedName(draw(st.sampled_from(["patrols", "stations"]))),
                stated_by="somebody",
                sealed_at=at - timedelta(hours=2),
                size_bytes=1,
                read=sum(read),
                accepted=read[0],
                quarantined=read[1],
                duplicates=read[2],
            )
        )

    def live_one(self, name: IncidentId, fate: str, at: datetime, draw: Any) -> None:
        """Revise, merge, split or withdraw one incident, or leave it."""
        if fate == "r":
            self.incidents[name] = replace(self.incidents[name], probability=0.71)
            self.note(name, Change.REVISED)
        elif fate == "w":
            del self.incidents[name]
            self.note(name, Change.WITHDRAWN)
            self.account[name] = "withdrawn"
        elif fate == "s":
            parts = (self.form(at, draw), self.form(at, draw))
            del self.incidents[name]
            self.note(name, Change.SPLIT, *parts)
            self.account |= {name: "split-up"} | dict.fromkeys(parts, "split-off")
        elif fate == "m" and len(self.incidents) > 1:
            del self.incidents[name]
            other = min(self.incidents)
            self.note(name, Change.MERGED, other)
            self.account[name] = "merged-out"


def at_cut_off(day: date) -> datetime:
    """19:30 in Kyiv, by hand: clocks go forward on 30 March 2031."""
    hour = 17 if day < date(2031, 3, 30) else 16
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


def window_of(at: datetime, number: int) -> Interval | None:
    """Every fourth finding is of no window; the others of some day before the
    cut-off."""
    if number % 4 == 3:
        return None
    start = at - timedelta(days=number % 5 + 1, hours=3)
    return Interval(start=start, end=start + timedelta(days=1))


def known(world: World, reader: Reader, day: date) -> Known:
    """What the simulator's world is at a cut-off."""
    at = at_cut_off(day)
    moments = moments_for(reader, at)
    verdicts = list(Verdict)
    findings = tuple(
        Finding(
            agreement=AgreementId("ferry-truce"),
            clause=ClauseId(str(number % 3)),
            verdict=verdicts[number % 4],
            reason="",
            reason_key="",
            incidents=(name,),
            seen_share=0.4,
            window=window_of(at, number),
        )
        for number, name in enumerate(sorted(world.incidents))
    )
    return Known(
        at=at,
        incidents_known_at=moments.incidents_known_at,
        findings_known_at=moments.findings_known_at,
        incidents=tuple(world.incidents[name] for name in sorted(world.incidents)),
        findings=findings,
        deliveries=tuple(world.deliveries),
    )


@dataclass(frozen=True)
class Day:
    """One report with the data it was made from and the simulator's own account."""

    report: DailyReport
    data: ReportInput
    account: dict[IncidentId, str]


def lived_days(draw: Any, reader: Reader, gate: Gate, count: int) -> list[Day]:
    """Reports of consecutive days of one world."""
    world = World()
    before = known(world, reader, FIRST_DAY)
    days = []
    for number in range(1, count + 1):
        day = FIRST_DAY + timedelta(days=number)
        world.live_day(at_cut_off(day), draw)
        after = known(world, reader, day)
        data = ReportInput(
            record_name="days",
            record_kind=RecordKind.STUDY,
            origin="study.example/days",
            before=before,
            after=after,
            history=tuple(world.history),
        )
        report = daily_report(
            data,
            day=day,
            cut_off=time(19, 30),
            zone=ZONE,
            reader=reader,
            now=after.at,
            gate=gate,
        )
        days.append(Day(report, data, dict(world.account)))
        before = after
    return days


def answer(query: dict[str, Any], day: Day, gate: Gate) -> int:
    """What a structured question gives, counted here and not by the room under test."""
    at, reader = instant_from_text(query["at"]), Reader(query["reader"])
    state = next(k for k in (day.data.before, day.data.after) if k.at == at)
    if query["subject"] == "changes":
        return Counter(day.account.values())[query["change"]]
    if query["subject"] == "rows":
        since, until = (instant_from_text(query[k]) for k in ("since", "until"))
        rows = [d for d in state.deliveries if since < d.sealed_at <= until]
        rows = [d for d in rows if query.get("feed", d.feed) == d.feed]
        if query["outcome"] == "deliveries":
            return len(rows)
        return sum(int(getattr(d, query["outcome"])) for d in rows)
    if query["subject"] == "findings":
        return sum(
            1
            for f in state.findings
            if query.get("clause", f.clause) == f.clause
            and (
                f.window is None
                or "since" not in query
                or (
                    query["since"] <= text(f.window.end)
                    and text(f.window.start) <= query["until"]
                )
            )
            and query.get("verdict", f.verdict.value) == f.verdict.value
        )
    count = 0
    for one in release_incidents(state.incidents, reader, at, gate=gate):
        band = ("unlikely", "possible", "likely")[
            (one.probability >= 0.5) + (one.probability >= 0.8)
        ]
        count += (
            query.get("kind", one.kind.value) == one.kind.value
            and query.get("province", one.province or "") == (one.province or "")
            and query.get("band", band) == band
            and ("since" not in query or query["since"] <= text(one.interval.end))
            and ("until" not in query or text(one.interval.start) <= query["until"])
        )
    return count


def text(moment: datetime) -> str:
    """A moment as the questions write it; such texts of whole seconds sort like
    times."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@given(st.data(), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_days_of_the_mechanism_reconcile(data: st.DataObject, count: int) -> None:
    """Merges, splits and withdrawals: each day explains itself and follows the last."""
    gate = Gate(provinces=Strips())
    previous = None
    for day in lived_days(data.draw, Reader.MECHANISM, gate, count):
        assert reconcile(day.report, previous) == ()
        for figure in day.report.figures:
            asked = query_json(figure.query)
            assert answer(asked, day, gate) == figure.value, figure.key
        named = {
            d.reference: line.change.value
            for line in day.report.ledger.lines
            for d in line.differences
        }
        assert named == day.account
        previous = day.report


@given(
    st.data(),
    st.sampled_from([Reader.CELL, Reader.PARTIES, Reader.PUBLIC]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_days_of_other_readers_reconcile(
    data: st.DataObject, reader: Reader, has_key: bool
) -> None:
    """Delays end and incidents merge unseen: still each opening is the last closing."""
    gate = Gate(provinces=Strips(), naming_key=b"k" * 32 if has_key else b"")
    previous = None
    for day in lived_days(data.draw, reader, gate, 3):
        assert reconcile(day.report, previous) == ()
        assert not any(name in repr(day.report) for name in day.account)
        for figure in day.report.figures:
            asked = query_json(figure.query)
            # The changes others are told of are those of what is shown, which the
            # simulator keeps no account of; reconcile sums them.
            if asked["subject"] == "incidents":
                assert answer(asked, day, gate) == figure.value, figure.key
        previous = day.report


@given(st.data(), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_one_wrong_figure_is_always_found(data: st.DataObject, place: int) -> None:
    """Turn any one figure of a table by one: the disagreement names its key or
    table."""
    gate = Gate(provinces=Strips())
    report = lived_days(data.draw, Reader.MECHANISM, gate, 1)[0].report
    table_index = place % len(report.tables)
    table = report.tables[table_index]
    column = place % len(table.columns)
    wrong = table.total.figures[column]
    figures = tuple(
        replace(f, value=f.value + 1) if f is wrong else f for f in table.total.figures
    )
    tables = list(report.tables)
    tables[table_index] = replace(table, total=replace(table.total, figures=figures))
    faults = reconcile(replace(report, tables=tuple(tables)))
    assert len(faults) == 2
    assert faults[0].startswith(f"figure {wrong.key} is {wrong.value + 1}")
    assert f"table {table.key}" in faults[1]
